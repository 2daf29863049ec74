/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A script read aloud. A tone stands in for the reader where each take is to begin and end in the middle of a
 * "word"; else a file of real speech with pauses does. */
#include "core/annotator.h"
#include "core/item.h"
#include "core/kind.h"
#include "core/label.h"
#include "core/project.h"
#include "core/sound.h"
#include "core/task.h"
#include "core/transcript.h"
#include "tests/ui/ui.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include <cmocka.h>

enum
{
  RATE_HZ = 16000,
  WORDS = RATE_HZ,     /* "he was not": the first second of the sample */
  PAUSE = 3 * RATE_HZ, /* the meter holds the peak for 1.5 s, then it comes down */
  N_ROUNDS = 20
};

static guint
count_items (const char *directory)
{
  g_autoptr (AssayProject) project = assay_project_open (directory, ASSAY_STORE_READ, NULL);
  g_autoptr (GArray) rows = project != NULL ? assay_item_list_rows (project->store, NULL, NULL) : NULL;
  return rows != NULL ? rows->len : 0;
}

static gboolean
has_one_item (Ui *ui, gpointer data)
{
  return count_items (data) == 1;
}

/* Small and dark, large and light. */
static void
keep (Ui *ui, const char *name)
{
  g_autofree char *shot = g_strdup_printf ("reading-%s-%d", name, ui_get_width (ui));
  ui_shot (ui, shot);
}

static void
choose_theme (Ui *ui)
{
  ui_maximise (ui);
  if (ui_get_width (ui) < 1900)
    return;
  ui_key (ui, "F10");
  ui_find (ui, NULL, "Light Background");
  ui_key (ui, "l");
  ui_wait_gone (ui, NULL, "Light Background");
}

static gboolean
is_past (Ui *ui, gpointer data)
{
  return g_get_monotonic_time () > *(const gint64 *) data;
}

static void
write_script (Ui *ui)
{
  ui_wait_focus (ui, "text", "Sentences");
  ui_type (ui, "The cup is on the table");
  ui_key (ui, "Return");
  ui_type (ui, "A hand takes it away");
  ui_key (ui, "Return");
  ui_type (ui, "Nobody reads this one");
  ui_wait_text (ui, "3 sentences");
}

static void
a_sentence_that_is_read_and_taken_is_an_item_with_its_draft (void **state)
{
  g_autofree char *directory = ui_dup_folder ("reading");
  g_autofree char *said = ui_assay ("init", directory, NULL);
  g_autofree char *made = ui_assay ("-C", directory, "task", "add", "words", "--kind", "transcript", NULL);
  g_autoptr (Ui) ui = ui_start (directory, "Grace");
  choose_theme (ui);
  ui_key (ui, "alt+1");
  ui_wait_text (ui, "Tone of 440 Hz");
  ui_key (ui, "ctrl+t");
  ui_wait_text (ui, "paste the sentences");
  ui_settle (ui);
  keep (ui, "setup-empty");
  write_script (ui);
  ui_click (ui, ui_find (ui, "text", "Who reads"));
  ui_settle (ui);
  ui_type (ui, "Ada");
  ui_settle (ui);
  keep (ui, "setup");
  ui_click (ui, ui_find (ui, "push button", "Begin"));

  ui_wait_text (ui, "The cup is on the table");
  ui_wait_text (ui, "1 of 3");
  ui_wait_text (ui, "dBFS");
  keep (ui, "ready");
  ui_key (ui, "space");
  ui_wait_text (ui, "Space ends it");
  gint64 until_us = g_get_monotonic_time () + 3 * G_USEC_PER_SEC / 2;
  ui_wait (ui, is_past, &until_us, "a second and a half of reading");
  keep (ui, "recording");
  ui_key (ui, "space");
  ui_wait_text (ui, "speech"); /* what the check says of a tone that was there before the key */
  ui_settle (ui);
  keep (ui, "checked");
  assert_int_equal (count_items (directory), 0); /* not before it is taken */

  ui_key (ui, "r");
  ui_wait_text (ui, "Space ends it");
  ui_key (ui, "space");
  ui_wait_text (ui, "speech");
  ui_key (ui, "Return");
  ui_wait_text (ui, "2 of 3");
  ui_wait_text (ui, "A hand takes it away");
  ui_wait (ui, has_one_item, directory, "the sentence in the project");
  ui_key (ui, "s");
  ui_wait_text (ui, "3 of 3");
  ui_key (ui, "Escape");
  ui_wait_text (ui, "1 of 3 sentences taken");
  ui_settle (ui);
  keep (ui, "report");
  ui_key (ui, "Return");
  ui_wait_gone (ui, NULL, "1 of 3 sentences taken");
  ui_find (ui, "check box", "Tone of 440 Hz"); /* the Capture page again */

  g_autoptr (AssayProject) project = assay_project_open (directory, ASSAY_STORE_READ, NULL);
  g_autoptr (GArray) rows = assay_item_list_rows (project->store, NULL, NULL);
  assert_int_equal (rows->len, 1);
  g_autoptr (AssayItem) item = assay_item_get_row (project->store, g_array_index (rows, gint64, 0), NULL);
  g_autofree char *facts = json_dumps (item->facts, 0);
  assert_non_null (strstr (facts, "The cup is on the table"));
  assert_non_null (strstr (facts, "Ada"));

  g_autoptr (AssayTask) task = assay_task_find (project->store, "words", NULL);
  g_autoptr (AssayAnnotator) means = assay_annotator_find (project->store, "prompt", NULL);
  g_autoptr (AssayLabel) label = assay_label_get (project->store, item->row, task, means->row, NULL);
  assert_non_null (label);
  assert_int_equal (label->state, ASSAY_LABEL_DRAFT);
  assert_int_equal (label->objects->list->len, 1);
  const AssaySegment *segment = ((AssayObject *) label->objects->list->pdata[0])->value;
  assert_string_equal (segment->text, "The cup is on the table");
}

/* Somebody who says the same words again and again in a quiet room. FALSE: there are no samples. */
static gboolean
make_voice (const char *path)
{
  g_autofree char *sample
      = g_build_filename (g_getenv ("ASSAY_SAMPLES"), "media", "speech", "austen-0880.wav", NULL);
  g_autoptr (AssaySoundReader) reader = assay_sound_reader_new (sample, NULL);
  if (reader == NULL)
    return FALSE;
  g_autofree float *round = g_new (float, WORDS + PAUSE);
  AssaySoundWriter *writer = assay_sound_writer_new (path, RATE_HZ, 1, NULL);
  guint32 random = 3;
  assert_int_equal (assay_sound_reader_get_facts (reader)->rate_hz, RATE_HZ);
  assert_int_equal (assay_sound_reader_read (reader, 0, WORDS, round + PAUSE, NULL), WORDS);
  for (guint i = 0; i < PAUSE; i++)
    {
      random = random * 1664525 + 1013904223;
      round[i] = (float) (gint32) random / 2147483648.0f * 0.003f; /* -55 dBFS */
    }
  for (guint i = PAUSE; i < PAUSE + WORDS; i++)
    round[i] *= 0.4f; /* from a little further: the meter is down sooner */
  for (guint i = 0; i < N_ROUNDS; i++)
    assert_true (assay_sound_writer_add (writer, round, WORDS + PAUSE, NULL));
  return assay_sound_writer_close (writer, NULL);
}

/* ALSA's own file device is the loudspeaker: what is played is a file. */
static void
make_loudspeaker (const char *directory, const char *heard)
{
  g_autofree char *path = g_build_filename (directory, "asoundrc", NULL);
  g_autofree char *text
      = g_strdup_printf ("</usr/share/alsa/alsa.conf>\npcm.fakefile { type file slave.pcm { type null } "
                         "file \"%s\" infile \"/dev/zero\" format raw }\n",
                         heard);
  assert_true (g_file_set_contents (path, text, -1, NULL));
  g_setenv ("ALSA_CONFIG_PATH", path, TRUE);
}

static gboolean
has_bytes (Ui *ui, gpointer path)
{
  GStatBuf facts;
  return g_stat (path, &facts) == 0 && facts.st_size > RATE_HZ;
}

/* The words come while it is being recorded: the key at the first of them, and again when it is quiet. A busy
 * machine is late now and then, and then the check says that the beginning is missing; what is said comes again. */
static void
read_well (Ui *ui, const char *key)
{
  for (guint tries = 0;; tries++)
    {
      ui_wait_text (ui, "· quiet");
      ui_wait_text (ui, "· good");
      ui_key (ui, tries == 0 ? key : "r");
      ui_wait_text (ui, "Space ends it");
      gint64 until_us = g_get_monotonic_time () + 3 * G_USEC_PER_SEC / 2;
      ui_wait (ui, is_past, &until_us, "the words");
      ui_key (ui, "space");
      ui_find (ui, "push button", "Take It");
      if (ui_has (ui, "label", "LUFS") || tries == 4)
        break;
    }
  ui_wait_text (ui, "Good: ");
}

static void
real_speech_is_good_is_heard_again_and_stays_when_the_microphone_dies (void **state)
{
  g_autofree char *directory = ui_dup_folder ("speech"), *voice = g_build_filename (directory, "a-voice.wav", NULL);
  g_autofree char *heard = g_build_filename (directory, "heard.raw", NULL);
  g_autofree char *said = ui_assay ("init", directory, NULL);
  if (g_getenv ("ASSAY_SAMPLES") == NULL || !make_voice (voice))
    {
      puts ("# not run: ASSAY_SAMPLES has no folder media/speech");
      return;
    }
  g_autofree char *words = g_strconcat ("replay:", voice, NULL);
  make_loudspeaker (directory, heard);
  g_setenv ("ASSAY_MICROPHONES", words, TRUE);
  g_autoptr (Ui) ui = ui_start (directory, "Grace");
  g_unsetenv ("ASSAY_MICROPHONES");
  g_unsetenv ("ALSA_CONFIG_PATH");
  if (ui_get_width (ui) > 1280)
    return; /* once is enough: it takes its time */
  ui_key (ui, "alt+1");
  ui_wait_text (ui, "a-voice.wav");
  ui_key (ui, "ctrl+t");
  write_script (ui);
  ui_click (ui, ui_find (ui, "push button", "Begin"));
  ui_wait_text (ui, "1 of 3");

  read_well (ui, "space");
  ui_settle (ui);
  keep (ui, "good");
  ui_key (ui, "l"); /* listen */
  ui_wait (ui, has_bytes, heard, "the take in the loudspeaker");
  read_well (ui, "r");
  ui_key (ui, "Return");
  ui_wait_text (ui, "2 of 3");
  ui_wait (ui, has_one_item, directory, "the sentence in the project");

  ui_key (ui, "space");
  ui_wait_text (ui, "Space ends it");
  assert_int_equal (truncate (voice, 44), 0); /* nothing more comes from it */
  ui_wait_text (ui, "the microphone has come to its end");
  ui_settle (ui);
  keep (ui, "lost");
  ui_key (ui, "Escape");
  ui_wait_text (ui, "1 of 3 sentences taken");
  ui_wait_text (ui, "what was taken before is kept");
  ui_settle (ui);
  keep (ui, "report-lost");
  ui_key (ui, "Return");
  ui_find (ui, "check box", "Tone of 440 Hz");
  assert_int_equal (count_items (directory), 1);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (real_speech_is_good_is_heard_again_and_stays_when_the_microphone_dies),
    cmocka_unit_test (a_sentence_that_is_read_and_taken_is_an_item_with_its_draft),
  };
  return cmocka_run_group_tests_name ("reading", tests, NULL, NULL);
}
