/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* formats/coco.h - what the reader and the writer of COCO JSON share: the index of a file, and single annotations.
 *
 * COCO: boxes [x, y, w, h] in pixels from the corner of the picture; several polygons are a union, never with holes; run
 * lengths go down columns, background first, and must sum to h * w; keypoints are triplets x, y, v with v 0 = not labelled,
 * 1 = placed but hidden, 2 = visible; skeleton pairs count from 1. https://cocodataset.org/#format-data
 * Touches no project, so that the fuzzer can drive all of it. */
#include "core/json-reader.h"
#include "core/keypoints.h"
#include "core/progress.h"
#include "core/region.h"
#include "core/task.h"

G_BEGIN_DECLS

typedef enum { ASSAY_COCO_SEGMENTATION = 1 << 0, ASSAY_COCO_KEYPOINTS = 1 << 1, ASSAY_COCO_BOX = 1 << 2 } AssayCocoHolds;

typedef struct {
  gint64 id;
  char *file_name;
  gint64 width_px, height_px; /* 0 = not said */
  json_t *extra;              /* (nullable) keys that are not ours */
  guint first, n;             /* its annotations in `places` */
} AssayCocoImage;

typedef struct {
  gint64 id;
  char *name;
  json_t *extra;     /* (nullable) */
  GPtrArray *nodes;  /* (nullable) of char * */
  GArray *edges;     /* of guint pairs, from 0 */
} AssayCocoCategory;

/* Where an annotation lies in the file: read again when its image is due, so that memory holds places, not values. */
typedef struct {
  guint64 offset;
  guint32 n_bytes, line;
  guint image; /* index */
} AssayCocoPlace;

typedef struct {
  AssayJsonReader *reader;
  GPtrArray *images;      /* of AssayCocoImage, in the order of the file */
  GPtrArray *categories;  /* of AssayCocoCategory */
  GHashTable *category_of; /* id -> AssayCocoCategory */
  GArray *places;         /* of AssayCocoPlace, by image */
  guint64 n_segmentation, n_keypoints, n_box; /* annotations that hold one */
  guint n_other;            /* other lists of the file: info, licenses… */
  char *task, *kind;        /* (nullable) info.assay of our own exports: which task it was, and of what kind */
  gboolean has_annotations; /* the file has that list at all: then an image without any is one where nothing is */
} AssayCocoFile;

/* One bad entry: which ("annotation 17"), and why. */
typedef void (*AssayCocoSkip) (const char *entry, const char *why, gpointer data);

/* Takes the reader. Bad entries are told and left out; bad grammar refuses the file. */
AssayCocoFile *assay_coco_file_read (AssayJsonReader *take_reader, AssayCocoSkip skip, gpointer data, AssayProgress *progress,
                                     GError **error);
void assay_coco_file_free (AssayCocoFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayCocoFile, assay_coco_file_free)
json_t *assay_coco_file_get (AssayCocoFile *file, guint place, GError **error); /* the annotation: new reference */

/* What an annotation holds; `category` (nullable) says whether keypoints have names. A box counts only without the others. */
AssayCocoHolds assay_coco_holds (const json_t *annotation, const AssayCocoCategory *category);
/* `ret_lost` counts polygons that were left out beside good ones. */
AssayRegion *assay_coco_parse_region (const json_t *annotation, guint width_px, guint height_px, guint *ret_lost, GError **error);
/* Without node ids: points in the order of the category. Points without numbers are unlabelled, and counted as lost. */
AssayKeypoints *assay_coco_parse_keypoints (const json_t *annotation, guint n_nodes, guint *ret_lost, GError **error);
gboolean assay_coco_parse_box (const json_t *annotation, AssayRect *ret_box, GError **error);
/* Keys that are not ours, and the id, as an attribute of the object: {"coco": {…}}. NULL when there are none. */
json_t *assay_coco_parse_extra (const json_t *annotation, AssayCocoHolds held);

/* Sets segmentation, bbox, area and iscrowd: polygons when they are exactly the mask, else compressed run lengths. */
void assay_coco_write_region (json_t *annotation, const AssayRegion *region);
/* Sets keypoints, num_keypoints, area and bbox (of the placed points); `ret_lost` counts points outside the picture. */
void assay_coco_write_keypoints (json_t *annotation, const AssayKeypoints *keypoints, const GArray *nodes, guint *ret_lost);
void assay_coco_write_box (json_t *annotation, AssayRect box);

G_END_DECLS
