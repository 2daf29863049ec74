/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/question-list.h"

#include "core/item.h"
#include "core/question.h"

struct _AssayQuestionList
{
  GtkWidget parent_instance;
  AssayDesk *desk;
  GtkBox *box;
  GtkLabel *title;
  GtkListBox *list;
  GPtrArray *shown; /* of Asked: what the rows say */
  gboolean reading, stale;
};

G_DEFINE_FINAL_TYPE (AssayQuestionList, assay_question_list_widget, GTK_TYPE_WIDGET)

enum
{
  SIGNAL_CHOSEN,
  SIGNAL_ANSWERED,
  SIGNAL_FAILED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* A question, and where it is */
typedef struct
{
  AssayQuestion *question;
  char *name;
} Asked;

static void
asked_free (gpointer data)
{
  Asked *asked = data;
  assay_question_free (asked->question);
  g_free (asked->name);
  g_free (asked);
}

/* Answering */

typedef struct
{
  AssayId question;
  char *words, *by, *said;
} Answer;

static void
answer_free (Answer *answer)
{
  g_free (answer->words);
  g_free (answer->by);
  g_free (answer->said);
  g_free (answer);
}

static gboolean
write_answer (AssayProject *project, gpointer data, GError **error)
{
  Answer *answer = data;
  g_autoptr (AssayTask) task = NULL;
  g_autoptr (AssayAnnotator) by
      = assay_annotator_ensure (project->store, answer->by, ASSAY_ANNOTATOR_PERSON, error);
  if (by == NULL || !assay_question_answer (project, &answer->question, answer->words, by, &task, error))
    return FALSE;
  g_autoptr (GArray) older = assay_guideline_list_older (project->store, task, error);
  if (older == NULL)
    return FALSE;
  answer->said = g_strdup_printf ("An example in the guideline of %s: %u label%s made before it", task->name,
                                  older->len, older->len == 1 ? " was" : "s were");
  return TRUE;
}

static void
on_written (gpointer owner, gpointer data, const GError *error)
{
  if (error != NULL)
    g_signal_emit (owner, signals[SIGNAL_FAILED], 0, error);
  else
    g_signal_emit (owner, signals[SIGNAL_ANSWERED], 0, ((Answer *) data)->said);
}

static void
on_answer (GtkEntry *entry, AssayQuestionList *self)
{
  const char *words = gtk_editable_get_text (GTK_EDITABLE (entry));
  const AssayAnnotator *annotator = assay_desk_get_annotator (self->desk);
  if (*words == '\0' || assay_desk_is_read_only (self->desk))
    return;
  Answer *answer = g_new0 (Answer, 1);
  answer->question = *(const AssayId *) g_object_get_data (G_OBJECT (entry), "question");
  answer->words = g_strdup (words);
  answer->by = g_strdup (annotator != NULL ? annotator->name : g_get_user_name ());
  assay_desk_run (self->desk, write_answer, answer, (GDestroyNotify) answer_free, on_written, self);
}

/* Rows */

static GtkWidget *
row_new (AssayQuestionList *self, const Asked *asked)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3), *where = gtk_label_new (asked->name),
            *text = gtk_label_new (asked->question->text), *entry = gtk_entry_new ();
  gtk_label_set_xalign (GTK_LABEL (where), 0);
  gtk_label_set_ellipsize (GTK_LABEL (where), PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_add_css_class (where, "caption");
  gtk_widget_add_css_class (where, "dim-label");
  gtk_label_set_xalign (GTK_LABEL (text), 0);
  gtk_label_set_wrap (GTK_LABEL (text), TRUE);
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), "the rule, for the guideline");
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, "Answer", -1);
  g_object_set_data_full (G_OBJECT (entry), "question",
                          g_memdup2 (&asked->question->id, sizeof asked->question->id), g_free);
  g_signal_connect_object (entry, "activate", G_CALLBACK (on_answer), self, 0);
  gtk_box_append (GTK_BOX (row), where);
  gtk_box_append (GTK_BOX (row), text);
  gtk_box_append (GTK_BOX (row), entry);
  return row;
}

static gboolean
is_same (const GPtrArray *a, const GPtrArray *b)
{
  gboolean same = a->len == b->len;
  for (guint i = 0; same && i < a->len; i++)
    same = assay_id_equal (&((Asked *) a->pdata[i])->question->id, &((Asked *) b->pdata[i])->question->id);
  return same;
}

/* Rows that are made anew lose what is being typed: only when there is something else to say. */
static void
show (AssayQuestionList *self, GPtrArray *asked)
{
  GtkWidget *child;
  g_autofree char *title = g_strdup_printf ("%u open question%s", asked->len, asked->len == 1 ? "" : "s");
  if (is_same (asked, self->shown))
    return;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, child);
  g_ptr_array_unref (self->shown);
  self->shown = g_ptr_array_ref (asked);
  for (guint i = 0; i < asked->len; i++)
    gtk_list_box_append (self->list, row_new (self, asked->pdata[i]));
  gtk_label_set_text (self->title, title);
  gtk_widget_set_visible (GTK_WIDGET (self), asked->len > 0);
}

static void
on_activated (AssayQuestionList *self, GtkListBoxRow *row)
{
  guint i = (guint) gtk_list_box_row_get_index (row);
  if (i >= self->shown->len)
    return;
  const AssayQuestion *question = ((Asked *) self->shown->pdata[i])->question;
  g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, question->item_row, question->task_row);
}

/* Reading */

static gboolean
read_questions (AssayProject *project, gpointer data, GError **error)
{
  GPtrArray *asked = data;
  g_autoptr (GPtrArray) open = assay_question_list (project->store, 0, TRUE, error);
  for (guint i = 0; open != NULL && i < open->len; i++)
    {
      Asked *one = g_new0 (Asked, 1);
      one->question = g_steal_pointer (&open->pdata[i]);
      g_autoptr (AssayItem) item = assay_item_get_row (project->store, one->question->item_row, NULL);
      g_autoptr (AssayTask) task = assay_task_get_row (project->store, one->question->task_row, NULL);
      one->name = g_strdup_printf ("%s · %s", item != NULL ? item->name : "?", task != NULL ? task->name : "?");
      g_ptr_array_add (asked, one);
    }
  return open != NULL;
}

static void ask (AssayQuestionList *self);

static void
on_read (gpointer owner, gpointer data, const GError *error)
{
  AssayQuestionList *self = owner;
  self->reading = FALSE;
  if (error == NULL)
    show (self, data);
  if (self->stale)
    ask (self);
}

static void
ask (AssayQuestionList *self)
{
  self->stale = self->reading;
  if (self->reading || self->desk == NULL)
    return;
  self->reading = TRUE;
  assay_desk_read (self->desk, read_questions, g_ptr_array_new_with_free_func (asked_free),
                   (GDestroyNotify) g_ptr_array_unref, on_read, self);
}

void
assay_question_list_widget_set_desk (AssayQuestionList *self, AssayDesk *desk)
{
  g_autoptr (GPtrArray) nothing = g_ptr_array_new_with_free_func (asked_free);
  if (self->desk != NULL)
    g_signal_handlers_disconnect_by_data (self->desk, self);
  self->reading = self->stale = FALSE;
  show (self, nothing);
  g_set_object (&self->desk, desk);
  if (desk == NULL)
    return;
  g_signal_connect_object (desk, "changed", G_CALLBACK (ask), self, G_CONNECT_SWAPPED);
  ask (self);
}

static void
assay_question_list_widget_dispose (GObject *object)
{
  AssayQuestionList *self = ASSAY_QUESTION_LIST (object);
  if (self->desk != NULL)
    g_signal_handlers_disconnect_by_data (self->desk, self);
  g_clear_object (&self->desk);
  g_clear_pointer ((GtkWidget **) &self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (assay_question_list_widget_parent_class)->dispose (object);
}

static void
assay_question_list_widget_finalize (GObject *object)
{
  g_ptr_array_unref (ASSAY_QUESTION_LIST (object)->shown);
  G_OBJECT_CLASS (assay_question_list_widget_parent_class)->finalize (object);
}

static void
assay_question_list_widget_class_init (AssayQuestionListClass *class)
{
  G_OBJECT_CLASS (class)->dispose = assay_question_list_widget_dispose;
  G_OBJECT_CLASS (class)->finalize = assay_question_list_widget_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
  signals[SIGNAL_CHOSEN] = g_signal_new ("chosen", ASSAY_TYPE_QUESTION_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 2, G_TYPE_INT64, G_TYPE_INT64);
  signals[SIGNAL_ANSWERED] = g_signal_new ("answered", ASSAY_TYPE_QUESTION_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                           NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_FAILED] = g_signal_new ("failed", ASSAY_TYPE_QUESTION_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
assay_question_list_widget_init (AssayQuestionList *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  self->shown = g_ptr_array_new_with_free_func (asked_free);
  self->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
  self->title = GTK_LABEL (gtk_label_new (NULL));
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_label_set_xalign (self->title, 0);
  gtk_widget_add_css_class (GTK_WIDGET (self->title), "heading");
  gtk_widget_add_css_class (GTK_WIDGET (self->title), "panel-title");
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "questions");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, "Questions", -1);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), 180);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->list));
  gtk_box_append (self->box, gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
  gtk_box_append (self->box, GTK_WIDGET (self->title));
  gtk_box_append (self->box, scrolled);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  g_signal_connect_object (self->list, "row-activated", G_CALLBACK (on_activated), self, G_CONNECT_SWAPPED);
  gtk_widget_set_parent (GTK_WIDGET (self->box), GTK_WIDGET (self));
}
