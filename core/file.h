/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/file.h - files that are there whole or not at all. Any thread.
 *
 * A file is written under another name in the same folder, brought to the disk, and only then takes its name. */
#include "core/sha256.h"

G_BEGIN_DECLS

/* A file on its way into `directory`: g_auto (AssayFileDraft) draft = ASSAY_FILE_DRAFT_INIT; gone unless it was kept. */
typedef struct {
  int fd;     /* -1 = none */
  char *path;
} AssayFileDraft;
#define ASSAY_FILE_DRAFT_INIT { .fd = -1 }
/* Name of drafts, for whoever lists a folder: ".draft-…" is nobody's file. */
#define ASSAY_FILE_DRAFT_PREFIX ".draft-"
gboolean assay_file_draft_open (AssayFileDraft *draft, const char *directory, GError **error);
/* fsync, mode, name (what had that name is replaced), fsync of the folder. */
gboolean assay_file_draft_keep (AssayFileDraft *draft, const char *path, guint mode, GError **error);
void assay_file_draft_clear (AssayFileDraft *draft);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AssayFileDraft, assay_file_draft_clear)

/* Removes drafts that nobody has written to for a day: their writer was killed. */
void assay_file_sweep (const char *directory);

gboolean assay_file_write_all (int fd, gconstpointer data, gsize n_bytes, const char *path, GError **error);
/* Copies all of `from` into `to` (both at their start): shares the blocks where the file system can, else reads and writes.
 * `ret_hash` (nullable) is of the bytes that are now in `to`. */
gboolean assay_file_copy (int from, int to, const char *path, AssaySha256 *ret_hash, gint64 *ret_bytes, GError **error);
gboolean assay_file_hash (int fd, const char *path, AssaySha256 *ret_hash, gint64 *ret_bytes, GError **error);
/* For another thread, which may wait for the disk; close it. -1 on error. */
int assay_file_dup (int fd, const char *path, GError **error);
/* A whole file at once, mode 0644. */
gboolean assay_file_write (const char *path, gconstpointer data, gsize n_bytes, GError **error);
/* Makes the names in a folder last through a power cut. */
gboolean assay_folder_sync (const char *directory, GError **error);

G_END_DECLS
