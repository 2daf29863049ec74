/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "annotate/tool.h"

#include "tool-list.h"

#include <math.h>
#include <string.h>

#define X(word) extern const AssayTool assay_tool_##word;
ASSAY_TOOL_LIST
#undef X

#define X(word) &assay_tool_##word,
static const AssayTool *const tools[] = { ASSAY_TOOL_LIST NULL };
#undef X

const AssayTool *const *
assay_tool_list (guint *ret_n)
{
  if (ret_n != NULL)
    *ret_n = G_N_ELEMENTS (tools) - 1;
  return tools;
}

const AssayTool *
assay_tool_find (const char *id)
{
  for (guint i = 0; tools[i] != NULL; i++)
    if (g_str_equal (tools[i]->id, id))
      return tools[i];
  return NULL;
}

gboolean
assay_tool_serves (const AssayTool *tool, const AssayKind *kind)
{
  return tool->kinds == NULL || g_strv_contains (tool->kinds, kind->id);
}

const AssayTool *
assay_tool_for_kind (const AssayKind *kind)
{
  for (guint i = 0; tools[i] != NULL; i++)
    if (assay_tool_serves (tools[i], kind))
      return tools[i];
  return NULL;
}

static void
add_option (GArray *all, const AssayOption *option)
{
  for (guint i = 0; i < all->len; i++)
    if (g_str_equal (g_array_index (all, AssayOption, i).name, option->name))
      return;
  g_array_append_val (all, *option);
}

const AssayOption *
assay_tool_options (void)
{
  static gsize once = 0;
  if (g_once_init_enter (&once))
    {
      GArray *all = g_array_new (TRUE, TRUE, sizeof (AssayOption));
      for (guint i = 0; tools[i] != NULL; i++)
        for (const AssayOption *option = tools[i]->options; option != NULL && option->name != NULL; option++)
          add_option (all, option);
      g_once_init_leave (&once, (gsize) g_array_free (all, FALSE));
    }
  return (const AssayOption *) once;
}

AssayWork *
assay_work_new (const char *what, gpointer take_data, void (*run) (gpointer data, GCancellable *cancellable),
                GDestroyNotify free_data)
{
  AssayWork *work = g_new0 (AssayWork, 1);
  *work = (AssayWork){ take_data, run, free_data, g_strdup (what) };
  return work;
}

void
assay_work_free (AssayWork *work)
{
  if (work == NULL)
    return;
  if (work->free != NULL)
    work->free (work->data);
  g_free (work->what);
  g_free (work);
}

void
assay_answer_clear (AssayAnswer *answer)
{
  assay_edit_free (answer->edit);
  assay_work_free (answer->work);
  g_free (answer->option_text);
  g_free (answer->hint);
  *answer = (AssayAnswer){ 0 };
}

void
assay_answer_select (AssayAnswer *answer, AssayId object)
{
  answer->select = TRUE;
  answer->selected = object;
  answer->redraw = TRUE;
}

void
assay_answer_select_more (AssayAnswer *answer, AssayId object)
{
  assay_answer_select (answer, object);
  answer->more = TRUE;
}

void
assay_answer_hint (AssayAnswer *answer, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_free (answer->hint);
  answer->hint = g_strdup_vprintf (format, arguments);
  va_end (arguments);
}

void
assay_answer_set_option (AssayAnswer *answer, const char *name, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_free (answer->option_text);
  answer->option = name;
  answer->option_text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
}

gboolean
assay_input_is_key (const AssayInput *input, const char *key)
{
  return input->kind == ASSAY_INPUT_KEY && g_strcmp0 (input->key, key) == 0;
}

double
assay_input_distance (const AssayInput *input, AssayPoint p)
{
  return hypot (input->at.x - p.x, input->at.y - p.y) * input->px_per_unit;
}

int
assay_input_take_notches (const AssayInput *input, double *rest)
{
  double notches = CLAMP (*rest + input->steps, -20, 20);
  int whole = (int) notches;
  *rest = notches - whole;
  return whole;
}

guint32
assay_scene_colour (const AssayScene *scene, const AssayId *class_id)
{
  const AssayClass *class = assay_task_find_class (scene->task, class_id);
  return class != NULL ? class->colour : 0xffffff;
}

char *
assay_scene_edit_name (const AssayScene *scene, const char *verb, const AssayId *class_id)
{
  const AssayClass *class = assay_task_find_class (scene->task, class_id);
  return class != NULL ? g_strdup_printf ("%s %s", verb, class->name) : g_strdup (verb);
}

AssayObject *
assay_scene_get_selected (const AssayScene *scene)
{
  return assay_id_is_nil (&scene->selected) ? NULL : assay_objects_find (scene->objects, &scene->selected);
}

char *
assay_scene_dup_object_name (const AssayScene *scene, const AssayObject *object)
{
  const AssayClass *class = assay_task_find_class (scene->task, &object->class_id);
  guint n = 1;
  for (guint i = 0; i < scene->objects->list->len; i++)
    {
      const AssayObject *other = scene->objects->list->pdata[i];
      if (assay_id_equal (&other->id, &object->id))
        break;
      n += assay_id_equal (&other->class_id, &object->class_id);
    }
  return g_strdup_printf ("%s-%u", class != NULL ? class->name : "object", n);
}

static gboolean
has_id (const GHashTable *set, const AssayId *id)
{
  GHashTable *ids = (GHashTable *) set;
  return ids != NULL && g_hash_table_size (ids) > 0 && g_hash_table_contains (ids, id);
}

gboolean
assay_scene_is_selected (const AssayScene *scene, const AssayId *object)
{
  return assay_id_equal (&scene->selected, object) || has_id (scene->also, object);
}

GPtrArray *
assay_scene_list_selected (const AssayScene *scene)
{
  GPtrArray *list = g_ptr_array_new ();
  for (guint i = 0; i < scene->objects->list->len; i++)
    {
      AssayObject *object = scene->objects->list->pdata[i];
      if (assay_scene_is_selected (scene, &object->id))
        g_ptr_array_add (list, object);
    }
  return list;
}

gboolean
assay_scene_is_locked (const AssayScene *scene, const AssayId *object)
{
  return has_id (scene->locked, object);
}

char *
assay_scene_dup_locked (const AssayScene *scene, const AssayEdit *edit)
{
  for (guint i = 0; i < edit->changes->len; i++)
    {
      const AssayChange *change = edit->changes->pdata[i];
      if (change->moves || change->before == NULL || !assay_scene_is_locked (scene, &change->before->id))
        continue;
      g_autofree char *name = assay_scene_dup_object_name (scene, change->before);
      return g_strdup_printf ("%s is locked: L unlocks it", name);
    }
  return NULL;
}

gboolean
assay_scene_is_hidden (const AssayScene *scene, const AssayId *object)
{
  return has_id (scene->hidden, object);
}

void
assay_item_get_samples (const AssayItem *item, gint64 *ret_from, gint64 *ret_to)
{
  gboolean part = item->range == ASSAY_RANGE_SAMPLES;
  *ret_from = part ? item->start : 0;
  *ret_to = part ? item->end : item->n_samples;
}
