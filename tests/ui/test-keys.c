/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "annotate/tool.h"
#include "app/gui/keys.h"

#include <gtk/gtk.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
no_key_has_two_meanings_on_one_page (void **state)
{
  guint n;
  const AssayKey *keys = assay_keys_list (&n);
  for (guint page = 1; page <= ASSAY_KEYS_READING; page <<= 1)
    {
      g_autoptr (GHashTable) meanings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      for (guint i = 0; i < n; i++)
        {
          g_auto (GStrv) alternatives = g_strsplit (keys[i].keys, "|", -1);
          for (guint j = 0; (keys[i].pages & page) && alternatives[j] != NULL; j++)
            {
              guint keyval;
              GdkModifierType modifiers;
              assert_true (gtk_accelerator_parse (alternatives[j], &keyval, &modifiers));
              char *name = gtk_accelerator_name (gdk_keyval_to_lower (keyval), modifiers);
              const char *other = g_hash_table_lookup (meanings, name);
              if (other != NULL)
                fail_msg ("%s means '%s' and '%s'", name, other, keys[i].meaning);
              g_hash_table_insert (meanings, name, (gpointer) keys[i].meaning);
            }
        }
    }
}

static void
no_action_is_asked_for_by_two_rows (void **state)
{
  g_autoptr (GHashTable) actions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n;
  const AssayKey *keys = assay_keys_list (&n);
  for (guint i = 0; i < n; i++)
    {
      if (keys[i].action == NULL)
        continue;
      char *action = g_strdup_printf ("%s %s", keys[i].action, keys[i].target != NULL ? keys[i].target : "");
      if (!g_hash_table_add (actions, action))
        fail_msg ("two rows ask for %s", action);
    }
}

static void
digits_choose_classes_and_nothing_else (void **state)
{
  guint n, n_digits = 0;
  const AssayKey *keys = assay_keys_list (&n);
  for (guint i = 0; i < n; i++)
    {
      if (strlen (keys[i].keys) != 1 || !g_ascii_isdigit (*keys[i].keys))
        continue;
      assert_string_equal (keys[i].action, "page.class");
      assert_string_equal (keys[i].target, keys[i].keys);
      n_digits++;
    }
  assert_int_equal (n_digits, 9);
}

static void
every_tool_has_its_key_in_the_table (void **state)
{
  guint n_tools, n;
  const AssayTool *const *tools = assay_tool_list (&n_tools);
  const AssayKey *keys = assay_keys_list (&n);
  assert_true (n_tools > 0);
  for (guint t = 0; t < n_tools; t++)
    {
      g_autofree char *target = g_strdup_printf ("'%s'", tools[t]->id);
      gboolean found = FALSE;
      for (guint i = 0; i < n && !found; i++)
        found = g_strcmp0 (keys[i].target, target) == 0 && g_strcmp0 (keys[i].keys, tools[t]->key) == 0;
      if (!found)
        fail_msg ("the key %s of the tool %s is not in the table", tools[t]->key, tools[t]->id);
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (no_key_has_two_meanings_on_one_page),
    cmocka_unit_test (no_action_is_asked_for_by_two_rows),
    cmocka_unit_test (digits_choose_classes_and_nothing_else),
    cmocka_unit_test (every_tool_has_its_key_in_the_table),
  };
  return cmocka_run_group_tests_name ("keys", tests, NULL, NULL);
}
