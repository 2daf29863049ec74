/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One transcript of several: word by word what most say (ROVER), in the segments of the one nearest to all others;
 * or that one as it is. */
#include "core/label.h"
#include "core/transcript.h"
#include "qa/difference.h"
#include "qa/fuse.h"
#include "qa/rover.h"
#include "qa/words.h"

#include <math.h>
#include <string.h>

#define ROVER_TEXTS 3 /* of two no word has a majority */

static const char *const methods[] = { "rover", "nearest", NULL };

static const AssayObjects *
objects_of (const GPtrArray *labels, guint index)
{
  return ((const AssayLabel *) g_ptr_array_index (labels, index))->objects;
}

/* The first of equals. */
static guint
find_nearest (const AssayFuse *fuse)
{
  guint best = 0;
  double most = -1;
  for (guint i = 0; i < fuse->labels->len; i++)
    {
      double sum = 0;
      for (guint j = 0; j < fuse->labels->len; j++)
        {
          g_autoptr (AssayComparison) comparison
              = assay_compare (objects_of (fuse->labels, i), objects_of (fuse->labels, j), fuse->task);
          double alike = assay_comparison_likeness (comparison, fuse->task->kind);
          sum += isnan (alike) ? 1 : alike; /* nothing on both sides */
        }
      if (sum <= most)
        continue;
      most = sum;
      best = i;
    }
  return best;
}

static int
by_time (gconstpointer a, gconstpointer b)
{
  const AssaySegment *x = (*(AssayObject *const *) a)->value, *y = (*(AssayObject *const *) b)->value;
  if (x->start != y->start)
    return x->start < y->start ? -1 : 1;
  return (x->end > y->end) - (x->end < y->end);
}

static GPtrArray *
in_order_of_time (const AssayObjects *objects)
{
  GPtrArray *sorted = g_ptr_array_new ();
  for (guint i = 0; i < objects->list->len; i++)
    g_ptr_array_add (sorted, objects->list->pdata[i]);
  g_ptr_array_sort (sorted, by_time);
  return sorted;
}

static char *
text_of (const AssayObjects *objects)
{
  g_autoptr (GPtrArray) sorted = in_order_of_time (objects);
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < sorted->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? " " : "",
                            ((const AssaySegment *) ((AssayObject *) sorted->pdata[i])->value)->text);
  return g_string_free (text, FALSE);
}

/* Words go to the segment in which the nearest one has the word that stood there. */
static void
place_words (const GPtrArray *segments, const AssayRover *rover)
{
  g_autoptr (GPtrArray) words = assay_words_split (rover->text);
  guint word = 0, n_before = 0;
  for (guint i = 0; i < segments->len; i++)
    {
      AssayObject *object = segments->pdata[i];
      AssaySegment *segment = assay_segment_copy (object->value);
      g_autoptr (GPtrArray) own = assay_words_split (segment->text);
      g_autoptr (GString) text = g_string_new (NULL);
      n_before += own->len;
      for (; word < words->len; word++)
        {
          guint place = g_array_index (rover->places, guint, word);
          if (i + 1 < segments->len && place != G_MAXUINT && place >= n_before)
            break;
          g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", (const char *) words->pdata[word]);
        }
      g_free (segment->text);
      segment->text = g_string_free (g_steal_pointer (&text), FALSE);
      assay_segment_free (object->value);
      object->value = segment;
    }
}

static AssayRover *
vote (const AssayFuse *fuse, guint nearest)
{
  g_auto (GStrv) texts = g_new0 (char *, fuse->labels->len + 1);
  guint n = 0;
  texts[n++] = text_of (objects_of (fuse->labels, nearest));
  for (guint i = 0; i < fuse->labels->len; i++)
    if (i != nearest)
      texts[n++] = text_of (objects_of (fuse->labels, i));
  return assay_rover_new ((const char *const *) texts, n, NULL);
}

static AssayObjects *
join (const AssayFuse *fuse)
{
  guint nearest = find_nearest (fuse);
  AssayObjects *joined = assay_objects_copy (objects_of (fuse->labels, nearest));
  g_autoptr (GPtrArray) segments = in_order_of_time (joined);
  for (guint i = 0; i < joined->list->len; i++)
    {
      AssayObject *object = g_ptr_array_index (joined->list, i);
      object->id = assay_fuse_id (&object->id, 1);
    }
  gboolean votes = fuse->method == methods[0] && fuse->labels->len >= ROVER_TEXTS && segments->len > 0;
  g_autoptr (AssayRover) rover = votes ? vote (fuse, nearest) : NULL; /* too long to align: as it is */
  if (rover != NULL)
    place_words (segments, rover);
  assay_fuse_use (fuse, methods[rover != NULL ? 0 : 1]);
  return joined;
}

const AssayFusion assay_fusion_transcript = { "transcript", methods, join };
