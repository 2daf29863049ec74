/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* capture/rate-cause.h - why a camera gives fewer frames a second than it was asked for. Any thread. */
#include "capture/source.h"

G_BEGIN_DECLS

#define ASSAY_RATE_SLOW 0.95 /* of the rate that was asked for: less is told */

typedef struct
{
  double wanted_fps;   /* asked for; 0 = nothing was: the rate that the driver promised is meant */
  double got_fps;      /* as the driver answered; 0 = not said */
  double measured_fps; /* over some seconds, frames that were lost on the way included; 0 = none came yet */
  const AssayStreamFormat *format;
  double usb_mbit_per_s;  /* of the port; 0 = no USB, or not known */
  const json_t *controls; /* as list_controls gives them (nullable) */
} AssayRate;

/* One sentence with its remedy; NULL when the rate is well. Free it. In this order: the driver promised less;
 * automatic exposure may lengthen itself; the exposure is longer than a period; the bus is too slow; none of these.
 */
char *assay_rate_dup_cause (const AssayRate *rate);

G_END_DECLS
