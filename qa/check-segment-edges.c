/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A segment that has words where nobody speaks: it lies in silence, or reaches far into that before the first word
 * or after the last. */
#include "qa/check.h"
#include "core/json.h"
#include "core/transcript.h"

extern const AssayCheck assay_check_segment_edges;

#define LONG_S 0.5

static const char *const kinds[] = { "transcript", NULL };

static void
judge (const AssayLook *look, guint answer, const AssayObject *object, gint64 first, gint64 last,
       GPtrArray *findings)
{
  const AssayLabel *label = look->labels->pdata[answer];
  const AssayAnnotator *annotator = look->annotators->pdata[answer];
  const AssaySegment *segment = object->value;
  gint64 limit = (gint64) (LONG_S * look->item->rate_hz), before = MIN (first, segment->end) - segment->start,
         after = segment->end - MAX (last, segment->start), most = MAX (before, after);
  if (segment->text[0] == '\0' || most <= limit)
    return;
  gboolean is_before = before >= after, outside = segment->end <= first || segment->start >= last;
  double seconds = (double) most / look->item->rate_hz;
  g_autofree char *id = assay_id_dup_text (&object->id), *place = g_strdup_printf ("edge of %s", id);
  char *why = outside ? g_strdup_printf ("%s wrote “%s” where nobody speaks", annotator->name, segment->text)
                      : g_strdup_printf ("%s's segment %s %.1f s of silence: its edge is not where the words are",
                                         annotator->name, is_before ? "begins with" : "ends with", seconds);
  json_t *where = is_before ? assay_where_samples (segment->start, segment->start + most)
                            : assay_where_samples (segment->end - most, segment->end);
  g_ptr_array_add (findings, assay_look_flag (look, &assay_check_segment_edges, ASSAY_SEVERITY_WARNING,
                                              outside ? 1 : seconds / (seconds + 1), &label, 1, place, where, why));
}

static void
look_at (gpointer state, const AssayLook *look, GPtrArray *findings)
{
  const json_t *speech = json_object_get (look->facts, "speech");
  gint64 first = json_integer_value (json_array_get (speech, 0)),
         last = json_integer_value (json_array_get (speech, 1));
  if (last <= first || look->item->rate_hz == 0)
    return;
  for (guint i = 0; i < look->labels->len; i++)
    {
      const AssayLabel *label = look->labels->pdata[i];
      for (guint o = 0; o < label->objects->list->len; o++)
        judge (look, i, label->objects->list->pdata[o], first, last, findings);
    }
}

const AssayCheck assay_check_segment_edges = {
  .id = "segment-edges",
  .title = "Segment in silence",
  .help = "a segment with words that lies in silence, or begins or ends with more than half a second of it beyond "
          "the first or last "
          "word of the recording",
  .version = 1,
  .scope = ASSAY_SCOPE_OBJECT,
  .beside = ASSAY_BESIDE_FACTS,
  .kinds = kinds,
  .look = look_at,
};
