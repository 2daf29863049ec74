/* SPDX-License-Identifier: GPL-3.0-or-later */
/* formats/coco-file.c - the index of a COCO file: images, categories, and where each annotation lies. */
#include "formats/coco.h"

#include "core/error.h"
#include "core/json.h"

#include <string.h>

#define MAX_ENTRY_BYTES (64 * 1024 * 1024)
#define MAX_INFO_BYTES (1024 * 1024)

typedef struct
{
  AssayCocoFile *file;
  GHashTable *image_of; /* image id -> index + 1 */
  GArray *image_ids;    /* of each place, in the order of the file */
  AssayCocoSkip skip;
  gpointer data;
  AssayProgress *progress;
} Scan;

static void
image_free (gpointer data)
{
  AssayCocoImage *image = data;
  g_free (image->file_name);
  json_decref (image->extra);
  g_free (image);
}

static void
category_free (gpointer data)
{
  AssayCocoCategory *category = data;
  g_free (category->name);
  json_decref (category->extra);
  g_clear_pointer (&category->nodes, g_ptr_array_unref);
  g_array_unref (category->edges);
  g_free (category);
}

void
assay_coco_file_free (AssayCocoFile *file)
{
  if (file == NULL)
    return;
  assay_json_reader_free (file->reader);
  g_ptr_array_unref (file->images);
  g_hash_table_unref (file->category_of);
  g_ptr_array_unref (file->categories);
  g_array_unref (file->places);
  g_free (file->task);
  g_free (file->kind);
  g_free (file);
}

static gint64 *
new_key (gint64 id)
{
  gint64 *key = g_new (gint64, 1);
  *key = id;
  return key;
}

static json_t *
keys_but (const json_t *object, const char *const *ours)
{
  g_autoptr (json_t) rest = json_object ();
  const char *key;
  json_t *value;
  json_object_foreach ((json_t *) object, key, value) if (!g_strv_contains (ours, key))
      json_object_set (rest, key, value);
  return json_object_size (rest) > 0 ? g_steal_pointer (&rest) : NULL;
}

/* ---- images and categories ---- */

static const char *
add_image (Scan *scan, const json_t *entry, gint64 id)
{
  static const char *const ours[] = { "id", "file_name", "width", "height", NULL };
  const char *file_name = assay_json_get_string (entry, "file_name");
  if (file_name == NULL || *file_name == '\0')
    return "it has no file_name";
  if (g_hash_table_contains (scan->image_of, &id))
    return "another image has the same id";
  AssayCocoImage *image = g_new0 (AssayCocoImage, 1);
  image->id = id;
  image->file_name = g_strdup (file_name);
  assay_json_get_int (entry, "width", &image->width_px);
  assay_json_get_int (entry, "height", &image->height_px);
  image->extra = keys_but (entry, ours);
  g_ptr_array_add (scan->file->images, image);
  g_hash_table_insert (scan->image_of, new_key (id), GUINT_TO_POINTER (scan->file->images->len));
  return NULL;
}

static gboolean
read_skeleton (AssayCocoCategory *category, const json_t *entry)
{
  const json_t *nodes = json_object_get (entry, "keypoints"), *pairs = json_object_get (entry, "skeleton");
  gsize i;
  json_t *value;
  if (!json_is_array (nodes) || json_array_size (nodes) == 0)
    return TRUE;
  category->nodes = g_ptr_array_new_with_free_func (g_free);
  json_array_foreach (nodes, i, value)
  {
    if (!json_is_string (value))
      return FALSE;
    g_ptr_array_add (category->nodes, g_strdup (json_string_value (value)));
  }
  json_array_foreach (pairs, i, value) for (gsize end = 0; end < 2; end++)
  {
    gint64 node = json_integer_value (json_array_get (value, end));
    if (json_array_size (value) != 2 || node < 1 || node > (gint64) category->nodes->len)
      return FALSE;
    guint from_zero = (guint) node - 1;
    g_array_append_val (category->edges, from_zero);
  }
  return TRUE;
}

static const char *
add_category (Scan *scan, const json_t *entry, gint64 id)
{
  static const char *const ours[] = { "id", "name", "keypoints", "skeleton", NULL };
  if (g_hash_table_contains (scan->file->category_of, &id))
    return "another category has the same id";
  const char *name = assay_json_get_string (entry, "name");
  AssayCocoCategory *category = g_new0 (AssayCocoCategory, 1);
  category->id = id;
  category->name
      = name != NULL && *name != '\0' ? g_strdup (name) : g_strdup_printf ("category %" G_GINT64_FORMAT, id);
  category->edges = g_array_new (FALSE, FALSE, sizeof (guint));
  category->extra = keys_but (entry, ours);
  if (!read_skeleton (category, entry))
    {
      category_free (category);
      return "its keypoints are not names, or its skeleton names a point that is not there (it counts from 1)";
    }
  g_ptr_array_add (scan->file->categories, category);
  g_hash_table_insert (scan->file->category_of, new_key (id), category);
  return NULL;
}

/* ---- annotations ---- */

static void
add_annotation (Scan *scan, const json_t *entry, AssayCocoPlace place, gint64 image_id)
{
  AssayCocoFile *file = scan->file;
  /* Categories may come later in the file: what counts as keypoints is only known then, so this is a first
   * impression. */
  AssayCocoHolds holds = assay_coco_holds (entry, NULL);
  file->n_segmentation += (holds & ASSAY_COCO_SEGMENTATION) != 0;
  file->n_keypoints += (holds & ASSAY_COCO_KEYPOINTS) != 0;
  file->n_box += (holds & ASSAY_COCO_BOX) != 0;
  g_array_append_val (file->places, place);
  g_array_append_val (scan->image_ids, image_id);
}

typedef enum
{
  IMAGES,
  CATEGORIES,
  ANNOTATIONS
} Section;
static const char *const entry_names[] = { "image", "category", "annotation" };

/* Reads one entry; what is wrong with it alone is told, and FALSE means that the file cannot be read on. */
static gboolean
read_entry (Scan *scan, Section section, guint64 at, GError **error)
{
  g_autoptr (json_t) entry = NULL;
  g_autoptr (GError) wrong = NULL;
  AssayJsonReader *reader = scan->file->reader;
  guint64 start = assay_json_reader_get_start (reader), line = assay_json_reader_get_line (reader);
  g_autofree char *name = g_strdup_printf ("%s %" G_GUINT64_FORMAT " of the list", entry_names[section], at + 1);
  if (!assay_json_reader_read (reader, MAX_ENTRY_BYTES, &entry, &wrong))
    {
      if (!assay_json_reader_is_broken (reader))
        return scan->skip (name, wrong->message, scan->data), TRUE;
      g_propagate_error (error, g_steal_pointer (&wrong));
      return FALSE;
    }
  gint64 id = 0, image_id = 0;
  const char *why = NULL;
  if (!json_is_object (entry))
    why = "it is no object";
  else if (section == ANNOTATIONS && !assay_json_get_int (entry, "image_id", &image_id))
    why = "it has no whole number as image_id";
  else if (section != ANNOTATIONS && !assay_json_get_int (entry, "id", &id))
    why = "it has no whole number as id";
  else if (section == ANNOTATIONS)
    add_annotation (scan, entry,
                    (AssayCocoPlace){ .offset = start,
                                      .n_bytes = (guint32) (assay_json_reader_get_offset (reader) - start),
                                      .line = (guint32) MIN (line, G_MAXUINT32) },
                    image_id);
  else
    why = section == IMAGES ? add_image (scan, entry, id) : add_category (scan, entry, id);
  if (why != NULL)
    scan->skip (name, why, scan->data);
  return TRUE;
}

static gboolean
read_section (Scan *scan, Section section, GError **error)
{
  AssayJsonReader *reader = scan->file->reader;
  gboolean more = FALSE;
  if (!assay_json_reader_enter (reader, '[', error))
    return FALSE;
  for (guint64 at = 0; assay_json_reader_next_element (reader, &more, error); at++)
    {
      if (!more)
        return TRUE;
      if (at % 1024 == 0)
        {
          assay_progress_set (scan->progress, assay_json_reader_get_offset (reader),
                              assay_json_reader_get_size (reader));
          if (assay_progress_stopped (scan->progress, error))
            return FALSE;
        }
      if (!read_entry (scan, section, at, error))
        return FALSE;
    }
  return FALSE;
}

/* Our own exports tell the task here, since a file without annotations cannot show of what kind it is. */
static gboolean
read_info (Scan *scan, GError **error)
{
  AssayCocoFile *file = scan->file;
  g_autoptr (json_t) info = NULL;
  g_autoptr (GError) wrong = NULL;
  if (!assay_json_reader_read (file->reader, MAX_INFO_BYTES, &info, &wrong)
      && assay_json_reader_is_broken (file->reader))
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return FALSE;
    }
  const json_t *ours = json_object_get (info, "assay");
  if (ours != NULL && file->task == NULL)
    {
      file->task = g_strdup (assay_json_get_string (ours, "task"));
      file->kind = g_strdup (assay_json_get_string (ours, "kind"));
    }
  file->n_other += ours == NULL || json_object_size (info) > 1;
  return TRUE;
}

static gboolean
refuse (AssayCocoFile *file, const char *why, GError **error)
{
  (void) file;
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED, "reading COCO: %s", why);
  return FALSE;
}

static gboolean
read_all (Scan *scan, GError **error)
{
  AssayJsonReader *reader = scan->file->reader;
  const char *key = NULL;
  gboolean has_images = FALSE;
  if (assay_json_reader_peek (reader) == '[')
    return refuse (scan->file, "this is a list of results, not a data set; predictions go through `assay mine`",
                   error);
  if (!assay_json_reader_enter (reader, '{', error))
    return FALSE;
  while (assay_json_reader_next_key (reader, &key, error))
    {
      if (key == NULL)
        return has_images ? assay_json_reader_finish (reader, error)
                          : refuse (scan->file, "there is no list of images; is this another kind of JSON?", error);
      gboolean ok = TRUE;
      if (g_str_equal (key, "images"))
        ok = has_images = read_section (scan, IMAGES, error);
      else if (g_str_equal (key, "categories"))
        ok = read_section (scan, CATEGORIES, error);
      else if (g_str_equal (key, "annotations"))
        ok = scan->file->has_annotations = read_section (scan, ANNOTATIONS, error);
      else if (g_str_equal (key, "info"))
        ok = read_info (scan, error);
      else
        {
          scan->file->n_other++;
          ok = assay_json_reader_skip (reader, error);
        }
      if (!ok)
        return FALSE;
    }
  return FALSE;
}

static int
compare_places (gconstpointer a, gconstpointer b)
{
  const AssayCocoPlace *p = a, *q = b;
  if (p->image != q->image)
    return p->image < q->image ? -1 : 1;
  return p->offset < q->offset ? -1 : p->offset > q->offset;
}

/* Images are known now: places get theirs, and lie together by image. */
static void
sort_places (Scan *scan)
{
  AssayCocoFile *file = scan->file;
  guint kept = 0;
  for (guint i = 0; i < file->places->len; i++)
    {
      AssayCocoPlace place = g_array_index (file->places, AssayCocoPlace, i);
      gint64 id = g_array_index (scan->image_ids, gint64, i);
      guint image = GPOINTER_TO_UINT (g_hash_table_lookup (scan->image_of, &id));
      if (image == 0)
        {
          g_autofree char *name = g_strdup_printf ("annotation at line %u", place.line);
          g_autofree char *why = g_strdup_printf ("image %" G_GINT64_FORMAT " is not in the file", id);
          scan->skip (name, why, scan->data);
          continue;
        }
      place.image = image - 1;
      g_array_index (file->places, AssayCocoPlace, kept++) = place;
    }
  g_array_set_size (file->places, kept);
  g_array_sort (file->places, compare_places);
  for (guint i = 0; i < kept; i++)
    {
      AssayCocoImage *image = file->images->pdata[g_array_index (file->places, AssayCocoPlace, i).image];
      if (image->n++ == 0)
        image->first = i;
    }
}

AssayCocoFile *
assay_coco_file_read (AssayJsonReader *take_reader, AssayCocoSkip skip, gpointer data, AssayProgress *progress,
                      GError **error)
{
  g_autoptr (AssayCocoFile) file = g_new0 (AssayCocoFile, 1);
  g_autoptr (GHashTable) image_of = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_autoptr (GArray) image_ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  file->reader = take_reader;
  file->images = g_ptr_array_new_with_free_func (image_free);
  file->categories = g_ptr_array_new_with_free_func (category_free);
  file->category_of = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  file->places = g_array_new (FALSE, FALSE, sizeof (AssayCocoPlace));
  Scan scan = {
    .file = file, .image_of = image_of, .image_ids = image_ids, .skip = skip, .data = data, .progress = progress
  };
  if (!read_all (&scan, error))
    return NULL;
  sort_places (&scan);
  return g_steal_pointer (&file);
}

json_t *
assay_coco_file_get (AssayCocoFile *file, guint place, GError **error)
{
  const AssayCocoPlace *at = &g_array_index (file->places, AssayCocoPlace, place);
  return assay_json_reader_read_at (file->reader, at->offset, at->n_bytes, at->line, error);
}
