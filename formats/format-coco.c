/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/coco-format.h"

#include <string.h>

/* Keys may come in any order, and a list may be longer than the head: any two of the names that only COCO uses will
 * do. */
static int
sniff (const char *path, const char *head, gsize n_bytes)
{
  static const char *const words[]
      = { "\"images\"", "\"annotations\"", "\"categories\"", "\"image_id\"", "\"category_id\"", "\"file_name\"" };
  const char *start = g_str_has_prefix (head, "\xef\xbb\xbf") ? head + 3 : head;
  int found = 0;
  while (g_ascii_isspace (*start))
    start++;
  if (*start != '{')
    return 0;
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    found += strstr (start, words[i]) != NULL;
  /* An empty data set is one too. */
  return found >= 2 ? MIN (60 + 10 * found, 100) : 0;
}

static const char *const kinds[] = { "segmentation", "box", "keypoints", NULL };

const AssayFormat assay_format_coco = {
  .id = "coco",
  .title = "COCO JSON: instances and keypoints",
  .kinds = kinds,
  .loses = "what annotators were unsure of in masks, and whether a keypoint lies outside the picture or is not labelled yet; "
           "identities through a sequence leave as the attribute track_id, and are not read back",
  .sniff = sniff,
  .read = assay_coco_read,
  .write = assay_coco_write,
};
