/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "core/json.h"
#include "core/kind.h"
#include "core/transcript.h"

#include <math.h>

static gpointer
parse (const json_t *object, const AssayTask *task, const AssayItem *item, GError **error)
{
  gint64 start = 0, end = 0;
  const json_t *speaker = json_object_get (object, "speaker"), *unclear = json_object_get (object, "unclear");
  const char *text = assay_json_get_string (object, "text");
  const char *wrong = NULL;
  if (!assay_json_get_int (object, "start", &start) || !assay_json_get_int (object, "end", &end))
    wrong = "start, end: these are no sample indices (whole numbers)";
  else if (start < 0 || end <= start)
    wrong = "end: it is not after start, or start is below 0";
  else if (text == NULL)
    wrong = "text: there is none; \"\" says that nothing is said";
  else if (speaker != NULL && !json_is_string (speaker) && !json_is_null (speaker))
    wrong = "speaker: this is no name";
  else if (unclear != NULL && !json_is_boolean (unclear))
    wrong = "unclear: it is neither true nor false";
  if (wrong != NULL)
    {
      assay_error_bad_data (error, "%s", wrong);
      return NULL;
    }
  AssaySegment *segment = assay_segment_new (start, end, text, json_string_value (speaker));
  segment->unclear = json_is_true (unclear);
  return segment;
}

static void
write_value (gconstpointer value, const AssayTask *task, json_t *object)
{
  const AssaySegment *segment = value;
  json_object_set_new (object, "start", json_integer (segment->start));
  json_object_set_new (object, "end", json_integer (segment->end));
  json_object_set_new (object, "text", json_string (segment->text));
  if (segment->speaker != NULL)
    json_object_set_new (object, "speaker", json_string (segment->speaker));
  if (segment->unclear)
    json_object_set_new (object, "unclear", json_true ());
}

static gboolean
equal (gconstpointer a, gconstpointer b)
{
  const AssaySegment *one = a, *other = b;
  return one->start == other->start && one->end == other->end && one->unclear == other->unclear
         && g_str_equal (one->text, other->text) && g_strcmp0 (one->speaker, other->speaker) == 0;
}

static gboolean
validate (gconstpointer value, const AssayTask *task, const AssayItem *item, GError **error)
{
  const AssaySegment *segment = value;
  if (item == NULL || item->n_samples <= 0)
    return TRUE;
  gint64 from = item->range == ASSAY_RANGE_SAMPLES ? item->start : 0;
  gint64 to = item->range == ASSAY_RANGE_SAMPLES ? item->end : item->n_samples;
  return (segment->start >= from && segment->end <= to)
         || assay_error_bad_data (error,
                                  "start, end: [%" G_GINT64_FORMAT ", %" G_GINT64_FORMAT
                                  ") leaves the item's samples [%" G_GINT64_FORMAT ", %" G_GINT64_FORMAT ")",
                                  segment->start, segment->end, from, to);
}

static double
words_agreement (const char *a, const char *b)
{
  AssayWordErrors errors = assay_words_compare (a, b);
  return 1 - assay_word_errors_mer (&errors);
}

/* The same words at another time are other words. */
static double
similarity (gconstpointer a, gconstpointer b, const AssayTask *task)
{
  const AssaySegment *one = a, *other = b;
  if (MIN (one->end, other->end) <= MAX (one->start, other->start))
    return 0;
  return words_agreement (one->text, other->text);
}

static const AssayMeasureDef measures[] = { { "mer", "MER", "", FALSE },
                                            { "character_mer", "Character MER", "", FALSE },
                                            { "time_iou", "Time IoU", "", TRUE },
                                            { NULL } };

static void
measure_texts (const char *a, const char *b, double *ret_values)
{
  AssayWordErrors words = assay_words_compare (a, b), characters = assay_characters_compare (a, b);
  ret_values[0] = assay_word_errors_mer (&words);
  ret_values[1] = assay_word_errors_mer (&characters);
}

static void
measure (gconstpointer a, gconstpointer b, const AssayTask *task, double *ret_values)
{
  const AssaySegment *one = a, *other = b;
  measure_texts (one->text, other->text, ret_values);
  double common = (double) MAX (0, MIN (one->end, other->end) - MAX (one->start, other->start));
  ret_values[2] = common / ((double) (one->end - one->start) + (double) (other->end - other->start) - common);
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  const AssayObject *one = *(AssayObject *const *) a, *other = *(AssayObject *const *) b;
  const AssaySegment *p = one->value, *q = other->value;
  if (p->start != q->start)
    return p->start < q->start ? -1 : 1;
  if (p->end != q->end)
    return p->end < q->end ? -1 : 1;
  return assay_id_compare (&one->id, &other->id);
}

static GPtrArray *
in_order_of_time (const GPtrArray *objects)
{
  GPtrArray *sorted = g_ptr_array_new ();
  for (guint i = 0; i < objects->len; i++)
    g_ptr_array_add (sorted, objects->pdata[i]);
  g_ptr_array_sort (sorted, compare_times);
  return sorted;
}

static char *
join_texts (const GPtrArray *sorted)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < sorted->len; i++)
    {
      const AssaySegment *segment = ((const AssayObject *) sorted->pdata[i])->value;
      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", segment->text);
    }
  return g_string_free (text, FALSE);
}

/* Segments with words in them, overlaps merged: the stretches where something is said. GArray of gint64, start and
 * end. */
static GArray *
spoken_stretches (const GPtrArray *sorted)
{
  GArray *stretches = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint i = 0; i < sorted->len; i++)
    {
      const AssaySegment *segment = ((const AssayObject *) sorted->pdata[i])->value;
      gint64 bounds[] = { segment->start, segment->end };
      if (segment->text[0] == '\0')
        continue;
      gint64 *last = stretches->len > 0 ? &g_array_index (stretches, gint64, stretches->len - 1) : NULL;
      if (last != NULL && *last >= segment->start)
        *last = MAX (*last, segment->end);
      else
        g_array_append_vals (stretches, bounds, 2);
    }
  return stretches;
}

static double
length_of (const GArray *stretches)
{
  double length = 0;
  for (guint i = 0; i < stretches->len; i += 2)
    length += (double) (g_array_index (stretches, gint64, i + 1) - g_array_index (stretches, gint64, i));
  return length;
}

static double
time_iou (const GPtrArray *sorted_a, const GPtrArray *sorted_b)
{
  g_autoptr (GArray) a = spoken_stretches (sorted_a);
  g_autoptr (GArray) b = spoken_stretches (sorted_b);
  double common = 0;
  for (guint i = 0, j = 0; i < a->len && j < b->len;)
    {
      const gint64 *p = &g_array_index (a, gint64, i), *q = &g_array_index (b, gint64, j);
      common += (double) MAX (0, MIN (p[1], q[1]) - MAX (p[0], q[0]));
      if (p[1] < q[1])
        i += 2;
      else
        j += 2;
    }
  double all = length_of (a) + length_of (b) - common;
  return all > 0 ? common / all : NAN;
}

static gboolean
measure_whole (const GPtrArray *a, const GPtrArray *b, const AssayTask *task, double *ret_values)
{
  g_autoptr (GPtrArray) sorted_a = in_order_of_time (a);
  g_autoptr (GPtrArray) sorted_b = in_order_of_time (b);
  g_autofree char *text_a = join_texts (sorted_a);
  g_autofree char *text_b = join_texts (sorted_b);
  measure_texts (text_a, text_b, ret_values);
  ret_values[2] = time_iou (sorted_a, sorted_b);
  return TRUE;
}

static char *
summarise (const AssayObject *object, const AssayTask *task)
{
  const AssaySegment *segment = object->value;
  glong length = g_utf8_strlen (segment->text, -1);
  if (length == 0)
    return g_strdup ("(nothing is said)");
  if (length <= 60)
    return g_strdup (segment->text);
  g_autofree char *start = g_utf8_substring (segment->text, 0, 59);
  return g_strconcat (start, "…", NULL);
}

static gpointer
copy_value (gconstpointer value)
{
  return assay_segment_copy (value);
}

static void
free_value (gpointer value)
{
  assay_segment_free (value);
}

const AssayKind assay_kind_transcript = {
  .id = "transcript",
  .title = "Transcript",
  .help = "what is said, in segments of time",
  .media = ASSAY_MEDIA_SOUND,
  .default_tolerance = 0.9,
  .keys = (const char *const[]){ "start", "end", "text", "speaker", "unclear", NULL },
  .parse = parse,
  .write = write_value,
  .copy = copy_value,
  .free = free_value,
  .equal = equal,
  .validate = validate,
  .similarity = similarity,
  .measures = measures,
  .measure = measure,
  .measure_whole = measure_whole,
  .summarise = summarise,
};
