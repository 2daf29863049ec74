/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* formats/format.h - labels as files that others read and write. A registry: formats/format-*.c, one word each in
 * formats/meson.build; the word is file name, C symbol (assay_format_WORD) and command-line name.
 *
 * A format says what it can keep; what it cannot is counted and told (`lossy`), never silently dropped.
 * A bad entry is skipped, counted and named; it never stops the good ones. Same thread as the project. */
#include "core/option.h"
#include "core/version.h"

G_BEGIN_DECLS

/* An import under way: the format tells what it found, the sink puts it into the project. formats/import.c */
typedef struct _AssayImport AssayImport;
/* An export under way: where rows come from and files go to. formats/export.c */
typedef struct _AssayExport AssayExport;

typedef struct {
  const char *id, *title;
  const char *const *kinds;         /* kinds of label it can hold, ends with NULL */
  const char *loses;                /* one sentence: what cannot be kept */
  const AssayOption *options;       /* (nullable) */
  /* 0 to 100: how sure this file is of this format; `head` is its first bytes (at most 64 KiB). Optional: no reading. */
  int (*sniff) (const char *path, const char *head, gsize n_bytes);
  gboolean (*read) (AssayImport *import, const char *path, GError **error);
  gboolean (*write) (AssayExport *export, GError **error);
} AssayFormat;

const AssayFormat *assay_format_find (const char *id); /* (nullable) */
const AssayFormat *const *assay_format_list (guint *ret_n);
/* The surest one that can read `path`; NULL when none is. */
const AssayFormat *assay_format_sniff (const char *path);

G_END_DECLS
