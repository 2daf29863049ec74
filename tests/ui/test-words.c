/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/review-case.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define MARKED(word) "<span underline='single' weight='bold' foreground='#ff0000'>" word "</span>"

static void
words_that_another_text_lacks_are_marked (void **state)
{
  const char *texts[] = { "he was  not a <bad> man", "he was not an evil man", "he was not a <bad> man" };
  g_autofree char *first = assay_words_markup (texts, 3, 0, 0xff0000);
  assert_string_equal (first, "he was not " MARKED ("a") " " MARKED ("&lt;bad&gt;") " man");
  g_autofree char *second = assay_words_markup (texts, 3, 1, 0xff0000);
  assert_string_equal (second, "he was not " MARKED ("an") " " MARKED ("evil") " man");
}

static void
equal_texts_and_nothing_are_left_plain (void **state)
{
  const char *texts[] = { "the same words", "the same words", "" };
  g_autofree char *same = assay_words_markup (texts, 2, 0, 0);
  assert_string_equal (same, "the same words");
  g_autofree char *nothing = assay_words_markup (texts, 3, 2, 0);
  assert_string_equal (nothing, "");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (words_that_another_text_lacks_are_marked),
    cmocka_unit_test (equal_texts_and_nothing_are_left_plain),
  };
  return cmocka_run_group_tests_name ("words", tests, NULL, NULL);
}
