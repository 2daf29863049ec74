/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/sensor-row.h"

#include "app/gui/widget.h"

#include <math.h>

#define PERIOD_MS 100
#define RATE_PERIOD_US G_USEC_PER_SEC
#define FLOOR_DB 60.0

struct _AssaySensorRow
{
  GtkWidget parent_instance;
  AssayLive *live;
  guint timer;
  gint64 counted_us;
  guint64 counted;
  double fps;        /* NaN until a second was counted */
  gboolean updating; /* the switch follows the state: nobody switched it */

  GtkImage *icon;
  GtkLabel *name, *facts;
  GtkLevelBar *level;
  GtkSwitch *toggle;
};

static guint signal_switched;

G_DEFINE_FINAL_TYPE (AssaySensorRow, assay_sensor_row, GTK_TYPE_WIDGET)

static void
update_rate (AssaySensorRow *row, AssayStream *stream)
{
  gint64 now_us = g_get_monotonic_time ();
  guint64 received = assay_stream_count_received (stream);
  if (row->counted_us == 0 || now_us - row->counted_us >= RATE_PERIOD_US)
    {
      if (row->counted_us != 0)
        row->fps = (double) (received - row->counted) * G_USEC_PER_SEC / (double) (now_us - row->counted_us);
      row->counted_us = now_us;
      row->counted = received;
    }
}

static void
update_camera (AssaySensorRow *row, AssayStream *stream)
{
  const AssayStreamFormat *format = assay_stream_get_format (stream);
  update_rate (row, stream);
  g_autofree char *rate = isnan (row->fps) ? g_strdup ("…") : g_strdup_printf ("%.1f", row->fps);
  g_autofree char *facts = g_strdup_printf ("%u × %u · %s fps · %" G_GUINT64_FORMAT " lost", format->pixels.width_px,
                                            format->pixels.height_px, rate, assay_stream_count_overrun (stream));
  gtk_label_set_text (row->facts, facts);
}

static void
update_microphone (AssaySensorRow *row, AssayStream *stream)
{
  const AssayStreamFormat *format = assay_stream_get_format (stream);
  double peak, rms;
  assay_live_take_level (row->live, &peak, &rms);
  double db = rms > 0 ? MAX (-FLOOR_DB, 20 * log10 (rms)) : -FLOOR_DB;
  gtk_level_bar_set_value (row->level, db + FLOOR_DB);
  g_autofree char *facts
      = g_strdup_printf ("%u Hz · %.0f dBFS%s", format->rate_hz, db, peak >= 1 ? " · too loud" : "");
  gtk_label_set_text (row->facts, facts);
}

static gboolean
on_timer (gpointer data)
{
  AssaySensorRow *row = data;
  AssayStream *stream = assay_live_get_stream (row->live);
  if (stream != NULL && assay_stream_get_kind (stream) == ASSAY_DEVICE_CAMERA)
    update_camera (row, stream);
  else if (stream != NULL)
    update_microphone (row, stream);
  return G_SOURCE_CONTINUE;
}

static void
update (AssaySensorRow *row)
{
  AssayLiveState state = assay_live_get_state (row->live);
  gboolean on = state == ASSAY_LIVE_ON;
  row->updating = TRUE;
  gtk_switch_set_active (row->toggle, on || state == ASSAY_LIVE_OPENING);
  row->updating = FALSE;
  gtk_widget_set_visible (GTK_WIDGET (row->level),
                          on && assay_live_get_info (row->live)->kind == ASSAY_DEVICE_MICROPHONE);
  if (on && row->timer == 0)
    {
      row->counted_us = 0;
      row->fps = NAN;
      row->timer = g_timeout_add (PERIOD_MS, on_timer, row);
      on_timer (row);
    }
  if (!on)
    {
      g_clear_handle_id (&row->timer, g_source_remove);
      const char *texts[]
          = { [ASSAY_LIVE_OFF] = "off", [ASSAY_LIVE_OPENING] = "opening…", [ASSAY_LIVE_FAILED] = "" };
      gtk_label_set_text (row->facts,
                          state == ASSAY_LIVE_FAILED ? assay_live_get_trouble (row->live) : texts[state]);
    }
  if (state == ASSAY_LIVE_FAILED)
    gtk_widget_add_css_class (GTK_WIDGET (row->facts), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (row->facts), "error");
  gtk_widget_set_tooltip_text (GTK_WIDGET (row->facts), assay_live_get_trouble (row->live));
}

static void
on_toggled (AssaySensorRow *row)
{
  if (!row->updating)
    g_signal_emit (row, signal_switched, 0, gtk_switch_get_active (row->toggle));
}

AssayLive *
assay_sensor_row_get_live (AssaySensorRow *row)
{
  return row->live;
}

GtkWidget *
assay_sensor_row_new (AssayLive *live)
{
  AssaySensorRow *row = g_object_new (ASSAY_TYPE_SENSOR_ROW, NULL);
  const AssayDeviceInfo *info = assay_live_get_info (live);
  row->live = g_object_ref (live);
  gtk_image_set_from_icon_name (row->icon, info->kind == ASSAY_DEVICE_CAMERA ? "camera-web-symbolic"
                                                                             : "audio-input-microphone-symbolic");
  gtk_label_set_text (row->name, info->name);
  gtk_widget_set_tooltip_text (GTK_WIDGET (row->name), info->id);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row->toggle), GTK_ACCESSIBLE_PROPERTY_LABEL, info->name, -1);
  g_signal_connect_object (live, "changed", G_CALLBACK (update), row, G_CONNECT_SWAPPED);
  update (row);
  return GTK_WIDGET (row);
}

static void
assay_sensor_row_dispose (GObject *object)
{
  AssaySensorRow *row = ASSAY_SENSOR_ROW (object);
  g_clear_handle_id (&row->timer, g_source_remove);
  if (row->live != NULL)
    g_signal_handlers_disconnect_by_func (row->live, update, row);
  g_clear_object (&row->live);
  assay_widget_clear (row, ASSAY_TYPE_SENSOR_ROW);
  G_OBJECT_CLASS (assay_sensor_row_parent_class)->dispose (object);
}

static void
assay_sensor_row_class_init (AssaySensorRowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = assay_sensor_row_dispose;
  signal_switched = g_signal_new ("switched", ASSAY_TYPE_SENSOR_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/assay/Assay/sensor-row.ui");
  gtk_widget_class_bind_template_child (widget_class, AssaySensorRow, icon);
  gtk_widget_class_bind_template_child (widget_class, AssaySensorRow, name);
  gtk_widget_class_bind_template_child (widget_class, AssaySensorRow, facts);
  gtk_widget_class_bind_template_child (widget_class, AssaySensorRow, level);
  gtk_widget_class_bind_template_child (widget_class, AssaySensorRow, toggle);
  gtk_widget_class_bind_template_callback (widget_class, on_toggled);
}

static void
assay_sensor_row_init (AssaySensorRow *row)
{
  row->fps = NAN;
  gtk_widget_init_template (GTK_WIDGET (row));
}
