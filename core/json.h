/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/json.h - small JSON: canonical text (RFC 8785 in spirit) and checked reading of fields. Any thread.
 * Large files are read by core/json-reader.h instead. */
#include "core/id.h"

#include <jansson.h>

G_BEGIN_DECLS

G_DEFINE_AUTOPTR_CLEANUP_FUNC (json_t, json_decref)

/* Sorted keys, no blanks, UTF-8, shortest doubles that read back equal, whole doubles without a fraction; NaN and infinity
 * are written null. The same value gives the same bytes on every machine and in every locale. */
char *assay_json_canonical (const json_t *json);
void assay_json_canonical_append (const json_t *json, GString *text);
/* Shortest text of a double that reads back equal; `buffer` of at least 32. */
char *assay_json_double (double value, char *buffer);
/* Indented, for people and for --json. */
char *assay_json_pretty (const json_t *json);
/* BAD_DATA with line and column, duplicate keys refused. `what` names it in the message. */
json_t *assay_json_parse (const char *text, gsize n_bytes, const char *what, GError **error);
json_t *assay_json_load (const char *path, GError **error);
/* NaN as null; ids and hashes as text. New references. */
json_t *assay_json_number (double value);
json_t *assay_json_id (const AssayId *id); /* nil = null */
/* Fields of an object: FALSE when absent or of another type. Borrowed strings. */
gboolean assay_json_get_double (const json_t *object, const char *key, double *ret_value);
gboolean assay_json_get_int (const json_t *object, const char *key, gint64 *ret_value);
const char *assay_json_get_string (const json_t *object, const char *key); /* (nullable) */
gboolean assay_json_get_bool (const json_t *object, const char *key);
gboolean assay_json_get_id (const json_t *object, const char *key, AssayId *ret_id);
/* An array of exactly `n` finite numbers, and back (new reference). */
gboolean assay_json_to_doubles (const json_t *array, double *ret_values, guint n);
json_t *assay_json_from_doubles (const double *values, guint n);
/* The first key of `object` that is none of `keys` (ends with NULL); NULL when all are. Borrowed from `object`. */
const char *assay_json_find_other_key (const json_t *object, const char *const *keys);

G_END_DECLS
