/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/kept-file.h - key files of this person, $XDG_CONFIG_HOME/assay/NAME. Every window is a process of its own and
 * writes the same ones: so each change is made on what the file says at that moment, and holds no more than what was
 * changed. Main thread. */
#include <glib.h>

G_BEGIN_DECLS

/* As it is now; empty where there is none. */
GKeyFile *assay_kept_file_load (const char *name);
/* Temp, rename. A home that cannot be written only means that nothing is remembered. */
void assay_kept_file_save (GKeyFile *file, const char *name);

/* "PREFIX NAME" as the name of a group, whatever the name is made of; and back, NULL when it is none of that prefix. */
char *assay_kept_file_dup_group (const char *prefix, const char *name);
char *assay_kept_file_dup_name (const char *prefix, const char *group);

/* Writes what differs in one group between `before` and `now`: set, changed or gone. */
void assay_kept_file_merge (GKeyFile *file, const char *group, GKeyFile *before, GKeyFile *now);

G_END_DECLS
