/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/plan-box.h"

#include "core/json.h"
#include "core/plan.h"
#include "qa/coverage.h"

struct _AssayPlanBox
{
  GtkWidget parent_instance;
  AssayDesk *desk; /* NULL without a project */
  GtkWidget *list; /* a row a target */
  gboolean shown, counting, again;
};

G_DEFINE_FINAL_TYPE (AssayPlanBox, assay_plan_box, GTK_TYPE_WIDGET)

static char *
describe (const json_t *target)
{
  const char *class = assay_json_get_string (target, "class");
  GString *text = g_string_new (class != NULL ? class : "any class");
  const char *name;
  json_t *value;
  json_object_foreach (json_object_get (target, "condition"), name, value)
  {
    if (json_is_string (value))
      g_string_append_printf (text, ", %s=%s", name, json_string_value (value));
  }
  return g_string_free (text, FALSE);
}

static GtkWidget *
row_new (const json_t *target)
{
  gint64 captured = 0, count = 0;
  assay_json_get_int (target, "captured", &captured);
  assay_json_get_int (target, "count", &count);
  g_autofree char *what = describe (target);
  g_autofree char *far = g_strdup_printf ("%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT, captured, count);
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3), *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *name = gtk_label_new (what), *number = gtk_label_new (far), *bar = gtk_progress_bar_new ();
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (name), 12); /* what it asks for; it takes what there is */
  gtk_widget_set_tooltip_text (name, what);
  gtk_widget_set_hexpand (name, TRUE);
  gtk_widget_add_css_class (number, "numeric");
  gtk_widget_add_css_class (number, "dim-label");
  gtk_box_append (GTK_BOX (line), name);
  gtk_box_append (GTK_BOX (line), number);
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (bar),
                                 count > 0 ? MIN (1, (double) captured / (double) count) : 1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_PROPERTY_LABEL, what, -1);
  gtk_box_append (GTK_BOX (row), line);
  gtk_box_append (GTK_BOX (row), bar);
  return row;
}

static void
show_targets (AssayPlanBox *box, const json_t *targets)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (box->list)) != NULL)
    gtk_box_remove (GTK_BOX (box->list), child);
  size_t i;
  json_t *target;
  json_array_foreach (targets, i, target) gtk_box_append (GTK_BOX (box->list), row_new (target));
  gtk_widget_set_visible (GTK_WIDGET (box), json_array_size (targets) > 0);
}

typedef struct
{
  json_t *targets;
} Count;

static void
count_free (gpointer data)
{
  json_decref (((Count *) data)->targets);
  g_free (data);
}

static gboolean
count_work (AssayProject *project, gpointer data, GError **error)
{
  g_autoptr (AssayPlan) plan = assay_plan_get (project->store, error);
  if (plan == NULL)
    return FALSE;
  ((Count *) data)->targets = assay_coverage_count_captured (project, plan, error);
  return ((Count *) data)->targets != NULL;
}

static void refresh (AssayPlanBox *box);

static void
on_counted (gpointer owner, gpointer data, const GError *error)
{
  AssayPlanBox *box = owner;
  box->counting = FALSE;
  if (error == NULL)
    show_targets (box, ((Count *) data)->targets);
  if (box->again)
    refresh (box);
}

/* One count at a time; what changes meanwhile is counted once more after it. */
static void
refresh (AssayPlanBox *box)
{
  box->again = box->counting;
  if (box->desk == NULL || !box->shown || box->counting)
    return;
  box->counting = TRUE;
  assay_desk_read (box->desk, count_work, g_new0 (Count, 1), count_free, on_counted, box);
}

void
assay_plan_box_set_desk (AssayPlanBox *box, AssayDesk *desk)
{
  if (box->desk != NULL)
    g_signal_handlers_disconnect_by_func (box->desk, refresh, box);
  g_set_object (&box->desk, desk);
  box->counting = box->again = FALSE;
  if (desk != NULL)
    g_signal_connect_object (desk, "changed", G_CALLBACK (refresh), box, G_CONNECT_SWAPPED);
  show_targets (box, NULL);
  refresh (box);
}

void
assay_plan_box_set_shown (AssayPlanBox *box, gboolean shown)
{
  box->shown = shown;
  if (shown)
    refresh (box);
}

static void
assay_plan_box_dispose (GObject *object)
{
  AssayPlanBox *box = ASSAY_PLAN_BOX (object);
  GtkWidget *child;
  g_clear_object (&box->desk);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (box))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (assay_plan_box_parent_class)->dispose (object);
}

static void
assay_plan_box_class_init (AssayPlanBoxClass *class)
{
  G_OBJECT_CLASS (class)->dispose = assay_plan_box_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
}

static void
assay_plan_box_init (AssayPlanBox *box)
{
  GtkWidget *all = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12), *title = gtk_label_new ("Plan");
  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_add_css_class (title, "heading");
  box->list = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  gtk_box_append (GTK_BOX (all), title);
  gtk_box_append (GTK_BOX (all), box->list);
  gtk_widget_set_margin_top (all, 12);
  gtk_widget_set_margin_bottom (all, 12);
  gtk_widget_set_margin_start (all, 12);
  gtk_widget_set_margin_end (all, 12);
  gtk_widget_set_parent (all, GTK_WIDGET (box));
  gtk_widget_set_visible (GTK_WIDGET (box), FALSE);
}
