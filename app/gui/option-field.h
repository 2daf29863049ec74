/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/option-field.h - one option (core/option.h) in a row: a number as slider and figures, two words as linked
 * buttons, more as a menu, a yes or no as a check mark, text as an entry. Main thread. */
#include "core/option.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_OPTION_FIELD (assay_option_field_get_type ())
G_DECLARE_FINAL_TYPE (AssayOptionField, assay_option_field, ASSAY, OPTION_FIELD, GtkWidget)

/* `option` is borrowed. Signals: "set" (const char *name, const char *text): the person changed it; "done": and has
 * finished, the keys may go back to the work. */
GtkWidget *assay_option_field_new (const AssayOption *option);
void assay_option_field_show (AssayOptionField *field, const AssayOptions *values);

G_END_DECLS
