/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store-schema.h"

/* Rules of the house:
 * - what people or devices said is only ever added (media, item, item_flag, *_revision, revision, journal, review, finding_event, …);
 *   two desks merge by adding each other's rows, and ids tell what is known already;
 * - what follows from it (head, truth, tally, finding, touched, partial, left_out) can be made again at any time, and is kept in the
 *   same transaction (core/standing.c);
 * - `row` is this database's own number, for joins; ids and hashes are what leaves it.
 * Times are microseconds since 1970 (_us). Documents are canonical JSON. */
/* Version 1. Frozen: projects of it are out there. */
static const char step_1[]
    = "CREATE TABLE meta (key TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;"

      "CREATE TABLE media ("
      "  row INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, kind TEXT NOT NULL, type TEXT NOT NULL, bytes INTEGER NOT NULL,"
      "  width_px INTEGER NOT NULL, height_px INTEGER NOT NULL, exif_orientation INTEGER NOT NULL,"
      "  rate_hz INTEGER NOT NULL, channels INTEGER NOT NULL, n_samples INTEGER NOT NULL, n_frames INTEGER NOT NULL,"
      "  duration_ns INTEGER NOT NULL, added_us INTEGER NOT NULL) STRICT;"

      "CREATE TABLE sensor ("
      "  row INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, kind TEXT NOT NULL, identity TEXT NOT NULL, name TEXT NOT NULL) STRICT;"
      "CREATE INDEX sensor_identity ON sensor (identity);"
      "CREATE TABLE calibration ("
      "  row INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, sensor INTEGER NOT NULL REFERENCES sensor, made_us INTEGER NOT NULL,"
      "  document TEXT NOT NULL) STRICT;"

      "CREATE TABLE session ("
      "  row INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, began_us INTEGER NOT NULL, info TEXT NOT NULL) STRICT;"
      "CREATE TABLE session_report ("
      "  row INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, session BLOB NOT NULL, made_us INTEGER NOT NULL, report TEXT NOT NULL) STRICT;"
      "CREATE INDEX session_report_session ON session_report (session);"

      /* boundary: SHA-256 of the id ends in ten zero bits, so a shard ends with this item. */
      "CREATE TABLE item ("
      "  row INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, media INTEGER NOT NULL REFERENCES media, media_kind TEXT NOT NULL,"
      "  name TEXT NOT NULL, range TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,"
      "  width_px INTEGER NOT NULL, height_px INTEGER NOT NULL, exif_orientation INTEGER NOT NULL,"
      "  rate_hz INTEGER NOT NULL, channels INTEGER NOT NULL, n_samples INTEGER NOT NULL,"
      "  sequence TEXT, position INTEGER NOT NULL, moment BLOB, session BLOB, sensor BLOB, captured_ns INTEGER NOT NULL,"
      "  group_key TEXT NOT NULL, facts TEXT NOT NULL, added_us INTEGER NOT NULL, boundary INTEGER NOT NULL) STRICT;"
      "CREATE INDEX item_name ON item (name);"
      "CREATE INDEX item_media ON item (media);"
      /* Lists on screens read the rows of one kind, in order, and nothing else of a million items. */
      "CREATE INDEX item_media_kind ON item (media_kind);"
      "CREATE INDEX item_sequence ON item (sequence, position) WHERE sequence IS NOT NULL;"
      "CREATE INDEX item_moment ON item (moment) WHERE moment IS NOT NULL;"
      "CREATE INDEX item_boundary ON item (id) WHERE boundary = 1;"
      /* Other media of the same thing: depth, a second exposure, the sound beside a film. */
      "CREATE TABLE item_role ("
      "  item INTEGER NOT NULL REFERENCES item, role TEXT NOT NULL, media INTEGER NOT NULL REFERENCES media,"
      "  PRIMARY KEY (item, role, media)) STRICT, WITHOUT ROWID;"

      "CREATE TABLE annotator ("
      "  row INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, name TEXT NOT NULL, kind TEXT NOT NULL) STRICT;"
      "CREATE INDEX annotator_name ON annotator (name);"

      /* The name is in the definition. What stands are the revisions that no other names as its parent or in `replaces` (ids, 16
       * bytes each): one, or several when desks changed it apart, which are then read as one (core/task-store.c). */
      "CREATE TABLE task (row INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE) STRICT;"
      "CREATE TABLE task_revision ("
      "  row INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, task INTEGER NOT NULL REFERENCES task, parent BLOB, replaces BLOB,"
      "  by_annotator BLOB, made_us INTEGER NOT NULL, definition TEXT NOT NULL) STRICT;"
      "CREATE INDEX task_revision_task ON task_revision (task, parent);"
      "CREATE INDEX task_revision_replaces ON task_revision (task) WHERE replaces IS NOT NULL;"

      /* replaces: ids (16 bytes each) of further revisions that this one stands for, when a conflict of desks was settled.
       * classes: {"class id or nothing": objects of it}. The long value is last, so that the rest is read without it. */
      "CREATE TABLE revision ("
      "  row INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, item INTEGER NOT NULL REFERENCES item, task INTEGER NOT NULL REFERENCES task,"
      "  annotator INTEGER NOT NULL REFERENCES annotator, parent BLOB, replaces BLOB, task_revision BLOB NOT NULL,"
      "  state TEXT NOT NULL, made_us INTEGER NOT NULL, seconds REAL, simulated INTEGER NOT NULL, tool TEXT NOT NULL,"
      "  assisted TEXT, comment TEXT, n_objects INTEGER NOT NULL, classes TEXT NOT NULL, value TEXT NOT NULL) STRICT;"
      "CREATE INDEX revision_item ON revision (item, task, annotator);"
      /* leaves: revisions that no other grew from; more than one is a conflict. revision NULL: only strokes so far. */
      "CREATE TABLE head ("
      "  item INTEGER NOT NULL, task INTEGER NOT NULL, annotator INTEGER NOT NULL, revision INTEGER REFERENCES revision,"
      "  state TEXT NOT NULL, leaves INTEGER NOT NULL, PRIMARY KEY (item, task, annotator)) STRICT, WITHOUT ROWID;"
      "CREATE INDEX head_state ON head (task, annotator, state, item);"
      "CREATE INDEX head_conflict ON head (task, item) WHERE leaves > 1;"
      /* What stands for an item, as core/truth.h says; no row when nobody has begun. */
      "CREATE TABLE truth ("
      "  item INTEGER NOT NULL, task INTEGER NOT NULL, how TEXT NOT NULL, revision INTEGER REFERENCES revision,"
      "  n_answers INTEGER NOT NULL, PRIMARY KEY (item, task)) STRICT, WITHOUT ROWID;"
      "CREATE INDEX truth_how ON truth (task, how, item);"

      "CREATE TABLE journal ("
      "  row INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, item INTEGER NOT NULL REFERENCES item, task INTEGER NOT NULL REFERENCES task,"
      "  annotator INTEGER NOT NULL REFERENCES annotator, base BLOB, kind TEXT NOT NULL, target BLOB, name TEXT NOT NULL,"
      "  made_us INTEGER NOT NULL, changes TEXT NOT NULL) STRICT;"
      "CREATE INDEX journal_item ON journal (item, task, annotator, row);"

      "CREATE TABLE review ("
      "  row INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, item INTEGER NOT NULL REFERENCES item, task INTEGER NOT NULL REFERENCES task,"
      "  kind TEXT NOT NULL, how TEXT, revision BLOB, parent BLOB, by_annotator BLOB NOT NULL, made_us INTEGER NOT NULL,"
      "  comment TEXT) STRICT;"
      "CREATE INDEX review_item ON review (item, task);"

      /* Counts for screens. By task, annotator, state and class: objects of the heads (class x'' = the answers themselves).
       * Annotator 0: items, by how of their truth. Task 0: all items, by kind of media. */
      "CREATE TABLE tally ("
      "  task INTEGER NOT NULL, annotator INTEGER NOT NULL, state TEXT NOT NULL, class BLOB NOT NULL, n INTEGER NOT NULL,"
      "  PRIMARY KEY (task, annotator, state, class)) STRICT, WITHOUT ROWID;"

      "CREATE TABLE finding ("
      "  row INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, \"check\" TEXT NOT NULL, severity INTEGER NOT NULL, score REAL NOT NULL,"
      "  item INTEGER REFERENCES item, task INTEGER REFERENCES task, label BLOB, annotators TEXT NOT NULL, place TEXT NOT NULL,"
      "  why TEXT NOT NULL, inputs BLOB NOT NULL, present INTEGER NOT NULL) STRICT;"
      "CREATE INDEX finding_check ON finding (\"check\", task);"
      "CREATE INDEX finding_item ON finding (item);"
      "CREATE TABLE finding_event ("
      "  row INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, finding BLOB NOT NULL, kind TEXT NOT NULL, why TEXT, inputs BLOB,"
      "  by_annotator BLOB NOT NULL, made_us INTEGER NOT NULL) STRICT;"
      "CREATE INDEX finding_event_finding ON finding_event (finding);"
      /* What a check concluded about unchanged inputs: its memory between runs. */
      "CREATE TABLE partial ("
      "  \"check\" TEXT NOT NULL, key BLOB NOT NULL, data BLOB NOT NULL, PRIMARY KEY (\"check\", key)) STRICT, WITHOUT ROWID;"

      "CREATE TABLE plan_revision ("
      "  row INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, parent BLOB, by_annotator BLOB, made_us INTEGER NOT NULL,"
      "  document TEXT NOT NULL) STRICT;"

      /* Shards and nodes of versions: zstd of the canonical bytes whose SHA-256 is `hash`. */
      "CREATE TABLE object ("
      "  row INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, kind TEXT NOT NULL, bytes INTEGER NOT NULL, data BLOB NOT NULL) STRICT;"
      "CREATE TABLE version ("
      "  row INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, root BLOB NOT NULL, parent BLOB, made_us INTEGER NOT NULL,"
      "  manifest TEXT NOT NULL) STRICT;"
      "CREATE TABLE tag (name TEXT PRIMARY KEY, version BLOB NOT NULL, made_us INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
      /* Items changed since the last commit of this database: what makes a commit cost what changed. */
      "CREATE TABLE touched (item INTEGER PRIMARY KEY) STRICT;";

/* Version 2: what is said of items as a whole. */
static const char step_2[]
    = "CREATE TABLE item_flag ("
      "  row INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, item INTEGER NOT NULL REFERENCES item, flag TEXT NOT NULL,"
      "  stands INTEGER NOT NULL, why TEXT, by_annotator BLOB, made_us INTEGER NOT NULL) STRICT;"
      "CREATE INDEX item_flag_item ON item_flag (item, flag);"
      "CREATE INDEX item_flag_flag ON item_flag (flag, item);"
      /* Follows from item_flag: everywhere = 1 not handed out and in no version, 0 only not counted for the plan. */
      "CREATE TABLE left_out (item INTEGER PRIMARY KEY REFERENCES item, everywhere INTEGER NOT NULL) STRICT;";

/* Version 3: what a recording told of its clocks, before versions kept it, comes into the rows of the next one. */
static const char step_3[] = "INSERT OR IGNORE INTO touched (item) SELECT row FROM item WHERE session IN"
                             " (SELECT session FROM session_report);";

const char *const assay_store_steps[ASSAY_STORE_VERSION] = { step_1, step_2, step_3 };
