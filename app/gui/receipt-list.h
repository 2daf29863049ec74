/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/receipt-list.h - all recordings of a project, the newest first, each with its verdict; words narrow it
 * down.
 *
 * Signal "chosen" (const AssayId *session). Main thread. */
#include "app/gui/desk.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_RECEIPT_LIST (assay_receipt_list_get_type ())
G_DECLARE_FINAL_TYPE (AssayReceiptList, assay_receipt_list, ASSAY, RECEIPT_LIST, GtkWidget)

GtkWidget *assay_receipt_list_new (void);
/* Reads them, off the main loop, and takes the focus when they are there. */
void assay_receipt_list_read (AssayReceiptList *list, AssayDesk *desk);

G_END_DECLS
