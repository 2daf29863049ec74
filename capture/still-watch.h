/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* capture/still-watch.h - whether a still is blurred, or shows once more what one shortly before showed.
 *
 * Compared with the last 20 stills of the same camera and session: blurred when its sharpness is below 0.35 of
 * their median (from the sixth on); a duplicate when its dhash differs in at most 2 of 64 bits from one of them,
 * and its mean and sharpness by less than a tenth (core/picture-measure.h). So nothing depends on the scene, and a
 * series of something that stands still counts once. */
#include "core/picture-measure.h"

#include <jansson.h>

G_BEGIN_DECLS

typedef struct
{
  double mean, under, over, sharpness;
  guint64 hash;   /* dhash */
  guint64 number; /* the watch's: which still of the session it is, from 0 */
} AssayStillLook;

/* Any thread. */
void assay_still_look (const AssayPicture *picture, AssayStillLook *ret_look);
/* {mean, under, over, sharpness, dhash}: new reference. */
json_t *assay_still_look_to_json (const AssayStillLook *look);

#define ASSAY_STILL_WINDOW 20

/* Begins zeroed. One thread, in the order of taking. */
typedef struct
{
  AssayStillLook last[ASSAY_STILL_WINDOW];
  guint64 n, looked; /* kept in the window; seen */
} AssayStillWatch;

typedef struct
{
  gboolean blurred, duplicate;
  double usual_sharpness; /* of the last ones; NaN = too few */
  guint64 of;             /* duplicate: number of the still that it repeats, from 0 */
} AssayStillVerdict;

/* A duplicate is not taken into the window, so that something that stands still stays one. */
void assay_still_watch_judge (AssayStillWatch *watch, const AssayStillLook *look, AssayStillVerdict *ret_verdict);

G_END_DECLS
