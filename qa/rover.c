/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/rover.h"

#include "core/error.h"
#include "qa/words.h"

#include <math.h>
#include <string.h>

#define MOST_CELLS 1000000000
#define NOTHING 0 /* the number of no word */

typedef struct
{
  guint word, n; /* its number, and how many texts say it */
} Vote;

typedef enum
{
  BOTH, /* the word is in the slot, or comes to it */
  SKIP, /* the slot stays without a word */
  NEW   /* the word gets a slot of its own */
} Step;

/* A slot is a GArray of Vote. */
static Vote *
find_vote (const GArray *slot, guint word)
{
  for (guint i = 0; i < slot->len; i++)
    if (g_array_index (slot, Vote, i).word == word)
      return &g_array_index (slot, Vote, i);
  return NULL;
}

static void
add_vote (GArray *slot, guint word, guint n)
{
  Vote *known = find_vote (slot, word);
  Vote vote = { word, n };
  if (known != NULL)
    known->n += n;
  else
    g_array_append_val (slot, vote);
}

static GPtrArray *
new_network (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
}

static GArray *
new_slot (guint word, guint n)
{
  GArray *slot = g_array_new (FALSE, FALSE, sizeof (Vote));
  add_vote (slot, word, n);
  return slot;
}

/* The steps of the cheapest way through (words + 1) x (slots + 1); of equal ones BOTH comes before SKIP and NEW. */
static guint8 *
align (const GPtrArray *network, const guint *words, guint n_words)
{
  gsize stride = (gsize) network->len + 1;
  guint8 *steps = g_malloc (stride * ((gsize) n_words + 1));
  g_autofree guint *cost = g_new (guint, stride);
  g_autofree guint8 *may_be_empty = g_new0 (guint8, stride);
  for (guint j = 0; j <= network->len; j++)
    {
      cost[j] = j;
      steps[j] = SKIP;
      may_be_empty[j] = j > 0 && find_vote (g_ptr_array_index (network, j - 1), NOTHING) != NULL;
    }
  for (guint i = 1; i <= n_words; i++)
    {
      guint diagonal = cost[0];
      cost[0] = i;
      steps[i * stride] = NEW;
      for (guint j = 1; j <= network->len; j++)
        {
          gboolean known = find_vote (g_ptr_array_index (network, j - 1), words[i - 1]) != NULL;
          guint both = diagonal + !known, skip = cost[j - 1] + !may_be_empty[j], new = cost[j] + 1;
          guint best = MIN (MIN (both, skip), new);
          diagonal = cost[j];
          cost[j] = best;
          steps[i * stride + j] = (guint8) (best == both ? BOTH : best == skip ? SKIP : NEW);
        }
    }
  return steps;
}

/* Joins a text to the network; `n_before` texts are in it already. */
static GPtrArray *
join (GPtrArray *network, const guint *words, guint n_words, guint n_before)
{
  g_autofree guint8 *steps = align (network, words, n_words);
  gsize stride = (gsize) network->len + 1;
  GPtrArray *joined = new_network ();
  for (guint i = n_words, j = network->len; i > 0 || j > 0;)
    {
      Step step = steps[i * stride + j];
      GArray *slot = step == NEW ? new_slot (NOTHING, n_before) : g_array_ref (g_ptr_array_index (network, j - 1));
      add_vote (slot, step == SKIP ? NOTHING : words[i - 1], 1);
      g_ptr_array_add (joined, slot);
      i -= step != SKIP;
      j -= step != NEW;
    }
  for (guint i = 0; i < joined->len / 2; i++)
    {
      gpointer kept = joined->pdata[i];
      joined->pdata[i] = joined->pdata[joined->len - 1 - i];
      joined->pdata[joined->len - 1 - i] = kept;
    }
  return joined;
}

/* Whether `a` goes before `b`: more votes, then more characters, then the larger string (bytes of UTF-8 are in the
 * order of code points). */
static gboolean
wins (const Vote *a, const Vote *b, const AssayVocabulary *vocabulary)
{
  const char *word_a = a->word == NOTHING ? "" : assay_vocabulary_word (vocabulary, a->word),
             *word_b = b->word == NOTHING ? "" : assay_vocabulary_word (vocabulary, b->word);
  glong length_a = g_utf8_strlen (word_a, -1), length_b = g_utf8_strlen (word_b, -1);
  if (a->n != b->n)
    return a->n > b->n;
  return length_a != length_b ? length_a > length_b : strcmp (word_a, word_b) > 0;
}

/* `first`: slots of the first text's words, in their order. */
static AssayRover *
choose (const GPtrArray *network, const GPtrArray *first, const AssayVocabulary *vocabulary, guint n_texts)
{
  AssayRover *rover = g_new0 (AssayRover, 1);
  g_autoptr (GString) text = g_string_new (NULL);
  guint place = G_MAXUINT;
  rover->n_slots = network->len;
  rover->places = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < network->len; i++)
    {
      const GArray *slot = g_ptr_array_index (network, i);
      const Vote *best = &g_array_index (slot, Vote, 0);
      for (guint v = 1; v < slot->len; v++)
        if (wins (&g_array_index (slot, Vote, v), best, vocabulary))
          best = &g_array_index (slot, Vote, v);
      rover->agreement += (double) best->n / n_texts;
      if (place + 1 < first->len && slot == first->pdata[place + 1])
        place++;
      if (best->word == NOTHING)
        continue;
      g_array_append_val (rover->places, place);
      g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "",
                              assay_vocabulary_word (vocabulary, best->word));
    }
  rover->agreement = network->len > 0 ? rover->agreement / network->len : NAN;
  rover->text = g_string_free (g_steal_pointer (&text), FALSE);
  return rover;
}

AssayRover *
assay_rover_new (const char *const *texts, guint n_texts, GError **error)
{
  if (n_texts == 0)
    {
      assay_error_bad_data (error, "joining texts: there are none");
      return NULL;
    }
  g_auto (AssayVocabulary) vocabulary = { 0 };
  assay_vocabulary_init (&vocabulary);
  g_autoptr (GPtrArray) network = new_network ();
  g_autoptr (GArray) first = assay_vocabulary_number (&vocabulary, texts[0]);
  g_autoptr (GPtrArray) of_first = new_network ();
  for (guint i = 0; i < first->len; i++)
    {
      g_ptr_array_add (network, new_slot (g_array_index (first, guint, i), 1));
      g_ptr_array_add (of_first, g_array_ref (network->pdata[i]));
    }
  for (guint t = 1; t < n_texts; t++)
    {
      g_autoptr (GArray) words = assay_vocabulary_number (&vocabulary, texts[t]);
      if (((guint64) words->len + 1) * ((guint64) network->len + 1) > MOST_CELLS)
        {
          g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
                       "joining texts: %u words and %u are too many to align at once; cut the texts into segments",
                       words->len, network->len);
          return NULL;
        }
      GPtrArray *joined = join (network, (const guint *) (gpointer) words->data, words->len, t);
      g_ptr_array_unref (network);
      network = joined;
    }
  return choose (network, of_first, &vocabulary, n_texts);
}

void
assay_rover_free (AssayRover *rover)
{
  if (rover == NULL)
    return;
  g_free (rover->text);
  g_array_unref (rover->places);
  g_free (rover);
}
