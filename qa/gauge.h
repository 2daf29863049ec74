/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/gauge.h - what agreement tells of one kind of label beside the kind's own figures (core/kind.h): what costs
 * more, or needs the item, the class or the model. A registry: qa/gauge-*.c, one word each in qa/meson.build; the
 * word is file name, C symbol (assay_gauge_WORD) and the kind's id. A kind without one has its own figures alone.
 *
 * Figures are symmetric: nobody is the truth. Measuring: any thread. */
#include "qa/check.h"
#include "qa/class-table.h"
#include "qa/compare.h"
#include "qa/figure.h"

G_BEGIN_DECLS

typedef struct
{
  const char *id;
  const AssayMeasureDef *measures; /* all that it adds, in the order they are told; ends with name NULL */
  /* What is loaded once for all threads: the models of a pose task. Both, or none. */
  gpointer (*begin) (AssayProject *project, const AssayTask *task, GError **error);
  void (*end) (gpointer loaded);
  /* A matched pair of objects; what it adds counts for the classes of both, too. */
  void (*measure) (gconstpointer loaded, const AssayLook *look, const AssayPairing *pairing, GArray *figures);
  /* Two answers as wholes. */
  void (*measure_whole) (gconstpointer loaded, const AssayLook *look, const AssayObjects *a, const AssayObjects *b,
                         GArray *figures);
  /* The pixels of one object, for pixel-wise agreement: new; `ret_unsure` (new, may stay NULL) are left out. */
  AssayMask *(*cover) (const AssayLook *look, const AssayObject *object, AssayMask **ret_unsure);
} AssayGauge;

const AssayGauge *assay_gauge_find (const AssayKind *kind); /* (nullable) */
const AssayGauge *const *assay_gauge_list (guint *ret_n);

/* Every pixel of the picture by the class that either gives it (AssayClassCount; what lies on top counts, "nothing"
 * is one more class), less what either is unsure of. FALSE: the kind covers no pixels, or they are of another
 * picture. */
gboolean assay_gauge_count_pixels (const AssayGauge *gauge, const AssayLook *look, const AssayObjects *a,
                                   const AssayObjects *b, GArray *counts);

G_END_DECLS
