/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/studio-private.h"

#include "core/error.h"

#include <glib-unix.h>
#include <string.h>

#define TICK_S 2
#define TURN "assay-studio-turn"
#define LOOK_TICKS 8 /* where plugging is heard; else every tick */

static guint signal_recorded, signal_answered;

G_DEFINE_FINAL_TYPE (AssayStudio, assay_studio, G_TYPE_OBJECT)

static void
order_free (Order *order)
{
  g_clear_object (&order->live);
  g_clear_pointer (&order->infos, g_ptr_array_unref);
  g_clear_pointer (&order->streams, g_ptr_array_unref);
  g_clear_pointer (&order->names, g_ptr_array_unref);
  g_strfreev (order->checklist);
  g_strfreev (order->triggers);
  g_free ((char *) order->plan.name);
  g_free ((char *) order->plan.operator_name);
  g_free ((char *) order->plan.subject);
  g_free ((char *) order->plan.consent);
  g_free ((char *) order->plan.note);
  json_decref (order->conditions);
  json_decref (order->report);
  json_decref (order->values);
  json_decref (order->controls);
  json_decref (order->wrongs);
  g_free (order->words);
  g_free (order->trouble);
  g_clear_error (&order->error);
  g_object_unref (order->studio);
  g_free (order);
}

static gboolean
hand_back (gpointer data)
{
  Order *order = data;
  if (!order->studio->closed && order->answer != NULL)
    order->answer (order);
  return G_SOURCE_REMOVE;
}

static gpointer
studio_thread (gpointer data)
{
  GAsyncQueue *orders = data;
  gboolean going = TRUE;
  while (going)
    {
      Order *order = g_async_queue_pop (orders);
      going = order->work != NULL;
      if (going)
        order->work (order);
      g_idle_add_full (G_PRIORITY_DEFAULT, hand_back, order, (GDestroyNotify) order_free);
    }
  g_async_queue_unref (orders);
  return NULL;
}

Order *
assay_studio_order_new (AssayStudio *studio, void (*work) (Order *), void (*answer) (Order *))
{
  Order *order = g_new0 (Order, 1);
  order->studio = g_object_ref (studio);
  order->work = work;
  order->answer = answer;
  return order;
}

void
assay_studio_push (AssayStudio *studio, Order *take_order)
{
  g_async_queue_push (studio->orders, take_order);
}

void
assay_studio_tell_recorded (AssayStudio *studio, const char *trouble, const json_t *report)
{
  g_signal_emit (studio, signal_recorded, 0, trouble, report);
}

void
assay_studio_tell_answered (AssayStudio *studio, AssayLive *live, const char *what, const json_t *wrongs,
                            const char *error)
{
  g_signal_emit (studio, signal_answered, 0, live, what, wrongs, error);
}

/* Looking */

static void
probe_all (Order *order)
{
  /* A source that fails takes nothing from the others. */
  order->infos = assay_source_probe_all (TRUE, NULL);
}

static gboolean
has_info (const GPtrArray *infos, AssayLive *live)
{
  for (guint i = 0; i < infos->len; i++)
    if (g_str_equal (((AssayDeviceInfo *) infos->pdata[i])->id, assay_live_get_info (live)->id))
      return TRUE;
  return FALSE;
}

static gboolean
has_live (AssayStudio *studio, const char *id)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (studio->sensors));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (AssayLive) live = g_list_model_get_item (G_LIST_MODEL (studio->sensors), i);
      if (g_str_equal (assay_live_get_info (live)->id, id))
        return TRUE;
    }
  return FALSE;
}

/* Cameras before microphones, real ones before those made of arithmetic. */
static int
in_order (gconstpointer a, gconstpointer b, gpointer data)
{
  const AssayDeviceInfo *info_a = assay_live_get_info ((AssayLive *) a),
                        *info_b = assay_live_get_info ((AssayLive *) b);
  int made_a = g_str_has_prefix (info_a->id, "pattern:"), made_b = g_str_has_prefix (info_b->id, "pattern:");
  if (made_a != made_b)
    return made_a - made_b;
  return info_a->kind != info_b->kind ? (int) info_a->kind - (int) info_b->kind
                                      : strcmp (info_a->name, info_b->name);
}

/* A camera that comes back has the settings of one that was just plugged in. */
static void
on_returned (AssayLive *live, AssayStudio *studio)
{
  if (json_object_size (assay_live_get_touched (live)) > 0)
    assay_studio_apply_controls (studio, live, assay_live_get_touched (live));
}

static void
adopt (AssayStudio *studio, AssayDeviceInfo *take_info)
{
  if (has_live (studio, take_info->id))
    {
      assay_device_info_free (take_info);
      return;
    }
  g_autoptr (AssayLive) live = assay_live_new (take_info);
  g_signal_connect_object (live, "returned", G_CALLBACK (on_returned), studio, 0);
  g_list_store_insert_sorted (studio->sensors, live, in_order, NULL);
}

/* "replay:/films/one.mkv pattern:bars,fps=10" in $ASSAY_CAMERAS or $ASSAY_MICROPHONES: what no driver lists. */
static void
adopt_asked (AssayStudio *studio, AssayDeviceKind kind, const char *variable)
{
  const char *text = g_getenv (variable);
  g_auto (GStrv) words = g_strsplit (text != NULL ? text : "", " ", -1);
  for (guint i = 0; words[i] != NULL; i++)
    {
      const char *settings = strchr (words[i], ',');
      if (*words[i] == '\0')
        continue;
      AssayDeviceInfo *info = g_new0 (AssayDeviceInfo, 1);
      info->kind = kind;
      info->id = settings != NULL ? g_strndup (words[i], (gsize) (settings - words[i])) : g_strdup (words[i]);
      info->name = g_path_get_basename (assay_source_get_rest (info->id));
      info->details = json_object ();
      g_autoptr (AssayLive) live = assay_live_new (info);
      assay_live_set_asked_for (live, settings != NULL ? settings : "");
      g_signal_connect_object (live, "returned", G_CALLBACK (on_returned), studio, 0);
      g_list_store_insert_sorted (studio->sensors, live, in_order, NULL);
    }
}

static void
adopt_infos (Order *order)
{
  AssayStudio *studio = order->studio;
  studio->looking = FALSE;
  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (studio->sensors)); i > 0; i--)
    {
      g_autoptr (AssayLive) live = g_list_model_get_item (G_LIST_MODEL (studio->sensors), i - 1);
      AssayLiveStatus state = assay_live_get_state (live);
      if ((state == ASSAY_LIVE_OFF || state == ASSAY_LIVE_FAILED) && !assay_live_is_asked_for (live)
          && !has_info (order->infos, live))
        g_list_store_remove (studio->sensors, i - 1);
    }
  g_ptr_array_set_free_func (order->infos, NULL);
  for (guint i = 0; i < order->infos->len; i++)
    adopt (studio, order->infos->pdata[i]);
}

void
assay_studio_look (AssayStudio *studio)
{
  if (studio->looking)
    return;
  studio->looking = TRUE;
  assay_studio_push (studio, assay_studio_order_new (studio, probe_all, adopt_infos));
}

GListModel *
assay_studio_get_sensors (AssayStudio *studio)
{
  return G_LIST_MODEL (studio->sensors);
}

/* Switching */

static void
open_live (Order *order)
{
  if (assay_live_open (order->live, order->words, &order->error))
    assay_studio_set_touched (order->live, order->values);
}

static void
tell_open (Order *order)
{
  if (order->turn != GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (order->live), TURN)))
    return;
  gboolean gone = assay_live_get_away_s (order->live) > 0;
  AssayLiveStatus state = order->error == NULL ? ASSAY_LIVE_ON : gone ? ASSAY_LIVE_AWAY : ASSAY_LIVE_FAILED;
  assay_live_set_state (order->live, state, order->error != NULL ? order->error->message : NULL);
}

static void
close_live (Order *order)
{
  assay_live_close (order->live);
}

static void
push_switch (AssayStudio *studio, AssayLive *live, gboolean on)
{
  Order *order = assay_studio_order_new (studio, on ? open_live : close_live, on ? tell_open : NULL);
  order->live = g_object_ref (live);
  order->values = json_deep_copy (assay_live_get_touched (live));
  order->turn = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (live), TURN)) + 1;
  g_object_set_data (G_OBJECT (live), TURN, GUINT_TO_POINTER (order->turn));
  order->words = g_strconcat (assay_live_get_info (live)->id, assay_live_get_settings (live), NULL);
  assay_live_set_state (live, on ? ASSAY_LIVE_OPENING : ASSAY_LIVE_OFF, NULL);
  assay_studio_push (studio, order);
}

void
assay_studio_set_on (AssayStudio *studio, AssayLive *live, gboolean on)
{
  AssayLiveStatus state = assay_live_get_state (live);
  gboolean is_on = state == ASSAY_LIVE_ON || state == ASSAY_LIVE_OPENING || state == ASSAY_LIVE_AWAY;
  if (on != is_on && !assay_studio_is_recording (studio, assay_live_get_info (live)->kind))
    push_switch (studio, live, on);
}

/* One that is on and away: closed, and opened as soon as it is there. A recorder looks for its own. */
static void
try_again (AssayStudio *studio, AssayLive *live)
{
  if (assay_live_get_state (live) != ASSAY_LIVE_AWAY || assay_studio_records_live (studio, live))
    return;
  g_autofree char *trouble = g_strdup (assay_live_get_trouble (live));
  Order *order = assay_studio_order_new (studio, close_live, NULL);
  order->live = g_object_ref (live);
  assay_live_set_state (live, ASSAY_LIVE_OPENING, trouble);
  assay_studio_push (studio, order);
  push_switch (studio, live, TRUE);
}

static void
look_for_away (AssayStudio *studio)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (studio->sensors)); i++)
    {
      g_autoptr (AssayLive) live = g_list_model_get_item (G_LIST_MODEL (studio->sensors), i);
      try_again (studio, live);
    }
}

static gboolean
on_quiet (gpointer data)
{
  AssayStudio *studio = data;
  studio->quiet_timer = 0;
  assay_studio_look (studio);
  look_for_away (studio);
  return G_SOURCE_REMOVE;
}

static void
on_plugged (gboolean appeared, const char *node, gpointer data)
{
  AssayStudio *studio = data;
  g_clear_handle_id (&studio->quiet_timer, g_source_remove);
  studio->quiet_timer = g_timeout_add (ASSAY_HOTPLUG_QUIET_MS, on_quiet, studio);
}

static gboolean
on_hotplug (int fd, GIOCondition condition, gpointer data)
{
  AssayStudio *studio = data;
  assay_hotplug_dispatch (studio->hotplug);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_tick (gpointer data)
{
  AssayStudio *studio = data;
  gboolean due = studio->hotplug == NULL || studio->n_ticks % LOOK_TICKS == 0;
  studio->n_ticks++;
  /* Asking every driver what there is takes time that a recording needs. */
  if (due && studio->looks_itself && studio->recorder == NULL)
    assay_studio_look (studio);
  look_for_away (studio);
  return G_SOURCE_CONTINUE;
}

void
assay_studio_set_looking (AssayStudio *studio, gboolean looking)
{
  if (looking == studio->looks_itself)
    return;
  studio->looks_itself = looking;
  studio->n_ticks = 0;
  if (looking)
    on_tick (studio);
}

/* Beginning and end */

AssayStudio *
assay_studio_new (const char *project_directory)
{
  AssayStudio *studio = g_object_new (ASSAY_TYPE_STUDIO, NULL);
  studio->project_directory = g_strdup (project_directory);
  studio->look_timer = g_timeout_add_seconds (TICK_S, on_tick, studio);
  adopt_asked (studio, ASSAY_DEVICE_CAMERA, "ASSAY_CAMERAS");
  adopt_asked (studio, ASSAY_DEVICE_MICROPHONE, "ASSAY_MICROPHONES");
  studio->hotplug = assay_hotplug_new (on_plugged, studio, NULL); /* else it is looked for every two seconds */
  if (studio->hotplug != NULL)
    studio->hotplug_watch = g_unix_fd_add (assay_hotplug_get_fd (studio->hotplug), G_IO_IN, on_hotplug, studio);
  return studio;
}

gboolean
assay_studio_end (AssayStudio *studio)
{
  if (studio->closed)
    return FALSE;
  gboolean keeps = studio->recorder != NULL || studio->starting || studio->finishing > 0;
  g_clear_handle_id (&studio->look_timer, g_source_remove);
  g_clear_handle_id (&studio->quiet_timer, g_source_remove);
  g_clear_handle_id (&studio->hotplug_watch, g_source_remove);
  g_clear_pointer (&studio->hotplug, assay_hotplug_free);
  assay_studio_push_finish (studio);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (studio->sensors)); i++)
    {
      g_autoptr (AssayLive) live = g_list_model_get_item (G_LIST_MODEL (studio->sensors), i);
      Order *order = assay_studio_order_new (studio, close_live, NULL);
      order->live = g_object_ref (live);
      assay_studio_push (studio, order);
    }
  studio->closed = TRUE;
  assay_studio_push (studio, assay_studio_order_new (studio, NULL, NULL));
  g_list_store_remove_all (studio->sensors);
  return keeps;
}

gboolean
assay_studio_wait (AssayStudio *studio, GError **error)
{
  g_clear_pointer (&studio->thread, g_thread_join);
  g_autofree char *trouble = g_async_queue_try_pop (studio->untold);
  if (trouble == NULL)
    return TRUE;
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_IO, trouble);
  return FALSE;
}

static void
assay_studio_finalize (GObject *object)
{
  AssayStudio *studio = ASSAY_STUDIO (object);
  g_object_unref (studio->sensors);
  g_async_queue_unref (studio->orders);
  g_ptr_array_unref (studio->recorded_lives);
  g_free (studio->project_directory);
  g_async_queue_unref (studio->untold);
  G_OBJECT_CLASS (assay_studio_parent_class)->finalize (object);
}

static void
assay_studio_class_init (AssayStudioClass *class)
{
  G_OBJECT_CLASS (class)->finalize = assay_studio_finalize;
  signal_recorded = g_signal_new ("recorded", ASSAY_TYPE_STUDIO, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_POINTER);
  signal_answered = g_signal_new ("answered", ASSAY_TYPE_STUDIO, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                  4, ASSAY_TYPE_LIVE, G_TYPE_STRING, G_TYPE_POINTER, G_TYPE_STRING);
}

static void
assay_studio_init (AssayStudio *studio)
{
  studio->sensors = g_list_store_new (ASSAY_TYPE_LIVE);
  studio->recorded_lives = g_ptr_array_new_with_free_func (g_object_unref);
  studio->orders = g_async_queue_new ();
  studio->untold = g_async_queue_new_full (g_free);
  studio->thread = g_thread_new ("studio", studio_thread, g_async_queue_ref (studio->orders));
}
