/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/option-field.h"

#include <math.h>

#define WIDE 500.0     /* a wider range is slid by its logarithm */
#define MOST_BUTTONS 2 /* words side by side; more are a menu */
#define SCALE_PX 84
#define WIDEST_DIGITS 5

struct _AssayOptionField
{
  GtkWidget parent_instance;
  const AssayOption *option;
  gboolean updating; /* nobody changed it */
  GtkRange *scale;   /* numbers with a range: for the pointer alone */
  GtkSpinButton *spin;
  GPtrArray *words; /* of GtkToggleButton, borrowed, one a choice */
  GtkDropDown *menu;
  GtkCheckButton *check;
  GtkEditable *entry;
};

G_DEFINE_FINAL_TYPE (AssayOptionField, assay_option_field, GTK_TYPE_WIDGET)

enum
{
  SIGNAL_SET,
  SIGNAL_DONE,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
tell (AssayOptionField *self, const char *text)
{
  if (!self->updating)
    g_signal_emit (self, signals[SIGNAL_SET], 0, self->option->name, text);
}

static void
done (AssayOptionField *self)
{
  if (!self->updating)
    g_signal_emit (self, signals[SIGNAL_DONE], 0);
}

/* What it is called where no caption stands: "brush shape". */
static char *
name_of (const AssayOption *option)
{
  return option->title != NULL ? g_strdup (option->title) : g_strdelimit (g_strdup (option->name), "-", ' ');
}

/* "round" -> "Round" */
static char *
word_of (const char *choice)
{
  char *word = g_strdup (choice);
  word[0] = g_ascii_toupper (word[0]);
  return word;
}

static void
name_widget (AssayOptionField *self, GtkWidget *widget, const char *choice)
{
  g_autofree char *title = name_of (self->option);
  g_autofree char *name = choice != NULL ? g_strdup_printf ("%s: %s", title, choice) : g_strdup (title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_set_tooltip_text (widget, self->option->help);
  gtk_widget_set_focus_on_click (widget, FALSE); /* the keys go on to the canvas */
}

static void
add_caption (AssayOptionField *self, const char *text)
{
  GtkWidget *label = gtk_label_new (text);
  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_set_tooltip_text (label, self->option->help);
  /* What it stands beside has the name already. */
  gtk_accessible_update_state (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  gtk_widget_set_parent (label, GTK_WIDGET (self));
}

/* Numbers */

/* Slid by its logarithm: a wide range is fine where it is small. */
static gboolean
is_wide (const AssayOption *option)
{
  return option->maximum - option->minimum > WIDE;
}

static double
to_scale (const AssayOption *option, double value)
{
  double range = option->maximum - option->minimum, above = value - option->minimum;
  return is_wide (option) ? log1p (above) / log1p (range) : above / range;
}

static double
from_scale (const AssayOption *option, double t)
{
  double range = option->maximum - option->minimum;
  return option->minimum + (is_wide (option) ? expm1 (t * log1p (range)) : t * range);
}

static void
on_number (AssayOptionField *self)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  double value = gtk_spin_button_get_value (self->spin);
  g_ascii_formatd (text, sizeof text, self->option->type == ASSAY_OPTION_INT ? "%.0f" : "%.6g", value);
  if (self->scale != NULL && !self->updating)
    {
      self->updating = TRUE;
      gtk_range_set_value (self->scale, to_scale (self->option, value));
      self->updating = FALSE;
    }
  tell (self, text);
}

static void
on_slid (AssayOptionField *self)
{
  if (self->updating)
    return;
  /* What the figures make of it (whole numbers) is what counts. */
  gtk_spin_button_set_value (self->spin, from_scale (self->option, gtk_range_get_value (self->scale)));
}

static gboolean
on_number_key (GtkEventControllerKey *keys, guint keyval, guint keycode, GdkModifierType state,
               AssayOptionField *self)
{
  if (keyval != GDK_KEY_Return && keyval != GDK_KEY_KP_Enter && keyval != GDK_KEY_Escape)
    return FALSE;
  if (keyval != GDK_KEY_Escape)
    gtk_spin_button_update (self->spin);
  done (self);
  return TRUE;
}

static void
add_number (AssayOptionField *self)
{
  const AssayOption *option = self->option;
  gboolean whole = option->type == ASSAY_OPTION_INT, bounded = option->maximum > option->minimum;
  double low = bounded ? option->minimum : -G_MAXINT, high = bounded ? option->maximum : G_MAXINT;
  double step = whole ? 1 : bounded ? (high - low) / 100 : 0.1;
  if (bounded)
    {
      self->scale = GTK_RANGE (gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, 0, 1, 0.01));
      gtk_scale_set_draw_value (GTK_SCALE (self->scale), FALSE);
      gtk_widget_set_size_request (GTK_WIDGET (self->scale), SCALE_PX, -1);
      gtk_widget_set_tooltip_text (GTK_WIDGET (self->scale), option->help);
      /* Whoever does not point has the figures, which say the same. */
      gtk_widget_set_can_focus (GTK_WIDGET (self->scale), FALSE);
      gtk_accessible_update_state (GTK_ACCESSIBLE (self->scale), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
      gtk_widget_add_css_class (GTK_WIDGET (self),
                                "slid"); /* which has no need of the buttons beside the figures */
      gtk_widget_set_parent (GTK_WIDGET (self->scale), GTK_WIDGET (self));
      g_signal_connect_swapped (self->scale, "value-changed", G_CALLBACK (on_slid), self);
    }
  self->spin = GTK_SPIN_BUTTON (gtk_spin_button_new_with_range (low, high, step));
  gtk_spin_button_set_digits (self->spin, whole ? 0 : high - low > 10 ? 1 : 2);
  gtk_spin_button_set_numeric (self->spin, TRUE);
  gtk_editable_set_width_chars (GTK_EDITABLE (self->spin),
                                bounded ? CLAMP ((int) log10 (fmax (high, 1)) + (whole ? 1 : 3), 2, WIDEST_DIGITS)
                                        : WIDEST_DIGITS);
  name_widget (self, GTK_WIDGET (self->spin), NULL);
  gtk_widget_set_focus_on_click (GTK_WIDGET (self->spin), TRUE);
  gtk_widget_set_parent (GTK_WIDGET (self->spin), GTK_WIDGET (self));
  g_signal_connect_swapped (self->spin, "value-changed", G_CALLBACK (on_number), self);
  GtkEventController *keys = gtk_event_controller_key_new ();
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (on_number_key), self);
  gtk_widget_add_controller (GTK_WIDGET (self->spin), keys);
  if (option->unit != NULL)
    add_caption (self, option->unit);
}

/* Words */

static void
on_word (AssayOptionField *self, GtkToggleButton *button)
{
  guint i = 0;
  if (gtk_toggle_button_get_active (button) && g_ptr_array_find (self->words, button, &i))
    {
      tell (self, self->option->choices[i]);
      done (self);
    }
}

static void
add_words (AssayOptionField *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_add_css_class (box, "linked");
  for (guint i = 0; self->option->choices[i] != NULL; i++)
    {
      g_autofree char *word = word_of (self->option->choices[i]);
      GtkWidget *button = gtk_toggle_button_new_with_label (word);
      name_widget (self, button, self->option->choices[i]);
      if (i > 0)
        gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button), self->words->pdata[0]);
      g_signal_connect_swapped (button, "toggled", G_CALLBACK (on_word), self);
      gtk_box_append (GTK_BOX (box), button);
      g_ptr_array_add (self->words, button);
    }
  gtk_widget_set_parent (box, GTK_WIDGET (self));
}

static void
on_menu (AssayOptionField *self)
{
  guint i = gtk_drop_down_get_selected (self->menu);
  if (i == GTK_INVALID_LIST_POSITION)
    return;
  tell (self, self->option->choices[i]);
  done (self);
}

static void
add_menu (AssayOptionField *self)
{
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);
  for (guint i = 0; self->option->choices[i] != NULL; i++)
    gtk_string_list_take (list, word_of (self->option->choices[i]));
  self->menu = GTK_DROP_DOWN (gtk_drop_down_new (G_LIST_MODEL (g_steal_pointer (&list)), NULL));
  name_widget (self, GTK_WIDGET (self->menu), NULL);
  gtk_widget_set_parent (GTK_WIDGET (self->menu), GTK_WIDGET (self));
  g_signal_connect_swapped (self->menu, "notify::selected", G_CALLBACK (on_menu), self);
}

static guint
n_choices (const AssayOption *option)
{
  return option->choices != NULL ? g_strv_length ((char **) option->choices) : 0;
}

/* Yes or no, and text */

static void
on_check (AssayOptionField *self)
{
  tell (self, gtk_check_button_get_active (self->check) ? "true" : "false");
  done (self);
}

static void
add_check (AssayOptionField *self)
{
  g_autofree char *name = name_of (self->option);
  self->check = GTK_CHECK_BUTTON (gtk_check_button_new_with_label (name));
  name_widget (self, GTK_WIDGET (self->check), NULL);
  gtk_widget_set_parent (GTK_WIDGET (self->check), GTK_WIDGET (self));
  g_signal_connect_swapped (self->check, "toggled", G_CALLBACK (on_check), self);
}

static void
on_text (AssayOptionField *self)
{
  tell (self, gtk_editable_get_text (self->entry));
  done (self);
}

static void
add_text (AssayOptionField *self)
{
  self->entry = GTK_EDITABLE (gtk_entry_new ());
  gtk_editable_set_width_chars (self->entry, 12);
  name_widget (self, GTK_WIDGET (self->entry), NULL);
  gtk_widget_set_focus_on_click (GTK_WIDGET (self->entry), TRUE);
  gtk_widget_set_parent (GTK_WIDGET (self->entry), GTK_WIDGET (self));
  g_signal_connect_swapped (self->entry, "activate", G_CALLBACK (on_text), self);
}

/* The field */

void
assay_option_field_show (AssayOptionField *self, const AssayOptions *values)
{
  const char *text = assay_options_get_string (values, self->option->name);
  self->updating = TRUE;
  if (self->spin != NULL)
    {
      gtk_spin_button_set_value (self->spin, g_ascii_strtod (text, NULL));
      if (self->scale != NULL)
        gtk_range_set_value (self->scale, to_scale (self->option, gtk_spin_button_get_value (self->spin)));
    }
  for (guint i = 0; i < n_choices (self->option); i++)
    {
      if (g_strcmp0 (self->option->choices[i], text) != 0)
        continue;
      if (self->menu != NULL)
        gtk_drop_down_set_selected (self->menu, i);
      else
        gtk_toggle_button_set_active (self->words->pdata[i], TRUE);
    }
  if (self->check != NULL)
    gtk_check_button_set_active (self->check, g_strcmp0 (text, "true") == 0);
  if (self->entry != NULL)
    gtk_editable_set_text (self->entry, text != NULL ? text : "");
  self->updating = FALSE;
}

GtkWidget *
assay_option_field_new (const AssayOption *option)
{
  AssayOptionField *self = g_object_new (ASSAY_TYPE_OPTION_FIELD, NULL);
  self->option = option;
  self->updating = TRUE;
  if (option->type != ASSAY_OPTION_BOOL && option->title != NULL)
    add_caption (self, option->title);
  switch (option->type)
    {
    case ASSAY_OPTION_INT:
    case ASSAY_OPTION_DOUBLE:
      add_number (self);
      break;
    case ASSAY_OPTION_CHOICE:
      if (n_choices (option) <= MOST_BUTTONS)
        add_words (self);
      else
        add_menu (self);
      break;
    case ASSAY_OPTION_BOOL:
      add_check (self);
      break;
    case ASSAY_OPTION_STRING:
    default:
      add_text (self);
      break;
    }
  self->updating = FALSE;
  return GTK_WIDGET (self);
}

static void
assay_option_field_dispose (GObject *object)
{
  AssayOptionField *self = ASSAY_OPTION_FIELD (object);
  GtkWidget *child;
  self->updating = TRUE; /* what goes now was not chosen */
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (assay_option_field_parent_class)->dispose (object);
}

static void
assay_option_field_finalize (GObject *object)
{
  g_ptr_array_unref (ASSAY_OPTION_FIELD (object)->words);
  G_OBJECT_CLASS (assay_option_field_parent_class)->finalize (object);
}

static void
assay_option_field_class_init (AssayOptionFieldClass *class)
{
  G_OBJECT_CLASS (class)->dispose = assay_option_field_dispose;
  G_OBJECT_CLASS (class)->finalize = assay_option_field_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BOX_LAYOUT);
  signals[SIGNAL_SET] = g_signal_new ("set", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  signals[SIGNAL_DONE]
      = g_signal_new ("done", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
assay_option_field_init (AssayOptionField *self)
{
  self->words = g_ptr_array_new ();
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (gtk_widget_get_layout_manager (GTK_WIDGET (self))), 6);
}
