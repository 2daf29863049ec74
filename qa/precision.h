/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/precision.h - how often a check was right, by what people did about its findings.
 *
 * Wrong: dismissed; or settled by a reviewer with the very answer that it doubted. Right: the answer was sent back
 * or is another one now; or it was doubted alone and something else was settled; or it was one of several that
 * cannot all be right, and a reviewer chose; or what was doubted of the media was taken out of the project. What
 * nobody has decided counts neither way, and neither does what the plan's rule settled, nor a sentence over the
 * whole project. Store's thread. */
#include "qa/check.h"

G_BEGIN_DECLS

#define ASSAY_PRECISION_LEAST 10 /* decisions without which nothing is offered */
#define ASSAY_PRECISION_LOW 0.2  /* below it a check may go quiet */

typedef struct
{
  const AssayCheck *check;
  guint right, wrong;
  double share, low, high; /* right / decided, and its 95 % interval; NaN, 0 and 1 when nothing was decided */
  gboolean quiet;          /* the plan says so */
  gboolean offer;          /* to make it quiet */
} AssayPrecision;

GArray *assay_precision_list (AssayStore *store,
                              GError **error); /* of AssayPrecision: every check, in their order */
json_t *assay_precision_to_json (const AssayPrecision *precision);

/* Says it in the plan, in somebody's name; nothing when it says so already. What a check said goes when it falls quiet. */
gboolean assay_precision_set_quiet (AssayStore *store, const AssayCheck *check, gboolean quiet, const AssayId *by,
                                    GError **error);

G_END_DECLS
