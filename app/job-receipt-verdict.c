/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said of a recording first of all: that nothing was lost, or what. */
#include "app/job-receipt.h"

#include "core/json.h"

#include <stdarg.h>

const char *
assay_receipt_get_noun (const json_t *sensor, gint64 n)
{
  if (g_strcmp0 (assay_json_get_string (sensor, "kind"), "microphone") != 0)
    return n == 1 ? "frame" : "frames";
  return n == 1 ? "sample" : "samples";
}

const char *
assay_receipt_get_name (const json_t *sensor)
{
  const char *name = assay_json_get_string (sensor, "name"), *key = assay_json_get_string (sensor, "key");
  return name != NULL ? name : key != NULL ? key : "a sensor";
}

/* A phrase begins with a figure or a sensor's name, or is `of_all` and begins with "the recording". */
G_GNUC_PRINTF (3, 4)
static void
add_phrase (GString *words, gboolean of_all, const char *format, ...)
{
  va_list arguments;
  if (of_all)
    g_string_append (words, words->len > 0 ? "; the recording " : "The recording ");
  else if (words->len > 0)
    g_string_append (words, "; ");
  va_start (arguments, format);
  g_string_append_vprintf (words, format, arguments);
  va_end (arguments);
}

static void
add_loss (GString *words, const json_t *sensor, gboolean cut_off)
{
  gint64 lost = 0, corrupt = 0, received = -1;
  assay_json_get_int (sensor, "lost", &lost);
  assay_json_get_int (sensor, "corrupt", &corrupt);
  assay_json_get_int (sensor, "received", &received);
  if (lost > 0)
    add_phrase (words, FALSE, "%" G_GINT64_FORMAT " %s of %s %s lost", lost, assay_receipt_get_noun (sensor, lost),
                assay_receipt_get_name (sensor), lost == 1 ? "was" : "were");
  if (corrupt > 0)
    add_phrase (words, FALSE, "%" G_GINT64_FORMAT " damaged %s of %s %s kept apart", corrupt,
                assay_receipt_get_noun (sensor, corrupt), assay_receipt_get_name (sensor),
                corrupt == 1 ? "was" : "were");
  /* Of one that never gave anything nobody knows what it should have given: nothing is lost by count. */
  if (received == 0)
    add_phrase (words, FALSE, "%s gave nothing", assay_receipt_get_name (sensor));
  else if (!cut_off && assay_json_get_string (sensor, "trouble") != NULL)
    add_phrase (words, FALSE, "%s did not last to the end", assay_receipt_get_name (sensor));
}

/* What became of the recording as a whole: it failed, or somebody else had to end it. */
static void
add_end (GString *words, const json_t *report)
{
  const char *ended = assay_json_get_string (report, "ended");
  const json_t *recovered = json_object_get (report, "recovered"),
               *skipped = json_object_get (recovered, "skipped");
  gint64 bytes = 0, lines = 0;
  if (ended != NULL)
    add_phrase (words, TRUE, "ended by itself: %s", ended);
  if (!json_is_object (recovered))
    return;
  add_phrase (words, TRUE, "%s mended later", ended != NULL ? "was" : "was cut off, and");
  assay_json_get_int (recovered, "lost_bytes", &bytes);
  assay_json_get_int (recovered, "unreadable_lines", &lines);
  if (bytes > 0)
    g_string_append_printf (words, ", %" G_GINT64_FORMAT " %s at the ends not whole", bytes,
                            bytes == 1 ? "byte" : "bytes");
  if (lines > 0)
    g_string_append_printf (words, ", %" G_GINT64_FORMAT " %s of the index not readable", lines,
                            lines == 1 ? "line" : "lines");
  if (json_array_size (skipped) > 0)
    g_string_append_printf (words, ", %zu not recovered, the first: %s", json_array_size (skipped),
                            json_string_value (json_array_get (skipped, 0)));
}

char *
assay_receipt_dup_verdict (const json_t *report, gboolean *ret_clean, gboolean *ret_counted)
{
  g_autoptr (GString) words = g_string_new (NULL);
  /* Then every sensor was cut off alike. */
  gboolean cut_off
      = json_is_object (json_object_get (report, "recovered")) && assay_json_get_string (report, "ended") == NULL;
  gint64 n, accepted, prompts;
  size_t i;
  json_t *sensor;
  *ret_counted = FALSE;
  json_array_foreach (json_object_get (report, "sensors"), i, sensor)
  {
    *ret_counted |= assay_json_get_int (sensor, "lost", &n);
    add_loss (words, sensor, cut_off);
  }
  add_end (words, report);
  *ret_clean = *ret_counted && words->len == 0;
  if (words->len > 0)
    return g_strdup (words->str);
  if (*ret_counted)
    return g_strdup ("Nothing was lost");
  if (assay_json_get_int (report, "accepted", &accepted) && assay_json_get_int (report, "prompts", &prompts))
    return g_strdup_printf ("%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " sentences were kept", accepted, prompts);
  return g_strdup ("Nobody counted what was lost");
}
