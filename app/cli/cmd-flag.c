/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/command.h"
#include "core/flag.h"

static json_t *
list_flags (AssayStore *store, const AssayItem *item, GString *text, GError **error)
{
  g_autoptr (GPtrArray) flags = assay_flag_list (store, item->row, error);
  if (flags == NULL)
    return NULL;
  json_t *list = json_array ();
  g_string_append_printf (text, "%s%s:", text->len > 0 ? "\n" : "", item->name);
  for (guint i = 0; i < flags->len; i++)
    {
      const AssayFlag *flag = flags->pdata[i];
      json_array_append_new (list, json_pack ("{s:s, s:s?, s:I}", "flag", flag->flag, "why", flag->why, "made_us",
                                              (json_int_t) flag->made_us));
      g_string_append_printf (text, "%s %s%s%s%s", i > 0 ? "," : "", flag->flag, flag->why != NULL ? " (" : "",
                              flag->why != NULL ? flag->why : "", flag->why != NULL ? ")" : "");
    }
  if (flags->len == 0)
    g_string_append (text, " no flags");
  return json_pack ("{s:o, s:s, s:o}", "item", assay_json_id (&item->id), "name", item->name, "flags", list);
}

/* All of them or, when one is not found, none. */
static gboolean
change (AssayInvocation *invocation, AssayStore *store, const GPtrArray *items, const char *set, const char *clear,
        const char *why, GError **error)
{
  g_auto (AssayTransaction) transaction = { 0 };
  if (set == NULL && clear == NULL)
    return TRUE;
  if (!assay_transaction_begin (&transaction, store, error))
    return FALSE;
  g_autoptr (AssayAnnotator) by = assay_invocation_annotator (invocation, store, error);
  if (by == NULL)
    return FALSE;
  for (guint i = 0; i < items->len; i++)
    {
      const AssayItem *item = items->pdata[i];
      if ((set != NULL && !assay_flag_set (store, item->row, set, TRUE, why, &by->id, NULL, error))
          || (clear != NULL && !assay_flag_set (store, item->row, clear, FALSE, NULL, &by->id, NULL, error)))
        return FALSE;
    }
  return assay_transaction_commit (&transaction, error);
}

static int
run (AssayInvocation *invocation, GError **error)
{
  g_autofree char *set = NULL, *clear = NULL, *why = NULL;
  const GOptionEntry entries[] = {
    { "set", 0, 0, G_OPTION_ARG_STRING, &set, NULL, NULL },
    { "clear", 0, 0, G_OPTION_ARG_STRING, &clear, NULL, NULL },
    { "why", 0, 0, G_OPTION_ARG_STRING, &why, NULL, NULL },
    { NULL },
  };
  if (!assay_invocation_parse (invocation, entries, error)
      || !assay_invocation_expect (invocation, 1, G_MAXINT, error))
    return 0;
  gboolean writes = set != NULL || clear != NULL;
  g_autoptr (AssayProject) project
      = assay_invocation_open (invocation, writes ? ASSAY_STORE_WRITE : ASSAY_STORE_READ, error);
  if (project == NULL)
    return 0;
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_item_free);
  for (int i = 1; i < invocation->argc; i++)
    {
      AssayItem *item = assay_item_find (project->store, invocation->argv[i], error);
      if (item == NULL)
        return 0;
      g_ptr_array_add (items, item);
    }
  if (!change (invocation, project->store, items, set, clear, why, error))
    return 0;
  g_autoptr (json_t) list = json_array ();
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < items->len; i++)
    {
      json_t *one = list_flags (project->store, items->pdata[i], text, error);
      if (one == NULL)
        return 0;
      json_array_append_new (list, one);
    }
  assay_invocation_answer (invocation, json_pack ("{s:O}", "items", list), text->str);
  return 0;
}

const AssayCommand assay_command_flag = {
  .id = "flag",
  .form = "flag ITEM… [--set FLAG [--why TEXT]] [--clear FLAG]",
  .help = "says of items as a whole that they are bad, blurred, hard …, or shows what was said",
  .more
  = "Flags: bad, blurred, duplicate, withdrawn, note, discuss, hard, mined, gold. Nothing is deleted, and --clear takes one "
    "back.\n"
    "A bad or withdrawn item is not handed out, does not count towards the plan, and is in no version from then "
    "on; a blurred\n"
    "or duplicate one only does not count. A gold one, once it is settled, is mixed into the queues unseen, by the share"
    " \"gold\"\n"
    "of the plan, to hold each annotator's answers against one that is known.",
  .run = run,
};
