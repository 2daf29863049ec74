/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/review-difference.h"

#include "app/gui/mask-hatch.h"
#include "core/keypoints.h"
#include "core/pose.h"
#include "core/region.h"
#include "qa/cluster.h"
#include "vision/vision.h"

#include <math.h>

#define ALL_COLOUR 0xffffff
#define SEVERAL_COLOUR 0xbbbbbb
#define VECTOR_COLOUR 0xffffff
#define WORDS_FROM_PX 1.0 /* shorter vectors are no difference that a hand could have made smaller */

typedef struct
{
  const AssayReviewCase *review;
  GPtrArray *answers; /* of AssayAnswerShown, those that are not hidden; borrowed */
  AssayReviewDifference *difference;
} Work;

/* Masks */

/* What an answer says to be of a class, less what anybody is unsure of. */
static AssayMask *
claim_of (const AssayAnswerShown *answer, const AssayId *class_id, guint w, guint h)
{
  AssayMask *claim = assay_mask_new_empty (w, h);
  const GPtrArray *objects = answer->label->objects->list;
  for (guint i = 0; i < objects->len; i++)
    {
      const AssayObject *object = objects->pdata[i];
      const AssayRegion *region = object->value;
      if (assay_id_equal (&object->class_id, class_id) && region->mask->width_px == w
          && region->mask->height_px == h)
        assay_mask_combine_into (&claim, region->mask, ASSAY_MASK_UNION);
    }
  return claim;
}

static AssayMask *
unsure_of (const Work *work, guint w, guint h)
{
  AssayMask *unsure = assay_mask_new_empty (w, h);
  for (guint a = 0; a < work->answers->len; a++)
    {
      const GPtrArray *objects = ((AssayAnswerShown *) work->answers->pdata[a])->label->objects->list;
      for (guint i = 0; i < objects->len; i++)
        {
          const AssayRegion *region = ((AssayObject *) objects->pdata[i])->value;
          if (region->unsure != NULL && region->unsure->width_px == w && region->unsure->height_px == h)
            assay_mask_combine_into (&unsure, region->unsure, ASSAY_MASK_UNION);
        }
    }
  return unsure;
}

static void
keep_mask (Work *work, AssayMask *take_mask, guint32 colour, gboolean hatched)
{
  g_ptr_array_add (work->difference->masks, take_mask);
  AssayMark mark = { .kind = ASSAY_MARK_MASK,
                     .flags = hatched ? ASSAY_MARK_FAINT : 0, /* its rim, round the strokes */
                     .colour = colour,
                     .mask = take_mask };
  assay_marks_add (work->difference->marks, &mark);
  if (hatched)
    assay_mask_hatch (take_mask, colour, ASSAY_MARK_FAINT, work->difference->marks);
}

/* The counts of one class, added to those of the others: [n] all, then one an answer, then several. */
static void
divide_class (Work *work, const AssayId *class_id, const AssayMask *unsure, guint64 *counts)
{
  guint n = work->answers->len;
  g_autoptr (GPtrArray) claims = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_mask_free);
  for (guint i = 0; i < n; i++)
    {
      AssayMask *claim = claim_of (work->answers->pdata[i], class_id, unsure->width_px, unsure->height_px);
      assay_mask_combine_into (&claim, unsure, ASSAY_MASK_DIFFERENCE);
      g_ptr_array_add (claims, claim);
    }
  const AssayMask *const *masks = (const AssayMask *const *) claims->pdata;
  AssayMask *all = assay_mask_combine_all (masks, n, ASSAY_MASK_INTERSECTION);
  g_autoptr (AssayMask) rest = assay_mask_combine_all (masks, n, ASSAY_MASK_UNION);
  assay_mask_combine_into (&rest, all, ASSAY_MASK_DIFFERENCE);
  counts[0] += all->area_px;
  keep_mask (work, all, ALL_COLOUR, FALSE);
  g_autoptr (AssayMask) several = assay_mask_copy (rest);
  for (guint i = 0; i < n; i++)
    {
      const AssayAnswerShown *answer = work->answers->pdata[i];
      AssayMask *alone = assay_mask_combine (rest, masks[i], ASSAY_MASK_INTERSECTION);
      for (guint k = 0; k < n; k++)
        if (k != i)
          assay_mask_combine_into (&alone, masks[k], ASSAY_MASK_DIFFERENCE);
      assay_mask_combine_into (&several, alone, ASSAY_MASK_DIFFERENCE);
      counts[1 + i] += alone->area_px;
      keep_mask (work, alone, answer->colour, TRUE);
    }
  counts[1 + n] += several->area_px;
  if (several->area_px > 0)
    keep_mask (work, g_steal_pointer (&several), SEVERAL_COLOUR, TRUE);
}

static void
divide_masks (Work *work, GString *words)
{
  const AssayReviewCase *review = work->review;
  guint n = work->answers->len, w = review->item->width_px, h = review->item->height_px;
  g_autofree guint64 *counts = g_new0 (guint64, n + 2);
  g_autoptr (AssayMask) unsure = unsure_of (work, w, h);
  for (guint i = 0; i < review->task->classes->len; i++)
    divide_class (work, &((AssayClass *) review->task->classes->pdata[i])->id, unsure, counts);
  g_string_append_printf (words, "%'" G_GUINT64_FORMAT " px claimed by all", counts[0]);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (words, " · %s alone %'" G_GUINT64_FORMAT " px",
                            ((AssayAnswerShown *) work->answers->pdata[i])->name, counts[1 + i]);
  if (counts[1 + n] > 0)
    g_string_append_printf (words, " · several but not all %'" G_GUINT64_FORMAT " px", counts[1 + n]);
}

/* Points */

/* Points that mean the same in each answer: corners of a box, nodes of a skeleton, corners of a model's box. NaN =
 * this answer has not placed it. */
static void
box_points (const AssayReviewCase *review, const AssayObject *object, GArray *points)
{
  const AssayRect *box = &((const AssayBox *) object->value)->box;
  const AssayPoint corners[] = { { box->x, box->y },
                                 { box->x + box->w, box->y },
                                 { box->x + box->w, box->y + box->h },
                                 { box->x, box->y + box->h } };
  g_array_append_vals (points, corners, G_N_ELEMENTS (corners));
}

static void
node_points (const AssayReviewCase *review, const AssayObject *object, GArray *points)
{
  for (guint i = 0; i < review->task->nodes->len; i++)
    {
      const AssayKeypoint *point
          = assay_keypoints_find (object->value, &g_array_index (review->task->nodes, AssayNode, i).id);
      AssayPoint at = point != NULL && assay_keypoint_is_placed (point) ? point->at : (AssayPoint){ NAN, NAN };
      g_array_append_val (points, at);
    }
}

static void
model_points (const AssayReviewCase *review, const AssayObject *object, GArray *points)
{
  guint class = review->models != NULL ? assay_task_class_index (review->task, &object->class_id) : G_MAXUINT;
  const AssayModel *model = class != G_MAXUINT ? review->models->pdata[class] : NULL;
  AssayPoint3 low = { INFINITY, INFINITY, INFINITY }, high = { -INFINITY, -INFINITY, -INFINITY };
  AssayPose pose;
  AssayCamera camera;
  if (model == NULL)
    return;
  for (guint i = 0; i < model->n_vertices; i++)
    {
      AssayPoint3 v = model->vertices_m[i];
      low = (AssayPoint3){ MIN (low.x, v.x), MIN (low.y, v.y), MIN (low.z, v.z) };
      high = (AssayPoint3){ MAX (high.x, v.x), MAX (high.y, v.y), MAX (high.z, v.z) };
    }
  review->task->kind->get_pose (object->value, &pose, &camera);
  for (guint i = 0; i < 8; i++)
    {
      AssayPoint3 corner = { i & 1 ? high.x : low.x, i & 2 ? high.y : low.y, i & 4 ? high.z : low.z };
      AssayPoint at = { NAN, NAN };
      assay_vision_project (&pose, &camera, &corner, 1, &at);
      g_array_append_val (points, at);
    }
}

static const struct
{
  const char *kind;
  void (*list) (const AssayReviewCase *review, const AssayObject *object, GArray *points);
} pointed[] = { { "box", box_points }, { "keypoints", node_points }, { "pose", model_points } };

/* The words stand beside a hollow point in the middle. */
static void
add_length (AssayMarks *marks, AssayPoint at, double length)
{
  char *text = g_strdup_printf ("%.1f px", length);
  g_ptr_array_add (marks->owned, text);
  assay_marks_add_points (marks, ASSAY_MARK_TEXT, ASSAY_MARK_FAINT, VECTOR_COLOUR, &at, 1, text);
}

/* One point of one thing, as each answer has it. The longest of all is told. */
static double
add_vectors (Work *work, GArray *const *points, guint k, AssayPoint *ret_worst)
{
  AssayMarks *marks = work->difference->marks;
  AssayPoint middle = { 0, 0 };
  guint n = 0;
  double longest = 0;
  for (guint i = 0; i < work->answers->len; i++)
    {
      AssayPoint at = k < points[i]->len ? g_array_index (points[i], AssayPoint, k) : (AssayPoint){ NAN, NAN };
      if (isnan (at.x))
        continue;
      middle.x += at.x;
      middle.y += at.y;
      n++;
    }
  if (n < 2)
    return 0;
  middle = (AssayPoint){ middle.x / n, middle.y / n };
  for (guint i = 0; i < work->answers->len; i++)
    {
      AssayPoint at = k < points[i]->len ? g_array_index (points[i], AssayPoint, k) : (AssayPoint){ NAN, NAN };
      if (isnan (at.x))
        continue;
      const AssayPoint line[] = { at, middle };
      assay_marks_add_points (marks, ASSAY_MARK_LINE, ASSAY_MARK_SELECTED, VECTOR_COLOUR, line, 2, NULL);
      longest = MAX (longest, hypot (at.x - middle.x, at.y - middle.y));
    }
  /* Of two, how far they are apart; of more, how far the worst is from the middle. */
  *ret_worst = middle;
  return n == 2 ? 2 * longest : longest;
}

static void
connect_points (Work *work, guint kind, GString *words)
{
  const AssayReviewCase *review = work->review;
  guint n = work->answers->len, n_both = 0, n_some = 0;
  double worst = 0;
  g_autoptr (GPtrArray) labels = g_ptr_array_new ();
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (labels, ((AssayAnswerShown *) work->answers->pdata[i])->label);
  g_autoptr (GPtrArray) clusters = assay_cluster_objects (labels, review->task);
  for (guint c = 0; c < clusters->len; c++)
    {
      const AssayCluster *cluster = clusters->pdata[c];
      g_autofree GArray **points = g_new0 (GArray *, n);
      guint most = 0;
      for (guint i = 0; i < n; i++)
        {
          points[i] = g_array_new (FALSE, FALSE, sizeof (AssayPoint));
          if (cluster->members[i] != NULL)
            pointed[kind].list (review, cluster->members[i], points[i]);
          most = MAX (most, points[i]->len);
        }
      n_both += cluster->n_members == n;
      n_some += cluster->n_members < n;
      for (guint k = 0; k < most; k++)
        {
          AssayPoint middle;
          double length = add_vectors (work, points, k, &middle);
          if (length >= WORDS_FROM_PX)
            add_length (work->difference->marks, middle, length);
          worst = MAX (worst, length);
        }
      for (guint i = 0; i < n; i++)
        g_array_unref (points[i]);
    }
  g_string_append_printf (words, "%u object%s in all answers", n_both, n_both == 1 ? "" : "s");
  if (n_some > 0)
    g_string_append_printf (words, " · %u only in some", n_some);
  if (n_both > 0)
    g_string_append_printf (words, " · at most %.1f px apart", worst);
}

AssayReviewDifference *
assay_review_difference_new (const AssayReviewCase *review, GHashTable *hidden)
{
  g_autoptr (GPtrArray) answers = g_ptr_array_new ();
  g_autoptr (GString) words = g_string_new (NULL);
  AssayReviewDifference *difference = g_new0 (AssayReviewDifference, 1);
  difference->marks = assay_marks_new ();
  difference->masks = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_mask_free);
  for (guint i = 0; i < review->answers->len; i++)
    if (!g_hash_table_contains (hidden, &((AssayAnswerShown *) review->answers->pdata[i])->label->annotator_row))
      g_ptr_array_add (answers, review->answers->pdata[i]);
  Work work = { review, answers, difference };
  if (answers->len < 2)
    g_string_append (words, "one answer alone: there is nothing to hold it against");
  else if (g_str_equal (review->task->kind->id, "segmentation"))
    divide_masks (&work, words);
  for (guint i = 0; answers->len > 1 && i < G_N_ELEMENTS (pointed); i++)
    if (g_str_equal (review->task->kind->id, pointed[i].kind))
      {
        assay_marks_free (difference->marks); /* the outlines below, the vectors on top */
        difference->marks = assay_review_case_list_marks (review, hidden);
        connect_points (&work, i, words);
      }
  difference->words = g_string_free (g_steal_pointer (&words), FALSE);
  return difference;
}

void
assay_review_difference_free (AssayReviewDifference *difference)
{
  if (difference == NULL)
    return;
  assay_marks_free (difference->marks);
  g_ptr_array_unref (difference->masks);
  g_free (difference->words);
  g_free (difference);
}
