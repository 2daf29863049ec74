/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/guideline.h - the example pictures of a task's written guideline: kept with the project, like any media, so that
 * they are there wherever the project goes. Store's thread. */
#include "core/project.h"

G_BEGIN_DECLS

/* ![text](path "title"): all borrowed from the markdown; half-open. */
typedef struct
{
  const char *begin, *end; /* of all of it */
  const char *text, *text_end;
  const char *path, *path_end; /* without the title, and without < > */
} AssayGuidelinePicture;
/* The next one from here on; FALSE = there is none. Any thread. */
gboolean assay_guideline_find_picture (const char *markdown, AssayGuidelinePicture *ret_picture);

/* `markdown` with its pictures brought into media/ and named by their path there; `base` is the directory that their
 * relative paths start from. What names a file of the project's media/ already, or of the web, stays. A picture that is not there
 * is NOT_FOUND, something else than a picture BAD_DATA; nothing is written then but pictures before it. */
char *assay_guideline_keep_pictures (AssayProject *project, const char *markdown, const char *base, GError **error);

G_END_DECLS
