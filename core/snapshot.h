/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/snapshot.h - what the files behind core/version.h share: manifests and their trees. For core/ alone. */
#include "core/row.h"

G_BEGIN_DECLS

/* The manifest of a version (64 hex digits), checked against its hash. */
json_t *assay_manifest_load (AssayProject *project, const char *version, GError **error);
gboolean assay_manifest_get_tree (const json_t *manifest, AssayTree *ret_tree, GError **error);

G_END_DECLS
