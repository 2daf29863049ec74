/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/word-table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* "he|was|-" a row; a letter behind a word for each kind: w f n c p t s. */
static char *
write_row (const AssayWordTable *table, guint row)
{
  static const char letters[] = "wfncpts";
  GString *out = g_string_new (NULL);
  for (guint i = 0; i < table->n_columns; i++)
    {
      const AssayWordCell *cell = assay_word_table_get (table, row, i);
      g_string_append_printf (out, "%s%s", i > 0 ? "|" : "", cell->text != NULL ? cell->text : "-");
      for (guint k = 0; k < ASSAY_WORDS_N_KINDS; k++)
        if ((cell->kinds & (1u << k)) != 0)
          g_string_append_printf (out, "/%c", letters[k]);
    }
  return g_string_free (out, FALSE);
}

static void
assert_rows (const AssayWordTable *table, const char *const *expected)
{
  assert_non_null (table);
  for (guint i = 0; i < table->n_rows; i++)
    {
      g_autofree char *row = write_row (table, i);
      assert_string_equal (row, expected[i]);
    }
}

static void
words_that_stand_for_one_another_are_in_one_column_with_their_kind (void **state)
{
  const char *a[] = { "so he paid 20 pounds, [noise]", NULL }, *b[] = { "So um he paid twenty pounds", NULL };
  const char *const *both[] = { a, b };
  g_autoptr (AssayWordTable) table = assay_word_table_new (both, 2, NULL);
  assert_rows (table, (const char *[]){ "so/c|-|he|paid|20/n|pounds,/p|[noise]/t",
                                        "So/c|um/f|he|paid|twenty/n|pounds/p|-" });
}

static void
a_third_text_adds_columns_and_moves_no_word_from_under_another (void **state)
{
  const char *a[] = { "the cup", NULL }, *b[] = { "the old red cup", NULL }, *c[] = { "the blue cup stands", NULL };
  const char *const *all[] = { a, b, c };
  g_autoptr (AssayWordTable) table = assay_word_table_new (all, 3, NULL);
  assert_rows (table, (const char *[]){ "the|-|-|cup|-", "the|old/w|red/w|cup|-", "the|blue/w|-|cup|stands/w" });
}

static void
the_same_words_cut_otherwise_differ_in_segmentation_alone (void **state)
{
  const char *a[] = { "any more of it", NULL }, *b[] = { "anymore of", "it", NULL };
  const char *const *both[] = { a, b };
  g_autoptr (AssayWordTable) table = assay_word_table_new (both, 2, NULL);
  assert_rows (table, (const char *[]){ "any/s|more/s|of|it/s", "anymore/s|-|of|it/s" });
}

static void
nothing_beside_something_and_nothing_at_all_have_their_table (void **state)
{
  const char *a[] = { NULL }, *b[] = { "yes", NULL };
  const char *const *both[] = { a, b }, *const *none[] = { a, a };
  g_autoptr (AssayWordTable) table = assay_word_table_new (both, 2, NULL);
  assert_rows (table, (const char *[]){ "-", "yes/w" });
  g_autoptr (AssayWordTable) empty = assay_word_table_new (none, 2, NULL);
  assert_non_null (empty);
  assert_int_equal (empty->n_columns, 0);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (words_that_stand_for_one_another_are_in_one_column_with_their_kind),
    cmocka_unit_test (a_third_text_adds_columns_and_moves_no_word_from_under_another),
    cmocka_unit_test (the_same_words_cut_otherwise_differ_in_segmentation_alone),
    cmocka_unit_test (nothing_beside_something_and_nothing_at_all_have_their_table),
  };
  return cmocka_run_group_tests_name ("word-table", tests, NULL, NULL);
}
