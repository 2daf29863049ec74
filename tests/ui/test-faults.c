/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What must never happen, tried in the window: a stroke that the status line called saved is gone. Killed at any
 * moment; on a disk that is full. Each with a twin that shows that the test would see the loss. */
#include "core/item.h"
#include "core/project.h"
#include "core/region.h"
#include "tests/ui/drawing.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtspiAccessible, g_object_unref)

#define SHORT_ROUNDS 3
#define LONG_ROUNDS 20

static guint
count_saved (const char *directory)
{
  g_autoptr (AssayObjects) draft = drawing_read_draft (directory, 0, "Grace");
  return draft->list->len;
}

/* Killed */

typedef struct
{
  GPid pid;
  gint64 after_us;
  gint dead; /* atomic */
} Killer;

static gpointer
kill_later (gpointer data)
{
  Killer *killer = data;
  g_usleep ((gulong) killer->after_us);
  kill (killer->pid, SIGKILL);
  g_atomic_int_set (&killer->dead, TRUE);
  return NULL;
}

/* How many objects the window calls saved: the canvas is asked first, so that what came between is not counted.
 * Nothing while it says something else, or nothing at all any more. */
static void
look (AtspiAccessible *canvas, AtspiAccessible *state, guint *saved)
{
  atspi_accessible_clear_cache (canvas);
  g_autofree char *words = atspi_accessible_get_description (canvas, NULL);
  atspi_accessible_clear_cache (state);
  g_autofree char *said = atspi_accessible_get_name (state, NULL);
  const char *count = words != NULL ? strstr (words, " object") : NULL;
  if (count == NULL || g_strcmp0 (said, "Saved") != 0)
    return;
  while (count > words && g_ascii_isdigit (count[-1]))
    count--;
  *saved = MAX (*saved, (guint) atoi (count));
}

/* Draws small squares one after the other as fast as a hand, until the window is dead. What it called saved. */
static guint
draw_until_killed (Ui *ui, GRand *random, guint already)
{
  Killer killer = { .pid = ui_get_pid (ui), .after_us = g_rand_int_range (random, 200, 3000) * 1000 };
  g_autoptr (AtspiAccessible) canvas = g_object_ref (ui_find (ui, "image", "Image canvas"));
  g_autoptr (AtspiAccessible) state = g_object_ref (ui_find (ui, "label", "Saved"));
  guint saved = 0;
  int x0, y0, x1, y1;
  drawing_locate (ui, 0, 0, &x0, &y0);
  drawing_locate (ui, DRAWING_WIDTH, DRAWING_HEIGHT, &x1, &y1);
  GThread *thread = g_thread_new ("killer", kill_later, &killer);
  for (guint i = already; !g_atomic_int_get (&killer.dead); i++)
    {
      int x = x0 + (int) (4 + (i % 24) * 16) * (x1 - x0) / DRAWING_WIDTH;
      int y = y0 + (int) (4 + (i / 24 % 18) * 16) * (y1 - y0) / DRAWING_HEIGHT;
      int side = 8 * (x1 - x0) / DRAWING_WIDTH;
      for (guint corner = 0; corner < 4; corner++)
        {
          ui_click_at (ui, x + (corner == 1 || corner == 2 ? side : 0), y + (corner >= 2 ? side : 0));
          g_usleep ((gulong) g_rand_int_range (random, 2000, 60000));
        }
      ui_key (ui, "Return");
      look (canvas, state, &saved);
    }
  g_thread_join (thread);
  ui_kill (ui);
  return saved;
}

/* Rounds of drawing and killing in one project. How many saved objects were missing after one of them. */
static guint
kill_rounds (const char *name, guint n_rounds, guint32 seed)
{
  g_autofree char *directory = drawing_new_project (name, "segmentation", NULL);
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  guint n_missing = 0, n_there = 0;
  for (guint round = 0; round < n_rounds; round++)
    {
      g_autofree char *words = g_strdup_printf ("%u object%s", n_there, n_there == 1 ? "" : "s");
      Ui *ui = drawing_start (directory, "Grace", words); /* the window finds again what the disk has */
      guint saved = draw_until_killed (ui, random, n_there);
      n_there = count_saved (directory);
      n_missing += saved > n_there ? saved - n_there : 0;
      printf ("# round %u: %u called saved, %u there\n", round + 1, saved, n_there);
    }
  assert_true (n_there > 0 || n_missing > 0); /* it was drawn in at all */
  return n_missing;
}

static void
what_the_status_line_called_saved_survives_kill_9_at_any_moment (void **state)
{
  const char *long_form = g_getenv ("ASSAY_TEST_LONG");
  guint n_rounds = long_form != NULL && *long_form != '\0' ? LONG_ROUNDS : SHORT_ROUNDS;
  assert_int_equal (kill_rounds ("killed-often", n_rounds, 1), 0);
}

/* The twin: the same with saving taken away below the program. */
static void
without_its_journal_the_window_is_seen_to_lose_what_it_called_saved (void **state)
{
  g_autofree char *directory = drawing_new_project ("lost", "segmentation", NULL);
  g_autoptr (GRand) random = g_rand_new_with_seed (2);
  guint saved = 0, there = 0;
  Ui *sound = drawing_start (directory, "Grace", "0 objects");
  drawing_square (sound, 300, 250, 20); /* Grace is known, and her first polygon lies in the project */
  drawing_wait (sound, "1 object");
  ui_stop (sound);
  assay_project_close (assay_project_open (directory, ASSAY_STORE_WRITE, NULL)); /* empties the journal */
  for (guint round = 0; round < 5 && saved <= there; round++)
    {
      ui_preload (g_getenv ("ASSAY_LOSE_JOURNAL"));
      Ui *ui = drawing_start (directory, "Grace", "1 object");
      ui_preload (NULL);
      saved = draw_until_killed (ui, random, 0);
      there = count_saved (directory);
      printf ("# without a journal: %u called saved, %u there\n", saved, there);
    }
  assert_true (saved > there);
}

/* A full disk */

/* What is mounted is seen by this test and what it starts alone, and is gone with it. */
static gboolean
mount_small_disk (const char *place)
{
  return g_mkdir (place, 0700) == 0 && unshare (CLONE_NEWNS) == 0
         && mount ("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0
         && mount ("tmpfs", place, "tmpfs", 0, "size=8m") == 0;
}

static void
fill (const char *path)
{
  static const char block[4096] = "ballast";
  int fd = open (path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  assert_true (fd >= 0);
  while (write (fd, block, sizeof block) > 0)
    ;
  assert_int_equal (errno, ENOSPC);
  close (fd);
}

/* The keys are the question's once it is asked. */
static void
ask_to_close (Ui *ui, const char *lose)
{
  ui_key (ui, "ctrl+w");
  ui_find (ui, "push button", lose);
  ui_wait_focus (ui, "push button", "Try Again");
}

static void
on_a_full_disk_a_polygon_waits_and_the_window_closes_without_it_only_when_told_to (void **state)
{
  g_autofree char *disk = ui_dup_folder ("disk"), *ballast = g_build_filename (disk, "ballast", NULL);
  if (!mount_small_disk (disk))
    {
      printf ("# not run: a small disk cannot be mounted here (%s); run it as root\n", g_strerror (errno));
      return;
    }
  g_autofree char *directory = drawing_new_project ("disk/project", "segmentation", NULL);
  Ui *ui = drawing_start (directory, "Grace", "0 objects");
  drawing_square (ui, 20, 20, 60);
  drawing_wait (ui, "1 object");
  ui_find (ui, "label", "Saved");

  fill (ballast);
  drawing_square (ui, 120, 20, 60);
  drawing_wait (ui, "2 objects");
  ui_wait_text (ui, "Not saved: No space left on device; free some space");
  ui_key (ui, "d"); /* the item is not left with an edit that has nowhere to go */
  ui_wait_text (ui, "This item stays open until it can be saved");
  drawing_wait (ui, "2 objects");
  ask_to_close (ui, "Close and Lose 1 Stroke"); /* nor is the window closed, but by a word */
  ui_wait_text (ui, "No space left on device");
  ui_settle (ui);
  ui_shot (ui, "annotate-full-disk");
  ui_key (ui, "Escape");
  ui_wait_gone (ui, "push button", "Keep Open");
  drawing_wait (ui, "2 objects");
  /* The twin: were this the end, only what was called saved would be there. */
  assert_int_equal (count_saved (directory), 1);

  assert_int_equal (g_unlink (ballast), 0);
  ui_find (ui, "label", "Saved"); /* by itself */
  drawing_wait (ui, "2 objects");
  assert_int_equal (count_saved (directory), 2);

  fill (ballast);
  drawing_square (ui, 20, 120, 60);
  ui_wait_text (ui, "Not saved: No space left on device");
  ask_to_close (ui, "Close and Lose 1 Stroke");
  ui_key (ui, "alt+l"); /* the way out: it loses what it said, and the window ends as it should */
  ui_wait_end (ui);
  assert_int_equal (count_saved (directory), 2);

  assert_int_equal (g_unlink (ballast), 0);
  Ui *again = drawing_start (directory, "Grace", "2 objects");
  ui_find (again, "label", "Saved");
  fill (ballast);
  drawing_square (again, 20, 120, 60);
  ui_wait_text (again, "Not saved: No space left on device");
  ask_to_close (again, "Close and Lose 1 Stroke");
  assert_int_equal (g_unlink (ballast), 0);
  ui_key (again, "Return"); /* tries again, and closes */
  ui_wait_end (again);
  assert_int_equal (count_saved (directory), 3);
}

/* A recording */

static void
kill_recording (const char *directory)
{
  GPid pid = fork ();
  if (pid == 0)
    {
      execl (g_getenv ("ASSAY_BIN"), "assay", "-C", directory, "capture", "--video",
             "--camera=pattern:bars,size=320x240", "--microphone=pattern:tone,rate=16000", NULL);
      _exit (127);
    }
  g_autofree char *sessions = g_build_filename (directory, "sessions", NULL);
  g_autofree char *command
      = g_strdup_printf ("until ls '%s'/*/camera-1-0001.film; do sleep 0.02; done >/dev/null 2>&1", sessions);
  assert_int_equal (system (command), 0);
  g_usleep (1500 * G_TIME_SPAN_MILLISECOND);
  kill (pid, SIGKILL);
  assert_int_equal (waitpid (pid, NULL, 0), pid);
}

static void
a_recording_that_was_cut_off_is_whole_when_the_project_is_opened (void **state)
{
  g_autofree char *directory = ui_dup_folder ("cut-off");
  g_autofree char *said = ui_assay ("init", directory, NULL);
  kill_recording (directory);
  g_autoptr (Ui) ui = ui_start (directory, "Grace");
  ui_wait_text (ui, "1 recording was cut off and is whole again");
  ui_settle (ui);
  ui_shot (ui, "recording-recovered");
  g_autoptr (AssayProject) project = assay_project_open (directory, ASSAY_STORE_READ, NULL);
  g_autoptr (GArray) rows = assay_item_list_rows (project->store, NULL, NULL);
  assert_true (rows->len >= 2); /* the sound, and a frame of the film */
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (what_the_status_line_called_saved_survives_kill_9_at_any_moment),
    cmocka_unit_test (without_its_journal_the_window_is_seen_to_lose_what_it_called_saved),
    cmocka_unit_test (a_recording_that_was_cut_off_is_whole_when_the_project_is_opened),
    cmocka_unit_test (on_a_full_disk_a_polygon_waits_and_the_window_closes_without_it_only_when_told_to),
  };
  cmocka_set_test_filter (g_getenv ("ASSAY_TEST_FILTER")); /* one of them alone: "*full_disk*" */
  return cmocka_run_group_tests_name ("faults", tests, NULL, NULL);
}
