/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/course.h"

#include "qa/flood.h"
#include "qa/partial.h"
#include "qa/walk.h"

/* One check on its way through one task. */
typedef struct
{
  const AssayCheck *check;
  const AssayOptions *options;
  /* Every finding follows from what was said of one item, so what it said last time can stand. Not with facts: they may not have
   * been measured then, or anew since. */
  gboolean keeps;
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

static gboolean
keeps (const AssayCheck *check)
{
  return check->end == NULL && check->merge == NULL;
}

static void
course_init (Course *course, const AssayCheck *check, const AssayOptions *options, guint n_items, guint n_workers)
{
  *course = (Course){ .check = check, .options = options, .keeps = keeps (check) && (check->beside & ASSAY_BESIDE_FACTS) == 0 };
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

/* What these items (all of them looked at, whether they still have answers or not) say anew. */
static gboolean
replace_items (AssayStore *store, const AssayCheck *check, const AssayTask *task, const GArray *item_rows,
               const GPtrArray *findings, GError **error)
{
  AssayFlood flood;
  if (!assay_flood_recall (store, check, task, &flood, error))
    return FALSE;
  for (guint i = 0; i < item_rows->len; i++)
    {
      gint64 item_row = g_array_index (item_rows, gint64, i);
      g_autoptr (GPtrArray) own = g_ptr_array_new (); /* borrowed */
      for (guint f = 0; f < findings->len; f++)
        if (((AssayFinding *) findings->pdata[f])->item_row == item_row
            && assay_flood_lists (&flood, check, findings->pdata[f]))
          g_ptr_array_add (own, findings->pdata[f]);
      if (!assay_finding_replace_item (store, check->id, task->row, item_row, own, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
replace_all (AssayStore *store, const AssayCheck *check, const AssayTask *task, const AssayAnswers *answers,
             gboolean in_full, const GPtrArray *findings, GError **error)
{
  AssayFlood flood = { 0 };
  g_autoptr (AssayFinding) rest = NULL;
  g_autoptr (GPtrArray) listed = NULL;
  if (!in_full
      && (listed = assay_flood_list (store, check, task, answers->items->len, findings, &rest, &flood, error))
             == NULL)
    return FALSE;
  return assay_finding_replace (store, check->id, task->row, listed != NULL ? listed : findings, error)
         && assay_flood_remember (store, check, task, &flood, error);
}

/* Everything of one check and task in one transaction: the findings stand, and so does the memory of how they came
 * about. */
static gboolean
store_course (AssayStore *store, Course *course, const AssayTask *task, const AssayAnswers *answers,
              const GArray *item_rows, gboolean in_full, guint n_workers, GError **error)
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
      || !(item_rows != NULL ? replace_items (store, course->check, task, item_rows, findings, error)
                             : replace_all (store, course->check, task, answers, in_full, findings, error)))
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

guint
assay_course_beside (const AssayCheck *const *checks, guint n_checks, const AssayTask *task)
{
  guint beside = 0;
  for (guint c = 0; c < n_checks; c++)
    beside |= applies (checks[c], task) ? checks[c]->beside : 0;
  return beside;
}

gboolean
assay_course_run (AssayProject *project, const AssayCheck *const *checks, AssayOptions *const *options,
                  guint n_checks, const AssayTask *task, const GArray *item_rows, gboolean in_full,
                  AssayProgress *progress, AssayCheckCounts *counts, GError **error)
{
  guint beside = assay_course_beside (checks, n_checks, task);
  g_autoptr (AssayAnswers) answers = assay_answers_list_people (project->store, task, item_rows, error);
  if (answers == NULL || !assay_answers_add_beside (answers, project->store, task, beside, error))
    return FALSE;
  guint n_items = answers->items->len;
  g_auto (Run) run = { .courses = g_new0 (Course, n_checks + 1),
                       .n_items = n_items,
                       .n_workers = assay_walk_n_workers (n_items) };
  for (guint c = 0; c < n_checks; c++)
    if (applies (checks[c], task) && (item_rows == NULL || keeps (checks[c])))
      course_init (&run.courses[run.n_courses++], checks[c], options[c], n_items, run.n_workers);

  for (guint c = 0; c < run.n_courses; c++)
    {
      Course *course = &run.courses[c];
      if (course->keeps && item_rows == NULL
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
    if (!store_course (project->store, &run.courses[c], task, answers, item_rows, in_full, run.n_workers, error))
      return FALSE;
  return TRUE;
}
