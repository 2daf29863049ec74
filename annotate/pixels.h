/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* annotate/pixels.h - the one door by which tools put pixels into the draft: whose they become, what neighbours
 * keep, and what undo calls it. Segmentation only. Main thread. */
#include "annotate/tool.h"

G_BEGIN_DECLS

/* What becomes of the pixels of others. The option "neighbours" of every tool that paints. */
typedef enum
{
  ASSAY_NEIGHBOURS_OVERLAP, /* both have them */
  ASSAY_NEIGHBOURS_CUT,     /* they lose them, but for what is locked, which keeps them alone */
  ASSAY_NEIGHBOURS_UNDER,   /* they keep them alone: only what is nobody's is painted */
  ASSAY_NEIGHBOURS_OVER,    /* they keep them too, and only what is theirs is painted */
} AssayNeighbours;
#define ASSAY_OPTION_NEIGHBOURS "neighbours"
extern const char *const assay_neighbours_words[];
/* What is painted: the object, or where nobody can tell (core/region.h). The option "paints" of the same tools. */
#define ASSAY_OPTION_PAINTS "paints"
extern const char *const assay_paints_words[];
gboolean assay_scene_paints_unsure (const AssayScene *scene);
#define ASSAY_PAINTS_OPTION                                                                                        \
  {                                                                                                                \
    .name = ASSAY_OPTION_PAINTS, .type = ASSAY_OPTION_CHOICE, .default_text = "object",                            \
    .choices = assay_paints_words, .title = "Paints",                                                              \
    .help = "object: its pixels; unsure: where nobody can tell whether it is the object, which agreement leaves "  \
            "out"                                                                                                  \
  }
/* The rows of both in a tool's options. */
#define ASSAY_NEIGHBOURS_OPTION                                                                                    \
  {                                                                                                                \
    .name = ASSAY_OPTION_NEIGHBOURS, .type = ASSAY_OPTION_CHOICE, .default_text = "overlap",                       \
    .choices = assay_neighbours_words, .title = "Neighbours",                                                      \
    .help = "overlap: neighbours keep what is painted over them; cut: they lose it; under: only what is nobody's " \
            "is painted; over: only what is theirs",                                                               \
  },                                                                                                               \
  ASSAY_PAINTS_OPTION
AssayNeighbours assay_scene_get_neighbours (const AssayScene *scene);

/* A task of classes without instances: one object a class, and every pixel in one class at most. `rules.semantic`.
 */
gboolean assay_task_is_semantic (const AssayTask *task);

typedef enum
{
  ASSAY_PIXELS_ADD,
  ASSAY_PIXELS_REMOVE,
  ASSAY_PIXELS_REPLACE
} AssayPixelsMode;

/* Where a stroke goes: the selected object when it is to be gone on with; of a semantic task the current class's
 * one; NULL = a new object of the current class. */
const AssayObject *assay_scene_get_target (const AssayScene *scene, gboolean into_selected);

/* What `object` (NULL: a new one) becomes by assay_pixels_edit, for showing it before. */
AssayMask *assay_pixels_reckon (const AssayScene *scene, const AssayObject *object, const AssayMask *pixels,
                                AssayPixelsMode mode);
/* What a stroke added to `object` (NULL: a new one) may touch, so that it is shown as it will be: only what the paint
 * has (or, not `ret_inside`, has not). NULL = everything. */
AssayPaint *assay_pixels_new_limit (const AssayScene *scene, const AssayObject *object, gboolean *ret_inside);

/* One gesture's edit: `pixels` into, out of or in place of `object` (NULL: a new one of the current class, which is
 * selected by the answer), by the option "neighbours". An object that loses its last pixel goes. `verb` begins the
 * edit's name: "brush 24 px" gives "brush 24 px on cup-3". Rings are dropped: pixels are the truth. NULL when
 * nothing changes, and the answer's hint says why; a locked object is not changed. */
AssayEdit *assay_pixels_edit (const AssayScene *scene, const char *verb, const AssayObject *object,
                              const AssayMask *pixels, AssayPixelsMode mode, AssayAnswer *answer);
/* The same for what the object is unsure of: its own pixels, and the neighbours, stay as they are. ADD or REMOVE. */
AssayEdit *assay_pixels_unsure_edit (const AssayScene *scene, const char *verb, const AssayObject *object,
                                     const AssayMask *pixels, AssayPixelsMode mode, AssayAnswer *answer);

G_END_DECLS
