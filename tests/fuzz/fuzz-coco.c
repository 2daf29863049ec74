/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/fuzz/fuzz-coco.c - any bytes through the whole COCO reader; what it takes must come back from the writer
 * unchanged.
 *
 * Built twice: by clang with libFuzzer, which looks for new ways in, and with tests/fuzz/replay.c, which runs the
 * corpus. */
#include "formats/coco.h"

#include "core/json.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t n_bytes);

static void
ignore (const char *entry, const char *why, gpointer data)
{
  if (entry == NULL || why == NULL)
    abort ();
}

static void
region_comes_back (const json_t *annotation, guint width_px, guint height_px)
{
  guint lost = 0;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayRegion) region = assay_coco_parse_region (annotation, width_px, height_px, &lost, &error);
  if ((region == NULL) == (error == NULL))
    abort ();
  if (region == NULL)
    return;
  g_autoptr (json_t) written = json_object ();
  assay_coco_write_region (written, region);
  /* Through text, as files go. */
  g_autofree char *text = assay_json_canonical (written);
  g_autoptr (json_t) read = json_loads (text, 0, NULL);
  g_autoptr (AssayRegion) again = assay_coco_parse_region (read, width_px, height_px, &lost, NULL);
  if (again == NULL || lost != 0 || !assay_mask_equal (again->mask, region->mask) || again->crowd != region->crowd)
    abort ();
}

static void
try_annotation (const AssayCocoFile *file, const AssayCocoImage *image, const json_t *annotation)
{
  gint64 category_id = 0;
  guint lost = 0;
  AssayRect box;
  assay_json_get_int (annotation, "category_id", &category_id);
  const AssayCocoCategory *category = g_hash_table_lookup (file->category_of, &category_id);
  AssayCocoHolds holds = assay_coco_holds (annotation, category);
  /* Small, so that a run is many inputs and not one huge mask. */
  guint width_px = (guint) CLAMP (image->width_px, 1, 512), height_px = (guint) CLAMP (image->height_px, 1, 512);
  if (holds & ASSAY_COCO_SEGMENTATION)
    region_comes_back (annotation, width_px, height_px);
  if ((holds & ASSAY_COCO_KEYPOINTS) && category != NULL)
    assay_keypoints_free (assay_coco_parse_keypoints (annotation, category->nodes->len, &lost, NULL));
  if ((holds & ASSAY_COCO_BOX) && assay_coco_parse_box (annotation, &box, NULL) && !(box.w > 0 && box.h > 0))
    abort ();
  json_decref (assay_coco_parse_extra (annotation, ASSAY_COCO_KEYPOINTS));
  json_decref (assay_coco_parse_extra (annotation, ASSAY_COCO_BOX));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t n_bytes)
{
  AssayJsonReader *reader = assay_json_reader_new (data, n_bytes, "fuzz", NULL);
  g_autoptr (AssayCocoFile) file = reader != NULL ? assay_coco_file_read (reader, ignore, NULL, NULL, NULL) : NULL;
  for (guint i = 0; file != NULL && i < file->images->len; i++)
    {
      const AssayCocoImage *image = file->images->pdata[i];
      for (guint k = 0; k < image->n; k++)
        {
          g_autoptr (json_t) annotation = assay_coco_file_get (file, image->first + k, NULL);
          if (annotation == NULL)
            abort (); /* it could be read a moment ago */
          try_annotation (file, image, annotation);
        }
    }
  return 0;
}
