/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/desk-waits.h - what has to be over before a project is closed: its threads, its jobs, devices that take a while
 * to let go of. For desk.c only. Main thread but for assay_waits_wait. */
#include "app/gui/desk.h"

G_BEGIN_DECLS

typedef struct _AssayWaits AssayWaits;
AssayWaits *assay_waits_new (void);
void assay_waits_free (AssayWaits *waits);
/* As assay_desk_wait_for, assay_desk_let_go, assay_desk_get_awaited. */
void assay_waits_add (AssayWaits *waits, const char *what, AssayDeskWait wait, gpointer data,
                      GDestroyNotify free_data);
void assay_waits_let_go (AssayWaits *waits, const char *what, gpointer data, GDestroyNotify free_data);
const char *assay_waits_get_what (AssayWaits *waits);
/* Blocks until each has come, in order; nothing is added meanwhile. Any thread. The first that goes wrong is told; the
 * others are waited for all the same. */
gboolean assay_waits_wait (AssayWaits *waits, GError **error);
/* Frees what was waited for. */
void assay_waits_clear (AssayWaits *waits);

G_END_DECLS
