/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/command.h"
#include "core/tally.h"

static gint64
count_answers (const GArray *tally, gint64 annotator_row)
{
  gint64 n = 0;
  for (guint i = 0; i < tally->len; i++)
    {
      const AssayTally *one = &g_array_index (tally, AssayTally, i);
      if (one->annotator_row == annotator_row && one->task_row != 0 && one->is_answers)
        n += one->n;
    }
  return n;
}

static int
run (AssayInvocation *invocation, GError **error)
{
  if (!assay_invocation_parse (invocation, NULL, error) || !assay_invocation_expect (invocation, 0, 0, error))
    return 0;
  g_autoptr (AssayProject) project = assay_invocation_open (invocation, ASSAY_STORE_READ, error);
  g_autoptr (GPtrArray) annotators = project != NULL ? assay_annotator_list (project->store, error) : NULL;
  g_autoptr (GArray) tally = annotators != NULL ? assay_tally_list (project->store, 0, error) : NULL;
  if (tally == NULL)
    return 0;
  g_autoptr (GString) text = g_string_new (NULL);
  json_t *list = json_array ();
  for (guint i = 0; i < annotators->len; i++)
    {
      const AssayAnnotator *annotator = annotators->pdata[i];
      gint64 n = count_answers (tally, annotator->row);
      json_array_append_new (
          list, json_pack ("{s:s, s:o, s:s, s:I}", "name", annotator->name, "id", assay_json_id (&annotator->id),
                           "kind", assay_annotator_kind_to_text (annotator->kind), "labels", (json_int_t) n));
      g_string_append_printf (text, "%s (%s): %" G_GINT64_FORMAT " labels\n", annotator->name,
                              assay_annotator_kind_to_text (annotator->kind), n);
    }
  if (annotators->len == 0)
    g_string_append (text, "nobody has worked here yet");
  assay_invocation_answer (invocation, list, text->str);
  return 0;
}

const AssayCommand assay_command_annotators = {
  .id = "annotators",
  .form = "annotators",
  .help = "lists who has labelled: people, models, stated means, the consensus",
  .more = "Two desks that use one name have two annotators of that name, told apart by id. --json gives [{name,"
          " id, kind, labels}].",
  .run = run,
};
