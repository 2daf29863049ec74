/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/live-area.h"

#include "app/gui/alarm.h"
#include "app/gui/live-banner.h"
#include "app/gui/live-grid.h"
#include "app/gui/meter-view.h"
#include "app/gui/shortcuts.h"
#include "app/gui/widget.h"
#include "capture/preflight.h"
#include "core/clock.h"
#include "core/json.h"

#include <math.h>

#define PERIOD_MS 200
#define DISK_TICKS 10
#define DONE_S 3
#define FAILED_S 20
#define SKEW_DECIMALS 1e6 /* ns in a millisecond */

struct _AssayLiveArea
{
  GtkWidget parent_instance;
  AssayStudio *studio; /* (nullable) */
  char *directory;
  AssayAlarm *alarm;
  AssayDiskGuard guard; /* while nothing is recorded */
  guint timer, done_timer, n_ticks;
  guint64 lost_before; /* that was told of by a sound */
  gboolean was_away, updating;
  GtkToggleButton *toggles[4];

  GtkBox *frame;
  AssayLiveBanner *banner;
  GtkStack *stack;
  AssayLiveGrid *grid;
  GtkBox *tools, *meters;
  GtkLabel *disk, *skew, *slowed;
  GtkToggleButton *mute;
};

static guint signal_chosen;

G_DEFINE_FINAL_TYPE (AssayLiveArea, assay_live_area, GTK_TYPE_WIDGET)

/* What is drawn over the picture */

static const struct
{
  AssayOverlays overlay;
  const char *icon, *name, *tip, *action;
} overlays[] = {
  { ASSAY_OVERLAY_HISTOGRAM, "assay-histogram-symbolic", "Histogram", "Histogram", "page.histogram" },
  { ASSAY_OVERLAY_EXPOSURE, "assay-exposure-symbolic", "Exposure warnings",
    "Exposure\nRed stripes where it is too bright, blue ones where it is black", "page.exposure" },
  { ASSAY_OVERLAY_FOCUS, "assay-focus-symbolic", "Focus peaking",
    "Focus\nSharp edges in yellow, sharpness beside the best of ten seconds", "page.focus" },
  { ASSAY_OVERLAY_GRID, "assay-thirds-symbolic", "Grid", "Grid of thirds", "page.grid" },
};

static void
show_overlays (AssayLiveArea *area)
{
  AssayLive *live = assay_live_area_get_chosen (area);
  AssayOverlays on = live != NULL ? assay_live_get_overlays (live) : 0;
  area->updating = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (overlays); i++)
    gtk_toggle_button_set_active (area->toggles[i], (on & overlays[i].overlay) != 0);
  area->updating = FALSE;
}

void
assay_live_area_toggle (AssayLiveArea *area, AssayOverlays overlay)
{
  AssayLive *live = assay_live_area_get_chosen (area);
  if (live != NULL)
    assay_live_set_overlays (live, assay_live_get_overlays (live) ^ overlay);
  show_overlays (area);
}

static void
on_tool (GtkToggleButton *button, AssayLiveArea *area)
{
  for (guint i = 0; i < G_N_ELEMENTS (overlays) && !area->updating; i++)
    if (area->toggles[i] == button)
      assay_live_area_toggle (area, overlays[i].overlay);
}

static void
add_tools (AssayLiveArea *area)
{
  for (guint i = 0; i < G_N_ELEMENTS (overlays); i++)
    {
      GtkWidget *button = gtk_toggle_button_new ();
      gtk_button_set_icon_name (GTK_BUTTON (button), overlays[i].icon);
      gtk_widget_set_tooltip_text (button, overlays[i].tip);
      assay_shortcuts_tip (button, overlays[i].action, NULL);
      gtk_widget_set_focus_on_click (button, FALSE);
      gtk_widget_add_css_class (button, "osd");
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, overlays[i].name, -1);
      g_signal_connect_object (button, "toggled", G_CALLBACK (on_tool), area, 0);
      gtk_box_append (area->tools, button);
      area->toggles[i] = GTK_TOGGLE_BUTTON (button);
    }
}

/* Tiles and strips */

static void
add_meter (AssayLiveArea *area, AssayLive *live)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12), *name = gtk_label_new (assay_live_get_name (live)),
            *meter = assay_meter_view_new ();
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_width_chars (GTK_LABEL (name), 16);
  gtk_label_set_max_width_chars (GTK_LABEL (name), 16);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (name, "caption");
  gtk_widget_set_hexpand (meter, TRUE);
  gtk_widget_set_valign (meter, GTK_ALIGN_CENTER);
  assay_meter_view_set_live (ASSAY_METER_VIEW (meter), live);
  gtk_box_append (GTK_BOX (row), name);
  gtk_box_append (GTK_BOX (row), meter);
  gtk_box_append (area->meters, row);
}

static gboolean
is_on (AssayLive *live)
{
  return assay_live_get_state (live) == ASSAY_LIVE_ON || assay_live_get_away_s (live) > 0;
}

void
assay_live_area_arrange (AssayLiveArea *area)
{
  g_autoptr (GPtrArray) cameras = g_ptr_array_new ();
  GListModel *sensors = area->studio != NULL ? assay_studio_get_sensors (area->studio) : NULL;
  GtkWidget *old;
  while ((old = gtk_widget_get_first_child (GTK_WIDGET (area->meters))) != NULL)
    gtk_box_remove (area->meters, old);
  for (guint i = 0; sensors != NULL && i < g_list_model_get_n_items (sensors); i++)
    {
      g_autoptr (AssayLive) live = g_list_model_get_item (sensors, i);
      if (!is_on (live))
        continue;
      if (assay_live_get_info (live)->kind == ASSAY_DEVICE_CAMERA)
        g_ptr_array_add (cameras, live);
      else
        add_meter (area, live);
    }
  gboolean hears = gtk_widget_get_first_child (GTK_WIDGET (area->meters)) != NULL;
  assay_live_grid_set_lives (area->grid, cameras);
  gtk_widget_set_visible (GTK_WIDGET (area->meters), hears);
  gtk_stack_set_visible_child_name (area->stack, cameras->len > 0 ? "live" : hears ? "sound" : "empty");
  show_overlays (area);
}

AssayLive *
assay_live_area_get_chosen (AssayLiveArea *area)
{
  return assay_live_grid_get_chosen (area->grid);
}

static void
on_chosen (AssayLiveArea *area)
{
  show_overlays (area);
  g_signal_emit (area, signal_chosen, 0);
}

/* From four metres */

static void
set_banner (AssayLiveArea *area, AssayBannerState state, const char *line, const char *reason)
{
  const char *before = assay_banner_state_to_class (assay_live_banner_get_state (area->banner)),
             *after = assay_banner_state_to_class (state);
  assay_live_banner_set (area->banner, state, line, reason);
  if (before == after)
    return;
  if (before != NULL)
    gtk_widget_remove_css_class (GTK_WIDGET (area->frame), before);
  if (after != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (area->frame), after);
}

static char *
dup_clock (double seconds)
{
  guint s = (guint) seconds;
  return s < 3600 ? g_strdup_printf ("%02u:%02u", s / 60, s % 60)
                  : g_strdup_printf ("%u:%02u:%02u", s / 3600, s / 60 % 60, s % 60);
}

static char *
dup_lost (const AssayStudioLook *look)
{
  if (look->lost_samples == 0)
    return g_strdup_printf ("%" G_GUINT64_FORMAT " lost", look->lost_frames);
  if (look->lost_frames == 0)
    return g_strdup_printf ("%" G_GUINT64_FORMAT " samples lost", look->lost_samples);
  return g_strdup_printf ("%" G_GUINT64_FORMAT " frames, %" G_GUINT64_FORMAT " samples lost", look->lost_frames,
                          look->lost_samples);
}

/* Which sensor has lost the most: "12 frames of left camera were lost"; NULL when none has. */
static char *
dup_loser (AssayLiveArea *area)
{
  GListModel *sensors = assay_studio_get_sensors (area->studio);
  g_autoptr (AssayLive) loser = NULL;
  guint64 most = 0;
  for (guint i = 0; i < g_list_model_get_n_items (sensors); i++)
    {
      g_autoptr (AssayLive) live = g_list_model_get_item (sensors, i);
      guint64 kept, missing;
      if (!assay_studio_get_sensor_counts (area->studio, live, &kept, &missing) || missing <= most)
        continue;
      most = missing;
      g_set_object (&loser, live);
    }
  if (loser == NULL)
    return NULL;
  gboolean camera = assay_live_get_info (loser)->kind == ASSAY_DEVICE_CAMERA;
  return g_strdup_printf ("%" G_GUINT64_FORMAT " %s of %s %s lost", most,
                          camera ? (most == 1 ? "frame" : "frames") : "samples", assay_live_get_name (loser),
                          most == 1 ? "was" : "were");
}

static char *
dup_reason (AssayLiveArea *area, const AssayStudioLook *look)
{
  if (look->away != NULL)
    return g_strdup_printf ("%s is away: %.0f s", assay_live_get_name (look->away),
                            assay_live_get_away_s (look->away));
  if (look->has_disk && look->disk.seconds_left < ASSAY_DISK_LOW_S)
    return g_strdup_printf ("the disk is full in %.0f min", floor (look->disk.seconds_left / 60));
  return dup_loser (area);
}

/* Heard once for each loss, and when a device goes away. */
static void
sound (AssayLiveArea *area, const AssayStudioLook *look)
{
  guint64 lost = look->lost_frames + look->lost_samples;
  if (lost > area->lost_before || (look->away != NULL && !area->was_away))
    assay_alarm_sound (area->alarm);
  area->lost_before = lost;
  area->was_away = look->away != NULL;
}

static void
update_banner (AssayLiveArea *area, const AssayStudioLook *look)
{
  if (!look->recording)
    {
      if (area->done_timer == 0)
        set_banner (area, ASSAY_BANNER_NONE, NULL, NULL);
      return;
    }
  g_autofree char *reason = dup_reason (area, look), *lost = dup_lost (look), *clock = dup_clock (look->seconds);
  g_autofree char *line = g_strdup_printf ("● %s   %s", clock, lost);
  g_clear_handle_id (&area->done_timer, g_source_remove);
  sound (area, look);
  /* Stills that are waited for are no recording under way: it is told only what goes wrong. */
  if (look->on_demand && reason == NULL)
    set_banner (area, ASSAY_BANNER_NONE, NULL, NULL);
  else
    set_banner (area, reason != NULL ? ASSAY_BANNER_TROUBLE : ASSAY_BANNER_RECORDING, line, reason);
}

static gboolean
on_done (gpointer data)
{
  AssayLiveArea *area = data;
  area->done_timer = 0;
  set_banner (area, ASSAY_BANNER_NONE, NULL, NULL);
  return G_SOURCE_REMOVE;
}

/* "1798 frames · 60 s of sound" of a report, and what is missing of it. */
static char *
dup_receipt (const json_t *report, gint64 *ret_lost)
{
  gint64 frames = 0;
  double sound_s = 0;
  size_t i;
  json_t *sensor;
  *ret_lost = 0;
  json_array_foreach (json_object_get (report, "sensors"), i, sensor)
  {
    gint64 written = 0, lost = 0, rate_hz = 0;
    assay_json_get_int (sensor, "written", &written);
    assay_json_get_int (sensor, "lost", &lost);
    *ret_lost += lost;
    if (g_strcmp0 (assay_json_get_string (sensor, "kind"), "camera") == 0)
      frames += written;
    else if (assay_json_get_int (sensor, "rate", &rate_hz) && rate_hz > 0)
      sound_s += (double) written / (double) rate_hz;
  }
  g_autofree char *of_frames = frames > 0 ? g_strdup_printf ("%" G_GINT64_FORMAT " frames", frames) : NULL;
  g_autofree char *of_sound = sound_s > 0 ? g_strdup_printf ("%.1f s of sound", sound_s) : NULL;
  return g_strjoin (" · ",
                    of_frames != NULL  ? of_frames
                    : of_sound != NULL ? of_sound
                                       : "nothing",
                    of_frames != NULL ? of_sound : NULL, NULL);
}

static void
on_recorded (AssayLiveArea *area, const char *trouble, const json_t *report)
{
  gint64 lost = 0;
  g_autofree char *receipt = dup_receipt (report, &lost);
  g_clear_handle_id (&area->done_timer, g_source_remove);
  if (trouble != NULL)
    {
      assay_alarm_sound (area->alarm);
      set_banner (area, ASSAY_BANNER_TROUBLE, "Recording ended", trouble);
    }
  else if (lost > 0)
    {
      g_autofree char *line = g_strdup_printf ("%" G_GINT64_FORMAT " lost", lost);
      set_banner (area, ASSAY_BANNER_TROUBLE, line, receipt);
    }
  else
    {
      g_autofree char *line = g_strdup_printf ("✓ %s", receipt);
      set_banner (area, ASSAY_BANNER_DONE, line, "nothing was lost");
    }
  area->lost_before = 0;
  area->was_away = FALSE;
  area->done_timer = g_timeout_add_seconds (trouble != NULL || lost > 0 ? FAILED_S : DONE_S, on_done, area);
}

/* The foot */

static char *
dup_left (double seconds)
{
  if (seconds < 120)
    return g_strdup_printf ("%.0f s", floor (seconds));
  if (seconds < 2 * 3600)
    return g_strdup_printf ("%.0f min", floor (seconds / 60));
  return seconds < 100 * 3600 ? g_strdup_printf ("%.0f h", floor (seconds / 3600))
                              : g_strdup_printf ("%.0f days", floor (seconds / 86400));
}

/* What the sensors that are on would write, as they are set. */
static double
promise (AssayLiveArea *area)
{
  GListModel *sensors = assay_studio_get_sensors (area->studio);
  double bytes_per_s = 0;
  for (guint i = 0; i < g_list_model_get_n_items (sensors); i++)
    {
      g_autoptr (AssayLive) live = g_list_model_get_item (sensors, i);
      if (assay_live_get_state (live) == ASSAY_LIVE_ON)
        bytes_per_s += assay_preflight_estimate_rate (assay_stream_get_format (assay_live_get_stream (live)));
    }
  return bytes_per_s;
}

static void
show_disk (AssayLiveArea *area, const AssayDiskState *state)
{
  g_autofree char *room = g_format_size (state->free_bytes);
  gboolean known = state->seconds_left < 1e9, low = state->seconds_left < ASSAY_DISK_LOW_S;
  g_autofree char *left = dup_left (known ? state->seconds_left : 0);
  g_autofree char *text = known ? g_strdup_printf ("%s free (%s)", room, left) : g_strdup_printf ("%s free", room);
  gtk_label_set_text (area->disk, text);
  if (low)
    gtk_widget_add_css_class (GTK_WIDGET (area->disk), "warning");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (area->disk), "warning");
}

static void
update_foot (AssayLiveArea *area, const AssayStudioLook *look)
{
  g_autofree char *skew = look->has_skew
                              ? g_strdup_printf ("skew %.1f ms, p95 %.1f ms", look->skew.median_ns / SKEW_DECIMALS,
                                                 look->skew.p95_ns / SKEW_DECIMALS)
                              : NULL;
  gtk_label_set_text (area->skew, skew != NULL ? skew : "");
  if (look->has_disk)
    show_disk (area, &look->disk);
  else if (area->n_ticks % DISK_TICKS == 0
           && assay_disk_guard_look (&area->guard, area->directory, 0, 0, promise (area), assay_clock_now_ns (),
                                     NULL))
    show_disk (area, &area->guard.state);
  AssayLive *slowed = look->slowed, *chosen = assay_live_area_get_chosen (area);
  AssayLiveRates rates = { 0 };
  if (slowed == NULL && chosen != NULL)
    slowed = chosen;
  if (slowed != NULL)
    assay_live_get_rates (slowed, &rates);
  g_autofree char *text
      = rates.slowed ? g_strdup_printf ("preview slowed down: %.0f of %.0f pictures a second; recording goes first",
                                        rates.shown_fps, rates.received_fps)
                     : NULL;
  gtk_label_set_text (area->slowed, text != NULL ? text : "");
}

static gboolean
on_timer (gpointer data)
{
  AssayLiveArea *area = data;
  AssayStudioLook look;
  assay_studio_get_look (area->studio, &look);
  update_banner (area, &look);
  update_foot (area, &look);
  area->n_ticks++;
  return G_SOURCE_CONTINUE;
}

static void
on_mute (AssayLiveArea *area)
{
  gboolean muted = gtk_toggle_button_get_active (area->mute);
  gtk_button_set_icon_name (GTK_BUTTON (area->mute),
                            muted ? "audio-volume-muted-symbolic" : "audio-volume-high-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (area->mute),
                               muted ? "Losses are not heard" : "Losses and unexpected stops are heard");
  gtk_accessible_update_property (GTK_ACCESSIBLE (area->mute), GTK_ACCESSIBLE_PROPERTY_LABEL, "Mute the alarm", -1);
  if (muted != assay_alarm_is_muted (area->alarm))
    assay_alarm_set_muted (area->alarm, muted);
}

void
assay_live_area_set_studio (AssayLiveArea *area, AssayStudio *studio, const char *directory)
{
  g_clear_handle_id (&area->timer, g_source_remove);
  g_clear_handle_id (&area->done_timer, g_source_remove);
  if (area->studio != NULL)
    g_signal_handlers_disconnect_by_func (area->studio, on_recorded, area);
  g_set_object (&area->studio, studio);
  g_free (area->directory);
  area->directory = g_strdup (directory);
  area->guard = (AssayDiskGuard){ 0 };
  area->lost_before = 0;
  area->was_away = FALSE;
  area->n_ticks = 0;
  set_banner (area, ASSAY_BANNER_NONE, NULL, NULL);
  assay_live_area_arrange (area);
  if (studio == NULL)
    return;
  g_signal_connect_object (studio, "recorded", G_CALLBACK (on_recorded), area, G_CONNECT_SWAPPED);
  area->timer = g_timeout_add (PERIOD_MS, on_timer, area);
  on_timer (area);
}

static void
assay_live_area_dispose (GObject *object)
{
  AssayLiveArea *area = ASSAY_LIVE_AREA (object);
  if (area->grid != NULL)
    assay_live_area_set_studio (area, NULL, NULL);
  g_clear_object (&area->alarm);
  assay_widget_clear (area, ASSAY_TYPE_LIVE_AREA);
  G_OBJECT_CLASS (assay_live_area_parent_class)->dispose (object);
}

static void
assay_live_area_class_init (AssayLiveAreaClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = assay_live_area_dispose;
  signal_chosen
      = g_signal_new ("chosen", ASSAY_TYPE_LIVE_AREA, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_type_ensure (ASSAY_TYPE_LIVE_BANNER);
  g_type_ensure (ASSAY_TYPE_LIVE_GRID);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/assay/Assay/live-area.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayLiveArea, frame);
  gtk_widget_class_bind_template_child (widget_class, AssayLiveArea, banner);
  gtk_widget_class_bind_template_child (widget_class, AssayLiveArea, stack);
  gtk_widget_class_bind_template_child (widget_class, AssayLiveArea, grid);
  gtk_widget_class_bind_template_child (widget_class, AssayLiveArea, tools);
  gtk_widget_class_bind_template_child (widget_class, AssayLiveArea, meters);
  gtk_widget_class_bind_template_child (widget_class, AssayLiveArea, disk);
  gtk_widget_class_bind_template_child (widget_class, AssayLiveArea, skew);
  gtk_widget_class_bind_template_child (widget_class, AssayLiveArea, slowed);
  gtk_widget_class_bind_template_child (widget_class, AssayLiveArea, mute);
  gtk_widget_class_bind_template_callback (widget_class, on_mute);
  gtk_widget_class_set_css_name (widget_class, "live-area");
}

static void
assay_live_area_init (AssayLiveArea *area)
{
  area->alarm = assay_alarm_new ();
  gtk_widget_init_template (GTK_WIDGET (area));
  add_tools (area);
  gtk_toggle_button_set_active (area->mute, assay_alarm_is_muted (area->alarm));
  on_mute (area);
  g_signal_connect_object (area->grid, "chosen", G_CALLBACK (on_chosen), area, G_CONNECT_SWAPPED);
}
