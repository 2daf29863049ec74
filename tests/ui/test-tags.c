/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tags: one key a clip, and one for many pictures. */
#include "core/project.h"
#include "core/sound.h"
#include "tests/ui/drawing.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <glib/gstdio.h>

#include <cmocka.h>

static void
write_sound (const char *folder, guint number)
{
  g_autofree char *path = g_strdup_printf ("%s/clip-%u.wav", folder, number);
  AssaySoundWriter *writer = assay_sound_writer_new (path, 8000, 1, NULL);
  g_autofree float *samples = g_new (float, 8000);
  for (guint i = 0; i < 8000; i++)
    samples[i] = 0.5f * sinf ((float) (i * number) * 0.1f);
  assert_true (assay_sound_writer_add (writer, samples, 8000, NULL));
  assert_true (assay_sound_writer_close (writer, NULL));
}

static char *
new_project_of_clips (void)
{
  char *directory = ui_dup_folder ("clips");
  g_autofree char *material = g_strconcat (directory, "-material", NULL);
  g_autofree char *rules = g_strconcat (directory, "-rules.json", NULL);
  assert_int_equal (g_mkdir (material, 0700), 0);
  for (guint i = 1; i <= 3; i++)
    write_sound (material, i);
  assert_true (g_file_set_contents (rules, "{\"single\": true, \"items\": {\"media\": \"sound\"}}", -1, NULL));
  g_autofree char *init = ui_assay ("init", directory, NULL);
  g_autofree char *task = ui_assay ("-C", directory, "task", "add", "work", "--kind", "tag", "--classes",
                                    "speech,noise", "--rules", rules, NULL);
  g_autofree char *import = ui_assay ("-C", directory, "import", material, NULL);
  assert_true (init != NULL && task != NULL && import != NULL);
  return directory;
}

static gboolean
waveform_says (Ui *ui, gpointer data)
{
  return drawing_says (ui, "Waveform", data);
}

static void
assert_tag (const char *directory, guint nth, const char *name)
{
  g_autoptr (AssayObjects) draft = drawing_read_draft (directory, nth, "Grace");
  assert_int_equal (draft->list->len, name != NULL);
  if (name == NULL)
    return;
  g_autoptr (AssayProject) project = assay_project_open (directory, ASSAY_STORE_READ, NULL);
  g_autoptr (AssayTask) task = assay_task_find (project->store, "work", NULL);
  const AssayObject *tag = draft->list->pdata[0];
  assert_string_equal (assay_task_find_class (task, &tag->class_id)->name, name);
}

static void
a_clip_is_heard_and_tagged_by_one_key_and_the_next_one_comes (void **state)
{
  g_autofree char *directory = new_project_of_clips ();
  g_setenv ("ASSAY_SOUND", g_getenv ("ASSAY_FAKE_SOUND"), TRUE); /* it plays to the middle, and stays there */
  Ui *ui = ui_start (directory, "Grace");
  ui_key (ui, "alt+2");
  ui_wait (ui, waveform_says, "cursor at 0.000, 0 tags", "a clip without a tag");
  ui_key (ui, "space");
  ui_wait (ui, waveform_says, "cursor at 0.500", "the clip as it plays");
  ui_find (ui, "push button", "Stop");
  ui_key (ui, "space");
  ui_find (ui, "push button", "Play");
  ui_key (ui, "2");
  ui_wait_text (ui, "2 of 3");
  ui_wait (ui, waveform_says, "cursor at 0.000, 0 tags", "the next clip");
  /* It plays by itself when that is wanted, and so does the one after it. */
  ui_click (ui, ui_find (ui, "check box", "Play at once"));
  ui_key (ui, "1");
  ui_wait_text (ui, "3 of 3");
  ui_wait (ui, waveform_says, "cursor at 0.500, 0 tags", "the clip that plays by itself");
  ui_shot (ui, "tags-clip");
  ui_wait_text (ui, "Saved");
  ui_kill (ui);
  assert_tag (directory, 0, "noise");
  assert_tag (directory, 1, "speech");
  assert_tag (directory, 2, NULL);
}

static guint
count_submitted (const char *directory)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayProject) project = assay_project_open (directory, ASSAY_STORE_READ, &error);
  g_autoptr (AssayTask) task = assay_task_find (project->store, "work", &error);
  g_autoptr (AssayAnnotator) annotator = assay_annotator_find (project->store, "Grace", &error);
  g_autoptr (GArray) rows = assay_item_list_rows (project->store, NULL, &error);
  guint n = 0;
  for (guint i = 0; i < rows->len; i++)
    {
      AssayLabelState state;
      assert_true (assay_label_get_state (project->store, g_array_index (rows, gint64, i), task->row,
                                          annotator->row, &state, &error));
      n += state == ASSAY_LABEL_SUBMITTED;
    }
  return n;
}

static void
many_are_tagged_by_one_key_and_handed_in_by_keys_alone (void **state)
{
  g_autofree char *directory = drawing_new_project ("sheet", "tag", NULL);
  Ui *ui = drawing_start (directory, "Grace", "");
  ui_key (ui, "shift+g");
  ui_find (ui, NULL, "picture-3.png, no tag");
  ui_wait_focus (ui, NULL, "picture-1.png, no tag");
  ui_key (ui, "1");
  ui_find (ui, NULL, "picture-1.png, cup");
  ui_key (ui, "Right");
  ui_key (ui, "shift+Right");
  ui_wait_text (ui, "2 selected");
  ui_key (ui, "2");
  ui_find (ui, NULL, "picture-2.png, hand");
  ui_find (ui, NULL, "picture-3.png, hand");
  /* The other one by its letters; and the whole gesture back again. */
  ui_key (ui, "slash");
  ui_find (ui, NULL, "Type a class");
  ui_type (ui, "cu");
  ui_key (ui, "Return");
  ui_find (ui, NULL, "picture-2.png, hand, cup");
  ui_shot (ui, "tags-grid");
  ui_key (ui, "ctrl+z");
  ui_wait_text (ui, "taken back: tag cup on 2 items");
  ui_find (ui, NULL, "picture-1.png, cup");
  ui_find (ui, NULL, "picture-2.png, hand");
  ui_find (ui, NULL, "picture-3.png, hand");
  ui_find (ui, "push button", "Submit 3 Shown");
  ui_key (ui, "ctrl+Return");
  ui_wait_text (ui, "nothing more is wanted from you");
  assert_int_equal (count_submitted (directory), 3);
  ui_click (ui, ui_find (ui, "push button", "Undo"));
  ui_find (ui, NULL, "picture-3.png, hand");
  assert_int_equal (count_submitted (directory), 0);
  /* One of them on the desk. */
  ui_wait_focus (ui, NULL, "picture-1.png, cup");
  ui_key (ui, "Return");
  drawing_wait (ui, "");
  ui_kill (ui);
  assert_tag (directory, 0, "cup");
  assert_tag (directory, 1, "hand");
  assert_tag (directory, 2, "hand");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_clip_is_heard_and_tagged_by_one_key_and_the_next_one_comes),
    cmocka_unit_test (many_are_tagged_by_one_key_and_handed_in_by_keys_alone),
  };
  return cmocka_run_group_tests_name ("tags", tests, NULL, NULL);
}
