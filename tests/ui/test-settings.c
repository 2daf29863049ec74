/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the desktop remembers from one sitting to the next. No window is needed. */
#include "annotate/tool.h"
#include "app/gui/settings.h"

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
the_options_of_tools_go_on_in_the_next_sitting (void **state)
{
  g_autoptr (AssayOptions) before = assay_options_new (assay_tool_options ());
  g_autoptr (AssayOptions) after = assay_options_new (assay_tool_options ());
  assert_true (assay_options_set (before, "brush-px", "77", NULL));
  assert_true (assay_options_set (before, "brush-shape", "square", NULL));
  assert_true (assay_options_set (before, "neighbours", "under", NULL));
  {
    g_autoptr (AssaySettings) settings = assay_settings_new ();
    assay_settings_keep_tools (settings, assay_tool_options (), before);
  }
  g_autoptr (AssaySettings) settings = assay_settings_new ();
  assay_settings_recall_tools (settings, assay_tool_options (), after);
  g_autofree char *wanted = assay_options_dup_text (before), *found = assay_options_dup_text (after);
  assert_string_equal (found, wanted);
}

static void
the_picture_stands_as_it_was_left_in_the_next_sitting (void **state)
{
  AssayLeftView left = { assay_id_new (), { 120.5, 80.25 }, 2.5 }, found = { 0 };
  const char *words[] = { "map", "keys", NULL };
  {
    g_autoptr (AssaySettings) settings = assay_settings_new ();
    assert_null (assay_settings_dup_aids (settings));
    assay_settings_add_recent (settings, &(AssayRecent){ .directory = "/cups", .name = "Cups" });
    assay_settings_keep_view (settings, "/cups", &left);
    assay_settings_keep_view (settings, "/unheard-of", &left);
    assay_settings_set_aids (settings, words);
  }
  g_autoptr (AssaySettings) settings = assay_settings_new ();
  g_auto (GStrv) aids = assay_settings_dup_aids (settings);
  assert_true (g_strv_equal ((const char *const *) aids, words));
  assert_false (assay_settings_recall_view (settings, "/unheard-of", &found));
  assert_true (assay_settings_recall_view (settings, "/cups", &found));
  assert_true (assay_id_equal (&found.item, &left.item));
  assert_true (found.middle.x == 120.5 && found.middle.y == 80.25 && found.zoom == 2.5);
}

static void
what_means_nothing_any_more_is_passed_over (void **state)
{
  static const char text[] = "[tools]\nbrush-px=90000\nbrush-shape=oval\nneighbours=cut\nnobody-knows=1\n";
  g_autofree char *folder = g_build_filename (g_get_user_config_dir (), "assay", NULL);
  g_autofree char *path = g_build_filename (folder, "desktop.conf", NULL);
  g_mkdir_with_parents (folder, 0700);
  assert_true (g_file_set_contents (path, text, -1, NULL));
  g_autoptr (AssaySettings) settings = assay_settings_new ();
  g_autoptr (AssayOptions) options = assay_options_new (assay_tool_options ());
  assay_settings_recall_tools (settings, assay_tool_options (), options);
  assert_int_equal (assay_options_get_int (options, "brush-px"), 24);
  assert_string_equal (assay_options_get_string (options, "brush-shape"), "round");
  assert_string_equal (assay_options_get_string (options, "neighbours"), "cut");
}

static void
two_windows_leave_what_the_other_has_changed (void **state)
{
  g_autoptr (AssayOptions) mine = assay_options_new (assay_tool_options ()),
                           theirs = assay_options_new (assay_tool_options ()),
                           found = assay_options_new (assay_tool_options ());
  guint n;
  const AssayKey *keys = assay_keys_list (&n);
  AssayAccel f10, f12;
  assert_true (assay_accel_parse ("<Control>F10", &f10) && assay_accel_parse ("<Control>F12", &f12));
  g_autoptr (AssaySettings) one = assay_settings_new (), two = assay_settings_new ();
  assay_settings_recall_tools (one, assay_tool_options (), mine);
  assay_settings_recall_tools (two, assay_tool_options (), theirs);
  assert_true (assay_options_set (mine, "brush-px", "31", NULL));
  assay_settings_keep_tools (one, assay_tool_options (), mine);
  assert_true (assay_options_set (theirs, "brush-shape", "square", NULL));
  assay_settings_keep_tools (two, assay_tool_options (), theirs);
  assay_key_map_give (assay_settings_get_keys (one), &keys[0], &f10, TRUE);
  assay_settings_keep_keys (one);
  assay_key_map_give (assay_settings_get_keys (two), &keys[1], &f12, TRUE);
  assay_settings_keep_keys (two);
  assay_settings_set_annotator (one, "Grace", FALSE);
  assay_settings_set_light (two, TRUE);

  g_autoptr (AssaySettings) next = assay_settings_new ();
  assay_settings_recall_tools (next, assay_tool_options (), found);
  assert_int_equal (assay_options_get_int (found, "brush-px"), 31);
  assert_string_equal (assay_options_get_string (found, "brush-shape"), "square");
  assert_string_equal (assay_key_map_get (assay_settings_get_keys (next), &keys[0]), "<Control>F10");
  assert_string_equal (assay_key_map_get (assay_settings_get_keys (next), &keys[1]), "<Control>F12");
  g_autofree char *annotator = assay_settings_dup_annotator (next);
  assert_string_equal (annotator, "Grace");
  assert_true (assay_settings_is_light (next));
  /* And what is put back by one is back, whatever the other has kept meanwhile. */
  assay_key_map_reset (assay_settings_get_keys (one), &keys[0]);
  assay_settings_keep_keys (one);
  assay_settings_keep_keys (two);
  g_autoptr (AssaySettings) last = assay_settings_new ();
  assert_string_equal (assay_key_map_get (assay_settings_get_keys (last), &keys[0]), keys[0].keys);
  assert_string_equal (assay_key_map_get (assay_settings_get_keys (last), &keys[1]), "<Control>F12");
}

static void
a_project_of_any_name_is_among_the_recent_ones (void **state)
{
  g_autofree char *folder = g_dir_make_tmp ("assay [1] 100% \xc3\xbc-XXXXXX", NULL);
  g_autofree char *database = g_build_filename (folder, "project.db", NULL);
  assert_true (g_file_set_contents (database, "", 0, NULL));
  g_autoptr (AssaySettings) one = assay_settings_new (), two = assay_settings_new ();
  const AssayRecent recent = { .directory = folder, .name = (char *) "mugs", .items = 3, .labelled = 0.5 };
  assay_settings_add_recent (one, &recent);
  g_autoptr (GPtrArray) list = assay_settings_list_recent (two);
  assert_int_equal (list->len, 1);
  assert_string_equal (((AssayRecent *) list->pdata[0])->directory, folder);
  assert_string_equal (((AssayRecent *) list->pdata[0])->name, "mugs");
  assay_settings_remove_recent (two, folder);
  g_autoptr (GPtrArray) none = assay_settings_list_recent (one);
  assert_int_equal (none->len, 0);
  g_unlink (database);
  g_rmdir (folder);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (the_options_of_tools_go_on_in_the_next_sitting),
    cmocka_unit_test (the_picture_stands_as_it_was_left_in_the_next_sitting),
    cmocka_unit_test (what_means_nothing_any_more_is_passed_over),
    cmocka_unit_test (two_windows_leave_what_the_other_has_changed),
    cmocka_unit_test (a_project_of_any_name_is_among_the_recent_ones),
  };
  g_autofree char *home = g_dir_make_tmp ("assay-settings-XXXXXX", NULL);
  g_setenv ("XDG_CONFIG_HOME", home, TRUE);
  int failed = cmocka_run_group_tests_name ("settings", tests, NULL, NULL);
  g_autofree char *folder = g_build_filename (home, "assay", NULL);
  g_autofree char *path = g_build_filename (folder, "desktop.conf", NULL);
  g_unlink (path);
  g_rmdir (folder);
  g_rmdir (home);
  return failed;
}
