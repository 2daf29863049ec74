/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/ratings.h - RATINGS.csv: header item,annotator,value, a row per rating (RFC 4180 quotes), missing ratings
 * absent.
 *
 * Items and annotators are in order of first appearance; categories ascending, as numbers when all of them are. Any
 * thread. */
#include "core/sha256.h"

G_BEGIN_DECLS

typedef struct
{
  GPtrArray *items, *annotators, *categories; /* of char * */
  gboolean numeric;                           /* every value is a number */
  int *category;                              /* annotators x items, index of the category, -1 = missing */
  double *value;    /* annotators x items, the number (or the index of the category), NaN = missing */
  AssaySha256 hash; /* of the table as read: seeds the bootstrap */
} AssayRatings;

/* BAD_DATA names the line. One annotator rating one item twice with different values is refused. */
AssayRatings *assay_ratings_load (const char *path, GError **error);
AssayRatings *assay_ratings_parse (const char *text, gsize n_bytes, const char *what, GError **error);
void assay_ratings_free (AssayRatings *ratings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayRatings, assay_ratings_free)

G_END_DECLS
