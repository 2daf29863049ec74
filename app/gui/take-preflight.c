/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/take-preflight.h"

#include "app/job-preflight.h"

#include <math.h>

#define DISK_TEST_S 2

/* What is looked at: nothing in it belongs to anybody else. */
typedef struct
{
  GArray *sensors; /* of AssayPreflightSensor */
  double planned_s;
  guint64 planned_stills;
  char *consent;
  char **done;
  gboolean times_disk; /* only that */
  GPtrArray *lines;    /* the answer */
} Look;

struct _AssayTakePreflight
{
  GtkWidget parent_instance;
  AssayDesk *desk; /* NULL without a project */
  Look *next;      /* asked for while one is under way */
  gboolean looking, timing;
  AssayProgress *progress; /* of the disk's timing */
  double timed_rate;       /* bytes a second of the sensors that the disk was timed for */
  GPtrArray *lines;        /* of AssayPreflightLine; NULL before the first look */
  GPtrArray *disk;         /* the same, with the disk's alone; NULL before it was timed */
  const char *missing;     /* what has to be done before anything can be recorded; NULL = nothing */
  char *stop;              /* why it may not begin; NULL = it may */

  GtkMenuButton *button;
  GtkImage *icon;
  GtkLabel *line;
  GtkBox *list;
};

static guint signal_changed;

G_DEFINE_FINAL_TYPE (AssayTakePreflight, assay_take_preflight, GTK_TYPE_WIDGET)

static void
sensor_clear (gpointer data)
{
  AssayPreflightSensor *sensor = data;
  g_free ((char *) sensor->name);
  g_free ((char *) sensor->controller);
}

static void
look_free (gpointer data)
{
  Look *look = data;
  if (look == NULL)
    return;
  g_array_unref (look->sensors);
  g_free (look->consent);
  g_strfreev (look->done);
  g_clear_pointer (&look->lines, g_ptr_array_unref);
  g_free (look);
}

/* Looking, on a thread */

static gboolean
run (AssayProject *project, Look *look, AssayProgress *progress, GError **error)
{
  g_autoptr (AssayPlan) plan = look->times_disk ? NULL : assay_plan_get (project->store, error);
  if (plan == NULL && !look->times_disk)
    return FALSE;
  const AssayPreflightRequest request = { .directory = project->directory,
                                          .sensors = (const AssayPreflightSensor *) (gpointer) look->sensors->data,
                                          .n_sensors = look->sensors->len,
                                          .planned_s = look->planned_s,
                                          .planned_stills = look->planned_stills,
                                          .plan = plan,
                                          .consent = look->consent,
                                          .done = (const char *const *) look->done,
                                          .disk_test_s = look->times_disk ? DISK_TEST_S : 0 };
  look->lines = assay_preflight_run (&request, progress);
  return !assay_progress_stopped (progress, error);
}

static gboolean
look_around (AssayProject *project, gpointer data, GError **error)
{
  return run (project, data, NULL, error);
}

static gboolean
time_disk (AssayProject *project, gpointer data, AssayProgress *progress, GError **error)
{
  return run (project, data, progress, error);
}

/* Showing */

static const char *
get_icon (AssayPreflightVerdict verdict)
{
  static const char *const names[]
      = { "emblem-ok-symbolic", "dialog-warning-symbolic", "action-unavailable-symbolic" };
  return names[verdict];
}

static const char *
get_class (AssayPreflightVerdict verdict)
{
  static const char *const names[] = { "success", "warning", "error" };
  return names[verdict];
}

static void
set_verdict_class (GtkWidget *widget, AssayPreflightVerdict verdict)
{
  for (guint i = ASSAY_PREFLIGHT_GOOD; i <= ASSAY_PREFLIGHT_STOP; i++)
    gtk_widget_remove_css_class (widget, get_class (i));
  gtk_widget_add_css_class (widget, get_class (verdict));
}

static GtkWidget *
line_new (const AssayPreflightLine *line)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9), *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *icon = gtk_image_new_from_icon_name (get_icon (line->verdict)), *why = gtk_label_new (line->why);
  set_verdict_class (icon, line->verdict);
  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_widget_set_margin_top (icon, 2);
  gtk_label_set_xalign (GTK_LABEL (why), 0);
  gtk_label_set_wrap (GTK_LABEL (why), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (why), 52);
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  assay_preflight_verdict_to_text (line->verdict), -1);
  gtk_box_append (GTK_BOX (texts), why);
  if (line->remedy != NULL)
    {
      GtkWidget *remedy = gtk_label_new (line->remedy);
      gtk_label_set_xalign (GTK_LABEL (remedy), 0);
      gtk_label_set_wrap (GTK_LABEL (remedy), TRUE);
      gtk_label_set_max_width_chars (GTK_LABEL (remedy), 52);
      gtk_widget_add_css_class (remedy, "dim-label");
      gtk_widget_add_css_class (remedy, "caption");
      gtk_box_append (GTK_BOX (texts), remedy);
    }
  gtk_box_append (GTK_BOX (row), icon);
  gtk_box_append (GTK_BOX (row), texts);
  return row;
}

static const AssayPreflightLine *
find_worst (AssayTakePreflight *view)
{
  const AssayPreflightLine *worst = view->lines->pdata[0];
  const AssayPreflightLine *disk = view->disk != NULL && view->disk->len > 0 ? view->disk->pdata[0] : NULL;
  return disk != NULL && disk->verdict > worst->verdict ? disk : worst;
}

static void
show_words (AssayTakePreflight *view, AssayPreflightVerdict verdict, const char *words)
{
  gtk_image_set_from_icon_name (view->icon, get_icon (verdict));
  set_verdict_class (GTK_WIDGET (view->icon), verdict);
  gtk_label_set_text (view->line, words);
  gtk_widget_set_tooltip_text (GTK_WIDGET (view->button), words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (view->button), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
}

static void
show (AssayTakePreflight *view)
{
  GtkWidget *old;
  while ((old = gtk_widget_get_first_child (GTK_WIDGET (view->list))) != NULL)
    gtk_box_remove (view->list, old);
  g_clear_pointer (&view->stop, g_free);
  gtk_widget_set_visible (GTK_WIDGET (view->button), view->lines != NULL && view->lines->len > 0);
  if (view->lines != NULL && view->lines->len > 0)
    {
      for (guint i = 0; view->disk != NULL && i < view->disk->len; i++)
        gtk_box_append (view->list, line_new (view->disk->pdata[i]));
      for (guint i = 0; i < view->lines->len; i++)
        gtk_box_append (view->list, line_new (view->lines->pdata[i]));
      const AssayPreflightLine *worst = find_worst (view);
      g_autofree char *words = worst->verdict == ASSAY_PREFLIGHT_GOOD
                                   ? g_strdup ("Ready to record")
                                   : g_strdup_printf ("%s%s%s", worst->why, worst->remedy != NULL ? ": " : "",
                                                      worst->remedy != NULL ? worst->remedy : "");
      show_words (view, worst->verdict, words);
      if (worst->verdict == ASSAY_PREFLIGHT_STOP)
        view->stop = g_steal_pointer (&words);
      if (view->missing != NULL)
        show_words (view, ASSAY_PREFLIGHT_STOP, view->missing);
    }
  g_signal_emit (view, signal_changed, 0);
}

/* Asking */

static void ask (AssayTakePreflight *view, Look *take_look);

static void
on_looked (gpointer owner, gpointer data, const GError *error)
{
  AssayTakePreflight *view = owner;
  Look *look = data;
  view->looking = FALSE;
  if (error == NULL && look->lines != NULL)
    {
      g_clear_pointer (&view->lines, g_ptr_array_unref);
      view->lines = g_steal_pointer (&look->lines);
      show (view);
    }
  if (view->next != NULL)
    ask (view, g_steal_pointer (&view->next));
}

static void
on_timed (gpointer owner, gpointer data, const GError *error)
{
  AssayTakePreflight *view = owner;
  Look *look = data;
  view->timing = FALSE;
  g_clear_pointer (&view->progress, assay_progress_unref);
  if (error != NULL || look->lines == NULL)
    return;
  for (guint i = look->lines->len; i > 0; i--)
    if (!g_str_equal (((const AssayPreflightLine *) look->lines->pdata[i - 1])->what, "disk"))
      g_ptr_array_remove_index (look->lines, i - 1);
  g_clear_pointer (&view->disk, g_ptr_array_unref);
  view->disk = g_steal_pointer (&look->lines);
  show (view);
}

static void
ask (AssayTakePreflight *view, Look *take_look)
{
  if (view->looking)
    {
      look_free (view->next);
      view->next = take_look;
      return;
    }
  view->looking = TRUE;
  assay_desk_read (view->desk, look_around, take_look, look_free, on_looked, view);
}

/* Of the last second and a half. */
static double
get_peak (AssayLive *live)
{
  AssayLevel level;
  double peak = NAN;
  if (!assay_live_get_level (live, &level))
    return peak;
  for (guint i = 0; i < MIN (level.channels, ASSAY_LEVEL_CHANNELS); i++)
    peak = i == 0 ? level.held[i] : MAX (peak, level.held[i]);
  return peak;
}

static Look *
look_new (AssayStudio *studio, const gboolean wanted[2], double *ret_rate)
{
  Look *look = g_new0 (Look, 1);
  look->sensors = g_array_new (FALSE, TRUE, sizeof (AssayPreflightSensor));
  g_array_set_clear_func (look->sensors, sensor_clear);
  GListModel *all = assay_studio_get_sensors (studio);
  *ret_rate = 0;
  for (guint i = 0; i < g_list_model_get_n_items (all); i++)
    {
      g_autoptr (AssayLive) live = g_list_model_get_item (all, i);
      const AssayDeviceInfo *info = assay_live_get_info (live);
      if (!wanted[info->kind] || assay_live_get_state (live) != ASSAY_LIVE_ON)
        continue;
      AssayPreflightSensor sensor;
      assay_preflight_describe (assay_live_get_stream (live), info, &sensor);
      sensor.name = g_strdup (assay_live_get_name (live));
      sensor.peak = get_peak (live);
      sensor.controller = g_strdup (sensor.controller);
      g_array_append_val (look->sensors, sensor);
      *ret_rate += sensor.bytes_per_s;
    }
  return look;
}

void
assay_take_preflight_look (AssayTakePreflight *view, AssayStudio *studio, const AssayTakeOutlook *outlook)
{
  if (view->desk == NULL)
    return;
  const gboolean wanted[2]
      = { [ASSAY_DEVICE_CAMERA] = outlook->cameras, [ASSAY_DEVICE_MICROPHONE] = outlook->microphones };
  double rate;
  Look *look = look_new (studio, wanted, &rate);
  view->missing = outlook->missing;
  look->planned_s = outlook->planned_s;
  look->planned_stills = outlook->planned_stills;
  look->consent = g_strdup (outlook->consent);
  look->done = g_strdupv ((char **) outlook->done);
  ask (view, look);
  gboolean idle = !assay_studio_is_recording (studio, ASSAY_DEVICE_CAMERA)
                  && !assay_studio_is_recording (studio, ASSAY_DEVICE_MICROPHONE);
  if (!idle && view->progress != NULL)
    {
      assay_progress_cancel (view->progress);
      view->timed_rate = 0; /* once more after the recording */
    }
  if (view->timing || !idle || rate <= 0 || rate == view->timed_rate)
    return;
  view->timing = TRUE;
  view->timed_rate = rate;
  Look *timing = look_new (studio, wanted, &rate);
  timing->times_disk = TRUE;
  assay_desk_start_job (view->desk, "Timing the disk", ASSAY_STORE_READ, time_disk, timing, look_free, on_timed,
                        view);
  GListModel *jobs = assay_desk_get_jobs (view->desk);
  g_autoptr (AssayDeskJob) job = g_list_model_get_item (jobs, g_list_model_get_n_items (jobs) - 1);
  view->progress = assay_progress_ref (assay_desk_job_get_progress (job));
}

const char *
assay_take_preflight_get_stop (AssayTakePreflight *view)
{
  return view->stop;
}

static void
forget (AssayTakePreflight *view)
{
  if (view->progress != NULL)
    assay_progress_cancel (view->progress);
  g_clear_pointer (&view->progress, assay_progress_unref);
  g_clear_pointer (&view->next, look_free);
  g_clear_pointer (&view->lines, g_ptr_array_unref);
  g_clear_pointer (&view->disk, g_ptr_array_unref);
  view->looking = view->timing = FALSE;
  view->timed_rate = 0;
}

void
assay_take_preflight_set_desk (AssayTakePreflight *view, AssayDesk *desk)
{
  forget (view);
  g_set_object (&view->desk, desk);
  show (view);
}

static void
assay_take_preflight_dispose (GObject *object)
{
  AssayTakePreflight *view = ASSAY_TAKE_PREFLIGHT (object);
  GtkWidget *child;
  forget (view);
  g_clear_object (&view->desk);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (view))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (assay_take_preflight_parent_class)->dispose (object);
}

static void
assay_take_preflight_finalize (GObject *object)
{
  g_free (ASSAY_TAKE_PREFLIGHT (object)->stop);
  G_OBJECT_CLASS (assay_take_preflight_parent_class)->finalize (object);
}

static void
assay_take_preflight_class_init (AssayTakePreflightClass *class)
{
  G_OBJECT_CLASS (class)->dispose = assay_take_preflight_dispose;
  G_OBJECT_CLASS (class)->finalize = assay_take_preflight_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
  signal_changed
      = g_signal_new ("changed", ASSAY_TYPE_TAKE_PREFLIGHT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
assay_take_preflight_init (AssayTakePreflight *view)
{
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6), *popover = gtk_popover_new ();
  view->button = GTK_MENU_BUTTON (gtk_menu_button_new ());
  view->icon = GTK_IMAGE (gtk_image_new ());
  view->line = GTK_LABEL (gtk_label_new (NULL));
  view->list = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 9));
  gtk_label_set_ellipsize (view->line, PANGO_ELLIPSIZE_END);
  gtk_label_set_wrap (view->line, TRUE);
  gtk_label_set_lines (view->line, 2);
  gtk_widget_add_css_class (GTK_WIDGET (view->line), "caption");
  gtk_label_set_xalign (view->line, 0);
  gtk_box_append (GTK_BOX (content), GTK_WIDGET (view->icon));
  gtk_box_append (GTK_BOX (content), GTK_WIDGET (view->line));
  gtk_widget_set_margin_top (GTK_WIDGET (view->list), 12);
  gtk_widget_set_margin_bottom (GTK_WIDGET (view->list), 12);
  gtk_widget_set_margin_start (GTK_WIDGET (view->list), 12);
  gtk_widget_set_margin_end (GTK_WIDGET (view->list), 12);
  gtk_popover_set_child (GTK_POPOVER (popover), GTK_WIDGET (view->list));
  gtk_menu_button_set_child (view->button, content);
  gtk_menu_button_set_popover (view->button, popover);
  gtk_menu_button_set_has_frame (view->button, FALSE);
  gtk_widget_add_css_class (GTK_WIDGET (view->button), "preflight");
  gtk_menu_button_set_direction (view->button, GTK_ARROW_UP);
  gtk_widget_set_focus_on_click (GTK_WIDGET (view->button), FALSE);
  gtk_widget_set_parent (GTK_WIDGET (view->button), GTK_WIDGET (view));
  gtk_widget_set_visible (GTK_WIDGET (view->button), FALSE);
}
