/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* tests/qa/fixture.h - a project of made-up items and answers whose figures can be worked out by hand. */
#include "core/json.h"
#include "core/label.h"
#include "core/project.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#define FIXTURE_WIDTH_PX 100
#define FIXTURE_HEIGHT_PX 80

typedef struct {
  char *directory;
  AssayProject *project;
} Fixture;

static inline void
ok (gboolean done, GError *error)
{
  if (error != NULL)
    fail_msg ("%s", error->message);
  assert_true (done);
}

static inline int
set_up (void **state)
{
  GError *error = NULL;
  Fixture *f = g_new0 (Fixture, 1);
  f->directory = g_dir_make_tmp ("assay-qa-XXXXXX", NULL);
  g_autofree char *place = g_build_filename (f->directory, "project", NULL);
  f->project = assay_project_create (place, "qa", &error);
  ok (f->project != NULL, error);
  *state = f;
  return 0;
}

static inline int
tear_down (void **state)
{
  Fixture *f = *state;
  assay_project_close (f->project);
  g_autofree char *command = g_strdup_printf ("chmod -R u+w '%s'; rm -rf '%s'", f->directory, f->directory);
  int status = system (command);
  g_free (f->directory);
  g_free (f);
  return status;
}

static inline AssayTask *
add_task (Fixture *f, const char *name, const char *kind, const char *const *classes)
{
  GError *error = NULL;
  AssayTask *task = assay_task_new (name, assay_kind_find (kind));
  for (guint i = 0; classes != NULL && classes[i] != NULL; i++)
    assay_task_add_class (task, classes[i]);
  ok (assay_task_save (f->project->store, task, NULL, &error), error);
  return task;
}

/* A picture of 100 x 80, or a second of sound at 16 kHz, without a file. */
static inline AssayItem *
add_item (Fixture *f, const char *name, gboolean sound, const char *conditions)
{
  GError *error = NULL;
  AssayItem *item = assay_item_new ();
  item->media = assay_sha256 (name, strlen (name));
  item->media_kind = sound ? ASSAY_MEDIA_SOUND : ASSAY_MEDIA_PICTURE;
  item->media_type = g_strdup (sound ? "wav" : "png");
  item->name = g_strdup (name);
  item->width_px = sound ? 0 : FIXTURE_WIDTH_PX;
  item->height_px = sound ? 0 : FIXTURE_HEIGHT_PX;
  item->rate_hz = sound ? 16000 : 0;
  item->channels = sound ? 1 : 0;
  item->n_samples = sound ? 16000 : 0;
  if (conditions != NULL)
    {
      g_autoptr (json_t) parsed = assay_json_parse (conditions, strlen (conditions), "conditions", &error);
      ok (parsed != NULL, error);
      json_object_set (item->facts, "conditions", parsed);
    }
  ok (assay_store_run (f->project->store, NULL, &error,
                       "INSERT INTO media (hash, kind, type, bytes, width_px, height_px, exif_orientation, rate_hz, channels, n_samples, "
                       "n_frames, duration_ns, added_us) VALUES (?, ?, ?, 1, ?, ?, 1, ?, ?, ?, 0, 0, 0)",
                       "Httiiiii", &item->media, assay_media_kind_to_text (item->media_kind), item->media_type, (gint64) item->width_px,
                       (gint64) item->height_px, (gint64) item->rate_hz, (gint64) item->channels, item->n_samples),
      error);
  ok (assay_item_add (f->project->store, item, NULL, &error), error);
  return item;
}

/* Submits an answer: `objects` is the text of the array in the label document. */
static inline void
answer (Fixture *f, const AssayItem *item, const AssayTask *task, const char *name, const char *objects)
{
  GError *error = NULL;
  g_autofree char *text = g_strdup_printf ("{\"schema\":\"assay.%s/1\",\"objects\":%s}", task->kind->id, objects);
  g_autoptr (json_t) document = assay_json_parse (text, strlen (text), "answer", &error);
  ok (document != NULL, error);
  g_autoptr (AssayAnnotator) annotator = assay_annotator_ensure (f->project->store, name, ASSAY_ANNOTATOR_PERSON, &error);
  ok (annotator != NULL, error);
  g_autoptr (AssayLabel) label = assay_label_new (item, task, annotator);
  assay_objects_free (label->objects);
  label->objects = assay_objects_from_json (document, task, item, &error);
  ok (label->objects != NULL, error);
  label->state = ASSAY_LABEL_SUBMITTED;
  label->tool = g_strdup ("test");
  ok (assay_label_save (f->project->store, label, NULL, &error), error);
}

#define CASE(name) cmocka_unit_test_setup_teardown (name, set_up, tear_down)
