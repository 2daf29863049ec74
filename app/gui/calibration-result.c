/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/calibration-result.h"

#include "core/json.h"

#include <adwaita.h>
#include <math.h>

static GtkWidget *
label_new (const char *text, const char *class)
{
  GtkWidget *label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  if (class != NULL)
    gtk_widget_add_css_class (label, class);
  return label;
}

/* The verdict first, in a word, an icon and a sentence. */
static GtkWidget *
headline_new (const json_t *document)
{
  const char *quality = assay_json_get_string (document, "quality");
  gboolean good = g_strcmp0 (quality, "good") == 0, poor = g_strcmp0 (quality, "poor") == 0;
  double rms_px = 0, held_out_px = NAN;
  gint64 used = 0;
  assay_json_get_double (document, "rms_px", &rms_px);
  assay_json_get_double (document, "held_out_px", &held_out_px);
  assay_json_get_int (document, "used", &used);
  g_autofree char *title = g_strdup_printf ("%s: %.2f px", good ? "Good" : poor ? "Poor" : "Fair", rms_px);
  g_autofree char *held_out
      = isfinite (held_out_px)
            ? g_strdup_printf ("%.2f px on views that were left out of the solution; ", held_out_px)
            : g_strdup ("too few views to leave some out and try the lens on them; ");
  g_autofree char *text = g_strdup_printf ("%s%" G_GINT64_FORMAT " views used", held_out, used);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 18), *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *icon = gtk_image_new_from_icon_name (good ? "emblem-ok-symbolic" : "dialog-warning-symbolic");
  gtk_image_set_pixel_size (GTK_IMAGE (icon), 48);
  gtk_widget_add_css_class (icon, good ? "success" : poor ? "error" : "warning");
  gtk_box_append (GTK_BOX (words), label_new (title, "title-1"));
  gtk_box_append (GTK_BOX (words), label_new (text, "dim-label"));
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), words);
  return box;
}

static GtkWidget *
lens_new (const json_t *document)
{
  static const char *const names[] = { "fx", "fy", "cx", "cy" };
  GtkWidget *group = adw_preferences_group_new (), *grid = gtk_grid_new ();
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), "Lens");
  gtk_grid_set_column_homogeneous (GTK_GRID (grid), TRUE);
  gtk_widget_add_css_class (grid, "card");
  gtk_widget_add_css_class (grid, "figures");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      double value = 0, deviation = 0;
      assay_json_get_double (document, names[i], &value);
      assay_json_get_double (json_object_get (document, "std"), names[i], &deviation);
      g_autofree char *text = g_strdup_printf ("%.2f", value);
      g_autofree char *spread = g_strdup_printf ("%s ± %.2f px", names[i], deviation);
      gtk_grid_attach (GTK_GRID (grid), label_new (text, "title-3"), (int) i, 0, 1, 1);
      gtk_grid_attach (GTK_GRID (grid), label_new (spread, "dim-label"), (int) i, 1, 1, 1);
    }
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), grid);
  return group;
}

/* One bar a view, all on one scale. */
static GtkWidget *
views_new (const json_t *document)
{
  const json_t *views = json_object_get (document, "views");
  GtkWidget *group = adw_preferences_group_new (), *grid = gtk_grid_new ();
  double most_px = 0;
  size_t i;
  json_t *view;
  json_array_foreach (views, i, view) most_px = MAX (most_px, json_number_value (json_object_get (view, "rms_px")));
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), "Each view's error");
  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 4);
  gtk_widget_add_css_class (grid, "card");
  gtk_widget_add_css_class (grid, "figures");
  json_array_foreach (views, i, view)
  {
    double px = json_number_value (json_object_get (view, "rms_px"));
    g_autofree char *text = g_strdup_printf ("%.2f px", px);
    GtkWidget *bar = gtk_progress_bar_new (), *number = label_new (text, "tabular");
    gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (bar), most_px > 0 ? px / most_px : 0);
    gtk_widget_set_hexpand (bar, TRUE);
    gtk_widget_set_valign (bar, GTK_ALIGN_CENTER);
    gtk_accessible_update_property (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    assay_json_get_string (view, "path"), -1);
    gtk_grid_attach (GTK_GRID (grid), label_new (assay_json_get_string (view, "path"), "tabular"), 0, (int) i, 1,
                     1);
    gtk_grid_attach (GTK_GRID (grid), bar, 1, (int) i, 1, 1);
    gtk_grid_attach (GTK_GRID (grid), number, 2, (int) i, 1, 1);
  }
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), grid);
  return group;
}

static void
add_row (GtkWidget *group, const char *title, const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();
  g_object_set (row, "use-markup", FALSE, "title", title, "title-lines", 0, NULL);
  if (subtitle != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
}

/* NULL: there is nothing to say. */
static GtkWidget *
rejected_new (const json_t *document)
{
  const json_t *rejected = json_object_get (document, "rejected");
  if (json_array_size (rejected) == 0)
    return NULL;
  GtkWidget *group = adw_preferences_group_new ();
  size_t i;
  json_t *entry;
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), "Views that were not used");
  json_array_foreach (rejected, i, entry)
      add_row (group, assay_json_get_string (entry, "path"), assay_json_get_string (entry, "why"));
  return group;
}

static GtkWidget *
advice_new (const json_t *document)
{
  const json_t *advice = json_object_get (document, "advice");
  if (json_array_size (advice) == 0)
    return NULL;
  GtkWidget *group = adw_preferences_group_new ();
  size_t i;
  json_t *entry;
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), "What would make it better");
  json_array_foreach (advice, i, entry)
  {
    g_autofree char *text = g_strdup (json_string_value (entry));
    *text = g_ascii_toupper (*text);
    add_row (group, text, NULL);
  }
  return group;
}

GtkWidget *
assay_calibration_result_new (const json_t *document)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 24), *clamp = adw_clamp_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *parts[] = { headline_new (document), lens_new (document), advice_new (document), views_new (document),
                         rejected_new (document) };
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (parts[i] != NULL)
      gtk_box_append (GTK_BOX (box), parts[i]);
  g_object_set (box, "margin-top", 30, "margin-bottom", 48, "margin-start", 24, "margin-end", 24, NULL);
  g_object_set (clamp, "maximum-size", 760, "child", box, NULL);
  g_object_set (scrolled, "hscrollbar-policy", GTK_POLICY_NEVER, "child", clamp, NULL);
  return scrolled;
}
