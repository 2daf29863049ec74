/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "annotate/tags.h"
#include "core/json.h"
#include "tests/annotate/gestures.h"

static const AssayId *
class_at (Desk *desk, guint i)
{
  return &((const AssayClass *) scene_of (desk)->task->classes->pdata[i])->id;
}

static Desk *
tag_desk_new (gboolean single)
{
  g_autoptr (AssayItem) item = assay_item_new ();
  g_autoptr (AssayTask) task = assay_task_new ("test", assay_kind_find ("tag"));
  const char *const names[] = { "sun", "rain", "snow" };
  for (guint i = 0; i < 3; i++)
    assay_task_add_class (task, names[i]);
  if (single)
    task->rules = json_pack ("{s:b}", "single", TRUE);
  return desk_new_for (item, task, "tag");
}

/* What the key of the class does; the name of the step, or NULL when there was nothing to do. */
static char *
tag_by (Desk *desk, guint i, AssayTagsWay way)
{
  g_autoptr (AssayEdit) edit
      = assay_tags_new_edit (scene_of (desk)->task, scene_of (desk)->objects, class_at (desk, i), way);
  assert_true (edit == NULL || assay_session_apply (desk->session, edit, NULL));
  return edit != NULL ? g_strdup (edit->name) : NULL;
}

static void
press_class (Desk *desk, guint i, const char *name)
{
  g_autofree char *step = tag_by (desk, i, ASSAY_TAGS_TOGGLE);
  if (name == NULL)
    assert_null (step);
  else
    assert_string_equal (step, name);
}

static void
a_key_gives_a_tag_and_takes_it_away_again (void **state)
{
  g_autoptr (Desk) desk = tag_desk_new (FALSE);
  press_class (desk, 0, "tag sun");
  press_class (desk, 2, "tag snow");
  assert_int_equal (n_objects (desk), 2);
  assert_true (assay_tags_has (scene_of (desk)->objects, class_at (desk, 0)));
  assert_false (assay_tags_has (scene_of (desk)->objects, class_at (desk, 1)));
  press_class (desk, 0, "no tag sun");
  assert_int_equal (n_objects (desk), 1);
  assert_true (assay_id_equal (&object_at (desk, 0)->class_id, class_at (desk, 2)));
}

static void
a_single_tag_is_replaced_in_one_step_and_stays_when_pressed_again (void **state)
{
  g_autoptr (Desk) desk = tag_desk_new (TRUE);
  assert_true (assay_task_is_single_tag (scene_of (desk)->task));
  press_class (desk, 0, "tag sun");
  press_class (desk, 1, "tag rain");
  assert_int_equal (n_objects (desk), 1);
  assert_true (assay_id_equal (&object_at (desk, 0)->class_id, class_at (desk, 1)));
  press_class (desk, 1, NULL);
  assert_int_equal (n_objects (desk), 1);
}

static void
tags_are_given_and_taken_whatever_stands (void **state)
{
  g_autoptr (Desk) desk = tag_desk_new (FALSE);
  g_autofree char *first = tag_by (desk, 1, ASSAY_TAGS_GIVE), *again = tag_by (desk, 1, ASSAY_TAGS_GIVE);
  assert_non_null (first);
  assert_null (again);
  assert_int_equal (n_objects (desk), 1);
  g_autofree char *taken = tag_by (desk, 1, ASSAY_TAGS_TAKE), *gone = tag_by (desk, 1, ASSAY_TAGS_TAKE);
  assert_non_null (taken);
  assert_null (gone);
  assert_int_equal (n_objects (desk), 0);
  AssayId nobodys = assay_id_new ();
  assert_null (assay_tags_new_edit (scene_of (desk)->task, scene_of (desk)->objects, &nobodys, ASSAY_TAGS_GIVE));
}

static void
backspace_takes_back_the_last_tag (void **state)
{
  g_autoptr (Desk) desk = tag_desk_new (FALSE);
  press_class (desk, 1, "tag rain");
  press_class (desk, 0, "tag sun");
  assert_true (press_key (desk, "BackSpace"));
  assert_int_equal (n_objects (desk), 1);
  assert_true (assay_id_equal (&object_at (desk, 0)->class_id, class_at (desk, 1)));
  assert_true (press_key (desk, "BackSpace"));
  assert_true (press_key (desk, "BackSpace"));
  assert_non_null (strstr (desk->hint, "no tag"));
  assert_int_equal (desk->n_edits, 2);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_key_gives_a_tag_and_takes_it_away_again),
    cmocka_unit_test (a_single_tag_is_replaced_in_one_step_and_stays_when_pressed_again),
    cmocka_unit_test (tags_are_given_and_taken_whatever_stands),
    cmocka_unit_test (backspace_takes_back_the_last_tag),
  };
  return cmocka_run_group_tests_name ("tags", tests, NULL, NULL);
}
