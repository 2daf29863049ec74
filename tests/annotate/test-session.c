/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "annotate/edits.h"
#include "tests/annotate/gestures.h"

static void
time_away_is_not_time_worked (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "polygon");
  gint64 now_us = 1000;
  for (int i = 0; i < 11; i++, now_us += G_USEC_PER_SEC)
    assay_session_touch (desk->session, now_us);
  assert_true (assay_session_get_seconds (desk->session) == 10);
  now_us += 600 * G_USEC_PER_SEC;
  assay_session_touch (desk->session, now_us);
  assert_true (assay_session_get_seconds (desk->session) == 10);
  assay_session_touch (desk->session, now_us + 2 * G_USEC_PER_SEC);
  assert_true (assay_session_get_seconds (desk->session) == 12);
}

static void
an_edit_says_what_must_be_drawn_again (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "polygon");
  AssayRect box = { 0 };
  click (desk, 10, 10);
  click (desk, 50, 10);
  click (desk, 50, 50);
  press_key (desk, "Enter");
  assay_session_select (desk->session, &object_at (desk, 0)->id);
  g_autoptr (GPtrArray) selected = assay_scene_list_selected (scene_of (desk));
  g_autoptr (AssayEdit) edit = assay_edit_new_removal (scene_of (desk), selected);
  assert_true (assay_session_get_edit_box (desk->session, edit, &box));
  assert_true (box.x >= 9 && box.y >= 9 && box.x + box.w <= 51 && box.y + box.h <= 51 && box.w > 30);
}

static void
removing_the_selected_object_selects_nothing (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "polygon");
  click (desk, 10, 10);
  click (desk, 50, 10);
  click (desk, 50, 50);
  press_key (desk, "Enter");
  g_autoptr (GPtrArray) selected = assay_scene_list_selected (scene_of (desk));
  g_autoptr (AssayEdit) edit = assay_edit_new_removal (scene_of (desk), selected);
  assert_string_equal (edit->name, "removal of cup");
  assert_true (assay_session_apply (desk->session, edit, NULL));
  assert_true (assay_id_is_nil (&scene_of (desk)->selected));
  g_autoptr (GPtrArray) none = assay_scene_list_selected (scene_of (desk));
  assert_null (assay_edit_new_removal (scene_of (desk), none));
}

static void
another_class_is_an_edit_and_the_same_is_none (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "polygon");
  AssayId hand = ((AssayClass *) scene_of (desk)->task->classes->pdata[1])->id;
  click (desk, 10, 10);
  click (desk, 50, 10);
  click (desk, 50, 50);
  press_key (desk, "Enter");
  g_autoptr (GPtrArray) selected = assay_scene_list_selected (scene_of (desk));
  g_autoptr (AssayEdit) edit = assay_edit_new_class (scene_of (desk), selected, &hand);
  assert_non_null (edit);
  assert_string_equal (edit->name, "class hand");
  assert_true (assay_session_apply (desk->session, edit, NULL));
  assert_true (assay_id_equal (&object_at (desk, 0)->class_id, &hand));
  g_autoptr (GPtrArray) again = assay_scene_list_selected (scene_of (desk));
  assert_null (assay_edit_new_class (scene_of (desk), again, &hand));
}

static void
draw_rectangle (Desk *desk, double x0, double y0, double x1, double y1)
{
  click (desk, x0, y0);
  click (desk, x1, y0);
  click (desk, x1, y1);
  click (desk, x0, y1);
  press_key (desk, "Enter");
  escape (desk);
  assay_session_select (desk->session, &ASSAY_ID_NIL);
}

static void
several_selected_objects_are_changed_in_one_step_unless_one_is_locked (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "polygon");
  AssayId hand = ((AssayClass *) scene_of (desk)->task->classes->pdata[1])->id;
  draw_rectangle (desk, 10, 10, 30, 30);
  draw_rectangle (desk, 50, 10, 70, 30);
  assay_session_select (desk->session, &object_at (desk, 0)->id);
  assay_session_select_more (desk->session, &object_at (desk, 1)->id);
  g_autoptr (GPtrArray) both = assay_scene_list_selected (scene_of (desk));
  g_autoptr (AssayEdit) change = assay_edit_new_class (scene_of (desk), both, &hand);
  assert_string_equal (change->name, "class of 2 objects");
  assert_null (assay_scene_dup_locked (scene_of (desk), change));
  assay_session_set_locked (desk->session, &object_at (desk, 1)->id, TRUE);
  g_autofree char *locked = assay_scene_dup_locked (scene_of (desk), change);
  assert_string_equal (locked, "cup-2 is locked: L unlocks it");
  g_autoptr (AssayEdit) removal = assay_edit_new_removal (scene_of (desk), both);
  assert_string_equal (removal->name, "removal of 2 objects");
  assert_true (assay_session_apply (desk->session, removal, NULL));
  assert_int_equal (n_objects (desk), 0);
}

static void
the_gesture_that_breaks_a_rule_is_told_and_the_next_one_is_not (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "polygon");
  draw_rectangle (desk, 10, 10, 60, 60);
  assert_null (assay_session_get_breach (desk->session));
  assert_null (assay_session_new_repair (desk->session));
  /* Zoomed in, so that neither the first one's outline nor its points are near. */
  desk->px_per_unit = 40;
  draw_rectangle (desk, 10.6, 10.6, 60.4, 60.4);
  assert_int_equal (n_objects (desk), 2);
  assert_string_equal (assay_session_get_breach (desk->session)->rule->id, "twice");
  g_autofree char *text = assay_session_dup_breach_text (desk->session);
  assert_true (g_str_has_prefix (text, "cup: drawn twice")
               && g_str_has_suffix (text, "(Alt+Enter removes the later one)"));
  g_autoptr (AssayEdit) edit = assay_session_new_repair (desk->session);
  AssayId first = object_at (desk, 0)->id;
  assert_true (assay_session_apply (desk->session, edit, NULL));
  assert_int_equal (n_objects (desk), 1);
  assert_true (assay_id_equal (&object_at (desk, 0)->id, &first));
  assert_null (assay_session_get_breach (desk->session));
}

static void
clicking_again_selects_the_object_below (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "polygon");
  for (int i = 0; i < 2; i++)
    {
      click (desk, 10 + i * 20, 10 + i * 20);
      click (desk, 80 - i * 10, 10 + i * 20);
      click (desk, 80 - i * 10, 90 - i * 10);
      click (desk, 10 + i * 20, 90 - i * 10);
      press_key (desk, "Enter");
      escape (desk);
      assay_session_select (desk->session, &ASSAY_ID_NIL);
    }
  assert_int_equal (n_objects (desk), 2);
  assay_session_set_tool (desk->session, assay_tool_find ("select"));
  click (desk, 50, 50);
  assert_true (assay_id_equal (&scene_of (desk)->selected, &object_at (desk, 1)->id));
  click (desk, 50, 50);
  assert_true (assay_id_equal (&scene_of (desk)->selected, &object_at (desk, 0)->id));
  click (desk, 150, 50);
  assert_true (assay_id_is_nil (&scene_of (desk)->selected));
}

static gboolean
is_alone (const AssayTool *const *tools, guint t)
{
  for (guint k = 0; tools[t]->kinds[k] != NULL; k++)
    for (guint other = 0; tools[other] != NULL; other++)
      if (other != t && assay_tool_serves (tools[other], assay_kind_find (tools[t]->kinds[k])))
        return FALSE;
  return TRUE;
}

/* The registry: what every entry promises, whatever it is. */
static void
every_tool_keeps_its_promises (void **state)
{
  guint n = 0;
  const AssayTool *const *tools = assay_tool_list (&n);
  assert_true (n > 0);
  for (guint t = 0; t < n; t++)
    {
      assert_ptr_equal (assay_tool_find (tools[t]->id), tools[t]);
      assert_non_null (tools[t]->title);
      assert_non_null (tools[t]->help);
      assert_non_null (tools[t]->input);
      assert_true (tools[t]->state_size > 0);
      /* Whoever has no other tool to choose needs no key. */
      assert_true (tools[t]->key != NULL ? strlen (tools[t]->key) == 1 : is_alone (tools, t));
      for (guint other = 0; other < t; other++)
        assert_true (tools[t]->key == NULL || g_strcmp0 (tools[other]->key, tools[t]->key) != 0);
      for (guint k = 0; tools[t]->kinds != NULL && tools[t]->kinds[k] != NULL; k++)
        {
          assert_non_null (assay_kind_find (tools[t]->kinds[k]));
          /* No input in any order may break it, and cancelling leaves nothing under way. */
          g_autoptr (Desk) desk = desk_new (tools[t]->kinds[k], tools[t]->id);
          static const char *const keys[] = { "Enter", "BackSpace", "Delete", "Tab",      "q",           "o",
                                              "i",     "j",         "c",      "corner-3", "bracketleft", "period" };
          GRand *dice = g_rand_new_with_seed (7);
          for (guint i = 0; i < 400; i++)
            {
              AssayInput input
                  = { .kind = g_rand_int_range (dice, 0, ASSAY_INPUT_CANCEL + 1),
                      .flags = g_rand_int_range (dice, 0, 64),
                      .button = 1,
                      .at = { g_rand_double_range (dice, -20, 220), g_rand_double_range (dice, -20, 120) },
                      .key = keys[g_rand_int_range (dice, 0, G_N_ELEMENTS (keys))],
                      .pressure = 1 };
              feed (desk, input);
              g_autoptr (AssayMarks) marks = assay_session_list_tool_marks (desk->session);
              assert_non_null (marks);
            }
          g_rand_free (dice);
          for (guint i = 0; i < n_objects (desk); i++)
            assert_true (scene_of (desk)->task->kind->validate (object_at (desk, i)->value, scene_of (desk)->task,
                                                                scene_of (desk)->item, NULL));
        }
    }
}

static void
an_edit_has_the_seconds_since_the_edit_before_without_the_time_away (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "polygon");
  g_autoptr (AssayEdit) first = assay_edit_new (assay_kind_find ("segmentation"), "first"),
                        second = assay_edit_new (assay_kind_find ("segmentation"), "second");
  const gint64 s = G_USEC_PER_SEC;
  assay_session_touch (desk->session, 100 * s);
  assay_session_touch (desk->session, 110 * s);
  assay_session_stamp (desk->session, first);
  assert_true (first->seconds == 10);
  assay_session_touch (desk->session, 114 * s);
  assay_session_pause (desk->session, 116 * s); /* to another window */
  assay_session_touch (desk->session, 130 * s); /* and back */
  assay_session_touch (desk->session, 133 * s);
  assay_session_touch (desk->session, 200 * s); /* idle */
  assay_session_stamp (desk->session, second);
  assert_true (second->seconds == 4 + 2 + 3);
  assert_true (assay_session_get_seconds (desk->session) == 19);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (time_away_is_not_time_worked),
    cmocka_unit_test (an_edit_has_the_seconds_since_the_edit_before_without_the_time_away),
    cmocka_unit_test (an_edit_says_what_must_be_drawn_again),
    cmocka_unit_test (removing_the_selected_object_selects_nothing),
    cmocka_unit_test (another_class_is_an_edit_and_the_same_is_none),
    cmocka_unit_test (several_selected_objects_are_changed_in_one_step_unless_one_is_locked),
    cmocka_unit_test (the_gesture_that_breaks_a_rule_is_told_and_the_next_one_is_not),
    cmocka_unit_test (clicking_again_selects_the_object_below),
    cmocka_unit_test (every_tool_keeps_its_promises),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
