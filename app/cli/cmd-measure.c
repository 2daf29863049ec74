/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/command.h"

#include "qa/metric.h"

#include <string.h>

/* The metric decides which flags there are, so it is looked for before they are read, wherever it stands. */
static gboolean
find_metric (const AssayInvocation *invocation, const AssayMetric **ret_metric, GError **error)
{
  const char *word = NULL;
  for (int i = 1; i < invocation->argc; i++)
    {
      const char *at = invocation->argv[i];
      const AssayMetric *metric = assay_metric_find (at);
      if (metric != NULL)
        {
          *ret_metric = metric;
          return TRUE;
        }
      if (g_str_has_prefix (at, "--cases"))
        return TRUE;
      if (word == NULL && at[0] != '-')
        word = at;
    }
  if (word == NULL)
    return TRUE;
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
               "measure: the metric %s is not known to this version; `assay measure` lists those that are", word);
  return FALSE;
}

/* One flag for each declared option, whatever its type: the option itself refuses wrong words. A flag without a
 * value is "true", so that `--ids` does what one would think. */
typedef struct
{
  GOptionEntry *entries;
  char **texts;
  gboolean *flags;
  guint n;
} Flags;

static void
flags_clear (Flags *flags)
{
  for (guint i = 0; i < flags->n; i++)
    g_free (flags->texts[i]);
  g_free (flags->texts);
  g_free (flags->flags);
  g_free (flags->entries);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Flags, flags_clear)

static void
flags_init (Flags *flags, const AssayOption *declared)
{
  for (flags->n = 0; declared != NULL && declared[flags->n].name != NULL;)
    flags->n++;
  flags->entries = g_new0 (GOptionEntry, flags->n + 2); /* room for one more of the command's own */
  flags->texts = g_new0 (char *, flags->n + 1);
  flags->flags = g_new0 (gboolean, flags->n + 1);
  for (guint i = 0; i < flags->n; i++)
    {
      gboolean plain = declared[i].type == ASSAY_OPTION_BOOL;
      flags->entries[i] = (GOptionEntry){ declared[i].name,
                                          0,
                                          0,
                                          plain ? G_OPTION_ARG_NONE : G_OPTION_ARG_STRING,
                                          plain ? (gpointer) &flags->flags[i] : (gpointer) &flags->texts[i],
                                          declared[i].help,
                                          NULL };
    }
}

static AssayOptions *
flags_to_options (const Flags *flags, const AssayOption *declared, GError **error)
{
  g_autoptr (AssayOptions) options = assay_options_new (declared);
  for (guint i = 0; i < flags->n; i++)
    {
      const char *text = flags->flags[i] ? "true" : flags->texts[i];
      if (text != NULL && !assay_options_set (options, declared[i].name, text, error))
        return NULL;
    }
  return g_steal_pointer (&options);
}

/* "value 0.61 (iou 0.61, …)": a line a key, lists left to --json. */
static char *
describe (const json_t *document)
{
  GString *text = g_string_new (NULL);
  const char *key;
  json_t *value;
  json_object_foreach ((json_t *) document, key, value)
  {
    if (json_array_size (value) > 2)
      continue;
    g_autofree char *said = json_is_null (value)     ? g_strdup ("undefined")
                            : json_is_string (value) ? g_strdup (json_string_value (value))
                                                     : assay_json_canonical (value);
    g_string_append_printf (text, "%-16s %s\n", key, said);
  }
  return g_string_free (text, FALSE);
}

static char *
list_metrics (void)
{
  GString *text = g_string_new (NULL);
  guint n = 0;
  const AssayMetric *const *metrics = assay_metric_list (&n);
  for (guint i = 0; i < n; i++)
    {
      g_string_append_printf (text, "%-20s %s\n", metrics[i]->id, metrics[i]->files);
      for (guint o = 0; metrics[i]->options != NULL && metrics[i]->options[o].name != NULL; o++)
        g_string_append_printf (text, "  --%-16s %s\n", metrics[i]->options[o].name, metrics[i]->options[o].help);
      g_string_append_printf (text, "  %s\n", metrics[i]->help);
    }
  return g_string_free (text, FALSE);
}

static int
run_cases (AssayInvocation *invocation, const char *path, GError **error)
{
  g_autoptr (json_t) document = assay_json_load (path, error);
  json_t *answer = document != NULL ? assay_metric_run_cases (document, error) : NULL;
  if (answer == NULL)
    return 0;
  /* Cases are for programs: they are printed as JSON, asked for or not. */
  invocation->json = TRUE;
  gboolean known = json_object_get (answer, "cases") != NULL;
  assay_invocation_answer (invocation, answer, NULL);
  return known ? 0 : 1;
}

static int
run (AssayInvocation *invocation, GError **error)
{
  const AssayMetric *metric = NULL;
  if (!find_metric (invocation, &metric, error))
    return 0;

  g_autofree char *path = NULL;
  g_auto (Flags) flags = { 0 };
  flags_init (&flags, metric != NULL ? metric->options : NULL);
  flags.entries[flags.n] = (GOptionEntry){ "cases", 0, 0, G_OPTION_ARG_FILENAME, &path, NULL, NULL };
  if (!assay_invocation_parse (invocation, flags.entries, error))
    return 0;
  if (path != NULL)
    return assay_invocation_expect (invocation, 0, 1, error) ? run_cases (invocation, path, error) : 0;
  if (metric == NULL)
    {
      g_autofree char *list = list_metrics ();
      assay_invocation_answer (invocation, NULL, list);
      return 0;
    }
  if (metric->measure == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
                   "measure: %s works on cases only; write `assay measure --cases FILE.json`", metric->id);
      return 0;
    }
  int n_files = invocation->argc - 2;
  if (n_files < (int) metric->least_files || n_files > (int) metric->most_files)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "measure: %s takes %s; write `assay measure %s %s`",
                   metric->id, metric->files, metric->id, metric->files);
      return 0;
    }
  g_autoptr (AssayOptions) options = flags_to_options (&flags, metric->options, error);
  g_autoptr (json_t) answer
      = options != NULL ? metric->measure (invocation->argv + 2, (guint) n_files, options, error) : NULL;
  if (answer == NULL)
    return 0;
  json_object_set_new (answer, "metric", json_string (metric->id));
  g_autofree char *text = describe (answer);
  assay_invocation_answer (invocation, json_incref (answer), text);
  return 0;
}

const AssayCommand assay_command_measure = {
  .id = "measure",
  .form = "measure METRIC FILE... [options] | measure --cases FILE.json",
  .help = "any metric on plain files, no project needed; without a metric, lists them",
  .more = "Metrics, by name: cohen-kappa, fleiss-kappa, krippendorff-alpha (RATINGS.csv: item,annotator,value; "
          "missing ratings absent;\n"
          "--weights none|linear|quadratic, --level nominal|ordinal|interval|ratio), mask (A.png B.png or COCO RLE "
          "JSON), rle (MASK.png,\n"
          "or RLE.json with --to-png OUT), oks (GT.json DT.json, --sigmas FILE), pose (A.json B.json, --model "
          "MODEL.ply), wer, cer and sclite\n"
          "(REF.txt HYP.txt, --ids), loudness (FILE.wav), dawid-skene and agreement-other (RATINGS.csv), staple (MASK...), "
          "rover (TEXT...),\n"
          "drift (BEFORE.txt AFTER.txt, --values numbers|names), intervals (REF.txt EST.txt). `assay measure` alone lists "
          "them all\n"
          "with their options.\n\n"
          "Undefined (0/0, nothing to compare) is null, never 0 or 1:\n"
          "  mask   both empty: IoU, Dice and boundary undefined (they agree that nothing is there); one empty: "
          "IoU 0, distances undefined\n"
          "  kappa  both always say the same one thing, or no item has two ratings; alpha likewise\n"
          "  wer    empty reference: the number of inserted words (jiwer 4); both empty: 0\n"
          "  loudness  silent, or shorter than its window (0.4 s; short-term and range 3 s)\n"
          "  dawid-skene  what nobody voted on, and what an annotator says of a truth they never met\n"
          "  staple nothing marked, or everything\n"
          "  oks    no labelled node: distance to the doubled box (pycocotools)\n"
          "ci95 is a percentile bootstrap over items, 1000 resamples, seeded from the file, so it is the same on "
          "every run.\n"
          "--cases runs all cases of a golden-1 file and prints {metric, cases:[{id, out, error}]}; status 1 when "
          "the metric is not\n"
          "known to this version. Formulas and sources: doc/METRICS.md.",
  .run = run,
};
