/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A transcript that a speech recogniser hears quite otherwise, more than it usually does. */
#include "qa/check.h"
#include "core/json.h"
#include "qa/difference.h"
#include "qa/outliers.h"
#include "qa/spot.h"

extern const AssayCheck assay_check_recogniser;

#include <math.h>
#include <string.h>

#define LEAST 20      /* transcripts that say what is usual of this model */
#define LEAST_MER 0.3 /* below, recognisers err by themselves */
#define FAR 2.0       /* robust standard deviations above the usual */

static const char *const kinds[] = { "transcript", NULL };

typedef struct
{
  AssaySpot spot;
  double mer;
  char *why;
} Heard;

typedef struct
{
  GHashTable *models; /* interned name -> GArray of Heard */
} Seen;

static void
clear_heard (gpointer heard)
{
  g_free (((Heard *) heard)->why);
}

static void
free_list (gpointer list)
{
  g_array_unref (list);
}

static GArray *
list_of (Seen *seen, const char *model)
{
  if (seen->models == NULL)
    seen->models = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, free_list);
  GArray *list = g_hash_table_lookup (seen->models, model);
  if (list == NULL)
    {
      list = g_array_new (FALSE, FALSE, sizeof (Heard));
      g_array_set_clear_func (list, clear_heard);
      g_hash_table_insert (seen->models, (gpointer) model, list);
    }
  return list;
}

static void
compare (Seen *seen, const AssayLook *look, guint answer, const AssayLabel *prediction, const AssayAnnotator *model)
{
  const AssayLabel *label = look->labels->pdata[answer];
  const AssayAnnotator *annotator = look->annotators->pdata[answer];
  g_autoptr (AssayComparison) comparison = assay_compare (label->objects, prediction->objects, look->task);
  Heard heard = { .spot = assay_spot_new (look, answer, NULL),
                  .mer = 1 - assay_comparison_likeness (comparison, look->task->kind) };
  g_autoptr (json_t) where = assay_difference_whole_where (comparison, look->task);
  const json_t *samples = json_object_get (where, "samples");
  if (isnan (heard.mer))
    return;
  heard.spot.start = json_integer_value (json_array_get (samples, 0));
  heard.spot.end = json_integer_value (json_array_get (samples, 1));
  if (heard.mer >= LEAST_MER) /* else it is never told */
    heard.why = assay_difference_whole_why (label->objects, prediction->objects, comparison, look->task,
                                            annotator->name, model->name);
  g_array_append_val (list_of (seen, g_intern_string (model->name)), heard);
}

static void
look_at (gpointer state, const AssayLook *look, GPtrArray *findings)
{
  for (guint m = 0; m < look->predictions->len; m++)
    for (guint i = 0; i < look->labels->len; i++)
      compare (state, look, i, look->predictions->pdata[m], look->models->pdata[m]);
}

static void
merge (gpointer state, gconstpointer other)
{
  const Seen *more = other;
  GHashTableIter iter;
  gpointer model, list;
  if (more->models == NULL)
    return;
  g_hash_table_iter_init (&iter, more->models);
  while (g_hash_table_iter_next (&iter, &model, &list))
    for (guint i = 0; i < ((GArray *) list)->len; i++)
      {
        Heard heard = g_array_index ((GArray *) list, Heard, i);
        heard.why = g_strdup (heard.why);
        g_array_append_val (list_of (state, model), heard);
      }
}

static void
judge (const char *model, const GArray *list, GPtrArray *findings)
{
  g_autofree char *place = g_strdup_printf ("words by %s", model);
  g_autofree double *values = g_new (double, (gsize) list->len + 1);
  AssaySpread spread;
  for (guint i = 0; i < list->len; i++)
    values[i] = g_array_index (list, Heard, i).mer;
  if (list->len < LEAST || !assay_spread_measure (values, list->len, &spread))
    return;
  double usual = spread.median + FAR * spread.mad / 0.6745;
  for (guint i = 0; i < list->len; i++)
    {
      const Heard *heard = &g_array_index (list, Heard, i);
      if (heard->why != NULL && heard->mer > usual)
        g_ptr_array_add (findings, assay_spot_flag (&heard->spot, &assay_check_recogniser, ASSAY_SEVERITY_WARNING,
                                                    heard->mer, place, g_strdup (heard->why)));
    }
}

static void
end (gpointer state, GPtrArray *findings)
{
  const Seen *seen = state;
  if (seen->models == NULL)
    return;
  g_autoptr (GList) models = g_list_sort (g_hash_table_get_keys (seen->models), (GCompareFunc) strcmp);
  for (const GList *model = models; model != NULL; model = model->next)
    judge (model->data, g_hash_table_lookup (seen->models, model->data), findings);
}

static void
clear (gpointer state)
{
  g_clear_pointer (&((Seen *) state)->models, g_hash_table_unref);
}

const AssayCheck assay_check_recogniser = {
  .id = "recogniser",
  .title = "Words that a recogniser does not hear",
  .help = "a transcript that a speech recogniser hears quite otherwise, and more so than it usually does: words "
          "that were left out, "
          "made up or belong to another clip",
  .version = 2,
  .scope = ASSAY_SCOPE_LABEL,
  .beside = ASSAY_BESIDE_MODELS,
  .kinds = kinds,
  .state_size = sizeof (Seen),
  .look = look_at,
  .merge = merge,
  .end = end,
  .clear = clear,
};
