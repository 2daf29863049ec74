/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/disk-guard.h"

#include "core/error.h"

#include <errno.h>
#include <math.h>
#include <sys/statvfs.h>

#define MOST_RESERVE ((guint64) 2 << 30)
#define RESERVE_SHARE 20 /* of the disk: 5 % */
#define RESERVE_S 5.0
#define MEMORY_S 5.0 /* over which the rate is measured */

static void
measure (AssayDiskGuard *guard, guint64 written_bytes, double promised_per_s, gint64 now_ns)
{
  AssayDiskState *state = &guard->state;
  double since_s = (double) (now_ns - guard->looked_ns) / 1e9;
  if (guard->looked_ns == 0)
    state->bytes_per_s = promised_per_s;
  else if (since_s > 0)
    {
      double now_per_s = (double) (written_bytes - guard->written_bytes) / since_s;
      /* The first measurement counts in full when nothing was promised. */
      double share = state->bytes_per_s > 0 ? MIN (1, since_s / MEMORY_S) : 1;
      state->bytes_per_s += share * (now_per_s - state->bytes_per_s);
    }
  guard->looked_ns = now_ns;
  guard->written_bytes = written_bytes;
}

gboolean
assay_disk_guard_look (AssayDiskGuard *guard, const char *path, guint64 written_bytes, guint64 set_aside_bytes,
                       double promised_per_s, gint64 now_ns, GError **error)
{
  AssayDiskState *state = &guard->state;
  struct statvfs disk;
  if (statvfs (path, &disk) != 0)
    {
      assay_error_set_errno (error, errno, "looking for free space in %s", path);
      return FALSE;
    }
  measure (guard, written_bytes, promised_per_s, now_ns);
  state->total_bytes = (guint64) disk.f_blocks * disk.f_frsize;
  state->free_bytes = (guint64) disk.f_bavail * disk.f_frsize + set_aside_bytes;
  state->reserve_bytes
      = MAX (MIN (MOST_RESERVE, state->total_bytes / RESERVE_SHARE), (guint64) (RESERVE_S * state->bytes_per_s));
  double room = state->free_bytes > state->reserve_bytes ? (double) (state->free_bytes - state->reserve_bytes) : 0;
  state->seconds_left = room <= 0 ? 0 : state->bytes_per_s > 0 ? room / state->bytes_per_s : (double) INFINITY;
  return TRUE;
}

gboolean
assay_disk_state_is_full (const AssayDiskState *state)
{
  return state->free_bytes <= state->reserve_bytes;
}
