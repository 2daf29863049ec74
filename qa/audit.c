/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/audit.h"

#include "qa/apart.h"
#include "qa/bootstrap.h"
#include "qa/consensus.h"
#include "qa/share.h"

#include <math.h>

/* What one audited label adds to the figure of each class. */
typedef struct
{
  guint n, out;
} Count;

typedef struct
{
  AssayAuditCase what;
  AssayId accepted, audit; /* revisions */
  gboolean changed;
  guint stratum;
  Count *classes; /* of each class, and of none */
  Count objects;
  double likeness, n_likeness; /* a sum and its number */
} Audited;

typedef struct
{
  AssayAudit *audit;
  guint n_classes; /* and one more for none */
  guint *of_class; /* accepted labels that have it; the last: those with nothing in them, or of no class */
  GArray *strata;  /* of guint: accepted labels by rarest class */
  GArray *audited; /* of Audited */
} Audit;

static void
audited_clear (gpointer data)
{
  g_free (((Audited *) data)->classes);
}

static void
audit_clear (Audit *audit)
{
  g_clear_pointer (&audit->audit, assay_audit_free);
  g_free (audit->of_class);
  g_clear_pointer (&audit->strata, g_array_unref);
  g_clear_pointer (&audit->audited, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Audit, audit_clear)

void
assay_audit_free (AssayAudit *audit)
{
  if (audit == NULL)
    return;
  g_clear_pointer (&audit->task, assay_task_free);
  g_clear_pointer (&audit->classes, g_array_unref);
  g_clear_pointer (&audit->strata, g_array_unref);
  g_clear_pointer (&audit->cases, g_array_unref);
  g_free (audit);
}

/* Which classes a label has, as the table keeps them: indices into those of the task; none at all is the last. */
static GArray *
list_classes (const Audit *audit, const char *text)
{
  GArray *list = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (json_t) counts = json_loads (text != NULL ? text : "", 0, NULL);
  const char *key;
  const json_t *n;
  json_object_foreach (counts, key, n)
  {
    AssayId id;
    guint index = assay_id_parse (key, &id) ? assay_task_class_index (audit->audit->task, &id) : G_MAXUINT;
    index = MIN (index, audit->n_classes);
    g_array_append_val (list, index);
  }
  if (list->len == 0)
    g_array_append_val (list, audit->n_classes);
  return list;
}

/* The rarest of its classes, the first of them on a tie. */
static guint
find_stratum (const Audit *audit, const GArray *classes)
{
  guint best = g_array_index (classes, guint, 0);
  for (guint i = 1; i < classes->len; i++)
    {
      guint one = g_array_index (classes, guint, i);
      if (audit->of_class[one] < audit->of_class[best]
          || (audit->of_class[one] == audit->of_class[best] && one < best))
        best = one;
    }
  return best;
}

static gboolean
pass_on (GError **wrong, GError **error)
{
  if (*wrong == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (wrong));
  return FALSE;
}

/* All accepted labels: how many have each class, then how many belong to each stratum, and to the sample. */
static gboolean
read_accepted (Audit *audit, AssayStore *store, GError **error)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  g_autoptr (AssayAuditDraw) draw = assay_audit_draw_new (store, audit->audit->task, audit->audit->share, error);
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  if (draw == NULL
      || !assay_store_query (
          store, &rows, error,
          "SELECT i.id, r.classes FROM truth AS t JOIN revision AS r ON r.row = t.revision JOIN item"
          " AS i ON i.row = t.item WHERE t.task = ? AND t.item NOT IN (SELECT item FROM left_out"
          " WHERE everywhere = 1)",
          "i", audit->audit->task->row))
    return FALSE;
  while (assay_rows_next (&rows, &wrong))
    {
      AssayId item = assay_rows_get_id (&rows, 0);
      GArray *classes = list_classes (audit, assay_rows_get_text (&rows, 1));
      for (guint i = 0; i < classes->len; i++)
        audit->of_class[g_array_index (classes, guint, i)]++;
      audit->audit->drawn += assay_audit_draws (draw, &item, assay_rows_get_text (&rows, 1));
      g_ptr_array_add (all, classes);
    }
  audit->audit->accepted = all->len;
  g_array_set_size (audit->strata, audit->n_classes + 1);
  for (guint i = 0; i < all->len; i++)
    g_array_index (audit->strata, guint, find_stratum (audit, all->pdata[i]))++;
  return pass_on (&wrong, error);
}

/* The first audit of each item. */
static gboolean
read_audits (Audit *audit, AssayStore *store, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  if (!assay_store_query (
          store, &rows, error,
          "SELECT v.item, i.id, v.revision, mine.id, a.row, was.classes, coalesce (t.revision, 0) <> was.row FROM"
          " review AS v JOIN item AS i ON i.row = v.item JOIN annotator AS a ON a.id = v.by_annotator JOIN revision"
          " AS was ON was.id = v.revision JOIN head AS h ON h.item = v.item AND h.task = v.task AND h.annotator ="
          " a.row AND h.state = 'audit' JOIN revision AS mine ON mine.row = h.revision LEFT JOIN truth AS t ON"
          " t.item = v.item AND t.task = v.task WHERE v.task = ? AND v.kind = 'audit' AND v.item NOT IN (SELECT "
          "item"
          " FROM left_out WHERE everywhere = 1) ORDER BY i.id, v.made_us, v.id",
          "i", audit->audit->task->row))
    return FALSE;
  while (assay_rows_next (&rows, &wrong))
    {
      Audited one = { .what.item_row = assay_rows_get_int (&rows, 0), .what.item = assay_rows_get_id (&rows, 1) };
      guint n = audit->audited->len;
      if (n > 0 && g_array_index (audit->audited, Audited, n - 1).what.item_row == one.what.item_row)
        continue;
      g_autoptr (GArray) classes = list_classes (audit, assay_rows_get_text (&rows, 5));
      one.accepted = assay_rows_get_id (&rows, 2);
      one.audit = assay_rows_get_id (&rows, 3);
      one.what.annotator_row = assay_rows_get_int (&rows, 4);
      one.changed = assay_rows_get_int (&rows, 6) != 0;
      one.stratum = find_stratum (audit, classes);
      one.classes = g_new0 (Count, audit->n_classes + 1);
      g_array_append_val (audit->audited, one);
    }
  return pass_on (&wrong, error);
}

static void
add_pairing (const Audit *audit, Audited *one, const AssayPairing *pairing)
{
  const AssayTask *task = audit->audit->task;
  const AssayObject *of = pairing->a != NULL ? pairing->a : pairing->b;
  guint class = MIN (assay_task_class_index (task, &of->class_id), audit->n_classes);
  gboolean fine = pairing->a != NULL && pairing->b != NULL && pairing->similarity >= task->tolerance
                  && assay_id_equal (&pairing->a->class_id, &pairing->b->class_id);
  one->classes[class].n++;
  one->classes[class].out += !fine;
  one->objects.n++;
  one->objects.out += !fine;
  if (!isnan (pairing->values[0]))
    {
      one->likeness += pairing->values[0];
      one->n_likeness++;
    }
}

/* FALSE: an error, or (without one) that it is to be told apart. */
static gboolean
compare (const Audit *audit, Audited *one, AssayStore *store, GError **error)
{
  const AssayTask *task = audit->audit->task;
  g_autoptr (AssayLabel) accepted = assay_label_get_revision (store, &one->accepted, task, error);
  g_autoptr (AssayLabel) mine
      = accepted != NULL ? assay_label_get_revision (store, &one->audit, task, error) : NULL;
  g_autoptr (AssayAnnotator) annotator
      = mine != NULL ? assay_annotator_get_row (store, one->what.annotator_row, error) : NULL;
  if (annotator == NULL || assay_apart_of_answer (mine, annotator) != 0)
    return FALSE;
  g_autoptr (GPtrArray) both = g_ptr_array_new ();
  g_ptr_array_add (both, accepted);
  g_ptr_array_add (both, mine);
  one->what.out = !assay_consensus_agreed (both, task);
  g_autoptr (AssayComparison) comparison = assay_compare (accepted->objects, mine->objects, task);
  for (guint i = 0; i < comparison->pairings->len; i++)
    add_pairing (audit, one, &g_array_index (comparison->pairings, AssayPairing, i));
  if (comparison->whole) /* words: the answer is measured, not its segments */
    {
      one->n_likeness = isnan (comparison->values[0]) ? 0 : 1;
      one->likeness = one->n_likeness > 0 ? comparison->values[0] : 0;
    }
  return TRUE;
}

static gboolean
compare_all (Audit *audit, AssayStore *store, AssayProgress *progress, GError **error)
{
  guint done = 0, n = audit->audited->len;
  for (guint i = 0; i < audit->audited->len;)
    {
      GError *wrong = NULL;
      if (assay_progress_stopped (progress, error))
        return FALSE;
      gboolean counts = compare (audit, &g_array_index (audit->audited, Audited, i), store, &wrong);
      if (wrong != NULL)
        {
          g_propagate_error (error, wrong);
          return FALSE;
        }
      assay_progress_set (progress, ++done, n);
      audit->audit->apart += !counts;
      if (counts)
        i++;
      else
        g_array_remove_index (audit->audited, i);
    }
  return TRUE;
}

/* Which part of an audited label a figure is about. */
typedef Count (*Part) (const Audited *audited, guint class);

static Count
part_label (const Audited *audited, guint class)
{
  return (Count){ 1, audited->what.out };
}

static Count
part_objects (const Audited *audited, guint class)
{
  return audited->objects;
}

static Count
part_class (const Audited *audited, guint class)
{
  return audited->classes[class];
}

static double
weight_of (const Audit *audit, const Audited *one)
{
  const AssayAuditStratum *stratum = &g_array_index (audit->audit->strata, AssayAuditStratum, one->stratum);
  return (double) MAX (stratum->accepted, stratum->audited) / stratum->audited;
}

static AssayAuditFigure
make_figure (const Audit *audit, Part part, guint class)
{
  AssayAuditFigure figure = { .error = NAN, .low = NAN, .high = NAN };
  double sum = 0, out = 0, squares = 0;
  for (guint i = 0; i < audit->audited->len; i++)
    {
      const Audited *one = &g_array_index (audit->audited, Audited, i);
      Count count = part (one, class);
      double weight = weight_of (audit, one);
      figure.audited += count.n > 0;
      figure.n += count.n;
      figure.out += count.out;
      sum += weight * count.n;
      out += weight * count.out;
      squares += weight * count.n * weight * count.n;
    }
  if (!(sum > 0))
    return figure;
  figure.error = out / sum;
  figure.n_effective = sum * sum / squares;
  assay_share_interval_of (figure.error, figure.n_effective, &figure.low, &figure.high);
  return figure;
}

static void
count_strata (const Audit *audit)
{
  for (guint i = 0; i < audit->strata->len; i++)
    {
      AssayAuditStratum stratum = { i, g_array_index (audit->strata, guint, i), 0 };
      g_array_append_val (audit->audit->strata, stratum);
    }
  for (guint i = 0; i < audit->audited->len; i++)
    {
      guint stratum = g_array_index (audit->audited, Audited, i).stratum;
      g_array_index (audit->audit->strata, AssayAuditStratum, stratum).audited++;
    }
}

static void
measure_likeness (const Audit *audit)
{
  const AssayMeasureDef *headline = &audit->audit->task->kind->measures[0];
  AssayAgreementMeasure *measure = &audit->audit->likeness;
  guint n = audit->audited->len, used = 0;
  g_autofree double *sums = g_new0 (double, n + 1), *counts = g_new0 (double, n + 1);
  double sum = 0, count = 0;
  *measure = (AssayAgreementMeasure){ .name = headline->name,
                                      .title = headline->title,
                                      .unit = headline->unit,
                                      .higher_is_better = headline->higher_is_better,
                                      .value = NAN,
                                      .low = NAN,
                                      .high = NAN,
                                      .sum = NAN };
  for (guint i = 0; i < n; i++)
    {
      const Audited *one = &g_array_index (audit->audited, Audited, i);
      if (one->n_likeness == 0)
        continue;
      double weight = weight_of (audit, one);
      sums[used] = weight * one->likeness;
      counts[used] = weight * one->n_likeness;
      sum += sums[used];
      count += counts[used++];
      measure->n += (guint64) one->n_likeness;
    }
  measure->items = used;
  if (!(count > 0))
    return;
  AssaySha256 seed = assay_sha256 (sums, used * sizeof (double));
  measure->value = sum / count;
  assay_bootstrap_ratio (sums, counts, used, &seed, &measure->low, &measure->high);
}

static void
finish (const Audit *audit)
{
  AssayAudit *answer = audit->audit;
  count_strata (audit);
  answer->labels = make_figure (audit, part_label, 0);
  answer->labels.accepted = answer->accepted;
  answer->objects = make_figure (audit, part_objects, 0);
  answer->objects.accepted = answer->accepted;
  for (guint i = 0; i <= audit->n_classes; i++)
    {
      AssayAuditFigure figure = make_figure (audit, part_class, i);
      figure.accepted = audit->of_class[i];
      g_array_append_val (answer->classes, figure);
    }
  measure_likeness (audit);
  for (guint i = 0; i < audit->audited->len; i++)
    {
      const Audited *one = &g_array_index (audit->audited, Audited, i);
      answer->changed += one->changed;
      g_array_append_val (answer->cases, one->what);
    }
  for (guint i = answer->strata->len; i > 0; i--)
    {
      const AssayAuditStratum *stratum = &g_array_index (answer->strata, AssayAuditStratum, i - 1);
      if (stratum->accepted == 0 && stratum->audited == 0)
        g_array_remove_index (answer->strata, i - 1);
    }
}

AssayAudit *
assay_audit_compute (AssayProject *project, const AssayTask *task, AssayProgress *progress, GError **error)
{
  g_autoptr (AssayPlan) plan = assay_plan_get (project->store, error);
  if (plan == NULL)
    return NULL;
  g_auto (Audit) audit = { .audit = g_new0 (AssayAudit, 1), .n_classes = task->classes->len };
  audit.audit->task = assay_task_copy (task);
  audit.audit->share = plan->audit;
  audit.audit->classes = g_array_new (FALSE, FALSE, sizeof (AssayAuditFigure));
  audit.audit->strata = g_array_new (FALSE, FALSE, sizeof (AssayAuditStratum));
  audit.audit->cases = g_array_new (FALSE, FALSE, sizeof (AssayAuditCase));
  audit.of_class = g_new0 (guint, audit.n_classes + 1);
  audit.strata = g_array_new (FALSE, TRUE, sizeof (guint));
  audit.audited = g_array_new (FALSE, FALSE, sizeof (Audited));
  g_array_set_clear_func (audit.audited, audited_clear);
  if (!read_accepted (&audit, project->store, error) || !read_audits (&audit, project->store, error)
      || !compare_all (&audit, project->store, progress, error))
    return NULL;
  finish (&audit);
  return g_steal_pointer (&audit.audit);
}

AssayAuditVerdict
assay_audit_judge (const AssayAuditFigure *figure, double limit)
{
  if (figure->high < limit)
    return ASSAY_AUDIT_BELOW;
  return figure->low > limit ? ASSAY_AUDIT_ABOVE : ASSAY_AUDIT_OPEN;
}

/* Wilson's interval leaves a limit out when the score test does: n (rate - limit)^2 > z^2 limit (1 - limit). */
double
assay_audit_count_more (const AssayAuditFigure *figure, double limit)
{
  gboolean begun = figure->n_effective > 0;
  double rate = begun ? figure->error : 0, apart = rate - limit;
  if (begun && assay_audit_judge (figure, limit) != ASSAY_AUDIT_OPEN)
    return 0;
  double wanted = floor (ASSAY_SHARE_Z * ASSAY_SHARE_Z * limit * (1 - limit) / (apart * apart)) + 1;
  if (!isfinite (wanted))
    return INFINITY;
  /* As many items are worth one as now. */
  return begun ? MAX (1, ceil (wanted * figure->audited / figure->n_effective) - figure->audited) : wanted;
}
