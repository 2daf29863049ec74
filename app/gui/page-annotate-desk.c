/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the Annotate page asks and says in popovers: a class by its letters, why an item is skipped, what is said of
 * the item as a whole. */
#include "app/gui/page-annotate-private.h"

#include "core/flag.h"

/* A class by its letters */

void
assay_page_annotate_remember_class (AssayPageAnnotate *page)
{
  for (guint i = page->recent->len; i-- > 0;)
    if (assay_id_equal (&g_array_index (page->recent, AssayId, i), &page->current_class))
      g_array_remove_index (page->recent, i);
  g_array_prepend_val (page->recent, page->current_class);
}

static void
act_type_class (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageAnnotate *page = ASSAY_PAGE_ANNOTATE (widget);
  const AssayScene *scene = assay_page_annotate_get_scene (page);
  gboolean grid = assay_page_annotate_has_grid (page);
  const AssayTask *task = grid ? assay_desk_get_task (page->desk) : scene != NULL ? scene->task : NULL;
  if (task == NULL || task->classes->len == 0)
    return;
  GtkWidget *work = grid ? assay_tag_grid_get_view (page->grid)
                    : assay_page_annotate_is_sound (page)
                        ? GTK_WIDGET (assay_sound_bench_get_waveform (page->sound))
                        : GTK_WIDGET (assay_picture_bench_get_canvas (page->picture));
  AssayPoint at = { gtk_widget_get_width (work) / 2.0, gtk_widget_get_height (work) / 2.0 };
  if (!grid && !assay_page_annotate_is_sound (page))
    assay_canvas_get_pointer (ASSAY_CANVAS (work), &at);
  double x = 0, y = 0;
  if (!grid || !assay_tag_grid_get_place (page->grid, widget, &x, &y))
    gtk_widget_translate_coordinates (work, widget, at.x, at.y, &x, &y);
  assay_class_type_ask (page->class_type, (int) x, (int) y, task, page->recent);
}

/* What is said of the item as a whole */

typedef struct
{
  gint64 item_row;
  AssayTask *task;
  AssayAnnotator annotator; /* row and id */
  gboolean skipped;
  const char *flag; /* to be said, or taken back; NULL = only read */
  gboolean stands;
  gboolean discuss, hard;
  char *why_skipped;
} Flags;

static void
flags_free (gpointer data)
{
  Flags *flags = data;
  assay_task_free (flags->task);
  g_free (flags->why_skipped);
  g_free (flags);
}

static gboolean
flags_work (AssayProject *project, gpointer data, GError **error)
{
  Flags *flags = data;
  if (flags->flag != NULL
      && !assay_flag_set (project->store, flags->item_row, flags->flag, flags->stands, NULL, &flags->annotator.id,
                          NULL, error))
    return FALSE;
  g_autoptr (GPtrArray) all = assay_flag_list (project->store, flags->item_row, error);
  for (guint i = 0; all != NULL && i < all->len; i++)
    {
      const AssayFlag *flag = all->pdata[i];
      flags->discuss |= g_str_equal (flag->flag, ASSAY_FLAG_DISCUSS);
      flags->hard |= g_str_equal (flag->flag, ASSAY_FLAG_HARD);
    }
  if (all == NULL || !flags->skipped)
    return all != NULL;
  g_autoptr (GError) wrong = NULL;
  g_autoptr (AssayLabel) label
      = assay_label_get (project->store, flags->item_row, flags->task, flags->annotator.row, &wrong);
  flags->why_skipped = label != NULL ? g_strdup (label->comment) : NULL;
  if (wrong != NULL)
    g_propagate_error (error, g_steal_pointer (&wrong));
  return *error == NULL;
}

static void
show_flags (AssayPageAnnotate *page, gboolean skipped, const char *why)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  if (skipped)
    g_ptr_array_add (words,
                     why != NULL && *why != '\0' ? g_strdup_printf ("Skipped: %s", why) : g_strdup ("Skipped"));
  if (page->discuss)
    g_ptr_array_add (words, g_strdup ("Discuss"));
  if (page->hard)
    g_ptr_array_add (words, g_strdup ("Hard"));
  g_ptr_array_add (words, NULL);
  g_autofree char *text = g_strjoinv (" · ", (char **) words->pdata);
  assay_status_line_set_flags (page->status, text);
}

static void
on_flags (gpointer owner, gpointer data, const GError *error)
{
  AssayPageAnnotate *page = owner;
  const Flags *flags = data;
  if (error != NULL)
    assay_page_show_error (page, error);
  if (error != NULL || page->annotation == NULL
      || assay_annotation_get_item_row (page->annotation) != flags->item_row)
    return;
  page->discuss = flags->discuss;
  page->hard = flags->hard;
  show_flags (page, flags->skipped, flags->why_skipped);
  if (flags->flag == NULL)
    return;
  g_autofree char *said
      = g_strdup_printf ("%s%s", flags->stands ? "Marked: " : "No longer: ",
                         g_str_equal (flags->flag, ASSAY_FLAG_HARD) ? "hard" : "needs discussion");
  assay_page_toast (page, said);
}

static Flags *
flags_new (AssayPageAnnotate *page)
{
  const AssayAnnotator *annotator = assay_page_annotate_get_annotator (page);
  Flags *flags = g_new0 (Flags, 1);
  flags->item_row = assay_annotation_get_item_row (page->annotation);
  flags->task = assay_task_copy (assay_page_annotate_get_scene (page)->task);
  flags->annotator = (AssayAnnotator){ .row = annotator->row, .id = assay_desk_get_annotator (page->desk)->id };
  flags->skipped = assay_annotation_get_state (page->annotation) == ASSAY_LABEL_SKIPPED;
  return flags;
}

void
assay_page_annotate_update_flags (AssayPageAnnotate *page)
{
  page->discuss = page->hard = FALSE;
  show_flags (page, FALSE, NULL);
  if (assay_page_annotate_get_scene (page) != NULL && assay_desk_get_annotator (page->desk) != NULL)
    assay_desk_read (page->desk, flags_work, flags_new (page), flags_free, on_flags, page);
}

static void
act_flag (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageAnnotate *page = ASSAY_PAGE_ANNOTATE (widget);
  if (assay_page_annotate_get_scene (page) == NULL || assay_desk_get_annotator (page->desk) == NULL
      || assay_desk_is_read_only (page->desk))
    return;
  gboolean discuss = g_str_equal (action, "page.discuss");
  Flags *flags = flags_new (page);
  flags->flag = discuss ? ASSAY_FLAG_DISCUSS : ASSAY_FLAG_HARD;
  flags->stands = discuss ? !page->discuss : !page->hard;
  assay_desk_run (page->desk, flags_work, flags, flags_free, on_flags, page);
}

static void
act_skip_because (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageAnnotate *page = ASSAY_PAGE_ANNOTATE (widget);
  if (assay_page_annotate_get_scene (page) == NULL || assay_desk_is_read_only (page->desk))
    return;
  if (assay_annotation_get_state (page->annotation) == ASSAY_LABEL_SKIPPED)
    assay_annotation_revise (page->annotation, ASSAY_LABEL_DRAFT, NULL);
  else
    {
      if (!gtk_revealer_get_reveal_child (page->right)) /* its button is there */
        gtk_revealer_set_reveal_child (page->right, TRUE);
      assay_skip_reason_ask (page->skip_reason);
    }
}

static void
on_reason (AssayPageAnnotate *page, const char *why)
{
  if (page->annotation != NULL)
    assay_annotation_revise (page->annotation, ASSAY_LABEL_SKIPPED, why);
}

static void
act_guideline (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageAnnotate *page = ASSAY_PAGE_ANNOTATE (widget);
  gboolean seen
      = gtk_revealer_get_reveal_child (page->right) && gtk_expander_get_expanded (page->guideline_expander);
  gtk_expander_set_expanded (page->guideline_expander, !seen);
  if (!seen)
    gtk_revealer_set_reveal_child (page->right, TRUE);
}

/* Keys go back to the work, once the popover is out of the way. */
static void
on_closed (AssayPageAnnotate *page)
{
  if (page->shown)
    assay_page_annotate_focus_work (page);
}

void
assay_page_annotate_install_desk (GtkWidgetClass *class)
{
  gtk_widget_class_install_action (class, "page.type-class", NULL, act_type_class);
  gtk_widget_class_install_action (class, "page.discuss", NULL, act_flag);
  gtk_widget_class_install_action (class, "page.hard", NULL, act_flag);
  gtk_widget_class_install_action (class, "page.guideline", NULL, act_guideline);
  gtk_widget_class_install_action (class, "page.skip-because", NULL, act_skip_because);
}

void
assay_page_annotate_init_desk (AssayPageAnnotate *page)
{
  page->recent = g_array_new (FALSE, FALSE, sizeof (AssayId));
  page->class_type = ASSAY_CLASS_TYPE (assay_class_type_new ());
  page->skip_reason = ASSAY_SKIP_REASON (assay_skip_reason_new ());
  gtk_widget_set_parent (GTK_WIDGET (page->class_type), GTK_WIDGET (page));
  gtk_popover_set_position (GTK_POPOVER (page->skip_reason), GTK_POS_TOP);
  gtk_widget_set_parent (GTK_WIDGET (page->skip_reason), GTK_WIDGET (page->foot));
  g_signal_connect_object (page->class_type, "chosen", G_CALLBACK (assay_page_annotate_set_class), page,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (page->class_type, "closed", G_CALLBACK (on_closed), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (page->skip_reason, "said", G_CALLBACK (on_reason), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (page->skip_reason, "closed", G_CALLBACK (on_closed), page, G_CONNECT_SWAPPED);
}
