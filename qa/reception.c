/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/reception.h"

#include "qa/arrival.h"
#include "qa/flood.h"

#include <string.h>

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

/* What its answer follows from: items are only ever added, and files that could not be read may be put back. */
static gboolean
hash_arrivals (AssayStore *store, const AssayCheck *check, const AssayOptions *options, gboolean in_full,
               AssaySha256 *ret_hash, guint64 *ret_items, GError **error)
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
      "%s\n%u\n%s\n%d\n%" G_GINT64_FORMAT "\n%" G_GINT64_FORMAT "\n%" G_GINT64_FORMAT, check->id, check->version, text, in_full,
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
run_arrival (AssayProject *project, const AssayCheck *check, const AssayOptions *options, gboolean in_full,
             AssayProgress *progress, AssayCheckCounts *counts, GError **error)
{
  AssayStore *store = project->store;
  AssaySha256 inputs;
  gboolean known = FALSE;
  guint64 n_items = 0;
  if (!hash_arrivals (store, check, options, in_full, &inputs, &n_items, error)
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
  AssayFlood flood;
  g_autoptr (AssayFinding) rest = NULL;
  g_autoptr (GPtrArray) listed = NULL;
  counts->looked++;
  return assay_transaction_begin (&transaction, store, error)
         && (listed = in_full ? g_ptr_array_ref (reception.findings)
                              : assay_flood_list (store, check, NULL, n_items, reception.findings, &rest, &flood, error))
                != NULL
         && assay_finding_replace (store, check->id, 0, listed, error)
         && assay_store_run (store, NULL, error,
                             "INSERT OR REPLACE INTO partial (\"check\", key, data) VALUES (?1, ?2, ?3)", "tbb",
                             check->id, "", (gsize) 0, &inputs, sizeof inputs)
         && assay_transaction_commit (&transaction, error);
}

/* Measured first, and only once, whatever the checks. */
gboolean
assay_reception_run (AssayProject *project, const AssayCheck *const *checks, AssayOptions *const *options,
                     guint n_checks, gboolean in_full, AssayProgress *progress, AssayCheckCounts *counts, GError **error)
{
  guint n = 0;
  for (guint c = 0; c < n_checks; c++)
    n += checks[c]->arrive != NULL;
  if (n > 0 && !assay_arrival_measure (project, progress, NULL, error))
    return FALSE;
  for (guint c = 0; c < n_checks; c++)
    if (checks[c]->arrive != NULL && !run_arrival (project, checks[c], options[c], in_full, progress, counts, error))
      return FALSE;
  return TRUE;
}
