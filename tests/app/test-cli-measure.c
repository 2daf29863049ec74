/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `assay measure` on plain files, in an empty folder: no project anywhere. */
#include "core/json.h"
#include "core/mask.h"
#include "core/sound.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static int
set_up (void **state)
{
  *state = g_dir_make_tmp ("assay-measure-XXXXXX", NULL);
  return *state == NULL;
}

static int
tear_down (void **state)
{
  g_autofree char *directory = *state;
  g_autofree char *command = g_strdup_printf ("rm -rf '%s'", directory);
  return system (command);
}

static void
put (const char *directory, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);
  assert_true (g_file_set_contents (path, text, -1, NULL));
}

/* Runs `assay measure …` in the folder; words end with NULL. */
static json_t *
measure (const char *directory, int wanted_status, const char *const *words)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_ptr_array_add (argv, (gpointer) g_getenv ("ASSAY_BIN"));
  g_ptr_array_add (argv, (gpointer) "measure");
  g_ptr_array_add (argv, (gpointer) "--json");
  for (guint i = 0; words[i] != NULL; i++)
    g_ptr_array_add (argv, (gpointer) words[i]);
  g_ptr_array_add (argv, NULL);
  g_autofree char *out = NULL, *err = NULL;
  g_autoptr (GError) error = NULL;
  int status = 0;
  g_spawn_sync (directory, (char **) argv->pdata, NULL, 0, NULL, NULL, &out, &err, &status, &error);
  if (error != NULL || !WIFEXITED (status) || WEXITSTATUS (status) != wanted_status)
    fail_msg ("%s: status %d, not %d: %s%s", words[0], status, wanted_status, out, err);
  if (wanted_status < 2)
    return assay_json_parse (out, strlen (out), "the answer", NULL);
  assert_true (g_str_has_prefix (err, "assay: "));
  assert_ptr_equal (strchr (err, '\n'), err + strlen (err) - 1);
  assert_string_equal (out, "");
  return NULL;
}
#define MEASURE(directory, status, ...) measure (directory, status, (const char *const[]){ __VA_ARGS__, NULL })

static void
assert_number (const json_t *answer, const char *key, double wanted)
{
  double got = NAN;
  if (!assay_json_get_double (answer, key, &got) || !(fabs (got - wanted) <= 1e-9 * fmax (1, fabs (wanted))))
    fail_msg ("%s is %.12g and not %.12g", key, got, wanted);
}

/* Wikipedia's grant example: 20, 5, 10, 15 of 50. */
static void
cohen_kappa_of_the_grant_example_is_0_4 (void **state)
{
  g_autoptr (GString) csv = g_string_new ("item,annotator,value\n");
  static const guint counts[] = { 20, 5, 10, 15 };
  static const char *const votes[] = { "yy", "yn", "ny", "nn" };
  guint item = 0;
  for (guint c = 0; c < 4; c++)
    for (guint i = 0; i < counts[c]; i++, item++)
      g_string_append_printf (csv, "%u,first,%c\n%u,\"second\",%c\n", item, votes[c][0], item, votes[c][1]);
  put (*state, "r.csv", csv->str);
  g_autoptr (json_t) cohen = MEASURE (*state, 0, "cohen-kappa", "r.csv");
  assert_number (cohen, "value", 0.4);
  assert_number (cohen, "n_items", 50);
  assert_number (cohen, "n_annotators", 2);
  assert_number (cohen, "observed", 0.7);
  assert_number (cohen, "expected", 0.5);
  const json_t *interval = json_object_get (cohen, "ci95");
  assert_true (json_number_value (json_array_get (interval, 0)) < 0.4
               && 0.4 < json_number_value (json_array_get (interval, 1)));
  g_autoptr (json_t) again = MEASURE (*state, 0, "cohen-kappa", "r.csv");
  assert_true (json_equal (cohen, again));
  MEASURE (*state, 3, "cohen-kappa", "r.csv", "--weights", "linear"); /* names have no order */
  MEASURE (*state, 2, "cohen-kappa", "r.csv", "--weights", "heavy");
}

static void
ratings_that_cannot_be_are_refused (void **state)
{
  put (*state, "no-header.csv", "1,a,2\n");
  put (*state, "twice.csv", "item,annotator,value\n1,a,2\n1,a,3\n");
  put (*state, "short.csv", "item,annotator,value\n1,a\n");
  put (*state, "one.csv", "item,annotator,value\n1,a,5\n2,a,5\n");
  MEASURE (*state, 3, "krippendorff-alpha", "no-header.csv");
  MEASURE (*state, 3, "krippendorff-alpha", "twice.csv");
  MEASURE (*state, 3, "krippendorff-alpha", "short.csv");
  MEASURE (*state, 3, "krippendorff-alpha", "absent.csv");
  g_autoptr (json_t) undefined = MEASURE (*state, 0, "krippendorff-alpha", "one.csv");
  assert_true (json_is_null (json_object_get (undefined, "value")));
  assert_true (json_is_null (json_object_get (undefined, "ci95")));
}

static void
mask_goes_to_a_picture_and_back (void **state)
{
  put (*state, "a.json", "{\"size\":[3,4],\"counts\":\"032N0000\"}");
  put (*state, "b.json", "{\"size\":[3,4],\"counts\":[0,3,9]}");
  put (*state, "wide.json", "{\"size\":[4,3],\"counts\":[0,3,9]}");
  put (*state, "broken.json", "{\"size\":[3,4],\"counts\":[0,3,8]}");
  json_decref (MEASURE (*state, 0, "rle", "a.json", "--to-png", "a.png"));
  g_autoptr (json_t) rle = MEASURE (*state, 0, "rle", "a.png");
  assert_string_equal (assay_json_get_string (rle, "counts"), "032N0000");
  assert_number (rle, "area", 6);
  g_autoptr (json_t) same = MEASURE (*state, 0, "mask", "a.png", "a.json");
  assert_number (same, "iou", 1);
  assert_number (same, "hausdorff_px", 0);
  g_autoptr (json_t) half = MEASURE (*state, 0, "mask", "a.png", "b.json");
  assert_number (half, "iou", 0.5);
  assert_number (half, "dice", 2.0 / 3);
  assert_number (half, "area_a", 6);
  assert_number (half, "area_b", 3);
  assert_non_null (json_object_get (half, "assd_px"));
  assert_non_null (json_object_get (half, "boundary_f"));
  MEASURE (*state, 3, "mask", "a.json", "wide.json");
  MEASURE (*state, 3, "mask", "a.json", "broken.json");
  MEASURE (*state, 2, "mask", "a.json");
}

/* Odd sizes, from a few runs to noise. */
static void
any_mask_comes_back_from_a_picture_to_the_pixel (void **state)
{
  static const struct
  {
    guint w, h;
    double turn;
  } cases[] = { { 203, 301, 0.5 }, { 65, 127, 0.01 }, { 1, 9, 0.4 } };
  g_autoptr (GRand) random = g_rand_new_with_seed (13);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint w = cases[i].w, h = cases[i].h;
      guint8 inside = 1;
      g_autofree guint8 *bytes = g_malloc (w * h);
      for (guint k = 0; k < w * h; k++)
        bytes[k % h * w + k / h] = inside ^= g_rand_double (random) < cases[i].turn;
      g_autoptr (AssayMask) mask = assay_mask_new_from_bytes (bytes, w, w, h);
      g_autofree char *counts = assay_mask_to_coco (mask);
      g_autoptr (json_t) rle = json_pack ("{s:[i,i],s:s}", "size", (int) h, (int) w, "counts", counts);
      g_autofree char *text = assay_json_canonical (rle);
      put (*state, "any.json", text);
      json_decref (MEASURE (*state, 0, "rle", "any.json", "--to-png", "any.png"));
      g_autoptr (json_t) back = MEASURE (*state, 0, "rle", "any.png");
      assert_string_equal (assay_json_get_string (back, "counts"), counts);
    }
}

static void
empty_masks_are_undefined_and_not_alike (void **state)
{
  put (*state, "empty.json", "{\"size\":[3,4],\"counts\":[12]}");
  g_autoptr (json_t) answer = MEASURE (*state, 0, "mask", "empty.json", "empty.json");
  assert_true (json_is_null (json_object_get (answer, "iou")));
  assert_true (json_is_null (json_object_get (answer, "boundary_f")));
  assert_true (json_is_null (json_object_get (answer, "hausdorff_px")));
}

static void
pose_with_a_model_has_add (void **state)
{
  put (*state, "a.json", "{\"R\":[1,0,0,0,1,0,0,0,1],\"t\":[3,4,800]}");
  put (*state, "b.json", "{\"R\":[1,0,0,0,1,0,0,0,1],\"t\":[0,0,800]}");
  put (*state, "bad.json", "{\"R\":[1,0,0,0,1,0,0,0,-1],\"t\":[0,0,800]}");
  put (*state, "m.ply",
       "ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nproperty float y\nproperty float z\nelement "
       "face 1\n"
       "property list uchar int vertex_indices\nend_header\n0 0 0\n100 0 0\n0 100 0\n3 0 1 2\n");
  g_autoptr (json_t) plain = MEASURE (*state, 0, "pose", "a.json", "b.json");
  assert_number (plain, "translation", 5);
  assert_number (plain, "rotation_deg", 0);
  assert_true (json_is_null (json_object_get (plain, "add")));
  g_autoptr (json_t) full = MEASURE (*state, 0, "pose", "a.json", "b.json", "--model", "m.ply");
  assert_number (full, "add", 5);
  assert_number (full, "add_s", 5);
  MEASURE (*state, 3, "pose", "a.json", "bad.json");
}

static void
words_are_counted_line_by_line_or_by_id (void **state)
{
  put (*state, "ref", "u1 the cat sat\nu2 on the mat\n");
  put (*state, "hyp", "u2 on a mat\nu1 the cat\n");
  put (*state, "short", "u1 the cat\n");
  g_autoptr (json_t) by_id = MEASURE (*state, 0, "wer", "ref", "hyp", "--ids");
  assert_number (by_id, "value", 2.0 / 6);
  assert_number (by_id, "substitutions", 1);
  assert_number (by_id, "deletions", 1);
  assert_number (by_id, "insertions", 0);
  assert_number (by_id, "hits", 4);
  assert_number (by_id, "words", 6);
  assert_int_equal (json_array_size (json_object_get (by_id, "lines")), 2);
  g_autoptr (json_t) characters = MEASURE (*state, 0, "cer", "ref", "ref");
  assert_number (characters, "value", 0);
  MEASURE (*state, 3, "wer", "ref", "short");
  MEASURE (*state, 3, "wer", "ref", "short", "--ids");
}

static void
keypoints_make_a_matrix (void **state)
{
  put (*state, "gt.json",
       "{\"annotations\":[{\"image_id\":1,\"keypoints\":[10,10,2,20,10,2,15,20,1],\"bbox\":[8,8,14,14],\"area\":"
       "100}]}");
  put (*state, "dt.json",
       "[{\"image_id\":1,\"keypoints\":[11,10,2,20,12,2,15,20,2]},{\"image_id\":2,\"keypoints\":[11,10,2,20,12,2,"
       "15,20,2]}]");
  put (*state, "sigmas.json", "[0.05,0.05,0.1]");
  g_autoptr (json_t) answer = MEASURE (*state, 0, "oks", "gt.json", "dt.json", "--sigmas", "sigmas.json");
  const json_t *matrix = json_object_get (answer, "oks");
  assert_true (fabs (json_number_value (json_array_get (json_array_get (matrix, 0), 0)) - 0.580621980983082)
               < 1e-12);
  assert_true (json_is_null (json_array_get (json_array_get (matrix, 1), 0))); /* another picture */
}

static void
cases_of_a_metric_we_lack_say_so (void **state)
{
  put (*state, "cases.json", "{\"format\":\"golden-1\",\"metric\":\"tea_leaves\",\"cases\":[]}");
  put (*state, "wrong.json", "{\"cases\":[]}");
  g_autoptr (json_t) answer = MEASURE (*state, 1, "--cases", "cases.json");
  assert_non_null (assay_json_get_string (answer, "error"));
  MEASURE (*state, 3, "--cases", "wrong.json");
  MEASURE (*state, 2, "tea-leaves", "a", "b");
}

#define CASE(name) cmocka_unit_test_setup_teardown (name, set_up, tear_down)

static void
loudness_of_a_mono_tone_is_what_two_loudspeakers_would_give (void **state)
{
  const char *directory = *state;
  g_autofree char *path = g_build_filename (directory, "tone.wav", NULL);
  g_autofree float *samples = g_new (float, 4 * 48000);
  for (guint i = 0; i < 4 * 48000; i++)
    samples[i] = (float) (pow (10, -23.0 / 20) * sin (2 * G_PI * 1000 * i / 48000));
  AssaySoundWriter *writer = assay_sound_writer_new (path, 48000, 1, NULL);
  assert_true (assay_sound_writer_add (writer, samples, 4 * 48000, NULL));
  assert_true (assay_sound_writer_close (writer, NULL));
  g_autoptr (json_t) answer = measure (directory, 0, (const char *[]){ "loudness", "tone.wav", NULL });
  static const char *const keys[]
      = { "integrated_lufs", "true_peak_dbtp", "momentary_max_lufs", "short_term_max_lufs" };
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    assert_float_equal (json_number_value (json_object_get (answer, keys[i])), -23, 0.1);
  assert_float_equal (json_number_value (json_object_get (answer, "range_lu")), 0, 0.1);
  put (directory, "text.wav", "this is no sound");
  measure (directory, 3, (const char *[]){ "loudness", "text.wav", NULL });
}

/* Two say 1 always, so that most of five are wrong or nearly; who can be believed is found out from the votes
 * alone. */
static void
votes_tell_who_can_be_believed (void **state)
{
  static const char *const votes[] = { "00011", "11111", "00011", "10111", "00011", "11111", "00011", "11111" };
  g_autoptr (GString) csv = g_string_new ("item,annotator,value\n");
  for (guint i = 0; i < G_N_ELEMENTS (votes); i++)
    for (guint r = 0; r < 5; r++)
      g_string_append_printf (csv, "%u,%c,%c\n", i, 'a' + r, votes[i][r]);
  put (*state, "votes.csv", csv->str);
  g_autoptr (json_t) skene = MEASURE (*state, 0, "dawid-skene", "votes.csv");
  const json_t *items = json_object_get (skene, "items"), *annotators = json_object_get (skene, "annotators");
  for (guint i = 0; i < G_N_ELEMENTS (votes); i++)
    assert_string_equal (assay_json_get_string (json_array_get (items, i), "label"), i % 2 == 0 ? "0" : "1");
  assert_number (json_array_get (annotators, 0), "skill", 1);
  assert_number (json_array_get (annotators, 1), "skill", 7.0 / 8);
  assert_number (json_array_get (annotators, 4), "skill", 0.5);
  g_autoptr (json_t) coin = MEASURE (*state, 0, "dawid-skene", "votes.csv", "--model", "one-coin");
  assert_true (json_is_true (json_object_get (coin, "at_rest")));
  g_autoptr (json_t) gwet = MEASURE (*state, 0, "agreement-other", "votes.csv");
  assert_number (gwet, "n_complete", 8);
  assert_true (json_is_number (json_object_get (gwet, "icc2")));
  MEASURE (*state, 2, "dawid-skene", "votes.csv", "--model", "heavy");
}

static void
several_masks_and_texts_become_one (void **state)
{
  put (*state, "a.json", "{\"size\":[3,4],\"counts\":[0,6,6]}");
  put (*state, "b.json", "{\"size\":[3,4],\"counts\":[0,6,6]}");
  put (*state, "c.json", "{\"size\":[3,4],\"counts\":[6,6]}");
  put (*state, "empty.json", "{\"size\":[3,4],\"counts\":[12]}");
  put (*state, "wide.json", "{\"size\":[4,3],\"counts\":[12]}");
  g_autoptr (json_t) staple = MEASURE (*state, 0, "staple", "a.json", "b.json", "c.json");
  const json_t *raters = json_object_get (staple, "raters"), *consensus = json_object_get (staple, "consensus");
  assert_number (consensus, "area", 6);
  assert_number (json_array_get (raters, 0), "sensitivity", 1);
  assert_number (json_array_get (raters, 2), "sensitivity", 0);
  g_autoptr (json_t) nothing = MEASURE (*state, 0, "staple", "empty.json", "empty.json");
  assert_true (json_is_null (json_object_get (nothing, "value")));
  assert_true (json_is_null (json_object_get (nothing, "consensus")));
  MEASURE (*state, 3, "staple", "a.json", "wide.json");

  put (*state, "one.txt", "the cat sat on mat\n\n");
  put (*state, "two.txt", "the cat sat on the mat\n\n");
  put (*state, "three.txt", "the bat sat on the mat\n\n");
  put (*state, "short.txt", "the cat\n");
  g_autoptr (json_t) rover = MEASURE (*state, 0, "rover", "one.txt", "two.txt", "three.txt");
  const json_t *lines = json_object_get (rover, "lines");
  assert_string_equal (assay_json_get_string (json_array_get (lines, 0), "text"), "the cat sat on the mat");
  assert_true (json_is_null (json_object_get (json_array_get (lines, 1), "agreement")));
  assert_number (rover, "value", 16.0 / 18);
  MEASURE (*state, 3, "rover", "one.txt", "short.txt");
  g_autoptr (json_t) sclite = MEASURE (*state, 0, "sclite", "two.txt", "three.txt");
  assert_number (sclite, "substitutions", 1);
}

static void
numbers_names_and_segments_are_held_against_each_other (void **state)
{
  put (*state, "before.txt", "1\n2\n3\n\n");
  put (*state, "after.txt", "10\n11\n12\n13\n");
  put (*state, "before-names.txt", "cup\ncup\nbowl\n");
  put (*state, "after-names.txt", "cup\nbowl\nbowl\n");
  put (*state, "ref.txt", "0 1.5 a\n1.5 3 b\n");
  put (*state, "est.txt", "0\t1.4\n1.4\t2\n2\t3\n");
  g_autoptr (json_t) drift = MEASURE (*state, 0, "drift", "before.txt", "after.txt");
  assert_number (drift, "ks", 1);
  assert_number (drift, "ks_p_exact", 2.0 / 35);
  assert_number (drift, "wasserstein", 9.5);
  g_autoptr (json_t) names
      = MEASURE (*state, 0, "drift", "before-names.txt", "after-names.txt", "--values", "names");
  assert_number (names, "value", 2.0 / 3 * log (2)); /* two bins, (1/3) ln 2 each */
  assert_number (names, "tv", 1.0 / 3);
  g_autoptr (json_t) segments = MEASURE (*state, 0, "intervals", "ref.txt", "est.txt");
  assert_number (segments, "precision", 0.5);
  assert_number (segments, "recall", 2.0 / 3);
  MEASURE (*state, 3, "drift", "before-names.txt", "after.txt");
  MEASURE (*state, 3, "intervals", "before-names.txt", "est.txt");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    CASE (cohen_kappa_of_the_grant_example_is_0_4),
    CASE (ratings_that_cannot_be_are_refused),
    CASE (mask_goes_to_a_picture_and_back),
    CASE (any_mask_comes_back_from_a_picture_to_the_pixel),
    CASE (empty_masks_are_undefined_and_not_alike),
    CASE (pose_with_a_model_has_add),
    CASE (words_are_counted_line_by_line_or_by_id),
    CASE (keypoints_make_a_matrix),
    CASE (cases_of_a_metric_we_lack_say_so),
    CASE (votes_tell_who_can_be_believed),
    CASE (several_masks_and_texts_become_one),
    CASE (numbers_names_and_segments_are_held_against_each_other),
    CASE (loudness_of_a_mono_tone_is_what_two_loudspeakers_would_give),
  };
  return cmocka_run_group_tests_name ("cli-measure", tests, NULL, NULL);
}
