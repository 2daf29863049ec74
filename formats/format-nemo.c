/* SPDX-License-Identifier: GPL-3.0-or-later */
/* formats/format-nemo.c - NeMo manifests: manifest_SPLIT.json, one JSON object a line, and audio/.
 *
 * One sound file a segment, cut at its samples, and no `offset`: where a manifest has one, tools mistake `duration`
 * for the file's. `duration` is samples through rate. A segment that is all of its file is that file, copied. */
#include "formats/export.h"

#include "core/json.h"
#include "core/kind.h"
#include "core/sound-gap.h"
#include "core/transcript.h"

#include <string.h>

#define N_SPLITS 3

typedef struct
{
  AssayExport *export;
  AssayExportFile *manifests[N_SPLITS];
} Writer;

static void
writer_clear (Writer *writer)
{
  for (guint s = 0; s < N_SPLITS; s++)
    assay_export_file_free (writer->manifests[s]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Writer, writer_clear)

/* Positions of an item that is a range are of its media, like those of the whole. */
static gboolean
is_whole (const AssayItem *item, const AssaySegment *segment)
{
  return item->range == ASSAY_RANGE_WHOLE && segment->start == 0 && segment->end == item->n_samples;
}

static char *
write_sound (Writer *writer, const AssayItem *item, const AssaySegment *segment, GError **error)
{
  if (is_whole (item, segment))
    {
      char *path = NULL;
      return assay_export_media (writer->export, item, "audio", &path, error)
                 ? g_build_filename ("audio", path, NULL)
                 : NULL;
    }
  g_autofree char *stem = assay_export_stem (item);
  g_autofree char *wanted = g_strdup_printf ("%s_%010" G_GINT64_FORMAT "-%010" G_GINT64_FORMAT ".wav", stem,
                                             segment->start, segment->end);
  g_autofree char *path = assay_export_claim (writer->export, "audio", wanted, &item->id);
  return assay_export_sound_range (writer->export, item, segment->start, segment->end, path, error)
             ? g_steal_pointer (&path)
             : NULL;
}

static gboolean
write_segment (Writer *writer, AssaySplit split, const AssayItem *item, const AssayObject *object, GError **error)
{
  const AssaySegment *segment = object->value;
  assay_export_lossy (writer->export, "segments where nothing is said", *segment->text == '\0');
  assay_export_lossy (writer->export, "marks that a segment is unclear", segment->unclear);
  assay_export_lossy (writer->export, "classes of segments", !assay_id_is_nil (&object->class_id));
  assay_export_lossy (writer->export, "attributes of segments", json_object_size (object->attributes) > 0);
  if (*segment->text == '\0')
    return TRUE;
  g_autofree char *path = write_sound (writer, item, segment, error);
  if (path == NULL)
    return FALSE;
  g_autoptr (GArray) gaps = assay_sound_gaps_of (item->facts);
  gint64 n_samples = segment->end - segment->start + assay_sound_gaps_within (gaps, segment->start, segment->end);
  g_autofree char *name = g_strdup_printf ("manifest_%s.json", assay_split_to_text (split));
  if (writer->manifests[split] == NULL
      && (writer->manifests[split] = assay_export_open (writer->export, name, error)) == NULL)
    return FALSE;
  g_autoptr (json_t) line
      = json_pack ("{s:s, s:f, s:s}", "audio_filepath", path, "duration",
                   (double) n_samples / item->rate_hz, "text", segment->text);
  if (segment->speaker != NULL)
    json_object_set_new (line, "speaker", json_string (segment->speaker));
  g_autofree char *text = assay_json_canonical (line);
  assay_export_file_add (writer->manifests[split], text, -1);
  assay_export_file_add (writer->manifests[split], "\n", -1);
  return TRUE;
}

static gboolean
write_row (AssayExport *export, const AssayRow *row, gpointer data, GError **error)
{
  Writer *writer = data;
  const GPtrArray *tasks = assay_export_get_tasks (export);
  for (guint t = 0; t < tasks->len; t++)
    {
      const AssayTruth *truth = assay_export_truth (export, row, t);
      g_autofree char *path = NULL;
      if (truth != NULL && truth->objects == NULL
          && !assay_export_media (export, row->item, "undecided", &path, error))
        return FALSE;
      for (guint i = 0; truth != NULL && truth->objects != NULL && i < truth->objects->list->len; i++)
        if (!write_segment (writer, row->split, row->item, truth->objects->list->pdata[i], error))
          return FALSE;
    }
  return TRUE;
}

static gboolean
write_all (AssayExport *export, GError **error)
{
  g_auto (Writer) writer = { .export = export };
  if (!assay_export_each (export, write_row, &writer, error))
    return FALSE;
  for (guint s = 0; s < N_SPLITS; s++)
    if (writer.manifests[s] != NULL && !assay_export_file_close (g_steal_pointer (&writer.manifests[s]), error))
      return FALSE;
  return TRUE;
}

static const char *const kinds[] = { "transcript", NULL };

const AssayFormat assay_format_nemo = {
  .id = "nemo",
  .title = "NeMo manifest: one sound file a segment",
  .kinds = kinds,
  .loses
  = "where a segment lay in its recording, segments where nothing is said, marks that one is unclear, classes",
  .write = write_all,
};
