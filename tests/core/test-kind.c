/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every kind of label held to what core/kind.h promises: a new one is tested by being listed, and by giving a value
 * here. */
#include "core/error.h"
#include "core/json.h"
#include "core/keypoints.h"
#include "core/kind.h"
#include "core/pose.h"
#include "core/region.h"
#include "core/transcript.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define W 40
#define H 30

static AssayItem
an_item (void)
{
  return (AssayItem){ .width_px = W, .height_px = H, .n_samples = 48000, .rate_hz = 16000, .channels = 1 };
}

static AssayTask *
a_task (const AssayKind *kind)
{
  AssayTask *task = assay_task_new ("the task", kind);
  assay_task_add_class (task, "cup");
  assay_task_add_class (task, "plate");
  for (guint i = 0; i < 3; i++)
    assay_task_add_node (task, ((const char *[]){ "tip", "middle", "end" })[i]);
  AssayEdge edges[] = { { 0, 1 }, { 1, 2 } };
  g_array_append_vals (task->edges, edges, 2);
  return task;
}

/* --- one value of each kind --- */

static gpointer
make_region (GRand *random, const AssayTask *task)
{
  if (g_rand_boolean (random))
    {
      guint8 px[W * H];
      for (guint i = 0; i < W * H; i++)
        px[i] = g_rand_double (random) < 0.3;
      px[5] = 1;
      AssayRegion *region = assay_region_new_from_mask (assay_mask_new_from_bytes (px, W, W, H));
      region->crowd = g_rand_boolean (random);
      if (g_rand_boolean (random))
        assay_region_set_unsure (
            region, assay_mask_new_from_box ((AssayRect){ 2, 3, g_rand_int_range (random, 1, 9), 4 }, W, H));
      return region;
    }
  GPtrArray *rings = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_ring_free);
  double x = g_rand_double_range (random, 0, 8), y = g_rand_double_range (random, 0, 8);
  AssayPoint outer[] = { { x, y }, { x + 20, y + 1.25 }, { x + 19, y + 15 }, { x + 0.1, y + 14 } };
  AssayPoint inner[] = { { x + 5, y + 5 }, { x + 9, y + 5 }, { x + 9, y + 9 } };
  g_ptr_array_add (rings, assay_ring_new (outer, 4, FALSE));
  if (g_rand_boolean (random))
    g_ptr_array_add (rings, assay_ring_new (inner, 3, TRUE));
  return assay_region_new_from_rings (rings, W, H);
}

static gpointer
make_keypoints (GRand *random, const AssayTask *task)
{
  AssayKeypoints *keypoints = assay_keypoints_new (task->nodes->len);
  for (guint i = 0; i < keypoints->n_points; i++)
    {
      AssayKeypoint *point = &keypoints->points[i];
      point->node = g_array_index (task->nodes, AssayNode, i).id;
      point->state = i == 0 ? ASSAY_NODE_VISIBLE : (AssayNodeState) g_rand_int_range (random, 0, 4);
      if (assay_keypoint_is_placed (point))
        point->at = (AssayPoint){ g_rand_double_range (random, 0, W), g_rand_double_range (random, 0, H) };
    }
  keypoints->area_px = g_rand_boolean (random) ? 0 : g_rand_double_range (random, 1, 900);
  return keypoints;
}

static gpointer
make_pose (GRand *random, const AssayTask *task)
{
  double a = g_rand_double_range (random, -3, 3), c = cos (a), s = sin (a);
  AssayPose pose = { { c, 0, s, 0, 1, 0, -s, 0, c }, { g_rand_double (random), -0.5, 1 + g_rand_double (random) } };
  AssayCamera camera = { 600, 610, 20, 15, { 0.1, -0.02, 1e-4, 0, 0.003 }, g_rand_boolean (random) };
  AssayPosePair pairs[5];
  guint n = (guint) g_rand_int_range (random, 0, 6);
  for (guint i = 0; i < n; i++)
    pairs[i]
        = (AssayPosePair){ { i * 0.01, g_rand_double (random), 0.1 }, { g_rand_double_range (random, 0, W), 3.5 } };
  return assay_posed_new (&pose, &camera, pairs, n, n > 0 ? g_rand_double (random) : NAN);
}

static gpointer
make_segment (GRand *random, const AssayTask *task)
{
  static const char *const texts[] = { "", "the cat", "schöne Grüße, \"ja\"", "今日は", "tab\tand\nline" };
  gint64 start = g_rand_int_range (random, 0, 20000);
  AssaySegment *segment = assay_segment_new (start, start + g_rand_int_range (random, 1, 20000),
                                             texts[g_rand_int_range (random, 0, G_N_ELEMENTS (texts))],
                                             g_rand_boolean (random) ? "Ada" : NULL);
  segment->unclear = g_rand_boolean (random);
  return segment;
}

static gpointer
make_box (GRand *random, const AssayTask *task)
{
  AssayBox *box = g_new (AssayBox, 1);
  box->box = (AssayRect){ g_rand_double_range (random, -2, 30), g_rand_double_range (random, -2, 20),
                          g_rand_double_range (random, 3, 10), g_rand_double_range (random, 3, 10) };
  return box;
}

static gpointer
make_tag (GRand *random, const AssayTask *task)
{
  return NULL;
}

typedef gpointer (*Make) (GRand *random, const AssayTask *task);

static Make
maker_of (const AssayKind *kind)
{
  static const struct
  {
    const char *id;
    Make make;
  } makers[] = {
    { "segmentation", make_region },
    { "keypoints", make_keypoints },
    { "pose", make_pose },
    { "transcript", make_segment },
    { "box", make_box },
    { "tag", make_tag },
  };
  for (guint i = 0; i < G_N_ELEMENTS (makers); i++)
    if (g_str_equal (makers[i].id, kind->id))
      return makers[i].make;
  fail_msg ("this test needs a way to make a %s", kind->id);
  return NULL;
}

typedef void (*EachKind) (const AssayKind *kind, const AssayTask *task, const AssayItem *item, Make make,
                          GRand *random);

static void
for_each_kind (EachKind run)
{
  guint n = 0;
  const AssayKind *const *kinds = assay_kind_list (&n);
  assert_true (n >= 6);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GRand) random = g_rand_new_with_seed (11);
      g_autoptr (AssayTask) task = a_task (kinds[i]);
      AssayItem item = an_item ();
      run (kinds[i], task, &item, maker_of (kinds[i]), random);
    }
}

static AssayObject *
make_object (const AssayTask *task, Make make, GRand *random)
{
  const AssayClass *class = task->classes->pdata[g_rand_int_range (random, 0, 2)];
  AssayObject *object = assay_object_new (&class->id, make (random, task));
  if (g_rand_boolean (random))
    object->track = assay_id_new ();
  if (g_rand_boolean (random))
    object->attributes = json_pack ("{s:s, s:[i]}", "colour", "red", "n", 3);
  return object;
}

static AssayObjects *
make_objects (const AssayTask *task, Make make, GRand *random)
{
  AssayObjects *objects = assay_objects_new (task->kind);
  for (int n = g_rand_int_range (random, 0, 5); n > 0; n--)
    assay_objects_take (objects, make_object (task, make, random));
  return objects;
}

/* --- what every kind promises --- */

static void
check_complete (const AssayKind *kind, const AssayTask *task, const AssayItem *item, Make make, GRand *random)
{
  assert_true (assay_kind_find (kind->id) == kind);
  assert_true (kind->title != NULL && kind->help != NULL && kind->keys != NULL && kind->measures != NULL);
  assert_true (kind->parse && kind->write && kind->copy && kind->free && kind->equal && kind->validate);
  assert_true (kind->similarity && kind->measure && kind->summarise);
  assert_int_equal (kind->diff == NULL, kind->patch == NULL);
  assert_true (kind->default_tolerance >= 0 && kind->default_tolerance <= 1);
  guint n = 0;
  for (; kind->measures[n].name != NULL; n++)
    assert_true (kind->measures[n].title != NULL && kind->measures[n].unit != NULL);
  assert_true (n >= 1 && n <= ASSAY_KIND_MAX_MEASURES);
  kind->free (NULL);
}

static void
every_kind_is_complete (void **state)
{
  for_each_kind (check_complete);
  assert_null (assay_kind_find ("smell"));
  assert_null (assay_kind_find (NULL));
}

static void
check_round_trip (const AssayKind *kind, const AssayTask *task, const AssayItem *item, Make make, GRand *random)
{
  for (guint round = 0; round < 60; round++)
    {
      g_autoptr (AssayObjects) objects = make_objects (task, make, random);
      g_autoptr (GError) error = NULL;
      g_autoptr (json_t) json = assay_objects_to_json (objects, task);
      g_autofree char *text = assay_json_canonical (json);
      g_autoptr (json_t) parsed = assay_json_parse (text, strlen (text), "label", &error);
      g_autoptr (AssayObjects) read = assay_objects_from_json (parsed, task, item, &error);
      if (error != NULL)
        fail_msg ("%s: %s in %s", kind->id, error->message, text);
      assert_true (assay_objects_equal (objects, read));
      assert_true (assay_objects_validate (read, task, item, NULL));
      g_autoptr (json_t) again = assay_objects_to_json (read, task);
      g_autofree char *same = assay_json_canonical (again);
      assert_string_equal (text, same);
      g_autoptr (AssayObjects) copy = assay_objects_copy (objects);
      assert_true (assay_objects_equal (objects, copy));
    }
}

static void
what_is_written_reads_back_equal (void **state)
{
  for_each_kind (check_round_trip);
}

static void
check_figures (const AssayKind *kind, const AssayTask *task, const AssayItem *item, Make make, GRand *random)
{
  guint n = 0;
  while (kind->measures[n].name != NULL)
    n++;
  for (guint round = 0; round < 60; round++)
    {
      gpointer a = make (random, task), b = make (random, task);
      double there = kind->similarity (a, b, task), back = kind->similarity (b, a, task);
      double self = kind->similarity (a, a, task);
      assert_true (isnan (there) ? isnan (back) : there == back);
      assert_true (isnan (there) || (there >= 0 && there <= 1));
      assert_true (isnan (self) || fabs (self - 1) < 1e-12);
      double values[ASSAY_KIND_MAX_MEASURES + 1], same[ASSAY_KIND_MAX_MEASURES + 1];
      for (guint i = 0; i <= ASSAY_KIND_MAX_MEASURES; i++)
        values[i] = -7;
      kind->measure (a, b, task, values);
      for (guint i = 0; i <= ASSAY_KIND_MAX_MEASURES; i++)
        assert_int_equal (values[i] == -7, i >= n);
      kind->measure (a, a, task, same);
      for (guint i = 0; i < n; i++) /* nothing is better than being the same */
        assert_true (isnan (same[i]) || fabs (same[i] - (kind->measures[i].higher_is_better ? 1 : 0)) < 1e-6);
      kind->free (a);
      kind->free (b);
    }
}

static void
figures_are_symmetric_and_best_when_equal (void **state)
{
  for_each_kind (check_figures);
}

static void
check_whole (const AssayKind *kind, const AssayTask *task, const AssayItem *item, Make make, GRand *random)
{
  if (kind->measure_whole == NULL)
    return;
  for (guint round = 0; round < 40; round++)
    {
      g_autoptr (AssayObjects) a = make_objects (task, make, random);
      g_autoptr (AssayObjects) b = make_objects (task, make, random);
      double there[ASSAY_KIND_MAX_MEASURES], back[ASSAY_KIND_MAX_MEASURES];
      assert_true (kind->measure_whole (a->list, b->list, task, there));
      assert_true (kind->measure_whole (b->list, a->list, task, back));
      for (guint i = 0; kind->measures[i].name != NULL; i++)
        assert_true (isnan (there[i]) ? isnan (back[i]) : fabs (there[i] - back[i]) < 1e-12);
    }
}

static void
whole_answers_compare_both_ways_alike (void **state)
{
  for_each_kind (check_whole);
}

static void
check_faces (const AssayKind *kind, const AssayTask *task, const AssayItem *item, Make make, GRand *random)
{
  for (guint round = 0; round < 20; round++)
    {
      AssayObject *object = make_object (task, make, random);
      g_autofree char *summary = kind->summarise (object, task);
      assert_true (summary[0] != '\0' && g_utf8_validate (summary, -1, NULL));
      AssayRect box;
      if (kind->bounds != NULL && kind->bounds (object->value, &box))
        assert_true (box.w >= 0 && box.h >= 0);
      g_autoptr (AssayMarks) marks = assay_marks_new ();
      if (kind->list_marks != NULL)
        kind->list_marks (object, task, marks);
      for (guint i = 0; i < marks->marks->len; i++)
        {
          const AssayMark *mark = &g_array_index (marks->marks, AssayMark, i);
          assert_int_equal (mark->kind == ASSAY_MARK_MASK, mark->mask != NULL);
          assert_true (mark->kind == ASSAY_MARK_MASK || mark->n_points > 0);
          assert_true (mark->colour == assay_task_class_colour (task, &object->class_id));
        }
      assay_object_free (object, kind);
    }
}

static void
every_object_can_be_named_and_drawn (void **state)
{
  for_each_kind (check_faces);
}

static void
check_changes (const AssayKind *kind, const AssayTask *task, const AssayItem *item, Make make, GRand *random)
{
  if (kind->diff == NULL)
    return;
  for (guint round = 0; round < 200; round++)
    {
      gpointer before = make (random, task), after = make (random, task);
      g_autoptr (json_t) difference = kind->diff (before, after);
      g_autofree char *text = assay_json_canonical (difference);
      g_autoptr (json_t) stored = assay_json_parse (text, strlen (text), "difference", NULL);
      g_autoptr (GError) error = NULL;
      gpointer forward = kind->patch (before, stored, FALSE, &error);
      assert_null (error);
      gpointer backward = kind->patch (after, stored, TRUE, &error);
      assert_null (error);
      assert_true (kind->equal (forward, after));
      assert_true (kind->equal (backward, before));
      kind->free (before);
      kind->free (after);
      kind->free (forward);
      kind->free (backward);
    }
}

static void
a_change_goes_forward_and_back_exactly (void **state)
{
  for_each_kind (check_changes);
}

static void
check_schema (const AssayKind *kind, const AssayTask *task, const AssayItem *item, Make make, GRand *random)
{
  g_autofree char *path
      = g_strdup_printf ("%s/doc/schema/assay.%s-1.schema.json", g_getenv ("ASSAY_SOURCE"), kind->id);
  g_autofree char *name = g_strdup_printf ("assay.%s/1", kind->id);
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) schema = assay_json_load (path, &error);
  assert_null (error);
  const json_t *properties = json_object_get (schema, "properties");
  assert_string_equal (assay_json_get_string (json_object_get (properties, "schema"), "const"), name);
  const json_t *object
      = json_object_get (json_object_get (json_object_get (properties, "objects"), "items"), "properties");
  guint n = 4;
  for (; kind->keys[n - 4] != NULL; n++)
    assert_non_null (json_object_get (object, kind->keys[n - 4]));
  assert_int_equal (json_object_size (object), n); /* id, class, track, attributes, and the kind's own */
}

static void
every_kind_has_a_published_schema (void **state)
{
  for_each_kind (check_schema);
}

/* --- broken input --- */

#define BROKEN_VALUES 8

static json_t *
broken_value (guint which)
{
  switch (which)
    {
    case 0:
      return json_null ();
    case 1:
      return json_true ();
    case 2:
      return json_integer (-1);
    case 3:
      return json_real (1e300);
    case 4:
      return json_string ("\xc3\xa9");
    case 5:
      return json_array ();
    case 6:
      return json_object ();
    default:
      return json_pack ("[[[]]]");
    }
}

static void
try_to_read (json_t *label, const AssayTask *task, const AssayItem *item)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayObjects) read = assay_objects_from_json (label, task, item, &error);
  assert_int_equal (read == NULL, error != NULL);
  if (read == NULL)
    return;
  g_autoptr (json_t) json = assay_objects_to_json (read, task);
  g_autoptr (AssayObjects) again = assay_objects_from_json (json, task, item, &error);
  assert_null (error);
  assert_true (assay_objects_equal (read, again));
}

/* Puts each broken value in the place of every value in the document, one at a time. */
static void
break_everywhere (json_t *label, json_t *place, const AssayTask *task, const AssayItem *item)
{
  const char *key;
  void *next;
  json_t *value;
  json_object_foreach_safe (place, next, key, value)
  {
    g_autoptr (json_t) kept = json_incref (value);
    g_autofree char *name = g_strdup (key);
    break_everywhere (label, kept, task, item);
    for (guint i = 0; i < BROKEN_VALUES; i++)
      {
        json_object_set_new (place, name, broken_value (i));
        try_to_read (label, task, item);
      }
    json_object_set (place, name, kept);
  }
  for (gsize k = 0; json_is_array (place) && k < json_array_size (place); k++)
    {
      g_autoptr (json_t) kept = json_incref (json_array_get (place, k));
      break_everywhere (label, kept, task, item);
      for (guint i = 0; i < BROKEN_VALUES; i++)
        {
          json_array_set_new (place, k, broken_value (i));
          try_to_read (label, task, item);
        }
      json_array_set (place, k, kept);
    }
}

static void
check_broken (const AssayKind *kind, const AssayTask *task, const AssayItem *item, Make make, GRand *random)
{
  for (guint round = 0; round < 8; round++)
    {
      g_autoptr (AssayObjects) objects = assay_objects_new (kind);
      assay_objects_take (objects, make_object (task, make, random));
      g_autoptr (json_t) label = assay_objects_to_json (objects, task);
      break_everywhere (label, label, task, item);
    }
}

static void
broken_labels_are_refused_or_read_whole (void **state)
{
  for_each_kind (check_broken);
}

static void
check_typing_error (const AssayKind *kind, const AssayTask *task, const AssayItem *item, Make make, GRand *random)
{
  g_autoptr (AssayObjects) objects = assay_objects_new (kind);
  assay_objects_take (objects, make_object (task, make, random));
  assay_objects_take (objects, make_object (task, make, random));
  g_autoptr (json_t) label = assay_objects_to_json (objects, task);
  json_object_set_new (json_array_get (json_object_get (label, "objects"), 1), "crowded", json_true ());
  g_autoptr (GError) error = NULL;
  assert_null (assay_objects_from_json (label, task, item, &error));
  assert_true (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA));
  g_autofree char *wanted = g_strdup_printf ("object 2: crowded: a %s object has no such key", kind->id);
  assert_string_equal (error->message, wanted);
}

static void
a_key_that_does_not_exist_is_named (void **state)
{
  for_each_kind (check_typing_error);
}

/* --- labels as people write them --- */

static AssayObjects *
read_text (const char *kind, const char *objects, AssayTask **ret_task, GError **error)
{
  g_autofree char *text = g_strdup_printf ("{\"schema\":\"assay.%s/1\",\"objects\":[%s]}", kind, objects);
  g_autoptr (json_t) json = assay_json_parse (text, strlen (text), "label", error);
  assert_non_null (json);
  AssayItem item = an_item ();
  *ret_task = a_task (assay_kind_find (kind));
  return assay_objects_from_json (json, *ret_task, &item, error);
}

static void
check_message (const char *kind, const char *objects, const char *wanted)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayTask) task = NULL;
  g_autoptr (AssayObjects) read = read_text (kind, objects, &task, &error);
  AssayItem item = an_item ();
  if (read != NULL)
    assert_false (assay_objects_validate (read, task, &item, &error));
  if (g_strcmp0 (error->message, wanted) != 0)
    fail_msg ("\"%s\" instead of \"%s\"", error->message, wanted);
}

static void
messages_say_where_and_why (void **state)
{
  check_message ("segmentation", "{\"class\":\"cup\",\"mask\":{\"size\":[30,40],\"counts\":\"5\"}}",
                 "object 1: mask: runs sum to 5, but 40 x 30 pixels are 1200");
  check_message ("segmentation", "{\"class\":\"cup\",\"mask\":{\"size\":[40,30],\"counts\":\"`U1\"}}",
                 "object 1: mask: it is 30 x 40 pixels, the picture is 40 x 30; size is [height, width]");
  check_message ("segmentation", "{\"class\":\"cup\",\"mask\":{\"size\":[30,40],\"counts\":\"`U1\"}}",
                 "object 1: mask: no pixel is inside; draw it again or delete it");
  check_message (
      "segmentation", "{\"class\":\"cup\",\"rings\":[{\"points\":[[1,1],[2,2]]}]}",
      "object 1: rings: ring 1: this is not {\"hole\": true or false, \"points\": three or more [x, y]}");
  check_message ("segmentation",
                 "{\"class\":\"cup\",\"mask\":{\"size\":[30,40],\"counts\":\"`U1\"},"
                 "\"rings\":[{\"points\":[[1,1],[9,1],[9,9]]}]}",
                 "object 1: rings: they enclose other pixels than the mask; give one of the two");
  check_message ("segmentation", "{\"class\":\"mug\"}",
                 "object 1: class: task the task has no class \"mug\"; add it to the task first");
  check_message ("keypoints",
                 "{\"class\":\"cup\",\"points\":[{\"node\":\"tip\",\"state\":\"outside\",\"at\":[1,2]}]}",
                 "object 1: points: point 1: at: a point that is outside has no coordinates");
  check_message ("keypoints", "{\"class\":\"cup\",\"points\":[{\"node\":\"tip\",\"state\":\"visible\"}]}",
                 "object 1: points: point 1: at: a point that is visible needs [x, y] in pixels");
  check_message ("keypoints",
                 "{\"class\":\"cup\",\"points\":[{\"node\":\"tip\",\"state\":\"visible\",\"at\":[41,2]}]}",
                 "object 1: points: tip lies outside the picture of 40 x 30 pixels; give it the state outside");
  check_message (
      "pose", "{\"class\":\"cup\",\"pose\":{\"r\":[1,0,0,0,1,0,0,0,-1],\"t_m\":[0,0,1]},\"camera\":{}}",
      "object 1: pose: r is no rotation (its rows are not of length 1, at right angles and right-handed)");
  check_message ("transcript", "{\"start\":5,\"end\":5,\"text\":\"a\"}",
                 "object 1: end: it is not after start, or start is below 0");
  check_message ("transcript", "{\"start\":5,\"end\":50000,\"text\":\"a\"}",
                 "object 1: start, end: [5, 50000) leaves the item's samples [0, 48000)");
  check_message ("box", "{\"class\":\"cup\",\"box\":[1,1,0,5]}",
                 "object 1: box: it has no area; draw it again or delete it");
  check_message ("tag", "{}", "object 1: class: none is given; choose one of task the task");
  check_message ("tag",
                 "{\"id\":\"0190a000-0000-7000-8000-000000000001\",\"class\":\"cup\"},"
                 "{\"id\":\"0190a000-0000-7000-8000-000000000001\",\"class\":\"plate\"}",
                 "object 2: id: 0190a000-0000-7000-8000-000000000001 is there twice");
  check_message (
      "tag", "{\"class\":\"0190a000-0000-7000-8000-000000000001\"}",
      "object 1: class: task the task has no class 0190a000-0000-7000-8000-000000000001; add it to the task first");
}

static void
names_and_rings_are_enough (void **state)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayTask) task = NULL;
  g_autoptr (AssayObjects) read
      = read_text ("segmentation",
                   "{\"class\":\"plate\",\"rings\":[{\"points\":[[1,1],[11,1],[11,11],[1,11]]},"
                   "{\"hole\":true,\"points\":[[3,3],[5,3],[5,5],[3,5]]}]}",
                   &task, &error);
  assert_null (error);
  const AssayObject *object = read->list->pdata[0];
  assert_int_equal (assay_mask_area_px (((const AssayRegion *) object->value)->mask), 96);
  assert_string_equal (assay_task_find_class (task, &object->class_id)->name, "plate");
  assert_false (assay_id_is_nil (&object->id));
}

static void
what_is_unsure_is_traced_once (void **state)
{
  g_autoptr (AssayRegion) region = assay_region_new_from_mask (
      assay_mask_new_from_box ((AssayRect){ 0, 0, 20, 10 }, 40, 30));
  assert_null (assay_region_get_unsure_rings (region));
  assay_region_set_unsure (region, assay_mask_new_from_box ((AssayRect){ 18, 0, 4, 10 }, 40, 30));
  const GPtrArray *rings = assay_region_get_unsure_rings (region);
  assert_int_equal (rings->len, 1);
  g_autoptr (AssayRegion) copy = assay_region_copy (region);
  assert_ptr_equal (assay_region_get_unsure_rings (region), rings);
  assert_ptr_equal (assay_region_get_unsure_rings (copy), rings);
  assay_region_set_unsure (copy, assay_mask_new_from_box ((AssayRect){ 0, 0, 4, 4 }, 40, 30));
  assert_int_equal (((const AssayRing *) assay_region_get_unsure_rings (copy)->pdata[0])->points[0].x, 0);
  assert_int_equal (((const AssayRing *) rings->pdata[0])->points[0].x, 18);
}

/* 20 x 10 against the same 4 px to the right: 160 of 240; unsure of the 4 columns that only one has, on either
 * side, they are the same. */
static void
what_either_is_unsure_of_is_no_disagreement (void **state)
{
  const AssayKind *kind = assay_kind_find ("segmentation");
  g_autoptr (AssayTask) task = a_task (kind);
  g_autoptr (AssayRegion) a
      = assay_region_new_from_mask (assay_mask_new_from_box ((AssayRect){ 4, 4, 20, 10 }, W, H));
  g_autoptr (AssayRegion) b
      = assay_region_new_from_mask (assay_mask_new_from_box ((AssayRect){ 8, 4, 20, 10 }, W, H));
  double values[2];
  kind->measure (a, b, task, values);
  assert_float_equal (values[0], 160.0 / 240, 1e-12);
  assert_float_equal (values[1], 0.8, 1e-12);
  assay_region_set_unsure (a, assay_mask_new_from_box ((AssayRect){ 4, 0, 4, H }, W, H));
  kind->measure (a, b, task, values);
  assert_float_equal (values[0], 160.0 / 200, 1e-12);
  assay_region_set_unsure (b, assay_mask_new_from_box ((AssayRect){ 24, 0, 4, H }, W, H));
  kind->measure (a, b, task, values);
  assert_float_equal (values[0], 1, 1e-12);
  assert_float_equal (values[1], 1, 1e-12);
  kind->measure (b, a, task, values);
  assert_float_equal (values[0], 1, 1e-12);
  assay_region_set_unsure (a, assay_mask_new_from_box ((AssayRect){ 0, 0, W, H }, W, H));
  kind->measure (a, b, task, values);
  assert_true (isnan (values[0]) && isnan (values[1]));
  assert_true (isnan (kind->similarity (b, a, task)));
}

static void
a_class_that_another_desk_added_can_be_read (void **state)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayTask) task = NULL;
  g_autoptr (AssayObjects) read
      = read_text ("tag", "{\"class\":\"0190a000-0000-7000-8000-000000000001\"}", &task, &error);
  assert_non_null (read);
  assert_false (assay_objects_validate (read, task, NULL, NULL));
}

static void
one_name_for_two_classes_is_refused (void **state)
{
  const AssayKind *kind = assay_kind_find ("tag");
  g_autoptr (AssayTask) task = a_task (kind);
  AssayClass *plate = task->classes->pdata[1];
  g_free (plate->name);
  plate->name = g_strdup ("cup");
  g_autoptr (json_t) json = json_pack ("{s:s}", "class", "cup");
  g_autoptr (GError) error = NULL;
  assert_null (assay_object_from_json (json, task, NULL, &error));
  assert_string_equal (error->message, "class: task the task has several classes named \"cup\"; use the id");
}

static void
tags_agree_by_the_classes_they_share (void **state)
{
  const AssayKind *kind = assay_kind_find ("tag");
  g_autoptr (AssayTask) task = a_task (kind);
  const AssayClass *cup = task->classes->pdata[0], *plate = task->classes->pdata[1];
  g_autoptr (AssayObjects) a = assay_objects_new (kind);
  g_autoptr (AssayObjects) b = assay_objects_new (kind);
  double value;
  assert_true (kind->measure_whole (a->list, b->list, task, &value) && isnan (value));
  assay_objects_take (a, assay_object_new (&cup->id, NULL));
  assert_true (kind->measure_whole (a->list, b->list, task, &value) && value == 0);
  assay_objects_take (b, assay_object_new (&cup->id, NULL));
  assert_true (kind->measure_whole (a->list, b->list, task, &value) && value == 1);
  assay_objects_take (b, assay_object_new (&plate->id, NULL));
  assert_true (kind->measure_whole (a->list, b->list, task, &value) && value == 0.5);
}

static void
a_pose_at_the_tolerance_is_half_alike (void **state)
{
  const AssayKind *kind = assay_kind_find ("pose");
  g_autoptr (AssayTask) task = a_task (kind);
  task->tolerance_m = 0.01;
  AssayPosed a = { .pose = { { 1, 0, 0, 0, 1, 0, 0, 0, 1 }, { 0, 0, 1 } } }, b = a;
  b.pose.t_m[0] = 0.01;
  assert_float_equal (kind->similarity (&a, &b, task), 0.5, 1e-12);
  b.pose.t_m[0] = 0.03;
  assert_float_equal (kind->similarity (&a, &b, task), 0.125, 1e-12);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (every_kind_is_complete),
    cmocka_unit_test (what_is_written_reads_back_equal),
    cmocka_unit_test (figures_are_symmetric_and_best_when_equal),
    cmocka_unit_test (whole_answers_compare_both_ways_alike),
    cmocka_unit_test (every_object_can_be_named_and_drawn),
    cmocka_unit_test (a_change_goes_forward_and_back_exactly),
    cmocka_unit_test (every_kind_has_a_published_schema),
    cmocka_unit_test (broken_labels_are_refused_or_read_whole),
    cmocka_unit_test (a_key_that_does_not_exist_is_named),
    cmocka_unit_test (messages_say_where_and_why),
    cmocka_unit_test (names_and_rings_are_enough),
    cmocka_unit_test (what_is_unsure_is_traced_once),
    cmocka_unit_test (what_either_is_unsure_of_is_no_disagreement),
    cmocka_unit_test (a_class_that_another_desk_added_can_be_read),
    cmocka_unit_test (one_name_for_two_classes_is_refused),
    cmocka_unit_test (tags_agree_by_the_classes_they_share),
    cmocka_unit_test (a_pose_at_the_tolerance_is_half_alike),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
