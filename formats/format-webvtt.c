/* SPDX-License-Identifier: GPL-3.0-or-later */
/* formats/format-webvtt.c - WebVTT (https://www.w3.org/TR/webvtt1/): SPLIT/NAME.wav with its NAME.vtt beside it.
 *
 * Times are milliseconds: a cue's start is rounded down and its end up, so that it never ends before it begins and
 * loses nothing that was said; one that would then begin before the last one ended, though the segments do not
 * overlap, begins where that ended. */
#include "formats/export.h"

#include "core/json.h"
#include "core/kind.h"
#include "core/sound-gap.h"
#include "core/transcript.h"

#include <string.h>

static void
append_time (GString *text, gint64 ms)
{
  g_string_append_printf (text, "%02" G_GINT64_FORMAT ":%02d:%02d.%03d", ms / 3600000, (int) (ms / 60000 % 60),
                          (int) (ms / 1000 % 60), (int) (ms % 1000));
}

/* Cue text holds no "<", "&" or "-->", and no empty line: that would end the cue. */
static void
append_escaped (GString *text, const char *said, gboolean in_tag)
{
  gboolean line_is_empty = TRUE;
  for (const char *c = said; *c != '\0'; c++)
    {
      if (*c == '&')
        g_string_append (text, "&amp;");
      else if (*c == '<')
        g_string_append (text, "&lt;");
      else if (*c == '>')
        g_string_append (text, "&gt;");
      else if (*c == '\n' || *c == '\r')
        g_string_append_c (text, in_tag || line_is_empty ? ' ' : '\n');
      else
        g_string_append_c (text, *c);
      line_is_empty = *c == '\n' || *c == '\r';
    }
}

/* From a place in the media to one in the sound beside the cues: that may be a range of it, and has silence where samples
 * were lost. */
static gint64
to_place (const AssayItem *item, const GArray *gaps, gint64 sample, gboolean is_end)
{
  gint64 from = item->range == ASSAY_RANGE_SAMPLES ? item->start : 0;
  return sample - from + assay_sound_gaps_before (gaps, sample, !is_end) - assay_sound_gaps_before (gaps, from, TRUE);
}

/* Samples to milliseconds without a detour over floating point. */
static gint64
to_ms (gint64 samples, guint rate_hz, gboolean up)
{
  gint64 whole = samples / rate_hz, rest = samples % rate_hz;
  return whole * 1000 + (rest * 1000 + (up ? rate_hz - 1 : 0)) / rate_hz;
}

static void
append_cue (GString *text, const AssaySegment *segment, const AssayItem *item, const GArray *gaps,
            const AssaySegment *before, gint64 *last_end_ms)
{
  gint64 start_ms = to_ms (to_place (item, gaps, segment->start, FALSE), item->rate_hz, FALSE),
         end_ms = to_ms (to_place (item, gaps, segment->end, TRUE), item->rate_hz, TRUE);
  if (before != NULL && segment->start >= before->end)
    start_ms = MAX (start_ms, *last_end_ms);
  end_ms = MAX (end_ms, start_ms + 1);
  g_string_append_c (text, '\n');
  append_time (text, start_ms);
  g_string_append (text, " --> ");
  append_time (text, end_ms);
  g_string_append_c (text, '\n');
  if (segment->speaker != NULL && *segment->speaker != '\0')
    {
      g_string_append (text, "<v ");
      append_escaped (text, segment->speaker, TRUE);
      g_string_append_c (text, '>');
    }
  append_escaped (text, segment->text, FALSE);
  g_string_append_c (text, '\n');
  *last_end_ms = end_ms;
}

static char *
to_webvtt (AssayExport *export, const AssayItem *item, const AssayObjects *objects)
{
  GString *text = g_string_new ("WEBVTT\n");
  g_autoptr (GArray) gaps = assay_sound_gaps_of (item->facts);
  const AssaySegment *before = NULL;
  gint64 last_end_ms = 0;
  for (guint i = 0; objects != NULL && i < objects->list->len; i++)
    {
      const AssayObject *object = objects->list->pdata[i];
      const AssaySegment *segment = object->value;
      assay_export_lossy (export, "segments where nothing is said", *segment->text == '\0');
      assay_export_lossy (export, "marks that a segment is unclear", segment->unclear);
      assay_export_lossy (export, "classes of segments", !assay_id_is_nil (&object->class_id));
      assay_export_lossy (export, "attributes of segments", json_object_size (object->attributes) > 0);
      if (*segment->text == '\0')
        continue;
      append_cue (text, segment, item, gaps, before, &last_end_ms);
      before = segment;
    }
  return g_string_free (text, FALSE);
}

static gboolean
write_row (AssayExport *export, const AssayRow *row, gpointer data, GError **error)
{
  const GPtrArray *tasks = assay_export_get_tasks (export);
  const char *split = assay_split_to_text (row->split);
  for (guint t = 0; t < tasks->len; t++)
    {
      const AssayTruth *truth = assay_export_truth (export, row, t);
      g_autofree char *sound = NULL;
      if (truth == NULL)
        continue;
      if (!assay_export_media (export, row->item, split, &sound, error))
        return FALSE;
      if (truth->objects == NULL)
        continue;
      g_autofree char *stem = g_strndup (sound, (gsize) (strrchr (sound, '.') - sound));
      g_autofree char *wanted = tasks->len == 1
                                    ? g_strconcat (stem, ".vtt", NULL)
                                    : g_strdup_printf ("%s.%s.vtt", stem, ((AssayTask *) tasks->pdata[t])->name);
      g_autofree char *path = assay_export_claim (export, split, wanted, &row->item->id);
      g_autofree char *text = to_webvtt (export, row->item, truth->objects);
      if (!assay_export_put (export, path, text, strlen (text), error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_all (AssayExport *export, GError **error)
{
  return assay_export_each (export, write_row, NULL, error);
}

static const char *const kinds[] = { "transcript", NULL };

const AssayFormat assay_format_webvtt = {
  .id = "webvtt",
  .title = "WebVTT subtitles, beside each sound",
  .kinds = kinds,
  .loses = "times below a millisecond, segments where nothing is said, marks that a segment is unclear, classes",
  .write = write_all,
};
