/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/object-list.h"

#include "app/gui/shortcuts.h"
#include "app/gui/swatch.h"
#include "core/proposal.h"
#include "core/transcript.h"

#include <math.h>
#include <string.h>

/* The list follows the picture a moment later: two hundred rows are bound for a jump, and what was clicked is
 * painted before that, however fast one goes from object to object. */
#define FOLLOW_MS 60
#define FEW_ROWS_PX 186

/* One row. */
#define ASSAY_TYPE_OBJECT_ROW (assay_object_row_get_type ())
G_DECLARE_FINAL_TYPE (AssayObjectRow, assay_object_row, ASSAY, OBJECT_ROW, GObject)
struct _AssayObjectRow
{
  GObject parent_instance;
  AssayId id;
  gconstpointer value, about; /* only compared: the same value and attributes need no new words */
  guint number;
  guint32 colour;
  gboolean hidden, locked;
  char *text;   /* the whole of it */
  char *markup; /* the class, and what else is known on a line below */
};
G_DEFINE_FINAL_TYPE (AssayObjectRow, assay_object_row, G_TYPE_OBJECT)

static void
assay_object_row_finalize (GObject *object)
{
  g_free (ASSAY_OBJECT_ROW (object)->text);
  g_free (ASSAY_OBJECT_ROW (object)->markup);
  G_OBJECT_CLASS (assay_object_row_parent_class)->finalize (object);
}

static void
assay_object_row_class_init (AssayObjectRowClass *class)
{
  G_OBJECT_CLASS (class)->finalize = assay_object_row_finalize;
}

static void
assay_object_row_init (AssayObjectRow *row)
{
}

struct _AssayObjectList
{
  GtkWidget parent_instance;
  GListStore *rows;
  GtkMultiSelection *selection;
  GtkListView *view;
  gboolean with_eyes; /* what is heard is not hidden */
  gboolean updating;
  guint follow, follow_to; /* a row, once `follow` comes */
};

G_DEFINE_FINAL_TYPE (AssayObjectList, assay_object_list, GTK_TYPE_WIDGET)

enum
{
  SIGNAL_CHOSEN,
  SIGNAL_HIDE,
  SIGNAL_LOCK,
  SIGNAL_SEVERAL,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* Segments begin with when they are. */
static char *
describe (const AssayObject *object, const AssayScene *scene)
{
  char *words = scene->task->kind->summarise (object, scene->task);
  if (assay_object_is_proposed (object))
    {
      g_autofree char *plain = words;
      words = g_strdup_printf ("? %s, proposed (%s)", plain, assay_object_get_assisted (object));
    }
  if (scene->task->kind->media != ASSAY_MEDIA_SOUND || scene->item->rate_hz == 0)
    return words;
  const AssaySegment *segment = object->value;
  gint64 from = 0, to = 0;
  assay_item_get_samples (scene->item, &from, &to);
  double start = (double) (segment->start - from) / scene->item->rate_hz;
  double end = (double) (segment->end - from) / scene->item->rate_hz;
  char *timed = g_strdup_printf ("%d:%06.3f – %d:%06.3f    %s", (int) start / 60, fmod (start, 60), (int) end / 60,
                                 fmod (end, 60), words);
  g_free (words);
  return timed;
}

/* A narrow panel shows the class whole: a summary begins with it. Segments are their words. */
static char *
mark_up (const char *text, const AssayObject *object, const AssayScene *scene)
{
  const AssayClass *class = assay_task_find_class (scene->task, &object->class_id);
  const char *at = class != NULL && scene->task->kind->media != ASSAY_MEDIA_SOUND ? strstr (text, class->name) : NULL;
  if (at == NULL)
    return g_markup_escape_text (text, -1);
  const char *rest = at + strlen (class->name);
  g_autofree char *name = g_markup_escape_text (text, rest - text);
  rest += strspn (rest, ", ");
  g_autofree char *facts = g_markup_escape_text (rest, -1);
  return *facts == '\0' ? g_steal_pointer (&name)
                        : g_strdup_printf ("%s\n<span size='smaller' alpha='65%%'>%s</span>", name, facts);
}

static AssayObjectRow *
row_new (const AssayObject *object, guint number, const AssayScene *scene)
{
  const AssayTask *task = scene->task;
  AssayObjectRow *row = g_object_new (ASSAY_TYPE_OBJECT_ROW, NULL);
  row->id = object->id;
  row->value = object->value;
  row->about = object->attributes;
  row->number = number;
  row->colour = assay_task_class_colour (task, &object->class_id);
  row->hidden = assay_scene_is_hidden (scene, &object->id);
  row->locked = assay_scene_is_locked (scene, &object->id);
  row->text = describe (object, scene);
  row->markup = mark_up (row->text, object, scene);
  return row;
}

static gboolean
row_is (AssayObjectRow *row, const AssayObject *object, guint number, const AssayScene *scene)
{
  return row->number == number && row->value == object->value && row->about == object->attributes
         && assay_id_equal (&row->id, &object->id) && row->hidden == assay_scene_is_hidden (scene, &object->id)
         && row->locked == assay_scene_is_locked (scene, &object->id)
         && row->colour == assay_task_class_colour (scene->task, &object->class_id);
}

/* From the first row that is another to the last one in one go: ten thousand rows one by one take a second. */
static void
update_rows (AssayObjectList *self, const AssayScene *scene)
{
  guint n = scene != NULL ? scene->objects->list->len : 0,
        n_old = g_list_model_get_n_items (G_LIST_MODEL (self->rows));
  guint first = 0, end = 0; /* of those that are others */
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < n; i++)
    {
      const AssayObject *object = scene->objects->list->pdata[i];
      AssayObjectRow *row = g_list_model_get_item (G_LIST_MODEL (self->rows), i);
      if (row == NULL || !row_is (row, object, i + 1, scene))
        {
          g_clear_object (&row);
          row = row_new (object, i + 1, scene);
          first = end == 0 ? i : first;
          end = i + 1;
        }
      g_ptr_array_add (rows, row);
    }
  if (end == 0 && n == n_old)
    return;
  guint n_same = n == n_old ? n - end : 0; /* after those: where there are more or fewer rows the numbers differ */
  first = end == 0 ? n : first;
  g_list_store_splice (self->rows, first, n_old - first - n_same, rows->pdata + first, n - first - n_same);
}

static gboolean
on_follow (gpointer data)
{
  AssayObjectList *self = data;
  self->follow = 0;
  if (self->follow_to < g_list_model_get_n_items (G_LIST_MODEL (self->rows)))
    gtk_widget_activate_action (GTK_WIDGET (self->view), "list.scroll-to-item", "u", self->follow_to);
  return G_SOURCE_REMOVE;
}

void
assay_object_list_update (AssayObjectList *self, const AssayScene *scene)
{
  g_autoptr (GtkBitset) chosen = gtk_bitset_new_empty (), all = NULL;
  self->updating = TRUE;
  self->follow_to = GTK_INVALID_LIST_POSITION;
  self->with_eyes = scene != NULL && scene->task->kind->media != ASSAY_MEDIA_SOUND;
  update_rows (self, scene);
  for (guint i = 0; scene != NULL && i < scene->objects->list->len; i++)
    {
      const AssayId *id = &((const AssayObject *) scene->objects->list->pdata[i])->id;
      if (assay_id_equal (id, &scene->selected))
        self->follow_to = i;
      if (assay_scene_is_selected (scene, id))
        gtk_bitset_add (chosen, i);
    }
  all = gtk_bitset_new_range (0, g_list_model_get_n_items (G_LIST_MODEL (self->rows)));
  gtk_selection_model_set_selection (GTK_SELECTION_MODEL (self->selection), chosen, all);
  if (self->follow_to != GTK_INVALID_LIST_POSITION && self->follow == 0)
    self->follow = g_timeout_add (FOLLOW_MS, on_follow, self);
  self->updating = FALSE;
}

static void
tell (GtkButton *button, GtkListItem *item, guint signal)
{
  AssayObjectRow *row = gtk_list_item_get_item (item);
  GtkWidget *list = gtk_widget_get_ancestor (GTK_WIDGET (button), ASSAY_TYPE_OBJECT_LIST);
  if (row == NULL || list == NULL)
    return;
  AssayId id = row->id; /* whoever listens replaces the row */
  g_signal_emit (list, signals[signal], 0, &id);
}

static void
on_eye (GtkButton *button, GtkListItem *item)
{
  tell (button, item, SIGNAL_HIDE);
}

static void
on_lock (GtkButton *button, GtkListItem *item)
{
  tell (button, item, SIGNAL_LOCK);
}

static gboolean
on_text_tip (GtkWidget *label, int x, int y, gboolean by_keyboard, GtkTooltip *tooltip)
{
  gtk_tooltip_set_text (tooltip, gtk_label_get_text (GTK_LABEL (label))); /* what the line has no room for */
  return TRUE;
}

/* GTK asks the server where the pointer is whenever a tooltip is set, and waits: with two hundred rows bound at
 * once nobody sets what is there already. */
static void
set_tip (GtkWidget *widget, const char *words)
{
  if (g_strcmp0 (gtk_widget_get_tooltip_text (widget), words) != 0)
    gtk_widget_set_tooltip_text (widget, words);
}

/* On the row that is under the pointer, which is selected by it unless it is one of several. */
static void
on_menu (GtkGestureClick *click, int n_press, double x, double y, GtkListItem *item)
{
  GtkWidget *cell = gtk_widget_get_parent (gtk_list_item_get_child (item));
  if (!gtk_list_item_get_selected (item))
    gtk_widget_activate_action (cell, "list.select-item", "(ubb)", gtk_list_item_get_position (item), FALSE, FALSE);
  gtk_widget_grab_focus (cell);
  gtk_widget_activate_action (cell, "page.menu", NULL);
}

static void
setup (GtkListItemFactory *factory, GtkListItem *item, AssayObjectList *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *swatch = assay_swatch_new (), *number = gtk_label_new (NULL), *text = gtk_label_new (NULL);
  GtkWidget *lock = gtk_button_new_from_icon_name ("changes-allow-symbolic");
  GtkWidget *eye = gtk_button_new_from_icon_name ("view-reveal-symbolic");
  assay_shortcuts_tip (lock, "page.lock", NULL);
  assay_shortcuts_tip (eye, "page.hide", NULL);
  gtk_widget_add_css_class (number, "dim-label");
  gtk_widget_add_css_class (number, "tabular");
  gtk_widget_add_css_class (text, "tabular");
  gtk_label_set_width_chars (GTK_LABEL (number), 2);
  gtk_label_set_xalign (GTK_LABEL (number), 1);
  gtk_label_set_xalign (GTK_LABEL (text), 0);
  gtk_label_set_ellipsize (GTK_LABEL (text), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (text), 8); /* no more words make the panel wider */
  gtk_widget_set_hexpand (text, TRUE);
  gtk_widget_set_has_tooltip (text, TRUE);
  g_signal_connect (text, "query-tooltip", G_CALLBACK (on_text_tip), NULL);
  GtkWidget *buttons[] = { lock, eye };
  for (guint i = 0; i < G_N_ELEMENTS (buttons); i++)
    {
      gtk_widget_add_css_class (buttons[i], "flat");
      gtk_widget_add_css_class (buttons[i], "eye");
      gtk_widget_set_focus_on_click (buttons[i], FALSE);
      g_signal_connect_object (buttons[i], "clicked", i == 0 ? G_CALLBACK (on_lock) : G_CALLBACK (on_eye), item, 0);
    }
  gtk_box_append (GTK_BOX (box), swatch);
  gtk_box_append (GTK_BOX (box), number);
  gtk_box_append (GTK_BOX (box), text);
  gtk_box_append (GTK_BOX (box), lock);
  gtk_box_append (GTK_BOX (box), eye);
  GtkGesture *click = gtk_gesture_click_new ();
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect (click, "pressed", G_CALLBACK (on_menu), item);
  gtk_widget_add_controller (box, GTK_EVENT_CONTROLLER (click));
  gtk_list_item_set_child (item, box);
}

static void
bind (GtkListItemFactory *factory, GtkListItem *item, AssayObjectList *self)
{
  AssayObjectRow *row = gtk_list_item_get_item (item);
  GtkWidget *swatch = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  GtkWidget *number = gtk_widget_get_next_sibling (swatch), *text = gtk_widget_get_next_sibling (number);
  GtkWidget *lock = gtk_widget_get_next_sibling (text), *eye = gtk_widget_get_next_sibling (lock);
  gboolean hidden = row->hidden;
  g_autofree char *digits = g_strdup_printf ("%u", row->number);
  g_autofree char *spoken = g_strdup_printf ("%s object %u", hidden ? "Show" : "Hide", row->number);
  assay_swatch_set_colour (ASSAY_SWATCH (swatch), row->colour);
  gtk_label_set_text (GTK_LABEL (number), digits);
  gtk_label_set_markup (GTK_LABEL (text), row->markup);
  gtk_widget_set_opacity (text, hidden ? 0.5 : 1);
  gtk_button_set_icon_name (GTK_BUTTON (eye), hidden ? "view-conceal-symbolic" : "view-reveal-symbolic");
  gtk_widget_set_visible (eye, self->with_eyes);
  set_tip (eye, hidden ? "Show" : "Hide");
  gtk_accessible_update_property (GTK_ACCESSIBLE (eye), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  g_autofree char *lock_spoken = g_strdup_printf ("%s object %u", row->locked ? "Unlock" : "Lock", row->number);
  gtk_button_set_icon_name (GTK_BUTTON (lock), row->locked ? "changes-prevent-symbolic" : "changes-allow-symbolic");
  gtk_widget_set_visible (lock, self->with_eyes);
  set_tip (lock, row->locked ? "Unlock" : "Lock");
  gtk_accessible_update_property (GTK_ACCESSIBLE (lock), GTK_ACCESSIBLE_PROPERTY_LABEL, lock_spoken, -1);
}

static void
on_selected (GtkSelectionModel *selection, guint position, guint n, AssayObjectList *self)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (AssayId));
  g_autoptr (GtkBitset) chosen = gtk_selection_model_get_selection (selection);
  GtkBitsetIter iter;
  guint at;
  if (self->updating)
    return;
  for (gboolean more = gtk_bitset_iter_init_first (&iter, chosen, &at); more;
       more = gtk_bitset_iter_next (&iter, &at))
    {
      g_autoptr (AssayObjectRow) row = g_list_model_get_item (G_LIST_MODEL (self->rows), at);
      g_array_append_val (ids, row->id);
    }
  if (ids->len == 1)
    g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, &g_array_index (ids, AssayId, 0));
  else if (ids->len > 1)
    g_signal_emit (self, signals[SIGNAL_SEVERAL], 0, ids);
}

static void
assay_object_list_dispose (GObject *object)
{
  AssayObjectList *self = ASSAY_OBJECT_LIST (object);
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self));
  g_clear_handle_id (&self->follow, g_source_remove);
  if (child != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->selection);
  g_clear_object (&self->rows);
  G_OBJECT_CLASS (assay_object_list_parent_class)->dispose (object);
}

static void
assay_object_list_class_init (AssayObjectListClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = assay_object_list_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  static const char *const names[N_SIGNALS] = { "chosen", "toggle-hidden", "toggle-locked", "several-chosen" };
  for (guint i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new (names[i], G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
assay_object_list_init (AssayObjectList *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkWidget *scroller = gtk_scrolled_window_new ();
  self->rows = g_list_store_new (ASSAY_TYPE_OBJECT_ROW);
  self->selection = gtk_multi_selection_new (g_object_ref (G_LIST_MODEL (self->rows)));
  g_signal_connect (factory, "setup", G_CALLBACK (setup), self);
  g_signal_connect (factory, "bind", G_CALLBACK (bind), self);
  g_signal_connect (self->selection, "selection-changed", G_CALLBACK (on_selected), self);
  self->view = GTK_LIST_VIEW (gtk_list_view_new (g_object_ref (GTK_SELECTION_MODEL (self->selection)), factory));
  gtk_widget_add_css_class (GTK_WIDGET (self->view), "objects");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, "Objects", -1);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  /* In a low window what there is is shared with the guideline; in a high one the list has the rest. */
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), FEW_ROWS_PX);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (self->view));
  gtk_widget_set_parent (scroller, GTK_WIDGET (self));
}
