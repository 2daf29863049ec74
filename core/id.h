/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/id.h - identities that hold on every machine.
 *
 * An id is 16 bytes, written as a UUID (8-4-4-4-12 lower-case hex). Items derive theirs from what they are
 * (media, sequence, index), so two desks that import one folder get one set; everything else has a UUIDv7
 * (RFC 9562), made once. No row number ever leaves the database. Any thread. */
#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  guint8 bytes[16];
} AssayId;

#define ASSAY_ID_TEXT_SIZE 37 /* 36 characters and the final NUL */
#define ASSAY_ID_NIL ((AssayId){ { 0 } })

AssayId assay_id_new (void);
/* UUIDv8 whose free bits are the first of SHA-256 (`what`, NUL, data): the same input gives the same id anywhere. */
AssayId assay_id_derive (const char *what, gconstpointer data, gsize n_bytes);
gboolean assay_id_parse (const char *text, AssayId *ret_id);
/* Lowest and highest id that start with these digits, at least 4 ('-' may stand between them), as people type them. */
gboolean assay_id_parse_start (const char *text, AssayId *ret_low, AssayId *ret_high);
/* Writes the text into `buffer`, at least ASSAY_ID_TEXT_SIZE bytes, and returns it. */
char *assay_id_to_text (const AssayId *id, char *buffer);
char *assay_id_dup_text (const AssayId *id);

int assay_id_compare (const AssayId *a, const AssayId *b);
static inline gboolean
assay_id_equal (const AssayId *a, const AssayId *b)
{
  return assay_id_compare (a, b) == 0;
}
gboolean assay_id_is_nil (const AssayId *id);
/* For GHashTable keyed by const AssayId *. */
guint assay_id_hash (gconstpointer id);
gboolean assay_id_hash_equal (gconstpointer a, gconstpointer b);

G_END_DECLS
