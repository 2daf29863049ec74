/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/media.h - content-addressed files: media/ab/SHA256.ext, mode 0444, written temp + fsync + rename, reflinked from
 * the source where the file system can. The same bytes are stored once. Same thread as the project. */
#include "core/file.h"
#include "core/item.h"
#include "core/project.h"

G_BEGIN_DECLS

typedef struct {
  AssaySha256 hash;
  AssayMediaKind kind;
  char type[8]; /* extension, from the content */
  gint64 bytes;
  guint width_px, height_px, exif_orientation;
  guint rate_hz, channels;
  gint64 n_samples, n_frames, duration_ns;
  char warning[160]; /* what a damaged but readable picture lacks; "" = nothing */
} AssayMediaFacts;

/* Sniffs and checks the whole file (a picture or sound is decoded once): BAD_DATA says what is wrong with it. */
gboolean assay_media_probe (const char *path, AssayMediaFacts *ret_facts, GError **error);
/* Brings the file in; `ret_known` when its content was there already (a file that was lost is put back so). `facts`: zeroed, or
 * what assay_media_probe said, so that nothing is decoded twice; filled either way. */
gboolean assay_media_add (AssayProject *project, const char *path, AssayMediaFacts *facts, gboolean *ret_known, GError **error);
/* Same for a recorder's own closed file, without copying where the file system has links: `facts` are whole, as its writer knows
 * them, and believed. The caller removes `path` when the database speaks of it; nobody may write to it any more. */
gboolean assay_media_take (AssayProject *project, const char *path, const AssayMediaFacts *facts, gboolean *ret_known, GError **error);
/* Same as assay_media_add, from memory: a still that was just taken. */
gboolean assay_media_add_bytes (AssayProject *project, gconstpointer data, gsize n_bytes, AssayMediaFacts *facts, gboolean *ret_known,
                                GError **error);
/* The row alone, for whoever has brought the file in by himself (merging): ignored when it is known. */
gboolean assay_media_record (AssayStore *store, const AssayMediaFacts *facts, GError **error);
/* Where it lies; free it. */
char *assay_media_dup_path (const AssayProject *project, const AssaySha256 *hash, const char *type);
char *assay_item_dup_path (const AssayProject *project, const AssayItem *item);
/* Copies (reflink where possible, never a hard link) to `out`, atomically, mode 0644. */
gboolean assay_media_export (const AssayProject *project, const AssaySha256 *hash, const char *type, const char *out, gint64 *ret_bytes,
                             GError **error);
/* Reads one file again: BAD_DATA when its bytes are not those of its name, NOT_FOUND when it is not there. */
gboolean assay_media_check (const AssayProject *project, const AssaySha256 *hash, const char *type, GError **error);
/* Reads every file again; one callback for each missing, altered or unreadable one. */
typedef void (*AssayMediaDamage) (const AssaySha256 *hash, const char *why, gpointer data);
gboolean assay_media_verify (AssayProject *project, AssayMediaDamage damage, gpointer data, guint64 *ret_checked, AssayProgress *progress,
                             GError **error);

G_END_DECLS
