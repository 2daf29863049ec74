/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/coco.h"

#include "core/error.h"
#include "core/json.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static json_t *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  json_t *json = assay_json_parse (text, strlen (text), "test", &error);
  assert_null (error);
  return json;
}

/* Area of a segmentation in a picture of 20 x 20, or the reason why it has none. */
static gint64
area_of (const char *segmentation, guint *ret_lost, char **ret_why)
{
  g_autofree char *text = g_strdup_printf ("{\"segmentation\": %s}", segmentation);
  g_autoptr (json_t) annotation = parse (text);
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayRegion) region = assay_coco_parse_region (annotation, 20, 20, ret_lost, &error);
  if (region != NULL)
    return (gint64) assay_mask_area_px (region->mask);
  assert_int_equal (error->code, ASSAY_ERROR_BAD_DATA);
  *ret_why = g_strdup (error->message);
  return -1;
}

static void
polygons_cover_the_pixels_that_pycocotools_gives (void **state)
{
  const struct
  {
    const char *segmentation;
    gint64 area;
  } cases[] = {
    { "[[1,1,3,1,3,3,1,3]]", 4 },
    { "[[0.5,0.5,3.5,0.5,3.5,3.5,0.5,3.5]]", 9 },
    { "[[1,1,17,1,17,17,1,17],[5,5,13,5,13,13,5,13]]", 256 }, /* one in the other is a union, not a hole */
    { "[[0,0,4,0,4,4,0,4],[10,10,14,10,14,14,10,14]]", 32 },
    { "[[-5,-5,25,-5,25,25,-5,25]]", 400 }, /* clipped at the border */
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint lost = 0;
      char *why = NULL;
      assert_int_equal (area_of (cases[i].segmentation, &lost, &why), cases[i].area);
      assert_int_equal (lost, 0);
    }
}

static void
what_is_no_mask_is_refused_with_the_reason (void **state)
{
  const struct
  {
    const char *segmentation, *says;
  } cases[] = {
    { "[[1,1,3,3]]", "6" },
    { "[[1,1,3,1,3,3,1]]", "7 numbers" },
    { "[[1,1,3,1,3,\"x\"]]", "point 3" },
    { "[[1,1,1e9,1,3,3]]", "far outside" },
    { "[[1,1,null,1,3,3]]", "point 2" },
    { "[7]", "no list" },
    { "\"mask\"", "neither" },
    { "{\"counts\":[400]}", "size" },
    { "{\"size\":[20,10],\"counts\":[200]}", "10 x 20" },
    { "{\"size\":[20,20],\"counts\":[399]}", "399" }, /* one short: pycocotools takes it */
    { "{\"size\":[20,20],\"counts\":[10,391]}", "401" },
    { "{\"size\":[20,20],\"counts\":[10,-1,391]}", "run 2" },
    { "{\"size\":[20,20],\"counts\":[4294967295,2,399]}", NULL }, /* wraps around in 32 bits */
    { "{\"size\":[20,20],\"counts\":\"not a mask\"}", NULL },
    { "{\"size\":[20,20],\"counts\":\"\"}", NULL },
    { "{\"size\":[20,20],\"counts\":{}}", "neither" },
    { "{\"size\":[20,20],\"counts\":[400]}", "no pixel" },
    { "[[30,30,35,30,35,35]]", "no pixel" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint lost = 0;
      g_autofree char *why = NULL;
      gint64 area = area_of (cases[i].segmentation, &lost, &why);
      if (area >= 0 || (cases[i].says != NULL && strstr (why, cases[i].says) == NULL))
        fail_msg ("%s: area %d, \"%s\" lacks \"%s\"", cases[i].segmentation, (int) area, why, cases[i].says);
    }
}

static void
a_bad_part_is_told_and_the_good_ones_stay (void **state)
{
  guint lost = 0;
  char *why = NULL;
  assert_int_equal (area_of ("[[0,0,4,0,4,4,0,4],[1,2,3]]", &lost, &why), 16);
  assert_int_equal (lost, 1);
}

static void
run_lengths_are_read_in_both_spellings (void **state)
{
  guint lost = 0;
  char *why = NULL;
  /* Column 0, rows 2 to 4, and column 1, row 0. */
  assert_int_equal (area_of ("{\"size\":[20,20],\"counts\":[2,3,15,1,379]}", &lost, &why), 4);
  g_autoptr (json_t) annotation
      = parse ("{\"segmentation\":{\"size\":[20,20],\"counts\":[2,3,15,1,379]},\"iscrowd\":1}");
  g_autoptr (AssayRegion) region = assay_coco_parse_region (annotation, 20, 20, &lost, NULL);
  assert_true (region->crowd);
  g_autoptr (json_t) written = json_object ();
  assay_coco_write_region (written, region);
  assert_true (json_is_string (json_object_get (json_object_get (written, "segmentation"), "counts")));
  assert_int_equal (json_integer_value (json_object_get (written, "iscrowd")), 1);
  g_autoptr (AssayRegion) again = assay_coco_parse_region (written, 20, 20, &lost, NULL);
  assert_true (assay_mask_equal (again->mask, region->mask));
}

/* Readers take several polygons as a union, so a hole can only travel as pixels, and is no crowd for that. */
static void
a_hole_is_written_as_run_lengths_without_crowd (void **state)
{
  const AssayPoint outer[] = { { 1, 1 }, { 17, 1 }, { 17, 17 }, { 1, 17 } },
                   inner[] = { { 5, 5 }, { 13, 5 }, { 13, 13 }, { 5, 13 } };
  GPtrArray *rings = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_ring_free);
  g_ptr_array_add (rings, assay_ring_new (outer, 4, FALSE));
  g_ptr_array_add (rings, assay_ring_new (inner, 4, TRUE));
  g_autoptr (AssayRegion) region = assay_region_new_from_rings (rings, 20, 20);
  g_autoptr (json_t) written = json_object ();
  guint lost = 0;
  assay_coco_write_region (written, region);
  assert_true (json_is_object (json_object_get (written, "segmentation")));
  assert_int_equal (json_integer_value (json_object_get (written, "iscrowd")), 0);
  assert_int_equal (json_integer_value (json_object_get (written, "area")), 256 - 64);
  g_autoptr (AssayRegion) again = assay_coco_parse_region (written, 20, 20, &lost, NULL);
  assert_true (assay_mask_equal (again->mask, region->mask));
}

/* Rings of a few corners anywhere in a picture and a little beyond, over each other, some of them holes. */
static GPtrArray *
random_rings (GRand *random, double w, double h)
{
  GPtrArray *rings = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_ring_free);
  gboolean whole = g_rand_boolean (random), with_holes = g_rand_boolean (random);
  for (guint i = (guint) g_rand_int_range (random, 1, 5); i > 0; i--)
    {
      AssayPoint points[7];
      guint n = (guint) g_rand_int_range (random, 3, 8);
      for (guint k = 0; k < n; k++)
        {
          points[k]
              = (AssayPoint){ g_rand_double_range (random, -3, w + 3), g_rand_double_range (random, -3, h + 3) };
          if (whole)
            points[k] = (AssayPoint){ round (points[k].x), round (points[k].y) };
        }
      g_ptr_array_add (rings, assay_ring_new (points, n, with_holes && rings->len > 0 && g_rand_boolean (random)));
    }
  return rings;
}

/* Through the text of the file: digits count. */
static void
any_drawing_comes_back_to_the_pixel (void **state)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (12);
  guint n_polygons = 0, n_runs = 0;
  for (guint round = 0; round < 600; round++)
    {
      guint lost = 0;
      g_autoptr (AssayRegion) region = assay_region_new_from_rings (random_rings (random, 30, 24), 30, 24);
      g_autoptr (json_t) written = json_object ();
      if (assay_mask_area_px (region->mask) == 0)
        continue;
      region->crowd = g_rand_boolean (random);
      assay_coco_write_region (written, region);
      g_autofree char *text = assay_json_canonical (written);
      g_autoptr (json_t) read = parse (text);
      g_autoptr (AssayRegion) again = assay_coco_parse_region (read, 30, 24, &lost, NULL);
      assert_true (assay_mask_equal (again->mask, region->mask));
      assert_int_equal (again->crowd, region->crowd);
      assert_int_equal (lost, 0);
      if (again->rings != NULL)
        n_polygons++;
      else
        n_runs++;
    }
  assert_true (n_polygons > 100 && n_runs > 100);
}

static void
polygons_come_back_point_for_point (void **state)
{
  g_autoptr (json_t) annotation
      = parse ("{\"segmentation\":[[1.1,1,3.25,1,3,3.3333333333333335],[8,8,12,8,12,12]]}");
  g_autoptr (json_t) written = json_object ();
  guint lost = 0;
  g_autoptr (AssayRegion) region = assay_coco_parse_region (annotation, 20, 20, &lost, NULL);
  assay_coco_write_region (written, region);
  g_autofree char *before = assay_json_canonical (json_object_get (annotation, "segmentation"));
  g_autofree char *after = assay_json_canonical (json_object_get (written, "segmentation"));
  assert_string_equal (before, after);
}

static void
keypoints_keep_their_four_states (void **state)
{
  g_autoptr (json_t) annotation
      = parse ("{\"keypoints\":[5,6,2.0, 7,8,1, 0,0,0, 0,0,1, null,3,2], \"area\": 12.5}");
  guint lost = 0;
  g_autoptr (AssayKeypoints) keypoints = assay_coco_parse_keypoints (annotation, 5, &lost, NULL);
  assert_int_equal (keypoints->points[0].state, ASSAY_NODE_VISIBLE);
  assert_int_equal (keypoints->points[1].state, ASSAY_NODE_OCCLUDED);
  assert_int_equal (keypoints->points[2].state, ASSAY_NODE_UNLABELLED);
  assert_int_equal (keypoints->points[3].state, ASSAY_NODE_OUTSIDE);
  assert_int_equal (keypoints->points[4].state, ASSAY_NODE_UNLABELLED);
  assert_int_equal (lost, 1);
  assert_true (keypoints->area_px == 12.5 && keypoints->points[1].at.x == 7);
  g_autoptr (GError) error = NULL;
  assert_null (assay_coco_parse_keypoints (annotation, 4, &lost, &error));
  assert_non_null (strstr (error->message, "12"));
  g_autoptr (json_t) odd = parse ("{\"keypoints\":[5,6,3]}");
  assert_null (assay_coco_parse_keypoints (odd, 1, &lost, NULL));
}

static void
a_box_without_a_side_is_refused (void **state)
{
  AssayRect box;
  g_autoptr (json_t) flat = parse ("{\"bbox\":[1,2,3,0]}"), infinite = parse ("{\"bbox\":[1,2,null,4]}"),
                     good = parse ("{\"bbox\":[1.5,2,3,4]}");
  assert_false (assay_coco_parse_box (flat, &box, NULL));
  assert_false (assay_coco_parse_box (infinite, &box, NULL));
  assert_true (assay_coco_parse_box (good, &box, NULL));
  assert_true (box.x == 1.5 && box.h == 4);
}

static void
count_skip (const char *entry, const char *why, gpointer data)
{
  g_string_append_printf (data, "%s: %s\n", entry, why);
}

static AssayCocoFile *
index_of (const char *text, GString *skipped, GError **error)
{
  AssayJsonReader *reader = assay_json_reader_new (text, strlen (text), "test.json", error);
  return reader != NULL ? assay_coco_file_read (reader, count_skip, skipped, NULL, error) : NULL;
}

/* Lists in any order, annotations of one image anywhere, numbers of images and categories with gaps. */
static void
annotations_are_found_by_image_whatever_the_order (void **state)
{
  const char *text
      = "{\"annotations\": [{\"id\": 9, \"image_id\": 70, \"category_id\": 90, \"bbox\": [1,2,3,4]},"
        " {\"id\": 3, \"image_id\": 5, \"category_id\": 90, \"segmentation\": [[1,1,3,1,3,3]]},"
        " {\"id\": 4, \"image_id\": 70.0, \"category_id\": 7, \"bbox\": [1,2,3,4]},"
        " {\"id\": 5, \"image_id\": 71, \"category_id\": 7, \"bbox\": [1,2,3,4]},"
        " {\"id\": 6, \"category_id\": 7}, 8],"
        " \"images\": [{\"id\": 5, \"file_name\": \"a.png\"}, {\"id\": 70, \"file_name\": \"b\\\\c.png\", "
        "\"width\": 4, \"height\": 5, \"license\": 2},"
        " {\"id\": 70, \"file_name\": \"again.png\"}, {\"id\": 1}],"
        " \"categories\": [{\"id\": 90, \"name\": \"cup\"}, {\"id\": 7, \"supercategory\": \"x\"}], \"info\": {}}";
  g_autoptr (GString) skipped = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayCocoFile) file = index_of (text, skipped, &error);
  assert_null (error);
  assert_int_equal (file->images->len, 2);
  assert_int_equal (file->categories->len, 2);
  assert_true (file->has_annotations && file->n_box == 3 && file->n_segmentation == 1 && file->n_other == 1);
  const AssayCocoImage *b = file->images->pdata[1];
  assert_int_equal (b->n, 2);
  assert_int_equal (json_integer_value (json_object_get (b->extra, "license")), 2);
  const gint64 wanted[] = { 9, 4 };
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (json_t) annotation = assay_coco_file_get (file, b->first + i, &error);
      assert_int_equal (json_integer_value (json_object_get (annotation, "id")), wanted[i]);
    }
  assert_non_null (strstr (skipped->str, "image 71 is not in the file"));
  assert_non_null (strstr (skipped->str, "annotation 5 of the list: it has no whole number as image_id"));
  assert_non_null (strstr (skipped->str, "annotation 6 of the list: it is no object"));
  assert_non_null (strstr (skipped->str, "image 3 of the list: another image has the same id"));
  assert_non_null (strstr (skipped->str, "image 4 of the list: it has no file_name"));
}

static void
a_file_that_is_cut_off_is_refused_whole (void **state)
{
  g_autoptr (GString) skipped = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  assert_null (index_of ("{\"images\": [{\"id\": 1, \"file_name\": \"a\"},\n {\"id\"", skipped, &error));
  assert_non_null (strstr (error->message, "line 2"));
  g_clear_error (&error);
  assert_null (index_of ("[{\"image_id\": 1, \"score\": 0.5}]", skipped, &error));
  assert_int_equal (error->code, ASSAY_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  assert_null (index_of ("{\"annotations\": []}", skipped, &error));
  assert_int_equal (error->code, ASSAY_ERROR_UNSUPPORTED);
}

static void
keys_of_others_are_kept_but_not_ours (void **state)
{
  g_autoptr (json_t) annotation = parse (
      "{\"id\":7,\"image_id\":1,\"category_id\":2,\"bbox\":[1,2,3,4],\"area\":12,\"iscrowd\":0,\"score\":0.5,"
      "\"attributes\":{\"occluded\":true}}");
  g_autoptr (json_t) extra = assay_coco_parse_extra (annotation, ASSAY_COCO_BOX);
  g_autofree char *text = assay_json_canonical (extra);
  assert_string_equal (text, "{\"coco\":{\"attributes\":{\"occluded\":true},\"id\":7,\"score\":0.5}}");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (polygons_cover_the_pixels_that_pycocotools_gives),
    cmocka_unit_test (what_is_no_mask_is_refused_with_the_reason),
    cmocka_unit_test (a_bad_part_is_told_and_the_good_ones_stay),
    cmocka_unit_test (run_lengths_are_read_in_both_spellings),
    cmocka_unit_test (a_hole_is_written_as_run_lengths_without_crowd),
    cmocka_unit_test (any_drawing_comes_back_to_the_pixel),
    cmocka_unit_test (polygons_come_back_point_for_point),
    cmocka_unit_test (keypoints_keep_their_four_states),
    cmocka_unit_test (a_box_without_a_side_is_refused),
    cmocka_unit_test (annotations_are_found_by_image_whatever_the_order),
    cmocka_unit_test (a_file_that_is_cut_off_is_refused_whole),
    cmocka_unit_test (keys_of_others_are_kept_but_not_ours),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
