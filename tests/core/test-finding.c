/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/finding.h"
#include "tests/core/fixture.h"

static AssayFinding *
make_finding (Fixture *f, const AssayItem *item, double score, const char *inputs)
{
  AssayFinding *finding = assay_finding_new ("tiny-objects", ASSAY_SEVERITY_WARNING, score, "the box is 2 px wide");
  finding->item_row = item->row;
  finding->task_row = f->task->row;
  finding->inputs = assay_sha256 (inputs, strlen (inputs));
  g_ptr_array_add (finding->annotators, g_strdup ("anna"));
  json_object_set_new (finding->where, "box", json_pack ("[i, i, i, i]", 1, 2, 3, 4));
  assay_finding_identify (finding, &item->id, &f->task->id, "box");
  return finding;
}

static void
run_check (Fixture *f, AssayFinding *one, AssayFinding *two)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_finding_free);
  if (one != NULL)
    g_ptr_array_add (list, one);
  if (two != NULL)
    g_ptr_array_add (list, two);
  ok (assay_finding_replace (f->store, "tiny-objects", 0, list, &error));
}

static guint
count_open (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = assay_finding_list (f->store, TRUE, &error);
  ok (list != NULL);
  return list->len;
}

static void
a_dismissal_holds_until_the_inputs_change (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) one = add_item (f->project, 1), two = add_item (f->project, 2);
  run_check (f, make_finding (f, one, 0.2, "a"), make_finding (f, two, 0.9, "b"));
  g_autoptr (GPtrArray) list = assay_finding_list (f->store, TRUE, &error);
  assert_int_equal (list->len, 2);
  const AssayFinding *worst = list->pdata[0];
  assert_true (worst->score == 0.9 && worst->item_row == two->row);
  refused (assay_finding_dismiss (f->store, &worst->id, f->bob, "", to), ASSAY_ERROR_USAGE, "reason");
  ok (assay_finding_dismiss (f->store, &worst->id, f->bob, "it is far away", &error));
  assert_int_equal (count_open (f), 1);
  run_check (f, make_finding (f, one, 0.2, "a"), make_finding (f, two, 0.8, "b"));
  assert_int_equal (count_open (f), 1);
  run_check (f, make_finding (f, one, 0.2, "a"), make_finding (f, two, 0.8, "another label"));
  assert_int_equal (count_open (f), 2);
}

static void
what_a_run_no_longer_finds_is_fixed_and_can_come_back (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) one = add_item (f->project, 1);
  AssayFinding *finding = make_finding (f, one, 0.2, "a");
  g_autofree char *id = assay_id_dup_text (&finding->id);
  run_check (f, finding, NULL);
  run_check (f, NULL, NULL);
  assert_int_equal (count_open (f), 0);
  g_autoptr (AssayFinding) fixed = assay_finding_get (f->store, id, &error);
  assert_int_equal (fixed->state, ASSAY_FINDING_FIXED);
  run_check (f, make_finding (f, one, 0.2, "a"), NULL);
  id[13] = '\0';
  g_autoptr (AssayFinding) open = assay_finding_get (f->store, id, &error);
  ok (open != NULL);
  assert_int_equal (open->state, ASSAY_FINDING_OPEN);
  g_autoptr (json_t) json = assay_finding_to_json (f->store, open);
  assert_string_equal (assay_json_get_string (json, "check"), "tiny-objects");
  assert_string_equal (assay_json_get_string (json, "name"), one->name);
  assert_int_equal (json_array_size (json_object_get (json_object_get (json, "where"), "box")), 4);
  refused (assay_finding_get (f->store, "zz", to), ASSAY_ERROR_USAGE, "no id");
  refused (assay_finding_get (f->store, "00000000", to), ASSAY_ERROR_NOT_FOUND, "none");
}

static void
a_run_that_finds_the_same_writes_nothing (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayItem) one = add_item (f->project, 1), two = add_item (f->project, 2);
  guint64 steps, before, after;
  run_check (f, make_finding (f, one, 0.2, "a"), make_finding (f, two, 0.9, "b"));
  assay_store_get_counts (f->store, &steps, &before);
  run_check (f, make_finding (f, one, 0.2, "a"), make_finding (f, two, 0.9, "b"));
  assay_store_get_counts (f->store, &steps, &after);
  assert_int_equal (before, after);
}

int
main (void)
{
  const struct CMUnitTest cases[] = {
    CASE (a_dismissal_holds_until_the_inputs_change),
    CASE (a_run_that_finds_the_same_writes_nothing),
    CASE (what_a_run_no_longer_finds_is_fixed_and_can_come_back),
  };
  return cmocka_run_group_tests (cases, NULL, NULL);
}
