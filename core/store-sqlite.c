/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "core/store-lock.h"
#include "core/store-place.h"
#include "core/store-schema.h"
#include "core/store.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WAIT_MS 10000
#define MAX_KEPT_STATEMENTS 512

typedef struct
{
  sqlite3_stmt *stmt;
  gboolean used; /* by an AssayRows */
  gboolean kept; /* in the table; else it goes when its use ends */
} Statement;

struct _AssayStore
{
  sqlite3 *db;
  char *path;
  AssayStoreMode mode;
  GHashTable *statements; /* text (the statement's own copy) -> Statement */
  gboolean immutable;     /* read as it lies, on a disk that cannot be written */
  guint depth;            /* transactions begun and not ended */
  guint64 steps;          /* of statements that are done */
};

static void
statement_free (gpointer data)
{
  Statement *statement = data;
  sqlite3_finalize (statement->stmt);
  g_free (statement);
}

/* One line for each thing that goes wrong, with what to do about it. */
static gboolean
refuse (sqlite3 *db, int code, const char *path, const char *doing, GError **error)
{
  switch (code & 0xff)
    {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      g_set_error (
          error, ASSAY_ERROR, ASSAY_ERROR_CONFLICT,
          "%s %s: another program has kept it busy for %d s; wait until that is done, or close it, and try again",
          doing, path, WAIT_MS / 1000);
      return FALSE;
    case SQLITE_READONLY:
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_IO,
                   "%s %s: it cannot be written; check the permissions of the file and its folder", doing, path);
      return FALSE;
    case SQLITE_FULL:
      assay_error_set_errno (error, ENOSPC, "%s %s", doing, path);
      return FALSE;
    case SQLITE_NOTADB:
      g_set_error (
          error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
          "%s %s: it is not a database, or its header is damaged; bring project.db back from a copy, or"
          " make it again with `assay recover --database`",
          doing, path);
      return FALSE;
    case SQLITE_CORRUPT:
      g_set_error (
          error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
          "%s %s: the database is damaged (%s); bring project.db back from a copy, or make it again with `assay recover"
          " --database`",
          doing, path, sqlite3_errmsg (db));
      return FALSE;
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
      if (sqlite3_system_errno (db) != 0)
        assay_error_set_errno (error, sqlite3_system_errno (db), "%s %s", doing, path);
      else
        g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_IO, "%s %s: %s", doing, path, sqlite3_errmsg (db));
      return FALSE;
    case SQLITE_CONSTRAINT:
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_CONFLICT, "%s %s: %s", doing, path, sqlite3_errmsg (db));
      return FALSE;
    default:
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_IO, "%s %s: %s", doing, path, sqlite3_errmsg (db));
      return FALSE;
    }
}

static gboolean
execute (AssayStore *store, const char *sql, const char *doing, GError **error)
{
  int code = sqlite3_exec (store->db, sql, NULL, NULL, NULL);
  return code == SQLITE_OK || refuse (store->db, code, store->path, doing, error);
}

static gboolean
read_number (AssayStore *store, const char *sql, gint64 *ret_number, GError **error)
{
  sqlite3_stmt *stmt = NULL;
  int code = sqlite3_prepare_v2 (store->db, sql, -1, &stmt, NULL);
  if (code == SQLITE_OK)
    code = sqlite3_step (stmt);
  gint64 number = code == SQLITE_ROW ? sqlite3_column_int64 (stmt, 0) : 0;
  sqlite3_finalize (stmt);
  if (code != SQLITE_ROW && code != SQLITE_DONE)
    return refuse (store->db, code, store->path, "opening", error);
  *ret_number = number;
  return TRUE;
}

/* SQLite reads a database with a log through memory that it shares with others, a file beside it. */
static gboolean
can_share (const AssayStore *store)
{
  g_autofree char *folder = g_path_get_dirname (store->path);
  g_autofree char *shared = g_strconcat (store->path, "-shm", NULL);
  return access (folder, W_OK) == 0 || access (shared, F_OK) == 0;
}

/* Where it cannot be made (a folder that cannot be written) the database is read as it lies: right as long as no
 * log waits beside it, for nobody can write there anyway. */
static gboolean
open_immutable (AssayStore *store, GError **error)
{
  g_autofree char *log = g_strconcat (store->path, "-wal", NULL);
  g_autofree char *escaped = g_uri_escape_string (store->path, "/", TRUE);
  g_autofree char *uri = g_strconcat ("file:", escaped, "?immutable=1", NULL);
  struct stat about;
  if (stat (log, &about) == 0 && about.st_size > 0)
    {
      g_set_error (
          error, ASSAY_ERROR, ASSAY_ERROR_IO,
          "opening %s: its log must be worked in first and the folder cannot be written; copy the folder to a"
          " disk that can be written",
          store->path);
      return FALSE;
    }
  store->immutable = TRUE;
  int code = sqlite3_open_v2 (uri, &store->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL);
  return code == SQLITE_OK || refuse (store->db, code, store->path, "opening", error);
}

static void
keep_locks (void)
{
  sqlite3_vfs *vfs = sqlite3_vfs_find (NULL);
  vfs->xSetSystemCall (vfs, "fcntl", (sqlite3_syscall_ptr) assay_store_lock_fcntl);
  vfs->xSetSystemCall (vfs, "close", (sqlite3_syscall_ptr) assay_store_lock_close);
}

static gboolean
open_file (AssayStore *store, GError **error)
{
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once (&once, keep_locks);
  if (store->mode == ASSAY_STORE_READ && !can_share (store))
    return open_immutable (store, error);
  int flags = store->mode == ASSAY_STORE_READ    ? SQLITE_OPEN_READONLY
              : store->mode == ASSAY_STORE_WRITE ? SQLITE_OPEN_READWRITE
                                                 : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  int code = sqlite3_open_v2 (store->path, &store->db, flags | SQLITE_OPEN_NOMUTEX, NULL);
  if (code != SQLITE_OK)
    return refuse (store->db, code, store->path, "opening", error);
  /* SQLite falls back to reading when it may not write: find out before work is put in. */
  if (store->mode != ASSAY_STORE_READ && sqlite3_db_readonly (store->db, "main") == 1)
    return refuse (store->db, SQLITE_READONLY, store->path, "opening", error);
  return TRUE;
}

static gboolean
set_up (AssayStore *store, GError **error)
{
  sqlite3_busy_timeout (store->db, WAIT_MS);
  sqlite3_extended_result_codes (store->db, 1);
  /* A project may come from anybody: nothing in its schema may run more than plain SQL. */
  sqlite3_db_config (store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (store->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  return execute (store,
                  "PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000;PRAGMA"
                  " recursive_triggers = OFF;",
                  "opening", error);
}

/* The log and its durability: only a writer may set them. journal_size_limit gives the disk back after a large
 * import. */
static gboolean
set_up_writing (AssayStore *store, GError **error)
{
  return execute (store,
                  "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864;",
                  "opening", error);
}

static gboolean
migrate (AssayStore *store, GError **error)
{
  g_auto (AssayTransaction) transaction = { 0 };
  gint64 version;
  /* Read again under the lock: another program may have been quicker. */
  if (!assay_transaction_begin (&transaction, store, error)
      || !read_number (store, "PRAGMA user_version", &version, error))
    return FALSE;
  for (gint64 v = version; v < ASSAY_STORE_VERSION; v++)
    {
      g_autofree char *stamp = g_strdup_printf ("PRAGMA user_version = %d; PRAGMA application_id = %d;",
                                                (int) v + 1, ASSAY_STORE_APPLICATION_ID);
      if (!execute (store, assay_store_steps[v], "bringing up to date", error)
          || !execute (store, stamp, "bringing up to date", error))
        return FALSE;
    }
  return assay_transaction_commit (&transaction, error);
}

static gboolean
check_version (AssayStore *store, GError **error)
{
  gint64 version, application;
  if (!read_number (store, "PRAGMA user_version", &version, error)
      || !read_number (store, "PRAGMA application_id", &application, error))
    return FALSE;
  gboolean empty = version == 0 && application == 0;
  if (!(store->mode == ASSAY_STORE_CREATE && empty) && application != ASSAY_STORE_APPLICATION_ID)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
                   "opening %s: it is a database of another program; choose the folder of an Assay project",
                   store->path);
      return FALSE;
    }
  if (version > ASSAY_STORE_VERSION && store->mode != ASSAY_STORE_READ)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
                   "opening %s: it was made by a newer Assay (version %d, this one writes %d); update Assay, or"
                   " only look at it",
                   store->path, (int) version, ASSAY_STORE_VERSION);
      return FALSE;
    }
  if (store->mode == ASSAY_STORE_READ && version < ASSAY_STORE_VERSION)
    {
      /* Reading an old one means bringing it up to date first. */
      g_autoptr (AssayStore) writer = assay_store_open (store->path, ASSAY_STORE_WRITE, error);
      return writer != NULL;
    }
  return store->mode == ASSAY_STORE_READ
         || (set_up_writing (store, error) && (version >= ASSAY_STORE_VERSION || migrate (store, error)));
}

AssayStore *
assay_store_open (const char *path, AssayStoreMode mode, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  if (!assay_place_check (folder, error))
    return NULL;
  g_autoptr (AssayStore) store = g_new0 (AssayStore, 1);
  store->path = g_strdup (path);
  store->mode = mode;
  store->statements = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, statement_free);
  if (!open_file (store, error) || !set_up (store, error) || !check_version (store, error))
    return NULL;
  return g_steal_pointer (&store);
}

void
assay_store_close (AssayStore *store)
{
  if (store == NULL)
    return;
  g_hash_table_destroy (store->statements);
  if (store->db != NULL && sqlite3_close (store->db) != SQLITE_OK)
    g_critical ("%s is closed while rows of it are still being read", store->path);
  g_free (store->path);
  g_free (store);
}

const char *
assay_store_get_path (const AssayStore *store)
{
  return store->path;
}

guint
assay_store_get_change (AssayStore *store)
{
  g_auto (AssayRows) rows = { 0 };
  if (!assay_store_query (store, &rows, NULL, "PRAGMA data_version", "") || !assay_rows_next (&rows, NULL))
    return 0;
  return (guint) assay_rows_get_int (&rows, 0);
}

void
assay_store_get_counts (AssayStore *store, guint64 *ret_steps, guint64 *ret_bytes_written)
{
  gint64 page_bytes = 4096;
  int pages = 0, highest = 0;
  read_number (store, "PRAGMA page_size", &page_bytes, NULL);
  sqlite3_db_status (store->db, SQLITE_DBSTATUS_CACHE_WRITE, &pages, &highest, 0);
  *ret_steps = store->steps;
  *ret_bytes_written = (guint64) pages * (guint64) page_bytes;
}

gboolean
assay_store_check (AssayStore *store, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  if (!assay_store_query (store, &rows, error, "PRAGMA integrity_check (1)", "") || !assay_rows_next (&rows, error))
    return FALSE;
  if (!g_str_equal (assay_rows_get_text (&rows, 0), "ok"))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
                   "checking %s: %s; bring project.db back from a copy, or make it again with `assay recover --database`",
                   store->path,
                   assay_rows_get_text (&rows, 0));
      return FALSE;
    }
  g_autoptr (GError) wrong = NULL;
  if (!assay_store_query (store, &rows, error, "PRAGMA foreign_key_check", ""))
    return FALSE;
  if (assay_rows_next (&rows, &wrong))
    g_set_error (&wrong, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
                 "checking %s: row %" G_GINT64_FORMAT
                 " of %s names a row of %s that is not there; bring project.db back from a copy, or make it"
                 " again with `assay recover --database`",
                 store->path, assay_rows_get_int (&rows, 1), assay_rows_get_text (&rows, 0),
                 assay_rows_get_text (&rows, 2));
  if (wrong == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&wrong));
  return FALSE;
}

gboolean
assay_store_attach (AssayStore *store, const AssayStore *other, GError **error)
{
  g_autofree char *escaped = g_uri_escape_string (other->path, "/", TRUE);
  g_autofree char *uri = g_strconcat ("file:", escaped, other->immutable ? "?immutable=1" : "?mode=ro", NULL);
  gint64 version;
  if (!assay_store_run (store, NULL, error, "ATTACH ? AS other", "t", uri))
    return FALSE;
  gboolean right = read_number (store, "PRAGMA other.user_version", &version, error);
  if (right && version <= ASSAY_STORE_VERSION)
    return TRUE;
  assay_store_detach (store);
  if (right)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
                 "reading %s: it was made by a newer Assay (version %d, this one knows %d); update Assay",
                 other->path, (int) version, ASSAY_STORE_VERSION);
  return FALSE;
}

static gboolean
is_idle (gpointer text, gpointer statement, gpointer unused)
{
  return !((Statement *) statement)->used;
}

void
assay_store_detach (AssayStore *store)
{
  /* Statements that spoke of it would keep it busy. */
  g_hash_table_foreach_remove (store->statements, is_idle, NULL);
  sqlite3_exec (store->db, "DETACH other", NULL, NULL, NULL);
}

/* Transactions. */

static gboolean
begin (AssayTransaction *transaction, AssayStore *store, const char *how, GError **error)
{
  char savepoint[32];
  g_snprintf (savepoint, sizeof savepoint, "SAVEPOINT s%u", store->depth);
  if (!execute (store, store->depth == 0 ? how : savepoint, "saving to", error))
    return FALSE;
  transaction->store = store;
  transaction->depth = ++store->depth;
  return TRUE;
}

gboolean
assay_transaction_begin (AssayTransaction *transaction, AssayStore *store, GError **error)
{
  return begin (transaction, store, "BEGIN IMMEDIATE", error);
}

gboolean
assay_transaction_begin_read (AssayTransaction *transaction, AssayStore *store, GError **error)
{
  gint64 number;
  if (!begin (transaction, store, "BEGIN", error))
    return FALSE;
  /* The snapshot is taken by the first reading. */
  if (read_number (store, "SELECT count(*) FROM sqlite_schema", &number, error))
    return TRUE;
  assay_transaction_clear (transaction);
  return FALSE;
}

/* SQLite takes a whole transaction back by itself when the disk fills or fails. */
static gboolean
check_alive (AssayStore *store, GError **error)
{
  if (store->depth == 0 || !sqlite3_get_autocommit (store->db))
    return TRUE;
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_IO,
               "saving to %s: an error before this took everything back; try again", store->path);
  return FALSE;
}

gboolean
assay_transaction_commit (AssayTransaction *transaction, GError **error)
{
  AssayStore *store = transaction->store;
  g_return_val_if_fail (store != NULL && transaction->depth == store->depth, FALSE);
  char release[32];
  g_snprintf (release, sizeof release, "RELEASE s%u", store->depth - 1);
  if (!check_alive (store, error) || !execute (store, store->depth == 1 ? "COMMIT" : release, "saving to", error))
    return FALSE;
  store->depth--;
  transaction->store = NULL;
  return TRUE;
}

void
assay_transaction_clear (AssayTransaction *transaction)
{
  AssayStore *store = transaction->store;
  if (store == NULL)
    return;
  g_return_if_fail (transaction->depth == store->depth);
  char undo[64];
  g_snprintf (undo, sizeof undo, "ROLLBACK TO s%u; RELEASE s%u", store->depth - 1, store->depth - 1);
  if (!sqlite3_get_autocommit (store->db))
    sqlite3_exec (store->db, store->depth == 1 ? "ROLLBACK" : undo, NULL, NULL, NULL);
  store->depth--;
  transaction->store = NULL;
}

/* Statements. */

static Statement *
prepare (AssayStore *store, const char *sql, GError **error)
{
  Statement *statement = g_hash_table_lookup (store->statements, sql);
  if (statement != NULL && !statement->used)
    return statement;
  sqlite3_stmt *stmt = NULL;
  int code = sqlite3_prepare_v3 (store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL);
  if (code != SQLITE_OK)
    {
      refuse (store->db, code, store->path, "reading", error);
      return NULL;
    }
  gboolean keep = statement == NULL && g_hash_table_size (store->statements) < MAX_KEPT_STATEMENTS;
  statement = g_new0 (Statement, 1);
  statement->stmt = stmt;
  statement->kept = keep;
  if (keep)
    g_hash_table_insert (store->statements, (gpointer) sqlite3_sql (stmt), statement);
  return statement;
}

static int
bind_id (sqlite3_stmt *stmt, int at, const AssayId *id)
{
  if (id == NULL || assay_id_is_nil (id))
    return sqlite3_bind_null (stmt, at);
  return sqlite3_bind_blob (stmt, at, id->bytes, sizeof id->bytes, SQLITE_TRANSIENT);
}

static int
bind_blob (sqlite3_stmt *stmt, int at, gconstpointer data, gsize n_bytes)
{
  /* A NULL pointer binds NULL; an empty blob is not that. */
  return sqlite3_bind_blob64 (stmt, at, data != NULL ? data : "", n_bytes, SQLITE_TRANSIENT);
}

static gboolean
bind (AssayStore *store, sqlite3_stmt *stmt, const char *types, va_list args, GError **error)
{
  int code = SQLITE_OK;
  for (int at = 1; types[at - 1] != '\0' && code == SQLITE_OK; at++)
    switch (types[at - 1])
      {
      case 'i':
        code = sqlite3_bind_int64 (stmt, at, va_arg (args, gint64));
        break;
      case 'd':
        code = sqlite3_bind_double (stmt, at, va_arg (args, double)); /* SQLite makes NaN NULL */
        break;
      case 't':
        code = sqlite3_bind_text (stmt, at, va_arg (args, const char *), -1, SQLITE_TRANSIENT);
        break;
      case 'I':
        code = bind_id (stmt, at, va_arg (args, const AssayId *));
        break;
      case 'H':
        {
          const AssaySha256 *hash = va_arg (args, const AssaySha256 *);
          code
              = hash != NULL ? bind_blob (stmt, at, hash->bytes, sizeof hash->bytes) : sqlite3_bind_null (stmt, at);
          break;
        }
      case 'b':
        {
          gconstpointer data = va_arg (args, gconstpointer);
          code = bind_blob (stmt, at, data, va_arg (args, gsize));
          break;
        }
      default:
        g_return_val_if_reached (FALSE);
      }
  return code == SQLITE_OK || refuse (store->db, code, store->path, "asking", error);
}

static gboolean
query (AssayStore *store, AssayRows *rows, GError **error, const char *sql, const char *types, va_list args)
{
  if (!check_alive (store, error))
    return FALSE;
  Statement *statement = prepare (store, sql, error);
  if (statement == NULL)
    return FALSE;
  assay_rows_clear (rows);
  statement->used = TRUE;
  rows->store = store;
  rows->statement = statement;
  g_return_val_if_fail ((gsize) sqlite3_bind_parameter_count (statement->stmt) == strlen (types), FALSE);
  return bind (store, statement->stmt, types, args, error);
}

void
assay_sql_append_text (GString *sql, const char *text)
{
  g_string_append_c (sql, '\'');
  for (; *text != '\0'; text++)
    g_string_append (sql, *text == '\'' ? "''" : (char[]){ *text, '\0' });
  g_string_append_c (sql, '\'');
}

gboolean
assay_store_query (AssayStore *store, AssayRows *rows, GError **error, const char *sql, const char *types, ...)
{
  va_list args;
  va_start (args, types);
  gboolean right = query (store, rows, error, sql, types, args);
  va_end (args);
  return right;
}

gboolean
assay_rows_next (AssayRows *rows, GError **error)
{
  if (rows->statement == NULL) /* the query failed, or the end was seen */
    return FALSE;
  AssayStore *store = rows->store;
  int code = sqlite3_step (((Statement *) rows->statement)->stmt);
  if (code == SQLITE_ROW)
    return TRUE;
  if (code != SQLITE_DONE)
    refuse (store->db, code, store->path, store->mode == ASSAY_STORE_READ ? "reading" : "saving to", error);
  assay_rows_clear (rows);
  return FALSE;
}

void
assay_rows_clear (AssayRows *rows)
{
  Statement *statement = rows->statement;
  if (statement == NULL)
    return;
  sqlite3_reset (statement->stmt);
  sqlite3_clear_bindings (statement->stmt);
  rows->store->steps += (guint64) sqlite3_stmt_status (statement->stmt, SQLITE_STMTSTATUS_VM_STEP, 1);
  statement->used = FALSE;
  rows->statement = NULL;
  if (!statement->kept)
    statement_free (statement);
}

static sqlite3_stmt *
stmt_of (AssayRows *rows)
{
  return ((Statement *) rows->statement)->stmt;
}

gboolean
assay_rows_is_null (AssayRows *rows, guint column)
{
  return sqlite3_column_type (stmt_of (rows), (int) column) == SQLITE_NULL;
}

gint64
assay_rows_get_int (AssayRows *rows, guint column)
{
  return sqlite3_column_int64 (stmt_of (rows), (int) column);
}

double
assay_rows_get_double (AssayRows *rows, guint column)
{
  return assay_rows_is_null (rows, column) ? NAN : sqlite3_column_double (stmt_of (rows), (int) column);
}

const char *
assay_rows_get_text (AssayRows *rows, guint column)
{
  return (const char *) sqlite3_column_text (stmt_of (rows), (int) column);
}

AssayId
assay_rows_get_id (AssayRows *rows, guint column)
{
  AssayId id = ASSAY_ID_NIL;
  gsize n_bytes;
  gconstpointer data = assay_rows_get_blob (rows, column, &n_bytes);
  if (n_bytes == sizeof id.bytes)
    memcpy (id.bytes, data, n_bytes);
  return id;
}

gboolean
assay_rows_get_sha256 (AssayRows *rows, guint column, AssaySha256 *ret_hash)
{
  gsize n_bytes;
  gconstpointer data = assay_rows_get_blob (rows, column, &n_bytes);
  if (n_bytes != sizeof ret_hash->bytes)
    return FALSE;
  memcpy (ret_hash->bytes, data, n_bytes);
  return TRUE;
}

gconstpointer
assay_rows_get_blob (AssayRows *rows, guint column, gsize *ret_n_bytes)
{
  gconstpointer data = sqlite3_column_blob (stmt_of (rows), (int) column);
  *ret_n_bytes = (gsize) sqlite3_column_bytes (stmt_of (rows), (int) column);
  return data;
}

gboolean
assay_store_run (AssayStore *store, guint *ret_changed, GError **error, const char *sql, const char *types, ...)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  va_list args;
  va_start (args, types);
  gboolean right = query (store, &rows, error, sql, types, args);
  va_end (args);
  if (!right)
    return FALSE;
  while (assay_rows_next (&rows, &wrong))
    ;
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return FALSE;
    }
  if (ret_changed != NULL)
    *ret_changed = (guint) sqlite3_changes (store->db);
  return TRUE;
}

gint64
assay_store_get_last_row (AssayStore *store)
{
  return sqlite3_last_insert_rowid (store->db);
}
