/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session-files.h"

#include "core/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A closed film or sound, or a still; a frame drawn from a film has a line too, and no file of its own. */
static void
add_line (json_t *sensors, const json_t *line)
{
  gint64 stream = -1;
  const json_t *segment = json_object_get (line, "segment");
  if (!assay_json_get_int (line, "stream", &stream) || stream < 0 || json_object_get (line, "range") != NULL
      || (segment == NULL && json_object_get (line, "frame") == NULL))
    return;
  json_t *sensor = json_array_get (sensors, (size_t) stream);
  gint64 n = 0;
  if (sensor == NULL)
    return;
  assay_json_get_int (sensor, "files", &n);
  json_object_set_new (sensor, "files", json_integer (n + 1));
  if (assay_json_get_string (segment, "media") != NULL)
    json_array_append_new (json_object_get (sensor, "segments"), json_deep_copy (segment));
}

/* Of an hour's frames most lines name no file of media/: they are not worth parsing. */
static json_t *
read_index (AssayProject *project, const AssayId *session, size_t n_sensors)
{
  char id[ASSAY_ID_TEXT_SIZE];
  g_autofree char *path
      = g_build_filename (project->directory, "sessions", assay_id_to_text (session, id), "index.jsonl", NULL);
  FILE *file = fopen (path, "re");
  char *text = NULL;
  size_t room = 0;
  ssize_t n;
  if (file == NULL)
    return NULL;
  json_t *sensors = json_array ();
  for (size_t i = 0; i < n_sensors; i++)
    json_array_append_new (sensors, json_pack ("{s:i, s:[]}", "files", 0, "segments"));
  while ((n = getline (&text, &room, file)) > 0)
    {
      if (strstr (text, "\"media\":\"") == NULL)
        continue;
      g_autoptr (json_t) line = assay_json_parse (text, (gsize) n, "a line of the index", NULL);
      if (line != NULL)
        add_line (sensors, line);
    }
  free (text);
  fclose (file);
  return sensors;
}

json_t *
assay_session_list_files (AssayProject *project, const AssayId *session, const json_t *report)
{
  const json_t *told = json_object_get (report, "sensors");
  g_autoptr (json_t) read = NULL;
  gboolean looked = FALSE;
  json_t *all = json_array ();
  size_t i;
  json_t *sensor;
  json_array_foreach (told, i, sensor)
  {
    gint64 n;
    json_t *segments = json_object_get (sensor, "segments");
    if (assay_json_get_int (sensor, "files", &n))
      {
        json_array_append_new (all, json_pack ("{s:I, s:o}", "files", (json_int_t) n, "segments",
                                               segments != NULL ? json_deep_copy (segments) : json_array ()));
        continue;
      }
    if (!looked)
      read = read_index (project, session, json_array_size (told));
    looked = TRUE;
    json_array_append_new (all, read != NULL ? json_incref (json_array_get (read, i)) : json_null ());
  }
  return all;
}
