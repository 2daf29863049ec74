/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/account.h"

#include <math.h>

#define LEARN 8 /* frames or blocks before any can be late */

static void
look_at_delay (AssayAccount *account, guint64 n, gint64 delay_ns, gint64 late_ns)
{
  if (account->n_delays == 0)
    account->usual_delay_ns = delay_ns;
  else if (account->n_delays >= LEARN && delay_ns > account->usual_delay_ns + late_ns)
    account->late += n;
  /* A running median: a step towards each delay, however far it is, so that single late ones hardly count. */
  gint64 step_ns = late_ns / 64, apart_ns = delay_ns - account->usual_delay_ns;
  account->usual_delay_ns += CLAMP (apart_ns, -step_ns, step_ns);
  account->n_delays++;
}

/* What the device counted from the end of the last one to the end of this one; a counter that starts again counts
 * this. */
static guint64
count_step (const AssayAccount *account, gboolean is_frame, guint64 counter, guint64 n)
{
  if (!is_frame)
    return counter >= account->last_end ? counter + n - account->last_end : n;
  guint32 step = (guint32) counter + 1 - (guint32) account->last_end;
  return step > 0 && step < G_MAXINT32 ? step : 1;
}

void
assay_account_add (AssayAccount *account, gboolean is_frame, guint64 counter, guint64 n, guint64 missing,
                   gint64 stamp_ns, gint64 arrived_ns, gint64 late_ns)
{
  look_at_delay (account, n, arrived_ns - stamp_ns, late_ns);
  if (!account->running)
    account->counted += n;
  else
    {
      gint64 distance_ns = MAX (stamp_ns - account->last_ns, 0);
      account->counted += count_step (account, is_frame, counter, n);
      account->span_ns += distance_ns;
      if (missing == 0)
        {
          account->steady_ns += distance_ns;
          account->n_steady += account->last_n;
        }
    }
  account->running = TRUE;
  account->last_end = counter + n;
  account->last_n = n;
  account->last_ns = stamp_ns;
}

void
assay_account_resume (AssayAccount *account)
{
  if (account->running)
    account->n_ends += account->last_n;
  account->running = FALSE;
}

void
assay_account_add_hole (AssayAccount *account, guint64 missing)
{
  if (account->n_steady > 0)
    account->steady_ns
        -= (gint64) ((double) account->steady_ns / (double) (account->n_steady + missing) * (double) missing);
}

guint64
assay_account_expect_by_rate (const AssayAccount *account)
{
  if (account->n_steady == 0 || account->steady_ns <= 0)
    return account->counted;
  double each_ns = (double) account->steady_ns / (double) account->n_steady;
  return (guint64) llround ((double) account->span_ns / each_ns) + account->n_ends
         + (account->running ? account->last_n : 0);
}
