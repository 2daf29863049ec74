/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/job-capture.h"
#include "app/job-take.h"
#include "core/error.h"
#include "core/json.h"
#include "core/sensor.h"

#include <glib/gstdio.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define RATE 16000
#define SAMPLE_NS 62500

typedef struct
{
  char *folder;
  AssayProject *project;
  AssayTake *take;
  GPtrArray *pictures; /* of guint, by time */
  guint sound;
} Fixture;

static gint64
stamp_of (const AssayItem *item)
{
  gint64 stamp_ns = 0;
  assert_true (assay_json_get_int (json_object_get (item->facts, "capture"), "stamp_ns", &stamp_ns));
  return stamp_ns;
}

static int
begin (void **state)
{
  Fixture *fixture = g_new0 (Fixture, 1);
  g_autoptr (GError) error = NULL;
  g_autofree char *trouble = NULL;
  fixture->folder = g_dir_make_tmp ("assay-take-XXXXXX", NULL);
  fixture->project = assay_project_create (fixture->folder, "lab", &error);
  const AssayCaptureRequest request = {
    .cameras = (const char *const[]){ "pattern:bars,size=320x64,fps=20", NULL },
    .microphones = (const char *const[]){ "pattern:tone,rate=16000,lose=20", NULL },
    .plan = { .video = TRUE, .draw_fps = 60, .duration_s = 1.2 },
  };
  g_autoptr (json_t) report = assay_job_capture (fixture->folder, &request, NULL, &trouble, &error);
  if (report == NULL)
    fail_msg ("%s", error->message);
  fixture->pictures = g_ptr_array_new ();
  *state = fixture;
  return 0;
}

static void
read_take (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) takes = assay_take_list (fixture->project, 1, &error);
  assert_non_null (takes);
  assert_int_equal (takes->len, 1);
  assay_take_free (fixture->take);
  fixture->take = g_ptr_array_steal_index (takes, 0);
  g_ptr_array_set_size (fixture->pictures, 0);
  for (guint i = 0; i < fixture->take->items->len; i++)
    if (((AssayItem *) fixture->take->items->pdata[i])->media_kind == ASSAY_MEDIA_SOUND)
      fixture->sound = i;
    else
      g_ptr_array_add (fixture->pictures, GUINT_TO_POINTER (i));
  assert_true (fixture->pictures->len >= 20);
}

static int
end (void **state)
{
  Fixture *fixture = *state;
  const char *const words[] = { "rm", "-rf", fixture->folder, NULL };
  assay_take_free (fixture->take);
  g_ptr_array_unref (fixture->pictures);
  assay_project_close (fixture->project);
  g_spawn_sync (NULL, (char **) words, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
  g_free (fixture->folder);
  g_free (fixture);
  return 0;
}

/* Every 20th block of 160 is lost: the place on the clock, as the file has it. */
static gint64
to_file (gint64 place)
{
  gint64 block = place / 160, lost = block / 20;
  return block % 20 == 19 ? (block - lost) * 160 : place - lost * 160;
}

/* The sample that belongs to each picture, when the camera is late by so much more than the microphone. */
static void
compare (const Fixture *fixture, gint64 later_ns)
{
  const AssayItem *sound = fixture->take->items->pdata[fixture->sound];
  guint n_told = 0;
  for (guint i = 0; i < fixture->pictures->len; i++)
    {
      guint index = GPOINTER_TO_UINT (fixture->pictures->pdata[i]);
      const AssayItem *picture = fixture->take->items->pdata[index];
      gint64 since_ns = stamp_of (picture) - stamp_of (sound) - later_ns;
      gint64 sample = assay_take_find_sample (fixture->take, fixture->sound, index);
      gint64 wanted = CLAMP (to_file (MAX (since_ns, 0) / SAMPLE_NS), 0, sound->n_samples);
      assert_true (llabs (sample - wanted) <= 2);
      if (since_ns <= 0 || wanted >= sound->n_samples - 2)
        continue;
      n_told++;
      /* And when that is heard, the picture is shown: the next one is 800 samples later. */
      assert_int_equal (assay_take_find_picture (fixture->take, fixture->sound, sample + 200, &picture->sensor,
                                                 fixture->pictures),
                        i);
    }
  assert_true (n_told >= 14);
}

static void
sound_begins_with_the_picture_that_is_shown_and_follows_what_a_clap_measured (void **state)
{
  Fixture *fixture = *state;
  g_autoptr (GError) error = NULL;
  read_take (fixture);
  const AssayItem *sound = fixture->take->items->pdata[fixture->sound];
  g_autoptr (GArray) gaps = assay_sound_gaps_of (sound->facts);
  assert_true (gaps->len >= 5);
  assert_int_equal (assay_sound_gaps_count_unplaced (sound->facts), 0);
  compare (fixture, 0);
  g_autoptr (json_t) report = json_pack ("{s:{s:[{s:i, s:i, s:i}, {s:i, s:i, s:i}]}}", "align", "sensors", "stream", 0,
                                         "offset_ns", 120000000, "doubt_ns", 1000000, "stream", 1, "offset_ns",
                                         -30000000, "doubt_ns", 500000);
  assert_true (assay_session_report (fixture->project->store, &fixture->take->session, report, &error));
  read_take (fixture);
  compare (fixture, 150000000);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (sound_begins_with_the_picture_that_is_shown_and_follows_what_a_clap_measured, begin,
                                     end),
  };
  return cmocka_run_group_tests_name ("job-take", tests, NULL, NULL);
}
