/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/store-place.h - may a database live here? SQLite's locks and shared memory hold on local disks only. Any thread. */
#include <glib.h>

G_BEGIN_DECLS

/* What a file system is called when other machines share it, or NULL when it is local. `f_type` as statfs(2) tells it;
 * `mount_type` (nullable) as in /proc/self/mountinfo, which tells FUSE file systems apart: "fuse.sshfs", "fuseblk". */
const char *assay_place_network_name (guint64 f_type, const char *mount_type);
/* UNSUPPORTED when the folder lies on such a file system: a live project needs a local disk. */
gboolean assay_place_check (const char *directory, GError **error);

G_END_DECLS
