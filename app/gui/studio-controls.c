/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/studio-private.h"
#include "capture/preset.h"
#include "core/json.h"

/* --- the thread --- */

static void
set_values (const AssaySource *source, AssayDevice *device, gpointer data)
{
  Order *order = data;
  order->wrongs = source->apply_controls != NULL && order->values != NULL
                      ? source->apply_controls (device, order->values)
                      : NULL;
}

static void
list_values (const AssaySource *source, AssayDevice *device, gpointer data)
{
  Order *order = data;
  order->controls = source->list_controls != NULL ? source->list_controls (device) : NULL;
}

/* [{id, wanted, got, done, why}] -> {id: why} of those that are not as wanted. */
static json_t *
keep_undone (json_t *take_answer)
{
  json_t *wrongs = json_object (), *entry;
  size_t i;
  json_array_foreach (take_answer, i, entry)
  {
    const char *why = assay_json_get_string (entry, "why");
    if (!assay_json_get_bool (entry, "done"))
      json_object_set_new (wrongs, assay_json_get_string (entry, "id"),
                           json_string (why != NULL ? why : "the camera took another value"));
  }
  json_decref (take_answer);
  return wrongs;
}

static void
lock_values (const AssaySource *source, AssayDevice *device, gpointer data)
{
  Order *order = data;
  json_t *answer = NULL;
  if (assay_preset_lock (source, device, &answer, &order->error))
    order->wrongs = keep_undone (answer);
}

static void
restore_values (const AssaySource *source, AssayDevice *device, gpointer data)
{
  Order *order = data;
  json_t *answer = NULL;
  if (assay_preset_restore (source, device, order->values, &answer, &order->error))
    order->wrongs = keep_undone (answer);
}

/* The stream lives until the order that closes it, which comes later. */
static void
with_live (Order *order, AssayStreamWork work)
{
  AssayStream *stream = assay_live_get_open_stream (order->live);
  if (stream != NULL)
    assay_stream_with_device (stream, work, order);
}

static void
read_controls (Order *order)
{
  with_live (order, list_values);
}

static void
apply_controls (Order *order)
{
  with_live (order, set_values);
  with_live (order, list_values);
}

static void
lock_controls (Order *order)
{
  with_live (order, lock_values);
  with_live (order, list_values);
}

static void
restore_controls (Order *order)
{
  with_live (order, restore_values);
  with_live (order, list_values);
}

void
assay_studio_set_touched (AssayLive *live, const json_t *touched)
{
  Order order = { .live = live, .values = (json_t *) touched };
  if (json_object_size (touched) > 0)
    with_live (&order, set_values);
  json_decref (order.wrongs);
}

/* --- the main loop --- */

static void
tell_read (Order *order)
{
  if (order->controls != NULL)
    assay_live_take_controls (order->live, g_steal_pointer (&order->controls));
}

static void
tell_set (Order *order)
{
  tell_read (order);
  assay_studio_tell_answered (order->studio, order->live, order->what, order->wrongs,
                              order->error != NULL ? order->error->message : NULL);
}

/* What is locked or restored is as it should be after a replug too. */
static void
tell_kept (Order *order)
{
  json_t *control, *touched = assay_live_get_touched (order->live);
  g_autoptr (json_t) preset = assay_preset_take (order->controls);
  size_t i;
  json_array_foreach (json_object_get (preset, "controls"), i, control)
      json_object_set (touched, assay_json_get_string (control, "id"), json_object_get (control, "value"));
  tell_set (order);
}

static void
push (AssayStudio *studio, AssayLive *live, const char *what, const json_t *values, void (*work) (Order *),
      void (*answer) (Order *))
{
  Order *order = assay_studio_order_new (studio, work, answer);
  order->live = g_object_ref (live);
  order->what = what;
  order->values = values != NULL ? json_deep_copy (values) : NULL;
  assay_studio_push (studio, order);
}

void
assay_studio_read_controls (AssayStudio *studio, AssayLive *live)
{
  push (studio, live, "read", NULL, read_controls, tell_read);
}

/* What is to be set again when the camera comes back: no button is pressed by itself. */
static void
keep_touched (AssayLive *live, const json_t *values)
{
  json_t *touched = assay_live_get_touched (live), *control;
  size_t i;
  if (values == touched)
    return;
  json_object_update (touched, (json_t *) values);
  json_array_foreach (assay_live_get_controls (live), i, control)
  {
    if (g_strcmp0 (assay_json_get_string (control, "type"), "button") == 0)
      json_object_del (touched, assay_json_get_string (control, "id"));
  }
}

void
assay_studio_apply_controls (AssayStudio *studio, AssayLive *live, const json_t *values)
{
  keep_touched (live, values);
  push (studio, live, "set", values, apply_controls, tell_set);
}

void
assay_studio_lock_controls (AssayStudio *studio, AssayLive *live)
{
  push (studio, live, "locked", NULL, lock_controls, tell_kept);
}

void
assay_studio_restore_preset (AssayStudio *studio, AssayLive *live, const json_t *preset)
{
  push (studio, live, "restored", preset, restore_controls, tell_kept);
}
