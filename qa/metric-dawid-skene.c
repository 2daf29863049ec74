/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/dawid-skene.h"
#include "qa/metric.h"
#include "qa/ratings.h"

#include <math.h>

static const char *const model_names[] = { "confusion", "one-coin", NULL };

static const AssayOption options[] = {
  { "model", ASSAY_OPTION_CHOICE, "confusion", 0, 0, model_names,
    "what an annotator has: a confusion matrix, or one probability to be right" },
  { "most-steps", ASSAY_OPTION_INT, "1000", 0, 1e6, NULL, "EM ends here if it has not come to rest" },
  { NULL },
};

#define AT_REST 1e-9 /* largest change of a probability */
#define MOST_CELLS 100000000

static json_t *
confusion_to_json (const AssayDawidSkene *skene, guint rater)
{
  json_t *rows = json_array ();
  for (guint truth = 0; truth < skene->n_categories; truth++)
    {
      json_t *row = json_array ();
      for (guint said = 0; said < skene->n_categories; said++)
        json_array_append_new (row, assay_json_number (assay_dawid_skene_confusion (skene, rater, truth, said)));
      json_array_append_new (rows, row);
    }
  return rows;
}

static json_t *
list_names (const GPtrArray *names)
{
  json_t *list = json_array ();
  for (guint i = 0; i < names->len; i++)
    json_array_append_new (list, json_string (g_ptr_array_index (names, i)));
  return list;
}

static GArray *
collect_votes (const AssayRatings *ratings)
{
  GArray *votes = g_array_new (FALSE, FALSE, sizeof (AssayVote));
  guint n = ratings->items->len;
  for (guint r = 0; r < ratings->annotators->len; r++)
    for (guint i = 0; i < n; i++)
      {
        int category = ratings->category[(gsize) r * n + i];
        AssayVote vote = { i, r, (guint) category };
        if (category >= 0)
          g_array_append_val (votes, vote);
      }
  return votes;
}

static json_t *
measure (char *const *paths, guint n_paths, const AssayOptions *values, GError **error)
{
  g_autoptr (AssayRatings) ratings = assay_ratings_load (paths[0], error);
  if (ratings == NULL)
    return NULL;
  AssayRaterModel model = g_str_equal (assay_options_get_string (values, "model"), "one-coin")
                              ? ASSAY_RATER_ONE_COIN
                              : ASSAY_RATER_CONFUSION;
  g_autoptr (GArray) votes = collect_votes (ratings);
  const GPtrArray *categories = ratings->categories;
  g_autoptr (AssayDawidSkene) skene
      = assay_dawid_skene_new ((const AssayVote *) (gpointer) votes->data, votes->len, ratings->items->len,
                               ratings->annotators->len, categories->len, model, error);
  if (skene == NULL)
    return NULL;
  gboolean at_rest = assay_dawid_skene_run (skene, (guint) assay_options_get_int (values, "most-steps"), AT_REST);
  json_t *items = json_array (), *annotators = json_array ();
  double sure = 0;
  for (guint i = 0; i < ratings->items->len; i++)
    {
      const double *posterior = skene->posterior + (gsize) i * categories->len;
      guint label = assay_dawid_skene_label (skene, i);
      double certainty = label < categories->len ? posterior[label] : NAN;
      sure += certainty / ratings->items->len;
      json_array_append_new (
          items, json_pack ("{s:s, s:s?, s:o, s:o}", "item", g_ptr_array_index (ratings->items, i), "label",
                            label < categories->len ? g_ptr_array_index (categories, label) : NULL, "probability",
                            assay_json_number (certainty), "posterior",
                            assay_metric_list_numbers (posterior, categories->len)));
    }
  for (guint r = 0; r < ratings->annotators->len; r++)
    json_array_append_new (
        annotators, json_pack ("{s:s, s:o, s:o}", "annotator", g_ptr_array_index (ratings->annotators, r), "skill",
                               assay_json_number (skene->skill[r]), "confusion", confusion_to_json (skene, r)));
  return json_pack ("{s:o, s:i, s:i, s:i, s:b, s:o, s:o, s:o, s:o}", "value",
                    assay_json_number (ratings->items->len > 0 ? sure : NAN), "n_items", (int) ratings->items->len,
                    "n_annotators", (int) ratings->annotators->len, "steps", (int) skene->n_steps, "at_rest",
                    (int) at_rest, "categories", list_names (categories), "prior",
                    assay_metric_list_numbers (skene->prior, categories->len), "annotators", annotators, "items",
                    items);
}

static json_t *
posterior_to_json (const AssayDawidSkene *skene)
{
  json_t *rows = json_array ();
  for (guint t = 0; t < skene->n_tasks; t++)
    json_array_append_new (
        rows, assay_metric_list_numbers (skene->posterior + (gsize) t * skene->n_categories, skene->n_categories));
  return rows;
}

static json_t *
state_to_json (const AssayDawidSkene *skene)
{
  json_t *labels = json_array (), *confusion = json_array ();
  for (guint t = 0; t < skene->n_tasks; t++)
    {
      guint label = assay_dawid_skene_label (skene, t);
      json_array_append_new (labels, label == G_MAXUINT ? json_null () : json_integer (label));
    }
  for (guint r = 0; r < skene->n_raters; r++)
    json_array_append_new (confusion, confusion_to_json (skene, r));
  return json_pack ("{s:o, s:o, s:o, s:o}", "posterior", posterior_to_json (skene), "prior",
                    assay_metric_list_numbers (skene->prior, skene->n_categories), "label", labels, "confusion",
                    confusion);
}

static GArray *
read_votes (const json_t *rows, GError **error)
{
  guint n_rows = 0, n_columns = 3;
  g_autofree double *table = assay_metric_table (rows, "labels", &n_rows, &n_columns, error);
  if (table == NULL)
    return NULL;
  g_autoptr (GArray) votes = g_array_new (FALSE, FALSE, sizeof (AssayVote));
  for (guint i = 0; i < n_rows; i++)
    {
      const double *row = table + 3 * (gsize) i;
      gboolean good = n_columns == 3;
      for (guint j = 0; j < 3 && good; j++)
        good = row[j] >= 0 && row[j] < G_MAXUINT && row[j] == floor (row[j]);
      if (!good)
        {
          assay_error_bad_data (error, "row %u of \"labels\" is not [task, worker, class]", i);
          return NULL;
        }
      AssayVote vote = { (guint) row[0], (guint) row[1], (guint) row[2] };
      g_array_append_val (votes, vote);
    }
  return g_steal_pointer (&votes);
}

/* Which states of EM are shown: some always, and those that the file tells of. */
static GArray *
list_steps (const json_t *whole)
{
  static const guint always[] = { 0, 1, 2, 5, 10, 20, 50, 100 };
  GArray *steps = g_array_new (FALSE, FALSE, sizeof (guint));
  g_array_append_vals (steps, always, G_N_ELEMENTS (always));
  const char *key;
  json_t *value;
  json_object_foreach (json_object_get (json_object_get (whole, "out"), "em"), key, value)
  {
    guint64 step = 0;
    if (g_ascii_string_to_unsigned (key, 10, 0, 100000, &step, NULL))
      {
        guint one = (guint) step;
        g_array_append_val (steps, one);
      }
  }
  return steps;
}

typedef struct
{
  const GArray *votes;
  guint n_tasks, n_raters, n_categories;
} Votes;

static AssayDawidSkene *
begin (const Votes *votes, AssayRaterModel model, GError **error)
{
  return assay_dawid_skene_new ((const AssayVote *) (gpointer) votes->votes->data, votes->votes->len,
                                votes->n_tasks, votes->n_raters, votes->n_categories, model, error);
}

static json_t *
run_confusion (const Votes *votes, const json_t *whole, json_t **ret_shares, GError **error)
{
  g_autoptr (AssayDawidSkene) skene = begin (votes, ASSAY_RATER_CONFUSION, error);
  if (skene == NULL)
    return NULL;
  *ret_shares = posterior_to_json (skene);
  g_autoptr (GArray) steps = list_steps (whole);
  guint last = 0;
  for (guint i = 0; i < steps->len; i++)
    last = MAX (last, g_array_index (steps, guint, i));
  json_t *states = json_object ();
  for (guint step = 0; step <= last; step++)
    {
      if (step > 0)
        assay_dawid_skene_step (skene);
      for (guint i = 0; i < steps->len; i++)
        if (g_array_index (steps, guint, i) == step)
          {
            g_autofree char *key = g_strdup_printf ("%u", step);
            json_object_set_new (states, key, state_to_json (skene));
          }
    }
  return states;
}

#define ONE_COIN_STEPS 10 /* when the file does not say */

static json_t *
run_one_coin (const Votes *votes, const json_t *whole, GError **error)
{
  g_autoptr (AssayDawidSkene) skene = begin (votes, ASSAY_RATER_ONE_COIN, error);
  gint64 n_steps = ONE_COIN_STEPS;
  if (skene == NULL)
    return NULL;
  assay_json_get_int (json_object_get (json_object_get (whole, "out"), "one_coin"), "n_iter", &n_steps);
  n_steps = CLAMP (n_steps, 0, 100000);
  assay_dawid_skene_run (skene, (guint) n_steps, -1);
  return json_pack ("{s:I, s:o, s:o, s:o}", "n_iter", (json_int_t) n_steps, "posterior", posterior_to_json (skene),
                    "skill", assay_metric_list_numbers (skene->skill, skene->n_raters), "prior",
                    assay_metric_list_numbers (skene->prior, skene->n_categories));
}

static json_t *
run_case (const char *name, const json_t *in, const json_t *whole, GError **error)
{
  gint64 n[3] = { 0 };
  const char *const keys[] = { "tasks", "workers", "classes" };
  for (guint i = 0; i < 3; i++)
    if (!assay_json_get_int (in, keys[i], &n[i]) || n[i] < 0 || n[i] > 10000000)
      {
        assay_error_bad_data (error, "\"%s\", the number of %s, is missing or not in 0 to 10000000", keys[i],
                              keys[i]);
        return NULL;
      }
  if (n[0] * n[2] > MOST_CELLS)
    {
      assay_error_bad_data (error, "%" G_GINT64_FORMAT " tasks of %" G_GINT64_FORMAT " classes are more than fit", n[0],
                            n[2]);
      return NULL;
    }
  g_autoptr (GArray) list = read_votes (json_object_get (in, "labels"), error);
  if (list == NULL)
    return NULL;
  Votes votes = { list, (guint) n[0], (guint) n[1], (guint) n[2] };
  g_autoptr (json_t) shares = NULL;
  g_autoptr (json_t) states = run_confusion (&votes, whole, &shares, error);
  g_autoptr (json_t) one_coin = states != NULL ? run_one_coin (&votes, whole, error) : NULL;
  g_autofree double *wawa = g_new (double, (gsize) votes.n_raters + 1);
  if (one_coin == NULL
      || !assay_votes_wawa ((const AssayVote *) (gpointer) list->data, list->len, votes.n_tasks, votes.n_raters,
                            votes.n_categories, wawa, error))
    return NULL;
  return json_pack ("{s:O, s:O, s:O, s:{s:o}}", "majority_share", shares, "em", states, "one_coin", one_coin,
                    "wawa", "skill", assay_metric_list_numbers (wawa, votes.n_raters));
}

static const char *const cases[] = { "dawid_skene", NULL };

const AssayMetric assay_metric_dawid_skene = {
  .id = "dawid-skene",
  .title = "Dawid-Skene",
  .files = "RATINGS.csv",
  .help
  = "what is true and who can be believed, by EM from votes alone: a confusion matrix an annotator, a posterior "
    "an item, and `value`, the mean probability of the labels chosen; a truth that an annotator never met has "
    "an undefined row; starts from the shares of votes and ends when no probability moves by 1e-9",
  .options = options,
  .least_files = 1,
  .most_files = 1,
  .measure = measure,
  .cases = cases,
  .run_case = run_case,
};
