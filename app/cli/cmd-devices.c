/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/command.h"
#include "capture/hotplug.h"
#include "capture/source.h"

#include <errno.h>
#include <poll.h>

static json_t *
info_to_json (const AssayDeviceInfo *info)
{
  json_t *json = json_pack ("{s:s, s:s}", "id", info->id, "name", info->name);
  json_object_update (json, info->details);
  return json;
}

/* "640x360 at 30, 15; 1280x720 at 10" for each format, one line each. */
static void
append_formats (GString *text, const json_t *formats)
{
  const char *last = "";
  size_t i, k;
  json_t *format, *fps;
  json_array_foreach (formats, i, format)
  {
    const char *fourcc = assay_json_get_string (format, "fourcc");
    gint64 width = 0, height = 0;
    assay_json_get_int (format, "width", &width);
    assay_json_get_int (format, "height", &height);
    g_string_append_printf (text, g_str_equal (fourcc, last) ? "; " : "%s    %s ", i > 0 ? "\n" : "", fourcc);
    g_string_append_printf (text, "%" G_GINT64_FORMAT "x%" G_GINT64_FORMAT, width, height);
    json_array_foreach (json_object_get (format, "fps"), k, fps)
        g_string_append_printf (text, "%s%.4g", k == 0 ? " at " : ", ", json_number_value (fps));
    last = fourcc;
  }
  if (json_array_size (formats) > 0)
    g_string_append_c (text, '\n');
}

static void
append_device (GString *text, const json_t *device, gboolean camera)
{
  g_string_append_printf (text, "%s  %s\n", assay_json_get_string (device, "id"),
                          assay_json_get_string (device, "name"));
  if (camera)
    {
      append_formats (text, json_object_get (device, "formats"));
      size_t n = json_array_size (json_object_get (device, "controls"));
      if (n > 0)
        g_string_append_printf (text, "    %zu controls (--json lists them)\n", n);
      return;
    }
  gint64 channels = 0;
  assay_json_get_int (device, "channels", &channels);
  g_string_append_printf (text, "    %" G_GINT64_FORMAT " channels, %s\n", channels,
                          assay_json_get_string (device, "host_api"));
}

static char *
to_text (const json_t *document)
{
  GString *text = g_string_new (NULL);
  static const char *const kinds[] = { "cameras", "microphones", NULL };
  for (guint k = 0; kinds[k] != NULL; k++)
    {
      const json_t *devices = json_object_get (document, kinds[k]);
      g_string_append_printf (text, "%s: %s\n", kinds[k], json_array_size (devices) == 0 ? "none found" : "");
      size_t i;
      json_t *device;
      json_array_foreach (devices, i, device) append_device (text, device, k == 0);
    }
  size_t i;
  json_t *wrong;
  json_array_foreach (json_object_get (document, "wrong"), i, wrong)
      g_string_append_printf (text, "went wrong: %s\n", json_string_value (wrong));
  return g_string_free (text, FALSE);
}

static void
run_once (AssayInvocation *invocation, gboolean all)
{
  g_autoptr (GPtrArray) wrongs = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) infos = assay_source_probe_all (all, wrongs);
  json_t *document = json_pack ("{s:[], s:[], s:[]}", "cameras", "microphones", "wrong");
  for (guint i = 0; i < infos->len; i++)
    {
      const AssayDeviceInfo *info = infos->pdata[i];
      const char *kind = info->kind == ASSAY_DEVICE_CAMERA ? "cameras" : "microphones";
      json_array_append_new (json_object_get (document, kind), info_to_json (info));
    }
  for (guint i = 0; i < wrongs->len; i++)
    json_array_append_new (json_object_get (document, "wrong"), json_string (wrongs->pdata[i]));
  g_autofree char *text = to_text (document);
  assay_invocation_answer (invocation, document, text);
}

/* --- --watch ------------------------------------------------------------------------------------------------- */

static const AssayDeviceInfo *
find_info (const GPtrArray *infos, const char *id)
{
  for (guint i = 0; i < infos->len; i++)
    if (g_str_equal (((const AssayDeviceInfo *) infos->pdata[i])->id, id))
      return infos->pdata[i];
  return NULL;
}

/* A line for each device of `infos` that is not among `others`. */
static void
tell_differences (AssayInvocation *invocation, const GPtrArray *infos, const GPtrArray *others, gboolean appeared)
{
  for (guint i = 0; i < infos->len; i++)
    {
      const AssayDeviceInfo *info = infos->pdata[i];
      if (find_info (others, info->id) != NULL)
        continue;
      g_autofree char *text
          = g_strdup_printf ("%s %s  %s", appeared ? "appeared:" : "disappeared:", info->id, info->name);
      assay_invocation_answer (invocation,
                               json_pack ("{s:b, s:s, s:s, s:s}", "appeared", appeared, "id", info->id, "name",
                                          info->name, "kind",
                                          info->kind == ASSAY_DEVICE_CAMERA ? "camera" : "microphone"),
                               text);
    }
  fflush (stdout);
}

static void
note_change (gboolean appeared, const char *node, gpointer data)
{
  *(gboolean *) data = TRUE;
}

/* Until it has been quiet; FALSE when the job should stop. */
static gboolean
wait_for_change (AssayInvocation *invocation, AssayHotplug *hotplug, const gboolean *changed)
{
  struct pollfd heard = { .fd = assay_hotplug_get_fd (hotplug), .events = POLLIN };
  for (;;)
    {
      int n = poll (&heard, 1, *changed ? ASSAY_HOTPLUG_QUIET_MS : -1);
      if (assay_progress_stopped (invocation->progress, NULL) || (n < 0 && errno != EINTR))
        return FALSE;
      if (n > 0)
        assay_hotplug_dispatch (hotplug);
      else if (n == 0)
        return TRUE;
    }
}

static void
run_watch (AssayInvocation *invocation, gboolean all, GError **error)
{
  gboolean changed = FALSE;
  g_autoptr (AssayHotplug) hotplug = assay_hotplug_new (note_change, &changed, error);
  if (hotplug == NULL)
    return;
  g_autoptr (GPtrArray) known = assay_source_probe_all (all, NULL);
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  tell_differences (invocation, known, none, TRUE);
  while (wait_for_change (invocation, hotplug, &changed))
    {
      changed = FALSE;
      g_autoptr (GPtrArray) now = assay_source_probe_all (all, NULL);
      tell_differences (invocation, known, now, FALSE);
      tell_differences (invocation, now, known, TRUE);
      g_ptr_array_unref (known);
      known = g_steal_pointer (&now);
    }
}

static int
run (AssayInvocation *invocation, GError **error)
{
  gboolean all = FALSE, watch = FALSE;
  const GOptionEntry entries[] = { { "all", 0, 0, G_OPTION_ARG_NONE, &all, NULL, NULL },
                                   { "watch", 0, 0, G_OPTION_ARG_NONE, &watch, NULL, NULL },
                                   { NULL } };
  if (!assay_invocation_parse (invocation, entries, error) || !assay_invocation_expect (invocation, 0, 0, error))
    return 0;
  if (watch)
    run_watch (invocation, all, error);
  else
    run_once (invocation, all);
  return 0;
}

const AssayCommand assay_command_devices = {
  .id = "devices",
  .form = "devices [--all] [--watch]",
  .help = "lists cameras and microphones, with formats and controls (--json)",
  .more = "An id names the device itself (vendor, product, serial number, or the place where it is plugged in), "
          "never the number\n"
          "that the kernel gave it today, so it holds after a replug and a reboot.\n"
          "A camera whose identity is weak (no serial number, or one that several have) is known by its place: plugged "
          "in elsewhere\n"
          "it is another.\n"
          "--watch tells a line for each device there is, then for each that appears or disappears, until Ctrl+C; with "
          "--json an\n"
          "object {appeared, id, name, kind} each.\n"
          "--all also lists the stand-ins: test patterns (pattern:bars, pattern:tone). A folder of pictures, a "
          "film or a WAV\n"
          "file stands in as replay:PATH.",
  .run = run,
};
