/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/guideline.h - the example pictures of a task's written guideline: kept with the project, like any media, so that
 * they are there wherever the project goes. Store's thread. */
#include "core/project.h"

G_BEGIN_DECLS

/* `markdown` with its pictures brought into media/ and named by their path there; `base` is the directory that their
 * relative paths start from. What names something in media/ already, or on the web, stays. A picture that is not there
 * is NOT_FOUND, something else than a picture BAD_DATA; nothing is written then but pictures before it. */
char *assay_guideline_keep_pictures (AssayProject *project, const char *markdown, const char *base, GError **error);

G_END_DECLS
