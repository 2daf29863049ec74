/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/audit.h"

#include "core/sha256.h"
#include "core/task.h"
#include "core/truth.h"

#include <string.h>

gboolean
assay_audit_draws (const AssayProject *project, const AssayId *task, const AssayId *item, double share)
{
  struct
  {
    char what[16];
    AssayId project, task, item;
  } drawn = { "audit", project->id, *task, *item };
  AssaySha256 hash = assay_sha256 (&drawn, sizeof drawn);
  guint64 number = 0;
  for (guint i = 0; i < 8; i++)
    number = number << 8 | hash.bytes[i];
  return (double) (number >> 11) / (double) ((guint64) 1 << 53) < share;
}

static gboolean
list_task (AssayProject *project, const AssayTask *task, double share, json_t *items, guint *eligible,
           GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  if (!assay_store_query (
          project->store, &rows, error,
          "SELECT i.id, i.name, m.hash, t.how, a.name, t.n_answers FROM truth t JOIN item i ON i.row = t.item "
          "JOIN media m ON m.row = i.media JOIN revision r ON r.row = t.revision JOIN annotator a ON a.row = "
          "r.annotator "
          "WHERE t.task = ?1 ORDER BY i.id",
          "i", task->row))
    return FALSE;
  GError *failure = NULL;
  while (assay_rows_next (&rows, &failure))
    {
      AssayId item = assay_rows_get_id (&rows, 0);
      ++*eligible;
      if (!assay_audit_draws (project, &task->id, &item, share))
        continue;
      AssaySha256 media;
      char hash[ASSAY_SHA256_TEXT_SIZE] = "";
      if (assay_rows_get_sha256 (&rows, 2, &media))
        assay_sha256_to_text (&media, hash);
      json_array_append_new (
          items, json_pack ("{s:o, s:s, s:s, s:s, s:{s:s, s:s}, s:I}", "item", assay_json_id (&item), "name",
                            assay_rows_get_text (&rows, 1), "media", hash, "task", task->name, "truth", "how",
                            assay_rows_get_text (&rows, 3), "annotator", assay_rows_get_text (&rows, 4), "answers",
                            (json_int_t) assay_rows_get_int (&rows, 5)));
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

json_t *
assay_audit_list (AssayProject *project, const char *task_name, double share, GError **error)
{
  g_autoptr (json_t) items = json_array ();
  guint eligible = 0;
  g_autoptr (AssayTask) one = task_name != NULL ? assay_task_find (project->store, task_name, error) : NULL;
  g_autoptr (GPtrArray) tasks = task_name == NULL ? assay_task_list (project->store, error) : NULL;
  if (one == NULL && tasks == NULL)
    return NULL;
  if (one != NULL && !list_task (project, one, share, items, &eligible, error))
    return NULL;
  for (guint i = 0; tasks != NULL && i < tasks->len; i++)
    if (!list_task (project, g_ptr_array_index (tasks, i), share, items, &eligible, error))
      return NULL;
  return json_pack ("{s:f, s:i, s:O}", "share", share, "eligible", (int) eligible, "items", items);
}
