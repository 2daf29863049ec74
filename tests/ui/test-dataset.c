/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dataset, on the sample project: what exists, a release, an export. */
#include "core/project.h"
#include "core/version.h"
#include "tests/ui/ui.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static char *
new_sample (const char *name)
{
  char *directory = ui_dup_folder (name);
  g_autofree char *made = ui_assay ("demo", directory, NULL);
  return directory;
}

static void
version_is_released_and_exported_from_the_page (void **state)
{
  g_autofree char *directory = new_sample ("sample");
  g_autoptr (Ui) ui = ui_start (directory, "Grace");
  ui_key (ui, "alt+4");
  ui_wait_text (ui, "No version yet");
  ui_wait_text (ui, "The gate is");
  ui_wait_text (ui, "careful-polygon");
  ui_key (ui, "ctrl+m");
  ui_find (ui, "text", "Message");
  ui_type (ui, "First round");
  ui_key (ui, "Tab");
  ui_type (ui, "v1");
  ui_key (ui, "Return");
  ui_wait_text (ui, "Released v1");
  ui_find (ui, "label", "First round");

  g_autoptr (AssayProject) project = assay_project_open (directory, ASSAY_STORE_READ, NULL);
  g_autoptr (GPtrArray) versions = assay_version_list (project, NULL);
  assert_int_equal (versions->len, 1);
  assert_string_equal (((AssayVersion *) versions->pdata[0])->message, "First round");
  assert_string_equal (((AssayVersion *) versions->pdata[0])->tags, "v1");
  assert_string_equal (((AssayVersion *) versions->pdata[0])->author, "Grace");

  ui_key (ui, "ctrl+e");
  ui_find (ui, "text", "Folder");
  g_autofree char *out = ui_dup_folder ("out");
  ui_key (ui, "ctrl+a");
  ui_type (ui, out);
  ui_key (ui, "Return");
  ui_wait_text (ui, "Exported");
  g_autofree char *receipt = g_build_filename (out, "EXPORT.json", NULL);
  assert_true (g_file_test (receipt, G_FILE_TEST_EXISTS));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (version_is_released_and_exported_from_the_page),
  };
  return cmocka_run_group_tests_name ("dataset", tests, NULL, NULL);
}
