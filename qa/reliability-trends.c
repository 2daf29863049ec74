/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How an annotator does over time: the learning curve, weeks, drift, and whether haste costs quality. */
#include "qa/bootstrap.h"
#include "qa/outliers.h"
#include "qa/reliability-private.h"
#include "qa/trend.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DAY_US ((gint64) 86400 * G_USEC_PER_SEC)
#define WEEK_US (7 * DAY_US)
#define ENOUGH 10 /* fewer scored answers have no trend */

static const AssayMeasureDef seconds_each = { "seconds_per_object", "Seconds an object", "s", FALSE },
                             learning = { "learning", "Learned, each time the answers double", "", TRUE },
                             drift = { "drift_per_week", "Drift a week", "", TRUE },
                             late = { "late_change", "Later half less earlier half", "", TRUE },
                             speed = { "speed_quality", "Slower goes with better (Spearman)", "", TRUE };

static int
by_time (gconstpointer a, gconstpointer b)
{
  const AssayReliabilitySample *x = a, *y = b;
  return (x->made_us > y->made_us) - (x->made_us < y->made_us);
}

/* The worthiest that enough answers are held against, else the one with the most. */
static AssayAgainst
choose (const GArray *samples)
{
  AssayAgainst best = ASSAY_AGAINST_N;
  guint most = 0;
  for (guint a = 0; a <= ASSAY_AGAINST_OTHERS; a++)
    {
      guint n = 0;
      for (guint i = 0; i < samples->len; i++)
        n += !isnan (g_array_index (samples, AssayReliabilitySample, i).likeness[a]);
      if (n >= ENOUGH)
        return a;
      if (n > most)
        {
          most = n;
          best = a;
        }
    }
  return best;
}

/* What is known of the answers that are scored, in the order of time, side by side. */
typedef struct
{
  guint n;
  double *nth, *week, *likeness, *seconds; /* seconds may be NaN */
  gint64 *made_us;
} Course;

static void
course_clear (Course *course)
{
  g_free (course->nth);
  g_free (course->week);
  g_free (course->likeness);
  g_free (course->seconds);
  g_free (course->made_us);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Course, course_clear)

static void
course_fill (Course *course, const GArray *samples, AssayAgainst against)
{
  guint n = samples->len + 1;
  *course = (Course){
    0, g_new (double, n), g_new (double, n), g_new (double, n), g_new (double, n), g_new (gint64, n)
  };
  for (guint i = 0; i < samples->len; i++)
    {
      const AssayReliabilitySample *sample = &g_array_index (samples, AssayReliabilitySample, i);
      if (isnan (sample->likeness[against]))
        continue;
      course->nth[course->n] = i + 1;
      course->made_us[course->n] = sample->made_us;
      course->week[course->n]
          = (double) (sample->made_us - g_array_index (samples, AssayReliabilitySample, 0).made_us) / WEEK_US;
      course->likeness[course->n] = sample->likeness[against];
      course->seconds[course->n++] = sample->seconds_each;
    }
}

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

static double
median_of (const double *values, guint n)
{
  g_autofree double *sorted = g_new (double, n + 1);
  guint n_known = 0;
  for (guint i = 0; i < n; i++)
    if (!isnan (values[i]))
      sorted[n_known++] = values[i];
  qsort (sorted, n_known, sizeof *sorted, compare_doubles);
  return n_known > 0 ? assay_quantile_sorted (sorted, n_known, 0.5) : NAN;
}

static double
mean_of (const double *values, guint n, double *ret_low, double *ret_high)
{
  g_autofree double *ones = g_new (double, n + 1);
  double sum = 0;
  for (guint i = 0; i < n; i++)
    {
      ones[i] = 1;
      sum += values[i];
    }
  AssaySha256 seed = assay_sha256 (values, n * sizeof *values);
  assay_bootstrap_ratio (values, ones, n, &seed, ret_low, ret_high);
  return n > 0 ? sum / n : NAN;
}

static void
add_point (GArray *points, const Course *course, guint first, guint end, gint64 from_us)
{
  AssayReliabilityPoint point = { .from_us = from_us, .n = end - first };
  if (point.n == 0)
    return;
  point.first = (guint64) course->nth[first];
  point.last = (guint64) course->nth[end - 1];
  point.value = mean_of (course->likeness + first, point.n, &point.low, &point.high);
  point.seconds = median_of (course->seconds + first, point.n);
  g_array_append_val (points, point);
}

/* 1 to 10, 20, 50, 100, 200, 500 … of their own answers. */
static GArray *
draw_curve (const Course *course)
{
  GArray *points = g_array_new (FALSE, FALSE, sizeof (AssayReliabilityPoint));
  static const guint steps[] = { 2, 5, 10 };
  double decade = 10, last = 10;
  for (guint first = 0, step = 0; first < course->n; step++)
    {
      guint end = first;
      while (end < course->n && course->nth[end] <= last)
        end++;
      add_point (points, course, first, end, end > first ? course->made_us[first] : 0);
      first = end;
      decade *= step > 0 && step % 3 == 0 ? 10 : 1;
      last = decade * steps[step % 3];
    }
  return points;
}

/* 1970 began on a Thursday. */
static gint64
monday_of (gint64 made_us)
{
  gint64 day = made_us / DAY_US;
  return ((day + 3) / 7 * 7 - 3) * DAY_US;
}

static GArray *
draw_weeks (const Course *course)
{
  GArray *points = g_array_new (FALSE, FALSE, sizeof (AssayReliabilityPoint));
  for (guint first = 0, end; first < course->n; first = end)
    {
      gint64 monday = monday_of (course->made_us[first]);
      for (end = first + 1; end < course->n && monday_of (course->made_us[end]) == monday;)
        end++;
      add_point (points, course, first, end, monday);
    }
  return points;
}

static void
add_trend (GArray *measures, const AssayMeasureDef *def, AssayTrend trend, guint n)
{
  AssayAgreementMeasure measure = assay_reliability_measure_new (def);
  if (isnan (trend.value))
    return;
  measure.value = trend.value;
  measure.low = trend.low;
  measure.high = trend.high;
  measure.n = measure.items = n;
  g_array_append_val (measures, measure);
}

static void
tell_time (AssayReliabilityPerson *person, const Course *course)
{
  g_autofree double *doublings = g_new (double, course->n + 1), *half = g_new (double, course->n + 1);
  for (guint i = 0; i < course->n; i++)
    {
      doublings[i] = log2 (course->nth[i]);
      half[i] = 2 * i >= course->n;
    }
  add_trend (person->measures, &learning, assay_trend_slope (doublings, course->likeness, course->n), course->n);
  add_trend (person->measures, &late, assay_trend_slope (half, course->likeness, course->n), course->n);
  person->late_p = assay_trend_halves (course->nth, course->likeness, course->n).p;
  /* Within one week a slope a week is made of nothing. */
  if (course->week[course->n - 1] - course->week[0] >= 1)
    add_trend (person->measures, &drift, assay_trend_slope (course->week, course->likeness, course->n), course->n);
}

static void
tell_speed (AssayReliabilityPerson *person, const Course *course)
{
  g_autofree double *seconds = g_new (double, course->n + 1), *likeness = g_new (double, course->n + 1);
  guint n = 0;
  for (guint i = 0; i < course->n; i++)
    if (!isnan (course->seconds[i]))
      {
        seconds[n] = course->seconds[i];
        likeness[n++] = course->likeness[i];
      }
  if (n >= ENOUGH)
    add_trend (person->measures, &speed, assay_trend_spearman (seconds, likeness, n), n);
}

static void
tell_seconds (AssayReliabilityGathered *gathered)
{
  g_autofree double *seconds = g_new (double, gathered->samples->len + 1);
  AssayTrend mean;
  guint n = 0;
  for (guint i = 0; i < gathered->samples->len; i++)
    {
      double one = g_array_index (gathered->samples, AssayReliabilitySample, i).seconds_each;
      if (!isnan (one))
        seconds[n++] = one;
    }
  mean.value = mean_of (seconds, n, &mean.low, &mean.high);
  add_trend (gathered->person->measures, &seconds_each, mean, n);
}

void
assay_reliability_tell_trends (AssayReliabilityGathered *gathered)
{
  AssayReliabilityPerson *person = gathered->person;
  g_auto (Course) course = { 0 };
  g_array_sort (gathered->samples, by_time);
  person->trend = choose (gathered->samples);
  person->late_p = NAN;
  course_fill (&course, gathered->samples, MIN (person->trend, ASSAY_AGAINST_OTHERS));
  person->curve = draw_curve (&course);
  person->weeks = draw_weeks (&course);
  tell_seconds (gathered);
  if (course.n < ENOUGH)
    return;
  tell_time (person, &course);
  tell_speed (person, &course);
}
