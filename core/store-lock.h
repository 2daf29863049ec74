/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/store-lock.h - file locks of the database that nobody else in this program can drop.
 *
 * A POSIX lock is gone as soon as its process closes ANY descriptor of the file (fcntl(2)): a file chooser that looks into
 * project.db-shm to tell its type is enough, and the next program that leaves takes the log away under our hands. These
 * stand in for SQLite's fcntl() and close() (sqlite3_vfs.xSetSystemCall): the lock is on an open file description of its
 * own, one a file (fcntl(2), F_OFD_SETLK), which stays open as long as SQLite has the file open. As before, all of a
 * program is one owner, and other programs' POSIX locks are respected and respect these. Any thread. */
#include <glib.h>

G_BEGIN_DECLS

/* F_GETLK, F_SETLK, F_SETLKW with a struct flock *; every other command goes to fcntl(2) as it is. */
int assay_store_lock_fcntl (int fd, int command, ...);
int assay_store_lock_close (int fd);

G_END_DECLS
