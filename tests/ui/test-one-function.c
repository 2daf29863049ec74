/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A figure is computed in one place: `measure` on files, `agree`, the check of disagreement and the page that holds two answers
 * against each other all say the same number, and when the function behind it is changed, all four say the other one.
 *
 * The linker puts the functions below before the true ones (--wrap), wherever another file calls them. */
#include "app/gui/truth-view.h"
#include "core/geometry.h"
#include "core/region.h"
#include "core/transcript.h"
#include "qa/agreement.h"
#include "qa/check.h"
#include "qa/metric.h"

#include "tests/qa/fixture.h"

#include <math.h>

static gboolean changed; /* the functions answer otherwise than they should */

double __real_assay_mask_iou (const AssayMask *a, const AssayMask *b, gboolean b_is_crowd);
double __wrap_assay_mask_iou (const AssayMask *a, const AssayMask *b, gboolean b_is_crowd);
double __real_assay_rect_iou (AssayRect a, AssayRect b, gboolean b_is_crowd);
double __wrap_assay_rect_iou (AssayRect a, AssayRect b, gboolean b_is_crowd);
AssayWordErrors __real_assay_words_compare (const char *reference, const char *hypothesis);
AssayWordErrors __wrap_assay_words_compare (const char *reference, const char *hypothesis);

double
__wrap_assay_mask_iou (const AssayMask *a, const AssayMask *b, gboolean b_is_crowd)
{
  return __real_assay_mask_iou (a, b, b_is_crowd) * (changed ? 0.5 : 1);
}

double
__wrap_assay_rect_iou (AssayRect a, AssayRect b, gboolean b_is_crowd)
{
  return __real_assay_rect_iou (a, b, b_is_crowd) * (changed ? 0.5 : 1);
}

AssayWordErrors
__wrap_assay_words_compare (const char *reference, const char *hypothesis)
{
  AssayWordErrors errors = __real_assay_words_compare (reference, hypothesis);
  guint turned = changed ? MIN (errors.hits, 1) : 0;
  errors.hits -= turned;
  errors.substitutions += turned;
  return errors;
}

/* --- the doors --- */

typedef struct
{
  Fixture *f;
  AssayTask *task;
  AssayLabel *one, *other;
} Pair;

static double
by_files (const Pair *pair, const char *metric, const char *key, char *(*write) (const AssayObject *))
{
  GError *error = NULL;
  const AssayLabel *labels[] = { pair->one, pair->other };
  char *paths[2];
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *text = write (g_ptr_array_index (labels[i]->objects->list, 0));
      paths[i] = g_strdup_printf ("%s/%u.json", pair->f->directory, i);
      ok (g_file_set_contents (paths[i], text, -1, &error), error);
    }
  const AssayMetric *found = assay_metric_find (metric);
  g_autoptr (AssayOptions) options = assay_options_new (found->options);
  g_autoptr (json_t) answer = found->measure (paths, 2, options, &error);
  ok (answer != NULL, error);
  g_free (paths[0]);
  g_free (paths[1]);
  return json_number_value (json_object_get (answer, key));
}

static double
by_agreement (const Pair *pair)
{
  GError *error = NULL;
  g_autoptr (AssayAgreement) agreement
      = assay_agreement_compute (pair->f->project, pair->task, ASSAY_AGREEMENT_BY_NOTHING, NULL, &error);
  ok (agreement != NULL, error);
  return assay_agreement_get_headline (agreement)->value;
}

/* How alike the two are, as the finding's score has it (qa/check-disagreement.c). */
static double
by_check (const Pair *pair)
{
  GError *error = NULL;
  const AssayCheck *check = assay_check_find ("disagreement");
  /* What the check remembers of answers that have not changed is of the function as it was. */
  ok (assay_store_run (pair->f->project->store, NULL, &error, "DELETE FROM partial", ""), error);
  ok (assay_check_run (pair->f->project, &check, 1, pair->task, NULL, NULL, &error), error);
  g_autoptr (GPtrArray) findings = assay_finding_list (pair->f->project->store, TRUE, &error);
  ok (findings != NULL, error);
  assert_int_equal (findings->len, 1);
  return (1 - ((const AssayFinding *) findings->pdata[0])->score) * pair->task->tolerance;
}

/* "IoU 0.33": to two places. */
static double
by_page (const Pair *pair)
{
  g_autoptr (AssayTruthView) view = assay_truth_view_new (pair->one->objects, pair->other->objects, pair->task);
  const char *number = strpbrk (view->words, "0123456789");
  assert_non_null (number);
  return g_ascii_strtod (number, NULL);
}

static void
assert_all (const Pair *pair, double by_measure, double value, double alike)
{
  assert_float_equal (by_measure, value, 1e-9);
  assert_float_equal (by_agreement (pair), value, 1e-9);
  assert_float_equal (by_check (pair), alike, 1e-9);
  assert_float_equal (by_page (pair), value, 0.0051);
}

/* --- the kinds --- */

static Pair
ask (Fixture *f, const char *kind, const char *one, const char *other)
{
  static const char *const classes[] = { "cup", NULL };
  GError *error = NULL;
  Pair pair = { .f = f, .task = add_task (f, "task", kind, classes) };
  g_autoptr (AssayItem) item = add_item (f, "item", g_str_equal (kind, "transcript"), NULL);
  const char *const names[] = { "ann", "ben" }, *const words[] = { one, other };
  AssayLabel **labels[] = { &pair.one, &pair.other };
  for (guint i = 0; i < 2; i++)
    {
      answer (f, item, pair.task, names[i], words[i]);
      g_autoptr (AssayAnnotator) annotator = assay_annotator_find (f->project->store, names[i], &error);
      ok (annotator != NULL, error);
      *labels[i] = assay_label_get (f->project->store, item->row, pair.task, annotator->row, &error);
      ok (*labels[i] != NULL, error);
    }
  changed = FALSE;
  return pair;
}

static void
pair_clear (Pair *pair)
{
  changed = FALSE;
  assay_label_free (pair->one);
  assay_label_free (pair->other);
  assay_task_free (pair->task);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pair, pair_clear)

static char *
write_mask (const AssayObject *object)
{
  const AssayMask *mask = ((const AssayRegion *) object->value)->mask;
  g_autofree char *counts = assay_mask_to_coco (mask);
  g_autoptr (json_t) rle
      = json_pack ("{s:[i, i], s:s}", "size", (int) mask->height_px, (int) mask->width_px, "counts", counts);
  return assay_json_canonical (rle);
}

static void
mask_iou_is_one_function_behind_all_four_doors (void **state)
{
  g_auto (Pair) pair = ask (*state, "segmentation", "[{\"class\":\"cup\",\"rings\":[{\"points\":[[10,10],[30,10],[30,20],[10,20]]}]}]",
                            "[{\"class\":\"cup\",\"rings\":[{\"points\":[[10,10],[26,10],[26,20],[10,20]]}]}]");
  pair.task->tolerance = 0.9;
  assert_all (&pair, by_files (&pair, "mask", "iou", write_mask), 0.8, 0.8);
  changed = TRUE;
  assert_all (&pair, by_files (&pair, "mask", "iou", write_mask), 0.4, 0.4);
}

static double
measure_boxes (void)
{
  GError *error = NULL;
  g_autoptr (json_t) in = json_pack ("{s:[[i, i, i, i]], s:[[i, i, i, i]], s:[i]}", "dt", 10, 10, 20, 10, "gt", 10, 10, 16, 10,
                                     "iscrowd", 0);
  g_autoptr (json_t) out = assay_metric_find_cases ("bbox_iou")->run_case ("bbox_iou", in, NULL, &error);
  ok (out != NULL, error);
  return json_number_value (json_array_get (json_array_get (out, 0), 0));
}

static void
box_iou_is_one_function_behind_all_four_doors (void **state)
{
  g_auto (Pair) pair = ask (*state, "box", "[{\"class\":\"cup\",\"box\":[10,10,20,10]}]", "[{\"class\":\"cup\",\"box\":[10,10,16,10]}]");
  pair.task->tolerance = 0.9;
  assert_all (&pair, measure_boxes (), 0.8, 0.8);
  changed = TRUE;
  assert_all (&pair, measure_boxes (), 0.4, 0.4);
}

static char *
write_words (const AssayObject *object)
{
  return g_strconcat (((const AssaySegment *) object->value)->text, "\n", NULL);
}

static void
word_errors_are_one_function_behind_all_four_doors (void **state)
{
  g_auto (Pair) pair = ask (*state, "transcript", "[{\"start\":0,\"end\":16000,\"text\":\"one two three four\"}]",
                            "[{\"start\":0,\"end\":16000,\"text\":\"one two three five\"}]");
  /* Words replaced, none more or fewer: WER and MER are the same. */
  assert_all (&pair, by_files (&pair, "wer", "value", write_words), 0.25, 0.75);
  changed = TRUE;
  assert_all (&pair, by_files (&pair, "wer", "value", write_words), 0.5, 0.5);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    CASE (mask_iou_is_one_function_behind_all_four_doors),
    CASE (box_iou_is_one_function_behind_all_four_doors),
    CASE (word_errors_are_one_function_behind_all_four_doors),
  };
  return cmocka_run_group_tests_name ("one-function", tests, NULL, NULL);
}
