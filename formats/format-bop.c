/* SPDX-License-Identifier: GPL-3.0-or-later */
/* formats/format-bop.c - BOP scenes (https://github.com/thodan/bop_toolkit, docs/bop_datasets_format.md):
 * SPLIT/SCENE/{scene_gt.json, scene_camera.json, rgb/}, models/.
 *
 * A sequence is a scene, and so are all pictures without one. Rotations row by row, model to camera, OpenCV axes;
 * millimetres; the order of objects in a list is data. Poses are small: all are kept until the scenes are known. */
#include "formats/export.h"

#include "core/error.h"
#include "core/json.h"
#include "core/kind.h"
#include "core/media.h"
#include "core/pose.h"

#include <stdio.h>
#include <string.h>

#define RIGID_TOLERANCE 1e-4
#define MM_PER_M 1000.0

typedef struct
{
  AssayItem *item;
  AssaySplit split;
  json_t *poses;  /* as in scene_gt */
  json_t *camera; /* (nullable) as in scene_camera */
} Image;

typedef struct
{
  AssayExport *export;
  GPtrArray *images;      /* of Image */
  GHashTable *object_ids; /* AssayId of class -> number */
  GPtrArray *classes;     /* of const AssayClass, all tasks' */
} Writer;

static void
image_free (gpointer data)
{
  Image *image = data;
  assay_item_free (image->item);
  json_decref (image->poses);
  json_decref (image->camera);
  g_free (image);
}

static void
writer_clear (Writer *writer)
{
  g_ptr_array_unref (writer->images);
  g_ptr_array_unref (writer->classes);
  g_hash_table_unref (writer->object_ids);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Writer, writer_clear)

/* The numbers that classes came with, when they are free; new ones from 1. */
static void
number_objects (Writer *writer)
{
  const GPtrArray *tasks = assay_export_get_tasks (writer->export);
  g_autoptr (GHashTable) taken = g_hash_table_new (g_direct_hash, g_direct_equal);
  guint next = 1;
  for (guint t = 0; t < tasks->len; t++)
    {
      const AssayTask *task = tasks->pdata[t];
      for (guint i = 0; i < task->classes->len; i++)
        g_ptr_array_add (writer->classes, task->classes->pdata[i]);
    }
  for (guint i = 0; i < writer->classes->len; i++)
    {
      AssayClass *class = writer->classes->pdata[i];
      if (class->source_id >= 1 && class->source_id < 1000000
          && g_hash_table_add (taken, GSIZE_TO_POINTER (class->source_id)))
        g_hash_table_insert (writer->object_ids, &class->id, GSIZE_TO_POINTER (class->source_id));
    }
  for (guint i = 0; i < writer->classes->len; i++)
    {
      AssayClass *class = writer->classes->pdata[i];
      if (g_hash_table_contains (writer->object_ids, &class->id))
        continue;
      while (!g_hash_table_add (taken, GSIZE_TO_POINTER (next)))
        next++;
      g_hash_table_insert (writer->object_ids, &class->id, GSIZE_TO_POINTER (next));
    }
}

/* ---- poses ---- */

static json_t *
camera_to_json (Writer *writer, const AssayCamera *camera)
{
  gboolean distorted = FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (camera->distortion); i++)
    distorted = distorted || camera->distortion[i] != 0;
  assay_export_lossy (writer->export, "lens distortions", distorted);
  assay_export_lossy (writer->export, "notes that a camera is assumed and not measured", camera->assumed);
  return json_pack ("{s:[f,f,f,f,f,f,f,f,f]}", "cam_K", camera->fx, 0.0, camera->cx, 0.0, camera->fy, camera->cy,
                    0.0, 0.0, 1.0);
}

static json_t *
pose_to_json (const AssayPose *pose, gsize object_id)
{
  json_t *r = json_array (), *t = json_array ();
  for (guint i = 0; i < 9; i++)
    json_array_append_new (r, json_real (pose->r[i]));
  for (guint i = 0; i < 3; i++)
    json_array_append_new (t, json_real (pose->t_m[i] * MM_PER_M));
  return json_pack ("{s:o, s:o, s:I}", "cam_R_m2c", r, "cam_t_m2c", t, "obj_id", (json_int_t) object_id);
}

static void
add_pose (Writer *writer, Image *image, const AssayObject *object)
{
  const AssayPosed *posed = object->value;
  gsize number = GPOINTER_TO_SIZE (g_hash_table_lookup (writer->object_ids, &object->class_id));
  gboolean rigid = assay_pose_is_rigid (&posed->pose, RIGID_TOLERANCE);
  assay_export_lossy (writer->export, "poses without a class", number == 0);
  assay_export_lossy (writer->export, "poses whose rotation is none", !rigid);
  if (number == 0 || !rigid)
    return;
  assay_export_lossy (writer->export, "clicked points behind poses", posed->n_pairs);
  assay_export_lossy (writer->export, "identities of objects through a sequence",
                      !assay_id_is_nil (&object->track));
  assay_export_lossy (writer->export, "attributes of poses", json_object_size (object->attributes) > 0);
  json_array_append_new (image->poses, pose_to_json (&posed->pose, number));
  if (image->camera == NULL)
    {
      image->camera = camera_to_json (writer, &posed->camera);
      return;
    }
  const json_t *k = json_object_get (image->camera, "cam_K");
  gboolean same = json_number_value (json_array_get (k, 0)) == posed->camera.fx
                  && json_number_value (json_array_get (k, 2)) == posed->camera.cx
                  && json_number_value (json_array_get (k, 4)) == posed->camera.fy
                  && json_number_value (json_array_get (k, 5)) == posed->camera.cy;
  assay_export_lossy (writer->export, "poses solved with another camera than the first of their picture", !same);
}

static gboolean
keep_row (AssayExport *export, const AssayRow *row, gpointer data, GError **error)
{
  Writer *writer = data;
  Image *image = g_new0 (Image, 1);
  AssayCamera camera;
  image->item = assay_item_copy (row->item);
  image->split = row->split;
  image->poses = json_array ();
  for (guint t = 0; t < assay_export_get_tasks (export)->len; t++)
    {
      const AssayTruth *truth = assay_export_truth (export, row, t);
      for (guint i = 0; truth != NULL && truth->objects != NULL && i < truth->objects->list->len; i++)
        add_pose (writer, image, truth->objects->list->pdata[i]);
    }
  if (image->camera == NULL && assay_item_get_camera (row->item, &camera))
    image->camera = camera_to_json (writer, &camera);
  g_ptr_array_add (writer->images, image);
  return TRUE;
}

/* ---- scenes ---- */

static int
compare_images (gconstpointer a, gconstpointer b)
{
  const Image *p = *(const Image *const *) a, *q = *(const Image *const *) b;
  if (p->split != q->split)
    return p->split < q->split ? -1 : 1;
  int order = g_strcmp0 (p->item->sequence, q->item->sequence); /* NULL first */
  if (order != 0)
    return order;
  if (p->item->position != q->item->position)
    return p->item->position < q->item->position ? -1 : 1;
  return assay_id_compare (&p->item->id, &q->item->id);
}

static gboolean
same_scene (const Image *a, const Image *b)
{
  return a->split == b->split && g_strcmp0 (a->item->sequence, b->item->sequence) == 0;
}

/* Positions in the sequence, when they tell the pictures apart; else counted. */
static gboolean
numbered_by_position (const GPtrArray *images, guint first, guint end)
{
  for (guint i = first; i < end; i++)
    {
      const AssayItem *item = ((Image *) images->pdata[i])->item;
      if (item->sequence == NULL || item->position < 0 || item->position > 999999
          || (i > first && item->position == ((Image *) images->pdata[i - 1])->item->position))
        return FALSE;
    }
  return TRUE;
}

/* One key a line, as the toolkit writes it. */
static void
append_entry (GString *text, gint64 number, const json_t *value)
{
  g_string_append_printf (text, "%s\"%" G_GINT64_FORMAT "\": ", text->len > 0 ? ",\n  " : "  ", number);
  assay_json_canonical_append (value, text);
}

static gboolean
put_object (AssayExport *export, const char *folder, const char *name, const GString *entries, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *text = g_strdup_printf ("{\n%s\n}\n", entries->str);
  return assay_export_put (export, path, text, strlen (text), error);
}

static gboolean
write_scene (Writer *writer, guint number, guint first, guint end, GError **error)
{
  const Image *any = writer->images->pdata[first];
  gboolean by_position = numbered_by_position (writer->images, first, end);
  g_autofree char *folder = g_strdup_printf ("%s/%06u", assay_split_to_text (any->split), number);
  g_autoptr (GString) poses = g_string_new (NULL);
  g_autoptr (GString) cameras = g_string_new (NULL);
  for (guint i = first; i < end; i++)
    {
      const Image *image = writer->images->pdata[i];
      gint64 id = by_position ? image->item->position : i - first;
      g_autofree char *stem = g_strdup_printf ("%s/rgb/%06" G_GINT64_FORMAT, folder, id);
      append_entry (poses, id, image->poses);
      if (image->camera != NULL)
        append_entry (cameras, id, image->camera);
      if (assay_progress_stopped (assay_export_get_progress (writer->export), error)
          || !assay_export_media_as (writer->export, image->item, stem, error))
        return FALSE;
    }
  return put_object (writer->export, folder, "scene_gt.json", poses, error)
         && put_object (writer->export, folder, "scene_camera.json", cameras, error);
}

static gboolean
write_scenes (Writer *writer, GError **error)
{
  guint number = 0;
  g_ptr_array_sort (writer->images, compare_images);
  for (guint first = 0, end; first < writer->images->len; first = end)
    {
      for (end = first + 1;
           end < writer->images->len && same_scene (writer->images->pdata[first], writer->images->pdata[end]);)
        end++;
      if (!write_scene (writer, ++number, first, end, error))
        return FALSE;
    }
  return TRUE;
}

/* ---- models ---- */

static char *
find_model (Writer *writer, const AssaySha256 *hash, char **ret_type, GError **error)
{
  AssayProject *project = assay_export_get_project (writer->export);
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  if (!assay_store_query (project->store, &rows, error, "SELECT type FROM media WHERE hash = ?1", "H", hash))
    return NULL;
  if (assay_rows_next (&rows, &wrong))
    {
      *ret_type = g_strdup (assay_rows_get_text (&rows, 0));
      return assay_media_dup_path (project, hash, *ret_type);
    }
  if (wrong != NULL)
    g_propagate_error (error, g_steal_pointer (&wrong));
  else
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                         "a class has a model that is not in the project; add its mesh again");
  return NULL;
}

static void
append_number (GString *text, double value)
{
  char number[32];
  g_string_append_printf (text, "%s ", assay_json_double (value, number));
}

static char *
model_to_ply (const AssayModel *model)
{
  GString *text = g_string_new (NULL);
  g_string_append_printf (
      text,
      "ply\nformat ascii 1.0\ncomment millimetres\nelement vertex %u\nproperty float x\nproperty float y\n"
      "property float z\nelement face %u\nproperty list uchar int vertex_indices\nend_header\n",
      model->n_vertices, model->n_triangles);
  for (guint i = 0; i < model->n_vertices; i++)
    {
      append_number (text, model->vertices_m[i].x * MM_PER_M);
      append_number (text, model->vertices_m[i].y * MM_PER_M);
      append_number (text, model->vertices_m[i].z * MM_PER_M);
      text->str[text->len - 1] = '\n';
    }
  for (guint i = 0; i < model->n_triangles; i++)
    g_string_append_printf (text, "3 %u %u %u\n", model->triangles[3 * i], model->triangles[3 * i + 1],
                            model->triangles[3 * i + 2]);
  return g_string_free (text, FALSE);
}

static json_t *
model_to_info (const AssayModel *model)
{
  AssayPoint3 low = model->vertices_m[0], high = low;
  for (guint i = 1; i < model->n_vertices; i++)
    {
      AssayPoint3 p = model->vertices_m[i];
      low = (AssayPoint3){ MIN (low.x, p.x), MIN (low.y, p.y), MIN (low.z, p.z) };
      high = (AssayPoint3){ MAX (high.x, p.x), MAX (high.y, p.y), MAX (high.z, p.z) };
    }
  return json_pack ("{s:f, s:f, s:f, s:f, s:f, s:f, s:f}", "diameter", model->diameter_m * MM_PER_M, "min_x",
                    low.x * MM_PER_M, "min_y", low.y * MM_PER_M, "min_z", low.z * MM_PER_M, "size_x",
                    (high.x - low.x) * MM_PER_M, "size_y", (high.y - low.y) * MM_PER_M, "size_z",
                    (high.z - low.z) * MM_PER_M);
}

/* A PLY in millimetres goes out as it came; any other mesh is written anew, shape only. */
static gboolean
write_model (Writer *writer, const AssayClass *class, gsize number, GString *infos, GError **error)
{
  g_autofree char *type = NULL;
  g_autofree char *source = find_model (writer, &class->model, &type, error);
  g_autoptr (AssayModel) model = source != NULL ? assay_model_load (source, class->model_unit_m, error) : NULL;
  if (model == NULL)
    return FALSE;
  g_autoptr (json_t) info = model_to_info (model);
  g_autofree char *path = g_strdup_printf ("models/obj_%06" G_GSIZE_FORMAT ".ply", number);
  append_entry (infos, (gint64) number, info);
  gboolean as_it_is = g_str_equal (type, "ply") && class->model_unit_m == 0.001;
  gsize n_bytes = 0;
  g_autofree char *text = NULL;
  if (as_it_is && !g_file_get_contents (source, &text, &n_bytes, error))
    return FALSE;
  if (!as_it_is)
    {
      text = model_to_ply (model);
      n_bytes = strlen (text);
      assay_export_lossy (writer->export, "models written anew in millimetres, without normals and colours", 1);
    }
  return assay_export_put (writer->export, path, text, n_bytes, error);
}

static gboolean
write_models (Writer *writer, GError **error)
{
  static const AssaySha256 none = { { 0 } };
  g_autoptr (GString) infos = g_string_new (NULL);
  for (guint i = 0; i < writer->classes->len; i++)
    {
      const AssayClass *class = writer->classes->pdata[i];
      gsize number = GPOINTER_TO_SIZE (g_hash_table_lookup (writer->object_ids, &class->id));
      if (!assay_sha256_equal (&class->model, &none) && !write_model (writer, class, number, infos, error))
        return FALSE;
    }
  return infos->len == 0 || put_object (writer->export, "models", "models_info.json", infos, error);
}

static gboolean
write_all (AssayExport *export, GError **error)
{
  g_auto (Writer) writer = { .export = export };
  writer.images = g_ptr_array_new_with_free_func (image_free);
  writer.classes = g_ptr_array_new ();
  writer.object_ids = g_hash_table_new (assay_id_hash, assay_id_hash_equal);
  number_objects (&writer);
  return assay_export_each (export, keep_row, &writer, error) && write_scenes (&writer, error)
         && write_models (&writer, error);
}

static const char *const kinds[] = { "pose", NULL };

const AssayFormat assay_format_bop = {
  .id = "bop",
  .title = "BOP scenes: 6-DoF poses with cameras and models",
  .kinds = kinds,
  .loses = "lens distortion, the clicked points behind a pose, identities through a sequence, names of classes",
  .write = write_all,
};
