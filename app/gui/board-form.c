/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/board-form.h"

#include "app/gui/chooser.h"
#include "app/gui/page.h"
#include "app/gui/widget.h"
#include "app/job-board.h"
#include "core/json.h"

#include <adwaita.h>

#define DPI 300
#define BAR_MM 100.0

struct _AssayBoardForm
{
  GtkWidget parent_instance;
  AdwComboRow *pattern, *paper;
  AdwPreferencesRow *cols_row, *rows_row;
  GtkSpinButton *cols, *rows, *square, *bar;
  GtkLabel *trouble;
};

G_DEFINE_FINAL_TYPE (AssayBoardForm, assay_board_form, GTK_TYPE_WIDGET)

static const char *const papers[] = { "A4", "Letter", "A3", NULL };
static const char *const patterns[] = { "Chessboard", "ChArUco", NULL };

static gboolean
is_charuco (AssayBoardForm *form)
{
  return adw_combo_row_get_selected (form->pattern) == ASSAY_BOARD_CHARUCO;
}

char *
assay_board_form_dup_words (AssayBoardForm *form)
{
  return g_strdup_printf ("%s:%dx%d:%g", is_charuco (form) ? "charuco" : "chessboard",
                          gtk_spin_button_get_value_as_int (form->cols),
                          gtk_spin_button_get_value_as_int (form->rows), gtk_spin_button_get_value (form->square));
}

double
assay_board_form_get_bar_mm (AssayBoardForm *form)
{
  return gtk_spin_button_get_value (form->bar);
}

gboolean
assay_board_form_get (AssayBoardForm *form, AssayBoard *ret_board, GError **error)
{
  g_autofree char *words = assay_board_form_dup_words (form);
  return assay_board_parse (words, ret_board, error)
         && assay_board_scale (ret_board, assay_board_form_get_bar_mm (form), error);
}

void
assay_board_form_set (AssayBoardForm *form, const char *words, double bar_mm)
{
  AssayBoard board;
  if (words == NULL || !assay_board_parse (words, &board, NULL))
    return;
  adw_combo_row_set_selected (form->pattern, board.kind);
  gtk_spin_button_set_value (form->cols, board.cols);
  gtk_spin_button_set_value (form->rows, board.rows);
  gtk_spin_button_set_value (form->square, 1000 * board.square_m);
  gtk_spin_button_set_value (form->bar, bar_mm);
}

static void
on_changed (AssayBoardForm *form)
{
  AssayBoard board;
  g_autoptr (GError) error = NULL;
  gboolean charuco = is_charuco (form);
  adw_preferences_row_set_title (form->cols_row, charuco ? "Squares across" : "Inner corners across");
  adw_preferences_row_set_title (form->rows_row, charuco ? "Squares down" : "Inner corners down");
  gtk_widget_set_visible (GTK_WIDGET (form->trouble), !assay_board_form_get (form, &board, &error));
  gtk_label_set_text (form->trouble, error != NULL ? error->message : "");
}

/* Printing */

typedef struct
{
  AssayBoard board;
  char *path, *paper;
} Sheet;

static void
sheet_free (Sheet *sheet)
{
  g_free (sheet->path);
  g_free (sheet->paper);
  g_free (sheet);
}

static void
draw_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Sheet *sheet = data;
  GError *error = NULL;
  g_autoptr (json_t) answer = assay_job_board (&sheet->board, sheet->path, sheet->paper, DPI, &error);
  if (answer != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_drawn (GObject *source, GAsyncResult *result, gpointer data)
{
  const Sheet *sheet = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      assay_page_show_error (source, error);
      return;
    }
  g_autofree char *name = g_path_get_basename (sheet->path);
  g_autofree char *text
      = g_strdup_printf ("%s: print it at 100 %%, glue it flat, then measure its bar of 100 mm", name);
  assay_page_toast (source, text);
}

static void
on_place_chosen (gpointer owner, const char *path)
{
  AssayBoardForm *form = owner;
  g_autofree char *words = assay_board_form_dup_words (form);
  g_autoptr (GError) error = NULL;
  Sheet *sheet = g_new0 (Sheet, 1);
  g_autoptr (GTask) task = g_task_new (form, NULL, on_drawn, NULL);
  g_task_set_task_data (task, sheet, (GDestroyNotify) sheet_free);
  if (!assay_board_parse (words, &sheet->board, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  sheet->path = g_strdup (path);
  sheet->paper = g_ascii_strdown (papers[adw_combo_row_get_selected (form->paper)], -1);
  g_task_run_in_thread (task, draw_in_thread);
}

static void
on_print (AssayBoardForm *form)
{
  assay_choose (GTK_WIDGET (form), GTK_FILE_CHOOSER_ACTION_SAVE, "Save the board as PDF or PNG", "_Save",
                "board.pdf", on_place_chosen);
}

/* Building */

static AdwComboRow *
combo_new (GtkWidget *group, const char *title, const char *const *words)
{
  GtkWidget *row = adw_combo_row_new ();
  g_autoptr (GtkStringList) list = gtk_string_list_new (words);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (list));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  return ADW_COMBO_ROW (row);
}

static GtkSpinButton *
spin_new (AssayBoardForm *form, GtkWidget *group, const char *title, const char *subtitle, double low, double high,
          double step, guint digits, double value, AdwPreferencesRow **ret_row)
{
  GtkWidget *row = adw_action_row_new (), *spin = gtk_spin_button_new_with_range (low, high, step);
  gtk_spin_button_set_digits (GTK_SPIN_BUTTON (spin), digits);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (spin), value);
  gtk_widget_set_valign (spin, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (spin), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  if (subtitle != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), spin);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  g_signal_connect_object (spin, "value-changed", G_CALLBACK (on_changed), form, G_CONNECT_SWAPPED);
  if (ret_row != NULL)
    *ret_row = ADW_PREFERENCES_ROW (row);
  return GTK_SPIN_BUTTON (spin);
}

static void
build (AssayBoardForm *form)
{
  GtkWidget *group = adw_preferences_group_new (), *print = gtk_button_new_with_mnemonic ("_Print…");
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), "Board");
  gtk_widget_set_valign (print, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (print), GTK_ACCESSIBLE_PROPERTY_LABEL, "Print the board", -1);
  g_signal_connect_object (print, "clicked", G_CALLBACK (on_print), form, G_CONNECT_SWAPPED);
  adw_preferences_group_set_header_suffix (ADW_PREFERENCES_GROUP (group), print);
  form->pattern = combo_new (group, "Pattern", patterns);
  form->cols = spin_new (form, group, "Inner corners across", NULL, 2, 100, 1, 0, 9, &form->cols_row);
  form->rows = spin_new (form, group, "Inner corners down", NULL, 2, 100, 1, 0, 6, &form->rows_row);
  form->square = spin_new (form, group, "Square", "millimetres", 1, 1000, 1, 1, 25, NULL);
  form->bar
      = spin_new (form, group, "Measured bar", "what 100 mm are on paper", 50, 200, 0.1, 1, BAR_MM, NULL);
  form->paper = combo_new (group, "Paper", papers);
  form->trouble = GTK_LABEL (gtk_label_new (""));
  gtk_label_set_wrap (form->trouble, TRUE);
  gtk_label_set_xalign (form->trouble, 0);
  gtk_widget_add_css_class (GTK_WIDGET (form->trouble), "error");
  gtk_widget_set_visible (GTK_WIDGET (form->trouble), FALSE);
  gtk_widget_set_parent (group, GTK_WIDGET (form));
  gtk_widget_set_parent (GTK_WIDGET (form->trouble), GTK_WIDGET (form));
  g_signal_connect_object (form->pattern, "notify::selected", G_CALLBACK (on_changed), form, G_CONNECT_SWAPPED);
}

static void
assay_board_form_dispose (GObject *object)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (assay_board_form_parent_class)->dispose (object);
}

static void
assay_board_form_class_init (AssayBoardFormClass *class)
{
  G_OBJECT_CLASS (class)->dispose = assay_board_form_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BOX_LAYOUT);
}

static void
assay_board_form_init (AssayBoardForm *form)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (form));
  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), 6);
  build (form);
}
