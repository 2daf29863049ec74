/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rates of words and characters, what the differences are, who speaks, and where segments begin and end. */
#include "core/transcript.h"
#include "qa/gauge.h"
#include "qa/word-differences.h"

#include <math.h>

enum
{
  WER,
  CER,
  WIL,
  BOUNDARY,
  SPEAKER,
  FIRST_DIFFERENCE
};
static const AssayMeasureDef measures[] = {
  { "wer", "WER", "", FALSE },
  { "cer", "CER", "", FALSE },
  { "wil", "WIL", "", FALSE },
  { "boundary_s", "Segments' ends apart", "s", FALSE },
  { "speaker_error", "Other speaker", "", FALSE },
  /* By AssayWordsKind. */
  { "difference_word", "Words that differ", "", FALSE,
    "listen again to these places; a spelling list in the guideline ends those that are names and terms" },
  { "difference_filler", "Fillers that differ", "", FALSE,
    "say in the guideline whether um and uh are written, and in which spelling" },
  { "difference_number", "Numbers written otherwise", "", FALSE,
    "say in the guideline whether numbers are written in digits or in words" },
  { "difference_casing", "Casing that differs", "", FALSE,
    "say in the guideline which words begin with a capital, or have all in lower case" },
  { "difference_punctuation", "Punctuation that differs", "", FALSE,
    "say in the guideline which marks are written, or none" },
  { "difference_tag", "Tags that differ", "", FALSE,
    "list the tags in the guideline, such as [noise], and when each is written" },
  { "difference_segmentation", "Cut otherwise", "", FALSE,
    "say in the guideline where a segment ends (a pause of so many seconds, a sentence) and which words are one" },
  { NULL },
};

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

/* Of AssayObject, in order of time; borrowed. */
static GPtrArray *
in_order (const AssayObjects *objects)
{
  GPtrArray *sorted = g_ptr_array_new ();
  for (guint i = 0; i < objects->list->len; i++)
    g_ptr_array_add (sorted, objects->list->pdata[i]);
  g_ptr_array_sort (sorted, compare_times);
  return sorted;
}

static const AssaySegment *
segment_at (const GPtrArray *sorted, guint i)
{
  return ((const AssayObject *) sorted->pdata[i])->value;
}

/* Borrowed texts, ends with NULL. */
static const char **
list_texts (const GPtrArray *sorted)
{
  const char **texts = g_new0 (const char *, sorted->len + 1);
  for (guint i = 0; i < sorted->len; i++)
    texts[i] = segment_at (sorted, i)->text;
  return texts;
}

/* Symmetric: edits over the mean of both lengths. */
static void
add_rate (GArray *figures, const AssayMeasureDef *def, const AssayWordErrors *errors)
{
  double edits = (double) errors->substitutions + errors->deletions + errors->insertions;
  double lengths = 2.0 * errors->hits + 2.0 * errors->substitutions + errors->deletions + errors->insertions;
  assay_figures_add (figures, def, 0, edits, lengths / 2);
}

static void
add_words (GArray *figures, const char *const *a, guint n_a, const char *const *b, guint n_b,
           const char *const *fillers)
{
  g_autofree char *text_a = g_strjoinv (" ", (char **) a), *text_b = g_strjoinv (" ", (char **) b);
  AssayWordErrors words = assay_words_compare (text_a, text_b),
                  characters = assay_characters_compare (text_a, text_b);
  add_rate (figures, &measures[WER], &words);
  add_rate (figures, &measures[CER], &characters);
  double length_a = (double) words.hits + words.substitutions + words.deletions;
  double length_b = (double) words.hits + words.substitutions + words.insertions;
  if (length_a > 0 && length_b > 0)
    assay_figures_add (figures, &measures[WIL], 0, 1 - words.hits / length_a * (words.hits / length_b), 1);
  AssayWordDifferences differences;
  if (!assay_word_differences_count (a, n_a, b, n_b, fillers, &differences))
    return;
  for (guint k = 0; k < ASSAY_WORDS_N_KINDS; k++)
    assay_figures_add (figures, &measures[FIRST_DIFFERENCE + k], 0, differences.counts[k],
                       (differences.n_a + differences.n_b) / 2.0);
}

/* A stretch of time in which one side's named speakers do not change. */
static int
compare_int64 (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;
  return (x > y) - (x < y);
}

static guint
speaker_index (GPtrArray *names, const char *name)
{
  guint i = 0;
  while (i < names->len && !g_str_equal (names->pdata[i], name))
    i++;
  if (i == names->len)
    g_ptr_array_add (names, (gpointer) name);
  return i;
}

static void
add_times (GArray *times, const GPtrArray *sorted)
{
  for (guint i = 0; i < sorted->len; i++)
    if (segment_at (sorted, i)->speaker != NULL)
      g_array_append_vals (times, &segment_at (sorted, i)->start, 2); /* start and end lie side by side */
}

/* Which of `names` speak in [from, to), which no segment divides. */
static guint
list_speaking (const GPtrArray *sorted, GPtrArray *names, gint64 from, gint64 to, gboolean *speaking)
{
  guint n = 0;
  for (guint i = 0; i < names->len; i++)
    speaking[i] = FALSE;
  for (guint i = 0; i < sorted->len && segment_at (sorted, i)->start < to; i++)
    {
      const AssaySegment *segment = segment_at (sorted, i);
      if (segment->speaker == NULL || segment->end <= from)
        continue;
      gboolean *one = &speaking[speaker_index (names, segment->speaker)];
      n += !*one;
      *one = TRUE;
    }
  return n;
}

static GPtrArray *
list_speakers (const GPtrArray *sorted)
{
  GPtrArray *names = g_ptr_array_new ();
  for (guint i = 0; i < sorted->len; i++)
    if (segment_at (sorted, i)->speaker != NULL)
      speaker_index (names, segment_at (sorted, i)->speaker);
  return names;
}

/* Of the time for which both name a speaker, the share where it is another one, when names are matched one to one
 * so that as little as possible is: annotators may call the same person by two names (the confusion of NIST's DER).
 */
static void
add_speakers (GArray *figures, const GPtrArray *a, const GPtrArray *b, double rate_hz)
{
  g_autoptr (GPtrArray) names_a = list_speakers (a);
  g_autoptr (GPtrArray) names_b = list_speakers (b);
  if (names_a->len == 0 || names_b->len == 0)
    return;
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));
  add_times (times, a);
  add_times (times, b);
  g_array_sort (times, compare_int64);
  g_autofree double *shared = g_new0 (double, (gsize) names_a->len * names_b->len);
  g_autofree gboolean *in_a = g_new (gboolean, names_a->len), *in_b = g_new (gboolean, names_b->len);
  double both = 0, right = 0;
  for (guint t = 0; t + 1 < times->len; t++)
    {
      gint64 from = g_array_index (times, gint64, t), to = g_array_index (times, gint64, t + 1);
      if (to == from)
        continue;
      guint n_a = list_speaking (a, names_a, from, to, in_a), n_b = list_speaking (b, names_b, from, to, in_b);
      both += (double) MIN (n_a, n_b) * (double) (to - from);
      for (guint i = 0; i < names_a->len; i++)
        for (guint j = 0; j < names_b->len; j++)
          shared[i * names_b->len + j] += in_a[i] && in_b[j] ? (double) (to - from) : 0;
    }
  g_autofree guint *partner = g_new (guint, names_a->len);
  assay_assign (shared, names_a->len, names_b->len, 0, partner);
  for (guint i = 0; i < names_a->len; i++)
    if (partner[i] != G_MAXUINT)
      right += shared[i * names_b->len + partner[i]];
  assay_figures_add (figures, &measures[SPEAKER], 0, (both - MIN (right, both)) / rate_hz, both / rate_hz);
}

/* The task's own list, {"fillers": ["um", …]} of its rules; NULL = the usual ones. */
static const char **
list_fillers (const AssayTask *task)
{
  const json_t *list = json_object_get (task->rules, "fillers"), *word;
  if (!json_is_array (list))
    return NULL;
  GPtrArray *words = g_ptr_array_new ();
  gsize i;
  json_array_foreach (list, i, word) if (json_is_string (word))
      g_ptr_array_add (words, (gpointer) json_string_value (word));
  g_ptr_array_add (words, NULL);
  return (const char **) g_ptr_array_free (words, FALSE);
}

static void
measure_whole (gconstpointer loaded, const AssayLook *look, const AssayObjects *a, const AssayObjects *b,
               GArray *figures)
{
  g_autoptr (GPtrArray) sorted_a = in_order (a);
  g_autoptr (GPtrArray) sorted_b = in_order (b);
  g_autofree const char **texts_a = list_texts (sorted_a);
  g_autofree const char **texts_b = list_texts (sorted_b);
  g_autofree const char **fillers = list_fillers (look->task);
  add_words (figures, texts_a, sorted_a->len, texts_b, sorted_b->len, fillers);
  add_speakers (figures, sorted_a, sorted_b, MAX (look->item->rate_hz, 1));
}

static void
measure (gconstpointer loaded, const AssayLook *look, const AssayPairing *pairing, GArray *figures)
{
  const AssaySegment *a = pairing->a->value, *b = pairing->b->value;
  if (look->item->rate_hz == 0)
    return;
  double apart = fabs ((double) (a->start - b->start)) + fabs ((double) (a->end - b->end));
  assay_figures_add (figures, &measures[BOUNDARY], 0, apart / 2 / look->item->rate_hz, 1);
}

const AssayGauge assay_gauge_transcript = {
  .id = "transcript",
  .measures = measures,
  .measure = measure,
  .measure_whole = measure_whole,
};
