/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* The owner of all locks of one file. */
typedef struct
{
  dev_t device;
  ino_t inode;
  int fd;
  guint users; /* descriptors of SQLite's that have asked for a lock and are open */
} Owner;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static GHashTable *owners; /* of Owner, keyed by itself */
static GHashTable *asked;  /* descriptor -> its Owner */

static guint
owner_hash (gconstpointer key)
{
  const Owner *owner = key;
  guint64 both = (guint64) owner->inode * 31 + (guint64) owner->device;
  return g_int64_hash (&both);
}

static gboolean
owner_equal (gconstpointer a, gconstpointer b)
{
  const Owner *one = a, *other = b;
  return one->device == other->device && one->inode == other->inode;
}

/* A description of its own for the file behind `fd`, for writing if that is allowed; -1 with errno. */
static int
open_again (int fd)
{
  char path[32];
  snprintf (path, sizeof path, "/proc/self/fd/%d", fd);
  int again = open (path, O_RDWR | O_CLOEXEC);
  return again >= 0 ? again : open (path, O_RDONLY | O_CLOEXEC);
}

/* Held: the mutex. NULL when the file cannot be opened again (no /proc): then the lock is an ordinary one. */
static Owner *
find_owner (int fd)
{
  struct stat about;
  if (owners == NULL)
    {
      owners = g_hash_table_new_full (owner_hash, owner_equal, g_free, NULL);
      asked = g_hash_table_new (NULL, NULL);
    }
  Owner *owner = g_hash_table_lookup (asked, GINT_TO_POINTER (fd));
  if (owner != NULL || fstat (fd, &about) != 0)
    return owner;
  const Owner key = { .device = about.st_dev, .inode = about.st_ino };
  owner = g_hash_table_lookup (owners, &key);
  if (owner == NULL)
    {
      int again = open_again (fd);
      if (again < 0)
        return NULL;
      owner = g_memdup2 (&key, sizeof key);
      owner->fd = again;
      g_hash_table_add (owners, owner);
    }
  owner->users++;
  g_hash_table_insert (asked, GINT_TO_POINTER (fd), owner);
  return owner;
}

static int
to_own (int command)
{
  return command == F_GETLK ? F_OFD_GETLK : command == F_SETLK ? F_OFD_SETLK : F_OFD_SETLKW;
}

int
assay_store_lock_fcntl (int fd, int command, ...)
{
  va_list arguments;
  va_start (arguments, command);
  void *argument = va_arg (arguments, void *);
  va_end (arguments);
  if (command != F_GETLK && command != F_SETLK && command != F_SETLKW)
    return fcntl (fd, command, argument);
  struct flock *lock = argument;
  pthread_mutex_lock (&mutex);
  Owner *owner = find_owner (fd);
  int own = owner != NULL ? owner->fd : -1;
  pthread_mutex_unlock (&mutex);
  if (own < 0)
    return fcntl (fd, command, lock);
  lock->l_pid = 0; /* the kernel asks for it */
  return fcntl (own, to_own (command), lock);
}

int
assay_store_lock_close (int fd)
{
  pthread_mutex_lock (&mutex);
  Owner *owner = asked != NULL ? g_hash_table_lookup (asked, GINT_TO_POINTER (fd)) : NULL;
  if (owner != NULL)
    {
      g_hash_table_remove (asked, GINT_TO_POINTER (fd));
      if (--owner->users == 0)
        {
          close (owner->fd);
          g_hash_table_remove (owners, owner);
        }
    }
  pthread_mutex_unlock (&mutex);
  return close (fd);
}
