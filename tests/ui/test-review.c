/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Review, on the sample project: findings, what everybody says, settling by keys, and the figures of `assay agree`.
 */
#include "core/alias.h"
#include "core/finding.h"
#include "core/item.h"
#include "core/label.h"
#include "core/project.h"
#include "tests/ui/ui.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static char *
new_sample (const char *name)
{
  char *directory = ui_dup_folder (name);
  g_autofree char *made = ui_assay ("demo", directory, NULL);
  g_autofree char *found = ui_assay ("-C", directory, "check", NULL);
  return directory;
}

/* Under which letter somebody answered, and the place of it, from 1 on. */
static char *
dup_letter (const char *directory, const char *item_name, const char *annotator_name, guint *ret_place)
{
  g_autoptr (AssayProject) project = assay_project_open (directory, ASSAY_STORE_READ, NULL);
  g_autoptr (AssayTask) task = assay_task_find (project->store, "objects", NULL);
  g_autoptr (AssayItem) item = assay_item_find (project->store, item_name, NULL);
  g_autoptr (AssayAnnotator) annotator = assay_annotator_find (project->store, annotator_name, NULL);
  g_autoptr (AssayAliases) aliases = assay_aliases_read (project->store, item, task->row, NULL);
  assert_true (assay_aliases_hide (aliases));
  if (ret_place != NULL)
    *ret_place = assay_aliases_get_place (aliases, annotator->row) + 1;
  return g_strdup (assay_aliases_get (aliases, annotator->row));
}

static char *
dup_take (const char *directory, const char *item_name, const char *annotator_name)
{
  g_autofree char *letter = dup_letter (directory, item_name, annotator_name, NULL);
  return g_strconcat ("Take ", letter, NULL);
}

static guint
count_open (const char *directory)
{
  g_autoptr (AssayProject) project = assay_project_open (directory, ASSAY_STORE_READ, NULL);
  g_autoptr (GPtrArray) findings = assay_finding_list (project->store, TRUE, NULL);
  return findings->len;
}

static void
findings_are_shown_worst_first_with_the_figures_of_the_command_line (void **state)
{
  g_autofree char *directory = new_sample ("sample");
  g_autofree char *agreement = ui_assay ("-C", directory, "agree", "--task", "objects", NULL);
  g_autoptr (Ui) ui = ui_start (directory, "Grace");
  ui_key (ui, "alt+3");
  g_autofree char *open = g_strdup_printf ("%u open", count_open (directory));
  ui_wait_text (ui, open);
  ui_wait_text (ui, "objects · IoU");
  /* "IoU 0.851 [0.802, 0.893] n = 43": the very digits stand in the panel. */
  g_auto (GStrv) words = g_strsplit_set (strstr (agreement, "IoU") + strlen ("IoU"), " \n", -1);
  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0')
      {
        ui_wait_text (ui, words[i]);
        break;
      }
  ui_key (ui, "d");
  ui_key (ui, "d");
  ui_key (ui, "d");
  ui_find (ui, "push button", "Take A");
  ui_find (ui, "push button", "Take B");
  ui_settle (ui);
  ui_shot (ui, "review");
}

static void
an_answer_is_taken_by_its_key_and_given_back_by_undo (void **state)
{
  g_autofree char *directory = new_sample ("settled");
  g_autoptr (Ui) ui = ui_start (directory, "Grace");
  ui_key (ui, "alt+3");
  ui_wait_text (ui, "open");
  ui_enter (ui, "Filter by class, item or word", "has no hand");
  ui_wait_text (ui, "box_008.jpg · objects");
  ui_wait_text (ui, "undecided");
  guint place;
  g_autofree char *letter = dup_letter (directory, "box_008.jpg", "careful-polygon", &place);
  g_autofree char *key = g_strdup_printf ("shift+%u", place), *take = g_strconcat ("Take ", letter, NULL);
  /* Whose answers they are shows nowhere before it is settled. */
  ui_find (ui, "push button", take);
  assert_false (ui_has (ui, "push button", "careful-polygon"));
  ui_key (ui, "F6");
  ui_key (ui, key);
  ui_wait_text (ui, "settled: careful-polygon");
  ui_click (ui, ui_find (ui, "push button", "Undo"));
  ui_wait_text (ui, "undecided");
  /* Object by object: the hand, which one alone has, is left out by its key. */
  ui_key (ui, "F6");
  ui_key (ui, "m");
  ui_find (ui, "push button", "Settle the Merged Answer");
  ui_key (ui, "Down");
  ui_key (ui, "0");
  ui_settle (ui);
  ui_shot (ui, "review-merge");
  ui_key (ui, "Return");
  ui_wait_text (ui, "settled: a reviewer's own answer");
  ui_click (ui, ui_find (ui, "push button", "Undo"));
  ui_wait_text (ui, "undecided");
  g_autofree char *label = ui_assay ("-C", directory, "label", "box_008.jpg", "--task", "objects", "--annotator",
                                     "Grace (review)", "--json", NULL);
  *strstr (label, "\"revisions\"") = '\0';
  assert_non_null (strstr (label, "\"class\"")); /* the box … */
  assert_null (strstr (strstr (label, "\"class\"") + 1, "\"class\"")); /* … and nothing else */
  /* The tools on a copy, which becomes the truth. */
  ui_key (ui, "F6");
  ui_key (ui, "e");
  ui_find (ui, "push button", "Settle");
  ui_find (ui, "list item", "hand");
  ui_settle (ui);
  ui_shot (ui, "review-edit");
  ui_key (ui, "ctrl+Return");
  ui_wait_text (ui, "settled: a reviewer's own answer");
  ui_click (ui, ui_find (ui, "push button", "Undo"));
  ui_wait_text (ui, "undecided");
}

typedef struct
{
  const char *view, *part;
} Described;

/* What the canvas of that name says of itself. */
static gboolean
is_described (Ui *ui, gpointer data)
{
  const Described *described = data;
  g_autofree char *words = ui_dup_description_now (ui, "image", described->view);
  return words != NULL && strstr (words, described->part) != NULL;
}

/* Keys go through the views of one case, each shown by its words; the zoom of one is that of the next. */
static void
a_case_is_seen_as_differences_one_by_one_and_side_by_side (void **state)
{
  g_autofree char *directory = new_sample ("views");
  g_autoptr (Ui) ui = ui_start (directory, "Grace");
  ui_key (ui, "alt+3");
  ui_wait_text (ui, "open");
  ui_enter (ui, "Filter by class, item or word", "has no hand");
  ui_find (ui, "push button", "Take A");
  ui_key (ui, "F6");
  ui_key (ui, "x");
  ui_wait_text (ui, "px claimed by all");
  ui_settle (ui);
  ui_shot (ui, "review-difference");
  ui_click (ui, ui_find (ui, "push button", "Blink"));
  ui_wait_text (ui, "A alone");
  ui_wait_text (ui, "B alone");
  ui_key (ui, "s");
  ui_find (ui, "image", "A");
  ui_key (ui, "ctrl+0");
  ui_wait (ui, is_described, &(Described){ "B", "zoom 100 %" }, "the other picture to follow");
  ui_settle (ui);
  ui_shot (ui, "review-side-by-side");
  ui_key (ui, "s");
  ui_wait (ui, is_described, &(Described){ "Image canvas", "zoom 100 %" }, "the place to be kept");
  ui_enter (ui, "Filter by class, item or word", "austen-0880.wav");
  ui_wait_text (ui, "1 word · 1 casing");
  ui_find (ui, "image", "verbatim"); /* settled: names, one waveform each */
  ui_find (ui, "image", "machine-like");
  ui_settle (ui);
  ui_shot (ui, "review-words");
  ui_enter (ui, "Filter by class, item or word", "base-front-right");
  ui_find (ui, "push button", "Take B");
  ui_key (ui, "F6");
  ui_key (ui, "x");
  ui_wait_text (ui, "at most 77.2 px apart");
  ui_settle (ui);
  ui_shot (ui, "review-vectors");
}

typedef struct
{
  const char *directory, *annotator;
} Whose;

static gboolean
is_sent_back (Ui *ui, gpointer data)
{
  const Whose *whose = data;
  g_autoptr (AssayProject) project = assay_project_open (whose->directory, ASSAY_STORE_READ, NULL);
  g_autoptr (AssayTask) task = assay_task_find (project->store, "objects", NULL);
  g_autoptr (AssayItem) item = assay_item_find (project->store, "box_008.jpg", NULL);
  g_autoptr (AssayAnnotator) annotator = assay_annotator_find (project->store, whose->annotator, NULL);
  AssayLabelState found = ASSAY_LABEL_TODO;
  assert_true (assay_label_get_state (project->store, item->row, task->row, annotator->row, &found, NULL));
  return found == ASSAY_LABEL_SENT_BACK;
}

static void
a_comment_goes_to_whom_it_was_written_while_others_go_on_answering (void **state)
{
  g_autofree char *directory = new_sample ("returned");
  g_autofree char *answer = g_build_filename (directory, "answer.json", NULL);
  g_autofree char *json
      = ui_assay ("-C", directory, "label", "box_008.jpg", "--task", "objects", "--annotator", "careful-polygon",
                  "--json", NULL);
  assert_true (g_file_set_contents (answer, json, -1, NULL));
  g_autoptr (Ui) ui = ui_start (directory, "Grace");
  ui_key (ui, "alt+3");
  ui_wait_text (ui, "open");
  ui_enter (ui, "Filter by class, item or word", "has no hand");
  g_autofree char *careful = dup_take (directory, "box_008.jpg", "careful-polygon"),
                  *coarse = dup_take (directory, "box_008.jpg", "coarse-polygon");
  ui_find (ui, "push button", careful);
  ui_key (ui, "F6");
  ui_key (ui, "r");
  ui_wait_focus (ui, NULL, "Comment");
  ui_key (ui, "shift+Tab");
  ui_wait_focus (ui, "push button", "GtkToggleButton"); /* of whom it goes to */
  ui_key (ui, "space");
  ui_settle (ui);
  ui_key (ui, g_strcmp0 (coarse, careful) > 0 ? "Down" : "Up");
  ui_key (ui, "Return");
  ui_wait_focus (ui, "push button", "GtkToggleButton");
  ui_key (ui, "Tab");
  ui_wait_focus (ui, NULL, "Comment");
  ui_type (ui, "the rim");
  g_autofree char *said = ui_assay ("-C", directory, "label", "box_008.jpg", "--task", "objects", "--annotator",
                                    "Anna", "--set", answer, NULL);
  ui_find (ui, "push button", "Take C"); /* one letter more, whoever it is */
  g_autofree char *gone = dup_take (directory, "box_008.jpg", "coarse-polygon");
  ui_settle (ui);
  ui_shot (ui, "review-send-back");
  ui_key (ui, "Return");
  ui_wait (ui, is_sent_back, &(Whose){ directory, "coarse-polygon" }, "the chosen answer sent back");
  ui_wait_gone (ui, "text", "Comment");
  ui_wait_gone (ui, "push button", gone); /* the letters of the others stay */
  assert_false (is_sent_back (ui, &(Whose){ directory, "Anna" }));
  assert_false (is_sent_back (ui, &(Whose){ directory, "careful-polygon" }));
}

typedef struct
{
  const char *directory;
  guint before;
} Dismissal;

/* Items whose truth is a reviewer's own answer. */
static gint64
count_edits (const char *directory)
{
  g_autoptr (AssayProject) project = assay_project_open (directory, ASSAY_STORE_READ, NULL);
  g_auto (AssayRows) rows = { 0 };
  assert_true (assay_store_query (project->store, &rows, NULL, "SELECT count(*) FROM truth WHERE how = 'edit'", ""));
  assert_true (assay_rows_next (&rows, NULL));
  return assay_rows_get_int (&rows, 0);
}

static gboolean
has_one_fewer (Ui *ui, gpointer data)
{
  const Dismissal *dismissal = data;
  return count_open (dismissal->directory) + 1 == dismissal->before;
}

static void
a_finding_is_dismissed_with_its_reason_and_the_next_is_shown (void **state)
{
  g_autofree char *directory = new_sample ("dismissed");
  Dismissal dismissal = { directory, count_open (directory) };
  g_autoptr (Ui) ui = ui_start (directory, "Grace");
  ui_key (ui, "alt+3");
  ui_wait_text (ui, "open");
  ui_key (ui, "Delete");
  ui_find (ui, "text", "Reason");
  ui_type (ui, "the lid is open");
  ui_key (ui, "Return");
  ui_wait (ui, has_one_fewer, &dismissal, "one finding fewer in the project");
  g_autofree char *open = g_strdup_printf ("%u open", dismissal.before - 1);
  ui_wait_text (ui, open);
  /* What the guideline leaves open is asked here, and answered for everybody. */
  ui_enter (ui, "Filter by class, item or word", "has no hand");
  ui_find (ui, "push button", "Take A");
  ui_key (ui, "F6");
  ui_key (ui, "g");
  ui_wait_focus (ui, NULL, "Question");
  ui_type (ui, "does the sleeve belong to the hand");
  ui_key (ui, "Return");
  ui_wait_text (ui, "1 open question");
  ui_settle (ui);
  ui_shot (ui, "review-question");
  ui_enter (ui, "Answer", "no, up to the wrist");
  ui_key (ui, "Return");
  ui_wait_text (ui, "made before it");
  g_autoptr (AssayProject) project = assay_project_open (directory, ASSAY_STORE_READ, NULL);
  g_autoptr (AssayTask) task = assay_task_find (project->store, "objects", NULL);
  assert_non_null (strstr (task->guideline, "### does the sleeve belong to the hand\n\n![example](media/"));
  /* All bottles that stand are a pixel too small: grown at once, and as they were by one Undo. */
  ui_key (ui, "F6");
  ui_key (ui, "F6");
  ui_key (ui, "w");
  ui_wait_text (ui, "of them stand");
  ui_settle (ui);
  ui_shot (ui, "review-sweep");
  ui_key (ui, "ctrl+Return");
  ui_wait_text (ui, "Repaired: ");
  assert_true (count_edits (directory) > 0);
  ui_click (ui, ui_find (ui, "push button", "Undo"));
  ui_wait_text (ui, "Taken back");
  assert_int_equal (count_edits (directory), 0);
}

static void
what_another_process_changes_shows_within_a_second (void **state)
{
  g_autofree char *directory = new_sample ("shared");
  g_autoptr (Ui) ui = ui_start (directory, "Grace");
  ui_key (ui, "alt+3");
  ui_wait_text (ui, "open");
  ui_enter (ui, "Filter by class, item or word", "has no hand");
  ui_wait_text (ui, "undecided");
  g_autofree char *said
      = ui_assay ("-C", directory, "review", "box_008.jpg", "--task", "objects", "--truth", "coarse-polygon", NULL);
  gint64 since_us = g_get_monotonic_time ();
  ui_wait_text (ui, "settled: coarse-polygon");
  assert_in_range (g_get_monotonic_time () - since_us, 0, 1500000); /* a second, and what looking costs the test */
}

/* "cup: IoU 0.779, 95 % interval …": the number that the chart tells of the place under the pointer. */
static char *
dup_told (Ui *ui, const char *chart)
{
  g_autofree char *words = ui_dup_description_now (ui, "image", chart);
  const char *at = words != NULL ? strstr (words, "IoU ") : NULL;
  return at != NULL ? g_strndup (at + strlen ("IoU "), strcspn (at + strlen ("IoU "), ",")) : NULL;
}

static gboolean
tells_a_number (Ui *ui, gpointer chart)
{
  g_autofree char *number = dup_told (ui, chart);
  return number != NULL;
}

static void
a_chart_tells_the_figures_of_agree_and_opens_the_items_behind_them (void **state)
{
  static const char chart[] = "Agreement by class: IoU";
  g_autofree char *directory = new_sample ("dashboard");
  g_autofree char *agreement
      = ui_assay ("-C", directory, "agree", "--task", "objects", "--by", "class", NULL);
  g_autoptr (Ui) ui = ui_start (directory, "Grace");
  ui_key (ui, "alt+3");
  ui_wait_text (ui, "open");
  ui_key (ui, "ctrl+d");
  ui_find (ui, "image", chart);
  ui_find (ui, "image", "Confusion of classes, objects");
  ui_find (ui, "image", "Agreement of every two annotators");
  ui_wait_text (ui, "none of 14 accepted labels was labelled again blind");
  ui_settle (ui);
  ui_shot (ui, "dashboard");
  int x, y, width, height;
  ui_get_extents (ui, ui_find (ui, "image", chart), &x, &y, &width, &height);
  ui_move (ui, x + width / 2, y + 12); /* the first bar: of all classes */
  ui_wait (ui, tells_a_number, (gpointer) chart, "the numbers under the pointer");
  g_autofree char *number = dup_told (ui, chart);
  if (strstr (agreement, number) == NULL)
    fail_msg ("the chart tells %s, and `assay agree` does not: %s", number, agreement);
  ui_click_at (ui, x + width / 2, y + 12);
  ui_find (ui, "list", "Items behind the number");
  ui_settle (ui);
  ui_shot (ui, "dashboard-items");
  ui_key (ui, "Return");
  ui_wait_text (ui, "Behind a number of the dashboard");
  ui_find (ui, "push button", "Take B");
}

static void
keys_work_where_there_is_nothing_to_settle (void **state)
{
  g_autofree char *directory = ui_dup_folder ("nothing");
  g_autofree char *said = ui_assay ("init", directory, NULL);
  g_autoptr (Ui) ui = ui_start (directory, "Grace");
  ui_key (ui, "alt+3");
  ui_find (ui, "label", "Nothing to settle");
  ui_settle (ui);
  ui_shot (ui, "review-empty");
  ui_key (ui, "ctrl+d");
  ui_wait_text (ui, "Nothing is open, and nothing was decided yet.");
  ui_key (ui, "ctrl+d");
  ui_find (ui, "label", "Nothing to settle");
  ui_key (ui, "alt+4");
  ui_wait_text (ui, "No version yet");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (findings_are_shown_worst_first_with_the_figures_of_the_command_line),
    cmocka_unit_test (a_case_is_seen_as_differences_one_by_one_and_side_by_side),
    cmocka_unit_test (an_answer_is_taken_by_its_key_and_given_back_by_undo),
    cmocka_unit_test (a_comment_goes_to_whom_it_was_written_while_others_go_on_answering),
    cmocka_unit_test (a_finding_is_dismissed_with_its_reason_and_the_next_is_shown),
    cmocka_unit_test (a_chart_tells_the_figures_of_agree_and_opens_the_items_behind_them),
    cmocka_unit_test (keys_work_where_there_is_nothing_to_settle),
    cmocka_unit_test (what_another_process_changes_shows_within_a_second),
  };
  cmocka_set_test_filter (g_getenv ("ASSAY_TEST_FILTER"));
  return cmocka_run_group_tests_name ("review", tests, NULL, NULL);
}
