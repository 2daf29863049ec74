/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/review-case.h"

#include "annotate/model-lines.h"
#include "app/gui/class-models.h"
#include "core/alias.h"
#include "core/kind.h"
#include "core/media.h"

#include <math.h>

static void
answer_free (AssayAnswerShown *answer)
{
  assay_label_free (answer->label);
  g_free (answer->name);
  g_free (answer->summary);
  g_free (answer);
}

void
assay_review_case_free (AssayReviewCase *review)
{
  if (review == NULL)
    return;
  assay_item_free (review->item);
  assay_task_free (review->task);
  g_clear_pointer (&review->answers, g_ptr_array_unref);
  g_clear_pointer (&review->models, g_ptr_array_unref);
  g_clear_pointer (&review->edges, g_ptr_array_unref);
  g_free (review->path);
  g_free (review->truth);
  g_free (review);
}

static char *
summarise (const AssayLabel *label)
{
  guint n = label->objects->list->len;
  const char *noun = n == 1 ? "object" : "objects";
  if (isnan (label->seconds))
    return g_strdup_printf ("%u %s", n, noun);
  return g_strdup_printf ("%u %s · %.0f s%s", n, noun, label->seconds, label->simulated ? " (simulated)" : "");
}

static char *
describe_truth (AssayTruthHow how, const char *name)
{
  static const char *const words[] = {
    [ASSAY_TRUTH_NONE] = "nobody has answered",
    [ASSAY_TRUTH_UNDECIDED] = "undecided",
    [ASSAY_TRUTH_ONLY] = "the only answer",
    [ASSAY_TRUTH_CONSENSUS] = "settled: the consensus",
    [ASSAY_TRUTH_EDIT] = "settled: a reviewer's own answer",
    [ASSAY_TRUTH_RULE] = "settled by the plan's rule: all agree",
  };
  return how == ASSAY_TRUTH_ANNOTATOR ? g_strdup_printf ("settled: %s", name) : g_strdup (words[how]);
}

static int
by_place (gconstpointer a, gconstpointer b, gpointer data)
{
  const AssayLabel *one = (*(AssayAnswerShown *const *) a)->label, *other = (*(AssayAnswerShown *const *) b)->label;
  guint at = assay_aliases_get_place (data, one->annotator_row),
        other_at = assay_aliases_get_place (data, other->annotator_row);
  return (at > other_at) - (at < other_at);
}

/* In letters, until the case is settled; in the same order and the same colours after it. */
static gboolean
read_answers (AssayProject *project, AssayReviewCase *review, GError **error)
{
  g_autoptr (AssayAliases) aliases = assay_aliases_read (project->store, review->item, review->task->row, error);
  g_autoptr (GPtrArray) labels
      = aliases != NULL ? assay_label_list (project->store, review->item->row, review->task, TRUE, error) : NULL;
  if (labels == NULL)
    return FALSE;
  g_ptr_array_set_free_func (labels, NULL);
  for (guint i = 0; i < labels->len; i++)
    {
      AssayAnswerShown *answer = g_new0 (AssayAnswerShown, 1);
      answer->label = labels->pdata[i];
      g_ptr_array_add (review->answers, answer);
      answer->name = g_strdup (assay_aliases_get (aliases, answer->label->annotator_row));
      answer->summary = summarise (answer->label);
    }
  g_ptr_array_sort_with_data (review->answers, by_place, aliases);
  for (guint i = 0; i < review->answers->len; i++)
    ((AssayAnswerShown *) review->answers->pdata[i])->colour = assay_palette_colour (i);
  return TRUE;
}

static void
free_edges (gpointer edges)
{
  if (edges != NULL)
    g_array_unref (edges);
}

/* What poses are drawn by. */
static void
read_models (AssayProject *project, AssayReviewCase *review)
{
  review->models = assay_class_models_load (project, review->task);
  review->edges = g_ptr_array_new_with_free_func (free_edges);
  for (guint i = 0; i < review->models->len; i++)
    {
      const AssayModel *model = review->models->pdata[i];
      g_ptr_array_add (review->edges, model != NULL ? assay_model_list_edges (model, ASSAY_MODEL_ANGLE_DEG) : NULL);
    }
}

AssayReviewCase *
assay_review_case_read (AssayProject *project, gint64 item_row, gint64 task_row, GError **error)
{
  g_autoptr (AssayReviewCase) review = g_new0 (AssayReviewCase, 1);
  review->answers = g_ptr_array_new_with_free_func ((GDestroyNotify) answer_free);
  review->item = assay_item_get_row (project->store, item_row, error);
  if (review->item == NULL)
    return NULL;
  review->path = assay_item_dup_path (project, review->item);
  if (task_row == 0)
    {
      review->truth = g_strdup ("as it arrived");
      return g_steal_pointer (&review);
    }
  review->task = assay_task_get_row (project->store, task_row, error);
  if (review->task == NULL || !read_answers (project, review, error))
    return NULL;
  g_autoptr (AssayLabel) truth = NULL;
  if (!assay_truth_get (project->store, item_row, review->task, &review->how, &truth, error))
    return NULL;
  const char *whose = NULL;
  for (guint i = 0; truth != NULL && i < review->answers->len; i++)
    {
      AssayAnswerShown *answer = review->answers->pdata[i];
      answer->is_truth = assay_id_equal (&answer->label->id, &truth->id);
      whose = answer->is_truth ? answer->name : whose;
    }
  review->truth = describe_truth (review->how, whose != NULL ? whose : "an earlier answer");
  if (review->task->kind->get_pose != NULL)
    read_models (project, review);
  return g_steal_pointer (&review);
}

gint64
assay_review_case_get_task_row (const AssayReviewCase *review)
{
  return review->task != NULL ? review->task->row : 0;
}

/* The model in its pose. TRUE = it is drawn. */
static gboolean
outline_model (const AssayReviewCase *review, const AssayObject *object, AssayMarks *marks)
{
  guint class = review->models != NULL ? assay_task_class_index (review->task, &object->class_id) : G_MAXUINT;
  AssayPose pose;
  AssayCamera camera;
  if (class == G_MAXUINT || review->models->pdata[class] == NULL)
    return FALSE;
  review->task->kind->get_pose (object->value, &pose, &camera);
  assay_model_list_outline (review->models->pdata[class], review->edges->pdata[class], &pose, &camera, 0, 0, marks);
  return TRUE;
}

/* Clicks beside an outline are where it came from, not what is said: their numbers would cover those of the others.
 */
static void
mark_object (const AssayReviewCase *review, const AssayObject *object, AssayMarks *marks)
{
  gboolean outlined = outline_model (review, object, marks);
  guint first = marks->marks->len;
  review->task->kind->list_marks (object, review->task, marks);
  for (guint m = first; outlined && m < marks->marks->len; m++)
    g_array_index (marks->marks, AssayMark, m).text = NULL;
}

void
assay_review_case_mark_object (const AssayReviewCase *review, const AssayAnswerShown *answer,
                               const AssayObject *object, AssayMarkFlags flags, AssayMarks *marks)
{
  guint first = marks->marks->len;
  if (review->task->kind->list_marks == NULL)
    return;
  mark_object (review, object, marks);
  for (guint m = first; m < marks->marks->len; m++)
    {
      AssayMark *mark = &g_array_index (marks->marks, AssayMark, m);
      mark->colour = answer->colour;
      mark->flags |= flags;
    }
}

AssayMarks *
assay_review_case_list_marks (const AssayReviewCase *review, GHashTable *hidden)
{
  AssayMarks *marks = assay_marks_new ();
  for (guint i = 0; review->task != NULL && i < review->answers->len; i++)
    {
      const AssayAnswerShown *answer = review->answers->pdata[i];
      const GPtrArray *objects = answer->label->objects->list;
      guint first = marks->marks->len;
      gboolean drawn = !g_hash_table_contains (hidden, &answer->label->annotator_row);
      for (guint k = 0; drawn && k < objects->len; k++)
        assay_review_case_mark_object (review, answer, objects->pdata[k], 0, marks);
      /* Outlines alone: what is below is what they are judged by. */
      for (guint m = first; m < marks->marks->len; m++)
        if (g_array_index (marks->marks, AssayMark, m).kind == ASSAY_MARK_MASK)
          g_array_index (marks->marks, AssayMark, m).flags |= ASSAY_MARK_FAINT;
    }
  return marks;
}
