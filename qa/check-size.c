/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A picture of another size, or a sound of another rate, than all that came with it. */
#include "qa/check.h"

extern const AssayCheck assay_check_size;

#define LEAST 10  /* that say what is usual */
#define USUAL 0.9 /* share of them that are alike */

typedef struct
{
  AssayItem *item;
  guint64 size; /* width and height, or rate and channels */
} One;

typedef struct
{
  GHashTable *folders; /* char * -> GArray of One */
} Seen;

static void
free_ones (gpointer data)
{
  GArray *ones = data;
  for (guint i = 0; i < ones->len; i++)
    assay_item_free (g_array_index (ones, One, i).item);
  g_array_unref (ones);
}

static void
begin (gpointer state, const AssayOptions *options)
{
  ((Seen *) state)->folders = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_ones);
}

static void
arrive (gpointer state, const AssayArrival *arrival, GPtrArray *findings)
{
  Seen *seen = state;
  const AssayItem *item = arrival->item;
  gboolean sound = item->media_kind == ASSAY_MEDIA_SOUND;
  if (!sound && item->media_kind != ASSAY_MEDIA_PICTURE)
    return;
  g_autofree char *folder = g_path_get_dirname (item->name), *key = g_strdup_printf ("%d %s", sound, folder);
  GArray *ones = g_hash_table_lookup (seen->folders, key);
  if (ones == NULL)
    {
      ones = g_array_new (FALSE, FALSE, sizeof (One));
      g_hash_table_insert (seen->folders, g_steal_pointer (&key), ones);
    }
  One one = { assay_item_copy (item), sound ? (guint64) item->rate_hz << 32 | item->channels
                                            : (guint64) item->width_px << 32 | item->height_px };
  g_array_append_val (ones, one);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  guint64 one = ((const One *) a)->size, other = ((const One *) b)->size;
  return (one > other) - (one < other);
}

static char *
describe (const AssayItem *item)
{
  return item->media_kind == ASSAY_MEDIA_SOUND ? g_strdup_printf ("%u Hz, %u channel%s", item->rate_hz,
                                                                  item->channels, item->channels == 1 ? "" : "s")
                                               : g_strdup_printf ("%u x %u", item->width_px, item->height_px);
}

static void
judge (GArray *ones, GPtrArray *findings)
{
  g_array_sort (ones, compare);
  const One *usual = &g_array_index (ones, One, ones->len / 2); /* with more than half alike it is one of them */
  guint n_usual = 0;
  for (guint i = 0; i < ones->len; i++)
    n_usual += g_array_index (ones, One, i).size == usual->size;
  if (ones->len < LEAST || n_usual < USUAL * ones->len)
    return;
  g_autofree char *wanted = describe (usual->item);
  for (guint i = 0; i < ones->len; i++)
    {
      const One *one = &g_array_index (ones, One, i);
      g_autofree char *is = describe (one->item);
      if (one->size != usual->size)
        g_ptr_array_add (
            findings, assay_arrival_flag (one->item, &assay_check_size, ASSAY_SEVERITY_WARNING, 0.5, NULL,
                                          g_strdup_printf ("%s is %s, and %u of the %u beside it are %s",
                                                           one->item->name, is, n_usual, ones->len - 1, wanted)));
    }
}

static void
end (gpointer state, GPtrArray *findings)
{
  GHashTableIter iter;
  gpointer ones;
  g_hash_table_iter_init (&iter, ((Seen *) state)->folders);
  while (g_hash_table_iter_next (&iter, NULL, &ones))
    judge (ones, findings);
}

static void
clear (gpointer state)
{
  g_clear_pointer (&((Seen *) state)->folders, g_hash_table_unref);
}

const AssayCheck assay_check_size = {
  .id = "size",
  .title = "Another size",
  .help = "a picture of another size, or a sound of another rate, than nine tenths of its folder: a setting that "
          "slipped, or a "
          "thumbnail among photographs",
  .version = 1,
  .scope = ASSAY_SCOPE_ITEM,
  .state_size = sizeof (Seen),
  .begin = begin,
  .arrive = arrive,
  .end = end,
  .clear = clear,
};
