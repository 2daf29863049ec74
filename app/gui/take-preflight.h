/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/take-preflight.h - what stands between the technician and a recording without loss, beside Record: a
 * green tick, or the worst line and its remedy; a click shows all lines.
 *
 * Looks off the main loop; the disk is timed (two seconds) once for the sensors that are on, never while recording.
 * Signal "changed". Main thread. */
#include "app/gui/desk.h"
#include "app/gui/studio.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_TAKE_PREFLIGHT (assay_take_preflight_get_type ())
G_DECLARE_FINAL_TYPE (AssayTakePreflight, assay_take_preflight, ASSAY, TAKE_PREFLIGHT, GtkWidget)

void assay_take_preflight_set_desk (AssayTakePreflight *view, AssayDesk *desk);
/* What is about to be recorded, from sensors of which kinds, and what the form says. */
typedef struct
{
  gboolean cameras, microphones;
  const char *missing; /* (nullable, static) nothing can be recorded before this is done */
  double planned_s;        /* 0 = not said */
  guint64 planned_stills;  /* of each camera; 0 = not said */
  const char *consent;     /* (nullable) */
  const char *const *done; /* (nullable) ticked lines */
} AssayTakeOutlook;
/* Looks again: at the sensors that are on, and at what is planned. */
void assay_take_preflight_look (AssayTakePreflight *view, AssayStudio *studio, const AssayTakeOutlook *outlook);
/* What keeps the recording from beginning: borrowed until the next "changed"; NULL = nothing. */
const char *assay_take_preflight_get_stop (AssayTakePreflight *view);

G_END_DECLS
