/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program of the person's own: each line on its standard output takes one. It ends with the recording. */
#include "capture/trigger.h"

#include "core/clock.h"
#include "core/error.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOOK_MS 100
#define PATIENCE_MS 1000 /* between asking it to end and ending it */

typedef struct
{
  char **argv;
  GPid pid;
  int fd;
  GThread *thread;
  atomic_bool stopping;
  AssayTriggerFire fire;
  gpointer data;
} Command;

static gpointer
open_command (const char *argument, GError **error)
{
  g_autoptr (GError) wrong = NULL;
  char **argv = NULL;
  if (argument == NULL || !g_shell_parse_argv (argument, NULL, &argv, &wrong))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   "trigger command: %s; give a program that writes a line for each still, command:PROGRAM",
                   wrong != NULL ? wrong->message : "no program is named");
      return NULL;
    }
  Command *command = g_new0 (Command, 1);
  command->argv = argv;
  command->fd = -1;
  return command;
}

/* In the child, before the program: only what is safe after fork. A group of its own, so that all of it can be
 * ended. */
static void
lead_a_group (gpointer data)
{
  setpgid (0, 0);
}

static gpointer
listen_to (gpointer data)
{
  Command *command = data;
  char bytes[512];
  while (!atomic_load (&command->stopping))
    {
      struct pollfd wait = { .fd = command->fd, .events = POLLIN };
      if (poll (&wait, 1, LOOK_MS) <= 0)
        continue;
      ssize_t n = read (command->fd, bytes, sizeof bytes);
      if (n == 0 || (n < 0 && errno != EINTR))
        break; /* it has ended, and nothing more will come */
      gint64 now_ns = assay_clock_now_ns ();
      for (ssize_t i = 0; i < n; i++)
        if (bytes[i] == '\n')
          command->fire (command->data, now_ns);
    }
  return NULL;
}

static gboolean
start (gpointer state, AssayTriggerFire fire, gpointer data, GError **error)
{
  Command *command = state;
  g_autoptr (GError) wrong = NULL;
  if (!g_spawn_async_with_pipes (NULL, command->argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD,
                                 lead_a_group, NULL, &command->pid, NULL, &command->fd, NULL, &wrong))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "trigger command: %s; give a program that can be run",
                   wrong->message);
      return FALSE;
    }
  command->fire = fire;
  command->data = data;
  atomic_store (&command->stopping, FALSE);
  command->thread = g_thread_new ("trigger", listen_to, command);
  return TRUE;
}

/* What it answered; TRUE when it had to be ended. */
static gboolean
end (Command *command, int *ret_status)
{
  if (waitpid (command->pid, ret_status, WNOHANG) == command->pid)
    return FALSE;
  kill (-command->pid, SIGTERM);
  for (int waited_ms = 0; waited_ms < PATIENCE_MS; waited_ms += 10)
    {
      if (waitpid (command->pid, ret_status, WNOHANG) == command->pid)
        return TRUE;
      g_usleep (10000);
    }
  kill (-command->pid, SIGKILL);
  waitpid (command->pid, ret_status, 0);
  return TRUE;
}

static char *
stop (gpointer state)
{
  Command *command = state;
  int status = 0;
  atomic_store (&command->stopping, TRUE);
  gboolean was_running = end (command, &status);
  g_thread_join (g_steal_pointer (&command->thread));
  close (command->fd);
  command->fd = -1;
  g_spawn_close_pid (command->pid);
  if (was_running || (WIFEXITED (status) && WEXITSTATUS (status) == 0))
    return NULL;
  return g_strdup_printf ("trigger command: %s ended before the recording did, with status %d", command->argv[0],
                          WIFEXITED (status) ? WEXITSTATUS (status) : 128 + WTERMSIG (status));
}

static void
close_command (gpointer state)
{
  Command *command = state;
  g_strfreev (command->argv);
  g_free (command);
}

const AssayTriggerKind assay_trigger_command = {
  .id = "command",
  .title = "A program of your own says so, a line each",
  .argument = ":PROGRAM",
  .open = open_command,
  .start = start,
  .stop = stop,
  .close = close_command,
};
