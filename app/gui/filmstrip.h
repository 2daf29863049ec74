/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/filmstrip.h - the last takes as a row of thumbnails, with what is said of each, and the marks: bad, a
 * note. Nothing is deleted.
 *
 * Signals: "repeat": the last take was marked bad and is to be taken again; "opened" (const AssayId *session, gint64
 * item_row): somebody chose one; 0 = a film of which no frame is an item. Main thread. */
#include "app/gui/desk.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_FILMSTRIP (assay_filmstrip_get_type ())
G_DECLARE_FINAL_TYPE (AssayFilmstrip, assay_filmstrip, ASSAY, FILMSTRIP, GtkWidget)

void assay_filmstrip_set_desk (AssayFilmstrip *strip, AssayDesk *desk);
void assay_filmstrip_set_shown (AssayFilmstrip *strip, gboolean shown);
/* How many stills in a row are one take: those of a burst. */
void assay_filmstrip_set_burst (AssayFilmstrip *strip, guint n);
/* Marks the last take bad, or takes that back. */
void assay_filmstrip_mark_bad (AssayFilmstrip *strip);
/* Takes "bad" back of the items ("ax": their rows) that an action of this page ("page.count-again") was offered for. */
void assay_filmstrip_count_again (AssayFilmstrip *strip, GVariant *rows);
void assay_filmstrip_repeat (AssayFilmstrip *strip);
/* Asks for a note about the last take. */
void assay_filmstrip_ask_note (AssayFilmstrip *strip);

G_END_DECLS
