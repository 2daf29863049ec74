/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When frames were, once it is known how late each camera is. */
#include "core/json.h"
#include "core/session-time.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define MS G_GINT64_CONSTANT (1000000)

static AssayItem *
frame_of (const AssayId *sensor, gint64 at_ns)
{
  AssayItem *item = assay_item_new ();
  item->id = assay_id_new ();
  item->sensor = *sensor;
  item->captured_ns = 1000000 * MS + at_ns;
  json_decref (item->facts);
  item->facts = json_pack ("{s:{s:I}}", "capture", "stamp_ns", (json_int_t) at_ns);
  return item;
}

static void
free_item (gpointer item)
{
  assay_item_free (item);
}

/* Three cameras of 10 Hz; the second is 40 ms late and the third 80: the recording, which did not know, saw no
 * instant. */
static void
frames_that_turn_out_to_show_one_instant_share_a_moment (void **state)
{
  const gint64 late_ns[3] = { 0, 40 * MS, 80 * MS };
  g_autoptr (json_t) sensors = json_array (), offsets = json_array ();
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (free_item);
  for (guint s = 0; s < 3; s++)
    {
      AssayId sensor = assay_id_new ();
      json_array_append_new (
          sensors, json_pack ("{s:s, s:o, s:f}", "kind", "camera", "sensor", assay_json_id (&sensor), "fps", 10.0));
      json_array_append_new (offsets, json_pack ("{s:i, s:I, s:i}", "stream", (int) s, "offset_ns",
                                                 (json_int_t) late_ns[s], "doubt_ns", 1));
      for (guint i = 0; i < 4; i++)
        g_ptr_array_add (items, frame_of (&sensor, 100 * MS * i + late_ns[s]));
    }
  g_autoptr (json_t) session
      = json_pack ("{s:{s:O}, s:[{s:{s:O}}]}", "info", "sensors", sensors, "reports", "align", "sensors", offsets);
  AssayId before = ASSAY_ID_NIL;
  for (guint round = 0; round < 2; round++) /* the same for whoever reckons it */
    {
      g_autoptr (AssaySessionTime) time = assay_session_time_new (session);
      assay_session_time_find_moments (time, items);
      for (guint i = 0; i < 4; i++)
        {
          AssayItemTime first, second, third;
          assert_true (assay_session_time_of_item (time, items->pdata[i], &first));
          assert_true (assay_session_time_of_item (time, items->pdata[4 + i], &second));
          assert_true (assay_session_time_of_item (time, items->pdata[8 + i], &third));
          assert_false (assay_id_is_nil (&first.moment));
          assert_true (assay_id_equal (&first.moment, &second.moment));
          assert_true (assay_id_equal (&first.moment, &third.moment));
          if (i == 0 && round == 1)
            assert_true (assay_id_equal (&first.moment, &before));
          if (i == 0)
            before = first.moment;
          else
            assert_false (assay_id_equal (&first.moment, &before));
        }
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (frames_that_turn_out_to_show_one_instant_share_a_moment),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
