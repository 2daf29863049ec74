/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of a receipt: what its document tells, for people. */
#include "app/job-receipt.h"

#include "core/json.h"

#include <math.h>
#include <string.h>

#define UNKNOWN "–"
#define HOLES_MOST 200

static void
row_free (gpointer data)
{
  AssayReceiptRow *row = data;
  g_strfreev (row->values);
  g_free (row);
}

void
assay_receipt_free (AssayReceipt *receipt)
{
  if (receipt == NULL)
    return;
  json_decref (receipt->document);
  g_free (receipt->title);
  g_free (receipt->verdict);
  g_ptr_array_unref (receipt->form);
  g_strfreev (receipt->sensors);
  g_ptr_array_unref (receipt->rows);
  g_ptr_array_unref (receipt->holes);
  g_ptr_array_unref (receipt->notes);
  g_free (receipt);
}

/* --- words --- */

static char *
dup_count (gint64 n)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT, n);
}

static gboolean
is_camera (const json_t *sensor)
{
  return g_strcmp0 (assay_json_get_string (sensor, "kind"), "microphone") != 0;
}

/* "00:03.210" from the beginning of the recording; what was heard before it has a minus. */
static char *
dup_time (double seconds)
{
  double thousandths = round (fabs (seconds) * 1000); /* as they are shown: never "00:60.000" */
  double whole = floor (thousandths / 60000);
  return g_strdup_printf ("%s%02.0f:%06.3f", seconds < 0 && thousandths > 0 ? "-" : "", whole,
                          (thousandths - 60000 * whole) / 1000);
}

/* --- figures of one sensor --- */

static char *
make_count (const json_t *sensor, const char *key)
{
  gint64 n;
  return assay_json_get_int (sensor, key, &n) ? dup_count (n) : g_strdup (UNKNOWN);
}

static char *
make_expected (const json_t *sensor)
{
  return make_count (sensor, "expected");
}

static char *
make_received (const json_t *sensor)
{
  return make_count (sensor, "received");
}

static char *
make_written (const json_t *sensor)
{
  return make_count (sensor, "written");
}

static char *
make_corrupt (const json_t *sensor)
{
  return make_count (sensor, "corrupt");
}

static char *
make_late (const json_t *sensor)
{
  return make_count (sensor, "late");
}

static char *
make_lost (const json_t *sensor)
{
  return make_count (sensor, "lost");
}

static char *
make_rate (const json_t *sensor)
{
  double measured, asked;
  if (!assay_json_get_double (sensor, "measured_fps", &measured))
    return g_strdup (UNKNOWN);
  if (assay_json_get_double (sensor, "fps", &asked) && asked > 0)
    return g_strdup_printf ("%.2f of %.4g fps", measured, asked);
  return g_strdup_printf ("%.2f fps", measured);
}

static char *
make_files (const json_t *sensor)
{
  return make_count (sensor, "files");
}

static char *
make_size (const json_t *sensor)
{
  gint64 bytes;
  return assay_json_get_int (sensor, "bytes", &bytes) ? g_format_size ((guint64) bytes) : g_strdup (UNKNOWN);
}

static char *
make_items (const json_t *sensor)
{
  return make_count (sensor, "items");
}

static char *
make_calibration (const json_t *sensor)
{
  double px;
  if (!is_camera (sensor))
    return g_strdup (UNKNOWN);
  if (assay_json_get_double (sensor, "drift_px", &px))
    return g_strdup_printf ("checked: %.2f px off", px);
  if (!json_is_null (json_object_get (sensor, "calibration")))
    return g_strdup ("yes");
  const char *why = assay_json_get_string (sensor, "uncalibrated");
  return why != NULL ? g_strdup_printf ("no: %s", why) : g_strdup ("no");
}

/* By the clap or the flash of `assay align`. */
static char *
make_offset (const json_t *sensor)
{
  double offset_ns, doubt_ns;
  if (!assay_json_get_double (sensor, "offset_ns", &offset_ns)
      || !assay_json_get_double (sensor, "doubt_ns", &doubt_ns))
    return g_strdup (UNKNOWN);
  return g_strdup_printf ("%+.2f ms (within %.2f)", offset_ns / 1e6, doubt_ns / 1e6);
}

static const struct
{
  const char *name;
  char *(*make) (const json_t *sensor);
  const char *loss; /* the key that must be 0; NULL: it says nothing about loss */
} figures[] = {
  { "expected", make_expected, NULL }, { "received", make_received, NULL },
  { "written", make_written, NULL },   { "damaged", make_corrupt, "corrupt" },
  { "late", make_late, NULL },         { "lost", make_lost, "lost" },
  { "rate", make_rate, NULL },         { "files", make_files, NULL },
  { "size", make_size, NULL },         { "items", make_items, NULL },
  { "offset", make_offset, NULL },     { "calibrated", make_calibration, NULL },
};

static void
add_rows (AssayReceipt *receipt, const json_t *sensors)
{
  for (guint i = 0; i < G_N_ELEMENTS (figures); i++)
    {
      AssayReceiptRow *row = g_new0 (AssayReceiptRow, 1);
      row->name = figures[i].name;
      row->values = g_new0 (char *, json_array_size (sensors) + 1);
      size_t j;
      json_t *sensor;
      json_array_foreach (sensors, j, sensor)
      {
        gint64 n = 0;
        row->values[j] = figures[i].make (sensor);
        row->matters |= figures[i].loss != NULL && assay_json_get_int (sensor, figures[i].loss, &n) && n > 0;
      }
      g_ptr_array_add (receipt->rows, row);
    }
}

/* --- where --- */

static const char *
explain (const char *how)
{
  static const char *const words[][2] = {
    { "sequence", "by the device's own count" }, { "stamp", "a hole in time" },
    { "flag", "the sound driver said so" },      { "overrun", "they came, and this machine had no room" },
    { "unplugged", "the device was away" },
  };
  for (guint i = 0; how != NULL && i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (how, words[i][0]))
      return words[i][1];
  return how != NULL ? how : "unknown";
}

typedef struct
{
  gint64 at_ns;
  char *words;
} Hole;

static int
earlier (gconstpointer a, gconstpointer b)
{
  gint64 x = ((const Hole *) a)->at_ns, y = ((const Hole *) b)->at_ns;
  return (x > y) - (x < y);
}

static void
add_holes (AssayReceipt *receipt, const json_t *sensors, gint64 began_ns)
{
  g_autoptr (GArray) holes = g_array_new (FALSE, FALSE, sizeof (Hole));
  size_t i, j;
  json_t *sensor, *gap;
  json_array_foreach (sensors, i, sensor) json_array_foreach (json_object_get (sensor, "gaps"), j, gap)
  {
    Hole hole = { 0 };
    gint64 missing = 0;
    assay_json_get_int (gap, "at_ns", &hole.at_ns);
    assay_json_get_int (gap, "missing", &missing);
    g_autofree char *time = dup_time ((double) (hole.at_ns - began_ns) / 1e9);
    hole.words = g_strdup_printf ("%s  %s: %" G_GINT64_FORMAT " %s, %s", time, receipt->sensors[i], missing,
                                  assay_receipt_get_noun (sensor, missing), explain (assay_json_get_string (gap, "how")));
    g_array_append_val (holes, hole);
  }
  g_array_sort (holes, earlier);
  for (guint k = 0; k < holes->len; k++)
    if (k < HOLES_MOST)
      g_ptr_array_add (receipt->holes, g_array_index (holes, Hole, k).words);
    else
      g_free (g_array_index (holes, Hole, k).words);
  if (holes->len > HOLES_MOST)
    g_ptr_array_add (receipt->holes, g_strdup_printf ("and %u more places; all are in the session's report.json",
                                                      holes->len - HOLES_MOST));
}

/* --- what was said of it --- */

static void
add_word (GPtrArray *form, const char *name, const char *value)
{
  if (value != NULL && *value != '\0')
    g_ptr_array_add (form, g_strdup_printf ("%s: %s", name, value));
}

static char *
dup_planned (const json_t *planned)
{
  double seconds;
  gint64 stills;
  if (assay_json_get_int (planned, "stills", &stills))
    return g_strdup_printf ("%" G_GINT64_FORMAT " stills of each camera", stills);
  return assay_json_get_double (planned, "seconds", &seconds) ? dup_time (seconds) : NULL;
}

static void
add_form (AssayReceipt *receipt)
{
  const json_t *document = receipt->document;
  const char *name;
  size_t i;
  json_t *value;
  add_word (receipt->form, "Subject", assay_json_get_string (document, "subject"));
  json_object_foreach (json_object_get (document, "conditions"), name, value)
      add_word (receipt->form, name, json_string_value (value));
  add_word (receipt->form, "Consent", assay_json_get_string (document, "consent"));
  add_word (receipt->form, "Operator", assay_json_get_string (document, "operator"));
  g_autofree char *planned = dup_planned (json_object_get (document, "planned"));
  add_word (receipt->form, "Planned", planned);
  json_array_foreach (json_object_get (document, "checklist"), i, value)
      add_word (receipt->form, "Ticked", json_string_value (value));
  json_array_foreach (json_object_get (document, "notes"), i, value)
      add_word (receipt->form, "Note", json_string_value (value));
}

static void
add_notes (AssayReceipt *receipt, const json_t *report)
{
  size_t i;
  json_t *one;
  json_array_foreach (json_object_get (report, "sensors"), i, one)
  {
    const char *trouble = assay_json_get_string (one, "trouble");
    if (trouble != NULL)
      g_ptr_array_add (receipt->notes, g_strdup_printf ("%s: %s", receipt->sensors[i], trouble));
  }
  json_array_foreach (json_object_get (report, "skew"), i, one)
  {
    gint64 camera = 0, pairs = 0;
    double median = NAN, p95 = NAN;
    assay_json_get_int (one, "camera", &camera);
    assay_json_get_int (one, "pairs", &pairs);
    assay_json_get_double (one, "median_ns", &median);
    assay_json_get_double (one, "p95_ns", &p95);
    if (pairs > 0 && camera > 0 && (guint) camera < g_strv_length (receipt->sensors))
      g_ptr_array_add (receipt->notes,
                       g_strdup_printf ("%s and %s: %" G_GINT64_FORMAT
                                        " pairs of frames, %.1f ms apart (median), 95 %% within %.1f ms",
                                        receipt->sensors[0], receipt->sensors[camera], pairs, median / 1e6,
                                        p95 / 1e6));
  }
  json_array_foreach (json_object_get (report, "remarks"), i, one) if (json_is_string (one))
      g_ptr_array_add (receipt->notes, g_strdup (json_string_value (one)));
  if (json_is_object (json_object_get (report, "recovered")))
    g_ptr_array_add (receipt->notes, g_strdup ("The recording was cut off, and mended later"));
}

/* "mug, low light · 2026-11-21 16:04 · 01:02.500 · 3 files, 41.2 MB" */
static char *
dup_title (const json_t *document)
{
  const char *name = assay_json_get_string (document, "name");
  gint64 began_ns, files, bytes;
  double seconds;
  GString *words = g_string_new (name != NULL ? name : "a recording");
  if (assay_json_get_int (document, "began_ns", &began_ns))
    {
      g_autoptr (GDateTime) began = g_date_time_new_from_unix_local (began_ns / G_GINT64_CONSTANT (1000000000));
      g_autofree char *date = began != NULL ? g_date_time_format (began, "%Y-%m-%d %H:%M") : g_strdup (UNKNOWN);
      if (name == NULL
          || strncmp (name, date, strlen ("2026-11-21")) != 0) /* nobody named it: it is called by its date */
        g_string_append_printf (words, " · %s", date);
    }
  if (assay_json_get_double (document, "seconds", &seconds))
    {
      g_autofree char *time = dup_time (seconds);
      g_string_append_printf (words, " · %s", time);
    }
  if (assay_json_get_int (document, "files", &files))
    g_string_append_printf (words, " · %" G_GINT64_FORMAT " %s", files, files == 1 ? "file" : "files");
  if (assay_json_get_int (document, "bytes", &bytes))
    {
      g_autofree char *size = g_format_size ((guint64) bytes);
      g_string_append_printf (words, ", %s", size);
    }
  return g_string_free (words, FALSE);
}

void
assay_receipt_add_words (AssayReceipt *receipt)
{
  json_t *document = receipt->document;
  const json_t *sensors = json_object_get (document, "sensors");
  gint64 began_ns = 0;
  gboolean counted;
  size_t i;
  json_t *sensor;
  receipt->sensors = g_new0 (char *, json_array_size (sensors) + 1);
  receipt->form = g_ptr_array_new_with_free_func (g_free);
  receipt->rows = g_ptr_array_new_with_free_func (row_free);
  receipt->holes = g_ptr_array_new_with_free_func (g_free);
  receipt->notes = g_ptr_array_new_with_free_func (g_free);
  json_array_foreach (sensors, i, sensor) receipt->sensors[i] = g_strdup (assay_receipt_get_name (sensor));
  assay_json_get_int (document, "began_monotonic_ns", &began_ns);
  receipt->title = dup_title (document);
  receipt->verdict = assay_receipt_dup_verdict (document, &receipt->clean, &counted);
  json_object_set_new (document, "verdict", json_string (receipt->verdict));
  json_object_set_new (document, "clean", counted ? json_boolean (receipt->clean) : json_null ());
  add_form (receipt);
  add_rows (receipt, sensors);
  add_holes (receipt, sensors, began_ns);
  add_notes (receipt, document);
}

/* --- as text --- */

static void
append_list (GString *text, const char *heading, const GPtrArray *lines)
{
  if (lines->len == 0)
    return;
  g_string_append_printf (text, "\n%s\n", heading);
  for (guint i = 0; i < lines->len; i++)
    g_string_append_printf (text, "  %s\n", (const char *) lines->pdata[i]);
}

char *
assay_receipt_dup_text (const AssayReceipt *receipt)
{
  GString *text = g_string_new (NULL);
  g_string_append_printf (text, "%s\n%s\n", receipt->verdict, receipt->title);
  append_list (text, "Said of it", receipt->form);
  for (guint i = 0; receipt->sensors[i] != NULL; i++)
    {
      g_string_append_printf (text, "\n%s\n", receipt->sensors[i]);
      for (guint j = 0; j < receipt->rows->len; j++)
        {
          const AssayReceiptRow *row = receipt->rows->pdata[j];
          g_string_append_printf (text, "  %-11s %s\n", row->name, row->values[i]);
        }
    }
  append_list (text, "Where", receipt->holes);
  append_list (text, "Also", receipt->notes);
  return g_string_free (text, FALSE);
}
