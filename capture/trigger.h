/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* capture/trigger.h - what takes a still by itself: motion, sound, command. A registry: capture/trigger-*.c, one
 * word each in capture/meson.build; the word is file name, C symbol (assay_trigger_WORD) and the start of a
 * trigger's words.
 *
 * A trigger that looks at frames or blocks has a state for each stream of its kind, and runs on that stream's lane.
 * One that does not has a thread of its own. Whatever goes on, it fires at most once a second. */
#include "capture/source.h"

G_BEGIN_DECLS

/* Any thread: takes one, of the first frame from `at_ns` (CLOCK_MONOTONIC) on. */
typedef void (*AssayTriggerFire) (gpointer data, gint64 at_ns);

typedef struct
{
  const char *id, *title;
  const char *argument;              /* for people: what may stand behind "ID:" */
  gboolean of_camera, of_microphone; /* neither: start and stop instead of look */
  /* `argument`: nullable. USAGE says what is wrong with it. */
  gpointer (*open) (const char *argument, GError **error);
  /* The lane's thread: TRUE = now. */
  gboolean (*look) (gpointer state, const AssayStreamFormat *format, const AssayFrame *frame);
  gboolean (*start) (gpointer state, AssayTriggerFire fire, gpointer data, GError **error);
  /* Joins what start began; what went wrong meanwhile, for people, or NULL. */
  char *(*stop) (gpointer state);
  void (*close) (gpointer state);
} AssayTriggerKind;

const AssayTriggerKind *const *assay_trigger_list (guint *ret_n);

typedef struct _AssayTrigger AssayTrigger;
/* "motion", "motion:8", "sound:-30", "command:PROGRAM ARGUMENTS". */
AssayTrigger *assay_trigger_open (const char *words, GError **error);
/* Stops it first. NULL is fine. */
void assay_trigger_close (AssayTrigger *trigger);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayTrigger, assay_trigger_close)
const AssayTriggerKind *assay_trigger_get_kind (const AssayTrigger *trigger);
const char *assay_trigger_get_words (const AssayTrigger *trigger);
gboolean assay_trigger_look (AssayTrigger *trigger, const AssayStreamFormat *format, const AssayFrame *frame);
gboolean assay_trigger_start (AssayTrigger *trigger, AssayTriggerFire fire, gpointer data, GError **error);
char *assay_trigger_stop (AssayTrigger *trigger);

G_END_DECLS
