/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/proposal.h - objects that a program has put into a draft for a person to accept, correct or reject: copied
 * from the picture before, followed by optical flow, predicted by a model. Two attributes of the object say so:
 * "assisted", what made it, which stays, with "+corrected" when a person has changed it; and "proposed", which goes
 * when a person has decided. Any thread. */
#include "core/edit.h"

G_BEGIN_DECLS

/* `assisted`: "copied", "flow", "grabcut", a model's name. */
void assay_object_propose (AssayObject *object, const char *assisted);
gboolean assay_object_is_proposed (const AssayObject *object);
const char *assay_object_get_assisted (const AssayObject *object); /* (nullable) */
void assay_object_accept (AssayObject *object, gboolean corrected);

/* Proposals whose value an edit changes, accepted ones too, are corrected by it. Before it is applied. */
void assay_edit_correct_proposals (AssayEdit *edit);
/* What assisted any of the objects, each once: "copied, flow+corrected"; NULL = nothing. */
char *assay_objects_dup_assisted (const AssayObjects *objects);

G_END_DECLS
