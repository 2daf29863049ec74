/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drawing rules: what they flag, that honest drawings are left alone, and that a remedy takes away just what it
 * says. */
#include "core/attribute.h"
#include "core/mask-parts.h"
#include "core/region.h"
#include "core/rule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define W 60
#define H 40

typedef struct
{
  AssayTask *task;
  AssayItem *item;
  AssayObjects *objects;
  AssayDrawn drawn;
} Sheet;

static Sheet *
sheet_new (const char *kind)
{
  Sheet *sheet = g_new0 (Sheet, 1);
  sheet->task = assay_task_new ("test", assay_kind_find (kind));
  assay_task_add_class (sheet->task, "cup");
  assay_task_add_class (sheet->task, "hand");
  sheet->item = assay_item_new ();
  sheet->item->width_px = W;
  sheet->item->height_px = H;
  sheet->objects = assay_objects_new (sheet->task->kind);
  sheet->drawn = (AssayDrawn){ sheet->task, sheet->item, sheet->objects };
  return sheet;
}

static void
sheet_free (Sheet *sheet)
{
  assay_objects_free (sheet->objects);
  assay_item_free (sheet->item);
  assay_task_free (sheet->task);
  g_free (sheet);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Sheet, sheet_free)

static AssayObject *
add (Sheet *sheet, gpointer take_value)
{
  AssayObject *object = assay_object_new (&((AssayClass *) sheet->task->classes->pdata[0])->id, take_value);
  assay_objects_take (sheet->objects, object);
  return object;
}

/* Rectangles: x0, y0, x1, y1 each. */
static AssayRegion *
region_of (const double *rects, guint n)
{
  GPtrArray *rings = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_ring_free);
  for (guint i = 0; i < n; i++, rects += 4)
    {
      AssayPoint points[4]
          = { { rects[0], rects[1] }, { rects[2], rects[1] }, { rects[2], rects[3] }, { rects[0], rects[3] } };
      g_ptr_array_add (rings, assay_ring_new (points, 4, FALSE));
    }
  return assay_region_new_from_rings (rings, W, H);
}

static AssayBox *
box_of (double x, double y, double w, double h)
{
  AssayBox *box = g_new0 (AssayBox, 1);
  box->box = (AssayRect){ x, y, w, h };
  return box;
}

/* Looks, expects this rule, repairs, applies, and checks that undoing brings everything back. */
static void
flag_and_repair (Sheet *sheet, const AssayObject *object, const char *rule, const char *why)
{
  g_auto (AssayBreach) breach = { 0 };
  g_autoptr (GError) error = NULL;
  assert_true (assay_rules_look (&sheet->drawn, object, &breach));
  assert_string_equal (breach.rule->id, rule);
  if (strstr (breach.why, why) == NULL)
    fail_msg ("it says '%s', not '%s'", breach.why, why);
  assert_non_null (breach.remedy);
  g_autoptr (AssayObjects) before = assay_objects_copy (sheet->objects);
  g_autoptr (AssayEdit) edit = assay_breach_new_repair (&breach, &sheet->drawn);
  assert_non_null (edit);
  assert_true (assay_edit_apply (edit, sheet->objects, FALSE, &error));
  assert_false (assay_objects_equal (before, sheet->objects));
  assert_true (assay_edit_apply (edit, sheet->objects, TRUE, &error));
  assert_true (assay_objects_equal (before, sheet->objects));
  assert_true (assay_edit_apply (edit, sheet->objects, FALSE, &error));
  assert_null (assay_breach_new_repair (&breach, &sheet->drawn));
}

static gboolean
is_broken (Sheet *sheet, const AssayObject *object)
{
  g_auto (AssayBreach) breach = { 0 };
  return assay_rules_look (&sheet->drawn, object, &breach);
}

/* The tests */

static void
a_speck_goes_and_the_polygon_stays_a_polygon (void **state)
{
  g_autoptr (Sheet) sheet = sheet_new ("segmentation");
  AssayObject *cup = add (sheet, region_of ((double[]){ 5, 5, 25, 25, 40, 30, 41, 31 }, 2));
  flag_and_repair (sheet, cup, "island", "one-pixel island");
  const AssayRegion *region = ((AssayObject *) sheet->objects->list->pdata[0])->value;
  assert_int_equal (assay_mask_area_px (region->mask), 400);
  assert_non_null (region->rings);
  assert_int_equal (region->rings->len, 1);
  assert_false (is_broken (sheet, sheet->objects->list->pdata[0]));
}

static void
specks_of_painted_pixels_go_and_nothing_else (void **state)
{
  g_autoptr (Sheet) sheet = sheet_new ("segmentation");
  g_autofree guint8 *pixels = g_new0 (guint8, W * H);
  for (guint y = 10; y < 20; y++)
    memset (&pixels[y * W + 10], 1, 10);
  pixels[9 * W + 9] = 1;                         /* touches at a corner: no island */
  pixels[0] = pixels[W * H - 1] = 1;             /* in opposite corners of the picture */
  pixels[30 * W + 30] = pixels[31 * W + 31] = 1; /* one island of two */
  AssayObject *cup = add (sheet, assay_region_new_from_mask (assay_mask_new_from_bytes (pixels, W, W, H)));
  flag_and_repair (sheet, cup, "island", "3 islands of up to two pixels");
  const AssayRegion *region = ((AssayObject *) sheet->objects->list->pdata[0])->value;
  pixels[0] = pixels[W * H - 1] = pixels[30 * W + 30] = pixels[31 * W + 31] = 0;
  g_autoptr (AssayMask) wanted = assay_mask_new_from_bytes (pixels, W, W, H);
  assert_true (assay_mask_equal (region->mask, wanted));
}

static void
parts_of_random_masks_are_those_of_a_flood_fill (void **state)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  for (guint round = 0; round < 200; round++)
    {
      guint8 pixels[16 * 12], seen[16 * 12] = { 0 };
      double share = g_rand_double_range (random, 0.1, 0.9);
      guint n_parts = 0, stack[16 * 12];
      for (guint i = 0; i < 16 * 12; i++)
        pixels[i] = g_rand_double (random) < share;
      g_autoptr (AssayMask) mask = assay_mask_new_from_bytes (pixels, 16, 16, 12);
      g_autoptr (GArray) parts = assay_mask_list_parts (mask);
      for (guint i = 0; i < 16 * 12; i++)
        {
          guint n = 0;
          if (!pixels[i] || seen[i])
            continue;
          n_parts++;
          stack[n++] = i;
          seen[i] = 1;
          while (n > 0)
            {
              int at = (int) stack[--n], x = at % 16, y = at / 16;
              for (int k = 0; k < 9; k++)
                {
                  int u = x + k % 3 - 1, v = y + k / 3 - 1;
                  if (u < 0 || v < 0 || u >= 16 || v >= 12 || !pixels[v * 16 + u] || seen[v * 16 + u])
                    continue;
                  seen[v * 16 + u] = 1;
                  stack[n++] = (guint) (v * 16 + u);
                }
            }
        }
      guint64 area = 0;
      for (guint i = 0; i < parts->len; i++)
        area += g_array_index (parts, AssayMaskPart, i).area_px;
      assert_int_equal (parts->len, n_parts);
      assert_int_equal (area, assay_mask_area_px (mask));
      g_autoptr (AssayMask) all = assay_mask_drop_parts (mask, 0);
      assert_true (assay_mask_equal (all, mask));
    }
}

static void
two_halves_of_one_thing_are_no_islands (void **state)
{
  g_autoptr (Sheet) sheet = sheet_new ("segmentation");
  assert_false (is_broken (sheet, add (sheet, region_of ((double[]){ 5, 5, 25, 25, 40, 5, 50, 25 }, 2))));
}

static void
what_leaves_the_picture_is_clipped_to_it (void **state)
{
  g_autoptr (Sheet) sheet = sheet_new ("segmentation");
  AssayObject *cup = add (sheet, region_of ((double[]){ -10, 10, 20, 50 }, 1));
  flag_and_repair (sheet, cup, "outside", "10 px out of the picture");
  const AssayRegion *region = ((AssayObject *) sheet->objects->list->pdata[0])->value;
  const AssayRing *ring = region->rings->pdata[0];
  for (guint i = 0; i < ring->n_points; i++)
    assert_true (ring->points[i].x >= 0 && ring->points[i].x <= W && ring->points[i].y >= 0
                 && ring->points[i].y <= H);
  assert_int_equal (assay_mask_area_px (region->mask), 20 * 30);

  g_autoptr (Sheet) boxes = sheet_new ("box");
  AssayObject *box = add (boxes, box_of (50, 30, 30, 5));
  flag_and_repair (boxes, box, "outside", "20 px");
  const AssayBox *clipped = ((AssayObject *) boxes->objects->list->pdata[0])->value;
  assert_true (clipped->box.x == 50 && clipped->box.w == 10 && clipped->box.h == 5);
  assert_false (is_broken (boxes, add (boxes, box_of (0, 0, W + 0.4, H))));
}

static void
a_slip_of_the_hand_is_removed (void **state)
{
  g_autoptr (Sheet) sheet = sheet_new ("segmentation");
  add (sheet, region_of ((double[]){ 5, 5, 25, 25 }, 1));
  AssayObject *slip = add (sheet, region_of ((double[]){ 30, 30, 32, 31 }, 1));
  flag_and_repair (sheet, slip, "tiny", "2 x 1 px");
  assert_int_equal (sheet->objects->list->len, 1);
}

static void
of_two_that_are_one_the_later_goes (void **state)
{
  g_autoptr (Sheet) sheet = sheet_new ("segmentation");
  AssayObject *first = add (sheet, region_of ((double[]){ 5, 5, 25, 25 }, 1));
  AssayId id = first->id;
  AssayObject *other = add (sheet, region_of ((double[]){ 5, 5, 25, 26 }, 1));
  other->class_id = ((AssayClass *) sheet->task->classes->pdata[1])->id;
  assert_false (is_broken (sheet, first)); /* a hand on the cup is not the cup */
  other->class_id = first->class_id;
  flag_and_repair (sheet, first, "twice", "95 % alike");
  assert_int_equal (sheet->objects->list->len, 1);
  assert_true (assay_id_equal (&((AssayObject *) sheet->objects->list->pdata[0])->id, &id));
  assert_false (is_broken (sheet, sheet->objects->list->pdata[0]));
}

static void
an_object_of_nothing_is_removed (void **state)
{
  g_autoptr (Sheet) sheet = sheet_new ("segmentation");
  add (sheet, region_of ((double[]){ 5, 5, 25, 25 }, 1));
  AssayObject *nothing = add (sheet, assay_region_new_from_mask (assay_mask_new_empty (W, H)));
  assay_region_set_unsure (nothing->value, assay_mask_new_from_box ((AssayRect){ 30, 10, 9, 9 }, W, H));
  flag_and_repair (sheet, nothing, "empty", "empty");
  assert_int_equal (sheet->objects->list->len, 1);
  g_autoptr (Sheet) boxes = sheet_new ("box");
  flag_and_repair (boxes, add (boxes, box_of (5, 5, 0, 8)), "empty", "empty");
}

static void
a_class_of_another_task_is_told (void **state)
{
  g_autoptr (Sheet) sheet = sheet_new ("box");
  g_auto (AssayBreach) breach = { 0 };
  AssayObject *box = add (sheet, box_of (5, 5, 20, 20));
  assert_false (is_broken (sheet, box));
  box->class_id.bytes[3] ^= 1;
  assert_true (assay_rules_look (&sheet->drawn, box, &breach));
  assert_string_equal (breach.rule->id, "class");
  assert_true (breach.place.x == 5 && breach.place.w == 20);
  assert_null (breach.remedy);
}

/* A handle of 5 x 5 stays open, a hole of 3 x 1 does not. */
static void
a_pinhole_is_filled_and_a_handle_stays_open (void **state)
{
  g_autoptr (Sheet) sheet = sheet_new ("segmentation");
  AssayRegion *region = region_of ((double[]){ 5, 5, 35, 35 }, 1);
  g_autoptr (AssayMask) handle = assay_mask_new_from_box ((AssayRect){ 10, 10, 5, 5 }, W, H);
  g_autoptr (AssayMask) pinhole = assay_mask_new_from_box ((AssayRect){ 20, 20, 3, 1 }, W, H);
  g_autoptr (AssayMask) open = assay_mask_combine (region->mask, handle, ASSAY_MASK_DIFFERENCE);
  AssayObject *cup
      = add (sheet, assay_region_new_from_mask (assay_mask_combine (open, pinhole, ASSAY_MASK_DIFFERENCE)));
  assay_region_set_unsure (cup->value, assay_mask_copy (handle));
  assay_region_free (region);
  flag_and_repair (sheet, cup, "hole", "a hole of 3 px");
  const AssayRegion *mended = ((AssayObject *) sheet->objects->list->pdata[0])->value;
  assert_true (assay_mask_equal (mended->mask, open));
  assert_true (assay_mask_equal (mended->unsure, handle));
  assert_false (is_broken (sheet, sheet->objects->list->pdata[0]));
}

static void
neighbours_that_miss_or_lap_by_two_pixels_are_told (void **state)
{
  for (int apart = -4; apart <= 4; apart++)
    {
      g_autoptr (Sheet) sheet = sheet_new ("segmentation");
      add (sheet, region_of ((double[]){ 5, 5, 25, 35 }, 1));
      AssayObject *beside = add (sheet, region_of ((double[]){ 25 + apart, 5, 50, 35 }, 1));
      if (ABS (apart) > 2 || apart == 0)
        {
          assert_false (is_broken (sheet, beside));
          continue;
        }
      flag_and_repair (sheet, beside, "sliver", apart > 0 ? "misses the cup" : "laps over the cup");
      const AssayRegion *below = ((AssayObject *) sheet->objects->list->pdata[0])->value;
      const AssayRegion *above = ((AssayObject *) sheet->objects->list->pdata[1])->value;
      assert_int_equal (assay_mask_intersection_px (below->mask, above->mask), 0);
      assert_int_equal (assay_mask_area_px (below->mask) + assay_mask_area_px (above->mask), 45 * 30);
      assert_false (is_broken (sheet, sheet->objects->list->pdata[0]));
    }
}

static void
where_a_task_has_no_class_none_is_missing (void **state)
{
  g_autoptr (AssayItem) item = assay_item_new ();
  g_autoptr (AssayTask) task = assay_task_new ("things", assay_kind_find ("box"));
  g_autoptr (AssayObjects) objects = assay_objects_new (task->kind);
  AssayBox *box = g_new0 (AssayBox, 1);
  box->box = (AssayRect){ 5, 5, 20, 20 };
  AssayObject *object = assay_object_new (&ASSAY_ID_NIL, box);
  assay_objects_take (objects, object);
  item->width_px = W;
  item->height_px = H;
  const AssayDrawn drawn = { task, item, objects, 0 };
  g_auto (AssayBreach) breach = { 0 };
  assert_false (assay_rules_look (&drawn, object, &breach));
  object->class_id = assay_id_new (); /* but one of another task is */
  assert_true (assay_rules_look (&drawn, object, &breach));
  assert_string_equal (breach.rule->id, "class");
}

static void
what_is_not_found_in_time_is_not_told (void **state)
{
  g_autoptr (Sheet) sheet = sheet_new ("segmentation");
  add (sheet, region_of ((double[]){ 5, 5, 25, 35 }, 1));
  AssayObject *beside = add (sheet, region_of ((double[]){ 26, 5, 50, 35 }, 1));
  AssayDrawn drawn = { sheet->task, sheet->item, sheet->objects, g_get_monotonic_time () };
  const AssayRule *rule = assay_rule_find ("sliver");
  g_auto (AssayBreach) late = { 0 }, in_time = { 0 };
  assert_true (assay_drawn_is_late (&drawn));
  assert_false (rule->find (&drawn, beside, &late));
  assert_false (assay_rules_look (&drawn, beside, &late));
  drawn.until_us = 0;
  assert_true (rule->find (&drawn, beside, &in_time));
}

/* Two cups side by side touch in a point; what is between round things is theirs. */
static void
round_things_that_touch_are_left_alone (void **state)
{
  g_autoptr (Sheet) sheet = sheet_new ("segmentation");
  for (guint i = 0; i < 2; i++)
    {
      guint8 pixels[W * H];
      for (int y = 0; y < H; y++)
        for (int x = 0; x < W; x++)
          pixels[y * W + x] = (x - 15 - 29 * (int) i) * (x - 15 - 29 * (int) i) + (y - 20) * (y - 20) <= 14 * 14;
      add (sheet, assay_region_new_from_mask (assay_mask_new_from_bytes (pixels, W, W, H)));
    }
  assert_false (is_broken (sheet, sheet->objects->list->pdata[0]));
  assert_false (is_broken (sheet, sheet->objects->list->pdata[1]));
}

static void
a_value_that_the_task_does_not_ask_for_is_told (void **state)
{
  g_autoptr (Sheet) sheet = sheet_new ("box");
  g_auto (AssayBreach) breach = { 0 };
  g_autoptr (GError) error = NULL;
  sheet->task->rules = json_loads ("{\"attributes\": [{\"name\": \"state\", \"type\": \"choice\", \"choices\":"
                                   " [\"full\", \"empty\"], \"classes\": [\"cup\"]}, {\"name\": \"layers\","
                                   " \"type\": \"number\"}]}",
                                   0, NULL);
  assert_true (assay_attributes_check (sheet->task, &error));
  AssayObject *cup = add (sheet, box_of (5, 5, 20, 20));
  AssayObject *hand = add (sheet, box_of (35, 5, 20, 20));
  hand->class_id = ((AssayClass *) sheet->task->classes->pdata[1])->id;
  cup->attributes = json_pack ("{s:s, s:i, s:s}", "state", "full", "layers", 2, "colour", "red");
  hand->attributes = json_pack ("{s:s}", "state", "half");
  assert_false (is_broken (sheet, cup));
  assert_false (is_broken (sheet, hand)); /* it is asked of cups alone */
  assert_true (assay_objects_validate (sheet->objects, sheet->task, sheet->item, &error));
  json_object_set_new (cup->attributes, "state", json_string ("half"));
  assert_true (assay_rules_look (&sheet->drawn, cup, &breach));
  assert_string_equal (breach.rule->id, "attribute");
  assert_non_null (strstr (breach.why, "attribute state: \"half\" is not allowed"));
  assert_false (assay_objects_validate (sheet->objects, sheet->task, sheet->item, &error));
  assert_true (g_str_has_prefix (error->message, "object 1: attribute state"));
  json_object_set_new (cup->attributes, "state", json_string ("empty"));
  json_object_set_new (cup->attributes, "layers", json_string ("2"));
  assert_true (is_broken (sheet, cup));
}

static void
wrong_attributes_are_refused_with_their_place (void **state)
{
  static const struct
  {
    const char *rules, *why;
  } cases[] = {
    { "{\"attributes\": {}}", "must be a list" },
    { "{\"attributes\": [{\"type\": \"text\"}]}", "attribute 1: it has no name" },
    { "{\"attributes\": [{\"name\": \"a\", \"type\": \"text\"}, {\"name\": \"a\", \"type\": \"text\"}]}",
      "attribute 2: its name stands twice" },
    { "{\"attributes\": [{\"name\": \"a\", \"type\": \"colour\"}]}", "none of choice, text" },
    { "{\"attributes\": [{\"name\": \"a\", \"type\": \"choice\"}]}", "choices, a list of words" },
    { "{\"attributes\": [{\"name\": \"a\", \"type\": \"choice\", \"choices\": [1]}]}", "choices, a list of words" },
    { "{\"attributes\": [{\"name\": \"a\", \"type\": \"text\", \"choices\": [\"x\"]}]}",
      "choices, a list of words" },
    { "{\"attributes\": [{\"name\": \"proposed\", \"type\": \"bool\"}]}", "have a meaning already" },
    { "{\"attributes\": [{\"name\": \"a\", \"type\": \"bool\", \"default\": true}]}", "other keys" },
    { "{\"attributes\": [{\"name\": \"a\", \"type\": \"bool\", \"classes\": []}]}", "no list of names" },
    { "{\"attributes\": [{\"name\": \"a\", \"type\": \"bool\", \"classes\": [\"cup\", \"cups\"]}]}",
      "it is asked of cups, which is no class" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (AssayTask) task = assay_task_new ("cups", assay_kind_find ("box"));
      assay_task_add_class (task, "cup");
      task->rules = json_loads (cases[i].rules, 0, NULL);
      assert_non_null (task->rules);
      assert_false (assay_attributes_check (task, &error));
      if (strstr (error->message, cases[i].why) == NULL)
        fail_msg ("case %u says '%s'", i, error->message);
    }
  g_autoptr (AssayTask) none = assay_task_new ("cups", assay_kind_find ("box"));
  assert_true (assay_attributes_check (none, NULL));
}

static void
every_rule_says_who_it_is_and_looks_at_its_kinds_alone (void **state)
{
  guint n;
  const AssayRule *const *rules = assay_rule_list (&n);
  assert_true (n >= 8);
  for (guint i = 0; i < n; i++)
    {
      assert_true (rules[i]->title != NULL && rules[i]->help != NULL && rules[i]->find != NULL);
      assert_ptr_equal (assay_rule_find (rules[i]->id), rules[i]);
      for (guint k = 0; rules[i]->kinds[k] != NULL; k++)
        {
          const AssayKind *kind = assay_kind_find (rules[i]->kinds[k]);
          assert_non_null (kind);
          assert_int_equal (kind->media, ASSAY_MEDIA_PICTURE);
        }
      /* A tag has no place; but a program may have proposed it. */
      assert_int_equal (assay_rule_serves (rules[i], assay_kind_find ("tag")),
                        g_str_equal (rules[i]->id, "proposed"));
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_speck_goes_and_the_polygon_stays_a_polygon),
    cmocka_unit_test (specks_of_painted_pixels_go_and_nothing_else),
    cmocka_unit_test (parts_of_random_masks_are_those_of_a_flood_fill),
    cmocka_unit_test (two_halves_of_one_thing_are_no_islands),
    cmocka_unit_test (what_leaves_the_picture_is_clipped_to_it),
    cmocka_unit_test (a_slip_of_the_hand_is_removed),
    cmocka_unit_test (of_two_that_are_one_the_later_goes),
    cmocka_unit_test (an_object_of_nothing_is_removed),
    cmocka_unit_test (a_class_of_another_task_is_told),
    cmocka_unit_test (a_pinhole_is_filled_and_a_handle_stays_open),
    cmocka_unit_test (neighbours_that_miss_or_lap_by_two_pixels_are_told),
    cmocka_unit_test (where_a_task_has_no_class_none_is_missing),
    cmocka_unit_test (what_is_not_found_in_time_is_not_told),
    cmocka_unit_test (round_things_that_touch_are_left_alone),
    cmocka_unit_test (a_value_that_the_task_does_not_ask_for_is_told),
    cmocka_unit_test (wrong_attributes_are_refused_with_their_place),
    cmocka_unit_test (every_rule_says_who_it_is_and_looks_at_its_kinds_alone),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
