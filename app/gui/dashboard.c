/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/dashboard.h"

#include "app/gui/chooser.h"
#include "app/gui/dashboard-cards.h"
#include "app/gui/dashboard-chart.h"
#include "app/gui/dashboard-items.h"
#include "app/gui/page.h"
#include "app/gui/shortcuts.h"
#include "app/gui/widget.h"
#include "app/job-report.h"
#include "app/report.h"
#include "core/file.h"
#include "core/json.h"

#define SETTLE_MS 1000 /* edits come in bursts */
#define TWO_COLUMNS_PX 1180
#define MARGIN_PX 60 /* around charts: of the page, the cards and the scroll bar */
#define LEAST_PX 420
#define MOST_PX 1100

struct _AssayDashboard
{
  GtkWidget parent_instance;
  AssayDesk *desk;
  json_t *document; /* (nullable) what was measured last */
  gboolean shown, measuring, asking, stale;
  guint timer, refill;
  int width;       /* that charts were made for */
  gint64 task_row; /* -1 = all */
  GtkBox *box, *cards;
  GtkDropDown *tasks;
  GtkLabel *told, *state;
  GtkSpinner *spinner;
  GtkWidget *save, *items;
};

G_DEFINE_FINAL_TYPE (AssayDashboard, assay_dashboard, GTK_TYPE_WIDGET)

enum
{
  SIGNAL_OPEN_ITEM,
  SIGNAL_CLOSED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
say_state (AssayDashboard *self)
{
  const char *words = self->measuring ? "measuring…" : self->document == NULL ? "not measured" : "";
  gtk_label_set_text (self->state, words);
  if (self->measuring)
    gtk_spinner_start (self->spinner);
  else
    gtk_spinner_stop (self->spinner);
  gtk_widget_set_sensitive (self->save, self->document != NULL);
}

/* Showing */

static void
on_told (AssayDashboard *self, const char *tip)
{
  gtk_label_set_text (self->told, tip != NULL ? tip : "");
}

static void
open_item (gpointer owner, gint64 item_row, gint64 task_row)
{
  gtk_widget_set_visible (ASSAY_DASHBOARD (owner)->items, FALSE);
  g_signal_emit (owner, signals[SIGNAL_OPEN_ITEM], 0, item_row, task_row);
}

static void
on_open (AssayDashboard *self, const char *what)
{
  if (self->desk != NULL)
    assay_dashboard_items_show (self->items, self->desk, what, open_item, self);
}

static void
on_charted (gpointer owner, GtkWidget *chart)
{
  g_signal_connect_object (chart, "told", G_CALLBACK (on_told), owner, G_CONNECT_SWAPPED);
  g_signal_connect_object (chart, "open", G_CALLBACK (on_open), owner, G_CONNECT_SWAPPED);
}

static const char *
chosen_task (AssayDashboard *self)
{
  guint at = gtk_drop_down_get_selected (self->tasks);
  GtkStringObject *chosen = gtk_drop_down_get_selected_item (self->tasks);
  return at == 0 || chosen == NULL ? NULL : gtk_string_object_get_string (chosen);
}

static void
fill (AssayDashboard *self)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->cards))) != NULL)
    gtk_box_remove (self->cards, child);
  on_told (self, NULL);
  say_state (self);
  self->width = gtk_widget_get_width (GTK_WIDGET (self));
  if (self->document == NULL || self->width == 0)
    return;
  guint columns = self->width >= TWO_COLUMNS_PX ? 2 : 1;
  double width = CLAMP ((self->width - MARGIN_PX) / (double) columns - (columns > 1 ? 24 : 0), LEAST_PX, MOST_PX);
  g_autoptr (GPtrArray) blocks = assay_report_compose (self->document, chosen_task (self), width);
  assay_dashboard_cards_fill (self->cards, blocks, columns, on_charted, self);
}

static void
on_task (AssayDashboard *self)
{
  fill (self);
}

/* Which tasks there are; who looked at one goes on looking at it. */
static void
fill_tasks (AssayDashboard *self)
{
  g_autofree char *chosen = g_strdup (chosen_task (self));
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  const GPtrArray *tasks = self->desk != NULL ? assay_desk_get_tasks (self->desk) : NULL;
  guint at = 0;
  gtk_string_list_append (names, "All tasks");
  for (guint i = 0; tasks != NULL && i < tasks->len; i++)
    {
      const AssayTask *task = tasks->pdata[i];
      gtk_string_list_append (names, task->name);
      at = g_strcmp0 (task->name, chosen) == 0 ? i + 1 : at;
    }
  g_signal_handlers_block_by_func (self->tasks, on_task, self);
  gtk_drop_down_set_model (self->tasks, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->tasks, at);
  g_signal_handlers_unblock_by_func (self->tasks, on_task, self);
  gtk_widget_set_visible (GTK_WIDGET (self->tasks), tasks != NULL && tasks->len > 1);
}

/* Measuring */

typedef struct
{
  json_t *document;
  char *stamp;
} Measured;

static void
measured_free (gpointer data)
{
  Measured *measured = data;
  json_decref (measured->document);
  g_free (measured->stamp);
  g_free (measured);
}

static void ask (AssayDashboard *self);

static gboolean
measure (AssayProject *project, gpointer data, AssayProgress *progress, GError **error)
{
  Measured *measured = data;
  measured->document = assay_job_report (project, FALSE, progress, error);
  return measured->document != NULL;
}

static void
on_measured (gpointer owner, gpointer data, const GError *error)
{
  AssayDashboard *self = owner;
  Measured *measured = data;
  self->measuring = FALSE;
  assay_page_show_error (self, error);
  if (error == NULL)
    {
      json_decref (self->document);
      self->document = g_steal_pointer (&measured->document);
      fill (self);
    }
  say_state (self);
  if (self->stale && error == NULL)
    ask (self);
}

static gboolean
read_stamp (AssayProject *project, gpointer data, GError **error)
{
  Measured *measured = data;
  measured->stamp = assay_job_report_dup_stamp (project, error);
  return measured->stamp != NULL;
}

/* What was committed need not be what figures rest on. */
static void
on_stamp (gpointer owner, gpointer data, const GError *error)
{
  AssayDashboard *self = owner;
  const Measured *measured = data;
  self->asking = FALSE;
  if (error != NULL || self->desk == NULL || self->measuring
      || (self->document != NULL
          && g_strcmp0 (measured->stamp, assay_json_get_string (self->document, "stamp")) == 0))
    return;
  self->measuring = TRUE;
  say_state (self);
  assay_desk_start_job (self->desk, "Measuring how far labels can be trusted", ASSAY_STORE_READ, measure,
                        g_new0 (Measured, 1), measured_free, on_measured, self);
}

static gboolean
on_timer (gpointer data)
{
  AssayDashboard *self = data;
  self->timer = 0;
  if (self->desk == NULL || !self->shown || self->measuring || self->asking)
    return G_SOURCE_REMOVE;
  self->stale = FALSE;
  self->asking = TRUE;
  assay_desk_read (self->desk, read_stamp, g_new0 (Measured, 1), measured_free, on_stamp, self);
  return G_SOURCE_REMOVE;
}

static void
ask (AssayDashboard *self)
{
  self->stale = TRUE;
  if (self->shown && self->desk != NULL && self->timer == 0)
    self->timer = g_timeout_add (self->document == NULL ? 0 : SETTLE_MS, on_timer, self);
}

/* Saving */

typedef struct
{
  char *path;
} Saving;

static void
saving_free (gpointer data)
{
  g_free (((Saving *) data)->path);
  g_free (data);
}

/* With all figures, as `assay report` writes it. */
static gboolean
write_report (AssayProject *project, gpointer data, AssayProgress *progress, GError **error)
{
  const Saving *saving = data;
  g_autofree char *made = assay_report_dup_date (), *lower = g_ascii_strdown (saving->path, -1);
  g_autoptr (json_t) document = assay_job_report (project, TRUE, progress, error);
  if (document == NULL)
    return FALSE;
  if (g_str_has_suffix (lower, ".pdf"))
    {
      g_autoptr (GBytes) bytes = assay_report_to_pdf (document, made, error);
      return bytes != NULL
             && assay_file_write (saving->path, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), error);
    }
  if (g_str_has_suffix (lower, ".json"))
    {
      g_autofree char *text = assay_json_canonical (document);
      return assay_file_write (saving->path, text, strlen (text), error);
    }
  GString *html = assay_report_to_html (document, made);
  gboolean done = assay_file_write (saving->path, html->str, html->len, error);
  g_string_free (html, TRUE);
  return done;
}

static void
on_written (gpointer owner, gpointer data, const GError *error)
{
  g_autofree char *text = g_strdup_printf ("Saved: %s", ((Saving *) data)->path);
  assay_page_show_error (owner, error);
  if (error == NULL)
    assay_page_toast (owner, text);
}

static void
on_chosen (gpointer owner, const char *path)
{
  AssayDashboard *self = owner;
  if (self->desk == NULL)
    return;
  Saving *saving = g_new0 (Saving, 1);
  saving->path = g_strdup (path);
  assay_desk_start_job (self->desk, "Writing the report", ASSAY_STORE_READ, write_report, saving, saving_free,
                        on_written, self);
}

static void
on_save (AssayDashboard *self)
{
  g_autofree char *name
      = g_strdup_printf ("%s.html", self->desk != NULL ? assay_desk_get_name (self->desk) : "report");
  assay_choose (GTK_WIDGET (self), GTK_FILE_CHOOSER_ACTION_SAVE, "Save the report (.html, .pdf or .json)", "_Save",
                name, on_chosen);
}

static void
on_close (AssayDashboard *self)
{
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
}

/* Being there */

static gboolean
on_refill (gpointer data)
{
  AssayDashboard *self = data;
  self->refill = 0;
  if (gtk_widget_get_width (GTK_WIDGET (self)) != self->width)
    fill (self);
  return G_SOURCE_REMOVE;
}

static void
assay_dashboard_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  AssayDashboard *self = ASSAY_DASHBOARD (widget);
  const GtkAllocation all = { 0, 0, width, height };
  gtk_widget_size_allocate (GTK_WIDGET (self->box), &all, baseline);
  /* Charts are made for a width; not while sizes are being given. */
  if (width != self->width && self->refill == 0)
    self->refill = g_idle_add (on_refill, self);
}

static void
assay_dashboard_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                         int *minimum_baseline, int *natural_baseline)
{
  gtk_widget_measure (GTK_WIDGET (ASSAY_DASHBOARD (widget)->box), orientation, for_size, minimum, natural,
                      minimum_baseline, natural_baseline);
}

void
assay_dashboard_set_shown (AssayDashboard *self, gboolean shown)
{
  self->shown = shown;
  if (shown)
    ask (self);
}

void
assay_dashboard_set_desk (AssayDashboard *self, AssayDesk *desk)
{
  if (self->desk != NULL)
    g_signal_handlers_disconnect_by_data (self->desk, self);
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_pointer (&self->document, json_decref);
  self->measuring = self->asking = FALSE;
  g_set_object (&self->desk, desk);
  gtk_widget_set_visible (self->items, FALSE);
  fill_tasks (self);
  fill (self);
  if (desk == NULL)
    return;
  g_signal_connect_object (desk, "changed", G_CALLBACK (ask), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (desk, "notify::tasks", G_CALLBACK (fill_tasks), self, G_CONNECT_SWAPPED);
  ask (self);
}

static gboolean
assay_dashboard_grab_focus (GtkWidget *widget)
{
  return gtk_widget_child_focus (GTK_WIDGET (ASSAY_DASHBOARD (widget)->cards), GTK_DIR_TAB_FORWARD)
         || gtk_widget_child_focus (GTK_WIDGET (ASSAY_DASHBOARD (widget)->box), GTK_DIR_TAB_FORWARD);
}

static void
assay_dashboard_dispose (GObject *object)
{
  AssayDashboard *self = ASSAY_DASHBOARD (object);
  GtkWidget *child;
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_handle_id (&self->refill, g_source_remove);
  g_clear_pointer (&self->document, json_decref);
  g_clear_object (&self->desk);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (assay_dashboard_parent_class)->dispose (object);
}

static void
assay_dashboard_class_init (AssayDashboardClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = assay_dashboard_dispose;
  widget_class->size_allocate = assay_dashboard_size_allocate;
  widget_class->measure = assay_dashboard_measure;
  widget_class->grab_focus = assay_dashboard_grab_focus;
  gtk_widget_class_set_css_name (widget_class, "dashboard");
  signals[SIGNAL_OPEN_ITEM] = g_signal_new ("open-item", ASSAY_TYPE_DASHBOARD, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                            NULL, G_TYPE_NONE, 2, G_TYPE_INT64, G_TYPE_INT64);
  signals[SIGNAL_CLOSED]
      = g_signal_new ("closed", ASSAY_TYPE_DASHBOARD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static GtkWidget *
head_new (AssayDashboard *self)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12),
            *back = gtk_button_new_from_icon_name ("go-previous-symbolic"),
            *title = gtk_label_new ("How far the labels can be trusted");
  self->tasks = GTK_DROP_DOWN (gtk_drop_down_new (NULL, NULL));
  self->state = GTK_LABEL (gtk_label_new (""));
  self->spinner = GTK_SPINNER (gtk_spinner_new ());
  self->save = gtk_button_new_with_label ("Save the report…");
  gtk_widget_add_css_class (title, "heading");
  gtk_widget_add_css_class (back, "flat");
  gtk_widget_add_css_class (GTK_WIDGET (self->state), "dim-label");
  gtk_widget_add_css_class (head, "case-head");
  gtk_widget_set_tooltip_text (back, "Back to the findings");
  gtk_accessible_update_property (GTK_ACCESSIBLE (back), GTK_ACCESSIBLE_PROPERTY_LABEL, "Back to the findings", -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->tasks), GTK_ACCESSIBLE_PROPERTY_LABEL, "Task", -1);
  gtk_widget_set_hexpand (GTK_WIDGET (self->state), TRUE);
  gtk_label_set_xalign (self->state, 0);
  g_signal_connect_swapped (back, "clicked", G_CALLBACK (on_close), self);
  g_signal_connect_swapped (self->save, "clicked", G_CALLBACK (on_save), self);
  g_signal_connect_swapped (self->tasks, "notify::selected", G_CALLBACK (on_task), self);
  gtk_box_append (GTK_BOX (head), back);
  gtk_box_append (GTK_BOX (head), title);
  gtk_box_append (GTK_BOX (head), GTK_WIDGET (self->tasks));
  gtk_box_append (GTK_BOX (head), GTK_WIDGET (self->spinner));
  gtk_box_append (GTK_BOX (head), GTK_WIDGET (self->state));
  gtk_box_append (GTK_BOX (head), self->save);
  return head;
}

static void
assay_dashboard_init (AssayDashboard *self)
{
  GtkWidget *scroll = gtk_scrolled_window_new ();
  self->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
  self->cards = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 12));
  self->told = GTK_LABEL (gtk_label_new (""));
  gtk_widget_add_css_class (GTK_WIDGET (self->told), "status-line");
  gtk_label_set_xalign (self->told, 0);
  gtk_label_set_ellipsize (self->told, PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (GTK_WIDGET (self->cards), "dashboard-cards");
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroll), GTK_WIDGET (self->cards));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroll), GTK_POLICY_AUTOMATIC, GTK_POLICY_AUTOMATIC);
  GtkWidget *over = gtk_overlay_new ();
  self->items = assay_dashboard_items_new ();
  gtk_overlay_set_child (GTK_OVERLAY (over), scroll);
  gtk_overlay_add_overlay (GTK_OVERLAY (over), self->items);
  gtk_widget_set_vexpand (over, TRUE);
  gtk_box_append (self->box, head_new (self));
  gtk_box_append (self->box, over);
  gtk_box_append (self->box, GTK_WIDGET (self->told));
  gtk_widget_set_parent (GTK_WIDGET (self->box), GTK_WIDGET (self));
  fill_tasks (self);
  say_state (self);
}

GtkWidget *
assay_dashboard_new (void)
{
  return g_object_new (ASSAY_TYPE_DASHBOARD, NULL);
}
