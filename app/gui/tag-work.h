/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/tag-work.h - what the tag grid asks of the database: the annotator's queue, what its items are, and what
 * is done to them (annotate/tag-many.h). Data of AssayDeskWork functions; made and freed on the main thread. */
#include "annotate/tag-many.h"
#include "core/label.h"
#include "core/project.h"

G_BEGIN_DECLS

typedef enum
{
  ASSAY_TAG_QUEUE, /* the next `n` of the queue, into `rows` */
  ASSAY_TAG_READ,  /* what `rows` are */
  ASSAY_TAG_GIVE,  /* `class_id` to `rows` */
  ASSAY_TAG_UNDO,
  ASSAY_TAG_REDO,
  ASSAY_TAG_SUBMIT, /* `rows`; those that were, into `done` */
  ASSAY_TAG_RECALL  /* `rows` */
} AssayTagJob;

typedef struct
{
  gint64 row;
  AssayItem *item;
  char *path;
  AssayLabelState state;
  GArray *tags; /* of AssayId */
} AssayTagFound;

/* What was done in a sitting, on the writer's thread: an undo means the gesture that is the last one when its turn
 * comes. Counted. */
typedef struct
{
  GPtrArray *gestures; /* of AssayTagGesture; the first n_done stand */
  guint n_done;
} AssayTagBook;
AssayTagBook *assay_tag_book_new (void);
void assay_tag_book_unref (AssayTagBook *book);

typedef struct
{
  AssayTagJob job;
  AssayTask *task;
  AssayAnnotator *annotator;
  GArray *rows; /* of gint64 */
  guint n;
  AssayId class_id;
  double seconds;
  AssayTagBook *book;   /* NULL for QUEUE and READ */
  char *name;           /* of the gesture; NULL = there was nothing to undo */
  guint n_kept;         /* GIVE: handed in already; UNDO, REDO: something else was done since; RECALL: taken back */
  guint n_undo, n_redo; /* afterwards */
  GArray *done;         /* SUBMIT */
  GPtrArray *found;     /* of AssayTagFound: READ, GIVE, UNDO, REDO: the rows as they are now */
  gboolean is_whole;    /* QUEUE: there is no more */
  char *end;            /* QUEUE: why it is empty */
} AssayTagWork;

/* Takes `rows` (nullable); `book` as above. */
AssayTagWork *assay_tag_work_new (AssayTagJob job, const AssayTask *task, const AssayAnnotator *annotator,
                                  AssayTagBook *book, GArray *take_rows);
void assay_tag_work_free (gpointer work);
/* An AssayDeskWork. QUEUE and READ need nothing but reading. */
gboolean assay_tag_work_run (AssayProject *project, gpointer work, GError **error);

G_END_DECLS
