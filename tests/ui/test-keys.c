/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "annotate/tool.h"
#include "app/gui/key-map.h"
#include "app/gui/page-annotate.h"
#include "app/gui/page-capture.h"
#include "app/gui/page-dataset.h"
#include "app/gui/page-review.h"

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

static gboolean
has_action (GtkWidgetClass *class, const char *action)
{
  GType owner;
  const char *name, *property;
  const GVariantType *parameter;
  for (guint i = 0; gtk_widget_class_query_action (class, i, &owner, &name, &parameter, &property); i++)
    if (g_str_equal (name, action))
      return TRUE;
  return FALSE;
}

static void
a_key_does_something_on_every_page_that_lists_it (void **state)
{
  const GType types[] = { ASSAY_TYPE_PAGE_CAPTURE, ASSAY_TYPE_PAGE_ANNOTATE, ASSAY_TYPE_PAGE_REVIEW,
                          ASSAY_TYPE_PAGE_DATASET };
  guint n;
  const AssayKey *keys = assay_keys_list (&n);
  for (guint page = 0; page < G_N_ELEMENTS (types); page++)
    {
      GtkWidgetClass *class = g_type_class_ref (types[page]);
      for (guint i = 0; i < n; i++)
        if ((keys[i].pages & (1u << page)) != 0 && keys[i].action != NULL && !g_str_has_prefix (keys[i].action, "win")
            && !has_action (class, keys[i].action))
          fail_msg ("%s asks for %s, which %s does not have", keys[i].keys, keys[i].action, g_type_name (types[page]));
      g_type_class_unref (class);
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
      if (tools[t]->key == NULL)
        continue;
      g_autofree char *target = g_strdup_printf ("'%s'", tools[t]->id);
      gboolean found = FALSE;
      for (guint i = 0; i < n && !found; i++)
        found = g_strcmp0 (keys[i].target, target) == 0 && g_strcmp0 (keys[i].keys, tools[t]->key) == 0;
      if (!found)
        fail_msg ("the key %s of the tool %s is not in the table", tools[t]->key, tools[t]->id);
    }
}

/* Keys of one's own */

static const AssayKey *
row (const char *id)
{
  guint n;
  const AssayKey *keys = assay_keys_list (&n);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *mine = assay_key_dup_id (&keys[i]);
      if (g_str_equal (mine, id))
        return &keys[i];
    }
  fail_msg ("no row is called %s", id);
  return NULL;
}

static AssayKeyPress
press (const char *accel)
{
  AssayKeyPress press = { .n = 1 };
  assert_true (assay_accel_parse (accel, &press.accels[0]));
  return press;
}

static const AssayKey *
find (const AssayKeyMap *map, AssayKeysPages page, const char *accel)
{
  AssayKeyPress one = press (accel);
  return assay_key_map_find (map, page, &one);
}

static void
give (AssayKeyMap *map, const char *id, const char *accel)
{
  AssayKeyPress one = press (accel);
  assay_key_map_give (map, row (id), &one.accels[0], TRUE);
}

static void
every_row_has_a_name_of_its_own_for_the_configuration (void **state)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  guint n;
  const AssayKey *keys = assay_keys_list (&n);
  for (guint i = 0; i < n; i++)
    {
      char *id = assay_key_dup_id (&keys[i]);
      g_key_file_set_string (file, ASSAY_KEY_MAP_GROUP, id, "x");
      if (!g_hash_table_add (names, id))
        fail_msg ("two rows are called %s", id);
    }
  g_autofree char *text = g_key_file_to_data (file, NULL, NULL);
  assert_true (
      g_key_file_load_from_data (file, text, strlen (text), G_KEY_FILE_NONE, NULL)); /* names it can hold */
}

static void
a_key_that_was_changed_means_the_same_action_and_the_old_one_nothing (void **state)
{
  g_autoptr (AssayKeyMap) map = assay_key_map_new ();
  give (map, "page.tool:brush", "z");
  assert_ptr_equal (find (map, ASSAY_KEYS_ANNOTATE, "z"), row ("page.tool:brush"));
  assert_null (find (map, ASSAY_KEYS_ANNOTATE, "b"));
  assert_ptr_equal (find (map, ASSAY_KEYS_CAPTURE, "b"), row ("page.mark-bad")); /* another page's is untouched */
  g_autofree char *label = assay_key_map_dup_label (map, "page.tool", "'brush'");
  assert_string_equal (label, "Z");
  assay_key_map_reset (map, row ("page.tool:brush"));
  assert_ptr_equal (find (map, ASSAY_KEYS_ANNOTATE, "b"), row ("page.tool:brush"));
}

static void
a_conflict_is_told_for_the_same_page_only_and_settled_by_taking (void **state)
{
  g_autoptr (AssayKeyMap) map = assay_key_map_new ();
  AssayKeyPress e = press ("e"), b = press ("F6");
  assert_ptr_equal (assay_key_map_find_conflict (map, row ("page.tool:brush"), &e.accels[0]),
                    row ("page.tool:eraser"));
  assert_null (assay_key_map_find_conflict (map, row ("page.release"), &e.accels[0]));
  assert_ptr_equal (assay_key_map_find_conflict (map, row ("page.tool:brush"), &b.accels[0]),
                    row ("win.next-pane"));
  assay_key_map_give (map, row ("page.tool:brush"), &e.accels[0], FALSE); /* one more */
  assert_string_equal (assay_key_map_get (map, row ("page.tool:brush")), "b|e");
  assert_string_equal (assay_key_map_get (map, row ("page.tool:eraser")), "");
  assay_key_map_reset (map, row ("page.tool:eraser")); /* takes it back */
  assert_string_equal (assay_key_map_get (map, row ("page.tool:brush")), "b");
}

static void
changed_keys_last_and_nonsense_in_the_file_is_passed_over (void **state)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (AssayKeyMap) map = assay_key_map_new (), again = assay_key_map_new ();
  give (map, "page.tool:brush", "<Shift>b");
  assay_key_map_clear (map, row ("page.consensus"));
  assay_key_map_save (map, file);
  g_autofree char *text = g_key_file_to_data (file, NULL, NULL);
  g_autoptr (GKeyFile) read = g_key_file_new ();
  assert_true (g_key_file_load_from_data (read, text, strlen (text), G_KEY_FILE_NONE, NULL));
  g_key_file_set_string (read, ASSAY_KEY_MAP_GROUP, "page.gone", "x");
  g_key_file_set_string (read, ASSAY_KEY_MAP_GROUP, "page.fit", "no key at all");
  g_key_file_set_string (read, ASSAY_KEY_MAP_GROUP, "page.hide", "l"); /* lock has it */
  assay_key_map_load (again, read);
  assert_string_equal (assay_key_map_get (again, row ("page.tool:brush")), "<Shift>b");
  assert_string_equal (assay_key_map_get (again, row ("page.consensus")), "");
  assert_string_equal (assay_key_map_get (again, row ("page.fit")), "");
  assert_ptr_equal (find (again, ASSAY_KEYS_ANNOTATE, "l"), row ("page.lock"));
}

static void
tools_hear_the_key_of_the_table_whatever_key_was_given (void **state)
{
  g_autoptr (AssayKeyMap) map = assay_key_map_new ();
  AssayKeyPress z = press ("z"), enter = press ("Return"), up = press ("Up");
  AssayAccel accel;
  assert_true (assay_key_map_translate (map, ASSAY_KEYS_ANNOTATE, &enter, &accel));
  assert_int_equal (accel.keyval, GDK_KEY_Return);
  give (map, "tool:finish", "z");
  assert_true (assay_key_map_translate (map, ASSAY_KEYS_ANNOTATE, &z, &accel));
  assert_int_equal (accel.keyval, GDK_KEY_Return);
  assert_false (assay_key_map_translate (map, ASSAY_KEYS_ANNOTATE, &enter, &accel)); /* it finishes nothing now */
  assert_true (assay_key_map_translate (map, ASSAY_KEYS_ANNOTATE, &up, &accel));     /* not in the table */
  assert_int_equal (accel.keyval, GDK_KEY_Up);
}

static const AssayKey *
find_typed (const AssayKeyMap *map, AssayKeysPages page, guint keyval, guint keycode, GdkModifierType mods)
{
  AssayKeyPress typed = assay_key_press_read (NULL, keyval, keycode, mods, 0);
  return assay_key_map_find (map, page, &typed);
}

static void
keys_of_other_layouts_mean_what_stands_at_their_place (void **state)
{
  g_autoptr (AssayKeyMap) map = assay_key_map_new ();
  /* Russian: the key of B gives и, that of [ х, that of Z я. */
  assert_ptr_equal (find_typed (map, ASSAY_KEYS_ANNOTATE, GDK_KEY_Cyrillic_i, 56, 0), row ("page.tool:brush"));
  assert_ptr_equal (find_typed (map, ASSAY_KEYS_ANNOTATE, GDK_KEY_Cyrillic_ha, 34, 0), row ("tool:smaller"));
  assert_ptr_equal (
      find_typed (map, ASSAY_KEYS_ANNOTATE, GDK_KEY_Cyrillic_YA, 52, GDK_CONTROL_MASK | GDK_SHIFT_MASK),
      row ("page.redo"));
  /* French: the key of 2 gives é, and 2 with Shift. */
  assert_ptr_equal (find_typed (map, ASSAY_KEYS_ANNOTATE, GDK_KEY_eacute, 11, 0), row ("page.class:2"));
  assert_ptr_equal (find_typed (map, ASSAY_KEYS_REVIEW, GDK_KEY_2, 11, GDK_SHIFT_MASK), row ("page.take-answer:2"));
  /* A letter that the layout has means itself, wherever it stands (A on a French keyboard, at the place of Q). */
  assert_ptr_equal (find_typed (map, ASSAY_KEYS_ANNOTATE, GDK_KEY_a, 24, 0), row ("page.previous"));
  /* English: Shift is in the sign already. */
  assert_ptr_equal (find_typed (map, ASSAY_KEYS_DATASET, GDK_KEY_question, 61, GDK_CONTROL_MASK | GDK_SHIFT_MASK),
                    row ("win.keys"));
  assert_ptr_equal (find_typed (map, ASSAY_KEYS_ANNOTATE, GDK_KEY_ISO_Left_Tab, 23, GDK_SHIFT_MASK),
                    row ("tool:previous-point"));
  assert_null (find_typed (map, ASSAY_KEYS_ANNOTATE, GDK_KEY_Shift_L, 50, 0));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (no_key_has_two_meanings_on_one_page),
    cmocka_unit_test (no_action_is_asked_for_by_two_rows),
    cmocka_unit_test (a_key_does_something_on_every_page_that_lists_it),
    cmocka_unit_test (digits_choose_classes_and_nothing_else),
    cmocka_unit_test (every_tool_has_its_key_in_the_table),
    cmocka_unit_test (every_row_has_a_name_of_its_own_for_the_configuration),
    cmocka_unit_test (a_key_that_was_changed_means_the_same_action_and_the_old_one_nothing),
    cmocka_unit_test (a_conflict_is_told_for_the_same_page_only_and_settled_by_taking),
    cmocka_unit_test (changed_keys_last_and_nonsense_in_the_file_is_passed_over),
    cmocka_unit_test (tools_hear_the_key_of_the_table_whatever_key_was_given),
    cmocka_unit_test (keys_of_other_layouts_mean_what_stands_at_their_place),
  };
  return cmocka_run_group_tests_name ("keys", tests, NULL, NULL);
}
