/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/sensor-settings.h"

#include "app/gui/control-row.h"
#include "app/gui/sensor-papers.h"
#include "app/gui/widget.h"
#include "core/json.h"

#define SEND_MS 100   /* a slider under the hand is sent this often */
#define FOLLOW_MS 1000
#define PATIENCE 5    /* follow-ups without an answer, before the next question */

struct _AssaySensorSettings
{
  GtkWidget parent_instance;
  AssayStudio *studio; /* (nullable) */
  AssayDesk *desk;     /* (nullable) */
  AssayLive *live;
  GPtrArray *formats_words; /* of char *, one each of the drop-down; [0] is the camera's own choice, "" */
  GHashTable *rows;         /* char * id -> AssayControlRow, borrowed from the box */
  json_t *waiting;          /* {id: value} to be sent */
  json_t *presets;          /* (nullable) as shown */
  gboolean filling;
  guint send_timer, follow_timer, unanswered;

  GtkEditableLabel *title;
  GtkDropDown *formats, *presets_list;
  GtkLabel *calibration, *answer;
  GtkWidget *tools, *lock, *saved, *none;
  GtkEntry *preset_name;
  GtkBox *controls;
};

static guint signal_changed;

G_DEFINE_FINAL_TYPE (AssaySensorSettings, assay_sensor_settings, GTK_TYPE_WIDGET)

/* Sizes and rates */

static void
on_format (AssaySensorSettings *settings)
{
  if (!settings->filling && settings->live != NULL)
    g_signal_emit (settings, signal_changed, 0);
}

static void
add_format (AssaySensorSettings *settings, GtkStringList *names, const json_t *format)
{
  gint64 width = 0, height = 0;
  const char *fourcc = assay_json_get_string (format, "fourcc");
  size_t i;
  json_t *fps;
  assay_json_get_int (format, "width", &width);
  assay_json_get_int (format, "height", &height);
  json_array_foreach (json_object_get (format, "fps"), i, fps)
  {
    double rate = json_number_value (fps);
    g_autofree char *name = g_strdup_printf ("%" G_GINT64_FORMAT " × %" G_GINT64_FORMAT " · %.4g fps · %s", width,
                                             height, rate, fourcc);
    gtk_string_list_append (names, name);
    g_ptr_array_add (settings->formats_words,
                     g_strdup_printf (",size=%" G_GINT64_FORMAT "x%" G_GINT64_FORMAT ",fps=%.4g,format=%s", width,
                                      height, rate, fourcc));
  }
}

static void
fill_formats (AssaySensorSettings *settings, const json_t *formats)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  guint chosen = 0;
  size_t i;
  json_t *format;
  g_ptr_array_set_size (settings->formats_words, 0);
  gtk_string_list_append (names, "The camera's choice");
  g_ptr_array_add (settings->formats_words, g_strdup (""));
  json_array_foreach (formats, i, format) add_format (settings, names, format);
  for (guint k = 0; settings->live != NULL && k < settings->formats_words->len; k++)
    if (g_str_equal (settings->formats_words->pdata[k], assay_live_get_settings (settings->live)))
      chosen = k;
  gtk_drop_down_set_model (settings->formats, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (settings->formats, chosen);
  gtk_widget_set_visible (GTK_WIDGET (settings->formats), json_array_size (formats) > 0);
}

char *
assay_sensor_settings_dup_words (AssaySensorSettings *settings)
{
  guint at = gtk_drop_down_get_selected (settings->formats);
  return g_strdup (at < settings->formats_words->len ? settings->formats_words->pdata[at] : "");
}

/* Controls */

static gboolean
send_waiting (gpointer data)
{
  AssaySensorSettings *settings = data;
  settings->send_timer = 0;
  if (settings->studio != NULL && settings->live != NULL && json_object_size (settings->waiting) > 0)
    assay_studio_apply_controls (settings->studio, settings->live, settings->waiting);
  json_object_clear (settings->waiting);
  return G_SOURCE_REMOVE;
}

static void
on_set (AssayControlRow *row, const char *id, json_t *value, AssaySensorSettings *settings)
{
  json_object_set (settings->waiting, id, value);
  if (settings->send_timer == 0)
    settings->send_timer = g_timeout_add (SEND_MS, send_waiting, settings);
}

static void
show_answer (AssaySensorSettings *settings, const char *text, gboolean wrong)
{
  gtk_label_set_text (settings->answer, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (settings->answer), text != NULL);
  if (wrong)
    gtk_widget_add_css_class (GTK_WIDGET (settings->answer), "warning");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (settings->answer), "warning");
}

static const json_t *
get_controls (AssaySensorSettings *settings)
{
  if (settings->live == NULL)
    return NULL;
  const json_t *now = assay_live_get_controls (settings->live);
  return now != NULL ? now : json_object_get (assay_live_get_info (settings->live)->details, "controls");
}

static void
remove_rows (AssaySensorSettings *settings)
{
  GtkWidget *old;
  g_hash_table_remove_all (settings->rows);
  while ((old = gtk_widget_get_first_child (GTK_WIDGET (settings->controls))) != NULL)
    gtk_box_remove (settings->controls, old);
}

static void
update_controls (AssaySensorSettings *settings)
{
  const json_t *controls = get_controls (settings);
  gboolean on = settings->live != NULL && assay_live_get_state (settings->live) == ASSAY_LIVE_ON;
  size_t i;
  json_t *control;
  settings->unanswered = 0;
  json_array_foreach (controls, i, control)
  {
    const char *id = assay_json_get_string (control, "id");
    AssayControlRow *row = id != NULL ? g_hash_table_lookup (settings->rows, id) : NULL;
    if (row != NULL)
      {
        assay_control_row_update (row, control);
        continue;
      }
    if (id == NULL)
      continue;
    row = ASSAY_CONTROL_ROW (assay_control_row_new (control));
    g_signal_connect_object (row, "set", G_CALLBACK (on_set), settings, 0);
    gtk_box_append (settings->controls, GTK_WIDGET (row));
    g_hash_table_insert (settings->rows, g_strdup (id), row);
  }
  gboolean any = json_array_size (controls) > 0;
  gtk_widget_set_sensitive (GTK_WIDGET (settings->controls), on);
  gtk_widget_set_sensitive (settings->tools, on);
  gtk_widget_set_visible (settings->tools, any);
  gtk_widget_set_visible (settings->none, !any && !gtk_widget_get_visible (GTK_WIDGET (settings->formats)));
}

static gboolean
on_follow (gpointer data)
{
  AssaySensorSettings *settings = data;
  gboolean on = settings->live != NULL && assay_live_get_state (settings->live) == ASSAY_LIVE_ON;
  gboolean recorded = settings->live != NULL && settings->studio != NULL
                      && assay_studio_is_recording (settings->studio, assay_live_get_info (settings->live)->kind);
  gtk_widget_set_sensitive (GTK_WIDGET (settings->formats), !recorded);
  if (on && settings->studio != NULL && gtk_widget_get_mapped (GTK_WIDGET (settings))
      && settings->unanswered++ % PATIENCE == 0)
    assay_studio_read_controls (settings->studio, settings->live);
  return G_SOURCE_CONTINUE;
}

/* {id: why} in lines. */
static void
on_answered (AssaySensorSettings *settings, AssayLive *live, const char *what, const json_t *wrongs,
             const char *error)
{
  g_autoptr (GString) text = g_string_new (error);
  const char *id;
  json_t *why;
  if (live != settings->live)
    return;
  json_object_foreach ((json_t *) wrongs, id, why)
      g_string_append_printf (text, "%s%s: %s", text->len > 0 ? "\n" : "", id, json_string_value (why));
  gboolean wrong = text->len > 0, set = g_str_equal (what, "set");
  if (!wrong && !set)
    g_string_append_printf (text, "%s: everything came out as wanted", what);
  show_answer (settings, text->len > 0 ? text->str : NULL, wrong);
}

static void
on_lock (AssaySensorSettings *settings)
{
  if (settings->studio != NULL && settings->live != NULL)
    assay_studio_lock_controls (settings->studio, settings->live);
}

/* Presets and calibration */

static void
show_presets (AssaySensorSettings *settings)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  size_t i;
  json_t *entry;
  json_array_foreach (settings->presets, i, entry)
      gtk_string_list_append (names, assay_json_get_string (entry, "name"));
  gtk_drop_down_set_model (settings->presets_list, G_LIST_MODEL (names));
  gtk_widget_set_visible (settings->saved, json_array_size (settings->presets) > 0);
}

static void
on_papers (gpointer owner, gpointer data, const GError *error)
{
  AssaySensorSettings *settings = owner;
  AssaySensorPapers *papers = data;
  if (error != NULL || settings->live == NULL
      || !g_str_equal (papers->identity, assay_live_get_info (settings->live)->id))
    return;
  json_decref (settings->presets);
  settings->presets = g_steal_pointer (&papers->presets);
  show_presets (settings);
  gtk_label_set_text (settings->calibration, papers->calibration != NULL ? papers->calibration : "");
  gtk_widget_set_visible (GTK_WIDGET (settings->calibration), papers->calibration != NULL);
  if (papers->calibrated)
    gtk_widget_remove_css_class (GTK_WIDGET (settings->calibration), "dim-label");
  else
    gtk_widget_add_css_class (GTK_WIDGET (settings->calibration), "dim-label");
}

static void
read_papers (AssaySensorSettings *settings)
{
  const AssayDeviceInfo *info = settings->live != NULL ? assay_live_get_info (settings->live) : NULL;
  if (settings->desk == NULL || info == NULL || info->kind != ASSAY_DEVICE_CAMERA)
    return;
  AssayStream *stream = assay_live_get_stream (settings->live);
  const AssayStreamFormat *format = stream != NULL ? assay_stream_get_format (stream) : NULL;
  assay_sensor_papers_read (settings->desk,
                            assay_sensor_papers_new (info->id, format != NULL ? format->pixels.width_px : 0,
                                                     format != NULL ? format->pixels.height_px : 0,
                                                     assay_live_get_controls (settings->live)),
                            on_papers, settings);
}

static void
on_saved (gpointer owner, gpointer data, const GError *error)
{
  AssaySensorSettings *settings = owner;
  show_answer (settings, error != NULL ? error->message : "saved", error != NULL);
  if (error == NULL)
    gtk_editable_set_text (GTK_EDITABLE (settings->preset_name), "");
  read_papers (settings);
}

static void
on_save (AssaySensorSettings *settings)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (settings->preset_name))));
  const json_t *controls = get_controls (settings);
  if (*name == '\0')
    gtk_widget_grab_focus (GTK_WIDGET (settings->preset_name));
  else if (settings->desk != NULL && controls != NULL)
    assay_sensor_papers_save (settings->desk, assay_live_get_info (settings->live)->id,
                              assay_live_get_name (settings->live), name, controls, on_saved, settings);
}

static void
on_restore (AssaySensorSettings *settings)
{
  const json_t *entry = json_array_get (settings->presets, gtk_drop_down_get_selected (settings->presets_list));
  if (settings->studio != NULL && settings->live != NULL && entry != NULL)
    assay_studio_restore_preset (settings->studio, settings->live, json_object_get (entry, "preset"));
}

/* Which sensor */

static void
on_named (AssaySensorSettings *settings)
{
  if (settings->live == NULL || gtk_editable_label_get_editing (settings->title))
    return;
  assay_live_set_name (settings->live, gtk_editable_get_text (GTK_EDITABLE (settings->title)));
}

static void
on_live_changed (AssaySensorSettings *settings)
{
  if (!gtk_editable_label_get_editing (settings->title))
    gtk_editable_set_text (GTK_EDITABLE (settings->title), assay_live_get_name (settings->live));
  update_controls (settings);
  read_papers (settings);
  if (settings->studio != NULL && assay_live_get_state (settings->live) == ASSAY_LIVE_ON)
    assay_studio_read_controls (settings->studio, settings->live);
}

static void
fill (AssaySensorSettings *settings)
{
  const AssayDeviceInfo *info = settings->live != NULL ? assay_live_get_info (settings->live) : NULL;
  settings->filling = TRUE;
  json_object_clear (settings->waiting);
  remove_rows (settings);
  show_answer (settings, NULL, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (settings->calibration), FALSE);
  gtk_widget_set_visible (settings->saved, FALSE);
  gtk_widget_set_sensitive (GTK_WIDGET (settings->title), info != NULL);
  gtk_editable_set_text (GTK_EDITABLE (settings->title),
                         info != NULL ? assay_live_get_name (settings->live) : "Settings");
  fill_formats (settings, info != NULL ? json_object_get (info->details, "formats") : NULL);
  update_controls (settings);
  settings->filling = FALSE;
}

void
assay_sensor_settings_set_live (AssaySensorSettings *settings, AssayLive *live)
{
  if (live == settings->live)
    return;
  g_clear_handle_id (&settings->send_timer, g_source_remove);
  send_waiting (settings);
  if (settings->live != NULL)
    {
      g_signal_handlers_disconnect_by_func (settings->live, on_live_changed, settings);
      g_signal_handlers_disconnect_by_func (settings->live, update_controls, settings);
    }
  g_set_object (&settings->live, live);
  fill (settings);
  if (live == NULL)
    return;
  g_signal_connect_object (live, "changed", G_CALLBACK (on_live_changed), settings, G_CONNECT_SWAPPED);
  g_signal_connect_object (live, "controls", G_CALLBACK (update_controls), settings, G_CONNECT_SWAPPED);
  on_live_changed (settings);
}

AssayLive *
assay_sensor_settings_get_live (AssaySensorSettings *settings)
{
  return settings->live;
}

void
assay_sensor_settings_set_studio (AssaySensorSettings *settings, AssayStudio *studio, AssayDesk *desk)
{
  g_clear_handle_id (&settings->follow_timer, g_source_remove);
  if (settings->studio != NULL)
    g_signal_handlers_disconnect_by_func (settings->studio, on_answered, settings);
  g_set_object (&settings->studio, studio);
  g_set_object (&settings->desk, desk);
  if (studio == NULL)
    return;
  g_signal_connect_object (studio, "answered", G_CALLBACK (on_answered), settings, G_CONNECT_SWAPPED);
  settings->follow_timer = g_timeout_add (FOLLOW_MS, on_follow, settings);
}

static void
assay_sensor_settings_dispose (GObject *object)
{
  AssaySensorSettings *settings = ASSAY_SENSOR_SETTINGS (object);
  assay_sensor_settings_set_studio (settings, NULL, NULL);
  g_clear_handle_id (&settings->send_timer, g_source_remove);
  if (settings->title != NULL)
    assay_sensor_settings_set_live (settings, NULL);
  settings->filling = TRUE;
  assay_widget_clear (settings, ASSAY_TYPE_SENSOR_SETTINGS);
  G_OBJECT_CLASS (assay_sensor_settings_parent_class)->dispose (object);
}

static void
assay_sensor_settings_finalize (GObject *object)
{
  AssaySensorSettings *settings = ASSAY_SENSOR_SETTINGS (object);
  g_ptr_array_unref (settings->formats_words);
  g_hash_table_unref (settings->rows);
  json_decref (settings->waiting);
  json_decref (settings->presets);
  G_OBJECT_CLASS (assay_sensor_settings_parent_class)->finalize (object);
}

static void
assay_sensor_settings_class_init (AssaySensorSettingsClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = assay_sensor_settings_dispose;
  G_OBJECT_CLASS (class)->finalize = assay_sensor_settings_finalize;
  signal_changed = g_signal_new ("changed", ASSAY_TYPE_SENSOR_SETTINGS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/assay/Assay/sensor-settings.ui");
  gtk_widget_class_bind_template_child (widget_class, AssaySensorSettings, title);
  gtk_widget_class_bind_template_child (widget_class, AssaySensorSettings, formats);
  gtk_widget_class_bind_template_child (widget_class, AssaySensorSettings, presets_list);
  gtk_widget_class_bind_template_child (widget_class, AssaySensorSettings, calibration);
  gtk_widget_class_bind_template_child (widget_class, AssaySensorSettings, answer);
  gtk_widget_class_bind_template_child (widget_class, AssaySensorSettings, tools);
  gtk_widget_class_bind_template_child (widget_class, AssaySensorSettings, lock);
  gtk_widget_class_bind_template_child (widget_class, AssaySensorSettings, saved);
  gtk_widget_class_bind_template_child (widget_class, AssaySensorSettings, none);
  gtk_widget_class_bind_template_child (widget_class, AssaySensorSettings, preset_name);
  gtk_widget_class_bind_template_child (widget_class, AssaySensorSettings, controls);
  gtk_widget_class_bind_template_callback (widget_class, on_format);
  gtk_widget_class_bind_template_callback (widget_class, on_lock);
  gtk_widget_class_bind_template_callback (widget_class, on_save);
  gtk_widget_class_bind_template_callback (widget_class, on_restore);
  gtk_widget_class_bind_template_callback (widget_class, on_named);
}

/* A long name would widen the panel: the label within has no property for it. */
static void
ellipsize (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget))
    gtk_label_set_ellipsize (GTK_LABEL (widget), PANGO_ELLIPSIZE_END);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    ellipsize (child);
}

static void
assay_sensor_settings_init (AssaySensorSettings *settings)
{
  settings->formats_words = g_ptr_array_new_with_free_func (g_free);
  settings->rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  settings->waiting = json_object ();
  settings->filling = TRUE;
  gtk_widget_init_template (GTK_WIDGET (settings));
  ellipsize (GTK_WIDGET (settings->title));
  fill (settings);
}
