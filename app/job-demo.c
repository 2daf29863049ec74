/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/job-demo.h"

#include "core/error.h"
#include "core/file.h"
#include "core/json.h"
#include "core/media.h"
#include "core/plan.h"
#include "core/truth.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include <glib/gstdio.h>

char *
assay_sample_find (GError **error)
{
  const char *datadir = g_getenv ("ASSAY_DATADIR");
  const char *const places[] = { datadir, ASSAY_SAMPLE_SOURCE, ASSAY_SAMPLE_INSTALLED };
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *place
          = i == 0 && datadir != NULL ? g_build_filename (datadir, "sample", NULL) : g_strdup (places[i]);
      g_autofree char *project = place != NULL ? g_build_filename (place, "project.json", NULL) : NULL;
      if (project != NULL && g_file_test (project, G_FILE_TEST_EXISTS))
        return g_steal_pointer (&place);
    }
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
               "looking for the sample: it is not in %s, %s; set ASSAY_DATADIR to the folder that holds `sample`",
               ASSAY_SAMPLE_SOURCE, ASSAY_SAMPLE_INSTALLED);
  return NULL;
}

/* What is being made, and from what. */
typedef struct
{
  const char *sample;
  json_t *description, *labels; /* project.json, labels.json */
  AssayProject *project;
  GHashTable *items;      /* of AssayItem, by file name */
  GHashTable *tasks;      /* of AssayTask, by name */
  GHashTable *annotators; /* of AssayAnnotator, by name */
  GHashTable *saved;      /* of AssayLabel, by "item/task/annotator": what can be settled */
  gint64 n_objects, n_settled;
} Demo;

static void
demo_clear (Demo *demo)
{
  json_decref (demo->description);
  json_decref (demo->labels);
  g_clear_pointer (&demo->items, g_hash_table_unref);
  g_clear_pointer (&demo->tasks, g_hash_table_unref);
  g_clear_pointer (&demo->annotators, g_hash_table_unref);
  g_clear_pointer (&demo->saved, g_hash_table_unref);
  assay_project_close (demo->project);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Demo, demo_clear)

static json_t *
load (const char *sample, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (sample, name, NULL);
  return assay_json_load (path, error);
}

static gboolean
demo_init (Demo *demo, const char *sample, GError **error)
{
  demo->sample = sample;
  demo->items = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) assay_item_free);
  demo->tasks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) assay_task_free);
  demo->annotators = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) assay_annotator_free);
  demo->saved = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) assay_label_free);
  demo->description = load (sample, "project.json", error);
  demo->labels = demo->description != NULL ? load (sample, "labels.json", error) : NULL;
  return demo->labels != NULL;
}

/* The sample's own files are wrong: somebody edited them. */
static gboolean
bad (GError **error, const char *what, const char *name)
{
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA, "reading the sample: %s \"%s\" is missing or unknown",
               what, name != NULL ? name : "");
  return FALSE;
}

typedef gboolean (*Step) (Demo *demo, const json_t *entry, GError **error);

static gboolean
for_each (Demo *demo, const json_t *list, Step step, AssayProgress *progress, GError **error)
{
  gsize i;
  json_t *entry;
  json_array_foreach (list, i, entry) if (!step (demo, entry, error)
                                          || assay_progress_stopped (progress, error)) return FALSE;
  return TRUE;
}

static gboolean
add_annotator (Demo *demo, const json_t *entry, GError **error)
{
  const char *name = assay_json_get_string (entry, "name");
  if (name == NULL)
    return bad (error, "annotator", name);
  AssayAnnotator *annotator = assay_annotator_ensure (demo->project->store, name, ASSAY_ANNOTATOR_MEANS, error);
  if (annotator == NULL)
    return FALSE;
  g_hash_table_insert (demo->annotators, g_strdup (name), annotator);
  return TRUE;
}

static gboolean
add_media (Demo *demo, const char *file, AssayMediaFacts *ret_facts, GError **error)
{
  g_autofree char *path = g_build_filename (demo->sample, "media", file, NULL);
  gboolean known;
  return assay_media_add (demo->project, path, ret_facts, &known, error);
}

static gboolean
add_item (Demo *demo, const json_t *entry, GError **error)
{
  const char *file = assay_json_get_string (entry, "file");
  AssayMediaFacts media = { 0 };
  if (file == NULL)
    return bad (error, "item", file);
  if (!add_media (demo, file, &media, error))
    return FALSE;
  AssayItem *item = assay_item_new ();
  g_hash_table_insert (demo->items, g_strdup (file), item);
  item->media = media.hash;
  item->media_kind = media.kind;
  item->media_type = g_strdup (media.type);
  item->name = g_strdup (file);
  item->width_px = media.width_px;
  item->height_px = media.height_px;
  item->exif_orientation = media.exif_orientation;
  item->rate_hz = media.rate_hz;
  item->channels = media.channels;
  item->n_samples = media.n_samples;
  item->sequence = g_strdup (assay_json_get_string (entry, "sequence"));
  assay_json_get_int (entry, "position", &item->position);
  if (assay_json_get_bool (entry, "camera"))
    json_object_set (item->facts, "camera", json_object_get (demo->description, "camera"));
  gboolean added;
  return assay_item_add (demo->project->store, item, &added, error);
}

static gboolean
add_task (Demo *demo, const json_t *entry, GError **error)
{
  AssayTask *task = assay_task_from_json (entry, error);
  if (task == NULL)
    return FALSE;
  g_hash_table_insert (demo->tasks, g_strdup (task->name), task);
  const AssayAnnotator *reviewer
      = g_hash_table_lookup (demo->annotators, assay_json_get_string (demo->description, "reviewer"));
  return assay_task_save (demo->project->store, task, &reviewer->id, error);
}

/* The item, task and annotator that an entry of labels or settlements names, and the key that it is remembered by.
 */
static char *
find_parties (Demo *demo, const json_t *entry, AssayItem **ret_item, AssayTask **ret_task,
              AssayAnnotator **ret_annotator, GError **error)
{
  const char *file = assay_json_get_string (entry, "item"), *task = assay_json_get_string (entry, "task");
  const char *annotator = assay_json_get_string (entry, "annotator");
  *ret_item = file != NULL ? g_hash_table_lookup (demo->items, file) : NULL;
  *ret_task = task != NULL ? g_hash_table_lookup (demo->tasks, task) : NULL;
  *ret_annotator = annotator != NULL ? g_hash_table_lookup (demo->annotators, annotator) : NULL;
  if (*ret_item != NULL && *ret_task != NULL && *ret_annotator != NULL)
    return g_strdup_printf ("%s/%s/%s", file, task, annotator);
  bad (error,
       *ret_item == NULL   ? "item"
       : *ret_task == NULL ? "task"
                           : "annotator",
       *ret_item == NULL   ? file
       : *ret_task == NULL ? task
                           : annotator);
  return NULL;
}

static gboolean
add_label (Demo *demo, const json_t *entry, GError **error)
{
  AssayItem *item;
  AssayTask *task;
  AssayAnnotator *annotator;
  g_autofree char *key = find_parties (demo, entry, &item, &task, &annotator, error);
  if (key == NULL)
    return FALSE;
  g_autoptr (AssayObjects) objects = assay_objects_from_json (json_object_get (entry, "label"), task, item, error);
  if (objects == NULL || !assay_objects_validate (objects, task, item, error))
    {
      g_prefix_error (error, "reading the sample: %s: ", key);
      return FALSE;
    }
  demo->n_objects += objects->list->len;
  g_autoptr (AssayLabel) label = assay_label_new (item, task, annotator);
  g_clear_pointer (&label->objects, assay_objects_free);
  label->objects = g_steal_pointer (&objects);
  label->state = ASSAY_LABEL_SUBMITTED;
  assay_json_get_double (entry, "seconds", &label->seconds);
  label->simulated = TRUE;
  g_free (label->tool);
  label->tool = g_strdup (assay_json_get_string (entry, "tool"));
  label->assisted = g_strdup (assay_json_get_string (entry, "assisted"));
  if (!assay_label_save (demo->project->store, label, NULL, error))
    return FALSE;
  g_hash_table_insert (demo->saved, g_steal_pointer (&key), g_steal_pointer (&label));
  return TRUE;
}

static gboolean
settle (Demo *demo, const json_t *entry, GError **error)
{
  AssayItem *item;
  AssayTask *task;
  AssayAnnotator *annotator;
  g_autofree char *key = find_parties (demo, entry, &item, &task, &annotator, error);
  if (key == NULL)
    return FALSE;
  const AssayLabel *label = g_hash_table_lookup (demo->saved, key);
  if (label == NULL)
    return bad (error, "label", key);
  const AssayAnnotator *reviewer
      = g_hash_table_lookup (demo->annotators, assay_json_get_string (demo->description, "reviewer"));
  demo->n_settled++;
  return assay_truth_settle (demo->project->store, label, ASSAY_TRUTH_ANNOTATOR, reviewer,
                             assay_json_get_string (entry, "why"), error);
}

static gboolean
save_plan (Demo *demo, GError **error)
{
  const AssayAnnotator *reviewer
      = g_hash_table_lookup (demo->annotators, assay_json_get_string (demo->description, "reviewer"));
  g_autoptr (AssayPlan) plan = assay_plan_from_json (json_object_get (demo->description, "plan"), error);
  return plan != NULL && assay_plan_save (demo->project->store, plan, &reviewer->id, error);
}

/* The sample has seven groups; a salt that is drawn leaves a split of it empty now and then. */
static gboolean
set_salt (Demo *demo, GError **error)
{
  const char *text = assay_json_get_string (demo->description, "split_salt");
  guint8 salt[16];
  for (guint i = 0; i < sizeof salt; i++)
    {
      int high = text != NULL && strlen (text) == 2 * sizeof salt ? g_ascii_xdigit_value (text[2 * i]) : -1;
      int low = high >= 0 ? g_ascii_xdigit_value (text[2 * i + 1]) : -1;
      if (low < 0)
        return assay_error_bad_data (error, "reading the sample: \"split_salt\" is not 32 hexadecimal digits");
      salt[i] = (guint8) (high << 4 | low);
    }
  return assay_project_set_split_salt (demo->project, salt, error);
}

/* One transaction: the disk is waited for once. */
static gboolean
fill (Demo *demo, AssayProgress *progress, GError **error)
{
  const json_t *description = demo->description;
  const char *reviewer = assay_json_get_string (description, "reviewer");
  g_autoptr (json_t) reviewer_entry = json_pack ("{s:s*}", "name", reviewer);
  g_auto (AssayTransaction) transaction = { 0 };
  AssayMediaFacts mesh = { 0 };
  return assay_transaction_begin (&transaction, demo->project->store, error)
         && set_salt (demo, error) && add_annotator (demo, reviewer_entry, error)
         && for_each (demo, json_object_get (description, "annotators"), add_annotator, progress, error)
         && for_each (demo, json_object_get (description, "items"), add_item, progress, error)
         && add_media (demo, "box.ply", &mesh, error)
         && for_each (demo, json_object_get (description, "tasks"), add_task, progress, error)
         && for_each (demo, json_object_get (demo->labels, "labels"), add_label, progress, error)
         && for_each (demo, json_object_get (description, "settled"), settle, progress, error)
         && save_plan (demo, error) && assay_transaction_commit (&transaction, error);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  for (const char *name; folder != NULL && (name = g_dir_read_name (folder)) != NULL;)
    {
      g_autofree char *inside = g_build_filename (path, name, NULL);
      if (g_file_test (inside, G_FILE_TEST_IS_DIR) && !g_file_test (inside, G_FILE_TEST_IS_SYMLINK))
        remove_tree (inside);
      else
        g_unlink (inside);
    }
  g_rmdir (path);
}

static gboolean
refuse (const char *directory, const char *why, GError **error)
{
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_CONFLICT, "making the sample project in %s: %s; choose a new folder",
               directory, why);
  return FALSE;
}

/* Absent or empty. */
static gboolean
check_free (const char *directory, GError **error)
{
  g_autofree char *database = g_build_filename (directory, "project.db", NULL);
  if (g_file_test (database, G_FILE_TEST_EXISTS))
    return refuse (directory, "there is a project already (open it with `assay open`)", error);
  g_autoptr (GDir) folder = g_dir_open (directory, 0, NULL);
  if (folder != NULL && g_dir_read_name (folder) != NULL)
    return refuse (directory, "it is not empty", error);
  return folder != NULL || !g_file_test (directory, G_FILE_TEST_EXISTS)
         || refuse (directory, "it is no folder", error);
}

static gboolean
give_name (const char *made, const char *directory, GError **error)
{
  g_autofree char *above = g_path_get_dirname (directory);
  if (rename (made, directory) != 0)
    {
      assay_error_set_errno (error, errno, "making the sample project in %s", directory);
      return FALSE;
    }
  return assay_folder_sync (above, error);
}

/* Made beside its place and renamed, so that nobody ever sees half of it. */
static gboolean
make (Demo *demo, const char *directory, AssayProgress *progress, json_t **ret_answer, GError **error)
{
  g_autofree char *above = g_path_get_dirname (directory);
  g_autofree char *draft = g_build_filename (above, ".assay-sample-XXXXXX", NULL);
  if (g_mkdir_with_parents (above, 0755) != 0 || g_mkdtemp_full (draft, 0755) == NULL)
    {
      assay_error_set_errno (error, errno, "making the sample project in %s", directory);
      return FALSE;
    }
  demo->project = assay_project_create (draft, assay_json_get_string (demo->description, "name"), error);
  gboolean done = demo->project != NULL && fill (demo, progress, error);
  AssayId id = done ? demo->project->id : ASSAY_ID_NIL;
  g_clear_pointer (&demo->project, assay_project_close);
  if (!done || !give_name (draft, directory, error))
    {
      remove_tree (draft);
      return FALSE;
    }
  if (ret_answer != NULL)
    *ret_answer = json_pack (
        "{s:s, s:o, s:i, s:i, s:i, s:i, s:I, s:I}", "project", directory, "id", assay_json_id (&id), "items",
        (int) g_hash_table_size (demo->items), "tasks", (int) g_hash_table_size (demo->tasks), "annotators",
        (int) g_hash_table_size (demo->annotators) - 1, "labels", (int) g_hash_table_size (demo->saved), "objects",
        (json_int_t) demo->n_objects, "settled", (json_int_t) demo->n_settled);
  return TRUE;
}

gboolean
assay_job_demo (const char *directory, AssayProgress *progress, json_t **ret_answer, GError **error)
{
  g_autofree char *absolute = g_canonicalize_filename (directory, NULL);
  g_autofree char *sample = check_free (absolute, error) ? assay_sample_find (error) : NULL;
  g_auto (Demo) demo = { 0 };
  assay_progress_say (progress, "making the sample project");
  return sample != NULL && demo_init (&demo, sample, error) && make (&demo, absolute, progress, ret_answer, error);
}
