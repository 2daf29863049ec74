/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-window PROJECT: what a person waits for when a large project is opened and its list is moved through.
 *
 * Runs inside tests/ui/ui-session with $ASSAY_DESKTOP and $ASSAY_BIN set, on a project that bench-store made and
 * kept
 * ($ASSAY_BENCH_DIR). Times are from the outside, through AT-SPI, which itself polls every 20 ms. Nothing is
 * asserted. */
#include "core/item.h"
#include "core/project.h"
#include "tests/ui/ui.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double
peak_mb (const char *project)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc", 0, NULL);
  const char *name;
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *line_path = g_build_filename ("/proc", name, "cmdline", NULL);
      g_autofree char *status_path = g_build_filename ("/proc", name, "status", NULL);
      g_autofree char *line = NULL, *status = NULL;
      gsize n_bytes = 0;
      if (!g_file_get_contents (line_path, &line, &n_bytes, NULL) || n_bytes < 2
          || strstr (line, "assay-desktop") == NULL || !g_file_get_contents (status_path, &status, NULL, NULL))
        continue;
      for (gsize i = 0; i < n_bytes; i++)
        line[i] = line[i] == '\0' && i + 1 < n_bytes ? ' ' : line[i];
      const char *peak = strstr (status, "VmHWM:");
      if (strstr (line, project) != NULL && peak != NULL)
        return g_ascii_strtod (peak + 6, NULL) / 1000;
    }
  return -1;
}

static double
since_ms (gint64 began_us)
{
  return (double) (g_get_monotonic_time () - began_us) / 1000;
}

int
main (int argc, char **argv)
{
  if (argc != 2)
    {
      fprintf (stderr, "usage: bench-window PROJECT\n");
      return 2;
    }
  GError *error = NULL;
  g_autoptr (AssayProject) project = assay_project_open (argv[1], ASSAY_STORE_READ, &error);
  g_autoptr (AssayItem) first = project != NULL ? assay_item_get_row (project->store, 1, &error) : NULL;
  guint64 n_items = 0;
  if (first == NULL || !assay_item_count (project->store, &n_items, &error))
    {
      fprintf (stderr, "bench-window: %s\n", error->message);
      return 3;
    }
  printf ("%" G_GUINT64_FORMAT " items\n", n_items);
  gint64 began_us = g_get_monotonic_time ();
  Ui *ui = ui_start (argv[1], "bench");
  printf ("  window on the screen            %8.0f ms   goal 1000\n", (double) ui_get_start_us (ui) / 1000);
  ui_key (ui, "alt+2");
  const char *slash = strrchr (first->name, '/');
  ui_wait_text (ui, slash != NULL ? slash + 1 : first->name);
  printf ("  first items to be read in it    %8.0f ms   goal 1000\n", since_ms (began_us));
  printf ("  peak memory                     %8.0f MB   goal 300\n", peak_mb (argv[1]));
  for (guint i = 0; i < 5; i++)
    {
      began_us = g_get_monotonic_time ();
      ui_key (ui, "d");
      g_autofree char *position = g_strdup_printf ("%u of", i + 2);
      ui_wait_text (ui, position);
      printf ("  next item, until the place says so %5.0f ms\n", since_ms (began_us));
    }
  ui_stop (ui);
  return 0;
}
