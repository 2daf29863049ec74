/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/standing.h"

#include "core/annotator.h"
#include "core/error.h"
#include "core/json.h"
#include "core/tally.h"

#include <string.h>

typedef struct
{
  gint64 row, annotator, made_us;
  AssayId id, parent, by;
  const char *state; /* interned, as made */
  gboolean grown;    /* another revision grew from it or stands for it */
  gboolean counts;   /* as an answer: the consensus is none, nor is a second look */
  gboolean again;    /* a second look (core/again.h) */
} Revision;

typedef struct
{
  AssayId id, revision, parent, by;
  const char *kind, *how; /* interned */
  gint64 made_us;
  gboolean over; /* replaced or recalled */
} Review;

typedef struct
{
  gint64 annotator, revision; /* revision 0 = only strokes so far */
  const char *state;          /* interned */
  gint64 leaves;
} Head;

typedef struct
{
  const char *how; /* interned; NULL = no row */
  gint64 revision, n_answers;
} Truth;

typedef struct
{
  AssayStore *store;
  gint64 item, task;
  GArray *revisions, *reviews, *old_heads, *heads;
  const Review *settlement; /* (nullable) the one that stands */
  gboolean contested;       /* several stand for different answers */
} Standing;

static void
standing_clear (Standing *standing)
{
  g_clear_pointer (&standing->revisions, g_array_unref);
  g_clear_pointer (&standing->reviews, g_array_unref);
  g_clear_pointer (&standing->old_heads, g_array_unref);
  g_clear_pointer (&standing->heads, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Standing, standing_clear)

/* The end of a walk: FALSE when it ended with an error. */
static gboolean
ended_well (GError *take_wrong, GError **error)
{
  if (take_wrong != NULL)
    g_propagate_error (error, take_wrong);
  return take_wrong == NULL;
}

static void
mark_grown (GArray *revisions, gint64 annotator, const AssayId *id)
{
  for (guint i = 0; i < revisions->len; i++)
    {
      Revision *revision = &g_array_index (revisions, Revision, i);
      if (revision->annotator == annotator && assay_id_equal (&revision->id, id))
        revision->grown = TRUE;
    }
}

static gboolean
load_revisions (Standing *standing, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  GError *wrong = NULL;
  g_autoptr (GArray) gone = g_array_new (FALSE, TRUE, sizeof (Revision)); /* pairs of annotator and id */
  standing->revisions = g_array_new (FALSE, TRUE, sizeof (Revision));
  if (!assay_store_query (
          standing->store, &rows, error,
          "SELECT revision.row, annotator, made_us, revision.id, parent, state, replaces, " ASSAY_ANNOTATOR_COUNTS ", a.id, a.kind = 'again'"
          " FROM revision JOIN annotator AS a ON a.row = annotator WHERE item = ? AND task = ? ORDER BY annotator,"
          " made_us, revision.id",
          "ii", standing->item, standing->task))
    return FALSE;
  while (assay_rows_next (&rows, &wrong))
    {
      Revision revision = {
        .row = assay_rows_get_int (&rows, 0),
        .annotator = assay_rows_get_int (&rows, 1),
        .made_us = assay_rows_get_int (&rows, 2),
        .id = assay_rows_get_id (&rows, 3),
        .parent = assay_rows_get_id (&rows, 4),
        .state = g_intern_string (assay_rows_get_text (&rows, 5)),
        .by = assay_rows_get_id (&rows, 8),
        .counts = assay_rows_get_int (&rows, 7) != 0,
        .again = assay_rows_get_int (&rows, 9) != 0,
      };
      g_array_append_val (standing->revisions, revision);
      Revision parent = { .annotator = revision.annotator, .id = revision.parent };
      g_array_append_val (gone, parent);
      gsize n_bytes;
      const guint8 *replaces = assay_rows_get_blob (&rows, 6, &n_bytes);
      for (gsize at = 0; at + sizeof parent.id.bytes <= n_bytes; at += sizeof parent.id.bytes)
        {
          memcpy (parent.id.bytes, replaces + at, sizeof parent.id.bytes);
          g_array_append_val (gone, parent);
        }
    }
  for (guint i = 0; i < gone->len; i++)
    mark_grown (standing->revisions, g_array_index (gone, Revision, i).annotator,
                &g_array_index (gone, Revision, i).id);
  return ended_well (wrong, error);
}

static gboolean
load_reviews (Standing *standing, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  GError *wrong = NULL;
  standing->reviews = g_array_new (FALSE, TRUE, sizeof (Review));
  if (!assay_store_query (standing->store, &rows, error,
                          "SELECT id, revision, parent, kind, how, made_us, by_annotator FROM review WHERE item = ? AND task ="
                          " ? ORDER BY made_us, id",
                          "ii", standing->item, standing->task))
    return FALSE;
  while (assay_rows_next (&rows, &wrong))
    {
      Review review = {
        .id = assay_rows_get_id (&rows, 0),
        .revision = assay_rows_get_id (&rows, 1),
        .parent = assay_rows_get_id (&rows, 2),
        .kind = g_intern_string (assay_rows_get_text (&rows, 3)),
        .made_us = assay_rows_get_int (&rows, 5),
        .by = assay_rows_get_id (&rows, 6),
      };
      if (g_str_equal (review.kind, "settle")) /* of others it is a place: each another text */
        review.how = g_intern_string (assay_rows_get_text (&rows, 4));
      g_array_append_val (standing->reviews, review);
    }
  for (guint i = 0; i < standing->reviews->len; i++)
    for (guint j = 0; j < standing->reviews->len; j++)
      if (assay_id_equal (&g_array_index (standing->reviews, Review, j).parent,
                          &g_array_index (standing->reviews, Review, i).id))
        g_array_index (standing->reviews, Review, i).over = TRUE;
  return ended_well (wrong, error);
}

static gboolean
load_heads (Standing *standing, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  GError *wrong = NULL;
  standing->old_heads = g_array_new (FALSE, TRUE, sizeof (Head));
  if (!assay_store_query (standing->store, &rows, error,
                          "SELECT annotator, revision, state, leaves FROM head WHERE item = ? AND task = ?", "ii",
                          standing->item, standing->task))
    return FALSE;
  while (assay_rows_next (&rows, &wrong))
    {
      Head head = {
        .annotator = assay_rows_get_int (&rows, 0),
        .revision = assay_rows_get_int (&rows, 1),
        .state = g_intern_string (assay_rows_get_text (&rows, 2)),
        .leaves = assay_rows_get_int (&rows, 3),
      };
      g_array_append_val (standing->old_heads, head);
    }
  return ended_well (wrong, error);
}

/* Desks that settled apart agree when they took the same answer; what the plan's rule took yields to a person. */
static void
find_settlement (Standing *standing)
{
  for (int by_rule = 0; by_rule <= 1 && standing->settlement == NULL; by_rule++)
    for (guint i = 0; i < standing->reviews->len; i++)
      {
        const Review *review = &g_array_index (standing->reviews, Review, i);
        if (review->over || !g_str_equal (review->kind, "settle")
            || (g_strcmp0 (review->how, "rule") == 0) != by_rule)
          continue;
        if (!by_rule && standing->settlement != NULL
            && !assay_id_equal (&standing->settlement->revision, &review->revision))
          standing->contested = TRUE;
        standing->settlement = review;
      }
}

static const Revision *
find_revision (const Standing *standing, const AssayId *id)
{
  for (guint i = 0; i < standing->revisions->len; i++)
    if (assay_id_equal (&g_array_index (standing->revisions, Revision, i).id, id))
      return &g_array_index (standing->revisions, Revision, i);
  return NULL;
}

static gboolean
is_sent_back (const Standing *standing, const Revision *revision)
{
  for (guint i = 0; i < standing->reviews->len; i++)
    {
      const Review *review = &g_array_index (standing->reviews, Review, i);
      if (!review->over && g_str_equal (review->kind, "send_back")
          && assay_id_equal (&review->revision, &revision->id))
        return TRUE;
    }
  return FALSE;
}

/* Somebody who was asked blind, once there was a truth (core/audit.h). */
static gboolean
is_audit (const Standing *standing, const Revision *revision)
{
  for (guint i = 0; i < standing->reviews->len; i++)
    {
      const Review *review = &g_array_index (standing->reviews, Review, i);
      if (g_str_equal (review->kind, "audit") && assay_id_equal (&review->by, &revision->by))
        return TRUE;
    }
  return FALSE;
}

/* A draft upon an answer that was sent back is still that: it waits for the annotator. */
static const char *
state_of (const Standing *standing, const Revision *head)
{
  const Revision *at = head;
  for (guint steps = 0; at != NULL && steps <= standing->revisions->len; steps++)
    {
      if (is_sent_back (standing, at))
        return g_intern_static_string ("sent_back");
      if (!g_str_equal (at->state, "draft"))
        break;
      at = find_revision (standing, &at->parent);
    }
  if (g_str_equal (head->state, "submitted") && head->again)
    return g_intern_static_string ("again");
  if (g_str_equal (head->state, "submitted") && is_audit (standing, head))
    return g_intern_static_string ("audit");
  gboolean taken = standing->settlement != NULL && assay_id_equal (&standing->settlement->revision, &head->id);
  gboolean settled = standing->settlement != NULL && !standing->contested;
  if (settled && (taken || g_str_equal (head->state, "submitted")))
    return g_intern_static_string ("settled");
  return head->state;
}

static void
find_heads (Standing *standing)
{
  standing->heads = g_array_new (FALSE, TRUE, sizeof (Head));
  for (guint i = 0; i < standing->revisions->len;)
    {
      const Revision *first = &g_array_index (standing->revisions, Revision, i), *last = NULL;
      Head head = { .annotator = first->annotator };
      for (; i < standing->revisions->len
             && g_array_index (standing->revisions, Revision, i).annotator == head.annotator;
           i++)
        {
          const Revision *revision = &g_array_index (standing->revisions, Revision, i);
          if (!revision->grown || last == NULL)
            last = revision;
          head.leaves += !revision->grown;
        }
      head.revision = last->row;
      head.state = state_of (standing, last);
      g_array_append_val (standing->heads, head);
    }
}

static Head *
find_head (GArray *heads, gint64 annotator)
{
  for (guint i = 0; i < heads->len; i++)
    if (g_array_index (heads, Head, i).annotator == annotator)
      return &g_array_index (heads, Head, i);
  return NULL;
}

/* Those who have drawn but made no revision yet have a draft too. */
static gboolean
find_drafts (Standing *standing, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  GError *wrong = NULL;
  if (!assay_store_query (standing->store, &rows, error,
                          "SELECT DISTINCT annotator FROM journal WHERE item = ? AND task = ?", "ii",
                          standing->item, standing->task))
    return FALSE;
  while (assay_rows_next (&rows, &wrong))
    {
      Head head = { .annotator = assay_rows_get_int (&rows, 0), .state = g_intern_static_string ("draft") };
      if (find_head (standing->heads, head.annotator) == NULL)
        g_array_append_val (standing->heads, head);
    }
  return ended_well (wrong, error);
}

static gboolean
is_answer (const Standing *standing, const Head *head)
{
  for (guint i = 0; i < standing->revisions->len; i++)
    {
      const Revision *revision = &g_array_index (standing->revisions, Revision, i);
      if (revision->row == head->revision)
        return revision->counts && g_str_equal (revision->state, "submitted")
               && !g_str_equal (head->state, "sent_back") && !g_str_equal (head->state, "audit");
    }
  return FALSE;
}

static Truth
find_truth (const Standing *standing)
{
  Truth truth = { .how = g_intern_static_string ("none") };
  for (guint i = 0; i < standing->heads->len; i++)
    {
      const Head *head = &g_array_index (standing->heads, Head, i);
      if (!is_answer (standing, head))
        continue;
      truth.n_answers++;
      truth.how = g_intern_static_string (truth.n_answers == 1 ? "only" : "undecided");
      truth.revision = truth.n_answers == 1 ? head->revision : 0;
    }
  const Revision *taken
      = standing->settlement != NULL ? find_revision (standing, &standing->settlement->revision) : NULL;
  if (standing->settlement == NULL)
    return truth;
  gboolean decided = !standing->contested && taken != NULL;
  truth.how = decided ? standing->settlement->how : g_intern_static_string ("undecided");
  truth.revision = decided ? taken->row : 0;
  return truth;
}

/* Adds (`sign` 1) or takes away (-1) what a head counts for. */
static gboolean
tally_head (Standing *standing, const Head *head, int sign, GError **error)
{
  if (!assay_tally_add (standing->store, standing->task, head->annotator, head->state, NULL, sign, error))
    return FALSE;
  if (head->revision == 0)
    return TRUE;
  g_auto (AssayRows) rows = { 0 };
  if (!assay_store_query (standing->store, &rows, error, "SELECT classes FROM revision WHERE row = ?", "i",
                          head->revision)
      || !assay_rows_next (&rows, error))
    return FALSE;
  const char *text = assay_rows_get_text (&rows, 0);
  g_autoptr (json_t) classes = assay_json_parse (text, strlen (text), "the classes of a label", error);
  if (classes == NULL)
    return FALSE;
  const char *class_text;
  json_t *n;
  json_object_foreach (classes, class_text,
                       n) if (!assay_tally_add (standing->store, standing->task, head->annotator, head->state,
                                                class_text, sign * json_integer_value (n), error)) return FALSE;
  return TRUE;
}

static gboolean
save_head (Standing *standing, const Head *head, GError **error)
{
  const Head *old = find_head (standing->old_heads, head->annotator);
  if (old != NULL && old->revision == head->revision && old->state == head->state && old->leaves == head->leaves)
    return TRUE;
  if ((old != NULL && !tally_head (standing, old, -1, error)) || !tally_head (standing, head, 1, error))
    return FALSE;
  return assay_store_run (
      standing->store, NULL, error,
      "INSERT INTO head (item, task, annotator, revision, state, leaves) VALUES (?, ?, ?, nullif (?, 0), ?, ?) ON"
      " CONFLICT DO UPDATE SET revision = excluded.revision, state = excluded.state, leaves = excluded.leaves",
      "iiiiti", standing->item, standing->task, head->annotator, head->revision, head->state, head->leaves);
}

static gboolean
save_truth (Standing *standing, const Truth *truth, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  GError *wrong = NULL;
  Truth old = { 0 };
  if (!assay_store_query (standing->store, &rows, error,
                          "SELECT how, revision, n_answers FROM truth WHERE item = ? AND task = ?", "ii",
                          standing->item, standing->task))
    return FALSE;
  if (assay_rows_next (&rows, &wrong))
    old = (Truth){ .how = g_intern_string (assay_rows_get_text (&rows, 0)),
                   .revision = assay_rows_get_int (&rows, 1),
                   .n_answers = assay_rows_get_int (&rows, 2) };
  assay_rows_clear (&rows);
  if (!ended_well (wrong, error))
    return FALSE;
  if (old.how == truth->how && old.revision == truth->revision && old.n_answers == truth->n_answers)
    return TRUE;
  if (old.how != truth->how
      && ((old.how != NULL && !assay_tally_add (standing->store, standing->task, 0, old.how, NULL, -1, error))
          || !assay_tally_add (standing->store, standing->task, 0, truth->how, NULL, 1, error)))
    return FALSE;
  return assay_store_run (
      standing->store, NULL, error,
      "INSERT INTO truth (item, task, how, revision, n_answers) VALUES (?, ?, ?, nullif (?, 0), ?) ON CONFLICT DO"
      " UPDATE SET how = excluded.how, revision = excluded.revision, n_answers = excluded.n_answers",
      "iitii", standing->item, standing->task, truth->how, truth->revision, truth->n_answers);
}

gboolean
assay_standing_update (AssayStore *store, gint64 item_row, gint64 task_row, GError **error)
{
  g_auto (Standing) standing = { .store = store, .item = item_row, .task = task_row };
  if (!load_revisions (&standing, error) || !load_reviews (&standing, error) || !load_heads (&standing, error))
    return FALSE;
  find_settlement (&standing);
  find_heads (&standing);
  if (!find_drafts (&standing, error))
    return FALSE;
  for (guint i = 0; i < standing.heads->len; i++)
    if (!save_head (&standing, &g_array_index (standing.heads, Head, i), error))
      return FALSE;
  Truth truth = find_truth (&standing);
  return save_truth (&standing, &truth, error)
         && assay_store_run (store, NULL, error, "INSERT OR IGNORE INTO touched (item) VALUES (?)", "i", item_row);
}
