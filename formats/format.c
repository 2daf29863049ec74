/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/format.h"

#include "format-list.h"

#include <fcntl.h>
#include <unistd.h>

#define HEAD_BYTES (64 * 1024)

#define X(name) extern const AssayFormat assay_format_##name;
ASSAY_FORMAT_LIST
#undef X
#define X(name) &assay_format_##name,
static const AssayFormat *const formats[] = { ASSAY_FORMAT_LIST NULL };
enum
{
  N_FORMATS = G_N_ELEMENTS (formats) - 1
};
#undef X

const AssayFormat *
assay_format_find (const char *id)
{
  for (guint i = 0; formats[i] != NULL; i++)
    if (g_strcmp0 (formats[i]->id, id) == 0)
      return formats[i];
  return NULL;
}

const AssayFormat *const *
assay_format_list (guint *ret_n)
{
  *ret_n = N_FORMATS;
  return formats;
}

const AssayFormat *
assay_format_sniff (const char *path)
{
  g_autofree char *head = g_malloc (HEAD_BYTES + 1);
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY); /* never waits on a FIFO */
  ssize_t n = fd < 0 ? -1 : pread (fd, head, HEAD_BYTES, 0);
  if (fd >= 0)
    close (fd);
  if (n <= 0)
    return NULL;
  head[n] = '\0';
  const AssayFormat *surest = NULL;
  int best = 0;
  for (guint i = 0; formats[i] != NULL; i++)
    {
      int sure = formats[i]->sniff == NULL ? 0 : formats[i]->sniff (path, head, (gsize) n);
      if (sure > best)
        {
          best = sure;
          surest = formats[i];
        }
    }
  return surest;
}
