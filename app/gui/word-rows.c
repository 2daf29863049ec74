/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/word-rows.h"

#include <math.h>

#define GAP_PX 12 /* between words */
#define LINE_GAP_PX 18
#define KIND_PX 14 /* for the kind's name below the column */
#define SPLIT_PX 6

/* Told apart by colour-blind people, on light and on dark. */
static const guint32 kind_colours[ASSAY_WORDS_N_KINDS]
    = { 0xd55e00, 0x8f8f8f, 0xcc79a7, 0x0f83c4, 0xb08a00, 0x009e73, 0x7a68d8 };

struct _AssayWordRows
{
  GtkWidget parent_instance;
  AssayWordTable *table; /* NULL = nothing */
  char **names;
  guint32 *colours;
  int *widths; /* one a column; 0 = not measured yet */
};

G_DEFINE_FINAL_TYPE (AssayWordRows, assay_word_rows, GTK_TYPE_WIDGET)

static PangoLayout *
layout_new (AssayWordRows *self, const char *text, double scale, gboolean bold)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();
  pango_attr_list_insert (attributes, pango_attr_scale_new (scale));
  if (bold)
    pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  pango_layout_set_attributes (layout, attributes);
  return layout;
}

static void
size_of (AssayWordRows *self, const char *text, double scale, gboolean bold, int *ret_w, int *ret_h)
{
  g_autoptr (PangoLayout) layout = layout_new (self, text, scale, bold);
  pango_layout_get_pixel_size (layout, ret_w, ret_h);
}

#define WORD_SCALE 1.25
#define KIND_SCALE 0.72

/* The lowest kind stands for all: it says most. */
static int
kind_of (const AssayWordTable *table, guint column)
{
  guint kinds = 0;
  for (guint r = 0; r < table->n_rows; r++)
    kinds |= assay_word_table_get (table, r, column)->kinds;
  for (int k = 0; k < ASSAY_WORDS_N_KINDS; k++)
    if ((kinds & (1u << k)) != 0)
      return k;
  return -1;
}

static int
column_width (AssayWordRows *self, guint column)
{
  int widest = 0, w, h, kind = kind_of (self->table, column);
  if (self->widths[column] > 0)
    return self->widths[column];
  for (guint r = 0; r < self->table->n_rows; r++)
    {
      const AssayWordCell *cell = assay_word_table_get (self->table, r, column);
      size_of (self, cell->text != NULL ? cell->text : "–", WORD_SCALE, cell->kinds != 0, &w, &h);
      widest = MAX (widest, w);
    }
  if (kind >= 0)
    {
      size_of (self, assay_words_kind_to_text ((AssayWordsKind) kind), KIND_SCALE, FALSE, &w, &h);
      widest = MAX (widest, w);
    }
  self->widths[column] = MAX (1, widest);
  return self->widths[column];
}

static int
name_width (AssayWordRows *self)
{
  int widest = 0, w, h;
  for (guint r = 0; r < self->table->n_rows; r++)
    {
      size_of (self, self->names[r], WORD_SCALE, TRUE, &w, &h);
      widest = MAX (widest, MIN (w, 160));
    }
  return widest + 2 * GAP_PX;
}

static int
row_height (AssayWordRows *self)
{
  int w, h;
  size_of (self, "Ágy", WORD_SCALE, TRUE, &w, &h);
  return h + SPLIT_PX;
}

static int
line_height (AssayWordRows *self)
{
  return (int) self->table->n_rows * row_height (self) + KIND_PX + LINE_GAP_PX;
}

static GdkRGBA
rgba_of (guint32 colour)
{
  return (GdkRGBA){ (float) ((colour >> 16) & 0xff) / 255, (float) ((colour >> 8) & 0xff) / 255,
                    (float) (colour & 0xff) / 255, 1 };
}

static void
draw_text (AssayWordRows *self, GtkSnapshot *snapshot, const char *text, double scale, gboolean bold, float x,
           float y, int most_px, const GdkRGBA *colour)
{
  g_autoptr (PangoLayout) layout = layout_new (self, text, scale, bold);
  if (most_px > 0)
    {
      pango_layout_set_width (layout, most_px * PANGO_SCALE);
      pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
    }
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x, y));
  gtk_snapshot_append_layout (snapshot, layout, colour);
  gtk_snapshot_restore (snapshot);
}

static void
draw_column (AssayWordRows *self, GtkSnapshot *snapshot, guint column, float x, float y, int width,
             const GdkRGBA *plain)
{
  int kind = kind_of (self->table, column), height = row_height (self);
  GdkRGBA of_kind = kind >= 0 ? rgba_of (kind_colours[kind]) : *plain;
  for (guint r = 0; r < self->table->n_rows; r++)
    {
      const AssayWordCell *cell = assay_word_table_get (self->table, r, column);
      float top = y + (float) (r * (guint) height);
      gboolean differs = cell->kinds != 0 || (cell->text == NULL && kind >= 0);
      draw_text (self, snapshot, cell->text != NULL ? cell->text : "–", WORD_SCALE, cell->kinds != 0, x, top, 0,
                 cell->text != NULL ? plain : &of_kind);
      if (differs)
        gtk_snapshot_append_color (snapshot, &of_kind,
                                   &GRAPHENE_RECT_INIT (x, top + (float) height - 4, (float) width, 2));
    }
  if (kind >= 0)
    draw_text (self, snapshot, assay_words_kind_to_text ((AssayWordsKind) kind), KIND_SCALE, FALSE, x,
               y + (float) (self->table->n_rows * (guint) height), 0, &of_kind);
}

/* Goes through the lines; draws when there is a snapshot. The height of all. */
static int
run (AssayWordRows *self, int width, GtkSnapshot *snapshot)
{
  int left = name_width (self), x = left, y = 0;
  GdkRGBA plain;
  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), &plain);
  for (guint c = 0; c <= self->table->n_columns; c++)
    {
      int w = c < self->table->n_columns ? column_width (self, c) : 0;
      if (c > 0 && c < self->table->n_columns && x + w > width && x > left)
        {
          x = left;
          y += line_height (self);
        }
      for (guint r = 0; snapshot != NULL && x == left && c <= self->table->n_columns && r < self->table->n_rows;
           r++)
        {
          GdkRGBA colour = rgba_of (self->colours[r]);
          float top = (float) (y + (int) r * row_height (self));
          gtk_snapshot_append_color (snapshot, &colour,
                                     &GRAPHENE_RECT_INIT (0, top + 3, 4, (float) row_height (self) - 6));
          draw_text (self, snapshot, self->names[r], WORD_SCALE, TRUE, GAP_PX, top, 160, &plain);
        }
      if (c == self->table->n_columns)
        break;
      if (snapshot != NULL)
        draw_column (self, snapshot, c, (float) x, (float) y, w, &plain);
      x += w + GAP_PX;
    }
  return y + line_height (self);
}

static void
assay_word_rows_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  AssayWordRows *self = ASSAY_WORD_ROWS (widget);
  if (self->table != NULL)
    run (self, gtk_widget_get_width (widget), snapshot);
}

static GtkSizeRequestMode
assay_word_rows_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
assay_word_rows_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                         int *minimum_baseline, int *natural_baseline)
{
  AssayWordRows *self = ASSAY_WORD_ROWS (widget);
  *minimum = *natural = 0;
  if (self->table == NULL)
    return;
  if (orientation == GTK_ORIENTATION_VERTICAL)
    *minimum = *natural = run (self, for_size > 0 ? for_size : 600, NULL);
  else
    {
      *minimum = 240;
      *natural = 600;
    }
}

char *
assay_word_rows_dup_summary (const AssayWordTable *table)
{
  guint counts[ASSAY_WORDS_N_KINDS] = { 0 };
  GString *out = g_string_new (NULL);
  for (guint c = 0; c < table->n_columns; c++)
    if (kind_of (table, c) >= 0)
      counts[kind_of (table, c)]++;
  for (guint k = 0; k < ASSAY_WORDS_N_KINDS; k++)
    if (counts[k] > 0)
      g_string_append_printf (out, "%s%u %s", out->len > 0 ? " · " : "", counts[k],
                              assay_words_kind_to_text ((AssayWordsKind) k));
  if (out->len == 0)
    g_string_append (out, "the same words");
  return g_string_free (out, FALSE);
}

static void
describe (AssayWordRows *self)
{
  g_autofree char *words = self->table != NULL ? assay_word_rows_dup_summary (self->table) : g_strdup ("");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words, -1);
}

void
assay_word_rows_show (AssayWordRows *self, AssayWordTable *take_table, const char *const *names,
                      const guint32 *colours)
{
  g_clear_pointer (&self->table, assay_word_table_free);
  g_clear_pointer (&self->names, g_strfreev);
  g_clear_pointer (&self->colours, g_free);
  g_clear_pointer (&self->widths, g_free);
  self->table = take_table;
  if (take_table != NULL)
    {
      self->names = g_new0 (char *, take_table->n_rows + 1);
      for (guint i = 0; i < take_table->n_rows; i++)
        self->names[i] = g_strdup (names[i]);
      self->widths = g_new0 (int, take_table->n_columns + 1);
      self->colours = g_memdup2 (colours, sizeof *colours * take_table->n_rows);
    }
  describe (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static void
assay_word_rows_finalize (GObject *object)
{
  AssayWordRows *self = ASSAY_WORD_ROWS (object);
  assay_word_table_free (self->table);
  g_strfreev (self->names);
  g_free (self->colours);
  g_free (self->widths);
  G_OBJECT_CLASS (assay_word_rows_parent_class)->finalize (object);
}

static void
assay_word_rows_class_init (AssayWordRowsClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->finalize = assay_word_rows_finalize;
  widget_class->snapshot = assay_word_rows_snapshot;
  widget_class->measure = assay_word_rows_measure;
  widget_class->get_request_mode = assay_word_rows_get_request_mode;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
assay_word_rows_init (AssayWordRows *self)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, "Words", -1);
}
