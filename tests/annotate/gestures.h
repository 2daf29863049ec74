/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* tests/annotate/gestures.h - a person at a session: clicks, drags and keys by script. */
#include "annotate/session.h"
#include "core/transcript.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

typedef struct
{
  AssaySession *session;
  char *hint; /* what was said last */
  guint n_edits;
  GPtrArray *edits; /* of AssayEdit, in the order of doing */
  double px_per_unit;
  gboolean hold;   /* work is not done until do_work () */
  AssayWork *held; /* the last that was asked for */
} Desk;

static inline Desk *
desk_new_for (const AssayItem *item, const AssayTask *task, const char *tool)
{
  Desk *desk = g_new0 (Desk, 1);
  desk->session = assay_session_new (item, task, assay_objects_new (task->kind));
  desk->edits = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_edit_free);
  desk->px_per_unit = 1;
  assay_session_set_tool (desk->session, assay_tool_find (tool));
  return desk;
}

static inline Desk *
desk_new (const char *kind, const char *tool)
{
  g_autoptr (AssayItem) item = assay_item_new ();
  g_autoptr (AssayTask) task = assay_task_new ("test", assay_kind_find (kind));
  assay_task_add_class (task, "cup");
  assay_task_add_class (task, "hand");
  item->width_px = 200;
  item->height_px = 100;
  item->rate_hz = 1000;
  item->n_samples = 10000;
  if (g_str_equal (kind, "keypoints"))
    {
      assay_task_add_node (task, "nose");
      assay_task_add_node (task, "left eye");
      assay_task_add_node (task, "right eye");
    }
  return desk_new_for (item, task, tool);
}

static inline void
desk_free (Desk *desk)
{
  g_ptr_array_unref (desk->edits);
  assay_session_free (desk->session);
  assay_work_free (desk->held);
  g_free (desk->hint);
  g_free (desk);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Desk, desk_free)

static inline void do_work (Desk *desk);

static inline gboolean
feed (Desk *desk, AssayInput input)
{
  g_auto (AssayAnswer) answer = { 0 };
  input.px_per_unit = desk->px_per_unit;
  assay_session_input (desk->session, &input, &answer);
  desk->n_edits += answer.edit != NULL;
  if (answer.edit != NULL)
    g_ptr_array_add (desk->edits, g_steal_pointer (&answer.edit));
  if (answer.work != NULL)
    {
      assay_work_free (desk->held);
      desk->held = g_steal_pointer (&answer.work);
    }
  if (answer.hint != NULL)
    {
      g_free (desk->hint);
      desk->hint = g_strdup (answer.hint);
    }
  gboolean used = answer.used;
  if (desk->held != NULL && !desk->hold)
    do_work (desk);
  return used;
}

/* What a thread does in the window is done at once, and so is what follows from it unless work is held. */
static inline void
do_work (Desk *desk)
{
  g_autoptr (AssayWork) work = g_steal_pointer (&desk->held);
  if (work == NULL)
    return;
  work->run (work->data, NULL);
  feed (desk, (AssayInput){ .kind = ASSAY_INPUT_WORKED, .pressure = 1, .work = work });
}

static inline void
move_to (Desk *desk, double x, double y, AssayInputFlags flags, guint button)
{
  feed (desk, (AssayInput){ .kind = ASSAY_INPUT_MOVE, .at = { x, y }, .flags = flags, .button = button });
}

static inline void
click_with (Desk *desk, double x, double y, AssayInputFlags flags)
{
  move_to (desk, x, y, flags, 0);
  feed (desk, (AssayInput){ .kind = ASSAY_INPUT_PRESS, .at = { x, y }, .flags = flags, .button = 1 });
  feed (desk, (AssayInput){ .kind = ASSAY_INPUT_RELEASE, .at = { x, y }, .flags = flags, .button = 1 });
}

static inline void
click (Desk *desk, double x, double y)
{
  click_with (desk, x, y, 0);
}

static inline void
drag (Desk *desk, double x0, double y0, double x1, double y1)
{
  move_to (desk, x0, y0, 0, 0);
  feed (desk, (AssayInput){ .kind = ASSAY_INPUT_PRESS, .at = { x0, y0 }, .button = 1 });
  move_to (desk, (x0 + x1) / 2, (y0 + y1) / 2, 0, 1);
  move_to (desk, x1, y1, 0, 1);
  feed (desk, (AssayInput){ .kind = ASSAY_INPUT_RELEASE, .at = { x1, y1 }, .button = 1 });
}

static inline gboolean
press_key (Desk *desk, const char *key)
{
  return feed (desk, (AssayInput){ .kind = ASSAY_INPUT_KEY, .key = key });
}

static inline void
escape (Desk *desk)
{
  feed (desk, (AssayInput){ .kind = ASSAY_INPUT_CANCEL });
}

static inline const AssayScene *
scene_of (Desk *desk)
{
  return assay_session_get_scene (desk->session);
}

static inline guint
n_objects (Desk *desk)
{
  return scene_of (desk)->objects->list->len;
}

static inline AssayObject *
object_at (Desk *desk, guint i)
{
  assert_true (i < n_objects (desk));
  return scene_of (desk)->objects->list->pdata[i];
}
