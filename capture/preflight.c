/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/preflight.h"

#include "core/clock.h"
#include "core/colour.h"
#include "core/json.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

#define SPACE_FACTOR 1.3      /* for takes that are repeated */
#define COMFORT_S (10 * 60.0) /* with less time left, it is said */
#define DISK_FACTOR 2.0       /* a disk should take this much more than the sensors give */
#define BLOCK ((gsize) 4 << 20)
#define QUIET 0.001 /* -60 dBFS */
#define LOUD 0.98

const char *
assay_preflight_verdict_to_text (AssayPreflightVerdict verdict)
{
  static const char *const texts[] = { "good", "doubtful", "stop" };
  return texts[verdict];
}

static void
line_free (gpointer data)
{
  AssayPreflightLine *line = data;
  g_free (line->why);
  g_free (line->remedy);
  g_free (line);
}

static void
tell (GPtrArray *lines, const char *what, AssayPreflightVerdict verdict, char *take_why, const char *remedy)
{
  AssayPreflightLine *line = g_new0 (AssayPreflightLine, 1);
  *line = (AssayPreflightLine){ what, verdict, take_why, g_strdup (remedy) };
  g_ptr_array_add (lines, line);
}

double
assay_preflight_estimate_rate (const AssayStreamFormat *format)
{
  if (format->pixels.fourcc == 0)
    return 3.0 * format->rate_hz * format->channels;
  double fps = format->fps > 0 ? format->fps : ASSAY_PREFLIGHT_FPS;
  double pixels = (double) format->pixels.width_px * format->pixels.height_px;
  gboolean raw = !assay_colour_is_jpeg (format->pixels.fourcc) && format->pixels.bytes_per_line > 0;
  return fps * (raw ? (double) format->max_bytes : 0.12 * 2 * pixels);
}

static double
sum_rates (const AssayPreflightRequest *request)
{
  double sum = 0;
  for (guint i = 0; i < request->n_sensors; i++)
    sum += request->sensors[i].bytes_per_s;
  return sum;
}

/* What the plan asks for; 0 = nobody said. */
static double
sum_plan (const AssayPreflightRequest *request)
{
  double sum = sum_rates (request) * request->planned_s;
  for (guint i = 0; i < request->n_sensors; i++)
    sum += request->sensors[i].still_bytes * (double) request->planned_stills;
  return sum;
}

static char *
format_time (double seconds)
{
  if (seconds >= 2 * 3600)
    return g_strdup_printf ("%.0f h", floor (seconds / 3600));
  return seconds >= 120 ? g_strdup_printf ("%.0f min", floor (seconds / 60))
                        : g_strdup_printf ("%.0f s", floor (seconds));
}

static char *
format_plan (double planned)
{
  if (planned <= 0)
    return g_strdup ("");
  g_autofree char *one = g_format_size ((guint64) MIN (planned, 1e18)),
                  *more = g_format_size ((guint64) MIN (SPACE_FACTOR * planned, 1e18));
  return g_strdup_printf ("; the plan takes %s, and %s if some is repeated", one, more);
}

static void
look_at_space (const AssayPreflightRequest *request, GPtrArray *lines)
{
  struct statvfs about;
  if (statvfs (request->directory, &about) != 0)
    {
      tell (lines, "space", ASSAY_PREFLIGHT_STOP,
            g_strdup_printf ("the project's disk does not answer: %s", g_strerror (errno)),
            "see that it is connected");
      return;
    }
  double free_bytes = (double) about.f_bavail * (double) about.f_frsize, rate = sum_rates (request);
  double planned = sum_plan (request), wanted = SPACE_FACTOR * planned;
  double left_s = rate > 0 ? free_bytes / rate : INFINITY;
  g_autofree char *size = g_format_size ((guint64) free_bytes), *time = rate > 0 ? format_time (left_s) : NULL;
  g_autofree char *plan = format_plan (planned);
  char *have = g_strdup_printf ("%s free%s%s%s", size, time != NULL ? ", " : "", time != NULL ? time : "", plan);
  if (wanted > free_bytes)
    tell (lines, "space", ASSAY_PREFLIGHT_STOP, have, "free space on the project's disk, or record less");
  else if (left_s < COMFORT_S)
    tell (lines, "space", ASSAY_PREFLIGHT_DOUBTFUL, have, "free space on the project's disk");
  else
    tell (lines, "space", ASSAY_PREFLIGHT_GOOD, have, NULL);
}

/* Writes for `seconds`, synced every 4 MB as a recorder would once a second. Returns bytes a second; 0 = it failed.
 */
static double
time_disk (const char *directory, double seconds, AssayProgress *progress, int *ret_errno)
{
  g_autofree char *path = g_build_filename (directory, ".preflight-XXXXXX", NULL);
  g_autofree guint8 *block = g_malloc (BLOCK);
  int fd = g_mkstemp_full (path, O_RDWR | O_CLOEXEC, 0600);
  *ret_errno = errno;
  if (fd < 0)
    return 0;
  unlink (path);
  for (gsize i = 0; i < BLOCK; i++)
    block[i] = (guint8) (i * 2654435761u >> 13); /* nothing that a file system makes smaller */
  gint64 began = assay_clock_now_ns (), now = began;
  double written = 0;
  *ret_errno = 0;
  while ((double) (now - began) < seconds * 1e9 && *ret_errno == 0 && !assay_progress_stopped (progress, NULL))
    {
      ssize_t n = write (fd, block, BLOCK);
      if (n < 0 || fdatasync (fd) != 0)
        *ret_errno = errno;
      else
        written += (double) n;
      now = assay_clock_now_ns ();
    }
  close (fd);
  return *ret_errno == 0 && now > began ? written / ((double) (now - began) / 1e9) : 0;
}

static void
look_at_disk (const AssayPreflightRequest *request, AssayProgress *progress, GPtrArray *lines)
{
  int wrong = 0;
  double needed = sum_rates (request),
         rate = time_disk (request->directory, request->disk_test_s, progress, &wrong);
  if (assay_progress_stopped (progress, NULL))
    return;
  if (wrong != 0)
    {
      tell (lines, "disk", ASSAY_PREFLIGHT_STOP,
            g_strdup_printf ("the project's disk cannot be written: %s", g_strerror (wrong)),
            "free space, or see that it is connected and not write-protected");
      return;
    }
  AssayPreflightVerdict verdict = rate < needed                 ? ASSAY_PREFLIGHT_STOP
                                  : rate < DISK_FACTOR * needed ? ASSAY_PREFLIGHT_DOUBTFUL
                                                                : ASSAY_PREFLIGHT_GOOD;
  tell (lines, "disk", verdict,
        g_strdup_printf ("the disk takes %.0f MB/s, the sensors give %.0f", rate / 1e6, needed / 1e6),
        verdict == ASSAY_PREFLIGHT_GOOD ? NULL : "choose a faster disk, MJPG, a smaller size or a lower rate");
}

static void
look_at_usb (const AssayPreflightRequest *request, GPtrArray *lines)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < request->n_sensors; i++)
    {
      const AssayPreflightSensor *first = &request->sensors[i];
      if (first->controller == NULL || first->bus_bytes_per_s <= 0
          || !g_hash_table_add (seen, (gpointer) first->controller))
        continue;
      double sum = 0;
      guint n = 0;
      for (guint j = i; j < request->n_sensors; j++)
        if (g_strcmp0 (request->sensors[j].controller, first->controller) == 0)
          {
            sum += request->sensors[j].bytes_per_s;
            n++;
          }
      AssayPreflightVerdict verdict = sum > first->bus_bytes_per_s         ? ASSAY_PREFLIGHT_STOP
                                      : sum > 0.8 * first->bus_bytes_per_s ? ASSAY_PREFLIGHT_DOUBTFUL
                                                                           : ASSAY_PREFLIGHT_GOOD;
      tell (lines, "usb", verdict,
            g_strdup_printf ("%u sensors at %s give %.0f of %.0f MB/s", n, first->controller, sum / 1e6,
                             first->bus_bytes_per_s / 1e6),
            verdict == ASSAY_PREFLIGHT_GOOD
                ? NULL
                : "plug one into another controller, or choose MJPG, a smaller size or rate");
    }
}

static void
look_at_clock (GPtrArray *lines)
{
  struct timex about = { 0 };
  gboolean steady = adjtimex (&about) != TIME_ERROR && (about.status & STA_UNSYNC) == 0;
  if (steady)
    tell (lines, "clock", ASSAY_PREFLIGHT_GOOD, g_strdup ("the computer's clock is synchronised"), NULL);
  else
    tell (lines, "clock", ASSAY_PREFLIGHT_DOUBTFUL,
          g_strdup ("the computer's clock is not synchronised: dates may be wrong, distances in time are right"),
          "turn on automatic date and time");
}

static void
look_at_levels (const AssayPreflightRequest *request, GPtrArray *lines)
{
  for (guint i = 0; i < request->n_sensors; i++)
    {
      const AssayPreflightSensor *sensor = &request->sensors[i];
      if (isnan (sensor->peak))
        continue;
      double db = 20 * log10 (MAX (sensor->peak, 1e-6));
      if (sensor->peak <= 0)
        tell (lines, "level", ASSAY_PREFLIGHT_DOUBTFUL, g_strdup_printf ("%s gives nothing but zeros", sensor->name),
              "see whether it is muted, unplugged or rerouted");
      else if (sensor->peak < QUIET)
        tell (lines, "level", ASSAY_PREFLIGHT_DOUBTFUL,
              g_strdup_printf ("%s is very quiet: %.0f dBFS", sensor->name, db), "speak a word; raise its gain");
      else if (sensor->peak > LOUD)
        tell (lines, "level", ASSAY_PREFLIGHT_DOUBTFUL, g_strdup_printf ("%s clips: %.1f dBFS", sensor->name, db),
              "lower its gain, or step back");
      else
        tell (lines, "level", ASSAY_PREFLIGHT_GOOD, g_strdup_printf ("%s: %.0f dBFS", sensor->name, db), NULL);
    }
}

static void
look_at_form (const AssayPreflightRequest *request, GPtrArray *lines)
{
  if (request->plan == NULL)
    return;
  if (assay_plan_needs_consent (request->plan))
    {
      gboolean given = request->consent != NULL && *request->consent != '\0';
      tell (lines, "consent", given ? ASSAY_PREFLIGHT_GOOD : ASSAY_PREFLIGHT_STOP,
            given ? g_strdup_printf ("consent %s", request->consent)
                  : g_strdup ("the plan asks for a consent, and none is named"),
            given ? NULL : "enter the reference of the signed form");
    }
  const json_t *checklist = assay_plan_get_checklist (request->plan);
  guint open = 0;
  const char *first = NULL;
  for (gsize i = 0; i < json_array_size (checklist); i++)
    {
      const char *text = json_string_value (json_array_get (checklist, i));
      if (text == NULL || (request->done != NULL && g_strv_contains (request->done, text)))
        continue;
      first = first != NULL ? first : text;
      open++;
    }
  if (open > 0)
    tell (lines, "checklist", ASSAY_PREFLIGHT_STOP,
          g_strdup_printf ("%u of the checklist's lines are open: %s", open, first), "do it, and tick it");
}

static int
worst_first (gconstpointer a, gconstpointer b)
{
  const AssayPreflightLine *x = *(const AssayPreflightLine *const *) a, *y = *(const AssayPreflightLine *const *) b;
  return (int) y->verdict - (int) x->verdict;
}

GPtrArray *
assay_preflight_run (const AssayPreflightRequest *request, AssayProgress *progress)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (line_free);
  look_at_form (request, lines);
  look_at_space (request, lines);
  if (request->disk_test_s > 0)
    look_at_disk (request, progress, lines);
  look_at_usb (request, lines);
  look_at_levels (request, lines);
  look_at_clock (lines);
  g_ptr_array_sort (lines, worst_first);
  return lines;
}

AssayPreflightVerdict
assay_preflight_get_worst (const GPtrArray *lines)
{
  return lines->len > 0 ? ((const AssayPreflightLine *) lines->pdata[0])->verdict : ASSAY_PREFLIGHT_GOOD;
}

json_t *
assay_preflight_to_json (const GPtrArray *lines)
{
  json_t *list = json_array ();
  for (guint i = 0; i < lines->len; i++)
    {
      const AssayPreflightLine *line = lines->pdata[i];
      json_array_append_new (list, json_pack ("{s:s, s:s, s:s, s:s?}", "what", line->what, "verdict",
                                              assay_preflight_verdict_to_text (line->verdict), "why", line->why,
                                              "remedy", line->remedy));
    }
  return list;
}
