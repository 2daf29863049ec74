/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A rare word that is a common one but for a letter. */
#include "qa/check.h"
#include "core/transcript.h"
#include "qa/spot.h"

extern const AssayCheck assay_check_spelling;

#include <string.h>

#define SHORTEST 5 /* letters: short words are near each other by nature */
#define COMMON 10  /* times that the other is written */
#define RARE 2     /* times at most */
#define TIMES 20   /* as often, at least */

static const char *const kinds[] = { "transcript", NULL };

typedef struct
{
  AssaySpot first;
  guint n;
} Word;

typedef struct
{
  GHashTable *words; /* char *, case folded -> Word */
} Seen;

static void
add (Seen *seen, const char *word, const AssaySpot *spot, guint n)
{
  if (seen->words == NULL)
    seen->words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  Word *known = g_hash_table_lookup (seen->words, word);
  if (known == NULL)
    {
      known = g_new0 (Word, 1);
      known->first = *spot;
      g_hash_table_insert (seen->words, g_strdup (word), known);
    }
  else if (assay_id_compare (&spot->label, &known->first.label) < 0)
    known->first = *spot; /* whoever of the threads was first */
  known->n += n;
}

static void
add_text (Seen *seen, const char *text, const AssaySpot *spot)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);
  g_autoptr (GString) word = g_string_new (NULL);
  for (const char *at = folded;; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);
      if (c != 0 && (g_unichar_isalpha (c) || g_unichar_ismark (c)))
        g_string_append_unichar (word, c);
      else
        {
          if (g_utf8_strlen (word->str, -1) >= SHORTEST)
            add (seen, word->str, spot, 1);
          g_string_truncate (word, 0);
        }
      if (c == 0)
        return;
    }
}

static void
look_at (gpointer state, const AssayLook *look, GPtrArray *findings)
{
  for (guint i = 0; i < look->labels->len; i++)
    {
      const AssayLabel *label = look->labels->pdata[i];
      for (guint o = 0; o < label->objects->list->len; o++)
        {
          const AssayObject *object = label->objects->list->pdata[o];
          const AssaySegment *segment = object->value;
          AssaySpot spot = assay_spot_new (look, i, object);
          spot.start = segment->start;
          spot.end = segment->end;
          add_text (state, segment->text, &spot);
        }
    }
}

static void
merge (gpointer state, gconstpointer other)
{
  GHashTable *more = ((const Seen *) other)->words;
  GHashTableIter iter;
  gpointer text, word;
  if (more == NULL)
    return;
  g_hash_table_iter_init (&iter, more);
  while (g_hash_table_iter_next (&iter, &text, &word))
    add (state, text, &((Word *) word)->first, ((Word *) word)->n);
}

/* Spellings of one letter less: two words a letter apart have one in common (Garbe's symmetric deletes), except
 * where a letter stands for another, which drops the same place of both. */
static void
each_shorter (const char *word, void (*func) (const char *shorter, gpointer data), gpointer data)
{
  func (word, data);
  for (const char *at = word; *at != '\0'; at = g_utf8_next_char (at))
    {
      g_autofree char *shorter = g_strdup_printf ("%.*s%s", (int) (at - word), word, g_utf8_next_char (at));
      func (shorter, data);
    }
}

typedef struct
{
  GHashTable *common; /* shorter -> the word, the most common one; borrowed */
  GHashTable *words;
  const char *word, *best;
} Search;

static guint
count (GHashTable *words, const char *word)
{
  const Word *known = word != NULL ? g_hash_table_lookup (words, word) : NULL;
  return known != NULL ? known->n : 0;
}

static void
put_common (const char *shorter, gpointer data)
{
  Search *search = data;
  const char *known = g_hash_table_lookup (search->common, shorter);
  guint here = count (search->words, search->word), there = count (search->words, known);
  if (known == NULL || here > there || (here == there && strcmp (search->word, known) < 0))
    g_hash_table_replace (search->common, g_strdup (shorter), (gpointer) search->word);
}

static void
find_common (const char *shorter, gpointer data)
{
  Search *search = data;
  const char *found = g_hash_table_lookup (search->common, shorter);
  if (found != NULL && !g_str_equal (found, search->word)
      && count (search->words, found) > count (search->words, search->best))
    search->best = found;
}

/* A plural or another form of it is no mistake. */
static gboolean
is_form_of (const char *word, const char *other)
{
  gsize n = strlen (word), m = strlen (other);
  return strncmp (word, other, MIN (n, m)) == 0;
}

static void
end (gpointer state, GPtrArray *findings)
{
  GHashTable *words = ((Seen *) state)->words;
  if (words == NULL)
    return;
  g_autoptr (GHashTable) common = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Search search = { common, words, NULL, NULL };
  GHashTableIter iter;
  gpointer text, value;
  g_hash_table_iter_init (&iter, words);
  while (g_hash_table_iter_next (&iter, &text, &value))
    if (((Word *) value)->n >= COMMON)
      {
        search.word = text;
        each_shorter (text, put_common, &search);
      }
  g_hash_table_iter_init (&iter, words);
  while (g_hash_table_iter_next (&iter, &text, &value))
    {
      const Word *word = value;
      if (word->n > RARE)
        continue;
      search.word = text;
      search.best = NULL;
      each_shorter (text, find_common, &search);
      guint often = count (words, search.best);
      if (often < TIMES * word->n || is_form_of (text, search.best))
        continue;
      char *why = g_strdup_printf ("%s wrote “%s”, and “%s” is written %u times in this task",
                                   word->first.annotator, (const char *) text, search.best, often);
      g_ptr_array_add (findings,
                       assay_spot_flag (&word->first, &assay_check_spelling, ASSAY_SEVERITY_NOTE, 0.5, text, why));
    }
}

static void
clear (gpointer state)
{
  g_clear_pointer (&((Seen *) state)->words, g_hash_table_unref);
}

const AssayCheck assay_check_spelling = {
  .id = "spelling",
  .title = "Spelling twins",
  .help
  = "a rare word that is a common one but for a letter: very likely a slip, and a word of its own to a trainer",
  .version = 1,
  .scope = ASSAY_SCOPE_PROJECT,
  .kinds = kinds,
  .state_size = sizeof (Seen),
  .look = look_at,
  .merge = merge,
  .end = end,
  .clear = clear,
};
