/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/skew.h"

#include "core/json.h"

#include <math.h>
#include <stdlib.h>

#define RECENT 300
#define MOST_PAIRS 100000
#define KEPT 256 /* stamps of the first camera that a late partner may still find */
#define USUAL 9
#define PATIENCE_NS G_GINT64_CONSTANT (1000000000) /* a frame waits no longer for its partner */

typedef struct
{
  GArray *waiting;     /* gint64 stamps, oldest first: the first camera has not come so far yet */
  GArray *differences; /* double, ns, in time order, one pair in `every` */
  guint every, passed;
  double recent[RECENT];
  guint64 pairs, alone;
} Camera;

struct _AssaySkew
{
  guint n_cameras;
  Camera *cameras; /* [0] is not used */
  gint64 stamps[KEPT];
  guint64 n_stamps;
};

AssaySkew *
assay_skew_new (guint n_cameras)
{
  AssaySkew *skew = g_new0 (AssaySkew, 1);
  skew->n_cameras = n_cameras;
  skew->cameras = g_new0 (Camera, MAX (n_cameras, 1));
  for (guint i = 0; i < n_cameras; i++)
    {
      skew->cameras[i].waiting = g_array_new (FALSE, FALSE, sizeof (gint64));
      skew->cameras[i].differences = g_array_new (FALSE, FALSE, sizeof (double));
      skew->cameras[i].every = 1;
    }
  return skew;
}

void
assay_skew_free (AssaySkew *skew)
{
  if (skew == NULL)
    return;
  for (guint i = 0; i < skew->n_cameras; i++)
    {
      g_array_unref (skew->cameras[i].waiting);
      g_array_unref (skew->cameras[i].differences);
    }
  g_free (skew->cameras);
  g_free (skew);
}

static void
keep_pair (Camera *camera, double difference)
{
  camera->recent[camera->pairs++ % RECENT] = difference;
  if (camera->passed++ % camera->every != 0)
    return;
  g_array_append_val (camera->differences, difference);
  if (camera->differences->len < MOST_PAIRS)
    return;
  for (guint i = 0; 2 * i < camera->differences->len; i++)
    g_array_index (camera->differences, double, i) = g_array_index (camera->differences, double, 2 * i);
  g_array_set_size (camera->differences, (camera->differences->len + 1) / 2);
  camera->every *= 2;
}

static gint64
stamp_before (const AssaySkew *skew, guint64 back)
{
  return skew->stamps[(skew->n_stamps - 1 - back) % KEPT];
}

static int
by_length (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;
  return (x > y) - (x < y);
}

/* The first camera's usual distance from frame to frame: the median of the last nine. 0 = not known yet. */
static gint64
get_period (const AssaySkew *skew)
{
  gint64 steps[USUAL];
  guint n = (guint) MIN (MIN (skew->n_stamps, KEPT), USUAL + 1);
  for (guint i = 0; i + 1 < n; i++)
    steps[i] = stamp_before (skew, i) - stamp_before (skew, i + 1);
  if (n < 2)
    return 0;
  qsort (steps, n - 1, sizeof *steps, by_length);
  return steps[(n - 1) / 2];
}

/* The nearest of the first camera's stamps. */
static gboolean
find_partner (const AssaySkew *skew, gint64 stamp_ns, gint64 *ret_partner_ns)
{
  guint64 n = MIN (skew->n_stamps, KEPT);
  for (guint64 back = 0; back + 1 < n; back++)
    {
      gint64 later = stamp_before (skew, back), earlier = stamp_before (skew, back + 1);
      if (earlier > stamp_ns)
        continue;
      *ret_partner_ns = stamp_ns - earlier <= later - stamp_ns ? earlier : later;
      return TRUE;
    }
  return FALSE; /* before the first camera began */
}

static void
pair_waiting (AssaySkew *skew, Camera *camera)
{
  gint64 newest = stamp_before (skew, 0), period = get_period (skew), partner;
  guint done = 0;
  for (; done < camera->waiting->len; done++)
    {
      gint64 stamp = g_array_index (camera->waiting, gint64, done);
      if (stamp > newest)
        break;
      /* The nearer of two frames is half a period away at most, and a little for jitter; further, when frames are
       * missing. */
      if (find_partner (skew, stamp, &partner) && ABS (stamp - partner) <= period * 6 / 10)
        keep_pair (camera, (double) (stamp - partner));
      else
        camera->alone++;
    }
  if (done > 0)
    g_array_remove_range (camera->waiting, 0, done);
}

static void
give_up_waiting (Camera *camera, gint64 now_ns)
{
  guint done = 0;
  while (done < camera->waiting->len && g_array_index (camera->waiting, gint64, done) < now_ns - PATIENCE_NS)
    done++;
  camera->alone += done;
  if (done > 0)
    g_array_remove_range (camera->waiting, 0, done);
}

void
assay_skew_add (AssaySkew *skew, guint camera, gint64 stamp_ns)
{
  if (camera >= skew->n_cameras)
    return;
  if (camera > 0)
    {
      g_array_append_val (skew->cameras[camera].waiting, stamp_ns);
      if (skew->n_stamps > 0 && stamp_ns <= stamp_before (skew, 0))
        pair_waiting (skew, &skew->cameras[camera]);
      give_up_waiting (&skew->cameras[camera], stamp_ns);
      return;
    }
  if (skew->n_stamps > 0 && stamp_ns <= stamp_before (skew, 0))
    return; /* backward stamps pair nothing */
  skew->stamps[skew->n_stamps++ % KEPT] = stamp_ns;
  for (guint i = 1; i < skew->n_cameras; i++)
    pair_waiting (skew, &skew->cameras[i]);
}

static int
by_size (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

gboolean
assay_skew_get (const AssaySkew *skew, guint camera, gboolean whole, AssaySkewFacts *ret_facts)
{
  if (camera == 0 || camera >= skew->n_cameras)
    return FALSE;
  const Camera *of = &skew->cameras[camera];
  guint n = whole ? of->differences->len : (guint) MIN (of->pairs, RECENT);
  *ret_facts = (AssaySkewFacts){ of->pairs, of->alone, NAN, NAN, NAN };
  if (n == 0)
    return TRUE;
  g_autofree double *values = g_memdup2 (
      whole ? (const double *) (gconstpointer) of->differences->data : of->recent, n * sizeof (double));
  qsort (values, n, sizeof *values, by_size);
  ret_facts->offset_ns = values[n / 2];
  for (guint i = 0; i < n; i++)
    values[i] = fabs (values[i]);
  qsort (values, n, sizeof *values, by_size);
  ret_facts->median_ns = values[n / 2];
  ret_facts->p95_ns = values[MIN ((guint) (0.95 * n), n - 1)];
  return TRUE;
}

json_t *
assay_skew_to_json (const AssaySkew *skew)
{
  json_t *list = json_array ();
  AssaySkewFacts facts;
  for (guint i = 1; i < skew->n_cameras; i++)
    if (assay_skew_get (skew, i, TRUE, &facts))
      json_array_append_new (list, json_pack ("{s:i, s:I, s:I, s:o, s:o, s:o}", "camera", (int) i, "pairs",
                                              (json_int_t) facts.pairs, "alone", (json_int_t) facts.alone,
                                              "median_ns", assay_json_number (facts.median_ns), "p95_ns",
                                              assay_json_number (facts.p95_ns), "offset_ns",
                                              assay_json_number (facts.offset_ns)));
  return list;
}
