/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/check.h"

#include "core/json.h"
#include "qa/arrival.h"
#include "qa/partial.h"
#include "qa/walk.h"

#include "check-list.h"

#include <string.h>

#define LEAST_KEPT 20

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

/* One check on its way through one task. */
typedef struct
{
  const AssayCheck *check;
  const AssayOptions *options;
  gboolean keeps;    /* every finding follows from one item, so what it said last time can stand */
  gboolean *known;   /* of each item: what it said last time still stands */
  GPtrArray **found; /* of AssayFinding, of each item; NULL = none */
  guint8 *states;    /* state_size bytes a worker */
} Course;

typedef struct
{
  Course *courses;
  guint n_courses, n_items, n_workers;
} Run;

static void
free_finding (gpointer finding)
{
  assay_finding_free (finding);
}

static void
course_init (Course *course, const AssayCheck *check, const AssayOptions *options, guint n_items, guint n_workers)
{
  *course = (Course){ .check = check, .options = options, .keeps = check->end == NULL && check->merge == NULL };
  course->found = g_new0 (GPtrArray *, n_items + 1);
  course->known = g_new0 (gboolean, n_items + 1);
  course->states = g_malloc0 ((gsize) n_workers * check->state_size + 1);
  for (guint w = 0; check->begin != NULL && w < n_workers; w++)
    check->begin (course->states + w * check->state_size, options);
}

static void
run_clear (Run *run)
{
  for (guint c = 0; c < run->n_courses; c++)
    {
      Course *course = &run->courses[c];
      for (guint i = 0; i < run->n_items; i++)
        if (course->found[i] != NULL)
          g_ptr_array_unref (course->found[i]);
      for (guint w = 0; course->check->clear != NULL && w < run->n_workers; w++)
        course->check->clear (course->states + w * course->check->state_size);
      g_free (course->found);
      g_free (course->known);
      g_free (course->states);
    }
  g_clear_pointer (&run->courses, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

static void
look_at (const AssayLook *look, guint index, guint worker, gpointer data)
{
  Run *run = data;
  for (guint c = 0; c < run->n_courses; c++)
    {
      Course *course = &run->courses[c];
      if (course->known[index])
        continue;
      g_autoptr (GPtrArray) findings = g_ptr_array_new_with_free_func (free_finding);
      course->check->look (course->states + worker * course->check->state_size, look, findings);
      if (findings->len > 0)
        course->found[index] = g_steal_pointer (&findings);
    }
}

/* What several threads saw, as one: the first state takes in the others. */
static void
end_course (Course *course, guint n_workers, GPtrArray *findings)
{
  for (guint w = 1; course->check->merge != NULL && w < n_workers; w++)
    course->check->merge (course->states, course->states + w * course->check->state_size);
  if (course->check->end != NULL)
    course->check->end (course->states, findings);
}

/* Everything of one check and task in one transaction: the findings stand, and so does the memory of how they came
 * about. */
static gboolean
store_course (AssayStore *store, Course *course, const AssayTask *task, const AssayAnswers *answers,
              guint n_workers, GError **error)
{
  g_autoptr (GPtrArray) ended = g_ptr_array_new_with_free_func (free_finding);
  end_course (course, n_workers, ended);
  g_autoptr (GPtrArray) findings = g_ptr_array_new (); /* borrowed */
  for (guint i = 0; i < answers->items->len; i++)
    for (guint f = 0; course->found[i] != NULL && f < course->found[i]->len; f++)
      g_ptr_array_add (findings, g_ptr_array_index (course->found[i], f));
  for (guint f = 0; f < ended->len; f++)
    g_ptr_array_add (findings, g_ptr_array_index (ended, f));

  g_auto (AssayTransaction) transaction = { 0 };
  if (!assay_transaction_begin (&transaction, store, error)
      || !assay_finding_replace (store, course->check->id, task->row, findings, error))
    return FALSE;
  for (guint i = 0; course->keeps && i < answers->items->len; i++)
    if (!course->known[i]
        && !assay_partial_save (store, course->check, course->options, task, answers, i, course->found[i], error))
      return FALSE;
  return assay_transaction_commit (&transaction, error);
}

static gboolean
applies (const AssayCheck *check, const AssayTask *task)
{
  return check->look != NULL && (check->kinds == NULL || g_strv_contains (check->kinds, task->kind->id));
}

static gboolean
run_task (AssayProject *project, const AssayCheck *const *checks, AssayOptions *const *options, guint n_checks,
          const AssayTask *task, AssayProgress *progress, AssayCheckCounts *counts, GError **error)
{
  g_autoptr (AssayAnswers) answers = assay_answers_list (project->store, task, error);
  if (answers == NULL)
    return FALSE;
  guint n_items = answers->items->len;
  g_auto (Run) run = { .courses = g_new0 (Course, n_checks + 1),
                       .n_items = n_items,
                       .n_workers = assay_walk_n_workers (n_items) };
  for (guint c = 0; c < n_checks; c++)
    if (applies (checks[c], task))
      course_init (&run.courses[run.n_courses++], checks[c], options[c], n_items, run.n_workers);

  for (guint c = 0; c < run.n_courses; c++)
    {
      Course *course = &run.courses[c];
      if (course->keeps
          && !assay_partial_load (project->store, course->check, course->options, task, answers, course->known,
                                  course->found, error))
        return FALSE;
    }
  g_autoptr (GArray) indices = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < n_items; i++)
    {
      guint missing = 0;
      for (guint c = 0; c < run.n_courses; c++)
        missing += !run.courses[c].known[i];
      counts->looked += missing;
      counts->kept += run.n_courses - missing;
      if (missing > 0)
        g_array_append_val (indices, i);
    }
  if (!assay_walk (project, task, answers, indices, look_at, &run, progress, error))
    return FALSE;
  for (guint c = 0; c < run.n_courses; c++)
    if (!store_course (project->store, &run.courses[c], task, answers, run.n_workers, error))
      return FALSE;
  return TRUE;
}

/* --- media alone --- */

typedef struct
{
  const AssayCheck *check;
  gpointer state;
  GPtrArray *findings; /* of AssayFinding */
} Reception;

static void
reception_clear (Reception *reception)
{
  if (reception->check->clear != NULL)
    reception->check->clear (reception->state);
  g_free (reception->state);
  g_clear_pointer (&reception->findings, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reception, reception_clear)

static void
receive (const AssayItem *item, const json_t *facts, gpointer data)
{
  Reception *reception = data;
  reception->check->arrive (reception->state, &(AssayArrival){ item, facts }, reception->findings);
}

static int
compare_worst_first (gconstpointer a, gconstpointer b)
{
  const AssayFinding *one = *(const AssayFinding *const *) a, *other = *(const AssayFinding *const *) b;
  if (one->severity != other->severity)
    return one->severity > other->severity ? -1 : 1;
  if (one->score != other->score)
    return one->score > other->score ? -1 : 1;
  return assay_id_compare (&one->id, &other->id);
}

/* Errors all stay. */
static void
keep_worst (const AssayCheck *check, GPtrArray *findings, guint64 n_items)
{
  guint most = (guint) MAX (LEAST_KEPT, n_items / 20), from = 0;
  g_ptr_array_sort (findings, compare_worst_first);
  while (from < findings->len && ((AssayFinding *) findings->pdata[from])->severity == ASSAY_SEVERITY_ERROR)
    from++;
  guint n = findings->len - from;
  if (n <= most)
    return;
  g_autofree char *why
      = g_strdup_printf ("%s: %u more items like the %u that are listed; if this is how they are meant, dismiss it",
                         check->title, n - most, most);
  g_ptr_array_set_size (findings, (int) (from + most));
  AssayFinding *rest = assay_finding_new (check->id, ASSAY_SEVERITY_NOTE, 0, why);
  rest->inputs = assay_sha256 (why, strlen (why));
  assay_finding_identify (rest, &ASSAY_ID_NIL, &ASSAY_ID_NIL, "rest");
  g_ptr_array_add (findings, rest);
}

/* What its answer follows from: items are only ever added. */
static gboolean
hash_arrivals (AssayStore *store, const AssayCheck *check, const AssayOptions *options, AssaySha256 *ret_hash,
               guint64 *ret_items, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  GError *failure = NULL;
  g_autofree char *text = assay_options_dup_text (options);
  if (!assay_store_query (store, &rows, error, "SELECT count(*), coalesce(max(row), 0) FROM item", ""))
    return FALSE;
  if (!assay_rows_next (&rows, &failure))
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  g_autofree char *inputs = g_strdup_printf ("%s\n%u\n%s\n%" G_GINT64_FORMAT "\n%" G_GINT64_FORMAT, check->id,
                                             check->version, text, assay_rows_get_int (&rows, 0),
                                             assay_rows_get_int (&rows, 1));
  *ret_hash = assay_sha256 (inputs, strlen (inputs));
  *ret_items = (guint64) assay_rows_get_int (&rows, 0);
  return TRUE;
}

/* Sets `ret_known` when it has looked at just these items before. */
static gboolean
find_known (AssayStore *store, const AssayCheck *check, const AssaySha256 *inputs, gboolean *ret_known, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  GError *failure = NULL;
  if (!assay_store_query (store, &rows, error, "SELECT 1 FROM partial WHERE \"check\" = ?1 AND key = ?2 AND data = ?3",
                          "tbb", check->id, "", (gsize) 0, inputs, sizeof *inputs))
    return FALSE;
  *ret_known = assay_rows_next (&rows, &failure);
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

static gboolean
run_arrival (AssayProject *project, const AssayCheck *check, const AssayOptions *options, AssayProgress *progress,
             AssayCheckCounts *counts, GError **error)
{
  AssayStore *store = project->store;
  AssaySha256 inputs;
  gboolean known = FALSE;
  guint64 n_items = 0;
  if (!hash_arrivals (store, check, options, &inputs, &n_items, error) || !find_known (store, check, &inputs, &known, error))
    return FALSE;
  if (known)
    return TRUE;
  g_auto (Reception) reception = { .check = check,
                                   .state = g_malloc0 (check->state_size + 1),
                                   .findings = g_ptr_array_new_with_free_func (free_finding) };
  if (check->begin != NULL)
    check->begin (reception.state, options);
  g_auto (AssayTransaction) transaction = { 0 };
  if (!assay_arrival_each (store, receive, &reception, progress, error))
    return FALSE;
  if (check->end != NULL)
    check->end (reception.state, reception.findings);
  keep_worst (check, reception.findings, n_items);
  counts->looked++;
  return assay_transaction_begin (&transaction, store, error)
         && assay_finding_replace (store, check->id, 0, reception.findings, error)
         && assay_store_run (store, NULL, error,
                             "INSERT OR REPLACE INTO partial (\"check\", key, data) VALUES (?1, ?2, ?3)", "tbb",
                             check->id, "", (gsize) 0, &inputs, sizeof inputs)
         && assay_transaction_commit (&transaction, error);
}

/* Measured first, and only once, whatever the checks. */
static gboolean
run_arrivals (AssayProject *project, const AssayCheck *const *checks, AssayOptions *const *options, guint n_checks,
              AssayProgress *progress, AssayCheckCounts *counts, GError **error)
{
  guint n = 0;
  for (guint c = 0; c < n_checks; c++)
    n += checks[c]->arrive != NULL;
  if (n > 0 && !assay_arrival_measure (project, progress, NULL, error))
    return FALSE;
  for (guint c = 0; c < n_checks; c++)
    if (checks[c]->arrive != NULL && !run_arrival (project, checks[c], options[c], progress, counts, error))
      return FALSE;
  return TRUE;
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
  if (task == NULL
      && !run_arrivals (project, checks, (AssayOptions *const *) options->pdata, n_checks, progress, &counts, error))
    {
      g_prefix_error (error, "checking what has arrived: ");
      return FALSE;
    }
  for (guint t = 0; t < tasks->len; t++)
    {
      const AssayTask *one = g_ptr_array_index (tasks, t);
      g_autofree char *text = g_strdup_printf ("checking %s", one->name);
      assay_progress_say (progress, text);
      if (!run_task (project, checks, (AssayOptions *const *) options->pdata, n_checks, one, progress, &counts,
                     error))
        {
          g_prefix_error (error, "checking task %s: ", one->name);
          return FALSE;
        }
    }
  if (ret_counts != NULL)
    *ret_counts = counts;
  return TRUE;
}
