/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flag.h"
#include "core/listing.h"
#include "core/progress.h"
#include "core/store-schema.h"
#include "tests/core/fixture.h"

static void
set_flag (Fixture *f, const AssayItem *item, const char *flag, gboolean stands, const char *why)
{
  g_autoptr (GError) error = NULL;
  ok (assay_flag_set (f->store, item->row, flag, stands, why, &f->anna->id, NULL, &error));
}

static void
what_is_taken_back_no_longer_stands_and_the_history_stays (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) item = add_item (f->project, 1);
  gboolean changed;
  set_flag (f, item, ASSAY_FLAG_BAD, TRUE, "finger before the lens");
  set_flag (f, item, ASSAY_FLAG_NOTE, TRUE, "blue cup");
  g_autoptr (GPtrArray) flags = assay_flag_list (f->store, item->row, &error);
  assert_int_equal (flags->len, 2);
  assert_string_equal (((AssayFlag *) flags->pdata[0])->why, "finger before the lens");
  ok (assay_flag_set (f->store, item->row, ASSAY_FLAG_NOTE, TRUE, "blue cup", &f->bob->id, &changed, &error));
  assert_false (changed);
  set_flag (f, item, ASSAY_FLAG_BAD, FALSE, NULL);
  g_autoptr (GPtrArray) left = assay_flag_list (f->store, item->row, &error);
  assert_int_equal (left->len, 1);
  assert_int_equal (ask (f->store, "SELECT count(*) FROM item_flag"), 3);
  assert_int_equal (ask (f->store, "SELECT count(*) FROM left_out"), 0);
  refused (assay_flag_set (f->store, item->row, "ugly", TRUE, NULL, NULL, NULL, to), ASSAY_ERROR_USAGE, "ugly");
}

static void
a_bad_item_is_not_handed_out_nor_counted_and_a_blurred_one_is (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) bad = add_item (f->project, 1), blurred = add_item (f->project, 2),
                        good = add_item (f->project, 3);
  gint64 row = 0;
  set_flag (f, bad, ASSAY_FLAG_BAD, TRUE, NULL);
  set_flag (f, blurred, ASSAY_FLAG_BLURRED, TRUE, NULL);
  ok (assay_listing_next_todo (f->store, f->task, f->anna->row, 0, &row, &error));
  assert_int_equal (row, blurred->row);
  assert_true (good->row > blurred->row);
  assert_int_equal (ask (f->store, "SELECT n FROM tally WHERE task = 0 AND annotator = 0 AND state = 'picture'"),
                    2);
  set_flag (f, bad, ASSAY_FLAG_BAD, TRUE, "again");
  assert_int_equal (ask (f->store, "SELECT n FROM tally WHERE task = 0 AND annotator = 0 AND state = 'picture'"),
                    2);
  set_flag (f, bad, ASSAY_FLAG_BAD, FALSE, NULL);
  assert_int_equal (ask (f->store, "SELECT n FROM tally WHERE task = 0 AND annotator = 0 AND state = 'picture'"),
                    3);
  ok (assay_listing_next_todo (f->store, f->task, f->anna->row, 0, &row, &error));
  assert_int_equal (row, bad->row);
}

static void
desks_that_have_the_same_rows_agree_on_what_stands (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) item = add_item (f->project, 1);
  g_autofree char *place = g_build_filename (f->directory, "other", NULL);
  g_autoptr (AssayProject) other = assay_project_create (place, "other", &error);
  AssayMergeCounts counts = { 0 };
  ok (assay_project_merge (other, f->project->directory, &counts, NULL, &error));
  set_flag (f, item, ASSAY_FLAG_WITHDRAWN, TRUE, "letter of 3 May");
  ok (assay_project_merge (other, f->project->directory, &counts, NULL, &error));
  assert_int_equal (ask (other->store, "SELECT everywhere FROM left_out"), 1);
  set_flag (f, item, ASSAY_FLAG_WITHDRAWN, FALSE, NULL);
  ok (assay_project_merge (other, f->project->directory, &counts, NULL, &error));
  ok (assay_project_merge (other, f->project->directory, &counts, NULL, &error));
  assert_int_equal (ask (other->store, "SELECT count(*) FROM left_out"), 0);
  assert_int_equal (ask (other->store, "SELECT count(*) FROM item_flag"), 2);
}

/* A project of the first version: as this one is, without what came later. */
static void
a_project_of_version_1_is_brought_up_to_date (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) item = add_item (f->project, 1);
  g_autofree char *place = g_strdup (f->project->directory);
  ok (assay_store_run (f->store, NULL, &error, "DROP TABLE left_out", ""));
  ok (assay_store_run (f->store, NULL, &error, "DROP TABLE item_flag", ""));
  ok (assay_store_run (f->store, NULL, &error, "PRAGMA user_version = 1", ""));
  assay_project_close (f->project);
  g_autoptr (AssayProject) reading = assay_project_open (place, ASSAY_STORE_READ, &error);
  ok (reading != NULL);
  assert_int_equal (ask (reading->store, "SELECT count(*) FROM left_out"), 0);
  ok (f->project = assay_project_open (place, ASSAY_STORE_WRITE, &error));
  f->store = f->project->store;
  assert_int_equal (ask (f->store, "PRAGMA user_version"), ASSAY_STORE_VERSION);
  assert_int_equal (ask (f->store, "SELECT count(*) FROM item"), 1);
  set_flag (f, item, ASSAY_FLAG_HARD, TRUE, NULL);
}

/* What a recording told of its clocks was in no version then: its items are written anew by the next one. */
static void
recordings_of_version_2_come_into_the_next_version (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) told = add_item (f->project, 1);
  g_autoptr (AssayItem) other = add_item (f->project, 2);
  g_autofree char *place = g_strdup (f->project->directory);
  ok (assay_store_run (f->store, NULL, &error, "UPDATE item SET session = x'01' WHERE row = ?", "i", told->row));
  ok (assay_store_run (f->store, NULL, &error, "UPDATE item SET session = x'02' WHERE row = ?", "i", other->row));
  ok (assay_store_run (f->store, NULL, &error,
                       "INSERT INTO session_report (id, session, made_us, report) VALUES (x'03', x'01', 1, '{}')",
                       ""));
  ok (assay_store_run (f->store, NULL, &error, "DELETE FROM touched", ""));
  ok (assay_store_run (f->store, NULL, &error, "PRAGMA user_version = 2", ""));
  assay_project_close (f->project);
  ok (f->project = assay_project_open (place, ASSAY_STORE_WRITE, &error));
  f->store = f->project->store;
  assert_int_equal (ask (f->store, "PRAGMA user_version"), ASSAY_STORE_VERSION);
  assert_int_equal (ask (f->store, "SELECT count(*) FROM touched"), 1);
  assert_int_equal (ask (f->store, "SELECT item FROM touched"), told->row);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    CASE (what_is_taken_back_no_longer_stands_and_the_history_stays),
    CASE (a_bad_item_is_not_handed_out_nor_counted_and_a_blurred_one_is),
    CASE (desks_that_have_the_same_rows_agree_on_what_stands),
    CASE (recordings_of_version_2_come_into_the_next_version),
    CASE (a_project_of_version_1_is_brought_up_to_date),
  };
  return cmocka_run_group_tests_name ("core/flag", tests, NULL, NULL);
}
