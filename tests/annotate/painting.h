/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* tests/annotate/painting.h - pixels by hand: what was painted, against a plain picture of bytes. */
#include "core/region.h"
#include "tests/annotate/gestures.h"

#include <math.h>

#define W 200
#define H 100

typedef struct
{
  gboolean inside[H][W];
} Plain;

static inline const AssayMask *
mask_at (Desk *desk, guint i)
{
  return ((const AssayRegion *) object_at (desk, i)->value)->mask;
}

static inline guint64
area (Desk *desk, guint i)
{
  return assay_mask_area_px (mask_at (desk, i));
}

/* Everything whose middle is at most `size_px` / 2 from the line. */
static inline void
plain_line (Plain *plain, AssayPoint a, AssayPoint b, double size_px, gboolean inside)
{
  double dx = b.x - a.x, dy = b.y - a.y, length = dx * dx + dy * dy;
  for (int y = 0; y < H; y++)
    for (int x = 0; x < W; x++)
      {
        AssayPoint p = { x + 0.5, y + 0.5 };
        double t = length > 0 ? CLAMP (((p.x - a.x) * dx + (p.y - a.y) * dy) / length, 0, 1) : 0;
        if (hypot (p.x - a.x - t * dx, p.y - a.y - t * dy) <= size_px / 2)
          plain->inside[y][x] = inside;
      }
}

static inline void
assert_pixels (const AssayMask *mask, const Plain *plain)
{
  for (guint y = 0; y < H; y++)
    for (guint x = 0; x < W; x++)
      if (assay_mask_contains (mask, x, y) != plain->inside[y][x])
        fail_msg ("pixel %u,%u is %s", x, y, plain->inside[y][x] ? "missing" : "painted");
}

static inline void
press_at (Desk *desk, double x, double y, AssayInputFlags flags, guint button)
{
  feed (desk,
        (AssayInput){ .kind = ASSAY_INPUT_PRESS, .at = { x, y }, .flags = flags, .button = button, .pressure = 1 });
}

static inline void
pull_to (Desk *desk, double x, double y, AssayInputFlags flags)
{
  feed (desk, (AssayInput){ .kind = ASSAY_INPUT_MOVE, .at = { x, y }, .flags = flags, .button = 1, .pressure = 1 });
}

static inline void
let_go (Desk *desk, double x, double y)
{
  feed (desk, (AssayInput){ .kind = ASSAY_INPUT_RELEASE, .at = { x, y }, .button = 1, .pressure = 1 });
}

/* One gesture in a straight line; `flags` and `button` as at its press. */
static inline void
pull (Desk *desk, double x0, double y0, double x1, double y1, AssayInputFlags flags, guint button)
{
  press_at (desk, x0, y0, flags, button);
  pull_to (desk, x1, y1, flags);
  let_go (desk, x1, y1);
}

static inline void
use (Desk *desk, const char *tool)
{
  assay_session_set_tool (desk->session, assay_tool_find (tool));
}

static inline void
choose (Desk *desk, const char *option, const char *text)
{
  assert_true (assay_options_set ((AssayOptions *) scene_of (desk)->options, option, text, NULL));
}

static inline void
select_nth (Desk *desk, guint i)
{
  assay_session_select (desk->session, i == G_MAXUINT ? &ASSAY_ID_NIL : &object_at (desk, i)->id);
}

static inline const char *
last_name (Desk *desk)
{
  assert_true (desk->edits->len > 0);
  return ((const AssayEdit *) desk->edits->pdata[desk->edits->len - 1])->name;
}
