/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/check.h"

#include "core/json.h"
#include "core/plan.h"
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

GPtrArray *
assay_check_list_loud (AssayStore *store, GError **error)
{
  g_autoptr (AssayPlan) plan = assay_plan_get (store, error);
  if (plan == NULL)
    return NULL;
  GPtrArray *loud = g_ptr_array_new ();
  for (guint i = 0; all_checks[i] != NULL; i++)
    if (!assay_plan_is_quiet (plan, all_checks[i]->id))
      g_ptr_array_add (loud, (gpointer) all_checks[i]);
  return loud;
}

/* What they said when they were loud is said no more. */
static gboolean
silence (AssayStore *store, GPtrArray *loud, GError **error)
{
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  for (guint i = 0; all_checks[i] != NULL; i++)
    if (!g_ptr_array_find (loud, all_checks[i], NULL)
        && !assay_finding_replace (store, all_checks[i]->id, 0, none, error))
      return FALSE;
  return TRUE;
}

/* What has arrived is looked at when no task is asked for. */
static gboolean
run_all (AssayProject *project, const AssayCheck *const *checks, guint n_checks, const AssayTask *task,
         gboolean in_full, AssayProgress *progress, AssayCheckCounts *counts, GError **error)
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
  g_autoptr (GPtrArray) all_options = g_ptr_array_new_with_free_func (free_options);
  for (guint c = 0; c < n_checks; c++)
    g_ptr_array_add (all_options, assay_options_new (checks[c]->options));
  AssayOptions *const *options = (AssayOptions *const *) all_options->pdata;
  if (task == NULL && !assay_reception_run (project, checks, options, n_checks, in_full, progress, counts, error))
    {
      g_prefix_error (error, "checking what has arrived: ");
      return FALSE;
    }
  for (guint t = 0; t < tasks->len; t++)
    {
      const AssayTask *one = g_ptr_array_index (tasks, t);
      g_autofree char *text = g_strdup_printf ("checking %s", one->name);
      assay_progress_say (progress, text);
      if (!assay_course_run (project, checks, options, n_checks, one, NULL, in_full, progress, counts, error))
        {
          g_prefix_error (error, "checking task %s: ", one->name);
          return FALSE;
        }
    }
  return TRUE;
}

gboolean
assay_check_run (AssayProject *project, const AssayCheck *const *checks, guint n_checks, const AssayTask *task,
                 AssayProgress *progress, AssayCheckCounts *ret_counts, GError **error)
{
  AssayCheckCounts counts = { 0 };
  AssayFollowed followed;
  g_autoptr (GPtrArray) loud = assay_check_list_loud (project->store, error);
  if (loud == NULL || !assay_followed_now (project->store, &followed, error)
      || (checks == NULL && !silence (project->store, loud, error)))
    return FALSE;
  gboolean is_whole = task == NULL && (checks == NULL || n_checks >= G_N_ELEMENTS (all_checks) - 1);
  if (!run_all (project, checks != NULL ? checks : (const AssayCheck *const *) loud->pdata,
                checks != NULL ? n_checks : loud->len, task, FALSE, progress, &counts, error))
    return FALSE;
  if (ret_counts != NULL)
    *ret_counts = counts;
  return !is_whole || assay_followed_set (project->store, &followed, error);
}

gboolean
assay_check_run_in_full (AssayProject *project, const AssayCheck *const *checks, guint n_checks,
                         const AssayTask *task, AssayProgress *progress, AssayCheckCounts *ret_counts,
                         GError **error)
{
  AssayCheckCounts counts = { 0 };
  if (!run_all (project, checks, n_checks, task, TRUE, progress, &counts, error))
    return FALSE;
  if (ret_counts != NULL)
    *ret_counts = counts;
  return TRUE;
}
