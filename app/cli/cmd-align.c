/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/command.h"
#include "app/job-align.h"

static char *
to_text (const json_t *answer)
{
  GString *text = g_string_new (NULL);
  size_t i;
  json_t *sensor;
  json_array_foreach (json_object_get (answer, "sensors"), i, sensor)
  {
    const json_t *offset = json_object_get (sensor, "offset_ns"), *doubt = json_object_get (sensor, "doubt_ns");
    if (i > 0)
      g_string_append_c (text, '\n');
    if (json_is_null (offset))
      g_string_append_printf (text, "%s: not known: %s", assay_json_get_string (sensor, "id"),
                              assay_json_get_string (sensor, "why"));
    else
      g_string_append_printf (text, "%s: %+.2f ms (within %.2f)", assay_json_get_string (sensor, "id"),
                              json_number_value (offset) / 1e6, json_number_value (doubt) / 1e6);
  }
  return g_string_free (text, FALSE);
}

static int
run (AssayInvocation *invocation, GError **error)
{
  double within_s = 0;
  gboolean together = FALSE;
  const GOptionEntry entries[] = {
    { "within", 0, 0, G_OPTION_ARG_DOUBLE, &within_s, NULL, NULL },
    { "together", 0, 0, G_OPTION_ARG_NONE, &together, NULL, NULL },
    { NULL },
  };
  if (!assay_invocation_parse (invocation, entries, error) || !assay_invocation_expect (invocation, 1, 1, error))
    return 0;
  g_autoptr (AssayProject) project = assay_invocation_open (invocation, ASSAY_STORE_WRITE, error);
  if (project == NULL)
    return 0;
  const AssayAlignRequest request = { .session = invocation->argv[1], .within_s = within_s, .together = together };
  json_t *answer = assay_job_align (project, &request, invocation->progress, error);
  if (answer == NULL)
    return 0;
  g_autofree char *text = to_text (answer);
  assay_invocation_answer (invocation, answer, text);
  return 0;
}

const AssayCommand assay_command_align = {
  .id = "align",
  .form = "align SESSION [--within S] [--together]",
  .help = "measures how late each sensor of a recording is, by a clap and a flash at its beginning",
  .more
  = "Microphones are compared with the first one that heard the clap, cameras with the first one that saw the "
    "flash; with\n"
    "--together clap and flash were one instant, and cameras are compared with the microphone. A positive number "
    "is late; a\n"
    "flash is known to half a frame's period. Looked for in the first 20 s (--within). The answer stays with the "
    "session, and\n"
    "from then on is taken off wherever its times are told: moments, takes that are played, versions committed and "
    "exports made\n"
    "from now on. Items stay as they were stamped; measured again, the last answer stands.",
  .run = run,
};
