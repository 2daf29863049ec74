/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/take-box.h - how something is taken: the form, stills or bursts or a film or a voice, the look before it,
 * and the one button that takes, records and stops.
 *
 * Signal "finished" (const json_t *report, const char *trouble): a recording is over that somebody began and ended;
 * both nullable. Stills belong to one session as long as the form stays the same; changing it begins another, and
 * nothing is said. Main thread. */
#include "app/gui/desk.h"
#include "app/gui/studio.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_TAKE_BOX (assay_take_box_get_type ())
G_DECLARE_FINAL_TYPE (AssayTakeBox, assay_take_box, ASSAY, TAKE_BOX, GtkWidget)

void assay_take_box_set_desk (AssayTakeBox *box, AssayDesk *desk);
void assay_take_box_set_studio (AssayTakeBox *box, AssayStudio *studio); /* NULL: closed */
/* Looks at the sensors and the disk now and then while it is seen. */
void assay_take_box_set_shown (AssayTakeBox *box, gboolean shown);
/* A sensor was switched, or changed. */
void assay_take_box_update (AssayTakeBox *box);
/* "still", "burst", "every", "video", "voice"; a recording under way keeps its own. */
void assay_take_box_choose_mode (AssayTakeBox *box, const char *name);
/* Signal "changed" when it does. */
gboolean assay_take_box_can_go (AssayTakeBox *box);
/* What Space does: takes, or begins to record, or ends it. FALSE: it cannot. */
gboolean assay_take_box_go (AssayTakeBox *box);
/* The same, once more, instead of the last take. */
void assay_take_box_repeat (AssayTakeBox *box);
/* How many stills in a row are one take. */
guint assay_take_box_get_burst (AssayTakeBox *box);
/* The last take is not yet safe on the disk. */
gboolean assay_take_box_is_busy (AssayTakeBox *box);

G_END_DECLS
