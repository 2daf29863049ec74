/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/returned.h - why an answer was sent back to its annotator, and where to look. Store's thread. */
#include "core/label.h"

G_BEGIN_DECLS

typedef struct
{
  char *comment; /* (nullable) */
  char *by;      /* (nullable) name of the reviewer */
  json_t *place; /* (nullable) as of a finding: {"box":[x,y,w,h]}, {"points":[[x,y]…]}, {"samples":[start,end]} … */
  gint64 made_us;
} AssayReturned;
void assay_returned_free (AssayReturned *returned);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayReturned, assay_returned_free)

/* BAD_DATA when `place` is none of {"box":[x,y,w,h]}, {"points":[[x,y]…]} and {"samples":[start,end]}. */
gboolean assay_returned_check_place (const json_t *place, GError **error);

/* `ret_returned` is NULL when this annotator's answer is not sent back. */
gboolean assay_returned_get (AssayStore *store, gint64 item_row, gint64 task_row, gint64 annotator_row,
                             AssayReturned **ret_returned, GError **error);
/* The middle of its place; FALSE when there is none in a picture. */
gboolean assay_returned_get_point (const AssayReturned *returned, AssayPoint *ret_point);

G_END_DECLS
