/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui/ui.h"

#include "tests/ui/screen.h"
#include "tests/ui/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtspiAccessible, g_object_unref)

#define PATIENCE_US (10 * G_TIME_SPAN_SECOND)
#define POLL_US (20 * G_TIME_SPAN_MILLISECOND)

struct _Ui
{
  UiScreen *screen;
  UiTree *tree;
  GPid pid;
  char *words_path; /* what it wrote to standard error */
  AtspiAccessible *application;
  AtspiAccessible *found; /* what ui_find lent last */
  gint64 start_us;
};

/* The person at the window is a program too, and libatspi keeps an answer now and then that no caller was given. Leaks are
 * looked for in the window, which is another process. */
int __lsan_is_turned_off (void);
int
__lsan_is_turned_off (void)
{
  return 1;
}

/* Giving up */

static void
print_tree (AtspiAccessible *node, guint depth)
{
  if (node == NULL || depth > 40)
    return;
  g_autofree char *role = atspi_accessible_get_role_name (node, NULL);
  g_autofree char *name = atspi_accessible_get_name (node, NULL);
  fprintf (stderr, "# %*s%s '%s'\n", (int) depth * 2, "", role != NULL ? role : "?", name != NULL ? name : "");
  int n = atspi_accessible_get_child_count (node, NULL);
  for (int i = 0; i < n; i++)
    {
      g_autoptr (AtspiAccessible) child = atspi_accessible_get_child_at_index (node, i, NULL);
      print_tree (child, depth + 1);
    }
}

static void give_up (Ui *ui, const char *format, ...) G_GNUC_PRINTF (2, 3);
static void
give_up (Ui *ui, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  ui_shot (ui, "failed");
  print_tree (ui->application, 0);
  g_autofree char *words = NULL;
  if (g_file_get_contents (ui->words_path, &words, NULL, NULL) && *words != '\0')
    fprintf (stderr, "# it said: %s\n", words);
  kill (ui->pid, SIGKILL);
  fprintf (stderr, "# %s\n", what);
  g_error ("%s", what);
}

void
ui_wait (Ui *ui, UiTest test, gpointer data, const char *what)
{
  gint64 until = g_get_monotonic_time () + PATIENCE_US;
  while (!test (ui, data))
    {
      if (g_get_monotonic_time () > until)
        give_up (ui, "waited in vain for: %s", what);
      if (waitpid (ui->pid, NULL, WNOHANG) == ui->pid)
        give_up (ui, "the program ended while waiting for: %s", what);
      g_usleep (POLL_US);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
}

/* Starting and ending */

static gboolean
find_application (Ui *ui, gpointer data)
{
  g_autoptr (AtspiAccessible) desktop = atspi_get_desktop (0);
  int n = atspi_accessible_get_child_count (desktop, NULL);
  for (int i = 0; i < n; i++)
    {
      g_autoptr (AtspiAccessible) child = atspi_accessible_get_child_at_index (desktop, i, NULL);
      if (child != NULL && atspi_accessible_get_process_id (child, NULL) == (guint) ui->pid
          && atspi_accessible_get_child_count (child, NULL) > 0)
        {
          g_set_object (&ui->application, child);
          return TRUE;
        }
    }
  return FALSE;
}

static gboolean
has_window (Ui *ui, gpointer data)
{
  return screen_has_window (ui->screen, ui->pid);
}

static GPid
spawn (Ui *ui, GPtrArray *argv)
{
  GPid pid = fork ();
  if (pid != 0)
    return pid;
  int words = open (ui->words_path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  dup2 (words, STDERR_FILENO);
  dup2 (words, STDOUT_FILENO);
  execv (argv->pdata[0], (char **) argv->pdata);
  _exit (127);
}

Ui *
ui_start (const char *project, const char *annotator)
{
  static guint n_started;
  Ui *ui = g_new0 (Ui, 1);
  g_autofree char *flag = g_strdup_printf ("--annotator=%s", annotator);
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_ptr_array_add (argv, (gpointer) g_getenv ("ASSAY_DESKTOP"));
  if (annotator != NULL)
    g_ptr_array_add (argv, flag);
  if (project != NULL)
    g_ptr_array_add (argv, (gpointer) project);
  g_ptr_array_add (argv, NULL);
  atspi_init ();
  ui->screen = screen_new ();
  ui->tree = tree_new ();
  ui->words_path = g_strdup_printf ("%s/words-%u", g_get_home_dir (), n_started++);
  gint64 began_us = g_get_monotonic_time ();
  ui->pid = spawn (ui, argv);
  ui_wait (ui, has_window, NULL, "the window");
  ui->start_us = g_get_monotonic_time () - began_us;
  ui_wait (ui, find_application, NULL, "the program on the accessibility bus");
  return ui;
}

void
ui_preload (const char *library)
{
  static char *options; /* as they were */
  if (library == NULL)
    {
      g_unsetenv ("LD_PRELOAD");
      if (options != NULL)
        g_setenv ("ASAN_OPTIONS", options, TRUE);
      else
        g_unsetenv ("ASAN_OPTIONS");
      g_clear_pointer (&options, g_free);
      return;
    }
  options = g_strdup (g_getenv ("ASAN_OPTIONS"));
  g_autofree char *loose = g_strdup_printf ("%s:verify_asan_link_order=0", options != NULL ? options : "");
  g_setenv ("ASAN_OPTIONS", loose, TRUE);
  g_setenv ("LD_PRELOAD", library, TRUE);
}

GPid
ui_get_pid (Ui *ui)
{
  return ui->pid;
}

gint64
ui_get_start_us (Ui *ui)
{
  return ui->start_us;
}

/* Lines that say something is wrong; the toolkit's own chatter about buses is not. */
static void
check_words (Ui *ui)
{
  g_autofree char *words = NULL;
  if (!g_file_get_contents (ui->words_path, &words, NULL, NULL))
    return;
  g_auto (GStrv) lines = g_strsplit (words, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if ((strstr (lines[i], "CRITICAL") != NULL || strstr (lines[i], "WARNING") != NULL
         || strstr (lines[i], "ERROR") != NULL || strstr (lines[i], "runtime error") != NULL)
        && strstr (lines[i], "dbind") == NULL && strstr (lines[i], "screen coordinates") == NULL)
      g_error ("the program complained: %s", words);
}

static void
free_ui (Ui *ui)
{
  g_clear_object (&ui->found);
  g_clear_object (&ui->application);
  tree_free (ui->tree);
  screen_free (ui->screen);
  g_free (ui->words_path);
  g_free (ui);
}

void
ui_kill (Ui *ui)
{
  kill (ui->pid, SIGKILL);
  waitpid (ui->pid, NULL, 0);
  check_words (ui);
  free_ui (ui);
}

void
ui_stop (Ui *ui)
{
  if (ui == NULL)
    return;
  ui_key (ui, "ctrl+w");
  ui_wait_end (ui);
}

void
ui_wait_end (Ui *ui)
{
  int status = 0;
  gint64 until = g_get_monotonic_time () + PATIENCE_US;
  while (waitpid (ui->pid, &status, WNOHANG) == 0)
    {
      if (g_get_monotonic_time () > until)
        give_up (ui, "the window did not close");
      g_usleep (POLL_US);
    }
  check_words (ui);
  if (!WIFEXITED (status) || WEXITSTATUS (status) != 0)
    g_error ("the program ended with status %#x", (guint) status);
  free_ui (ui);
}

/* Finding */

typedef struct
{
  const char *role, *name;
  gboolean part; /* the name only has to be somewhere in it */
  gboolean focused;
  guint count;
  AtspiAccessible *first; /* (transfer full) */
} Search;

static gboolean
name_fits (const Search *search, const char *name)
{
  if (search->name == NULL)
    return TRUE;
  if (name == NULL)
    return FALSE;
  return search->part ? strstr (name, search->name) != NULL : g_str_has_suffix (name, search->name);
}

static gboolean
fits (AtspiAccessible *node, const Search *search)
{
  g_autofree char *name = atspi_accessible_get_name (node, NULL);
  if (!name_fits (search, name))
    return FALSE;
  g_autofree char *role = search->role != NULL ? atspi_accessible_get_role_name (node, NULL) : NULL;
  if (search->role != NULL && g_strcmp0 (role, search->role) != 0)
    return FALSE;
  return !search->focused || ui_is_focused (node);
}

/* As libatspi does for what it hears of first. */
static AtspiAccessible *
new_node (Ui *ui, const char *path)
{
  AtspiAccessible *node = g_object_new (ATSPI_TYPE_ACCESSIBLE, NULL);
  node->parent.app = g_object_ref (ui->application->parent.app);
  node->parent.path = g_strdup (path);
  return node;
}

/* All names are read at once; only what has the right one is looked at by itself. */
static void
look (Ui *ui, Search *search, gboolean only_first)
{
  const AtspiObject *root = &ui->application->parent;
  atspi_accessible_clear_cache (ui->application);
  g_autoptr (GPtrArray) list = tree_list (ui->tree, root->app->bus_name, root->path);
  for (guint i = 0; i < list->len && !(only_first && search->first != NULL); i++)
    {
      const UiTreeNode *one = list->pdata[i];
      g_autoptr (AtspiAccessible) node = name_fits (search, one->name) ? new_node (ui, one->path) : NULL;
      if (node == NULL || !fits (node, search))
        continue;
      search->count++;
      if (search->first == NULL)
        search->first = g_object_ref (node);
    }
}

static gboolean
search_now (Ui *ui, gpointer data)
{
  Search *search = data;
  look (ui, search, TRUE);
  return search->first != NULL;
}

static AtspiAccessible *
lend (Ui *ui, AtspiAccessible *take_node)
{
  g_clear_object (&ui->found);
  ui->found = take_node;
  return take_node;
}

AtspiAccessible *
ui_find (Ui *ui, const char *role, const char *name)
{
  Search search = { .role = role, .name = name };
  g_autofree char *what = g_strdup_printf ("%s '%s'", role != NULL ? role : "anything", name != NULL ? name : "");
  ui_wait (ui, search_now, &search, what);
  return lend (ui, search.first);
}

gboolean
ui_has (Ui *ui, const char *role, const char *name)
{
  Search search = { .role = role, .name = name };
  gboolean found = search_now (ui, &search);
  g_clear_object (&search.first);
  return found;
}

guint
ui_count (Ui *ui, const char *role, const char *name)
{
  Search search = { .role = role, .name = name };
  look (ui, &search, FALSE);
  g_clear_object (&search.first);
  return search.count;
}

static gboolean
is_gone (Ui *ui, gpointer data)
{
  const Search *search = data;
  return !ui_has (ui, search->role, search->name);
}

void
ui_wait_gone (Ui *ui, const char *role, const char *name)
{
  Search search = { .role = role, .name = name };
  ui_wait (ui, is_gone, &search, "something to go away");
}

void
ui_wait_text (Ui *ui, const char *text)
{
  Search search = { .name = text, .part = TRUE };
  ui_wait (ui, search_now, &search, text);
  g_clear_object (&search.first);
}

void
ui_wait_focus (Ui *ui, const char *role, const char *name)
{
  Search search = { .role = role, .name = name, .focused = TRUE };
  g_autofree char *what = g_strdup_printf ("the focus on %s '%s'", role != NULL ? role : "anything", name);
  ui_wait (ui, search_now, &search, what);
  g_clear_object (&search.first);
}

typedef struct
{
  const char *name, *text;
} Entry;

static gboolean
holds_text (Ui *ui, gpointer data)
{
  const Entry *entry = data;
  AtspiText *text = atspi_accessible_get_text_iface (ui_find (ui, NULL, entry->name));
  if (text == NULL)
    return FALSE;
  /* Up to the end has to be said by number in GTK 4.8. */
  g_autofree char *held = atspi_text_get_text (text, 0, atspi_text_get_character_count (text, NULL), NULL);
  g_object_unref (text);
  return g_strcmp0 (held, entry->text) == 0;
}

void
ui_enter (Ui *ui, const char *name, const char *ascii)
{
  ui_click (ui, ui_find (ui, NULL, name));
  ui_wait_focus (ui, NULL, name);
  ui_key (ui, "ctrl+a");
  ui_type (ui, ascii);
  Entry entry = { name, ascii };
  ui_wait (ui, holds_text, &entry, ascii);
}

char *
ui_dup_description (AtspiAccessible *node)
{
  return atspi_accessible_get_description (node, NULL);
}

char *
ui_dup_description_now (Ui *ui, const char *role, const char *name)
{
  Search search = { .role = role, .name = name };
  char *said = search_now (ui, &search) ? ui_dup_description (search.first) : NULL;
  g_clear_object (&search.first);
  return said;
}

gboolean
ui_is_focused (AtspiAccessible *node)
{
  AtspiStateSet *states = atspi_accessible_get_state_set (node);
  gboolean focused = states != NULL && atspi_state_set_contains (states, ATSPI_STATE_FOCUSED);
  g_clear_object (&states);
  return focused;
}

/* Pointer and keys */

/* GTK tells positions within the window; the window's own place is the X server's to tell. What libadwaita draws
 * around it (5 pixels where nothing composes the screen) is the difference of the two widths. */
void
ui_get_extents (Ui *ui, AtspiAccessible *node, int *ret_x, int *ret_y, int *ret_width, int *ret_height)
{
  AtspiComponent *component = atspi_accessible_get_component_iface (node);
  if (component == NULL)
    give_up (ui, "a node without extents was to be clicked");
  AtspiRect *rect = atspi_component_get_extents (component, ATSPI_COORD_TYPE_WINDOW, NULL);
  g_autoptr (AtspiAccessible) frame = g_object_ref (node);
  for (AtspiAccessible *up = g_object_ref (node); up != NULL;)
    {
      AtspiRole role = atspi_accessible_get_role (up, NULL);
      if (role == ATSPI_ROLE_FRAME || role == ATSPI_ROLE_DIALOG || role == ATSPI_ROLE_WINDOW
          || role == ATSPI_ROLE_FILLER)
        g_set_object (&frame, up);
      AtspiAccessible *parent = role == ATSPI_ROLE_APPLICATION ? NULL : atspi_accessible_get_parent (up, NULL);
      g_object_unref (up);
      up = parent;
    }
  AtspiComponent *frame_component = atspi_accessible_get_component_iface (frame);
  AtspiRect *frame_rect = atspi_component_get_extents (frame_component, ATSPI_COORD_TYPE_WINDOW, NULL);
  g_autofree char *title = atspi_accessible_get_name (frame, NULL);
  int window_x, window_y, window_width;
  if (!screen_get_window (ui->screen, ui->pid, title, &window_x, &window_y, &window_width))
    give_up (ui, "the window '%s' is not on the screen", title);
  int border = (window_width - frame_rect->width) / 2;
  *ret_x = window_x + border + rect->x;
  *ret_y = window_y + border + rect->y;
  *ret_width = rect->width;
  *ret_height = rect->height;
  g_free (rect);
  g_free (frame_rect);
  g_object_unref (component);
  g_object_unref (frame_component);
}

void
ui_click (Ui *ui, AtspiAccessible *node)
{
  int x, y, width, height;
  ui_get_extents (ui, node, &x, &y, &width, &height);
  if (width <= 0 || height <= 0)
    give_up (ui, "a node of no size was to be clicked");
  ui_click_at (ui, x + width / 2, y + height / 2);
}

void
ui_double_click (Ui *ui, AtspiAccessible *node)
{
  ui_click (ui, node);
  ui_button (ui, 1, TRUE);
  ui_button (ui, 1, FALSE);
}

void
ui_move (Ui *ui, int x, int y)
{
  screen_move (ui->screen, x, y);
}

void
ui_button (Ui *ui, guint button, gboolean down)
{
  screen_button (ui->screen, button, down);
}

void
ui_click_at (Ui *ui, int x, int y)
{
  ui_move (ui, x, y);
  ui_button (ui, 1, TRUE);
  ui_button (ui, 1, FALSE);
}

void
ui_drag (Ui *ui, int x0, int y0, int x1, int y1)
{
  const int n = 12;
  ui_move (ui, x0, y0);
  ui_button (ui, 1, TRUE);
  for (int i = 1; i <= n; i++)
    {
      ui_move (ui, x0 + (x1 - x0) * i / n, y0 + (y1 - y0) * i / n);
      g_usleep (8 * G_TIME_SPAN_MILLISECOND); /* a hand is not faster than the screen */
    }
  ui_button (ui, 1, FALSE);
}

void
ui_scroll (Ui *ui, int steps)
{
  for (int i = 0; i < ABS (steps); i++)
    {
      ui_button (ui, steps > 0 ? 5 : 4, TRUE);
      ui_button (ui, steps > 0 ? 5 : 4, FALSE);
    }
}

void
ui_key (Ui *ui, const char *key)
{
  if (!screen_key (ui->screen, key, TRUE) || !screen_key (ui->screen, key, FALSE))
    give_up (ui, "there is no key '%s' on this keyboard", key);
}

void
ui_key_down (Ui *ui, const char *key, gboolean down)
{
  if (!screen_key (ui->screen, key, down))
    give_up (ui, "there is no key '%s' on this keyboard", key);
}

void
ui_type (Ui *ui, const char *ascii)
{
  for (const char *c = ascii; *c != '\0'; c++)
    screen_type (ui->screen, *c);
}

/* Pixels */

guint32
ui_pixel (Ui *ui, int x, int y)
{
  return screen_pixel (ui->screen, x, y);
}

/* What moves by itself (a live picture) is given up on. */
void
ui_settle (Ui *ui)
{
  const gint64 still_us = 300 * G_TIME_SPAN_MILLISECOND;
  gint64 until = g_get_monotonic_time () + 3 * G_TIME_SPAN_SECOND, since = g_get_monotonic_time ();
  guint32 last = 0;
  while (g_get_monotonic_time () < until && g_get_monotonic_time () - since < still_us)
    {
      guint32 sum = screen_sum (ui->screen);
      if (sum != last)
        since = g_get_monotonic_time ();
      last = sum;
      g_usleep (POLL_US);
    }
}

int
ui_get_width (Ui *ui)
{
  return screen_get_width (ui->screen);
}

void
ui_shot (Ui *ui, const char *name)
{
  const char *folder = g_getenv ("ASSAY_UI_SHOTS");
  if (folder == NULL)
    return;
  g_mkdir_with_parents (folder, 0755);
  g_autofree char *path = g_strdup_printf ("%s/%s.png", folder, name);
  g_autoptr (GError) error = NULL;
  if (!screen_save (ui->screen, path, &error))
    fprintf (stderr, "# keeping a picture of the screen: %s\n", error->message);
}

/* Beside the window */

char *
ui_assay (const char *first_argument, ...)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_ptr_array_add (argv, (gpointer) g_getenv ("ASSAY_BIN"));
  va_list arguments;
  va_start (arguments, first_argument);
  for (const char *word = first_argument; word != NULL; word = va_arg (arguments, const char *))
    g_ptr_array_add (argv, (gpointer) word);
  va_end (arguments);
  g_ptr_array_add (argv, NULL);
  char *output = NULL;
  g_autofree char *words = NULL;
  g_autoptr (GError) error = NULL;
  int status;
  if (!g_spawn_sync (NULL, (char **) argv->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, &words, &status,
                     &error))
    g_error ("assay %s: %s", first_argument, error->message);
  if (!WIFEXITED (status) || WEXITSTATUS (status) > 1)
    g_error ("assay %s: status %#x: %s", first_argument, (guint) status, words);
  return output;
}

char *
ui_dup_folder (const char *name)
{
  char *path = g_build_filename (g_get_home_dir (), name, NULL);
  return path;
}

void
ui_maximise (Ui *ui)
{
  screen_maximise (ui->screen, ui->pid);
}
