/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which frames of several cameras show one instant, once it is known how late each camera is. */
#include "core/session-private.h"

/* A frame of one camera. */
typedef struct
{
  const AssayItem *item;
  AssayItemTime time;
  gint64 apart_ns; /* from the frame that it joins */
} Shot;

static int
earlier (gconstpointer a, gconstpointer b)
{
  const Shot *x = a, *y = b;
  return (x->time.captured_ns > y->time.captured_ns) - (x->time.captured_ns < y->time.captured_ns);
}

static GArray *
list_shots (const AssaySessionTime *time, const AssaySessionStreamTime *stream, const GPtrArray *items)
{
  GArray *shots = g_array_new (FALSE, FALSE, sizeof (Shot));
  for (guint i = 0; i < items->len; i++)
    {
      Shot shot = { .item = items->pdata[i] };
      if (assay_id_equal (&shot.item->sensor, &stream->sensor)
          && assay_session_time_of_item (time, shot.item, &shot.time))
        g_array_append_val (shots, shot);
    }
  g_array_sort (shots, earlier);
  return shots;
}

static guint
find_nearest (const GArray *shots, gint64 captured_ns)
{
  guint low = 0, high = shots->len;
  while (low < high)
    {
      guint middle = (low + high) / 2;
      if (g_array_index (shots, Shot, middle).time.captured_ns < captured_ns)
        low = middle + 1;
      else
        high = middle;
    }
  if (low == shots->len
      || (low > 0
          && captured_ns - g_array_index (shots, Shot, low - 1).time.captured_ns
                 < g_array_index (shots, Shot, low).time.captured_ns - captured_ns))
    low--;
  return low;
}

static void
put (GHashTable *moments, const AssayId *item, const AssayId *moment)
{
  g_hash_table_insert (moments, g_memdup2 (item, sizeof *item), g_memdup2 (moment, sizeof *moment));
}

/* Of several frames near one, the nearest joins it; the others show another instant. */
static void
join (GHashTable *moments, const GArray *first, const GArray *others, gint64 reach_ns)
{
  g_autofree const Shot **joined = g_new0 (const Shot *, first->len);
  for (guint i = 0; i < others->len; i++)
    {
      Shot *shot = &g_array_index (others, Shot, i);
      guint at = find_nearest (first, shot->time.captured_ns);
      shot->apart_ns = ABS (shot->time.captured_ns - g_array_index (first, Shot, at).time.captured_ns);
      put (moments, &shot->item->id, &ASSAY_ID_NIL);
      if (shot->apart_ns <= reach_ns && (joined[at] == NULL || shot->apart_ns < joined[at]->apart_ns))
        joined[at] = shot;
    }
  for (guint i = 0; i < first->len; i++)
    {
      const AssayItem *item = g_array_index (first, Shot, i).item;
      AssayId moment = item->moment;
      if (joined[i] == NULL)
        continue;
      if (assay_id_is_nil (&moment)) /* the recording saw no instant there: it is one now, the same on every desk */
        moment = assay_id_derive ("moment", item->id.bytes, sizeof item->id.bytes);
      put (moments, &item->id, &moment);
      put (moments, &joined[i]->item->id, &moment);
    }
}

void
assay_session_time_find_moments (AssaySessionTime *time, const GPtrArray *items)
{
  g_autoptr (GHashTable) moments = g_hash_table_new_full (assay_id_hash, assay_id_hash_equal, g_free, g_free);
  g_autoptr (GArray) first = NULL;
  gboolean measured = FALSE;
  gint64 reach_ns = 0;
  for (guint i = 0; i < time->streams->len; i++)
    {
      const AssaySessionStreamTime *stream = &g_array_index (time->streams, AssaySessionStreamTime, i);
      if (!stream->camera)
        continue;
      g_autoptr (GArray) shots = list_shots (time, stream, items);
      /* Where only one of two was measured, nothing is known of the two together: the recording's moments stand. */
      if (first != NULL && measured && stream->aligned)
        join (moments, first, shots, reach_ns);
      else if (first == NULL && shots->len > 0)
        {
          first = g_steal_pointer (&shots);
          measured = stream->aligned;
          reach_ns = assay_session_stream_time_get_period_ns (stream) / 2;
        }
    }
  g_clear_pointer (&time->moments, g_hash_table_unref);
  time->moments = g_steal_pointer (&moments);
}
