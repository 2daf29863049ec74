/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/store.h - the database of a project, as the other files of core/ use it.
 *
 * Behind it stands core/store-sqlite.c, the only file that knows SQLite; the tables are core/store-schema.c.
 * Statements are text, prepared once for each (store, text) and kept. WAL, foreign keys, synchronous=FULL.
 * A store belongs to one thread. Writers of other processes are waited for (10 s), then told by name as CONFLICT. */
#include "core/id.h"
#include "core/sha256.h"

G_BEGIN_DECLS

typedef struct _AssayStore AssayStore;

typedef enum { ASSAY_STORE_READ, ASSAY_STORE_WRITE, ASSAY_STORE_CREATE } AssayStoreMode;

/* Refuses, in one line each: network file systems (statfs), files of a newer version (READ still opens them),
 * files that are no database, folders that cannot be written. */
AssayStore *assay_store_open (const char *path, AssayStoreMode mode, GError **error);
void assay_store_close (AssayStore *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayStore, assay_store_close)
const char *assay_store_get_path (const AssayStore *store);
/* A number that differs whenever another connection (of any process) has committed something since: poll it. */
guint assay_store_get_change (AssayStore *store);
/* Work done so far, for the benchmarks: steps of the database's machine (a few for each row looked at, returned or not) and bytes
 * of pages written. */
void assay_store_get_counts (AssayStore *store, guint64 *ret_steps, guint64 *ret_bytes_written);

/* Makes the tables of `other` (open, of any mode) readable as other.TABLE, read-only, until it is detached; outside of
 * transactions only. UNSUPPORTED when `other` is of a newer version. */
gboolean assay_store_attach (AssayStore *store, const AssayStore *other, GError **error);
void assay_store_detach (AssayStore *store);

/* SQLite's own integrity and foreign key checks: BAD_DATA with the first thing found. Reads everything. */
gboolean assay_store_check (AssayStore *store, GError **error);

/* Undoes itself unless committed: g_auto (AssayTransaction) t = { 0 }; nests (inner ones become savepoints). */
typedef struct {
  AssayStore *store;
  guint depth;
} AssayTransaction;
gboolean assay_transaction_begin (AssayTransaction *transaction, AssayStore *store, GError **error); /* BEGIN IMMEDIATE */
gboolean assay_transaction_begin_read (AssayTransaction *transaction, AssayStore *store, GError **error); /* one snapshot */
gboolean assay_transaction_commit (AssayTransaction *transaction, GError **error);
void assay_transaction_clear (AssayTransaction *transaction);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AssayTransaction, assay_transaction_clear)

/* A text constant in a statement that is put together, with its quotes. */
void assay_sql_append_text (GString *sql, const char *text);

/* A statement being used: g_auto (AssayRows) rows = { 0 }; leaving the scope resets it.
 * `types` has one letter a parameter: i gint64, d double (NaN = NULL), t const char * (NULL = NULL), I const AssayId *
 * (nil or NULL = NULL), H const AssaySha256 * (NULL = NULL), b const void * and gsize (blob), and the arguments follow. */
typedef struct {
  AssayStore *store;
  gpointer statement;
} AssayRows;
gboolean assay_store_query (AssayStore *store, AssayRows *rows, GError **error, const char *sql, const char *types, ...);
/* TRUE while there is a row; FALSE at the end, or with `error` set. */
gboolean assay_rows_next (AssayRows *rows, GError **error);
void assay_rows_clear (AssayRows *rows);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AssayRows, assay_rows_clear)
gboolean assay_rows_is_null (AssayRows *rows, guint column);
gint64 assay_rows_get_int (AssayRows *rows, guint column);
double assay_rows_get_double (AssayRows *rows, guint column); /* NULL = NaN */
const char *assay_rows_get_text (AssayRows *rows, guint column); /* until the next step; NULL = NULL */
AssayId assay_rows_get_id (AssayRows *rows, guint column);       /* NULL = nil */
gboolean assay_rows_get_sha256 (AssayRows *rows, guint column, AssaySha256 *ret_hash); /* FALSE = NULL */
gconstpointer assay_rows_get_blob (AssayRows *rows, guint column, gsize *ret_n_bytes);

/* For statements without rows; `ret_changed` (nullable) rows changed. */
gboolean assay_store_run (AssayStore *store, guint *ret_changed, GError **error, const char *sql, const char *types, ...);
gint64 assay_store_get_last_row (AssayStore *store);

G_END_DECLS
