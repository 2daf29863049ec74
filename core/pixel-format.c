/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pixel-format.h"

#include "core/error.h"

#include <string.h>

#define BIG_ENDIAN_BIT (1u << 31)

char *
assay_fourcc_to_text (guint32 fourcc, char buffer[ASSAY_FOURCC_TEXT_SIZE])
{
  char letters[5] = { 0 };
  for (guint i = 0; i < 4; i++)
    {
      char letter = (char) (fourcc >> (8 * i) & 0x7f);
      letters[i] = g_ascii_isprint (letter) ? letter : '?';
    }
  g_snprintf (buffer, ASSAY_FOURCC_TEXT_SIZE, "%s%s", g_strchomp (letters), fourcc & BIG_ENDIAN_BIT ? "-BE" : "");
  return buffer;
}

gboolean
assay_fourcc_parse (const char *text, guint32 *ret_fourcc, GError **error)
{
  gboolean big_endian = g_str_has_suffix (text, "-BE");
  gsize n = strlen (text) - (big_endian ? 3 : 0);
  if (n < 1 || n > 4)
    {
      g_set_error (
          error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
          "option format: \"%s\" is no pixel format; write the four letters that `assay devices` lists, YUYV",
          text);
      return FALSE;
    }
  char letters[4] = { ' ', ' ', ' ', ' ' };
  memcpy (letters, text, n);
  *ret_fourcc = ASSAY_FOURCC (letters[0], letters[1], letters[2], letters[3]) | (big_endian ? BIG_ENDIAN_BIT : 0);
  return TRUE;
}
