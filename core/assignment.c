/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment.h"

#include "core/error.h"
#include "core/json.h"

#include <math.h>
#include <string.h>

typedef struct
{
  char *annotator;
  const json_t *sequences, *groups, *names; /* (nullable) the plan document's */
  double share;                             /* NaN = what the shares leave */
} Entry;

struct _AssayAssign
{
  AssayPlan *plan; /* a copy: the lists of the entries are its */
  char **annotators;
  GArray *entries; /* of Entry, those of the task */
};

static gboolean
is_words (const json_t *value)
{
  gsize i;
  const json_t *one;
  if (value != NULL && !json_is_array (value))
    return FALSE;
  json_array_foreach (value, i, one) if (!json_is_string (one)) return FALSE;
  return TRUE;
}

static gboolean
is_share (const json_t *value)
{
  return value == NULL
         || (json_is_number (value) && json_number_value (value) >= 0 && json_number_value (value) <= 1);
}

static gboolean
is_entry (const json_t *entry)
{
  const json_t *task = json_object_get (entry, "task");
  return json_is_string (json_object_get (entry, "annotator")) && (task == NULL || json_is_string (task))
         && is_words (json_object_get (entry, "sequences")) && is_words (json_object_get (entry, "groups"))
         && is_words (json_object_get (entry, "names")) && is_share (json_object_get (entry, "share"));
}

static gboolean
bad (GError **error, const char *what)
{
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA, "reading the plan: %s", what);
  return FALSE;
}

gboolean
assay_assignment_check (const json_t *document, GError **error)
{
  const json_t *assign = json_object_get (document, "assign"), *entry;
  gsize i;
  if (!is_words (json_object_get (document, "annotators")))
    return bad (error, "annotators must be a list of names");
  if (!is_share (json_object_get (document, "gold")))
    return bad (error, "gold must be a number from 0 to 1");
  if (assign != NULL && !json_is_array (assign))
    return bad (error, "assign must be a list of objects");
  json_array_foreach (assign, i, entry) if (!is_entry (entry)) return bad (
      error,
      "each of assign must have \"annotator\", and may have \"task\", \"sequences\", \"groups\" and \"names\""
      " (lists of names) and \"share\" (0 to 1)");
  return TRUE;
}

static void
entry_clear (gpointer data)
{
  g_free (((Entry *) data)->annotator);
}

AssayAssignment *
assay_assignment_new (const AssayPlan *plan, const char *task_name)
{
  AssayAssignment *assign = g_new0 (AssayAssignment, 1);
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  gsize i;
  const json_t *one;
  assign->plan = assay_plan_from_json (plan->document, NULL);
  assign->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  g_array_set_clear_func (assign->entries, entry_clear);
  if (assign->plan == NULL) /* saved plans are checked ones */
    assign->plan = assay_plan_new ();
  assign->plan->overlap = plan->overlap;
  assign->plan->annotators_per_overlap = plan->annotators_per_overlap;
  json_array_foreach (json_object_get (assign->plan->document, "annotators"), i, one)
      g_strv_builder_add (names, json_string_value (one));
  assign->annotators = g_strv_builder_end (names);
  json_array_foreach (json_object_get (assign->plan->document, "assign"), i, one)
  {
    const char *task = assay_json_get_string (one, "task");
    Entry entry = { g_strdup (assay_json_get_string (one, "annotator")), json_object_get (one, "sequences"),
                    json_object_get (one, "groups"), json_object_get (one, "names"), NAN };
    assay_json_get_double (one, "share", &entry.share);
    if (task == NULL || g_str_equal (task, task_name))
      g_array_append_val (assign->entries, entry);
    else
      g_free (entry.annotator);
  }
  return assign;
}

void
assay_assignment_free (AssayAssignment *assign)
{
  if (assign == NULL)
    return;
  g_array_unref (assign->entries);
  g_strfreev (assign->annotators);
  assay_plan_free (assign->plan);
  g_free (assign);
}

gboolean
assay_assignment_is_open (const AssayAssignment *assign)
{
  return assign->annotators[0] == NULL && assign->entries->len == 0;
}

gboolean
assay_assignment_names (const AssayAssignment *assign, const char *annotator)
{
  for (guint i = 0; i < assign->entries->len; i++)
    if (g_str_equal (g_array_index (assign->entries, Entry, i).annotator, annotator))
      return TRUE;
  return g_strv_contains ((const char *const *) assign->annotators, annotator);
}

char *
assay_assignment_dup_names (const AssayAssignment *assign)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  for (guint i = 0; assign->annotators[i] != NULL; i++)
    g_ptr_array_add (names, assign->annotators[i]);
  for (guint i = 0; i < assign->entries->len; i++)
    {
      char *name = g_array_index (assign->entries, Entry, i).annotator;
      if (!g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
        g_ptr_array_add (names, name);
    }
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < names->len; i++)
    g_string_append_printf (text, "%s%s",
                            i == 0               ? ""
                            : i + 1 < names->len ? ", "
                                                 : " and ",
                            (const char *) names->pdata[i]);
  return g_string_free (text, FALSE);
}

guint
assay_assignment_n_wanted (const AssayAssignment *assign, const AssayId *item)
{
  return assay_plan_is_overlap (assign->plan, item) ? assign->plan->annotators_per_overlap : 1;
}

static gboolean
is_among (const json_t *words, const char *text, gboolean by_prefix)
{
  gsize i;
  const json_t *one;
  json_array_foreach (words, i, one)
  {
    const char *word = json_string_value (one);
    if (text != NULL && (by_prefix ? g_str_has_prefix (text, word) : g_str_equal (text, word)))
      return TRUE;
  }
  return words == NULL;
}

static gboolean
fits (const Entry *entry, const AssayAssignee *item)
{
  return is_among (entry->sequences, item->sequence, FALSE) && is_among (entry->groups, item->group, FALSE)
         && is_among (entry->names, item->name, TRUE);
}

/* Draws: the same numbers on every desk, and cheap, as a list may ask about a million items. FNV-1a over the bytes,
 * then the finaliser of splitmix64 (Steele and others 2014) to spread them. */
static guint64
spread (guint64 x)
{
  x ^= x >> 30;
  x *= 0xbf58476d1ce4e5b9u;
  x ^= x >> 27;
  x *= 0x94d049bb133111ebu;
  return x ^ x >> 31;
}

static guint64
hash (const char *what, gconstpointer data, gsize n_bytes)
{
  guint64 number = 0xcbf29ce484222325u;
  const guint8 *bytes = data;
  for (; *what != '\0'; what++)
    number = (number ^ (guint8) *what) * 0x100000001b3u;
  for (gsize i = 0; i < n_bytes; i++)
    number = (number ^ bytes[i]) * 0x100000001b3u;
  return spread (number);
}

static guint64
draw (guint64 unit, const char *annotator)
{
  return spread (unit + 0x9e3779b97f4a7c15u * hash ("annotator ", annotator, strlen (annotator)));
}

static guint64
unit_of (const AssayAssignee *item)
{
  return item->sequence != NULL ? hash ("sequence ", item->sequence, strlen (item->sequence))
                                : hash ("item ", item->id.bytes, sizeof item->id.bytes);
}

#define ANYBODY "" /* whoever comes first */

typedef struct
{
  const char *annotator;
  double weight;
} Candidate;

static void
add (GArray *candidates, const char *annotator, double weight)
{
  Candidate candidate = { annotator, weight };
  for (guint i = 0; i < candidates->len; i++)
    if (g_str_equal (g_array_index (candidates, Candidate, i).annotator, annotator))
      {
        g_array_index (candidates, Candidate, i).weight += weight;
        return;
      }
  g_array_append_val (candidates, candidate);
}

static gboolean
is_named (const GArray *candidates, guint n_named, const char *annotator)
{
  for (guint i = 0; i < n_named; i++)
    if (g_str_equal (g_array_index (candidates, Candidate, i).annotator, annotator))
      return TRUE;
  return FALSE;
}

/* Of what fits: those whom the plan names besides, or, where there are none, ANYBODY who is not named. */
static void
add_others (const AssayAssignment *assign, GArray *candidates, double rest)
{
  guint n_named = candidates->len, n_others = 0;
  for (guint i = 0; assign->annotators[i] != NULL; i++)
    n_others += !is_named (candidates, n_named, assign->annotators[i]);
  for (guint i = 0; assign->annotators[i] != NULL; i++)
    if (!is_named (candidates, n_named, assign->annotators[i]))
      add (candidates, assign->annotators[i], rest / n_others);
  if (n_others == 0)
    add (candidates, ANYBODY, rest);
}

static GArray *
list_candidates (const AssayAssignment *assign, const AssayAssignee *item)
{
  GArray *candidates = g_array_new (FALSE, FALSE, sizeof (Candidate));
  double given = 0;
  guint n_rest = 0;
  for (guint i = 0; i < assign->entries->len; i++)
    {
      const Entry *entry = &g_array_index (assign->entries, Entry, i);
      if (!fits (entry, item))
        continue;
      given += isnan (entry->share) ? 0 : entry->share;
      n_rest += isnan (entry->share);
    }
  double rest = MAX (0, 1 - given);
  for (guint i = 0; i < assign->entries->len; i++)
    {
      const Entry *entry = &g_array_index (assign->entries, Entry, i);
      if (fits (entry, item))
        add (candidates, entry->annotator, isnan (entry->share) ? rest / n_rest : entry->share);
    }
  if (n_rest == 0 && rest > 1e-9)
    add_others (assign, candidates, rest);
  return candidates;
}

/* Weighted rendezvous: the smallest of -log (draw) / weight wins. */
static double
score (guint64 unit, const Candidate *candidate)
{
  double number = ((double) (draw (unit, candidate->annotator) >> 11) + 0.5) / (double) ((guint64) 1 << 53);
  return candidate->weight > 0 ? -log (number) / candidate->weight : INFINITY;
}

gboolean
assay_assignment_is_for (const AssayAssignment *assign, const AssayAssignee *item, const char *annotator)
{
  if (assay_assignment_is_open (assign))
    return TRUE;
  g_autoptr (GArray) candidates = list_candidates (assign, item);
  const char *as = is_named (candidates, candidates->len, annotator) ? annotator : ANYBODY;
  guint64 unit = unit_of (item);
  double own = INFINITY;
  guint before = 0;
  for (guint i = 0; i < candidates->len; i++)
    if (g_str_equal (g_array_index (candidates, Candidate, i).annotator, as))
      own = score (unit, &g_array_index (candidates, Candidate, i));
  for (guint i = 0; isfinite (own) && i < candidates->len; i++)
    before += score (unit, &g_array_index (candidates, Candidate, i)) < own;
  /* Whether it is of the overlap is asked only where that decides. */
  return isfinite (own)
         && (before == 0
             || (before < assign->plan->annotators_per_overlap
                 && before < assay_assignment_n_wanted (assign, &item->id)));
}

guint
assay_assignment_n_gold (double share, const char *annotator, guint64 n_answered)
{
  if (!(share > 0))
    return 0;
  double pace = round (1 / share);
  if (!(pace < 1e15)) /* less than one of all that anybody will ever answer */
    return 0;
  guint64 length = MAX (1, (guint64) pace), block = n_answered / length, mark = GUINT64_TO_LE (block);
  guint64 place = draw (hash ("gold place ", &mark, sizeof mark), annotator) % length;
  return (guint) (block + (n_answered % length >= place));
}

guint64
assay_assignment_gold_rank (const char *annotator, const AssayId *item)
{
  return draw (hash ("gold ", item->bytes, sizeof item->bytes), annotator);
}
