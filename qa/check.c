/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/check.h"

#include "core/json.h"
#include "qa/course.h"
#include "qa/follow.h"
#include "qa/reception.h"

#include "check-list.h"

#include <string.h>


#define X(name) extern const AssayCheck assay_check_##name;
ASSAY_CHECK_LIST
#undef X
#define X(name) &assay_check_##name,
static const AssayCheck *const all_checks[] = { ASSAY_CHECK_LIST NULL };
#undef X

const AssayCheck *const *
assay_check_list (guint *ret_n)
{
  *ret_n = G_N_ELEMENTS (all_checks) - 1;
  return all_checks;
}

const AssayCheck *
assay_check_find (const char *id)
{
  for (guint i = 0; all_checks[i] != NULL; i++)
    if (g_str_equal (all_checks[i]->id, id))
      return all_checks[i];
  return NULL;
}

static int
compare_ids (gconstpointer a, gconstpointer b)
{
  return assay_id_compare (a, b);
}

static AssaySha256
hash_revisions (const AssayLabel *const *labels, guint n_labels)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (AssayId));
  for (guint i = 0; i < n_labels; i++)
    g_array_append_val (ids, labels[i]->id);
  g_array_sort (ids, compare_ids);
  return assay_sha256 (ids->data, ids->len * sizeof (AssayId));
}

AssayFinding *
assay_look_flag (const AssayLook *look, const AssayCheck *check, AssaySeverity severity, double score,
                 const AssayLabel *const *labels, guint n_labels, const char *place, json_t *take_where,
                 char *take_why)
{
  g_autofree char *why = take_why;
  if (labels == NULL)
    {
      labels = (const AssayLabel *const *) look->labels->pdata;
      n_labels = look->labels->len;
    }
  AssayFinding *finding = assay_finding_new (check->id, severity, CLAMP (score, 0, 1), why);
  finding->item_row = look->item->row;
  finding->task_row = look->task->row;
  if (n_labels == 1)
    finding->label = labels[0]->id;
  for (guint i = 0; i < look->labels->len; i++)
    for (guint j = 0; j < n_labels; j++)
      if (g_ptr_array_index (look->labels, i) == labels[j])
        {
          const AssayAnnotator *annotator = g_ptr_array_index (look->annotators, i);
          g_ptr_array_add (finding->annotators, g_strdup (annotator->name));
        }
  if (take_where != NULL)
    {
      json_decref (finding->where);
      finding->where = take_where;
    }
  finding->inputs = hash_revisions (labels, n_labels);
  assay_finding_identify (finding, &look->item->id, &look->task->id, place);
  return finding;
}

AssayFinding *
assay_arrival_flag (const AssayItem *item, const AssayCheck *check, AssaySeverity severity, double score,
                    json_t *take_where, char *take_why)
{
  g_autofree char *why = take_why;
  AssayFinding *finding = assay_finding_new (check->id, severity, CLAMP (score, 0, 1), why);
  finding->item_row = item->row;
  if (take_where != NULL)
    {
      json_decref (finding->where);
      finding->where = take_where;
    }
  finding->inputs = assay_sha256 (&item->id, sizeof item->id);
  assay_finding_identify (finding, &item->id, &ASSAY_ID_NIL, "media");
  return finding;
}

json_t *
assay_where_box (const AssayRect *box)
{
  return json_pack ("{s:[o, o, o, o]}", "box", assay_json_number (box->x), assay_json_number (box->y),
                    assay_json_number (box->w), assay_json_number (box->h));
}

json_t *
assay_where_samples (gint64 start, gint64 end)
{
  return json_pack ("{s:[I, I]}", "samples", (json_int_t) start, (json_int_t) end);
}

static void
free_task (gpointer task)
{
  assay_task_free (task);
}

static void
free_options (gpointer options)
{
  assay_options_free (options);
}

gboolean
assay_check_run (AssayProject *project, const AssayCheck *const *checks, guint n_checks, const AssayTask *task,
                 AssayProgress *progress, AssayCheckCounts *ret_counts, GError **error)
{
  g_autoptr (GPtrArray) tasks = NULL;
  if (task == NULL)
    tasks = assay_task_list (project->store, error);
  else
    {
      tasks = g_ptr_array_new_with_free_func (free_task);
      g_ptr_array_add (tasks, assay_task_copy (task));
    }
  if (tasks == NULL)
    return FALSE;
  g_autoptr (GPtrArray) options = g_ptr_array_new_with_free_func (free_options);
  for (guint c = 0; c < n_checks; c++)
    g_ptr_array_add (options, assay_options_new (checks[c]->options));
  AssayCheckCounts counts = { 0 };
  AssayFollowed followed;
  if (!assay_followed_now (project->store, &followed, error))
    return FALSE;
  if (task == NULL
      && !assay_reception_run (project, checks, (AssayOptions *const *) options->pdata, n_checks, progress, &counts, error))
    {
      g_prefix_error (error, "checking what has arrived: ");
      return FALSE;
    }
  for (guint t = 0; t < tasks->len; t++)
    {
      const AssayTask *one = g_ptr_array_index (tasks, t);
      g_autofree char *text = g_strdup_printf ("checking %s", one->name);
      assay_progress_say (progress, text);
      if (!assay_course_run (project, checks, (AssayOptions *const *) options->pdata, n_checks, one, NULL, progress,
                             &counts, error))
        {
          g_prefix_error (error, "checking task %s: ", one->name);
          return FALSE;
        }
    }
  if (ret_counts != NULL)
    *ret_counts = counts;
  return task != NULL || n_checks < G_N_ELEMENTS (all_checks) - 1 || assay_followed_set (project->store, &followed, error);
}
