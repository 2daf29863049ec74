/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the desk types and reads, without a window: classes by their letters, a guideline's blocks. */
#include "app/gui/class-match.h"
#include "app/gui/guideline-text.h"
#include "core/kind.h"

#include <pango/pango.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static AssayTask *
kitchen_new (void)
{
  static const char *const names[] = { "mug", "Milk carton", "spoon", "measuring cup", "Müsli", "cutting board" };
  AssayTask *task = assay_task_new ("kitchen", assay_kind_find ("segmentation"));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    assay_task_add_class (task, names[i]);
  return task;
}

static char *
dup_matches (const AssayTask *task, const char *typed, const GArray *recent)
{
  g_autoptr (GArray) found = assay_class_match (task, typed, recent);
  GString *names = g_string_new (NULL);
  for (guint i = 0; i < found->len; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "",
                            ((AssayClass *) task->classes->pdata[g_array_index (found, guint, i)])->name);
  return g_string_free (names, FALSE);
}

static void
assert_matches (const char *typed, const char *expected)
{
  g_autoptr (AssayTask) task = kitchen_new ();
  g_autofree char *names = dup_matches (task, typed, NULL);
  assert_string_equal (names, expected);
}

static void
two_letters_find_a_class_by_its_beginning_a_word_its_initials_or_their_order (void **state)
{
  assert_matches ("mu", "mug, measuring cup");
  assert_matches ("mü", "Müsli");
  assert_matches ("MI", "Milk carton, measuring cup, Müsli");
  assert_matches ("cu", "cutting board, measuring cup");
  assert_matches ("mc", "Milk carton, measuring cup");
  assert_matches ("sn", "spoon, measuring cup");
  assert_matches ("zz", "");
}

static void
classes_used_last_come_first_among_equals (void **state)
{
  g_autoptr (AssayTask) task = kitchen_new ();
  g_autoptr (GArray) recent = g_array_new (FALSE, FALSE, sizeof (AssayId));
  g_array_append_val (recent, ((AssayClass *) task->classes->pdata[3])->id); /* measuring cup */
  g_array_append_val (recent, ((AssayClass *) task->classes->pdata[2])->id); /* spoon */
  g_autofree char *all = dup_matches (task, "", recent), *m = dup_matches (task, "m", recent);
  assert_string_equal (all, "measuring cup, spoon, mug, Milk carton, Müsli, cutting board");
  assert_string_equal (m, "measuring cup, mug, Milk carton, Müsli");
}

/* "H1 Mugs|T …": the blocks in short. */
static char *
dup_blocks (const char *markdown)
{
  static const char kinds[] = "THIQC-P";
  g_autoptr (GPtrArray) blocks = assay_guideline_parse (markdown);
  GString *out = g_string_new (NULL);
  for (guint i = 0; i < blocks->len; i++)
    {
      const AssayBlock *block = blocks->pdata[i];
      if (strstr (block->markup, "<a ") == NULL) /* links are the label's, not Pango's */
        assert_true (pango_parse_markup (block->markup, -1, 0, NULL, NULL, NULL, NULL));
      g_string_append_printf (out, "%s%c%u %s%s%s%s", i > 0 ? "|" : "", kinds[block->kind], block->level,
                              block->bullet != NULL ? block->bullet : "", block->markup,
                              block->path != NULL ? " @" : "", block->path != NULL ? block->path : "");
    }
  return g_string_free (out, FALSE);
}

static void
assert_blocks (const char *markdown, const char *expected)
{
  g_autofree char *blocks = dup_blocks (markdown);
  assert_string_equal (blocks, expected);
}

static void
a_guideline_becomes_headings_lists_and_pictures (void **state)
{
  assert_blocks (
      "# Mugs\nThe **handle**\nis part of it.\n\n- with *tea*\n  - also `cold`\n12. last\n",
      "H1 Mugs|T0 The <b>handle</b> is part of it.|I0 •with <i>tea</i>|I1 •also <tt>cold</tt>|I0 12.last");
  assert_blocks ("See ![a good one](media/ab/x.png) here", "T0 See |P0 a good one @media/ab/x.png|T0  here");
  assert_blocks ("> so\n---\n```\na * b\n```", "Q0 so|-0 |C0 a * b");
  assert_blocks ("[site](https://x.org/?a=1&b=2)", "T0 <a href=\"https://x.org/?a=1&amp;b=2\">site</a>");
}

static void
what_is_no_markdown_is_text_and_never_bad_markup (void **state)
{
  assert_blocks ("5 < 6 & cup_left_2 ** not bold * ", "T0 5 &lt; 6 &amp; cup_left_2 ** not bold *");
  assert_blocks ("a **b *c** d*", "T0 a <b>b *c</b> d*");
  assert_blocks ("\\*kept\\* ![open](x", "T0 *kept* ![open](x");
  assert_blocks ("[x](javascript:alert)", "T0 x");
  assert_blocks ("", "");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (two_letters_find_a_class_by_its_beginning_a_word_its_initials_or_their_order),
    cmocka_unit_test (classes_used_last_come_first_among_equals),
    cmocka_unit_test (a_guideline_becomes_headings_lists_and_pictures),
    cmocka_unit_test (what_is_no_markdown_is_text_and_never_bad_markup),
  };
  return cmocka_run_group_tests_name ("desk", tests, NULL, NULL);
}
