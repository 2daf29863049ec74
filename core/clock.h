/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/clock.h - one time line: CLOCK_MONOTONIC nanoseconds, and the pairs that tie it to the calendar. Any thread.
 */
#include <glib.h>

G_BEGIN_DECLS

gint64 assay_clock_now_ns (void); /* CLOCK_MONOTONIC: what V4L2 stamps with */

/* One instant on both clocks. A session keeps a few, since the calendar may be set while it runs. */
typedef struct
{
  gint64 monotonic_ns, realtime_ns;
  gint64 doubt_ns; /* the two were read within this */
} AssayClockPair;
AssayClockPair assay_clock_pair (void);
gint64 assay_clock_to_realtime_ns (const AssayClockPair *pair, gint64 monotonic_ns);

/* Waits until `due_ns` or until `fd` (-1 = none) can be read: 0 when due, -EINTR when `fd` woke it, -EAGAIN after
 * `timeout_ms` (negative = none). Neither allocates nor locks. */
int assay_clock_wait_until (gint64 due_ns, int fd, int timeout_ms);

G_END_DECLS
