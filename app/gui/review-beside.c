/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/review-beside.h"

#include "app/gui/swatch.h"

struct _AssayReviewBeside
{
  GtkWidget parent_instance;
  GtkBox *row;
  GPtrArray *canvases; /* of AssayCanvas, borrowed from the row */
  gboolean linking;
};

G_DEFINE_FINAL_TYPE (AssayReviewBeside, assay_review_beside, GTK_TYPE_WIDGET)

static void
on_view_changed (AssayCanvas *canvas, AssayReviewBeside *beside)
{
  const AssayView *view = assay_canvas_get_view (canvas);
  if (beside->linking || view->image_w == 0)
    return;
  beside->linking = TRUE;
  AssayPoint middle = assay_view_to_image (view, (AssayPoint){ view->width / 2, view->height / 2 });
  for (guint i = 0; i < beside->canvases->len; i++)
    if (beside->canvases->pdata[i] != canvas
        && assay_canvas_get_view (beside->canvases->pdata[i])->image_w == view->image_w)
      assay_canvas_look_at (beside->canvases->pdata[i], middle, view->zoom);
  beside->linking = FALSE;
}

/* The outlines of one answer alone. */
static void
draw (AssayCanvas *canvas, const AssayReviewCase *review, const AssayAnswerShown *answer)
{
  g_autoptr (GHashTable) others = g_hash_table_new (g_int64_hash, g_int64_equal);
  for (guint i = 0; i < review->answers->len; i++)
    if (review->answers->pdata[i] != answer)
      g_hash_table_add (others, &((AssayAnswerShown *) review->answers->pdata[i])->label->annotator_row);
  g_autofree char *words = g_strdup_printf ("answer of %s", answer->name);
  assay_canvas_set_marks (canvas, assay_review_case_list_marks (review, others), NULL);
  assay_canvas_set_description (canvas, words);
}

static void
add_answer (AssayReviewBeside *beside, const AssayReviewCase *review, const AssayAnswerShown *answer,
            AssayPyramid *pyramid)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6),
            *swatch = assay_swatch_new (), *name = gtk_label_new (answer->name), *canvas = assay_canvas_new ();
  assay_swatch_set_colour (ASSAY_SWATCH (swatch), answer->colour);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (head, "beside-head");
  gtk_box_append (GTK_BOX (head), swatch);
  gtk_box_append (GTK_BOX (head), name);
  gtk_widget_set_vexpand (canvas, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (canvas), GTK_ACCESSIBLE_PROPERTY_LABEL, answer->name, -1);
  assay_canvas_set_pyramid (ASSAY_CANVAS (canvas), pyramid);
  draw (ASSAY_CANVAS (canvas), review, answer);
  g_signal_connect_object (canvas, "view-changed", G_CALLBACK (on_view_changed), beside, 0);
  gtk_box_append (GTK_BOX (box), head);
  gtk_box_append (GTK_BOX (box), canvas);
  gtk_box_append (beside->row, box);
  g_ptr_array_add (beside->canvases, canvas);
}

static void
clear (AssayReviewBeside *beside)
{
  GtkWidget *child;
  /* Marks borrow from a case that is about to go; the widgets may be held a moment longer. */
  for (guint i = 0; i < beside->canvases->len; i++)
    assay_canvas_set_marks (beside->canvases->pdata[i], assay_marks_new (), NULL);
  g_ptr_array_set_size (beside->canvases, 0);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (beside->row))) != NULL)
    gtk_box_remove (beside->row, child);
}

void
assay_review_beside_show (AssayReviewBeside *beside, const AssayReviewCase *review, AssayPyramid *pyramid,
                          GHashTable *hidden, const AssayView *like)
{
  beside->linking = TRUE;
  clear (beside);
  for (guint i = 0; review != NULL && i < review->answers->len; i++)
    {
      const AssayAnswerShown *answer = review->answers->pdata[i];
      if (!g_hash_table_contains (hidden, &answer->label->annotator_row))
        add_answer (beside, review, answer, pyramid);
    }
  beside->linking = FALSE;
  if (beside->canvases->len == 0 || like == NULL || like->image_w == 0 || like->fitted)
    return;
  AssayPoint middle = assay_view_to_image (like, (AssayPoint){ like->width / 2, like->height / 2 });
  for (guint i = 0; i < beside->canvases->len; i++)
    assay_canvas_look_at (beside->canvases->pdata[i], middle, like->zoom);
}

AssayCanvas *
assay_review_beside_get_canvas (AssayReviewBeside *beside)
{
  return beside->canvases->len > 0 ? beside->canvases->pdata[0] : NULL;
}

static gboolean
assay_review_beside_grab_focus (GtkWidget *widget)
{
  AssayCanvas *canvas = assay_review_beside_get_canvas (ASSAY_REVIEW_BESIDE (widget));
  return canvas != NULL && gtk_widget_grab_focus (GTK_WIDGET (canvas));
}

static void
assay_review_beside_dispose (GObject *object)
{
  AssayReviewBeside *beside = ASSAY_REVIEW_BESIDE (object);
  if (beside->row != NULL)
    clear (beside);
  g_clear_pointer ((GtkWidget **) &beside->row, gtk_widget_unparent);
  G_OBJECT_CLASS (assay_review_beside_parent_class)->dispose (object);
}

static void
assay_review_beside_finalize (GObject *object)
{
  g_ptr_array_unref (ASSAY_REVIEW_BESIDE (object)->canvases);
  G_OBJECT_CLASS (assay_review_beside_parent_class)->finalize (object);
}

static void
assay_review_beside_class_init (AssayReviewBesideClass *class)
{
  G_OBJECT_CLASS (class)->dispose = assay_review_beside_dispose;
  G_OBJECT_CLASS (class)->finalize = assay_review_beside_finalize;
  GTK_WIDGET_CLASS (class)->grab_focus = assay_review_beside_grab_focus;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
}

static void
assay_review_beside_init (AssayReviewBeside *beside)
{
  beside->canvases = g_ptr_array_new ();
  beside->row = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 3));
  gtk_box_set_homogeneous (beside->row, TRUE);
  gtk_widget_set_parent (GTK_WIDGET (beside->row), GTK_WIDGET (beside));
}
