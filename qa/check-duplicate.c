/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two items that show the same: the same bytes under two names, or pictures that two hashes cannot tell apart. */
#include "qa/arrival.h"
#include "qa/check.h"

#include "core/picture-measure.h"

#include <string.h>

extern const AssayCheck assay_check_duplicate;

#define MOST_BITS 3 /* that differ, of 64, of the perceptual hash; so one of four sixteenths is the same */
#define MOST_DHASH_BITS 6
#define BANDS 4
#define MOST_A_BAND 256 /* hashes of flat pictures crowd: only the last ones of a band are compared */

typedef struct
{
  AssayItem *item;
  guint64 phash, dhash;
} Picture;

typedef struct
{
  GArray *pictures;         /* of Picture */
  GHashTable *bands[BANDS]; /* 16 bits -> GArray of guint, places in `pictures` */
  GHashTable *media;        /* AssaySha256 -> AssayItem: whole files */
} Seen;

static guint
hash_media (gconstpointer media)
{
  guint value;
  memcpy (&value, media, sizeof value);
  return value;
}

static gboolean
media_equal (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, sizeof (AssaySha256)) == 0;
}

static void
free_item (gpointer item)
{
  assay_item_free (item);
}

static void
free_array (gpointer array)
{
  g_array_unref (array);
}

static void
begin (gpointer state, const AssayOptions *options)
{
  Seen *seen = state;
  seen->pictures = g_array_new (FALSE, FALSE, sizeof (Picture));
  for (guint i = 0; i < BANDS; i++)
    seen->bands[i] = g_hash_table_new_full (g_direct_hash, g_direct_equal, NULL, free_array);
  seen->media = g_hash_table_new_full (hash_media, media_equal, NULL, free_item);
}

static gboolean
is_same_file (Seen *seen, const AssayItem *item, GPtrArray *findings)
{
  if (item->range != ASSAY_RANGE_WHOLE)
    return FALSE;
  const AssayItem *first = g_hash_table_lookup (seen->media, &item->media);
  if (first == NULL)
    {
      AssayItem *kept = assay_item_copy (item);
      g_hash_table_insert (seen->media, &kept->media, kept);
      return FALSE;
    }
  g_ptr_array_add (findings,
                   assay_arrival_flag (item, &assay_check_duplicate, ASSAY_SEVERITY_WARNING, 1, NULL,
                                       g_strdup_printf ("%s is the same file as %s", item->name, first->name)));
  return TRUE;
}

/* Neighbours in a sequence are alike by nature. */
static gboolean
may_be_alike (const AssayItem *a, const AssayItem *b)
{
  return a->sequence != NULL && g_strcmp0 (a->sequence, b->sequence) == 0;
}

static const Picture *
find_alike (const Seen *seen, const Picture *picture, guint *ret_bits)
{
  const Picture *best = NULL;
  *ret_bits = MOST_BITS + 1;
  for (guint b = 0; b < BANDS; b++)
    {
      const GArray *places
          = g_hash_table_lookup (seen->bands[b], GUINT_TO_POINTER ((picture->phash >> (16 * b)) & 0xffff));
      for (guint i = places != NULL && places->len > MOST_A_BAND ? places->len - MOST_A_BAND : 0;
           places != NULL && i < places->len; i++)
        {
          const Picture *other = &g_array_index (seen->pictures, Picture, g_array_index (places, guint, i));
          guint bits = assay_picture_hash_distance (picture->phash, other->phash);
          if (bits < *ret_bits && assay_picture_hash_distance (picture->dhash, other->dhash) <= MOST_DHASH_BITS
              && !may_be_alike (picture->item, other->item))
            {
              *ret_bits = bits;
              best = other;
            }
        }
    }
  return best;
}

static void
keep (Seen *seen, Picture picture)
{
  guint place = seen->pictures->len;
  g_array_append_val (seen->pictures, picture);
  for (guint b = 0; b < BANDS; b++)
    {
      gpointer key = GUINT_TO_POINTER ((picture.phash >> (16 * b)) & 0xffff);
      GArray *places = g_hash_table_lookup (seen->bands[b], key);
      if (places == NULL)
        g_hash_table_insert (seen->bands[b], key, places = g_array_new (FALSE, FALSE, sizeof (guint)));
      g_array_append_val (places, place);
    }
}

static void
arrive (gpointer state, const AssayArrival *arrival, GPtrArray *findings)
{
  Seen *seen = state;
  Picture picture = { 0 };
  guint bits;
  if (is_same_file (seen, arrival->item, findings)
      || !assay_arrival_get_hash (arrival->facts, "phash", &picture.phash)
      || !assay_arrival_get_hash (arrival->facts, "dhash", &picture.dhash))
    return;
  picture.item = assay_item_copy (arrival->item);
  const Picture *alike = find_alike (seen, &picture, &bits);
  if (alike != NULL)
    {
      gboolean leaks = g_strcmp0 (alike->item->group, picture.item->group) != 0;
      char *why = g_strdup_printf ("%s shows the same as %s (%u of 64 bits differ)%s", picture.item->name,
                                   alike->item->name, bits,
                                   leaks ? "; they are of two groups, so one may train and the other test" : "");
      g_ptr_array_add (findings, assay_arrival_flag (picture.item, &assay_check_duplicate,
                                                     leaks ? ASSAY_SEVERITY_WARNING : ASSAY_SEVERITY_NOTE,
                                                     (leaks ? 0.9 : 0.6) - 0.1 * bits, NULL, why));
    }
  keep (seen, picture);
}

static void
clear (gpointer state)
{
  Seen *seen = state;
  for (guint i = 0; seen->pictures != NULL && i < seen->pictures->len; i++)
    assay_item_free (g_array_index (seen->pictures, Picture, i).item);
  g_clear_pointer (&seen->pictures, g_array_unref);
  for (guint i = 0; i < BANDS; i++)
    g_clear_pointer (&seen->bands[i], g_hash_table_unref);
  g_clear_pointer (&seen->media, g_hash_table_unref);
}

const AssayCheck assay_check_duplicate = {
  .id = "duplicate",
  .title = "Seen before",
  .help = "an item that shows the same as another: labelled twice for nothing, and a leak when one trains and the "
          "other tests",
  .version = 1,
  .scope = ASSAY_SCOPE_PROJECT,
  .state_size = sizeof (Seen),
  .begin = begin,
  .arrive = arrive,
  .clear = clear,
};
