/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/studio.h"

#include <string.h>

struct _AssayStudio
{
  GObject parent_instance;
  char *project_directory;
  GListStore *sensors; /* of AssayLive */
  GThread *thread;
  GAsyncQueue *orders; /* of Order */
  gboolean closed;
  gboolean looking;        /* one look at a time */
  AssayRecorder *owned;    /* touched by the thread alone; NULL unless recording */
  AssayRecorder *recorder; /* the same, as the main loop knows it: from "started" to the order to stop */
  AssayDeviceKind recorded;
  GPtrArray *recorded_streams; /* borrowed streams */
  gboolean starting;
  guint takes_waiting; /* asked for while the recorder was being started */
};

static guint signal_recorded;

G_DEFINE_FINAL_TYPE (AssayStudio, assay_studio, G_TYPE_OBJECT)

/* What the thread is to do; comes back to the main loop as its own answer. */
typedef struct _Order Order;
struct _Order
{
  AssayStudio *studio;           /* a reference while it is on its way back */
  void (*work) (Order *order);   /* the thread; NULL ends it */
  void (*answer) (Order *order); /* the main loop */
  AssayLive *live;
  char *words; /* what is opened */
  GPtrArray *infos;
  GPtrArray *streams;
  AssayDeviceKind kind;
  json_t *conditions;
  char *operator_name, *trouble;
  AssayRecorder *recorder;
  GError *error;
};

static void
order_free (Order *order)
{
  g_clear_object (&order->live);
  g_clear_pointer (&order->infos, g_ptr_array_unref);
  g_clear_pointer (&order->streams, g_ptr_array_unref);
  json_decref (order->conditions);
  g_free (order->words);
  g_free (order->operator_name);
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

static Order *
order_new (AssayStudio *studio, void (*work) (Order *), void (*answer) (Order *))
{
  Order *order = g_new0 (Order, 1);
  order->studio = g_object_ref (studio);
  order->work = work;
  order->answer = answer;
  return order;
}

/* Looking */

static void
probe_all (Order *order)
{
  guint n;
  const AssaySource *const *sources = assay_source_list (&n);
  order->infos = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_device_info_free);
  /* A source that fails takes nothing from the others. */
  for (guint i = 0; i < n; i++)
    if (sources[i]->probe != NULL)
      sources[i]->probe (order->infos, NULL);
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

static void
adopt_infos (Order *order)
{
  AssayStudio *studio = order->studio;
  studio->looking = FALSE;
  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (studio->sensors)); i > 0; i--)
    {
      g_autoptr (AssayLive) live = g_list_model_get_item (G_LIST_MODEL (studio->sensors), i - 1);
      if (assay_live_get_state (live) == ASSAY_LIVE_OFF && !has_info (order->infos, live))
        g_list_store_remove (studio->sensors, i - 1);
    }
  g_ptr_array_set_free_func (order->infos, NULL);
  for (guint i = 0; i < order->infos->len; i++)
    {
      AssayDeviceInfo *info = order->infos->pdata[i];
      if (has_live (studio, info->id))
        {
          assay_device_info_free (info);
          continue;
        }
      g_autoptr (AssayLive) live = assay_live_new (info);
      g_list_store_insert_sorted (studio->sensors, live, in_order, NULL);
    }
}

void
assay_studio_look (AssayStudio *studio)
{
  if (studio->looking)
    return;
  studio->looking = TRUE;
  g_async_queue_push (studio->orders, order_new (studio, probe_all, adopt_infos));
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
  assay_live_open (order->live, order->words, &order->error);
}

static void
tell_open (Order *order)
{
  assay_live_set_state (order->live, order->error != NULL ? ASSAY_LIVE_FAILED : ASSAY_LIVE_ON,
                        order->error != NULL ? order->error->message : NULL);
}

static void
close_live (Order *order)
{
  assay_live_close (order->live);
}

void
assay_studio_set_on (AssayStudio *studio, AssayLive *live, gboolean on)
{
  AssayLiveState state = assay_live_get_state (live);
  if (on == (state == ASSAY_LIVE_ON || state == ASSAY_LIVE_OPENING)
      || assay_studio_is_recording (studio, assay_live_get_info (live)->kind))
    return;
  Order *order = order_new (studio, on ? open_live : close_live, on ? tell_open : NULL);
  order->live = g_object_ref (live);
  order->words = g_strconcat (assay_live_get_info (live)->id, assay_live_get_settings (live), NULL);
  assay_live_set_state (live, on ? ASSAY_LIVE_OPENING : ASSAY_LIVE_OFF, NULL);
  g_async_queue_push (studio->orders, order);
}

/* Recording */

static void
start_recorder (Order *order)
{
  AssayRecordPlan plan = { .conditions = order->conditions,
                           .operator_name = order->operator_name,
                           .on_demand = order->kind == ASSAY_DEVICE_CAMERA };
  order->recorder = assay_recorder_start (order->studio->project_directory, order->streams, &plan, &order->error);
  order->studio->owned = order->recorder;
}

static void
tell_started (Order *order)
{
  AssayStudio *studio = order->studio;
  studio->starting = FALSE;
  studio->recorder = order->recorder;
  for (; studio->recorder != NULL && studio->takes_waiting > 0; studio->takes_waiting--)
    assay_recorder_take (studio->recorder);
  studio->takes_waiting = 0;
  if (order->error != NULL)
    g_signal_emit (studio, signal_recorded, 0, order->error->message);
}

static void
finish_recorder (Order *order)
{
  AssayRecorder *recorder = g_steal_pointer (&order->studio->owned);
  if (recorder == NULL)
    return;
  assay_recorder_stop (recorder);
  json_t *report = assay_recorder_finish (recorder, &order->trouble, &order->error);
  json_decref (report);
  assay_recorder_free (recorder);
}

static void
tell_finished (Order *order)
{
  const char *trouble = order->error != NULL ? order->error->message : order->trouble;
  g_signal_emit (order->studio, signal_recorded, 0, trouble);
}

void
assay_studio_record (AssayStudio *studio, AssayDeviceKind kind, const json_t *conditions, const char *operator_name)
{
  if (studio->recorder != NULL || studio->starting)
    return;
  g_autoptr (GPtrArray) streams = g_ptr_array_new ();
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (studio->sensors)); i++)
    {
      g_autoptr (AssayLive) live = g_list_model_get_item (G_LIST_MODEL (studio->sensors), i);
      if (assay_live_get_info (live)->kind == kind && assay_live_get_stream (live) != NULL)
        g_ptr_array_add (streams, assay_live_get_stream (live));
    }
  if (streams->len == 0)
    return;
  studio->starting = TRUE;
  studio->recorded = kind;
  g_clear_pointer (&studio->recorded_streams, g_ptr_array_unref);
  studio->recorded_streams = g_ptr_array_ref (streams);
  Order *order = order_new (studio, start_recorder, tell_started);
  order->kind = kind;
  order->streams = g_ptr_array_ref (streams);
  order->conditions = conditions != NULL ? json_deep_copy (conditions) : NULL;
  order->operator_name = g_strdup (operator_name);
  g_async_queue_push (studio->orders, order);
}

void
assay_studio_take (AssayStudio *studio)
{
  if (studio->starting)
    studio->takes_waiting++;
  else if (studio->recorder != NULL)
    assay_recorder_take (studio->recorder);
}

void
assay_studio_stop (AssayStudio *studio)
{
  if (studio->recorder == NULL)
    return;
  studio->recorder = NULL;
  g_async_queue_push (studio->orders, order_new (studio, finish_recorder, tell_finished));
}

gboolean
assay_studio_is_recording (AssayStudio *studio, AssayDeviceKind kind)
{
  return (studio->recorder != NULL || studio->starting) && studio->recorded == kind;
}

void
assay_studio_get_counts (AssayStudio *studio, guint64 *ret_kept, guint64 *ret_missing)
{
  *ret_kept = *ret_missing = 0;
  for (guint i = 0; studio->recorder != NULL && i < studio->recorded_streams->len; i++)
    {
      guint64 kept, missing;
      assay_recorder_get_counts (studio->recorder, studio->recorded_streams->pdata[i], &kept, &missing);
      *ret_kept += kept;
      *ret_missing += missing;
    }
}

/* Beginning and end */

AssayStudio *
assay_studio_new (const char *project_directory)
{
  AssayStudio *studio = g_object_new (ASSAY_TYPE_STUDIO, NULL);
  studio->project_directory = g_strdup (project_directory);
  return studio;
}

void
assay_studio_close (AssayStudio *studio)
{
  if (studio->closed)
    return;
  studio->recorder = NULL;
  g_async_queue_push (studio->orders, order_new (studio, finish_recorder, NULL));
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (studio->sensors)); i++)
    {
      g_autoptr (AssayLive) live = g_list_model_get_item (G_LIST_MODEL (studio->sensors), i);
      Order *order = order_new (studio, close_live, NULL);
      order->live = g_object_ref (live);
      g_async_queue_push (studio->orders, order);
    }
  studio->closed = TRUE;
  g_async_queue_push (studio->orders, order_new (studio, NULL, NULL));
  g_clear_pointer (&studio->thread, g_thread_join);
  g_list_store_remove_all (studio->sensors);
}

static void
assay_studio_finalize (GObject *object)
{
  AssayStudio *studio = ASSAY_STUDIO (object);
  g_object_unref (studio->sensors);
  g_async_queue_unref (studio->orders);
  g_clear_pointer (&studio->recorded_streams, g_ptr_array_unref);
  g_free (studio->project_directory);
  G_OBJECT_CLASS (assay_studio_parent_class)->finalize (object);
}

static void
assay_studio_class_init (AssayStudioClass *class)
{
  G_OBJECT_CLASS (class)->finalize = assay_studio_finalize;
  signal_recorded = g_signal_new ("recorded", ASSAY_TYPE_STUDIO, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
assay_studio_init (AssayStudio *studio)
{
  studio->sensors = g_list_store_new (ASSAY_TYPE_LIVE);
  studio->orders = g_async_queue_new ();
  studio->thread = g_thread_new ("studio", studio_thread, g_async_queue_ref (studio->orders));
}
