/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* annotate/hearing.h - where a sound plays from: what every tool for sounds does with the cursor. Main thread. */
#include "annotate/tool.h"

G_BEGIN_DECLS

/* Within the item; drawn again. */
void assay_answer_move_cursor (AssayAnswer *answer, const AssayScene *scene, gint64 to_sample);
/* A press of the main button puts the cursor there; , . < > step it. TRUE = it was one of these. */
gboolean assay_hearing_input (const AssayScene *scene, const AssayInput *input, AssayAnswer *answer);

G_END_DECLS
