/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every figure that core computes, held against the reference implementations named in tests/data/golden. */
#include "core/error.h"
#include "core/json.h"
#include "core/keypoints.h"
#include "core/kind.h"
#include "core/polygon.h"
#include "core/pose.h"
#include "core/transcript.h"

#include <math.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

typedef void (*RunCase) (const char *id, const json_t *in, const json_t *out, double tolerance);

static void
run_file (const char *name, guint least_cases, RunCase run)
{
  g_autofree char *path = g_strdup_printf ("%s/golden/%s.json", g_getenv ("ASSAY_TEST_DATA"), name);
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) file = assay_json_load (path, &error);
  assert_null (error);
  const json_t *cases = json_object_get (file, "cases");
  assert_true (json_array_size (cases) >= least_cases);
  gsize i;
  json_t *one;
  json_array_foreach (cases, i, one)
      run (assay_json_get_string (one, "id"), json_object_get (one, "in"), json_object_get (one, "out"),
           json_number_value (json_object_get (one, "tol")));
}

static void
check_number (const char *id, const char *what, double got, const json_t *wanted, double tolerance)
{
  assert_non_null (wanted);
  double want = json_is_null (wanted) ? NAN : json_number_value (wanted);
  gboolean good = isnan (want) ? isnan (got) : fabs (got - want) <= tolerance * fmax (1, fabs (want));
  if (!good)
    fail_msg ("%s: %s is %.17g, wanted %.17g", id, what, got, want);
}

static guint
get_uint (const json_t *object, const char *key)
{
  return (guint) json_integer_value (json_object_get (object, key));
}

static void
check_box (const char *id, const AssayMask *mask, const json_t *wanted)
{
  AssayRect box = { 0 };
  assert_int_equal (assay_mask_bounds (mask, &box), assay_mask_area_px (mask) > 0);
  double got[] = { box.x, box.y, box.w, box.h };
  for (guint i = 0; i < 4; i++)
    check_number (id, "bbox", got[i], json_array_get (wanted, i), 0);
}

static AssayMask *
mask_of_rows (const json_t *in)
{
  guint h = get_uint (in, "h"), w = get_uint (in, "w");
  g_autofree guint8 *bytes = g_new (guint8, (gsize) w * h);
  for (guint y = 0; y < h; y++)
    for (guint x = 0; x < w; x++)
      bytes[y * w + x] = json_string_value (json_array_get (json_object_get (in, "rows"), y))[x] == '#';
  return assay_mask_new_from_bytes (bytes, w, w, h);
}

static void
check_rle (const char *id, const json_t *in, const json_t *out, double tolerance)
{
  guint h = get_uint (in, "h"), w = get_uint (in, "w");
  const json_t *counts = json_object_get (out, "counts");
  const char *text = assay_json_get_string (out, "rle");
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayMask) read = assay_mask_new_from_coco (text, w, h, &error);
  assert_null (error);
  assert_int_equal (read->n_runs, json_array_size (counts));
  for (guint i = 0; i < read->n_runs; i++)
    assert_int_equal (read->runs[i], json_integer_value (json_array_get (counts, i)));
  g_autofree char *written = assay_mask_to_coco (read);
  assert_string_equal (written, text);
  assert_int_equal (assay_mask_area_px (read), get_uint (out, "area"));
  check_box (id, read, json_object_get (out, "bbox"));
  if (json_object_get (in, "rows") == NULL)
    return;
  g_autoptr (AssayMask) drawn = mask_of_rows (in);
  assert_true (assay_mask_equal (drawn, read));
}

static void
run_lengths_equal_pycocotools (void **state)
{
  run_file ("mask_rle", 15, check_rle);
}

/* Uncompressed counts: whatever does not fit 32 bits cannot even be asked for. */
static AssayMask *
mask_of_counts (const json_t *counts, guint w, guint h, GError **error)
{
  g_autoptr (GArray) runs = g_array_new (FALSE, FALSE, sizeof (guint32));
  gsize i;
  json_t *count;
  json_array_foreach (counts, i, count)
  {
    if (json_integer_value (count) < 0 || json_integer_value (count) > G_MAXUINT32)
      {
        g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA, "a run below 0");
        return NULL;
      }
    guint32 run = (guint32) json_integer_value (count);
    g_array_append_val (runs, run);
  }
  return assay_mask_new_from_runs (w, h, (const guint32 *) (gpointer) runs->data, runs->len, error);
}

static void
check_reject (const char *id, const json_t *in, const json_t *out, double tolerance)
{
  guint h = get_uint (in, "h"), w = get_uint (in, "w");
  const char *text = assay_json_get_string (in, "rle");
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayMask) mask = text != NULL ? assay_mask_new_from_coco (text, w, h, &error)
                                            : mask_of_counts (json_object_get (in, "counts"), w, h, &error);
  assert_int_equal (mask == NULL, error != NULL);
  if (json_is_true (json_object_get (out, "error")) && mask != NULL)
    fail_msg ("%s was taken for a mask", id);
  if (json_is_false (json_object_get (out, "error")) && mask == NULL)
    fail_msg ("%s was refused: %s", id, error->message);
  if (json_object_get (out, "area") != NULL)
    assert_int_equal (assay_mask_area_px (mask), get_uint (out, "area"));
}

static void
broken_run_lengths_are_refused (void **state)
{
  run_file ("mask_rle_reject", 14, check_reject);
}

static void
check_pair (const char *id, const json_t *in, const json_t *out, double tolerance)
{
  guint h = get_uint (in, "h"), w = get_uint (in, "w");
  g_autoptr (AssayMask) a = assay_mask_new_from_coco (assay_json_get_string (in, "a"), w, h, NULL);
  g_autoptr (AssayMask) b = assay_mask_new_from_coco (assay_json_get_string (in, "b"), w, h, NULL);
  g_autoptr (AssayMask) both = assay_mask_combine (a, b, ASSAY_MASK_INTERSECTION);
  g_autoptr (AssayMask) either = assay_mask_combine (a, b, ASSAY_MASK_UNION);
  assert_int_equal (assay_mask_area_px (a), get_uint (out, "area_a"));
  assert_int_equal (assay_mask_area_px (b), get_uint (out, "area_b"));
  assert_int_equal (assay_mask_area_px (both), get_uint (out, "inter"));
  assert_int_equal (assay_mask_area_px (either), get_uint (out, "union"));
  assert_int_equal (assay_mask_intersection_px (a, b), get_uint (out, "inter"));
  /* Nothing against nothing is 0 to pycocotools, and undefined here: "agree, nothing there" is no figure. */
  gboolean undefined = get_uint (out, "union") == 0;
  const json_t *iou = undefined ? json_null () : json_object_get (out, "iou_coco");
  const json_t *crowd = undefined ? json_null () : json_object_get (out, "iou_coco_b_crowd");
  check_number (id, "iou", assay_mask_iou (a, b, FALSE), iou, tolerance);
  check_number (id, "iou with b a crowd", assay_mask_iou (a, b, TRUE), crowd, tolerance);
  check_number (id, "dice", assay_mask_dice (a, b), json_object_get (out, "dice"), tolerance);
}

static void
overlap_of_masks_equals_pycocotools (void **state)
{
  print_message ("# mask_pair: columns px, dm and boundary (surface distances) are not computed in core\n");
  run_file ("mask_pair", 16, check_pair);
}

static AssayRing *
ring_of_numbers (const json_t *numbers)
{
  guint n = (guint) json_array_size (numbers) / 2;
  g_autofree AssayPoint *points = g_new (AssayPoint, n);
  for (guint i = 0; i < n; i++)
    points[i] = (AssayPoint){ json_number_value (json_array_get (numbers, 2 * i)),
                              json_number_value (json_array_get (numbers, 2 * i + 1)) };
  return assay_ring_new (points, n, FALSE);
}

static void
check_polygon (const char *id, const json_t *in, const json_t *out, double tolerance)
{
  guint h = get_uint (in, "h"), w = get_uint (in, "w");
  g_autoptr (GPtrArray) rings = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_ring_free);
  gsize i;
  json_t *polygon;
  json_array_foreach (json_object_get (in, "polygons"), i, polygon)
  {
    AssayRing *ring = ring_of_numbers (polygon);
    g_ptr_array_add (rings, ring);
    g_autoptr (AssayMask) mask = assay_mask_new_from_ring (ring, w, h);
    g_autofree char *text = assay_mask_to_coco (mask);
    assert_string_equal (text, json_string_value (json_array_get (json_object_get (out, "rings"), i)));
  }
  g_autoptr (AssayMask) mask = assay_mask_new_from_rings (rings, w, h);
  g_autofree char *text = assay_mask_to_coco (mask);
  assert_string_equal (text, assay_json_get_string (out, "rle"));
  assert_int_equal (assay_mask_area_px (mask), get_uint (out, "area"));
  check_box (id, mask, json_object_get (out, "bbox"));
}

static void
polygons_give_pycocotools_pixels (void **state)
{
  run_file ("mask_poly", 10, check_polygon);
}

static AssayRect
rect_of (const json_t *numbers)
{
  double box[4];
  assert_true (assay_json_to_doubles (numbers, box, 4));
  return (AssayRect){ box[0], box[1], box[2], box[3] };
}

static void
check_boxes (const char *id, const json_t *in, const json_t *out, double tolerance)
{
  const json_t *dt = json_object_get (in, "dt"), *gt = json_object_get (in, "gt");
  for (gsize d = 0; d < json_array_size (dt); d++)
    for (gsize g = 0; g < json_array_size (gt); g++)
      {
        gboolean crowd = json_integer_value (json_array_get (json_object_get (in, "iscrowd"), g)) != 0;
        double iou = assay_rect_iou (rect_of (json_array_get (dt, d)), rect_of (json_array_get (gt, g)), crowd);
        check_number (id, "iou", iou, json_array_get (json_array_get (out, d), g), tolerance);
      }
}

static void
overlap_of_boxes_equals_pycocotools (void **state)
{
  run_file ("bbox_iou", 3, check_boxes);
}

static void
check_oks (const char *id, const json_t *in, const json_t *out, double tolerance)
{
  const json_t *gts = json_object_get (in, "gt"), *dts = json_object_get (in, "dt"),
               *sigmas_json = json_object_get (in, "sigmas");
  guint n = (guint) json_array_size (sigmas_json);
  g_autofree double *sigmas = g_new (double, n), *g_xyv = g_new (double, 3 * n), *d_xyv = g_new (double, 3 * n);
  g_autofree AssayPoint *truth = g_new (AssayPoint, n), *other = g_new (AssayPoint, n);
  g_autofree gboolean *placed = g_new (gboolean, n);
  assert_true (assay_json_to_doubles (sigmas_json, sigmas, n));
  for (gsize d = 0; d < json_array_size (dts); d++)
    for (gsize g = 0; g < json_array_size (gts); g++)
      {
        const json_t *gt = json_array_get (gts, g), *dt = json_array_get (dts, d);
        assert_true (assay_json_to_doubles (json_object_get (gt, "keypoints"), g_xyv, 3 * n));
        assert_true (assay_json_to_doubles (json_object_get (dt, "keypoints"), d_xyv, 3 * n));
        for (guint i = 0; i < n; i++)
          {
            truth[i] = (AssayPoint){ g_xyv[3 * i], g_xyv[3 * i + 1] };
            other[i] = (AssayPoint){ d_xyv[3 * i], d_xyv[3 * i + 1] };
            placed[i] = g_xyv[3 * i + 2] > 0;
          }
        AssayRect box = rect_of (json_object_get (gt, "bbox"));
        double oks
            = assay_oks (truth, placed, other, sigmas, n, json_number_value (json_object_get (gt, "area")), &box);
        check_number (id, "oks", oks, json_array_get (json_array_get (json_object_get (out, "oks"), d), g),
                      tolerance);
      }
}

static void
keypoint_similarity_equals_pycocotools (void **state)
{
  run_file ("oks", 8, check_oks);
}

static AssayPose
pose_of (const json_t *in, const char *r, const char *t)
{
  AssayPose pose;
  assert_true (assay_json_to_doubles (json_object_get (in, r), pose.r, 9));
  assert_true (assay_json_to_doubles (json_object_get (in, t), pose.t_m, 3));
  return pose;
}

static void
check_pose (const char *id, const json_t *in, const json_t *out, double tolerance)
{
  if (json_object_get (in, "Rs") != NULL)
    {
      print_message ("# pose6d %s: the mean of rotations is not computed in core\n", id);
      return;
    }
  AssayPose estimate = pose_of (in, "R_est", "t_est"), truth = pose_of (in, "R_gt", "t_gt");
  const json_t *list = json_object_get (in, "pts");
  guint n = (guint) json_array_size (list);
  g_autofree AssayPoint3 *points = g_new (AssayPoint3, n);
  for (guint i = 0; i < n; i++)
    {
      double xyz[3];
      assert_true (assay_json_to_doubles (json_array_get (list, i), xyz, 3));
      points[i] = (AssayPoint3){ xyz[0], xyz[1], xyz[2] };
    }
  /* The reference's acos is off by up to 1e-5 degrees near 0 and 180; scipy's second value is not. */
  check_number (id, "re", assay_pose_rotation_deg (&estimate, &truth), json_object_get (out, "re_deg"), 1e-5);
  check_number (id, "re (scipy)", assay_pose_rotation_deg (&estimate, &truth),
                json_object_get (out, "re_deg_scipy"), 1e-8);
  check_number (id, "te", assay_pose_translation (&estimate, &truth), json_object_get (out, "te"), tolerance);
  check_number (id, "add", assay_pose_add (&estimate, &truth, points, n), json_object_get (out, "add"), tolerance);
  check_number (id, "adi", assay_pose_add_s (&estimate, &truth, points, n), json_object_get (out, "adi"),
                tolerance);
}

static void
pose_errors_equal_the_bop_toolkit (void **state)
{
  print_message ("# pose6d: columns mssd, mspd and proj are not computed in core\n");
  run_file ("pose6d", 10, check_pose);
}

static gboolean
is_listed (const json_t *triples, const AssayWordErrors *errors)
{
  gsize i;
  json_t *triple;
  json_array_foreach (
      triples, i, triple) if (json_integer_value (json_array_get (triple, 0)) == errors->substitutions
                              && json_integer_value (json_array_get (triple, 1)) == errors->deletions
                              && json_integer_value (json_array_get (triple, 2)) == errors->insertions) return TRUE;
  return FALSE;
}

static void
add_errors (AssayWordErrors *sum, const AssayWordErrors *one)
{
  sum->hits += one->hits;
  sum->substitutions += one->substitutions;
  sum->deletions += one->deletions;
  sum->insertions += one->insertions;
}

static void
check_transcript (const char *id, const json_t *in, const json_t *out, double tolerance)
{
  const json_t *ref = json_object_get (in, "ref"), *hyp = json_object_get (in, "hyp");
  const json_t *word = json_object_get (out, "word"), *character = json_object_get (out, "char");
  gsize n = json_is_array (ref) ? json_array_size (ref) : 1;
  AssayWordErrors words = { 0 }, characters = { 0 };
  for (gsize i = 0; i < n; i++)
    {
      const char *a = json_string_value (json_is_array (ref) ? json_array_get (ref, i) : ref);
      const char *b = json_string_value (json_is_array (hyp) ? json_array_get (hyp, i) : hyp);
      AssayWordErrors one = assay_words_compare (a, b), letters = assay_characters_compare (a, b);
      if (!is_listed (json_array_get (json_object_get (word, "optimal_sdi"), i), &one))
        fail_msg ("%s: %u/%u/%u is no best alignment", id, one.substitutions, one.deletions, one.insertions);
      add_errors (&words, &one);
      add_errors (&characters, &letters);
    }
  guint edits = words.substitutions + words.deletions + words.insertions;
  guint letter_edits = characters.substitutions + characters.deletions + characters.insertions;
  assert_int_equal (edits, get_uint (word, "distance"));
  assert_int_equal (words.hits + words.substitutions + words.deletions, get_uint (word, "n_ref"));
  assert_int_equal (words.hits + words.substitutions + words.insertions, get_uint (word, "n_hyp"));
  check_number (id, "wer", assay_word_errors_wer (&words), json_object_get (word, "wer"), tolerance);
  assert_int_equal (letter_edits, get_uint (character, "distance"));
  assert_int_equal (characters.hits + characters.substitutions + characters.deletions,
                    get_uint (character, "n_ref"));
  check_number (id, "cer", assay_word_errors_wer (&characters), json_object_get (character, "cer"), tolerance);
  /* MER follows from the alignment chosen; the reference's holds when it chose the same. */
  double mer = edits == 0 ? 0 : (double) edits / (edits + words.hits);
  gboolean same = words.substitutions == get_uint (word, "sub") && words.deletions == get_uint (word, "del");
  g_autoptr (json_t) wanted = same ? json_incref (json_object_get (word, "mer")) : json_real (mer);
  check_number (id, "mer", assay_word_errors_mer (&words), wanted, tolerance);
}

static void
word_errors_equal_jiwer (void **state)
{
  print_message ("# transcript: columns wil and wip are not computed in core\n");
  run_file ("transcript", 21, check_transcript);
}

static void
check_assignment (const char *id, const json_t *in, const json_t *out, double tolerance)
{
  const json_t *matrix = json_object_get (in, "sim");
  guint rows = (guint) json_array_size (matrix), columns = (guint) json_array_size (json_array_get (matrix, 0));
  g_autofree double *scores = g_new (double, rows *columns);
  g_autofree guint *column = g_new (guint, rows);
  for (guint i = 0; i < rows; i++)
    assert_true (assay_json_to_doubles (json_array_get (matrix, i), scores + i * columns, columns));
  double least = json_number_value (json_object_get (in, "thr")), total = 0;
  guint pairs = 0;
  assay_assign (scores, rows, columns, least, column);
  for (guint i = 0; i < rows; i++)
    if (column[i] != G_MAXUINT)
      {
        assert_true (scores[i * columns + column[i]] >= least);
        total += scores[i * columns + column[i]];
        pairs++;
      }
  check_number (id, "total", total, json_object_get (out, "total"), tolerance);
  assert_int_equal (pairs, json_array_size (json_object_get (out, "pairs")));
}

static void
matching_equals_scipy (void **state)
{
  run_file ("assignment", 4, check_assignment);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (run_lengths_equal_pycocotools),
    cmocka_unit_test (broken_run_lengths_are_refused),
    cmocka_unit_test (overlap_of_masks_equals_pycocotools),
    cmocka_unit_test (polygons_give_pycocotools_pixels),
    cmocka_unit_test (overlap_of_boxes_equals_pycocotools),
    cmocka_unit_test (keypoint_similarity_equals_pycocotools),
    cmocka_unit_test (pose_errors_equal_the_bop_toolkit),
    cmocka_unit_test (word_errors_equal_jiwer),
    cmocka_unit_test (matching_equals_scipy),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
