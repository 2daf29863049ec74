/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/id.h"

#include "core/sha256.h"

#include <string.h>
#include <sys/random.h>
#include <time.h>

static void
set_version (AssayId *id, guint8 version)
{
  id->bytes[6] = (guint8) ((id->bytes[6] & 0x0f) | (version << 4));
  id->bytes[8] = (guint8) ((id->bytes[8] & 0x3f) | 0x80);
}

AssayId
assay_id_new (void)
{
  AssayId id;
  struct timespec now;
  clock_gettime (CLOCK_REALTIME, &now);
  gint64 ms = (gint64) now.tv_sec * 1000 + now.tv_nsec / 1000000;
  for (int i = 0; i < 6; i++)
    id.bytes[i] = (guint8) (ms >> (40 - 8 * i));
  /* The next 12 bits are the fraction of the millisecond (RFC 9562, 6.2, method 3), so that what is made one after the
   * other sorts so. */
  guint fraction = (guint) ((guint64) (now.tv_nsec % 1000000) * 4096 / 1000000);
  id.bytes[6] = (guint8) (fraction >> 8);
  id.bytes[7] = (guint8) fraction;
  /* Eight bytes: the kernel never returns fewer (getrandom(2), up to 256 bytes). */
  if (getrandom (id.bytes + 8, 8, 0) != 8)
    g_error ("the kernel gives no random bytes");
  set_version (&id, 7);
  return id;
}

AssayId
assay_id_derive (const char *what, gconstpointer data, gsize n_bytes)
{
  AssaySha256 hash;
  g_autoptr (AssaySha256Stream) stream = assay_sha256_stream_new ();
  assay_sha256_stream_add (stream, what, strlen (what) + 1);
  assay_sha256_stream_add (stream, data, n_bytes);
  assay_sha256_stream_finish (stream, &hash);
  AssayId id;
  memcpy (id.bytes, hash.bytes, sizeof id.bytes);
  set_version (&id, 8);
  return id;
}

gboolean
assay_id_parse (const char *text, AssayId *ret_id)
{
  AssayId id;
  guint n = 0;
  for (guint i = 0; i < 36; i++)
    {
      if (i == 8 || i == 13 || i == 18 || i == 23)
        {
          if (text[i] != '-')
            return FALSE;
          continue;
        }
      int digit = g_ascii_xdigit_value (text[i]);
      if (digit < 0)
        return FALSE;
      id.bytes[n / 2] = (guint8) (n % 2 == 0 ? digit << 4 : id.bytes[n / 2] | digit);
      n++;
    }
  if (text[36] != '\0')
    return FALSE;
  *ret_id = id;
  return TRUE;
}

char *
assay_id_to_text (const AssayId *id, char *buffer)
{
  static const char digits[] = "0123456789abcdef";
  char *at = buffer;
  for (guint i = 0; i < 16; i++)
    {
      if (i == 4 || i == 6 || i == 8 || i == 10)
        *at++ = '-';
      *at++ = digits[id->bytes[i] >> 4];
      *at++ = digits[id->bytes[i] & 15];
    }
  *at = '\0';
  return buffer;
}

char *
assay_id_dup_text (const AssayId *id)
{
  return assay_id_to_text (id, g_malloc (ASSAY_ID_TEXT_SIZE));
}

int
assay_id_compare (const AssayId *a, const AssayId *b)
{
  return memcmp (a->bytes, b->bytes, sizeof a->bytes);
}

gboolean
assay_id_is_nil (const AssayId *id)
{
  return assay_id_equal (id, &ASSAY_ID_NIL);
}

guint
assay_id_hash (gconstpointer id)
{
  /* The last bytes are random (v7) or hash bits (v8), so they serve as they are. */
  guint hash;
  memcpy (&hash, ((const AssayId *) id)->bytes + 12, sizeof hash);
  return hash;
}

gboolean
assay_id_hash_equal (gconstpointer a, gconstpointer b)
{
  return assay_id_equal (a, b);
}

gboolean
assay_id_parse_start (const char *text, AssayId *ret_low, AssayId *ret_high)
{
  AssayId low = ASSAY_ID_NIL, high;
  guint n = 0;
  memset (high.bytes, 0xff, sizeof high.bytes);
  for (; *text != '\0'; text++)
    {
      int digit = g_ascii_xdigit_value (*text);
      if (*text == '-')
        continue;
      if (digit < 0 || n == 32)
        return FALSE;
      int shift = n % 2 == 0 ? 4 : 0;
      low.bytes[n / 2] = (guint8) (low.bytes[n / 2] | digit << shift);
      high.bytes[n / 2] = (guint8) (high.bytes[n / 2] & ~((15 ^ digit) << shift));
      n++;
    }
  if (n < 4)
    return FALSE;
  *ret_low = low;
  *ret_high = high;
  return TRUE;
}
