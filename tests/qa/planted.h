/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* tests/qa/planted.h - what the tests of single checks have in common: one error among answers that are right, and nothing else is told. */
#include "qa/check.h"

#include "tests/qa/fixture.h"

/* "NAME: why" of what the check finds. */
static inline GPtrArray *
find (Fixture *f, const char *id, const AssayTask *task)
{
  GError *error = NULL;
  const AssayCheck *check = assay_check_find (id);
  assert_non_null (check);
  ok (assay_check_run (f->project, &check, 1, task, NULL, NULL, &error), error);
  g_autoptr (GPtrArray) findings = assay_finding_list (f->project->store, TRUE, &error);
  GPtrArray *words = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < findings->len; i++)
    {
      const AssayFinding *finding = findings->pdata[i];
      g_autoptr (AssayItem) item = finding->item_row != 0 ? assay_item_get_row (f->project->store, finding->item_row, NULL) : NULL;
      if (g_str_equal (finding->check, id))
        g_ptr_array_add (words, g_strdup_printf ("%s: %s", item != NULL ? item->name : "project", finding->why));
    }
  return words;
}

static inline void
assert_only (Fixture *f, const char *id, const AssayTask *task, const char *item, const char *says)
{
  g_autoptr (GPtrArray) words = find (f, id, task);
  if (words->len != 1)
    for (guint i = 0; i < words->len; i++)
      print_message ("# %s\n", (char *) words->pdata[i]);
  assert_int_equal (words->len, 1);
  g_autofree char *start = g_strdup_printf ("%s: ", item);
  if (!g_str_has_prefix (words->pdata[0], start) || strstr (words->pdata[0], says) == NULL)
    fail_msg ("\"%s\" is not of %s, or does not say \"%s\"", (char *) words->pdata[0], item, says);
}

static inline void
assert_nothing (Fixture *f, const char *id, const AssayTask *task)
{
  g_autoptr (GPtrArray) words = find (f, id, task);
  if (words->len > 0)
    fail_msg ("\"%s\"", (char *) words->pdata[0]);
}

static inline char *
draw_square (double x, double y, double side)
{
  return g_strdup_printf ("[{\"class\":\"cup\",\"rings\":[{\"points\":[[%g,%g],[%g,%g],[%g,%g],[%g,%g]]}]}]", x, y, x + side, y, x + side,
                          y + side, x, y + side);
}
