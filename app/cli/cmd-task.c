/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/command.h"
#include "core/attribute.h"
#include "core/kind.h"
#include "core/guideline.h"
#include "core/media.h"
#include "core/skeleton.h"
#include "core/scope.h"
#include "core/tally.h"

#include <string.h>

typedef struct
{
  char *kind, *classes, *skeleton, *rules, *attributes, *guideline, *unit;
  char **models;
  double tolerance; /* < 0 = the kind's */
} Flags;

static void
flags_clear (Flags *flags)
{
  g_free (flags->kind);
  g_free (flags->classes);
  g_free (flags->skeleton);
  g_free (flags->rules);
  g_free (flags->attributes);
  g_free (flags->guideline);
  g_free (flags->unit);
  g_strfreev (flags->models);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Flags, flags_clear)

static const AssayKind *
find_kind (const char *id, GError **error)
{
  const AssayKind *kind = id != NULL ? assay_kind_find (id) : NULL;
  if (kind != NULL)
    return kind;
  guint n;
  const AssayKind *const *all = assay_kind_list (&n);
  g_autoptr (GString) known = g_string_new (NULL);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (known, "%s%s", i == 0 ? "" : i + 1 == n ? " or " : ", ", all[i]->id);
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "task add: %s%s; say --kind %s",
               id != NULL ? "there is no kind " : "the kind is missing", id != NULL ? id : "", known->str);
  return NULL;
}

static gboolean
add_classes (AssayTask *task, const char *classes, GError **error)
{
  g_auto (GStrv) names = g_strsplit (classes != NULL ? classes : "", ",", -1);
  for (char **name = names; *name != NULL; name++)
    {
      g_strstrip (*name);
      if (classes != NULL && (**name == '\0' || assay_task_find_class_named (task, *name) != NULL))
        {
          g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                       "task add: --classes %s: %s; write each name once: cup,hand", classes,
                       **name == '\0' ? "a name is empty" : "a name stands twice");
          return FALSE;
        }
      if (classes != NULL)
        assay_task_add_class (task, *name);
    }
  return TRUE;
}

static gboolean
bad_skeleton (GError **error, const char *path, const char *why)
{
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
               "reading the skeleton %s: %s; it is {\"nodes\": [\"nose\", {\"name\", \"mirror\", \"sigma\"} …],"
               " \"edges\": [[\"a\", \"b\"] …]}",
               path, why);
  return FALSE;
}

static AssayNode *
find_node (AssayTask *task, const char *name, guint *ret_index)
{
  for (guint i = 0; name != NULL && i < task->nodes->len; i++)
    if (g_str_equal (g_array_index (task->nodes, AssayNode, i).name, name))
      {
        if (ret_index != NULL)
          *ret_index = i;
        return &g_array_index (task->nodes, AssayNode, i);
      }
  return NULL;
}

static gboolean
read_nodes (AssayTask *task, const json_t *nodes, const char *path, GError **error)
{
  gsize i;
  json_t *json;
  json_array_foreach (nodes, i, json)
  {
    const char *name = json_is_string (json) ? json_string_value (json) : assay_json_get_string (json, "name");
    double sigma;
    if (name == NULL || *name == '\0' || find_node (task, name, NULL) != NULL)
      return bad_skeleton (error, path, name == NULL ? "a node has no name" : "a name stands twice or is empty");
    AssayNode *node = assay_task_add_node (task, name);
    if (assay_json_get_double (json, "sigma", &sigma))
      {
        if (!(sigma > 0))
          return bad_skeleton (error, path, "a sigma is not above 0");
        node->sigma = sigma;
      }
  }
  json_array_foreach (nodes, i, json)
  {
    const char *mirror = assay_json_get_string (json, "mirror");
    AssayNode *other = find_node (task, mirror, NULL);
    if (mirror != NULL && other == NULL)
      return bad_skeleton (error, path, "a mirror names no node");
    if (other == NULL)
      continue;
    AssayNode *node = &g_array_index (task->nodes, AssayNode, i);
    node->mirror = other->id;
    other->mirror = node->id;
  }
  return TRUE;
}

static gboolean
read_skeleton (AssayTask *task, const char *path, GError **error)
{
  g_autoptr (json_t) json = assay_json_load (path, error);
  if (json == NULL)
    return FALSE;
  const json_t *nodes = json_object_get (json, "nodes"), *edges = json_object_get (json, "edges");
  if (json_array_size (nodes) == 0)
    return bad_skeleton (error, path, "it has no nodes");
  if (!read_nodes (task, nodes, path, error))
    return FALSE;
  gsize i;
  json_t *pair;
  json_array_foreach (edges, i, pair)
  {
    AssayEdge edge;
    if (json_array_size (pair) != 2 || !find_node (task, json_string_value (json_array_get (pair, 0)), &edge.from)
        || !find_node (task, json_string_value (json_array_get (pair, 1)), &edge.to))
      return bad_skeleton (error, path, "an edge is not two names of nodes");
    g_array_append_val (task->edges, edge);
  }
  return TRUE;
}

static gboolean
read_rules (AssayTask *task, const char *path, GError **error)
{
  task->rules = assay_json_load (path, error);
  if (task->rules == NULL || json_is_object (task->rules))
    return task->rules != NULL;
  return assay_error_bad_data (error, "reading %s: rules are an object; write {\"attributes\": [...]}", path);
}

/* --attributes FILE: a key of the rules, by a file of its own. */
static gboolean
read_attributes (AssayTask *task, const char *path, GError **error)
{
  json_t *list = assay_json_load (path, error);
  if (list == NULL)
    return FALSE;
  if (task->rules == NULL)
    task->rules = json_object ();
  json_object_set_new (task->rules, "attributes", list);
  return TRUE;
}

/* --model CLASS=FILE: the mesh goes into media/, the class names it. */
static gboolean
add_models (AssayProject *project, AssayTask *task, const Flags *flags, GError **error)
{
  static const struct
  {
    const char *name;
    double m;
  } units[] = { { "m", 1 }, { "cm", 0.01 }, { "mm", 0.001 } };
  double unit_m = 0;
  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    if (g_strcmp0 (flags->unit, units[i].name) == 0)
      unit_m = units[i].m;
  for (char **model = flags->models; model != NULL && *model != NULL; model++)
    {
      const char *equals = strchr (*model, '=');
      g_autofree char *name = equals != NULL ? g_strndup (*model, (gsize) (equals - *model)) : NULL;
      AssayClass *class = name != NULL ? assay_task_find_class_named (task, name) : NULL;
      AssayMediaFacts facts = { 0 };
      gboolean known;
      if (class == NULL || unit_m == 0)
        {
          g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "task add: --model %s: %s", *model,
                       unit_m == 0 ? "say in which unit the mesh is: --unit m, cm or mm"
                                   : "write CLASS=FILE.ply, with a class of --classes");
          return FALSE;
        }
      if (!assay_media_add (project, equals + 1, &facts, &known, error))
        return FALSE;
      if (facts.kind != ASSAY_MEDIA_MODEL)
        {
          g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA, "task add: %s is no mesh; give a PLY file",
                       equals + 1);
          return FALSE;
        }
      class->model = facts.hash;
      class->model_unit_m = unit_m;
    }
  return TRUE;
}

static gboolean
fill (AssayProject *project, AssayTask *task, const Flags *flags, GError **error)
{
  if (!add_classes (task, flags->classes, error) || !add_models (project, task, flags, error))
    return FALSE;
  if (flags->skeleton != NULL && !g_str_equal (task->kind->id, "keypoints"))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   "task add: --skeleton is for --kind keypoints, not for %s", task->kind->id);
      return FALSE;
    }
  if (flags->skeleton == NULL && g_str_equal (task->kind->id, "keypoints"))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   "task add: --kind keypoints needs --skeleton FILE; `assay help task` shows one");
      return FALSE;
    }
  const AssaySkeleton *known = flags->skeleton != NULL ? assay_skeleton_find (flags->skeleton) : NULL;
  if (known != NULL)
    assay_skeleton_apply (known, task);
  else if (flags->skeleton != NULL && !read_skeleton (task, flags->skeleton, error))
    return FALSE;
  if (flags->rules != NULL && !read_rules (task, flags->rules, error))
    return FALSE;
  if (flags->attributes != NULL && !read_attributes (task, flags->attributes, error))
    return FALSE;
  if (!assay_scope_check (task->rules, error) || !assay_attributes_check (task, error))
    return FALSE;
  if (flags->guideline != NULL)
    {
      g_autofree char *text = NULL;
      g_autoptr (GError) wrong = NULL;
      if (!g_file_get_contents (flags->guideline, &text, NULL, &wrong) || !g_utf8_validate (text, -1, NULL))
        {
          g_set_error (error, ASSAY_ERROR, wrong != NULL ? ASSAY_ERROR_IO : ASSAY_ERROR_BAD_DATA,
                       "reading the guideline %s: %s", flags->guideline,
                       wrong != NULL ? wrong->message : "it is not UTF-8");
          return FALSE;
        }
      g_autofree char *base = g_path_get_dirname (flags->guideline);
      g_autofree char *kept = assay_guideline_keep_pictures (project, text, base, error);
      if (kept == NULL)
        return FALSE;
      g_free (task->guideline);
      task->guideline = g_steal_pointer (&kept);
    }
  if (flags->tolerance >= 0)
    task->tolerance = flags->tolerance;
  return TRUE;
}

static json_t *
skeleton_to_json (const AssayTask *task)
{
  json_t *nodes = json_array (), *edges = json_array ();
  for (guint i = 0; i < task->nodes->len; i++)
    {
      const AssayNode *node = &g_array_index (task->nodes, AssayNode, i);
      json_t *mirror = json_null ();
      for (guint j = 0; j < task->nodes->len; j++)
        if (assay_id_equal (&g_array_index (task->nodes, AssayNode, j).id, &node->mirror))
          mirror = json_string (g_array_index (task->nodes, AssayNode, j).name);
      json_array_append_new (
          nodes, json_pack ("{s:s, s:o, s:f}", "name", node->name, "mirror", mirror, "sigma", node->sigma));
    }
  for (guint i = 0; i < task->edges->len; i++)
    {
      const AssayEdge *edge = &g_array_index (task->edges, AssayEdge, i);
      json_array_append_new (edges, json_pack ("[ss]", g_array_index (task->nodes, AssayNode, edge->from).name,
                                               g_array_index (task->nodes, AssayNode, edge->to).name));
    }
  return json_pack ("{s:o, s:o}", "nodes", nodes, "edges", edges);
}

static json_t *
describe (AssayStore *store, const AssayTask *task, const GArray *tally, GError **error)
{
  gint64 items;
  if (!assay_scope_count (store, task, &items, error))
    return NULL;
  json_t *classes = json_array ();
  for (guint i = 0; i < task->classes->len; i++)
    json_array_append_new (classes, json_string (((const AssayClass *) task->classes->pdata[i])->name));
  gint64 begun = assay_tally_sum (tally, task->row, 0, NULL),
         unanswered = assay_tally_sum (tally, task->row, 0, "none");
  json_t *json = json_object ();
  json_object_set_new (json, "name", json_string (task->name));
  json_object_set_new (json, "id", assay_json_id (&task->id));
  json_object_set_new (json, "kind", json_string (task->kind->id));
  json_object_set_new (json, "classes", classes);
  json_object_set_new (json, "skeleton", task->nodes->len > 0 ? skeleton_to_json (task) : json_null ());
  json_object_set_new (json, "items", json_integer (items));
  json_object_set_new (json, "labelled", json_integer (begun - unanswered));
  json_object_set_new (json, "tolerance", assay_json_number (task->tolerance));
  json_object_set_new (json, "revision", assay_json_id (&task->revision));
  json_object_set_new (json, "definition", assay_task_to_json (task));
  return json;
}

static void
run_add (AssayInvocation *invocation, const Flags *flags, GError **error)
{
  if (!assay_invocation_expect (invocation, 2, 2, error))
    return;
  const char *name = invocation->argv[2];
  const AssayKind *kind = find_kind (flags->kind, error);
  if (kind == NULL)
    return;
  if (*name == '\0' || !g_utf8_validate (name, -1, NULL))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   "task add: the name is empty or not UTF-8; give the task a name");
      return;
    }
  g_autoptr (AssayProject) project = assay_invocation_open (invocation, ASSAY_STORE_WRITE, error);
  g_autoptr (AssayAnnotator) by
      = project != NULL ? assay_invocation_annotator (invocation, project->store, error) : NULL;
  g_autoptr (AssayTask) task = assay_task_new (name, kind);
  if (by == NULL || !fill (project, task, flags, error) || !assay_task_save (project->store, task, &by->id, error))
    return;
  g_autoptr (GArray) tally = assay_tally_list (project->store, task->row, error);
  json_t *json = tally != NULL ? describe (project->store, task, tally, error) : NULL;
  if (json != NULL)
    assay_invocation_answer (invocation, json, NULL);
}

static void
run_list (AssayInvocation *invocation, GError **error)
{
  if (!assay_invocation_expect (invocation, 1, 1, error))
    return;
  g_autoptr (AssayProject) project = assay_invocation_open (invocation, ASSAY_STORE_READ, error);
  g_autoptr (GPtrArray) tasks = project != NULL ? assay_task_list (project->store, error) : NULL;
  g_autoptr (GArray) tally = tasks != NULL ? assay_tally_list (project->store, 0, error) : NULL;
  if (tally == NULL)
    return;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (json_t) list = json_array ();
  for (guint i = 0; i < tasks->len; i++)
    {
      const AssayTask *task = tasks->pdata[i];
      json_t *json = describe (project->store, task, tally, error);
      if (json == NULL)
        return;
      g_string_append_printf (
          text, "%s: %s, %u classes, %" JSON_INTEGER_FORMAT " of %" JSON_INTEGER_FORMAT " items labelled\n",
          task->name, task->kind->id, task->classes->len, json_integer_value (json_object_get (json, "labelled")),
          json_integer_value (json_object_get (json, "items")));
      json_array_append_new (list, json);
    }
  if (tasks->len == 0)
    g_string_append (text, "no task yet; `assay task add NAME --kind KIND` makes one");
  assay_invocation_answer (invocation, json_incref (list), text->str);
}

static int
run (AssayInvocation *invocation, GError **error)
{
  g_auto (Flags) flags = { .tolerance = -1 };
  const GOptionEntry entries[] = {
    { "kind", 0, 0, G_OPTION_ARG_STRING, &flags.kind, NULL, NULL },
    { "classes", 0, 0, G_OPTION_ARG_STRING, &flags.classes, NULL, NULL },
    { "skeleton", 0, 0, G_OPTION_ARG_FILENAME, &flags.skeleton, NULL, NULL },
    { "rules", 0, 0, G_OPTION_ARG_FILENAME, &flags.rules, NULL, NULL },
    { "attributes", 0, 0, G_OPTION_ARG_FILENAME, &flags.attributes, NULL, NULL },
    { "guideline", 0, 0, G_OPTION_ARG_FILENAME, &flags.guideline, NULL, NULL },
    { "model", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &flags.models, NULL, NULL },
    { "unit", 0, 0, G_OPTION_ARG_STRING, &flags.unit, NULL, NULL },
    { "tolerance", 0, 0, G_OPTION_ARG_DOUBLE, &flags.tolerance, NULL, NULL },
    { NULL },
  };
  if (!assay_invocation_parse (invocation, entries, error) || !assay_invocation_expect (invocation, 1, 2, error))
    return 0;
  const char *what = invocation->argv[1];
  if (g_str_equal (what, "add"))
    run_add (invocation, &flags, error);
  else if (g_str_equal (what, "list"))
    run_list (invocation, error);
  else
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                 "task: %s is neither add nor list; write `assay task add NAME --kind KIND` or `assay task list`",
                 what);
  return 0;
}

const AssayCommand assay_command_task = {
  .id = "task",
  .form
  = "task add NAME --kind KIND [--classes A,B] [--skeleton FILE] [--rules FILE] [--attributes FILE] [--guideline FILE] [--tolerance"
    " N] [--model CLASS=FILE.ply --unit m|cm|mm] | task list",
  .help = "adds a task, one kind of label asked for, or lists them",
  .more = "KIND is segmentation, keypoints, pose, transcript, box or tag.\n"
          "--skeleton (keypoints) is coco-person, hand or box, or a JSON file: {\"nodes\": [\"nose\", {\"name\": "
          "\"left_eye\", \"mirror\":"
          " \"right_eye\", \"sigma\": 0.025},\n"
          "\"right_eye\"], \"edges\": [[\"nose\", \"left_eye\"], [\"nose\", \"right_eye\"]]}. --model gives a"
          " class of a pose task its mesh.\n"
          "--rules is a JSON file; its \"items\" say which items are asked about, as {\"items\": {\"prefix\": "
          "\"left/\"}}: prefix and\n"
          "sequence take a name or a list, flag a flag, media picture, film or sound (tags: asked of sounds). For `assay agree` they may state"
          " \"fillers\":\n"
          "[\"um\"] of transcripts, and \"symmetries\": {\"box\": {\"symmetries_discrete\": [16 numbers]}} of models, as"
          " BOP does. \"consensus\" names how answers are joined: staple or majority; median or mean (boxes, points, poses); rover"
          " or nearest;\n"
          "dawid-skene or majority (tags); the first is the default.\n"
          "--attributes is a JSON file with what is asked about each object: [{\"name\": \"state\", \"type\": \"choice\", "
          "\"choices\":\n"
          "[\"full\", \"empty\"], \"classes\": [\"cup\"]}]; type is choice, text, number or bool; it is kept in the "
          "rules.\n"
          "--tolerance: pairs of answers that are less alike are flagged (IoU, OKS, 1 - MER).\n"
          "--json gives [{name, kind, classes, skeleton, items, labelled}]: items that the task can be asked of,"
          " and those of them\n"
          "with at least one submitted answer.",
  .run = run,
};
