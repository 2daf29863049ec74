/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/desk-watch.h - notices that something was committed to a project, by this process or by any other: asks
 * the database every 250 ms on a thread of its own, and at once when told that there may be something. For desk.c
 * only. */
#include <glib.h>

G_BEGIN_DECLS

typedef struct _AssayWatch AssayWatch;
/* `changed` is called on the main loop. */
AssayWatch *assay_watch_new (const char *directory, void (*changed) (gpointer data), gpointer data);
/* No callback comes from now on. */
void assay_watch_end (AssayWatch *watch);
/* Until its thread has ended; after assay_watch_end, on any thread. */
void assay_watch_join (AssayWatch *watch);
void assay_watch_free (AssayWatch *watch); /* joined */
void assay_watch_look_now (AssayWatch *watch); /* any thread */

G_END_DECLS
