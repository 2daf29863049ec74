/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A picture of each page is kept, dark and light, in the size of the session: build/screenshots. */
#include "tests/ui/ui.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
every_page_is_kept_as_a_picture_in_both_themes (void **state)
{
  static const char *const names[] = { "capture", "annotate", "review", "dataset" };
  g_autofree char *directory = ui_dup_folder ("pictures");
  g_autofree char *sample = ui_assay ("demo", directory, NULL);
  g_autofree char *found = ui_assay ("-C", directory, "check", NULL);
  g_autofree char *made = ui_assay ("-C", directory, "commit", "-m", "First round", "--tag", "v1", NULL);
  for (guint light = 0; light < 2; light++)
    {
      g_autoptr (Ui) ui = ui_start (directory, "Grace");
      ui_maximise (ui);
      if (light)
        {
          ui_key (ui, "F10");
          ui_find (ui, NULL, "Light Background");
          ui_key (ui, "l");
          ui_wait_gone (ui, NULL, "Light Background"); /* keys go to the menu while it is open */
        }
      for (guint i = 0; i < G_N_ELEMENTS (names); i++)
        {
          g_autofree char *key = g_strdup_printf ("alt+%u", i + 1);
          ui_key (ui, key);
          ui_wait_text (ui, i == 0   ? "Switch a sensor on"
                            : i == 1 ? "Saved"
                            : i == 2 ? "objects · IoU"
                                     : "First round");
          ui_settle (ui);
          g_autofree char *name
              = g_strdup_printf ("%s-%s-%d", names[i], light ? "light" : "dark", ui_get_width (ui));
          ui_shot (ui, name);
        }
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (every_page_is_kept_as_a_picture_in_both_themes),
  };
  return cmocka_run_group_tests_name ("pages", tests, NULL, NULL);
}
