/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/tile-marks.h"

#include <math.h>
#include <string.h>

#define CELLS 48      /* a side: of the box round all marks */
#define MANY_CELLS 64 /* a mark over more than these is looked at by everybody */

/* What is known of a mask, by its serial number. */
typedef struct
{
  guint64 serial;            /* key: the hash table knows it by its own first bytes */
  AssayRect box;             /* w < 0 = empty */
  AssayColumnStart *columns; /* (nullable) until asked for */
  guint seen;                /* number of the edit that had it last */
} Facts;

struct _AssayMarksIndex
{
  AssayMarks *marks;
  AssayRect *boxes;
  Facts **facts; /* by number; NULL for all but masks */
  GHashTable *known;
  guint edit;
  double words_reach;

  gboolean sorted; /* the cells are those of the marks */
  AssayRect all;
  guint32 *cell_begins; /* [CELLS * CELLS + 1] into `in_cells` */
  GArray *in_cells;     /* of guint */
  GArray *everywhere;   /* of guint: large, or still changing */
  guint *found_by;      /* number of the search that found a mark last */
  guint search;
  GArray *found;
};

static void
facts_free (gpointer data)
{
  Facts *facts = data;
  g_free (facts->columns);
  g_free (facts);
}

AssayMarksIndex *
assay_marks_index_new (AssayMarks *take_marks)
{
  AssayMarksIndex *index = g_new0 (AssayMarksIndex, 1);
  index->known = g_hash_table_new_full (g_int64_hash, g_int64_equal, facts_free, NULL);
  index->in_cells = g_array_new (FALSE, FALSE, sizeof (guint));
  index->everywhere = g_array_new (FALSE, FALSE, sizeof (guint));
  index->found = g_array_new (FALSE, FALSE, sizeof (guint));
  index->cell_begins = g_new0 (guint32, CELLS * CELLS + 1);
  assay_marks_index_set (index, take_marks);
  return index;
}

void
assay_marks_index_free (AssayMarksIndex *index)
{
  if (index == NULL)
    return;
  assay_marks_free (index->marks);
  g_hash_table_unref (index->known);
  g_array_unref (index->in_cells);
  g_array_unref (index->everywhere);
  g_array_unref (index->found);
  g_free (index->cell_begins);
  g_free (index->found_by);
  g_free (index->boxes);
  g_free (index->facts);
  g_free (index);
}

static gboolean
is_forgotten (gpointer key, gpointer value, gpointer data)
{
  return ((const Facts *) key)->seen != ((const AssayMarksIndex *) data)->edit;
}

static Facts *
know (AssayMarksIndex *index, const AssayMask *mask)
{
  Facts *facts = g_hash_table_lookup (index->known, &mask->serial);
  if (facts == NULL)
    {
      facts = g_new0 (Facts, 1);
      facts->serial = mask->serial;
      if (!assay_mask_bounds (mask, &facts->box))
        facts->box = (AssayRect){ 0, 0, -1, -1 };
      g_hash_table_add (index->known, facts);
    }
  facts->seen = index->edit;
  return facts;
}

void
assay_marks_index_set (AssayMarksIndex *index, AssayMarks *take_marks)
{
  guint n = take_marks->marks->len, n_masks = 0;
  assay_marks_free (index->marks);
  index->marks = take_marks;
  index->boxes = g_renew (AssayRect, index->boxes, n + 1);
  index->facts = g_renew (Facts *, index->facts, n + 1);
  index->edit++;
  index->sorted = FALSE;
  index->words_reach = 0;
  for (guint i = 0; i < n; i++)
    {
      const AssayMark *mark = assay_marks_index_get (index, i);
      gboolean still = mark->kind == ASSAY_MARK_MASK && mark->paint == NULL && mark->mask != NULL;
      index->facts[i] = still ? know (index, mark->mask) : NULL;
      if (mark->text != NULL)
        index->words_reach = MAX (index->words_reach, assay_mark_get_words_reach (mark));
      n_masks += still;
      if (still)
        index->boxes[i] = index->facts[i]->box;
      else if (!assay_mark_get_box (mark, &index->boxes[i]))
        index->boxes[i] = (AssayRect){ 0, 0, -1, -1 };
    }
  /* Some that are gone may come back by an undo; not many. */
  if (g_hash_table_size (index->known) > n_masks + 64)
    g_hash_table_foreach_remove (index->known, is_forgotten, index);
}

const AssayMark *
assay_marks_index_get (const AssayMarksIndex *index, guint number)
{
  return &g_array_index (index->marks->marks, AssayMark, number);
}

AssayRect
assay_marks_index_get_box (const AssayMarksIndex *index, guint number)
{
  return index->boxes[number];
}

double
assay_marks_index_get_words_reach (const AssayMarksIndex *index)
{
  return index->words_reach;
}

typedef struct
{
  guint left, top, right, bottom; /* cells, the last ones too */
} Cells;

static guint
cell_at (double at, double from, double size)
{
  return (guint) CLAMP (floor ((at - from) / MAX (size, 1e-9) * CELLS), 0, CELLS - 1);
}

static Cells
cells_of (const AssayMarksIndex *index, AssayRect box)
{
  const AssayRect *all = &index->all;
  return (Cells){ cell_at (box.x, all->x, all->w), cell_at (box.y, all->y, all->h),
                  cell_at (box.x + box.w, all->x, all->w), cell_at (box.y + box.h, all->y, all->h) };
}

static gboolean
is_everywhere (const AssayMarksIndex *index, guint i, const Cells *cells)
{
  return assay_marks_index_get (index, i)->paint != NULL
         || (cells->right - cells->left + 1) * (cells->bottom - cells->top + 1) > MANY_CELLS;
}

/* Once to count what each cell holds, and once to put it there. */
static void
fill_cells (AssayMarksIndex *index, gboolean put)
{
  guint32 *begins = index->cell_begins;
  for (guint i = 0; i < index->marks->marks->len; i++)
    {
      Cells cells = cells_of (index, index->boxes[i]);
      if (index->boxes[i].w < 0)
        continue;
      gboolean everywhere = is_everywhere (index, i, &cells);
      if (everywhere && put)
        g_array_append_val (index->everywhere, i);
      for (guint y = cells.top; !everywhere && y <= cells.bottom; y++)
        for (guint x = cells.left; x <= cells.right; x++)
          if (put)
            g_array_index (index->in_cells, guint, begins[y * CELLS + x]++) = i;
          else
            begins[y * CELLS + x + 1]++;
    }
}

static void
sort (AssayMarksIndex *index)
{
  guint n = index->marks->marks->len, n_cells = CELLS * CELLS;
  double left = INFINITY, top = INFINITY, right = -INFINITY, bottom = -INFINITY;
  for (guint i = 0; i < n; i++)
    {
      const AssayRect *box = &index->boxes[i];
      if (box->w < 0 || assay_marks_index_get (index, i)->paint != NULL)
        continue;
      left = MIN (left, box->x);
      top = MIN (top, box->y);
      right = MAX (right, box->x + box->w);
      bottom = MAX (bottom, box->y + box->h);
    }
  index->all = right >= left ? (AssayRect){ left, top, right - left, bottom - top } : (AssayRect){ 0, 0, 1, 1 };
  memset (index->cell_begins, 0, sizeof *index->cell_begins * (n_cells + 1));
  g_array_set_size (index->everywhere, 0);
  fill_cells (index, FALSE);
  for (guint c = 0; c < n_cells; c++)
    index->cell_begins[c + 1] += index->cell_begins[c];
  g_array_set_size (index->in_cells, index->cell_begins[n_cells]);
  fill_cells (index, TRUE);
  /* Putting has moved every begin to its cell's end, which is the next one's begin. */
  memmove (index->cell_begins + 1, index->cell_begins, sizeof *index->cell_begins * n_cells);
  index->cell_begins[0] = 0;
  index->found_by = g_renew (guint, index->found_by, n + 1);
  memset (index->found_by, 0, sizeof *index->found_by * (n + 1));
  index->search = 0;
  index->sorted = TRUE;
}

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  guint x = *(const guint *) a, y = *(const guint *) b;
  return x < y ? -1 : x > y;
}

static gboolean
touches (const AssayRect *a, const AssayRect *b)
{
  return a->w >= 0 && a->x <= b->x + b->w && b->x <= a->x + a->w && a->y <= b->y + b->h && b->y <= a->y + a->h;
}

static void
find_in (AssayMarksIndex *index, const guint *numbers, guint n, const AssayRect *box)
{
  for (guint k = 0; k < n; k++)
    {
      guint i = numbers[k];
      if (index->found_by[i] == index->search)
        continue;
      index->found_by[i] = index->search;
      if (touches (&index->boxes[i], box))
        g_array_append_val (index->found, i);
    }
}

const GArray *
assay_marks_index_find (AssayMarksIndex *index, AssayRect box)
{
  if (!index->sorted)
    sort (index);
  index->search++;
  g_array_set_size (index->found, 0);
  Cells cells = cells_of (index, box);
  find_in (index, (const guint *) (gconstpointer) index->everywhere->data, index->everywhere->len, &box);
  for (guint y = cells.top; y <= cells.bottom; y++)
    for (guint x = cells.left; x <= cells.right; x++)
      {
        const guint32 *begin = &index->cell_begins[y * CELLS + x];
        find_in (index, &g_array_index (index->in_cells, guint, begin[0]), begin[1] - begin[0], &box);
      }
  g_array_sort (index->found, compare_numbers);
  return index->found;
}

const AssayColumnStart *
assay_marks_index_get_columns (AssayMarksIndex *index, guint number)
{
  Facts *facts = index->facts[number];
  const AssayMask *mask = assay_marks_index_get (index, number)->mask;
  if (facts->columns != NULL || facts->box.w < 0)
    return facts->columns;
  guint first = (guint) facts->box.x, n = (guint) facts->box.w;
  facts->columns = g_new (AssayColumnStart, n);
  guint64 before = 0;
  guint run = 0;
  for (guint c = 0; c < n; c++)
    {
      guint64 from = (guint64) (first + c) * mask->height_px;
      while (before + mask->runs[run] <= from)
        before += mask->runs[run++];
      facts->columns[c] = (AssayColumnStart){ run, (guint32) before };
    }
  return facts->columns;
}
