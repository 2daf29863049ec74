/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/item-notice.h"

#include "app/gui/truth-view.h"
#include "app/gui/widget.h"
#include "core/returned.h"
#include "core/scope.h"
#include "core/truth.h"

#define PIN_COLOUR 0xe69f00

/* What is said of the item, read on a reader thread. */
typedef struct
{
  gint64 item_row, annotator_row;
  AssayTask *task;
  AssayLabelState state;
  AssayReturned *returned; /* sent back */
  AssayTruthView *view;    /* settled, when one's own answer and a truth are there */
} Look;

struct _AssayItemNotice
{
  GtkWidget parent_instance;
  AssayDesk *desk;
  gint64 item_row, second_row; /* second_row: of the second self who answers; 0 = the desk's annotator does */
  Look *look;                  /* NULL until it was read */
  gboolean reading, again;
  GtkRevealer *revealer;
  GtkLabel *words;
  GtkWidget *where, *take_back;
  GtkToggleButton *compare;
};

G_DEFINE_FINAL_TYPE (AssayItemNotice, assay_item_notice, GTK_TYPE_WIDGET)

enum
{
  SIGNAL_MARKS_CHANGED,
  SIGNAL_LOOK,
  SIGNAL_STATE,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
look_free (gpointer data)
{
  Look *look = data;
  if (look == NULL)
    return;
  assay_task_free (look->task);
  assay_returned_free (look->returned);
  assay_truth_view_free (look->view);
  g_free (look);
}

/* After settling, and never before: nothing of the truth leaves the database until the state says so. */
static gboolean
read_truth (AssayStore *store, Look *look, GError **error)
{
  AssayTruthHow how;
  g_autoptr (AssayLabel) truth = NULL;
  g_autoptr (GError) wrong = NULL;
  g_autoptr (AssayLabel) own = assay_label_get (store, look->item_row, look->task, look->annotator_row, &wrong);
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return FALSE;
    }
  if (!assay_truth_get (store, look->item_row, look->task, &how, &truth, error))
    return FALSE;
  if (own != NULL && truth != NULL && how >= ASSAY_TRUTH_ANNOTATOR)
    look->view = assay_truth_view_new (own->objects, truth->objects, look->task);
  return TRUE;
}

static gboolean
read_look (AssayProject *project, gpointer data, GError **error)
{
  Look *look = data;
  AssayStore *store = project->store;
  g_auto (AssayTransaction) snapshot = { 0 };
  if (!assay_transaction_begin_read (&snapshot, store, error)
      || !assay_label_get_state (store, look->item_row, look->task->row, look->annotator_row, &look->state, error))
    return FALSE;
  if (look->state == ASSAY_LABEL_SENT_BACK)
    return assay_returned_get (store, look->item_row, look->task->row, look->annotator_row, &look->returned, error);
  return look->state != ASSAY_LABEL_SETTLED || read_truth (store, look, error);
}

/* Showing */

static char *
describe (const AssayItemNotice *self)
{
  const Look *look = self->look;
  if (look == NULL)
    return NULL;
  if (look->returned != NULL)
    return g_strdup_printf ("Sent back by %s: %s", look->returned->by != NULL ? look->returned->by : "a reviewer",
                            look->returned->comment != NULL ? look->returned->comment : "without a comment");
  if (look->state == ASSAY_LABEL_SUBMITTED || look->state == ASSAY_LABEL_SKIPPED)
    return g_strdup (look->state == ASSAY_LABEL_SUBMITTED ? "Submitted" : "Skipped");
  if (look->view == NULL)
    return NULL;
  return gtk_toggle_button_get_active (self->compare)
             ? g_strdup_printf ("Yours against the truth: %s", look->view->words)
             : g_strdup ("Settled");
}

static gboolean
has_place (const AssayItemNotice *self)
{
  AssayPoint point;
  return self->look != NULL && self->look->returned != NULL
         && assay_scope_get_media (self->look->task) == ASSAY_MEDIA_PICTURE
         && assay_returned_get_point (self->look->returned, &point);
}

static void
update (AssayItemNotice *self)
{
  g_autofree char *words = describe (self);
  AssayLabelState state = assay_item_notice_get_state (self);
  gtk_label_set_text (self->words, words != NULL ? words : "");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->words), words);
  gtk_widget_set_visible (self->where, has_place (self));
  gtk_widget_set_visible (self->take_back, state == ASSAY_LABEL_SUBMITTED || state == ASSAY_LABEL_SKIPPED);
  gtk_widget_set_visible (GTK_WIDGET (self->compare), self->look != NULL && self->look->view != NULL);
  gtk_revealer_set_reveal_child (self->revealer, words != NULL);
}

/* Whoever draws the old marks lets go of them before they are freed. */
static void
take_look (AssayItemNotice *self, Look *look)
{
  Look *old = self->look;
  self->look = look;
  update (self);
  g_signal_emit (self, signals[SIGNAL_MARKS_CHANGED], 0);
  g_signal_emit (self, signals[SIGNAL_STATE], 0, (int) assay_item_notice_get_state (self));
  look_free (old);
}

static void ask (AssayItemNotice *self);

static void
on_read (gpointer owner, gpointer data, const GError *error)
{
  AssayItemNotice *self = owner;
  const Look *read = data;
  self->reading = FALSE;
  if (self->again || read->item_row != self->item_row
      || (self->second_row != 0 && read->annotator_row != self->second_row))
    {
      ask (self);
      return;
    }
  if (error != NULL)
    return; /* who opens the item says what is wrong */
  Look *look = g_new0 (Look, 1);
  *look = *read;
  *(Look *) data = (Look){ 0 };
  take_look (self, look);
}

static void
ask (AssayItemNotice *self)
{
  const AssayTask *task = self->desk != NULL ? assay_desk_get_task (self->desk) : NULL;
  const AssayAnnotator *annotator = self->desk != NULL ? assay_desk_get_annotator (self->desk) : NULL;
  self->again = self->reading;
  if (self->reading || task == NULL || annotator == NULL || self->item_row == 0)
    return;
  Look *look = g_new0 (Look, 1);
  look->item_row = self->item_row;
  look->task = assay_task_copy (task);
  look->annotator_row = self->second_row != 0 ? self->second_row : annotator->row;
  self->reading = TRUE;
  assay_desk_read (self->desk, read_look, look, look_free, on_read, self);
}

void
assay_item_notice_set_item (AssayItemNotice *self, AssayDesk *desk, gint64 item_row, const AssayAnnotator *again)
{
  if (desk != self->desk)
    {
      if (self->desk != NULL)
        g_signal_handlers_disconnect_by_func (self->desk, ask, self);
      g_set_object (&self->desk, desk);
      self->reading = FALSE; /* a desk that closes calls nobody back */
      if (desk != NULL)
        g_signal_connect_object (desk, "changed", G_CALLBACK (ask), self, G_CONNECT_SWAPPED);
    }
  self->item_row = desk != NULL ? item_row : 0;
  self->second_row = again != NULL ? again->row : 0;
  gtk_toggle_button_set_active (self->compare, FALSE);
  take_look (self, NULL);
  ask (self);
}

AssayLabelState
assay_item_notice_get_state (AssayItemNotice *self)
{
  return self->look != NULL ? self->look->state : ASSAY_LABEL_TODO;
}

/* Drawing over the picture */

static void
add_pin (const AssayReturned *returned, AssayMarks *marks)
{
  AssayPoint point, corners[2];
  double x, y, w, h;
  if (!assay_returned_get_point (returned, &point))
    return;
  if (json_unpack (json_object_get (returned->place, "box"), "[F, F, F, F]", &x, &y, &w, &h) == 0)
    {
      corners[0] = (AssayPoint){ x, y };
      corners[1] = (AssayPoint){ x + w, y + h };
      assay_marks_add_points (marks, ASSAY_MARK_BOX, ASSAY_MARK_DASHED, PIN_COLOUR, corners, 2, NULL);
    }
  assay_marks_add_points (marks, ASSAY_MARK_POINT, ASSAY_MARK_SELECTED, PIN_COLOUR, &point, 1, "sent back");
}

void
assay_item_notice_add_marks (AssayItemNotice *self, AssayMarks *marks)
{
  if (self->look == NULL || assay_scope_get_media (self->look->task) != ASSAY_MEDIA_PICTURE)
    return;
  if (self->look->returned != NULL)
    add_pin (self->look->returned, marks);
  if (self->look->view != NULL && gtk_toggle_button_get_active (self->compare))
    assay_truth_view_add_marks (self->look->view, marks);
}

static void
on_compare (AssayItemNotice *self)
{
  update (self);
  g_signal_emit (self, signals[SIGNAL_MARKS_CHANGED], 0);
}

void
assay_item_notice_toggle_compare (AssayItemNotice *self)
{
  if (self->look != NULL && self->look->view != NULL)
    gtk_toggle_button_set_active (self->compare, !gtk_toggle_button_get_active (self->compare));
}

static void
on_where (AssayItemNotice *self)
{
  AssayPoint point;
  if (!has_place (self) || !assay_returned_get_point (self->look->returned, &point))
    return;
  AssayRect box = { point.x - 32, point.y - 32, 64, 64 };
  double x, y, w, h;
  if (json_unpack (json_object_get (self->look->returned->place, "box"), "[F, F, F, F]", &x, &y, &w, &h) == 0)
    box = (AssayRect){ x, y, w, h };
  g_signal_emit (self, signals[SIGNAL_LOOK], 0, &box);
}

/* GObject */

static void
assay_item_notice_dispose (GObject *object)
{
  AssayItemNotice *self = ASSAY_ITEM_NOTICE (object);
  if (self->desk != NULL)
    g_signal_handlers_disconnect_by_func (self->desk, ask, self);
  g_clear_object (&self->desk);
  g_clear_pointer ((GtkWidget **) &self->revealer, gtk_widget_unparent);
  G_OBJECT_CLASS (assay_item_notice_parent_class)->dispose (object);
}

/* Not before: the canvas may still hold its marks. */
static void
assay_item_notice_finalize (GObject *object)
{
  look_free (ASSAY_ITEM_NOTICE (object)->look);
  G_OBJECT_CLASS (assay_item_notice_parent_class)->finalize (object);
}

static void
assay_item_notice_class_init (AssayItemNoticeClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GType type = G_TYPE_FROM_CLASS (class);
  object_class->dispose = assay_item_notice_dispose;
  object_class->finalize = assay_item_notice_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
  signals[SIGNAL_MARKS_CHANGED]
      = g_signal_new ("marks-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_LOOK]
      = g_signal_new ("look", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[SIGNAL_STATE]
      = g_signal_new ("state", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
}

static void
assay_item_notice_init (AssayItemNotice *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  self->revealer = GTK_REVEALER (gtk_revealer_new ());
  self->words = GTK_LABEL (gtk_label_new (NULL));
  self->where = gtk_button_new_with_label ("Show Where");
  self->take_back = gtk_button_new_with_label ("Take Back");
  self->compare = GTK_TOGGLE_BUTTON (gtk_toggle_button_new_with_label ("Compare With the Truth"));
  gtk_label_set_ellipsize (self->words, PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (self->words, 0);
  gtk_widget_set_hexpand (GTK_WIDGET (self->words), TRUE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->take_back), "page.recall");
  gtk_widget_add_css_class (box, "item-notice");
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->words));
  gtk_box_append (GTK_BOX (box), self->where);
  gtk_box_append (GTK_BOX (box), self->take_back);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->compare));
  gtk_revealer_set_child (self->revealer, box);
  gtk_widget_set_parent (GTK_WIDGET (self->revealer), GTK_WIDGET (self));
  g_signal_connect_swapped (self->where, "clicked", G_CALLBACK (on_where), self);
  g_signal_connect_swapped (self->compare, "toggled", G_CALLBACK (on_compare), self);
  update (self);
}
