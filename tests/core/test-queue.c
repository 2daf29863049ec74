/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an annotator gets next. */
#include "core/again.h"
#include "core/assignment.h"
#include "core/flag.h"
#include "core/listing.h"
#include "core/queue.h"
#include "core/returned.h"
#include "core/tally.h"

#include "tests/core/fixture.h"

static AssayItem *
add_named (Fixture *f, guint number, const char *name, const char *sequence, const char *facts)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) first = add_item (f->project, number); /* brings its media */
  AssayItem *item = assay_item_copy (first);
  gboolean added;
  g_free (item->name);
  g_free (item->sequence);
  g_clear_pointer (&item->group, g_free);
  item->name = g_strdup (name);
  item->sequence = g_strdup (sequence);
  item->position = number;
  if (facts != NULL)
    {
      json_decref (item->facts);
      item->facts = json_loads (facts, 0, NULL);
    }
  ok (assay_flag_set (f->store, first->row, ASSAY_FLAG_BAD, TRUE, NULL, &f->anna->id, NULL, &error));
  ok (assay_item_add (f->store, item, &added, &error));
  assert_true (added);
  return item;
}

static void
set_plan (Fixture *f, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) json = json_loads (text, 0, NULL);
  assert_non_null (json);
  g_autoptr (AssayPlan) plan = assay_plan_from_json (json, &error);
  ok (plan != NULL);
  ok (assay_plan_save (f->store, plan, &f->anna->id, &error));
}

static gint64
next_of (Fixture *f, const AssayAnnotator *annotator, gint64 after_row, AssayQueueWhy why)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayQueued) next = NULL;
  ok (assay_queue_next (f->store, f->task, annotator, after_row, &next, &error));
  if (next != NULL)
    assert_string_equal (assay_queue_why_to_text (next->why), assay_queue_why_to_text (why));
  return next != NULL ? next->item_row : 0;
}

static GHashTable *
all_of (Fixture *f, const AssayAnnotator *annotator)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = assay_queue_list (f->store, f->task, annotator, 1000, &error);
  ok (list != NULL);
  GHashTable *set = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  for (guint i = 0; i < list->len; i++)
    g_hash_table_add (set, g_memdup2 (&((AssayQueued *) list->pdata[i])->item_row, sizeof (gint64)));
  assert_int_equal (g_hash_table_size (set), list->len);
  return set;
}

/* Neither has seen an answer of the other, as on two desks that never talk. */
static void
two_annotators_get_different_items_but_for_the_overlap (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  guint n_both = 0, n_overlap = 0;
  for (guint i = 1; i <= 80; i++)
    assay_item_free (add_item (f->project, i));
  set_plan (f, "{\"overlap\": 0.25, \"annotators\": [\"anna\", \"bob\"]}");
  g_autoptr (AssayPlan) plan = assay_plan_get (f->store, &error);
  g_autoptr (GHashTable) annas = all_of (f, f->anna), bobs = all_of (f, f->bob);
  for (gint64 row = 1; row <= 80; row++)
    {
      g_autoptr (AssayItem) item = assay_item_get_row (f->store, row, &error);
      gboolean overlap = assay_plan_is_overlap (plan, &item->id);
      gboolean anna = g_hash_table_contains (annas, &row), bob = g_hash_table_contains (bobs, &row);
      assert_true (anna || bob);
      assert_int_equal (anna && bob, overlap);
      n_both += anna && bob;
      n_overlap += overlap;
    }
  assert_true (n_overlap > 0 && n_overlap < 80);
  assert_int_equal (n_both, n_overlap);
  assert_in_range (g_hash_table_size (annas) - n_both, 10, 70);
}

/* Of 400 draws with a share of 0.3: 120, give or take three standard deviations. */
static void
explicit_assignment_goes_before_the_draw_and_keeps_its_shares (void **state)
{
  Fixture *f = *state;
  guint n_anna = 0;
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) json
      = json_loads ("{\"overlap\": 0, \"annotators\": [\"anna\", \"bob\", \"cleo\"], \"assign\": ["
                    "{\"annotator\": \"cleo\", \"names\": [\"left/\"]},"
                    "{\"annotator\": \"bob\", \"task\": \"another\"},"
                    "{\"annotator\": \"anna\", \"sequences\": [\"walk\"], \"share\": 0.3}]}",
                    0, NULL);
  g_autoptr (AssayPlan) plan = assay_plan_from_json (json, &error);
  ok (plan != NULL);
  g_autoptr (AssayAssignment) assign = assay_assignment_new (plan, f->task->name);
  assert_false (assay_assignment_is_open (assign));
  for (guint i = 0; i < 400; i++)
    {
      AssayId id = assay_id_derive ("test", &i, sizeof i);
      AssayAssignee left = { id, "left/1.png", NULL, "g" }, walk = { id, "right/1.png", "walk", "g" };
      assert_true (assay_assignment_is_for (assign, &left, "cleo"));
      assert_false (assay_assignment_is_for (assign, &left, "anna")
                    || assay_assignment_is_for (assign, &left, "bob"));
      /* One sequence goes to one annotator, whatever the frame. */
      AssayAssignee first = { assay_id_new (), "right/0.png", "walk", "g" };
      assert_int_equal (assay_assignment_is_for (assign, &walk, "anna"),
                        assay_assignment_is_for (assign, &first, "anna"));
    }
  g_autoptr (json_t) shares = json_loads ("{\"overlap\": 0, \"annotators\": [\"anna\", \"bob\"],"
                                          " \"assign\": [{\"annotator\": \"anna\", \"share\": 0.3}]}",
                                          0, NULL);
  g_autoptr (AssayPlan) shared = assay_plan_from_json (shares, &error);
  ok (shared != NULL);
  g_autoptr (AssayAssignment) by_share = assay_assignment_new (shared, f->task->name);
  for (guint i = 0; i < 400; i++)
    {
      AssayAssignee item = { assay_id_derive ("test", &i, sizeof i), "x.png", NULL, "g" };
      gboolean anna = assay_assignment_is_for (by_share, &item, "anna");
      assert_int_equal (assay_assignment_is_for (by_share, &item, "bob"), !anna);
      n_anna += anna;
    }
  assert_in_range (n_anna, 92, 148);
}

/* Nobody else is named: what the shares leave is for anybody else, and for them alone. */
static void
a_share_is_a_share_where_nobody_else_is_named (void **state)
{
  static const struct
  {
    double share;
    gboolean named;
    guint least, most;
  } cases[] = { { 0.3, FALSE, 92, 148 }, { 0, FALSE, 0, 0 }, { 1, FALSE, 400, 400 }, { 0.3, TRUE, 92, 148 } };
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  for (guint c = 0; c < G_N_ELEMENTS (cases); c++)
    {
      g_autoptr (json_t) json = json_pack ("{s:i, s:[{s:s, s:f}]}", "overlap", 0, "assign", "annotator", "anna",
                                           "share", cases[c].share);
      if (cases[c].named)
        json_object_set_new (json, "annotators", json_pack ("[s]", "anna"));
      g_autoptr (AssayPlan) plan = assay_plan_from_json (json, &error);
      ok (plan != NULL);
      g_autoptr (AssayAssignment) assign = assay_assignment_new (plan, f->task->name);
      guint n_anna = 0;
      for (guint i = 0; i < 400; i++)
        {
          AssayAssignee item = { assay_id_derive ("test", &i, sizeof i), "x.png", NULL, "g" };
          gboolean anna = assay_assignment_is_for (assign, &item, "anna");
          assert_int_equal (assay_assignment_is_for (assign, &item, "bob"), !anna);
          assert_int_equal (assay_assignment_is_for (assign, &item, "cleo"), !anna);
          n_anna += anna;
        }
      assert_in_range (n_anna, cases[c].least, cases[c].most);
    }
  assert_int_equal (assay_assignment_n_gold (1e-20, "anna", 1000), 0);
  assert_int_equal (assay_assignment_n_gold (5e-324, "anna", G_MAXUINT64), 0);
  assert_int_equal (assay_assignment_n_gold (1, "anna", 1000), 1001);
}

static void
who_is_not_named_is_told_who_is_and_who_is_done_that_nothing_is_wanted (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) item = add_item (f->project, 1);
  g_autofree char *open_end = assay_queue_dup_end (f->store, f->task, f->bob, &error);
  assert_string_equal (open_end, "nothing more is wanted from you");
  g_autoptr (json_t) json
      = json_pack ("{s:[ss], s:[{s:s}]}", "annotators", "anna", "cleo", "assign", "annotator", "dan");
  g_autoptr (AssayPlan) plan = assay_plan_from_json (json, &error);
  ok (plan);
  ok (assay_plan_save (f->store, plan, NULL, &error));
  g_autofree char *others = assay_queue_dup_end (f->store, f->task, f->bob, &error);
  assert_string_equal (others,
                       "the plan gives this task to anna, cleo and dan; ask for a share in it (assay plan)");
  g_autofree char *own = assay_queue_dup_end (f->store, f->task, f->anna, &error);
  assert_string_equal (own, "nothing more is wanted from you");
}

static void
plan_that_cannot_be_read_says_what_is_wrong (void **state)
{
  static const char *const plans[]
      = { "{\"annotators\": \"anna\"}", "{\"assign\": [{\"task\": \"cups\"}]}", "{\"gold\": 2}",
          "{\"assign\": [{\"annotator\": \"anna\", \"share\": \"much\"}]}" };
  for (guint i = 0; i < G_N_ELEMENTS (plans); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (json_t) json = json_loads (plans[i], 0, NULL);
      g_autoptr (AssayPlan) plan = assay_plan_from_json (json, &error);
      assert_null (plan);
      assert_true (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA));
    }
}

static void
what_was_sent_back_comes_first (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) first = add_item (f->project, 1);
  g_autoptr (AssayItem) second = add_item (f->project, 2);
  g_autoptr (AssayItem) third = add_item (f->project, 3);
  g_autoptr (AssayLabel) label = save_label (f->store, third, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 1);
  assert_int_equal (next_of (f, f->anna, 0, ASSAY_QUEUE_OPEN), first->row);
  ok (assay_truth_send_back (f->store, label, f->bob, "the handle is missing", &error));
  assert_int_equal (next_of (f, f->anna, 0, ASSAY_QUEUE_RETURNED), third->row);
  assert_int_equal (next_of (f, f->anna, first->row, ASSAY_QUEUE_RETURNED), third->row);
  /* Whoever puts it off goes on with the rest. */
  assert_int_equal (next_of (f, f->anna, third->row, ASSAY_QUEUE_OPEN), first->row);
  assert_int_equal (next_of (f, f->bob, 0, ASSAY_QUEUE_OPEN), first->row);
}

static void
what_was_sent_back_says_why_and_where_until_it_is_handed_in_again (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  AssayPoint point;
  g_autoptr (AssayItem) item = add_item (f->project, 1);
  g_autoptr (AssayLabel) label = save_label (f->store, item, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 1);
  g_autoptr (json_t) place = json_loads ("{\"box\": [10, 20, 4, 6.5]}", 0, NULL);
  g_autoptr (AssayReturned) none = NULL, returned = NULL, drafted = NULL, after = NULL;
  ok (assay_returned_get (f->store, item->row, f->task->row, f->anna->row, &none, &error));
  assert_null (none);
  ok (assay_truth_send_back (f->store, label, f->bob, "an older word", &error));
  ok (assay_truth_send_back_to (f->store, label, f->bob, "the handle is missing", place, &error));
  ok (assay_returned_get (f->store, item->row, f->task->row, f->anna->row, &returned, &error));
  assert_string_equal (returned->comment, "the handle is missing");
  assert_string_equal (returned->by, "bob");
  assert_true (json_equal (returned->place, place));
  assert_true (assay_returned_get_point (returned, &point));
  assert_true (point.x == 12 && point.y == 23.25);
  g_autoptr (AssayLabel) draft = save_label (f->store, item, f->task, f->anna, ASSAY_LABEL_DRAFT, 2);
  ok (assay_returned_get (f->store, item->row, f->task->row, f->anna->row, &drafted, &error));
  assert_non_null (drafted); /* a draft upon it is still that */
  g_autoptr (AssayLabel) again = save_label (f->store, item, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 2);
  ok (assay_returned_get (f->store, item->row, f->task->row, f->anna->row, &after, &error));
  assert_null (after);
}

static AssayLabelState
state_of (Fixture *f, const AssayItem *item)
{
  g_autoptr (GError) error = NULL;
  AssayLabelState state;
  ok (assay_label_get_state (f->store, item->row, f->task->row, f->anna->row, &state, &error));
  return state;
}

static gboolean
recall (Fixture *f, const AssayItem *item, GError **error)
{
  g_autoptr (AssayJournal) journal = assay_journal_open (f->store, item, f->task, f->anna, error);
  return journal != NULL && assay_journal_recall (journal, error);
}

static void
what_was_submitted_can_be_taken_back_until_it_is_settled (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL, settled = NULL, never = NULL;
  AssayTruthHow how;
  g_autoptr (AssayLabel) truth = NULL, head = NULL;
  g_autoptr (AssayItem) item = add_item (f->project, 1);
  g_autoptr (AssayItem) untouched = add_item (f->project, 2);
  g_autoptr (AssayLabel) label = save_label (f->store, item, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 1);
  ok (recall (f, item, &error));
  assert_int_equal (state_of (f, item), ASSAY_LABEL_DRAFT);
  ok (assay_truth_get (f->store, item->row, f->task, &how, &truth, &error));
  assert_int_equal (how, ASSAY_TRUTH_NONE);
  head = assay_label_get (f->store, item->row, f->task, f->anna->row, &error);
  assert_true (assay_objects_equal (head->objects, label->objects));
  assert_true (assay_id_equal (&head->parent, &label->id)); /* on top: the history stays */
  assert_int_equal (next_of (f, f->anna, 0, ASSAY_QUEUE_BEGUN), item->row);
  g_autoptr (AssayLabel) again = save_label (f->store, item, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 2);
  ok (assay_truth_settle (f->store, again, ASSAY_TRUTH_ANNOTATOR, f->bob, NULL, &error));
  assert_false (recall (f, item, &settled));
  assert_true (g_error_matches (settled, ASSAY_ERROR, ASSAY_ERROR_CONFLICT));
  assert_int_equal (state_of (f, item), ASSAY_LABEL_SETTLED);
  assert_false (recall (f, untouched, &never));
  assert_true (g_error_matches (never, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND));
}

static void
assert_resumes (Fixture *f, gint64 row, const char *tool)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *said = NULL;
  gint64 found;
  ok (assay_queue_resume (f->store, f->task, f->anna, &found, &said, &error));
  assert_int_equal (found, row);
  if (tool != NULL)
    assert_string_equal (said, tool);
}

static void
work_goes_on_where_it_was_left (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) first = add_item (f->project, 1);
  g_autoptr (AssayItem) second = add_item (f->project, 2);
  g_autoptr (AssayItem) third = add_item (f->project, 3);
  assert_resumes (f, first->row, NULL);
  g_autoptr (AssayLabel) done = save_label (f->store, second, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 1);
  assert_resumes (f, third->row, "test"); /* after what was handed in last, not from the start */
  g_autoptr (AssayLabel) draft = save_label (f->store, first, f->task, f->anna, ASSAY_LABEL_DRAFT, 1);
  assert_resumes (f, first->row, "test");
  /* A stroke is later than any answer, though no revision holds it. */
  g_autoptr (AssayJournal) journal = assay_journal_open (f->store, third, f->task, f->anna, &error);
  AssayEdit *edit = assay_edit_new (f->task->kind, "box");
  assay_edit_take (edit, NULL, make_box (f->task, "cup", 3));
  ok (assay_journal_append (journal, edit, &error));
  assert_resumes (f, third->row, "test");
  ok (assay_truth_send_back (f->store, done, f->bob, "look again", &error));
  assert_resumes (f, second->row, NULL);
}

static void
neediest_target_and_then_the_neighbours_come_first (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayItem) light = add_named (f, 1, "a.png", NULL, "{\"conditions\": {\"light\": \"bright\"}}");
  g_autoptr (AssayItem) walk_1 = add_named (f, 2, "w1.png", "walk", NULL);
  g_autoptr (AssayItem) dark = add_named (f, 3, "b.png", NULL, "{\"conditions\": {\"light\": \"low\"}}");
  g_autoptr (AssayItem) walk_2 = add_named (f, 4, "w2.png", "walk", NULL);
  g_autoptr (AssayItem) dark_2 = add_named (f, 5, "c.png", NULL, "{\"conditions\": {\"light\": \"low\"}}");
  set_plan (f, "{\"overlap\": 0}");
  assert_int_equal (next_of (f, f->anna, walk_1->row, ASSAY_QUEUE_NEIGHBOUR), walk_2->row);
  assert_int_equal (next_of (f, f->anna, 0, ASSAY_QUEUE_OPEN), light->row);
  set_plan (f, "{\"overlap\": 0, \"targets\": ["
               "{\"class\": \"cup\", \"condition\": {\"light\": \"bright\"}, \"count\": 2},"
               "{\"class\": \"cup\", \"condition\": {\"light\": \"low\"}, \"count\": 1}]}");
  g_autoptr (AssayLabel) bright = save_label (f->store, light, f->task, f->bob, ASSAY_LABEL_SUBMITTED, 1);
  assert_int_equal (next_of (f, f->anna, walk_1->row, ASSAY_QUEUE_TARGET), dark->row);
  /* The target is met: it asks for nothing any more. */
  g_autoptr (AssayLabel) low = save_label (f->store, dark, f->task, f->bob, ASSAY_LABEL_SUBMITTED, 1);
  assert_int_equal (next_of (f, f->anna, walk_1->row, ASSAY_QUEUE_NEIGHBOUR), walk_2->row);
}

/* Numbers as they are kept, and nothing of what is left out. */
static void
targets_are_counted_as_the_plan_counts_them (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) first = add_named (f, 1, "a.png", NULL, "{\"conditions\": {\"lux\": 0.1}}");
  g_autoptr (AssayItem) second = add_named (f, 2, "b.png", NULL, "{\"conditions\": {\"lux\": 0.1}}");
  set_plan (f,
            "{\"overlap\": 0, \"targets\": [{\"class\": \"cup\", \"condition\": {\"lux\": 0.1}, \"count\": 1}]}");
  assert_int_equal (next_of (f, f->anna, 0, ASSAY_QUEUE_TARGET), first->row);
  g_autoptr (AssayLabel) label = save_label (f->store, first, f->task, f->bob, ASSAY_LABEL_SUBMITTED, 1);
  assert_int_equal (next_of (f, f->anna, 0, ASSAY_QUEUE_OPEN), second->row);
  ok (assay_flag_set (f->store, first->row, ASSAY_FLAG_BLURRED, TRUE, NULL, &f->bob->id, NULL, &error));
  assert_int_equal (next_of (f, f->anna, 0, ASSAY_QUEUE_TARGET), second->row);
}

static void
settle_as_gold (Fixture *f, const AssayItem *item)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayAnnotator) lead = assay_annotator_ensure (f->store, "lead", ASSAY_ANNOTATOR_PERSON, &error);
  g_autoptr (AssayLabel) label = save_label (f->store, item, f->task, lead, ASSAY_LABEL_SUBMITTED, 5);
  ok (assay_truth_settle (f->store, label, ASSAY_TRUTH_ANNOTATOR, lead, NULL, &error));
  ok (assay_flag_set (f->store, item->row, ASSAY_FLAG_GOLD, TRUE, NULL, &lead->id, NULL, &error));
}

static void
what_is_gold_no_more_is_in_nobodys_list (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) own = add_named (f, 1, "left/a.png", NULL, NULL);
  g_autoptr (AssayItem) gold = add_named (f, 2, "right/b.png", NULL, NULL);
  set_plan (
      f, "{\"overlap\": 0, \"annotators\": [\"anna\", \"bob\"], \"assign\": [{\"annotator\": \"anna\", \"names\": "
         "[\"left/\"]}, {\"annotator\": \"bob\", \"names\": [\"right/\", \"shelf/\"]}]}");
  for (guint i = 0; i < 2; i++)
    {
      ok (assay_flag_set (f->store, gold->row, ASSAY_FLAG_GOLD, i == 0, NULL, &f->bob->id, NULL, &error));
      g_autoptr (GArray) rows = assay_listing_rows (f->store, f->task, f->anna->row, 0, &error);
      ok (rows);
      assert_int_equal (rows->len, i == 0 ? 2 : 1);
      assert_int_equal (g_array_index (rows, gint64, 0), own->row);
    }
}

/* Answers what comes, and says which of the rounds brought gold. */
static guint
work (Fixture *f, const AssayAnnotator *annotator, guint n_rounds, gint64 last_gold_row, GString *pattern)
{
  gint64 at = 0;
  guint n_gold = 0;
  for (guint i = 0; i < n_rounds; i++)
    {
      g_autoptr (GError) error = NULL;
      gint64 row = next_of (f, annotator, at, ASSAY_QUEUE_OPEN);
      assert_true (row > 0);
      g_autoptr (AssayItem) item = assay_item_get_row (f->store, row, &error);
      g_autoptr (AssayLabel) label = save_label (f->store, item, f->task, annotator, ASSAY_LABEL_SUBMITTED, 1);
      n_gold += row <= last_gold_row;
      g_string_append_c (pattern, row <= last_gold_row ? 'g' : '.');
      at = row;
    }
  return n_gold;
}

static void
gold_is_mixed_in_by_its_share_and_nothing_tells_it (void **state)
{
  Fixture *f = *state;
  for (guint i = 1; i <= 8; i++)
    {
      g_autoptr (AssayItem) item = add_item (f->project, i);
      settle_as_gold (f, item);
    }
  for (guint i = 9; i <= 70; i++)
    assay_item_free (add_item (f->project, i));
  set_plan (f, "{\"overlap\": 0, \"gold\": 0.25}");
  g_autoptr (GString) annas = g_string_new (NULL), bobs = g_string_new (NULL);
  assert_int_equal (work (f, f->anna, 24, 8, annas), 6);
  assert_int_equal (work (f, f->bob, 24, 8, bobs), 6);
  assert_string_not_equal (annas->str, bobs->str); /* each at places of their own */
  set_plan (f, "{\"overlap\": 0, \"gold\": 0}");
  assert_int_equal (work (f, f->anna, 8, 8, annas), 0);
}

static void
gold_is_secret_until_it_is_answered (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  gboolean secret;
  g_autoptr (AssayItem) gold = add_item (f->project, 1);
  g_autoptr (AssayItem) plain = add_item (f->project, 2);
  settle_as_gold (f, gold);
  ok (assay_queue_is_secret (f->store, gold->row, f->task->row, f->anna->row, &secret, &error));
  assert_true (secret);
  ok (assay_queue_is_secret (f->store, plain->row, f->task->row, f->anna->row, &secret, &error));
  assert_false (secret);
  g_autoptr (AssayLabel) label = save_label (f->store, gold, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 1);
  ok (assay_queue_is_secret (f->store, gold->row, f->task->row, f->anna->row, &secret, &error));
  assert_false (secret);
}

/* Answers what comes, and counts what had an answer of somebody else already. */
static guint
answer_all (Fixture *f, const AssayAnnotator *annotator, gint64 last_answered_row, guint *ret_n)
{
  gint64 at = 0;
  guint n_again = 0;
  for (*ret_n = 0;; ++*ret_n)
    {
      g_autoptr (GError) error = NULL;
      gint64 row = next_of (f, annotator, at, ASSAY_QUEUE_OPEN);
      if (row == 0)
        return n_again;
      g_autoptr (AssayItem) item = assay_item_get_row (f->store, row, &error);
      g_autoptr (AssayLabel) label = save_label (f->store, item, f->task, annotator, ASSAY_LABEL_SUBMITTED, 1);
      n_again += row <= last_answered_row;
      at = row;
    }
}

static void
audits_come_among_the_others_to_who_had_no_part_and_change_no_truth (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  guint n = 0;
  gboolean secret;
  for (guint i = 1; i <= 4; i++)
    {
      g_autoptr (AssayItem) item = add_item (f->project, i);
      g_autoptr (AssayLabel) label = save_label (f->store, item, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 5);
      if (i == 4) /* bob took it: he has seen it */
        ok (assay_truth_settle (f->store, label, ASSAY_TRUTH_ANNOTATOR, f->bob, NULL, &error));
    }
  for (guint i = 5; i <= 10; i++)
    assay_item_free (add_item (f->project, i));
  set_plan (f, "{\"overlap\": 0, \"audit\": 0.5}"); /* of so few, all */
  ok (assay_queue_is_secret (f->store, 1, f->task->row, f->bob->row, &secret, &error));
  assert_true (secret);
  ok (assay_queue_is_secret (f->store, 4, f->task->row, f->bob->row, &secret, &error));
  assert_false (secret);
  g_autoptr (GPtrArray) list = assay_queue_list (f->store, f->task, f->bob, 20, &error);
  assert_int_equal (list->len, 9);
  assert_int_equal (answer_all (f, f->bob, 4, &n), 3);
  assert_int_equal (n, 9);
  assert_int_equal (ask (f->store, "SELECT count(*) FROM head WHERE state = 'audit'"), 3);
  assert_int_equal (ask (f->store, "SELECT count(*) FROM truth WHERE how = 'undecided' OR n_answers <> 1"), 0);
  assert_int_equal (ask (f->store, "SELECT count(*) FROM truth AS t JOIN revision AS r ON r.row = t.revision JOIN"
                                   " annotator AS a ON a.row = r.annotator WHERE t.item <= 4 AND a.name = 'anna'"),
                    4);
  /* Anna gets what bob has done, but not what he was asked to do again. */
  assert_int_equal (answer_all (f, f->anna, 4, &n), 0);
  assert_int_equal (n, 6);
  assert_int_equal (ask (f->store, "SELECT count(*) FROM head WHERE state = 'audit'"), 9);
  assert_int_equal (ask (f->store, "SELECT count(*) FROM truth WHERE how = 'undecided' OR n_answers <> 1"), 0);
}

static void
audit_is_none_without_a_plan_for_it (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayItem) item = add_item (f->project, 1);
  g_autoptr (AssayLabel) first = save_label (f->store, item, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 5);
  g_autoptr (AssayLabel) second = save_label (f->store, item, f->task, f->bob, ASSAY_LABEL_SUBMITTED, 9);
  assert_int_equal (ask (f->store, "SELECT count(*) FROM review"), 0);
  assert_int_equal (ask (f->store, "SELECT n_answers FROM truth"), 2);
}

static void
set_limits (Fixture *f, const char *rules)
{
  g_autoptr (GError) error = NULL;
  json_decref (f->task->rules);
  f->task->rules = json_loads (rules, 0, NULL);
  ok (assay_scope_check (f->task->rules, &error));
}

static void
assert_scope (Fixture *f, const char *rules, guint n_expected, const AssayItem *inside, const AssayItem *outside)
{
  g_autoptr (GError) error = NULL;
  gint64 n;
  set_limits (f, rules);
  g_autoptr (AssayScope) scope = assay_scope_new (f->store, f->task, &error);
  ok (scope != NULL);
  ok (assay_scope_count (f->store, f->task, &n, &error));
  assert_int_equal (n, n_expected);
  assert_true (assay_scope_has (scope, inside));
  assert_false (assay_scope_has (scope, outside));
  g_autoptr (GHashTable) queue = all_of (f, f->anna);
  assert_true (g_hash_table_contains (queue, &inside->row));
  assert_false (g_hash_table_contains (queue, &outside->row));
  assert_int_equal (g_hash_table_size (queue), n_expected);
}

/* As if all of it had been done so many days ago. */
static void
let_days_pass (Fixture *f, int days)
{
  g_autoptr (GError) error = NULL;
  ok (assay_store_run (f->store, NULL, &error, "UPDATE revision SET made_us = made_us - ?", "i",
                       (gint64) days * 86400 * G_USEC_PER_SEC));
}

/* Of 60 answers a tenth comes again, once they are a week old, among 60 more; nobody else hears of it. */
static void
own_answers_come_again_after_days_and_are_nobody_elses (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  guint n_again = 0, n_others = 0;
  for (guint i = 1; i <= 120; i++)
    assay_item_free (add_item (f->project, i));
  set_plan (f, "{\"overlap\": 0, \"again\": {\"share\": 0.1, \"days\": 7}}");
  for (gint64 row = 1; row <= 60; row++)
    {
      g_autoptr (AssayItem) item = assay_item_get_row (f->store, row, &error);
      assay_label_free (save_label (f->store, item, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 1));
    }
  let_days_pass (f, 6);
  g_autoptr (GHashTable) young = all_of (f, f->anna);
  assert_int_equal (g_hash_table_size (young), 60); /* the rest alone */
  let_days_pass (f, 2);
  g_autoptr (AssayAnnotator) second = assay_again_ensure (f->store, f->anna, &error);
  ok (second != NULL);
  for (guint turn = 0; turn < 40; turn++)
    {
      g_autoptr (AssayQueued) next = NULL;
      ok (assay_queue_next (f->store, f->task, f->anna, 0, &next, &error));
      assert_string_equal (next->words, "it has no answer yet");
      g_autoptr (AssayItem) item = assay_item_get_row (f->store, next->item_row, &error);
      assert_int_equal (next->again, next->item_row <= 60);
      assay_label_free (
          save_label (f->store, item, f->task, next->again ? second : f->anna, ASSAY_LABEL_SUBMITTED, 2));
      n_again += next->again;
      n_others += !next->again;
    }
  assert_in_range (n_again, 4, 11); /* ten of a hundred answers, as far as their turn has come */
  for (gint64 row = 1; row <= 60; row++)
    {
      AssayTruthHow how;
      gint64 revision;
      guint n;
      ok (assay_truth_find (f->store, row, f->task->row, &how, &revision, &n, &error));
      assert_int_equal (how, ASSAY_TRUTH_ONLY);
      assert_int_equal (n, 1);
    }
  /* Bob is not asked for what anna has answered, nor told of her second self. */
  g_autoptr (GHashTable) bobs = all_of (f, f->bob);
  assert_int_equal (g_hash_table_size (bobs), 60 - n_others);
  g_autoptr (GPtrArray) annotators = assay_annotator_list (f->store, &error);
  assert_int_equal (annotators->len, 2);
  g_autoptr (GArray) tally = assay_tally_list (f->store, f->task->row, &error);
  assert_int_equal (assay_tally_sum (tally, f->task->row, -1, NULL), 60 + n_others);
}

static void
task_asks_only_about_the_items_of_its_rules (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) left = add_named (f, 1, "it's left/1.png", NULL, NULL);
  g_autoptr (AssayItem) walk = add_named (f, 2, "right/2.png", "walk", NULL);
  g_autoptr (AssayItem) other = add_named (f, 3, "it's/3.png", NULL, NULL);
  ok (assay_flag_set (f->store, other->row, ASSAY_FLAG_HARD, TRUE, NULL, &f->anna->id, NULL, &error));
  assert_scope (f, "{\"items\": {\"prefix\": \"it's left/\"}}", 1, left, other);
  assert_scope (f, "{\"items\": {\"prefix\": [\"it's\", \"none\"]}}", 2, left, walk);
  assert_scope (f, "{\"items\": {\"sequence\": \"walk\"}}", 1, walk, left);
  assert_scope (f, "{\"items\": {\"flag\": \"hard\"}}", 1, other, left);
  assert_scope (f, "{\"items\": {\"media\": \"picture\", \"prefix\": \"right/\"}}", 1, walk, left);
  g_autoptr (json_t) wrong = json_loads ("{\"items\": {\"prefix\": 3}}", 0, NULL);
  assert_false (assay_scope_check (wrong, &error));
  assert_true (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA));
}

static void
tags_are_asked_of_sounds_when_their_rules_say_so (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  gboolean added;
  g_autoptr (AssayItem) picture = add_item (f->project, 1);
  g_autoptr (AssayItem) sound = assay_item_copy (picture);
  sound->media_kind = ASSAY_MEDIA_SOUND;
  sound->range = ASSAY_RANGE_SAMPLES;
  sound->end = sound->n_samples = 8000;
  sound->rate_hz = 8000;
  ok (assay_item_add (f->store, sound, &added, &error));
  assert_true (added);
  assay_task_free (f->task);
  f->task = assay_task_new ("kinds of clip", assay_kind_find ("tag"));
  assay_task_add_class (f->task, "speech");
  ok (assay_task_save (f->store, f->task, NULL, &error));
  assert_int_equal (assay_scope_get_media (f->task), ASSAY_MEDIA_PICTURE);
  assert_scope (f, "{\"items\": {\"media\": \"picture\"}}", 1, picture, sound);
  assert_scope (f, "{\"items\": {\"media\": \"sound\"}}", 1, sound, picture);
  assert_int_equal (assay_scope_get_media (f->task), ASSAY_MEDIA_SOUND);
  /* Boxes are drawn on pictures whatever is said. */
  f->task->kind = assay_kind_find ("box");
  assert_int_equal (assay_scope_get_media (f->task), ASSAY_MEDIA_PICTURE);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    CASE (two_annotators_get_different_items_but_for_the_overlap),
    CASE (explicit_assignment_goes_before_the_draw_and_keeps_its_shares),
    CASE (a_share_is_a_share_where_nobody_else_is_named),
    CASE (who_is_not_named_is_told_who_is_and_who_is_done_that_nothing_is_wanted),
    CASE (plan_that_cannot_be_read_says_what_is_wrong),
    CASE (what_was_sent_back_comes_first),
    CASE (what_was_sent_back_says_why_and_where_until_it_is_handed_in_again),
    CASE (what_was_submitted_can_be_taken_back_until_it_is_settled),
    CASE (work_goes_on_where_it_was_left),
    CASE (targets_are_counted_as_the_plan_counts_them),
    CASE (what_is_gold_no_more_is_in_nobodys_list),
    CASE (neediest_target_and_then_the_neighbours_come_first),
    CASE (gold_is_mixed_in_by_its_share_and_nothing_tells_it),
    CASE (gold_is_secret_until_it_is_answered),
    CASE (audits_come_among_the_others_to_who_had_no_part_and_change_no_truth),
    CASE (audit_is_none_without_a_plan_for_it),
    CASE (own_answers_come_again_after_days_and_are_nobody_elses),
    CASE (task_asks_only_about_the_items_of_its_rules),
    CASE (tags_are_asked_of_sounds_when_their_rules_say_so),
  };
  return cmocka_run_group_tests_name ("queue", tests, NULL, NULL);
}
