/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The live half of Capture: what is drawn over the picture, settings that reach the camera, sensors that go away and
 * come back, losses that are told, levels. */
#include "tests/ui/ui.h"

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static char *
new_project (const char *name)
{
  char *directory = ui_dup_folder (name);
  g_autofree char *said = ui_assay ("init", directory, NULL);
  return directory;
}

static Ui *
start (const char *directory)
{
  Ui *ui = ui_start (directory, "Grace");
  ui_key (ui, "alt+1");
  return ui;
}

/* A place in a camera's picture, as shares of its tile, and the colour that is to be there. */
typedef struct
{
  const char *camera;
  double x, y;
  guint32 colour;
  gboolean other; /* any other colour than that one */
} Spot;

static gboolean
has_colour (Ui *ui, gpointer data)
{
  const Spot *spot = data;
  int x, y, width, height;
  if (!ui_has (ui, "image", spot->camera))
    return FALSE;
  ui_get_extents (ui, ui_find (ui, "image", spot->camera), &x, &y, &width, &height);
  guint32 colour = ui_pixel (ui, x + (int) (width * spot->x), y + (int) (height * spot->y));
  return width > 0 && (colour == spot->colour) != spot->other;
}

static void
wait_colour (Ui *ui, Spot spot, const char *what)
{
  ui_wait (ui, has_colour, &spot, what);
}

/* Somewhere along the middle of the picture: stripes come and go. */
static gboolean
has_stripes (Ui *ui, gpointer camera)
{
  int x, y, width, height;
  ui_get_extents (ui, ui_find (ui, "image", camera), &x, &y, &width, &height);
  for (int i = 0; i < 60; i++)
    if (ui_pixel (ui, x + width / 2 + i, y + height / 2) == 0xeb1e1e)
      return TRUE;
  return FALSE;
}

static gboolean
has_no_stripes (Ui *ui, gpointer camera)
{
  return !has_stripes (ui, camera);
}

static void
keys_draw_over_the_picture_and_it_is_remembered (void **state)
{
  static const Spot plain = { "Plain red", 0.5, 0.5, 0xff0000, FALSE };
  g_autofree char *directory = new_project ("overlays");
  {
    g_autoptr (Ui) ui = start (directory);
    ui_click (ui, ui_find (ui, "check box", "Plain red"));
    wait_colour (ui, plain, "a red picture");
    ui_key (ui, "x");
    ui_wait (ui, has_stripes, (gpointer) "Plain red", "stripes where it is too bright");
    ui_key (ui, "x");
    ui_wait (ui, has_no_stripes, (gpointer) "Plain red", "no stripes any more");
    ui_key (ui, "h");
    wait_colour (ui, (Spot){ "Plain red", 0.97, 0.25, 0xff0000, TRUE }, "a histogram in the corner");
    ui_key (ui, "p");
    ui_key (ui, "g");
    ui_shot (ui, "live-overlays");
  }
  g_autoptr (Ui) ui = start (directory);
  ui_click (ui, ui_find (ui, "check box", "Plain red"));
  wait_colour (ui, plain, "a red picture again");
  wait_colour (ui, (Spot){ "Plain red", 0.97, 0.25, 0xff0000, TRUE }, "the histogram still there");
}

/* By keys alone, in the settings. */
static void
walk_to (Ui *ui, const char *name)
{
  ui_key (ui, "alt+1");
  ui_key (ui, "shift+F6");
  for (guint i = 0; i < 20 && !ui_is_focused (ui_find (ui, "check box", name)); i++)
    ui_key (ui, "Tab");
  ui_wait_focus (ui, "check box", name);
}

static void
a_setting_arrives_at_the_camera_and_a_preset_brings_it_back (void **state)
{
  static const Spot grey = { "Test card with settings", 0.03, 0.5, 0xbfbfbf, FALSE },
                    black = { "Test card with settings", 0.03, 0.5, 0x000000, FALSE };
  g_autofree char *directory = new_project ("controls");
  g_autoptr (Ui) ui = start (directory);
  ui_click (ui, ui_find (ui, "check box", "Test card with settings"));
  wait_colour (ui, grey, "the first bar on the left");
  ui_click (ui, ui_find (ui, "check box", "Horizontal Flip"));
  wait_colour (ui, black, "the last bar on the left");
  ui_enter (ui, "Name of the preset", "bench");
  ui_click (ui, ui_find (ui, NULL, "Save the preset"));
  ui_wait_text (ui, "saved");
  ui_shot (ui, "live-settings");
  ui_click (ui, ui_find (ui, "check box", "Horizontal Flip"));
  wait_colour (ui, grey, "the first bar on the left once more");
  walk_to (ui, "Horizontal Flip");
  ui_key (ui, "space"); /* for the switch: no still is taken */
  wait_colour (ui, black, "the last bar, switched by the keyboard");
  ui_key (ui, "space");
  wait_colour (ui, grey, "and back");
  ui_click (ui, ui_find (ui, NULL, "Restore"));
  wait_colour (ui, black, "the preset in the picture");
  ui_wait_text (ui, "everything came out as wanted");
  ui_click (ui, ui_find (ui, "push button", "Lock as it is now"));
  ui_wait_text (ui, "locked: everything");
}

static void
a_camera_that_is_pulled_is_away_and_goes_on_when_it_is_back (void **state)
{
  static const Spot green = { "green", 0.5, 0.5, 0x00ff00, FALSE };
  g_autofree char *directory = new_project ("away"), *away = g_build_filename (directory, "away", NULL);
  g_autofree char *words = g_strdup_printf ("pattern:green,away=%s", away);
  g_setenv ("ASSAY_CAMERAS", words, TRUE);
  g_autoptr (Ui) ui = start (directory);
  g_unsetenv ("ASSAY_CAMERAS");
  ui_click (ui, ui_find (ui, "check box", "green"));
  wait_colour (ui, green, "a green picture");
  assert_true (g_file_set_contents (away, "", 0, NULL));
  ui_wait_text (ui, "away for");
  g_unlink (away);
  wait_colour (ui, green, "the picture again");
  ui_wait_text (ui, "of 30 fps");

  /* The same in a recording. */
  int x, y, width, height;
  ui_click (ui, ui_find (ui, "image", "green"));
  ui_key (ui, "space");
  ui_wait_text (ui, "1 still");
  assert_true (g_file_set_contents (away, "", 0, NULL));
  ui_wait_text (ui, "green is away:");
  ui_wait_text (ui, "the camera is away: plug it in again");
  ui_settle (ui);
  ui_get_extents (ui, ui_find (ui, NULL, "Take a Still"), &x, &y, &width, &height);
  assert_in_range (y + height, 1, 720); /* the banner, the last takes and the form leave it on a small screen */
  ui_shot (ui, "live-away");
  g_unlink (away);
  ui_wait_text (ui, "frames of green were lost");
  ui_wait_text (ui, "of 30 fps");
}

static void
losses_are_told_in_huge_letters (void **state)
{
  g_autofree char *directory = new_project ("losses");
  g_setenv ("ASSAY_CAMERAS", "pattern:grey,lose=20", TRUE);
  g_autoptr (Ui) ui = start (directory);
  g_unsetenv ("ASSAY_CAMERAS");
  ui_click (ui, ui_find (ui, "check box", "grey"));
  wait_colour (ui, (Spot){ "grey", 0.5, 0.5, 0x808080, FALSE }, "a grey picture");
  assert_false (ui_has (ui, NULL, "were lost"));
  ui_click (ui, ui_find (ui, "image", "grey"));
  ui_key (ui, "space");
  ui_wait_text (ui, "frames of grey were lost");
  ui_shot (ui, "live-losses");
}

static gboolean
is_level (Ui *ui, gpointer data)
{
  g_autofree char *words = ui_dup_description (ui_find (ui, "image", "Level of Tone of 440 Hz"));
  return words != NULL && strcmp (words, data) == 0;
}

static void
meters_show_what_is_heard_and_silence_is_asked_about (void **state)
{
  g_autofree char *directory = new_project ("meters");
  g_setenv ("ASSAY_MICROPHONES", "pattern:silence", TRUE);
  g_autoptr (Ui) ui = start (directory);
  g_unsetenv ("ASSAY_MICROPHONES");
  ui_click (ui, ui_find (ui, "check box", "Tone of 440 Hz"));
  /* A sine of half the full scale. */
  ui_wait (ui, is_level, (gpointer) "-9 dBFS, peak -6 dBFS", "the level of the tone");
  ui_click (ui, ui_find (ui, "check box", "silence"));
  ui_wait_text (ui, "silent?");
  ui_shot (ui, "live-meters");
}

/* A place on the screen and the colour that is to be there: looked at without searching, for green goes away again. */
typedef struct
{
  int x, y;
  guint32 colour;
} Place;

static gboolean
is_coloured (Ui *ui, gpointer data)
{
  const Place *place = data;
  return ui_pixel (ui, place->x, place->y) == place->colour;
}

static void
a_recording_is_red_and_its_clean_end_is_green (void **state)
{
  g_autofree char *directory = new_project ("recording");
  g_autoptr (Ui) ui = start (directory);
  ui_click (ui, ui_find (ui, "check box", "Test card with frame numbers"));
  ui_click (ui, ui_find (ui, "check box", "Plain red"));
  ui_click (ui, ui_find (ui, "check box", "Tone of 440 Hz"));
  wait_colour (ui, (Spot){ "Plain red", 0.5, 0.5, 0xff0000, FALSE }, "a red picture");
  ui_wait_text (ui, "LUFS");
  ui_shot (ui, "live-two");
  ui_key (ui, "v"); /* video */
  ui_click (ui, ui_find (ui, "image", "Plain red")); /* large, and it has the keys */
  ui_key (ui, "space");
  ui_wait_text (ui, "0 lost");
  /* The frame, in the middle of its left edge. */
  int x, y, width, height;
  ui_get_extents (ui, ui_find (ui, NULL, "Live"), &x, &y, &width, &height);
  Place place = { x + 4, y + height / 2, 0xc01c28 };
  ui_wait (ui, is_coloured, &place, "a red frame");
  ui_wait_text (ui, "skew");
  ui_shot (ui, "live-recording");
  ui_key (ui, "space");
  place.colour = 0x26a269; /* amber, if anything was lost */
  ui_wait (ui, is_coloured, &place, "a green frame");
  ui_shot (ui, "live-done");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (keys_draw_over_the_picture_and_it_is_remembered),
    cmocka_unit_test (a_setting_arrives_at_the_camera_and_a_preset_brings_it_back),
    cmocka_unit_test (a_camera_that_is_pulled_is_away_and_goes_on_when_it_is_back),
    cmocka_unit_test (a_recording_is_red_and_its_clean_end_is_green),
    cmocka_unit_test (losses_are_told_in_huge_letters),
    cmocka_unit_test (meters_show_what_is_heard_and_silence_is_asked_about),
  };
  return cmocka_run_group_tests_name ("live", tests, NULL, NULL);
}
