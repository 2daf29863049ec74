/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* A project in a folder of its own, a task of boxes and small pictures to label: what the tests of the store begin
 * with. */
#include "core/error.h"
#include "core/json.h"
#include "core/journal.h"
#include "core/media.h"
#include "core/picture.h"
#include "core/truth.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* cmocka.h wants the four above first. */
#include <cmocka.h>

#define CASE(name) cmocka_unit_test_setup_teardown (name, set_up, tear_down)
#define ok(call)                                                                                                   \
  do                                                                                                               \
    {                                                                                                              \
      if (!(call))                                                                                                 \
        fail_msg ("%s: %s", #call, error != NULL ? error->message : "no error is told");                           \
    }                                                                                                              \
  while (0)
/* The call fails with this code, and its message has `part` in one line. */
#define refused(call, code_, part)                                                                                 \
  do                                                                                                               \
    {                                                                                                              \
      g_autoptr (GError) refusal = NULL;                                                                           \
      GError **to = &refusal;                                                                                      \
      if (call)                                                                                                    \
        fail_msg ("%s is not refused", #call);                                                                     \
      if (!g_error_matches (refusal, ASSAY_ERROR, code_) || strstr (refusal->message, part) == NULL                \
          || strchr (refusal->message, '\n') != NULL)                                                              \
        fail_msg ("%s is refused with \"%s\"", #call, refusal != NULL ? refusal->message : "nothing");             \
    }                                                                                                              \
  while (0)

typedef struct
{
  char *directory; /* of the test */
  AssayProject *project;
  AssayStore *store; /* the project's */
  AssayTask *task;   /* "boxes", with the classes cup and hand */
  AssayAnnotator *anna, *bob;
} Fixture;

static inline void
remove_tree (const char *directory)
{
  g_autofree char *command = g_strdup_printf ("chmod -R u+w '%s' 2>/dev/null; rm -rf '%s'", directory, directory);
  assert_int_equal (system (command), 0);
}

static inline int
set_up (void **state)
{
  g_autoptr (GError) error = NULL;
  Fixture *f = g_new0 (Fixture, 1);
  f->directory = g_dir_make_tmp ("assay-store-XXXXXX", NULL);
  g_autofree char *place = g_build_filename (f->directory, "project", NULL);
  ok (f->project = assay_project_create (place, "tests", &error));
  f->store = f->project->store;
  f->task = assay_task_new ("boxes", assay_kind_find ("box"));
  assay_task_add_class (f->task, "cup");
  assay_task_add_class (f->task, "hand");
  ok (assay_task_save (f->store, f->task, NULL, &error));
  ok (f->anna = assay_annotator_ensure (f->store, "anna", ASSAY_ANNOTATOR_PERSON, &error));
  ok (f->bob = assay_annotator_ensure (f->store, "bob", ASSAY_ANNOTATOR_PERSON, &error));
  *state = f;
  return 0;
}

static inline int
tear_down (void **state)
{
  Fixture *f = *state;
  assay_annotator_free (f->anna);
  assay_annotator_free (f->bob);
  assay_task_free (f->task);
  assay_project_close (f->project);
  remove_tree (f->directory);
  g_free (f->directory);
  g_free (f);
  return 0;
}

/* A grey PNG whose pixels follow from `number`, so each number is a content of its own. */
static inline GBytes *
make_png (guint number)
{
  g_autoptr (AssayPicture) picture = assay_picture_new (64, 48, ASSAY_PIXELS_GREY8);
  for (guint i = 0; i < 64 * 48; i++)
    picture->data[i / 64 * picture->stride + i % 64] = (guint8) ((i * (number % 251 + 1) + number) >> 3);
  memcpy (picture->data, &number, sizeof number);
  GBytes *png = assay_picture_encode_png (picture, NULL);
  assert_non_null (png);
  return png;
}

static inline AssayItem *
add_item (AssayProject *project, guint number)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) png = make_png (number);
  AssayMediaFacts facts = { 0 };
  gboolean known, added;
  gsize n_bytes;
  gconstpointer data = g_bytes_get_data (png, &n_bytes);
  ok (assay_media_add_bytes (project, data, n_bytes, &facts, &known, &error));
  AssayItem *item = assay_item_new ();
  item->media = facts.hash;
  item->media_kind = facts.kind;
  item->media_type = g_strdup (facts.type);
  item->name = g_strdup_printf ("shelf/%04u.png", number);
  item->width_px = facts.width_px;
  item->height_px = facts.height_px;
  ok (assay_item_add (project->store, item, &added, &error));
  return item;
}

static inline AssayObject *
make_box (const AssayTask *task, const char *class_name, double x)
{
  AssayBox *box = g_new0 (AssayBox, 1);
  box->box = (AssayRect){ x, 2, 10, 12 };
  return assay_object_new (&assay_task_find_class_named (task, class_name)->id, box);
}

/* A label with one cup at `x`; not saved. */
static inline AssayLabel *
make_label (const AssayItem *item, const AssayTask *task, const AssayAnnotator *annotator, AssayLabelState state,
            double x)
{
  AssayLabel *label = assay_label_new (item, task, annotator);
  label->state = state;
  label->tool = g_strdup ("test");
  assay_objects_take (label->objects, make_box (task, "cup", x));
  return label;
}

static inline AssayLabel *
save_label (AssayStore *store, const AssayItem *item, const AssayTask *task, const AssayAnnotator *annotator,
            AssayLabelState state, double x)
{
  g_autoptr (GError) error = NULL;
  AssayLabel *label = make_label (item, task, annotator, state, x);
  ok (assay_label_save (store, label, NULL, &error));
  return label;
}

static inline double
x_of (const AssayObjects *objects, guint i)
{
  return ((const AssayBox *) ((const AssayObject *) objects->list->pdata[i])->value)->box.x;
}

static inline gint64
ask (AssayStore *store, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_auto (AssayRows) rows = { 0 };
  ok (assay_store_query (store, &rows, &error, sql, ""));
  ok (assay_rows_next (&rows, &error));
  return assay_rows_get_int (&rows, 0);
}
