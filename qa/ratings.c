/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/ratings.h"

#include "core/error.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct
{
  const char *at, *end;
  guint line;
} Reader;

/* The next field, with its quotes undone; `ret_last` when it ends the row. */
static char *
read_field (Reader *reader, gboolean *ret_last)
{
  GString *field = g_string_new (NULL);
  gboolean quoted = reader->at < reader->end && *reader->at == '"';
  if (quoted)
    reader->at++;
  for (; reader->at < reader->end; reader->at++)
    {
      char c = *reader->at;
      if (quoted && c == '"' && reader->at + 1 < reader->end && reader->at[1] == '"')
        reader->at++;
      else if (quoted && c == '"')
        {
          quoted = FALSE;
          continue;
        }
      else if (!quoted && (c == ',' || c == '\n' || c == '\r'))
        break;
      g_string_append_c (field, c);
    }
  *ret_last = reader->at >= reader->end || *reader->at != ',';
  if (reader->at < reader->end && *reader->at == '\r')
    reader->at++;
  if (reader->at < reader->end && (*reader->at == ',' || *reader->at == '\n'))
    reader->at++;
  return g_string_free (field, FALSE);
}

/* One row of three fields into `ret_fields`; FALSE at the end or with `error` set. Blank lines are passed over. */
static gboolean
read_row (Reader *reader, const char *what, char *ret_fields[3], GError **error)
{
  while (reader->at < reader->end)
    {
      reader->line++;
      char *fields[3] = { NULL };
      guint n = 0;
      for (gboolean last = FALSE; !last; n++)
        {
          g_autofree char *field = read_field (reader, &last);
          if (n < 3)
            fields[n] = g_strdup (g_strstrip (field));
        }
      if (n == 3)
        {
          memcpy (ret_fields, fields, sizeof fields);
          return TRUE;
        }
      gboolean blank = n == 1 && *fields[0] == '\0';
      for (guint i = 0; i < 3; i++)
        g_free (fields[i]);
      if (blank)
        continue;
      assay_error_bad_data (error, "reading %s: line %u has %u fields instead of 3; write item,annotator,value",
                            what, reader->line, n);
      return FALSE;
    }
  return FALSE;
}

static guint
intern (GPtrArray *names, GHashTable *known, const char *name)
{
  gpointer index;
  if (g_hash_table_lookup_extended (known, name, NULL, &index))
    return GPOINTER_TO_UINT (index);
  g_ptr_array_add (names, g_strdup (name));
  g_hash_table_insert (known, g_strdup (name), GUINT_TO_POINTER (names->len - 1));
  return names->len - 1;
}

typedef struct
{
  guint item, annotator, value;
  guint line;
} Rating;

static gboolean
parse_number (const char *text, double *ret_value)
{
  char *end;
  *ret_value = g_ascii_strtod (text, &end);
  return end != text && *end == '\0' && isfinite (*ret_value);
}

typedef struct
{
  const char *text;
  double number;
  guint index;
} Category;

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (((const Category *) a)->text, ((const Category *) b)->text);
}

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  double x = ((const Category *) a)->number, y = ((const Category *) b)->number;
  return (x > y) - (x < y);
}

/* Sorts the categories; "1" and "1.0" are one. Returns the place of each old one. */
static guint *
order_categories (AssayRatings *ratings, GPtrArray *values)
{
  g_autofree Category *list = g_new0 (Category, values->len + 1);
  ratings->numeric = values->len > 0;
  for (guint i = 0; i < values->len; i++)
    {
      list[i] = (Category){ g_ptr_array_index (values, i), 0, i };
      ratings->numeric = ratings->numeric && parse_number (list[i].text, &list[i].number);
    }
  qsort (list, values->len, sizeof (Category), ratings->numeric ? compare_numbers : compare_texts);
  guint *places = g_new0 (guint, values->len + 1);
  for (guint i = 0; i < values->len; i++)
    {
      if (i == 0 || !ratings->numeric || list[i].number != list[i - 1].number)
        g_ptr_array_add (ratings->categories, g_strdup (list[i].text));
      places[list[i].index] = ratings->categories->len - 1;
    }
  return places;
}

static gboolean
fill_table (AssayRatings *ratings, const GArray *rows, GPtrArray *values, const char *what, GError **error)
{
  g_autofree guint *places = order_categories (ratings, values);
  gsize n_cells = (gsize) ratings->items->len * ratings->annotators->len;
  ratings->category = g_new (int, n_cells + 1);
  ratings->value = g_new (double, n_cells + 1);
  for (gsize i = 0; i < n_cells; i++)
    {
      ratings->category[i] = -1;
      ratings->value[i] = NAN;
    }
  for (guint i = 0; i < rows->len; i++)
    {
      const Rating *rating = &g_array_index (rows, Rating, i);
      gsize cell = (gsize) rating->annotator * ratings->items->len + rating->item;
      int category = (int) places[rating->value];
      if (ratings->category[cell] >= 0 && ratings->category[cell] != category)
        {
          g_set_error (
              error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
              "reading %s: line %u rates item %s by %s a second time with another value; keep one of the two", what,
              rating->line, (char *) g_ptr_array_index (ratings->items, rating->item),
              (char *) g_ptr_array_index (ratings->annotators, rating->annotator));
          return FALSE;
        }
      ratings->category[cell] = category;
      double number = category;
      if (ratings->numeric)
        parse_number (g_ptr_array_index (values, rating->value), &number);
      ratings->value[cell] = number;
    }
  return TRUE;
}

AssayRatings *
assay_ratings_parse (const char *text, gsize n_bytes, const char *what, GError **error)
{
  Reader reader = { text, text + n_bytes, 0 };
  if (n_bytes >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0)
    reader.at += 3;
  char *fields[3];
  GError *failure = NULL;
  if (!read_row (&reader, what, fields, &failure))
    {
      if (failure == NULL)
        g_set_error (&failure, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
                     "reading %s: it is empty; begin with item,annotator,value", what);
      g_propagate_error (error, failure);
      return NULL;
    }
  gboolean header
      = g_str_equal (fields[0], "item") && g_str_equal (fields[1], "annotator") && g_str_equal (fields[2], "value");
  for (guint i = 0; i < 3; i++)
    g_free (fields[i]);
  if (!header)
    {
      assay_error_bad_data (error, "reading %s: the first line is not item,annotator,value; add it", what);
      return NULL;
    }
  g_autoptr (AssayRatings) ratings = g_new0 (AssayRatings, 1);
  ratings->items = g_ptr_array_new_with_free_func (g_free);
  ratings->annotators = g_ptr_array_new_with_free_func (g_free);
  ratings->categories = g_ptr_array_new_with_free_func (g_free);
  ratings->hash = assay_sha256 (text, n_bytes);
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) items = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) annotators = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) known_values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (Rating));
  while (read_row (&reader, what, fields, &failure))
    {
      /* An empty value is a missing rating that somebody wrote down. */
      if (*fields[2] != '\0')
        {
          Rating rating
              = { intern (ratings->items, items, fields[0]), intern (ratings->annotators, annotators, fields[1]),
                  intern (values, known_values, fields[2]), reader.line };
          g_array_append_val (rows, rating);
        }
      for (guint i = 0; i < 3; i++)
        g_free (fields[i]);
    }
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return NULL;
    }
  return fill_table (ratings, rows, values, what, error) ? g_steal_pointer (&ratings) : NULL;
}

AssayRatings *
assay_ratings_load (const char *path, GError **error)
{
  g_autofree char *text = NULL;
  gsize n_bytes = 0;
  g_autoptr (GError) failure = NULL;
  if (!g_file_get_contents (path, &text, &n_bytes, &failure))
    {
      g_set_error (error, ASSAY_ERROR,
                   g_error_matches (failure, G_FILE_ERROR, G_FILE_ERROR_NOENT) ? ASSAY_ERROR_NOT_FOUND
                                                                               : ASSAY_ERROR_IO,
                   "reading %s: %s; check the path", path, failure->message);
      return NULL;
    }
  return assay_ratings_parse (text, n_bytes, path, error);
}

void
assay_ratings_free (AssayRatings *ratings)
{
  if (ratings == NULL)
    return;
  g_clear_pointer (&ratings->items, g_ptr_array_unref);
  g_clear_pointer (&ratings->annotators, g_ptr_array_unref);
  g_clear_pointer (&ratings->categories, g_ptr_array_unref);
  g_free (ratings->category);
  g_free (ratings->value);
  g_free (ratings);
}
