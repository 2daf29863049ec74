/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/even-layout.h"

struct _AssayEvenLayout
{
  GtkLayoutManager parent_instance;
  int least, column_gap, row_gap;
};

G_DEFINE_FINAL_TYPE (AssayEvenLayout, assay_even_layout, GTK_TYPE_LAYOUT_MANAGER)

typedef struct
{
  int n;                     /* fields that are shown */
  int least, wished, height; /* of one, in pixels: all are given the same */
} Fields;

static Fields
look_at_fields (GtkWidget *widget)
{
  Fields fields = { 0 };
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      int least, wished, height;
      if (!gtk_widget_should_layout (child))
        continue;
      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &least, &wished, NULL, NULL);
      gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, -1, &height, NULL, NULL, NULL);
      fields.n++;
      fields.least = MAX (fields.least, least);
      fields.wished = MAX (fields.wished, wished);
      fields.height = MAX (fields.height, height);
    }
  return fields;
}

/* A width below 0 is the narrowest. */
static int
count_columns (const AssayEvenLayout *layout, const Fields *fields, int width)
{
  int least = MIN (layout->least, fields->n), gap = layout->column_gap;
  int most = width < 0 ? least : CLAMP ((width + gap) / (fields->wished + gap), least, fields->n);
  int rows = (fields->n + most - 1) / most;
  return (fields->n + rows - 1) / rows;
}

static void
assay_even_layout_measure (GtkLayoutManager *manager, GtkWidget *widget, GtkOrientation orientation, int for_size,
                           int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  const AssayEvenLayout *layout = ASSAY_EVEN_LAYOUT (manager);
  Fields fields = look_at_fields (widget);
  *minimum = *natural = 0;
  if (fields.n == 0)
    return;
  int columns = count_columns (layout, &fields, for_size), rows = (fields.n + columns - 1) / columns;
  if (orientation == GTK_ORIENTATION_VERTICAL)
    {
      *minimum = *natural = rows * (fields.height + layout->row_gap) - layout->row_gap;
      return;
    }
  int least = MIN (layout->least, fields.n);
  *minimum = least * (fields.least + layout->column_gap) - layout->column_gap;
  *natural = fields.n * (fields.wished + layout->column_gap) - layout->column_gap;
}

static void
assay_even_layout_allocate (GtkLayoutManager *manager, GtkWidget *widget, int width, int height, int baseline)
{
  const AssayEvenLayout *layout = ASSAY_EVEN_LAYOUT (manager);
  Fields fields = look_at_fields (widget);
  int columns = fields.n > 0 ? count_columns (layout, &fields, width) : 1, at = 0;
  int step = (width + layout->column_gap) / columns;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      if (!gtk_widget_should_layout (child))
        continue;
      int x = at % columns * step, y = at / columns * (fields.height + layout->row_gap);
      gboolean ends_row = at % columns == columns - 1 || at == fields.n - 1;
      gtk_widget_size_allocate (
          child, &(GtkAllocation){ x, y, ends_row ? width - x : step - layout->column_gap, fields.height }, -1);
      at++;
    }
}

static GtkSizeRequestMode
assay_even_layout_get_request_mode (GtkLayoutManager *manager, GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

GtkLayoutManager *
assay_even_layout_new (guint least, int column_gap, int row_gap)
{
  AssayEvenLayout *layout = g_object_new (ASSAY_TYPE_EVEN_LAYOUT, NULL);
  layout->least = (int) least;
  layout->column_gap = column_gap;
  layout->row_gap = row_gap;
  return GTK_LAYOUT_MANAGER (layout);
}

static void
assay_even_layout_class_init (AssayEvenLayoutClass *class)
{
  GtkLayoutManagerClass *layout_class = GTK_LAYOUT_MANAGER_CLASS (class);
  layout_class->measure = assay_even_layout_measure;
  layout_class->allocate = assay_even_layout_allocate;
  layout_class->get_request_mode = assay_even_layout_get_request_mode;
}

static void
assay_even_layout_init (AssayEvenLayout *layout)
{
}
