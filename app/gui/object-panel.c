/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/object-panel.h"

#include "core/attribute.h"

#include <adwaita.h>

#define WIDTH_PX 200 /* less than the panel that it stands in */

/* One row: what is asked, and the widget that answers. */
typedef struct
{
  char *name;
  AssayAttributeType type;
  GPtrArray *choices; /* of char *: "" = not said */
  GtkWidget *field;
} Row;

struct _AssayObjectPanel
{
  GtkWidget parent_instance;
  GtkGrid *grid;
  GPtrArray *rows;                    /* of Row */
  AssayId object, class_id, revision; /* what the rows were made for */
  gboolean updating;
};

G_DEFINE_FINAL_TYPE (AssayObjectPanel, assay_object_panel, GTK_TYPE_WIDGET)

static guint said_signal;

static void
row_free (gpointer data)
{
  Row *row = data;
  g_free (row->name);
  g_ptr_array_unref (row->choices);
  g_free (row);
}

static Row *
find_row (AssayObjectPanel *self, gpointer field)
{
  for (guint i = 0; i < self->rows->len; i++)
    if (((Row *) self->rows->pdata[i])->field == field)
      return self->rows->pdata[i];
  return NULL;
}

static void
say (AssayObjectPanel *self, const char *name, json_t *take_value)
{
  AssayId object = self->object;
  g_signal_emit (self, said_signal, 0, &object, name, take_value);
  json_decref (take_value);
}

static void
on_chosen (GtkDropDown *field, GParamSpec *spec, AssayObjectPanel *self)
{
  const Row *row = find_row (self, field);
  guint at = gtk_drop_down_get_selected (field);
  if (self->updating || row == NULL || at >= row->choices->len)
    return;
  if (at == 0)
    say (self, row->name, NULL);
  else
    say (self, row->name,
         row->type == ASSAY_ATTRIBUTE_BOOL ? json_boolean (at == 1) : json_string (row->choices->pdata[at]));
}

/* FALSE: these are no words of this type, which the field shows. */
static gboolean
read_words (const Row *row, const char *text, json_t **ret_value)
{
  char *end = NULL;
  *ret_value = NULL;
  if (*text == '\0')
    return TRUE;
  if (row->type != ASSAY_ATTRIBUTE_NUMBER)
    {
      *ret_value = json_string (text);
      return *ret_value != NULL;
    }
  double number = g_ascii_strtod (text, &end);
  if (end == text || *end != '\0')
    return FALSE;
  *ret_value = number == (double) (gint64) number ? json_integer ((gint64) number) : json_real (number);
  return *ret_value != NULL;
}

static void
take_words (AssayObjectPanel *self, GtkWidget *field)
{
  const Row *row = find_row (self, field);
  json_t *value = NULL;
  if (self->updating || row == NULL)
    return;
  g_autofree char *text = g_strdup (gtk_editable_get_text (GTK_EDITABLE (field)));
  g_strstrip (text);
  if (read_words (row, text, &value))
    {
      gtk_widget_remove_css_class (field, "error");
      say (self, row->name, value);
    }
  else
    gtk_widget_add_css_class (field, "error");
}

static void
on_entered (GtkEntry *field, AssayObjectPanel *self)
{
  take_words (self, GTK_WIDGET (field));
}

static void
on_left (GtkEventControllerFocus *controller, AssayObjectPanel *self)
{
  take_words (self, gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (controller)));
}

static GtkWidget *
entry_new (AssayObjectPanel *self)
{
  GtkWidget *entry = gtk_entry_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();
  gtk_editable_set_width_chars (GTK_EDITABLE (entry), 8);
  gtk_editable_set_max_width_chars (GTK_EDITABLE (entry), 8);
  g_signal_connect (entry, "activate", G_CALLBACK (on_entered), self);
  g_signal_connect (focus, "leave", G_CALLBACK (on_left), self);
  gtk_widget_add_controller (entry, focus);
  return entry;
}

static GtkWidget *
drop_down_new (AssayObjectPanel *self, const Row *row)
{
  GtkStringList *list = gtk_string_list_new (NULL);
  for (guint i = 0; i < row->choices->len; i++)
    gtk_string_list_append (list, i == 0 ? "–" : row->choices->pdata[i]);
  GtkWidget *field = gtk_drop_down_new (G_LIST_MODEL (list), NULL);
  g_signal_connect (field, "notify::selected", G_CALLBACK (on_chosen), self);
  return field;
}

static void
add_row (AssayObjectPanel *self, const char *name, AssayAttributeType type, const json_t *choices)
{
  Row *row = g_new0 (Row, 1);
  *row = (Row){ g_strdup (name), type, g_ptr_array_new_with_free_func (g_free), NULL };
  g_ptr_array_add (row->choices, g_strdup (""));
  for (gsize i = 0; i < json_array_size (choices); i++)
    g_ptr_array_add (row->choices, g_strdup (json_string_value (json_array_get (choices, i))));
  if (type == ASSAY_ATTRIBUTE_BOOL)
    {
      g_ptr_array_add (row->choices, g_strdup ("yes"));
      g_ptr_array_add (row->choices, g_strdup ("no"));
    }
  row->field = row->choices->len > 1 ? drop_down_new (self, row) : entry_new (self);
  GtkWidget *label = gtk_label_new (name);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 9);
  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_set_hexpand (row->field, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row->field), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_grid_attach (self->grid, label, 0, (int) self->rows->len, 1, 1);
  gtk_grid_attach (self->grid, row->field, 1, (int) self->rows->len, 1, 1);
  g_ptr_array_add (self->rows, row);
}

static GtkWidget *
get_focus (AssayObjectPanel *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  return root != NULL ? gtk_root_get_focus (root) : NULL;
}

static gboolean
is_typed_in (const Row *row, GtkWidget *focus)
{
  return focus != NULL && GTK_IS_ENTRY (row->field) && gtk_widget_is_ancestor (focus, row->field);
}

void
assay_object_panel_flush (AssayObjectPanel *self)
{
  GtkWidget *focus = get_focus (self), *field = NULL;
  for (guint i = 0; i < self->rows->len; i++)
    if (is_typed_in (self->rows->pdata[i], focus))
      field = ((const Row *) self->rows->pdata[i])->field;
  if (field != NULL && !assay_id_is_nil (&self->object))
    take_words (self, field);
}

static void
make_rows (AssayObjectPanel *self, const AssayScene *scene, const AssayObject *object)
{
  g_autoptr (GArray) attributes = assay_task_list_attributes (scene->task, &object->class_id);
  for (GtkWidget *child; (child = gtk_widget_get_first_child (GTK_WIDGET (self->grid))) != NULL;)
    gtk_grid_remove (self->grid, child);
  g_ptr_array_set_size (self->rows, 0);
  for (guint i = 0; i < attributes->len; i++)
    {
      const AssayAttribute *attribute = &g_array_index (attributes, AssayAttribute, i);
      add_row (self, attribute->name, attribute->type, attribute->choices);
    }
  add_row (self, ASSAY_ATTRIBUTE_COMMENT, ASSAY_ATTRIBUTE_TEXT, NULL);
  self->class_id = object->class_id;
  self->revision = scene->task->revision;
}

static void
show_value (const Row *row, const json_t *value)
{
  if (row->choices->len > 1)
    {
      guint at = 0;
      const char *word
          = json_is_boolean (value) ? (json_is_true (value) ? "yes" : "no") : json_string_value (value);
      for (guint i = 1; word != NULL && i < row->choices->len; i++)
        if (g_str_equal (row->choices->pdata[i], word))
          at = i;
      gtk_drop_down_set_selected (GTK_DROP_DOWN (row->field), at);
      return;
    }
  char number[G_ASCII_DTOSTR_BUF_SIZE] = "";
  if (json_is_number (value))
    g_ascii_formatd (number, sizeof number, "%.15g", json_number_value (value));
  const char *text = json_is_string (value) ? json_string_value (value) : number;
  if (!g_str_equal (gtk_editable_get_text (GTK_EDITABLE (row->field)), text))
    gtk_editable_set_text (GTK_EDITABLE (row->field), text);
  gtk_widget_remove_css_class (row->field, "error");
}

static gboolean
has_other_rows (AssayObjectPanel *self, const AssayScene *scene, const AssayObject *object)
{
  return self->rows->len == 0 || !assay_id_equal (&self->class_id, &object->class_id)
         || !assay_id_equal (&self->revision, &scene->task->revision);
}

void
assay_object_panel_update (AssayObjectPanel *self, const AssayScene *scene)
{
  const AssayObject *object = scene != NULL ? assay_scene_get_selected (scene) : NULL;
  gboolean one = object != NULL && g_hash_table_size ((GHashTable *) scene->also) == 0;
  AssayId id = one ? object->id : ASSAY_ID_NIL;
  gboolean other = !assay_id_equal (&self->object, &id);
  if (other || (one && has_other_rows (self, scene, object)))
    {
      /* The words that are being typed belong to what was shown before. What they do may call this once more. */
      assay_object_panel_flush (self);
      self->object = id;
      object = one ? assay_objects_find (scene->objects, &id) : NULL;
    }
  gtk_widget_set_visible (GTK_WIDGET (self), object != NULL);
  if (object == NULL)
    return;
  self->updating = TRUE;
  if (has_other_rows (self, scene, object))
    make_rows (self, scene, object);
  for (guint i = 0; i < self->rows->len; i++)
    {
      const Row *row = self->rows->pdata[i];
      if (other || !is_typed_in (row, get_focus (self)))
        show_value (row, json_object_get (object->attributes, row->name));
    }
  self->updating = FALSE;
}

static void
assay_object_panel_dispose (GObject *object)
{
  AssayObjectPanel *self = ASSAY_OBJECT_PANEL (object);
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self));
  self->updating = TRUE;
  if (child != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (assay_object_panel_parent_class)->dispose (object);
}

static void
assay_object_panel_finalize (GObject *object)
{
  g_ptr_array_unref (ASSAY_OBJECT_PANEL (object)->rows);
  G_OBJECT_CLASS (assay_object_panel_parent_class)->finalize (object);
}

static void
assay_object_panel_class_init (AssayObjectPanelClass *class)
{
  G_OBJECT_CLASS (class)->dispose = assay_object_panel_dispose;
  G_OBJECT_CLASS (class)->finalize = assay_object_panel_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), ADW_TYPE_CLAMP_LAYOUT);
  said_signal = g_signal_new ("said", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                              G_TYPE_NONE, 3, G_TYPE_POINTER, G_TYPE_STRING, G_TYPE_POINTER);
}

static void
assay_object_panel_init (AssayObjectPanel *self)
{
  self->rows = g_ptr_array_new_with_free_func (row_free);
  /* The picture stays where it is, whatever is asked. */
  AdwClampLayout *layout = ADW_CLAMP_LAYOUT (gtk_widget_get_layout_manager (GTK_WIDGET (self)));
  adw_clamp_layout_set_maximum_size (layout, WIDTH_PX);
  adw_clamp_layout_set_tightening_threshold (layout, WIDTH_PX);
  self->grid = GTK_GRID (gtk_grid_new ());
  gtk_grid_set_row_spacing (self->grid, 4);
  gtk_grid_set_column_spacing (self->grid, 8);
  gtk_widget_set_margin_start (GTK_WIDGET (self->grid), 12);
  gtk_widget_set_margin_end (GTK_WIDGET (self->grid), 12);
  gtk_widget_set_margin_top (GTK_WIDGET (self->grid), 8);
  gtk_widget_set_margin_bottom (GTK_WIDGET (self->grid), 8);
  gtk_widget_set_parent (GTK_WIDGET (self->grid), GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
