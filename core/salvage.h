/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/salvage.h - what a damaged database can still tell, brought into a sound one. Same thread as the project.
 *
 * Every table of what people and devices said is read in ranges of rows, which are halved where one cannot be read,
 * so that damage costs the rows that lay on the damaged pages. What was read is then merged as another desk's
 * (core/project.h): what belongs to nothing any more does not come over, and what is known is not doubled. */
#include "core/project.h"

G_BEGIN_DECLS

/* `database`: the damaged file, with its log beside it; it is only read. `take_identity`: the project, made anew,
 * takes the damaged one's id, name and the salt of its splits when they can be read; open it again after that.
 * Media are believed when a file of that name and size is there. `ret_n_nameless`:
 * items of which only the id is left, and which the project does not know: once their recordings or a folder have
 * brought them back, doing it again gives them their labels. BAD_DATA when not even the tables can be found. */
gboolean assay_project_salvage (AssayProject *project, const char *database, gboolean take_identity,
                                AssayMergeCounts *ret_counts, guint *ret_n_nameless, AssayProgress *progress,
                                GError **error);

G_END_DECLS
