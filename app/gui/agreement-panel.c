/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/agreement-panel.h"

#include "app/gui/widget.h"
#include "qa/agreement.h"

#include <math.h>

#define SETTLE_MS 1500 /* edits come in bursts */

struct _AssayAgreementPanel
{
  GtkWidget parent_instance;
  AssayDesk *desk;
  GtkGrid *grid;
  gboolean shown, stale, measuring;
  guint timer;
};

G_DEFINE_FINAL_TYPE (AssayAgreementPanel, assay_agreement_panel, GTK_TYPE_WIDGET)

/* Of every task: AssayAgreement in a GPtrArray. */
static gboolean
measure (AssayProject *project, gpointer data, AssayProgress *progress, GError **error)
{
  GPtrArray *list = data;
  g_autoptr (GPtrArray) tasks = assay_task_list (project->store, error);
  if (tasks == NULL)
    return FALSE;
  for (guint i = 0; i < tasks->len; i++)
    {
      AssayAgreement *agreement
          = assay_agreement_compute (project, tasks->pdata[i], ASSAY_AGREEMENT_BY_CLASS, progress, error);
      if (agreement == NULL)
        return FALSE;
      g_ptr_array_add (list, agreement);
    }
  return TRUE;
}

static void
cell (AssayAgreementPanel *panel, const char *text, int column, int row, const char *class)
{
  GtkWidget *label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (label), column == 0 ? 0 : 1);
  gtk_label_set_wrap (GTK_LABEL (label), column == 0);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_set_hexpand (label, column == 0);
  gtk_widget_add_css_class (label, "numeric");
  if (class != NULL)
    gtk_widget_add_css_class (label, class);
  gtk_grid_attach (panel->grid, label, column, row, 1, 1);
}

static void
add_figure (AssayAgreementPanel *panel, const char *name, const AssayAgreementMeasure *measure_, int row,
            gboolean of_task)
{
  const char *class = of_task ? NULL : "dim-label";
  cell (panel, name, 0, row, of_task ? "figure-name" : "dim-label");
  const char *space = *measure_->unit != '\0' ? " " : "";
  g_autofree char *value = g_strdup_printf ("%.3f%s%s", measure_->value, space, measure_->unit);
  g_autofree char *interval
      = isnan (measure_->low) ? g_strdup ("") : g_strdup_printf ("[%.3f, %.3f]", measure_->low, measure_->high);
  /* Of so few items nobody is to be judged by it: it says so, and has no colour. */
  g_autofree char *n = g_strdup_printf ("n = %" G_GUINT64_FORMAT "%s", measure_->n,
                                        assay_agreement_measure_is_enough (measure_) ? "" : ", few");
  cell (panel, isnan (measure_->value) ? "–" : value, 1, row, class);
  cell (panel, interval, 2, row, "dim-label");
  cell (panel, n, 3, row, "dim-label");
}

static const AssayAgreementMeasure *
headline (const AssayAgreementGroup *group)
{
  return group->measures->len > 0 ? &g_array_index (group->measures, AssayAgreementMeasure, 0) : NULL;
}

static void
fill (AssayAgreementPanel *panel, const GPtrArray *list)
{
  GtkWidget *old;
  while ((old = gtk_widget_get_first_child (GTK_WIDGET (panel->grid))) != NULL)
    gtk_grid_remove (panel->grid, old);
  int row = 0;
  for (guint i = 0; i < list->len; i++)
    {
      const AssayAgreement *agreement = list->pdata[i];
      const AssayAgreementMeasure *all = assay_agreement_get_headline (agreement);
      if (all == NULL)
        continue;
      g_autofree char *name = g_strdup_printf ("%s · %s", agreement->task->name, all->title);
      add_figure (panel, name, all, row++, TRUE);
      if (assay_agreement_get_baseline (agreement) != NULL)
        add_figure (panel, "People, which a model must beat", assay_agreement_get_baseline (agreement), row++, FALSE);
      for (guint k = 0; k < agreement->groups->len && agreement->groups->len > 1; k++)
        {
          const AssayAgreementGroup *group = agreement->groups->pdata[k];
          if (headline (group) != NULL)
            add_figure (panel, group->title != NULL ? group->title : group->key, headline (group), row++, FALSE);
        }
    }
  if (row == 0)
    cell (panel, "Nothing to compare yet: no item has two submitted answers.", 0, 0, "dim-label");
}

static void start (AssayAgreementPanel *panel);

static void
on_measured (gpointer owner, gpointer data, const GError *error)
{
  AssayAgreementPanel *panel = owner;
  panel->measuring = FALSE;
  if (error == NULL)
    fill (panel, data);
  if (panel->stale)
    start (panel);
}

static gboolean
on_timer (gpointer data)
{
  AssayAgreementPanel *panel = data;
  panel->timer = 0;
  if (panel->desk == NULL || !panel->shown)
    return G_SOURCE_REMOVE;
  panel->stale = FALSE;
  panel->measuring = TRUE;
  assay_desk_start_job (panel->desk, "Measuring agreement", ASSAY_STORE_READ, measure,
                        g_ptr_array_new_with_free_func ((GDestroyNotify) assay_agreement_free),
                        (GDestroyNotify) g_ptr_array_unref, on_measured, panel);
  return G_SOURCE_REMOVE;
}

static void
start (AssayAgreementPanel *panel)
{
  panel->stale = TRUE;
  if (panel->shown && !panel->measuring && panel->timer == 0)
    panel->timer = g_timeout_add (gtk_widget_get_first_child (GTK_WIDGET (panel->grid)) == NULL ? 0 : SETTLE_MS,
                                  on_timer, panel);
}

void
assay_agreement_panel_set_shown (AssayAgreementPanel *panel, gboolean shown)
{
  panel->shown = shown;
  if (panel->stale && panel->desk != NULL)
    start (panel);
}

void
assay_agreement_panel_set_desk (AssayAgreementPanel *panel, AssayDesk *desk)
{
  if (panel->desk != NULL)
    g_signal_handlers_disconnect_by_data (panel->desk, panel);
  g_clear_handle_id (&panel->timer, g_source_remove);
  panel->measuring = FALSE;
  g_set_object (&panel->desk, desk);
  GtkWidget *old;
  while ((old = gtk_widget_get_first_child (GTK_WIDGET (panel->grid))) != NULL)
    gtk_grid_remove (panel->grid, old);
  if (desk == NULL)
    return;
  g_signal_connect_object (desk, "changed", G_CALLBACK (start), panel, G_CONNECT_SWAPPED);
  start (panel);
}

static void
assay_agreement_panel_dispose (GObject *object)
{
  AssayAgreementPanel *panel = ASSAY_AGREEMENT_PANEL (object);
  g_clear_handle_id (&panel->timer, g_source_remove);
  if (panel->desk != NULL)
    g_signal_handlers_disconnect_by_data (panel->desk, panel);
  g_clear_object (&panel->desk);
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (panel));
  if (child != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (assay_agreement_panel_parent_class)->dispose (object);
}

static void
assay_agreement_panel_class_init (AssayAgreementPanelClass *class)
{
  G_OBJECT_CLASS (class)->dispose = assay_agreement_panel_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
}

static void
assay_agreement_panel_init (AssayAgreementPanel *panel)
{
  panel->grid = GTK_GRID (gtk_grid_new ());
  gtk_grid_set_column_spacing (panel->grid, 12);
  gtk_grid_set_row_spacing (panel->grid, 3);
  gtk_widget_set_parent (GTK_WIDGET (panel->grid), GTK_WIDGET (panel));
}
