/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/reception.h"

#include "qa/arrival.h"

#include <string.h>

#define LEAST_KEPT 20

static void
free_finding (gpointer finding)
{
  assay_finding_free (finding);
}

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

/* What its answer follows from: items are only ever added, and files that could not be read may be put back. */
static gboolean
hash_arrivals (AssayStore *store, const AssayCheck *check, const AssayOptions *options, AssaySha256 *ret_hash,
               guint64 *ret_items, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  GError *failure = NULL;
  g_autofree char *text = assay_options_dup_text (options);
  if (!assay_store_query (
          store, &rows, error,
          "SELECT count(*), coalesce(max(row), 0), (SELECT count(*) FROM partial WHERE \"check\" = 'arrival'"
          " AND CAST(data AS TEXT) LIKE '{\"fault\":%') FROM item",
          ""))
    return FALSE;
  if (!assay_rows_next (&rows, &failure))
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  g_autofree char *inputs = g_strdup_printf (
      "%s\n%u\n%s\n%" G_GINT64_FORMAT "\n%" G_GINT64_FORMAT "\n%" G_GINT64_FORMAT, check->id, check->version, text,
      assay_rows_get_int (&rows, 0), assay_rows_get_int (&rows, 1), assay_rows_get_int (&rows, 2));
  *ret_hash = assay_sha256 (inputs, strlen (inputs));
  *ret_items = (guint64) assay_rows_get_int (&rows, 0);
  return TRUE;
}

/* Sets `ret_known` when it has looked at just these items before. */
static gboolean
find_known (AssayStore *store, const AssayCheck *check, const AssaySha256 *inputs, gboolean *ret_known,
            GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  GError *failure = NULL;
  if (!assay_store_query (store, &rows, error,
                          "SELECT 1 FROM partial WHERE \"check\" = ?1 AND key = ?2 AND data = ?3", "tbb", check->id,
                          "", (gsize) 0, inputs, sizeof *inputs))
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
  if (!hash_arrivals (store, check, options, &inputs, &n_items, error)
      || !find_known (store, check, &inputs, &known, error))
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
gboolean
assay_reception_run (AssayProject *project, const AssayCheck *const *checks, AssayOptions *const *options,
                     guint n_checks, AssayProgress *progress, AssayCheckCounts *counts, GError **error)
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
