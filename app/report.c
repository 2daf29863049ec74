/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/report.h"

#include "core/json.h"

#include <math.h>

/* A page under way. */
typedef struct
{
  GPtrArray *blocks;
  GPtrArray *texts; /* what charts are being made of, until they are */
  double width;
  const char *task;
} Page;

static void
cell_clear (gpointer data)
{
  AssayReportCell *cell = data;
  g_free (cell->text);
  g_free (cell->exact);
}

static void
block_free (gpointer data)
{
  AssayReportBlock *block = data;
  g_free (block->text);
  g_clear_pointer (&block->chart, assay_chart_free);
  g_strfreev (block->columns);
  g_clear_pointer (&block->rows, g_ptr_array_unref);
  g_free (block);
}

static AssayReportBlock *
add_block (Page *page, AssayReportKind kind, char *take_text, const char *define)
{
  AssayReportBlock *block = g_new0 (AssayReportBlock, 1);
  block->kind = kind;
  block->text = take_text;
  block->define = define;
  g_ptr_array_add (page->blocks, block);
  return block;
}

static void
add_heading (Page *page, const char *text, const char *define)
{
  add_block (page, ASSAY_REPORT_HEADING, g_strdup (text), define);
}

static void
add_text (Page *page, char *take_text)
{
  add_block (page, ASSAY_REPORT_TEXT, take_text, NULL);
}

static void
add_chart (Page *page, AssayChart *take_chart)
{
  add_block (page, ASSAY_REPORT_CHART, NULL, NULL)->chart = take_chart;
}

/* Kept until the page is made. */
static const char *
keep (Page *page, char *take_text)
{
  g_ptr_array_add (page->texts, take_text);
  return take_text;
}

/* What a chart opens: what kind of thing, of which task, which one. */
static const char *
keep_open (Page *page, const char *what, const char *which)
{
  return keep (page, g_strjoin ("\t", what, page->task != NULL ? page->task : "", which, NULL));
}

static double
number_of (const json_t *object, const char *key)
{
  double value;
  return assay_json_get_double (object, key, &value) ? value : NAN;
}

static void
get_interval (const json_t *object, double *ret_low, double *ret_high)
{
  const json_t *interval = json_object_get (object, "ci95");
  *ret_low = json_is_array (interval) ? json_number_value (json_array_get (interval, 0)) : NAN;
  *ret_high = json_is_array (interval) ? json_number_value (json_array_get (interval, 1)) : NAN;
}

static json_int_t
whole_of (const json_t *object, const char *key)
{
  return json_integer_value (json_object_get (object, key));
}

static const char *
name_of (const json_t *object, const char *key, const char *none)
{
  const char *name = assay_json_get_string (object, key);
  return name != NULL ? name : none;
}

static const json_t *
find_measure (const json_t *group, const char *name)
{
  size_t i;
  const json_t *one;
  json_array_foreach (json_object_get (group, "measures"), i,
                      one) if (g_strcmp0 (assay_json_get_string (one, "name"), name) == 0) return one;
  return NULL;
}

/* A figure in a sentence: value, interval, n. */
static char *
say (const json_t *measure)
{
  double value = number_of (measure, "value"), low, high;
  get_interval (measure, &low, &high);
  const char *unit = name_of (measure, "unit", "");
  if (isnan (value))
    return g_strdup ("undefined: nothing that it could be told from");
  g_autofree char *interval = isnan (low) ? g_strdup ("no interval of one item")
                                          : g_strdup_printf ("95 %% interval %.3f to %.3f", low, high);
  return g_strdup_printf ("%.3f%s%s, %s, n = %" JSON_INTEGER_FORMAT " on %" JSON_INTEGER_FORMAT " items%s", value,
                          *unit != '\0' ? " " : "", unit, interval, whole_of (measure, "n"),
                          whole_of (measure, "items"),
                          json_is_false (json_object_get (measure, "enough")) ? ", too few to judge by" : "");
}

static AssayChartBar
bar_of (Page *page, const char *label, const json_t *measure, const char *open)
{
  AssayChartBar bar = { .label = label, .value = NAN, .low = NAN, .high = NAN, .open = open };
  if (measure == NULL)
    {
      bar.note = "nothing compared";
      bar.tip = keep (page, g_strdup_printf ("%s: undefined, nothing compared", label));
      return bar;
    }
  bar.value = number_of (measure, "value");
  get_interval (measure, &bar.low, &bar.high);
  bar.enough = json_is_true (json_object_get (measure, "enough"));
  bar.note = keep (page, isnan (bar.value) ? g_strdup ("undefined")
                                           : g_strdup_printf ("n = %" JSON_INTEGER_FORMAT "%s",
                                                              whole_of (measure, "n"), bar.enough ? "" : ", few"));
  g_autofree char *said = say (measure);
  bar.tip = keep (page, g_strdup_printf ("%s: %s %s", label, name_of (measure, "title", ""), said));
  return bar;
}

/* Where the scale ends: shares at 1, else with the data. */
static double
most_of (const json_t *measure)
{
  return measure != NULL && *name_of (measure, "unit", "") == '\0' ? 1 : 0;
}

static void
compose_by_class (Page *page, const json_t *agreement)
{
  const json_t *headline = json_array_get (json_object_get (agreement, "measures"), 0),
               *groups = json_object_get (agreement, "groups");
  const char *name = name_of (headline, "name", "");
  gboolean has = FALSE;
  size_t i;
  const json_t *group;
  json_array_foreach (groups, i, group) has = has || find_measure (group, name) != NULL;
  g_autofree char *title
      = g_strdup_printf ("Agreement by class: %s", name_of (headline, "title", "nothing compared"));
  add_heading (page, title, "Agreement");
  if (headline == NULL)
    {
      add_text (page,
                g_strdup ("Undefined: no item has two submitted answers that tell of people unaided. Let a second "
                          "annotator label some of the same items."));
      return;
    }
  g_autoptr (GArray) bars = g_array_new (FALSE, FALSE, sizeof (AssayChartBar));
  AssayChartBar all = bar_of (page, "all", headline, keep_open (page, "task", page->task));
  g_array_append_val (bars, all);
  json_array_foreach (groups, i, group)
  {
    const char *key = name_of (group, "key", "");
    if (!has)
      break;
    AssayChartBar bar
        = bar_of (page, name_of (group, "title", key), find_measure (group, name), keep_open (page, "class", key));
    g_array_append_val (bars, bar);
  }
  add_chart (page, assay_chart_bars (title, (const AssayChartBar *) bars->data, bars->len, most_of (headline),
                                     name_of (headline, "unit", ""), page->width));
  if (has)
    return;
  /* Words and tags are measured as whole answers: what classes have is whether both found them. */
  g_array_set_size (bars, 0);
  json_array_foreach (groups, i, group)
  {
    const char *key = name_of (group, "key", "");
    AssayChartBar bar = bar_of (page, name_of (group, "title", key), find_measure (group, "found_by_both"),
                                keep_open (page, "class", key));
    g_array_append_val (bars, bar);
  }
  if (bars->len == 0)
    return;
  add_heading (page, "Found by both, by class", "Agreement");
  add_chart (page, assay_chart_bars ("Found by both, by class", (const AssayChartBar *) bars->data, bars->len, 1,
                                     "", page->width));
}

#define ONLY_ONE "(only one)"

static guint
place_of (GPtrArray *names, const char *name)
{
  guint at = 0;
  while (at < names->len && !g_str_equal (names->pdata[at], name))
    at++;
  if (at == names->len)
    g_ptr_array_add (names, (gpointer) name);
  return at;
}

/* As the task has them, what only one found last. */
static GPtrArray *
list_confused (const json_t *agreement)
{
  GPtrArray *names = g_ptr_array_new ();
  gboolean only = FALSE;
  size_t i;
  const json_t *one;
  json_array_foreach (json_object_get (agreement, "groups"), i, one) place_of (names, name_of (one, "key", ""));
  json_array_foreach (json_object_get (agreement, "confusion"), i, one)
  {
    const char *a = assay_json_get_string (one, "a"), *b = assay_json_get_string (one, "b");
    only = only || a == NULL || b == NULL;
    if (a != NULL)
      place_of (names, a);
    if (b != NULL)
      place_of (names, b);
  }
  if (only)
    g_ptr_array_add (names, (gpointer) ONLY_ONE);
  return names;
}

static void
compose_confusion (Page *page, const json_t *agreement)
{
  const json_t *confusion = json_object_get (agreement, "confusion"), *one;
  g_autoptr (GPtrArray) names = list_confused (agreement);
  g_autoptr (GArray) cells = g_array_new (FALSE, FALSE, sizeof (AssayChartCell));
  double most = 1;
  size_t i;
  json_array_foreach (confusion, i, one)
  {
    const char *both[] = { name_of (one, "a", ONLY_ONE), name_of (one, "b", ONLY_ONE) };
    AssayChartCell cell = { .text = keep (page, g_strdup_printf ("%" JSON_INTEGER_FORMAT, whole_of (one, "n"))) };
    cell.row = place_of (names, both[0]);
    cell.column = place_of (names, both[1]);
    most = MAX (most, (double) whole_of (one, "n"));
    cell.level = (double) whole_of (one, "n");
    cell.tip = keep (page, cell.row == cell.column ? g_strdup_printf ("%s objects: both say %s", cell.text, both[0])
                                                   : g_strdup_printf ("%s objects: one says %s, the other %s",
                                                                      cell.text, both[0], both[1]));
    cell.open = keep_open (page, "class", g_str_equal (both[0], ONLY_ONE) ? both[1] : both[0]);
    g_array_append_val (cells, cell);
  }
  if (cells->len == 0)
    return;
  for (guint k = 0; k < cells->len; k++)
    {
      AssayChartCell *cell = &g_array_index (cells, AssayChartCell, k);
      cell->level = sqrt (cell->level / most); /* few among many are what one looks for */
    }
  add_heading (page, "What one called this, the other called that", "Agreement");
  add_chart (page, assay_chart_matrix ("Confusion of classes, objects", (const char *const *) names->pdata,
                                       names->len, (const char *const *) names->pdata, names->len,
                                       (const AssayChartCell *) cells->data, cells->len, page->width));
}

static guint
index_of (const json_t *names, const char *name)
{
  size_t i;
  const json_t *one;
  json_array_foreach (names, i, one) if (g_strcmp0 (json_string_value (one), name) == 0) return (guint) i;
  return G_MAXUINT;
}

static void
compose_pairs (Page *page, const json_t *task)
{
  const json_t *names = json_object_get (json_object_get (task, "agreement"), "annotators"), *pair;
  g_autoptr (GPtrArray) labels = g_ptr_array_new ();
  g_autoptr (GArray) cells = g_array_new (FALSE, FALSE, sizeof (AssayChartCell));
  double most = 1;
  size_t i;
  for (i = 0; i < json_array_size (names); i++)
    g_ptr_array_add (labels, (gpointer) json_string_value (json_array_get (names, i)));
  json_array_foreach (json_object_get (task, "pairs"), i, pair) most
      = fmax (most, number_of (json_array_get (json_object_get (pair, "measures"), 0), "value"));
  json_array_foreach (json_object_get (task, "pairs"), i, pair)
  {
    const json_t *headline = json_array_get (json_object_get (pair, "measures"), 0);
    guint a = index_of (names, assay_json_get_string (pair, "a")),
          b = index_of (names, assay_json_get_string (pair, "b"));
    double value = number_of (headline, "value");
    if (a == G_MAXUINT || b == G_MAXUINT || headline == NULL)
      continue;
    g_autofree char *said = say (headline);
    AssayChartCell cell
        = { .row = a, .column = b, .level = NAN, .open = keep_open (page, "pair", name_of (pair, "key", "")) };
    cell.text = keep (page, isnan (value) ? g_strdup ("–") : g_strdup_printf ("%.3f", value));
    cell.tip
        = keep (page, g_strdup_printf ("%s and %s: %s %s", (const char *) labels->pdata[a],
                                       (const char *) labels->pdata[b], name_of (headline, "title", ""), said));
    if (json_is_true (json_object_get (headline, "enough")))
      cell.level = value / most; /* of too few it has no colour */
    g_array_append_val (cells, cell);
    cell.row = b;
    cell.column = a;
    g_array_append_val (cells, cell);
  }
  if (cells->len == 0)
    return;
  add_heading (page, "Annotator by annotator", "Agreement");
  add_chart (page, assay_chart_matrix ("Agreement of every two annotators", (const char *const *) labels->pdata,
                                       labels->len, (const char *const *) labels->pdata, labels->len,
                                       (const AssayChartCell *) cells->data, cells->len, page->width));
}

static void
compose_people (Page *page, const json_t *reliability)
{
  g_autoptr (GArray) bars = g_array_new (FALSE, FALSE, sizeof (AssayChartBar));
  g_autoptr (GString) notes = g_string_new (NULL);
  size_t i;
  const json_t *person;
  json_array_foreach (json_object_get (reliability, "people"), i, person)
  {
    const char *name = name_of (person, "annotator", ""), *trend = assay_json_get_string (person, "trend");
    const json_t *against = trend != NULL ? json_object_get (json_object_get (person, "against"), trend) : NULL;
    AssayChartBar bar
        = bar_of (page, name, find_measure (against, "likeness"), keep_open (page, "annotator", name));
    if (against != NULL)
      bar.tip = keep (page, g_strdup_printf ("%s; against %s", bar.tip, name_of (against, "title", trend)));
    g_array_append_val (bars, bar);
  }
  if (bars->len == 0)
    return;
  add_heading (page, "How far each annotator can be believed", "People");
  add_chart (page, assay_chart_bars ("Likeness of each annotator's answers to what is known best",
                                     (const AssayChartBar *) bars->data, bars->len, 1, "", page->width));
}

static void
add_point (Page *page, GArray *points, GPtrArray *steps, guint series, const char *name, const char *step,
           const json_t *measure, json_int_t n, gboolean enough)
{
  AssayChartPoint point = { .series = series, .value = number_of (measure, "value"), .enough = enough };
  get_interval (measure, &point.low, &point.high);
  while (point.step < steps->len && !g_str_equal (steps->pdata[point.step], step))
    point.step++;
  g_autofree char *interval
      = isnan (point.low) ? g_strdup ("") : g_strdup_printf (" [%.3f, %.3f]", point.low, point.high);
  point.tip = keep (page, g_strdup_printf ("%s, %s: %.3f%s, n = %" JSON_INTEGER_FORMAT "%s", name, step,
                                           point.value, interval, n, enough ? "" : ", few"));
  g_array_append_val (points, point);
}

static int
by_text (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

static void
add_step (GPtrArray *steps, const char *step)
{
  for (guint i = 0; i < steps->len; i++)
    if (g_str_equal (steps->pdata[i], step))
      return;
  g_ptr_array_add (steps, (gpointer) step);
}

static void
compose_weeks (Page *page, const json_t *reliability)
{
  g_autoptr (GPtrArray) steps = g_ptr_array_new (), names = g_ptr_array_new ();
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (AssayChartPoint));
  const json_t *people = json_object_get (reliability, "people"), *person, *week;
  size_t i, k;
  json_array_foreach (people, i, person) json_array_foreach (json_object_get (person, "weeks"), k, week)
      add_step (steps, name_of (week, "week", ""));
  g_ptr_array_sort (steps, by_text);
  json_array_foreach (people, i, person)
  {
    const json_t *weeks = json_object_get (person, "weeks");
    if (json_array_size (weeks) == 0)
      continue;
    json_array_foreach (weeks, k, week)
        add_point (page, points, steps, names->len, name_of (person, "annotator", ""), name_of (week, "week", ""),
                   week, whole_of (week, "n"), whole_of (week, "n") >= 30);
    g_ptr_array_add (names, (gpointer) name_of (person, "annotator", ""));
  }
  if (points->len == 0)
    return;
  add_heading (page, "Reliability over time, week by week", "People");
  add_chart (page, assay_chart_line ("Likeness of each annotator's answers to what is known best, by week",
                                     (const char *const *) names->pdata, names->len,
                                     (const char *const *) steps->pdata, steps->len,
                                     (const AssayChartPoint *) points->data, points->len, 1, "", page->width));
}

static void
compose_times (Page *page, const json_t *task)
{
  const json_t *times = json_object_get (task, "times"), *groups = json_object_get (times, "groups"), *group,
               *headline = json_array_get (json_object_get (json_object_get (task, "agreement"), "measures"), 0);
  g_autoptr (GPtrArray) steps = g_ptr_array_new ();
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (AssayChartPoint));
  size_t i;
  json_array_foreach (groups, i, group) add_step (steps, name_of (group, "key", ""));
  json_array_foreach (groups, i, group)
  {
    const json_t *measure = json_array_get (json_object_get (group, "measures"), 0);
    if (measure != NULL)
      add_point (page, points, steps, 0, "all", name_of (group, "key", ""), measure, whole_of (measure, "n"),
                 json_is_true (json_object_get (measure, "enough")));
  }
  if (points->len == 0)
    return;
  static const char *const all[] = { "all" };
  g_autofree char *title = g_strdup_printf ("Agreement over time, by %s", name_of (times, "by", "month"));
  add_heading (page, title, "Agreement");
  add_chart (page, assay_chart_line (title, all, 1, (const char *const *) steps->pdata, steps->len,
                                     (const AssayChartPoint *) points->data, points->len, most_of (headline),
                                     name_of (headline, "unit", ""), page->width));
}

static AssayChartBar
bar_of_error (Page *page, const char *label, const json_t *figure, const char *open)
{
  AssayChartBar bar = { .label = label, .value = number_of (figure, "error"), .open = open };
  json_int_t audited = whole_of (figure, "audited");
  get_interval (figure, &bar.low, &bar.high);
  bar.enough = audited >= 30;
  bar.note = keep (page, isnan (bar.value) ? g_strdup ("not audited")
                                           : g_strdup_printf ("n = %" JSON_INTEGER_FORMAT "%s",
                                                              whole_of (figure, "n"), bar.enough ? "" : ", few"));
  bar.tip = keep (
      page,
      isnan (bar.value)
          ? g_strdup_printf ("%s: undefined, none of %" JSON_INTEGER_FORMAT " accepted labels was audited", label,
                             whole_of (figure, "accepted"))
          : g_strdup_printf ("%s: %.1f %% out of tolerance, 95 %% interval %.1f to %.1f; %" JSON_INTEGER_FORMAT
                             " of %" JSON_INTEGER_FORMAT " in %" JSON_INTEGER_FORMAT " audited labels",
                             label, 100 * bar.value, 100 * bar.low, 100 * bar.high, whole_of (figure, "out"),
                             whole_of (figure, "n"), audited));
  return bar;
}

static char *
say_gate (const json_t *condition)
{
  const char *class = assay_json_get_string (condition, "class");
  return g_strdup_printf ("The gate asks for at most %g %% %s%s: %s.", 100 * number_of (condition, "at_most"),
                          class != NULL ? "of objects of class " : "of labels", class != NULL ? class : "",
                          name_of (condition, "words", ""));
}

static void
compose_audit (Page *page, const json_t *audit)
{
  json_int_t audited = whole_of (audit, "audited");
  size_t i;
  const json_t *one;
  add_heading (page, "The error that remains in accepted labels", "Audit");
  if (audited == 0)
    add_text (page, g_strdup_printf ("Undefined: none of %" JSON_INTEGER_FORMAT
                                     " accepted labels was labelled again blind.%s",
                                     whole_of (audit, "accepted"),
                                     number_of (audit, "share") > 0
                                         ? " The queue hands out what is drawn to who had no part in it."
                                         : " Say \"audit\": 0.05 in the plan, and the queue hands them out."));
  else
    {
      g_autoptr (GArray) bars = g_array_new (FALSE, FALSE, sizeof (AssayChartBar));
      AssayChartBar labels
          = bar_of_error (page, "labels", json_object_get (audit, "labels"), keep_open (page, "audit", page->task)),
          objects = bar_of_error (page, "objects", json_object_get (audit, "objects"),
                                  keep_open (page, "audit", page->task));
      g_array_append_val (bars, labels);
      g_array_append_val (bars, objects);
      json_array_foreach (json_object_get (audit, "classes"), i, one)
      {
        const char *class = name_of (one, "class", "(no class)");
        AssayChartBar bar = bar_of_error (page, class, one, keep_open (page, "class", class));
        g_array_append_val (bars, bar);
      }
      add_chart (page, assay_chart_bars ("Share out of tolerance", (const AssayChartBar *) bars->data, bars->len, 0,
                                         "", page->width));
      add_text (page,
                g_strdup_printf (
                    "%" JSON_INTEGER_FORMAT " of %" JSON_INTEGER_FORMAT " accepted labels, %" JSON_INTEGER_FORMAT
                    " of them drawn, were audited; %" JSON_INTEGER_FORMAT " have been replaced since.",
                    audited, whole_of (audit, "accepted"), whole_of (audit, "drawn"), whole_of (audit, "changed")));
    }
  json_array_foreach (json_object_get (audit, "gate"), i, one) add_text (page, say_gate (one));
}

/* Tables */

static AssayReportBlock *
add_table (Page *page, const char *const *columns)
{
  AssayReportBlock *block = add_block (page, ASSAY_REPORT_TABLE, NULL, NULL);
  block->columns = g_strdupv ((char **) columns);
  block->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  return block;
}

static GArray *
add_row (AssayReportBlock *table)
{
  GArray *row = g_array_new (FALSE, FALSE, sizeof (AssayReportCell));
  g_array_set_clear_func (row, cell_clear);
  g_ptr_array_add (table->rows, row);
  return row;
}

static void
add_cell (GArray *row, const char *text)
{
  AssayReportCell cell = { g_strdup (text), NULL };
  g_array_append_val (row, cell);
}

static void
add_number (GArray *row, double value, const char *format)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE], exact[G_ASCII_DTOSTR_BUF_SIZE];
  AssayReportCell cell = { g_strdup ("–"), NULL };
  if (!isnan (value))
    {
      g_free (cell.text);
      cell.text = g_strdup (g_ascii_formatd (text, sizeof text, format, value));
      cell.exact = g_strdup (g_ascii_dtostr (exact, sizeof exact, value));
    }
  g_array_append_val (row, cell);
}

static void
compose_cost (Page *page, const json_t *cost)
{
  static const char *const columns[] = { "seconds of an answer's", "median", "p90", "n", NULL };
  static const char *const parts[][2] = { { "items", "item" }, { "objects", "object" } };
  const char *why = assay_json_get_string (cost, "why");
  add_heading (page, "What a label costs", "Label cost");
  if (why != NULL)
    {
      add_text (page, g_strdup_printf ("Undefined: %s.", why));
      return;
    }
  AssayReportBlock *table = add_table (page, columns);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      const json_t *one = json_object_get (cost, parts[i][0]);
      GArray *row = add_row (table);
      add_cell (row, parts[i][1]);
      add_number (row, number_of (one, "median_s"), "%.1f");
      add_number (row, number_of (one, "p90_s"), "%.1f");
      add_number (row, (double) whole_of (one, "n"), "%.0f");
    }
}

static void
add_measures (AssayReportBlock *table, const char *name, const json_t *group)
{
  size_t i;
  const json_t *one;
  json_array_foreach (json_object_get (group, "measures"), i, one)
  {
    double low, high;
    const char *part = assay_json_get_string (one, "part"), *title = name_of (one, "title", "");
    g_autofree char *whole = part != NULL ? g_strdup_printf ("%s, %s", title, part) : g_strdup (title);
    GArray *row = add_row (table);
    get_interval (one, &low, &high);
    add_cell (row, name);
    add_cell (row, whole);
    add_number (row, number_of (one, "value"), "%.3f");
    add_number (row, low, "%.3f");
    add_number (row, high, "%.3f");
    add_cell (row, name_of (one, "unit", ""));
    add_number (row, (double) whole_of (one, "n"), "%.0f");
    add_number (row, (double) whole_of (one, "items"), "%.0f");
  }
}

/* All figures, for who reads all of it. */
static void
compose_figures (Page *page, const json_t *agreement)
{
  static const char *const columns[] = { "of", "figure", "value", "from", "to", "unit", "n", "items", NULL };
  guint first = page->blocks->len;
  size_t i;
  const json_t *group;
  add_heading (page, "All figures of agreement, with their 95 % intervals", "Beside a kind's own figures");
  AssayReportBlock *table = add_table (page, columns);
  add_measures (table, "all", agreement);
  json_array_foreach (json_object_get (agreement, "groups"), i, group)
      add_measures (table, name_of (group, "title", ""), group);
  json_array_foreach (json_object_get (agreement, "apart"), i, group)
  {
    g_autofree char *name = g_strdup_printf ("apart: %s", name_of (group, "title", ""));
    add_measures (table, name, group);
  }
  for (guint k = first; k < page->blocks->len; k++)
    ((AssayReportBlock *) page->blocks->pdata[k])->detail = TRUE;
}

static void
compose_task (Page *page, const json_t *task)
{
  const json_t *agreement = json_object_get (task, "agreement"),
               *baseline = json_object_get (agreement, "human_baseline");
  page->task = name_of (task, "task", "");
  add_block (page, ASSAY_REPORT_TITLE, g_strdup_printf ("%s · %s", page->task, name_of (task, "kind", "")), NULL);
  add_text (page, g_strdup_printf ("%" JSON_INTEGER_FORMAT " of %" JSON_INTEGER_FORMAT
                                   " labelled items have several answers; %u annotators.",
                                   whole_of (agreement, "overlapped"), whole_of (agreement, "items"),
                                   (guint) json_array_size (json_object_get (agreement, "annotators"))));
  g_autofree char *said = json_is_object (baseline) ? say (baseline) : NULL;
  add_text (page, said != NULL ? g_strdup_printf ("Human baseline, which a model must beat: %s %s.",
                                                  name_of (baseline, "title", ""), said)
                               : g_strdup ("Human baseline, which a model must beat: undefined, no two people have "
                                           "labelled the same item unaided."));
  compose_by_class (page, agreement);
  compose_confusion (page, agreement);
  compose_pairs (page, task);
  compose_people (page, json_object_get (task, "reliability"));
  compose_weeks (page, json_object_get (task, "reliability"));
  compose_times (page, task);
  compose_audit (page, json_object_get (task, "audit"));
  compose_cost (page, json_object_get (task, "cost"));
  compose_figures (page, agreement);
}

static void
compose_findings (Page *page, const json_t *findings)
{
  g_autoptr (GArray) bars = g_array_new (FALSE, FALSE, sizeof (AssayChartBar));
  size_t i;
  const json_t *one;
  page->task = NULL;
  add_block (page, ASSAY_REPORT_TITLE, g_strdup ("Findings"), NULL);
  json_array_foreach (json_object_get (findings, "checks"), i, one)
  {
    json_int_t n = whole_of (one, "n"), decided = whole_of (one, "decided");
    AssayChartBar bar = { .label = name_of (one, "title", ""), .value = (double) n, .low = NAN, .high = NAN };
    double low, high;
    get_interval (one, &low, &high);
    bar.enough = TRUE;
    bar.words = keep (page, g_strdup_printf ("%" JSON_INTEGER_FORMAT, n));
    bar.note = keep (page, decided > 0 ? g_strdup_printf ("right %" JSON_INTEGER_FORMAT " of %" JSON_INTEGER_FORMAT,
                                                          whole_of (one, "right"), decided)
                                       : g_strdup (""));
    g_autofree char *precision
        = decided > 0 ? g_strdup_printf ("; right in %" JSON_INTEGER_FORMAT " of %" JSON_INTEGER_FORMAT
                                         " that were decided, %.0f %% [%.0f, %.0f]",
                                         whole_of (one, "right"), decided, 100 * number_of (one, "share"),
                                         100 * low, 100 * high)
                      : g_strdup ("; none was decided yet");
    bar.tip = keep (page, g_strdup_printf ("%s: %" JSON_INTEGER_FORMAT " open (%" JSON_INTEGER_FORMAT
                                           " errors, %" JSON_INTEGER_FORMAT " warnings, %" JSON_INTEGER_FORMAT
                                           " notes)%s",
                                           bar.label, n, whole_of (one, "error"), whole_of (one, "warning"),
                                           whole_of (one, "note"), precision));
    bar.open = keep_open (page, "check", name_of (one, "check", ""));
    g_array_append_val (bars, bar);
  }
  add_heading (page, "Open findings by check", "Findings");
  if (bars->len == 0)
    add_text (page, g_strdup ("Nothing is open, and nothing was decided yet."));
  else
    add_chart (page, assay_chart_bars ("Open findings by check", (const AssayChartBar *) bars->data, bars->len, 0,
                                       "", page->width));
}

char *
assay_report_dup_date (void)
{
  const char *said = g_getenv ("SOURCE_DATE_EPOCH");
  gint64 seconds = said != NULL ? g_ascii_strtoll (said, NULL, 10) : g_get_real_time () / G_USEC_PER_SEC;
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (seconds);
  return time != NULL ? g_date_time_format (time, "%Y-%m-%d") : g_strdup ("");
}

GPtrArray *
assay_report_compose (const json_t *document, const char *only, double width)
{
  Page page = { .blocks = g_ptr_array_new_with_free_func (block_free),
                .texts = g_ptr_array_new_with_free_func (g_free),
                .width = width };
  size_t i;
  const json_t *task;
  json_array_foreach (json_object_get (document, "tasks"), i,
                      task) if (only == NULL || g_strcmp0 (only, assay_json_get_string (task, "task")) == 0)
      compose_task (&page, task);
  compose_findings (&page, json_object_get (document, "findings"));
  g_ptr_array_unref (page.texts);
  return page.blocks;
}
