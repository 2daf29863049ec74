/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/command.h"
#include "app/job-recover.h"

static json_t *
describe (const AssayMended *mended, guint n_busy)
{
  json_t *skipped = json_array ();
  for (guint i = 0; i < mended->skipped->len; i++)
    json_array_append_new (skipped, json_string (mended->skipped->pdata[i]));
  return json_pack ("{s:i, s:i, s:i, s:I, s:I, s:I, s:I, s:I, s:o}", "recordings", (int) mended->recordings, "busy",
                    (int) n_busy, "files", (int) mended->files, "frames", (json_int_t) mended->frames, "samples",
                    (json_int_t) mended->samples, "stills", (json_int_t) mended->stills, "items",
                    (json_int_t) mended->items, "lost_bytes", (json_int_t) mended->lost_bytes, "skipped", skipped);
}

static void
tell_rebuilt (const AssayRebuilt *rebuilt, GString *text)
{
  if (!rebuilt->rebuilt)
    g_string_append (text, "the database is in order\n");
  else if (rebuilt->set_aside != NULL)
    g_string_append_printf (text, "the database was damaged; it is %s now, and a new one was made\n",
                            rebuilt->set_aside);
  else
    g_string_append (text, "the database was not there; a new one was made\n");
  if (rebuilt->items_read + rebuilt->labels_read > 0)
    g_string_append_printf (text,
                            "%" G_GUINT64_FORMAT " items and %" G_GUINT64_FORMAT
                            " labels could still be read of it; `assay verify` and `assay check` look at them\n",
                            rebuilt->items_read, rebuilt->labels_read);
  if (rebuilt->rebuilt)
    g_string_append (text,
                     "what the database alone knew (tasks, labels, flags, versions) and could not be read of it, "
                     "`assay import COPY` brings back from a copy of the project\n");
  if (rebuilt->rebuilt && rebuilt->n_withdrawn > 0)
    g_string_append_printf (text, "%u items stay withdrawn\n", rebuilt->n_withdrawn);
  if (rebuilt->n_unnamed > 0)
    g_string_append_printf (text,
                            "%" G_GUINT64_FORMAT
                            " files of media/ came by import, or were never told of: import their "
                            "folder again, and they are the same items\n",
                            rebuilt->n_unnamed);
}

static int
run (AssayInvocation *invocation, GError **error)
{
  gboolean database = FALSE;
  const GOptionEntry entries[] = {
    { "database", 0, 0, G_OPTION_ARG_NONE, &database, NULL, NULL },
    { NULL },
  };
  if (!assay_invocation_parse (invocation, entries, error) || !assay_invocation_expect (invocation, 0, 0, error))
    return 0;
  g_auto (AssayMended) mended = ASSAY_MENDED_INIT;
  AssayRebuilt rebuilt = { 0 };
  guint n_busy = 0;
  g_autoptr (AssayProject) project = database ? NULL : assay_invocation_open (invocation, ASSAY_STORE_WRITE, error);
  gboolean right
      = database
            ? assay_job_rebuild (invocation->directory, invocation->progress, &rebuilt, &mended, &n_busy, error)
            : project != NULL && assay_job_recover (project, TRUE, invocation->progress, &mended, &n_busy, error);
  if (!right)
    return 0;
  g_autofree char *words = assay_mended_dup_words (&mended);
  g_autoptr (GString) text = g_string_new (NULL);
  json_t *answer = describe (&mended, n_busy);
  if (database)
    {
      tell_rebuilt (&rebuilt, text);
      json_object_set_new (answer, "database",
                           json_pack ("{s:b, s:s?, s:I, s:I, s:i, s:I}", "rebuilt", rebuilt.rebuilt, "set_aside",
                                      rebuilt.set_aside, "items_read", (json_int_t) rebuilt.items_read,
                                      "labels_read", (json_int_t) rebuilt.labels_read, "withdrawn",
                                      (int) rebuilt.n_withdrawn, "unnamed_media", (json_int_t) rebuilt.n_unnamed));
    }
  g_string_append (text, words != NULL ? words : "no recording was cut off");
  assay_invocation_answer (invocation, answer, text->str);
  g_free (rebuilt.set_aside);
  return 0;
}

const AssayCommand assay_command_recover = {
  .id = "recover",
  .form = "recover [--database]",
  .help = "mends recordings that a crash has cut off, and a database that is lost",
  .more
  = "A recording whose recorder was killed is closed as that would have done: films and sounds are repaired up to "
    "the last\nwhole frame or sample, move into media/ and become items. The desktop app and `assay capture` do it "
    "by "
    "themselves when\nthey begin; twice changes nothing, and a recording under way is left alone.\n"
    "--database: a project.db that is missing or damaged is set aside as project.db.damaged-DATE, never deleted, "
    "and "
    "made\nagain: with all that can still be read of it, labels too, and from sessions/ and media/ with the "
    "sensors, "
    "recordings\nand items that it had. Close the desktop app first.\n"
    "--json gives {recordings, busy, files, frames, samples, stills, items, lost_bytes, skipped:[why], "
    "database:{rebuilt,\nset_aside, items_read, labels_read, withdrawn, unnamed_media}}.",
  .run = run,
};
