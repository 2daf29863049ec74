/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pictures around the one on the Annotate page: the next one is decoded ahead of time, so that it shows at
 * once; the one before it can be shown beside. */
#include "app/gui/page-annotate-private.h"

#include "core/media.h"
#include "core/scope.h"

typedef struct
{
  gint64 row;
  gboolean is_in_sequence;
  AssayMediaKind kind;
  AssayItem *next, *preceding; /* (nullable) */
  char *next_path, *preceding_path;
} Around;

static void
around_free (gpointer data)
{
  Around *around = data;
  assay_item_free (around->next);
  assay_item_free (around->preceding);
  g_free (around->next_path);
  g_free (around->preceding_path);
  g_free (around);
}

/* Neither item nor path when there is none. */
static gboolean
find_item (AssayProject *project, const char *where, AssayItem **ret_item, char **ret_path, GError **error)
{
  g_autoptr (GArray) rows = assay_item_list_rows (project->store, where, error);
  if (rows == NULL || rows->len == 0)
    return rows != NULL;
  *ret_item = assay_item_get_row (project->store, g_array_index (rows, gint64, 0), error);
  if (*ret_item != NULL)
    *ret_path = assay_item_dup_path (project, *ret_item);
  return *ret_item != NULL;
}

/* The next one is that of the list. The one before is that of the sequence, which is what one camera has seen. */
static gboolean
find_around (AssayProject *project, gpointer data, GError **error)
{
  Around *around = data;
  const char *kind = assay_media_kind_to_text (around->kind);
  g_autofree char *next = g_strdup_printf (
      "row = (SELECT min (row) FROM item WHERE media_kind = '%s' AND row > %" G_GINT64_FORMAT ")", kind,
      around->row);
  g_autofree char *preceding
      = around->is_in_sequence
            ? g_strdup_printf (
                "row = (SELECT other.row FROM item AS this JOIN item AS other ON other.sequence ="
                " this.sequence AND other.position < this.position WHERE this.row = %" G_GINT64_FORMAT
                " AND other.media_kind = '%s' ORDER BY other.position DESC LIMIT 1)",
                around->row, kind)
            : g_strdup_printf (
                "row = (SELECT max (row) FROM item WHERE media_kind = '%s' AND row < %" G_GINT64_FORMAT ")", kind,
                around->row);
  return find_item (project, next, &around->next, &around->next_path, error)
         && find_item (project, preceding, &around->preceding, &around->preceding_path, error);
}

static void
on_found (gpointer owner, gpointer data, const GError *error)
{
  AssayPageAnnotate *page = owner;
  const Around *around = data;
  const AssayScene *scene = assay_page_annotate_get_scene (page);
  if (scene == NULL || assay_page_annotate_is_sound (page) || scene->item->row != around->row)
    return;
  if (around->next != NULL)
    assay_picture_bench_prefetch (page->picture, around->next, around->next_path);
  assay_picture_bench_set_preceding (page->picture, around->preceding, around->preceding_path);
}

void
assay_page_annotate_read_around (AssayPageAnnotate *page)
{
  const AssayScene *scene = assay_page_annotate_get_scene (page);
  Around *around = g_new0 (Around, 1);
  around->row = scene->item->row;
  around->is_in_sequence = scene->item->sequence != NULL;
  around->kind = assay_scope_get_media (scene->task);
  assay_desk_read (page->desk, find_around, around, around_free, on_found, page);
}
