/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/v4l2.h"
#include "capture/v4l2-io.h"

#include "core/clock.h"
#include "core/json.h"

#include <linux/videodev2.h>

#define POLLED_EVERY_NS G_GINT64_CONSTANT (1000000000)

/* Volatile controls (the gain that an automatic mode chose) send no events. */
typedef struct
{
  guint32 number;
  json_t *last; /* as last told */
  gboolean polled, changed;
} Watched;

struct _AssayV4l2Watch
{
  int fd;
  gboolean events, begun;
  GArray *controls; /* of Watched */
  guint32 sequence; /* of the last event */
  gboolean counting;
  gint64 polled_ns;
};

static void
watched_clear (gpointer data)
{
  json_decref (((Watched *) data)->last);
}

AssayV4l2Watch *
assay_v4l2_watch_new (int fd, gboolean events)
{
  AssayV4l2Watch *watch = g_new0 (AssayV4l2Watch, 1);
  watch->fd = fd;
  watch->events = events;
  watch->controls = g_array_new (FALSE, TRUE, sizeof (Watched));
  g_array_set_clear_func (watch->controls, watched_clear);
  return watch;
}

void
assay_v4l2_watch_free (AssayV4l2Watch *watch)
{
  if (watch == NULL)
    return;
  g_array_unref (watch->controls);
  g_free (watch);
}

static gboolean
has_flag (const json_t *control, const char *flag)
{
  size_t i;
  json_t *each;
  json_array_foreach (json_object_get (control, "flags"), i,
                      each) if (g_str_equal (json_string_value (each), flag)) return TRUE;
  return FALSE;
}

/* Subscribed before it is read, so that no change falls between. */
static void
begin (AssayV4l2Watch *watch)
{
  watch->begun = TRUE;
  watch->polled_ns = assay_clock_now_ns ();
  g_autoptr (json_t) list = assay_v4l2_list_controls (watch->fd);
  size_t i;
  json_t *control;
  json_array_foreach (list, i, control)
  {
    gint64 number = 0;
    assay_json_get_int (control, "number", &number);
    struct v4l2_event_subscription changes = { .type = V4L2_EVENT_CTRL, .id = (guint32) number };
    gboolean told = watch->events && assay_v4l2_call (watch->fd, VIDIOC_SUBSCRIBE_EVENT, &changes) == 0;
    Watched watched = { .number = (guint32) number,
                        .last = assay_v4l2_describe_control (watch->fd, (guint32) number),
                        .polled = !told || has_flag (control, "volatile") };
    g_array_append_val (watch->controls, watched);
  }
}

static void
mark (AssayV4l2Watch *watch, guint32 number)
{
  for (guint i = 0; i < watch->controls->len; i++)
    {
      Watched *watched = &g_array_index (watch->controls, Watched, i);
      watched->changed |= number == 0 || watched->number == number;
    }
}

static void
drain_events (AssayV4l2Watch *watch)
{
  struct v4l2_event event = { 0 };
  for (guint i = 0; i < 4 * ASSAY_V4L2_MOST_ENTRIES && assay_v4l2_call (watch->fd, VIDIOC_DQEVENT, &event) == 0;
       i++)
    {
      if (watch->counting && event.sequence != watch->sequence + 1) /* some were lost: look at all */
        mark (watch, 0);
      watch->counting = TRUE;
      watch->sequence = event.sequence;
      if (event.type == V4L2_EVENT_CTRL)
        mark (watch, event.id);
    }
}

static void
mark_polled (AssayV4l2Watch *watch)
{
  gint64 now_ns = assay_clock_now_ns ();
  if (now_ns - watch->polled_ns < POLLED_EVERY_NS)
    return;
  watch->polled_ns = now_ns;
  for (guint i = 0; i < watch->controls->len; i++)
    {
      Watched *watched = &g_array_index (watch->controls, Watched, i);
      watched->changed |= watched->polled;
    }
}

json_t *
assay_v4l2_watch_take (AssayV4l2Watch *watch)
{
  json_t *news = json_object ();
  if (!watch->begun)
    {
      begin (watch);
      return news;
    }
  if (watch->events)
    drain_events (watch);
  mark_polled (watch);
  for (guint i = 0; i < watch->controls->len; i++)
    {
      Watched *watched = &g_array_index (watch->controls, Watched, i);
      json_t *now = watched->changed ? assay_v4l2_describe_control (watch->fd, watched->number) : NULL;
      watched->changed = FALSE;
      if (now == NULL || json_equal (now, watched->last))
        {
          json_decref (now);
          continue;
        }
      json_object_set (news, assay_json_get_string (now, "id"), now);
      watched->polled |= has_flag (now, "volatile"); /* it may become so when an automatic mode takes over */
      json_decref (watched->last);
      watched->last = now;
    }
  return news;
}

void
assay_v4l2_watch_know (AssayV4l2Watch *watch, const json_t *ids)
{
  for (guint i = 0; i < watch->controls->len; i++)
    {
      Watched *watched = &g_array_index (watch->controls, Watched, i);
      json_t *now = json_object_get (ids, assay_json_get_string (watched->last, "id")) != NULL
                        ? assay_v4l2_describe_control (watch->fd, watched->number)
                        : NULL;
      if (now == NULL)
        continue;
      json_decref (watched->last);
      watched->last = now;
    }
}
