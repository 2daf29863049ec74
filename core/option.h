/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/option.h - options as data.
 *
 * A source, format, check, tool or task kind declares its options once, as an array that ends with { NULL };
 * command-line flags, dialog rows, help and fuzz dictionaries come from it. Values live in an AssayOptions,
 * which knows its declarations and refuses what they do not allow. */
#include <glib.h>

G_BEGIN_DECLS

typedef enum { ASSAY_OPTION_BOOL, ASSAY_OPTION_INT, ASSAY_OPTION_DOUBLE, ASSAY_OPTION_STRING, ASSAY_OPTION_CHOICE } AssayOptionType;

typedef struct {
  const char *name;           /* as on the command line, without the dashes: "min-area-px" */
  AssayOptionType type;
  const char *default_text;   /* in the form that a person would type; NULL is "not set" for strings */
  double minimum, maximum;    /* numbers; both 0 means any */
  const char *const *choices; /* CHOICE: ends with NULL */
  const char *help;           /* one sentence, with the unit */
  const char *title, *unit;   /* (nullable) for a row of widgets: "Size", "px"; no title: its words say it all */
} AssayOption;

typedef struct _AssayOptions AssayOptions;

/* All at their defaults; `declared` may be NULL and outlives the options. */
AssayOptions *assay_options_new (const AssayOption *declared);
AssayOptions *assay_options_copy (const AssayOptions *options);
void assay_options_free (AssayOptions *options);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayOptions, assay_options_free)

gboolean assay_options_set (AssayOptions *options, const char *name, const char *text, GError **error);
/* Asking for a name that was not declared, or by another type, is a programming error. */
gboolean assay_options_get_bool (const AssayOptions *options, const char *name);
gint64 assay_options_get_int (const AssayOptions *options, const char *name);
double assay_options_get_double (const AssayOptions *options, const char *name);
const char *assay_options_get_string (const AssayOptions *options, const char *name);
/* "a=1,b=2" with every name in order: a key for caches. Free it. */
char *assay_options_dup_text (const AssayOptions *options);

G_END_DECLS
