/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/sensor-settings.h"

#include "app/gui/widget.h"
#include "core/json.h"

#define SETTLE_MS 400 /* a slider is let go before the camera is opened again */

struct _AssaySensorSettings
{
  GtkWidget parent_instance;
  AssayLive *live;
  GPtrArray *formats_words; /* of char *, one each of the drop-down; [0] is the camera's own choice, "" */
  GHashTable *values;       /* char * id of a control -> char * value: those that were touched */
  gboolean filling;
  guint timer;

  GtkLabel *title;
  GtkDropDown *formats;
  GtkGrid *controls;
  GtkWidget *none;
};

static guint signal_changed;

G_DEFINE_FINAL_TYPE (AssaySensorSettings, assay_sensor_settings, GTK_TYPE_WIDGET)

static void
on_format (AssaySensorSettings *settings)
{
  if (!settings->filling && settings->live != NULL)
    g_signal_emit (settings, signal_changed, 0);
}

static gboolean
on_settled (gpointer data)
{
  AssaySensorSettings *settings = data;
  settings->timer = 0;
  g_signal_emit (settings, signal_changed, 0);
  return G_SOURCE_REMOVE;
}

static void
on_control (GtkAdjustment *adjustment, AssaySensorSettings *settings)
{
  const char *id = g_object_get_data (G_OBJECT (adjustment), "id");
  g_hash_table_insert (settings->values, g_strdup (id),
                       g_strdup_printf ("%.0f", gtk_adjustment_get_value (adjustment)));
  g_clear_handle_id (&settings->timer, g_source_remove);
  settings->timer = g_timeout_add (SETTLE_MS, on_settled, settings);
}

static void
fill_formats (AssaySensorSettings *settings, const json_t *formats)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  gtk_string_list_append (names, "The camera's choice");
  g_ptr_array_add (settings->formats_words, g_strdup (""));
  size_t i, k;
  json_t *format, *fps;
  json_array_foreach (formats, i, format)
  {
    gint64 width = 0, height = 0;
    const char *fourcc = assay_json_get_string (format, "fourcc");
    assay_json_get_int (format, "width", &width);
    assay_json_get_int (format, "height", &height);
    json_array_foreach (json_object_get (format, "fps"), k, fps)
    {
      double rate = json_number_value (fps);
      g_autofree char *name = g_strdup_printf ("%" G_GINT64_FORMAT "×%" G_GINT64_FORMAT " · %.4g fps · %s", width,
                                               height, rate, fourcc);
      gtk_string_list_append (names, name);
      g_ptr_array_add (settings->formats_words,
                       g_strdup_printf (",size=%" G_GINT64_FORMAT "x%" G_GINT64_FORMAT ",fps=%.4g,format=%s", width,
                                        height, rate, fourcc));
    }
  }
  gtk_drop_down_set_model (settings->formats, G_LIST_MODEL (names));
}

static void
add_control (AssaySensorSettings *settings, const json_t *control, int row)
{
  gint64 low = 0, high = 0, step = 1, value = 0;
  assay_json_get_int (control, "min", &low);
  assay_json_get_int (control, "max", &high);
  assay_json_get_int (control, "step", &step);
  assay_json_get_int (control, "value", &value);
  const char *name = assay_json_get_string (control, "name");
  GtkWidget *label = gtk_label_new (name);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_tooltip_text (label, name);
  GtkWidget *scale
      = gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, (double) low, (double) high, (double) MAX (1, step));
  gtk_scale_set_draw_value (GTK_SCALE (scale), TRUE);
  gtk_scale_set_value_pos (GTK_SCALE (scale), GTK_POS_RIGHT);
  gtk_widget_set_hexpand (scale, TRUE);
  gtk_range_set_value (GTK_RANGE (scale), (double) value);
  gtk_accessible_update_property (GTK_ACCESSIBLE (scale), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  GtkAdjustment *adjustment = gtk_range_get_adjustment (GTK_RANGE (scale));
  g_object_set_data_full (G_OBJECT (adjustment), "id", g_strdup (assay_json_get_string (control, "id")), g_free);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (on_control), settings, 0);
  gtk_grid_attach (settings->controls, label, 0, row, 1, 1);
  gtk_grid_attach (settings->controls, scale, 1, row, 1, 1);
}

static gboolean
is_number (const json_t *control)
{
  const char *type = assay_json_get_string (control, "type");
  gint64 low = 0, high = 0;
  return (g_strcmp0 (type, "integer") == 0 || g_strcmp0 (type, "boolean") == 0)
         && assay_json_get_int (control, "min", &low) && assay_json_get_int (control, "max", &high) && high > low;
}

static void
fill (AssaySensorSettings *settings)
{
  settings->filling = TRUE;
  g_ptr_array_set_size (settings->formats_words, 0);
  g_hash_table_remove_all (settings->values);
  GtkWidget *old;
  while ((old = gtk_widget_get_first_child (GTK_WIDGET (settings->controls))) != NULL)
    gtk_grid_remove (settings->controls, old);
  const AssayDeviceInfo *info = settings->live != NULL ? assay_live_get_info (settings->live) : NULL;
  gtk_label_set_text (settings->title, info != NULL ? info->name : "Settings");
  const json_t *formats = info != NULL ? json_object_get (info->details, "formats") : NULL;
  const json_t *controls = info != NULL ? json_object_get (info->details, "controls") : NULL;
  fill_formats (settings, formats);
  size_t i;
  json_t *control;
  json_array_foreach (controls, i, control) if (is_number (control)) add_control (settings, control, (int) i);
  gtk_widget_set_visible (GTK_WIDGET (settings->formats), json_array_size (formats) > 0);
  gtk_widget_set_visible (settings->none, json_array_size (formats) == 0 && json_array_size (controls) == 0);
  settings->filling = FALSE;
}

void
assay_sensor_settings_set_live (AssaySensorSettings *settings, AssayLive *live)
{
  if (live == settings->live)
    return;
  g_clear_handle_id (&settings->timer, g_source_remove);
  g_set_object (&settings->live, live);
  fill (settings);
}

AssayLive *
assay_sensor_settings_get_live (AssaySensorSettings *settings)
{
  return settings->live;
}

char *
assay_sensor_settings_dup_words (AssaySensorSettings *settings)
{
  guint at = gtk_drop_down_get_selected (settings->formats);
  GString *words = g_string_new (at < settings->formats_words->len ? settings->formats_words->pdata[at] : "");
  GHashTableIter iter;
  gpointer id, value;
  g_hash_table_iter_init (&iter, settings->values);
  while (g_hash_table_iter_next (&iter, &id, &value))
    g_string_append_printf (words, ",%s=%s", (char *) id, (char *) value);
  return g_string_free (words, FALSE);
}

static void
assay_sensor_settings_dispose (GObject *object)
{
  AssaySensorSettings *settings = ASSAY_SENSOR_SETTINGS (object);
  g_clear_handle_id (&settings->timer, g_source_remove);
  g_clear_object (&settings->live);
  g_clear_pointer (&settings->formats_words, g_ptr_array_unref);
  g_clear_pointer (&settings->values, g_hash_table_unref);
  settings->filling = TRUE;
  assay_widget_clear (settings, ASSAY_TYPE_SENSOR_SETTINGS);
  G_OBJECT_CLASS (assay_sensor_settings_parent_class)->dispose (object);
}

static void
assay_sensor_settings_class_init (AssaySensorSettingsClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = assay_sensor_settings_dispose;
  signal_changed = g_signal_new ("changed", ASSAY_TYPE_SENSOR_SETTINGS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/assay/Assay/sensor-settings.ui");
  gtk_widget_class_bind_template_child (widget_class, AssaySensorSettings, title);
  gtk_widget_class_bind_template_child (widget_class, AssaySensorSettings, formats);
  gtk_widget_class_bind_template_child (widget_class, AssaySensorSettings, controls);
  gtk_widget_class_bind_template_child (widget_class, AssaySensorSettings, none);
  gtk_widget_class_bind_template_callback (widget_class, on_format);
}

static void
assay_sensor_settings_init (AssaySensorSettings *settings)
{
  settings->formats_words = g_ptr_array_new_with_free_func (g_free);
  settings->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  settings->filling = TRUE;
  gtk_widget_init_template (GTK_WIDGET (settings));
  fill (settings);
}
