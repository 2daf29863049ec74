/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/review-case.h"

#include "annotate/model-lines.h"
#include "app/gui/class-models.h"
#include "core/alias.h"
#include "core/kind.h"
#include "core/media.h"
#include "core/scope.h"
#include "core/transcript.h"

#include <math.h>

#define MOST_WORDS 1500 /* a text too long to be told word by word is shown without marks */

static void
answer_free (AssayAnswerShown *answer)
{
  assay_label_free (answer->label);
  g_free (answer->name);
  g_free (answer->summary);
  g_free (answer->markup);
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

/* Marks which of a's words stand in the longest common subsequence with b's. */
static void
mark_common (char **a, guint n_a, char **b, guint n_b, gboolean *ret_common)
{
  gsize width = (gsize) n_b + 1;
  g_autofree guint16 *length = g_new0 (guint16, (gsize) (n_a + 1) * width);
  for (guint i = n_a; i-- > 0;)
    for (guint j = n_b; j-- > 0;)
      length[i * width + j] = g_str_equal (a[i], b[j])
                                  ? (guint16) (length[(i + 1) * width + j + 1] + 1)
                                  : MAX (length[(i + 1) * width + j], length[i * width + j + 1]);
  for (guint i = 0, j = 0; i < n_a && j < n_b;)
    {
      if (g_str_equal (a[i], b[j]))
        {
          ret_common[i++] = TRUE;
          j++;
        }
      else if (length[(i + 1) * width + j] >= length[i * width + j + 1])
        i++;
      else
        j++;
    }
}

static char **
split_words (const char *text, guint *ret_n)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  g_auto (GStrv) parts = g_regex_split_simple ("\\s+", text, 0, 0);
  for (guint i = 0; parts[i] != NULL; i++)
    if (*parts[i] != '\0')
      g_ptr_array_add (words, g_strdup (parts[i]));
  *ret_n = words->len;
  g_ptr_array_add (words, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&words), FALSE);
}

char *
assay_words_markup (const char *const *texts, guint n_texts, guint at, guint32 colour)
{
  guint n;
  g_auto (GStrv) words = split_words (texts[at], &n);
  g_autofree gboolean *shared = g_new (gboolean, n + 1);
  for (guint i = 0; i < n; i++)
    shared[i] = TRUE;
  for (guint t = 0; t < n_texts; t++)
    {
      guint n_other;
      g_auto (GStrv) other = split_words (texts[t], &n_other);
      if (t == at || n > MOST_WORDS || n_other > MOST_WORDS)
        continue;
      g_autofree gboolean *common = g_new0 (gboolean, n + 1);
      mark_common (words, n, other, n_other, common);
      for (guint i = 0; i < n; i++)
        shared[i] = shared[i] && common[i];
    }
  GString *markup = g_string_new (NULL);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *word = g_markup_escape_text (words[i], -1);
      if (i > 0)
        g_string_append_c (markup, ' ');
      if (shared[i])
        g_string_append (markup, word);
      else
        g_string_append_printf (markup, "<span underline='single' weight='bold' foreground='#%06x'>%s</span>",
                                colour, word);
    }
  return g_string_free (markup, FALSE);
}

/* All segments, in order of time, as one text; of other answers about a sound what each object is. */
static char *
whole_text (const AssayLabel *label, const AssayTask *task)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < label->objects->list->len; i++)
    {
      const AssayObject *object = label->objects->list->pdata[i];
      g_autofree char *words = task->kind->media == ASSAY_MEDIA_SOUND
                                   ? g_strdup (((const AssaySegment *) object->value)->text)
                                   : task->kind->summarise (object, task);
      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", words);
    }
  return g_string_free (text, FALSE);
}

static void
mark_words (AssayReviewCase *review)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < review->answers->len; i++)
    g_ptr_array_add (texts, whole_text (((AssayAnswerShown *) review->answers->pdata[i])->label, review->task));
  for (guint i = 0; i < review->answers->len; i++)
    {
      AssayAnswerShown *answer = review->answers->pdata[i];
      answer->markup = assay_words_markup ((const char *const *) texts->pdata, texts->len, i, answer->colour);
    }
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
  if (assay_scope_get_media (review->task) == ASSAY_MEDIA_SOUND)
    mark_words (review);
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

AssayMarks *
assay_review_case_list_marks (const AssayReviewCase *review, GHashTable *hidden)
{
  AssayMarks *marks = assay_marks_new ();
  if (review->task == NULL || review->task->kind->list_marks == NULL)
    return marks;
  for (guint i = 0; i < review->answers->len; i++)
    {
      const AssayAnswerShown *answer = review->answers->pdata[i];
      guint first = marks->marks->len;
      const GPtrArray *objects = answer->label->objects->list;
      gboolean drawn = !g_hash_table_contains (hidden, &answer->label->annotator_row);
      for (guint k = 0; drawn && k < objects->len; k++)
        mark_object (review, objects->pdata[k], marks);
      for (guint m = first; m < marks->marks->len; m++)
        {
          AssayMark *mark = &g_array_index (marks->marks, AssayMark, m);
          mark->colour = answer->colour;
          /* Outlines alone: what is below is what they are judged by. */
          if (mark->kind == ASSAY_MARK_MASK)
            mark->flags |= ASSAY_MARK_FAINT;
        }
    }
  return marks;
}
