/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/reading-sitting.h - one prompted reading (app/job-reading.h) with its microphone, opened and ended off
 * the main loop. Main thread. */
#include "app/job-reading.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a person chose; copied. */
typedef struct
{
  const char *project_directory;
  const char *words;  /* of the microphone, as assay_stream_open takes them */
  GPtrArray *prompts; /* of AssayPrompt; a reference is kept */
  AssayReadingPlan plan;
} AssaySittingWish;

typedef struct _AssaySitting AssaySitting;

/* Opens the microphone, waiting up to three seconds for whoever is still leaving it, and begins. */
void assay_sitting_begin (const AssaySittingWish *wish, GAsyncReadyCallback done, gpointer owner /* GObject */);
AssaySitting *assay_sitting_begin_finish (GAsyncResult *result, GError **error);
AssayReading *assay_sitting_get_reading (AssaySitting *sitting); /* borrowed, as the stream */
AssayStream *assay_sitting_get_stream (AssaySitting *sitting);

/* Ends the reading and leaves the microphone. `report` as assay_reading_finish gives it (new reference). */
void assay_sitting_end (AssaySitting *take_sitting, GAsyncReadyCallback done, gpointer owner);
json_t *assay_sitting_end_finish (GAsyncResult *result, char **ret_trouble, GError **error);
/* Ends it at once, without a report. NULL is fine. */
void assay_sitting_free (AssaySitting *sitting);

G_END_DECLS
