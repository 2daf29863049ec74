/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/job-receipt.h - what a recording gave, on one page: sensor by sensor what was expected, received, written and
 * lost, and where. For both faces: the document is gathered once (app/job-receipt.c), and what people read is words
 * of it (app/job-receipt-words.c). */
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
  json_t *document; /* doc/DATASET.md, Receipts */
  char *title;      /* name of the session, when it began, how long it took */
  char *verdict;    /* "Nothing was lost", or what was: first of all */
  gboolean clean;   /* nothing was, as far as it was counted, and it ended as it was meant to */
  GPtrArray *form;  /* of char *: "Subject: mug 3" … what was said of it */
  char **sensors;   /* as people call them */
  GPtrArray *rows;  /* of AssayReceiptRow */
  GPtrArray *holes; /* of char *: "00:03.210 left camera: 12 frames (the device's own count)" */
  GPtrArray *notes; /* of char *: skew and offsets, what a device said at its end, remarks */
} AssayReceipt;
void assay_receipt_free (AssayReceipt *receipt);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayReceipt, assay_receipt_free)

/* Of a session that is over: NOT_FOUND when it has no report yet. Off the main thread, READ is enough. */
AssayReceipt *assay_receipt_load (AssayProject *project, const AssayId *session, GError **error);
/* The page as plain text; free it. */
char *assay_receipt_dup_text (const AssayReceipt *receipt);

/* All recordings, the newest first: [{session, name, began_ns, over, verdict, clean, subject, consent, conditions,
 * sensors}]; `sensors` is how many, `clean` null when nothing was counted. New reference. */
json_t *assay_receipt_list_all (AssayProject *project, GError **error);

/* For the files of it. Of a report, or of the document: an array of sensors with `lost`, `corrupt`, `received` and
 * `trouble`, and `ended` and `recovered` of them all; free it. `ret_clean`: nothing was lost, it was meant to end when it
 * did, and its recorder wrote the report; FALSE too when nobody counted (`ret_counted`). */
char *assay_receipt_dup_verdict (const json_t *report, gboolean *ret_clean, gboolean *ret_counted);
/* "frame", "samples": `n` of what a sensor gives. */
const char *assay_receipt_get_noun (const json_t *sensor, gint64 n);
const char *assay_receipt_get_name (const json_t *sensor);
void assay_receipt_add_words (AssayReceipt *receipt);

G_END_DECLS
