/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/ui/lose-journal.c - preloaded into the window, it takes away what saving rests on: everything that SQLite
 * writes to the journal of a project goes to a file beside it. The program sees no difference, and says "Saved". */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>

int open64 (const char *path, int flags, ...);
int
open64 (const char *path, int flags, ...)
{
  static const char ending[] = "/project.db-wal";
  char elsewhere[4096];
  size_t n = strlen (path);
  va_list rest;
  va_start (rest, flags);
  mode_t mode = (flags & O_CREAT) != 0 ? va_arg (rest, mode_t) : 0;
  va_end (rest);
  int (*next) (const char *, int, ...) = (int (*) (const char *, int, ...)) dlsym (RTLD_NEXT, "open64");
  if (n + sizeof ".lost" > sizeof elsewhere || n < sizeof ending
      || strcmp (path + n - strlen (ending), ending) != 0)
    return next (path, flags, mode);
  snprintf (elsewhere, sizeof elsewhere, "%s.lost", path);
  return next (elsewhere, flags, mode);
}
