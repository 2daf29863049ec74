/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the Annotate page hands in, and takes back. */
#include "app/gui/page-annotate-private.h"

gboolean
assay_page_annotate_is_seen (AssayPageAnnotate *page)
{
  const AssayScene *scene = assay_page_annotate_get_scene (page);
  return scene != NULL && !page->leaving && (assay_page_annotate_is_sound (page) || scene->picture != NULL);
}

void
assay_page_annotate_submit_wanted (AssayPageAnnotate *page)
{
  if (page->submit_row == 0 || !assay_page_annotate_is_seen (page) || assay_annotation_is_busy (page->annotation)
      || page->submit_row != assay_annotation_get_item_row (page->annotation))
    return;
  page->submit_row = 0;
  assay_annotation_revise (page->annotation, ASSAY_LABEL_SUBMITTED, NULL);
}

/* Nobody has seen yet what this would be an answer to: it waits for the picture; or for an undo, and for what was
 * drawn during it. */
static void
submit_later (AssayPageAnnotate *page)
{
  gboolean comes = assay_page_annotate_is_seen (page) || page->leaving || assay_page_annotate_get_session (page) == NULL
                   || assay_picture_bench_is_loading (page->picture);
  if (comes)
    page->submit_row = assay_item_list_get_selected (page->items);
  assay_page_annotate_show_hint (page,
                                 !comes           ? "the picture cannot be read: skip the item, or mend its file"
                                 : assay_page_annotate_is_seen (page) ? "one moment: undoing, then it is submitted"
                                                  : "one moment: the item is being read, then it is submitted",
                                 FALSE);
}

static void
act_revise (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageAnnotate *page = ASSAY_PAGE_ANNOTATE (widget);
  gboolean submits = g_str_equal (action, "page.submit");
  if (assay_page_annotate_has_grid (page))
    {
      assay_tag_grid_submit (page->grid);
      return;
    }
  if (page->annotation == NULL)
    {
      assay_page_annotate_show_hint (page, "one moment: looking where you left; nothing is submitted yet", FALSE);
      return;
    }
  if (assay_annotation_is_handed_in (page->annotation) && !page->leaving)
    return;
  assay_page_annotate_flush (page); /* words still being typed belong to the answer */
  if (submits && (!assay_page_annotate_is_seen (page) || assay_annotation_is_busy (page->annotation)))
    submit_later (page);
  else if (page->leaving || assay_page_annotate_get_session (page) == NULL)
    assay_page_annotate_show_hint (page, "one moment: the item is being read", FALSE);
  else
    assay_annotation_revise (page->annotation, submits ? ASSAY_LABEL_SUBMITTED : ASSAY_LABEL_SKIPPED, NULL);
}

static void
act_recall (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageAnnotate *page = ASSAY_PAGE_ANNOTATE (widget);
  if (assay_page_annotate_get_session (page) != NULL)
    assay_annotation_recall (page->annotation);
}

static void
on_stayed (AssayPageAnnotate *page, const GError *error, const char *end)
{
  if (page->annotation != NULL)
    assay_annotation_stay (page->annotation);
  if (error != NULL)
    assay_page_show_error (page, error);
  else
    {
      g_autofree char *words = g_strdup_printf ("Nothing is left: %s", end);
      assay_page_toast (page, words);
    }
}

static void
on_picture_shown (AssayPageAnnotate *page)
{
  assay_page_annotate_view_shown (page);
  assay_page_annotate_submit_wanted (page);
}

void
assay_page_annotate_install_answer (GtkWidgetClass *class)
{
  gtk_widget_class_bind_template_callback (class, on_stayed);
  gtk_widget_class_bind_template_callback (class, on_picture_shown);
  gtk_widget_class_install_action (class, "page.submit", NULL, act_revise);
  gtk_widget_class_install_action (class, "page.skip", NULL, act_revise);
  gtk_widget_class_install_action (class, "page.recall", NULL, act_recall);
}
