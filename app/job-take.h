/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/job-take.h - the last takes of a project: stills of one instant, or all that a film or a voice gave, whether
 * items were made of it or not. Off the main thread, with a project of that thread. */
#include "core/item.h"
#include "core/project.h"
#include "core/session-time.h"

G_BEGIN_DECLS

/* A closed film of a recording, "camera-1-0001.mkv". */
typedef struct
{
  AssayItem *first; /* its first frame, as if that were an item: of no row, `end` is 0, `time` by its stamp, less
                       what was measured */
  char *path;       /* its media */
} AssayTakeFilm;

typedef struct
{
  AssayId session;
  GPtrArray
      *films; /* of AssayTakeFilm, camera by camera, in order; none of stills, and while it is being recorded */
  GPtrArray *
      items; /* of AssayItem, in the order of adding: one a camera and instant, drawn frames, sound files; each with
                its `time` on the common line of the session; empty of a film alone of which nothing was drawn */
  GPtrArray *paths; /* of char *: their media */
  GPtrArray *flags; /* of char *: what is said of any of them, each once: "bad", "blurred", "duplicate", "note" … */
  char *note;       /* (nullable) the last one */
} AssayTake;
void assay_take_free (AssayTake *take);

/* The last `most` takes, newest first: of AssayTake. READ is enough. */
GPtrArray *assay_take_list (AssayProject *project, guint most, GError **error);

/* The sample of a sound of the take that was heard when a picture of it was taken: indexes into `items`. */
gint64 assay_take_find_sample (const AssayTake *take, guint sound, guint picture);
/* The last of `pictures` (of guint: indexes of the take's items, by time) that this camera had taken when the
 * sample was heard; its first one before that. -1 when it took none. An index into `pictures`. */
int assay_take_find_picture (const AssayTake *take, guint sound, gint64 sample, const AssayId *camera,
                             const GPtrArray *pictures);

/* Says a flag of the last take, or takes it back; with `n` stills of one burst (1 else). `toggles`: takes it back
 * when it stands on all of them. `ret_stands` says what came of it, `ret_rows` (nullable) of which items, those that
 * said so already left out: of gint64. NOT_FOUND when nothing was recorded, or when it is a film without an item that
 * could say it. */
gboolean assay_take_flag_last (AssayProject *project, guint n, const char *flag, const char *why, gboolean toggles,
                               const AssayId *by_annotator, gboolean *ret_stands, GArray **ret_rows, GError **error);
/* Says it of these items, or takes it back: all or none. */
gboolean assay_take_flag (AssayProject *project, const GArray *rows, const char *flag, gboolean stands, const char *why,
                          const AssayId *by_annotator, GError **error);

G_END_DECLS
