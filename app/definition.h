/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/definition.h - what a number means: the sections of doc/METRICS.md, carried in the program. Any thread. */
#include <glib.h>

G_BEGIN_DECLS

/* Markdown below the heading of this title, without it, up to the next of its rank. NULL = there is none. */
char *assay_definition_dup (const char *title);

G_END_DECLS
