/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every format of the registry keeps to, whatever it is; and what the ones that only write put into their
 * files. */
#include "tests/formats/fixture.h"

#include "core/error.h"
#include "core/mask.h"
#include "core/pose.h"
#include "core/sound.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void
formats_are_complete_and_told_apart (void **state)
{
  guint n = 0;
  const AssayFormat *const *formats = assay_format_list (&n);
  assert_true (n >= 4);
  for (guint i = 0; i < n; i++)
    {
      const AssayFormat *format = formats[i];
      assert_true (format->id != NULL && *format->id != '\0' && format->title != NULL && format->loses != NULL);
      assert_true (format->read != NULL || format->write != NULL);
      assert_true (format->read == NULL || format->sniff != NULL); /* who reads is recognised without --format */
      assert_ptr_equal (assay_format_find (format->id), format);
      assert_non_null (format->kinds[0]);
      for (guint k = 0; format->kinds[k] != NULL; k++)
        assert_non_null (assay_kind_find (format->kinds[k]));
    }
  assert_null (assay_format_find ("no such format"));
}

static void
nothing_is_recognised_in_files_that_are_no_labels (void **state)
{
  Fixture *fixture = *state;
  static const char *const texts[]
      = { "", "hello\n", "{}", "[]", "{\"name\": \"x\"}", "\xff\xfe{", "\x89PNG\r\n\x1a\n" };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      fixture_write (fixture, "x.json", texts[i]);
      g_autofree char *path = fixture_path (fixture, "x.json");
      assert_null (assay_format_sniff (path));
    }
  g_autofree char *absent = fixture_path (fixture, "absent.json");
  assert_null (assay_format_sniff (absent));
}

static const double turn[9] = { 0, -1, 0, 1, 0, 0, 0, 0, 1 }; /* a quarter about z */

/* One item and label of each kind; the mesh is in centimetres. */
static void
fill (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  static const struct
  {
    const char *kind, *class, *objects;
  } pictures[] = {
    { "segmentation", "cup", "[{\"class\":\"cup\",\"rings\":[{\"points\":[[1,1],[9,1],[9,9],[1,9]]}]}]" },
    { "box", "cup", "[{\"class\":\"cup\",\"box\":[1.5,2,10,4]}]" },
    { "tag", "sunny", "[{\"class\":\"sunny\"}]" },
  };
  fixture_write_png (fixture, "p.png", 40, 30, 7);
  assay_import_free (fixture_import (fixture, fixture->project, "p.png", NULL));
  for (guint i = 0; i < G_N_ELEMENTS (pictures); i++)
    {
      g_autoptr (AssayTask) task = assay_task_new (pictures[i].kind, assay_kind_find (pictures[i].kind));
      assay_task_add_class (task, pictures[i].class);
      fixture_label (fixture, "p.png", task, "anna", pictures[i].objects);
    }
  g_autoptr (AssayTask) flies = assay_task_new ("flies", assay_kind_find ("keypoints"));
  assay_task_add_class (flies, "fly");
  assay_task_add_node (flies, "head");
  assay_task_add_node (flies, "tail");
  const char *points = "[{\"class\":\"fly\",\"points\":[{\"node\":\"head\",\"state\":\"visible\",\"at\":[3,4]},"
                       "{\"node\":\"tail\",\"state\":\"outside\"}]}]";
  fixture_label (fixture, "p.png", flies, "anna", points);

  fixture_write (fixture, "cube.ply",
                 "ply\nformat ascii 1.0\nelement vertex 4\nproperty float x\nproperty float y\nproperty float "
                 "z\nelement face 1\n"
                 "property list uchar int vertex_indices\nend_header\n0 0 0\n10 0 0\n0 20 0\n0 0 5\n3 0 1 2\n");
  g_autofree char *mesh = fixture_path (fixture, "cube.ply");
  AssayMediaFacts facts = { 0 };
  gboolean known = FALSE;
  assert_true (assay_media_add (fixture->project, mesh, &facts, &known, &error));
  g_autoptr (AssayTask) poses = assay_task_new ("poses", assay_kind_find ("pose"));
  AssayClass *box = assay_task_add_class (poses, "biscuit box");
  box->model = facts.hash;
  box->model_unit_m = 0.01;
  g_autofree char *posed = g_strdup_printf (
      "[{\"class\":\"biscuit box\",\"pose\":{\"r\":[%g,%g,%g,%g,%g,%g,%g,%g,%g],\"t_m\":[0.1,-0.02,0.75]},"
      "\"camera\":{\"fx\":500.5,\"fy\":501,\"cx\":19.5,\"cy\":14.5,\"distortion\":[0,0,0,0,0],\"assumed\":true}}]",
      turn[0], turn[1], turn[2], turn[3], turn[4], turn[5], turn[6], turn[7], turn[8]);
  fixture_label (fixture, "p.png", poses, "anna", posed);

  fixture_write_wav (fixture, "s.wav", 16000, 40000);
  assay_import_free (fixture_import (fixture, fixture->project, "s.wav", NULL));
  g_autoptr (AssayTask) speech = assay_task_new ("speech", assay_kind_find ("transcript"));
  fixture_label (fixture, "s.wav", speech, "anna",
                 "[{\"start\":0,\"end\":8001,\"text\":\"if a < b & c --> d\",\"speaker\":\"Ann > Bob\"},"
                 "{\"start\":8001,\"end\":8002,\"text\":\"oh\"},{\"start\":8002,\"end\":30000,\"text\":"
                 "\"gr\xc3\xbc\xc3\x9f dich\"},"
                 "{\"start\":30000,\"end\":40000,\"text\":\"\"}]");
}

static void
every_format_writes_the_same_bytes_twice_and_an_empty_project_too (void **state)
{
  Fixture *fixture = *state;
  guint n = 0;
  const AssayFormat *const *formats = assay_format_list (&n);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *out = g_strdup_printf ("empty-%s", formats[i]->id);
      g_autoptr (GError) error
          = formats[i]->write != NULL ? fixture_export (fixture, out, formats[i]->id, NULL) : NULL;
      if (error != NULL)
        fail_msg ("%s", error->message);
    }
  fill (fixture);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *a = g_strdup_printf ("a-%s", formats[i]->id), *b = g_strdup_printf ("b-%s", formats[i]->id);
      if (formats[i]->write == NULL)
        continue;
      g_autoptr (GError) error = fixture_export (fixture, a, formats[i]->id, NULL);
      if (error != NULL)
        fail_msg ("%s", error->message);
      assert_null (fixture_export (fixture, b, formats[i]->id, NULL));
      g_autofree char *first = fixture_digest (fixture, a), *second = fixture_digest (fixture, b);
      assert_string_equal (first, second);
      /* Files beside EXPORT.json: it held something. */
      assert_non_null (strchr (first, '\n'));
    }
}

#define N_MASKED 8
#define MASKED_WIDTH 45
#define MASKED_HEIGHT 31

/* From a few blocks to noise; never empty. */
static AssayMask *
random_mask (GRand *random)
{
  guint8 bytes[MASKED_WIDTH * MASKED_HEIGHT] = { 0 };
  double noise = g_rand_double (random) < 0.5 ? 0 : g_rand_double (random);
  guint w = (guint) g_rand_int_range (random, 1, MASKED_WIDTH),
        h = (guint) g_rand_int_range (random, 1, MASKED_HEIGHT);
  for (guint i = 0; i < sizeof bytes; i++)
    {
      gboolean inside = i % MASKED_WIDTH < w && i / MASKED_WIDTH < h;
      bytes[i] = inside != (g_rand_double (random) < noise);
    }
  bytes[sizeof bytes - 1] = 1;
  return assay_mask_new_from_bytes (bytes, MASKED_WIDTH, MASKED_WIDTH, MASKED_HEIGHT);
}

/* Brings every file in that the format knows as its own; a folder's files in the order of their names. */
static guint
import_all (Fixture *fixture, AssayProject *project, const char *folder, const AssayFormat *format)
{
  guint n = 0;
  g_autofree char *list = fixture_digest (fixture, folder);
  g_auto (GStrv) lines = g_strsplit (list, "\n", -1);
  for (guint i = 0; lines[i] != NULL && *lines[i] != '\0'; i++)
    {
      g_auto (GStrv) words = g_strsplit (lines[i], " ", 2);
      g_autofree char *name = g_build_filename (folder, words[0], NULL), *path = fixture_path (fixture, name);
      if (assay_format_sniff (path) != format)
        continue;
      assay_import_free (fixture_import (fixture, project, name, NULL));
      n++;
    }
  return n;
}

/* The run lengths of the objects of one picture, in their order. */
static char *
masks_text (Fixture *fixture, AssayProject *project, const char *name)
{
  g_autofree char *label = fixture_label_text (fixture, project, name, "masks", "anna");
  g_autoptr (json_t) json = json_loads (label, 0, NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  json_t *object;
  gsize i;
  json_array_foreach (json_object_get (json, "objects"), i, object)
      g_string_append_printf (text, "%s\n", assay_json_get_string (json_object_get (object, "mask"), "counts"));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
masks_come_back_to_the_pixel_from_every_format_that_reads_what_it_writes (void **state)
{
  Fixture *fixture = *state;
  g_autoptr (GRand) random = g_rand_new_with_seed (11);
  g_autoptr (AssayTask) task = assay_task_new ("masks", assay_kind_find ("segmentation"));
  g_autoptr (GError) error = NULL;
  guint n = 0, n_held = 0;
  assay_task_add_class (task, "cup");
  for (guint i = 0; i < N_MASKED; i++)
    {
      g_autofree char *name = g_strdup_printf ("m%u.png", i);
      g_autoptr (GString) objects = g_string_new ("[");
      for (guint k = 0; k < 3; k++)
        {
          g_autoptr (AssayMask) mask = random_mask (random);
          g_autofree char *counts = assay_mask_to_coco (mask);
          g_autoptr (json_t) object = json_pack ("{s:s,s:{s:[i,i],s:s}}", "class", "cup", "mask", "size",
                                                 MASKED_HEIGHT, MASKED_WIDTH, "counts", counts);
          g_autofree char *text = assay_json_canonical (object);
          g_string_append_printf (objects, "%s%s", k > 0 ? "," : "", text);
        }
      g_string_append_c (objects, ']');
      fixture_write_png (fixture, name, MASKED_WIDTH, MASKED_HEIGHT, i);
      assay_import_free (fixture_import (fixture, fixture->project, name, NULL));
      fixture_label (fixture, name, task, "anna", objects->str);
    }
  const AssayFormat *const *formats = assay_format_list (&n);
  for (guint i = 0; i < n; i++)
    {
      const AssayFormat *format = formats[i];
      if (format->read == NULL || format->write == NULL || !g_strv_contains (format->kinds, "segmentation"))
        continue;
      g_autofree char *out = g_strdup_printf ("out-%s", format->id), *in = g_strdup_printf ("in-%s", format->id);
      g_autofree char *path = fixture_path (fixture, in);
      g_autoptr (AssayProject) other = assay_project_create (path, "other", &error);
      assert_null (fixture_export (fixture, out, format->id, NULL));
      assert_true (import_all (fixture, other, out, format) > 0);
      for (guint k = 0; k < N_MASKED; k++)
        {
          g_autofree char *name = g_strdup_printf ("m%u.png", k);
          g_autofree char *before = masks_text (fixture, fixture->project, name);
          g_autofree char *after = masks_text (fixture, other, name);
          assert_true (strlen (before) > 3);
          assert_string_equal (before, after);
        }
      n_held++;
    }
  assert_true (n_held > 0);
}

/* What a format cannot hold is in its report, by kind and number. */
static void
what_cannot_be_kept_is_counted (void **state)
{
  Fixture *fixture = *state;
  fill (fixture);
  assert_null (fixture_export (fixture, "coco", "coco", NULL));
  g_autofree char *listing = fixture_read (fixture, "coco/EXPORT.json");
  g_autoptr (json_t) json = json_loads (listing, 0, NULL);
  g_autofree char *lossy = assay_json_canonical (json_object_get (json, "lossy"));
  static const char *const wanted[]
      = { "labels of task poses (pose)", "labels of task speech (transcript)", "labels of task tag (tag)",
          "keypoints outside the picture, written as not labelled" };
  assert_int_equal (json_array_size (json_object_get (json, "lossy")), G_N_ELEMENTS (wanted));
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    assert_non_null (strstr (lossy, wanted[i]));
  assert_int_equal (json_integer_value (json_object_get (json, "labels")), 3);
}

/* A file of the only split that there is. */
static char *
read_of_split (Fixture *fixture, const char *format)
{
  static const char *const splits[] = { "train", "val", "test" };
  for (guint i = 0; i < G_N_ELEMENTS (splits); i++)
    {
      g_autofree char *name = g_strdup_printf (format, splits[i]);
      if (fixture_exists (fixture, name))
        return fixture_read (fixture, name);
    }
  fail_msg ("there is no %s", format);
  return NULL;
}

static void
poses_leave_in_millimetres_and_row_by_row (void **state)
{
  Fixture *fixture = *state;
  fill (fixture);
  assert_null (fixture_export (fixture, "bop", "bop", NULL));
  g_autofree char *text = read_of_split (fixture, "bop/%s/000001/scene_gt.json");
  assert_string_equal (
      text, "{\n  \"0\": [{\"cam_R_m2c\":[0,-1,0,1,0,0,0,0,1],\"cam_t_m2c\":[100,-20,750],\"obj_id\":1}]\n}\n");
  g_autofree char *camera = read_of_split (fixture, "bop/%s/000001/scene_camera.json");
  assert_string_equal (camera, "{\n  \"0\": {\"cam_K\":[500.5,0,19.5,0,501,14.5,0,0,1]}\n}\n");
  g_autofree char *infos = fixture_read (fixture, "bop/models/models_info.json");
  g_autoptr (json_t) json = json_loads (infos, 0, NULL);
  const json_t *info = json_object_get (json, "1");
  assert_true (json_number_value (json_object_get (info, "size_x")) == 100);
  assert_true (json_number_value (json_object_get (info, "size_y")) == 200);
  assert_true (fabs (json_number_value (json_object_get (info, "diameter")) - hypot (100, 200)) < 1e-9);
  g_autofree char *mesh = fixture_path (fixture, "bop/models/obj_000001.ply");
  g_autoptr (AssayModel) model = assay_model_load (mesh, 0.001, NULL);
  assert_true (model->n_vertices == 4 && fabs (model->vertices_m[2].y - 0.2) < 1e-12);
}

static void
segments_leave_as_files_of_exactly_their_samples (void **state)
{
  Fixture *fixture = *state;
  fill (fixture);
  assert_null (fixture_export (fixture, "nemo", "nemo", NULL));
  g_autofree char *text = read_of_split (fixture, "nemo/manifest_%s.json");
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  static const gint64 lengths[] = { 8001, 1, 21998 };
  assert_int_equal (g_strv_length (lines), 4); /* and the empty end */
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (json_t) line = json_loads (lines[i], 0, NULL);
      assert_true (assay_json_get_string (line, "text") != NULL && json_object_get (line, "offset") == NULL);
      g_autofree char *below = g_build_filename ("nemo", assay_json_get_string (line, "audio_filepath"), NULL);
      g_autofree char *path = fixture_path (fixture, below);
      AssaySoundFacts facts = { 0 };
      assert_true (assay_sound_probe (path, TRUE, &facts, NULL));
      assert_int_equal (facts.n_samples, lengths[i]);
      double duration = json_number_value (json_object_get (line, "duration"));
      assert_true (duration == (double) facts.n_samples / facts.rate_hz && duration > 0);
    }
}

/* 8001 samples are 500.0625 ms, and the next segment is 0.0625 ms long: rounding must neither lose nor overlap it.
 */
static void
cues_never_end_before_they_begin_nor_overlap (void **state)
{
  Fixture *fixture = *state;
  fill (fixture);
  assert_null (fixture_export (fixture, "vtt", "webvtt", NULL));
  g_autofree char *text = read_of_split (fixture, "vtt/%s/s.vtt");
  assert_string_equal (text, "WEBVTT\n"
                             "\n00:00:00.000 --> 00:00:00.501\n<v Ann &gt; Bob>if a &lt; b &amp; c --&gt; d\n"
                             "\n00:00:00.501 --> 00:00:00.502\noh\n"
                             "\n00:00:00.502 --> 00:00:01.875\ngr\xc3\xbc\xc3\x9f dich\n");
}

int
main (void)
{
#define TEST(name) cmocka_unit_test_setup_teardown (name, fixture_setup, fixture_teardown)
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (formats_are_complete_and_told_apart),
    TEST (nothing_is_recognised_in_files_that_are_no_labels),
    TEST (every_format_writes_the_same_bytes_twice_and_an_empty_project_too),
    TEST (masks_come_back_to_the_pixel_from_every_format_that_reads_what_it_writes),
    TEST (what_cannot_be_kept_is_counted),
    TEST (poses_leave_in_millimetres_and_row_by_row),
    TEST (segments_leave_as_files_of_exactly_their_samples),
    TEST (cues_never_end_before_they_begin_nor_overlap),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
