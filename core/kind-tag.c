/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The smallest kind: an object says its class and nothing more. Where to begin when writing another one. */
#include "core/kind.h"

#include <math.h>

static gpointer
parse (const json_t *object, const AssayTask *task, const AssayItem *item, GError **error)
{
  return NULL;
}

static void
write_value (gconstpointer value, const AssayTask *task, json_t *object)
{
}

static gpointer
copy_value (gconstpointer value)
{
  return NULL;
}

static gboolean
equal (gconstpointer a, gconstpointer b)
{
  return TRUE;
}

static gboolean
validate (gconstpointer value, const AssayTask *task, const AssayItem *item, GError **error)
{
  return TRUE;
}

/* Two tags differ by class alone, which is the object's and not the value's. */
static double
similarity (gconstpointer a, gconstpointer b, const AssayTask *task)
{
  return 1;
}

static const AssayMeasureDef measures[] = { { "jaccard", "Jaccard", "", TRUE }, { NULL } };

static void
measure (gconstpointer a, gconstpointer b, const AssayTask *task, double *ret_values)
{
  ret_values[0] = NAN; /* the answer as a whole has one: measure_whole */
}

static GHashTable *
classes_of (const GPtrArray *objects)
{
  GHashTable *classes = g_hash_table_new (assay_id_hash, assay_id_hash_equal);
  for (guint i = 0; i < objects->len; i++)
    g_hash_table_add (classes, &((AssayObject *) objects->pdata[i])->class_id);
  return classes;
}

static gboolean
measure_whole (const GPtrArray *a, const GPtrArray *b, const AssayTask *task, double *ret_values)
{
  g_autoptr (GHashTable) in_a = classes_of (a);
  g_autoptr (GHashTable) in_b = classes_of (b);
  guint common = 0;
  GHashTableIter iter;
  gpointer class;
  g_hash_table_iter_init (&iter, in_a);
  while (g_hash_table_iter_next (&iter, &class, NULL))
    common += g_hash_table_contains (in_b, class);
  guint all = g_hash_table_size (in_a) + g_hash_table_size (in_b) - common;
  ret_values[0] = all > 0 ? (double) common / all : NAN;
  return TRUE;
}

static char *
summarise (const AssayObject *object, const AssayTask *task)
{
  const AssayClass *class = assay_task_find_class (task, &object->class_id);
  return g_strdup (class != NULL ? class->name : "?");
}

static void
free_value (gpointer value)
{
}

const AssayKind assay_kind_tag = {
  .id = "tag",
  .title = "Tags",
  .help = "classes that hold for the whole item",
  .media = ASSAY_MEDIA_PICTURE,
  .any_media = TRUE,
  .default_tolerance = 1,
  .keys = (const char *const[]){ NULL },
  .parse = parse,
  .write = write_value,
  .copy = copy_value,
  .free = free_value,
  .equal = equal,
  .validate = validate,
  .similarity = similarity,
  .measures = measures,
  .measure = measure,
  .measure_whole = measure_whole,
  .summarise = summarise,
};
