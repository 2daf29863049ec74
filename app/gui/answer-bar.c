/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/answer-bar.h"

#include "app/gui/shortcuts.h"
#include "app/gui/swatch.h"
#include "app/gui/widget.h"

#define MOST_KEYS 9 /* answers after that have no key */

struct _AssayAnswerBar
{
  GtkWidget parent_instance;
  GtkBox *row;
  gint64 item_row, task_row; /* of the case; 0 = none */
  GArray *labels;            /* of AssayId: the answers that have a button */
  AssayId truth;             /* nil = none of them */
  GHashTable *hidden;        /* gint64 *: rows of annotators */
};

static guint signal_hidden;

G_DEFINE_FINAL_TYPE (AssayAnswerBar, assay_answer_bar, GTK_TYPE_WIDGET)

static void
on_toggled (GtkToggleButton *button, AssayAnswerBar *bar)
{
  const gint64 *annotator = g_object_get_data (G_OBJECT (button), "annotator");
  if (gtk_toggle_button_get_active (button))
    g_hash_table_remove (bar->hidden, annotator);
  else
    g_hash_table_add (bar->hidden, g_memdup2 (annotator, sizeof *annotator));
  g_signal_emit (bar, signal_hidden, 0);
}

static GtkWidget *
show_new (AssayAnswerBar *bar, const AssayAnswerShown *answer)
{
  GtkWidget *show = gtk_toggle_button_new (), *inner = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6),
            *swatch = assay_swatch_new (), *name = gtk_label_new (answer->name);
  g_autofree char *tip = g_strdup_printf ("%s: %s", answer->name, answer->summary);
  assay_swatch_set_colour (ASSAY_SWATCH (swatch), answer->colour);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_label_set_width_chars (GTK_LABEL (name), 6);
  gtk_label_set_max_width_chars (GTK_LABEL (name), 20);
  gtk_box_append (GTK_BOX (inner), swatch);
  gtk_box_append (GTK_BOX (inner), name);
  gtk_button_set_child (GTK_BUTTON (show), inner);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (show),
                                !g_hash_table_contains (bar->hidden, &answer->label->annotator_row));
  gtk_widget_set_focus_on_click (show, FALSE);
  gtk_widget_add_css_class (show, "flat");
  gtk_widget_set_tooltip_text (show, tip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (show), GTK_ACCESSIBLE_PROPERTY_LABEL, answer->name, -1);
  g_object_set_data_full (G_OBJECT (show), "annotator",
                          g_memdup2 (&answer->label->annotator_row, sizeof answer->label->annotator_row), g_free);
  g_signal_connect_object (show, "toggled", G_CALLBACK (on_toggled), bar, 0);
  return show;
}

/* Says the key that takes it. */
static GtkWidget *
take_new (const AssayAnswerShown *answer, guint i)
{
  GtkWidget *take = gtk_button_new ();
  g_autofree char *target = g_strdup_printf ("%u", i + 1);
  g_autofree char *name = g_strdup_printf ("Take %s", answer->name);
  if (answer->is_truth)
    gtk_button_set_label (GTK_BUTTON (take), "✓");
  else if (i < MOST_KEYS)
    gtk_button_set_child (GTK_BUTTON (take), assay_shortcuts_label_new ("page.take-answer", target));
  else
    gtk_button_set_label (GTK_BUTTON (take), "Take");
  gtk_widget_set_tooltip_text (take, answer->is_truth ? "This is the truth" : name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (take), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_set_focus_on_click (take, FALSE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (take), "page.take-answer");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (take), "i", (int) i + 1);
  return take;
}

static gboolean
is_shown (AssayAnswerBar *bar, const GPtrArray *answers)
{
  AssayId truth = ASSAY_ID_NIL;
  gboolean same = answers->len == bar->labels->len;
  for (guint i = 0; i < answers->len; i++)
    {
      const AssayAnswerShown *answer = answers->pdata[i];
      truth = answer->is_truth ? answer->label->id : truth;
      same = same && assay_id_equal (&g_array_index (bar->labels, AssayId, i), &answer->label->id);
    }
  return same && assay_id_equal (&truth, &bar->truth);
}

/* Buttons that are made anew lose the focus: only when they say something else. */
static void
fill (AssayAnswerBar *bar, const GPtrArray *answers)
{
  GtkWidget *old;
  while ((old = gtk_widget_get_first_child (GTK_WIDGET (bar->row))) != NULL)
    gtk_box_remove (bar->row, old);
  g_array_set_size (bar->labels, 0);
  bar->truth = ASSAY_ID_NIL;
  for (guint i = 0; answers != NULL && i < answers->len; i++)
    {
      const AssayAnswerShown *answer = answers->pdata[i];
      GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
      gtk_box_append (GTK_BOX (box), show_new (bar, answer));
      gtk_box_append (GTK_BOX (box), take_new (answer, i));
      gtk_box_append (bar->row, box);
      g_array_append_val (bar->labels, answer->label->id);
      bar->truth = answer->is_truth ? answer->label->id : bar->truth;
    }
}

void
assay_answer_bar_show (AssayAnswerBar *bar, const AssayReviewCase *review)
{
  gint64 item_row = review != NULL ? review->item->row : 0,
         task_row = review != NULL ? assay_review_case_get_task_row (review) : 0;
  gboolean same = item_row == bar->item_row && task_row == bar->task_row;
  if (!same)
    g_hash_table_remove_all (bar->hidden);
  bar->item_row = item_row;
  bar->task_row = task_row;
  if (review == NULL)
    fill (bar, NULL);
  else if (!same || !is_shown (bar, review->answers))
    fill (bar, review->answers);
}

GHashTable *
assay_answer_bar_get_hidden (AssayAnswerBar *bar)
{
  return bar->hidden;
}

static void
assay_answer_bar_dispose (GObject *object)
{
  AssayAnswerBar *bar = ASSAY_ANSWER_BAR (object);
  g_clear_pointer ((GtkWidget **) &bar->row, gtk_widget_unparent);
  G_OBJECT_CLASS (assay_answer_bar_parent_class)->dispose (object);
}

static void
assay_answer_bar_finalize (GObject *object)
{
  AssayAnswerBar *bar = ASSAY_ANSWER_BAR (object);
  g_array_unref (bar->labels);
  g_hash_table_unref (bar->hidden);
  G_OBJECT_CLASS (assay_answer_bar_parent_class)->finalize (object);
}

static void
assay_answer_bar_class_init (AssayAnswerBarClass *class)
{
  G_OBJECT_CLASS (class)->dispose = assay_answer_bar_dispose;
  G_OBJECT_CLASS (class)->finalize = assay_answer_bar_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
  signal_hidden
      = g_signal_new ("hidden", ASSAY_TYPE_ANSWER_BAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
assay_answer_bar_init (AssayAnswerBar *bar)
{
  bar->row = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12));
  bar->labels = g_array_new (FALSE, FALSE, sizeof (AssayId));
  bar->hidden = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  gtk_widget_set_parent (GTK_WIDGET (bar->row), GTK_WIDGET (bar));
}
