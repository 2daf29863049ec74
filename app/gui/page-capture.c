/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/page-capture.h"

#include "app/gui/widget.h"

struct _AssayPageCapture
{
  GtkWidget parent_instance;
  AssayDesk *desk; /* NULL without a project */
};

static void assay_page_capture_implement (AssayPageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AssayPageCapture, assay_page_capture, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ASSAY_TYPE_PAGE, assay_page_capture_implement))

static void
set_desk (AssayPage *base, AssayDesk *desk)
{
  AssayPageCapture *page = ASSAY_PAGE_CAPTURE (base);
  g_set_object (&page->desk, desk);
}

static void
assay_page_capture_implement (AssayPageInterface *iface)
{
  iface->set_desk = set_desk;
}

static void
assay_page_capture_dispose (GObject *object)
{
  AssayPageCapture *page = ASSAY_PAGE_CAPTURE (object);
  g_clear_object (&page->desk);
  assay_widget_clear (page, ASSAY_TYPE_PAGE_CAPTURE);
  G_OBJECT_CLASS (assay_page_capture_parent_class)->dispose (object);
}

static void
assay_page_capture_class_init (AssayPageCaptureClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = assay_page_capture_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/assay/Assay/page-capture.ui");
}

static void
assay_page_capture_init (AssayPageCapture *page)
{
  gtk_widget_init_template (GTK_WIDGET (page));
}
