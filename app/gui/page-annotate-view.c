/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the Annotate page looks: an item that one comes back to stands as it was left, in the next sitting too, and
 * so does what helps the eye. */
#include "app/gui/page-annotate-private.h"

#define KEEP_MS 500

static const struct
{
  const char *word;
  AssayAids aid;
} aids[] = {
  { "crosshair", ASSAY_AID_CROSSHAIR },       { "map", ASSAY_AID_MAP },   { "keep-view", ASSAY_AID_KEEP_VIEW },
  { "keep-display", ASSAY_AID_KEEP_DISPLAY }, { "keys", ASSAY_AID_KEYS },
};

static AssayCanvas *
canvas_of (AssayPageAnnotate *page)
{
  return assay_picture_bench_get_canvas (page->picture);
}

/* Of the picture that stands there; FALSE while it is the one before. */
static gboolean
get_view (AssayPageAnnotate *page, AssayLeftView *ret_view)
{
  const AssayScene *scene = assay_page_annotate_get_scene (page);
  const AssayView *view = assay_canvas_get_view (canvas_of (page));
  if (scene == NULL || scene->picture == NULL || view->width <= 0 || view->image_w == 0)
    return FALSE;
  *ret_view = (AssayLeftView){ scene->item->id, { 0, 0 }, 0 };
  if (view->fitted)
    return TRUE;
  ret_view->middle = assay_view_to_image (view, (AssayPoint){ view->width / 2, view->height / 2 });
  ret_view->zoom = view->zoom;
  return TRUE;
}

static void
show_view (AssayPageAnnotate *page, const AssayLeftView *view)
{
  if (view->zoom > 0)
    assay_canvas_look_at (canvas_of (page), view->middle, view->zoom);
  else
    assay_canvas_fit (canvas_of (page));
}

static void
write_view (AssayPageAnnotate *page)
{
  AssayLeftView view;
  AssaySettings *settings = assay_page_get_settings (page);
  g_clear_handle_id (&page->keep_view, g_source_remove);
  if (settings != NULL && page->view_recalled && get_view (page, &view))
    assay_settings_keep_view (settings, assay_desk_get_directory (page->desk), &view);
}

static gboolean
on_keep_view (gpointer data)
{
  write_view (data);
  return G_SOURCE_REMOVE;
}

/* Once a sitting, as soon as the first picture has a size to stand in. */
static gboolean
recall_view (AssayPageAnnotate *page)
{
  AssayLeftView now, left;
  AssaySettings *settings = assay_page_get_settings (page);
  if (page->view_recalled || settings == NULL || !get_view (page, &now))
    return FALSE;
  page->view_recalled = TRUE;
  if (!assay_settings_recall_view (settings, assay_desk_get_directory (page->desk), &left)
      || !assay_id_equal (&left.item, &now.item))
    return FALSE;
  show_view (page, &left);
  return TRUE;
}

void
assay_page_annotate_view_changed (AssayPageAnnotate *page)
{
  recall_view (page);
  g_clear_handle_id (&page->keep_view, g_source_remove);
  if (page->view_recalled)
    page->keep_view = g_timeout_add (KEEP_MS, on_keep_view, page);
}

void
assay_page_annotate_view_shown (AssayPageAnnotate *page)
{
  AssayLeftView now;
  if (recall_view (page) || (assay_canvas_get_aids (canvas_of (page)) & ASSAY_AID_KEEP_VIEW) != 0
      || !get_view (page, &now))
    return;
  const AssayLeftView *left = g_hash_table_lookup (page->views, &now.item);
  if (left != NULL)
    show_view (page, left);
}

void
assay_page_annotate_view_left (AssayPageAnnotate *page)
{
  AssayLeftView view;
  if (page->keep_view != 0)
    write_view (page);
  if (!get_view (page, &view))
    return;
  AssayLeftView *left = g_memdup2 (&view, sizeof view);
  g_hash_table_replace (page->views, &left->item, left);
}

/* What helps the eye */

static void
on_display_changed (AssayPageAnnotate *page)
{
  AssaySettings *settings = assay_page_get_settings (page);
  AssayAids now = assay_canvas_get_aids (canvas_of (page));
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  if (settings == NULL || now == page->aids)
    return;
  page->aids = now;
  for (guint i = 0; i < G_N_ELEMENTS (aids); i++)
    if ((now & aids[i].aid) != 0)
      g_ptr_array_add (words, (gpointer) aids[i].word);
  g_ptr_array_add (words, NULL);
  assay_settings_set_aids (settings, (const char *const *) words->pdata);
}

static void
recall_aids (AssayPageAnnotate *page)
{
  AssaySettings *settings = assay_page_get_settings (page);
  g_auto (GStrv) words = settings != NULL ? assay_settings_dup_aids (settings) : NULL;
  AssayAids found = 0;
  if (words == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (aids); i++)
    if (g_strv_contains ((const char *const *) words, aids[i].word))
      found |= aids[i].aid;
  page->aids = found;
  assay_canvas_set_aids (canvas_of (page), found);
}

void
assay_page_annotate_begin_views (AssayPageAnnotate *page)
{
  g_hash_table_remove_all (page->views);
  page->view_recalled = FALSE;
  if (!page->recalled)
    recall_aids (page);
}

void
assay_page_annotate_init_views (AssayPageAnnotate *page)
{
  page->views = g_hash_table_new_full (assay_id_hash, assay_id_hash_equal, NULL, g_free);
  page->aids = assay_canvas_get_aids (canvas_of (page));
  g_signal_connect_object (canvas_of (page), "display-changed", G_CALLBACK (on_display_changed), page,
                           G_CONNECT_SWAPPED);
}
