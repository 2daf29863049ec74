/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/sample.h - the sample project, made once under the user's data folder and opened again from then on. */
#include <gio/gio.h>

G_BEGIN_DECLS

void assay_sample_prepare (GAsyncReadyCallback done, gpointer user_data);
/* The directory of the sample project; free it. */
char *assay_sample_finish (GAsyncResult *result, GError **error);

G_END_DECLS
