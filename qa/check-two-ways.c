/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fillers written by some and left out by others, numbers in words here and in digits there: one guideline, two
 * ways. */
#include "qa/check.h"
#include "core/transcript.h"

extern const AssayCheck assay_check_two_ways;

#include <string.h>

#define LEAST_WORDS 200 /* of an annotator, before a habit is one */
#define LEAST_NUMBERS 5 /* of each way */

static const char *const kinds[] = { "transcript", NULL };
static const char *const fillers[]
    = { "um", "uh", "uhm", "er", "erm", "eh", "ah", "hm", "hmm", "mm", "mhm", "äh", "ähm", "öh", "euh", NULL };
static const char *const numbers[]
    = { "two",   "three",   "four",   "five",     "six",     "seven",    "eight", "nine",
        "ten",   "eleven",  "twelve", "thirteen", "twenty",  "thirty",   "forty", "fifty",
        "sixty", "seventy", "eighty", "ninety",   "hundred", "thousand", NULL };

typedef struct
{
  guint64 words, fillers;
} Habit;

typedef struct
{
  const AssayTask *task;
  GHashTable *habits; /* interned name -> Habit */
  guint64 in_words, in_digits;
} Seen;

static Habit *
get_habit (Seen *seen, const char *name)
{
  if (seen->habits == NULL)
    seen->habits = g_hash_table_new_full (g_direct_hash, g_direct_equal, NULL, g_free);
  Habit *habit = g_hash_table_lookup (seen->habits, name);
  if (habit == NULL)
    g_hash_table_insert (seen->habits, (gpointer) name, habit = g_new0 (Habit, 1));
  return habit;
}

static void
add_text (Seen *seen, Habit *habit, const char *text)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);
  g_auto (GStrv) words = g_strsplit_set (folded, " \t\n.,;:!?\"()", -1);
  for (guint i = 0; words[i] != NULL; i++)
    {
      if (words[i][0] == '\0')
        continue;
      habit->words++;
      habit->fillers += g_strv_contains (fillers, words[i]);
      seen->in_words += g_strv_contains (numbers, words[i]);
      seen->in_digits += g_ascii_isdigit (words[i][0]);
    }
}

static void
look_at (gpointer state, const AssayLook *look, GPtrArray *findings)
{
  Seen *seen = state;
  seen->task = look->task;
  for (guint i = 0; i < look->labels->len; i++)
    {
      const AssayLabel *label = look->labels->pdata[i];
      Habit *habit
          = get_habit (seen, g_intern_string (((const AssayAnnotator *) look->annotators->pdata[i])->name));
      for (guint o = 0; o < label->objects->list->len; o++)
        add_text (seen, habit,
                  ((const AssaySegment *) ((const AssayObject *) label->objects->list->pdata[o])->value)->text);
    }
}

static void
merge (gpointer state, gconstpointer other)
{
  Seen *seen = state;
  const Seen *more = other;
  GHashTableIter iter;
  gpointer name, habit;
  seen->in_words += more->in_words;
  seen->in_digits += more->in_digits;
  if (seen->task == NULL)
    seen->task = more->task;
  if (more->habits == NULL)
    return;
  g_hash_table_iter_init (&iter, more->habits);
  while (g_hash_table_iter_next (&iter, &name, &habit))
    {
      Habit *sum = get_habit (seen, name);
      sum->words += ((Habit *) habit)->words;
      sum->fillers += ((Habit *) habit)->fillers;
    }
}

static void
flag (const Seen *seen, const char *place, char *take_why, GPtrArray *findings)
{
  g_autofree char *why = take_why;
  AssayFinding *finding = assay_finding_new (assay_check_two_ways.id, ASSAY_SEVERITY_WARNING, 0.6, why);
  finding->task_row = seen->task->row;
  finding->inputs = assay_sha256 (why, strlen (why));
  assay_finding_identify (finding, &ASSAY_ID_NIL, &seen->task->id, place);
  g_ptr_array_add (findings, finding);
}

static void
end (gpointer state, GPtrArray *findings)
{
  const Seen *seen = state;
  const char *writes = NULL, *leaves = NULL;
  GHashTableIter iter;
  gpointer name, value;
  if (seen->habits == NULL)
    return;
  g_hash_table_iter_init (&iter, seen->habits);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      const Habit *habit = value;
      if (habit->words < LEAST_WORDS)
        continue;
      if (habit->fillers * 100 >= habit->words && (writes == NULL || strcmp (name, writes) < 0))
        writes = name;
      if (habit->fillers * 1000 < habit->words && (leaves == NULL || strcmp (name, leaves) < 0))
        leaves = name;
    }
  if (writes != NULL && leaves != NULL)
    flag (seen, "fillers",
          g_strdup_printf ("%s writes fillers (“um”, “uh”) and %s leaves them out: let the guideline say which",
                           writes, leaves),
          findings);
  if (MIN (seen->in_words, seen->in_digits) >= LEAST_NUMBERS)
    flag (seen, "numbers",
          g_strdup_printf ("numbers stand in words %" G_GUINT64_FORMAT " times and in digits %" G_GUINT64_FORMAT
                           " times: let the guideline say which",
                           seen->in_words, seen->in_digits),
          findings);
}

static void
clear (gpointer state)
{
  g_clear_pointer (&((Seen *) state)->habits, g_hash_table_unref);
}

const AssayCheck assay_check_two_ways = {
  .id = "two-ways",
  .title = "Written in two ways",
  .help = "fillers written by some and left out by others, or numbers in words here and in digits there: a model "
          "learns neither",
  .version = 1,
  .scope = ASSAY_SCOPE_PROJECT,
  .kinds = kinds,
  .state_size = sizeof (Seen),
  .look = look_at,
  .merge = merge,
  .end = end,
  .clear = clear,
};
