/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hand: a person's eyes and fingers at the lab's virtual screen, without an accessibility bus, whose many questions
 * take minutes in an emulated machine. Reads lines and answers each with one:
 *   window PID      1 when the process has a window
 *   key NAME        pressed and let go: "space", "alt+1"
 *   sum             of all pixels: another sum is another picture
 *   count RRGGBB D  how many pixels have that colour, each channel within D
 *   save PATH       the screen as PNG */
#include "tests/ui/screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *
obey (UiScreen *screen, const char *verb, const char *rest)
{
  g_autoptr (GError) error = NULL;
  if (g_str_equal (verb, "window"))
    return g_strdup (screen_has_window (screen, atoi (rest)) ? "1" : "0");
  if (g_str_equal (verb, "key"))
    return g_strdup (screen_key (screen, rest, TRUE) && screen_key (screen, rest, FALSE) ? "pressed"
                                                                                         : "no such key");
  if (g_str_equal (verb, "sum"))
    return g_strdup_printf ("%u", screen_sum (screen));
  if (g_str_equal (verb, "count"))
    {
      char *end;
      guint32 colour = (guint32) strtoul (rest, &end, 16);
      return g_strdup_printf ("%u", screen_count (screen, colour, (guint) atoi (end)));
    }
  if (g_str_equal (verb, "save"))
    return g_strdup (screen_save (screen, rest, &error) ? "saved" : error->message);
  return g_strdup ("what?");
}

int
main (void)
{
  UiScreen *screen = screen_new ();
  char line[1024];
  while (fgets (line, sizeof line, stdin) != NULL)
    {
      line[strcspn (line, "\n")] = '\0';
      char *rest = line + strcspn (line, " ");
      if (*rest != '\0')
        *rest++ = '\0';
      g_autofree char *answer = obey (screen, line, rest);
      puts (answer);
      fflush (stdout);
    }
  screen_free (screen);
  return 0;
}
