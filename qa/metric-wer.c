/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/metric.h"
#include "qa/text-lines.h"
#include "qa/word-align.h"
#include "qa/words.h"

static json_t *
measure (char *const *paths, guint n_paths, const AssayOptions *options, GError **error)
{
  return assay_text_measure (paths[0], paths[1], assay_options_get_bool (options, "ids"), assay_words_compare,
                             error);
}

static json_t *
list_words (const char *text)
{
  g_autoptr (GPtrArray) words = assay_words_split (text);
  json_t *list = json_array ();
  for (guint i = 0; i < words->len; i++)
    json_array_append_new (list, json_string (g_ptr_array_index (words, i)));
  return list;
}

/* A string is one sentence, an array of strings one corpus: counts are pooled, not averaged. */
static json_t *
as_list (const json_t *text)
{
  return json_is_array (text) ? json_copy ((json_t *) text) : json_pack ("[O?]", text);
}

static json_t *
rates_to_json (const AssayWordErrors *e, const char *rate)
{
  guint n_ref = e->hits + e->substitutions + e->deletions, n_hyp = e->hits + e->substitutions + e->insertions;
  return json_pack ("{s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:f}", "distance",
                    (int) (e->substitutions + e->deletions + e->insertions), "hits", (int) e->hits, "sub",
                    (int) e->substitutions, "del", (int) e->deletions, "ins", (int) e->insertions, "n_ref",
                    (int) n_ref, "n_hyp", (int) n_hyp, rate, assay_word_errors_wer (e));
}

/* Word information preserved (Morris et al. 2004): H/N times H/M. */
static double
information_preserved (const AssayWordErrors *e)
{
  double n_ref = e->hits + e->substitutions + e->deletions, n_hyp = e->hits + e->substitutions + e->insertions;
  if (n_ref == 0 && n_hyp == 0)
    return 1;
  return n_ref == 0 || n_hyp == 0 ? 0 : e->hits / n_ref * (e->hits / n_hyp);
}

static json_t *
run_case (const char *name, const json_t *in, const json_t *whole, GError **error)
{
  g_autoptr (json_t) ref = as_list (json_object_get (in, "ref")), hyp = as_list (json_object_get (in, "hyp"));
  if (json_array_size (ref) != json_array_size (hyp))
    {
      assay_error_bad_data (error, "%zu references and %zu hypotheses; they go one by one", json_array_size (ref),
                            json_array_size (hyp));
      return NULL;
    }
  AssayWordErrors words = { 0 }, characters = { 0 };
  g_autoptr (json_t) ref_tokens = json_array (), hyp_tokens = json_array (), optimal = json_array ();
  for (gsize i = 0; i < json_array_size (ref); i++)
    {
      const char *a = json_string_value (json_array_get (ref, i)), *b = json_string_value (json_array_get (hyp, i));
      if (a == NULL || b == NULL)
        {
          assay_error_bad_data (error, "\"ref\" or \"hyp\" is no text");
          return NULL;
        }
      AssayWordErrors of_words = assay_words_compare (a, b), of_characters = assay_characters_compare (a, b);
      assay_word_errors_add (&words, &of_words);
      assay_word_errors_add (&characters, &of_characters);
      json_array_append_new (optimal, assay_word_triples_to_json (assay_words_alignments (a, b, 1, 1)));
      json_array_append_new (ref_tokens, list_words (a));
      json_array_append_new (hyp_tokens, list_words (b));
    }
  json_t *word = rates_to_json (&words, "wer");
  double preserved = information_preserved (&words);
  json_object_set_new (word, "mer", json_real (assay_word_errors_mer (&words)));
  json_object_set_new (word, "wil", json_real (1 - preserved));
  json_object_set_new (word, "wip", json_real (preserved));
  json_object_set (word, "optimal_sdi", optimal);
  return json_pack ("{s:O, s:O, s:o, s:o}", "ref_tokens", ref_tokens, "hyp_tokens", hyp_tokens, "word", word,
                    "char", rates_to_json (&characters, "cer"));
}

static const char *const cases[] = { "transcript", NULL };

const AssayMetric assay_metric_wer = {
  .id = "wer",
  .title = "Word error rate",
  .files = "REF.txt HYP.txt",
  .help = "fewest edits over words of the reference, counts pooled over lines; words end at white space; case and "
          "punctuation "
          "count; empty reference: the number of insertions; mer = edits / (hits + edits)",
  .options = assay_text_options,
  .least_files = 2,
  .most_files = 2,
  .measure = measure,
  .cases = cases,
  .run_case = run_case,
};
