/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/jobs-button.h"

#include "app/gui/widget.h"

#define PERIOD_MS 200
#define PATIENCE_US (600 * G_TIME_SPAN_MILLISECOND) /* what is done by then was never worth a button */

struct _AssayJobsButton
{
  GtkWidget parent_instance;
  GtkMenuButton *button;
  GtkLabel *label;
  GtkListBox *list;
  GListModel *jobs; /* of the desk */
  guint timer;      /* reads the progress while there are jobs */
  gint64 began_us;  /* when there began to be one */
};

G_DEFINE_FINAL_TYPE (AssayJobsButton, assay_jobs_button, GTK_TYPE_WIDGET)

static void
cancel (GtkButton *button, AssayDeskJob *job)
{
  assay_progress_cancel (assay_desk_job_get_progress (job));
  gtk_widget_set_sensitive (GTK_WIDGET (button), FALSE);
}

static GtkWidget *
row_new (gpointer item, gpointer data)
{
  AssayDeskJob *job = item;
  GtkWidget *grid = gtk_grid_new ();
  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  gtk_widget_add_css_class (grid, "job");
  GtkWidget *title = gtk_label_new (assay_desk_job_get_title (job));
  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_set_hexpand (title, TRUE);
  gtk_widget_add_css_class (title, "heading");
  GtkWidget *bar = gtk_progress_bar_new ();
  GtkWidget *what = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (what), 0);
  gtk_label_set_ellipsize (GTK_LABEL (what), PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_add_css_class (what, "dim-label");
  gtk_widget_add_css_class (what, "caption");
  GtkWidget *stop = gtk_button_new_with_label ("Cancel");
  gtk_widget_set_valign (stop, GTK_ALIGN_CENTER);
  g_signal_connect_object (stop, "clicked", G_CALLBACK (cancel), job, 0);
  gtk_grid_attach (GTK_GRID (grid), title, 0, 0, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), bar, 0, 1, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), what, 0, 2, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), stop, 1, 0, 1, 3);
  gtk_widget_set_size_request (grid, 360, -1);
  g_object_set_data (G_OBJECT (grid), "bar", bar);
  g_object_set_data (G_OBJECT (grid), "what", what);
  return grid;
}

static void
update_row (AssayJobsButton *button, guint i, AssayDeskJob *job)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (button->list, (int) i);
  GtkWidget *grid = gtk_list_box_row_get_child (row);
  AssayProgress *progress = assay_desk_job_get_progress (job);
  double fraction = assay_progress_get_fraction (progress);
  g_autofree char *text = assay_progress_dup_text (progress);
  GtkProgressBar *bar = g_object_get_data (G_OBJECT (grid), "bar");
  if (fraction >= 0)
    gtk_progress_bar_set_fraction (bar, fraction);
  else
    gtk_progress_bar_pulse (bar);
  gtk_label_set_text (g_object_get_data (G_OBJECT (grid), "what"), text != NULL ? text : "");
}

static gboolean
update (gpointer data)
{
  AssayJobsButton *button = data;
  guint n = g_list_model_get_n_items (button->jobs);
  gtk_widget_set_visible (GTK_WIDGET (button), g_get_monotonic_time () - button->began_us > PATIENCE_US);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (AssayDeskJob) job = g_list_model_get_item (button->jobs, i);
      update_row (button, i, job);
      double fraction = assay_progress_get_fraction (assay_desk_job_get_progress (job));
      g_autofree char *text = fraction >= 0
                                  ? g_strdup_printf ("%s  %.0f %%", assay_desk_job_get_title (job), 100 * fraction)
                                  : g_strdup_printf ("%s…", assay_desk_job_get_title (job));
      if (i == 0)
        gtk_label_set_text (button->label, text);
    }
  return G_SOURCE_CONTINUE;
}

static void
on_jobs_changed (AssayJobsButton *button)
{
  guint n = button->jobs != NULL ? g_list_model_get_n_items (button->jobs) : 0;
  if (n > 0 && button->timer == 0)
    {
      button->began_us = g_get_monotonic_time ();
      button->timer = g_timeout_add (PERIOD_MS, update, button);
    }
  if (n == 0)
    {
      gtk_widget_set_visible (GTK_WIDGET (button), FALSE);
      g_clear_handle_id (&button->timer, g_source_remove);
      gtk_menu_button_popdown (button->button);
    }
  else
    update (button);
}

void
assay_jobs_button_set_desk (AssayJobsButton *button, AssayDesk *desk)
{
  if (button->jobs != NULL)
    g_signal_handlers_disconnect_by_func (button->jobs, on_jobs_changed, button);
  g_clear_object (&button->jobs);
  if (desk != NULL)
    button->jobs = g_object_ref (assay_desk_get_jobs (desk));
  gtk_list_box_bind_model (button->list, button->jobs, row_new, NULL, NULL);
  if (button->jobs != NULL)
    g_signal_connect_object (button->jobs, "items-changed", G_CALLBACK (on_jobs_changed), button,
                             G_CONNECT_SWAPPED);
  on_jobs_changed (button);
}

static void
assay_jobs_button_dispose (GObject *object)
{
  AssayJobsButton *button = ASSAY_JOBS_BUTTON (object);
  g_clear_handle_id (&button->timer, g_source_remove);
  g_clear_object (&button->jobs);
  assay_widget_clear (button, ASSAY_TYPE_JOBS_BUTTON);
  G_OBJECT_CLASS (assay_jobs_button_parent_class)->dispose (object);
}

static void
assay_jobs_button_class_init (AssayJobsButtonClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = assay_jobs_button_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/assay/Assay/jobs-button.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayJobsButton, button);
  gtk_widget_class_bind_template_child (widget_class, AssayJobsButton, label);
  gtk_widget_class_bind_template_child (widget_class, AssayJobsButton, list);
}

static void
assay_jobs_button_init (AssayJobsButton *button)
{
  gtk_widget_init_template (GTK_WIDGET (button));
}
