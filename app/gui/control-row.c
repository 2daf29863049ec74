/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/control-row.h"

#include "app/gui/widget.h"
#include "core/json.h"

#define HANDS_OFF_US (2 * G_USEC_PER_SEC) /* after the person changed it, before it follows the camera again */
#define WIDEST_SCALE 1e6                  /* a wider range is typed, not slid */
#define MOST_BITS 32

struct _AssayControlRow
{
  GtkWidget parent_instance;
  char *id, *type;
  gint64 low, step;
  gboolean updating; /* nobody changed it */
  gint64 changed_us;

  GtkWidget *box, *label;
  GtkWidget *widget;         /* slider's box, switch, drop-down, button, entry, flow box */
  GtkAdjustment *adjustment; /* numbers; borrowed from the slider or the spin button */
  GPtrArray *indices;        /* menus: of json_t *, the item's index; menus have holes */
  GPtrArray *bits;           /* bitmasks: of GtkCheckButton */
};

static guint signal_set;

G_DEFINE_FINAL_TYPE (AssayControlRow, assay_control_row, GTK_TYPE_WIDGET)

static gboolean
is_type (const AssayControlRow *row, const char *type)
{
  return g_strcmp0 (row->type, type) == 0;
}

static gboolean
has_flag (const json_t *control, const char *flag)
{
  size_t i;
  json_t *each;
  json_array_foreach (json_object_get (control, "flags"), i, each)
  {
    if (g_strcmp0 (json_string_value (each), flag) == 0)
      return TRUE;
  }
  return FALSE;
}

static void
tell (AssayControlRow *row, json_t *take_value)
{
  g_autoptr (json_t) value = take_value;
  if (row->updating || value == NULL)
    return;
  row->changed_us = g_get_monotonic_time ();
  g_signal_emit (row, signal_set, 0, row->id, value);
}

/* What the person does */

static void
on_number (AssayControlRow *row)
{
  tell (row, json_integer ((json_int_t) gtk_adjustment_get_value (row->adjustment)));
}

static void
on_switch (AssayControlRow *row)
{
  tell (row, json_boolean (gtk_switch_get_active (GTK_SWITCH (row->widget))));
}

static void
on_item (AssayControlRow *row)
{
  guint at = gtk_drop_down_get_selected (GTK_DROP_DOWN (row->widget));
  if (at < row->indices->len)
    tell (row, json_incref (row->indices->pdata[at]));
}

static void
on_button (AssayControlRow *row)
{
  tell (row, json_true ());
}

static void
on_bit (AssayControlRow *row)
{
  json_int_t mask = 0;
  for (guint i = 0; i < row->bits->len; i++)
    {
      GtkCheckButton *bit = row->bits->pdata[i];
      guint number = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (bit), "bit"));
      mask |= gtk_check_button_get_active (bit) ? (json_int_t) 1 << number : 0;
    }
  tell (row, json_integer (mask));
}

/* "1, 2, 3" -> [1, 2, 3]; NULL when a word is no number. */
static json_t *
parse_numbers (const char *text)
{
  g_auto (GStrv) words = g_strsplit_set (text, ", ;", -1);
  g_autoptr (json_t) list = json_array ();
  for (guint i = 0; words[i] != NULL; i++)
    {
      char *end;
      if (*words[i] == '\0')
        continue;
      gint64 value = g_ascii_strtoll (words[i], &end, 0);
      if (*end != '\0')
        return NULL;
      json_array_append_new (list, json_integer (value));
    }
  return g_steal_pointer (&list);
}

static void
on_text (AssayControlRow *row)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (row->widget));
  if (is_type (row, "string"))
    {
      tell (row, json_string (text));
      return;
    }
  g_autoptr (json_t) numbers = parse_numbers (text);
  gboolean single = is_type (row, "integer") || is_type (row, "integer64");
  gboolean good = numbers != NULL && json_array_size (numbers) > 0;
  if (good)
    gtk_widget_remove_css_class (row->widget, "error");
  else
    gtk_widget_add_css_class (row->widget, "error");
  if (good)
    tell (row, json_incref (single ? json_array_get (numbers, 0) : numbers));
}

/* What it looks like */

static void
set_box_name (GtkWidget *widget, const char *name)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
make_number (AssayControlRow *row, const char *name, gint64 high)
{
  GtkWidget *spin = gtk_spin_button_new_with_range ((double) row->low, (double) high, (double) row->step);
  row->adjustment = gtk_spin_button_get_adjustment (GTK_SPIN_BUTTON (spin));
  row->widget = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_editable_set_width_chars (GTK_EDITABLE (spin), 5);
  gtk_editable_set_max_width_chars (GTK_EDITABLE (spin), 5);
  set_box_name (spin, name);
  if ((double) high - (double) row->low <= WIDEST_SCALE)
    {
      GtkWidget *scale = gtk_scale_new (GTK_ORIENTATION_HORIZONTAL, row->adjustment);
      gtk_widget_set_hexpand (scale, TRUE);
      set_box_name (scale, name);
      gtk_box_append (GTK_BOX (row->widget), scale);
    }
  else
    gtk_widget_set_hexpand (spin, TRUE);
  gtk_box_append (GTK_BOX (row->widget), spin);
  g_signal_connect_object (row->adjustment, "value-changed", G_CALLBACK (on_number), row, G_CONNECT_SWAPPED);
}

static void
make_menu (AssayControlRow *row, const json_t *control)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  row->indices = g_ptr_array_new_with_free_func ((GDestroyNotify) json_decref);
  size_t i;
  json_t *item;
  json_array_foreach (json_object_get (control, "menu"), i, item)
  {
    const char *name = assay_json_get_string (item, "name");
    gint64 value = 0;
    assay_json_get_int (item, "value", &value);
    g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, value);
    gtk_string_list_append (names, name != NULL ? name : number);
    g_ptr_array_add (row->indices, json_incref (json_object_get (item, "index")));
  }
  row->widget = gtk_drop_down_new (G_LIST_MODEL (g_steal_pointer (&names)), NULL);
  g_signal_connect_object (row->widget, "notify::selected", G_CALLBACK (on_item), row, G_CONNECT_SWAPPED);
}

static void
make_bits (AssayControlRow *row, const char *name, gint64 mask)
{
  row->bits = g_ptr_array_new ();
  row->widget = gtk_flow_box_new ();
  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (row->widget), GTK_SELECTION_NONE);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (row->widget), 8);
  for (guint i = 0; i < MOST_BITS; i++)
    {
      if (!((guint64) mask >> i & 1))
        continue;
      g_autofree char *number = g_strdup_printf ("%u", i), *words = g_strdup_printf ("%s, bit %u", name, i);
      GtkWidget *bit = gtk_check_button_new_with_label (number);
      g_object_set_data (G_OBJECT (bit), "bit", GUINT_TO_POINTER (i));
      set_box_name (bit, words);
      gtk_flow_box_append (GTK_FLOW_BOX (row->widget), bit);
      g_ptr_array_add (row->bits, bit);
      g_signal_connect_object (bit, "toggled", G_CALLBACK (on_bit), row, G_CONNECT_SWAPPED);
    }
}

static void
make_widget (AssayControlRow *row, const json_t *control, const char *name)
{
  gint64 high = 0;
  assay_json_get_int (control, "max", &high);
  if (is_type (row, "boolean"))
    {
      row->widget = gtk_switch_new ();
      assay_widget_switch_by_space (GTK_SWITCH (row->widget));
      gtk_widget_set_halign (row->widget, GTK_ALIGN_END);
      g_signal_connect_object (row->widget, "notify::active", G_CALLBACK (on_switch), row, G_CONNECT_SWAPPED);
    }
  else if (is_type (row, "menu") || is_type (row, "integer_menu"))
    make_menu (row, control);
  else if (is_type (row, "button"))
    {
      row->widget = gtk_button_new_with_label (name);
      g_signal_connect_object (row->widget, "clicked", G_CALLBACK (on_button), row, G_CONNECT_SWAPPED);
    }
  else if (is_type (row, "bitmask"))
    make_bits (row, name, high);
  else if ((is_type (row, "integer") || is_type (row, "integer64")) && json_object_get (control, "dims") == NULL
           && high > row->low && (double) high - (double) row->low < 9e15)
    make_number (row, name, high);
  else
    {
      row->widget = gtk_entry_new ();
      gtk_widget_set_tooltip_text (row->widget, "Enter sets it");
      g_signal_connect_object (row->widget, "activate", G_CALLBACK (on_text), row, G_CONNECT_SWAPPED);
    }
  set_box_name (row->widget, name);
}

/* What it is now */

static void
show_item (AssayControlRow *row, const json_t *value)
{
  guint at = GTK_INVALID_LIST_POSITION;
  for (guint i = 0; i < row->indices->len; i++)
    if (json_equal (row->indices->pdata[i], value))
      at = i;
  if (at != gtk_drop_down_get_selected (GTK_DROP_DOWN (row->widget)))
    gtk_drop_down_set_selected (GTK_DROP_DOWN (row->widget), at);
}

static void
show_bits (AssayControlRow *row, gint64 mask)
{
  for (guint i = 0; i < row->bits->len; i++)
    {
      guint number = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (row->bits->pdata[i]), "bit"));
      gtk_check_button_set_active (row->bits->pdata[i], (guint64) mask >> number & 1);
    }
}

static void
show_text (AssayControlRow *row, const json_t *value)
{
  g_autoptr (GString) text = g_string_new (json_is_string (value) ? json_string_value (value) : "");
  size_t i;
  json_t *each;
  json_array_foreach (value, i, each)
      g_string_append_printf (text, i > 0 ? ", %" JSON_INTEGER_FORMAT : "%" JSON_INTEGER_FORMAT,
                              json_integer_value (each));
  if (json_is_integer (value))
    g_string_append_printf (text, "%" JSON_INTEGER_FORMAT, json_integer_value (value));
  if (!g_str_equal (text->str, gtk_editable_get_text (GTK_EDITABLE (row->widget))))
    gtk_editable_set_text (GTK_EDITABLE (row->widget), text->str);
}

static void
show_value (AssayControlRow *row, const json_t *value)
{
  row->updating = TRUE;
  if (row->adjustment != NULL)
    gtk_adjustment_set_value (row->adjustment, (double) json_integer_value (value));
  else if (row->indices != NULL)
    show_item (row, value);
  else if (row->bits != NULL)
    show_bits (row, json_integer_value (value));
  else if (GTK_IS_SWITCH (row->widget))
    gtk_switch_set_active (GTK_SWITCH (row->widget), json_is_true (value));
  else if (GTK_IS_EDITABLE (row->widget))
    show_text (row, value);
  row->updating = FALSE;
}

static gboolean
is_in_hand (AssayControlRow *row)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (row));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  gboolean typing = focus != NULL && GTK_IS_TEXT (focus) && gtk_widget_is_ancestor (focus, GTK_WIDGET (row));
  return typing || (row->changed_us != 0 && g_get_monotonic_time () - row->changed_us < HANDS_OFF_US);
}

void
assay_control_row_update (AssayControlRow *row, const json_t *control)
{
  gboolean inactive = has_flag (control, "inactive"), read_only = has_flag (control, "read_only"),
           grabbed = has_flag (control, "grabbed");
  const json_t *value = json_object_get (control, "value");
  gtk_widget_set_sensitive (row->widget, !inactive && !read_only && !grabbed && !is_type (row, "compound"));
  gtk_widget_set_tooltip_text (GTK_WIDGET (row), inactive    ? "An automatic mode has it"
                                                 : read_only ? "It can only be read"
                                                 : grabbed   ? "It cannot be changed while the camera streams"
                                                             : NULL);
  if (value != NULL && !json_is_null (value) && !is_in_hand (row))
    show_value (row, value);
}

const char *
assay_control_row_get_id (AssayControlRow *row)
{
  return row->id;
}

static gboolean
fits_beside (const AssayControlRow *row)
{
  return is_type (row, "boolean");
}

GtkWidget *
assay_control_row_new (const json_t *control)
{
  AssayControlRow *row = g_object_new (ASSAY_TYPE_CONTROL_ROW, NULL);
  const char *name = assay_json_get_string (control, "name");
  row->id = g_strdup (assay_json_get_string (control, "id"));
  row->type = g_strdup (assay_json_get_string (control, "type"));
  name = name != NULL ? name : row->id;
  row->step = 1;
  assay_json_get_int (control, "min", &row->low);
  assay_json_get_int (control, "step", &row->step);
  row->step = MAX (row->step, 1);
  make_widget (row, control, name);
  row->box = gtk_box_new (fits_beside (row) ? GTK_ORIENTATION_HORIZONTAL : GTK_ORIENTATION_VERTICAL, 0);
  if (!is_type (row, "button"))
    {
      row->label = gtk_label_new (name);
      gtk_label_set_xalign (GTK_LABEL (row->label), 0);
      gtk_label_set_ellipsize (GTK_LABEL (row->label), PANGO_ELLIPSIZE_END);
      gtk_widget_set_hexpand (row->label, TRUE);
      gtk_widget_add_css_class (row->label, "caption");
      gtk_box_append (GTK_BOX (row->box), row->label);
    }
  gtk_box_append (GTK_BOX (row->box), row->widget);
  gtk_widget_set_parent (row->box, GTK_WIDGET (row));
  gtk_widget_add_css_class (GTK_WIDGET (row), "control-row");
  assay_control_row_update (row, control);
  return GTK_WIDGET (row);
}

static void
assay_control_row_dispose (GObject *object)
{
  AssayControlRow *row = ASSAY_CONTROL_ROW (object);
  row->updating = TRUE;
  g_clear_pointer (&row->box, gtk_widget_unparent);
  G_OBJECT_CLASS (assay_control_row_parent_class)->dispose (object);
}

static void
assay_control_row_finalize (GObject *object)
{
  AssayControlRow *row = ASSAY_CONTROL_ROW (object);
  g_clear_pointer (&row->indices, g_ptr_array_unref);
  g_clear_pointer (&row->bits, g_ptr_array_unref);
  g_free (row->id);
  g_free (row->type);
  G_OBJECT_CLASS (assay_control_row_parent_class)->finalize (object);
}

static void
assay_control_row_class_init (AssayControlRowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = assay_control_row_dispose;
  G_OBJECT_CLASS (class)->finalize = assay_control_row_finalize;
  signal_set = g_signal_new ("set", ASSAY_TYPE_CONTROL_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                             G_TYPE_STRING, G_TYPE_POINTER);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
assay_control_row_init (AssayControlRow *row)
{
}
