/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/partial.h"

#include "core/json.h"

#include <string.h>

/* Task, then item: items lie in the order of their ids, as AssayAnswers lists them. */
typedef struct
{
  AssayId task, item;
} Key;

static void
add_revision (AssaySha256Stream *stream, const GArray *answers, guint index)
{
  assay_sha256_stream_add (stream, &g_array_index (answers, AssayAnswer, index).revision, sizeof (AssayId));
}

static AssaySha256
hash_inputs (const AssayCheck *check, const AssayOptions *options, const AssayTask *task,
             const AssayAnswers *answers, guint index)
{
  const AssayAnswered *answered = &g_array_index (answers->items, AssayAnswered, index);
  g_autofree char *text = assay_options_dup_text (options);
  g_autofree char *header = g_strdup_printf ("%s\n%u\n%s\n", check->id, check->version, text);
  g_autoptr (AssaySha256Stream) stream = assay_sha256_stream_new ();
  assay_sha256_stream_add (stream, header, strlen (header));
  assay_sha256_stream_add (stream, &task->revision, sizeof (AssayId));
  for (guint i = 0; i < answered->n; i++)
    add_revision (stream, answers->answers, answered->first + i);
  for (guint i = 0; (check->beside & ASSAY_BESIDE_MODELS) != 0 && i < answered->n_predictions; i++)
    add_revision (stream, answers->predictions, answered->first_prediction + i);
  for (guint i = 0; (check->beside & ASSAY_BESIDE_MASKS) != 0 && i < answered->n_masks; i++)
    add_revision (stream, answers->masks, answered->first_mask + i);
  AssaySha256 inputs;
  assay_sha256_stream_finish (stream, &inputs);
  return inputs;
}

static json_t *
finding_to_json (const AssayFinding *finding)
{
  char inputs[ASSAY_SHA256_TEXT_SIZE];
  json_t *names = json_array ();
  for (guint i = 0; i < finding->annotators->len; i++)
    json_array_append_new (names, json_string (g_ptr_array_index (finding->annotators, i)));
  return json_pack ("{s:o, s:i, s:f, s:o, s:o, s:O, s:s, s:s}", "id", assay_json_id (&finding->id), "severity",
                    (int) finding->severity, "score", finding->score, "label", assay_json_id (&finding->label),
                    "annotators", names, "where", finding->where, "why", finding->why, "inputs",
                    assay_sha256_to_text (&finding->inputs, inputs));
}

static AssayFinding *
finding_from_json (const json_t *json, const char *check, const AssayTask *task, const AssayAnswered *answered)
{
  gint64 severity = 0;
  double score = 0;
  AssaySha256 inputs;
  const char *why = assay_json_get_string (json, "why"), *hash = assay_json_get_string (json, "inputs");
  if (!assay_json_get_int (json, "severity", &severity) || !assay_json_get_double (json, "score", &score)
      || why == NULL || hash == NULL || !assay_sha256_parse (hash, &inputs))
    return NULL;
  AssayFinding *finding = assay_finding_new (check, (AssaySeverity) severity, score, why);
  finding->item_row = answered->item_row;
  finding->task_row = task->row;
  finding->inputs = inputs;
  assay_json_get_id (json, "id", &finding->id);
  assay_json_get_id (json, "label", &finding->label);
  size_t index;
  const json_t *name;
  json_array_foreach (json_object_get (json, "annotators"), index, name)
      g_ptr_array_add (finding->annotators, g_strdup (json_string_value (name)));
  json_t *where = json_object_get (json, "where");
  if (where != NULL)
    {
      json_decref (finding->where);
      finding->where = json_incref (where);
    }
  return finding;
}

static void
free_finding (gpointer finding)
{
  assay_finding_free (finding);
}

/* FALSE when it cannot be read: then the item is looked at again. */
static gboolean
parse_findings (const guint8 *data, gsize n_bytes, const char *check, const AssayTask *task,
                const AssayAnswered *answered, GPtrArray **ret_findings)
{
  g_autoptr (json_t) list = assay_json_parse ((const char *) data, n_bytes, "a partial", NULL);
  if (!json_is_array (list))
    return FALSE;
  if (json_array_size (list) == 0)
    return TRUE; /* most items: no array is made for them */
  g_autoptr (GPtrArray) findings = g_ptr_array_new_with_free_func (free_finding);
  size_t index;
  const json_t *one;
  json_array_foreach (list, index, one)
  {
    AssayFinding *finding = finding_from_json (one, check, task, answered);
    if (finding == NULL)
      return FALSE;
    g_ptr_array_add (findings, finding);
  }
  *ret_findings = g_steal_pointer (&findings);
  return TRUE;
}

gboolean
assay_partial_load (AssayStore *store, const AssayCheck *check, const AssayOptions *options, const AssayTask *task,
                    const AssayAnswers *answers, gboolean *known, GPtrArray **found, GError **error)
{
  Key first = { task->id, ASSAY_ID_NIL }, last = { task->id, ASSAY_ID_NIL };
  memset (&last.item, 0xff, sizeof last.item);
  g_auto (AssayRows) rows = { 0 };
  if (!assay_store_query (
          store, &rows, error,
          "SELECT key, data FROM partial WHERE \"check\" = ?1 AND key BETWEEN ?2 AND ?3 ORDER BY key", "tbb",
          check->id, &first, sizeof first, &last, sizeof last))
    return FALSE;
  guint at = 0;
  GError *failure = NULL;
  while (assay_rows_next (&rows, &failure))
    {
      gsize n_key = 0, n_data = 0;
      const Key *key = assay_rows_get_blob (&rows, 0, &n_key);
      if (n_key != sizeof (Key))
        continue;
      AssayId item = key->item;
      while (at < answers->items->len
             && assay_id_compare (&g_array_index (answers->items, AssayAnswered, at).item, &item) < 0)
        at++;
      if (at >= answers->items->len)
        break;
      const AssayAnswered *answered = &g_array_index (answers->items, AssayAnswered, at);
      const guint8 *data = assay_rows_get_blob (&rows, 1, &n_data);
      if (!assay_id_equal (&answered->item, &item) || n_data < sizeof (AssaySha256))
        continue;
      AssaySha256 inputs = hash_inputs (check, options, task, answers, at);
      known[at]
          = memcmp (data, &inputs, sizeof inputs) == 0
            && parse_findings (data + sizeof inputs, n_data - sizeof inputs, check->id, task, answered, &found[at]);
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

gboolean
assay_partial_save (AssayStore *store, const AssayCheck *check, const AssayOptions *options, const AssayTask *task,
                    const AssayAnswers *answers, guint index, const GPtrArray *findings, GError **error)
{
  AssaySha256 inputs = hash_inputs (check, options, task, answers, index);
  g_autoptr (json_t) list = json_array ();
  for (guint i = 0; findings != NULL && i < findings->len; i++)
    json_array_append_new (list, finding_to_json (g_ptr_array_index (findings, i)));
  g_autoptr (GString) data = g_string_new_len ((const char *) &inputs, sizeof inputs);
  assay_json_canonical_append (list, data);
  Key key = { task->id, g_array_index (answers->items, AssayAnswered, index).item };
  return assay_store_run (store, NULL, error,
                          "INSERT OR REPLACE INTO partial (\"check\", key, data) VALUES (?1, ?2, ?3)", "tbb",
                          check->id, &key, sizeof key, data->str, data->len);
}
