/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a secondary click offers on the Annotate page, for keys: of the item in the list, or of the objects, at the
 * one that is selected. */
#include "app/gui/page-annotate-private.h"

/* In the page: the middle of the selected object as it is shown, else where the pointer is, else the middle. */
static AssayPoint
find_place (AssayPageAnnotate *page)
{
  const AssayScene *scene = assay_page_annotate_get_scene (page);
  AssayCanvas *canvas = assay_picture_bench_get_canvas (page->picture);
  const AssayObject *object = assay_scene_get_selected (scene);
  double width = gtk_widget_get_width (GTK_WIDGET (canvas)), height = gtk_widget_get_height (GTK_WIDGET (canvas));
  AssayPoint at = { width / 2, height / 2 };
  AssayRect box;
  if (object != NULL && scene->task->kind->bounds != NULL && scene->task->kind->bounds (object->value, &box))
    at = assay_view_from_image (assay_canvas_get_view (canvas),
                                (AssayPoint){ box.x + box.w / 2, box.y + box.h / 2 });
  else
    assay_canvas_get_pointer (canvas, &at);
  AssayPoint in_page = { 0, 0 };
  gtk_widget_translate_coordinates (GTK_WIDGET (canvas), GTK_WIDGET (page), CLAMP (at.x, 0, width),
                                    CLAMP (at.y, 0, height), &in_page.x, &in_page.y);
  return in_page;
}

/* Whoever asked goes on where they were. */
static void
on_closed (AssayPageAnnotate *page)
{
  if (page->context_from != NULL && page->shown)
    gtk_widget_grab_focus (page->context_from);
  g_clear_weak_pointer (&page->context_from);
}

static void
pop_up (AssayPageAnnotate *page, GtkWidget *from, GtkPositionType side, GdkRectangle at)
{
  g_set_weak_pointer (&page->context_from, from);
  gtk_popover_menu_set_menu_model (page->context, gtk_menu_button_get_menu_model (page->object_menu));
  gtk_popover_set_position (GTK_POPOVER (page->context), side); /* beside it there is room for a long menu */
  gtk_popover_set_pointing_to (GTK_POPOVER (page->context), &at);
  gtk_popover_popup (GTK_POPOVER (page->context));
}

static void
act_menu (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageAnnotate *page = ASSAY_PAGE_ANNOTATE (widget);
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (widget));
  gboolean in_items = focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (page->items));
  gboolean in_objects = focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (page->objects));
  graphene_rect_t bounds;
  if (in_items && assay_item_list_show_menu (page->items))
    return;
  if (assay_page_annotate_get_scene (page) == NULL || assay_page_annotate_is_sound (page)
      || assay_page_annotate_is_tags (page))
    assay_page_annotate_show_hint (page, "there is no menu here", FALSE);
  else if (in_objects && gtk_widget_compute_bounds (focus, widget, &bounds))
    pop_up (page, focus, GTK_POS_LEFT,
            (GdkRectangle){ (int) bounds.origin.x, (int) bounds.origin.y, (int) bounds.size.width,
                            (int) bounds.size.height });
  else
    {
      AssayPoint at = find_place (page);
      pop_up (page, focus, GTK_POS_RIGHT, (GdkRectangle){ (int) at.x, (int) at.y, 1, 1 });
    }
}

void
assay_page_annotate_install_menu (GtkWidgetClass *class)
{
  gtk_widget_class_install_action (class, "page.menu", NULL, act_menu);
}

void
assay_page_annotate_init_menu (AssayPageAnnotate *page)
{
  page->context = GTK_POPOVER_MENU (gtk_popover_menu_new_from_model (NULL));
  gtk_popover_set_has_arrow (GTK_POPOVER (page->context), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (page->context), GTK_ACCESSIBLE_PROPERTY_LABEL, "Objects menu",
                                  -1);
  gtk_widget_set_parent (GTK_WIDGET (page->context), GTK_WIDGET (page));
  g_signal_connect_object (page->context, "closed", G_CALLBACK (on_closed), page, G_CONNECT_SWAPPED);
}
