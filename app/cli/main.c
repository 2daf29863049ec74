/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/cli/main.c - `assay VERB …`: finds the verb, prints its error, returns the exit status of doc/ and the man
 * page. */
#include "app/cli/command.h"

#include "command-list.h"

#include <glib-unix.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define X(name) extern const AssayCommand assay_command_##name;
ASSAY_COMMAND_LIST
#undef X
#define X(name) &assay_command_##name,
const AssayCommand *const assay_commands[] = { ASSAY_COMMAND_LIST NULL };
#undef X

static AssayProgress *interrupted; /* a signal handler can have no other owner */

static void
on_interrupt (int number)
{
  (void) number;
  assay_progress_cancel (interrupted);
}

/* Draws the progress of long work on a terminal, four times a second, until `stop`. */
typedef struct
{
  AssayProgress *progress;
  GMutex lock;
  GCond changed;
  gboolean stop;
} Bar;

static gpointer
draw_bar (gpointer data)
{
  Bar *bar = data;
  gboolean drawn = FALSE;
  g_mutex_lock (&bar->lock);
  while (!bar->stop)
    {
      g_cond_wait_until (&bar->changed, &bar->lock, g_get_monotonic_time () + G_TIME_SPAN_SECOND / 4);
      double fraction = assay_progress_get_fraction (bar->progress);
      g_autofree char *text = assay_progress_dup_text (bar->progress);
      if (bar->stop || (fraction < 0 && text == NULL))
        continue;
      fprintf (stderr, "\r\033[K%s", text != NULL ? text : "working");
      if (fraction >= 0)
        fprintf (stderr, "  %3.0f %%", 100 * fraction);
      drawn = TRUE;
    }
  g_mutex_unlock (&bar->lock);
  if (drawn)
    fputs ("\r\033[K", stderr);
  return NULL;
}

static int
run (const AssayCommand *command, AssayInvocation *invocation, GError **error)
{
  if (!isatty (STDERR_FILENO))
    return command->run (invocation, error);
  Bar bar = { .progress = invocation->progress };
  g_mutex_init (&bar.lock);
  g_cond_init (&bar.changed);
  GThread *thread = g_thread_new ("progress", draw_bar, &bar);
  int status = command->run (invocation, error);
  g_mutex_lock (&bar.lock);
  bar.stop = TRUE;
  g_cond_signal (&bar.changed);
  g_mutex_unlock (&bar.lock);
  g_thread_join (thread);
  g_cond_clear (&bar.changed);
  g_mutex_clear (&bar.lock);
  return status;
}

static const AssayCommand *
find_command (const char *verb)
{
  for (guint i = 0; assay_commands[i] != NULL; i++)
    if (g_str_equal (assay_commands[i]->id, verb))
      return assay_commands[i];
  return NULL;
}

static void
replace (char **text, const char *with)
{
  g_free (*text);
  *text = g_strdup (with);
}

/* Takes `-C DIR` and the like from before the verb; the rest is the verb's. */
static int
skip_global (int argc, char **argv, AssayInvocation *invocation)
{
  int at = 1;
  for (; at < argc && argv[at][0] == '-'; at++)
    {
      if (g_str_equal (argv[at], "-C") && at + 1 < argc)
        replace (&invocation->directory, argv[++at]);
      else if (g_str_equal (argv[at], "--annotator") && at + 1 < argc)
        replace (&invocation->annotator, argv[++at]);
      else if (g_str_equal (argv[at], "--json"))
        invocation->json = TRUE;
      else if (g_str_equal (argv[at], "--help") || g_str_equal (argv[at], "-h"))
        argv[at] = (char *) "help";
      else if (g_str_equal (argv[at], "--version"))
        {
          puts ("assay " ASSAY_VERSION);
          return -1;
        }
      else
        break;
      if (g_str_equal (argv[at], "help"))
        break;
    }
  return at;
}

static void
invocation_clear (AssayInvocation *invocation)
{
  g_free (invocation->directory);
  g_free (invocation->annotator);
  assay_progress_unref (invocation->progress);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AssayInvocation, invocation_clear)

int
main (int argc, char **argv)
{
  setlocale (LC_CTYPE, ""); /* numbers stay in the C locale: standard output is parsed by programs */
  const char *environment = g_getenv ("ASSAY_ANNOTATOR");
  g_auto (AssayInvocation) invocation = {
    .directory = g_strdup ("."),
    .annotator = g_strdup (environment != NULL && *environment != '\0' ? environment : g_get_user_name ()),
    .progress = assay_progress_new (),
  };
  int at = skip_global (argc, argv, &invocation);
  if (at < 0)
    return 0;
  const char *verb = at < argc ? argv[at] : "help";
  const AssayCommand *command = find_command (verb);
  if (command == NULL)
    {
      fprintf (stderr, "assay: %s: there is no such command; `assay help` lists them\n", verb);
      return 2;
    }
  /* `assay VERB --help` is `assay help VERB`. */
  for (int i = at + 1; i < argc && !g_str_equal (argv[i], "--"); i++)
    if (g_str_equal (argv[i], "--help") || g_str_equal (argv[i], "-h"))
      {
        command = find_command ("help");
        argv[at + 1] = (char *) verb;
        argc = at + 2;
        break;
      }
  interrupted = invocation.progress;
  struct sigaction action = { .sa_handler = on_interrupt, .sa_flags = (int) SA_RESETHAND };
  sigaction (SIGINT, &action, NULL);
  signal (SIGPIPE, SIG_DFL);

  g_autofree char **words = g_new0 (char *, (gsize) argc + 2);
  invocation.argc = 0;
  words[invocation.argc++] = (char *) command->id;
  for (int i = at + 1; i < argc; i++)
    words[invocation.argc++] = argv[i];
  words[invocation.argc] = NULL;
  invocation.argv = words;

  g_autoptr (GError) error = NULL;
  int status = run (command, &invocation, &error);
  if (error != NULL)
    {
      fprintf (stderr, "assay: %s\n", error->message);
      status = g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_USAGE) ? 2 : 3;
    }
  if (fflush (stdout) != 0 && status == 0)
    {
      fprintf (stderr, "assay: writing the answer: standard output is closed or full\n");
      status = 3;
    }
  return status;
}
