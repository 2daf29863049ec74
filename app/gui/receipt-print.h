/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/receipt-print.h - a receipt on paper, or as PDF, which needs no printer. Main thread. */
#include "app/job-receipt.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Asks for the printer; what goes wrong later is told as a toast on `from`. The receipt is copied as its text. */
gboolean assay_receipt_print (const AssayReceipt *receipt, GtkWidget *from, GError **error);
/* `from` is nullable. A4, as many pages as it takes. Written beside it and renamed, so that a file of this name is
 * whole or the old one. */
gboolean assay_receipt_print_pdf (const AssayReceipt *receipt, const char *path, GtkWidget *from, GError **error);

G_END_DECLS
