/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/preflight.h"
#include "core/json.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/statvfs.h>
#include <cmocka.h>

static const AssayPreflightLine *
find (const GPtrArray *lines, const char *what)
{
  for (guint i = 0; i < lines->len; i++)
    if (g_str_equal (((const AssayPreflightLine *) lines->pdata[i])->what, what))
      return lines->pdata[i];
  return NULL;
}

static AssayPlan *
make_plan (void)
{
  g_autoptr (json_t) document
      = json_pack ("{s:{s:b, s:[s, s]}}", "capture", "consent", 1, "checklist", "lens cleaned", "door closed");
  AssayPlan *plan = assay_plan_from_json (document, NULL);
  assert_non_null (plan);
  return plan;
}

static void
record_waits_for_consent_and_checklist_where_the_plan_asks (void **state)
{
  g_autoptr (AssayPlan) plan = make_plan ();
  const char *const half[] = { "door closed", NULL }, *const all[] = { "door closed", "lens cleaned", NULL };
  AssayPreflightRequest request = { .directory = "/tmp", .plan = plan, .done = half };
  g_autoptr (GPtrArray) open = assay_preflight_run (&request, NULL);
  assert_int_equal (assay_preflight_get_worst (open), ASSAY_PREFLIGHT_STOP);
  assert_int_equal (find (open, "consent")->verdict, ASSAY_PREFLIGHT_STOP);
  assert_non_null (strstr (find (open, "checklist")->why, "lens cleaned"));
  request.consent = "S-017";
  request.done = all;
  g_autoptr (GPtrArray) done = assay_preflight_run (&request, NULL);
  assert_int_equal (find (done, "consent")->verdict, ASSAY_PREFLIGHT_GOOD);
  assert_null (find (done, "checklist"));
}

static void
what_a_disk_or_a_bus_cannot_take_is_said_with_a_remedy (void **state)
{
  const AssayPreflightSensor sensors[] = {
    { .name = "left", .bytes_per_s = 20e6, .controller = "usb-1", .bus_bytes_per_s = 40e6, .peak = NAN },
    { .name = "right", .bytes_per_s = 25e6, .controller = "usb-1", .bus_bytes_per_s = 40e6, .peak = NAN },
    { .name = "far",
      .bytes_per_s = 1e15,
      .controller = "usb-2",
      .peak = NAN }, /* a petabyte a second: nothing takes that */
  };
  AssayPreflightRequest request
      = { .directory = "/tmp", .sensors = sensors, .n_sensors = 3, .planned_s = 60, .disk_test_s = 0.1 };
  g_autoptr (GPtrArray) lines = assay_preflight_run (&request, NULL);
  assert_int_equal (find (lines, "usb")->verdict, ASSAY_PREFLIGHT_STOP);
  assert_int_equal (find (lines, "disk")->verdict, ASSAY_PREFLIGHT_STOP);
  assert_int_equal (find (lines, "space")->verdict, ASSAY_PREFLIGHT_STOP);
  for (guint i = 0; i < lines->len; i++)
    {
      const AssayPreflightLine *line = lines->pdata[i];
      assert_true ((line->verdict == ASSAY_PREFLIGHT_GOOD) == (line->remedy == NULL));
    }
  request.n_sensors = 1;
  g_autoptr (GPtrArray) one = assay_preflight_run (&request, NULL);
  assert_int_equal (find (one, "usb")->verdict, ASSAY_PREFLIGHT_GOOD);
}

/* 1.3 times the plan: of the bytes that are free a plan of 0.7 fits, and one of 0.8 does not. */
static void
free_space_is_asked_for_the_plan_and_a_third_of_it_more (void **state)
{
  struct statvfs about;
  assert_int_equal (statvfs ("/tmp", &about), 0);
  double free_bytes = (double) about.f_bavail * (double) about.f_frsize;
  AssayPreflightSensor camera
      = { .name = "camera", .bytes_per_s = 1, .still_bytes = 0.001 * free_bytes, .peak = NAN };
  AssayPreflightRequest request
      = { .directory = "/tmp", .sensors = &camera, .n_sensors = 1, .planned_stills = 700 };
  g_autoptr (GPtrArray) fits = assay_preflight_run (&request, NULL);
  assert_int_equal (find (fits, "space")->verdict, ASSAY_PREFLIGHT_GOOD);
  assert_non_null (strstr (find (fits, "space")->why, "the plan takes"));
  request.planned_stills = 800;
  g_autoptr (GPtrArray) stills = assay_preflight_run (&request, NULL);
  assert_int_equal (find (stills, "space")->verdict, ASSAY_PREFLIGHT_STOP);
  camera.bytes_per_s = 0.001 * free_bytes;
  request.planned_stills = 0;
  request.planned_s = 800;
  g_autoptr (GPtrArray) film = assay_preflight_run (&request, NULL);
  assert_int_equal (find (film, "space")->verdict, ASSAY_PREFLIGHT_STOP);
  request.planned_s = 700;
  g_autoptr (GPtrArray) shorter = assay_preflight_run (&request, NULL);
  assert_int_equal (find (shorter, "space")->verdict, ASSAY_PREFLIGHT_GOOD);
}

static void
a_muted_and_a_clipping_microphone_are_told_apart (void **state)
{
  const AssayPreflightSensor sensors[] = {
    { .name = "muted", .bytes_per_s = 1e5, .peak = 0.0 },
    { .name = "clipping", .bytes_per_s = 1e5, .peak = 1.0 },
  };
  AssayPreflightRequest request = { .directory = "/tmp", .sensors = sensors, .n_sensors = 1 };
  g_autoptr (GPtrArray) muted = assay_preflight_run (&request, NULL);
  /* A headset with a noise gate is silent until somebody speaks: told, and not stopped. */
  assert_int_equal (find (muted, "level")->verdict, ASSAY_PREFLIGHT_DOUBTFUL);
  assert_non_null (strstr (find (muted, "level")->why, "zeros"));
  request.sensors = sensors + 1;
  g_autoptr (GPtrArray) clipping = assay_preflight_run (&request, NULL);
  assert_int_equal (find (clipping, "level")->verdict, ASSAY_PREFLIGHT_DOUBTFUL);
  assert_non_null (strstr (find (clipping, "level")->why, "clips"));
}

static void
a_disk_that_is_not_there_or_full_stops (void **state)
{
  AssayPreflightRequest request = { .directory = "/nowhere/at/all", .disk_test_s = 0.1 };
  g_autoptr (GPtrArray) gone = assay_preflight_run (&request, NULL);
  assert_int_equal (find (gone, "space")->verdict, ASSAY_PREFLIGHT_STOP);
  assert_int_equal (find (gone, "disk")->verdict, ASSAY_PREFLIGHT_STOP);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (record_waits_for_consent_and_checklist_where_the_plan_asks),
    cmocka_unit_test (what_a_disk_or_a_bus_cannot_take_is_said_with_a_remedy),
    cmocka_unit_test (free_space_is_asked_for_the_plan_and_a_third_of_it_more),
    cmocka_unit_test (a_muted_and_a_clipping_microphone_are_told_apart),
    cmocka_unit_test (a_disk_that_is_not_there_or_full_stops),
  };
  return cmocka_run_group_tests_name ("capture/preflight", tests, NULL, NULL);
}
