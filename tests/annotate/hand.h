/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* tests/annotate/hand.h - a scripted person's hand on pointer and keys, in a window or without one, and what it
 * costs by the keystroke-level model.
 *
 * K, P, M and D (drawing n straight strokes of l cm together: 0.9 n + 0.16 l): Card, Moran and Newell, "The
 * keystroke-level model for user performance time with interactive systems", CACM 23(7), 1980, K of the average
 * non-secretary typist. B, the button down or up: Kieras, "Using the keystroke-level model to estimate execution
 * times", 2001. A drag points twice. Places are image pixels; travel and l are of the screen, 96 pixels an inch. */
#include "annotate/tool.h"
#include "core/mask-shape.h"
#include "core/polygon.h"
#include "vision/wire.h"

#include <math.h>

#define HAND_K_S 0.28
#define HAND_P_S 1.10
#define HAND_B_S 0.10
#define HAND_M_S 1.35
#define HAND_D_STROKE_S 0.90
#define HAND_D_CM_S 0.16
#define HAND_PX_PER_CM (96 / 2.54)

typedef struct _Hand Hand;
struct _Hand
{
  /* ASSAY_INPUT_PRESS, MOVE (the button held), RELEASE, or KEY with its name. */
  void (*act) (Hand *hand, AssayInputKind kind, AssayPoint at, AssayInputFlags flags, const char *key);
  gpointer data;
  double px_per_unit;
  AssayPoint at;
  guint n_clicks, n_keys; /* the button went down; keys, those held with others */
  double travel_px, seconds;
};

static inline void
hand_go (Hand *hand, AssayPoint to)
{
  hand->travel_px += hypot (to.x - hand->at.x, to.y - hand->at.y) * hand->px_per_unit;
  hand->at = to;
}

/* Looks, and decides what to do next. */
static inline void
hand_think (Hand *hand)
{
  hand->seconds += HAND_M_S;
}

static inline void
hand_key (Hand *hand, const char *key)
{
  hand->act (hand, ASSAY_INPUT_KEY, hand->at, 0, key);
  hand->n_keys++;
  hand->seconds += HAND_K_S;
}

static inline void
hand_press (Hand *hand, AssayPoint at, AssayInputFlags flags)
{
  hand_go (hand, at);
  hand->act (hand, ASSAY_INPUT_PRESS, at, flags, NULL);
  hand->n_clicks++;
  hand->n_keys += flags != 0;
  hand->seconds += HAND_P_S + HAND_B_S + (flags != 0 ? HAND_K_S : 0);
}

static inline void
hand_let_go (Hand *hand, AssayInputFlags flags)
{
  hand->act (hand, ASSAY_INPUT_RELEASE, hand->at, flags, NULL);
  hand->seconds += HAND_B_S;
}

static inline void
hand_click (Hand *hand, AssayPoint at)
{
  hand_press (hand, at, 0);
  hand_let_go (hand, 0);
}

static inline void
hand_pull (Hand *hand, AssayPoint from, AssayPoint to, AssayInputFlags flags)
{
  hand_press (hand, from, flags);
  hand_go (hand, to);
  hand->act (hand, ASSAY_INPUT_MOVE, to, flags, NULL);
  hand->seconds += HAND_P_S;
  hand_let_go (hand, flags);
}

/* From point to point with the button held. */
static inline void
hand_draw (Hand *hand, const AssayPoint *points, guint n, AssayInputFlags flags)
{
  hand_press (hand, points[0], flags);
  double before_px = hand->travel_px;
  for (guint i = 1; i < n; i++)
    {
      hand_go (hand, points[i]);
      hand->act (hand, ASSAY_INPUT_MOVE, points[i], flags, NULL);
    }
  hand->seconds += HAND_D_STROKE_S * (n - 1) + HAND_D_CM_S * (hand->travel_px - before_px) / HAND_PX_PER_CM;
  hand_let_go (hand, flags);
}

/* Ways to go about it */

/* The corners that say most of an outline, of AssayPoint: no pixel of it is farther than `off_px` from them. */
static inline GArray *
list_corners (const AssayRing *ring, double off_px)
{
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (AssayPoint));
  g_array_append_vals (points, ring->points, ring->n_points);
  return assay_vision_simplify_ring (points, off_px);
}

/* Polygon, scissors: corner by corner. */
static inline void
hand_click_round (Hand *hand, const GArray *corners)
{
  for (guint i = 0; i < corners->len; i++)
    hand_click (hand, g_array_index (corners, AssayPoint, i));
  hand_key (hand, "Enter");
}

/* Freehand. */
static inline void
hand_draw_round (Hand *hand, const GArray *corners)
{
  g_autoptr (GArray) closed = g_array_copy ((GArray *) corners);
  g_array_append_val (closed, g_array_index (corners, AssayPoint, 0));
  hand_draw (hand, (const AssayPoint *) (gpointer) closed->data, closed->len, 0);
}

/* Rectangle, ellipse, GrabCut: corner to corner, so far beyond the thing. */
static inline void
hand_box (Hand *hand, const AssayMask *drawn, double beyond_px)
{
  AssayRect box = { 0 };
  assay_mask_bounds (drawn, &box);
  hand_pull (hand, (AssayPoint){ box.x - beyond_px, box.y - beyond_px },
             (AssayPoint){ box.x + box.w + beyond_px, box.y + box.h + beyond_px }, 0);
}

static inline gboolean
is_line_inside (const AssayMask *mask, AssayPoint a, AssayPoint b)
{
  guint n = (guint) hypot (b.x - a.x, b.y - a.y) + 1;
  for (guint i = 0; i <= n; i++)
    if (!assay_mask_contains (mask, (guint) (a.x + (b.x - a.x) * i / n), (guint) (a.y + (b.y - a.y) * i / n)))
      return FALSE;
  return TRUE;
}

/* A brush that wide: down and up through all that it fits into, one stroke as far as the way stays inside. */
static inline void
hand_paint (Hand *hand, const AssayMask *drawn, double size_px)
{
  g_autoptr (AssayMask) middle = assay_mask_shrink (drawn, MAX ((guint) (size_px / 2) - 1, 1));
  g_autoptr (GArray) path = g_array_new (FALSE, FALSE, sizeof (AssayPoint));
  guint step = MAX ((guint) (size_px * 0.7), 1), h = drawn->height_px;
  AssayRect box = { 0 };
  if (!assay_mask_bounds (middle, &box))
    return;
  for (guint x = (guint) box.x; x < box.x + box.w; x += step)
    for (guint y = (guint) box.y; y < box.y + box.h; y++)
      {
        guint top = y;
        while (y < h && assay_mask_contains (middle, x, y))
          y++;
        if (y == top)
          continue;
        AssayPoint ends[2] = { { x + 0.5, top + 0.5 }, { x + 0.5, y - 0.5 } };
        const AssayPoint *last = path->len > 0 ? &g_array_index (path, AssayPoint, path->len - 1) : NULL;
        guint first = last != NULL && fabs (last->y - ends[1].y) < fabs (last->y - ends[0].y);
        if (last != NULL && !is_line_inside (middle, *last, ends[first]))
          {
            hand_draw (hand, (const AssayPoint *) (gpointer) path->data, path->len, 0);
            g_array_set_size (path, 0);
          }
        g_array_append_val (path, ends[first]);
        g_array_append_val (path, ends[!first]);
      }
  if (path->len > 0)
    hand_draw (hand, (const AssayPoint *) (gpointer) path->data, path->len, 0);
}
