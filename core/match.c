/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/kind.h"

#include <math.h>

/* Shortest augmenting paths with potentials (Jonker and Volgenant 1987; the form of Crouse 2016 that scipy has), n
 * <= m. Rows are brought in one after the other; each takes the cheapest way to a free column, along which rows
 * move on. */
typedef struct
{
  const double *cost; /* n x m */
  guint n, m;
  double *row_price, *column_price;
  guint *row_of;  /* of a column; G_MAXUINT = free */
  double *reach;  /* of a column: the cheapest way there so far, from the row that comes in */
  guint *via;     /* the row from which the column was reached */
  gboolean *done; /* reach is final */
} Assignment;

/* The column not done that is reached most cheaply; of equals a free one, which ends the search. */
static guint
reach_on (Assignment *self, guint row, double so_far)
{
  guint nearest = G_MAXUINT;
  for (guint j = 0; j < self->m; j++)
    {
      if (self->done[j])
        continue;
      double reach = so_far + self->cost[(gsize) row * self->m + j] - self->row_price[row] - self->column_price[j];
      if (reach < self->reach[j])
        {
          self->reach[j] = reach;
          self->via[j] = row;
        }
      if (nearest == G_MAXUINT || self->reach[j] < self->reach[nearest]
          || (self->reach[j] == self->reach[nearest] && self->row_of[j] == G_MAXUINT))
        nearest = j;
    }
  return nearest;
}

static void
bring_in (Assignment *self, guint start)
{
  for (guint j = 0; j < self->m; j++)
    {
      self->reach[j] = INFINITY;
      self->done[j] = FALSE;
    }
  guint row = start, column = G_MAXUINT;
  double so_far = 0;
  while (row != G_MAXUINT)
    {
      column = reach_on (self, row, so_far);
      so_far = self->reach[column];
      self->done[column] = TRUE;
      row = self->row_of[column];
    }
  self->row_price[start] += so_far;
  for (guint j = 0; j < self->m; j++)
    if (self->done[j] && j != column)
      {
        self->row_price[self->row_of[j]] += so_far - self->reach[j];
        self->column_price[j] -= so_far - self->reach[j];
      }
  /* Back along the way: each row takes the column that it reached, and leaves its own to the row before. */
  while (column != G_MAXUINT)
    {
      guint left = G_MAXUINT;
      row = self->via[column];
      for (guint j = 0; row != start && j < self->m; j++)
        if (self->row_of[j] == row)
          left = j;
      self->row_of[column] = row;
      column = left;
    }
}

static void
assign (const double *cost, guint n, guint m, guint *ret_row)
{
  g_autofree double *row_price = g_new0 (double, n);
  g_autofree double *column_price = g_new0 (double, m);
  g_autofree double *reach = g_new (double, m);
  g_autofree guint *via = g_new (guint, m);
  g_autofree gboolean *done = g_new (gboolean, m);
  Assignment self = { cost, n, m, row_price, column_price, ret_row, reach, via, done };
  for (guint j = 0; j < m; j++)
    ret_row[j] = G_MAXUINT;
  for (guint i = 0; i < n; i++)
    bring_in (&self, i);
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
        double s = assay_object_similarity (one, other, task);
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
