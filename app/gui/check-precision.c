/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/check-precision.h"

#include "qa/precision.h"

#define SETTLE_MS 1000 /* decisions come in handfuls */

struct _AssayCheckPrecision
{
  GtkWidget parent_instance;
  AssayDesk *desk;
  GtkWidget *box;
  GtkLabel *label;
  GtkButton *button;
  const AssayCheck *offered; /* what the button makes quiet, or loud again */
  gboolean is_quiet;         /* by this button */
  gboolean reading, stale;
  guint timer;
};
G_DEFINE_FINAL_TYPE (AssayCheckPrecision, assay_check_precision, GTK_TYPE_WIDGET)

static void ask (AssayCheckPrecision *line);

static gboolean
read_precisions (AssayProject *project, gpointer data, GError **error)
{
  GPtrArray *found = data;
  GArray *list = assay_precision_list (project->store, error);
  if (list != NULL)
    g_ptr_array_add (found, list);
  return list != NULL;
}

static void
say (AssayCheckPrecision *line, const char *words, const char *button)
{
  gtk_label_set_text (line->label, words != NULL ? words : "");
  if (button != NULL)
    gtk_button_set_label (line->button, button);
  gtk_widget_set_visible (line->box, words != NULL);
}

/* One at a time, the one with the most that was in vain. */
static const AssayPrecision *
choose (const GArray *list)
{
  const AssayPrecision *chosen = NULL;
  for (guint i = 0; i < list->len; i++)
    {
      const AssayPrecision *one = &g_array_index (list, AssayPrecision, i);
      if (one->offer && (chosen == NULL || one->wrong > chosen->wrong))
        chosen = one;
    }
  return chosen;
}

static void
on_read (gpointer owner, gpointer data, const GError *error)
{
  AssayCheckPrecision *line = owner;
  const GPtrArray *found = data;
  line->reading = FALSE;
  if (line->stale)
    {
      ask (line);
      return;
    }
  if (error != NULL || found->len == 0 || line->is_quiet)
    return;
  const AssayPrecision *offer = choose (found->pdata[0]);
  line->offered = offer != NULL ? offer->check : NULL;
  if (offer == NULL)
    {
      say (line, NULL, NULL);
      return;
    }
  g_autofree char *words = g_strdup_printf ("“%s” was right in %u of %u cases.", offer->check->title, offer->right,
                                            offer->right + offer->wrong);
  say (line, words, "Make It Quiet");
}

static gboolean
on_timer (gpointer data)
{
  AssayCheckPrecision *line = data;
  line->timer = 0;
  line->stale = FALSE;
  line->reading = TRUE;
  assay_desk_read (line->desk, read_precisions, g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref),
                   (GDestroyNotify) g_ptr_array_unref, on_read, line);
  return G_SOURCE_REMOVE;
}

static void
ask (AssayCheckPrecision *line)
{
  line->stale = TRUE;
  if (line->desk != NULL && !line->reading && line->timer == 0)
    line->timer = g_timeout_add (SETTLE_MS, on_timer, line);
}

/* Quiet, and loud again */

typedef struct
{
  const AssayCheck *check;
  gboolean quiet;
  AssayId by;
} Saying;

static gboolean
save (AssayProject *project, gpointer data, GError **error)
{
  const Saying *saying = data;
  return assay_precision_set_quiet (project->store, saying->check, saying->quiet, &saying->by, error);
}

static void
on_saved (gpointer owner, gpointer data, const GError *error)
{
  AssayCheckPrecision *line = owner;
  const Saying *saying = data;
  gtk_widget_set_sensitive (GTK_WIDGET (line->button), TRUE);
  if (error != NULL)
    {
      say (line, error->message, "Try Again");
      return;
    }
  line->is_quiet = saying->quiet;
  line->offered = saying->quiet ? saying->check : NULL;
  if (!saying->quiet)
    {
      say (line, NULL, NULL);
      return;
    }
  g_autofree char *words
      = g_strdup_printf ("“%s” is quiet: it looks only when it is asked for.", saying->check->title);
  say (line, words, "Undo");
}

static void
on_clicked (AssayCheckPrecision *line)
{
  const AssayAnnotator *by = line->desk != NULL ? assay_desk_get_annotator (line->desk) : NULL;
  if (by == NULL || line->offered == NULL)
    return;
  Saying *saying = g_new (Saying, 1);
  *saying = (Saying){ line->offered, !line->is_quiet, by->id };
  gtk_widget_set_sensitive (GTK_WIDGET (line->button), FALSE);
  assay_desk_run (line->desk, save, saying, g_free, on_saved, line);
}

void
assay_check_precision_set_desk (AssayCheckPrecision *line, AssayDesk *desk)
{
  if (line->desk != NULL)
    g_signal_handlers_disconnect_by_data (line->desk, line);
  g_clear_handle_id (&line->timer, g_source_remove);
  line->reading = line->stale = line->is_quiet = FALSE;
  line->offered = NULL;
  say (line, NULL, NULL);
  g_set_object (&line->desk, desk);
  if (desk == NULL || assay_desk_is_read_only (desk))
    return;
  g_signal_connect_object (desk, "changed", G_CALLBACK (ask), line, G_CONNECT_SWAPPED);
  ask (line);
}

static void
assay_check_precision_dispose (GObject *object)
{
  AssayCheckPrecision *line = ASSAY_CHECK_PRECISION (object);
  g_clear_handle_id (&line->timer, g_source_remove);
  if (line->desk != NULL)
    g_signal_handlers_disconnect_by_data (line->desk, line);
  g_clear_object (&line->desk);
  g_clear_pointer (&line->box, gtk_widget_unparent);
  G_OBJECT_CLASS (assay_check_precision_parent_class)->dispose (object);
}

static void
assay_check_precision_class_init (AssayCheckPrecisionClass *class)
{
  G_OBJECT_CLASS (class)->dispose = assay_check_precision_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
}

static void
assay_check_precision_init (AssayCheckPrecision *line)
{
  line->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  line->label = GTK_LABEL (gtk_label_new (NULL));
  line->button = GTK_BUTTON (gtk_button_new_with_label ("Make It Quiet"));
  gtk_label_set_wrap (line->label, TRUE);
  gtk_label_set_xalign (line->label, 0);
  gtk_widget_set_hexpand (GTK_WIDGET (line->label), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (line->label), "caption");
  gtk_widget_set_valign (GTK_WIDGET (line->button), GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (GTK_WIDGET (line->button),
                               "Said in the plan, in your name; assay check --loud takes it back");
  gtk_widget_set_margin_start (line->box, 12);
  gtk_widget_set_margin_end (line->box, 12);
  gtk_widget_set_margin_bottom (line->box, 6);
  gtk_box_append (GTK_BOX (line->box), GTK_WIDGET (line->label));
  gtk_box_append (GTK_BOX (line->box), GTK_WIDGET (line->button));
  gtk_widget_set_parent (line->box, GTK_WIDGET (line));
  gtk_widget_set_visible (line->box, FALSE);
  g_signal_connect_object (line->button, "clicked", G_CALLBACK (on_clicked), line, G_CONNECT_SWAPPED);
}
