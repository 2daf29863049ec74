/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/command.h"
#include "capture/preset.h"
#include "core/sensor.h"

typedef struct
{
  const AssaySource *source;
  AssayDevice *device;
} Camera;

static void
camera_clear (Camera *camera)
{
  if (camera->source != NULL)
    camera->source->close (camera->device);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Camera, camera_clear)

static gboolean
camera_open (Camera *camera, const char *id, GError **error)
{
  if (id == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   "preset: no camera given; add --camera ID, as `assay devices` "
                   "lists it");
      return FALSE;
    }
  const AssaySource *source = assay_source_of (id, error);
  if (source == NULL)
    return FALSE;
  if (source->list_controls == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED, "reading the settings of %s: it has none", id);
      return FALSE;
    }
  g_autoptr (AssayOptions) options = assay_options_new (source->options);
  camera->device = source->open (id, options, error);
  camera->source = camera->device != NULL ? source : NULL;
  return camera->device != NULL;
}

/* Those that did not come out as wanted, a line each. Exit status 1 when there are any. */
static int
tell (AssayInvocation *invocation, json_t *take_answer)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint refused = 0;
  size_t i;
  json_t *entry;
  json_array_foreach (take_answer, i, entry)
  {
    if (assay_json_get_bool (entry, "done"))
      continue;
    g_autofree char *wanted = assay_json_canonical (json_object_get (entry, "wanted"));
    g_autofree char *got = assay_json_canonical (json_object_get (entry, "got"));
    g_string_append_printf (text, "%s: %s wanted, %s got: %s\n", assay_json_get_string (entry, "id"), wanted, got,
                            assay_json_get_string (entry, "why"));
    refused++;
  }
  assay_invocation_answer (invocation, json_pack ("{s:o, s:i}", "controls", take_answer, "refused", (int) refused),
                           text->len > 0 ? text->str : NULL);
  return refused > 0 ? 1 : 0;
}

static int
run_save (AssayInvocation *invocation, const char *id, GError **error)
{
  g_auto (Camera) camera = { 0 };
  g_autoptr (AssayProject) project = assay_invocation_open (invocation, ASSAY_STORE_WRITE, error);
  if (project == NULL || !camera_open (&camera, id, error))
    return 0;
  g_autoptr (json_t) controls = camera.source->list_controls (camera.device);
  g_autoptr (json_t) preset = assay_preset_take (controls);
  g_autoptr (json_t) facts = camera.source->get_facts != NULL ? camera.source->get_facts (camera.device) : NULL;
  const char *card = assay_json_get_string (facts, "card");
  g_autoptr (AssaySensor) sensor
      = assay_sensor_ensure (project->store, "camera", id, card != NULL ? card : id, error);
  if (sensor == NULL || !assay_sensor_add_preset (project->store, sensor, invocation->argv[2], preset, error))
    return 0;
  assay_invocation_answer (
      invocation, json_pack ("{s:s, s:s, s:O}", "name", invocation->argv[2], "sensor", id, "preset", preset), NULL);
  return 0;
}

/* The camera's own, else one of that name saved with another (a second camera of the same make). */
static json_t *
find_preset (AssayProject *project, const char *name, const char *id, GError **error)
{
  g_autoptr (json_t) list = assay_sensor_list_presets (project->store, NULL, error);
  json_t *found = NULL, *entry;
  size_t i;
  json_array_foreach (list, i, entry)
  {
    gboolean own = g_strcmp0 (assay_json_get_string (entry, "sensor"), id) == 0;
    if (g_strcmp0 (assay_json_get_string (entry, "name"), name) == 0 && (own || found == NULL))
      found = json_object_get (entry, "preset");
  }
  if (list != NULL && found == NULL)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                 "restoring preset %s: there is none of that name; `assay preset list` lists them", name);
  return json_incref (found);
}

static int
run_restore (AssayInvocation *invocation, const char *id, GError **error)
{
  g_auto (Camera) camera = { 0 };
  g_autoptr (AssayProject) project = assay_invocation_open (invocation, ASSAY_STORE_READ, error);
  g_autoptr (json_t) preset = project != NULL && camera_open (&camera, id, error)
                                  ? find_preset (project, invocation->argv[2], id, error)
                                  : NULL;
  json_t *answer = NULL;
  if (preset == NULL || !assay_preset_restore (camera.source, camera.device, preset, &answer, error))
    return 0;
  return tell (invocation, answer);
}

static int
run_list (AssayInvocation *invocation, GError **error)
{
  g_autoptr (AssayProject) project = assay_invocation_open (invocation, ASSAY_STORE_READ, error);
  json_t *list = project != NULL ? assay_sensor_list_presets (project->store, NULL, error) : NULL;
  if (list == NULL)
    return 0;
  g_autoptr (GString) text = g_string_new (NULL);
  size_t i;
  json_t *entry;
  json_array_foreach (list, i, entry)
      g_string_append_printf (text, "%s  %s, %zu settings\n", assay_json_get_string (entry, "name"),
                              assay_json_get_string (entry, "sensor"),
                              json_array_size (json_object_get (json_object_get (entry, "preset"), "controls")));
  assay_invocation_answer (invocation, list, text->str);
  return 0;
}

static int
run_lock (AssayInvocation *invocation, const char *id, GError **error)
{
  g_auto (Camera) camera = { 0 };
  json_t *answer = NULL;
  if (!camera_open (&camera, id, error) || !assay_preset_lock (camera.source, camera.device, &answer, error))
    return 0;
  return tell (invocation, answer);
}

static int
run (AssayInvocation *invocation, GError **error)
{
  g_autofree char *id = NULL;
  const GOptionEntry entries[] = { { "camera", 0, 0, G_OPTION_ARG_STRING, &id, NULL, NULL }, { NULL } };
  if (!assay_invocation_parse (invocation, entries, error) || !assay_invocation_expect (invocation, 1, 2, error))
    return 0;
  const char *what = invocation->argv[1];
  gboolean named = g_str_equal (what, "save") || g_str_equal (what, "restore");
  if (!assay_invocation_expect (invocation, named ? 2 : 1, named ? 2 : 1, error))
    return 0;
  if (named)
    return *what == 's' ? run_save (invocation, id, error) : run_restore (invocation, id, error);
  if (g_str_equal (what, "list"))
    return run_list (invocation, error);
  if (g_str_equal (what, "lock"))
    return run_lock (invocation, id, error);
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "preset: %s is none of save, restore, list and lock", what);
  return 0;
}

const AssayCommand assay_command_preset = {
  .id = "preset",
  .form = "preset save NAME --camera ID | preset restore NAME --camera ID | preset list | preset lock --camera ID",
  .help = "keeps a camera's settings with the project and sets them again",
  .more
  = "save keeps every setting that can be set. restore sets automatic modes first, then what these free, reads all "
    "back and tells\n"
    "what did not come out as wanted (then the status is 1). lock holds exposure, gain, white balance and focus as "
    "they are at this\n"
    "moment. A preset of the same name saved with another camera is used where this one has none.\n"
    "--json gives {controls: [{id, wanted, got, done, why}], refused}; save: {name, sensor, preset}; list: [{name, "
    "sensor, made_us, preset}].",
  .run = run,
};
