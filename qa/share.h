/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/share.h - so many of so many, and how far that can be trusted. Any thread. */
#include <glib.h>

G_BEGIN_DECLS

#define ASSAY_SHARE_Z 1.959963984540054 /* of 95 % */

/* Wilson's interval (1927) at 95 %: never outside 0 to 1, and never of no width. n = 0: 0 to 1. */
void assay_share_interval (guint64 k, guint64 n, double *ret_low, double *ret_high);
/* The same of a share that was weighed, and of the n it is worth: neither need be whole. NaN on both sides when n is
 * not above 0 or the share is no number. */
void assay_share_interval_of (double share, double n, double *ret_low, double *ret_high);

G_END_DECLS
