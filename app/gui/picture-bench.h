/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/picture-bench.h - where pictures are labelled: the tools in a thin column, the canvas, the model beside
 * it for poses. It ties a canvas to an annotation: input goes to the tool, what changed is drawn.
 *
 * Signals: "view-changed"; "tool-chosen" (const char * id), by the column; "shown": the picture
 * can be seen; "failed" (const GError *): it cannot be shown. Main thread. */
#include "app/gui/annotation.h"
#include "app/gui/canvas.h"
#include "app/gui/item-notice.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_PICTURE_BENCH (assay_picture_bench_get_type ())
G_DECLARE_FINAL_TYPE (AssayPictureBench, assay_picture_bench, ASSAY, PICTURE_BENCH, GtkWidget)

/* Opened already; NULL = nothing. */
void assay_picture_bench_set_annotation (AssayPictureBench *bench, AssayAnnotation *annotation);
/* Selection, class or tool is another: draws everything that may follow from it. */
void assay_picture_bench_update (AssayPictureBench *bench);
/* What is hidden, or how it is drawn, is another. */
void assay_picture_bench_redraw (AssayPictureBench *bench);
/* The picture that stands before this one in the sequence (nullable: it is the first), for who wants it beside. */
void assay_picture_bench_set_preceding (AssayPictureBench *bench, const AssayItem *item, const char *path);
/* Shows it beside, moved and zoomed with this one, or no more. */
void assay_picture_bench_toggle_beside (AssayPictureBench *bench);
/* Opens or closes the panel of how the picture is shown. */
void assay_picture_bench_show_display (AssayPictureBench *bench);
/* What else is drawn over the picture. */
void assay_picture_bench_set_notice (AssayPictureBench *bench, AssayItemNotice *notice);
gboolean assay_picture_bench_is_loading (AssayPictureBench *bench); /* "shown" or "failed" follows */
AssayCanvas *assay_picture_bench_get_canvas (AssayPictureBench *bench);
/* Another project: none of its pictures is kept, nor shown. */
void assay_picture_bench_forget (AssayPictureBench *bench);
/* Decodes the next one ahead of time. */
void assay_picture_bench_prefetch (AssayPictureBench *bench, const AssayItem *item, const char *path);

G_END_DECLS
