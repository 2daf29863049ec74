/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/kind.h"
#include "core/transcript.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* The whole table, every cell the best (edits, hits): what the band and the trimmed ends must not change. */
static AssayWordErrors
compare_plainly (const char *a, const char *b)
{
  guint n = (guint) strlen (a), m = (guint) strlen (b);
  g_autofree gint64 *cells = g_new (gint64, (gsize) (n + 1) * (m + 1));
  for (guint i = 0; i <= n; i++)
    for (guint j = 0; j <= m; j++)
      {
        gint64 best = i == 0 && j == 0 ? 0 : G_MAXINT64;
        if (i > 0)
          best = MIN (best, cells[(i - 1) * (m + 1) + j] + 1000000);
        if (j > 0)
          best = MIN (best, cells[i * (m + 1) + j - 1] + 1000000);
        if (i > 0 && j > 0)
          best = MIN (best, cells[(i - 1) * (m + 1) + j - 1] + (a[i - 1] == b[j - 1] ? -1 : 1000000));
        cells[i * (m + 1) + j] = best;
      }
  gint64 cost = cells[n * (m + 1) + m];
  guint edits = (guint) ((cost + 999999) / 1000000), hits = (guint) (edits * G_GINT64_CONSTANT (1000000) - cost);
  AssayWordErrors errors = { hits, n + m - 2 * hits - edits, 0, 0 };
  errors.deletions = n - hits - errors.substitutions;
  errors.insertions = m - hits - errors.substitutions;
  return errors;
}

static void
random_text (GRand *random, char *text, guint longest, const char *source)
{
  guint n = (guint) g_rand_int_range (random, 0, (gint32) longest);
  for (guint i = 0; i < n; i++)
    {
      gboolean keep = source != NULL && i < strlen (source) && g_rand_double (random) < 0.8;
      text[i] = keep ? source[i] : (char) g_rand_int_range (random, 'a', 'd');
    }
  text[n] = '\0';
}

static void
bands_and_trimmed_ends_change_nothing (void **state)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (9);
  char a[130], b[130];
  for (guint round = 0; round < 4000; round++)
    {
      random_text (random, a, 128, NULL);
      random_text (random, b, 128, round % 2 == 0 ? a : NULL);
      if (round % 4 == 1 && strlen (a) > 60) /* turned round: the best way runs far from the diagonal */
        {
          gsize n = strlen (a), turn = 17 + (gsize) g_rand_int_range (random, 0, 12);
          memcpy (b, a + turn, n - turn);
          memcpy (b + n - turn, a, turn);
          b[n] = '\0';
        }
      AssayWordErrors got = assay_characters_compare (a, b), wanted = compare_plainly (a, b);
      if (memcmp (&got, &wanted, sizeof got) != 0)
        fail_msg ("%s / %s: %u %u %u %u, wanted %u %u %u %u", a, b, got.hits, got.substitutions, got.deletions,
                  got.insertions, wanted.hits, wanted.substitutions, wanted.deletions, wanted.insertions);
    }
}

static void
half_an_hour_of_words_is_compared_at_once (void **state)
{
  g_autoptr (GString) a = g_string_new (NULL);
  g_autoptr (GString) b = g_string_new (NULL);
  for (guint i = 0; i < 4500; i++)
    {
      g_string_append_printf (a, "word%u ", i % 977);
      if (i % 50 != 0)
        g_string_append_printf (b, "word%u ", i % 77 == 0 ? 5000 : i % 977);
    }
  gint64 start = g_get_monotonic_time ();
  AssayWordErrors errors = assay_words_compare (a->str, b->str);
  AssayWordErrors letters = assay_characters_compare (a->str, b->str);
  double seconds = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
  print_message ("# 4500 words, 31000 characters: %.3f s\n", seconds);
  assert_int_equal (errors.deletions, 90);
  assert_true (letters.hits > 25000);
  assert_true (seconds < 60); /* with sanitizers, on a busy machine */
}

static void
words_part_at_any_white_space (void **state)
{
  AssayWordErrors errors = assay_words_compare ("a\tb\nc\u00a0d", " a b\u2003c  d ");
  assert_int_equal (errors.hits, 4);
  assert_int_equal (errors.substitutions + errors.deletions + errors.insertions, 0);
}

static void
a_segment_holds_text_in_one_form (void **state)
{
  g_autoptr (AssaySegment) segment = assay_segment_new (0, 10, "cafe\u0301", "Rene\u0301");
  assert_string_equal (segment->text, "caf\u00e9");
  assert_string_equal (segment->speaker, "Ren\u00e9");
  g_autoptr (AssaySegment) broken = assay_segment_new (0, 10, "a\xff", NULL);
  assert_true (g_utf8_validate (broken->text, -1, NULL));
}

static void
mer_is_the_same_both_ways (void **state)
{
  AssayWordErrors there = assay_words_compare ("the cat sat on the mat", "the cat sit on mat now or never");
  AssayWordErrors back = assay_words_compare ("the cat sit on mat now or never", "the cat sat on the mat");
  assert_true (assay_word_errors_mer (&there) == assay_word_errors_mer (&back));
  assert_int_equal (there.deletions, back.insertions);
}

/* --- whole answers --- */

static void
take (AssayObjects *objects, gint64 start, gint64 end, const char *text)
{
  assay_objects_take (objects, assay_object_new (NULL, assay_segment_new (start, end, text, NULL)));
}

static void
answers_cut_differently_agree_by_their_words (void **state)
{
  const AssayKind *kind = assay_kind_find ("transcript");
  g_autoptr (AssayTask) task = assay_task_new ("t", kind);
  g_autoptr (AssayObjects) a = assay_objects_new (kind);
  g_autoptr (AssayObjects) b = assay_objects_new (kind);
  take (a, 500, 900, "on the mat");
  take (a, 0, 500, "the cat sat");
  take (b, 0, 800, "the cat sat on");
  take (b, 800, 1000, "the mat");
  take (b, 2000, 3000, "");
  double values[ASSAY_KIND_MAX_MEASURES];
  assert_true (kind->measure_whole (a->list, b->list, task, values));
  assert_true (values[0] == 0 && values[1] == 0);
  assert_float_equal (values[2], 0.9, 1e-12); /* 900 of 1000 samples are spoken in both; silence counts nowhere */
}

static void
time_under_two_segments_counts_once (void **state)
{
  const AssayKind *kind = assay_kind_find ("transcript");
  g_autoptr (AssayTask) task = assay_task_new ("t", kind);
  g_autoptr (AssayObjects) a = assay_objects_new (kind);
  g_autoptr (AssayObjects) b = assay_objects_new (kind);
  take (a, 0, 1000, "a long one");
  take (a, 100, 200, "and a short one inside");
  take (b, 300, 800, "half");
  double values[ASSAY_KIND_MAX_MEASURES];
  assert_true (kind->measure_whole (a->list, b->list, task, values));
  assert_float_equal (values[2], 0.5, 1e-12);
}

static void
the_same_words_at_another_time_are_not_alike (void **state)
{
  const AssayKind *kind = assay_kind_find ("transcript");
  g_autoptr (AssayTask) task = assay_task_new ("t", kind);
  g_autoptr (AssaySegment) a = assay_segment_new (0, 10, "yes", NULL);
  g_autoptr (AssaySegment) b = assay_segment_new (10, 20, "yes", NULL);
  g_autoptr (AssaySegment) c = assay_segment_new (9, 20, "yes", NULL);
  assert_true (kind->similarity (a, b, task) == 0);
  assert_true (kind->similarity (a, c, task) == 1);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (bands_and_trimmed_ends_change_nothing),
    cmocka_unit_test (half_an_hour_of_words_is_compared_at_once),
    cmocka_unit_test (words_part_at_any_white_space),
    cmocka_unit_test (a_segment_holds_text_in_one_form),
    cmocka_unit_test (mer_is_the_same_both_ways),
    cmocka_unit_test (answers_cut_differently_agree_by_their_words),
    cmocka_unit_test (time_under_two_segments_counts_once),
    cmocka_unit_test (the_same_words_at_another_time_are_not_alike),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
