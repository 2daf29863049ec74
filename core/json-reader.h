/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/json-reader.h - JSON files of any size, read front to back in constant memory.
 *
 * One walks down by name (enter an object, ask for its keys; enter an array, ask for its elements) and takes each small
 * value whole as a json_t, or skips it. What is skipped is checked as strictly as what is read: grammar, depth and UTF-8.
 *
 *   if (!assay_json_reader_enter (reader, '{', error))
 *     return FALSE;
 *   const char *key;
 *   while (assay_json_reader_next_key (reader, &key, error) && key != NULL)
 *     …exactly one of enter, read or skip…
 *
 * Two sorts of errors: bad grammar breaks the reader (assay_json_reader_is_broken), nothing more can be read; a value that
 * is too large, or holds a number or an escape that cannot be represented, is left behind whole and reading goes on.
 * NaN and Infinity, which Python writes, are read as null. Of equal keys in one object the last counts, as in Python.
 * Errors are BAD_DATA with line and column (in characters, from 1). A reader belongs to one thread at a time. */
#include <jansson.h>
#include <glib.h>

G_BEGIN_DECLS

#define ASSAY_JSON_MAX_DEPTH 64

typedef struct _AssayJsonReader AssayJsonReader;

AssayJsonReader *assay_json_reader_open (const char *path, GError **error);
/* From memory, which must outlive the reader; `what` names it in messages. */
AssayJsonReader *assay_json_reader_new (gconstpointer data, gsize n_bytes, const char *what, GError **error);
void assay_json_reader_free (AssayJsonReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayJsonReader, assay_json_reader_free)
gboolean assay_json_reader_is_broken (const AssayJsonReader *reader);

/* First character of the value that comes next, '0' for any number; '\0' when broken. Takes nothing. */
char assay_json_reader_peek (AssayJsonReader *reader);
/* Into an object ('{') or an array ('['): BAD_DATA when the next value is something else, and it stays to be skipped. */
gboolean assay_json_reader_enter (AssayJsonReader *reader, char bracket, GError **error);
/* `ret_key` is NULL at the end of the object, which is then left; borrowed until the next key. */
gboolean assay_json_reader_next_key (AssayJsonReader *reader, const char **ret_key, GError **error);
/* `ret_more` is FALSE at the end of the array, which is then left. */
gboolean assay_json_reader_next_element (AssayJsonReader *reader, gboolean *ret_more, GError **error);
/* The next value whole; at most `max_bytes` long in the file. New reference. */
gboolean assay_json_reader_read (AssayJsonReader *reader, gsize max_bytes, json_t **ret_json, GError **error);
gboolean assay_json_reader_skip (AssayJsonReader *reader, GError **error);
/* Nothing but white space may follow. */
gboolean assay_json_reader_finish (AssayJsonReader *reader, GError **error);

/* For coming back: where the next value begins, where reading stands, and the value that lies there. Does not move the
 * reader. `line` (0 = unknown) goes into the message. */
guint64 assay_json_reader_get_start (AssayJsonReader *reader);
guint64 assay_json_reader_get_offset (const AssayJsonReader *reader);
guint64 assay_json_reader_get_line (const AssayJsonReader *reader);
guint64 assay_json_reader_get_size (const AssayJsonReader *reader); /* of the file, for progress */
json_t *assay_json_reader_read_at (AssayJsonReader *reader, guint64 offset, gsize n_bytes, guint64 line, GError **error);

G_END_DECLS
