/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/finding-row.h"

#include "core/alias.h"
#include "core/item.h"
#include "qa/impact.h"

#include <string.h>

struct _AssayFindingRow
{
  GObject parent_instance;
  AssayFinding *finding;
  char *name, *why;
  GPtrArray *whom; /* of char * */
  char *haystack;  /* what words are looked for in, folded */
};

G_DEFINE_FINAL_TYPE (AssayFindingRow, assay_finding_row, G_TYPE_OBJECT)

const AssayFinding *
assay_finding_row_get_finding (AssayFindingRow *row)
{
  return row->finding;
}

const char *
assay_finding_row_get_name (AssayFindingRow *row)
{
  return row->name;
}

const char *
assay_finding_row_get_why (AssayFindingRow *row)
{
  return row->why;
}

const GPtrArray *
assay_finding_row_get_whom (AssayFindingRow *row)
{
  return row->whom;
}

gboolean
assay_finding_row_has_words (AssayFindingRow *row, const char *folded)
{
  return strstr (row->haystack, folded) != NULL;
}

gboolean
assay_finding_row_equal (AssayFindingRow *a, AssayFindingRow *b)
{
  return assay_id_equal (&a->finding->id, &b->finding->id) && g_str_equal (a->why, b->why)
         && a->finding->severity == b->finding->severity && a->finding->score == b->finding->score;
}

static AssayFindingRow *
row_new (AssayProject *project, AssayFinding *take_finding, GError **error)
{
  g_autoptr (AssayFindingRow) row = g_object_new (ASSAY_TYPE_FINDING_ROW, NULL);
  row->finding = take_finding;
  g_autoptr (AssayItem) item
      = take_finding->item_row != 0 ? assay_item_get_row (project->store, take_finding->item_row, NULL) : NULL;
  g_autoptr (AssayAliases) aliases = NULL;
  if (take_finding->annotators->len > 0
      && (aliases = assay_aliases_read (project->store, item, take_finding->task_row, error)) == NULL)
    return NULL;
  row->name = item != NULL ? g_path_get_basename (item->name) : g_strdup ("project");
  row->why = aliases != NULL ? assay_aliases_write (aliases, take_finding->why) : g_strdup (take_finding->why);
  for (guint i = 0; i < take_finding->annotators->len; i++)
    g_ptr_array_add (row->whom, g_strdup (assay_aliases_get_named (aliases, take_finding->annotators->pdata[i])));
  g_autofree char *all = g_strdup_printf ("%s %s", row->name, row->why);
  row->haystack = g_utf8_casefold (all, -1);
  return g_steal_pointer (&row);
}

GPtrArray *
assay_finding_rows_read (AssayProject *project, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) findings = assay_finding_list (project->store, TRUE, error);
  if (findings != NULL)
    assay_impact_sort (findings);
  for (guint i = 0; findings != NULL && i < findings->len; i++)
    {
      AssayFindingRow *row = row_new (project, g_steal_pointer (&findings->pdata[i]), error);
      if (row == NULL)
        return NULL;
      g_ptr_array_add (rows, row);
    }
  return findings != NULL ? g_steal_pointer (&rows) : NULL;
}

static void
assay_finding_row_finalize (GObject *object)
{
  AssayFindingRow *row = ASSAY_FINDING_ROW (object);
  assay_finding_free (row->finding);
  g_free (row->name);
  g_free (row->why);
  g_ptr_array_unref (row->whom);
  g_free (row->haystack);
  G_OBJECT_CLASS (assay_finding_row_parent_class)->finalize (object);
}

static void
assay_finding_row_class_init (AssayFindingRowClass *class)
{
  G_OBJECT_CLASS (class)->finalize = assay_finding_row_finalize;
}

static void
assay_finding_row_init (AssayFindingRow *row)
{
  row->whom = g_ptr_array_new_with_free_func (g_free);
}
