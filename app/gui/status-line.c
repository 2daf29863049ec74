/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/status-line.h"

#include "app/gui/swatch.h"
#include "app/gui/widget.h"

struct _AssayStatusLine
{
  GtkWidget parent_instance;
  GtkImage *saved_icon;
  GtkLabel *saved, *class_name, *tool, *zoom, *flags, *hint;
  GtkButton *time;
  GtkWidget *pace; /* GtkPopover */
  AssaySwatch *swatch;
  GtkSeparator *class_separator, *flags_separator;
};

G_DEFINE_FINAL_TYPE (AssayStatusLine, assay_status_line, GTK_TYPE_WIDGET)

void
assay_status_line_set_saving (AssayStatusLine *self, AssaySaving saving, const char *why)
{
  static const char *const icons[]
      = { "emblem-ok-symbolic", "content-loading-symbolic", "dialog-warning-symbolic" };
  /* A message is "doing what to which: why; what to do": here it is known what, and the why must be readable. */
  const char *after_which = why != NULL ? strstr (why, ": ") : NULL;
  g_autofree char *wrong = g_strdup_printf ("Not saved: %s", after_which != NULL ? after_which + 2 : why);
  gtk_image_set_from_icon_name (self->saved_icon, icons[saving]);
  gtk_label_set_text (self->saved, saving == ASSAY_SAVED ? "Saved" : saving == ASSAY_SAVING ? "Saving…" : wrong);
  gtk_widget_set_visible (GTK_WIDGET (self->hint), saving != ASSAY_NOT_SAVED);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->saved), saving == ASSAY_NOT_SAVED ? why : NULL);
  if (saving == ASSAY_NOT_SAVED)
    gtk_widget_add_css_class (GTK_WIDGET (self->saved), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->saved), "error");
}

void
assay_status_line_set_class (AssayStatusLine *self, const AssayClass *class)
{
  gtk_widget_set_visible (GTK_WIDGET (self->swatch), class != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->class_name), class != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->class_separator), class != NULL);
  gtk_label_set_text (self->class_name, class != NULL ? class->name : "");
  if (class != NULL)
    assay_swatch_set_colour (self->swatch, class->colour);
}

void
assay_status_line_set_tool (AssayStatusLine *self, const AssayTool *tool)
{
  gtk_label_set_text (self->tool, tool != NULL ? tool->title : "no tool");
}

void
assay_status_line_set_zoom (AssayStatusLine *self, const char *words)
{
  gtk_label_set_text (self->zoom, words);
}

void
assay_status_line_set_seconds (AssayStatusLine *self, double seconds)
{
  char text[24];
  g_snprintf (text, sizeof text, "%02d:%02d", (int) seconds / 60, (int) seconds % 60);
  gtk_button_set_label (self->time, text);
}

static GtkWidget *
pace_row (const char *left, const char *right, gboolean strong)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 18), *a = gtk_label_new (left),
            *b = gtk_label_new (right);
  gtk_label_set_xalign (GTK_LABEL (a), 0);
  gtk_widget_set_hexpand (a, TRUE);
  gtk_widget_add_css_class (b, "numeric");
  if (strong)
    gtk_widget_add_css_class (a, "heading");
  gtk_box_append (GTK_BOX (row), a);
  gtk_box_append (GTK_BOX (row), b);
  return row;
}

void
assay_status_line_show_pace (AssayStatusLine *self, const AssayTask *task, const AssayPace *pace)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  double hourly = assay_pace_get_hourly (pace);
  g_autofree char *rate
      = pace->n_made > 0 ? g_strdup_printf ("%.0f objects an hour", hourly) : g_strdup ("no object yet");
  g_autofree char *made = g_strdup_printf ("%u in %.0f min", pace->n_made, pace->seconds / 60);
  gtk_box_append (GTK_BOX (box), pace_row ("Your pace today", rate, TRUE));
  gtk_box_append (GTK_BOX (box), pace_row ("Objects", made, FALSE));
  for (guint i = 0; i < pace->classes->len; i++)
    {
      const AssayPaceClass *class = &g_array_index (pace->classes, AssayPaceClass, i);
      g_autofree char *median = g_strdup_printf ("%u · median %.0f s", class->n, class->median_s);
      gtk_box_append (GTK_BOX (box),
                      pace_row (assay_task_find_class (task, &class->class_id)->name, median, FALSE));
    }
  GtkWidget *note = gtk_label_new ("Pauses over 30 s and other windows are left out; only you see this");
  gtk_widget_add_css_class (note, "caption");
  gtk_widget_add_css_class (note, "dim-label");
  gtk_box_append (GTK_BOX (box), note);
  gtk_popover_set_child (GTK_POPOVER (self->pace), box);
  gtk_popover_popup (GTK_POPOVER (self->pace));
}

void
assay_status_line_set_flags (AssayStatusLine *self, const char *words)
{
  gtk_label_set_text (self->flags, words);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->flags), words);
  gtk_widget_set_visible (GTK_WIDGET (self->flags), *words != '\0');
  gtk_widget_set_visible (GTK_WIDGET (self->flags_separator), *words != '\0');
}

void
assay_status_line_set_hint (AssayStatusLine *self, const char *hint, gboolean warning)
{
  gtk_label_set_text (self->hint, hint);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->hint), hint);
  if (warning)
    gtk_widget_add_css_class (GTK_WIDGET (self->hint), "warning");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->hint), "warning");
}

static void
assay_status_line_dispose (GObject *object)
{
  AssayStatusLine *self = ASSAY_STATUS_LINE (object);
  if (self->pace != NULL)
    gtk_widget_unparent (self->pace);
  self->pace = NULL;
  assay_widget_clear (object, ASSAY_TYPE_STATUS_LINE);
  G_OBJECT_CLASS (assay_status_line_parent_class)->dispose (object);
}

static void
assay_status_line_class_init (AssayStatusLineClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = assay_status_line_dispose;
  g_type_ensure (ASSAY_TYPE_SWATCH);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/assay/Assay/status-line.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayStatusLine, saved_icon);
  gtk_widget_class_bind_template_child (widget_class, AssayStatusLine, saved);
  gtk_widget_class_bind_template_child (widget_class, AssayStatusLine, swatch);
  gtk_widget_class_bind_template_child (widget_class, AssayStatusLine, class_name);
  gtk_widget_class_bind_template_child (widget_class, AssayStatusLine, class_separator);
  gtk_widget_class_bind_template_child (widget_class, AssayStatusLine, tool);
  gtk_widget_class_bind_template_child (widget_class, AssayStatusLine, zoom);
  gtk_widget_class_bind_template_child (widget_class, AssayStatusLine, time);
  gtk_widget_class_bind_template_child (widget_class, AssayStatusLine, hint);
  gtk_widget_class_bind_template_child (widget_class, AssayStatusLine, flags);
  gtk_widget_class_bind_template_child (widget_class, AssayStatusLine, flags_separator);
}

static void
assay_status_line_init (AssayStatusLine *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->pace = gtk_popover_new ();
  gtk_popover_set_position (GTK_POPOVER (self->pace), GTK_POS_TOP);
  gtk_widget_set_parent (self->pace, GTK_WIDGET (self->time));
}
