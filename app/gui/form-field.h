/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/form-field.h - an entry under its name, with the values that were chosen before at hand.
 *
 * Signal "changed": the text did. Main thread. */
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_FORM_FIELD (assay_form_field_get_type ())
G_DECLARE_FINAL_TYPE (AssayFormField, assay_form_field, ASSAY, FORM_FIELD, GtkWidget)

/* `hint` (nullable) stands in it while it is empty. */
GtkWidget *assay_form_field_new (const char *name, const char *hint);
const char *assay_form_field_get_name (AssayFormField *field);
/* Without blanks around it; free it. */
char *assay_form_field_dup_text (AssayFormField *field);
/* Of char *; with none there is nothing to open. */
void assay_form_field_set_choices (AssayFormField *field, const GPtrArray *choices);
/* Drawn as what keeps the recording from beginning. */
void assay_form_field_set_wanting (AssayFormField *field, gboolean wanting);

G_END_DECLS
