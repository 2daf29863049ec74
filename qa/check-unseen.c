/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An object where a model sees nothing at all. Models miss more than people make up, so it is a note. */
#include "qa/difference.h"
#include "qa/lab-look.h"

#include <math.h>

extern const AssayCheck assay_check_unseen;

static void
judge (const AssayLabPair *pair, GPtrArray *findings)
{
  const GPtrArray *objects = pair->label->objects->list;
  double sure = assay_lab_confidence (pair->prediction);
  for (guint i = 0; pair->prediction->objects->list->len > 0 && i < objects->len; i++)
    {
      const AssayObject *object = objects->pdata[i];
      if (assay_lab_overlaps (pair->look->task, object, pair->prediction->objects))
        continue;
      char *why = g_strdup_printf ("%s has a %s here, and %s sees nothing in this place", pair->annotator->name,
                                   assay_object_class_name (object, pair->look->task), pair->model->name);
      AssayFinding *finding = assay_lab_flag (pair, &assay_check_unseen, sure, object, why);
      finding->severity = ASSAY_SEVERITY_NOTE;
      g_ptr_array_add (findings, finding);
    }
}

static void
look_at (gpointer state, const AssayLook *look, GPtrArray *findings)
{
  assay_lab_each (look, judge, findings);
}

const AssayCheck assay_check_unseen = {
  .id = "unseen",
  .title = "Not there, says a model",
  .help = "an object where a model that sees others in the picture sees nothing: made up, or missed by the model",
  .version = 1,
  .scope = ASSAY_SCOPE_OBJECT,
  .beside = ASSAY_BESIDE_MODELS,
  .kinds = assay_lab_kinds,
  .look = look_at,
};
