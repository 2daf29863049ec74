/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "core/flag.h"
#include "core/json.h"
#include "core/picture.h"
#include "core/plan.h"
#include "core/shard.h"
#include "core/version.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef struct
{
  char *directory;
  AssayProject *project;
  AssayTask *task;
  AssayAnnotator *one, *two;
  AssayMediaFacts media;
} Fixture;

/* By address: arguments are evaluated in any order, and the call before this one sets it. */
static void
ok (gboolean done, GError **error)
{
  if (*error != NULL)
    fail_msg ("%s", (*error)->message);
  assert_true (done);
}

static int
set_up (void **state)
{
  GError *error = NULL;
  Fixture *f = g_new0 (Fixture, 1);
  f->directory = g_dir_make_tmp ("assay-version-XXXXXX", NULL);
  g_autofree char *place = g_build_filename (f->directory, "project", NULL);
  f->project = assay_project_create (place, "versions", &error);
  ok (f->project != NULL, &error);
  f->task = assay_task_new ("things", assay_kind_find ("box"));
  assay_task_add_class (f->task, "cup");
  assay_task_add_class (f->task, "hand");
  ok (assay_task_save (f->project->store, f->task, NULL, &error), &error);
  f->one = assay_annotator_ensure (f->project->store, "one", ASSAY_ANNOTATOR_PERSON, &error);
  f->two = assay_annotator_ensure (f->project->store, "two", ASSAY_ANNOTATOR_PERSON, &error);
  g_autoptr (AssayPicture) picture = assay_picture_new (8, 6, ASSAY_PIXELS_RGB8);
  g_autoptr (GBytes) png = assay_picture_encode_png (picture, &error);
  gsize n_bytes;
  gconstpointer data = g_bytes_get_data (png, &n_bytes);
  gboolean known;
  ok (assay_media_add_bytes (f->project, data, n_bytes, &f->media, &known, &error), &error);
  *state = f;
  return 0;
}

static int
tear_down (void **state)
{
  Fixture *f = *state;
  assay_annotator_free (f->one);
  assay_annotator_free (f->two);
  assay_task_free (f->task);
  assay_project_close (f->project);
  g_autofree char *command = g_strdup_printf ("chmod -R u+w '%s'; rm -rf '%s'", f->directory, f->directory);
  int status = system (command);
  g_free (f->directory);
  g_free (f);
  return status;
}

/* Frames of one small film, so that thousands of items need one file. */
static AssayItem *
add_item (Fixture *f, guint number)
{
  GError *error = NULL;
  AssayItem *item = assay_item_new ();
  item->media = f->media.hash;
  item->media_kind = ASSAY_MEDIA_PICTURE;
  item->media_type = g_strdup ("png");
  item->name = g_strdup_printf ("take-%u/%05u", number / 10, number);
  item->range = ASSAY_RANGE_FRAME;
  item->end = number;
  item->width_px = 8;
  item->height_px = 6;
  item->group = g_strdup_printf ("take-%u", number / 10);
  ok (assay_item_add (f->project->store, item, NULL, &error), &error);
  return item;
}

static void
add_items (Fixture *f, guint from, guint to)
{
  GError *error = NULL;
  g_auto (AssayTransaction) transaction = { 0 };
  ok (assay_transaction_begin (&transaction, f->project->store, &error), &error);
  for (guint i = from; i < to; i++)
    {
      g_autoptr (AssayItem) item = add_item (f, i);
    }
  ok (assay_transaction_commit (&transaction, &error), &error);
}

static AssayLabel *
answer (Fixture *f, guint number, AssayAnnotator *annotator, double x)
{
  GError *error = NULL;
  g_autoptr (AssayItem) item = add_item (f, number);
  AssayLabel *label = assay_label_new (item, f->task, annotator);
  g_autoptr (json_t) json = json_pack ("{s:s, s:[{s:s, s:[f, f, f, f]}]}", "schema", "assay.box/1", "objects",
                                       "class", "cup", "box", x, 1.0, 2.0, 3.0);
  assay_objects_free (label->objects);
  label->objects = assay_objects_from_json (json, f->task, item, &error);
  ok (label->objects != NULL, &error);
  label->state = ASSAY_LABEL_SUBMITTED;
  label->tool = g_strdup ("test");
  ok (assay_label_save (f->project->store, label, NULL, &error), &error);
  return label;
}

static AssayVersion *
commit (Fixture *f)
{
  GError *error = NULL;
  AssayVersion *version = assay_version_commit (f->project, "a message", "somebody", NULL, NULL, &error);
  ok (version != NULL, &error);
  return version;
}

static void
nothing_changed_is_no_version (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  assert_null (assay_version_commit (f->project, "empty", "somebody", NULL, NULL, &error));
  assert_true (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_CONFLICT));
  g_clear_error (&error);
  add_items (f, 0, 5);
  g_autoptr (AssayVersion) first = commit (f);
  assert_int_equal (first->items, 5);
  assert_string_equal (first->parent, "");
  assert_null (assay_version_commit (f->project, "again", "somebody", NULL, NULL, &error));
  assert_true (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_CONFLICT));
}

/* What makes a commit cheap must not change what it says: the tree grown from the parent is the tree made from
 * nothing. */
static void
a_grown_tree_is_the_tree_made_from_scratch (void **state)
{
  Fixture *f = *state;
  GError *error = NULL;
  add_items (f, 0, 3000);
  g_autoptr (AssayVersion) first = commit (f);
  guint64 from_scratch = 0;
  for (guint round = 0; round < 6; round++)
    {
      add_items (f, 3000 + 700 * round, 3000 + 700 * (round + 1));
      for (guint i = 0; i < 7; i++)
        assay_label_free (answer (f, i * 411 + round, f->one, i));
      g_autoptr (AssayVersion) grown = commit (f);
      assert_int_equal (grown->items, 3000 + 700 * (round + 1));
      /* Forget what changed: everything is read again, and must lead to the very same root. */
      ok (assay_store_run (f->project->store, NULL, &error, "DELETE FROM meta WHERE key = 'touched_since'", ""),
          &error);
      g_autoptr (GError) same = NULL;
      guint64 steps, steps_after, written;
      assay_store_get_counts (f->project->store, &steps, &written);
      assert_null (assay_version_commit (f->project, "from scratch", "somebody", NULL, NULL, &same));
      assert_true (g_error_matches (same, ASSAY_ERROR, ASSAY_ERROR_CONFLICT));
      assay_store_get_counts (f->project->store, &steps_after, &written);
      from_scratch = steps_after - steps;
      char since[80];
      g_snprintf (since, sizeof since, "%s", grown->version);
      ok (assay_store_run (f->project->store, NULL, &error,
                           "INSERT INTO meta (key, value) VALUES ('touched_since', ?)", "t", since),
          &error);
    }
  /* One change reads the rows of one leaf, not all: a small part of what the commit from scratch had to read. */
  assay_label_free (answer (f, 5, f->one, 7.5));
  guint64 before, after, bytes;
  assay_store_get_counts (f->project->store, &before, &bytes);
  g_autoptr (AssayVersion) last = commit (f);
  assay_store_get_counts (f->project->store, &after, &bytes);
  assert_true (after - before < from_scratch / 2);
  g_autoptr (GPtrArray) damage = NULL;
  ok (assay_version_verify (f->project, last->version, &damage, NULL, &error), &error);
  assert_int_equal (damage->len, 0);
}

static void
set_flag (Fixture *f, gint64 item_row, const char *flag, gboolean stands)
{
  GError *error = NULL;
  ok (assay_flag_set (f->project->store, item_row, flag, stands, "because", &f->one->id, NULL, &error), &error);
}

/* Also when the items that go or come back are those that leaves end with. */
static void
items_that_are_withdrawn_leave_a_tree_as_if_they_had_never_been (void **state)
{
  Fixture *f = *state;
  GError *error = NULL;
  add_items (f, 0, 6000);
  g_autoptr (AssayVersion) all = commit (f);
  g_autoptr (GArray) ends = assay_item_list_rows (f->project->store, "boundary = 1", &error);
  g_autoptr (GArray) some = assay_item_list_rows (f->project->store, "boundary = 0 AND row % 997 = 0", &error);
  assert_true (ends != NULL && ends->len >= 2 && some->len > 3);
  for (guint round = 0; round < 4; round++)
    {
      GArray *rows = round % 2 == 0 ? some : ends;
      for (guint i = 0; i < rows->len; i++)
        set_flag (f, g_array_index (rows, gint64, i), round % 2 == 0 ? ASSAY_FLAG_BAD : ASSAY_FLAG_WITHDRAWN,
                  round < 2);
      g_autoptr (AssayVersion) grown = commit (f);
      assert_int_equal (grown->items, round == 0   ? 6000 - some->len
                                      : round == 1 ? 6000 - some->len - ends->len
                                      : round == 2 ? 6000 - ends->len
                                                   : 6000);
      ok (assay_store_run (f->project->store, NULL, &error, "DELETE FROM meta WHERE key = 'touched_since'", ""),
          &error);
      g_autoptr (GError) same = NULL;
      assert_null (assay_version_commit (f->project, "from scratch", "somebody", NULL, NULL, &same));
      assert_true (g_error_matches (same, ASSAY_ERROR, ASSAY_ERROR_CONFLICT));
      ok (assay_store_run (f->project->store, NULL, &error,
                           "INSERT INTO meta (key, value) VALUES ('touched_since', ?)", "t", grown->version),
          &error);
      if (round == 3)
        assert_string_equal (grown->root, all->root);
    }
}

static void
two_answers_are_undecided_until_one_is_settled (void **state)
{
  Fixture *f = *state;
  GError *error = NULL;
  add_items (f, 0, 3);
  g_autoptr (AssayLabel) by_one = answer (f, 0, f->one, 1);
  g_autoptr (AssayVersion) only = commit (f);
  assert_int_equal (only->labels, 1);
  assert_int_equal (only->undecided, 0);
  g_autoptr (AssayLabel) by_two = answer (f, 0, f->two, 2);
  g_autoptr (AssayVersion) two = commit (f);
  assert_int_equal (two->labels, 0);
  assert_int_equal (two->undecided, 1);
  ok (assay_truth_settle (f->project->store, by_two, ASSAY_TRUTH_ANNOTATOR, f->one, "closer", &error), &error);
  g_autoptr (AssayVersion) settled = commit (f);
  assert_int_equal (settled->labels, 1);
  assert_int_equal (settled->undecided, 0);

  g_autoptr (json_t) difference = assay_version_diff (f->project, only->version, settled->version, TRUE, &error);
  ok (difference != NULL, &error);
  assert_int_equal (json_integer_value (json_object_get (json_object_get (difference, "labels"), "changed")), 1);
  assert_int_equal (json_integer_value (json_object_get (json_object_get (difference, "items"), "added")), 0);
  assert_int_equal (json_array_size (json_object_get (difference, "rows")), 1);
  g_autoptr (AssaySnapshot) snapshot = assay_snapshot_open (f->project, settled->version, &error);
  ok (snapshot != NULL, &error);
  guint n_rows = 0, n_truths = 0;
  AssayRow *row;
  while ((row = assay_snapshot_next (snapshot, &error)) != NULL)
    {
      n_rows++;
      for (guint i = 0; i < row->truths->len; i++)
        {
          const AssayTruth *truth = row->truths->pdata[i];
          assert_string_equal (truth->annotator, "two");
          assert_int_equal (truth->n_answers, 2);
          n_truths++;
        }
      assay_row_free (row);
    }
  ok (TRUE, &error);
  assert_int_equal (n_rows, 3);
  assert_int_equal (n_truths, 1);
}

static void
growing_moves_no_item_to_another_split (void **state)
{
  Fixture *f = *state;
  GError *error = NULL;
  add_items (f, 0, 1000);
  g_autoptr (AssayVersion) small = commit (f);
  add_items (f, 1000, 4000);
  g_autoptr (AssayVersion) large = commit (f);
  g_autoptr (json_t) difference = assay_version_diff (f->project, small->version, large->version, FALSE, &error);
  ok (difference != NULL, &error);
  assert_int_equal (json_integer_value (json_object_get (json_object_get (difference, "splits"), "moved")), 0);
  assert_int_equal (json_integer_value (json_object_get (json_object_get (difference, "items"), "added")), 3000);
  assert_int_equal (large->train + large->val + large->test, 4000);
  /* 400 groups at 10 %: 40, standard deviation 6; five of those is never by chance. */
  assert_in_range (large->val, 100, 700);
  assert_in_range (large->test, 100, 700);
}

static void
a_group_is_in_one_split_and_the_salt_decides (void **state)
{
  (void) state;
  guint8 salt[16] = { 1 }, other[16] = { 2 };
  guint differs = 0, counts[3] = { 0 };
  for (guint i = 0; i < 10000; i++)
    {
      char group[32];
      g_snprintf (group, sizeof group, "group %u", i);
      AssaySplit split = assay_split_of (salt, group, 0.1, 0.1);
      assert_int_equal (split, assay_split_of (salt, group, 0.1, 0.1));
      differs += split != assay_split_of (other, group, 0.1, 0.1);
      counts[split]++;
    }
  assert_in_range (counts[ASSAY_SPLIT_VAL], 850, 1150);
  assert_in_range (counts[ASSAY_SPLIT_TEST], 850, 1150);
  assert_true (differs > 1000);
}

static void
assert_damaged (Fixture *f, const char *version, const char *what)
{
  GError *error = NULL;
  g_autoptr (GPtrArray) damage = NULL;
  ok (assay_version_verify (f->project, version, &damage, NULL, &error), &error);
  assert_true (damage->len > 0);
  gboolean named = FALSE;
  for (guint i = 0; i < damage->len; i++)
    named = named || strstr (damage->pdata[i], what) != NULL;
  if (!named)
    fail_msg ("\"%s\" is not named in: %s", what, (char *) damage->pdata[0]);
}

static void
verify_names_an_altered_shard (void **state)
{
  Fixture *f = *state;
  GError *error = NULL;
  add_items (f, 0, 20);
  g_autoptr (AssayVersion) version = commit (f);
  ok (assay_store_run (f->project->store, NULL, &error,
                       "UPDATE object SET data = CAST (substr (data, 1, 40) || x'00' || substr (data, 42) AS BLOB)",
                       ""),
      &error);
  assert_damaged (f, version->version, "altered");
}

static void
verify_names_a_missing_shard (void **state)
{
  Fixture *f = *state;
  GError *error = NULL;
  add_items (f, 0, 20);
  g_autoptr (AssayVersion) version = commit (f);
  ok (assay_store_run (f->project->store, NULL, &error, "DELETE FROM object", ""), &error);
  assert_damaged (f, version->version, "missing");
}

static void
verify_names_an_altered_manifest (void **state)
{
  Fixture *f = *state;
  GError *error = NULL;
  add_items (f, 0, 20);
  g_autoptr (AssayVersion) version = commit (f);
  ok (assay_store_run (f->project->store, NULL, &error,
                       "UPDATE version SET manifest = replace(manifest, 'somebody', 'somebodx')", ""),
      &error);
  assert_damaged (f, version->version, "manifest");
}

static void
verify_names_an_altered_picture (void **state)
{
  Fixture *f = *state;
  add_items (f, 0, 20);
  g_autoptr (AssayVersion) version = commit (f);
  g_autofree char *path = assay_media_dup_path (f->project, &f->media.hash, "png");
  assert_int_equal (chmod (path, 0644), 0);
  FILE *file = fopen (path, "r+b");
  assert_non_null (file);
  fseek (file, 20, SEEK_SET);
  int byte = fgetc (file);
  fseek (file, 20, SEEK_SET);
  fputc (byte ^ 1, file);
  fclose (file);
  assert_damaged (f, version->version, "media");
}

static void
a_tag_never_moves (void **state)
{
  Fixture *f = *state;
  GError *error = NULL;
  add_items (f, 0, 2);
  g_autoptr (AssayVersion) first = commit (f);
  add_items (f, 2, 4);
  g_autoptr (AssayVersion) second = commit (f);
  ok (assay_version_tag (f->project, "v1", first->version, &error), &error);
  ok (assay_version_tag (f->project, "v1", first->version, &error), &error); /* again: the same, no harm */
  assert_false (assay_version_tag (f->project, "v1", second->version, &error));
  assert_true (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_CONFLICT));
  g_clear_error (&error);
  assert_false (assay_version_tag (f->project, "abcd", second->version, &error)); /* would hide an id */
  assert_true (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_USAGE));
  g_clear_error (&error);
  g_autoptr (AssayVersion) found = assay_version_find (f->project, "v1", &error);
  ok (found != NULL, &error);
  assert_string_equal (found->version, first->version);
}

static void
another_rule_of_splits_is_another_version (void **state)
{
  Fixture *f = *state;
  GError *error = NULL;
  add_items (f, 0, 500);
  g_autoptr (AssayVersion) before = commit (f);
  g_autoptr (AssayPlan) plan = assay_plan_new ();
  plan->split_train = 0.5;
  plan->split_val = 0.3;
  plan->split_test = 0.2;
  ok (assay_plan_save (f->project->store, plan, &f->one->id, &error), &error);
  g_autoptr (AssayVersion) after = commit (f);
  assert_true (after->val > before->val);
  g_autoptr (GPtrArray) damage = NULL;
  ok (assay_version_verify (f->project, after->version, &damage, NULL, &error), &error);
  assert_int_equal (damage->len, 0);
}

int
main (void)
{
#define CASE(name) cmocka_unit_test_setup_teardown (name, set_up, tear_down)
  const struct CMUnitTest cases[] = {
    CASE (nothing_changed_is_no_version),
    CASE (a_grown_tree_is_the_tree_made_from_scratch),
    CASE (items_that_are_withdrawn_leave_a_tree_as_if_they_had_never_been),
    CASE (two_answers_are_undecided_until_one_is_settled),
    CASE (growing_moves_no_item_to_another_split),
    cmocka_unit_test (a_group_is_in_one_split_and_the_salt_decides),
    CASE (verify_names_an_altered_shard),
    CASE (verify_names_a_missing_shard),
    CASE (verify_names_an_altered_manifest),
    CASE (verify_names_an_altered_picture),
    CASE (a_tag_never_moves),
    CASE (another_rule_of_splits_is_another_version),
  };
  return cmocka_run_group_tests (cases, NULL, NULL);
}
