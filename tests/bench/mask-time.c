/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-mask-time: what each tool costs a person until an object's mask has an IoU of 0.90 with what was drawn with
 * care, by the keystroke-level model (tests/annotate/hand.h has its times and their sources).
 *
 * Twenty things in the sample's pictures (app/data/sample/make/drawn.json), seen so that the picture fills 1200
 * pixels of the screen. The person is a script that sees the right answer: it takes the fewest corners, the best of
 * five brushes, or the worst fault next; a real one looks longer and errs. So these are lower bounds, alike for all
 * tools. Choosing the tool is a decision and a key; so is each look at what came out (no key). "-" = not reached.
 */
#include "tests/annotate/hand.h"
#include "tests/annotate/photo-desk.h"

#include <stdio.h>
#include <stdlib.h>

#define GOOD_IOU 0.90
#define SCREEN_PX 1200.0
#define MOST_CORRECTIONS 12

static const char *const things[][2] = {
  { "cup_001.jpg", "bottle" }, { "cup_007.jpg", "bottle" },   { "cup_009.jpg", "bottle" },
  { "cup_011.jpg", "bottle" }, { "cup_013.jpg", "bottle" },   { "cup_016.jpg", "bottle" },
  { "cup_020.jpg", "bottle" }, { "cup_024.jpg", "bottle" },   { "cup_001.jpg", "hand" },
  { "cup_011.jpg", "hand" },   { "cup_024.jpg", "hand" },     { "box_001.jpg", "box" },
  { "box_008.jpg", "box" },    { "box_013.jpg", "box" },      { "box_020.jpg", "box" },
  { "box_013.jpg", "hand" },   { "coffee.png", "cup" },       { "coffee.png", "spoon" },
  { "rocket.jpg", "rocket" },  { "astronaut.png", "person" },
};
#define N_THINGS G_N_ELEMENTS (things)

typedef struct
{
  AssayPicture *picture;
  AssayRing *ring;
  AssayMask *drawn;
  Desk *desk;
  Hand hand;
} Try;

static void
act (Hand *hand, AssayInputKind kind, AssayPoint at, AssayInputFlags flags, const char *key)
{
  feed (hand->data, (AssayInput){ .kind = kind,
                                  .at = at,
                                  .flags = flags,
                                  .key = key,
                                  .pressure = 1,
                                  .button = kind == ASSAY_INPUT_KEY ? 0 : 1 });
}

static void
begin (Try *try, const char *tool)
{
  try->desk = desk_new_on (tool, assay_picture_ref (try->picture));
  try->desk->px_per_unit = SCREEN_PX / try->picture->width_px;
  AssayPoint middle = { try->picture->width_px / 2.0, try->picture->height_px / 2.0 };
  try->hand = (Hand){ .act = act, .data = try->desk, .px_per_unit = try->desk->px_per_unit, .at = middle };
  hand_think (&try->hand); /* the tool */
  try->hand.n_keys++;
  try->hand.seconds += HAND_K_S;
}

/* What is on the screen: what is under way, else the object. */
static AssayMask *
look (Try *try)
{
  AssayLive live = { 0 };
  if (assay_session_get_live (try->desk->session, &live))
    return assay_paint_to_mask (live.paint);
  if (n_objects (try->desk) > 0)
    return assay_mask_copy (mask_at (try->desk, n_objects (try->desk) - 1));
  return assay_mask_new_empty (try->drawn->width_px, try->drawn->height_px);
}

static double
iou_now (Try *try)
{
  g_autoptr (AssayMask) mask = look (try);
  return assay_mask_iou (mask, try->drawn, FALSE);
}

/* The middle of what is most wrong; TRUE: it is too much. */
static gboolean
find_fault (Try *try, AssayMask **ret_have, AssayMask **ret_fault, guint *ret_x, guint *ret_y)
{
  guint x[2] = { 0 }, y[2] = { 0 };
  *ret_have = look (try);
  AssayMask *missing = assay_mask_combine (try->drawn, *ret_have, ASSAY_MASK_DIFFERENCE);
  AssayMask *beyond = assay_mask_combine (*ret_have, try->drawn, ASSAY_MASK_DIFFERENCE);
  gboolean away = find_deepest (beyond, &x[1], &y[1]) > find_deepest (missing, &x[0], &y[0]);
  *ret_x = x[away];
  *ret_y = y[away];
  *ret_fault = away ? beyond : missing;
  assay_mask_free (away ? missing : beyond);
  return away;
}

/* The tools: each leaves in `try` the attempt that counts, and says whether it reached 0.90. */

static gboolean
go_round (Try *try, const char *tool, void (*way) (Hand *hand, const GArray *corners))
{
  for (double off_px = 24; off_px >= 0.5; off_px *= 0.75)
    {
      g_autoptr (GArray) corners = list_corners (try->ring, off_px);
      if (corners->len < 3)
        continue;
      g_clear_pointer (&try->desk, desk_free);
      begin (try, tool);
      way (&try->hand, corners);
      if (iou_now (try) >= GOOD_IOU)
        return TRUE;
    }
  return FALSE;
}

static gboolean
try_polygon (Try *try)
{
  return go_round (try, "polygon", hand_click_round);
}

static gboolean
try_freehand (Try *try)
{
  return go_round (try, "freehand", hand_draw_round);
}

static gboolean
try_scissors (Try *try)
{
  return go_round (try, "scissors", hand_click_round);
}

static gboolean
try_brush (Try *try)
{
  Try best = { NULL };
  for (guint n_keys = 0; n_keys <= 8; n_keys += 2) /* of ] or [: each 20 % */
    for (int way = -1; way <= 1; way += 2)
      {
        begin (try, "brush");
        for (guint i = 0; i < n_keys; i++)
          hand_key (&try->hand, way > 0 ? "bracketright" : "bracketleft");
        double size_px = (double) assay_options_get_int (scene_of (try->desk)->options, "brush-px");
        hand_paint (&try->hand, try->drawn, size_px);
        if (iou_now (try) >= GOOD_IOU && (best.desk == NULL || try->hand.seconds < best.hand.seconds))
          {
            g_clear_pointer (&best.desk, desk_free);
            best = *try;
          }
        else
          desk_free (try->desk);
        try->desk = NULL;
      }
  try->desk = best.desk;
  try->hand = best.hand;
  return best.desk != NULL;
}

static gboolean
try_rectangle (Try *try)
{
  begin (try, "rectangle");
  hand_box (&try->hand, try->drawn, 0);
  return iou_now (try) >= GOOD_IOU;
}

static gboolean
try_ellipse (Try *try)
{
  begin (try, "ellipse");
  hand_box (&try->hand, try->drawn, 0);
  return iou_now (try) >= GOOD_IOU;
}

static gboolean
try_wand (Try *try)
{
  begin (try, "wand");
  for (guint i = 0; i < MOST_CORRECTIONS && !(iou_now (try) >= GOOD_IOU); i++)
    {
      g_autoptr (AssayMask) have = NULL;
      g_autoptr (AssayMask) fault = NULL;
      guint x, y;
      gboolean away = find_fault (try, &have, &fault, &x, &y);
      guint tolerance
          = find_tolerance (try->picture, try->drawn, have, x, y, away ? ASSAY_MASK_DIFFERENCE : ASSAY_MASK_UNION);
      AssayPoint from = { x + 0.5, y + 0.5 };
      AssayPoint to = { from.x + (ASSAY_TOOL_REACH_PX + 2.0 * tolerance) / try->hand.px_per_unit, from.y };
      if (i > 0)
        hand_think (&try->hand);
      hand_pull (&try->hand, from, to, away ? ASSAY_INPUT_ALT : i > 0 ? ASSAY_INPUT_SHIFT : 0);
    }
  return iou_now (try) >= GOOD_IOU;
}

/* Along the fault, as far as it goes to both sides in the best of eight directions. */
static void
stroke_fault (Try *try, const AssayMask *fault, guint x, guint y, AssayInputFlags flags)
{
  AssayPoint middle = { x + 0.5, y + 0.5 }, ends[2] = { middle, middle };
  double longest = 0;
  for (guint i = 0; i < 8; i++)
    {
      double dx = cos (i * G_PI / 8), dy = sin (i * G_PI / 8), reach[2] = { 0, 0 };
      for (guint k = 0; k < 2; k++)
        for (double r = 1; r < 400; r++)
          {
            AssayPoint p = { middle.x + (k > 0 ? r : -r) * dx, middle.y + (k > 0 ? r : -r) * dy };
            if (p.x < 0 || p.y < 0 || !assay_mask_contains (fault, (guint) p.x, (guint) p.y))
              break;
            reach[k] = r * 0.8;
          }
      if (reach[0] + reach[1] <= longest)
        continue;
      longest = reach[0] + reach[1];
      ends[0] = (AssayPoint){ middle.x - reach[0] * dx, middle.y - reach[0] * dy };
      ends[1] = (AssayPoint){ middle.x + reach[1] * dx, middle.y + reach[1] * dy };
    }
  hand_pull (&try->hand, ends[0], ends[1], flags);
}

static gboolean
try_grabcut (Try *try)
{
  begin (try, "grabcut");
  hand_box (&try->hand, try->drawn, 4);
  for (guint i = 0; i < MOST_CORRECTIONS && !(iou_now (try) >= GOOD_IOU); i++)
    {
      g_autoptr (AssayMask) have = NULL;
      g_autoptr (AssayMask) fault = NULL;
      guint x, y;
      gboolean away = find_fault (try, &have, &fault, &x, &y);
      hand_think (&try->hand);
      stroke_fault (try, fault, x, y, away ? ASSAY_INPUT_ALT : 0);
    }
  hand_key (&try->hand, "Enter");
  return n_objects (try->desk) == 1 && iou_now (try) >= GOOD_IOU;
}

/* Along the middle, then a click on the worst fault at a time. */
static gboolean
try_superpixel (Try *try)
{
  AssayRect box = { 0 };
  assay_mask_bounds (try->drawn, &box);
  begin (try, "superpixel");
  hand_paint (&try->hand, try->drawn, CLAMP (MIN (box.w, box.h) / 3, 12, 40));
  for (guint i = 0; i < 2 * MOST_CORRECTIONS && !(iou_now (try) >= GOOD_IOU); i++)
    {
      g_autoptr (AssayMask) have = NULL;
      g_autoptr (AssayMask) fault = NULL;
      guint x, y;
      AssayInputFlags flags = find_fault (try, &have, &fault, &x, &y) ? ASSAY_INPUT_ALT : 0;
      hand_think (&try->hand);
      hand_press (&try->hand, (AssayPoint){ x + 0.5, y + 0.5 }, flags);
      hand_let_go (&try->hand, flags);
    }
  return iou_now (try) >= GOOD_IOU;
}

static const struct
{
  const char *name;
  gboolean (*run) (Try *try);
} tools[] = {
  { "polygon", try_polygon },     { "freehand", try_freehand }, { "brush", try_brush },
  { "rectangle", try_rectangle }, { "ellipse", try_ellipse },   { "wand", try_wand },
  { "scissors", try_scissors },   { "grabcut", try_grabcut },   { "superpixel", try_superpixel },
};
#define N_TOOLS G_N_ELEMENTS (tools)

static int
compare (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return x < y ? -1 : x > y;
}

/* What was not reached counts as later than all. */
static void
print_median (const char *name, double *values, guint n)
{
  guint n_reached = 0;
  qsort (values, n, sizeof *values, compare);
  for (guint i = 0; i < n; i++)
    n_reached += values[i] < G_MAXDOUBLE;
  double median = (values[(n - 1) / 2] + values[n / 2]) / 2;
  if (n_reached > n / 2)
    printf ("%-10s reached %2u of %u, median %5.1f s\n", name, n_reached, n, median);
  else
    printf ("%-10s reached %2u of %u\n", name, n_reached, n);
}

int
main (void)
{
  double seconds[N_TOOLS + 1][N_THINGS];
  if (g_getenv ("ASSAY_SOURCE") == NULL)
    {
      fprintf (stderr, "usage: ASSAY_SOURCE=… bench-mask-time\n");
      return 2;
    }
  printf ("%-14s %-7s %-10s %5s %6s %5s %9s %7s\n", "picture", "thing", "tool", "IoU", "clicks", "keys",
          "travel px", "s");
  for (guint i = 0; i < N_THINGS; i++)
    {
      g_autoptr (AssayPicture) picture = load_photo (things[i][0]);
      g_autoptr (AssayRing) ring = load_drawn_ring (things[i][0], things[i][1]);
      g_autoptr (AssayMask) drawn = assay_mask_new_from_ring (ring, picture->width_px, picture->height_px);
      double *best = &seconds[N_TOOLS][i];
      *best = G_MAXDOUBLE;
      for (guint k = 0; k < N_TOOLS; k++)
        {
          Try try = { .picture = picture, .ring = ring, .drawn = drawn };
          gboolean reached = tools[k].run (&try);
          double iou = try.desk != NULL ? iou_now (&try) : NAN;
          seconds[k][i] = reached ? try.hand.seconds : G_MAXDOUBLE;
          *best = MIN (*best, seconds[k][i]);
          printf ("%-14s %-7s %-10s %5.3f %6u %5u %9.0f ", things[i][0], things[i][1], tools[k].name, iou,
                  try.hand.n_clicks, try.hand.n_keys, try.hand.travel_px);
          if (reached)
            printf ("%7.1f\n", try.hand.seconds);
          else
            printf ("%7s\n", "-");
          fflush (stdout);
          g_clear_pointer (&try.desk, desk_free);
        }
    }
  for (guint k = 0; k < N_TOOLS; k++)
    print_median (tools[k].name, seconds[k], N_THINGS);
  print_median ("best tool", seconds[N_TOOLS], N_THINGS);
  return 0;
}
