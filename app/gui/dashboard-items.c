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
  guint serial; /* only the newest is shown */
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
  const Asking *asking = data;
  const Behind *behind = &g_array_index (asking->list, Behind, gtk_list_box_row_get_index (row));
  asking->open (asking->owner, behind->item_row, behind->task_row);
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
hide (GtkWidget *panel)
{
  gtk_widget_set_visible (panel, FALSE);
}

static gboolean
on_key (GtkEventControllerKey *keys, guint keyval, guint keycode, GdkModifierType state, gpointer panel)
{
  if (keyval != GDK_KEY_Escape)
    return FALSE;
  hide (panel);
  gtk_widget_child_focus (gtk_widget_get_parent (panel), GTK_DIR_TAB_FORWARD);
  return TRUE;
}

static void
clear (GtkWidget *panel)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (panel)) != NULL)
    gtk_box_remove (GTK_BOX (panel), child);
}

static void
add_head (GtkWidget *panel, const char *words)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6), *label = gtk_label_new (words),
            *close = gtk_button_new_from_icon_name ("window-close-symbolic");
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (label, "heading");
  gtk_widget_add_css_class (close, "flat");
  gtk_widget_set_tooltip_text (close, "Close (Escape)");
  g_signal_connect_object (close, "clicked", G_CALLBACK (hide), panel, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (row), label);
  gtk_box_append (GTK_BOX (row), close);
  gtk_box_append (GTK_BOX (panel), row);
}

static GtkWidget *
list_new (const Asking *asking)
{
  GtkWidget *list = gtk_list_box_new ();
  for (guint i = 0; i < asking->list->len; i++)
    gtk_list_box_append (GTK_LIST_BOX (list), row_new (&g_array_index (asking->list, Behind, i)));
  /* What is shown outlives the reading. */
  Asking *shown = g_new0 (Asking, 1);
  *shown = *asking;
  shown->kind = shown->task = shown->which = NULL;
  shown->list = g_array_ref (asking->list);
  g_signal_connect_data (list, "row-activated", G_CALLBACK (on_row), shown,
                         (GClosureNotify) (void (*) (void)) asking_free, 0);
  gtk_widget_add_css_class (list, "classes");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, "Items behind the number",
                                  -1);
  return list;
}

static void
on_items (gpointer owner, gpointer data, const GError *error)
{
  GtkWidget *panel = owner;
  const Asking *asking = data;
  if (asking->serial != GPOINTER_TO_UINT (g_object_get_data (owner, "serial")) || !gtk_widget_get_visible (panel))
    return;
  assay_page_show_error (panel, error);
  clear (panel);
  if (error != NULL)
    {
      hide (panel);
      return;
    }
  g_autofree char *words
      = asking->n == 0 ? g_strdup ("No item is behind this number.")
        : asking->n > MOST
            ? g_strdup_printf ("%u items, of which the %u that speak against it most", asking->n, MOST)
            : g_strdup_printf ("%u item%s", asking->n, asking->n == 1 ? "" : "s");
  GtkWidget *list = list_new (asking), *scroll = gtk_scrolled_window_new ();
  add_head (panel, words);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroll), list);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroll), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_widget_set_vexpand (scroll, TRUE);
  gtk_box_append (GTK_BOX (panel), scroll);
  GtkListBoxRow *first = gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), 0);
  if (first != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (first));
}

GtkWidget *
assay_dashboard_items_new (void)
{
  GtkWidget *panel = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkEventController *keys = gtk_event_controller_key_new ();
  g_signal_connect (keys, "key-pressed", G_CALLBACK (on_key), panel);
  gtk_widget_add_controller (panel, keys);
  gtk_widget_add_css_class (panel, "dashboard-items");
  gtk_widget_set_size_request (panel, 440, -1);
  gtk_widget_set_halign (panel, GTK_ALIGN_END);
  hide (panel);
  return panel;
}

void
assay_dashboard_items_show (GtkWidget *panel, AssayDesk *desk, const char *what, AssayDashboardOpen open,
                            gpointer owner)
{
  g_auto (GStrv) parts = g_strsplit (what, "\t", 3);
  if (g_strv_length (parts) != 3)
    return;
  GtkWidget *spinner = gtk_spinner_new ();
  guint serial = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (panel), "serial")) + 1;
  g_object_set_data (G_OBJECT (panel), "serial", GUINT_TO_POINTER (serial));
  clear (panel);
  add_head (panel, "Looking for the items…");
  gtk_spinner_start (GTK_SPINNER (spinner));
  gtk_box_append (GTK_BOX (panel), spinner);
  gtk_widget_set_visible (panel, TRUE);
  Asking *asking = g_new0 (Asking, 1);
  asking->kind = g_strdup (parts[0]);
  asking->task = g_strdup (parts[1]);
  asking->which = g_strdup (parts[2]);
  asking->list = g_array_new (FALSE, FALSE, sizeof (Behind));
  g_array_set_clear_func (asking->list, behind_clear);
  asking->serial = serial;
  asking->open = open;
  asking->owner = owner;
  assay_desk_read (desk, read_items, asking, asking_free, on_items, panel);
}
