/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/error.h - how a room says that something did not work.
 *
 * Rooms return a GError; only the doors in app/ print it, once, as `assay: MESSAGE`.
 * Grammar: *doing what to which: why; what to do*. Each level that knows more adds its clause in front
 * (g_prefix_error). Any thread. */
#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  ASSAY_ERROR_NOT_FOUND,   /* a name, an id or a file that is not there */
  ASSAY_ERROR_BAD_DATA,    /* a file or a value that breaks its own rules */
  ASSAY_ERROR_DEVICE,      /* a camera or a microphone */
  ASSAY_ERROR_IO,          /* a disk, a folder, permissions, the database */
  ASSAY_ERROR_NO_SPACE,    /* the disk is full */
  ASSAY_ERROR_UNSUPPORTED, /* right in itself, but not something we (or this place) can do */
  ASSAY_ERROR_CONFLICT,    /* somebody else got there first, or it exists with another content */
  ASSAY_ERROR_USAGE,       /* the caller's words: an unknown flag, a missing argument */
  ASSAY_ERROR_CANCELLED
} AssayErrorCode;

#define ASSAY_ERROR (assay_error_quark ())
GQuark assay_error_quark (void);

/* Sets `error` to "WHAT: strerror; advice": ENOSPC and EDQUOT become NO_SPACE, ENOENT NOT_FOUND, the rest IO. */
void assay_error_set_errno (GError **error, int errnum, const char *format, ...) G_GNUC_PRINTF (3, 4);
/* Sets `error` to BAD_DATA and returns FALSE, so that a check reads `return good || assay_error_bad_data (…)`. */
gboolean assay_error_bad_data (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

G_END_DECLS
