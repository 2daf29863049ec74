/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/salvage-private.h - what salvage.c and salvage-media.c share, and nobody else. */
#include "core/salvage.h"

G_BEGIN_DECLS

/* `made`: a project of its own, with the damaged database attached to it as `other`. Rows of media that could not
 * be read are made again from the index over their hashes, a table of its own, and from the files themselves. */
gboolean assay_salvage_find_media (AssayProject *made, GError **error);
/* The same of items: the index tells their ids, and one that the project knows, as its recording or a folder
 * brought it back, is what labels and flags hang on. `ret_n_nameless`: those that it does not know (yet). */
gboolean assay_salvage_find_items (AssayProject *project, AssayProject *made, guint *ret_n_nameless,
                                   GError **error);
/* Media of `made` whose files are there with the right size are media of the project: not copied onto themselves.
 */
gboolean assay_salvage_record_media (AssayProject *project, AssayProject *made, GError **error);

G_END_DECLS
