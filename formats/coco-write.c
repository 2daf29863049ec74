/* SPDX-License-Identifier: GPL-3.0-or-later */
/* formats/coco-write.c - a version as COCO: images/, and annotations/instances_SPLIT.json or keypoints_SPLIT.json.
 *
 * Ids that the data came with are kept; the rest count on from the highest, from 1. As what came with an id is only
 * known at the end, images and annotations wait in spools, a line each. */
#include "formats/coco-format.h"
#include "formats/coco.h"
#include "formats/export.h"

#include "core/error.h"
#include "core/json.h"
#include "core/kind.h"

#include <string.h>

#define N_SPLITS 3

typedef struct
{
  gint64 id;   /* as it came; 0 = none */
  guint image; /* of an annotation: index of its image */
} Entry;

/* One JSON file. */
typedef struct
{
  AssaySpool *images, *annotations;
  GArray *image_ids, *annotation_ids; /* of Entry, as in the spools */
} Part;

typedef struct
{
  AssayExport *export;
  GArray **category_ids; /* one a task: gint64 a class */
  Part (*parts)[N_SPLITS];
  guint n_tasks;
  GHashTable *tracks; /* AssayId -> number, from 1, as they come */
} Writer;

static void
writer_clear (Writer *writer)
{
  for (guint t = 0; t < writer->n_tasks; t++)
    {
      g_array_unref (writer->category_ids[t]);
      for (guint s = 0; s < N_SPLITS; s++)
        {
          Part *part = &writer->parts[t][s];
          assay_spool_free (part->images);
          assay_spool_free (part->annotations);
          g_clear_pointer (&part->image_ids, g_array_unref);
          g_clear_pointer (&part->annotation_ids, g_array_unref);
        }
    }
  g_free (writer->category_ids);
  g_free (writer->parts);
  g_clear_pointer (&writer->tracks, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Writer, writer_clear)

/* The numbers that classes came with, each once; new ones from 1 where it is free. */
static GArray *
number_classes (const AssayTask *task)
{
  GArray *ids = g_array_new (FALSE, TRUE, sizeof (gint64));
  g_autoptr (GHashTable) taken = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_array_set_size (ids, task->classes->len);
  gint64 *numbers = (gint64 *) (void *) ids->data;
  for (guint i = 0; i < ids->len; i++)
    {
      gint64 id = ((AssayClass *) task->classes->pdata[i])->source_id;
      numbers[i] = id >= 0 && !g_hash_table_contains (taken, &id) ? id : -1;
      if (numbers[i] >= 0)
        g_hash_table_add (taken, &numbers[i]);
    }
  gint64 next = 1;
  for (guint i = 0; i < ids->len; i++)
    {
      while (numbers[i] < 0 && g_hash_table_contains (taken, &next))
        next++;
      if (numbers[i] < 0)
        numbers[i] = next++;
    }
  return ids;
}

static gboolean
is_keypoints (const AssayTask *task)
{
  return g_str_equal (task->kind->id, "keypoints");
}

/* ---- rows to spools ---- */

static gboolean
ensure_part (Writer *writer, Part *part, GError **error)
{
  if (part->images != NULL)
    return TRUE;
  part->images = assay_spool_new (writer->export, error);
  part->annotations = part->images != NULL ? assay_spool_new (writer->export, error) : NULL;
  part->image_ids = g_array_new (FALSE, FALSE, sizeof (Entry));
  part->annotation_ids = g_array_new (FALSE, FALSE, sizeof (Entry));
  return part->annotations != NULL;
}

/* What other programs said beside ours comes back, but never in place of ours. */
static gint64
add_extra (json_t *entry, const json_t *extra, gboolean may_replace_box)
{
  static const char *const derived[] = { "bbox", "area", "iscrowd", NULL };
  gint64 id = 0;
  const char *key;
  json_t *value;
  assay_json_get_int (extra, "id", &id);
  json_object_foreach ((json_t *) extra, key, value)
  {
    gboolean ours = g_str_equal (key, "id") || g_str_equal (key, "image_id") || g_str_equal (key, "category_id");
    gboolean wins = may_replace_box && g_strv_contains (derived, key);
    if (!ours && (wins || json_object_get (entry, key) == NULL))
      json_object_set (entry, key, value);
  }
  return id > 0 ? id : 0; /* 0 means "no match" inside COCOeval */
}

/* COCO has no word for a thing through a sequence; its attribute, as CVAT writes it, is a number. One that came
 * from elsewhere still tells who is who, but not by its number: that may be somebody else's here. 0 = none. */
static guint
number_track (Writer *writer, const AssayObject *object, const json_t *given)
{
  gint64 theirs = 0;
  AssayId track = object->track;
  if (assay_id_is_nil (&track) && assay_json_get_int (given, "track_id", &theirs))
    track = assay_id_derive ("coco track", &theirs, sizeof theirs);
  if (assay_id_is_nil (&track))
    return 0;
  guint number = GPOINTER_TO_UINT (g_hash_table_lookup (writer->tracks, &track));
  if (number == 0)
    {
      number = g_hash_table_size (writer->tracks) + 1;
      g_hash_table_insert (writer->tracks, g_memdup2 (&track, sizeof track), GUINT_TO_POINTER (number));
    }
  return number;
}

/* What came with an import, over that what people have said here since, and the track's number. */
static void
add_attributes (Writer *writer, json_t *entry, const AssayObject *object)
{
  json_t *given = json_object_get (entry, "attributes");
  g_autoptr (json_t) all = json_is_object (given) ? json_copy (given) : json_object ();
  guint number = number_track (writer, object, all);
  if (object->attributes != NULL)
    json_object_update (all, object->attributes);
  json_object_del (all, "coco");
  if (number > 0)
    {
      assay_export_lossy (writer->export, "attributes called track_id, which is the track's number in COCO",
                          json_object_get (object->attributes, "track_id") != NULL);
      json_object_set_new (all, "track_id", json_integer (number));
    }
  if (json_object_size (all) > 0)
    json_object_set (entry, "attributes", all);
}

static void
spool_object (Writer *writer, Part *part, guint t, const AssayObject *object)
{
  const AssayTask *task = assay_export_get_tasks (writer->export)->pdata[t];
  guint class = assay_task_class_index (task, &object->class_id), lost = 0;
  if (class == G_MAXUINT)
    {
      assay_export_lossy (writer->export, "objects without a class", 1);
      return;
    }
  g_autoptr (json_t) entry = json_object ();
  json_object_set_new (entry, "category_id", json_integer (g_array_index (writer->category_ids[t], gint64, class)));
  if (is_keypoints (task))
    assay_coco_write_keypoints (entry, object->value, task->nodes, &lost);
  else if (g_str_equal (task->kind->id, "box"))
    assay_coco_write_box (entry, ((const AssayBox *) object->value)->box);
  else
    assay_coco_write_region (entry, object->value);
  assay_export_lossy (writer->export, "keypoints outside the picture, written as not labelled", lost);
  gboolean is_region = g_str_equal (task->kind->id, "segmentation");
  assay_export_lossy (writer->export, "what annotators were unsure of, of masks",
                      is_region && ((const AssayRegion *) object->value)->unsure != NULL);
  Entry id = { .image = part->image_ids->len - 1 };
  id.id = add_extra (entry, json_object_get (object->attributes, "coco"), !is_region);
  add_attributes (writer, entry, object);
  g_autofree char *line = assay_json_canonical (entry);
  assay_spool_add (part->annotations, line);
  g_array_append_val (part->annotation_ids, id);
}

static void
spool_image (Part *part, const AssayItem *item, const char *file_name)
{
  g_autoptr (json_t) entry = json_pack ("{s:s, s:i, s:i}", "file_name", file_name, "width", (int) item->width_px,
                                        "height", (int) item->height_px);
  Entry id = { .id = add_extra (entry, json_object_get (item->facts, "coco"), FALSE) };
  g_autofree char *line = assay_json_canonical (entry);
  assay_spool_add (part->images, line);
  g_array_append_val (part->image_ids, id);
}

static gboolean
spool_row (AssayExport *export, const AssayRow *row, gpointer data, GError **error)
{
  Writer *writer = data;
  for (guint t = 0; t < writer->n_tasks; t++)
    {
      const AssayTruth *truth = assay_export_truth (writer->export, row, t);
      g_autofree char *path = NULL;
      Part *part = &writer->parts[t][row->split];
      if (truth == NULL)
        continue;
      if (!ensure_part (writer, part, error)
          || !assay_export_media (writer->export, row->item, "images", &path, error))
        return FALSE;
      spool_image (part, row->item, path);
      for (guint i = 0; truth->objects != NULL && i < truth->objects->list->len; i++)
        spool_object (writer, part, t, truth->objects->list->pdata[i]);
    }
  return TRUE;
}

/* ---- spools to files ---- */

/* Ids that came and are not taken stay; the others count on from the highest. */
static void
settle_ids (GArray *entries)
{
  g_autoptr (GHashTable) taken = g_hash_table_new (g_int64_hash, g_int64_equal);
  gint64 highest = 0;
  for (guint i = 0; i < entries->len; i++)
    {
      Entry *entry = &g_array_index (entries, Entry, i);
      if (entry->id == 0 || entry->id > G_MAXINT32 || g_hash_table_contains (taken, &entry->id))
        entry->id = 0;
      else
        g_hash_table_add (taken, &entry->id);
      highest = MAX (highest, entry->id);
    }
  for (guint i = 0; i < entries->len; i++)
    {
      Entry *entry = &g_array_index (entries, Entry, i);
      if (entry->id == 0)
        entry->id = ++highest;
    }
}

static json_t *
category_to_json (const AssayTask *task, const AssayClass *class, gint64 id)
{
  g_autoptr (json_t) category = json_pack ("{s:I, s:s}", "id", (json_int_t) id, "name", class->name);
  if (is_keypoints (task))
    {
      json_t *names = json_array (), *pairs = json_array ();
      for (guint i = 0; i < task->nodes->len; i++)
        json_array_append_new (names, json_string (g_array_index (task->nodes, AssayNode, i).name));
      for (guint i = 0; i < task->edges->len; i++)
        {
          AssayEdge edge = g_array_index (task->edges, AssayEdge, i);
          json_array_append_new (pairs, json_pack ("[i, i]", (int) edge.from + 1, (int) edge.to + 1));
        }
      json_object_set_new (category, "keypoints", names);
      json_object_set_new (category, "skeleton", pairs);
    }
  if (class->extra != NULL)
    json_object_update_missing (category, class->extra);
  return g_steal_pointer (&category);
}

static void
write_categories (AssayExportFile *file, const AssayTask *task, const GArray *ids)
{
  for (guint i = 0; i < task->classes->len; i++)
    {
      g_autoptr (json_t) category
          = category_to_json (task, task->classes->pdata[i], g_array_index (ids, gint64, i));
      g_autofree char *text = assay_json_canonical (category);
      assay_export_file_add (file, i == 0 ? "\n" : ",\n", -1);
      assay_export_file_add (file, text, -1);
    }
}

/* `images` (nullable): annotations name theirs. */
static gboolean
write_spool (AssayExportFile *file, AssaySpool *spool, const GArray *entries, const GArray *images, GError **error)
{
  const char *line;
  if (!assay_spool_rewind (spool, error))
    return FALSE;
  for (guint i = 0; (line = assay_spool_next (spool)) != NULL && i < entries->len; i++)
    {
      const Entry *entry = &g_array_index (entries, Entry, i);
      g_autofree char *image = images == NULL ? g_strdup ("")
                                              : g_strdup_printf ("\"image_id\":%" G_GINT64_FORMAT ",",
                                                                 g_array_index (images, Entry, entry->image).id);
      g_autofree char *head
          = g_strdup_printf ("%s{\"id\":%" G_GINT64_FORMAT ",%s", i == 0 ? "\n" : ",\n", entry->id, image);
      assay_export_file_add (file, head, -1);
      assay_export_file_add (file, line + 1, -1);
    }
  return TRUE;
}

/* "instances_train.json"; with the task's name when two tasks would want the same. */
static char *
file_name_of (Writer *writer, guint t, AssaySplit split)
{
  const GPtrArray *tasks = assay_export_get_tasks (writer->export);
  const AssayTask *task = tasks->pdata[t];
  const char *base = is_keypoints (task) ? "keypoints" : "instances";
  guint n_alike = 0;
  for (guint i = 0; i < tasks->len; i++)
    n_alike += is_keypoints (tasks->pdata[i]) == is_keypoints (task);
  g_autofree char *safe = g_strcanon (g_strdup (task->name), G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-", '-');
  g_autofree char *name = n_alike > 1 ? g_strdup_printf ("%s_%s_%s.json", base, safe, assay_split_to_text (split))
                                      : g_strdup_printf ("%s_%s.json", base, assay_split_to_text (split));
  return assay_export_claim (writer->export, "annotations", name, &task->id);
}

static gboolean
write_part (Writer *writer, guint t, AssaySplit split, GError **error)
{
  const AssayTask *task = assay_export_get_tasks (writer->export)->pdata[t];
  Part *part = &writer->parts[t][split];
  if (part->images == NULL)
    return TRUE;
  settle_ids (part->image_ids);
  settle_ids (part->annotation_ids);
  g_autofree char *path = file_name_of (writer, t, split);
  g_autoptr (AssayExportFile) file = assay_export_open (writer->export, path, error);
  if (file == NULL)
    return FALSE;
  g_autoptr (json_t) info = json_pack ("{s:{s:s, s:s}}", "assay", "kind", task->kind->id, "task", task->name);
  g_autofree char *told = assay_json_canonical (info);
  assay_export_file_add (file, "{\"info\":", -1);
  assay_export_file_add (file, told, -1);
  assay_export_file_add (file, ",\n\"categories\":[", -1);
  write_categories (file, task, writer->category_ids[t]);
  assay_export_file_add (file, "\n],\n\"images\":[", -1);
  if (!write_spool (file, part->images, part->image_ids, NULL, error))
    return FALSE;
  assay_export_file_add (file, "\n],\n\"annotations\":[", -1);
  if (!write_spool (file, part->annotations, part->annotation_ids, part->image_ids, error))
    return FALSE;
  assay_export_file_add (file, "\n]}\n", -1);
  return assay_export_file_close (g_steal_pointer (&file), error);
}

gboolean
assay_coco_write (AssayExport *export, GError **error)
{
  const GPtrArray *tasks = assay_export_get_tasks (export);
  g_auto (Writer) writer = { .export = export, .n_tasks = tasks->len };
  writer.category_ids = g_new0 (GArray *, tasks->len + 1);
  writer.parts = g_malloc0_n (tasks->len + 1, sizeof *writer.parts);
  writer.tracks = g_hash_table_new_full (assay_id_hash, assay_id_hash_equal, g_free, NULL);
  for (guint t = 0; t < tasks->len; t++)
    writer.category_ids[t] = number_classes (tasks->pdata[t]);
  if (!assay_export_each (export, spool_row, &writer, error))
    return FALSE;
  for (guint t = 0; t < tasks->len; t++)
    for (guint s = 0; s < N_SPLITS; s++)
      if (!write_part (&writer, t, (AssaySplit) s, error))
        return FALSE;
  return TRUE;
}
