/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/finding-view.h"

#include "app/gui/check-precision.h"

#include "app/gui/widget.h"
#include "qa/check.h"

#include <string.h>

struct _AssayFindingView
{
  GtkWidget parent_instance;
  AssayDesk *desk;
  GListStore *all; /* of AssayFindingRow */
  GtkCustomFilter *filter;
  GtkSingleSelection *selection;
  GPtrArray *annotators; /* of char *: the choices after "Everybody", as they are shown */
  char *needle;          /* folded; NULL = any */
  gboolean filling, reading, stale;
  AssayId told; /* finding that "selected" said last */

  GtkLabel *count, *empty;
  GtkSearchEntry *words;
  GtkDropDown *check, *annotator;
  AssayCheckPrecision *precision;
  GtkStack *stack;
  GtkListView *list;
  GtkWidget *filters;
};

enum
{
  SIGNAL_SELECTED,
  SIGNAL_ACTIVATED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AssayFindingView, assay_finding_view, GTK_TYPE_WIDGET)

/* Filter */

static gboolean
passes (gpointer item, gpointer data)
{
  AssayFindingView *view = data;
  AssayFindingRow *row = item;
  guint check = gtk_drop_down_get_selected (view->check), annotator = gtk_drop_down_get_selected (view->annotator),
        n;
  const AssayCheck *const *checks = assay_check_list (&n);
  if (check > 0 && check <= n && !g_str_equal (assay_finding_row_get_finding (row)->check, checks[check - 1]->id))
    return FALSE;
  if (view->needle != NULL && !assay_finding_row_has_words (row, view->needle))
    return FALSE;
  if (annotator == 0 || annotator > view->annotators->len)
    return TRUE;
  return g_ptr_array_find_with_equal_func ((GPtrArray *) assay_finding_row_get_whom (row),
                                           view->annotators->pdata[annotator - 1], g_str_equal, NULL);
}

static void
update (AssayFindingView *view)
{
  if (view->filling)
    return;
  guint all = g_list_model_get_n_items (G_LIST_MODEL (view->all));
  guint shown = g_list_model_get_n_items (G_LIST_MODEL (view->selection));
  g_autofree char *count
      = shown == all ? g_strdup_printf ("%u open", all) : g_strdup_printf ("%u of %u", shown, all);
  gtk_label_set_text (view->count, count);
  gtk_label_set_text (view->empty, all > 0
                                       ? "No finding fits the filters."
                                       : "Nothing open.\nRun the checks to see where labels cannot be trusted.");
  gtk_stack_set_visible_child_name (view->stack, shown > 0 ? "list" : "empty");
  AssayFindingRow *row = assay_finding_view_get_selected (view);
  AssayId id = row != NULL ? assay_finding_row_get_finding (row)->id : ASSAY_ID_NIL;
  if (assay_id_equal (&id, &view->told))
    return;
  view->told = id;
  g_signal_emit (view, signals[SIGNAL_SELECTED], 0);
}

static void
on_filter (AssayFindingView *view)
{
  if (view->filling)
    return;
  g_clear_pointer (&view->needle, g_free);
  const char *words = gtk_editable_get_text (GTK_EDITABLE (view->words));
  if (*words != '\0')
    view->needle = g_utf8_casefold (words, -1);
  gtk_filter_changed (GTK_FILTER (view->filter), GTK_FILTER_CHANGE_DIFFERENT);
  update (view);
}

static void
fill_checks (AssayFindingView *view)
{
  g_autoptr (GtkStringList) checks = gtk_string_list_new ((const char *[]){ "All checks", NULL });
  guint n;
  const AssayCheck *const *list = assay_check_list (&n);
  for (guint i = 0; i < n; i++)
    gtk_string_list_append (checks, list[i]->title);
  gtk_drop_down_set_model (view->check, G_LIST_MODEL (checks));
}

static int
by_length_and_name (gconstpointer a, gconstpointer b)
{
  const char *one = *(const char *const *) a, *other = *(const char *const *) b;
  gsize n = strlen (one), m = strlen (other);
  gboolean letters = n == 1 || m == 1; /* in front of names */
  return letters && n != m ? (n > m) - (n < m) : g_utf8_collate (one, other);
}

/* Only whom the findings name as they are shown: before a case is settled a name would tell whose answer it is. Who
 * was chosen stays so. */
static void
fill_people (AssayFindingView *view, const GPtrArray *rows)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) people = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < rows->len; i++)
    for (guint k = 0; k < assay_finding_row_get_whom (rows->pdata[i])->len; k++)
      if (g_hash_table_add (seen, assay_finding_row_get_whom (rows->pdata[i])->pdata[k]))
        g_ptr_array_add (people, g_strdup (assay_finding_row_get_whom (rows->pdata[i])->pdata[k]));
  g_ptr_array_sort (people, by_length_and_name);
  gboolean same = people->len == view->annotators->len;
  for (guint i = 0; same && i < people->len; i++)
    same = g_str_equal (people->pdata[i], view->annotators->pdata[i]);
  if (same)
    return;
  g_autoptr (GtkStringList) names = gtk_string_list_new ((const char *[]){ "Everybody", NULL });
  guint chosen = gtk_drop_down_get_selected (view->annotator), at = 0;
  const char *who = chosen > 0 && chosen <= view->annotators->len ? view->annotators->pdata[chosen - 1] : NULL;
  for (guint i = 0; i < people->len; i++)
    {
      gtk_string_list_append (names, people->pdata[i]);
      at = g_strcmp0 (people->pdata[i], who) == 0 ? i + 1 : at;
    }
  gtk_drop_down_set_model (view->annotator, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (view->annotator, at);
  g_ptr_array_unref (view->annotators);
  view->annotators = g_steal_pointer (&people);
}

/* Reading */

static gboolean
read_findings (AssayProject *project, gpointer data, GError **error)
{
  GPtrArray *rows = data; /* of AssayFindingRow */
  g_autoptr (GPtrArray) read = assay_finding_rows_read (project, error);
  if (read == NULL)
    return FALSE;
  g_ptr_array_extend_and_steal (rows, g_steal_pointer (&read));
  return TRUE;
}

static guint
find_position (AssayFindingView *view, const AssayId *id)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (view->selection));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (AssayFindingRow) row = g_list_model_get_item (G_LIST_MODEL (view->selection), i);
      if (assay_id_equal (&assay_finding_row_get_finding (row)->id, id))
        return i;
    }
  return G_MAXUINT;
}

static gboolean
is_same (AssayFindingView *view, const GPtrArray *rows)
{
  if (g_list_model_get_n_items (G_LIST_MODEL (view->all)) != rows->len)
    return FALSE;
  for (guint i = 0; i < rows->len; i++)
    {
      g_autoptr (AssayFindingRow) row = g_list_model_get_item (G_LIST_MODEL (view->all), i);
      if (!assay_finding_row_equal (row, rows->pdata[i]))
        return FALSE;
    }
  return TRUE;
}

static void ask (AssayFindingView *view);

/* What was selected stays so; when it has gone, what came after it is next. */
static void
on_read (gpointer owner, gpointer data, const GError *error)
{
  AssayFindingView *view = owner;
  GPtrArray *rows = data;
  view->reading = FALSE;
  if (view->stale)
    ask (view);
  if (error != NULL || is_same (view, rows))
    return;
  AssayId id = view->told;
  view->filling = TRUE; /* what is selected on the way is nobody's choice */
  guint position = gtk_single_selection_get_selected (view->selection);
  fill_people (view, rows);
  g_list_store_splice (view->all, 0, g_list_model_get_n_items (G_LIST_MODEL (view->all)), rows->pdata, rows->len);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (view->selection));
  guint again = find_position (view, &id);
  guint to = again != G_MAXUINT                      ? again
             : position == GTK_INVALID_LIST_POSITION ? 0
                                                     : MIN (position, n > 0 ? n - 1 : 0);
  if (n > 0)
    gtk_single_selection_set_selected (view->selection, to);
  view->filling = FALSE;
  update (view);
}

static void
ask (AssayFindingView *view)
{
  view->stale = view->reading;
  if (view->reading)
    return;
  view->reading = TRUE;
  assay_desk_read (view->desk, read_findings, g_ptr_array_new_with_free_func (g_object_unref),
                   (GDestroyNotify) g_ptr_array_unref, on_read, view);
}

void
assay_finding_view_set_desk (AssayFindingView *view, AssayDesk *desk)
{
  if (view->desk != NULL)
    g_signal_handlers_disconnect_by_data (view->desk, view);
  g_list_store_remove_all (view->all);
  view->reading = view->stale = FALSE;
  g_set_object (&view->desk, desk);
  assay_check_precision_set_desk (view->precision, desk);
  if (desk != NULL)
    {
      g_signal_connect_object (desk, "changed", G_CALLBACK (ask), view, G_CONNECT_SWAPPED);
      ask (view);
    }
  update (view);
}

AssayFindingRow *
assay_finding_view_get_selected (AssayFindingView *view)
{
  return gtk_single_selection_get_selected_item (view->selection);
}

gboolean
assay_finding_view_step (AssayFindingView *view, int by)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (view->selection));
  guint position = gtk_single_selection_get_selected (view->selection);
  if (n == 0 || position == GTK_INVALID_LIST_POSITION)
    return FALSE;
  guint to = (guint) CLAMP ((gint64) position + by, 0, (gint64) n - 1);
  gtk_single_selection_set_selected (view->selection, to);
  gtk_widget_activate_action (GTK_WIDGET (view->list), "list.scroll-to-item", "u", to);
  return to != position;
}

/* Rows on the screen */

static void
setup_row (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *icon = gtk_image_new ();
  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  gtk_widget_set_hexpand (words, TRUE);
  GtkWidget *name = gtk_label_new (NULL), *why = gtk_label_new (NULL), *score = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_xalign (GTK_LABEL (why), 0);
  gtk_label_set_wrap (GTK_LABEL (why), TRUE);
  gtk_label_set_lines (GTK_LABEL (why), 2);
  gtk_label_set_ellipsize (GTK_LABEL (why), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (why, "caption");
  gtk_widget_add_css_class (why, "dim-label");
  gtk_widget_add_css_class (score, "numeric");
  gtk_widget_set_valign (score, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (words), name);
  gtk_box_append (GTK_BOX (words), why);
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), words);
  gtk_box_append (GTK_BOX (box), score);
  gtk_list_item_set_child (item, box);
}

static void
bind_row (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  static const char *const icons[]
      = { "dialog-information-symbolic", "dialog-warning-symbolic", "dialog-error-symbolic" };
  static const char *const classes[] = { "dim-label", "warning", "error" };
  AssayFindingRow *row = gtk_list_item_get_item (item);
  GtkWidget *icon = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  GtkWidget *words = gtk_widget_get_next_sibling (icon);
  GtkWidget *name = gtk_widget_get_first_child (words);
  const AssayFinding *finding = assay_finding_row_get_finding (row);
  gtk_image_set_from_icon_name (GTK_IMAGE (icon), icons[finding->severity]);
  gtk_widget_set_css_classes (icon, (const char *[]){ classes[finding->severity], NULL });
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  assay_severity_to_text (finding->severity), -1);
  const AssayCheck *check = assay_check_find (finding->check);
  g_autofree char *title = g_strdup_printf ("%s · %s", assay_finding_row_get_name (row),
                                            check != NULL ? check->title : finding->check);
  gtk_label_set_text (GTK_LABEL (name), title);
  gtk_label_set_text (GTK_LABEL (gtk_widget_get_next_sibling (name)), assay_finding_row_get_why (row));
  g_autofree char *score = g_strdup_printf ("%.2f", finding->score);
  gtk_label_set_text (GTK_LABEL (gtk_widget_get_next_sibling (words)), score);
}

static void
on_activate (AssayFindingView *view)
{
  g_signal_emit (view, signals[SIGNAL_ACTIVATED], 0);
}

/* GtkWidget and GObject */

static gboolean
assay_finding_view_grab_focus (GtkWidget *widget)
{
  /* The focus on a list that is hidden would swallow every key of the window. */
  GtkWidget *list = GTK_WIDGET (ASSAY_FINDING_VIEW (widget)->list);
  return gtk_widget_get_mapped (list) && gtk_widget_grab_focus (list);
}

static void
assay_finding_view_dispose (GObject *object)
{
  AssayFindingView *view = ASSAY_FINDING_VIEW (object);
  view->filling = TRUE;
  if (view->desk != NULL)
    g_signal_handlers_disconnect_by_data (view->desk, view);
  if (view->selection != NULL)
    g_signal_handlers_disconnect_by_data (view->selection, view);
  g_clear_object (&view->desk);
  assay_widget_clear (view, ASSAY_TYPE_FINDING_VIEW);
  g_clear_object (&view->selection);
  g_clear_object (&view->all);
  g_clear_pointer (&view->annotators, g_ptr_array_unref);
  g_clear_pointer (&view->needle, g_free);
  G_OBJECT_CLASS (assay_finding_view_parent_class)->dispose (object);
}

static void
assay_finding_view_class_init (AssayFindingViewClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = assay_finding_view_dispose;
  widget_class->grab_focus = assay_finding_view_grab_focus;
  for (guint i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new (i == SIGNAL_SELECTED ? "selected" : "activated", ASSAY_TYPE_FINDING_VIEW,
                               G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  g_type_ensure (ASSAY_TYPE_CHECK_PRECISION);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/assay/Assay/finding-view.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayFindingView, count);
  gtk_widget_class_bind_template_child (widget_class, AssayFindingView, empty);
  gtk_widget_class_bind_template_child (widget_class, AssayFindingView, words);
  gtk_widget_class_bind_template_child (widget_class, AssayFindingView, check);
  gtk_widget_class_bind_template_child (widget_class, AssayFindingView, annotator);
  gtk_widget_class_bind_template_child (widget_class, AssayFindingView, precision);
  gtk_widget_class_bind_template_child (widget_class, AssayFindingView, stack);
  gtk_widget_class_bind_template_child (widget_class, AssayFindingView, list);
  gtk_widget_class_bind_template_callback (widget_class, on_filter);
  gtk_widget_class_bind_template_callback (widget_class, on_activate);
}

static void
assay_finding_view_init (AssayFindingView *view)
{
  view->filling = TRUE;
  view->annotators = g_ptr_array_new_with_free_func (g_free);
  view->all = g_list_store_new (ASSAY_TYPE_FINDING_ROW);
  gtk_widget_init_template (GTK_WIDGET (view));
  view->filter = gtk_custom_filter_new (passes, view, NULL);
  GtkFilterListModel *filtered
      = gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (view->all)), GTK_FILTER (view->filter));
  view->selection = gtk_single_selection_new (G_LIST_MODEL (filtered));
  g_signal_connect_object (view->selection, "notify::selected", G_CALLBACK (update), view, G_CONNECT_SWAPPED);
  gtk_list_view_set_model (view->list, GTK_SELECTION_MODEL (view->selection));
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  g_signal_connect (factory, "setup", G_CALLBACK (setup_row), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_row), NULL);
  gtk_list_view_set_factory (view->list, factory);
  fill_checks (view);
  view->filling = FALSE;
}
