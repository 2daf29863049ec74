/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/state-dot.h - the state of a label as a sign of 12 pixels: told apart by shape, helped by colour.
 *
 * todo: empty ring · draft: half a disc · submitted: a disc · sent back: a triangle · settled: a tick · skipped: a
 * dash. */
#include "core/label.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_STATE_DOT (assay_state_dot_get_type ())
G_DECLARE_FINAL_TYPE (AssayStateDot, assay_state_dot, ASSAY, STATE_DOT, GtkWidget)

GtkWidget *assay_state_dot_new (void);
void assay_state_dot_set_state (AssayStateDot *dot, AssayLabelState state);

G_END_DECLS
