/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/sensor-papers.h - what the project keeps of one sensor beside its recordings: presets of its settings, and
 * whether its calibration holds as it stands now. Read and written on the desk's threads. Main thread. */
#include "app/gui/desk.h"

#include <jansson.h>

G_BEGIN_DECLS

typedef struct
{
  char *identity;
  guint width_px, height_px; /* as it is open now; 0 = it is off */
  json_t *controls;          /* {id: value} as read back, (nullable) */
  json_t *presets;           /* answer: [{name, made_us, preset}], by name; (nullable) */
  char *calibration;         /* answer: "calibrated 0.21 px, 12 May"; (nullable) */
  gboolean calibrated;
} AssaySensorPapers;

/* `list` as list_controls gives it (nullable). */
AssaySensorPapers *assay_sensor_papers_new (const char *identity, guint width_px, guint height_px,
                                            const json_t *list);
void assay_sensor_papers_free (AssaySensorPapers *papers);
/* Takes `papers`; `done` gets them as its data. */
void assay_sensor_papers_read (AssayDesk *desk, AssaySensorPapers *take_papers, AssayDeskDone done, gpointer owner);
/* Saves the controls of `list` under a name. */
void assay_sensor_papers_save (AssayDesk *desk, const char *identity, const char *sensor_name, const char *name,
                               const json_t *list, AssayDeskDone done, gpointer owner);

G_END_DECLS
