/* SPDX-License-Identifier: GPL-3.0-or-later */
/* formats/coco-read.c - a COCO file into a project: each image's annotations become one answer a kind of label. */
#include "formats/coco-format.h"
#include "formats/coco.h"
#include "formats/import.h"

#include "core/error.h"
#include "core/json.h"
#include "core/kind.h"

#include <string.h>

static const struct
{
  AssayCocoHolds holds;
  const char *id, *absent;
} kinds[] = {
  { ASSAY_COCO_SEGMENTATION, "segmentation", "annotations without a mask, and the task asks for masks" },
  { ASSAY_COCO_KEYPOINTS, "keypoints", "annotations without keypoints, and the task asks for keypoints" },
  { ASSAY_COCO_BOX, "box", "annotations without a box, and the task asks for boxes" },
};
#define N_KINDS G_N_ELEMENTS (kinds)

/* A category as a class of one task. */
typedef struct
{
  AssayId class_id;
  AssayId *nodes; /* one a keypoint of the category, in its order */
} Class;

typedef struct
{
  AssayImport *import;
  const char *path;
  AssayCocoFile *file;
  int only;                     /* index into kinds of --task's kind; -1 = take all */
  AssayCocoHolds main;          /* what an image without annotations says that there is none of */
  AssayTask *tasks[N_KINDS];    /* borrowed; NULL until needed */
  GHashTable *classes[N_KINDS]; /* AssayCocoCategory -> Class */
  GHashTable *taken;            /* rows of items that have their answer from this file */
} Reader;

static void
class_free (gpointer data)
{
  Class *class = data;
  g_free (class->nodes);
  g_free (class);
}

static void
reader_clear (Reader *reader)
{
  for (guint k = 0; k < N_KINDS; k++)
    g_clear_pointer (&reader->classes[k], g_hash_table_unref);
  g_clear_pointer (&reader->taken, g_hash_table_unref);
  g_clear_pointer (&reader->file, assay_coco_file_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reader, reader_clear)

static void
tell_skip (const char *entry, const char *why, gpointer data)
{
  Reader *reader = data;
  g_autofree char *text = g_strdup_printf ("%s: %s", entry, why);
  assay_import_skip (reader->import, reader->path, text);
}

/* ---- tasks and classes ---- */

/* Two categories of one name are told apart by their supercategory, else by their number. */
static char *
class_name (const AssayCocoFile *file, const AssayCocoCategory *category)
{
  gboolean shared = FALSE, shared_above = FALSE;
  const char *above = category->extra != NULL ? assay_json_get_string (category->extra, "supercategory") : NULL;
  for (guint i = 0; i < file->categories->len; i++)
    {
      const AssayCocoCategory *other = file->categories->pdata[i];
      if (other == category || !g_str_equal (other->name, category->name))
        continue;
      const char *others = other->extra != NULL ? assay_json_get_string (other->extra, "supercategory") : NULL;
      shared = TRUE;
      shared_above = shared_above || g_strcmp0 (above, others) == 0;
    }
  if (!shared)
    return g_strdup (category->name);
  if (!shared_above && above != NULL && *above != '\0')
    return g_strdup_printf ("%s (%s)", category->name, above);
  return g_strdup_printf ("%s (%" G_GINT64_FORMAT ")", category->name, category->id);
}

/* What COCO's own scorer uses for its 17 points of a person (pycocotools cocoeval.py: sigmas). */
static void
set_person_sigmas (AssayTask *task)
{
  static const struct
  {
    const char *tail;
    double sigma;
  } sigmas[] = { { "nose", 0.026 },  { "eye", 0.025 }, { "ear", 0.035 },  { "shoulder", 0.079 }, { "elbow", 0.072 },
                 { "wrist", 0.062 }, { "hip", 0.107 }, { "knee", 0.087 }, { "ankle", 0.089 } };
  guint n = 0;
  double found[17];
  for (guint i = 0; task->nodes->len == 17 && i < 17; i++)
    for (guint s = 0; s < G_N_ELEMENTS (sigmas); s++)
      if (n == i && g_str_has_suffix (g_array_index (task->nodes, AssayNode, i).name, sigmas[s].tail))
        found[n++] = sigmas[s].sigma;
  for (guint i = 0; n == 17 && i < 17; i++)
    g_array_index (task->nodes, AssayNode, i).sigma = found[i];
}

/* The category's points in the task's skeleton, which they make when it has none yet. */
static AssayId *
add_skeleton (Reader *reader, AssayTask *task, const AssayCocoCategory *category)
{
  gboolean is_first = task->nodes->len == 0;
  AssayId *nodes = g_new0 (AssayId, category->nodes->len);
  for (guint i = 0; i < category->nodes->len; i++)
    nodes[i] = assay_import_node (reader->import, task, category->nodes->pdata[i]);
  for (guint i = 0; is_first && i < category->edges->len; i += 2)
    {
      AssayEdge edge = { g_array_index (category->edges, guint, i), g_array_index (category->edges, guint, i + 1) };
      g_array_append_val (task->edges, edge);
    }
  if (is_first)
    set_person_sigmas (task);
  return nodes;
}

/* All categories of the file become classes, used or not. */
static void
add_classes (Reader *reader, guint k)
{
  AssayTask *task = reader->tasks[k];
  reader->classes[k] = g_hash_table_new_full (g_direct_hash, g_direct_equal, NULL, class_free);
  for (guint i = 0; i < reader->file->categories->len; i++)
    {
      const AssayCocoCategory *category = reader->file->categories->pdata[i];
      gboolean keypoints = kinds[k].holds == ASSAY_COCO_KEYPOINTS;
      if (keypoints && category->nodes == NULL)
        continue;
      g_autofree char *name = class_name (reader->file, category);
      Class *class = g_new0 (Class, 1);
      class->class_id = assay_import_class (reader->import, task, name, category->id, category->extra)->id;
      if (keypoints)
        class->nodes = add_skeleton (reader, task, category);
      g_hash_table_insert (reader->classes[k], (gpointer) category, class);
    }
}

static gboolean
ensure_task (Reader *reader, guint k, GError **error)
{
  if (reader->tasks[k] != NULL)
    return TRUE;
  reader->tasks[k] = assay_import_task (reader->import, assay_kind_find (kinds[k].id), error);
  if (reader->tasks[k] == NULL)
    return FALSE;
  add_classes (reader, k);
  return TRUE;
}

/* ---- annotations ---- */

/* A point outside the picture has a state of its own here, and no place. */
static void
settle_outside (Reader *reader, AssayKeypoint *point, const AssayItem *item)
{
  gboolean inside
      = point->at.x >= 0 && point->at.x <= item->width_px && point->at.y >= 0 && point->at.y <= item->height_px;
  if (!assay_keypoint_is_placed (point) || inside)
    return;
  point->state = ASSAY_NODE_OUTSIDE;
  point->at = (AssayPoint){ 0 };
  assay_import_lossy (reader->import, "places of keypoints outside their picture", 1);
}

static AssayKeypoints *
parse_keypoints (Reader *reader, const json_t *annotation, const AssayCocoCategory *category, const Class *class,
                 const AssayTask *task, const AssayItem *item, GError **error)
{
  guint lost = 0;
  g_autoptr (AssayKeypoints) found = assay_coco_parse_keypoints (annotation, category->nodes->len, &lost, error);
  if (found == NULL)
    return NULL;
  assay_import_lossy (reader->import, "keypoints whose place is no number, taken as not labelled", lost);
  /* In the order of the task's skeleton; points that this category does not have stay unlabelled. */
  AssayKeypoints *keypoints = assay_keypoints_new (task->nodes->len);
  keypoints->area_px = found->area_px;
  for (guint n = 0; n < task->nodes->len; n++)
    {
      const AssayId *node = &g_array_index (task->nodes, AssayNode, n).id;
      for (guint i = 0; i < found->n_points; i++)
        if (assay_id_equal (&class->nodes[i], node))
          keypoints->points[n] = found->points[i];
      keypoints->points[n].node = *node;
      settle_outside (reader, &keypoints->points[n], item);
    }
  return keypoints;
}

static gpointer
parse_value (Reader *reader, guint k, const json_t *annotation, const AssayCocoCategory *category,
             const Class *class, const AssayItem *item, GError **error)
{
  guint lost = 0;
  if (kinds[k].holds == ASSAY_COCO_KEYPOINTS)
    return parse_keypoints (reader, annotation, category, class, reader->tasks[k], item, error);
  if (kinds[k].holds == ASSAY_COCO_BOX)
    {
      g_autofree AssayBox *box = g_new0 (AssayBox, 1);
      return assay_coco_parse_box (annotation, &box->box, error) ? g_steal_pointer (&box) : NULL;
    }
  AssayRegion *region = assay_coco_parse_region (annotation, item->width_px, item->height_px, &lost, error);
  assay_import_lossy (reader->import, "polygons that are none, beside good ones of the same object", lost);
  return region;
}

/* `entry` names the annotation in ids. */
static AssayObject *
parse_object (Reader *reader, guint k, const json_t *annotation, const AssayCocoCategory *category,
              const AssayItem *item, const char *entry, GError **error)
{
  const AssayTask *task = reader->tasks[k];
  const Class *class = g_hash_table_lookup (reader->classes[k], category);
  gpointer value = parse_value (reader, k, annotation, category, class, item, error);
  if (value == NULL)
    return NULL;
  AssayObject *object = assay_object_new (&class->class_id, value);
  object->id = assay_import_object_id (reader->import, item, entry);
  json_decref (object->attributes);
  object->attributes = assay_coco_parse_extra (annotation, kinds[k].holds);
  if (task->kind->validate (object->value, task, item, error))
    return object;
  assay_object_free (object, task->kind);
  return NULL;
}

/* Of which kinds an annotation is taken. */
static AssayCocoHolds
taken_kinds (const Reader *reader, const json_t *annotation, const AssayCocoCategory *category)
{
  AssayCocoHolds holds = assay_coco_holds (annotation, category);
  if (reader->only < 0)
    return holds;
  /* A mask's or a person's box is a box too, when boxes are what the task asks for. */
  if (kinds[reader->only].holds == ASSAY_COCO_BOX)
    return json_array_size (json_object_get (annotation, "bbox")) > 0 ? ASSAY_COCO_BOX : 0;
  return holds & kinds[reader->only].holds;
}

typedef struct
{
  AssayObjects *objects[N_KINDS]; /* NULL = no annotation held that kind */
  GHashTable *entries;            /* names of annotations so far */
} Answer;

static void
answer_clear (Answer *answer)
{
  for (guint k = 0; k < N_KINDS; k++)
    assay_objects_free (answer->objects[k]);
  g_clear_pointer (&answer->entries, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answer, answer_clear)

static char *
entry_name (Answer *answer, const json_t *annotation, guint at)
{
  gint64 id = 0;
  gboolean has_id = assay_json_get_int (annotation, "id", &id);
  char *name = has_id ? g_strdup_printf ("%" G_GINT64_FORMAT, id) : g_strdup_printf ("number %u", at + 1);
  if (g_hash_table_add (answer->entries, g_strdup (name)))
    return name;
  /* An id that came before: both are kept, under different names. */
  g_autofree char *first = name;
  return g_strdup_printf ("%s, again at %u", first, at + 1);
}

/* Half of all people in COCO have none: a box that somebody saw and did not label further. */
static gboolean
has_labelled_point (const json_t *annotation)
{
  const json_t *list = json_object_get (annotation, "keypoints");
  for (gsize i = 2; i < json_array_size (list); i += 3)
    if (json_number_value (json_array_get (list, i)) != 0)
      return TRUE;
  return json_array_size (list) % 3 != 0; /* that is another error */
}

/* FALSE with an error only when the import cannot go on. */
static gboolean
add_object (Reader *reader, Answer *answer, guint k, const json_t *annotation, const AssayCocoCategory *category,
            const AssayItem *item, const char *entry, GError **error)
{
  g_autoptr (GError) wrong = NULL;
  if (!ensure_task (reader, k, error))
    return FALSE;
  gboolean unlabelled = kinds[k].holds == ASSAY_COCO_KEYPOINTS && !has_labelled_point (annotation);
  AssayObject *object = unlabelled ? NULL : parse_object (reader, k, annotation, category, item, entry, &wrong);
  if (wrong != NULL)
    {
      g_autofree char *name = g_strdup_printf ("%s, annotation %s", item->name, entry);
      tell_skip (name, wrong->message, reader);
      return TRUE;
    }
  assay_import_lossy (reader->import, "objects of which no keypoint is labelled", unlabelled);
  if (answer->objects[k] == NULL)
    answer->objects[k] = assay_objects_new (reader->tasks[k]->kind);
  if (object != NULL)
    assay_objects_take (answer->objects[k], object);
  return TRUE;
}

static gboolean
add_annotation (Reader *reader, Answer *answer, const json_t *annotation, const AssayItem *item, guint at,
                GError **error)
{
  gint64 category_id = 0;
  const AssayCocoCategory *category = NULL;
  g_autofree char *entry = entry_name (answer, annotation, at);
  g_autofree char *name = g_strdup_printf ("%s, annotation %s", item->name, entry);
  if (assay_json_get_int (annotation, "category_id", &category_id))
    category = g_hash_table_lookup (reader->file->category_of, &category_id);
  if (category == NULL)
    return tell_skip (name, "its category is not in the file", reader), TRUE;
  AssayCocoHolds taken = taken_kinds (reader, annotation, category);
  if (taken == 0 && reader->only < 0)
    tell_skip (name, "it has neither segmentation nor keypoints nor bbox", reader);
  else if (taken == 0)
    assay_import_lossy (reader->import, kinds[reader->only].absent, 1);
  for (guint k = 0; k < N_KINDS; k++)
    if ((taken & kinds[k].holds) != 0 && !add_object (reader, answer, k, annotation, category, item, entry, error))
      return FALSE;
  return TRUE;
}

/* ---- images ---- */

/* Where people looked and found nothing there is an answer too. */
static gboolean
add_empty_answers (Reader *reader, Answer *answer, GError **error)
{
  for (guint k = 0; k < N_KINDS; k++)
    {
      if ((reader->main & kinds[k].holds) == 0)
        continue;
      if (!ensure_task (reader, k, error))
        return FALSE;
      answer->objects[k] = assay_objects_new (reader->tasks[k]->kind);
    }
  return TRUE;
}

static gboolean
read_answers (Reader *reader, const AssayCocoImage *image, const AssayItem *item, GError **error)
{
  g_auto (Answer) answer = { 0 };
  answer.entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < image->n; i++)
    {
      g_autoptr (json_t) annotation = assay_coco_file_get (reader->file, image->first + i, error);
      if (annotation == NULL || !add_annotation (reader, &answer, annotation, item, i, error))
        return FALSE;
    }
  if (image->n == 0 && reader->file->has_annotations && !add_empty_answers (reader, &answer, error))
    return FALSE;
  for (guint k = 0; k < N_KINDS; k++)
    {
      g_autoptr (GError) wrong = NULL;
      if (answer.objects[k] == NULL
          || assay_import_label (reader->import, item, reader->tasks[k], g_steal_pointer (&answer.objects[k]),
                                 &wrong)
          || assay_import_forgive (reader->import, reader->path, item->name, &wrong))
        continue;
      g_propagate_error (error, g_steal_pointer (&wrong));
      return FALSE;
    }
  return TRUE;
}

/* Why an item cannot take what the file says about it; NULL when it can. */
static char *
misfit (Reader *reader, const AssayCocoImage *image, const AssayItem *item)
{
  gboolean has_size = image->width_px > 0 && image->height_px > 0;
  if (item->width_px == 0 || item->height_px == 0)
    return g_strdup ("it is no picture");
  if (has_size && (image->width_px != item->width_px || image->height_px != item->height_px))
    {
      gboolean turned
          = item->exif_orientation >= 5 && image->width_px == item->height_px && image->height_px == item->width_px;
      return g_strdup_printf ("the file says %" G_GINT64_FORMAT " x %" G_GINT64_FORMAT
                              ", the picture is %u x %u%s; "
                              "its labels were made for other pixels",
                              image->width_px, image->height_px, item->width_px, item->height_px,
                              turned ? " when it stands upright (EXIF orientation)" : "");
    }
  if (!g_hash_table_add (reader->taken, GSIZE_TO_POINTER (item->row)))
    return g_strdup ("another image of the file names the same picture");
  return NULL;
}

static gboolean
read_image (Reader *reader, const AssayCocoImage *image, GError **error)
{
  g_autoptr (json_t) facts = json_pack ("{s:{s:I}}", "coco", "id", (json_int_t) image->id);
  g_autoptr (AssayItem) item = NULL;
  if (image->extra != NULL)
    json_object_update_missing (json_object_get (facts, "coco"), image->extra);
  if (!assay_import_find_media (reader->import, image->file_name, facts, &item, error))
    return assay_import_forgive (reader->import, reader->path, image->file_name, error);
  g_autofree char *why = misfit (reader, image, item);
  if (why == NULL)
    return read_answers (reader, image, item, error);
  tell_skip (image->file_name, why, reader);
  return TRUE;
}

static void
decide_kinds (Reader *reader, const AssayKind *asked)
{
  const guint64 counts[N_KINDS] = { reader->file->n_segmentation, reader->file->n_keypoints, reader->file->n_box };
  guint64 most = 0;
  reader->only = -1;
  for (guint k = 0; k < N_KINDS; k++)
    {
      most = MAX (most, counts[k]);
      if (asked != NULL && g_str_equal (asked->id, kinds[k].id))
        reader->only = (int) k;
    }
  for (guint k = 0; k < N_KINDS; k++)
    if (reader->only >= 0 ? (int) k == reader->only
        : most > 0        ? counts[k] == most
                          : g_strcmp0 (reader->file->kind, kinds[k].id) == 0)
      reader->main |= kinds[k].holds;
}

static gboolean
read_images (Reader *reader, GError **error)
{
  GPtrArray *images = reader->file->images;
  for (guint i = 0; i < images->len; i++)
    if (!assay_import_step (reader->import, i, images->len, error) || !read_image (reader, images->pdata[i], error))
      return FALSE;
  assay_import_lossy (reader->import,
                      "lists of the file beside images, categories and annotations (info, licenses …)",
                      reader->file->n_other);
  return TRUE;
}

gboolean
assay_coco_read (AssayImport *import, const char *path, GError **error)
{
  g_auto (Reader) reader = { .import = import, .path = path };
  g_autoptr (GError) wrong = NULL;
  const AssayKind *asked = assay_import_get_kind (import, &wrong);
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return FALSE;
    }
  AssayJsonReader *json = assay_json_reader_open (path, error);
  if (json == NULL)
    return FALSE;
  reader.taken = g_hash_table_new (g_direct_hash, g_direct_equal);
  reader.file = assay_coco_file_read (json, tell_skip, &reader, assay_import_get_progress (import), error);
  if (reader.file == NULL)
    return FALSE;
  decide_kinds (&reader, asked);
  if (reader.file->task != NULL)
    assay_import_suggest_task (import, reader.file->task);
  if (asked == NULL || reader.only >= 0)
    return read_images (&reader, error);
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
               "importing %s: COCO holds masks, keypoints and boxes, and the task asks for %s; name another task",
               path, asked->id);
  return FALSE;
}
