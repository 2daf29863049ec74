/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What keys and menus do to the selected objects: pixels against what is meant, and every act through the journal's
 * form and back. */
#include "annotate/act-work.h"
#include "annotate/pixels.h"
#include "core/mask-parts.h"
#include "core/mask-shape.h"
#include "core/proposal.h"
#include "tests/annotate/painting.h"

static void
add_rectangle (Desk *desk, double x, double y, double x1, double y1)
{
  use (desk, "rectangle");
  select_nth (desk, G_MAXUINT);
  drag (desk, x, y, x1, y1);
}

static AssayEdit *
try_act (Desk *desk, const char *id)
{
  g_auto (AssayAnswer) answer = { 0 };
  AssayEdit *edit = assay_act_run (assay_act_find (id), scene_of (desk), &answer);
  g_free (desk->hint);
  desk->hint = g_strdup (answer.hint);
  if (edit == NULL)
    return NULL;
  assert_true (assay_session_apply (desk->session, edit, NULL));
  if (answer.select)
    assay_session_select (desk->session, &answer.selected);
  return edit;
}

static void
act (Desk *desk, const char *id)
{
  AssayEdit *edit = try_act (desk, id);
  if (edit == NULL)
    fail_msg ("%s changes nothing: %s", id, desk->hint);
  g_ptr_array_add (desk->edits, edit);
}

static void
refused (Desk *desk, const char *id, const char *why)
{
  g_autoptr (AssayEdit) edit = try_act (desk, id);
  assert_null (edit);
  assert_non_null (desk->hint);
  if (strstr (desk->hint, why) == NULL)
    fail_msg ("%s says '%s', not '%s'", id, desk->hint, why);
}

static void
select_also (Desk *desk, guint i)
{
  assay_session_select_more (desk->session, &object_at (desk, i)->id);
}

static void
a_square_grows_by_a_pixel_and_shrinks_back (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "rectangle");
  add_rectangle (desk, 20, 20, 60, 60);
  act (desk, "grow");
  assert_int_equal (area (desk, 0), 40 * 40 + 4 * 40);
  assert_string_equal (last_name (desk), "grow 1 px on cup-1");
  act (desk, "shrink");
  assert_int_equal (area (desk, 0), 40 * 40);
  assay_session_set_locked (desk->session, &object_at (desk, 0)->id, TRUE);
  refused (desk, "grow", "cup-1 is locked");
  assay_session_select (desk->session, &ASSAY_ID_NIL);
  refused (desk, "grow", "select an object first");
}

/* The option of the brush holds here too. */
static void
growing_cuts_a_neighbour_when_told_to (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "rectangle");
  add_rectangle (desk, 20, 20, 60, 60);
  add_rectangle (desk, 60, 20, 100, 60);
  select_nth (desk, 0);
  choose (desk, "neighbours", "cut");
  act (desk, "grow-more");
  assert_int_equal (assay_mask_intersection_px (mask_at (desk, 0), mask_at (desk, 1)), 0);
  assert_int_equal (area (desk, 1), 40 * 40 - 5 * 40);
  choose (desk, "neighbours", "under");
  guint64 before = area (desk, 1);
  act (desk, "grow-more");
  assert_int_equal (area (desk, 1), before);
  assert_int_equal (assay_mask_intersection_px (mask_at (desk, 0), mask_at (desk, 1)), 0);
}

/* A border is bettered: what the object shares with a neighbour already, and what lies over nobody, stays its own.
 */
static void
what_an_object_has_is_kept_whatever_neighbours_are_told (void **state)
{
  static const char *const acts[] = { "shrink", "fill-holes", "keep-largest", "grow" };
  for (guint way = 0; assay_neighbours_words[way] != NULL; way++)
    for (guint i = 0; i < G_N_ELEMENTS (acts); i++)
      {
        g_autoptr (Desk) desk = desk_new ("segmentation", "rectangle");
        add_rectangle (desk, 20, 20, 60, 60);
        add_rectangle (desk, 40, 20, 80, 60);
        select_nth (desk, 0);
        choose (desk, "neighbours", assay_neighbours_words[way]);
        g_autoptr (AssayMask) before = assay_mask_copy (mask_at (desk, 0));
        g_autoptr (AssayMask) theirs = assay_mask_copy (mask_at (desk, 1));
        g_autoptr (AssayMask) smaller = assay_mask_shrink (before, 1);
        g_autoptr (AssayEdit) edit = try_act (desk, acts[i]);
        const AssayMask *after = mask_at (desk, 0);
        assert_int_equal (n_objects (desk), 2);
        if (i == 0)
          assert_true (assay_mask_equal (after, smaller));
        else
          assert_int_equal (assay_mask_intersection_px (after, before), 1600);
        if (i < 3)
          assert_true (assay_mask_equal (mask_at (desk, 1), theirs));
        /* only the side that stands in the neighbour has room: above and below it ends where this one does */
        else if (g_str_equal (assay_neighbours_words[way], "over"))
          assert_int_equal (assay_mask_area_px (after), 1600 + 40);
      }
}

static void
several_are_joined_subtracted_and_intersected (void **state)
{
  static const struct
  {
    const char *id;
    guint64 area;
    guint n_left;
  } cases[] = { { "union", 1600 + 1600 - 400, 1 }, { "subtract", 1600 - 400, 2 }, { "intersect", 400, 1 } };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Desk) desk = desk_new ("segmentation", "rectangle");
      add_rectangle (desk, 10, 10, 50, 50);
      add_rectangle (desk, 30, 30, 70, 70);
      AssayId last = object_at (desk, 1)->id;
      refused (desk, cases[i].id, "select two or more");
      select_nth (desk, 0);
      select_also (desk, 1);
      act (desk, cases[i].id);
      assert_int_equal (n_objects (desk), cases[i].n_left);
      assert_true (assay_id_equal (&object_at (desk, n_objects (desk) - 1)->id, &last));
      assert_int_equal (area (desk, n_objects (desk) - 1), cases[i].area);
    }
}

static void
a_joined_pair_is_split_again (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "rectangle");
  add_rectangle (desk, 10, 10, 20, 20);
  add_rectangle (desk, 50, 10, 80, 40);
  select_nth (desk, 0);
  select_also (desk, 1);
  act (desk, "union");
  AssayId joined = object_at (desk, 0)->id;
  act (desk, "split");
  assert_int_equal (n_objects (desk), 2);
  assert_true (assay_id_equal (&object_at (desk, 0)->id, &joined));
  assert_int_equal (area (desk, 0), 900);
  assert_int_equal (area (desk, 1), 100);
  refused (desk, "split", "one part");
}

static void
islands_holes_and_gaps_are_mended (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "rectangle");
  add_rectangle (desk, 10, 10, 50, 50);
  add_rectangle (desk, 80, 80, 84, 84);
  add_rectangle (desk, 20, 20, 24, 24);
  select_nth (desk, 1);
  select_also (desk, 0);
  act (desk, "union");
  refused (desk, "fill-holes", "no holes");
  select_also (desk, 1);
  select_nth (desk, 1);
  select_also (desk, 0);
  act (desk, "subtract");
  assert_int_equal (area (desk, 0), 1600);
  select_nth (desk, 0);
  act (desk, "drop-islands");
  assert_int_equal (area (desk, 0), 1600 - 16);
  act (desk, "fill-holes");
  assert_int_equal (area (desk, 0), 1600);
  refused (desk, "keep-largest", "one part");
  add_rectangle (desk, 54, 10, 90, 50);
  select_nth (desk, 0);
  act (desk, "fill-gaps");
  assert_true (area (desk, 0) >= 1600 + 4 * 40 && area (desk, 0) <= 1600 + 4 * 52);
  assert_int_equal (assay_mask_intersection_px (mask_at (desk, 0), mask_at (desk, 2)), 0);
}

static void
assert_order (Desk *desk, const AssayId *ids, const char *order)
{
  for (guint i = 0; i < n_objects (desk); i++)
    if (!assay_id_equal (&object_at (desk, i)->id, &ids[order[i] - 'a']))
      fail_msg ("place %u is not that of %c in %s", i, order[i], order);
}

/* a and b overlap, c lies apart, d over a. */
static void
objects_pass_what_they_overlap_with (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "rectangle");
  AssayId ids[4];
  add_rectangle (desk, 10, 10, 50, 50);
  add_rectangle (desk, 30, 30, 70, 70);
  add_rectangle (desk, 150, 10, 180, 40);
  add_rectangle (desk, 5, 5, 20, 20);
  for (guint i = 0; i < 4; i++)
    ids[i] = object_at (desk, i)->id;
  select_nth (desk, 0);
  act (desk, "raise");
  assert_order (desk, ids, "bacd");
  act (desk, "raise");
  assert_order (desk, ids, "bcda");
  refused (desk, "raise", "nothing lies over it");
  act (desk, "to-back");
  assert_order (desk, ids, "abcd");
  select_also (desk, 1);
  act (desk, "to-front");
  assert_order (desk, ids, "cdab");
  refused (desk, "raise", "nothing lies over it");
  refused (desk, "to-front", "nothing lies over it");
  for (guint i = desk->edits->len; i-- > 4;)
    assert_true (assay_edit_apply (desk->edits->pdata[i], (AssayObjects *) scene_of (desk)->objects, TRUE, NULL));
  assert_order (desk, ids, "abcd");
}

/* Objects that every act has something to do with: with a hole, an island, a neighbour at 3 px, one over the other.
 */
static Desk *
crowded_desk (void)
{
  Desk *desk = desk_new ("segmentation", "rectangle");
  add_rectangle (desk, 10, 10, 50, 50);
  add_rectangle (desk, 20, 20, 24, 24);
  select_nth (desk, 1);
  select_also (desk, 0);
  act (desk, "subtract");
  add_rectangle (desk, 80, 80, 84, 84);
  select_also (desk, 0);
  act (desk, "union");
  add_rectangle (desk, 53, 10, 90, 50);
  add_rectangle (desk, 40, 40, 60, 60);
  assert_int_equal (n_objects (desk), 4);
  assay_object_propose (object_at (desk, 0), "copied");
  return desk;
}

static gboolean
run_on (const AssayObjects *objects, const AssayTask *task, const AssayEdit *edit, const AssayObjects *wanted)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayObjects) draft = assay_objects_copy (objects);
  g_autoptr (AssayItem) item = assay_item_new ();
  item->width_px = W;
  item->height_px = H;
  json_t *json = assay_edit_to_json (edit, objects, task, &error);
  assert_non_null (json);
  assert_true (assay_edit_replay (json, draft, task, item, FALSE, &error));
  gboolean there = assay_objects_equal (draft, wanted);
  assert_true (assay_edit_replay (json, draft, task, item, TRUE, &error));
  gboolean back = assay_objects_equal (draft, objects);
  json_decref (json);
  return there && back;
}

static gboolean
do_and_undo (const AssayAct *to_do, guint last)
{
  g_autoptr (Desk) desk = crowded_desk ();
  g_autoptr (AssayObjects) before = assay_objects_copy (scene_of (desk)->objects);
  select_nth (desk, 0);
  select_also (desk, last);
  g_autoptr (AssayEdit) edit = try_act (desk, to_do->id);
  if (edit == NULL)
    {
      assert_non_null (desk->hint);
      return FALSE;
    }
  g_autoptr (AssayObjects) after = assay_objects_copy (scene_of (desk)->objects);
  g_autoptr (AssayEdit) copy = assay_edit_copy (edit);
  assert_false (assay_objects_equal (before, after));
  if (!run_on (before, scene_of (desk)->task, copy, after))
    fail_msg ("%s: the journal does something else", to_do->id);
  return TRUE;
}

static void
every_act_is_one_step_that_the_journal_does_and_undoes (void **state)
{
  guint n;
  const AssayAct *acts = assay_acts_list (&n);
  for (guint i = 0; i < n; i++)
    {
      gboolean apart = do_and_undo (&acts[i], 2), over = do_and_undo (&acts[i], 3);
      assert_ptr_equal (assay_act_find (acts[i].id), &acts[i]);
      if (!apart && !over)
        fail_msg ("%s does nothing", acts[i].id);
    }
}

typedef struct
{
  AssayWork *work;
  GCancellable *cancellable;
} Elsewhere;

static gpointer
run_elsewhere (gpointer data)
{
  const Elsewhere *elsewhere = data;
  elsewhere->work->run (elsewhere->work->data, elsewhere->cancellable);
  return NULL;
}

/* The scene it was asked for is gone before it begins. */
static void
an_act_on_another_thread_does_the_same (void **state)
{
  guint n, n_done = 0;
  const AssayAct *acts = assay_acts_list (&n);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (Desk) desk = crowded_desk ();
      select_nth (desk, 0);
      select_also (desk, 3);
      choose (desk, "neighbours", "cut");
      assert_false (assay_act_is_long (&acts[i], scene_of (desk)));
      g_auto (AssayAnswer) here = { 0 }, there = { 0 };
      g_autoptr (AssayEdit) wanted = assay_act_run (&acts[i], scene_of (desk), &here);
      g_autoptr (AssayObjects) draft = assay_objects_copy (scene_of (desk)->objects);
      g_autoptr (AssayObjects) mine = assay_objects_copy (draft);
      Elsewhere elsewhere = { assay_act_work_new (&acts[i], scene_of (desk)), g_cancellable_new () };
      g_clear_pointer (&desk, desk_free);
      g_thread_join (g_thread_new ("act", run_elsewhere, &elsewhere));
      g_autoptr (AssayEdit) edit = assay_act_work_take (elsewhere.work, &there);
      assert_int_equal (edit != NULL, wanted != NULL);
      if (edit != NULL)
        {
          assert_string_equal (edit->name, wanted->name);
          assert_true (assay_edit_apply (edit, draft, FALSE, NULL) && assay_edit_apply (wanted, mine, FALSE, NULL));
          if (here.select && assay_objects_find (mine, &there.selected) != NULL) /* else it is a new object's */
            assert_true (assay_id_equal (&here.selected, &there.selected));
          assert_int_equal (draft->list->len, mine->list->len);
          if (!g_str_equal (acts[i].id, "split") && !g_str_equal (acts[i].id, "duplicate")) /* ids are new ones */
            assert_true (assay_objects_equal (draft, mine));
          n_done++;
        }
      else
        assert_string_equal (here.hint, there.hint);
      assay_work_free (elsewhere.work);
      g_object_unref (elsewhere.cancellable);
    }
  assert_true (n_done > 8);
}

static void
a_long_act_is_known_and_stops_when_nobody_waits (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "rectangle");
  const AssayAct *grow = assay_act_find ("grow");
  for (guint i = 0; i < 321; i++)
    add_rectangle (desk, i % 40 * 5, i / 40 * 10, i % 40 * 5 + 3, i / 40 * 10 + 7);
  select_nth (desk, 0);
  assert_false (assay_act_is_long (grow, scene_of (desk)));
  for (guint i = 1; i < 321; i++)
    select_also (desk, i);
  assert_true (assay_act_is_long (grow, scene_of (desk)));
  assert_false (assay_act_is_long (assay_act_find ("raise"), scene_of (desk)));
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (AssayWork) work = assay_act_work_new (grow, scene_of (desk));
  g_cancellable_cancel (cancellable);
  work->run (work->data, cancellable);
  g_auto (AssayAnswer) answer = { 0 };
  assert_null (assay_act_work_take (work, &answer));
  assert_null (answer.hint);
}

/* Of one object: nobody can have stopped it between two. */
static void
an_act_stops_within_the_object_that_it_is_at (void **state)
{
  static const char *const acts[] = { "grow", "shrink", "smooth", "fill-gaps", "split" };
  for (guint i = 0; i < G_N_ELEMENTS (acts); i++)
    {
      g_autoptr (Desk) desk = desk_new ("segmentation", "rectangle");
      add_rectangle (desk, 10, 10, 40, 40);
      add_rectangle (desk, 44, 10, 60, 40);
      select_nth (desk, 0);
      g_autoptr (AssayProgress) progress = assay_progress_new ();
      AssayScene scene = *scene_of (desk);
      scene.progress = progress;
      assay_progress_cancel (progress);
      g_auto (AssayAnswer) answer = { 0 };
      assert_null (assay_act_run (assay_act_find (acts[i]), &scene, &answer));
      assert_null (answer.hint);
    }
}

static const AssayRegion *
region_at (Desk *desk, guint i)
{
  return object_at (desk, i)->value;
}

static void
the_brush_paints_what_is_not_sure_and_leaves_the_pixels (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "rectangle");
  AssayLive live;
  add_rectangle (desk, 20, 20, 60, 60);
  add_rectangle (desk, 70, 20, 90, 60);
  use (desk, "brush");
  choose (desk, "brush-px", "10");
  choose (desk, "neighbours", "cut");
  choose (desk, "paints", "unsure");
  assay_session_select (desk->session, &ASSAY_ID_NIL);
  pull (desk, 120, 80, 130, 80, 0, 1);
  assert_int_equal (desk->n_edits, 2);
  assert_non_null (strstr (desk->hint, "choose the object"));
  select_nth (desk, 0);
  g_autoptr (AssayObjects) before = assay_objects_copy (scene_of (desk)->objects);
  press_at (desk, 60, 10, 0, 1);
  pull_to (desk, 60, 90, 0);
  assert_true (assay_session_get_live (desk->session, &live));
  assert_false (assay_paint_contains (live.paint, 30, 30)); /* the stroke alone */
  let_go (desk, 60, 90);
  assert_string_equal (last_name (desk), "brush 10 px, not sure, on cup-1");
  assert_int_equal (area (desk, 0), 1600);
  assert_int_equal (area (desk, 1), 800);
  Plain plain = { 0 };
  plain_line (&plain, (AssayPoint){ 60, 10 }, (AssayPoint){ 60, 90 }, 10, TRUE);
  assert_pixels (region_at (desk, 0)->unsure, &plain);
  assert_true (run_on (before, scene_of (desk)->task, desk->edits->pdata[2], scene_of (desk)->objects));
  pull (desk, 60, 10, 60, 30, ASSAY_INPUT_ALT, 1);
  plain_line (&plain, (AssayPoint){ 60, 10 }, (AssayPoint){ 60, 30 }, 10, FALSE);
  assert_pixels (region_at (desk, 0)->unsure, &plain);
  choose (desk, "paints", "object");
  pull (desk, 30, 30, 40, 40, 0, 1);
  act (desk, "grow");
  assert_pixels (region_at (desk, 0)->unsure, &plain);
  choose (desk, "paints", "unsure");
  use (desk, "eraser");
  choose (desk, "brush-px", "100");
  pull (desk, 60, 10, 60, 90, 0, 1);
  assert_null (region_at (desk, 0)->unsure);
  assert_true (area (desk, 0) > 1600);
}

static void
set_unsure (Desk *desk, guint i, AssayRect box)
{
  assay_region_set_unsure (object_at (desk, i)->value, assay_mask_new_from_box (box, W, H));
}

static void
assert_unsure (Desk *desk, guint i, AssayRect box)
{
  g_autoptr (AssayMask) wanted = assay_mask_new_from_box (box, W, H);
  assert_non_null (region_at (desk, i)->unsure);
  assert_true (assay_mask_equal (region_at (desk, i)->unsure, wanted));
}

/* 20 to 60 and 50 to 90, each not sure of 5 px to both sides of its own right border. */
static Desk *
unsure_desk (void)
{
  Desk *desk = desk_new ("segmentation", "rectangle");
  add_rectangle (desk, 50, 20, 90, 60);
  add_rectangle (desk, 20, 20, 60, 60);
  set_unsure (desk, 0, (AssayRect){ 85, 20, 10, 40 });
  set_unsure (desk, 1, (AssayRect){ 55, 20, 10, 40 });
  select_nth (desk, 0);
  select_also (desk, 1);
  return desk;
}

static void
what_is_not_sure_is_joined_and_split_too (void **state)
{
  g_autoptr (Desk) joined = unsure_desk (), shared = unsure_desk (), less = unsure_desk ();
  act (joined, "union"); /* what the other is sure of is sure */
  assert_unsure (joined, 0, (AssayRect){ 85, 20, 10, 40 });
  act (shared, "intersect");
  assert_unsure (shared, 0, (AssayRect){ 55, 20, 10, 40 });
  act (less, "subtract"); /* from the last one, 20 to 60 */
  assert_null (region_at (less, 1)->unsure);
  assert_int_equal (area (less, 1), 30 * 40);
  act (joined, "duplicate");
  assert_unsure (joined, 1, (AssayRect){ 97, 32, 10, 40 });
  g_autoptr (Desk) apart = desk_new ("segmentation", "rectangle");
  add_rectangle (apart, 10, 20, 50, 60);
  add_rectangle (apart, 100, 20, 120, 60);
  set_unsure (apart, 0, (AssayRect){ 45, 20, 10, 40 });
  set_unsure (apart, 1, (AssayRect){ 118, 20, 8, 40 });
  select_nth (apart, 0);
  select_also (apart, 1);
  act (apart, "union");
  act (apart, "split");
  assert_unsure (apart, 0, (AssayRect){ 45, 20, 10, 40 });
  assert_unsure (apart, 1, (AssayRect){ 118, 20, 8, 40 });
}

static void
a_moved_point_keeps_what_is_not_sure (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "polygon");
  static const AssayPoint corners[] = { { 20, 20 }, { 60, 20 }, { 60, 60 }, { 20, 60 } };
  for (guint i = 0; i < G_N_ELEMENTS (corners); i++)
    click (desk, corners[i].x, corners[i].y);
  press_key (desk, "Enter");
  set_unsure (desk, 0, (AssayRect){ 55, 20, 10, 40 });
  drag (desk, 20, 20, 10, 10);
  assert_int_equal (desk->n_edits, 2);
  assert_unsure (desk, 0, (AssayRect){ 55, 20, 10, 40 });
}

static void
shift_and_click_selects_several_and_tab_goes_below (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "rectangle");
  add_rectangle (desk, 10, 10, 50, 50);
  add_rectangle (desk, 30, 30, 70, 70);
  use (desk, "select");
  assay_session_select (desk->session, &ASSAY_ID_NIL);
  click (desk, 15, 15);
  click_with (desk, 60, 60, ASSAY_INPUT_SHIFT);
  assert_true (assay_id_equal (&scene_of (desk)->selected, &object_at (desk, 1)->id));
  assert_true (assay_scene_is_selected (scene_of (desk), &object_at (desk, 0)->id));
  click_with (desk, 60, 60, ASSAY_INPUT_SHIFT);
  assert_true (assay_id_equal (&scene_of (desk)->selected, &object_at (desk, 0)->id));
  assert_false (assay_scene_is_selected (scene_of (desk), &object_at (desk, 1)->id));
  click_with (desk, 120, 60, ASSAY_INPUT_SHIFT);
  assert_true (assay_id_equal (&scene_of (desk)->selected, &object_at (desk, 0)->id));
  move_to (desk, 40, 40, 0, 0);
  for (guint i = 0; i < 4; i++)
    {
      assert_true (press_key (desk, "Tab"));
      assert_true (assay_id_equal (&scene_of (desk)->selected, &object_at (desk, i % 2 == 0 ? 1 : 0)->id));
    }
  assay_session_set_hidden (desk->session, &object_at (desk, 1)->id, TRUE);
  click (desk, 60, 60);
  assert_true (assay_id_is_nil (&scene_of (desk)->selected));
}

static void
what_is_gone_is_selected_no_more (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "rectangle");
  add_rectangle (desk, 10, 10, 50, 50);
  add_rectangle (desk, 30, 30, 70, 70);
  select_nth (desk, 0);
  select_also (desk, 1);
  act (desk, "union");
  g_autoptr (GPtrArray) selected = assay_scene_list_selected (scene_of (desk));
  assert_int_equal (selected->len, 1);
  assert_int_equal (g_hash_table_size ((GHashTable *) scene_of (desk)->also), 0);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_square_grows_by_a_pixel_and_shrinks_back),
    cmocka_unit_test (growing_cuts_a_neighbour_when_told_to),
    cmocka_unit_test (what_an_object_has_is_kept_whatever_neighbours_are_told),
    cmocka_unit_test (several_are_joined_subtracted_and_intersected),
    cmocka_unit_test (a_joined_pair_is_split_again),
    cmocka_unit_test (islands_holes_and_gaps_are_mended),
    cmocka_unit_test (objects_pass_what_they_overlap_with),
    cmocka_unit_test (every_act_is_one_step_that_the_journal_does_and_undoes),
    cmocka_unit_test (an_act_on_another_thread_does_the_same),
    cmocka_unit_test (a_long_act_is_known_and_stops_when_nobody_waits),
    cmocka_unit_test (an_act_stops_within_the_object_that_it_is_at),
    cmocka_unit_test (the_brush_paints_what_is_not_sure_and_leaves_the_pixels),
    cmocka_unit_test (what_is_not_sure_is_joined_and_split_too),
    cmocka_unit_test (a_moved_point_keeps_what_is_not_sure),
    cmocka_unit_test (shift_and_click_selects_several_and_tab_goes_below),
    cmocka_unit_test (what_is_gone_is_selected_no_more),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
