/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a program put into the draft (core/proposal.h) is accepted or rejected: of the selected objects, or all. */
#include "annotate/edits-private.h"
#include "core/proposal.h"

static AssayEdit *
decide (const AssayScene *scene, const GPtrArray *selected, gboolean accept, AssayAnswer *answer)
{
  const GPtrArray *objects = selected->len > 0 ? selected : scene->objects->list;
  g_autoptr (GPtrArray) proposed = g_ptr_array_new ();
  for (guint i = 0; i < objects->len; i++)
    if (assay_object_is_proposed (objects->pdata[i]))
      g_ptr_array_add (proposed, objects->pdata[i]);
  if (proposed->len == 0)
    {
      assay_answer_hint (answer, selected->len > 0 ? "nothing selected is a proposal" : "there is no proposal");
      return NULL;
    }
  AssayEdit *edit = assay_edit_new_on (scene, accept ? "accept" : "reject", proposed);
  for (guint i = 0; i < proposed->len; i++)
    {
      AssayObject *after = accept ? assay_object_copy (proposed->pdata[i], edit->kind) : NULL;
      if (after != NULL)
        assay_object_accept (after, FALSE);
      assay_edit_take (edit, assay_object_copy (proposed->pdata[i], edit->kind), after);
    }
  return edit;
}

AssayEdit *
assay_act_accept (const AssayScene *scene, const GPtrArray *objects, AssayAnswer *answer)
{
  return decide (scene, objects, TRUE, answer);
}

AssayEdit *
assay_act_reject (const AssayScene *scene, const GPtrArray *objects, AssayAnswer *answer)
{
  return decide (scene, objects, FALSE, answer);
}
