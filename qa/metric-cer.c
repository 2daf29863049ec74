/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/metric.h"
#include "qa/text-lines.h"

static json_t *
measure (char *const *paths, guint n_paths, const AssayOptions *options, GError **error)
{
  return assay_text_measure (paths[0], paths[1], assay_options_get_bool (options, "ids"), assay_characters_compare,
                             error);
}

const AssayMetric assay_metric_cer = {
  .id = "cer",
  .title = "Character error rate",
  .files = "REF.txt HYP.txt",
  .help = "as wer, over code points of each line without the white space around it; spaces inside count; `words` "
          "counts characters",
  .options = assay_text_options,
  .least_files = 2,
  .most_files = 2,
  .measure = measure,
};
