/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/job-receipt.h - what a recording gave, on one page: sensor by sensor what was expected, received, written and
 * lost, and where. For both faces. */
#include "core/project.h"

#include <jansson.h>

G_BEGIN_DECLS

/* A figure, and what it is for each sensor. */
typedef struct
{
  const char *name; /* "expected" */
  char **values;    /* one a sensor, NULL at the end; "–" = not known */
  gboolean matters; /* it says that something is missing or damaged */
} AssayReceiptRow;

typedef struct
{
  char *title;      /* name of the session, when it began, how long it took */
  char *verdict;    /* "Nothing was lost", or what was: first of all */
  gboolean clean;   /* nothing was */
  char **sensors;   /* as people call them */
  GPtrArray *rows;  /* of AssayReceiptRow */
  GPtrArray *holes; /* of char *: "00:03.210 left camera: 12 frames (the device's own count)" */
  GPtrArray *notes; /* of char *: skew of the cameras, what a device said at its end, remarks */
} AssayReceipt;
void assay_receipt_free (AssayReceipt *receipt);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayReceipt, assay_receipt_free)

/* Of a session that is over: NOT_FOUND when it has no report yet. Off the main thread, READ is enough. */
AssayReceipt *assay_receipt_load (AssayProject *project, const AssayId *session, GError **error);
/* The page as plain text; free it. */
char *assay_receipt_dup_text (const AssayReceipt *receipt);

G_END_DECLS
