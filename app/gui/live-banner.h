/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/live-banner.h - the state of a recording in letters that can be read from four metres: one huge line that
 * always fits, and the reason below it. Main thread. */
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_LIVE_BANNER (assay_live_banner_get_type ())
G_DECLARE_FINAL_TYPE (AssayLiveBanner, assay_live_banner, ASSAY, LIVE_BANNER, GtkWidget)

typedef enum
{
  ASSAY_BANNER_NONE,
  ASSAY_BANNER_RECORDING, /* red */
  ASSAY_BANNER_TROUBLE,   /* amber */
  ASSAY_BANNER_DONE       /* green */
} AssayBannerState;
const char *assay_banner_state_to_class (AssayBannerState state); /* its style class; NULL for NONE */

GtkWidget *assay_live_banner_new (void);
/* `reason` is nullable. NONE hides it. */
void assay_live_banner_set (AssayLiveBanner *banner, AssayBannerState state, const char *line, const char *reason);
AssayBannerState assay_live_banner_get_state (AssayLiveBanner *banner);

G_END_DECLS
