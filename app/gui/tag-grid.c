/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/tag-grid.h"

#include "annotate/session.h"
#include "app/gui/player.h"
#include "app/gui/tag-sheet.h"
#include "app/gui/tag-tile.h"
#include "app/gui/widget.h"
#include "core/scope.h"

#define LOOK_MS 120

struct _AssayTagGrid
{
  GtkWidget parent_instance;
  AssayDesk *desk; /* NULL = closed */
  AssayTask *task;
  AssayAnnotator *annotator;
  const AssayOptions *options;
  AssayTagSheet *sheet;
  AssayTagBook *book;
  guint sitting; /* rises when it is opened: older answers are nobody's */
  GtkMultiSelection *selection;
  GPtrArray *seen;                 /* of AssayTagRow */
  guint n_undo, n_redo;            /* as they were told last */
  guint n_under_way;               /* what is not answered yet */
  guint serial;                    /* of what was handed in last */
  GArray *submitted;               /* (nullable) its rows */
  gint64 touched_us;               /* 0 = nobody is at work */
  double seconds, since_gesture_s; /* active ones */
  AssayPlayer *player;
  AssayTagRow *playing, *focused; /* (nullable) */
  guint focus_wanted;             /* position */
  guint look_source, focus_tick;

  GtkStack *stack;
  GtkGridView *view;
  GtkScrolledWindow *scrolled;
  GtkLabel *count, *nothing;
  GtkButton *submit;
};

G_DEFINE_FINAL_TYPE (AssayTagGrid, assay_tag_grid, GTK_TYPE_WIDGET)

enum
{
  SIGNAL_SAID,
  SIGNAL_SUBMITTED,
  SIGNAL_CHOSEN,
  SIGNAL_LEFT,
  SIGNAL_CHANGED,
  SIGNAL_FAILED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static gboolean
is_of_sounds (AssayTagGrid *self)
{
  return assay_scope_get_media (self->task) == ASSAY_MEDIA_SOUND;
}

static void
touch (AssayTagGrid *self)
{
  gint64 now_us = g_get_monotonic_time (), gap_us = now_us - self->touched_us;
  if (self->touched_us > 0 && gap_us <= ASSAY_SESSION_IDLE_S * G_USEC_PER_SEC)
    {
      self->seconds += (double) gap_us / G_USEC_PER_SEC;
      self->since_gesture_s += (double) gap_us / G_USEC_PER_SEC;
    }
  self->touched_us = now_us;
}

void
assay_tag_grid_pause (AssayTagGrid *self)
{
  self->touched_us = 0;
}

static void
say (AssayTagGrid *self, const char *words)
{
  g_signal_emit (self, signals[SIGNAL_SAID], 0, words);
}

static void
on_failed (AssayTagGrid *self, const GError *error)
{
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
}

/* What was seen, and may be handed in */

static gboolean
is_ready (AssayTagGrid *self, AssayTagRow *row)
{
  AssayLabelState state = assay_tag_row_get_state (row);
  guint n_tags = assay_tag_row_get_tags (row)->len;
  if (state == ASSAY_LABEL_SUBMITTED || state == ASSAY_LABEL_SKIPPED || state == ASSAY_LABEL_SETTLED)
    return FALSE;
  if (is_of_sounds (self) && n_tags == 0 && (assay_tag_row_get_marks (row) & ASSAY_TAG_HEARD) == 0)
    return FALSE; /* a picture of a sound is no sound */
  return !assay_task_is_single_tag (self->task) || n_tags == 1;
}

guint
assay_tag_grid_count_ready (AssayTagGrid *self)
{
  guint n = 0;
  for (guint i = 0; self->desk != NULL && i < self->seen->len; i++)
    n += is_ready (self, self->seen->pdata[i]);
  return n;
}

static void
update (AssayTagGrid *self)
{
  if (self->sheet == NULL)
    return;
  guint n = g_list_model_get_n_items (assay_tag_sheet_get_model (self->sheet)),
        ready = assay_tag_grid_count_ready (self);
  g_autoptr (GtkBitset) selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  const char *end = assay_tag_sheet_get_end (self->sheet);
  g_autofree char *words = g_strdup_printf ("%u item%s of your queue%s · %u selected", n, n == 1 ? "" : "s",
                                            assay_tag_sheet_is_whole (self->sheet) ? "" : " so far",
                                            (guint) gtk_bitset_get_size (selected));
  g_autofree char *label = g_strdup_printf ("Submit %u Shown", ready);
  gtk_label_set_text (self->count, words);
  gtk_button_set_label (self->submit, label);
  gtk_widget_set_sensitive (GTK_WIDGET (self->submit), ready > 0);
  gtk_label_set_text (self->nothing, end != NULL ? end : "Looking for what is next in your queue …");
  gtk_stack_set_visible_child_name (self->stack, n > 0 ? "items" : "nothing");
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static AssayTagRow *
row_of (GtkWidget *cell)
{
  GtkWidget *tile = cell != NULL ? gtk_widget_get_first_child (cell) : NULL;
  return tile != NULL && ASSAY_IS_TAG_TILE (tile) ? assay_tag_tile_get_row (ASSAY_TAG_TILE (tile)) : NULL;
}

/* Cells that are made are more than those in sight. */
static gboolean
is_in_sight (AssayTagGrid *self, GtkWidget *cell)
{
  graphene_rect_t bounds;
  if (!gtk_widget_get_mapped (cell) || !gtk_widget_compute_bounds (cell, GTK_WIDGET (self->scrolled), &bounds))
    return FALSE;
  double middle = bounds.origin.y + bounds.size.height / 2;
  return middle >= 0 && middle <= gtk_widget_get_height (GTK_WIDGET (self->scrolled));
}

static gboolean
look (gpointer data)
{
  AssayTagGrid *self = data;
  self->look_source = 0;
  for (GtkWidget *cell = gtk_widget_get_first_child (GTK_WIDGET (self->view)); cell != NULL;
       cell = gtk_widget_get_next_sibling (cell))
    {
      AssayTagRow *row = row_of (cell);
      if (row == NULL || assay_tag_row_get_thumbnail (row) == NULL
          || (assay_tag_row_get_marks (row) & ASSAY_TAG_SEEN) != 0 || !is_in_sight (self, cell))
        continue;
      assay_tag_row_mark (row, ASSAY_TAG_SEEN, TRUE);
      g_ptr_array_add (self->seen, g_object_ref (row));
    }
  update (self);
  return G_SOURCE_REMOVE;
}

static void
look_soon (AssayTagGrid *self)
{
  if (self->look_source == 0 && self->desk != NULL)
    self->look_source = g_timeout_add (LOOK_MS, look, self);
}

/* Tiles */

static void
setup_tile (AssayTagGrid *self, GtkListItem *item)
{
  gtk_list_item_set_child (item, assay_tag_tile_new ());
}

static void
bind_tile (AssayTagGrid *self, GtkListItem *item)
{
  AssayTagRow *row = gtk_list_item_get_item (item);
  assay_tag_tile_set_row (ASSAY_TAG_TILE (gtk_list_item_get_child (item)), row, self->task);
  g_signal_connect_object (row, "changed", G_CALLBACK (look_soon), self, G_CONNECT_SWAPPED);
  if (self->sheet != NULL)
    assay_tag_sheet_show (self->sheet, row, gtk_list_item_get_position (item));
}

static void
unbind_tile (AssayTagGrid *self, GtkListItem *item)
{
  AssayTagRow *row = gtk_list_item_get_item (item);
  g_signal_handlers_disconnect_by_func (row, look_soon, self);
  assay_tag_tile_set_row (ASSAY_TAG_TILE (gtk_list_item_get_child (item)), NULL, NULL);
  assay_tag_row_sleep (row);
}

/* What is in sight was read: its thumbnails can be made. */
static void
on_read (AssayTagGrid *self)
{
  for (GtkWidget *cell = gtk_widget_get_first_child (GTK_WIDGET (self->view)); cell != NULL;
       cell = gtk_widget_get_next_sibling (cell))
    if (row_of (cell) != NULL)
      assay_tag_sheet_show (self->sheet, row_of (cell), 0);
  look_soon (self);
}

/* The focus */

/* A cell is there a frame or two after its item. */
static gboolean
try_focus (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  AssayTagGrid *self = ASSAY_TAG_GRID (widget);
  AssayTagRow *wanted = self->sheet != NULL ? assay_tag_sheet_get_at (self->sheet, self->focus_wanted) : NULL;
  GtkWidget *cell = gtk_widget_get_first_child (GTK_WIDGET (self->view));
  while (wanted != NULL && cell != NULL && row_of (cell) != wanted)
    cell = gtk_widget_get_next_sibling (cell);
  if (wanted != NULL && cell == NULL)
    {
      if (gtk_widget_get_height (GTK_WIDGET (self->view)) > 0)
        gtk_widget_activate_action (GTK_WIDGET (self->view), "list.scroll-to-item", "u", self->focus_wanted);
      return G_SOURCE_CONTINUE;
    }
  self->focus_tick = 0;
  if (cell != NULL)
    {
      gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->selection), self->focus_wanted, TRUE);
      gtk_widget_grab_focus (cell);
    }
  return G_SOURCE_REMOVE;
}

static void
focus_position (AssayTagGrid *self, guint position)
{
  if (assay_tag_sheet_get_at (self->sheet, position) == NULL)
    return;
  self->focus_wanted = position;
  if (self->focus_tick == 0)
    self->focus_tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), try_focus, NULL, NULL);
}

static void
on_grown (AssayTagGrid *self)
{
  if (self->focused == NULL)
    focus_position (self, 0);
  update (self);
}

/* Playing */

static void
show_playing (AssayTagGrid *self, AssayTagRow *row)
{
  if (self->playing != NULL)
    assay_tag_row_mark (self->playing, ASSAY_TAG_PLAYING, FALSE);
  g_set_object (&self->playing, row);
  if (row != NULL)
    assay_tag_row_mark (row, ASSAY_TAG_PLAYING, TRUE);
}

static void
on_moved (AssayTagGrid *self, gint64 sample)
{
  touch (self);
  if (self->playing != NULL)
    assay_tag_row_mark (self->playing, ASSAY_TAG_HEARD, TRUE);
  look_soon (self);
}

static void
on_stopped (AssayTagGrid *self)
{
  show_playing (self, NULL);
}

static void
on_player_failed (AssayTagGrid *self, const GError *error)
{
  show_playing (self, NULL);
  on_failed (self, error);
}

void
assay_tag_grid_stop (AssayTagGrid *self)
{
  assay_player_stop (self->player);
}

static void
play (AssayTagGrid *self, AssayTagRow *row)
{
  const AssayItem *item = assay_tag_row_get_item (row);
  gint64 from = 0, to = 0;
  assay_player_stop (self->player);
  if (item == NULL || item->media_kind != ASSAY_MEDIA_SOUND)
    return;
  assay_item_get_samples (item, &from, &to);
  show_playing (self, row);
  assay_player_play (self->player, assay_tag_row_get_path (row), from, to);
}

void
assay_tag_grid_toggle_playing (AssayTagGrid *self)
{
  if (self->desk == NULL || self->focused == NULL)
    return;
  if (self->playing == self->focused)
    assay_player_stop (self->player);
  else
    play (self, self->focused);
}

/* Elsewhere in the window it is still the last one that is meant. */
static void
on_focus (AssayTagGrid *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  AssayTagRow *row
      = focus != NULL && gtk_widget_get_parent (focus) == GTK_WIDGET (self->view) ? row_of (focus) : NULL;
  if (self->desk == NULL || row == NULL || row == self->focused)
    return;
  g_set_object (&self->focused, row);
  if (is_of_sounds (self) && assay_options_get_bool (self->options, ASSAY_OPTION_PLAY_AT_ONCE))
    play (self, row);
}

/* What is done to them */

static void
begin_sheet (AssayTagGrid *self)
{
  assay_player_stop (self->player);
  g_clear_object (&self->focused);
  g_ptr_array_set_size (self->seen, 0);
  g_clear_handle_id (&self->look_source, g_source_remove);
  gtk_grid_view_set_model (self->view, NULL);
  g_clear_object (&self->selection);
  if (self->sheet != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->sheet, self);
      assay_tag_sheet_end (self->sheet);
    }
  g_clear_object (&self->sheet);
  if (self->desk == NULL)
    return;
  self->sheet = assay_tag_sheet_new (self->desk, self->task, self->annotator);
  g_signal_connect_object (self->sheet, "grown", G_CALLBACK (on_grown), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->sheet, "read", G_CALLBACK (on_read), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->sheet, "failed", G_CALLBACK (on_failed), self, G_CONNECT_SWAPPED);
  self->selection = gtk_multi_selection_new (g_object_ref (assay_tag_sheet_get_model (self->sheet)));
  g_signal_connect_object (self->selection, "selection-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  gtk_grid_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
  update (self);
}

typedef struct
{
  AssayTagWork *work;
  guint sitting;
} Asked;

static void
asked_free (gpointer data)
{
  assay_tag_work_free (((Asked *) data)->work);
  g_free (data);
}

static gboolean
asked_run (AssayProject *project, gpointer data, GError **error)
{
  return assay_tag_work_run (project, ((Asked *) data)->work, error);
}

static void
tell (AssayTagGrid *self, const AssayTagWork *work)
{
  const char *done = work->job == ASSAY_TAG_GIVE   ? ""
                     : work->job == ASSAY_TAG_UNDO ? "taken back: "
                                                   : "done again: ";
  g_autofree char *rest = work->n_kept == 0
                              ? g_strdup ("")
                              : g_strdup_printf (work->job == ASSAY_TAG_GIVE ? "; %u handed in already"
                                                                             : "; %u changed since, and left",
                                                 work->n_kept);
  g_autofree char *words = g_strdup_printf ("%s%s%s", done, work->name, rest);
  if (work->name != NULL)
    say (self, words);
}

static void
on_submitted (AssayTagGrid *self, AssayTagWork *work)
{
  g_autofree char *words = g_strdup_printf ("%u handed in", work->done->len);
  g_clear_pointer (&self->submitted, g_array_unref);
  self->submitted = g_steal_pointer (&work->done);
  self->seconds = 0;
  begin_sheet (self);
  g_signal_emit (self, signals[SIGNAL_SUBMITTED], 0, ++self->serial, words);
}

static void
on_done (gpointer owner, gpointer data, const GError *error)
{
  AssayTagGrid *self = owner;
  AssayTagWork *work = ((Asked *) data)->work;
  if (((Asked *) data)->sitting != self->sitting || self->desk == NULL)
    {
      if (error != NULL) /* it was asked for, and was not done */
        on_failed (self, error);
      return;
    }
  self->n_under_way--;
  self->n_undo = work->n_undo;
  self->n_redo = work->n_redo;
  if (error != NULL)
    on_failed (self, error);
  else if (work->job == ASSAY_TAG_SUBMIT)
    on_submitted (self, work);
  else if (work->job == ASSAY_TAG_RECALL)
    {
      begin_sheet (self);
      say (self, "taken back: drafts again");
    }
  else
    {
      assay_tag_sheet_fill (self->sheet, work);
      tell (self, work);
    }
  update (self);
}

static void
ask (AssayTagGrid *self, AssayTagWork *take_work)
{
  Asked *asked = g_new (Asked, 1);
  *asked = (Asked){ take_work, self->sitting };
  self->n_under_way++;
  assay_desk_run (self->desk, asked_run, asked, asked_free, on_done, self);
}

static void
add_number (GArray *rows, AssayTagRow *row)
{
  gint64 number = assay_tag_row_get_row (row);
  g_array_append_val (rows, number);
}

static GArray *
list_selected (AssayTagGrid *self)
{
  g_autoptr (GtkBitset) selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint i = 0; i < gtk_bitset_get_size (selected); i++)
    add_number (rows, assay_tag_sheet_get_at (self->sheet, gtk_bitset_get_nth (selected, i)));
  if (rows->len == 0 && self->focused != NULL)
    add_number (rows, self->focused);
  return rows;
}

void
assay_tag_grid_give (AssayTagGrid *self, const AssayId *class_id)
{
  g_autoptr (GArray) rows = self->desk != NULL ? list_selected (self) : NULL;
  if (rows == NULL || rows->len == 0)
    return;
  touch (self);
  gboolean steps = rows->len == 1 && self->focused != NULL && assay_task_is_single_tag (self->task)
                   && assay_options_get_bool (self->options, ASSAY_OPTION_NEXT_AT_ONCE);
  AssayTagWork *work
      = assay_tag_work_new (ASSAY_TAG_GIVE, self->task, self->annotator, self->book, g_steal_pointer (&rows));
  work->class_id = *class_id;
  work->seconds = self->since_gesture_s;
  self->since_gesture_s = 0;
  ask (self, work);
  if (steps)
    focus_position (self, assay_tag_sheet_find (self->sheet, self->focused) + 1);
}

gboolean
assay_tag_grid_can_undo (AssayTagGrid *self, gboolean redo)
{
  return self->n_under_way > 0 || (redo ? self->n_redo : self->n_undo) > 0;
}

void
assay_tag_grid_undo (AssayTagGrid *self, gboolean redo)
{
  if (self->desk == NULL)
    return;
  touch (self);
  ask (self,
       assay_tag_work_new (redo ? ASSAY_TAG_REDO : ASSAY_TAG_UNDO, self->task, self->annotator, self->book, NULL));
}

void
assay_tag_grid_submit (AssayTagGrid *self)
{
  if (self->desk == NULL)
    return;
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (gint64));
  touch (self);
  for (guint i = 0; i < self->seen->len; i++)
    if (is_ready (self, self->seen->pdata[i]))
      add_number (rows, self->seen->pdata[i]);
  if (rows->len == 0)
    {
      say (self, is_of_sounds (self) ? "nothing is ready: a sound is handed in once it was played, or has its tag"
                                     : "nothing is ready: an item is handed in once it was shown, and has its tag");
      return;
    }
  AssayTagWork *work
      = assay_tag_work_new (ASSAY_TAG_SUBMIT, self->task, self->annotator, self->book, g_steal_pointer (&rows));
  work->seconds = self->seconds;
  ask (self, work);
}

void
assay_tag_grid_recall (AssayTagGrid *self, guint serial)
{
  if (self->desk != NULL && self->submitted != NULL && serial == self->serial)
    ask (self, assay_tag_work_new (ASSAY_TAG_RECALL, self->task, self->annotator, self->book,
                                   g_steal_pointer (&self->submitted)));
}

static void
on_activated (AssayTagGrid *self, guint position)
{
  AssayTagRow *row = assay_tag_sheet_get_at (self->sheet, position);
  if (row != NULL)
    g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, assay_tag_row_get_row (row));
}

static void
on_submit (AssayTagGrid *self)
{
  assay_tag_grid_submit (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

/* The list takes Space for the selection; of sounds it plays. */
static gboolean
on_key (GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType state, AssayTagGrid *self)
{
  gboolean plain = (state & (GDK_CONTROL_MASK | GDK_SHIFT_MASK | GDK_ALT_MASK)) == 0;
  if (plain && keyval == GDK_KEY_Escape)
    g_signal_emit (self, signals[SIGNAL_LEFT], 0);
  else if (plain && keyval == GDK_KEY_space && self->desk != NULL && is_of_sounds (self))
    assay_tag_grid_toggle_playing (self);
  else
    return GDK_EVENT_PROPAGATE;
  return GDK_EVENT_STOP;
}

static gboolean
on_event (GtkEventControllerLegacy *controller, GdkEvent *event, AssayTagGrid *self)
{
  touch (self);
  return GDK_EVENT_PROPAGATE;
}

/* Opening and closing */

void
assay_tag_grid_open (AssayTagGrid *self, AssayDesk *desk, const AssayOptions *options)
{
  const AssayAnnotator *annotator = assay_desk_get_annotator (desk);
  assay_tag_grid_close (self);
  self->sitting++;
  self->desk = g_object_ref (desk);
  self->task = assay_task_copy (assay_desk_get_task (desk));
  self->annotator = g_memdup2 (annotator, sizeof *annotator);
  self->annotator->name = g_strdup (annotator->name);
  self->options = options;
  self->book = assay_tag_book_new ();
  self->n_undo = self->n_redo = self->n_under_way = 0;
  self->seconds = self->since_gesture_s = 0;
  self->touched_us = 0;
  begin_sheet (self);
}

void
assay_tag_grid_close (AssayTagGrid *self)
{
  if (self->desk == NULL)
    return;
  if (self->focus_tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->focus_tick);
  self->focus_tick = 0;
  g_clear_object (&self->desk);
  begin_sheet (self);
  g_clear_pointer (&self->book, assay_tag_book_unref);
  g_clear_pointer (&self->submitted, g_array_unref);
  g_clear_pointer (&self->task, assay_task_free);
  g_clear_pointer (&self->annotator, assay_annotator_free);
}

gboolean
assay_tag_grid_is_open (AssayTagGrid *self)
{
  return self->desk != NULL;
}

GtkWidget *
assay_tag_grid_get_view (AssayTagGrid *self)
{
  return GTK_WIDGET (self->view);
}

gboolean
assay_tag_grid_get_place (AssayTagGrid *self, GtkWidget *in, double *ret_x, double *ret_y)
{
  GtkWidget *cell = gtk_widget_get_first_child (GTK_WIDGET (self->view));
  while (cell != NULL && (self->focused == NULL || row_of (cell) != self->focused))
    cell = gtk_widget_get_next_sibling (cell);
  return cell != NULL
         && gtk_widget_translate_coordinates (cell, in, gtk_widget_get_width (cell) / 2.0,
                                              gtk_widget_get_height (cell) / 2.0, ret_x, ret_y);
}

static void
on_root (AssayTagGrid *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  if (root != NULL)
    g_signal_connect_object (root, "notify::focus-widget", G_CALLBACK (on_focus), self, G_CONNECT_SWAPPED);
}

static void
assay_tag_grid_dispose (GObject *object)
{
  AssayTagGrid *self = ASSAY_TAG_GRID (object);
  assay_tag_grid_close (self);
  g_clear_handle_id (&self->look_source, g_source_remove);
  if (self->player != NULL)
    g_signal_handlers_disconnect_by_data (self->player, self);
  g_clear_object (&self->player);
  g_clear_object (&self->playing);
  g_clear_pointer (&self->seen, g_ptr_array_unref);
  assay_widget_clear (self, ASSAY_TYPE_TAG_GRID);
  G_OBJECT_CLASS (assay_tag_grid_parent_class)->dispose (object);
}

static void
assay_tag_grid_class_init (AssayTagGridClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  GType type = G_TYPE_FROM_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = assay_tag_grid_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/assay/Assay/tag-grid.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, AssayTagGrid, name)
  BIND (stack);
  BIND (view);
  BIND (scrolled);
  BIND (count);
  BIND (nothing);
  BIND (submit);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, setup_tile);
  gtk_widget_class_bind_template_callback (widget_class, bind_tile);
  gtk_widget_class_bind_template_callback (widget_class, unbind_tile);
  gtk_widget_class_bind_template_callback (widget_class, look_soon);
  gtk_widget_class_bind_template_callback (widget_class, on_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_submit);
  gtk_widget_class_bind_template_callback (widget_class, on_key);
#define SIGNAL(name, n, ...)                                                                                       \
  g_signal_new (name, type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, n, ##__VA_ARGS__)
  signals[SIGNAL_SAID] = SIGNAL ("said", 1, G_TYPE_STRING);
  signals[SIGNAL_SUBMITTED] = SIGNAL ("submitted", 2, G_TYPE_UINT, G_TYPE_STRING);
  signals[SIGNAL_CHOSEN] = SIGNAL ("chosen", 1, G_TYPE_INT64);
  signals[SIGNAL_LEFT] = SIGNAL ("left", 0);
  signals[SIGNAL_CHANGED] = SIGNAL ("changed", 0);
  signals[SIGNAL_FAILED] = SIGNAL ("failed", 1, G_TYPE_POINTER);
#undef SIGNAL
}

static void
assay_tag_grid_init (AssayTagGrid *self)
{
  self->seen = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
  GtkEventController *watch = gtk_event_controller_legacy_new ();
  gtk_event_controller_set_propagation_phase (watch, GTK_PHASE_CAPTURE);
  g_signal_connect (watch, "event", G_CALLBACK (on_event), self);
  gtk_widget_add_controller (GTK_WIDGET (self), watch);
  g_signal_connect (self, "notify::root", G_CALLBACK (on_root), NULL);
  self->player = assay_player_new ();
  g_signal_connect_swapped (self->player, "moved", G_CALLBACK (on_moved), self);
  g_signal_connect_swapped (self->player, "stopped", G_CALLBACK (on_stopped), self);
  g_signal_connect_swapped (self->player, "failed", G_CALLBACK (on_player_failed), self);
}
