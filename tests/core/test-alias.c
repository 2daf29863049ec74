/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/alias.h"
#include "tests/core/fixture.h"

static const char *
letter_of (Fixture *f, const AssayItem *item, const AssayAnnotator *annotator)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayAliases) aliases = NULL;
  ok (aliases = assay_aliases_read (f->store, item, f->task->row, &error));
  return g_intern_string (assay_aliases_get (aliases, annotator->row));
}

static void
letters_stand_for_names_until_the_item_is_settled (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) item = add_item (f->project, 1);
  g_autoptr (AssayLabel) by_anna = save_label (f->store, item, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 1);
  g_autoptr (AssayLabel) by_bob = save_label (f->store, item, f->task, f->bob, ASSAY_LABEL_SUBMITTED, 2);
  const char *anna = letter_of (f, item, f->anna), *bob = letter_of (f, item, f->bob);
  assert_true ((g_str_equal (anna, "A") && g_str_equal (bob, "B"))
               || (g_str_equal (anna, "B") && g_str_equal (bob, "A")));
  /* What is sent back keeps its letter. */
  ok (assay_truth_send_back (f->store, by_anna, f->bob, "the rim", &error));
  assert_string_equal (letter_of (f, item, f->anna), anna);
  assert_string_equal (letter_of (f, item, f->bob), bob);
  ok (assay_truth_settle (f->store, by_bob, ASSAY_TRUTH_ANNOTATOR, f->anna, NULL, &error));
  assert_string_equal (letter_of (f, item, f->anna), "anna");
  ok (assay_truth_recall (f->store, by_bob, f->anna, &error));
  assert_string_equal (letter_of (f, item, f->bob), bob);
}

static void
no_letter_is_one_persons_from_item_to_item (void **state)
{
  Fixture *f = *state;
  guint n_first = 0;
  for (int i = 0; i < 24; i++)
    {
      g_autoptr (AssayItem) item = add_item (f->project, (guint8) (i + 1));
      g_autoptr (AssayLabel) by_anna = save_label (f->store, item, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 1);
      g_autoptr (AssayLabel) by_bob = save_label (f->store, item, f->task, f->bob, ASSAY_LABEL_SUBMITTED, 2);
      n_first += g_str_equal (letter_of (f, item, f->anna), "A");
    }
  assert_in_range (n_first, 4, 20);
}

static void
a_sentence_tells_no_name_and_keeps_its_words (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayAnnotator) second = NULL;
  ok (second = assay_annotator_ensure (f->store, "anna-2", ASSAY_ANNOTATOR_PERSON, &error));
  g_autoptr (AssayItem) item = add_item (f->project, 1);
  g_autoptr (AssayLabel) by_anna = save_label (f->store, item, f->task, f->anna, ASSAY_LABEL_SUBMITTED, 1);
  g_autoptr (AssayLabel) by_other = save_label (f->store, item, f->task, second, ASSAY_LABEL_SUBMITTED, 2);
  g_autoptr (AssayAliases) aliases = NULL;
  ok (aliases = assay_aliases_read (f->store, item, f->task->row, &error));
  const char *a = assay_aliases_get (aliases, f->anna->row), *b = assay_aliases_get_named (aliases, "anna-2");
  g_autofree char *written = assay_aliases_write (aliases, "anna-2 and anna: anna's annals of joanna, anna-3, “anna” (anna)");
  g_autofree char *expected = g_strdup_printf ("%s and %s: %s's annals of joanna, anna-3, “anna” (%s)", b, a, a, a);
  assert_string_equal (written, expected);
  ok (assay_truth_settle (f->store, by_anna, ASSAY_TRUTH_ANNOTATOR, f->bob, NULL, &error));
  g_autoptr (AssayAliases) open = NULL;
  ok (open = assay_aliases_read (f->store, item, f->task->row, &error));
  assert_false (assay_aliases_hide (open));
  g_autofree char *plain = assay_aliases_write (open, "anna's rim");
  assert_string_equal (plain, "anna's rim");
}

static void
what_is_said_of_the_project_has_letters_for_everybody (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayAliases) aliases = NULL;
  ok (aliases = assay_aliases_read (f->store, NULL, 0, &error));
  assert_true (assay_aliases_hide (aliases));
  assert_int_equal (strlen (assay_aliases_get (aliases, f->anna->row)), 1);
  assert_string_not_equal (assay_aliases_get (aliases, f->anna->row), assay_aliases_get (aliases, f->bob->row));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    CASE (letters_stand_for_names_until_the_item_is_settled),
    CASE (no_letter_is_one_persons_from_item_to_item),
    CASE (a_sentence_tells_no_name_and_keeps_its_words),
    CASE (what_is_said_of_the_project_has_letters_for_everybody),
  };
  return cmocka_run_group_tests_name ("alias", tests, NULL, NULL);
}
