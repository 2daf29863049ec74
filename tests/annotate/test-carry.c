/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Objects that come from elsewhere: what is proposed where, and that a person's word about it is kept. */
#include "annotate/between.h"
#include "annotate/carry.h"
#include "annotate/edits-selection.h"
#include "core/flag.h"
#include "core/proposal.h"
#include "core/region.h"
#include "tests/annotate/gestures.h"
#include "tests/core/fixture.h"

static AssayTask *
masks_task (Fixture *f, const char *name)
{
  g_autoptr (GError) error = NULL;
  AssayTask *task = assay_task_new (name, assay_kind_find ("segmentation"));
  assay_task_add_class (task, "cup");
  ok (assay_task_save (f->store, task, NULL, &error));
  return task;
}

static AssayObject *
make_mask (const AssayTask *task, AssayRect box, guint w, guint h)
{
  return assay_object_new (&((const AssayClass *) task->classes->pdata[0])->id,
                           assay_region_new_from_mask (assay_mask_new_from_box (box, w, h)));
}

static AssayObjects *
read_draft (Fixture *f, const AssayItem *item, const AssayTask *task)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayJournal) journal = assay_journal_open (f->store, item, task, f->anna, &error);
  ok (journal);
  return assay_objects_copy (assay_journal_get_objects (journal));
}

static void
the_next_picture_is_that_of_the_sequence (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayTask) task = masks_task (f, "masks");
  g_autoptr (AssayItem) last = add_item (f->project, 1);
  g_autoptr (AssayItem) first = add_item (f->project, 2);
  g_autoptr (AssayItem) single = add_item (f->project, 3);
  g_autofree char *sql
      = g_strdup_printf ("UPDATE item SET sequence = 's', position = CASE row WHEN %" G_GINT64_FORMAT
                         " THEN 7 ELSE 3 END WHERE row IN "
                         "(%" G_GINT64_FORMAT ", %" G_GINT64_FORMAT ")",
                         last->row, last->row, first->row);
  ok (assay_store_run (f->store, NULL, &error, sql, ""));
  g_autoptr (AssayItem) from = assay_item_get_row (f->store, first->row, &error);
  g_autoptr (AssayItem) next = assay_carry_find_next (f->store, from, task, &error);
  ok (next);
  assert_int_equal (next->row, last->row);
  refused (assay_carry_find_next (f->store, next, task, to), ASSAY_ERROR_NOT_FOUND,
           "no picture follows this one in its");
  refused (assay_carry_find_next (f->store, single, task, to), ASSAY_ERROR_NOT_FOUND,
           "no picture follows this one");
}

/* What the task does not ask about and what is left out are passed over. */
static void
the_next_picture_is_one_that_the_task_asks_about (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayTask) task = masks_task (f, "masks");
  AssayItem *items[5];
  for (guint i = 0; i < 5; i++)
    items[i] = add_item (f->project, 100 * i + i);
  task->rules = json_pack ("{s:{s:[sss]}}", "items", "prefix", "shelf/00", "shelf/0303", "shelf/0404");
  ok (assay_flag_set (f->store, items[3]->row, ASSAY_FLAG_BAD, TRUE, NULL, &f->anna->id, NULL, &error));
  g_autoptr (AssayItem) next = assay_carry_find_next (f->store, items[0], task, &error);
  ok (next);
  assert_int_equal (next->row, items[4]->row);
  for (guint i = 0; i < 5; i++)
    assay_item_free (items[i]);
}

static void
an_answer_that_was_given_is_not_withdrawn_by_a_proposal (void **state)
{
  static const struct
  {
    AssayLabelState state;
    const char *why;
  } cases[] = { { ASSAY_LABEL_SUBMITTED, "is submitted; take it back first" },
                { ASSAY_LABEL_SKIPPED, "is skipped; take it back first" },
                { ASSAY_LABEL_DRAFT, NULL } };
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint n = 0;
      g_autoptr (AssayItem) item = add_item (f->project, i);
      g_autoptr (AssayLabel) label = save_label (f->store, item, f->task, f->anna, cases[i].state, 10);
      g_autoptr (AssayObjects) proposals = assay_objects_new (f->task->kind);
      AssayObject *object = make_box (f->task, "cup", 40);
      assay_object_propose (object, "copied");
      assay_objects_take (proposals, object);
      if (cases[i].why != NULL)
        refused (assay_carry_put (f->store, item, f->task, f->anna, proposals, "copy", &n, to),
                 ASSAY_ERROR_CONFLICT, cases[i].why);
      else
        ok (assay_carry_put (f->store, item, f->task, f->anna, proposals, "copy", &n, &error));
      g_autoptr (AssayObjects) draft = read_draft (f, item, f->task);
      assert_int_equal (draft->list->len, cases[i].why != NULL ? 1 : 2);
    }
}

/* By hand it stays; interpolated, or proposed before, it gives way. */
static void
a_track_is_proposed_once_in_a_picture (void **state)
{
  static const char here[] = "hip";
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) item = add_item (f->project, 1);
  g_autoptr (GPtrArray) own = g_ptr_array_new ();
  g_autoptr (AssayObjects) there = assay_objects_new (f->task->kind), from = assay_objects_new (f->task->kind);
  for (guint i = 0; here[i] != '\0'; i++)
    {
      AssayObject *object = make_box (f->task, "cup", 20 * i), *old = make_box (f->task, "cup", 20 * i + 8);
      object->track = old->track = assay_id_new ();
      assay_object_set_interpolated (object, TRUE);
      assay_object_set_interpolated (old, here[i] == 'i');
      if (here[i] == 'p')
        assay_object_propose (old, "flow");
      assay_objects_take (from, object);
      assay_objects_take (there, old);
    }
  g_autoptr (AssayJournal) journal = assay_journal_open (f->store, item, f->task, f->anna, &error);
  g_autoptr (AssayEdit) drawn = assay_edit_new (f->task->kind, "three boxes");
  for (guint i = 0; i < 3; i++)
    assay_edit_take (drawn, NULL, assay_object_copy (there->list->pdata[i], f->task->kind));
  ok (assay_journal_append (journal, g_steal_pointer (&drawn), &error));
  g_autoptr (AssayObjects) copies = assay_carry_copy (from->list, f->task->kind);
  guint n = 0;
  ok (assay_carry_put (f->store, item, f->task, f->anna, copies, "copy", &n, &error));
  assert_int_equal (n, 2);
  g_autoptr (AssayObjects) draft = read_draft (f, item, f->task);
  assert_int_equal (draft->list->len, 3);
  for (guint i = 0; i < 3; i++)
    {
      const AssayObject *old = there->list->pdata[i], *now = assay_objects_find (draft, &old->id);
      assert_non_null (now);
      assert_true (assay_id_equal (&now->track, &old->track));
      assert_true (((const AssayBox *) now->value)->box.x == 20 * i + (i == 0 ? 8 : 0));
      assert_int_equal (assay_object_is_proposed (now), i > 0);
      assert_false (assay_object_is_interpolated (now));
    }
}

static void
a_copy_is_proposed_once_and_its_revision_says_so (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayTask) task = masks_task (f, "masks");
  g_autoptr (AssayItem) next = add_item (f->project, 1);
  g_autoptr (AssayObjects) own = assay_objects_new (task->kind);
  AssayObject *cup = make_mask (task, (AssayRect){ 5, 5, 20, 20 }, 64, 48);
  cup->attributes = json_pack ("{s:s}", "colour", "red");
  assay_objects_take (own, cup);
  g_autoptr (AssayObjects) copies = assay_carry_copy (own->list, task->kind);
  assert_null (assay_object_get_assisted (cup));
  guint n = 0;
  ok (assay_carry_put (f->store, next, task, f->anna, copies, "copy", &n, &error));
  assert_int_equal (n, 1);
  ok (assay_carry_put (f->store, next, task, f->anna, copies, "copy", &n, &error));
  assert_int_equal (n, 0);
  g_autoptr (AssayObjects) draft = read_draft (f, next, task);
  assert_int_equal (draft->list->len, 1);
  const AssayObject *there = draft->list->pdata[0];
  assert_false (assay_id_equal (&there->id, &cup->id));
  assert_true (assay_object_is_proposed (there));
  assert_string_equal (assay_object_get_assisted (there), "copied");
  assert_string_equal (assay_json_get_string (there->attributes, "colour"), "red");
  g_autoptr (AssayJournal) journal = assay_journal_open (f->store, next, task, f->anna, &error);
  assert_string_equal (assay_journal_get_undo_name (journal), "copy");
  ok (assay_journal_make_revision (journal, ASSAY_LABEL_DRAFT, 1, "brush", NULL, NULL, &error));
  g_autoptr (AssayLabel) label = assay_label_get (f->store, next->row, task, f->anna->row, &error);
  assert_string_equal (label->assisted, "copied");
}

static AssayEdit *
decide (Desk *desk, const char *id)
{
  g_auto (AssayAnswer) answer = { 0 };
  AssayEdit *edit = assay_act_run (assay_act_find (id), scene_of (desk), &answer);
  if (edit != NULL)
    assert_true (assay_session_apply (desk->session, edit, NULL));
  return edit;
}

static void
a_proposal_of_every_kind_is_told_and_accepted (void **state)
{
  guint n = 0;
  const AssayKind *const *kinds = assay_kind_list (&n);
  for (guint i = 0; i < n; i++)
    {
      assert_true (assay_act_serves (assay_act_find ("accept"), kinds[i]));
      assert_true (assay_act_serves (assay_act_find ("reject"), kinds[i]));
      assert_int_equal (assay_rule_serves (assay_rule_find ("proposed"), kinds[i]),
                        kinds[i]->media == ASSAY_MEDIA_PICTURE);
    }
  g_autoptr (Desk) desk = desk_new ("tag", "tag");
  AssayObjects *proposals = assay_objects_new (scene_of (desk)->task->kind);
  AssayObject *tag = assay_object_new (&((const AssayClass *) scene_of (desk)->task->classes->pdata[0])->id, NULL);
  assay_object_propose (tag, "net-7");
  assay_objects_take (proposals, tag);
  assay_session_replace_objects (desk->session, proposals);
  assert_string_equal (assay_session_get_breach (desk->session)->rule->id, "proposed");
  g_autoptr (AssayEdit) accepted = decide (desk, "accept");
  assert_non_null (accepted);
  assert_false (assay_object_is_proposed (object_at (desk, 0)));
}

/* One is accepted, one corrected by a stroke, one rejected. */
static void
a_proposal_is_accepted_corrected_or_rejected (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "brush");
  const AssayTask *task = scene_of (desk)->task;
  AssayObjects *proposals = assay_objects_new (task->kind);
  for (guint i = 0; i < 3; i++)
    {
      AssayObject *object = make_mask (task, (AssayRect){ 10 + 60 * i, 10, 30, 30 }, 200, 100);
      assay_object_propose (object, "flow");
      assay_objects_take (proposals, object);
    }
  assay_session_replace_objects (desk->session, proposals);
  const AssayBreach *breach = assay_session_get_breach (desk->session);
  assert_true (breach != NULL && g_str_equal (breach->rule->id, "proposed"));
  assay_session_select (desk->session, &object_at (desk, 0)->id);
  g_autoptr (AssayEdit) accepted = decide (desk, "accept");
  assert_non_null (accepted);
  assert_string_equal (assay_object_get_assisted (object_at (desk, 0)), "flow");
  assert_false (assay_object_is_proposed (object_at (desk, 0)));
  assay_session_select (desk->session, &object_at (desk, 1)->id);
  feed (desk, (AssayInput){ .kind = ASSAY_INPUT_PRESS, .at = { 80, 60 }, .button = 1, .pressure = 1 });
  feed (desk, (AssayInput){ .kind = ASSAY_INPUT_RELEASE, .at = { 90, 60 }, .button = 1, .pressure = 1 });
  assert_int_equal (desk->n_edits, 1);
  assert_string_equal (assay_object_get_assisted (object_at (desk, 1)), "flow+corrected");
  assert_false (assay_object_is_proposed (object_at (desk, 1)));
  assay_session_select (desk->session, &ASSAY_ID_NIL);
  g_autoptr (AssayEdit) rejected = decide (desk, "reject");
  assert_non_null (rejected);
  assert_int_equal (n_objects (desk), 2);
  assert_null (decide (desk, "reject"));
  g_autofree char *assisted = assay_objects_dup_assisted (scene_of (desk)->objects);
  assert_string_equal (assisted, "flow, flow+corrected");
}

static void
what_was_accepted_and_then_changed_is_corrected (void **state)
{
  g_autoptr (Desk) desk = desk_new ("segmentation", "brush");
  const AssayTask *task = scene_of (desk)->task;
  AssayObjects *proposals = assay_objects_new (task->kind);
  AssayObject *object = make_mask (task, (AssayRect){ 10, 10, 30, 30 }, 200, 100);
  assay_object_propose (object, "flow");
  assay_objects_take (proposals, object);
  assay_session_replace_objects (desk->session, proposals);
  assay_session_select (desk->session, &object_at (desk, 0)->id);
  g_autoptr (AssayEdit) accepted = decide (desk, "accept");
  assert_string_equal (assay_object_get_assisted (object_at (desk, 0)), "flow");
  for (guint i = 0; i < 2; i++)
    {
      feed (desk, (AssayInput){ .kind = ASSAY_INPUT_PRESS, .at = { 40, 60 + 20 * i }, .button = 1, .pressure = 1 });
      feed (desk,
            (AssayInput){ .kind = ASSAY_INPUT_RELEASE, .at = { 50, 60 + 20 * i }, .button = 1, .pressure = 1 });
      assert_string_equal (assay_object_get_assisted (object_at (desk, 0)), "flow+corrected");
      assert_false (assay_object_is_proposed (object_at (desk, 0)));
    }
}

/* Waves of several lengths, the second time 6 px to the right and 3 down. */
static AssayPicture *
make_waves (double dx, double dy)
{
  AssayPicture *picture = assay_picture_new (200, 150, ASSAY_PIXELS_GREY8);
  for (int y = 0; y < 150; y++)
    for (int x = 0; x < 200; x++)
      {
        double u = x - dx, v = y - dy;
        double tone = sin (u / 5 + sin (v / 11)) + sin (v / 6.3 + u / 17) + sin ((u + 2 * v) / 9.1);
        picture->data[y * (int) picture->stride + x] = (guint8) (128 + 40 * tone);
      }
  return picture;
}

static void
what_moves_is_followed (void **state)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayTask) task = assay_task_new ("masks", assay_kind_find ("segmentation"));
  assay_task_add_class (task, "cup");
  g_autoptr (AssayPicture) a = make_waves (0, 0);
  g_autoptr (AssayPicture) b = make_waves (6, 3);
  g_autoptr (AssayObjects) copies = assay_objects_new (task->kind);
  assay_objects_take (copies, make_mask (task, (AssayRect){ 60, 50, 50, 40 }, 200, 150));
  assay_objects_take (copies, make_mask (task, (AssayRect){ 0 }, 200, 150)); /* nothing to follow */
  AssayCarryNews news = { 9, 9 };
  ok (assay_carry_follow (copies, a, b, NULL, &news, &error));
  assert_int_equal (news.n_doubtful, 0);
  assert_int_equal (news.n_failed, 1);
  assert_int_equal (copies->list->len, 1);
  const AssayObject *object = copies->list->pdata[0];
  g_autoptr (AssayMask) wanted = assay_mask_new_from_box ((AssayRect){ 66, 53, 50, 40 }, 200, 150);
  assert_true (assay_mask_iou (((const AssayRegion *) object->value)->mask, wanted, FALSE) > 0.9);
  assert_string_equal (assay_object_get_assisted (object), "flow");
  g_autoptr (AssayProgress) cancelled = assay_progress_new ();
  assay_progress_cancel (cancelled);
  g_autoptr (GError) why = NULL;
  assert_false (assay_carry_follow (copies, a, b, cancelled, &news, &why));
  assert_true (g_error_matches (why, ASSAY_ERROR, ASSAY_ERROR_CANCELLED));
}

static void
predictions_of_models_alone_are_proposed (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayTask) task = masks_task (f, "masks");
  g_autoptr (AssayItem) item = add_item (f->project, 1);
  g_autoptr (AssayAnnotator) model = assay_annotator_ensure (f->store, "net-7", ASSAY_ANNOTATOR_MODEL, &error);
  const AssayAnnotator *by[2] = { model, f->bob };
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (AssayLabel) label = assay_label_new (item, task, by[i]);
      label->state = i == 0 ? ASSAY_LABEL_DRAFT : ASSAY_LABEL_SUBMITTED;
      label->tool = g_strdup ("import");
      assay_objects_take (label->objects, make_mask (task, (AssayRect){ 5 + 20 * i, 5, 15, 15 }, 64, 48));
      ok (assay_label_save (f->store, label, NULL, &error));
    }
  g_autoptr (AssayObjects) found = assay_carry_list_predictions (f->store, item, task, &error);
  ok (found);
  assert_int_equal (found->list->len, 1); /* nobody sees another person's answer */
  assert_string_equal (assay_object_get_assisted (found->list->pdata[0]), "net-7");
  assert_true (assay_object_is_proposed (found->list->pdata[0]));
}

/* A bright disc on a dark ground, in a box that somebody drew in another task. */
static void
boxes_become_masks (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayTask) task = masks_task (f, "masks");
  g_autoptr (AssayItem) item = add_item (f->project, 1);
  g_autoptr (AssayLabel) drawn = save_label (f->store, item, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 30);
  g_autoptr (AssayLabel) another = save_label (f->store, item, f->task, f->bob, ASSAY_LABEL_SUBMITTED, 10);
  g_autoptr (GArray) boxes = assay_carry_list_boxes (f->store, item, task, f->anna, &error);
  ok (boxes);
  assert_int_equal (boxes->len, 1);
  AssayCarryBox *box = &g_array_index (boxes, AssayCarryBox, 0);
  assert_true (box->box.x == 30 && box->box.w == 10);
  assert_true (assay_id_equal (&box->class_id, &((const AssayClass *) task->classes->pdata[0])->id));
  box->box = (AssayRect){ 40, 25, 100, 100 };
  g_autoptr (AssayPicture) picture = assay_picture_new (200, 150, ASSAY_PIXELS_GREY8);
  for (int y = 0; y < 150; y++)
    for (int x = 0; x < 200; x++)
      picture->data[y * (int) picture->stride + x] = (x - 90) * (x - 90) + (y - 75) * (y - 75) <= 40 * 40
                                                         ? (guint8) (200 + (x + y) % 9)
                                                         : (guint8) (40 + (x * 3 + y) % 9);
  AssayCarryBox whole = { { 0, 0, 200, 150 }, box->class_id };
  g_array_prepend_val (boxes, whole);
  AssayCarryNews news = { 0 };
  g_autoptr (AssayObjects) cut = assay_carry_cut_boxes (boxes, picture, task->kind, NULL, &news, &error);
  ok (cut);
  assert_int_equal (cut->list->len, 1);
  assert_int_equal (news.n_failed, 1);
  const AssayRegion *region = ((const AssayObject *) cut->list->pdata[0])->value;
  assert_true (fabs ((double) assay_mask_area_px (region->mask) - G_PI * 40 * 40) < 250);
  assert_string_equal (assay_object_get_assisted (cut->list->pdata[0]), "grabcut");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    CASE (the_next_picture_is_that_of_the_sequence),
    CASE (the_next_picture_is_one_that_the_task_asks_about),
    CASE (an_answer_that_was_given_is_not_withdrawn_by_a_proposal),
    CASE (a_track_is_proposed_once_in_a_picture),
    CASE (a_copy_is_proposed_once_and_its_revision_says_so),
    cmocka_unit_test (a_proposal_of_every_kind_is_told_and_accepted),
    cmocka_unit_test (a_proposal_is_accepted_corrected_or_rejected),
    cmocka_unit_test (what_was_accepted_and_then_changed_is_corrected),
    cmocka_unit_test (what_moves_is_followed),
    CASE (predictions_of_models_alone_are_proposed),
    CASE (boxes_become_masks),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
