/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* annotate/underway.h - the pixels of a stroke under way, shown as they will be: what neighbours keep is left out,
 * and what is painted as unsure is shown alone. What brushes share. Main thread. */
#include "annotate/aim.h"

G_BEGIN_DECLS

typedef struct
{
  AssayId object;      /* nil = a new one */
  gboolean unsure;     /* it is about what the object is unsure of */
  AssayMask *base;     /* what the object had when the stroke began */
  AssayPaint *live;    /* (nullable) what it has now; NULL = nothing is under way */
  AssayPaint *touched; /* what the stroke goes over: whatever paints, paints it here and in `live` */
  AssayPaint *limit;   /* (nullable) what neighbours leave of it */
} AssayUnderway;

/* The stroke's own pixels are kept beside the object's: neighbours lose what it went over, not what was there
 * before. */
void assay_underway_begin (AssayUnderway *underway, const AssayAim *aim, const AssayScene *scene);
void assay_underway_clear (AssayUnderway *underway);
gboolean assay_underway_get_live (const AssayUnderway *underway, AssayLive *ret_live);

G_END_DECLS
