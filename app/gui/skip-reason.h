/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/skip-reason.h - why an item is skipped: a few reasons by their digit, or one's own words. Signal "said"
 * (const char *). Main thread. */
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_SKIP_REASON (assay_skip_reason_get_type ())
G_DECLARE_FINAL_TYPE (AssaySkipReason, assay_skip_reason, ASSAY, SKIP_REASON, GtkPopover)

GtkWidget *assay_skip_reason_new (void);
void assay_skip_reason_ask (AssaySkipReason *popover);

G_END_DECLS
