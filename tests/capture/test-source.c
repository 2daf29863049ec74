/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/source.h"
#include "capture/stream.h"
#include "core/error.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void
every_source_keeps_its_promises (void **state)
{
  guint n;
  const AssaySource *const *sources = assay_source_list (&n);
  assert_true (n >= 4);
  for (guint i = 0; i < n; i++)
    {
      const AssaySource *source = sources[i];
      g_autoptr (GError) error = NULL;
      g_autoptr (AssayOptions) options = assay_options_new (source->options);
      g_autofree char *nonsense = g_strconcat (source->id, ":there is no such device", NULL);
      assert_ptr_equal (assay_source_find (source->id), source);
      assert_ptr_equal (assay_source_of (nonsense, NULL), source);
      assert_non_null (source->title);
      assert_true (source->probe && source->open && source->get_format && source->start && source->next
                   && source->wake && source->close);
      for (const AssayOption *option = source->options; option != NULL && option->name != NULL; option++)
        {
          assert_non_null (option->help);
          if (option->default_text != NULL)
            assert_true (assay_options_set (options, option->name, option->default_text, NULL));
        }
      assert_null (source->open (nonsense, options, &error));
      assert_non_null (error);
      assert_non_null (strstr (error->message, "there is no such device"));
      source->close (NULL);
    }
}

static void
what_is_found_can_be_opened_by_its_id (void **state)
{
  g_autoptr (GPtrArray) infos = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_device_info_free);
  assert_true (assay_source_find ("pattern")->probe (infos, NULL));
  assert_true (infos->len >= 3);
  for (guint i = 0; i < infos->len; i++)
    {
      const AssayDeviceInfo *info = infos->pdata[i];
      g_autoptr (GError) error = NULL;
      g_autoptr (AssayStream) stream = assay_stream_open (info->kind, info->id, &error);
      assert_null (error);
      assert_int_equal (assay_stream_get_kind (stream), info->kind);
    }
}

static void
a_pattern_numbers_its_frames_and_stamps_them_evenly (void **state)
{
  const AssaySource *source = assay_source_find ("pattern");
  g_autoptr (AssayOptions) options = assay_options_new (source->options);
  assert_true (assay_options_set (options, "fps", "200", NULL)
               && assay_options_set (options, "frames", "20", NULL));
  AssayDevice *device = source->open ("pattern:bars", options, NULL);
  assert_true (source->start (device, NULL));
  gint64 first_ns = 0;
  for (guint i = 0; i < 20; i++)
    {
      AssayFrame frame;
      assert_int_equal (source->next (device, 1000, &frame), 0);
      assert_true (frame.sequence == i);
      first_ns = i == 0 ? frame.stamp_ns : first_ns;
      assert_true (frame.stamp_ns - first_ns == i * 5000000);
      guint number = 0;
      for (guint bit = 0; bit < 32; bit++) /* the middle of each square */
        number |= (guint) (frame.data[3 * (640 * 4 + bit * 8 + 4)] > 128) << bit;
      assert_int_equal (number, i);
    }
  AssayFrame frame;
  assert_int_equal (source->next (device, 1000, &frame), -ENODATA);
  source->close (device);
}

static void
words_are_split_into_id_options_and_controls (void **state)
{
  static const struct
  {
    const char *words, *why; /* NULL = opens */
  } cases[] = {
    { "pattern:red,size=64x48,fps=10", NULL },
    { "pattern:red,size=64", "is no size" },
    { "pattern:red,fps=fast", "is not a number" },
    { "pattern:red,brightness=3", "has no such setting" },
    { "pattern:red,size=64x48,nonsense", "NAME=VALUE" },
    { "pattern:mauve", "no such pattern" },
    { "pattern:tone", "it is no camera" },
    { "usb:red", "starts with none of" },
    { "replay:/no, such/folder, at all", "/no, such/folder, at all" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (AssayStream) stream = assay_stream_open (ASSAY_DEVICE_CAMERA, cases[i].words, &error);
      assert_true ((stream != NULL) == (cases[i].why == NULL));
      if (cases[i].why != NULL && strstr (error->message, cases[i].why) == NULL)
        fail_msg ("%s: %s", cases[i].words, error->message);
    }
}

static void
a_screen_sees_the_newest_and_a_meter_the_loudest (void **state)
{
  g_autoptr (AssayStream) camera
      = assay_stream_open (ASSAY_DEVICE_CAMERA, "pattern:green,size=64x48,fps=100,format=YUYV", NULL);
  g_autoptr (AssayStream) microphone = assay_stream_open (ASSAY_DEVICE_MICROPHONE, "pattern:tone", NULL);
  assert_true (assay_stream_start (camera, NULL) && assay_stream_start (microphone, NULL));
  g_autoptr (AssayPicture) picture = NULL;
  for (guint i = 0; i < 200 && (picture = assay_stream_peek (camera)) == NULL; i++)
    g_usleep (10000);
  assert_non_null (picture);
  assert_true (picture->data[0] <= 2 && picture->data[1] >= 253 && picture->data[2] <= 2);
  double peak = 0, rms = 0;
  for (guint i = 0; i < 200 && rms < 0.34; i++)
    {
      double now;
      g_usleep (10000);
      assay_stream_peek_level (microphone, &now, &rms);
      peak = MAX (peak, now);
    }
  assert_true (peak > 0.49 && peak < 0.51);
  assert_true (rms > 0.33 && rms < 0.37); /* 0.5 / sqrt 2 */
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (every_source_keeps_its_promises),
    cmocka_unit_test (what_is_found_can_be_opened_by_its_id),
    cmocka_unit_test (a_pattern_numbers_its_frames_and_stamps_them_evenly),
    cmocka_unit_test (words_are_split_into_id_options_and_controls),
    cmocka_unit_test (a_screen_sees_the_newest_and_a_meter_the_loudest),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
