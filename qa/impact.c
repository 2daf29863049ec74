/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/impact.h"

#include <math.h>

double
assay_impact (const AssayFinding *finding, guint n)
{
  return pow (4, (double) finding->severity) * finding->score * (1 + log2 (MAX (n, 1)));
}

typedef struct
{
  AssayFinding *finding;
  char *trouble; /* check, task and people: of one trouble it is the same */
  double impact;
  guint at;
} Ranked;

static void
ranked_clear (gpointer data)
{
  g_free (((Ranked *) data)->trouble);
}

static int
by_text (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

static char *
trouble_of (const AssayFinding *finding)
{
  g_autoptr (GPtrArray) people = g_ptr_array_new ();
  GString *out = g_string_new (finding->check);
  g_string_append_printf (out, "\n%" G_GINT64_FORMAT, finding->task_row);
  for (guint i = 0; i < finding->annotators->len; i++)
    g_ptr_array_add (people, finding->annotators->pdata[i]);
  g_ptr_array_sort (people, by_text);
  for (guint i = 0; i < people->len; i++)
    g_string_append_printf (out, "\n%s", (const char *) people->pdata[i]);
  return g_string_free (out, FALSE);
}

static int
by_impact (gconstpointer a, gconstpointer b)
{
  const Ranked *one = a, *other = b;
  if (one->impact != other->impact)
    return one->impact < other->impact ? 1 : -1;
  return (one->at > other->at) - (one->at < other->at);
}

void
assay_impact_sort (GPtrArray *findings)
{
  g_autoptr (GArray) ranked = g_array_new (FALSE, TRUE, sizeof (Ranked));
  g_autoptr (GHashTable) touched /* trouble to its items */
      = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_hash_table_unref);
  g_array_set_clear_func (ranked, ranked_clear);
  g_array_set_size (ranked, findings->len);
  for (guint i = 0; i < findings->len; i++)
    {
      Ranked *one = &g_array_index (ranked, Ranked, i);
      *one = (Ranked){ .finding = findings->pdata[i], .trouble = trouble_of (findings->pdata[i]), .at = i };
      GHashTable *items = g_hash_table_lookup (touched, one->trouble);
      if (items == NULL)
        g_hash_table_insert (touched, one->trouble, items = g_hash_table_new (g_int64_hash, g_int64_equal));
      g_hash_table_add (items, &one->finding->item_row);
    }
  for (guint i = 0; i < findings->len; i++)
    {
      Ranked *one = &g_array_index (ranked, Ranked, i);
      one->impact = assay_impact (one->finding, g_hash_table_size (g_hash_table_lookup (touched, one->trouble)));
    }
  g_array_sort (ranked, by_impact);
  for (guint i = 0; i < findings->len; i++)
    findings->pdata[i] = g_array_index (ranked, Ranked, i).finding;
  g_hash_table_remove_all (touched); /* its keys are the list's */
}
