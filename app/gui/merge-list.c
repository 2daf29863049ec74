/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/merge-list.h"

struct _AssayMergeList
{
  GtkWidget parent_instance;
  GtkBox *box;
  GtkListBox *list;
  AssayReviewMerge *merge; /* borrowed; NULL = nothing */
  gboolean filling;
};

enum
{
  SIGNAL_CHANGED,
  SIGNAL_SETTLE,
  SIGNAL_GIVE_UP,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AssayMergeList, assay_merge_list, GTK_TYPE_WIDGET)

guint
assay_merge_list_get_selected (AssayMergeList *self)
{
  GtkListBoxRow *row = self->merge != NULL ? gtk_list_box_get_selected_row (self->list) : NULL;
  return row != NULL ? (guint) gtk_list_box_row_get_index (row) : G_MAXUINT;
}

static void
choose (AssayMergeList *self, guint thing, guint answer)
{
  if (self->merge == NULL || self->filling || !assay_review_merge_choose (self->merge, thing, answer))
    return;
  assay_merge_list_update (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* A row of buttons: whose it is; the last is nobody. */

static void
on_button (GtkToggleButton *button, AssayMergeList *self)
{
  GtkWidget *row = gtk_widget_get_ancestor (GTK_WIDGET (button), GTK_TYPE_LIST_BOX_ROW);
  if (!self->filling && row != NULL && gtk_toggle_button_get_active (button))
    {
      gtk_list_box_select_row (self->list, GTK_LIST_BOX_ROW (row));
      choose (self, (guint) gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row)),
              GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "answer")));
    }
}

static GtkWidget *
button_new (AssayMergeList *self, guint thing, guint answer, GtkWidget *group)
{
  const AssayReviewCase *review = self->merge->review;
  const AssayAnswerShown *shown = answer != ASSAY_MERGE_NOBODY ? review->answers->pdata[answer] : NULL;
  GtkWidget *button = gtk_toggle_button_new_with_label (shown != NULL ? shown->name : "–");
  g_autofree char *name = assay_review_merge_dup_name (self->merge, thing);
  g_autofree char *tip
      = shown != NULL ? g_strdup_printf ("%s of %s", name, shown->name) : g_strdup_printf ("no %s", name);
  GtkWidget *label = gtk_button_get_child (GTK_BUTTON (button));
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 10);
  if (group != NULL)
    gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button), GTK_TOGGLE_BUTTON (group));
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), self->merge->whose[thing] == answer);
  gtk_widget_set_sensitive (button, shown == NULL || assay_review_merge_has (self->merge, thing, answer));
  gtk_widget_set_focus_on_click (button, FALSE);
  gtk_widget_set_focusable (button, FALSE); /* the row's keys choose */
  gtk_widget_add_css_class (button, "small-button");
  gtk_widget_set_tooltip_text (button, tip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, tip, -1);
  g_object_set_data (G_OBJECT (button), "answer", GUINT_TO_POINTER (answer));
  g_signal_connect_object (button, "toggled", G_CALLBACK (on_button), self, 0);
  return button;
}

static GtkWidget *
row_new (AssayMergeList *self, guint thing)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3),
            *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  g_autofree char *text = assay_review_merge_dup_name (self->merge, thing);
  GtkWidget *name = gtk_label_new (text), *first = button_new (self, thing, ASSAY_MERGE_NOBODY, NULL);
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (buttons, "linked");
  for (guint a = 0; a < self->merge->review->answers->len; a++)
    gtk_box_append (GTK_BOX (buttons), button_new (self, thing, a, first));
  gtk_box_append (GTK_BOX (buttons), first);
  gtk_box_append (GTK_BOX (row), name);
  gtk_box_append (GTK_BOX (row), buttons);
  return row;
}

static void
on_selected (AssayMergeList *self)
{
  if (!self->filling)
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

void
assay_merge_list_update (AssayMergeList *self)
{
  self->filling = TRUE;
  for (guint i = 0; self->merge != NULL && i < self->merge->things->len; i++)
    {
      GtkWidget *row = gtk_list_box_row_get_child (gtk_list_box_get_row_at_index (self->list, (int) i));
      for (GtkWidget *button = gtk_widget_get_first_child (gtk_widget_get_last_child (row)); button != NULL;
           button = gtk_widget_get_next_sibling (button))
        if (GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "answer")) == self->merge->whose[i])
          gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), TRUE);
    }
  self->filling = FALSE;
}

void
assay_merge_list_show (AssayMergeList *self, AssayReviewMerge *merge)
{
  GtkWidget *child;
  self->filling = TRUE;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, child);
  self->merge = merge;
  for (guint i = 0; merge != NULL && i < merge->things->len; i++)
    gtk_list_box_append (self->list, row_new (self, i));
  self->filling = FALSE;
  assay_merge_list_select (self, 0);
}

void
assay_merge_list_select (AssayMergeList *self, guint thing)
{
  GtkListBoxRow *row = self->merge != NULL ? gtk_list_box_get_row_at_index (self->list, (int) thing) : NULL;
  if (row == NULL)
    return;
  gtk_list_box_select_row (self->list, row);
  gtk_widget_grab_focus (GTK_WIDGET (row));
}

static gboolean
on_key (GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType modifiers,
        AssayMergeList *self)
{
  guint thing = assay_merge_list_get_selected (self);
  if (self->merge == NULL || (modifiers & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SHIFT_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;
  if (keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter)
    g_signal_emit (self, signals[SIGNAL_SETTLE], 0);
  else if (keyval == GDK_KEY_Escape)
    g_signal_emit (self, signals[SIGNAL_GIVE_UP], 0);
  else if (keyval >= GDK_KEY_0 && keyval <= GDK_KEY_9 && thing != G_MAXUINT)
    choose (self, thing, keyval == GDK_KEY_0 ? ASSAY_MERGE_NOBODY : keyval - GDK_KEY_1);
  else
    return GDK_EVENT_PROPAGATE;
  return GDK_EVENT_STOP;
}

static void
on_settle (AssayMergeList *self)
{
  g_signal_emit (self, signals[SIGNAL_SETTLE], 0);
}

static gboolean
assay_merge_list_grab_focus (GtkWidget *widget)
{
  AssayMergeList *self = ASSAY_MERGE_LIST (widget);
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);
  return row != NULL && gtk_widget_grab_focus (GTK_WIDGET (row));
}

static void
assay_merge_list_dispose (GObject *object)
{
  AssayMergeList *self = ASSAY_MERGE_LIST (object);
  self->filling = TRUE;
  g_clear_pointer ((GtkWidget **) &self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (assay_merge_list_parent_class)->dispose (object);
}

static void
assay_merge_list_class_init (AssayMergeListClass *class)
{
  static const char *const names[] = { "changed", "settle", "give-up" };
  G_OBJECT_CLASS (class)->dispose = assay_merge_list_dispose;
  GTK_WIDGET_CLASS (class)->grab_focus = assay_merge_list_grab_focus;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
  for (guint i = 0; i < N_SIGNALS; i++)
    signals[i]
        = g_signal_new (names[i], ASSAY_TYPE_MERGE_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
assay_merge_list_init (AssayMergeList *self)
{
  GtkWidget *title = gtk_label_new ("Merge by object"), *scrolled = gtk_scrolled_window_new (),
            *keys = gtk_label_new ("1–9 whose · 0 nobody's · Enter settles · Esc gives up"),
            *settle = gtk_button_new_with_label ("Settle the Merged Answer");
  self->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 6));
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_BROWSE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "objects");
  gtk_widget_add_css_class (title, "heading");
  gtk_widget_add_css_class (settle, "suggested-action");
  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_label_set_xalign (GTK_LABEL (keys), 0);
  gtk_label_set_wrap (GTK_LABEL (keys), TRUE);
  gtk_widget_add_css_class (keys, "caption");
  gtk_widget_add_css_class (keys, "dim-label");
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->list));
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_widget_set_focus_on_click (settle, FALSE);
  gtk_widget_add_css_class (GTK_WIDGET (self->box), "merge");
  gtk_box_append (self->box, title);
  gtk_box_append (self->box, scrolled);
  gtk_box_append (self->box, keys);
  gtk_box_append (self->box, settle);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, "Merge by object",
                                  -1);
  g_signal_connect_object (self->list, "row-selected", G_CALLBACK (on_selected), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (settle, "clicked", G_CALLBACK (on_settle), self, G_CONNECT_SWAPPED);
  GtkEventController *controller = gtk_event_controller_key_new ();
  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  g_signal_connect (controller, "key-pressed", G_CALLBACK (on_key), self);
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
  gtk_widget_set_parent (GTK_WIDGET (self->box), GTK_WIDGET (self));
}
