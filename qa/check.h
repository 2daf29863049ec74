/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/check.h - one way of finding labels that cannot be trusted. A registry: qa/check-*.c, one word each in
 * qa/meson.build; the word is file name, C symbol (assay_check_WORD) and command-line name.
 *
 * What a check says beyond a twentieth of the items (and twenty) is one sentence with a number (qa/flood.h). One that people have
 * called wrong too often may be made quiet (core/plan.h): then it looks only when it is asked for by name.
 *
 * begin / look / merge / end: each thread has its own scratch of `state_size` zeroed bytes, looks at whole items, and the
 * scratches are folded into one. The author of a check never sees a thread. */
#include "core/finding.h"
#include "core/option.h"
#include "core/version.h"

G_BEGIN_DECLS

typedef enum { ASSAY_SCOPE_OBJECT, ASSAY_SCOPE_LABEL, ASSAY_SCOPE_ITEM, ASSAY_SCOPE_GROUP, ASSAY_SCOPE_PROJECT } AssayScope;

/* What a check may ask to see beside the answers of people. */
typedef enum {
  ASSAY_BESIDE_MODELS = 1 << 0, /* what models say of this item and task */
  ASSAY_BESIDE_MASKS = 1 << 1,  /* people's answers to the project's segmentation tasks about this item */
  ASSAY_BESIDE_FACTS = 1 << 2   /* what was measured of the item on arrival */
} AssayBeside;

/* What one look sees: an item, one task and every submitted answer of people. All borrowed; what was not asked for is empty or NULL. */
typedef struct {
  const AssayItem *item;
  const AssayTask *task;
  const GPtrArray *labels;     /* of AssayLabel, by annotator name */
  const GPtrArray *annotators; /* of AssayAnnotator, one a label */
  const AssayProject *project; /* this thread's own */
  const GPtrArray *predictions;     /* of AssayLabel, drafts too, by the model's name */
  const GPtrArray *models;          /* of AssayAnnotator, one a prediction */
  const GPtrArray *masks, *mask_tasks; /* of AssayLabel, and of AssayTask, one a label */
  const json_t *facts;              /* (nullable) qa/arrival.h */
} AssayLook;

/* What a check on arrival sees: an item, and what was measured of it (qa/arrival.h). Borrowed. */
typedef struct {
  const AssayItem *item;
  const json_t *facts;
} AssayArrival;

typedef struct {
  const char *id, *title, *help; /* help: what it finds and why it matters, one sentence */
  guint version;                 /* raised when the answer changes: kept partials are then void */
  AssayScope scope;
  guint beside;                  /* of AssayBeside: what its look needs to see */
  gboolean certain;              /* its errors are so by rule and not by guess: all are listed, however many */
  const AssayOption *options;    /* (nullable) */
  gsize state_size;
  const char *const *kinds;      /* (nullable) kinds of task it looks at; NULL = all */
  void (*begin) (gpointer state, const AssayOptions *options);
  /* One of these two. look: at answers; many threads, own state each. arrive: at the media alone, whatever is asked about it; one
   * thread, in the order of adding, all items or none. */
  void (*look) (gpointer state, const AssayLook *look, GPtrArray *findings);
  void (*arrive) (gpointer state, const AssayArrival *arrival, GPtrArray *findings);
  void (*merge) (gpointer state, gconstpointer other);
  void (*end) (gpointer state, GPtrArray *findings);
  void (*clear) (gpointer state); /* frees what the state holds; also after a cancel */
} AssayCheck;

const AssayCheck *assay_check_find (const char *id);
const AssayCheck *const *assay_check_list (guint *ret_n);

/* What a run cost: answers of one item and task are looked at once a check, unless its partial is still good. */
typedef struct {
  guint64 looked, kept;
} AssayCheckCounts;

/* Those that look unasked: all but what the plan says is quiet. Borrowed. */
GPtrArray *assay_check_list_loud (AssayStore *store, GError **error);

/* Runs checks (NULL = those that look unasked; findings of the quiet ones go) over the project (opened for WRITE) and stores what they
 * found (assay_finding_replace). What is unchanged since the last run, by (check, version, options, revisions), is not looked at again.
 * Off the main thread. */
gboolean assay_check_run (AssayProject *project, const AssayCheck *const *checks, guint n_checks, const AssayTask *task /* (nullable) all */,
                          AssayProgress *progress, AssayCheckCounts *ret_counts /* (nullable) */, GError **error);
/* The same of checks that somebody asked for by name: all that they have to say, floods too. */
gboolean assay_check_run_in_full (AssayProject *project, const AssayCheck *const *checks, guint n_checks, const AssayTask *task,
                                  AssayProgress *progress, AssayCheckCounts *ret_counts, GError **error);

/* For the authors of checks: a finding about this look's item and task. `labels` (nullable; else all of the look) are the
 * answers it is about: their annotators are named, and a dismissal holds until one of them changes. `place`: object ids and the
 * kind of place, which with check, item and task make the identity. Takes `where` (nullable = {}) and `why`. */
AssayFinding *assay_look_flag (const AssayLook *look, const AssayCheck *check, AssaySeverity severity, double score,
                               const AssayLabel *const *labels, guint n_labels, const char *place, json_t *take_where, char *take_why);
/* The same of media alone. `item`: what is flagged. */
AssayFinding *assay_arrival_flag (const AssayItem *item, const AssayCheck *check, AssaySeverity severity, double score, json_t *take_where,
                                  char *take_why);
/* {"box":[x,y,w,h]}, {"samples":[start,end]}: the typed places. New references. */
json_t *assay_where_box (const AssayRect *box);
json_t *assay_where_samples (gint64 start, gint64 end);

G_END_DECLS
