/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/guideline-pane.h"

#include "app/gui/guideline-text.h"

#include <string.h>

#define PICTURE_PX 640 /* across, at most: the pane is narrow */
#define PANE_PX 196    /* what a picture has across in it */

struct _AssayGuidelinePane
{
  GtkWidget parent_instance;
  char *directory, *markdown;
  GCancellable *reading; /* pictures of what is shown */
};

G_DEFINE_FINAL_TYPE (AssayGuidelinePane, assay_guideline_pane, GTK_TYPE_WIDGET)

static void
empty (AssayGuidelinePane *self)
{
  GtkWidget *child;
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
}

static GtkWidget *
label_new (const char *markup)
{
  GtkWidget *label = gtk_label_new (NULL);
  gtk_label_set_markup (GTK_LABEL (label), markup);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_yalign (GTK_LABEL (label), 0);
  return label;
}

/* Pictures */

static void
read_picture (GTask *task, gpointer source, gpointer path, GCancellable *cancellable)
{
  GError *error = NULL;
  int width = 0, height = 0;
  gdk_pixbuf_get_file_info (path, &width, &height);
  g_autoptr (GdkPixbuf) pixbuf
      = gdk_pixbuf_new_from_file_at_scale (path, MAX (1, MIN (width, PICTURE_PX)), -1, TRUE, &error);
  g_autoptr (GdkPixbuf) upright = pixbuf != NULL ? gdk_pixbuf_apply_embedded_orientation (pixbuf) : NULL;
  if (upright != NULL)
    g_task_return_pointer (task, gdk_texture_new_for_pixbuf (upright), g_object_unref);
  else
    g_task_return_error (task, error);
}

static void
on_picture (GObject *source, GAsyncResult *result, gpointer data)
{
  GtkPicture *picture = GTK_PICTURE (source);
  g_autoptr (GdkTexture) texture = g_task_propagate_pointer (G_TASK (result), NULL);
  if (texture != NULL)
    {
      double share = (double) gdk_texture_get_height (texture) / gdk_texture_get_width (texture);
      gtk_picture_set_paintable (picture, GDK_PAINTABLE (texture));
      gtk_widget_set_size_request (GTK_WIDGET (picture), -1,
                                   (int) (PANE_PX * MIN (share, 1.5))); /* else it shrinks */
    }
  else if (!g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    gtk_widget_set_visible (GTK_WIDGET (picture), FALSE); /* its words stand under it */
}

static gboolean
is_inside (const char *path)
{
  return *path != '\0' && !g_path_is_absolute (path) && strstr (path, "..") == NULL && strstr (path, "://") == NULL;
}

static void
add_picture (AssayGuidelinePane *self, const AssayBlock *block)
{
  GtkWidget *picture = gtk_picture_new (), *words;
  g_autofree char *missing = g_strdup_printf ("<i>%s</i>", block->markup);
  if (is_inside (block->path))
    {
      GTask *task = g_task_new (picture, self->reading, on_picture, NULL);
      gtk_picture_set_can_shrink (GTK_PICTURE (picture), TRUE);
      gtk_picture_set_alternative_text (GTK_PICTURE (picture), block->markup);
      gtk_widget_add_css_class (picture, "guideline-picture");
      gtk_widget_set_overflow (picture, GTK_OVERFLOW_HIDDEN);
      gtk_widget_set_parent (picture, GTK_WIDGET (self));
      g_task_set_task_data (task, g_build_filename (self->directory, block->path, NULL), g_free);
      g_task_run_in_thread (task, read_picture);
      g_object_unref (task);
    }
  else
    g_object_unref (g_object_ref_sink (picture));
  if (*block->markup == '\0')
    return;
  words = label_new (missing);
  gtk_widget_add_css_class (words, "caption");
  gtk_widget_add_css_class (words, "dim-label");
  gtk_widget_set_parent (words, GTK_WIDGET (self));
}

/* Blocks */

static void
add_block (AssayGuidelinePane *self, const AssayBlock *block)
{
  static const char *const classes[] = {
    [ASSAY_BLOCK_TEXT] = "guideline-text", [ASSAY_BLOCK_HEADING] = "heading",
    [ASSAY_BLOCK_ITEM] = "guideline-text", [ASSAY_BLOCK_QUOTE] = "guideline-quote",
    [ASSAY_BLOCK_CODE] = "monospace",
  };
  if (block->kind == ASSAY_BLOCK_PICTURE)
    {
      add_picture (self, block);
      return;
    }
  GtkWidget *widget = block->kind == ASSAY_BLOCK_RULE ? gtk_separator_new (GTK_ORIENTATION_HORIZONTAL)
                                                      : label_new (block->markup);
  if (block->kind == ASSAY_BLOCK_HEADING && block->level == 1)
    gtk_widget_add_css_class (widget, "title-4");
  else if (block->kind != ASSAY_BLOCK_RULE)
    gtk_widget_add_css_class (widget, classes[block->kind]);
  if (block->kind == ASSAY_BLOCK_ITEM)
    {
      GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6), *bullet = gtk_label_new (block->bullet);
      gtk_widget_set_valign (bullet, GTK_ALIGN_START);
      gtk_widget_set_margin_start (line, 4 + 12 * (int) block->level);
      gtk_widget_set_hexpand (widget, TRUE);
      gtk_box_append (GTK_BOX (line), bullet);
      gtk_box_append (GTK_BOX (line), widget);
      widget = line;
    }
  gtk_widget_set_parent (widget, GTK_WIDGET (self));
}

void
assay_guideline_pane_show (AssayGuidelinePane *self, const char *directory, const char *markdown)
{
  if (g_strcmp0 (directory, self->directory) == 0 && g_strcmp0 (markdown, self->markdown) == 0)
    return;
  empty (self);
  g_free (self->directory);
  g_free (self->markdown);
  self->directory = g_strdup (directory);
  self->markdown = g_strdup (markdown);
  self->reading = g_cancellable_new ();
  g_autoptr (GPtrArray) blocks = assay_guideline_parse (markdown);
  for (guint i = 0; i < blocks->len; i++)
    add_block (self, blocks->pdata[i]);
}

static void
assay_guideline_pane_dispose (GObject *object)
{
  empty (ASSAY_GUIDELINE_PANE (object));
  G_OBJECT_CLASS (assay_guideline_pane_parent_class)->dispose (object);
}

static void
assay_guideline_pane_finalize (GObject *object)
{
  AssayGuidelinePane *self = ASSAY_GUIDELINE_PANE (object);
  g_free (self->directory);
  g_free (self->markdown);
  G_OBJECT_CLASS (assay_guideline_pane_parent_class)->finalize (object);
}

static void
assay_guideline_pane_class_init (AssayGuidelinePaneClass *class)
{
  G_OBJECT_CLASS (class)->dispose = assay_guideline_pane_dispose;
  G_OBJECT_CLASS (class)->finalize = assay_guideline_pane_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BOX_LAYOUT);
}

static void
assay_guideline_pane_init (AssayGuidelinePane *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));
  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), 6);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, "Guideline", -1);
}
