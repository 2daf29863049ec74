/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* tests/formats/fixture.h - a project and folders in a temporary place, and the short way to fill them. */
#include "core/json.h"
#include "core/label.h"
#include "core/media.h"
#include "formats/export.h"
#include "formats/import.h"

typedef struct
{
  char *place; /* removed at the end */
  AssayProject *project;
} Fixture;

int fixture_setup (void **state);
int fixture_teardown (void **state);

char *fixture_path (const Fixture *fixture, const char *name);
void fixture_write (const Fixture *fixture, const char *name, const char *text); /* folders are made */
/* A grey PNG whose content depends on `value`. */
void fixture_write_png (const Fixture *fixture, const char *name, guint width_px, guint height_px, guint value);
void fixture_write_wav (const Fixture *fixture, const char *name, guint rate_hz, gint64 n_samples);
AssayItem *fixture_item (Fixture *fixture, const char *name);
/* Reads a label file, or brings in one media file; fails the test on an error. Returns the import, for its counts.
 */
AssayImport *fixture_import (Fixture *fixture, AssayProject *project, const char *name,
                             const AssayImportOptions *options);
/* Saves a submitted answer written as JSON objects. */
void fixture_label (Fixture *fixture, const char *item_name, AssayTask *task, const char *annotator,
                    const char *objects);
/* The standing answer's objects as canonical JSON. */
char *fixture_label_text (Fixture *fixture, AssayProject *project, const char *item_name, const char *task,
                          const char *annotator);
/* Exports the working state; NULL on success, else the error. */
GError *fixture_export (Fixture *fixture, const char *out, const char *format, const AssayExportOptions *more);
char *fixture_read (const Fixture *fixture, const char *name);
gboolean fixture_exists (const Fixture *fixture, const char *name);
/* Names in `name` with their content's hash, sorted: two folders are equal when these are. */
char *fixture_digest (const Fixture *fixture, const char *name);
/* A file of the samples; NULL, and a line that says so, when they are not here. */
char *fixture_sample (const char *name);
