/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/kind.h"

#include <math.h>

/* Shortest augmenting paths with potentials (Jonker and Volgenant 1987; the form of Crouse 2016 that scipy has),
 * for n <= m. `cost` is n x m; ret_row[column] = row or G_MAXUINT. */
static void
assign (const double *cost, guint n, guint m, guint *ret_row)
{
  g_autofree double *row_price = g_new0 (double, n);
  g_autofree double *column_price = g_new0 (double, m);
  g_autofree double *least = g_new (double, m);
  g_autofree guint *via = g_new (guint, m); /* row from which the column was reached */
  g_autofree gboolean *done = g_new (gboolean, m);
  g_autofree guint *column_of = g_new (guint, n);
  for (guint j = 0; j < m; j++)
    ret_row[j] = G_MAXUINT;
  for (guint start = 0; start < n; start++)
    {
      for (guint j = 0; j < m; j++)
        {
          least[j] = INFINITY;
          done[j] = FALSE;
        }
      guint i = start, sink = G_MAXUINT;
      double so_far = 0;
      while (sink == G_MAXUINT)
        {
          guint nearest = G_MAXUINT;
          for (guint j = 0; j < m; j++)
            {
              if (done[j])
                continue;
              double reach = so_far + cost[(gsize) i * m + j] - row_price[i] - column_price[j];
              if (reach < least[j])
                {
                  least[j] = reach;
                  via[j] = i;
                }
              /* Of equals, a free column ends the search. */
              if (nearest == G_MAXUINT || least[j] < least[nearest]
                  || (least[j] == least[nearest] && ret_row[j] == G_MAXUINT && ret_row[nearest] != G_MAXUINT))
                nearest = j;
            }
          so_far = least[nearest];
          done[nearest] = TRUE;
          if (ret_row[nearest] == G_MAXUINT)
            sink = nearest;
          else
            i = ret_row[nearest];
        }
      row_price[start] += so_far;
      for (guint j = 0; j < m; j++)
        if (done[j] && j != sink)
          {
            row_price[ret_row[j]] += so_far - least[j];
            column_price[j] -= so_far - least[j];
          }
      for (guint j = sink;;)
        {
          guint row = via[j];
          ret_row[j] = row;
          guint before = row == start ? G_MAXUINT : column_of[row];
          column_of[row] = j;
          if (row == start)
            break;
          j = before;
        }
    }
}

static gboolean
allowed (double score, double least)
{
  return score >= least; /* NaN is not */
}

/* Rows and columns that allowed pairs tie together; others cannot touch them, so each such group is solved alone.
 */
typedef struct
{
  GArray *rows, *columns; /* of guint */
} Group;

static void
collect_group (const double *scores, guint n_rows, guint n_columns, double least, guint first_row,
               gboolean *row_seen, gboolean *column_seen, Group *group)
{
  g_array_set_size (group->rows, 0);
  g_array_set_size (group->columns, 0);
  g_array_append_val (group->rows, first_row);
  row_seen[first_row] = TRUE;
  guint next_row = 0, next_column = 0;
  while (next_row < group->rows->len || next_column < group->columns->len)
    {
      if (next_row < group->rows->len)
        {
          guint i = g_array_index (group->rows, guint, next_row++);
          for (guint j = 0; j < n_columns; j++)
            if (!column_seen[j] && allowed (scores[(gsize) i * n_columns + j], least))
              {
                column_seen[j] = TRUE;
                g_array_append_val (group->columns, j);
              }
          continue;
        }
      guint j = g_array_index (group->columns, guint, next_column++);
      for (guint i = 0; i < n_rows; i++)
        if (!row_seen[i] && allowed (scores[(gsize) i * n_columns + j], least))
          {
            row_seen[i] = TRUE;
            g_array_append_val (group->rows, i);
          }
    }
}

static void
solve_group (const double *scores, guint n_columns, double least, const Group *group, guint *ret_column)
{
  gboolean turn = group->rows->len > group->columns->len; /* the shorter side leads */
  const GArray *lead = turn ? group->columns : group->rows, *other = turn ? group->rows : group->columns;
  g_autofree double *cost = g_new (double, (gsize) lead->len * other->len);
  g_autofree guint *chosen = g_new (guint, other->len);
  for (guint a = 0; a < lead->len; a++)
    for (guint b = 0; b < other->len; b++)
      {
        guint i = g_array_index (group->rows, guint, turn ? b : a);
        guint j = g_array_index (group->columns, guint, turn ? a : b);
        double score = scores[(gsize) i * n_columns + j];
        /* A pair that is not allowed is worth nothing, which is what staying apart is worth. */
        cost[(gsize) a * other->len + b] = allowed (score, least) ? -score : 0;
      }
  assign (cost, lead->len, other->len, chosen);
  for (guint b = 0; b < other->len; b++)
    {
      if (chosen[b] == G_MAXUINT)
        continue;
      guint i = g_array_index (group->rows, guint, turn ? b : chosen[b]);
      guint j = g_array_index (group->columns, guint, turn ? chosen[b] : b);
      if (allowed (scores[(gsize) i * n_columns + j], least))
        ret_column[i] = j;
    }
}

void
assay_assign (const double *scores, guint n_rows, guint n_columns, double least, guint *ret_column)
{
  g_autofree gboolean *row_seen = g_new0 (gboolean, n_rows);
  g_autofree gboolean *column_seen = g_new0 (gboolean, n_columns);
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) columns = g_array_new (FALSE, FALSE, sizeof (guint));
  Group group = { rows, columns };
  for (guint i = 0; i < n_rows; i++)
    ret_column[i] = G_MAXUINT;
  for (guint i = 0; i < n_rows; i++)
    {
      if (row_seen[i])
        continue;
      collect_group (scores, n_rows, n_columns, least, i, row_seen, column_seen, &group);
      if (columns->len > 0)
        solve_group (scores, n_columns, least, &group, ret_column);
    }
}

GArray *
assay_objects_match (const AssayObjects *a, const AssayObjects *b, const AssayTask *task, double least)
{
  guint n = a->list->len, m = b->list->len;
  g_autofree double *similarity = g_new (double, (gsize) n *m + 1);
  g_autofree double *scores = g_new (double, (gsize) n *m + 1);
  for (guint i = 0; i < n; i++)
    for (guint j = 0; j < m; j++)
      {
        const AssayObject *one = a->list->pdata[i], *other = b->list->pdata[j];
        double s = a->kind->similarity (one->value, other->value, task);
        gboolean same_class = assay_id_equal (&one->class_id, &other->class_id);
        similarity[(gsize) i * m + j] = s > 0 ? s : NAN;
        scores[(gsize) i * m + j] = s > 0 && same_class ? s : NAN;
      }
  g_autofree guint *column = g_new (guint, n + 1);
  g_autofree guint *second = g_new (guint, n + 1);
  g_autofree gboolean *taken = g_new0 (gboolean, m + 1);
  assay_assign (scores, n, m, least, column);
  for (guint i = 0; i < n; i++)
    if (column[i] != G_MAXUINT)
      taken[column[i]] = TRUE;
  for (guint i = 0; i < n; i++)
    for (guint j = 0; j < m; j++)
      scores[(gsize) i * m + j] = column[i] != G_MAXUINT || taken[j] ? NAN : similarity[(gsize) i * m + j];
  assay_assign (scores, n, m, least, second);

  GArray *matches = g_array_new (FALSE, FALSE, sizeof (AssayMatch));
  for (guint i = 0; i < n; i++)
    {
      guint j = column[i] != G_MAXUINT ? column[i] : second[i];
      AssayMatch match = { i, j, j != G_MAXUINT ? similarity[(gsize) i * m + j] : NAN };
      if (j != G_MAXUINT)
        taken[j] = TRUE;
      g_array_append_val (matches, match);
    }
  for (guint j = 0; j < m; j++)
    if (!taken[j])
      {
        AssayMatch match = { G_MAXUINT, j, NAN };
        g_array_append_val (matches, match);
      }
  return matches;
}
