/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/command.h"
#include "core/version.h"

static json_int_t
count (const json_t *difference, const char *what, const char *how)
{
  const json_t *value = json_object_get (json_object_get (difference, what), how);
  return json_is_array (value) ? (json_int_t) json_array_size (value) : json_integer_value (value);
}

static gboolean
is_empty (const json_t *difference)
{
  static const char *const hows[] = { "added", "removed", "changed", "renamed", "moved" };
  static const char *const whats[] = { "items", "labels", "objects", "classes", "splits", "times" };
  for (guint i = 0; i < G_N_ELEMENTS (whats); i++)
    for (guint k = 0; k < G_N_ELEMENTS (hows); k++)
      if (count (difference, whats[i], hows[k]) > 0)
        return FALSE;
  return TRUE;
}

static void
append_rows (GString *text, const json_t *rows)
{
  gsize i;
  json_t *row;
  json_array_foreach (rows, i, row) g_string_append_printf (text, "%-14s %s\n", assay_json_get_string (row, "what"),
                                                            assay_json_get_string (row, "media"));
}

static int
run (AssayInvocation *invocation, GError **error)
{
  gboolean with_rows = FALSE, exit_code = FALSE;
  const GOptionEntry entries[] = {
    { "rows", 0, 0, G_OPTION_ARG_NONE, &with_rows, NULL, NULL },
    { "exit-code", 0, 0, G_OPTION_ARG_NONE, &exit_code, NULL, NULL },
    { NULL },
  };
  if (!assay_invocation_parse (invocation, entries, error) || !assay_invocation_expect (invocation, 2, 2, error))
    return 0;
  g_autoptr (AssayProject) project = assay_invocation_open (invocation, ASSAY_STORE_READ, error);
  if (project == NULL)
    return 0;
  g_autoptr (json_t) difference
      = assay_version_diff (project, invocation->argv[1], invocation->argv[2], with_rows, error);
  if (difference == NULL)
    return 0;
  g_autoptr (GString) text = g_string_new (NULL);
  append_rows (text, json_object_get (difference, "rows"));
  static const char *const whats[] = { "items", "labels", "objects", "classes" };
  for (guint i = 0; i < G_N_ELEMENTS (whats); i++)
    {
      const char *third = i == 3 ? "renamed" : "changed";
      g_string_append_printf (text, "%-8s +%" JSON_INTEGER_FORMAT " -%" JSON_INTEGER_FORMAT, whats[i],
                              count (difference, whats[i], "added"), count (difference, whats[i], "removed"));
      if (i > 0)
        g_string_append_printf (text, " ~%" JSON_INTEGER_FORMAT, count (difference, whats[i], third));
      g_string_append_c (text, '\n');
    }
  g_string_append_printf (text, "%-8s %" JSON_INTEGER_FORMAT " moved\n", "splits",
                          count (difference, "splits", "moved"));
  if (count (difference, "times", "changed") > 0)
    g_string_append_printf (text, "%-8s ~%" JSON_INTEGER_FORMAT "\n", "times",
                            count (difference, "times", "changed"));
  gboolean differs = !is_empty (difference);
  assay_invocation_answer (invocation, json_incref (difference), text->str);
  return exit_code && differs ? 1 : 0;
}

const AssayCommand assay_command_diff = {
  .id = "diff",
  .form = "diff A B [--rows] [--exit-code]",
  .help = "tells what changed from one version to another",
  .more = "A and B are ids of versions, their beginnings, tags, or `latest`. With --exit-code the status is 1 when "
          "they differ.",
  .run = run,
};
