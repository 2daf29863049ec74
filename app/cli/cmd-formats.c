/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/command.h"
#include "formats/format.h"

static json_t *
format_to_json (const AssayFormat *format)
{
  json_t *kinds = json_array ();
  for (guint i = 0; format->kinds[i] != NULL; i++)
    json_array_append_new (kinds, json_string (format->kinds[i]));
  return json_pack ("{s:s, s:s, s:o, s:b, s:b, s:s}", "name", format->id, "title", format->title, "kinds", kinds,
                    "can_import", format->read != NULL, "can_export", format->write != NULL, "loses",
                    format->loses);
}

static int
run (AssayInvocation *invocation, GError **error)
{
  guint n = 0;
  const AssayFormat *const *formats = assay_format_list (&n);
  if (!assay_invocation_parse (invocation, NULL, error) || !assay_invocation_expect (invocation, 0, 0, error))
    return 0;
  g_autoptr (GString) text = g_string_new (NULL);
  json_t *list = json_array ();
  for (guint i = 0; i < n; i++)
    {
      const AssayFormat *format = formats[i];
      g_autofree char *kinds = g_strjoinv (", ", (char **) format->kinds);
      g_string_append_printf (text, "%-8s %-6s %-6s %s\n%24s%s; loses %s\n", format->id,
                              format->read != NULL ? "import" : "", format->write != NULL ? "export" : "",
                              format->title, "", kinds, format->loses);
      json_array_append_new (list, format_to_json (format));
    }
  assay_invocation_answer (invocation, list, text->str);
  return 0;
}

const AssayCommand assay_command_formats = {
  .id = "formats",
  .form = "formats",
  .help = "lists the formats: what each holds, what it loses, whether it is read and written",
  .run = run,
};
