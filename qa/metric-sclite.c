/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/metric.h"
#include "qa/text-lines.h"
#include "qa/word-align.h"

static AssayWordErrors
align (const char *reference, const char *hypothesis)
{
  return assay_words_align (reference, hypothesis, NULL);
}

static json_t *
measure (char *const *paths, guint n_paths, const AssayOptions *options, GError **error)
{
  return assay_text_measure (paths[0], paths[1], assay_options_get_bool (options, "ids"), align, error);
}

static json_t *
run_case (const char *name, const json_t *in, const json_t *whole, GError **error)
{
  const char *ref = assay_json_get_string (in, "ref"), *hyp = assay_json_get_string (in, "hyp");
  guint64 cost = 0;
  if (ref == NULL || hyp == NULL)
    {
      assay_error_bad_data (error, "\"ref\" or \"hyp\" is no text");
      return NULL;
    }
  AssayWordErrors errors = assay_words_align (ref, hyp, &cost), fewest = assay_words_compare (ref, hyp);
  return json_pack ("{s:i, s:i, s:i, s:i, s:I, s:o, s:i}", "cor", (int) errors.hits, "sub",
                    (int) errors.substitutions, "del", (int) errors.deletions, "ins", (int) errors.insertions,
                    "cost433", (json_int_t) cost, "optimal_sdi_433",
                    assay_word_triples_to_json (assay_words_alignments (ref, hyp, 3, 4)), "levenshtein",
                    (int) (fewest.substitutions + fewest.deletions + fewest.insertions));
}

static const char *const cases[] = { "transcript_sclite", NULL };

const AssayMetric assay_metric_sclite = {
  .id = "sclite",
  .title = "Word errors as sclite counts them",
  .files = "REF.txt HYP.txt",
  .help
  = "as wer, but aligned with sclite's costs (insertion 3, deletion 3, substitution 4), which keeps hits: it can "
    "count more errors than the fewest edits",
  .options = assay_text_options,
  .least_files = 2,
  .most_files = 2,
  .measure = measure,
  .cases = cases,
  .run_case = run_case,
};
