/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Capture, the taking: what the form says ends on the items, nobody is recorded against the plan, and a bad take is
 * told apart with a key. */
#include "core/flag.h"
#include "core/item.h"
#include "core/json.h"
#include "core/project.h"
#include "core/sensor.h"
#include "tests/ui/ui.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtspiStateSet, g_object_unref)

static char *
new_project (const char *name, const char *plan_text)
{
  char *directory = ui_dup_folder (name);
  g_autofree char *said = ui_assay ("init", directory, NULL);
  g_autofree char *plan = g_build_filename (directory, "plan.json", NULL);
  assert_true (g_file_set_contents (plan, plan_text, -1, NULL));
  g_autofree char *answered = ui_assay ("-C", directory, "plan", "set", plan, NULL);
  return directory;
}

static guint
count_items (const char *directory)
{
  g_autoptr (AssayProject) project = assay_project_open (directory, ASSAY_STORE_READ, NULL);
  g_autoptr (GArray) rows = project != NULL ? assay_item_list_rows (project->store, NULL, NULL) : NULL;
  return rows != NULL ? rows->len : 0;
}

static gboolean
has_items (Ui *ui, gpointer data)
{
  return count_items (data) > 0;
}

static gboolean
is_sensitive (AtspiAccessible *node)
{
  atspi_accessible_clear_cache (node);
  g_autoptr (AtspiStateSet) states = atspi_accessible_get_state_set (node);
  return atspi_state_set_contains (states, ATSPI_STATE_SENSITIVE);
}

static gboolean
can_take (Ui *ui, gpointer data)
{
  return is_sensitive (ui_find (ui, NULL, "Take a Still"));
}

static gboolean
cannot_take (Ui *ui, gpointer data)
{
  return !can_take (ui, data);
}

static void
enter_capture (Ui *ui)
{
  ui_key (ui, "alt+1");
  ui_click (ui, ui_find (ui, "check box", "Plain red"));
}

/* Out of an entry, where Space is a space, and round to the picture. */
static void
leave_form (Ui *ui)
{
  for (guint i = 0; i < 6 && !ui_is_focused (ui_find (ui, NULL, "Live")); i++)
    {
      ui_key (ui, "F6");
      ui_settle (ui);
    }
  ui_wait_focus (ui, NULL, "Live");
}

static void
nobody_is_recorded_before_the_consent_is_named_and_the_checklist_ticked (void **state)
{
  g_autofree char *directory = new_project (
      "consent", "{\"capture\":{\"consent\":true,\"checklist\":[\"lens cleaned\"],\"fields\":[\"light\"]}}");
  g_autoptr (Ui) ui = ui_start (directory, "Grace");
  enter_capture (ui);
  ui_wait_text (ui, "enter the reference of the signed form");
  ui_wait (ui, cannot_take, NULL, "Record out of reach");
  ui_shot (ui, "take-stopped");
  ui_key (ui, "space");

  ui_enter (ui, "Consent", "form 12");
  ui_wait_text (ui, "do it, and tick it");
  assert_false (can_take (ui, NULL));
  ui_click (ui, ui_find (ui, "check box", "lens cleaned"));
  ui_wait (ui, can_take, NULL, "Record in reach");
  assert_int_equal (count_items (directory), 0);

  ui_enter (ui, "Consent", " ");
  ui_wait (ui, cannot_take, NULL, "Record out of reach again");
}

/* On a small screen: the fields stand in even rows, the number has its unit, what is to be done has its reason. */
static void
assert_layout (Ui *ui)
{
  static const char *const rows[][4]
      = { { "Subject", "light", "backdrop", "class" }, { "Conditions", "Consent", "Planned", "Notes" } };
  int x, y, width, height, row_y = 0;
  for (guint i = 0; i < 8; i++)
    {
      ui_get_extents (ui, ui_find (ui, NULL, rows[i / 4][i % 4]), &x, &y, &width, &height);
      if (i % 4 == 0)
        row_y = y;
      assert_int_equal (y, row_y);
    }
  ui_key (ui, "m");
  ui_get_extents (ui, ui_find (ui, "label", "s before"), &x, &y, &width, &height);
  assert_true (width >= 48); /* all of it: an ellipsis has 12 */
  ui_wait_text (ui, "no microphone is on: switch one on");
  ui_key (ui, "s");
  ui_wait (ui, can_take, NULL, "Record in reach again");
}

static void
still_by_space_has_what_the_form_says (void **state)
{
  g_autofree char *directory = new_project (
      "form",
      "{\"targets\":[{\"class\":\"mug\",\"condition\":{\"light\":\"low\"},\"count\":20}],"
      "\"capture\":{\"consent\":true,\"checklist\":[\"lens cleaned\"],\"fields\":[\"light\",\"backdrop\"]}}");
  g_autoptr (Ui) ui = ui_start (directory, "Grace");
  enter_capture (ui);
  ui_enter (ui, "Subject", "mug 3");
  ui_enter (ui, "backdrop", "wood");
  ui_enter (ui, "Conditions", "hand=left");
  ui_enter (ui, "Consent", "form 12");
  ui_enter (ui, "Notes", "handle chipped");
  ui_click (ui, ui_find (ui, "check box", "lens cleaned"));
  ui_enter (ui, "light", "low");
  ui_enter (ui, "Planned", "900000000");
  ui_wait_text (ui, "the plan takes"); /* more than any disk has free */
  ui_wait (ui, cannot_take, NULL, "Record out of reach");
  ui_enter (ui, "Planned", "40");
  ui_wait (ui, can_take, NULL, "Record in reach");
  leave_form (ui);
  assert_layout (ui);
  ui_key (ui, "space");
  ui_wait (ui, has_items, directory, "an item in the project");
  ui_wait_text (ui, "1 of 20"); /* the plan counts it */
  ui_shot (ui, "take-form");

  g_autoptr (AssayProject) project = assay_project_open (directory, ASSAY_STORE_READ, NULL);
  g_autoptr (GArray) rows = assay_item_list_rows (project->store, NULL, NULL);
  assert_int_equal (rows->len, 1);
  g_autoptr (AssayItem) item = assay_item_get_row (project->store, g_array_index (rows, gint64, 0), NULL);
  const json_t *conditions = json_object_get (item->facts, "conditions");
  assert_int_equal (json_object_size (conditions), 3);
  assert_string_equal (json_string_value (json_object_get (conditions, "light")), "low");
  assert_string_equal (json_string_value (json_object_get (conditions, "backdrop")), "wood");
  assert_string_equal (json_string_value (json_object_get (conditions, "hand")), "left");
  assert_string_equal (json_string_value (json_object_get (item->facts, "subject")), "mug 3");
  assert_string_equal (json_string_value (json_object_get (item->facts, "consent")), "form 12");
  assert_string_equal (json_string_value (json_object_get (item->facts, "note")), "handle chipped");
  g_autoptr (json_t) session = assay_session_get (project->store, &item->session, NULL);
  const json_t *planned = json_object_get (json_object_get (session, "info"), "planned");
  assert_int_equal (json_integer_value (json_object_get (planned, "stills")), 40);
}

/* As the recorder itself counted it, from the answer of the command line. */
static gint64
lost_of (const char *answer)
{
  g_autoptr (json_t) report = json_loads (answer, 0, NULL);
  const json_t *sensor = json_array_get (json_object_get (report, "sensors"), 0);
  return json_integer_value (json_object_get (sensor, "lost"));
}

static void
receipt_names_what_was_lost_and_those_of_all_recordings_are_at_hand (void **state)
{
  g_autofree char *directory = new_project ("receipt", "{}");
  g_autofree char *calm = ui_assay ("-C", directory, "capture", "--camera", "pattern:bars,size=64x48,fps=50",
                                    "--frames", "5", "--session", "calm", "--note", "cable replaced", NULL);
  g_autofree char *answer = ui_assay ("-C", directory, "capture", "--camera",
                                      "pattern:red,size=64x48,fps=50,lose=10", "--frames", "45", "--json", NULL);
  gint64 lost = lost_of (answer);
  assert_true (lost >= 4);
  g_autofree char *verdict = g_strdup_printf ("%" G_GINT64_FORMAT " frames of ", lost);

  g_autoptr (Ui) ui = ui_start (directory, "Grace");
  ui_key (ui, "alt+1");
  ui_click (ui, ui_find (ui, NULL, "What can be done with sensors"));
  ui_find (ui, NULL, "Receipt of the Last Recording");
  ui_key (ui, "p"); /* keys go to the menu while it is open */
  ui_wait_text (ui, verdict);
  ui_wait_text (ui, "were lost");
  ui_wait_text (ui, "by the device's own count");
  ui_find (ui, "label", "files");
  ui_settle (ui);
  ui_shot (ui, "receipt-lost");
  ui_find (ui, "push button", "Save as PDF…");
  ui_find (ui, "push button", "Print…");

  ui_click (ui, ui_find (ui, "push button", "Recordings…"));
  ui_find (ui, "list item", "calm");
  ui_settle (ui);
  ui_shot (ui, "receipts");
  ui_click (ui, ui_find (ui, "list item", "calm"));
  ui_wait_text (ui, "Nothing was lost");
  ui_wait_text (ui, "Note: cable replaced");
  ui_key (ui, "Escape");
  ui_wait_gone (ui, NULL, "Save as Text…");
  ui_wait_focus (ui, NULL, "Live");
}

static void
receipt_opens_when_a_recording_is_stopped (void **state)
{
  g_autofree char *directory = new_project ("stop", "{}");
  g_autoptr (Ui) ui = ui_start (directory, "Grace");
  ui_key (ui, "alt+1");
  ui_click (ui, ui_find (ui, "check box", "Tone of 440 Hz"));
  ui_click (ui, ui_find (ui, NULL, "Record Sound"));
  ui_wait_text (ui, "samples");
  ui_click (ui, ui_find (ui, NULL, "Stop"));
  ui_find (ui, NULL, "Save as Text…");
  ui_find (ui, "label", "received");
  assert_int_equal (count_items (directory), 1);
  ui_settle (ui);
  ui_shot (ui, "receipt");
}

typedef struct
{
  const char *directory;
  guint n, n_bad;
} Wanted;

static guint
count_bad (const char *directory)
{
  g_autoptr (AssayProject) project = assay_project_open (directory, ASSAY_STORE_READ, NULL);
  g_autoptr (GArray) rows = assay_flag_list_items (project->store, ASSAY_FLAG_BAD, NULL);
  return rows->len;
}

static gboolean
has_takes (Ui *ui, gpointer data)
{
  const Wanted *wanted = data;
  return count_items (wanted->directory) == wanted->n && count_bad (wanted->directory) == wanted->n_bad;
}

static void
bad_take_is_marked_by_a_key_taken_back_and_repeated_and_does_not_count (void **state)
{
  g_autofree char *directory
      = new_project ("bad", "{\"targets\":[{\"condition\":{\"light\":\"low\"},\"count\":20}]}");
  g_autoptr (Ui) ui = ui_start (directory, "Grace");
  ui_key (ui, "alt+1");
  ui_click (ui, ui_find (ui, "check box", "Test card with frame numbers"));
  ui_enter (ui, "light", "low");
  ui_wait (ui, can_take, NULL, "Record in reach");
  leave_form (ui);
  ui_key (ui, "space");
  ui_wait (ui, has_takes, &(Wanted){ directory, 1, 0 }, "one still");
  ui_wait_text (ui, "Last take: still");
  ui_wait_text (ui, "1 of 20");

  ui_key (ui, "b");
  ui_wait (ui, has_takes, &(Wanted){ directory, 1, 1 }, "the still marked bad");
  ui_wait_text (ui, "0 of 20");
  /* Undo is of the take that was marked, however many are taken since; it stays while the pointer is on it. */
  int x, y, width, height;
  ui_get_extents (ui, ui_find (ui, "push button", "Undo"), &x, &y, &width, &height);
  ui_move (ui, x + width / 2, y + height / 2);
  ui_key (ui, "space");
  ui_wait (ui, has_takes, &(Wanted){ directory, 2, 1 }, "another still");
  ui_click_at (ui, x + width / 2, y + height / 2);
  ui_wait (ui, has_takes, &(Wanted){ directory, 2, 0 }, "the first still counting again");
  ui_key (ui, "b");
  ui_wait (ui, has_takes, &(Wanted){ directory, 2, 1 }, "the second still marked bad");
  ui_key (ui, "b");
  ui_wait (ui, has_takes, &(Wanted){ directory, 2, 0 }, "the mark taken back");
  ui_key (ui, "r");
  ui_wait (ui, has_takes, &(Wanted){ directory, 3, 1 }, "the second one bad, and another one taken");

  ui_key (ui, "n");
  ui_wait_focus (ui, NULL, "Note of the last take");
  ui_type (ui, "shadow");
  ui_key (ui, "Return");
  ui_wait_text (ui, "(shadow)");
  ui_settle (ui);
  ui_shot (ui, "filmstrip");
  g_autoptr (AssayProject) project = assay_project_open (directory, ASSAY_STORE_READ, NULL);
  g_autoptr (GArray) noted = assay_flag_list_items (project->store, ASSAY_FLAG_NOTE, NULL);
  g_autoptr (GArray) bad = assay_flag_list_items (project->store, ASSAY_FLAG_BAD, NULL);
  assert_int_equal (noted->len, 1);
  assert_int_not_equal (g_array_index (noted, gint64, 0), g_array_index (bad, gint64, 0));
}

/* How many frames of it are on the disk, as the recorder says. */
static char *
dup_frames (const char *answer, guint at)
{
  g_autoptr (json_t) report = json_loads (answer, 0, NULL);
  const json_t *sensor = json_array_get (json_object_get (report, "sensors"), 0);
  return g_strdup_printf ("%u of %" JSON_INTEGER_FORMAT, at,
                          json_integer_value (json_object_get (sensor, "written")));
}

static void
film_is_seen_frame_by_frame_whether_any_was_drawn_or_not (void **state)
{
  g_autofree char *directory = new_project ("again", "{}");
  g_autofree char *drawn
      = ui_assay ("-C", directory, "capture", "--camera", "pattern:bars,size=320x180,fps=20", "--microphone",
                  "pattern:tone", "--video", "--draw", "5", "--duration", "2", "--json", NULL);
  g_autofree char *bare = ui_assay ("-C", directory, "capture", "--camera", "pattern:bars,size=320x180,fps=20",
                                    "--video", "--draw", "0", "--duration", "0.6", "--json", NULL);
  g_autofree char *all_drawn = dup_frames (drawn, 1), *next_drawn = dup_frames (drawn, 2),
                  *all_bare = dup_frames (bare, 1), *next_bare = dup_frames (bare, 2);
  guint n_items = count_items (directory);
  g_autoptr (Ui) ui = ui_start (directory, "Grace");
  ui_key (ui, "alt+1");
  ui_click (ui, ui_find (ui, "push button", "Last take: video camera-1-0001.film"));
  ui_find (ui, "image", "The take");
  ui_wait_text (ui, all_bare);
  ui_key (ui, "Right");
  ui_wait_text (ui, next_bare);
  ui_key (ui, "Escape");
  ui_wait_gone (ui, "image", "The take");
  ui_wait_focus (ui, NULL, "Live");
  ui_key (ui, "b"); /* it has no item, and none of the take before it is meant */
  ui_wait_text (ui, "no frame of this film is an item");
  assert_int_equal (count_bad (directory), 0);
  assert_int_equal (count_items (directory), n_items);

  ui_click (ui, ui_find (ui, "push button", "video 000001.film"));
  ui_wait_text (ui, all_drawn); /* and not only the ten that were drawn */
  ui_key (ui, "Right");
  ui_wait_text (ui, next_drawn);
  ui_find (ui, "push button", "Play");
  ui_settle (ui);
  ui_shot (ui, "replay");
  ui_key (ui, "Escape");
  ui_wait_gone (ui, "image", "The take");
  ui_find (ui, NULL, "Live");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (film_is_seen_frame_by_frame_whether_any_was_drawn_or_not),
    cmocka_unit_test (bad_take_is_marked_by_a_key_taken_back_and_repeated_and_does_not_count),
    cmocka_unit_test (receipt_names_what_was_lost_and_those_of_all_recordings_are_at_hand),
    cmocka_unit_test (receipt_opens_when_a_recording_is_stopped),
    cmocka_unit_test (nobody_is_recorded_before_the_consent_is_named_and_the_checklist_ticked),
    cmocka_unit_test (still_by_space_has_what_the_form_says),
  };
  cmocka_set_test_filter (g_getenv ("ASSAY_TEST_FILTER"));
  return cmocka_run_group_tests_name ("take", tests, NULL, NULL);
}
