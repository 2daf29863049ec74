/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/salvage-private.h - what salvage.c and salvage-media.c share, and nobody else. */
#include "core/salvage.h"

G_BEGIN_DECLS

/* `made`: a project of its own, with the damaged database attached to it as `other`. Rows of media that could not
 * be read are made again from the index over their hashes, a table of its own, and from the files themselves. */
gboolean assay_salvage_find_media (AssayProject *made, GError **error);
/* Media of `made` whose files are there with the right size are media of the project: not copied onto themselves.
 */
gboolean assay_salvage_record_media (AssayProject *project, AssayProject *made, GError **error);

G_END_DECLS
