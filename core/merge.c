/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "core/flag.h"
#include "core/json.h"
#include "core/journal.h"
#include "core/media.h"
#include "core/progress.h"
#include "core/standing.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct
{
  AssayProject *project, *other;
  AssayProgress *progress;
  AssayMergeCounts counts;
  gint64 items, revisions, journal, reviews, flags, reports; /* last rows before: what comes after them is new */
} Merge;

/* --- media: files first, each checked, outside of any transaction --- */

static gboolean
bring_media (Merge *merge, AssayRows *rows, GError **error)
{
  AssayMediaFacts facts = { 0 };
  AssaySha256 hash;
  gboolean known;
  g_autoptr (GError) wrong = NULL;
  if (!assay_rows_get_sha256 (rows, 0, &hash))
    return TRUE;
  const char *type = assay_rows_get_text (rows, 1);
  g_autofree char *path = assay_media_dup_path (merge->other, &hash, type);
  /* The hash is checked before anything is decoded: what was altered is told as that. */
  if (assay_media_check (merge->other, &hash, type, &wrong)
      && assay_media_add (merge->project, path, &facts, &known, &wrong))
    {
      merge->counts.media_added += !known;
      return TRUE;
    }
  /* A bad file there never stops the good ones; a full disk here does. */
  if (!g_error_matches (wrong, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA)
      && !g_error_matches (wrong, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return FALSE;
    }
  if (merge->counts.skipped != NULL)
    g_ptr_array_add (merge->counts.skipped, g_strdup (wrong->message));
  return TRUE;
}

static gboolean
count (AssayStore *store, const char *sql, guint *ret_n, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  if (!assay_store_query (store, &rows, error, sql, "") || !assay_rows_next (&rows, error))
    return FALSE;
  *ret_n = (guint) assay_rows_get_int (&rows, 0);
  return TRUE;
}

static gboolean
bring_all_media (Merge *merge, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  AssayStore *store = merge->project->store;
  guint n_new = 0, n_all = 0, done = 0;
  if (!count (store, "SELECT count(*) FROM other.media", &n_all, error)
      || !count (store, "SELECT count(*) FROM other.media WHERE hash NOT IN (SELECT hash FROM main.media)", &n_new,
                 error))
    return FALSE;
  merge->counts.media_known = n_all - n_new;
  assay_progress_say (merge->progress, "copying media");
  /* From the other's own connection: ours is written to on the way. */
  if (!assay_store_query (merge->other->store, &rows, error, "SELECT hash, type FROM media ORDER BY row", ""))
    return FALSE;
  while (assay_rows_next (&rows, &wrong))
    {
      g_auto (AssayRows) known = { 0 };
      AssaySha256 hash;
      if (assay_progress_stopped (merge->progress, error))
        return FALSE;
      if (!assay_rows_get_sha256 (&rows, 0, &hash)
          || !assay_store_query (store, &known, error, "SELECT 1 FROM main.media WHERE hash = ?", "H", &hash))
        return FALSE;
      if (assay_rows_next (&known, &wrong) || wrong != NULL)
        continue;
      if (!bring_media (merge, &rows, error))
        return FALSE;
      assay_progress_set (merge->progress, ++done, n_new);
    }
  if (wrong != NULL)
    g_propagate_error (error, g_steal_pointer (&wrong));
  return wrong == NULL;
}

/* --- rows: each table once, by id or hash; row numbers are translated on the way --- */

#define MAP_ITEM "JOIN other.item AS oi ON oi.row = o.item JOIN main.item AS i ON i.id = oi.id "
#define MAP_TASK "JOIN other.task AS ot ON ot.row = o.task JOIN main.task AS t ON t.id = ot.id "
#define MAP_ANNOTATOR "JOIN other.annotator AS oa ON oa.row = o.annotator JOIN main.annotator AS a ON a.id = oa.id "
#define ONCE "WHERE TRUE ORDER BY o.row ON CONFLICT DO NOTHING"

static const char *const copies[] = {
  "INSERT INTO main.sensor (id, kind, identity, name) SELECT id, kind, identity, name FROM other.sensor AS o " ONCE,
  "INSERT INTO main.calibration (id, sensor, made_us, document) SELECT o.id, s.row, o.made_us, o.document FROM"
  " other.calibration AS o JOIN other.sensor AS os ON os.row = o.sensor JOIN main.sensor AS s ON s.id = "
  "os.id " ONCE,
  "INSERT INTO main.session (id, began_us, info) SELECT id, began_us, info FROM other.session AS o " ONCE,
  "INSERT INTO main.session_report (id, session, made_us, report) SELECT id, session, made_us, report FROM"
  " other.session_report AS o " ONCE,
  "INSERT INTO main.item (id, media, media_kind, name, range, start, end, width_px, height_px, exif_orientation,"
  " rate_hz, channels, n_samples, sequence, position, moment, session, sensor, captured_ns, group_key, facts,"
  " added_us, boundary) SELECT o.id, m.row, o.media_kind, o.name, o.range, o.start, o.end, o.width_px,"
  " o.height_px, o.exif_orientation, o.rate_hz, o.channels, o.n_samples, o.sequence, o.position, o.moment,"
  " o.session, o.sensor, o.captured_ns, o.group_key, o.facts, o.added_us, o.boundary FROM other.item AS o JOIN"
  " other.media AS om ON om.row = o.media JOIN main.media AS m ON m.hash = om.hash " ONCE,
  "INSERT INTO main.item_role (item, role, media) SELECT i.row, o.role, m.row FROM other.item_role AS o " MAP_ITEM
  "JOIN other.media AS om ON om.row = o.media JOIN main.media AS m ON m.hash = om.hash WHERE TRUE ON CONFLICT DO"
  " NOTHING",
  "INSERT INTO main.item_flag (id, item, flag, stands, why, by_annotator, made_us) SELECT o.id, i.row, o.flag,"
  " o.stands, o.why, o.by_annotator, o.made_us FROM other.item_flag AS o " MAP_ITEM ONCE,
  "INSERT INTO main.annotator (id, name, kind) SELECT id, name, kind FROM other.annotator AS o " ONCE,
  "INSERT INTO main.task (id) SELECT id FROM other.task AS o " ONCE,
  "INSERT INTO main.task_revision (id, task, parent, replaces, by_annotator, made_us, definition) SELECT o.id,"
  " t.row, o.parent, o.replaces, o.by_annotator, o.made_us, o.definition FROM other.task_revision AS o " MAP_TASK
      ONCE,
  "INSERT INTO main.revision (id, item, task, annotator, parent, replaces, task_revision, state, made_us,"
  " seconds, simulated, tool, assisted, comment, n_objects, classes, value) SELECT o.id, i.row, t.row, a.row,"
  " o.parent, o.replaces, o.task_revision, o.state, o.made_us, o.seconds, o.simulated, o.tool, o.assisted,"
  " o.comment, o.n_objects, o.classes, o.value FROM other.revision AS o " MAP_ITEM MAP_TASK MAP_ANNOTATOR ONCE,
  "INSERT INTO main.journal (id, item, task, annotator, base, kind, target, name, made_us, changes) SELECT o.id,"
  " i.row, t.row, a.row, o.base, o.kind, o.target, o.name, o.made_us, o.changes FROM other.journal AS o " MAP_ITEM
      MAP_TASK MAP_ANNOTATOR ONCE,
  "INSERT INTO main.review (id, item, task, kind, how, revision, parent, by_annotator, made_us, comment) SELECT"
  " o.id, i.row, t.row, o.kind, o.how, o.revision, o.parent, o.by_annotator, o.made_us, o.comment FROM"
  " other.review AS o " MAP_ITEM MAP_TASK ONCE,
  "INSERT INTO main.finding_event (id, finding, kind, why, inputs, by_annotator, made_us) SELECT id, finding,"
  " kind, why, inputs, by_annotator, made_us FROM other.finding_event AS o " ONCE,
  "INSERT INTO main.plan_revision (id, parent, by_annotator, made_us, document) SELECT id, parent, by_annotator,"
  " made_us, document FROM other.plan_revision AS o " ONCE,
  "INSERT INTO main.object (hash, kind, bytes, data) SELECT hash, kind, bytes, data FROM other.object AS o " ONCE,
  "INSERT INTO main.version (hash, root, parent, made_us, manifest) SELECT hash, root, parent, made_us, manifest"
  " FROM other.version AS o " ONCE,
  /* A tag never moves: where both gave one name to two versions, theirs says which it means. */
  "INSERT INTO main.tag (name, version, made_us) SELECT CASE WHEN EXISTS (SELECT 1 FROM main.tag AS m WHERE"
  " m.name = o.name AND m.version <> o.version) THEN o.name || '-' || lower (substr (hex (o.version), 1, 12))"
  " ELSE o.name END, o.version, o.made_us FROM other.tag AS o WHERE TRUE ON CONFLICT DO NOTHING",
};

static gboolean
last_row (AssayStore *store, const char *sql, gint64 *ret_row, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  if (!assay_store_query (store, &rows, error, sql, "") || !assay_rows_next (&rows, error))
    return FALSE;
  *ret_row = assay_rows_get_int (&rows, 0);
  return TRUE;
}

static gboolean
bring_rows (Merge *merge, GError **error)
{
  AssayStore *store = merge->project->store;
  if (!last_row (store, "SELECT max (row) FROM main.item", &merge->items, error)
      || !last_row (store, "SELECT max (row) FROM main.revision", &merge->revisions, error)
      || !last_row (store, "SELECT max (row) FROM main.journal", &merge->journal, error)
      || !last_row (store, "SELECT max (row) FROM main.review", &merge->reviews, error)
      || !last_row (store, "SELECT max (row) FROM main.item_flag", &merge->flags, error)
      || !last_row (store, "SELECT max (row) FROM main.session_report", &merge->reports, error))
    return FALSE;
  assay_progress_say (merge->progress, "merging labels");
  for (guint i = 0; i < G_N_ELEMENTS (copies); i++)
    {
      assay_progress_set (merge->progress, i, G_N_ELEMENTS (copies));
      if (assay_progress_stopped (merge->progress, error) || !assay_store_run (store, NULL, error, copies[i], ""))
        return FALSE;
    }
  return TRUE;
}

static gboolean
count_new (Merge *merge, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  guint theirs = 0;
  if (!assay_store_query (
          merge->project->store, &rows, error,
          "SELECT (SELECT count(*) FROM main.item WHERE row > ?1), count(*), total (n_objects) FROM (SELECT"
          " n_objects, max (row) FROM main.revision WHERE row > ?2 GROUP BY item, task, annotator)",
          "ii", merge->items, merge->revisions)
      || !assay_rows_next (&rows, error))
    return FALSE;
  merge->counts.items_added = (guint) assay_rows_get_int (&rows, 0);
  merge->counts.labels_added = (guint) assay_rows_get_int (&rows, 1);
  merge->counts.objects_added = (guint) assay_rows_get_int (&rows, 2);
  assay_rows_clear (&rows);
  if (!count (merge->project->store, "SELECT count(*) FROM other.item", &theirs, error))
    return FALSE;
  merge->counts.items_known = theirs - MIN (theirs, merge->counts.items_added);
  return TRUE;
}

/* --- what follows from the rows --- */

typedef struct
{
  gint64 item, task;
} Pair;

static gboolean
update_standing (Merge *merge, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  g_autoptr (GArray) pairs = g_array_new (FALSE, FALSE, sizeof (Pair));
  AssayStore *store = merge->project->store;
  if (!assay_store_run (store, NULL, error,
                        "INSERT INTO touched (item) SELECT row FROM main.item WHERE row > ? ON CONFLICT DO NOTHING",
                        "i", merge->items)
      || !assay_store_run (store, NULL, error, /* what a report says of clocks stands in the rows of its items */
                           "INSERT INTO touched (item) SELECT row FROM main.item WHERE session IN (SELECT session FROM"
                           " main.session_report WHERE row > ?) ON CONFLICT DO NOTHING",
                           "i", merge->reports)
      || !assay_store_run (store, NULL, error,
                           "INSERT INTO tally (task, annotator, state, class, n) SELECT 0, 0, media_kind, x'',"
                           " count(*) FROM main.item WHERE row > ? GROUP BY media_kind ON CONFLICT DO UPDATE SET"
                           " n = n + excluded.n",
                           "i", merge->items)
      || !assay_store_query (store, &rows, error,
                             "SELECT item, task FROM main.revision WHERE row > ? UNION SELECT item, task FROM"
                             " main.journal WHERE row > ? UNION SELECT item, task FROM main.review WHERE row > ?",
                             "iii", merge->revisions, merge->journal, merge->reviews))
    return FALSE;
  while (assay_rows_next (&rows, &wrong))
    {
      Pair pair = { .item = assay_rows_get_int (&rows, 0), .task = assay_rows_get_int (&rows, 1) };
      g_array_append_val (pairs, pair);
    }
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return FALSE;
    }
  for (guint i = 0; i < pairs->len; i++)
    {
      const Pair *pair = &g_array_index (pairs, Pair, i);
      assay_progress_set (merge->progress, i, pairs->len);
      if (assay_progress_stopped (merge->progress, error)
          || !assay_standing_update (store, pair->item, pair->task, error))
        return FALSE;
    }
  return TRUE;
}

/* --- what recordings said of themselves: small files, in a folder that takes its name when it is complete --- */

static gboolean
copy_texts (const char *from, const char *to, GError **error)
{
  g_autoptr (GDir) folder = g_dir_open (from, 0, NULL);
  for (const char *name; folder != NULL && (name = g_dir_read_name (folder)) != NULL;)
    {
      if (!g_str_has_suffix (name, ".json") && !g_str_has_suffix (name, ".jsonl"))
        continue;
      g_autofree char *path = g_build_filename (from, name, NULL), *copy = g_build_filename (to, name, NULL);
      g_auto (AssayFileDraft) draft = ASSAY_FILE_DRAFT_INIT;
      int fd = open (path, O_RDONLY | O_CLOEXEC);
      gboolean right = fd >= 0 && assay_file_draft_open (&draft, to, error)
                       && assay_file_copy (fd, draft.fd, path, NULL, NULL, error)
                       && assay_file_draft_keep (&draft, copy, 0644, error);
      if (fd < 0)
        assay_error_set_errno (error, errno, "reading %s", path);
      else
        close (fd);
      if (!right)
        return FALSE;
    }
  return TRUE;
}

/* Only recordings that have ended: one under way is its own desk's. */
static gboolean
bring_session (Merge *merge, const char *id, GError **error)
{
  g_autofree char *from = g_build_filename (merge->other->directory, "sessions", id, NULL);
  g_autofree char *to = g_build_filename (merge->project->directory, "sessions", id, NULL);
  g_autofree char *report = g_build_filename (from, "report.json", NULL), *folder = g_path_get_dirname (to);
  g_autofree char *made = g_strdup_printf ("%s/" ASSAY_FILE_DRAFT_PREFIX "%s", folder, id);
  if (g_file_test (to, G_FILE_TEST_EXISTS) || !g_file_test (report, G_FILE_TEST_EXISTS))
    return TRUE;
  if (g_mkdir_with_parents (made, 0777) != 0)
    {
      assay_error_set_errno (error, errno, "making %s", made);
      return FALSE;
    }
  if (!copy_texts (from, made, error))
    return FALSE;
  if (rename (made, to) == 0)
    return assay_folder_sync (folder, error);
  assay_error_set_errno (error, errno, "making %s", to);
  return FALSE;
}

static gboolean
bring_sessions (Merge *merge, GError **error)
{
  g_autofree char *path = g_build_filename (merge->other->directory, "sessions", NULL);
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  for (const char *name; folder != NULL && (name = g_dir_read_name (folder)) != NULL;)
    if (name[0] != '.' && !bring_session (merge, name, error))
      return FALSE;
  return TRUE;
}

/* --- strokes that no revision holds, under an answer that another desk made of the same draft --- */

typedef struct
{
  gint64 item, task, annotator; /* rows of the desk that drew */
} Draft;

/* Ours, whom the other side overtakes; and theirs, whom ours does. Strokes lie upon `base`, which is the drawing
 * desk's head. */
#define OVERTAKEN(drew, answered)                                                                                  \
  "SELECT DISTINCT i.row, t.row, a.row FROM " answered ".revision AS o JOIN " answered                             \
  ".item AS oi ON oi.row = o.item JOIN " drew ".item AS i ON i.id = oi.id JOIN " answered                          \
  ".task AS ot ON ot.row = o.task JOIN " drew ".task AS t ON t.id = ot.id JOIN " answered                          \
  ".annotator AS oa ON oa.row = o.annotator JOIN " drew ".annotator AS a ON a.id = oa.id"                          \
  " WHERE NOT EXISTS (SELECT 1 FROM " drew ".revision AS r WHERE r.id = o.id) AND EXISTS (SELECT 1 FROM " drew     \
  ".journal AS j WHERE j.item = i.row AND j.task = t.row AND j.annotator = a.row AND j.base IS (SELECT r.id"       \
  " FROM " drew ".head AS h JOIN " drew                                                                            \
  ".revision AS r ON r.row = h.revision WHERE h.item = i.row AND h.task = t.row AND h.annotator = a.row))"

static GArray *
list_overtaken (Merge *merge, const char *sql, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  g_autoptr (GArray) drafts = g_array_new (FALSE, FALSE, sizeof (Draft));
  if (!assay_store_query (merge->project->store, &rows, error, sql, ""))
    return NULL;
  while (assay_rows_next (&rows, &wrong))
    {
      Draft draft = { .item = assay_rows_get_int (&rows, 0),
                      .task = assay_rows_get_int (&rows, 1),
                      .annotator = assay_rows_get_int (&rows, 2) };
      g_array_append_val (drafts, draft);
    }
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }
  return g_steal_pointer (&drafts);
}

static gboolean
find_row (AssayStore *store, const char *sql, const AssayId *id, gint64 *ret_row, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  if (!assay_store_query (store, &rows, error, sql, "I", id) || !assay_rows_next (&rows, error))
    return FALSE;
  *ret_row = assay_rows_get_int (&rows, 0);
  return TRUE;
}

/* Makes a revision of one draft of `drew` in our database. Its id follows from the last stroke, so that it is made
 * once, whoever merges with whom. */
static gboolean
keep_draft (Merge *merge, AssayStore *drew, const Draft *draft, GError **error)
{
  AssayStore *store = merge->project->store;
  g_autoptr (AssayItem) item = assay_item_get_row (drew, draft->item, error);
  g_autoptr (AssayTask) task = item != NULL ? assay_task_get_row (drew, draft->task, error) : NULL;
  g_autoptr (AssayAnnotator) annotator
      = task != NULL ? assay_annotator_get_row (drew, draft->annotator, error) : NULL;
  g_autoptr (AssayJournal) journal
      = annotator != NULL ? assay_journal_open (drew, item, task, annotator, error) : NULL;
  if (journal == NULL)
    return FALSE;
  g_autoptr (AssayLabel) label = assay_label_new (item, task, annotator);
  if (!find_row (store, "SELECT row FROM main.item WHERE id = ?", &item->id, &label->item_row, error)
      || !find_row (store, "SELECT row FROM main.task WHERE id = ?", &task->id, &label->task_row, error)
      || !find_row (store, "SELECT row FROM main.annotator WHERE id = ?", &annotator->id, &label->annotator_row,
                    error))
    return FALSE;
  AssayId last;
  assay_objects_free (label->objects);
  label->objects = assay_objects_copy (assay_journal_get_objects (journal));
  label->tool = g_strdup ("journal");
  assay_journal_get_last (journal, &last, &label->made_us, &label->parent);
  AssayId id = assay_id_derive ("draft", last.bytes, sizeof last.bytes);
  return assay_label_save_as (store, label, &id, error);
}

static gboolean
keep_drafts (Merge *merge, AssayStore *drew, const char *sql, GError **error)
{
  g_autoptr (GArray) drafts = list_overtaken (merge, sql, error);
  for (guint i = 0; drafts != NULL && i < drafts->len; i++)
    if (!keep_draft (merge, drew, &g_array_index (drafts, Draft, i), error))
      return FALSE;
  return drafts != NULL;
}

static gboolean
merge_all (Merge *merge, GError **error)
{
  g_auto (AssayTransaction) transaction = { 0 };
  return bring_all_media (merge, error) && bring_sessions (merge, error)
         && assay_transaction_begin (&transaction, merge->project->store, error)
         && keep_drafts (merge, merge->project->store, OVERTAKEN ("main", "other"), error)
         && bring_rows (merge, error) && update_standing (merge, error)
         && assay_flag_update (merge->project->store, merge->flags, error) && count_new (merge, error)
         && keep_drafts (merge, merge->other->store, OVERTAKEN ("other", "main"), error)
         && assay_transaction_commit (&transaction, error);
}

static gboolean
is_same_folder (const char *a, const char *b)
{
  struct stat about_a, about_b;
  return stat (a, &about_a) == 0 && stat (b, &about_b) == 0 && about_a.st_dev == about_b.st_dev
         && about_a.st_ino == about_b.st_ino;
}

gboolean
assay_project_merge (AssayProject *project, const char *other_directory, AssayMergeCounts *ret_counts,
                     AssayProgress *progress, GError **error)
{
  if (is_same_folder (project->directory, other_directory))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_CONFLICT,
                   "merging %s: that is this very project; name another one or a copy", other_directory);
      return FALSE;
    }
  g_autoptr (AssayProject) other = assay_project_open (other_directory, ASSAY_STORE_READ, error);
  if (other == NULL || !assay_store_attach (project->store, other->store, error))
    return FALSE;
  Merge merge = { .project = project, .other = other, .progress = progress };
  merge.counts.skipped = ret_counts->skipped;
  gboolean right = merge_all (&merge, error);
  assay_store_detach (project->store);
  if (right)
    *ret_counts = merge.counts;
  else
    g_prefix_error (error, "merging %s: ", other_directory);
  return right;
}
