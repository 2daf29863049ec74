/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/guideline-text.h - a guideline's Markdown as blocks that labels and pictures can show. Known: headings,
 * lists, quotes, rules, fenced code; bold, italic, code, links; pictures. Anything else is text as it stands. Any
 * thread. */
#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  ASSAY_BLOCK_TEXT,    /* a paragraph */
  ASSAY_BLOCK_HEADING, /* `level` 1 to 6 */
  ASSAY_BLOCK_ITEM,    /* of a list: `level` 0 = outermost, `bullet` "•" or "3." */
  ASSAY_BLOCK_QUOTE,
  ASSAY_BLOCK_CODE,
  ASSAY_BLOCK_RULE,
  ASSAY_BLOCK_PICTURE /* `path` as written, `markup` is what stands for it */
} AssayBlockKind;

typedef struct
{
  AssayBlockKind kind;
  guint level;
  char *bullet, *markup, *path; /* Pango markup, valid whatever was written */
} AssayBlock;
void assay_block_free (AssayBlock *block);

GPtrArray *assay_guideline_parse (const char *markdown); /* of AssayBlock */

G_END_DECLS
