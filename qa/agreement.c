/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/agreement.h"

#include "core/json.h"
#include "qa/bootstrap.h"
#include "qa/walk.h"

#include <math.h>
#include <string.h>

/* What every kind has besides its own measures. */
static const AssayMeasureDef common_measures[] = {
  { "found_by_both", "Found by both", "", TRUE },
  { "same_class", "Same class", "", TRUE },
};
enum
{
  FOUND_BY_BOTH,
  SAME_CLASS,
  N_COMMON
};
#define MAX_MEASURES (ASSAY_KIND_MAX_MEASURES + N_COMMON)

gboolean
assay_agreement_by_parse (const char *text, AssayAgreementBy *ret_by)
{
  static const char *const words[] = { "class", "annotator", "pair", "item", "condition", "session", "month" };
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (words[i], text))
      {
        *ret_by = ASSAY_AGREEMENT_BY_CLASS + i;
        return TRUE;
      }
  return FALSE;
}

/* Sums of one item for one group: all that a resample needs to know about it. */
typedef struct
{
  char *key, *title;
  double sums[MAX_MEASURES], counts[MAX_MEASURES];
  guint64 matched, missing, extra, both_empty;
} Cell;

static void
cell_free (gpointer data)
{
  Cell *cell = data;
  g_free (cell->key);
  g_free (cell->title);
  g_free (cell);
}

/* What one item has to say. */
typedef struct
{
  GPtrArray *cells;   /* of Cell; the first is the group of all */
  GArray *scores;     /* of AssayAgreementScore; a and b are indices in the look */
  GArray *annotators; /* of gint64: rows, in the order of the look */
} Slot;

typedef struct
{
  AssayAgreementBy by;
  guint n_own; /* measures of the kind */
  Slot *slots; /* one an item; each is written by one thread only */
} Computation;

static Cell *
get_cell (GPtrArray *cells, const char *key, const char *title)
{
  for (guint i = 1; i < cells->len; i++)
    {
      Cell *cell = g_ptr_array_index (cells, i);
      if (g_str_equal (cell->key, key))
        return cell;
    }
  Cell *cell = g_new0 (Cell, 1);
  cell->key = g_strdup (key);
  cell->title = g_strdup (title != NULL ? title : key);
  g_ptr_array_add (cells, cell);
  return cell;
}

static void
add_values (Cell *cell, const double *values, guint n_own)
{
  for (guint m = 0; m < n_own; m++)
    if (!isnan (values[m]))
      {
        cell->sums[m] += values[m];
        cell->counts[m]++;
      }
}

static void
add_objects (Cell *cell, guint n_own, guint matched, guint missing, guint extra, guint same_class)
{
  cell->matched += matched;
  cell->missing += missing;
  cell->extra += extra;
  cell->sums[n_own + FOUND_BY_BOTH] += 2.0 * matched;
  cell->counts[n_own + FOUND_BY_BOTH] += 2.0 * matched + missing + extra;
  cell->sums[n_own + SAME_CLASS] += same_class;
  cell->counts[n_own + SAME_CLASS] += matched;
}

/* One comparison as a whole; `swapped` when the group stands on the side of b. */
static void
add_comparison (Cell *cell, const AssayComparison *comparison, guint n_own, gboolean swapped)
{
  if (comparison->whole)
    add_values (cell, comparison->values, n_own);
  for (guint i = 0; !comparison->whole && i < comparison->pairings->len; i++)
    add_values (cell, g_array_index (comparison->pairings, AssayPairing, i).values, n_own);
  guint missing = swapped ? comparison->only_a : comparison->only_b;
  guint extra = swapped ? comparison->only_b : comparison->only_a;
  add_objects (cell, n_own, comparison->matched, missing, extra, comparison->same_class);
  cell->both_empty += comparison->matched + missing + extra == 0;
}

static const char *
class_name (const AssayTask *task, const AssayId *class_id)
{
  const AssayClass *class = assay_task_find_class (task, class_id);
  return class != NULL ? class->name : "(no class)";
}

static void
add_classes (GPtrArray *cells, const AssayComparison *comparison, const AssayTask *task, guint n_own)
{
  for (guint i = 0; i < comparison->pairings->len; i++)
    {
      const AssayPairing *pairing = &g_array_index (comparison->pairings, AssayPairing, i);
      gboolean both = pairing->a != NULL && pairing->b != NULL;
      const char *of_a = pairing->a != NULL ? class_name (task, &pairing->a->class_id) : NULL;
      const char *of_b = pairing->b != NULL ? class_name (task, &pairing->b->class_id) : NULL;
      gboolean same = both && assay_id_equal (&pairing->a->class_id, &pairing->b->class_id);
      const char *names[] = { of_a, same ? NULL : of_b };
      for (guint side = 0; side < 2; side++)
        {
          if (names[side] == NULL)
            continue;
          Cell *cell = get_cell (cells, names[side], NULL);
          add_objects (cell, n_own, both, !both && of_a == NULL, !both && of_b == NULL, same);
          if (!comparison->whole)
            add_values (cell, pairing->values, n_own);
        }
    }
}

static void
add_conditions (GPtrArray *cells, const AssayComparison *comparison, const AssayItem *item, guint n_own)
{
  const char *name;
  json_t *value;
  json_t *conditions = json_object_get (item->facts, "conditions");
  json_object_foreach (conditions, name, value)
  {
    g_autofree char *text
        = json_is_string (value) ? g_strdup (json_string_value (value)) : assay_json_canonical (value);
    g_autofree char *key = g_strdup_printf ("%s=%s", name, text);
    add_comparison (get_cell (cells, key, NULL), comparison, n_own, FALSE);
  }
}

static char *
month_of (const AssayLabel *a, const AssayLabel *b)
{
  g_autoptr (GDateTime) later = g_date_time_new_from_unix_utc (MAX (a->made_us, b->made_us) / G_USEC_PER_SEC);
  return later != NULL ? g_date_time_format (later, "%Y-%m") : g_strdup ("(unknown)");
}

/* Puts one comparison into the groups that it belongs to. */
static void
add_to_groups (const Computation *computation, GPtrArray *cells, const AssayLook *look, guint a, guint b,
               const AssayComparison *comparison)
{
  guint n_own = computation->n_own;
  const char *name_a = ((AssayAnnotator *) g_ptr_array_index (look->annotators, a))->name;
  const char *name_b = ((AssayAnnotator *) g_ptr_array_index (look->annotators, b))->name;
  g_autofree char *key = NULL;
  switch (computation->by)
    {
    case ASSAY_AGREEMENT_BY_CLASS:
      add_classes (cells, comparison, look->task, n_own);
      return;
    case ASSAY_AGREEMENT_BY_ANNOTATOR:
      add_comparison (get_cell (cells, name_a, NULL), comparison, n_own, FALSE);
      add_comparison (get_cell (cells, name_b, NULL), comparison, n_own, TRUE);
      return;
    case ASSAY_AGREEMENT_BY_CONDITION:
      add_conditions (cells, comparison, look->item, n_own);
      return;
    case ASSAY_AGREEMENT_BY_PAIR:
      key = g_strdup_printf ("%s + %s", name_a, name_b);
      break;
    case ASSAY_AGREEMENT_BY_ITEM:
      key = assay_id_dup_text (&look->item->id);
      add_comparison (get_cell (cells, key, look->item->name), comparison, n_own, FALSE);
      return;
    case ASSAY_AGREEMENT_BY_SESSION:
      key = assay_id_is_nil (&look->item->session) ? g_strdup ("(no session)")
                                                   : assay_id_dup_text (&look->item->session);
      break;
    case ASSAY_AGREEMENT_BY_MONTH:
      key = month_of (g_ptr_array_index (look->labels, a), g_ptr_array_index (look->labels, b));
      break;
    case ASSAY_AGREEMENT_BY_NOTHING:
    default:
      return;
    }
  add_comparison (get_cell (cells, key, NULL), comparison, n_own, FALSE);
}

static void
add_score (GArray *scores, const AssayLook *look, guint a, guint b, const AssayComparison *comparison, guint n_own)
{
  Cell own = { 0 };
  add_comparison (&own, comparison, n_own, FALSE);
  AssayAgreementScore score = { .item_row = look->item->row,
                                .item = look->item->id,
                                .a = a,
                                .b = b,
                                .matched = comparison->matched,
                                .only_a = comparison->only_a,
                                .only_b = comparison->only_b,
                                .same_class = comparison->same_class };
  for (guint m = 0; m < ASSAY_KIND_MAX_MEASURES; m++)
    score.values[m] = m < n_own && own.counts[m] > 0 ? own.sums[m] / own.counts[m] : NAN;
  g_array_append_val (scores, score);
}

static void
look_at (const AssayLook *look, guint index, guint worker, gpointer data)
{
  const Computation *computation = data;
  Slot *slot = &computation->slots[index];
  slot->cells = g_ptr_array_new_with_free_func (cell_free);
  slot->scores = g_array_new (FALSE, FALSE, sizeof (AssayAgreementScore));
  slot->annotators = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_ptr_array_add (slot->cells, g_new0 (Cell, 1));
  for (guint i = 0; i < look->annotators->len; i++)
    g_array_append_val (slot->annotators, ((AssayAnnotator *) g_ptr_array_index (look->annotators, i))->row);
  for (guint a = 0; a < look->labels->len; a++)
    for (guint b = a + 1; b < look->labels->len; b++)
      {
        const AssayLabel *one = g_ptr_array_index (look->labels, a), *other = g_ptr_array_index (look->labels, b);
        g_autoptr (AssayComparison) comparison = assay_compare (one->objects, other->objects, look->task);
        add_comparison (g_ptr_array_index (slot->cells, 0), comparison, computation->n_own, FALSE);
        add_to_groups (computation, slot->cells, look, a, b, comparison);
        add_score (slot->scores, look, a, b, comparison, computation->n_own);
      }
}

/* A group in the making: its items' sums side by side, measure by measure. */
typedef struct
{
  AssayAgreementGroup *group;
  GArray *sums[MAX_MEASURES], *counts[MAX_MEASURES]; /* of double */
} Gathering;

static void
agreement_group_free (gpointer data)
{
  AssayAgreementGroup *group = data;
  g_free (group->key);
  g_free (group->title);
  g_array_unref (group->measures);
  g_free (group);
}

static Gathering *
gathering_new (const char *key, const char *title)
{
  Gathering *gathering = g_new0 (Gathering, 1);
  gathering->group = g_new0 (AssayAgreementGroup, 1);
  gathering->group->key = g_strdup (key);
  gathering->group->title = g_strdup (title);
  gathering->group->measures = g_array_new (FALSE, FALSE, sizeof (AssayAgreementMeasure));
  for (guint m = 0; m < MAX_MEASURES; m++)
    {
      gathering->sums[m] = g_array_new (FALSE, FALSE, sizeof (double));
      gathering->counts[m] = g_array_new (FALSE, FALSE, sizeof (double));
    }
  return gathering;
}

static void
gathering_free (gpointer data)
{
  Gathering *gathering = data;
  g_clear_pointer (&gathering->group, agreement_group_free);
  for (guint m = 0; m < MAX_MEASURES; m++)
    {
      g_array_unref (gathering->sums[m]);
      g_array_unref (gathering->counts[m]);
    }
  g_free (gathering);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Gathering, gathering_free)

static void
gather (Gathering *gathering, const Cell *cell, guint n_measures)
{
  gathering->group->items++;
  gathering->group->matched += cell->matched;
  gathering->group->missing += cell->missing;
  gathering->group->extra += cell->extra;
  gathering->group->both_empty += cell->both_empty;
  for (guint m = 0; m < n_measures; m++)
    {
      /* Items that say nothing about a measure are not drawn for it. */
      if (cell->counts[m] <= 0)
        continue;
      g_array_append_val (gathering->sums[m], cell->sums[m]);
      g_array_append_val (gathering->counts[m], cell->counts[m]);
    }
}

static AssaySha256
seed_of (const GArray *sums, const GArray *counts, const char *name)
{
  g_autoptr (AssaySha256Stream) stream = assay_sha256_stream_new ();
  assay_sha256_stream_add (stream, name, strlen (name) + 1);
  assay_sha256_stream_add (stream, sums->data, sums->len * sizeof (double));
  assay_sha256_stream_add (stream, counts->data, counts->len * sizeof (double));
  AssaySha256 seed;
  assay_sha256_stream_finish (stream, &seed);
  return seed;
}

static AssayAgreementGroup *
finish (Gathering *gathering, const AssayKind *kind, guint n_own)
{
  for (guint m = 0; m < n_own + N_COMMON; m++)
    {
      const AssayMeasureDef *def = m < n_own ? &kind->measures[m] : &common_measures[m - n_own];
      AssayAgreementMeasure measure = { def->name, def->title, def->unit, def->higher_is_better, NAN, NAN, NAN, 0 };
      const GArray *sums = gathering->sums[m], *counts = gathering->counts[m];
      double sum = 0, count = 0;
      for (guint i = 0; i < sums->len; i++)
        {
          sum += g_array_index (sums, double, i);
          count += g_array_index (counts, double, i);
        }
      if (count > 0)
        measure.value = sum / count;
      measure.n = (guint64) count;
      AssaySha256 seed = seed_of (sums, counts, def->name);
      assay_bootstrap_ratio ((const double *) (gpointer) sums->data, (const double *) (gpointer) counts->data,
                             sums->len, &seed, &measure.low, &measure.high);
      g_array_append_val (gathering->group->measures, measure);
    }
  return g_steal_pointer (&gathering->group);
}

static int
compare_groups (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(AssayAgreementGroup *const *) a)->key, (*(AssayAgreementGroup *const *) b)->key);
}

static int
compare_annotators (gconstpointer a, gconstpointer b)
{
  const AssayAnnotator *x = *(AssayAnnotator *const *) a, *y = *(AssayAnnotator *const *) b;
  int by_name = strcmp (x->name, y->name);
  return by_name != 0 ? by_name : assay_id_compare (&x->id, &y->id);
}

static void
free_annotator (gpointer annotator)
{
  assay_annotator_free (annotator);
}

/* Everyone who has a submitted answer. */
static GPtrArray *
list_annotators (AssayStore *store, const AssayAnswers *answers, GError **error)
{
  g_autoptr (GPtrArray) annotators = g_ptr_array_new_with_free_func (free_annotator);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_int64_hash, g_int64_equal);
  for (guint i = 0; i < answers->answers->len; i++)
    {
      gint64 *row = &g_array_index (answers->answers, AssayAnswer, i).annotator_row;
      if (!g_hash_table_add (seen, row))
        continue;
      AssayAnnotator *annotator = assay_annotator_get_row (store, *row, error);
      if (annotator == NULL)
        return NULL;
      g_ptr_array_add (annotators, annotator);
    }
  g_ptr_array_sort (annotators, compare_annotators);
  return g_steal_pointer (&annotators);
}

static guint
index_of (const GPtrArray *annotators, gint64 row)
{
  guint i = 0;
  while (i < annotators->len && ((AssayAnnotator *) g_ptr_array_index (annotators, i))->row != row)
    i++;
  return i;
}

/* Folds the items' slots, in the order of items, into groups and scores. */
static void
fold (AssayAgreement *agreement, const Computation *computation, guint n_items)
{
  guint n_own = computation->n_own;
  g_autoptr (Gathering) all = gathering_new ("", "");
  g_autoptr (GHashTable) groups = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, gathering_free);
  for (guint i = 0; i < n_items; i++)
    {
      const Slot *slot = &computation->slots[i];
      if (slot->cells == NULL || slot->scores->len == 0)
        continue;
      gather (all, g_ptr_array_index (slot->cells, 0), n_own + N_COMMON);
      for (guint c = 1; c < slot->cells->len; c++)
        {
          const Cell *cell = g_ptr_array_index (slot->cells, c);
          Gathering *gathering = g_hash_table_lookup (groups, cell->key);
          if (gathering == NULL)
            {
              gathering = gathering_new (cell->key, cell->title);
              g_hash_table_insert (groups, gathering->group->key, gathering);
            }
          gather (gathering, cell, n_own + N_COMMON);
        }
      for (guint s = 0; s < slot->scores->len; s++)
        {
          AssayAgreementScore score = g_array_index (slot->scores, AssayAgreementScore, s);
          score.a = index_of (agreement->annotators, g_array_index (slot->annotators, gint64, score.a));
          score.b = index_of (agreement->annotators, g_array_index (slot->annotators, gint64, score.b));
          g_array_append_val (agreement->scores, score);
        }
    }
  agreement->all = finish (all, agreement->task->kind, n_own);
  GHashTableIter iter;
  gpointer gathering;
  g_hash_table_iter_init (&iter, groups);
  while (g_hash_table_iter_next (&iter, NULL, &gathering))
    {
      g_hash_table_iter_steal (&iter);
      g_ptr_array_add (agreement->groups, finish (gathering, agreement->task->kind, n_own));
      gathering_free (gathering);
    }
  g_ptr_array_sort (agreement->groups, compare_groups);
}

static void
free_slots (Slot *slots, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_clear_pointer (&slots[i].cells, g_ptr_array_unref);
      g_clear_pointer (&slots[i].scores, g_array_unref);
      g_clear_pointer (&slots[i].annotators, g_array_unref);
    }
  g_free (slots);
}

AssayAgreement *
assay_agreement_compute (AssayProject *project, const AssayTask *task, AssayAgreementBy by, AssayProgress *progress,
                         GError **error)
{
  g_autoptr (AssayAnswers) answers = assay_answers_list (project->store, task, error);
  if (answers == NULL)
    return NULL;
  g_autoptr (AssayAgreement) agreement = g_new0 (AssayAgreement, 1);
  agreement->task = assay_task_copy (task);
  agreement->by = by;
  agreement->items = answers->items->len;
  agreement->groups = g_ptr_array_new_with_free_func (agreement_group_free);
  agreement->scores = g_array_new (FALSE, FALSE, sizeof (AssayAgreementScore));
  agreement->annotators = list_annotators (project->store, answers, error);
  if (agreement->annotators == NULL)
    return NULL;
  g_autoptr (GArray) overlapped = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < answers->items->len; i++)
    if (g_array_index (answers->items, AssayAnswered, i).n >= 2)
      g_array_append_val (overlapped, i);
  agreement->overlapped = overlapped->len;

  guint n_items = answers->items->len;
  Computation computation = { by, assay_kind_count_measures (task->kind), g_new0 (Slot, n_items + 1) };
  gboolean ok = assay_walk (project, task, answers, overlapped, look_at, &computation, progress, error);
  if (ok)
    fold (agreement, &computation, n_items);
  free_slots (computation.slots, n_items);
  return ok ? g_steal_pointer (&agreement) : NULL;
}

void
assay_agreement_free (AssayAgreement *agreement)
{
  if (agreement == NULL)
    return;
  assay_task_free (agreement->task);
  g_clear_pointer (&agreement->annotators, g_ptr_array_unref);
  g_clear_pointer (&agreement->all, agreement_group_free);
  g_clear_pointer (&agreement->groups, g_ptr_array_unref);
  g_clear_pointer (&agreement->scores, g_array_unref);
  g_free (agreement);
}

const AssayAgreementMeasure *
assay_agreement_get_headline (const AssayAgreement *agreement)
{
  if (agreement->all->measures->len == 0)
    return NULL;
  const AssayAgreementMeasure *first = &g_array_index (agreement->all->measures, AssayAgreementMeasure, 0);
  return first->n > 0 ? first : NULL;
}
