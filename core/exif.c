/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/exif.h"

#include <string.h>

enum
{
  TAG_ORIENTATION = 0x0112,
  TYPE_SHORT = 3,
  ENTRY_BYTES = 12,
  UPRIGHT = 1
};

typedef struct
{
  const guint8 *data;
  gsize n_bytes;
  gboolean big_endian;
} Tiff;

static gboolean
read_16 (const Tiff *tiff, gsize at, guint *ret_value)
{
  if (tiff->n_bytes < 2 || at > tiff->n_bytes - 2)
    return FALSE;
  const guint8 *p = tiff->data + at;
  *ret_value = tiff->big_endian ? (guint) p[0] << 8 | p[1] : (guint) p[1] << 8 | p[0];
  return TRUE;
}

static gboolean
read_32 (const Tiff *tiff, gsize at, guint32 *ret_value)
{
  guint first, second;
  if (!read_16 (tiff, at, &first) || !read_16 (tiff, at + 2, &second))
    return FALSE;
  *ret_value = tiff->big_endian ? (guint32) first << 16 | second : (guint32) second << 16 | first;
  return TRUE;
}

static gboolean
begin (const guint8 *data, gsize n_bytes, Tiff *ret_tiff)
{
  if (n_bytes < 8 || (memcmp (data, "II*\0", 4) != 0 && memcmp (data, "MM\0*", 4) != 0))
    return FALSE;
  *ret_tiff = (Tiff){ .data = data, .n_bytes = n_bytes, .big_endian = data[0] == 'M' };
  return TRUE;
}

guint
assay_exif_orientation (const guint8 *data, gsize n_bytes)
{
  Tiff tiff;
  guint32 directory, count;
  guint n_entries;
  if (!begin (data, n_bytes, &tiff) || !read_32 (&tiff, 4, &directory) || !read_16 (&tiff, directory, &n_entries))
    return UPRIGHT;
  for (guint i = 0; i < n_entries; i++)
    {
      gsize entry = (gsize) directory + 2 + (gsize) i * ENTRY_BYTES;
      guint tag, type, value;
      if (!read_16 (&tiff, entry, &tag) || !read_16 (&tiff, entry + 2, &type) || !read_32 (&tiff, entry + 4, &count)
          || !read_16 (&tiff, entry + 8, &value))
        return UPRIGHT;
      if (tag == TAG_ORIENTATION)
        return type == TYPE_SHORT && count == 1 && value >= 1 && value <= 8 ? value : UPRIGHT;
    }
  return UPRIGHT;
}
