/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/job-repair.h"

#include "tests/core/fixture.h"

static AssayId
class_of (const AssayTask *task, const char *name)
{
  return assay_task_find_class_named (task, name)->id;
}

static AssayLabel *
truth_of (Fixture *f, const AssayItem *item)
{
  g_autoptr (GError) error = NULL;
  AssayTruthHow how;
  AssayLabel *label = NULL;
  ok (assay_truth_get (f->store, item->row, f->task, &how, &label, &error));
  assert_non_null (label);
  return label;
}

static const AssayRect *
box_at (const AssayLabel *label, guint i)
{
  return &((const AssayBox *) ((const AssayObject *) label->objects->list->pdata[i])->value)->box;
}

static void
one_annotators_boxes_grow_at_once_and_shrink_back_by_one_undo (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) one = add_item (f->project, 1), two = add_item (f->project, 2),
                        apart = add_item (f->project, 3);
  g_autoptr (AssayLabel) annas = save_label (f->store, one, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 1);
  g_autoptr (AssayLabel) bobs = save_label (f->store, two, f->task, f->bob, ASSAY_LABEL_SUBMITTED, 20);
  g_autoptr (AssayLabel) left = save_label (f->store, apart, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 5);
  g_autoptr (AssayLabel) right = save_label (f->store, apart, f->task, f->bob, ASSAY_LABEL_SUBMITTED, 9);
  const AssayRepair repair = {
    .kind = ASSAY_REPAIR_GROW, .class_id = class_of (f->task, "cup"), .annotator_row = f->anna->row, .n_px = 3
  };
  g_autoptr (GPtrArray) labels = NULL;
  guint undecided, n;
  g_autoptr (GArray) spots = NULL;
  ok (spots = assay_repair_list (f->project, f->task, &repair, &labels, &undecided, &error));
  assert_int_equal (spots->len, 1);
  assert_int_equal (undecided, 1); /* nobody has said which of the two it is */
  g_autoptr (AssayVerdict) verdict = assay_verdict_new ();
  ok (assay_repair_do (f->project, f->task, &repair, NULL, f->bob, NULL, verdict, &n, &error));
  assert_int_equal (n, 1);
  g_autoptr (AssayLabel) grown = truth_of (f, one), same = truth_of (f, two);
  /* {1, 2, 10, 12} by 3, and not out of the picture. */
  assert_float_equal (box_at (grown, 0)->x, 0, 0);
  assert_float_equal (box_at (grown, 0)->y, 0, 0);
  assert_float_equal (box_at (grown, 0)->w, 14, 0);
  assert_float_equal (box_at (grown, 0)->h, 17, 0);
  assert_true (assay_id_equal (&same->id, &bobs->id));
  g_autoptr (AssayLabel) still = NULL;
  ok (still = assay_label_get (f->store, one->row, f->task, f->anna->row, &error));
  assert_true (assay_id_equal (&still->id, &annas->id)); /* hers is as she made it */
  ok (assay_verdict_undo (f->project, verdict, f->bob, &error));
  g_autoptr (AssayLabel) back = truth_of (f, one);
  assert_true (assay_id_equal (&back->id, &annas->id));
}

static void
a_class_becomes_another_in_the_chosen_objects_alone (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) item = add_item (f->project, 1);
  g_autoptr (AssayLabel) label = make_label (item, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 1);
  assay_objects_take (label->objects, make_box (f->task, "cup", 30));
  ok (assay_label_save (f->store, label, NULL, &error));
  const AssayRepair repair
      = { .kind = ASSAY_REPAIR_CLASS, .class_id = class_of (f->task, "cup"), .to = class_of (f->task, "hand") };
  g_autoptr (GHashTable) chosen = g_hash_table_new (assay_id_hash, assay_id_hash_equal);
  g_hash_table_add (chosen, &((AssayObject *) label->objects->list->pdata[1])->id);
  g_autoptr (AssayVerdict) verdict = assay_verdict_new ();
  guint n;
  ok (assay_repair_do (f->project, f->task, &repair, chosen, f->bob, NULL, verdict, &n, &error));
  assert_int_equal (n, 1);
  g_autoptr (AssayLabel) truth = truth_of (f, item);
  assert_true (assay_id_equal (&((AssayObject *) truth->objects->list->pdata[0])->class_id, &repair.class_id));
  assert_true (assay_id_equal (&((AssayObject *) truth->objects->list->pdata[1])->class_id, &repair.to));
}

static void
what_would_be_shrunk_away_stays_and_no_reach_is_refused (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) item = add_item (f->project, 1);
  g_autoptr (AssayLabel) label = save_label (f->store, item, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 1);
  AssayRepair repair = { .kind = ASSAY_REPAIR_SHRINK, .class_id = class_of (f->task, "cup"), .n_px = 5 };
  g_autoptr (AssayVerdict) verdict = assay_verdict_new ();
  guint n = 7;
  ok (assay_repair_do (f->project, f->task, &repair, NULL, f->bob, NULL, verdict, &n, &error));
  assert_int_equal (n, 0);
  assert_int_equal (verdict->reviews->len, 0);
  repair.n_px = 0;
  refused (assay_repair_do (f->project, f->task, &repair, NULL, f->bob, NULL, verdict, &n, to), ASSAY_ERROR_USAGE,
           "pixels");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    CASE (one_annotators_boxes_grow_at_once_and_shrink_back_by_one_undo),
    CASE (a_class_becomes_another_in_the_chosen_objects_alone),
    CASE (what_would_be_shrunk_away_stays_and_no_reach_is_refused),
  };
  return cmocka_run_group_tests_name ("job-repair", tests, NULL, NULL);
}
