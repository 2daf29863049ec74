/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/tile-marks.h - the marks of a picture, found by place: a tile looks only at what touches it. What is
 * known of a mask (its box, where its columns begin) is kept for as long as the mask is there, so that an edit
 * costs what it changed. Main thread. */
#include "app/gui/marks-draw.h"

G_BEGIN_DECLS

typedef struct _AssayMarksIndex AssayMarksIndex;

AssayMarksIndex *assay_marks_index_new (AssayMarks *take_marks);
void assay_marks_index_free (AssayMarksIndex *index);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayMarksIndex, assay_marks_index_free)
/* The same picture's marks after an edit. */
void assay_marks_index_set (AssayMarksIndex *index, AssayMarks *take_marks);

const AssayMark *assay_marks_index_get (const AssayMarksIndex *index, guint number);
/* In image pixels; w < 0 = nothing to draw. */
AssayRect assay_marks_index_get_box (const AssayMarksIndex *index, guint number);
/* How far the longest words reach over their mark's box, in drawing units; 0 = there are none. */
double assay_marks_index_get_words_reach (const AssayMarksIndex *index);
/* Numbers (guint, ascending: z-order) of the marks whose boxes may touch `box` of the image: those that do, and
 * some that stand near it. Borrowed until the next call. */
const GArray *assay_marks_index_find (AssayMarksIndex *index, AssayRect box);

/* Where the pixels of a column of a mask begin: in which run, and how many pixels of the mask stand before that
 * run. */
typedef struct
{
  guint32 run, before;
} AssayColumnStart;
/* Of the mask's columns from its box's left to its right. Borrowed until the next assay_marks_index_set. */
const AssayColumnStart *assay_marks_index_get_columns (AssayMarksIndex *index, guint number);

G_END_DECLS
