/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/task.h"

#include "core/error.h"
#include "core/json.h"
#include "core/kind.h"

#include <math.h>
#include <string.h>

/* Okabe and Ito's seven (2008) and five of Paul Tol's (2021), chosen so that any two stay as far apart as Okabe and
 * Ito's do, for people with and without any of the three kinds of colour blindness (measured in
 * tests/core/test-task.c). From the thirteenth on they come again: letters and names tell those apart. */
static const guint32 palette[] = {
  0xe69f00, 0x56b4e9, 0x009e73, 0xf0e442, 0x0072b2, 0xd55e00,
  0xcc79a7, 0x332288, 0xcceeff, 0xaa3377, 0x663333, 0x666633,
};

guint32
assay_palette_colour (guint index)
{
  return palette[index % G_N_ELEMENTS (palette)];
}

static void
class_free (gpointer data)
{
  AssayClass *class = data;
  g_free (class->name);
  json_decref (class->extra);
  g_free (class);
}

static void
node_clear (gpointer data)
{
  g_free (((AssayNode *) data)->name);
}

AssayTask *
assay_task_new (const char *name, const AssayKind *kind)
{
  AssayTask *task = g_new0 (AssayTask, 1);
  task->id = assay_id_new ();
  task->name = g_strdup (name);
  task->kind = kind;
  task->classes = g_ptr_array_new_with_free_func (class_free);
  task->nodes = g_array_new (FALSE, TRUE, sizeof (AssayNode));
  g_array_set_clear_func (task->nodes, node_clear);
  task->edges = g_array_new (FALSE, TRUE, sizeof (AssayEdge));
  task->guideline = g_strdup ("");
  task->tolerance = kind->default_tolerance;
  task->tolerance_deg = ASSAY_TASK_TOLERANCE_DEG;
  task->tolerance_m = ASSAY_TASK_TOLERANCE_M;
  return task;
}

static gpointer
class_copy (gconstpointer data, gpointer unused)
{
  const AssayClass *class = data;
  AssayClass *copy = g_memdup2 (class, sizeof *class);
  copy->name = g_strdup (class->name);
  copy->extra = json_deep_copy (class->extra);
  return copy;
}

AssayTask *
assay_task_copy (const AssayTask *task)
{
  AssayTask *copy = g_memdup2 (task, sizeof *task);
  copy->name = g_strdup (task->name);
  copy->classes = g_ptr_array_copy (task->classes, class_copy, NULL);
  g_ptr_array_set_free_func (copy->classes, class_free);
  copy->nodes = g_array_copy (task->nodes);
  g_array_set_clear_func (copy->nodes, node_clear);
  for (guint i = 0; i < copy->nodes->len; i++)
    {
      AssayNode *node = &g_array_index (copy->nodes, AssayNode, i);
      node->name = g_strdup (node->name);
    }
  copy->edges = g_array_copy (task->edges);
  copy->guideline = g_strdup (task->guideline);
  copy->rules = json_deep_copy (task->rules);
  return copy;
}

void
assay_task_free (AssayTask *task)
{
  if (task == NULL)
    return;
  g_free (task->name);
  g_ptr_array_unref (task->classes);
  g_array_unref (task->nodes);
  g_array_unref (task->edges);
  g_free (task->guideline);
  json_decref (task->rules);
  g_free (task);
}

AssayClass *
assay_task_add_class (AssayTask *task, const char *name)
{
  AssayClass *class = assay_task_find_class_named (task, name);
  if (class != NULL)
    return class;
  class = g_new0 (AssayClass, 1);
  class->id = assay_id_new ();
  class->name = g_strdup (name);
  class->colour = assay_palette_colour (task->classes->len);
  class->source_id = -1;
  class->model_unit_m = 1;
  g_ptr_array_add (task->classes, class);
  return class;
}

guint
assay_task_class_index (const AssayTask *task, const AssayId *id)
{
  for (guint i = 0; i < task->classes->len; i++)
    if (assay_id_equal (&((AssayClass *) task->classes->pdata[i])->id, id))
      return i;
  return G_MAXUINT;
}

AssayClass *
assay_task_find_class (const AssayTask *task, const AssayId *id)
{
  guint i = assay_task_class_index (task, id);
  return i != G_MAXUINT ? task->classes->pdata[i] : NULL;
}

AssayClass *
assay_task_find_class_named (const AssayTask *task, const char *name)
{
  for (guint i = 0; i < task->classes->len; i++)
    if (g_str_equal (((AssayClass *) task->classes->pdata[i])->name, name))
      return task->classes->pdata[i];
  return NULL;
}

guint32
assay_task_class_colour (const AssayTask *task, const AssayId *id)
{
  const AssayClass *class = assay_task_find_class (task, id);
  return class != NULL ? class->colour : 0x9a9996;
}

AssayNode *
assay_task_add_node (AssayTask *task, const char *name)
{
  AssayNode node = { .id = assay_id_new (), .name = g_strdup (name), .sigma = ASSAY_NODE_SIGMA };
  g_array_append_val (task->nodes, node);
  return &g_array_index (task->nodes, AssayNode, task->nodes->len - 1);
}

/* --- JSON --- */

static gboolean
has_model (const AssayClass *class)
{
  return !assay_sha256_equal (&class->model, &(AssaySha256){ { 0 } });
}

static json_t *
class_to_json (const AssayClass *class)
{
  char colour[8], hash[ASSAY_SHA256_TEXT_SIZE];
  g_snprintf (colour, sizeof colour, "#%06x", class->colour & 0xffffff);
  json_t *json = json_object ();
  json_object_set_new (json, "id", assay_json_id (&class->id));
  json_object_set_new (json, "name", json_string (class->name));
  json_object_set_new (json, "colour", json_string (colour));
  if (class->source_id >= 0)
    json_object_set_new (json, "source_id", json_integer (class->source_id));
  if (has_model (class))
    {
      json_t *model = json_object ();
      json_object_set_new (model, "sha256", json_string (assay_sha256_to_text (&class->model, hash)));
      json_object_set_new (model, "unit_m", json_real (class->model_unit_m));
      json_object_set_new (json, "model", model);
    }
  if (class->extra != NULL)
    json_object_set (json, "extra", class->extra);
  return json;
}

static json_t *
node_to_json (const AssayNode *node)
{
  json_t *json = json_object ();
  json_object_set_new (json, "id", assay_json_id (&node->id));
  json_object_set_new (json, "name", json_string (node->name));
  if (!assay_id_is_nil (&node->mirror))
    json_object_set_new (json, "mirror", assay_json_id (&node->mirror));
  json_object_set_new (json, "sigma", json_real (node->sigma));
  return json;
}

json_t *
assay_task_to_json (const AssayTask *task)
{
  json_t *classes = json_array (), *nodes = json_array (), *edges = json_array ();
  for (guint i = 0; i < task->classes->len; i++)
    json_array_append_new (classes, class_to_json (task->classes->pdata[i]));
  for (guint i = 0; i < task->nodes->len; i++)
    json_array_append_new (nodes, node_to_json (&g_array_index (task->nodes, AssayNode, i)));
  for (guint i = 0; i < task->edges->len; i++)
    {
      const AssayEdge *edge = &g_array_index (task->edges, AssayEdge, i);
      json_array_append_new (edges, json_pack ("[ii]", (int) edge->from, (int) edge->to));
    }
  json_t *json = json_object ();
  json_object_set_new (json, "schema", json_string ("assay.task/1"));
  json_object_set_new (json, "id", assay_json_id (&task->id));
  json_object_set_new (json, "name", json_string (task->name));
  json_object_set_new (json, "kind", json_string (task->kind->id));
  json_object_set_new (json, "classes", classes);
  json_object_set_new (json, "nodes", nodes);
  json_object_set_new (json, "edges", edges);
  json_object_set_new (json, "guideline", json_string (task->guideline));
  json_object_set_new (json, "tolerance", assay_json_number (task->tolerance));
  json_object_set_new (json, "tolerance_deg", assay_json_number (task->tolerance_deg));
  json_object_set_new (json, "tolerance_m", assay_json_number (task->tolerance_m));
  if (task->rules != NULL)
    json_object_set (json, "rules", task->rules);
  return json;
}

static gboolean
read_colour (const json_t *json, guint32 *ret_colour)
{
  const char *text = assay_json_get_string (json, "colour");
  guint64 colour = 0;
  if (text == NULL || text[0] != '#' || strlen (text) != 7
      || !g_ascii_string_to_unsigned (text + 1, 16, 0, 0xffffff, &colour, NULL))
    return FALSE;
  *ret_colour = (guint32) colour;
  return TRUE;
}

static gboolean
read_class (const json_t *json, AssayTask *task, GError **error)
{
  const char *name = assay_json_get_string (json, "name");
  const json_t *model = json_object_get (json, "model"), *extra = json_object_get (json, "extra");
  AssayId id;
  if (name == NULL || !assay_json_get_id (json, "id", &id) || assay_task_find_class (task, &id) != NULL)
    return assay_error_bad_data (error, "it needs a name and an id of its own");
  AssayClass *class = g_new0 (AssayClass, 1);
  g_ptr_array_add (task->classes, class);
  class->id = id;
  class->name = g_strdup (name);
  class->model_unit_m = 1;
  class->source_id = -1;
  assay_json_get_int (json, "source_id", &class->source_id);
  class->extra = json_incref ((json_t *) extra);
  if (!read_colour (json, &class->colour))
    return assay_error_bad_data (error, "colour: it is not #rrggbb");
  if (model == NULL)
    return TRUE;
  const char *hash = assay_json_get_string (model, "sha256");
  if (hash == NULL || !assay_sha256_parse (hash, &class->model)
      || !assay_json_get_double (model, "unit_m", &class->model_unit_m) || !(class->model_unit_m > 0))
    return assay_error_bad_data (error, "model: it is not {\"sha256\": hash, \"unit_m\": metres in a unit}");
  return TRUE;
}

static gboolean
read_node (const json_t *json, AssayTask *task, GError **error)
{
  const char *name = assay_json_get_string (json, "name");
  AssayId id, mirror = ASSAY_ID_NIL;
  double sigma = ASSAY_NODE_SIGMA;
  const json_t *sigma_json = json_object_get (json, "sigma");
  if (name == NULL || !assay_json_get_id (json, "id", &id))
    return assay_error_bad_data (error, "it needs a name and an id");
  if (json_object_get (json, "mirror") != NULL && !assay_json_get_id (json, "mirror", &mirror))
    return assay_error_bad_data (error, "mirror: this is no UUID");
  if (sigma_json != NULL && !(assay_json_get_double (json, "sigma", &sigma) && sigma > 0))
    return assay_error_bad_data (error, "sigma: it is not above 0");
  AssayNode *node = assay_task_add_node (task, name);
  node->id = id;
  node->mirror = mirror;
  node->sigma = sigma;
  return TRUE;
}

static gboolean
read_edge (const json_t *json, AssayTask *task, GError **error)
{
  double ends[2];
  if (!assay_json_to_doubles (json, ends, 2) || !(ends[0] >= 0 && ends[0] < task->nodes->len)
      || !(ends[1] >= 0 && ends[1] < task->nodes->len) || ends[0] != floor (ends[0]) || ends[1] != floor (ends[1]))
    return assay_error_bad_data (error, "it is not two positions in nodes, from 0");
  AssayEdge edge = { (guint) ends[0], (guint) ends[1] };
  g_array_append_val (task->edges, edge);
  return TRUE;
}

typedef gboolean (*ReadEntry) (const json_t *json, AssayTask *task, GError **error);

static gboolean
read_list (const json_t *json, const char *key, ReadEntry read, AssayTask *task, GError **error)
{
  const json_t *list = json_object_get (json, key);
  if (list != NULL && !json_is_array (list))
    return assay_error_bad_data (error, "%s: this is no array", key);
  for (gsize i = 0; i < json_array_size (list); i++)
    if (!read (json_array_get (list, i), task, error))
      {
        g_prefix_error (error, "%s: entry %" G_GSIZE_FORMAT ": ", key, i + 1);
        return FALSE;
      }
  return TRUE;
}

static gboolean
read_tolerance (const json_t *json, const char *key, double *value, GError **error)
{
  const json_t *given = json_object_get (json, key);
  if (given == NULL || json_is_null (given))
    return TRUE;
  return (assay_json_get_double (json, key, value) && *value >= 0)
         || assay_error_bad_data (error, "%s: it is no number from 0 up", key);
}

AssayTask *
assay_task_from_json (const json_t *json, GError **error)
{
  const char *name = assay_json_get_string (json, "name"), *kind_id = assay_json_get_string (json, "kind");
  const char *guideline = assay_json_get_string (json, "guideline");
  const AssayKind *kind = assay_kind_find (kind_id);
  AssayId id;
  if (name == NULL || kind == NULL || !assay_json_get_id (json, "id", &id)
      || g_strcmp0 (assay_json_get_string (json, "schema"), "assay.task/1") != 0)
    {
      assay_error_bad_data (error,
                            "reading a task: it needs schema assay.task/1, id, name and a known kind, not \"%s\"",
                            kind_id != NULL ? kind_id : "");
      return NULL;
    }
  g_autoptr (AssayTask) task = assay_task_new (name, kind);
  task->id = id;
  if (guideline != NULL)
    {
      g_free (task->guideline);
      task->guideline = g_strdup (guideline);
    }
  task->rules = json_incref (json_object_get (json, "rules"));
  if (!read_list (json, "classes", read_class, task, error) || !read_list (json, "nodes", read_node, task, error)
      || !read_list (json, "edges", read_edge, task, error)
      || !read_tolerance (json, "tolerance", &task->tolerance, error)
      || !read_tolerance (json, "tolerance_deg", &task->tolerance_deg, error)
      || !read_tolerance (json, "tolerance_m", &task->tolerance_m, error))
    {
      g_prefix_error (error, "reading task %s: ", name);
      return NULL;
    }
  return g_steal_pointer (&task);
}
