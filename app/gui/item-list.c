/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/item-list.h"

#include "app/gui/widget.h"
#include "app/gui/item-model.h"
#include "app/gui/item-tile.h"
#include "core/again.h"
#include "core/queue.h"

#define NOTHING (-1)

struct _AssayItemList
{
  GtkWidget parent_instance;
  AssayDesk *desk;
  AssayItemModel *model;         /* NULL without a desk */
  GtkSingleSelection *selection; /* NULL without a desk */
  gint64 wanted_row;             /* to be selected as soon as it is in the list; 0 = none */
  gint64 told_row;               /* what "selected" said last; NOTHING = it has to say it again */
  gboolean filling;              /* the task menu is being filled: not a choice */
  gboolean by_itself;            /* the first item was selected because there was no other wish */
  gboolean resuming;             /* where this annotator left is being looked for */
  gint64 again_row;
  AssayAnnotator *again;         /* (nullable) who looks a second time at the item that is selected (core/again.h) */

  GtkDropDown *task;
  GtkLabel *count;
  GtkStack *stack;
  GtkListView *view;
};

enum
{
  SIGNAL_SELECTED,
  SIGNAL_CHOSEN,
  SIGNAL_STAYED,
  SIGNAL_RESUMED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AssayItemList, assay_item_list, GTK_TYPE_WIDGET)

/* Rows */

/* Not at once: the chosen action comes after it is closed. */
static gboolean
drop (gpointer popover)
{
  gtk_widget_unparent (popover);
  return G_SOURCE_REMOVE;
}

static void
drop_menu (GtkWidget *popover)
{
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, drop, g_object_ref (popover), g_object_unref);
}

/* What can be done with an answer that was handed in. */
static void
pop_up (GtkWidget *tile, double x, double y)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  g_menu_append (menu, "Take Back", "page.recall");
  g_menu_append (menu, "Compare With the Truth", "page.compare");
  GtkWidget *popover = gtk_popover_menu_new_from_model (G_MENU_MODEL (menu));
  gtk_widget_set_parent (popover, tile);
  gtk_popover_set_pointing_to (GTK_POPOVER (popover), &(GdkRectangle){ (int) x, (int) y, 1, 1 });
  gtk_popover_set_has_arrow (GTK_POPOVER (popover), FALSE);
  g_signal_connect (popover, "closed", G_CALLBACK (drop_menu), NULL);
  gtk_popover_popup (GTK_POPOVER (popover));
}

/* On the row that is under the pointer, which is selected by it. */
static void
on_menu (GtkGestureClick *click, int n_press, double x, double y, GtkListItem *item)
{
  GtkWidget *tile = gtk_list_item_get_child (item), *view = gtk_widget_get_ancestor (tile, GTK_TYPE_LIST_VIEW);
  gtk_widget_activate_action (view, "list.select-item", "(ubb)", gtk_list_item_get_position (item), FALSE, FALSE);
  pop_up (tile, x, y);
}

gboolean
assay_item_list_show_menu (AssayItemList *list)
{
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (list)));
  GtkWidget *tile = focus != NULL ? gtk_widget_get_first_child (focus) : NULL;
  if (tile == NULL || !ASSAY_IS_ITEM_TILE (tile))
    return FALSE;
  pop_up (tile, gtk_widget_get_width (tile) / 2.0, gtk_widget_get_height (tile) / 2.0);
  return TRUE;
}

static void
setup_row (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *tile = assay_item_tile_new ();
  GtkGesture *click = gtk_gesture_click_new ();
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect (click, "pressed", G_CALLBACK (on_menu), item);
  gtk_widget_add_controller (tile, GTK_EVENT_CONTROLLER (click));
  gtk_list_item_set_child (item, tile);
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
  if (row != list->again_row && list->again != NULL)
    {
      g_clear_pointer (&list->again, assay_annotator_free);
      assay_item_model_set_again (list->model, 0);
    }
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

/* The item that would be opened now might not be the one where they left. */
static gboolean
waits (AssayItemList *list)
{
  return list->resuming || assay_desk_get_annotator (list->desk) == NULL;
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
           && !waits (list) && assay_item_list_get_n_items (list) > 0)
    {
      list->by_itself = TRUE;
      select_position (list, 0);
    }
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

const AssayAnnotator *
assay_item_list_get_again (AssayItemList *list, gint64 item_row)
{
  return list->again != NULL && list->again_row == item_row ? list->again : NULL;
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
  AssayAnnotator *annotator; /* (nullable) */
  gint64 after_row, found_row;
  gboolean comes_again;
  AssayAnnotator *again; /* their second self, where it comes again */
  char *end;             /* (nullable) why there is none */
} Search;

static void
search_free (Search *search)
{
  assay_task_free (search->task);
  assay_annotator_free (search->annotator);
  assay_annotator_free (search->again);
  g_free (search->end);
  g_free (search);
}

static AssayAnnotator *
copy_annotator (const AssayAnnotator *annotator)
{
  AssayAnnotator *copy = g_memdup2 (annotator, sizeof *annotator);
  copy->name = g_strdup (annotator->name);
  return copy;
}

static gboolean
search_todo (AssayProject *project, gpointer data, GError **error)
{
  Search *search = data;
  g_autoptr (AssayQueued) next = NULL;
  if (!assay_queue_next (project->store, search->task, search->annotator, search->after_row, &next, error))
    return FALSE;
  search->found_row = next != NULL ? next->item_row : 0;
  search->comes_again = next != NULL && next->again;
  if (search->found_row == 0)
    search->end = assay_queue_dup_end (project->store, search->task, search->annotator, error);
  return search->found_row != 0 || search->end != NULL;
}

static gboolean
make_again (AssayProject *project, gpointer data, GError **error)
{
  Search *search = data;
  search->again = assay_again_ensure (project->store, search->annotator, error);
  return search->again != NULL;
}

static Search *
search_copy (const Search *search)
{
  Search *copy = g_new0 (Search, 1);
  copy->task = assay_task_copy (search->task);
  copy->annotator = copy_annotator (search->annotator);
  copy->after_row = search->after_row;
  copy->found_row = search->found_row;
  return copy;
}

static void
on_found (gpointer owner, gpointer data, const GError *error)
{
  AssayItemList *list = owner;
  const Search *search = data;
  if (search->after_row != assay_item_list_get_selected (list))
    return; /* somebody has chosen an item meanwhile */
  if (error == NULL && search->comes_again)
    {
      assay_desk_run (list->desk, make_again, search_copy (search), (GDestroyNotify) search_free, on_found, list);
      return;
    }
  if (error == NULL && search->again != NULL)
    {
      assay_annotator_free (list->again);
      list->again = copy_annotator (search->again);
      list->again_row = search->found_row;
      assay_item_model_set_again (list->model, search->found_row);
    }
  if (error == NULL && search->found_row != 0)
    assay_item_list_select (list, search->found_row);
  else
    g_signal_emit (list, signals[SIGNAL_STAYED], 0, error, search->end);
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
  search->annotator = annotator != NULL ? copy_annotator (annotator) : NULL;
  search->after_row = assay_item_list_get_selected (list);
  assay_desk_read (list->desk, search_todo, search, (GDestroyNotify) search_free, on_found, list);
}

/* Where one left */

typedef struct
{
  AssayTask *task;
  AssayAnnotator *annotator;
  gint64 found_row;
  char *tool;
} Resume;

static void
resume_free (Resume *resume)
{
  assay_task_free (resume->task);
  assay_annotator_free (resume->annotator);
  g_free (resume->tool);
  g_free (resume);
}

static gboolean
find_resume (AssayProject *project, gpointer data, GError **error)
{
  Resume *resume = data;
  return assay_queue_resume (project->store, resume->task, resume->annotator, &resume->found_row, &resume->tool,
                             error);
}

/* Somebody has chosen an item meanwhile: that holds. */
static void
on_resume_found (gpointer owner, gpointer data, const GError *error)
{
  AssayItemList *list = owner;
  const Resume *resume = data;
  const AssayTask *task = assay_desk_get_task (list->desk);
  if (task == NULL || task->row != resume->task->row)
    return; /* asked again for the other one */
  guint position = assay_item_list_get_position (list);
  gboolean chosen
      = list->wanted_row != 0 || (position != GTK_INVALID_LIST_POSITION && !(position == 0 && list->by_itself));
  list->resuming = FALSE;
  list->told_row = NOTHING;
  g_signal_emit (list, signals[SIGNAL_RESUMED], 0, resume->tool);
  if (!chosen && error == NULL && resume->found_row != 0)
    assay_item_list_select (list, resume->found_row);
  on_items_changed (list);
}

static void
resume_work (AssayItemList *list)
{
  g_clear_pointer (&list->again, assay_annotator_free);
  assay_item_model_set_again (list->model, 0);
  const AssayTask *task = assay_desk_get_task (list->desk);
  const AssayAnnotator *annotator = assay_desk_get_annotator (list->desk);
  if (task == NULL || annotator == NULL)
    {
      on_items_changed (list);
      return;
    }
  Resume *resume = g_new0 (Resume, 1);
  resume->task = assay_task_copy (task);
  resume->annotator = copy_annotator (annotator);
  list->resuming = TRUE;
  assay_desk_read (list->desk, find_resume, resume, (GDestroyNotify) resume_free, on_resume_found, list);
}

gboolean
assay_item_list_is_resuming (AssayItemList *list)
{
  return list->resuming;
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
      g_signal_handlers_disconnect_by_func (list->desk, resume_work, list);
      list->resuming = FALSE;
      list->by_itself = FALSE;
      gtk_list_view_set_model (list->view, NULL);
      g_clear_object (&list->selection);
      g_object_run_dispose (G_OBJECT (list->model)); /* no thumbnail is being made any more when the desk closes */
      g_clear_object (&list->model);
    }
  list->wanted_row = 0;
  g_clear_pointer (&list->again, assay_annotator_free);
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
      g_signal_connect_object (desk, "notify::annotator", G_CALLBACK (resume_work), list, G_CONNECT_SWAPPED);
      g_signal_connect_object (desk, "notify::task", G_CALLBACK (resume_work), list, G_CONNECT_SWAPPED);
      fill_tasks (list);
      on_selected (list);
      resume_work (list);
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
  signals[SIGNAL_STAYED] = g_signal_new ("stayed", ASSAY_TYPE_ITEM_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 2, G_TYPE_POINTER, G_TYPE_STRING);
  signals[SIGNAL_RESUMED] = g_signal_new ("resumed", ASSAY_TYPE_ITEM_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 1, G_TYPE_STRING);
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
