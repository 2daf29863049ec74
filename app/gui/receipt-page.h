/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/receipt-page.h - what a recording gave, over the page that recorded it: the verdict first, then figures
 * sensor by sensor, and where something is missing; to be saved, printed, and left for that of any other recording. Escape closes it. Signal "closed". Main thread. */
#include "app/gui/desk.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_RECEIPT_PAGE (assay_receipt_page_get_type ())
G_DECLARE_FINAL_TYPE (AssayReceiptPage, assay_receipt_page, ASSAY, RECEIPT_PAGE, GtkWidget)

GtkWidget *assay_receipt_page_new (void);
/* Reads the receipt of a session (nil = the last one) and shows itself when it is there. */
void assay_receipt_page_open (AssayReceiptPage *page, AssayDesk *desk, const AssayId *session);
/* All recordings, to choose one from. */
void assay_receipt_page_open_list (AssayReceiptPage *page, AssayDesk *desk);

G_END_DECLS
