/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/jpeg-fault.h"

#include "core/picture.h"

#include <string.h>

/* Where the pixels begin: behind the header of the first scan, with a frame header before it. 0 = nowhere. */
static gsize
find_pixels (const guint8 *data, gsize n_bytes)
{
  gboolean has_frame = FALSE;
  gsize at = 2;
  while (at + 4 <= n_bytes && data[at] == 0xff)
    {
      guint8 marker = data[at + 1];
      gsize n = (gsize) data[at + 2] << 8 | data[at + 3];
      if (marker == 0xff)
        {
          at++; /* filling */
          continue;
        }
      if (n < 2)
        return 0;
      has_frame = has_frame || (marker >= 0xc0 && marker <= 0xc3);
      at += 2 + n;
      if (marker == 0xda)
        return has_frame && at < n_bytes ? at : 0;
    }
  return 0;
}

static gboolean
has_end (const guint8 *data, gsize n_bytes)
{
  const guint8 *at = data;
  while ((at = memchr (at, 0xff, (gsize) (data + n_bytes - at))) != NULL && at + 1 < data + n_bytes)
    {
      if (at[1] == 0xd9)
        return TRUE;
      at++;
    }
  return FALSE;
}

const char *
assay_jpeg_find_fault (const guint8 *data, gsize n_bytes)
{
  static const char none[] = "it is no JPEG", cut[] = "the JPEG is cut off";
  if (n_bytes < 4 || data[0] != 0xff || data[1] != 0xd8)
    return none;
  gsize pixels = find_pixels (data, n_bytes);
  if (pixels == 0)
    return none;
  /* Some cameras fill up with zeros behind the end: mostly it is the last two bytes, or near. */
  gsize tail = n_bytes > pixels + 64 ? n_bytes - 64 : pixels;
  if (has_end (data + tail, n_bytes - tail) || has_end (data + pixels, n_bytes - pixels))
    return NULL;
  g_autoptr (AssayPicture) picture = assay_picture_decode (data, n_bytes, NULL);
  return picture == NULL || (picture->warning != NULL && g_str_has_prefix (picture->warning, "damaged")) ? cut
                                                                                                         : NULL;
}
