/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One thing through a sequence that has two classes. */
#include "qa/check.h"
#include "qa/difference.h"
#include "qa/spot.h"

extern const AssayCheck assay_check_track_class;

typedef struct
{
  AssaySpot spot;
  AssayId class_id;
} Sight;

typedef struct
{
  GHashTable *tracks; /* "annotator track" -> GArray of Sight */
} Seen;

static void
free_sights (gpointer sights)
{
  g_array_unref (sights);
}

static GArray *
get_sights (Seen *seen, const char *key)
{
  if (seen->tracks == NULL)
    seen->tracks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_sights);
  GArray *sights = g_hash_table_lookup (seen->tracks, key);
  if (sights == NULL)
    g_hash_table_insert (seen->tracks, g_strdup (key), sights = g_array_new (FALSE, FALSE, sizeof (Sight)));
  return sights;
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
          if (assay_id_is_nil (&object->track))
            continue;
          Sight sight = { assay_spot_new (look, i, object), object->class_id };
          g_autofree char *track = assay_id_dup_text (&object->track),
                          *key = g_strdup_printf ("%s %s", sight.spot.annotator, track);
          g_array_append_val (get_sights (state, key), sight);
        }
    }
}

static void
merge (gpointer state, gconstpointer other)
{
  GHashTable *more = ((const Seen *) other)->tracks;
  GHashTableIter iter;
  gpointer key, sights;
  if (more == NULL)
    return;
  g_hash_table_iter_init (&iter, more);
  while (g_hash_table_iter_next (&iter, &key, &sights))
    g_array_append_vals (get_sights (state, key), ((GArray *) sights)->data, ((GArray *) sights)->len);
}

static guint
count_class (const GArray *sights, const AssayId *class_id)
{
  guint n = 0;
  for (guint i = 0; i < sights->len; i++)
    n += assay_id_equal (&g_array_index (sights, Sight, i).class_id, class_id);
  return n;
}

static void
judge (const GArray *sights, GPtrArray *findings)
{
  const Sight *usual = NULL;
  guint most = 0;
  for (guint i = 0; i < sights->len; i++)
    {
      const Sight *sight = &g_array_index (sights, Sight, i);
      guint n = count_class (sights, &sight->class_id);
      if (n > most || (n == most && assay_id_compare (&sight->class_id, &usual->class_id) < 0))
        {
          most = n;
          usual = sight;
        }
      if (n == sights->len)
        return;
    }
  for (guint i = 0; i < sights->len; i++)
    {
      const Sight *sight = &g_array_index (sights, Sight, i);
      if (assay_id_equal (&sight->class_id, &usual->class_id))
        continue;
      const AssayClass *is = assay_task_find_class (sight->spot.task, &sight->class_id),
                       *was = assay_task_find_class (sight->spot.task, &usual->class_id);
      char *why = g_strdup_printf ("%s calls this %s here, and %s in %u of %u pictures of the sequence",
                                   sight->spot.annotator, is != NULL ? is->name : "nothing",
                                   was != NULL ? was->name : "nothing", most, sights->len);
      g_ptr_array_add (findings, assay_spot_flag (&sight->spot, &assay_check_track_class, ASSAY_SEVERITY_ERROR,
                                                  (double) most / sights->len, "track", why));
    }
}

static void
end (gpointer state, GPtrArray *findings)
{
  GHashTable *tracks = ((Seen *) state)->tracks;
  GHashTableIter iter;
  gpointer sights;
  if (tracks == NULL)
    return;
  g_hash_table_iter_init (&iter, tracks);
  while (g_hash_table_iter_next (&iter, NULL, &sights))
    judge (sights, findings);
}

static void
clear (gpointer state)
{
  g_clear_pointer (&((Seen *) state)->tracks, g_hash_table_unref);
}

const AssayCheck assay_check_track_class = {
  .id = "track-class",
  .title = "Class changes on the way",
  .help = "one thing through a sequence has two classes: a slip of a key, or two things that were joined",
  .version = 1,
  .scope = ASSAY_SCOPE_GROUP,
  .state_size = sizeof (Seen),
  .look = look_at,
  .merge = merge,
  .end = end,
  .clear = clear,
};
