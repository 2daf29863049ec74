/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/prompt.h - a script of sentences to be read aloud: a text file, one a line, "TEXT" or "ID<TAB>TEXT". Any
 * thread. */
#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  char *id;   /* as the script has it, else the number of its line: "0007" */
  char *text; /* UTF-8, NFC, no white space at its ends */
} AssayPrompt;

void assay_prompt_free (AssayPrompt *prompt);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayPrompt, assay_prompt_free)
/* Of AssayPrompt. Empty lines are left out. BAD_DATA names the line that is no UTF-8, has an id twice, or an id and
 * nothing to read, and the file without any sentence. */
GPtrArray *assay_prompts_parse (const char *text, gsize n_bytes, const char *path, GError **error);
GPtrArray *assay_prompts_load (const char *path, GError **error);

G_END_DECLS
