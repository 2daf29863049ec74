/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/cli/command.h - one verb of `assay`. A registry: app/cli/cmd-WORD.c, one word each in app/cli/meson.build.
 *
 * run() returns the exit status 0 or 1 (done, and the answer is "no"). With `error` set the status is 2 for USAGE and 3
 * for everything else, and main prints `assay: MESSAGE` once. Only this folder prints. */
#include "core/annotator.h"
#include "core/error.h"
#include "core/json.h"
#include "core/progress.h"
#include "core/project.h"

G_BEGIN_DECLS

typedef struct {
  char *directory;         /* -C, else "." */
  gboolean json;           /* --json */
  char *annotator;         /* --annotator, else $ASSAY_ANNOTATOR, else the login name */
  int argc;                /* after assay_invocation_parse: argv[0] is the verb, then the words left over */
  char **argv;
  AssayProgress *progress; /* drawn on a terminal; Ctrl+C cancels it */
} AssayInvocation;

typedef struct {
  const char *id;   /* the verb */
  const char *form; /* "import PATH... [--format NAME]" */
  const char *help; /* one sentence */
  const char *more; /* (nullable) for `assay help VERB`: definitions, examples */
  int (*run) (AssayInvocation *invocation, GError **error);
} AssayCommand;

extern const AssayCommand *const assay_commands[]; /* ends with NULL */

/* Reads the verb's flags (GOptionEntry, NULL-terminated, or NULL) and the global ones wherever they stand. */
gboolean assay_invocation_parse (AssayInvocation *invocation, const GOptionEntry *entries, GError **error);
/* FALSE with USAGE unless there are `least` to `most` words after the verb; names the form. */
gboolean assay_invocation_expect (AssayInvocation *invocation, int least, int most, GError **error);
AssayProject *assay_invocation_open (AssayInvocation *invocation, AssayStoreMode mode, GError **error);
AssayAnnotator *assay_invocation_annotator (AssayInvocation *invocation, AssayStore *store, GError **error);
/* The words of --condition NAME=VALUE (nullable), into `conditions`. */
gboolean assay_invocation_read_conditions (const AssayInvocation *invocation, char **words, json_t *conditions, GError **error);
/* The only way to print an answer: the document with --json (takes it), else `text` when not NULL. */
void assay_invocation_answer (AssayInvocation *invocation, json_t *take_document, const char *text);

G_END_DECLS
