/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/take-form.h - what every item of a recording is to say: subject, conditions, consent, note and the ticked
 * lines of the plan's checklist. All of it stays from take to take.
 *
 * Asks for the plan's `capture.fields` and for whatever its targets are told apart by; offers what was chosen
 * before. Signal "changed". Main thread. */
#include "app/gui/desk.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_TAKE_FORM (assay_take_form_get_type ())
G_DECLARE_FINAL_TYPE (AssayTakeForm, assay_take_form, ASSAY, TAKE_FORM, GtkWidget)

void assay_take_form_set_desk (AssayTakeForm *form, AssayDesk *desk); /* NULL: none */
/* Reads the plan and earlier recordings again; it does so by itself when the project changes. */
void assay_take_form_refresh (AssayTakeForm *form);

typedef struct
{
  json_t *conditions; /* {name: value}; NULL when there are none */
  char *subject, *consent, *note;
  char *planned;    /* how long, or how many: as it was typed */
  char **checklist; /* the ticked lines */
} AssayTakeWords;
void assay_take_form_get_words (AssayTakeForm *form, AssayTakeWords *ret_words);
void assay_take_words_clear (AssayTakeWords *words);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AssayTakeWords, assay_take_words_clear)

G_END_DECLS
