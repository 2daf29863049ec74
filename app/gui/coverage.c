/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/coverage.h"

#include "core/kind.h"

#define MOST_COLUMNS 8 /* annotators side by side; the rest are one column */

static GtkWidget *
cell (GtkGrid *grid, const char *text, int column, int row, const char *class)
{
  GtkWidget *label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (label), column == 0 ? 0 : 1);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_width_chars (GTK_LABEL (label), column == 0 ? 10 : 7);
  gtk_widget_set_tooltip_text (label, text);
  gtk_widget_set_hexpand (label, column == 0);
  gtk_widget_add_css_class (label, "numeric");
  if (class != NULL)
    gtk_widget_add_css_class (label, class);
  gtk_grid_attach (grid, label, column, row, 1, 1);
  return label;
}

static void
number (GtkGrid *grid, gint64 n, int column, int row)
{
  g_autofree char *text = n > 0 ? g_strdup_printf ("%'" G_GINT64_FORMAT, n) : g_strdup ("·");
  cell (grid, text, column, row, n > 0 ? NULL : "dim-label");
}

static gboolean
counts_as_answer (const char *state)
{
  return g_str_equal (state, "submitted") || g_str_equal (state, "settled");
}

/* Objects of a class (`answers`: the answers themselves) in what an annotator has handed in. */
static gint64
sum (const GArray *tally, gint64 task_row, gint64 annotator_row, const AssayId *class_id, gboolean answers)
{
  gint64 n = 0;
  for (guint i = 0; i < tally->len; i++)
    {
      const AssayTally *one = &g_array_index (tally, AssayTally, i);
      if (one->task_row == task_row && one->annotator_row == annotator_row && one->is_answers == answers
          && counts_as_answer (one->state) && (answers || assay_id_equal (&one->class_id, class_id)))
        n += one->n;
    }
  return n;
}

/* Items of this task by how of their truth. */
static char *
describe (const AssayTask *task, gint64 items, const GArray *tally)
{
  gint64 decided = 0, undecided = 0;
  for (guint i = 0; i < tally->len; i++)
    {
      const AssayTally *one = &g_array_index (tally, AssayTally, i);
      if (one->task_row != task->row || one->annotator_row != 0 || !one->is_answers
          || g_str_equal (one->state, "none"))
        continue;
      if (g_str_equal (one->state, "undecided"))
        undecided += one->n;
      else
        decided += one->n;
    }
  return g_strdup_printf ("%'" G_GINT64_FORMAT " items · %'" G_GINT64_FORMAT " decided · %'" G_GINT64_FORMAT
                          " undecided · %'" G_GINT64_FORMAT " to do",
                          items, decided, undecided, MAX (0, items - decided - undecided));
}

static GPtrArray *
who_answered (const AssayTask *task, const GPtrArray *annotators, const GArray *tally)
{
  GPtrArray *who = g_ptr_array_new ();
  for (guint i = 0; i < annotators->len; i++)
    {
      const AssayAnnotator *annotator = annotators->pdata[i];
      if (sum (tally, task->row, annotator->row, NULL, TRUE) > 0)
        g_ptr_array_add (who, (gpointer) annotator);
    }
  return who;
}

static void
add_row (GtkGrid *grid, const char *name, const AssayTask *task, const GPtrArray *who, const GArray *tally,
         const AssayId *class_id, int row)
{
  cell (grid, name, 0, row, class_id == NULL ? "dim-label" : NULL);
  gint64 rest = 0;
  for (guint i = 0; i < who->len; i++)
    {
      gint64 n = sum (tally, task->row, ((AssayAnnotator *) who->pdata[i])->row, class_id, class_id == NULL);
      if (i < MOST_COLUMNS)
        number (grid, n, (int) i + 1, row);
      else
        rest += n;
    }
  if (who->len > MOST_COLUMNS)
    number (grid, rest, MOST_COLUMNS + 1, row);
}

GtkWidget *
assay_coverage_new (const AssayTask *task, gint64 n_items, const GPtrArray *annotators, const GArray *tally)
{
  g_autoptr (GPtrArray) who = who_answered (task, annotators, tally);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  gtk_widget_add_css_class (box, "card");
  gtk_widget_add_css_class (box, "coverage");
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  g_autofree char *facts = describe (task, n_items, tally);
  GtkWidget *title = gtk_label_new (task->name), *summary = gtk_label_new (facts);
  gtk_widget_add_css_class (title, "heading");
  gtk_widget_add_css_class (summary, "dim-label");
  gtk_widget_add_css_class (summary, "numeric");
  gtk_label_set_ellipsize (GTK_LABEL (summary), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (head), title);
  gtk_box_append (GTK_BOX (head), summary);
  gtk_box_append (GTK_BOX (box), head);
  if (who->len == 0)
    {
      GtkWidget *none = gtk_label_new ("Nobody has handed in an answer yet.");
      gtk_widget_add_css_class (none, "dim-label");
      gtk_label_set_xalign (GTK_LABEL (none), 0);
      gtk_box_append (GTK_BOX (box), none);
      return box;
    }
  GtkGrid *grid = GTK_GRID (gtk_grid_new ());
  gtk_grid_set_column_spacing (grid, 18);
  gtk_grid_set_row_spacing (grid, 3);
  for (guint i = 0; i < MIN (who->len, MOST_COLUMNS); i++)
    cell (grid, ((AssayAnnotator *) who->pdata[i])->name, (int) i + 1, 0, "dim-label");
  if (who->len > MOST_COLUMNS)
    cell (grid, "others", MOST_COLUMNS + 1, 0, "dim-label");
  int row = 1;
  for (guint i = 0; i < task->classes->len; i++)
    {
      const AssayClass *class = task->classes->pdata[i];
      add_row (grid, class->name, task, who, tally, &class->id, row++);
    }
  const AssayId none = ASSAY_ID_NIL;
  if (task->classes->len == 0)
    add_row (grid, "objects", task, who, tally, &none, row++);
  add_row (grid, "answers", task, who, tally, NULL, row);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (grid));
  return box;
}
