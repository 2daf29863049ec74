/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/command.h"
#include "core/version.h"

static int
run (AssayInvocation *invocation, GError **error)
{
  if (!assay_invocation_parse (invocation, NULL, error) || !assay_invocation_expect (invocation, 2, 2, error))
    return 0;
  g_autoptr (AssayProject) project = assay_invocation_open (invocation, ASSAY_STORE_WRITE, error);
  if (project == NULL || !assay_version_tag (project, invocation->argv[1], invocation->argv[2], error))
    return 0;
  g_autoptr (AssayVersion) version = assay_version_find (project, invocation->argv[1], error);
  if (version == NULL)
    return 0;
  assay_invocation_answer (invocation,
                           json_pack ("{s:s, s:s}", "tag", invocation->argv[1], "version", version->version), NULL);
  return 0;
}

const AssayCommand assay_command_tag = {
  .id = "tag",
  .form = "tag NAME V",
  .help = "gives a version a name, for good",
  .run = run,
};
