/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "annotate/tag-many.h"
#include "tests/core/fixture.h"

#define N_ITEMS 4

typedef struct
{
  Fixture *f;
  AssayTask *task;
  AssayItem *items[N_ITEMS];
  GArray *rows;
} Sheet;

static void
sheet_free (Sheet *sheet)
{
  for (guint i = 0; i < N_ITEMS; i++)
    assay_item_free (sheet->items[i]);
  assay_task_free (sheet->task);
  g_array_unref (sheet->rows);
  g_free (sheet);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Sheet, sheet_free)

static Sheet *
sheet_new (Fixture *f, gboolean single)
{
  g_autoptr (GError) error = NULL;
  Sheet *sheet = g_new0 (Sheet, 1);
  sheet->f = f;
  sheet->task = assay_task_new ("kinds", assay_kind_find ("tag"));
  assay_task_add_class (sheet->task, "blurred");
  assay_task_add_class (sheet->task, "dark");
  if (single)
    sheet->task->rules = json_pack ("{s:b}", "single", TRUE);
  ok (assay_task_save (f->store, sheet->task, NULL, &error));
  sheet->rows = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint i = 0; i < N_ITEMS; i++)
    {
      sheet->items[i] = add_item (f->project, i + 1);
      g_array_append_val (sheet->rows, sheet->items[i]->row);
    }
  return sheet;
}

static const AssayId *
class_of (Sheet *sheet, const char *name)
{
  return &assay_task_find_class_named (sheet->task, name)->id;
}

static AssayTagGesture *
give (Sheet *sheet, const char *name, const char *expected)
{
  g_autoptr (GError) error = NULL;
  AssayTagGesture *gesture = assay_tags_give_many (sheet->f->store, sheet->task, sheet->f->anna, sheet->rows,
                                                   class_of (sheet, name), ASSAY_TAGS_TOGGLE, 8, &error);
  ok (gesture != NULL);
  assert_string_equal (gesture->name, expected);
  return gesture;
}

static gboolean
has (Sheet *sheet, guint item, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayJournal) journal
      = assay_journal_open (sheet->f->store, sheet->items[item], sheet->task, sheet->f->anna, &error);
  ok (journal != NULL);
  return assay_tags_has (assay_journal_get_objects (journal), class_of (sheet, name));
}

static guint
count (Sheet *sheet, const char *name)
{
  guint n = 0;
  for (guint i = 0; i < N_ITEMS; i++)
    n += has (sheet, i, name);
  return n;
}

/* What a hand does to one of them by itself, on the desk or in another window. */
static void
tag_one (Sheet *sheet, guint item, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayJournal) journal
      = assay_journal_open (sheet->f->store, sheet->items[item], sheet->task, sheet->f->anna, &error);
  ok (journal != NULL);
  ok (assay_journal_append (journal,
                            assay_tags_new_edit (sheet->task, assay_journal_get_objects (journal),
                                                 class_of (sheet, name), ASSAY_TAGS_TOGGLE),
                            &error));
}

static guint
undo (Sheet *sheet, AssayTagGesture *gesture, gboolean redo)
{
  g_autoptr (GError) error = NULL;
  guint n_kept;
  ok (assay_tag_gesture_undo (gesture, sheet->f->store, sheet->task, sheet->f->anna, redo, &n_kept, &error));
  return n_kept;
}

static void
a_tag_goes_to_those_that_lack_it_and_undo_takes_back_just_these (void **state)
{
  g_autoptr (Sheet) sheet = sheet_new (*state, FALSE);
  tag_one (sheet, 0, "blurred");
  g_autoptr (AssayTagGesture) gesture = give (sheet, "blurred", "tag blurred on 3 items");
  assert_int_equal (count (sheet, "blurred"), N_ITEMS);
  assert_int_equal (undo (sheet, gesture, FALSE), 0);
  assert_int_equal (count (sheet, "blurred"), 1);
  assert_true (has (sheet, 0, "blurred"));
  assert_int_equal (undo (sheet, gesture, TRUE), 0);
  assert_int_equal (count (sheet, "blurred"), N_ITEMS);
  /* All have it: now the key takes it away. */
  g_autoptr (AssayTagGesture) taken = give (sheet, "blurred", "no tag blurred on 4 items");
  assert_int_equal (count (sheet, "blurred"), 0);
}

static void
undo_leaves_the_items_where_something_else_was_done_since (void **state)
{
  g_autoptr (Sheet) sheet = sheet_new (*state, FALSE);
  g_autoptr (AssayTagGesture) gesture = give (sheet, "dark", "tag dark on 4 items");
  tag_one (sheet, 2, "blurred");
  assert_int_equal (undo (sheet, gesture, FALSE), 1);
  assert_int_equal (count (sheet, "dark"), 1);
  assert_true (has (sheet, 2, "dark") && has (sheet, 2, "blurred"));
  /* What it did not take back it does not do again either. */
  tag_one (sheet, 2, "dark");
  assert_int_equal (undo (sheet, gesture, TRUE), 0);
  assert_int_equal (count (sheet, "dark"), 3);
  assert_false (has (sheet, 2, "dark"));
  assert_int_equal (ask (sheet->f->store, "SELECT count(*) FROM journal WHERE kind = 'undo'"), 3);
  /* Each item has a history of its own: the gesture's share of 8 s is 2 s. */
  assert_int_equal (ask (sheet->f->store, "SELECT count(*) FROM journal WHERE kind = 'edit' AND name = 'tag dark'"
                                          " AND json_extract (changes, '$[0].seconds') = 2"),
                    4);
}

static void
what_is_handed_in_is_changed_by_no_gesture (void **state)
{
  g_autoptr (Sheet) sheet = sheet_new (*state, TRUE);
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) submitted = NULL;
  guint n_recalled;
  tag_one (sheet, 1, "dark");
  tag_one (sheet, 3, "blurred");
  /* One tag an item: two have none, and are not handed in. */
  ok (assay_tags_submit_many (sheet->f->store, sheet->task, sheet->f->anna, sheet->rows, 6, &submitted, &error));
  assert_int_equal (submitted->len, 2);
  assert_int_equal (g_array_index (submitted, gint64, 0), sheet->items[1]->row);
  assert_int_equal (
      ask (sheet->f->store, "SELECT count(*) FROM revision WHERE state = 'submitted' AND seconds = 3"), 2);
  g_autoptr (AssayTagGesture) gesture = give (sheet, "blurred", "tag blurred on 2 items");
  assert_int_equal (gesture->n_answered, 2);
  assert_true (has (sheet, 1, "dark"));
  g_autoptr (GArray) rest = NULL;
  ok (assay_tags_submit_many (sheet->f->store, sheet->task, sheet->f->anna, sheet->rows, 6, &rest, &error));
  assert_int_equal (rest->len, 2);
  assert_int_equal (undo (sheet, gesture, FALSE), 2); /* handed in since */
  assert_int_equal (count (sheet, "blurred"), 3);
  ok (assay_tags_recall_many (sheet->f->store, sheet->task, sheet->f->anna, submitted, &n_recalled, &error));
  assert_int_equal (n_recalled, 2);
  assert_int_equal (ask (sheet->f->store, "SELECT count(*) FROM head WHERE state = 'draft'"), 2);
}

static void
a_gesture_is_done_to_all_or_to_none (void **state)
{
  g_autoptr (Sheet) sheet = sheet_new (*state, FALSE);
  gint64 nowhere = 4711;
  g_array_append_val (sheet->rows, nowhere);
  refused (assay_tags_give_many (sheet->f->store, sheet->task, sheet->f->anna, sheet->rows,
                                 class_of (sheet, "dark"), ASSAY_TAGS_GIVE, 0, to),
           ASSAY_ERROR_NOT_FOUND, "");
  assert_int_equal (count (sheet, "dark"), 0);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    CASE (a_tag_goes_to_those_that_lack_it_and_undo_takes_back_just_these),
    CASE (undo_leaves_the_items_where_something_else_was_done_since),
    CASE (what_is_handed_in_is_changed_by_no_gesture),
    CASE (a_gesture_is_done_to_all_or_to_none),
  };
  return cmocka_run_group_tests_name ("tag-many", tests, NULL, NULL);
}
