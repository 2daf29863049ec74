/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/sync-mark.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ATTACK_S 0.005
#define BEFORE_S 0.050
#define FLOOR 1e-10 /* power below -100 dBFS: digital silence must not make every whisper infinite */
#define CLAP_DB 20.0
#define USUAL 9
#define FLASH_LEAST 8.0
#define FLASH_TIMES 6.0

static gint64
refine (const float *samples, gint64 start, gint64 n)
{
  float peak = 0;
  for (gint64 i = 0; i < n; i++)
    peak = MAX (peak, fabsf (samples[start + i]));
  gint64 at = 0;
  while (at < n && fabsf (samples[start + at]) < peak / 4)
    at++;
  return start + at;
}

gboolean
assay_sync_find_clap (const float *samples, gint64 n, guint rate_hz, AssayClap *ret_clap)
{
  gint64 attack = MAX ((gint64) (ATTACK_S * rate_hz), 1), before = MAX ((gint64) (BEFORE_S * rate_hz), 1);
  double power_before = 0, power_attack = 0, best = 0;
  gint64 best_at = -1;
  if (n < before + attack)
    return FALSE;
  for (gint64 i = 0; i < before; i++)
    power_before += (double) samples[i] * samples[i];
  for (gint64 i = before; i < before + attack; i++)
    power_attack += (double) samples[i] * samples[i];
  for (gint64 at = before;; at++)
    {
      double ratio
          = (MAX (power_attack, 0) / (double) attack + FLOOR) / (MAX (power_before, 0) / (double) before + FLOOR);
      if (ratio > best)
        best = ratio, best_at = at;
      if (at + attack >= n)
        break;
      double leaving = samples[at - before], turning = samples[at], entering = samples[at + attack];
      power_before += turning * turning - leaving * leaving;
      power_attack += entering * entering - turning * turning;
    }
  double strength = 10 * log10 (best);
  if (best_at < 0 || strength < CLAP_DB)
    return FALSE;
  *ret_clap = (AssayClap){ refine (samples, best_at, attack), strength };
  return TRUE;
}

static int
by_size (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

static double
median (const double *values, guint n)
{
  g_autofree double *sorted = g_memdup2 (values, n * sizeof *values);
  qsort (sorted, n, sizeof *sorted, by_size);
  return sorted[n / 2];
}

gboolean
assay_sync_find_flash (const double *luma, guint n, AssayFlash *ret_flash)
{
  if (n < 3)
    return FALSE;
  g_autofree double *steps = g_new (double, n - 1);
  for (guint i = 0; i + 1 < n; i++)
    steps[i] = fabs (luma[i + 1] - luma[i]);
  double least = MAX (FLASH_LEAST, FLASH_TIMES * median (steps, n - 1)), best = 0;
  guint at = 0;
  for (guint i = 1; i < n; i++)
    {
      guint window = MIN (i, USUAL);
      double rise = luma[i] - median (luma + i - window, window);
      if (rise > best)
        best = rise, at = i;
    }
  if (best < least)
    return FALSE;
  /* A rolling shutter shows the flash in a part of a frame first: the first one that it lights by half. */
  for (double half = luma[at] - best / 2; at > 1 && luma[at - 1] > half;)
    at--;
  *ret_flash = (AssayFlash){ at, best };
  return TRUE;
}
