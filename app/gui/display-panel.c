/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/display-panel.h"

typedef enum
{
  ROW_LEVEL,
  ROW_WINDOW,
  ROW_GAMMA,
  ROW_BRIGHTNESS,
  ROW_CONTRAST,
  ROW_OPACITY,
  N_ROWS
} Row;

static const struct
{
  const char *title;
  double least, most, step, plain;
} rows[N_ROWS] = {
  [ROW_LEVEL] = { "Level", 0, 1, 0.005, 0.5 },
  [ROW_WINDOW] = { "Window", 0.005, 1, 0.005, 1 },
  [ROW_GAMMA] = { "Gamma", 0.2, 5, 0.05, 1 },
  [ROW_BRIGHTNESS] = { "Brightness", -1, 1, 0.02, 0 },
  [ROW_CONTRAST] = { "Contrast", -1, 0.98, 0.02, 0 },
  [ROW_OPACITY] = { "Opacity", 0, 0.69, 0.01, ASSAY_MARKS_OPACITY },
};

static const struct
{
  const char *title;
  AssayAids aid;
} aids[] = {
  { "Crosshair  F4", ASSAY_AID_CROSSHAIR },
  { "Overview map  F3", ASSAY_AID_MAP },
  { "Point with the keys  F12", ASSAY_AID_KEYS },
  { "Keep zoom and place for the next picture", ASSAY_AID_KEEP_VIEW },
  { "Keep these settings for the next picture", ASSAY_AID_KEEP_DISPLAY },
};

struct _AssayDisplayPanel
{
  GtkWidget parent_instance;
  AssayCanvas *canvas; /* borrowed: they stand in one bench */
  GtkMenuButton *button;
  GtkRange *scales[N_ROWS];
  GtkDropDown *channel;
  GtkCheckButton *equalise, *outline, *aids[G_N_ELEMENTS (aids)];
  gboolean updating;
};

G_DEFINE_FINAL_TYPE (AssayDisplayPanel, assay_display_panel, GTK_TYPE_WIDGET)

static void
update (AssayDisplayPanel *self)
{
  const AssayDisplay *display = assay_canvas_get_display (self->canvas);
  AssayMarksLook look = assay_canvas_get_look (self->canvas);
  const double values[N_ROWS]
      = { display->level, display->window, display->gamma, display->brightness, display->contrast, look.opacity };
  if (self->updating)
    return;
  self->updating = TRUE;
  for (guint i = 0; i < N_ROWS; i++)
    gtk_range_set_value (self->scales[i], values[i]);
  gtk_widget_set_sensitive (GTK_WIDGET (self->scales[ROW_LEVEL]), !display->equalise);
  gtk_widget_set_sensitive (GTK_WIDGET (self->scales[ROW_WINDOW]), !display->equalise);
  gtk_widget_set_sensitive (GTK_WIDGET (self->scales[ROW_OPACITY]), !look.outline_only);
  gtk_drop_down_set_selected (self->channel, display->channel);
  gtk_check_button_set_active (self->equalise, display->equalise);
  gtk_check_button_set_active (self->outline, look.outline_only);
  for (guint i = 0; i < G_N_ELEMENTS (aids); i++)
    gtk_check_button_set_active (self->aids[i], (assay_canvas_get_aids (self->canvas) & aids[i].aid) != 0);
  /* It shows that something is not as the file has it. */
  if (assay_display_is_plain (display))
    gtk_widget_remove_css_class (GTK_WIDGET (self->button), "accent");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->button), "accent");
  self->updating = FALSE;
}

static void
take_display (AssayDisplayPanel *self)
{
  if (self->updating)
    return;
  const AssayDisplay display = {
    .level = gtk_range_get_value (self->scales[ROW_LEVEL]),
    .window = gtk_range_get_value (self->scales[ROW_WINDOW]),
    .gamma = gtk_range_get_value (self->scales[ROW_GAMMA]),
    .brightness = gtk_range_get_value (self->scales[ROW_BRIGHTNESS]),
    .contrast = gtk_range_get_value (self->scales[ROW_CONTRAST]),
    .channel = (AssayChannel) gtk_drop_down_get_selected (self->channel),
    .equalise = gtk_check_button_get_active (self->equalise),
  };
  assay_canvas_set_display (self->canvas, &display);
}

static void
take_look (AssayDisplayPanel *self)
{
  if (self->updating)
    return;
  assay_canvas_set_look (self->canvas, (AssayMarksLook){ gtk_range_get_value (self->scales[ROW_OPACITY]),
                                                         gtk_check_button_get_active (self->outline) });
}

static void
take_aids (AssayDisplayPanel *self)
{
  AssayAids taken = 0;
  if (self->updating)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (aids); i++)
    taken |= gtk_check_button_get_active (self->aids[i]) ? aids[i].aid : 0;
  assay_canvas_set_aids (self->canvas, taken);
}

static void
reset (AssayDisplayPanel *self)
{
  const AssayDisplay plain = ASSAY_DISPLAY_PLAIN;
  assay_canvas_set_display (self->canvas, &plain);
  assay_canvas_set_look (self->canvas, ASSAY_MARKS_LOOK_PLAIN);
}

static void
fit (AssayDisplayPanel *self)
{
  assay_canvas_fit_display (self->canvas);
}

void
assay_display_panel_toggle (AssayDisplayPanel *self)
{
  if (gtk_widget_get_visible (GTK_WIDGET (gtk_menu_button_get_popover (self->button))))
    gtk_menu_button_popdown (self->button);
  else
    gtk_menu_button_popup (self->button);
}

static void
name (gpointer widget, const char *words)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
}

static void
add_scale (AssayDisplayPanel *self, GtkGrid *grid, Row row, int at)
{
  GtkWidget *label = gtk_label_new (rows[row].title);
  GtkWidget *scale
      = gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, rows[row].least, rows[row].most, rows[row].step);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_size_request (scale, 190, -1);
  gtk_widget_set_hexpand (scale, TRUE);
  gtk_scale_add_mark (GTK_SCALE (scale), rows[row].plain, GTK_POS_BOTTOM, NULL);
  gtk_range_set_value (GTK_RANGE (scale), rows[row].plain);
  name (scale, rows[row].title);
  gtk_grid_attach (grid, label, 0, at, 1, 1);
  gtk_grid_attach (grid, scale, 1, at, 1, 1);
  self->scales[row] = GTK_RANGE (scale);
  g_signal_connect_swapped (scale, "value-changed",
                            row == ROW_OPACITY ? G_CALLBACK (take_look) : G_CALLBACK (take_display), self);
}

static GtkCheckButton *
add_check (AssayDisplayPanel *self, GtkGrid *grid, const char *title, int at, GCallback taken)
{
  GtkWidget *check = gtk_check_button_new_with_label (title);
  gtk_grid_attach (grid, check, 0, at, 2, 1);
  g_signal_connect_swapped (check, "toggled", taken, self);
  return GTK_CHECK_BUTTON (check);
}

static GtkWidget *
new_button (AssayDisplayPanel *self, const char *title, GCallback clicked)
{
  GtkWidget *button = gtk_button_new_with_label (title);
  gtk_widget_set_hexpand (button, TRUE);
  g_signal_connect_swapped (button, "clicked", clicked, self);
  return button;
}

static GtkWidget *
new_rows (AssayDisplayPanel *self)
{
  GtkGrid *grid = GTK_GRID (gtk_grid_new ());
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  int at = 0;
  gtk_grid_set_column_spacing (grid, 12);
  gtk_grid_set_row_spacing (grid, 2);
  for (Row row = ROW_LEVEL; row <= ROW_CONTRAST; row++)
    add_scale (self, grid, row, at++);
  self->channel = GTK_DROP_DOWN (gtk_drop_down_new_from_strings (assay_channel_words));
  name (self->channel, "Channel");
  g_signal_connect_swapped (self->channel, "notify::selected", G_CALLBACK (take_display), self);
  gtk_grid_attach (grid, GTK_WIDGET (self->channel), 1, at, 1, 1);
  GtkWidget *label = gtk_label_new ("Channel");
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_grid_attach (grid, label, 0, at++, 1, 1);
  self->equalise = add_check (self, grid, "Equalise the histogram", at++, G_CALLBACK (take_display));
  gtk_box_append (GTK_BOX (buttons), new_button (self, "Fit to picture", G_CALLBACK (fit)));
  gtk_box_append (GTK_BOX (buttons), new_button (self, "Reset", G_CALLBACK (reset)));
  gtk_grid_attach (grid, buttons, 0, at++, 2, 1);
  gtk_grid_attach (grid, gtk_separator_new (GTK_ORIENTATION_HORIZONTAL), 0, at++, 2, 1);
  add_scale (self, grid, ROW_OPACITY, at++);
  self->outline = add_check (self, grid, "Outlines only  F7", at++, G_CALLBACK (take_look));
  for (guint i = 0; i < G_N_ELEMENTS (aids); i++)
    self->aids[i] = add_check (self, grid, aids[i].title, at++, G_CALLBACK (take_aids));
  return GTK_WIDGET (grid);
}

static void
assay_display_panel_dispose (GObject *object)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (assay_display_panel_parent_class)->dispose (object);
}

static void
assay_display_panel_class_init (AssayDisplayPanelClass *class)
{
  G_OBJECT_CLASS (class)->dispose = assay_display_panel_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
}

static void
assay_display_panel_init (AssayDisplayPanel *self)
{
  GtkWidget *popover = gtk_popover_new ();
  self->button = GTK_MENU_BUTTON (gtk_menu_button_new ());
  gtk_popover_set_child (GTK_POPOVER (popover), new_rows (self));
  gtk_menu_button_set_popover (self->button, popover);
  gtk_menu_button_set_icon_name (self->button, "display-brightness-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->button), "How the picture is shown (F8)");
  name (self->button, "Display");
  gtk_widget_set_focus_on_click (GTK_WIDGET (self->button), FALSE);
  gtk_widget_add_css_class (GTK_WIDGET (self->button), "over-picture");
  gtk_widget_set_parent (GTK_WIDGET (self->button), GTK_WIDGET (self));
}

GtkWidget *
assay_display_panel_new (AssayCanvas *canvas)
{
  AssayDisplayPanel *self = g_object_new (ASSAY_TYPE_DISPLAY_PANEL, NULL);
  self->canvas = canvas;
  update (self);
  g_signal_connect_object (canvas, "display-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  /* The keys are the picture's again. */
  g_signal_connect_object (gtk_menu_button_get_popover (self->button), "closed", G_CALLBACK (gtk_widget_grab_focus),
                           canvas, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}
