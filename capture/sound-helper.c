/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/sound-helper.h"

#include "core/error.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define ANSWER_MS 8000 /* drivers take their time to list and to open */
#define MOST_LOG_BYTES (1 << 20)

/* $ASSAY_SOUND, else beside this program, as built or as installed. */
static char *
find_program (GError **error)
{
  const char *told = g_getenv ("ASSAY_SOUND");
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = g_path_get_dirname (self != NULL ? self : ".");
  static const char *const places[] = { "assay-sound", "../sound/assay-sound", "../libexec/assay-sound" };
  if (told != NULL && *told != '\0')
    return g_strdup (told);
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *path = g_build_filename (folder, places[i], NULL);
      if (g_file_test (path, G_FILE_TEST_IS_EXECUTABLE))
        return g_steal_pointer (&path);
    }
  g_set_error (
      error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
      "starting the sound helper: assay-sound is not beside %s; install Assay anew, or name it in $ASSAY_SOUND",
      folder);
  return NULL;
}

static char *
dup_log_path (void)
{
  return g_build_filename (g_get_user_state_dir (), "assay", "sound.log", NULL);
}

/* Sound libraries are talkative; the last megabyte of it is kept for whoever looks for a cause. */
static int
open_log (void)
{
  g_autofree char *path = dup_log_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_mkdir_with_parents (folder, 0700);
  int fd = open (path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  struct stat facts;
  if (fd >= 0 && fstat (fd, &facts) == 0 && facts.st_size > MOST_LOG_BYTES)
    (void) !ftruncate (fd, 0);
  return fd >= 0 ? fd : open ("/dev/null", O_WRONLY | O_CLOEXEC);
}

gboolean
assay_sound_helper_start (AssaySoundHelper *helper, const char *const *words, GError **error)
{
  g_autofree char *program = find_program (error);
  int ends[2];
  if (program == NULL)
    return FALSE;
  if (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
    {
      assay_error_set_errno (error, errno, "starting the sound helper");
      return FALSE;
    }
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_ptr_array_add (argv, program);
  for (guint i = 0; words[i] != NULL; i++)
    g_ptr_array_add (argv, (char *) words[i]);
  g_ptr_array_add (argv, NULL);
  int log = open_log (), target = 3;
  gboolean started = g_spawn_async_with_pipes_and_fds (
      NULL, (const char *const *) argv->pdata, NULL, G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL, NULL,
      NULL, -1, -1, log, &ends[1], &target, 1, &helper->pid, NULL, NULL, NULL, error);
  close (ends[1]);
  if (log >= 0)
    close (log);
  if (!started)
    {
      close (ends[0]);
      g_prefix_error (error, "starting the sound helper: ");
      return FALSE;
    }
  helper->fd = ends[0];
  return TRUE;
}

/* It may hang in its driver: it is not asked. */
void
assay_sound_helper_end (AssaySoundHelper *helper)
{
  if (helper->pid == 0)
    return;
  close (helper->fd);
  kill (helper->pid, SIGKILL);
  waitpid (helper->pid, NULL, 0);
  helper->pid = 0;
}

/* The one answer of a kind, as text; whatever else comes is a sentence for people. */
char *
assay_sound_helper_ask (AssaySoundHelper *helper, AssaySoundKind wanted, const char *doing, GError **error)
{
  g_autofree guint8 *buffer = g_malloc (ASSAY_SOUND_MOST_BYTES);
  AssaySoundHeader header;
  const guint8 *data;
  int got = assay_sound_link_receive (helper->fd, -1, ANSWER_MS, buffer, &header, &data);
  if (got == 0 && header.kind == wanted)
    return g_strdup ((const char *) data);
  g_autofree char *log = dup_log_path ();
  if (got == 0 && header.kind == ASSAY_SOUND_ERROR)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_DEVICE, "%s: %s", doing, (const char *) data);
  else if (got == -EAGAIN)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_DEVICE,
                 "%s: the sound driver did not answer within %d s; plug the device in again (%s says more)", doing,
                 ANSWER_MS / 1000, log);
  else
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_DEVICE,
                 "%s: the sound helper died, probably in a driver; plug the device in again (%s says more)", doing,
                 log);
  return NULL;
}
