/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/command.h"
#include "core/flag.h"
#include "core/media.h"
#include "core/withdrawal.h"

typedef struct
{
  json_t *items, *files;
  GHashTable *seen; /* paths and sessions that are listed already */
  GString *text;
} Found;

static void
add_path (const AssayProject *project, Found *found, char *take_path)
{
  if (!g_hash_table_add (found->seen, take_path))
    return;
  const char *shown = take_path;
  if (g_str_has_prefix (shown, project->directory))
    for (shown += strlen (project->directory); *shown == '/';)
      shown++;
  json_array_append_new (found->files, json_string (shown));
  g_string_append_printf (found->text, "\n  %s", shown);
}

static void
add_item (const AssayProject *project, Found *found, const AssayItem *item)
{
  char session[ASSAY_ID_TEXT_SIZE];
  json_array_append_new (found->items,
                         json_pack ("{s:o, s:s}", "id", assay_json_id (&item->id), "name", item->name));
  add_path (project, found, assay_media_dup_path (project, &item->media, item->media_type));
  if (assay_id_is_nil (&item->session))
    return;
  assay_id_to_text (&item->session, session);
  add_path (project, found, g_build_filename (project->directory, "sessions", session, NULL));
}

static gboolean
withdraw (AssayInvocation *invocation, AssayProject *project, const GArray *rows, const char *why,
          gboolean only_list, Found *found, GError **error)
{
  g_auto (AssayTransaction) transaction = { 0 };
  if (!assay_transaction_begin (&transaction, project->store, error))
    return FALSE;
  g_autoptr (AssayAnnotator) by = assay_invocation_annotator (invocation, project->store, error);
  if (by == NULL)
    return FALSE;
  for (guint i = 0; i < rows->len; i++)
    {
      g_autoptr (AssayItem) item = assay_item_get_row (project->store, g_array_index (rows, gint64, i), error);
      if (item == NULL
          || (!only_list
              && !assay_flag_set (project->store, item->row, ASSAY_FLAG_WITHDRAWN, TRUE, why, &by->id, NULL,
                                  error)))
        return FALSE;
      add_item (project, found, item);
    }
  return only_list || assay_transaction_commit (&transaction, error);
}

static int
run (AssayInvocation *invocation, GError **error)
{
  g_autofree char *consent = NULL, *subject = NULL, *why = NULL;
  gboolean only_list = FALSE;
  const GOptionEntry entries[] = {
    { "consent", 0, 0, G_OPTION_ARG_STRING, &consent, NULL, NULL },
    { "subject", 0, 0, G_OPTION_ARG_STRING, &subject, NULL, NULL },
    { "why", 0, 0, G_OPTION_ARG_STRING, &why, NULL, NULL },
    { "list", 0, 0, G_OPTION_ARG_NONE, &only_list, NULL, NULL },
    { NULL },
  };
  if (!assay_invocation_parse (invocation, entries, error) || !assay_invocation_expect (invocation, 0, 0, error))
    return 0;
  if ((consent == NULL) == (subject == NULL))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   "withdraw: whose? name --consent REFERENCE or --subject NAME, as given when recording");
      return 0;
    }
  const char *key = consent != NULL ? "consent" : "subject", *value = consent != NULL ? consent : subject;
  g_autoptr (AssayProject) project = assay_invocation_open (invocation, ASSAY_STORE_WRITE, error);
  g_autoptr (GArray) rows = project != NULL
                                ? assay_withdrawal_find (project->store, key, value, error)
                                : NULL;
  if (rows == NULL)
    return 0;
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (json_t) items = json_array ();
  g_autoptr (json_t) files = json_array ();
  Found found = { items, files, seen, text };
  g_string_append_printf (text, "%u items %s; their files:", rows->len, only_list ? "found" : "withdrawn");
  if (!only_list && !assay_withdrawal_note (project, key, value, why, error))
    return 0;
  if (!withdraw (invocation, project, rows, why, only_list, &found, error))
    return 0;
  assay_invocation_answer (invocation,
                           json_pack ("{s:b, s:O, s:O}", "withdrawn", !only_list, "items", items, "files", files),
                           text->str);
  return 0;
}

const AssayCommand assay_command_withdraw = {
  .id = "withdraw",
  .form = "withdraw (--consent REFERENCE | --subject NAME) [--why TEXT] [--list]",
  .help = "takes everything of a person out of the data, and lists the files it is in",
  .more
  = "The items are flagged as withdrawn: not handed out, not counted, in no version from now on. Versions made "
    "before export only\n"
    "with --without-withdrawn. Files are listed, not deleted: several items may be in one, and who must delete "
    "them decides when.\n"
    "--list only looks. `assay flag ITEM --clear withdrawn` takes it back.",
  .run = run,
};
