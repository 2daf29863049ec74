/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* capture/disk-guard.h - how long the disk lasts, and when to stop before it is full. One thread at a time.
 *
 * What stays free: the larger of min (2 GiB, 5 % of the disk) and five seconds of data, so that what is under way
 * can be closed and told. */
#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint64 total_bytes, free_bytes; /* free: to us, with what was set aside for open files */
  guint64 reserve_bytes;           /* stays free */
  double bytes_per_s;              /* as measured; 0 = not yet */
  double seconds_left;             /* until the reserve is reached; infinite while nothing is written */
} AssayDiskState;

#define ASSAY_DISK_LOW_S 600.0 /* from here on people are told */

/* Begins zeroed. */
typedef struct
{
  AssayDiskState state;
  gint64 looked_ns;
  guint64 written_bytes;
} AssayDiskGuard;

/* Looks at the disk on which `path` lies. `written_bytes`: all that was written up to `now_ns`; `set_aside_bytes`:
 * for open files, and not yet used; `promised_per_s`: what is expected as long as nothing is measured, 0 = unknown.
 */
gboolean assay_disk_guard_look (AssayDiskGuard *guard, const char *path, guint64 written_bytes,
                                guint64 set_aside_bytes, double promised_per_s, gint64 now_ns, GError **error);
/* Nothing more should be written. */
gboolean assay_disk_state_is_full (const AssayDiskState *state);

G_END_DECLS
