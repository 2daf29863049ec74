/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/peaks.h"

#include <math.h>

/* 2 ms at 16 kHz: below what a boundary is heard to; an hour takes 22 MB. */
#define COLUMN_SAMPLES 32

typedef struct
{
  char *path;
  gint64 from, to;
} Wanted;

static void
wanted_free (gpointer data)
{
  Wanted *wanted = data;
  g_free (wanted->path);
  g_free (wanted);
}

static void
load (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Wanted *wanted = data;
  GError *error = NULL;
  g_autoptr (AssaySoundReader) reader = assay_sound_reader_new (wanted->path, &error);
  if (reader == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_autoptr (AssayPeaks) peaks = g_new0 (AssayPeaks, 1);
  peaks->refs = 1;
  peaks->from = wanted->from;
  peaks->to = wanted->to;
  peaks->rate_hz = assay_sound_reader_get_facts (reader)->rate_hz;
  peaks->n_columns = (guint) MAX (1, (wanted->to - wanted->from + COLUMN_SAMPLES - 1) / COLUMN_SAMPLES);
  peaks->columns = g_new0 (AssaySoundPeak, peaks->n_columns);
  peaks->loudest = 0.02f;
  if (!assay_sound_reader_peaks (reader, wanted->from, wanted->to, peaks->n_columns, peaks->columns, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  for (guint i = 0; i < peaks->n_columns; i++)
    peaks->loudest = MAX (peaks->loudest, MAX (peaks->columns[i].high, -peaks->columns[i].low));
  g_task_return_pointer (task, g_steal_pointer (&peaks), (GDestroyNotify) assay_peaks_unref);
}

void
assay_peaks_load (const char *path, gint64 from, gint64 to, GCancellable *cancellable, GAsyncReadyCallback done,
                  gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, done, user_data);
  Wanted *wanted = g_new0 (Wanted, 1);
  *wanted = (Wanted){ g_strdup (path), from, to };
  g_task_set_task_data (task, wanted, wanted_free);
  g_task_run_in_thread (task, load);
}

AssayPeaks *
assay_peaks_load_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

AssayPeaks *
assay_peaks_ref (AssayPeaks *peaks)
{
  g_atomic_int_inc (&peaks->refs);
  return peaks;
}

void
assay_peaks_unref (AssayPeaks *peaks)
{
  if (peaks == NULL || !g_atomic_int_dec_and_test (&peaks->refs))
    return;
  g_free (peaks->columns);
  g_free (peaks);
}

AssaySoundPeak
assay_peaks_get (const AssayPeaks *peaks, double from, double to)
{
  double per_sample = peaks->n_columns / MAX (1.0, (double) (peaks->to - peaks->from));
  double first = floor ((from - (double) peaks->from) * per_sample),
         last = ceil ((to - (double) peaks->from) * per_sample);
  if (last <= 0 || first >= peaks->n_columns)
    return (AssaySoundPeak){ 0, 0, 0 };
  guint a = (guint) MAX (0, first), b = (guint) MIN ((double) peaks->n_columns, MAX (last, first + 1));
  AssaySoundPeak all = peaks->columns[a];
  double squares = 0;
  for (guint i = a; i < b; i++)
    {
      all.low = MIN (all.low, peaks->columns[i].low);
      all.high = MAX (all.high, peaks->columns[i].high);
      squares += (double) peaks->columns[i].rms * peaks->columns[i].rms;
    }
  all.rms = (float) sqrt (squares / (b - a));
  return all;
}
