/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What agreement tells of each kind beside its own figures, against values worked out by hand. */
#include "core/media.h"
#include "core/region.h"
#include "qa/agreement.h"
#include "qa/difference.h"
#include "qa/gauge.h"
#include "qa/region-vote.h"
#include "qa/pose-surface.h"
#include "qa/word-differences.h"

#include "tests/qa/fixture.h"

#include <math.h>

static const char *const classes[] = { "cup", "hand", NULL };

static AssayAgreement *
compute (Fixture *f, const AssayTask *task)
{
  GError *error = NULL;
  AssayAgreement *agreement
      = assay_agreement_compute_all (f->project, task, ASSAY_AGREEMENT_BY_NOTHING, NULL, &error);
  ok (agreement != NULL, error);
  return agreement;
}

static const AssayAgreementMeasure *
part_of (const AssayAgreement *agreement, const char *name, const char *part)
{
  const AssayAgreementMeasure *measure = assay_agreement_group_find (agreement->all, name, part);
  if (measure == NULL)
    fail_msg ("there is no %s of %s", name, part != NULL ? part : "the whole");
  return measure;
}

static double
value_of (const AssayAgreement *agreement, const char *name)
{
  return part_of (agreement, name, NULL)->value;
}

static void
assert_close (double got, double want)
{
  if (!(fabs (got - want) <= 1e-9))
    fail_msg ("%.12g is not %.12g", got, want);
}

static void
every_gauge_is_of_a_kind_and_names_what_it_measures (void **state)
{
  guint n = 0;
  const AssayGauge *const *gauges = assay_gauge_list (&n);
  assert_true (n >= 5);
  for (guint i = 0; i < n; i++)
    {
      assert_non_null (assay_kind_find (gauges[i]->id));
      assert_ptr_equal (assay_gauge_find (assay_kind_find (gauges[i]->id)), gauges[i]);
      assert_true ((gauges[i]->begin == NULL) == (gauges[i]->end == NULL));
      for (guint m = 0; gauges[i]->measures[m].name != NULL; m++)
        {
          const AssayKind *kind = assay_kind_find (gauges[i]->id);
          for (guint k = 0; kind->measures[k].name != NULL; k++)
            assert_string_not_equal (kind->measures[k].name, gauges[i]->measures[m].name);
        }
    }
}

/* A box of pixels as a mask, "unsure" (w 0 = none) as another. */
static char *
mask_json (const char *class, AssayRect box, AssayRect unsure)
{
  g_autoptr (AssayMask) mask = assay_mask_new_from_box (box, FIXTURE_WIDTH_PX, FIXTURE_HEIGHT_PX);
  g_autofree char *counts = assay_mask_to_coco (mask);
  g_autoptr (GString) text = g_string_new (NULL);
  json_t *document = json_pack ("{s:s, s:{s:[i,i], s:s}}", "class", class, "mask", "size", FIXTURE_HEIGHT_PX,
                                FIXTURE_WIDTH_PX, "counts", counts);
  if (unsure.w > 0)
    {
      g_autoptr (AssayMask) band = assay_mask_new_from_box (unsure, FIXTURE_WIDTH_PX, FIXTURE_HEIGHT_PX);
      g_autofree char *band_counts = assay_mask_to_coco (band);
      json_object_set_new (
          document, "unsure",
          json_pack ("{s:[i,i], s:s}", "size", FIXTURE_HEIGHT_PX, FIXTURE_WIDTH_PX, "counts", band_counts));
    }
  g_autofree char *one = assay_json_canonical (document);
  json_decref (document);
  return g_strdup_printf ("[%s]", one);
}

static void
answer_mask (Fixture *f, const AssayItem *item, const AssayTask *task, const char *name, const char *class,
             AssayRect box, AssayRect unsure)
{
  g_autofree char *objects = mask_json (class, box, unsure);
  answer (f, item, task, name, objects);
}

#define NOTHING ((AssayRect){ 0, 0, 0, 0 })

static void
outlines_and_pixels_of_masks_are_what_the_hand_works_out (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "masks", "segmentation", classes);
  g_autoptr (AssayItem) item = add_item (f, "first", FALSE, NULL);
  answer_mask (f, item, task, "ann", "cup", (AssayRect){ 10, 10, 20, 20 }, NOTHING);
  answer_mask (f, item, task, "bob", "cup", (AssayRect){ 13, 10, 20, 20 }, NOTHING);
  g_autoptr (AssayAgreement) agreement = compute (f, task);
  assert_close (value_of (agreement, "iou"), 17.0 / 23);
  assert_close (value_of (agreement, "hausdorff_px"), 3);
  /* Of 76 border pixels a side: the far column of 20 is inside of the other, min (3, its distance to the top or
   * bottom row) off; three of the top and of the bottom row stick out, 3 (the corner, in that column), 2 and 1 off.
   */
  double apart = 0, within = 76;
  for (guint y = 0; y < 20; y++)
    {
      double inside = MIN (3, MIN (y, 19 - y)), outside = 3;
      apart += inside + outside;
      within -= (inside > 2) + (outside > 2);
    }
  apart += 2 * (1 + 2);
  assert_close (value_of (agreement, "surface_px"), apart / 76);
  /* The bound is ceil (0.008 x 128.06) = 2 px; precision and recall are alike. */
  assert_close (value_of (agreement, "boundary_f"), within / 76);
  /* Pixels: of 8000, 60 are ann's alone, 60 bob's alone, 340 both's. Nothing: 7540. */
  double n = 16000, cup = 2 * 340 + 120, rest = n - cup;
  assert_close (value_of (agreement, "pixel_alpha"), 1 - (n - 1) * (2 * 120) / (2 * cup * rest));
  assert_int_equal (part_of (agreement, "pixel_alpha", NULL)->n, 16000);
}

static void
what_somebody_is_unsure_of_counts_nowhere (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "masks", "segmentation", classes);
  g_autoptr (AssayItem) item = add_item (f, "first", FALSE, NULL);
  /* ann stops before the hair and is unsure of it; bob takes it in. */
  AssayRect band = { 30, 10, 6, 20 };
  answer_mask (f, item, task, "ann", "cup", (AssayRect){ 10, 10, 20, 20 }, band);
  answer_mask (f, item, task, "bob", "cup", (AssayRect){ 10, 10, 26, 20 }, NOTHING);
  g_autoptr (AssayAgreement) agreement = compute (f, task);
  assert_close (value_of (agreement, "iou"), 1);
  assert_close (value_of (agreement, "dice"), 1);
  assert_close (value_of (agreement, "boundary_f"), 1);
  assert_close (value_of (agreement, "hausdorff_px"), 0);
  assert_close (value_of (agreement, "surface_px"), 0);
  assert_close (value_of (agreement, "pixel_alpha"), 1);
  assert_int_equal (part_of (agreement, "pixel_alpha", NULL)->n, 2 * (8000 - 120));
  /* Nothing differs that could be pointed at. */
  g_autoptr (GPtrArray) labels = assay_label_list (f->project->store, item->row, task, TRUE, NULL);
  const AssayLabel *a = labels->pdata[0], *b = labels->pdata[1];
  g_autoptr (AssayComparison) comparison = assay_compare (a->objects, b->objects, task);
  g_autoptr (json_t) where = assay_difference_where (&g_array_index (comparison->pairings, AssayPairing, 0), task);
  assert_int_equal (json_object_size (where), 0);
  g_ptr_array_set_free_func (labels, (GDestroyNotify) assay_label_free);
}

static AssayRegion *
region_of (AssayRect box, AssayRect unsure)
{
  AssayRegion *region
      = assay_region_new_from_mask (assay_mask_new_from_box (box, FIXTURE_WIDTH_PX, FIXTURE_HEIGHT_PX));
  if (unsure.w > 0)
    assay_region_set_unsure (region, assay_mask_new_from_box (unsure, FIXTURE_WIDTH_PX, FIXTURE_HEIGHT_PX));
  return region;
}

static void
only_those_who_are_sure_vote_on_a_pixel (void **state)
{
  /* Three columns of pixels right of x = 20: ann is sure they are outside, bob sure they are inside, cem unsure. */
  AssayRect small = { 10, 10, 10, 10 }, large = { 10, 10, 13, 10 }, band = { 20, 10, 3, 10 };
  AssayRegion *ann = region_of (small, NOTHING), *bob = region_of (large, NOTHING), *cem = region_of (small, band),
              *dan = region_of (small, band);
  const AssayRegion *three[] = { ann, bob, cem }, *two_unsure[] = { bob, cem, dan };
  g_autoptr (AssayRegion) fused = assay_region_vote (three, 3);
  assert_int_equal (assay_mask_area_px (fused->mask), 130); /* one of the two who are sure: a half is enough */
  assert_null (fused->unsure);
  g_autoptr (AssayRegion) unsure = assay_region_vote (two_unsure, 3);
  assert_int_equal (assay_mask_area_px (unsure->mask), 130);  /* bob alone is sure */
  assert_int_equal (assay_mask_area_px (unsure->unsure), 30); /* and most are not */
  const AssayRegion *nobody[] = { cem, dan };
  g_autoptr (AssayRegion) none = assay_region_vote (nobody, 2);
  assert_int_equal (assay_mask_area_px (none->mask), 100);
  assert_int_equal (assay_mask_area_px (none->unsure), 30);
  assay_region_free (ann);
  assay_region_free (bob);
  assay_region_free (cem);
  assay_region_free (dan);
}

static void
every_node_of_a_skeleton_has_its_own_figures (void **state)
{
  Fixture *f = *state;
  GError *error = NULL;
  g_autoptr (AssayTask) task = assay_task_new ("points", assay_kind_find ("keypoints"));
  assay_task_add_class (task, "hand");
  assay_task_add_node (task, "tip")->sigma = 0.1;
  assay_task_add_node (task, "root")->sigma = 0.05;
  ok (assay_task_save (f->project->store, task, NULL, &error), error);
  g_autoptr (AssayItem) item = add_item (f, "first", FALSE, NULL);
  answer (
      f, item, task, "ann",
      "[{\"class\":\"hand\",\"area_px\":400,\"points\":[{\"node\":\"tip\",\"state\":\"visible\",\"at\":[10,10]},"
      "{\"node\":\"root\",\"state\":\"visible\",\"at\":[40,40]}]}]");
  answer (
      f, item, task, "bob",
      "[{\"class\":\"hand\",\"area_px\":400,\"points\":[{\"node\":\"tip\",\"state\":\"visible\",\"at\":[13,14]},"
      "{\"node\":\"root\",\"state\":\"occluded\",\"at\":[40,42]}]}]");
  g_autoptr (AssayAgreement) agreement = compute (f, task);
  assert_close (part_of (agreement, "node_px", "tip")->value, 5);
  assert_close (part_of (agreement, "node_px", "root")->value, 2);
  /* In sigmas: d / (2 sigma sqrt (area)). */
  assert_close (part_of (agreement, "node_sigmas", "tip")->value, 5 / (2 * 0.1 * 20));
  assert_close (part_of (agreement, "node_sigmas", "root")->value, 2 / (2 * 0.05 * 20));
  assert_close (value_of (agreement, "distance_sigmas"), (1.25 + 1) / 2);
  assert_close (part_of (agreement, "node_same_state", "tip")->value, 1);
  assert_close (part_of (agreement, "node_same_state", "root")->value, 0);
  /* What OKS is made of. */
  assert_close (value_of (agreement, "oks"), (exp (-1.25 * 1.25 / 2) + exp (-1.0 / 2)) / 2);
}

static const char box_ply[]
    = "ply\nformat ascii 1.0\nelement vertex 4\nproperty float x\nproperty float y\nproperty float z\n"
      "element face 2\nproperty list uchar int vertex_indices\nend_header\n"
      "100 0 0\n-100 0 0\n0 50 0\n0 -50 0\n3 0 1 2\n3 0 1 3\n";

/* A model in millimetres that half a turn about z takes onto itself; `rules` (nullable) of the task. */
static AssayTask *
add_pose_task (Fixture *f, const char *rules)
{
  GError *error = NULL;
  AssayMediaFacts facts = { 0 };
  gboolean known = FALSE;
  g_autofree char *path = g_build_filename (f->directory, "model.ply", NULL);
  ok (g_file_set_contents (path, box_ply, -1, &error), error);
  ok (assay_media_add (f->project, path, &facts, &known, &error), error);
  AssayTask *task = assay_task_new ("poses", assay_kind_find ("pose"));
  AssayClass *class = assay_task_add_class (task, "box");
  class->model = facts.hash;
  class->model_unit_m = 0.001;
  task->rules = rules != NULL ? json_loads (rules, 0, NULL) : NULL;
  ok (assay_task_save (f->project->store, task, NULL, &error), error);
  return task;
}

static void
answer_pose (Fixture *f, const AssayItem *item, const AssayTask *task, const char *name, const char *r, double z)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *objects = g_strdup_printf ("[{\"class\":\"box\",\"pose\":{\"r\":%s,\"t_m\":[0,0,%s]},\"camera\":"
                                              "{\"fx\":100,\"fy\":100,\"cx\":50,\"cy\":40,"
                                              "\"distortion\":[0,0,0,0,0],\"assumed\":false}}]",
                                              r, g_ascii_dtostr (number, sizeof number, z));
  answer (f, item, task, name, objects);
}

#define UPRIGHT "[1,0,0,0,1,0,0,0,1]"
#define HALF_A_TURN "[-1,0,0,0,-1,0,0,0,1]"

static void
a_model_turned_onto_itself_is_no_difference (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_pose_task (
      f, "{\"symmetries\":{\"box\":{\"symmetries_discrete\":[[-1,0,0,0, 0,-1,0,0, 0,0,1,0, 0,0,0,1]]}}}");
  g_autoptr (AssayItem) item = add_item (f, "first", FALSE, NULL);
  answer_pose (f, item, task, "ann", UPRIGHT, 1);
  answer_pose (f, item, task, "bob", HALF_A_TURN, 1);
  g_autoptr (AssayAgreement) agreement = compute (f, task);
  assert_close (value_of (agreement, "rotation_deg"), 0); /* the headline */
  assert_close (value_of (agreement, "translation_m"), 0);

  assert_close (value_of (agreement, "mssd_m"), 0);
  assert_close (value_of (agreement, "mspd_px"), 0);
  assert_close (value_of (agreement, "add_s_m"), 0);
  assert_close (value_of (agreement, "add_m"), (0.2 + 0.2 + 0.1 + 0.1) / 4); /* which knows of no symmetry */
}

static void
without_symmetries_poses_are_as_far_apart_as_their_farthest_points (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_pose_task (f, NULL);
  g_autoptr (AssayItem) item = add_item (f, "first", FALSE, NULL);
  answer_pose (f, item, task, "ann", UPRIGHT, 1);
  answer_pose (f, item, task, "bob", HALF_A_TURN, 1);
  g_autoptr (AssayAgreement) agreement = compute (f, task);
  assert_close (value_of (agreement, "mssd_m"), 0.2);
  assert_close (value_of (agreement, "mspd_px"), 20);
  assert_close (value_of (agreement, "rotation_deg"), 180);
}

static void
an_axis_of_symmetry_lets_any_angle_pass (void **state)
{
  g_autoptr (json_t) extra
      = json_loads ("{\"symmetries_continuous\":[{\"axis\":[0,0,2],\"offset\":[10,0,0]}]}", 0, NULL);
  g_autoptr (GArray) symmetries = assay_pose_list_symmetries (extra, 0.001);
  assert_int_equal (symmetries->len, ASSAY_POSE_STEPS);
  for (guint i = 0; i < symmetries->len; i++)
    {
      const AssayPose *one = &g_array_index (symmetries, AssayPose, i);
      assert_true (assay_pose_is_rigid (one, 1e-9));
      /* The axis itself stays where it is. */
      AssayPoint3 p = assay_pose_apply (one, (AssayPoint3){ 0.01, 0, 0.3 });
      assert_close (p.x, 0.01);
      assert_close (p.y, 0);
      assert_close (p.z, 0.3);
    }
}

static AssayWordDifferences
differences_of (const char *a, const char *b)
{
  AssayWordDifferences differences;
  assert_true (assay_word_differences_count (&a, 1, &b, 1, NULL, &differences));
  return differences;
}

static void
differences_between_transcripts_are_told_by_kind (void **state)
{
  static const struct
  {
    const char *a, *b;
    guint counts[ASSAY_WORDS_N_KINDS]; /* word, filler, number, casing, punctuation, tag, segmentation */
  } cases[] = {
    { "the cat sat", "the cat sat", { 0 } },
    { "the cat sat", "the dog sat", { 1 } },
    { "the cat sat down", "the cat sat", { 1 } },
    { "um the cat", "the cat", { 0, 1 } },
    { "um the cat", "uhm the cat", { 0, 1 } },
    { "um the cat", "a the cat", { 1, 1 } },
    { "we met 12 people", "we met twelve people", { 0, 0, 1 } },
    { "in 21 days", "in twenty one weeks", { 1, 0, 1 } },
    { "room 12", "room 13", { 1 } }, /* heard otherwise: no rule of writing ends that */
    { "3.5 metres", "35 metres", { 1 } },
    { "Yes I do", "yes I do", { 0, 0, 0, 1 } },
    { "yes, I do.", "yes I do", { 0, 0, 0, 0, 2 } },
    { "Yes, I do", "yes I do", { 0, 0, 0, 1, 1 } },
    { "yes - I do", "yes I do", { 0, 0, 0, 0, 1 } },
    { "the [door slams] cat", "the cat", { 0, 0, 0, 0, 0, 1 } },
    { "the [noise] cat", "the <noise> cat", { 0, 0, 0, 0, 0, 1 } },
    { "every day", "everyday", { 0, 0, 0, 0, 0, 0, 1 } },
    { "Straße", "STRASSE", { 0, 0, 0, 1 } },
    { "", "", { 0 } },
    { "", "one two", { 2 } },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      AssayWordDifferences forth = differences_of (cases[i].a, cases[i].b),
                           back = differences_of (cases[i].b, cases[i].a);
      for (guint k = 0; k < ASSAY_WORDS_N_KINDS; k++)
        if (forth.counts[k] != cases[i].counts[k] || back.counts[k] != cases[i].counts[k])
          fail_msg ("\"%s\" against \"%s\": kind %u is told %u and %u times, not %u", cases[i].a, cases[i].b, k,
                    forth.counts[k], back.counts[k], cases[i].counts[k]);
    }
  /* A segment that only one begins at "on". */
  const char *whole[] = { "the cat sat on the mat" }, *cut[] = { "the cat sat", "on the mat" };
  AssayWordDifferences differences;
  assert_true (assay_word_differences_count (whole, 1, cut, 2, NULL, &differences));
  assert_int_equal (differences.counts[ASSAY_WORDS_SEGMENTATION], 1);
  assert_int_equal (differences.counts[ASSAY_WORDS_WORD], 0);
  /* The task may have fillers of its own. */
  const char *fillers[] = { "este", NULL }, *with = "este hola", *without = "hola";
  assert_true (assay_word_differences_count (&with, 1, &without, 1, fillers, &differences));
  assert_int_equal (differences.counts[ASSAY_WORDS_FILLER], 1);
}

static void
words_speakers_and_ends_of_segments_are_what_the_hand_works_out (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "speech", "transcript", NULL);
  g_autoptr (AssayItem) item = add_item (f, "speech.wav", TRUE, NULL);
  answer (f, item, task, "ann",
          "[{\"start\":0,\"end\":8000,\"text\":\"the cat sat\",\"speaker\":\"A\"},"
          "{\"start\":8000,\"end\":16000,\"text\":\"um on the mat\",\"speaker\":\"B\"}]");
  answer (f, item, task, "bob",
          "[{\"start\":0,\"end\":9600,\"text\":\"the cat sat\",\"speaker\":\"one\"},"
          "{\"start\":9600,\"end\":16000,\"text\":\"on the mat\",\"speaker\":\"two\"}]");
  g_autoptr (AssayAgreement) agreement = compute (f, task);
  /* One edit; 7 words here, 6 there. */
  assert_close (value_of (agreement, "wer"), 1 / 6.5);
  assert_close (value_of (agreement, "wil"), 1 - 6.0 / 7 * (6.0 / 6));
  assert_close (value_of (agreement, "cer"), 3 / ((25 + 22) / 2.0));
  assert_close (value_of (agreement, "mer"), 1.0 / 7);
  assert_close (part_of (agreement, "difference_filler", NULL)->sum, 1);
  assert_non_null (part_of (agreement, "difference_filler", NULL)->remedy);
  assert_close (part_of (agreement, "difference_word", NULL)->sum, 0);
  /* A is one and B is two: they differ from 8000 to 9600, of 16000. */
  assert_close (value_of (agreement, "speaker_error"), 0.1);
  /* Two pairs of segments: (0 + 1600) / 2 samples each, at 16 kHz. */
  assert_close (value_of (agreement, "boundary_s"), 0.05);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (every_gauge_is_of_a_kind_and_names_what_it_measures),
    CASE (outlines_and_pixels_of_masks_are_what_the_hand_works_out),
    CASE (what_somebody_is_unsure_of_counts_nowhere),
    cmocka_unit_test (only_those_who_are_sure_vote_on_a_pixel),
    CASE (every_node_of_a_skeleton_has_its_own_figures),
    CASE (a_model_turned_onto_itself_is_no_difference),
    CASE (without_symmetries_poses_are_as_far_apart_as_their_farthest_points),
    cmocka_unit_test (an_axis_of_symmetry_lets_any_angle_pass),
    cmocka_unit_test (differences_between_transcripts_are_told_by_kind),
    CASE (words_speakers_and_ends_of_segments_are_what_the_hand_works_out),
  };
  return cmocka_run_group_tests_name ("agreement of each kind", tests, NULL, NULL);
}
