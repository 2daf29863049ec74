/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/share.h - so many of so many, and how far that can be trusted. Any thread. */
#include <glib.h>

G_BEGIN_DECLS

/* Wilson's interval (1927) at 95 %: never outside 0 to 1, and never of no width. n = 0: 0 to 1. */
void assay_share_interval (guint64 k, guint64 n, double *ret_low, double *ret_high);

G_END_DECLS
