/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/who-page.h - "Who is annotating?": asked the first time, and once a sitting where several people share a
 * login.
 *
 * Signal "said" (const char *name, gboolean shared_login). Main thread. */
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_WHO_PAGE (assay_who_page_get_type ())
G_DECLARE_FINAL_TYPE (AssayWhoPage, assay_who_page, ASSAY, WHO_PAGE, GtkWidget)

/* `annotators`: GPtrArray of AssayAnnotator, those of the project; the people among them are offered. */
void assay_who_page_ask (AssayWhoPage *page, const GPtrArray *annotators, gboolean shared_login);

G_END_DECLS
