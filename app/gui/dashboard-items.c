/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/dashboard-items.h"

#include "app/gui/page.h"
#include "core/finding.h"
#include "qa/agreement.h"
#include "qa/audit.h"

#include <math.h>

#define MOST 100

typedef struct
{
  gint64 item_row, task_row;
  double badness; /* the larger, the earlier */
  char *name, *why;
} Behind;

typedef struct
{
  char *kind, *task, *which;
  GArray *list; /* of Behind */
  guint n;      /* there are, of which MOST are in the list */
  AssayDashboardOpen open;
  gpointer owner;
} Asking;

static void
behind_clear (gpointer data)
{
  Behind *behind = data;
  g_free (behind->name);
  g_free (behind->why);
}

static void
asking_free (gpointer data)
{
  Asking *asking = data;
  g_free (asking->kind);
  g_free (asking->task);
  g_free (asking->which);
  g_array_unref (asking->list);
  g_free (asking);
}

static int
by_badness (gconstpointer a, gconstpointer b)
{
  const Behind *x = a, *y = b;
  return x->badness != y->badness ? (x->badness < y->badness) - (x->badness > y->badness)
                                  : (x->item_row > y->item_row) - (x->item_row < y->item_row);
}

/* One line an item: the worst of it. */
static void
add (Asking *asking, gint64 item_row, gint64 task_row, double badness, char *take_why)
{
  for (guint i = asking->list->len; i > 0; i--)
    {
      Behind *old = &g_array_index (asking->list, Behind, i - 1);
      if (old->item_row != item_row || old->task_row != task_row)
        continue;
      if (badness > old->badness)
        {
          old->badness = badness;
          g_free (old->why);
          old->why = g_steal_pointer (&take_why);
        }
      g_free (take_why);
      return;
    }
  Behind behind = { item_row, task_row, badness, NULL, take_why };
  g_array_append_val (asking->list, behind);
}

static gboolean
list_of_check (AssayProject *project, Asking *asking, GError **error)
{
  g_autoptr (GPtrArray) findings = assay_finding_list (project->store, TRUE, error);
  for (guint i = 0; findings != NULL && i < findings->len; i++)
    {
      const AssayFinding *one = findings->pdata[i];
      if (one->item_row != 0 && g_str_equal (one->check, asking->which))
        add (asking, one->item_row, one->task_row, one->severity + one->score, g_strdup (one->why));
    }
  return findings != NULL;
}

static gboolean
list_of_audit (AssayProject *project, const AssayTask *task, Asking *asking, GError **error)
{
  g_autoptr (AssayAudit) audit = assay_audit_compute (project, task, NULL, error);
  for (guint i = 0; audit != NULL && i < audit->cases->len; i++)
    {
      const AssayAuditCase *one = &g_array_index (audit->cases, AssayAuditCase, i);
      add (asking, one->item_row, task->row, one->out,
           g_strdup (one->out ? "out of tolerance" : "within the tolerance"));
    }
  return audit != NULL;
}

/* Rows of items of which somebody's submitted answer has the class. NULL = every item. */
static gboolean
list_with_class (AssayStore *store, const AssayTask *task, const char *name, GHashTable **ret_rows, GError **error)
{
  const AssayClass *class = assay_task_find_class_named (task, name);
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  if (class == NULL)
    return TRUE;
  g_autofree char *id = assay_id_dup_text (&class->id), *like = g_strdup_printf ("%%\"%s\"%%", id);
  if (!assay_store_query (
          store, &rows, error,
          "SELECT DISTINCT h.item FROM head AS h JOIN revision AS r ON r.row = h.revision WHERE h.task ="
          " ? AND h.state IN ('submitted', 'settled', 'audit') AND r.classes LIKE ?",
          "it", task->row, like))
    return FALSE;
  *ret_rows = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  while (assay_rows_next (&rows, &wrong))
    {
      gint64 row = assay_rows_get_int (&rows, 0);
      g_hash_table_add (*ret_rows, g_memdup2 (&row, sizeof row));
    }
  if (wrong != NULL)
    g_propagate_error (error, g_steal_pointer (&wrong));
  return wrong == NULL;
}

static gboolean
fits (const Asking *asking, const char *a, const char *b, GHashTable *rows, gint64 item_row)
{
  if (g_str_equal (asking->kind, "annotator"))
    return g_str_equal (asking->which, a) || g_str_equal (asking->which, b);
  if (g_str_equal (asking->kind, "pair"))
    {
      g_autofree char *key = g_strdup_printf ("%s + %s", a, b);
      return g_str_equal (asking->which, key);
    }
  return rows == NULL || g_hash_table_contains (rows, &item_row);
}

/* What two say of it, the further apart the earlier; what only one found counts most. */
static gboolean
list_of_agreement (AssayProject *project, const AssayTask *task, Asking *asking, GError **error)
{
  g_autoptr (GHashTable) rows = NULL;
  g_autoptr (AssayAgreement) agreement
      = assay_agreement_compute (project, task, ASSAY_AGREEMENT_BY_NOTHING, NULL, error);
  if (agreement == NULL
      || (g_str_equal (asking->kind, "class")
          && !list_with_class (project->store, task, asking->which, &rows, error)))
    return FALSE;
  const AssayMeasureDef *headline = &task->kind->measures[0];
  for (guint i = 0; i < agreement->scores->len; i++)
    {
      const AssayAgreementScore *score = &g_array_index (agreement->scores, AssayAgreementScore, i);
      const char *a = ((AssayAnnotator *) agreement->annotators->pdata[score->a])->name,
                 *b = ((AssayAnnotator *) agreement->annotators->pdata[score->b])->name;
      double value = score->values[0];
      guint alone = score->only_a + score->only_b;
      if (score->apart != 0 || !fits (asking, a, b, rows, score->item_row))
        continue;
      g_autofree char *said = isnan (value) ? g_strdup ("–") : g_strdup_printf ("%.3f", value);
      g_autofree char *only = alone > 0 ? g_strdup_printf (", %u that only one found", alone) : g_strdup ("");
      double badness = isnan (value) ? 0 : headline->higher_is_better ? -value : value;
      add (asking, score->item_row, task->row, badness + alone,
           g_strdup_printf ("%s %s%s%s%s", headline->title, said, *headline->unit != '\0' ? " " : "",
                            headline->unit, only));
    }
  return TRUE;
}

static gboolean
read_items (AssayProject *project, gpointer data, GError **error)
{
  Asking *asking = data;
  g_autoptr (AssayTask) task = *asking->task != '\0' ? assay_task_find (project->store, asking->task, error) : NULL;
  if (*asking->task != '\0' && task == NULL)
    return FALSE;
  gboolean listed = g_str_equal (asking->kind, "check")   ? list_of_check (project, asking, error)
                    : g_str_equal (asking->kind, "audit") ? list_of_audit (project, task, asking, error)
                                                          : list_of_agreement (project, task, asking, error);
  if (!listed)
    return FALSE;
  g_array_sort (asking->list, by_badness);
  asking->n = asking->list->len;
  g_array_set_size (asking->list, MIN (asking->n, MOST));
  for (guint i = 0; i < asking->list->len; i++)
    {
      Behind *behind = &g_array_index (asking->list, Behind, i);
      g_autoptr (AssayItem) item = assay_item_get_row (project->store, behind->item_row, error);
      if (item == NULL)
        return FALSE;
      behind->name = g_strdup (item->name);
    }
  return TRUE;
}

static void
on_row (GtkListBox *box, GtkListBoxRow *row, gpointer data)
{
  Asking *asking = data;
  const Behind *behind = &g_array_index (asking->list, Behind, gtk_list_box_row_get_index (row));
  gint64 item_row = behind->item_row, task_row = behind->task_row;
  AssayDashboardOpen open = asking->open;
  gpointer owner = asking->owner;
  gtk_popover_popdown (GTK_POPOVER (gtk_widget_get_ancestor (GTK_WIDGET (box), GTK_TYPE_POPOVER)));
  open (owner, item_row, task_row);
}

static GtkWidget *
row_new (const Behind *behind)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 18), *name = gtk_label_new (behind->name),
            *why = gtk_label_new (behind->why);
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_ellipsize (GTK_LABEL (why), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (why), 48);
  gtk_widget_set_hexpand (name, TRUE);
  gtk_widget_add_css_class (why, "dim-label");
  gtk_widget_add_css_class (why, "numeric");
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), why);
  return box;
}

static void
on_items (gpointer owner, gpointer data, const GError *error)
{
  GtkWidget *popover = owner;
  Asking *asking = data;
  assay_page_show_error (popover, error);
  if (error != NULL || !gtk_widget_get_visible (popover))
    return;
  /* What is shown outlives the reading. */
  Asking *shown = g_new0 (Asking, 1);
  *shown = *asking;
  asking->list = g_array_ref (asking->list);
  shown->kind = shown->task = shown->which = NULL;
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6), *list = gtk_list_box_new (),
            *scroll = gtk_scrolled_window_new ();
  g_autofree char *words
      = shown->n == 0     ? g_strdup ("No item is behind this number.")
        : shown->n > MOST ? g_strdup_printf ("%u items, of which the %u that speak against it most", shown->n, MOST)
                          : g_strdup_printf ("%u item%s", shown->n, shown->n == 1 ? "" : "s");
  GtkWidget *head = gtk_label_new (words);
  gtk_label_set_xalign (GTK_LABEL (head), 0);
  gtk_widget_add_css_class (head, "heading");
  for (guint i = 0; i < shown->list->len; i++)
    gtk_list_box_append (GTK_LIST_BOX (list), row_new (&g_array_index (shown->list, Behind, i)));
  g_signal_connect_data (list, "row-activated", G_CALLBACK (on_row), shown,
                         (GClosureNotify) (void (*) (void)) asking_free, 0);
  gtk_widget_add_css_class (list, "classes");
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroll), list);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroll), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroll), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroll), 320);
  gtk_widget_set_size_request (box, 420, -1);
  gtk_box_append (GTK_BOX (box), head);
  gtk_box_append (GTK_BOX (box), scroll);
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, "Items behind the number",
                                  -1);
  GtkListBoxRow *first = gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), 0);
  if (first != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (first));
}

static gboolean
take_out (gpointer popover)
{
  gtk_widget_unparent (popover);
  return G_SOURCE_REMOVE;
}

static void
on_closed (GtkPopover *popover)
{
  /* Not while it is still telling that it closed. */
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, take_out, g_object_ref (popover), g_object_unref);
}

void
assay_dashboard_items_show (GtkWidget *parent, AssayDesk *desk, const GdkRectangle *at, const char *what,
                            AssayDashboardOpen open, gpointer owner)
{
  g_auto (GStrv) parts = g_strsplit (what, "\t", 3);
  if (g_strv_length (parts) != 3)
    return;
  GtkWidget *popover = gtk_popover_new (), *spinner = gtk_spinner_new ();
  gtk_widget_set_parent (popover, parent);
  gtk_popover_set_pointing_to (GTK_POPOVER (popover), at);
  gtk_spinner_start (GTK_SPINNER (spinner));
  gtk_popover_set_child (GTK_POPOVER (popover), spinner);
  g_signal_connect (popover, "closed", G_CALLBACK (on_closed), NULL);
  Asking *asking = g_new0 (Asking, 1);
  asking->kind = g_steal_pointer (&parts[0]);
  asking->task = g_steal_pointer (&parts[1]);
  asking->which = g_steal_pointer (&parts[2]);
  asking->list = g_array_new (FALSE, FALSE, sizeof (Behind));
  g_array_set_clear_func (asking->list, behind_clear);
  asking->open = open;
  asking->owner = owner;
  gtk_popover_popup (GTK_POPOVER (popover));
  assay_desk_read (desk, read_items, asking, asking_free, on_items, popover);
}
