/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/sha256.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

struct _AssaySha256Stream
{
  EVP_MD_CTX *context;
};

AssaySha256Stream *
assay_sha256_stream_new (void)
{
  AssaySha256Stream *stream = g_new0 (AssaySha256Stream, 1);
  stream->context = EVP_MD_CTX_new ();
  g_assert (stream->context != NULL && EVP_DigestInit_ex (stream->context, EVP_sha256 (), NULL) == 1);
  return stream;
}

void
assay_sha256_stream_free (AssaySha256Stream *stream)
{
  if (stream == NULL)
    return;
  EVP_MD_CTX_free (stream->context);
  g_free (stream);
}

void
assay_sha256_stream_add (AssaySha256Stream *stream, gconstpointer data, gsize n_bytes)
{
  EVP_DigestUpdate (stream->context, data, n_bytes);
}

void
assay_sha256_stream_finish (AssaySha256Stream *stream, AssaySha256 *ret_hash)
{
  guint n_bytes = sizeof ret_hash->bytes;
  EVP_DigestFinal_ex (stream->context, ret_hash->bytes, &n_bytes);
}

AssaySha256
assay_sha256 (gconstpointer data, gsize n_bytes)
{
  AssaySha256 hash;
  g_autoptr (AssaySha256Stream) stream = assay_sha256_stream_new ();
  assay_sha256_stream_add (stream, data, n_bytes);
  assay_sha256_stream_finish (stream, &hash);
  return hash;
}

AssaySha256
assay_sha256_hmac (gconstpointer key, gsize key_bytes, gconstpointer data, gsize n_bytes)
{
  AssaySha256 hash;
  guint size = sizeof hash.bytes;
  HMAC (EVP_sha256 (), key, (int) key_bytes, data, n_bytes, hash.bytes, &size);
  return hash;
}

char *
assay_sha256_to_text (const AssaySha256 *hash, char *buffer)
{
  static const char digits[] = "0123456789abcdef";
  for (guint i = 0; i < sizeof hash->bytes; i++)
    {
      buffer[2 * i] = digits[hash->bytes[i] >> 4];
      buffer[2 * i + 1] = digits[hash->bytes[i] & 15];
    }
  buffer[64] = '\0';
  return buffer;
}

gboolean
assay_sha256_parse (const char *text, AssaySha256 *ret_hash)
{
  AssaySha256 hash;
  for (guint i = 0; i < 32; i++)
    {
      int high = g_ascii_xdigit_value (text[2 * i]);
      int low = high < 0 ? -1 : g_ascii_xdigit_value (text[2 * i + 1]);
      if (low < 0)
        return FALSE;
      hash.bytes[i] = (guint8) (high << 4 | low);
    }
  if (text[64] != '\0')
    return FALSE;
  *ret_hash = hash;
  return TRUE;
}

gboolean
assay_sha256_equal (const AssaySha256 *a, const AssaySha256 *b)
{
  return memcmp (a->bytes, b->bytes, sizeof a->bytes) == 0;
}
