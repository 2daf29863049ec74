/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/word-rows.h - transcripts word over word, in lines as wide as there is room; what differs is underlined,
 * coloured by its kind, and names the kind below. What a screen reader is told are the differences. Main thread. */
#include "qa/word-table.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_WORD_ROWS (assay_word_rows_get_type ())
G_DECLARE_FINAL_TYPE (AssayWordRows, assay_word_rows, ASSAY, WORD_ROWS, GtkWidget)

/* `names` and `colours` (0xRRGGBB): one a row; copied. NULL empties it. */
void assay_word_rows_show (AssayWordRows *rows, AssayWordTable *take_table, const char *const *names,
                           const guint32 *colours);
/* "1 word, 2 casing": what differs, by kind. */
char *assay_word_rows_dup_summary (const AssayWordTable *table);

G_END_DECLS
