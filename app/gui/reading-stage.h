/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/reading-stage.h - a script read aloud, as the reader sees it: the sentence, the level, what the check
 * says of the take; Space records and stops, L listens, R reads again, Return takes it, S skips. Looks at the
 * reading on the frame clock. Signal "over" (): every sentence was settled, or nothing more can be read. Main
 * thread. */
#include "app/job-reading.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_READING_STAGE (assay_reading_stage_get_type ())
G_DECLARE_FINAL_TYPE (AssayReadingStage, assay_reading_stage, ASSAY, READING_STAGE, GtkWidget)

/* Both borrowed until the next call, (nullable). */
void assay_reading_stage_set_reading (AssayReadingStage *stage, AssayReading *reading, AssayStream *stream,
                                      GPtrArray *prompts);

G_END_DECLS
