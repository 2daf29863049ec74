/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/item-list.h"

#include "app/gui/widget.h"
#include "app/gui/item-model.h"
#include "app/gui/item-tile.h"
#include "core/listing.h"

struct _AssayItemList
{
  GtkWidget parent_instance;
  AssayDesk *desk;
  AssayItemModel *model;         /* NULL without a desk */
  GtkSingleSelection *selection; /* NULL without a desk */
  gint64 wanted_row;             /* to be selected as soon as it is in the list; 0 = none */
  gint64 told_row;               /* what "selected" said last */
  gboolean filling;              /* the task menu is being filled: not a choice */

  GtkDropDown *task;
  GtkLabel *count;
  GtkStack *stack;
  GtkListView *view;
};

enum
{
  SIGNAL_SELECTED,
  SIGNAL_CHOSEN,
  SIGNAL_FINISHED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AssayItemList, assay_item_list, GTK_TYPE_WIDGET)

/* Rows */

static void
setup_row (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  gtk_list_item_set_child (item, assay_item_tile_new ());
}

static void
bind_row (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  assay_item_tile_set_row (ASSAY_ITEM_TILE (gtk_list_item_get_child (item)), gtk_list_item_get_item (item));
}

static void
unbind_row (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  assay_item_tile_set_row (ASSAY_ITEM_TILE (gtk_list_item_get_child (item)), NULL);
}

/* Selection */

static void
update_count (AssayItemList *list)
{
  guint n = assay_item_list_get_n_items (list), position = assay_item_list_get_position (list);
  g_autofree char *text = n == 0                                  ? g_strdup ("")
                          : position == GTK_INVALID_LIST_POSITION ? g_strdup_printf ("%u", n)
                                                                  : g_strdup_printf ("%u of %u", position + 1, n);
  gtk_label_set_text (list->count, text);
  gtk_stack_set_visible_child_name (list->stack, n > 0 ? "list" : "empty");
}

static void
on_selected (AssayItemList *list)
{
  gint64 row = assay_item_list_get_selected (list);
  update_count (list);
  if (row == list->told_row)
    return;
  list->told_row = row;
  g_signal_emit (list, signals[SIGNAL_SELECTED], 0, row);
}

static void
scroll_to (AssayItemList *list, guint position)
{
  gtk_widget_activate_action (GTK_WIDGET (list->view), "list.scroll-to-item", "u", position);
}

static void
select_position (AssayItemList *list, guint position)
{
  gtk_single_selection_set_selected (list->selection, position);
  scroll_to (list, position);
}

static void
on_items_changed (AssayItemList *list)
{
  guint position = list->wanted_row != 0 ? assay_item_model_find (list->model, list->wanted_row) : G_MAXUINT;
  if (position != G_MAXUINT)
    {
      list->wanted_row = 0;
      select_position (list, position);
    }
  else if (assay_item_list_get_position (list) == GTK_INVALID_LIST_POSITION && list->wanted_row == 0
           && assay_item_list_get_n_items (list) > 0)
    select_position (list, 0);
  on_selected (list);
}

guint
assay_item_list_get_n_items (AssayItemList *list)
{
  return list->model != NULL ? g_list_model_get_n_items (G_LIST_MODEL (list->model)) : 0;
}

guint
assay_item_list_get_position (AssayItemList *list)
{
  return list->selection != NULL ? gtk_single_selection_get_selected (list->selection) : GTK_INVALID_LIST_POSITION;
}

gint64
assay_item_list_get_selected (AssayItemList *list)
{
  guint position = assay_item_list_get_position (list);
  return position != GTK_INVALID_LIST_POSITION ? assay_item_model_get_row (list->model, position) : 0;
}

void
assay_item_list_select (AssayItemList *list, gint64 item_row)
{
  if (list->model == NULL)
    return;
  guint position = assay_item_model_find (list->model, item_row);
  list->wanted_row = position == G_MAXUINT ? item_row : 0;
  if (position != G_MAXUINT)
    select_position (list, position);
}

gboolean
assay_item_list_step (AssayItemList *list, int by)
{
  guint n = assay_item_list_get_n_items (list), position = assay_item_list_get_position (list);
  if (n == 0)
    return FALSE;
  gint64 to = position == GTK_INVALID_LIST_POSITION ? 0 : CLAMP ((gint64) position + by, 0, (gint64) n - 1);
  if (to == (gint64) position)
    return FALSE;
  select_position (list, (guint) to);
  return TRUE;
}

/* The next one to do */

typedef struct
{
  AssayTask *task;
  gint64 annotator_row, after_row, found_row;
} Search;

static void
search_free (Search *search)
{
  assay_task_free (search->task);
  g_free (search);
}

static gboolean
search_todo (AssayProject *project, gpointer data, GError **error)
{
  Search *search = data;
  return assay_listing_next_todo (project->store, search->task, search->annotator_row, search->after_row,
                                  &search->found_row, error);
}

static void
on_found (gpointer owner, gpointer data, const GError *error)
{
  AssayItemList *list = owner;
  const Search *search = data;
  if (error == NULL && search->found_row != 0)
    assay_item_list_select (list, search->found_row);
  else if (error == NULL)
    g_signal_emit (list, signals[SIGNAL_FINISHED], 0);
}

void
assay_item_list_step_todo (AssayItemList *list)
{
  const AssayTask *task = list->desk != NULL ? assay_desk_get_task (list->desk) : NULL;
  if (task == NULL)
    return;
  const AssayAnnotator *annotator = assay_desk_get_annotator (list->desk);
  Search *search = g_new0 (Search, 1);
  search->task = assay_task_copy (task);
  search->annotator_row = annotator != NULL ? annotator->row : 0;
  search->after_row = assay_item_list_get_selected (list);
  assay_desk_read (list->desk, search_todo, search, (GDestroyNotify) search_free, on_found, list);
}

/* The task */

static gboolean
same_names (GListModel *model, const GPtrArray *tasks)
{
  guint n = model != NULL ? g_list_model_get_n_items (model) : 0;
  for (guint i = 0; n == tasks->len && i < n; i++)
    {
      g_autoptr (GtkStringObject) name = g_list_model_get_item (model, i);
      if (!g_str_equal (gtk_string_object_get_string (name), ((const AssayTask *) tasks->pdata[i])->name))
        return FALSE;
    }
  return n == tasks->len;
}

static void
fill_tasks (AssayItemList *list)
{
  const GPtrArray *tasks = assay_desk_get_tasks (list->desk);
  const AssayTask *chosen = assay_desk_get_task (list->desk);
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  guint at = GTK_INVALID_LIST_POSITION;
  for (guint i = 0; i < tasks->len; i++)
    {
      const AssayTask *task = tasks->pdata[i];
      gtk_string_list_append (names, task->name);
      if (task == chosen)
        at = i;
    }
  list->filling = TRUE;
  /* A choice is still inside the menu's own signal: the menu keeps its model unless it must have another. */
  if (!same_names (gtk_drop_down_get_model (list->task), tasks))
    gtk_drop_down_set_model (list->task, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (list->task, at);
  list->filling = FALSE;
  gtk_widget_set_visible (GTK_WIDGET (list->task), tasks->len > 0);
}

static void
on_task_selected (AssayItemList *list)
{
  guint at = gtk_drop_down_get_selected (list->task);
  if (list->filling || list->desk == NULL || at == GTK_INVALID_LIST_POSITION)
    return;
  const GPtrArray *tasks = assay_desk_get_tasks (list->desk);
  if (at < tasks->len)
    assay_desk_set_task (list->desk, ((AssayTask *) tasks->pdata[at])->row);
}

void
assay_item_list_set_desk (AssayItemList *list, AssayDesk *desk)
{
  if (list->desk != NULL)
    {
      g_signal_handlers_disconnect_by_func (list->desk, fill_tasks, list);
      gtk_list_view_set_model (list->view, NULL);
      g_clear_object (&list->selection);
      g_object_run_dispose (G_OBJECT (list->model)); /* no thumbnail is being made any more when the desk closes */
      g_clear_object (&list->model);
    }
  list->wanted_row = 0;
  g_set_object (&list->desk, desk);
  if (desk != NULL)
    {
      list->model = assay_item_model_new (desk);
      list->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (list->model)));
      gtk_single_selection_set_autoselect (list->selection, FALSE);
      gtk_list_view_set_model (list->view, GTK_SELECTION_MODEL (list->selection));
      g_signal_connect_object (list->selection, "notify::selected", G_CALLBACK (on_selected), list,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (list->selection, "items-changed", G_CALLBACK (on_items_changed), list,
                               G_CONNECT_SWAPPED | G_CONNECT_AFTER);
      g_signal_connect_object (desk, "notify::tasks", G_CALLBACK (fill_tasks), list, G_CONNECT_SWAPPED);
      g_signal_connect_object (desk, "notify::task", G_CALLBACK (fill_tasks), list, G_CONNECT_SWAPPED);
      fill_tasks (list);
      on_selected (list);
      return;
    }
  /* Emptied by the one who owns it: that is no choice to be told. */
  list->told_row = 0;
  update_count (list);
}

GtkWidget *
assay_item_list_new (void)
{
  return g_object_new (ASSAY_TYPE_ITEM_LIST, NULL);
}

static void
on_activated (AssayItemList *list)
{
  g_signal_emit (list, signals[SIGNAL_CHOSEN], 0);
}

/* The rows' own gestures claim a click for themselves; whoever listens to plain events still hears that it is over.
 */
static gboolean
on_event (GtkEventControllerLegacy *controller, GdkEvent *event, AssayItemList *list)
{
  if (gdk_event_get_event_type (event) == GDK_BUTTON_RELEASE)
    g_signal_emit (list, signals[SIGNAL_CHOSEN], 0);
  return GDK_EVENT_PROPAGATE;
}

static gboolean
assay_item_list_grab_focus (GtkWidget *widget)
{
  /* The focus on a list that is hidden would swallow every key of the window. */
  GtkWidget *view = GTK_WIDGET (ASSAY_ITEM_LIST (widget)->view);
  return gtk_widget_get_mapped (view) && gtk_widget_grab_focus (view);
}

static void
assay_item_list_dispose (GObject *object)
{
  AssayItemList *list = ASSAY_ITEM_LIST (object);
  if (list->view != NULL)
    assay_item_list_set_desk (list, NULL);
  assay_widget_clear (list, ASSAY_TYPE_ITEM_LIST);
  G_OBJECT_CLASS (assay_item_list_parent_class)->dispose (object);
}

static void
assay_item_list_class_init (AssayItemListClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = assay_item_list_dispose;
  widget_class->grab_focus = assay_item_list_grab_focus;
  signals[SIGNAL_SELECTED] = g_signal_new ("selected", ASSAY_TYPE_ITEM_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                           G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[SIGNAL_CHOSEN]
      = g_signal_new ("chosen", ASSAY_TYPE_ITEM_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_FINISHED]
      = g_signal_new ("finished", ASSAY_TYPE_ITEM_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/assay/Assay/item-list.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayItemList, task);
  gtk_widget_class_bind_template_child (widget_class, AssayItemList, count);
  gtk_widget_class_bind_template_child (widget_class, AssayItemList, stack);
  gtk_widget_class_bind_template_child (widget_class, AssayItemList, view);
  gtk_widget_class_bind_template_callback (widget_class, on_task_selected);
}

static void
assay_item_list_init (AssayItemList *list)
{
  gtk_widget_init_template (GTK_WIDGET (list));
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  g_signal_connect (factory, "setup", G_CALLBACK (setup_row), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_row), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_row), NULL);
  gtk_list_view_set_factory (list->view, factory);
  g_signal_connect_swapped (list->view, "activate", G_CALLBACK (on_activated), list);
  GtkEventController *pointer = gtk_event_controller_legacy_new ();
  gtk_event_controller_set_propagation_phase (pointer, GTK_PHASE_CAPTURE);
  g_signal_connect (pointer, "event", G_CALLBACK (on_event), list);
  gtk_widget_add_controller (GTK_WIDGET (list->view), pointer);
}
