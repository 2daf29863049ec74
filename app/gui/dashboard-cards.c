/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/dashboard-cards.h"

#include "app/definition.h"
#include "app/gui/dashboard-chart.h"
#include "app/gui/guideline-pane.h"

static GtkWidget *
label_new (const char *text, const char *class)
{
  GtkWidget *label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (label), FALSE);
  if (class != NULL)
    gtk_widget_add_css_class (label, class);
  return label;
}

/* Made when it is first asked for. */
static void
on_definition (GtkMenuButton *button, gpointer title)
{
  g_autofree char *text = assay_definition_dup (title);
  GtkWidget *scroll = gtk_scrolled_window_new (), *pane = g_object_new (ASSAY_TYPE_GUIDELINE_PANE, NULL),
            *popover = gtk_popover_new ();
  assay_guideline_pane_show (ASSAY_GUIDELINE_PANE (pane), "", text != NULL ? text : "");
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroll), pane);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroll), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_widget_set_size_request (scroll, 560, 400);
  gtk_popover_set_child (GTK_POPOVER (popover), scroll);
  gtk_menu_button_set_popover (button, popover);
}

static GtkWidget *
heading_new (const AssayReportBlock *block)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6), *label = label_new (block->text, "heading");
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (row), label);
  if (block->define == NULL)
    return row;
  GtkWidget *button = gtk_menu_button_new ();
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "dialog-question-symbolic");
  gtk_widget_set_tooltip_text (button, "What it means");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, "What it means", -1);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_menu_button_set_create_popup_func (GTK_MENU_BUTTON (button), on_definition, (gpointer) block->define, NULL);
  gtk_box_append (GTK_BOX (row), button);
  return row;
}

static GtkWidget *
table_new (const AssayReportBlock *block)
{
  GtkGrid *grid = GTK_GRID (gtk_grid_new ());
  gtk_grid_set_column_spacing (grid, 24);
  gtk_grid_set_row_spacing (grid, 3);
  for (guint k = 0; block->columns[k] != NULL; k++)
    {
      GtkWidget *name = label_new (block->columns[k], "dim-label");
      gtk_label_set_xalign (GTK_LABEL (name), k == 0 ? 0 : 1);
      gtk_grid_attach (grid, name, (int) k, 0, 1, 1);
    }
  for (guint i = 0; i < block->rows->len; i++)
    {
      const GArray *row = block->rows->pdata[i];
      for (guint k = 0; k < row->len; k++)
        {
          GtkWidget *cell = label_new (g_array_index (row, AssayReportCell, k).text, "numeric");
          gtk_label_set_xalign (GTK_LABEL (cell), k == 0 ? 0 : 1);
          gtk_grid_attach (grid, cell, (int) k, (int) i + 1, 1, 1);
        }
    }
  return GTK_WIDGET (grid);
}

static GtkWidget *
widget_of (AssayReportBlock *block, AssayDashboardCharted charted, gpointer owner)
{
  switch (block->kind)
    {
    case ASSAY_REPORT_TITLE:
      return label_new (block->text, "title-2");
    case ASSAY_REPORT_HEADING:
      return heading_new (block);
    case ASSAY_REPORT_TABLE:
      return table_new (block);
    case ASSAY_REPORT_CHART:
      {
        GtkWidget *chart = assay_dashboard_chart_new (g_steal_pointer (&block->chart));
        charted (owner, chart);
        return chart;
      }
    case ASSAY_REPORT_TEXT:
    default:
      return label_new (block->text, "dim-label");
    }
}

static GtkWidget *
column_add (GtkBox *row)
{
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  gtk_widget_set_hexpand (column, TRUE);
  gtk_box_append (row, column);
  return column;
}

void
assay_dashboard_cards_fill (GtkBox *box, GPtrArray *blocks, guint columns, AssayDashboardCharted charted,
                            gpointer owner)
{
  GtkWidget *row = NULL, *card = NULL, *column[2] = { NULL, NULL };
  guint n_cards = 0;
  for (guint i = 0; i < blocks->len; i++)
    {
      AssayReportBlock *block = blocks->pdata[i];
      if (block->detail)
        continue;
      if (block->kind == ASSAY_REPORT_TITLE)
        {
          gtk_box_append (box, widget_of (block, charted, owner));
          row = card = NULL;
          continue;
        }
      if (block->kind == ASSAY_REPORT_HEADING)
        {
          if (row == NULL)
            {
              row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
              gtk_box_set_homogeneous (GTK_BOX (row), TRUE);
              gtk_box_append (box, row);
              for (guint k = 0; k < columns; k++)
                column[k] = column_add (GTK_BOX (row));
              n_cards = 0;
            }
          card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
          gtk_widget_add_css_class (card, "card");
          gtk_widget_add_css_class (card, "coverage");
          gtk_box_append (GTK_BOX (column[n_cards++ % columns]), card);
        }
      gtk_box_append (card != NULL ? GTK_BOX (card) : box, widget_of (block, charted, owner));
    }
}
