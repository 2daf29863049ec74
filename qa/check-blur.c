/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A picture far less sharp than those that were taken with it: out of focus, or moved. */
#include "qa/check.h"
#include "qa/outliers.h"

#include "core/json.h"

#include <math.h>

extern const AssayCheck assay_check_blur;

#define LEAST 6    /* pictures that say what is usual */
#define SHARE 0.25 /* of the median sharpness */

typedef struct
{
  AssayItem *item;
  double sharpness;
} Shot;

typedef struct
{
  GHashTable *series; /* char * -> GArray of Shot: what was taken alike */
} Seen;

static void
free_shots (gpointer data)
{
  GArray *shots = data;
  for (guint i = 0; i < shots->len; i++)
    assay_item_free (g_array_index (shots, Shot, i).item);
  g_array_unref (shots);
}

static void
begin (gpointer state, const AssayOptions *options)
{
  ((Seen *) state)->series = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_shots);
}

/* Sharpness depends on the scene and the size: compared within a sensor's session, a sequence, or a folder. */
static char *
dup_series (const AssayItem *item)
{
  g_autofree char *folder = g_path_get_dirname (item->name);
  if (!assay_id_is_nil (&item->session) && !assay_id_is_nil (&item->sensor))
    {
      g_autofree char *session = assay_id_dup_text (&item->session), *sensor = assay_id_dup_text (&item->sensor);
      return g_strdup_printf ("%s %s", session, sensor);
    }
  return g_strdup_printf ("%s/%ux%u", item->sequence != NULL ? item->sequence : folder, item->width_px,
                          item->height_px);
}

static void
arrive (gpointer state, const AssayArrival *arrival, GPtrArray *findings)
{
  Seen *seen = state;
  double sharpness;
  if (!assay_json_get_double (arrival->facts, "sharpness", &sharpness))
    return;
  g_autofree char *series = dup_series (arrival->item);
  GArray *shots = g_hash_table_lookup (seen->series, series);
  if (shots == NULL)
    {
      shots = g_array_new (FALSE, FALSE, sizeof (Shot));
      g_hash_table_insert (seen->series, g_steal_pointer (&series), shots);
    }
  Shot shot = { assay_item_copy (arrival->item), sharpness };
  g_array_append_val (shots, shot);
}

static double
get_log (const Shot *shot)
{
  return log (MAX (shot->sharpness, 1e-3));
}

static void
judge (const GArray *shots, GPtrArray *findings)
{
  if (shots->len < LEAST)
    return;
  g_autofree double *values = g_new (double, shots->len);
  for (guint i = 0; i < shots->len; i++)
    values[i] = get_log (&g_array_index (shots, Shot, i));
  AssaySpread spread;
  assay_spread_measure (values, shots->len, &spread);
  double far = ASSAY_OUTLIER_Z * spread.mad / 0.6745;
  for (guint i = 0; i < shots->len; i++)
    {
      const Shot *shot = &g_array_index (shots, Shot, i);
      double below = spread.median - values[i];
      if (!(below > -log (SHARE)) || !(below > far))
        continue;
      char *why = g_strdup_printf ("%s is blurred: its sharpness is %.0f %% of what is usual beside it",
                                   shot->item->name, 100 * exp (-below));
      g_ptr_array_add (findings, assay_arrival_flag (shot->item, &assay_check_blur, ASSAY_SEVERITY_WARNING,
                                                     1 - exp (-below), NULL, why));
    }
}

static void
end (gpointer state, GPtrArray *findings)
{
  GHashTableIter iter;
  gpointer shots;
  g_hash_table_iter_init (&iter, ((Seen *) state)->series);
  while (g_hash_table_iter_next (&iter, NULL, &shots))
    judge (shots, findings);
}

static void
clear (gpointer state)
{
  g_clear_pointer (&((Seen *) state)->series, g_hash_table_unref);
}

const AssayCheck assay_check_blur = {
  .id = "blur",
  .title = "Blurred",
  .help = "a picture far less sharp than those that were taken with it: out of focus or moved, and its borders "
          "cannot be told",
  .version = 1,
  .scope = ASSAY_SCOPE_ITEM,
  .state_size = sizeof (Seen),
  .begin = begin,
  .arrive = arrive,
  .end = end,
  .clear = clear,
};
