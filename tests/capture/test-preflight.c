/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/preflight.h"
#include "core/json.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
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
    { "left", 20e6, "usb-1", 40e6, NAN },
    { "right", 25e6, "usb-1", 40e6, NAN },
    { "far", 1e15, "usb-2", 0, NAN }, /* a petabyte a second: nothing takes that */
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

static void
a_muted_and_a_clipping_microphone_are_told_apart (void **state)
{
  const AssayPreflightSensor sensors[] = {
    { "muted", 1e5, NULL, 0, 0.0 },
    { "clipping", 1e5, NULL, 0, 1.0 },
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
    cmocka_unit_test (a_muted_and_a_clipping_microphone_are_told_apart),
    cmocka_unit_test (a_disk_that_is_not_there_or_full_stops),
  };
  return cmocka_run_group_tests_name ("capture/preflight", tests, NULL, NULL);
}
