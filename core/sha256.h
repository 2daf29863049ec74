/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/sha256.h - the one digest of Assay (FIPS 180-4, through OpenSSL: 5 times GChecksum's speed with SHA-NI).
 * Any thread; a stream belongs to one thread at a time. */
#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  guint8 bytes[32];
} AssaySha256;

#define ASSAY_SHA256_TEXT_SIZE 65

typedef struct _AssaySha256Stream AssaySha256Stream;
AssaySha256Stream *assay_sha256_stream_new (void);
void assay_sha256_stream_free (AssaySha256Stream *stream);
void assay_sha256_stream_add (AssaySha256Stream *stream, gconstpointer data, gsize n_bytes);
void assay_sha256_stream_finish (AssaySha256Stream *stream, AssaySha256 *ret_hash);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssaySha256Stream, assay_sha256_stream_free)

AssaySha256 assay_sha256 (gconstpointer data, gsize n_bytes);
/* HMAC-SHA-256 (RFC 2104). */
AssaySha256 assay_sha256_hmac (gconstpointer key, gsize key_bytes, gconstpointer data, gsize n_bytes);
/* 64 lower-case hex digits; `buffer` holds at least ASSAY_SHA256_TEXT_SIZE bytes. */
char *assay_sha256_to_text (const AssaySha256 *hash, char *buffer);
gboolean assay_sha256_parse (const char *text, AssaySha256 *ret_hash);
gboolean assay_sha256_equal (const AssaySha256 *a, const AssaySha256 *b);

G_END_DECLS
