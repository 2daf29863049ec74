/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the Review page shows a case: all answers at once, where they differ, one after the other, side by side. */
#include "app/gui/page-review-private.h"
#include "app/gui/picture-load.h"
#include "app/gui/shortcuts.h"

#define BLINK_MS 700 /* slow enough to see each, and far from what flickers */

static const struct
{
  const char *name, *title, *tip;
} views[ASSAY_REVIEW_N_VIEWS] = {
  { "overlay", "All", "Every answer in its colour" },
  { "difference", "Difference", "What all claim, what one alone claims, and how far apart" },
  { "blink", "Blink", "One answer after the other" },
  { "beside", "Side by Side", "A picture each, moved and zoomed as one" },
};

static gboolean
is_sound (AssayPageReview *page)
{
  return page->review != NULL && page->review->item->media_kind == ASSAY_MEDIA_SOUND;
}

static GHashTable *
hidden_of (AssayPageReview *page)
{
  return assay_answer_bar_get_hidden (page->answers);
}

/* Drawing */

/* Everybody but one. */
static AssayMarks *
marks_of_one (AssayPageReview *page, const AssayAnswerShown *answer)
{
  g_autoptr (GHashTable) others = g_hash_table_new (g_int64_hash, g_int64_equal);
  for (guint i = 0; i < page->review->answers->len; i++)
    if (page->review->answers->pdata[i] != answer)
      g_hash_table_add (others, &((AssayAnswerShown *) page->review->answers->pdata[i])->label->annotator_row);
  return assay_review_case_list_marks (page->review, others);
}

/* The one whose turn it is; NULL when all are hidden. */
static const AssayAnswerShown *
find_blinking (AssayPageReview *page)
{
  const GPtrArray *answers = page->review->answers;
  for (guint k = 0; k < answers->len; k++)
    {
      const AssayAnswerShown *answer = answers->pdata[(page->blink_at + k) % answers->len];
      if (g_hash_table_contains (hidden_of (page), &answer->label->annotator_row))
        continue;
      page->blink_at = (page->blink_at + k) % answers->len;
      return answer;
    }
  return NULL;
}

static void
say (AssayPageReview *page, const char *words)
{
  gtk_label_set_text (page->says, words);
}

/* The marks that were drawn go before what they borrow from. */
static void
draw (AssayPageReview *page)
{
  g_autoptr (AssayReviewDifference) before = g_steal_pointer (&page->difference);
  g_autofree char *words = NULL;
  AssayMarks *marks;
  const AssayAnswerShown *answer = page->view == ASSAY_REVIEW_VIEW_BLINK ? find_blinking (page) : NULL;
  if (page->merge != NULL)
    {
      marks = assay_review_merge_list_marks (page->merge, assay_merge_list_get_selected (page->merge_list));
      words = g_strdup ("a click takes what is below it from the next answer that has it");
    }
  else if (page->view == ASSAY_REVIEW_VIEW_DIFFERENCE && page->review->task != NULL)
    {
      page->difference = assay_review_difference_new (page->review, hidden_of (page));
      marks = assay_marks_new ();
      g_array_append_vals (marks->marks, page->difference->marks->marks->data, page->difference->marks->marks->len);
      words = g_strdup (page->difference->words);
    }
  else if (answer != NULL)
    {
      marks = marks_of_one (page, answer);
      words = g_strdup_printf ("%s alone", answer->name);
    }
  else
    marks = assay_review_case_list_marks (page->review, hidden_of (page));
  assay_canvas_set_look (page->canvas,
                         (AssayMarksLook){ .opacity = page->difference != NULL ? 0.35 : ASSAY_MARKS_OPACITY });
  assay_canvas_set_marks (page->canvas, marks, NULL);
  say (page, words != NULL ? words : "");
  g_autofree char *n = g_strdup_printf ("%u answers", page->review->answers->len);
  assay_canvas_set_description (page->canvas, words != NULL ? words : n);
}

static gboolean
blink (gpointer data)
{
  AssayPageReview *page = data;
  page->blink_at++;
  if (page->review != NULL && page->review->answers->len > 0)
    draw (page);
  return G_SOURCE_CONTINUE;
}

static void
update_blink (AssayPageReview *page)
{
  gboolean wanted = page->view == ASSAY_REVIEW_VIEW_BLINK && page->merge == NULL && page->review != NULL
                    && !is_sound (page) && page->review->answers->len > 1;
  if (wanted && page->blink == 0)
    page->blink = g_timeout_add (BLINK_MS, blink, page);
  else if (!wanted)
    g_clear_handle_id (&page->blink, g_source_remove);
}

static void
show (AssayPageReview *page)
{
  gboolean beside = page->view == ASSAY_REVIEW_VIEW_BESIDE && page->review->answers->len > 0 && page->merge == NULL;
  update_blink (page);
  gtk_widget_set_visible (gtk_widget_get_parent (GTK_WIDGET (page->view_row)),
                          !is_sound (page) && page->review->answers->len > 1);
  if (is_sound (page))
    {
      say (page, "");
      gtk_stack_set_visible_child_name (page->media, "sound");
      assay_review_sound_show (page->sound, page->review, hidden_of (page));
      return;
    }
  AssayCanvas *seen = assay_review_beside_get_canvas (page->beside);
  AssayView like = *assay_canvas_get_view (seen != NULL ? seen : page->canvas);
  assay_review_beside_show (page->beside, beside ? page->review : NULL, page->pyramid, hidden_of (page), &like);
  if (!beside && seen != NULL && like.image_w > 0 && !like.fitted)
    assay_canvas_look_at (page->canvas,
                          assay_view_to_image (&like, (AssayPoint){ like.width / 2, like.height / 2 }), like.zoom);
  gtk_stack_set_visible_child_name (page->media, beside ? "beside" : "picture");
  draw (page);
}

/* The media */

static void
on_picture (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (AssayPageReview) page = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayPyramid) pyramid = assay_picture_load_finish (result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || page->review == NULL)
    return;
  if (error != NULL)
    {
      assay_page_show_error (page, error);
      return;
    }
  g_clear_pointer (&page->pyramid, assay_pyramid_unref);
  page->pyramid = g_steal_pointer (&pyramid);
  assay_canvas_set_pyramid (page->canvas, page->pyramid);
  show (page);
}

void
assay_page_review_cancel_loading (AssayPageReview *page)
{
  if (page->loading != NULL)
    g_cancellable_cancel (page->loading);
  g_clear_object (&page->loading);
}

void
assay_page_review_show_media (AssayPageReview *page, gboolean new_item)
{
  if (new_item)
    {
      assay_page_review_cancel_loading (page);
      g_clear_pointer (&page->pyramid, assay_pyramid_unref);
      page->blink_at = 0;
      assay_canvas_set_pyramid (page->canvas, NULL);
    }
  show (page);
  if (!new_item || is_sound (page))
    return;
  page->loading = g_cancellable_new ();
  assay_picture_load_async (page->review->item, page->review->path, page->loading, on_picture, g_object_ref (page));
}

void
assay_page_review_clear_media (AssayPageReview *page)
{
  assay_canvas_set_marks (page->canvas, assay_marks_new (), NULL);
  g_clear_pointer (&page->difference, assay_review_difference_free);
  g_clear_handle_id (&page->blink, g_source_remove);
}

GtkWidget *
assay_page_review_get_work (AssayPageReview *page)
{
  if (is_sound (page))
    return GTK_WIDGET (page->sound);
  return page->view == ASSAY_REVIEW_VIEW_BESIDE && page->merge == NULL ? GTK_WIDGET (page->beside)
                                                                       : GTK_WIDGET (page->canvas);
}

static void
on_hidden (AssayPageReview *page)
{
  if (page->review != NULL)
    show (page);
}

static void
on_failed (AssayPageReview *page, const GError *error)
{
  assay_page_show_error (page, error);
}

/* Actions */

static void
set_view (AssayPageReview *page, AssayReviewView view)
{
  page->view = view;
  for (guint i = 0; i < ASSAY_REVIEW_N_VIEWS; i++)
    gtk_toggle_button_set_active (page->views[i], i == view);
  if (page->review != NULL)
    show (page);
}

/* The same key again goes back to all at once. */
static void
act_view (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageReview *page = ASSAY_PAGE_REVIEW (widget);
  for (guint i = 0; i < ASSAY_REVIEW_N_VIEWS; i++)
    if (g_str_equal (g_variant_get_string (parameter, NULL), views[i].name))
      set_view (page, page->view == i ? ASSAY_REVIEW_VIEW_OVERLAY : (AssayReviewView) i);
}

static void
on_view_button (GtkToggleButton *button, AssayPageReview *page)
{
  for (guint i = 0; i < ASSAY_REVIEW_N_VIEWS; i++)
    if (page->views[i] == button)
      set_view (page, (AssayReviewView) i);
}

static void
act_zoom (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageReview *page = ASSAY_PAGE_REVIEW (widget);
  gboolean in = g_str_equal (action, "page.zoom-in"), fit = g_str_equal (action, "page.fit");
  AssayCanvas *canvas
      = page->view == ASSAY_REVIEW_VIEW_BESIDE ? assay_review_beside_get_canvas (page->beside) : NULL;
  if (canvas == NULL)
    canvas = page->canvas;
  if (is_sound (page) && fit)
    assay_review_sound_fit (page->sound);
  else if (is_sound (page) && !g_str_equal (action, "page.zoom-100"))
    assay_review_sound_zoom_by (page->sound, in ? 1.25 : 0.8);
  else if (fit)
    assay_canvas_fit (canvas);
  else if (g_str_equal (action, "page.zoom-100"))
    assay_canvas_zoom_by (canvas, 1 / assay_canvas_get_view (canvas)->zoom);
  else
    assay_canvas_zoom_by (canvas, in ? 1.25 : 0.8);
}

static void
act_play (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageReview *page = ASSAY_PAGE_REVIEW (widget);
  if (is_sound (page))
    assay_review_sound_toggle_playing (page->sound);
}

void
assay_page_review_install_views (GtkWidgetClass *class)
{
  gtk_widget_class_bind_template_callback (class, on_hidden);
  gtk_widget_class_bind_template_callback (class, on_failed);
  gtk_widget_class_install_action (class, "page.view", "s", act_view);
  gtk_widget_class_install_action (class, "page.fit", NULL, act_zoom);
  gtk_widget_class_install_action (class, "page.zoom-in", NULL, act_zoom);
  gtk_widget_class_install_action (class, "page.zoom-out", NULL, act_zoom);
  gtk_widget_class_install_action (class, "page.zoom-100", NULL, act_zoom);
  gtk_widget_class_install_action (class, "page.play", NULL, act_play);
}

/* Each button shows its key. */
static GtkWidget *
button_new (AssayPageReview *page, guint i)
{
  GtkWidget *button = gtk_toggle_button_new (), *inner = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  g_autofree char *target = g_strdup_printf ("'%s'", views[i].name);
  gtk_box_append (GTK_BOX (inner), gtk_label_new (views[i].title));
  if (i != ASSAY_REVIEW_VIEW_OVERLAY)
    {
      GtkWidget *key = assay_shortcuts_label_new ("page.view", target);
      gtk_widget_add_css_class (key, "keycap-small");
      gtk_box_append (GTK_BOX (inner), key);
    }
  gtk_button_set_child (GTK_BUTTON (button), inner);
  gtk_widget_set_focus_on_click (button, FALSE);
  gtk_widget_add_css_class (button, "small-button");
  gtk_widget_set_tooltip_text (button, views[i].tip);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), i == ASSAY_REVIEW_VIEW_OVERLAY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, views[i].title, -1);
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_view_button), page, 0);
  return button;
}

void
assay_page_review_init_views (AssayPageReview *page)
{
  for (guint i = 0; i < ASSAY_REVIEW_N_VIEWS; i++)
    {
      page->views[i] = GTK_TOGGLE_BUTTON (button_new (page, i));
      gtk_box_append (page->view_row, GTK_WIDGET (page->views[i]));
    }
}
