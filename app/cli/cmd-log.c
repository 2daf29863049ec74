/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/command.h"
#include "core/version.h"

static json_t *
describe (const AssayVersion *version)
{
  return json_pack (
      "{s:s, s:s, s:s?, s:s, s:s?, s:s?, s:f, s:I, s:I, s:I, s:I, s:{s:I, s:I, s:I}}", "version", version->version,
      "root", version->root, "parent", *version->parent != '\0' ? version->parent : NULL, "tags", version->tags,
      "message", version->message, "author", version->author, "made_at", (double) version->made_us / 1e6, "items",
      (json_int_t) version->items, "labels", (json_int_t) version->labels, "objects", (json_int_t) version->objects,
      "undecided", (json_int_t) version->undecided, "splits", "train", (json_int_t) version->train, "val",
      (json_int_t) version->val, "test", (json_int_t) version->test);
}

static void
append (GString *text, const AssayVersion *version)
{
  g_autoptr (GDateTime) made = g_date_time_new_from_unix_local (version->made_us / G_USEC_PER_SEC);
  g_autofree char *when = g_date_time_format (made, "%Y-%m-%d %H:%M");
  g_string_append_printf (
      text, "%.12s %s%s%s%s  %s, %" G_GUINT64_FORMAT " items, %" G_GUINT64_FORMAT " labels: %s\n", version->version,
      *version->tags != '\0' ? "(" : "", version->tags, *version->tags != '\0' ? ") " : "", when, version->author,
      version->items, version->labels, version->message);
}

static int
run (AssayInvocation *invocation, GError **error)
{
  if (!assay_invocation_parse (invocation, NULL, error) || !assay_invocation_expect (invocation, 0, 0, error))
    return 0;
  g_autoptr (AssayProject) project = assay_invocation_open (invocation, ASSAY_STORE_READ, error);
  g_autoptr (GPtrArray) versions = project != NULL ? assay_version_list (project, error) : NULL;
  if (versions == NULL)
    return 0;
  g_autoptr (GString) text = g_string_new (NULL);
  json_t *list = json_array ();
  for (guint i = 0; i < versions->len; i++)
    {
      json_array_append_new (list, describe (versions->pdata[i]));
      append (text, versions->pdata[i]);
    }
  if (versions->len == 0)
    g_string_append (text, "no version yet; `assay commit -m MESSAGE` makes the first");
  assay_invocation_answer (invocation, json_pack ("{s:o}", "versions", list), text->str);
  return 0;
}

const AssayCommand assay_command_log = {
  .id = "log",
  .form = "log",
  .help = "lists the versions, newest first",
  .run = run,
};
