/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/page-review.h"

#include "app/gui/widget.h"

struct _AssayPageReview
{
  GtkWidget parent_instance;
  AssayDesk *desk; /* NULL without a project */
};

static void assay_page_review_implement (AssayPageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AssayPageReview, assay_page_review, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ASSAY_TYPE_PAGE, assay_page_review_implement))

static void
set_desk (AssayPage *base, AssayDesk *desk)
{
  AssayPageReview *page = ASSAY_PAGE_REVIEW (base);
  g_set_object (&page->desk, desk);
}

static void
assay_page_review_implement (AssayPageInterface *iface)
{
  iface->set_desk = set_desk;
}

static void
assay_page_review_dispose (GObject *object)
{
  AssayPageReview *page = ASSAY_PAGE_REVIEW (object);
  g_clear_object (&page->desk);
  assay_widget_clear (page, ASSAY_TYPE_PAGE_REVIEW);
  G_OBJECT_CLASS (assay_page_review_parent_class)->dispose (object);
}

static void
assay_page_review_class_init (AssayPageReviewClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = assay_page_review_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/assay/Assay/page-review.ui");
}

static void
assay_page_review_init (AssayPageReview *page)
{
  gtk_widget_init_template (GTK_WIDGET (page));
}
