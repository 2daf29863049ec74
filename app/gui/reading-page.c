/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/reading-page.h"

#include "app/gui/chooser.h"
#include "app/gui/live.h"
#include "app/gui/page.h"
#include "app/gui/reading-sitting.h"
#include "app/gui/reading-stage.h"
#include "app/gui/shortcuts.h"
#include "app/gui/widget.h"
#include "core/json.h"
#include "core/kind.h"

#include <adwaita.h>
#include <string.h>

struct _AssayReadingPage
{
  GtkWidget parent_instance;
  AssayDesk *desk;
  GPtrArray *words;      /* of char *: each microphone as it is opened, in the order of the list */
  GPtrArray *tasks;      /* of char *: likewise, before "none" */
  char *script_name;     /* (nullable) of the file that was chosen */
  GPtrArray *prompts;    /* of AssayPrompt; NULL: there is nothing to read yet */
  AssaySitting *sitting; /* NULL unless it is being read */
  gint64 begun_us;
  gboolean closed;

  AdwWindowTitle *title;
  GtkButton *back, *start;
  GtkStack *stack;
  GtkTextView *script;
  GtkLabel *script_words;
  AdwComboRow *microphone, *task;
  GtkEditable *subject, *consent, *condition;
  AssayReadingStage *stage;
  AdwStatusPage *report;
  GtkWidget *faults;
  GtkListBox *fault_rows;
};

static guint signal_closed;

G_DEFINE_FINAL_TYPE (AssayReadingPage, assay_reading_page, GTK_TYPE_WIDGET)

static gboolean
is_at (AssayReadingPage *page, const char *name)
{
  return g_str_equal (gtk_stack_get_visible_child_name (page->stack), name);
}

/* A thread that comes back finds the page closed, or its project. */
static gboolean
is_gone (AssayReadingPage *page)
{
  return page->closed || gtk_widget_get_root (GTK_WIDGET (page)) == NULL;
}

static void
show (AssayReadingPage *page, const char *name)
{
  gboolean setup = g_str_equal (name, "setup"), report = g_str_equal (name, "report");
  gtk_stack_set_visible_child_name (page->stack, name);
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (page->stack)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    gtk_accessible_update_state (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_STATE_HIDDEN,
                                 child != gtk_stack_get_visible_child (page->stack), -1);
  gtk_button_set_label (page->back, setup ? "_Cancel" : "_Finish");
  gtk_widget_set_visible (GTK_WIDGET (page->back), !report);
  gtk_widget_set_visible (GTK_WIDGET (page->start), setup || report);
  gtk_button_set_label (page->start, report ? "_Done" : "_Begin");
}

/* Setting up */

static void
on_script_changed (AssayReadingPage *page)
{
  GtkTextIter start, end;
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (page->script);
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  g_autofree char *text = gtk_text_buffer_get_text (buffer, &start, &end, FALSE), *words = NULL;
  g_autoptr (GError) error = NULL;
  gboolean empty = *text == '\0';
  g_clear_pointer (&page->prompts, g_ptr_array_unref);
  page->prompts = empty
                      ? NULL
                      : assay_prompts_parse (text, strlen (text),
                                             page->script_name != NULL ? page->script_name : "the script", &error);
  if (page->prompts != NULL)
    words = g_strdup_printf ("%u %s", page->prompts->len, page->prompts->len == 1 ? "sentence" : "sentences");
  gtk_label_set_text (page->script_words, words != NULL ? words
                                          : empty       ? "Choose a file, or paste the sentences here"
                                                        : error->message);
  if (error != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (page->script_words), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (page->script_words), "error");
  gtk_widget_set_sensitive (GTK_WIDGET (page->start), page->prompts != NULL && page->words->len > 0);
}

/* Read off the main loop; what is no text is told as the command line tells it. */
static void
on_loaded (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (AssayReadingPage) page = data;
  g_autofree char *text = NULL, *path = g_file_get_path (G_FILE (source));
  g_autoptr (GError) error = NULL;
  gsize n_bytes = 0;
  if (is_gone (page))
    return;
  g_autoptr (GPtrArray) prompts = NULL;
  if (g_file_load_contents_finish (G_FILE (source), result, &text, &n_bytes, NULL, &error))
    prompts = assay_prompts_parse (text, n_bytes, path != NULL ? path : "the script", &error);
  assay_page_show_error (page, error);
  if (prompts == NULL)
    return;
  g_free (page->script_name);
  page->script_name = g_file_get_basename (G_FILE (source));
  const char *begin = g_str_has_prefix (text, "\xef\xbb\xbf") ? text + 3 : text;
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (page->script), begin, -1);
}

static void
on_chosen (gpointer owner, const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_file_load_contents_async (file, NULL, on_loaded, g_object_ref (owner));
}

static void
on_choose (AssayReadingPage *page)
{
  assay_choose (GTK_WIDGET (page), GTK_FILE_CHOOSER_ACTION_OPEN, "Choose a script", "_Choose", NULL, on_chosen);
}

static void
list_microphones (AssayReadingPage *page, GListModel *sensors)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  for (guint i = 0; i < g_list_model_get_n_items (sensors); i++)
    {
      g_autoptr (AssayLive) live = g_list_model_get_item (sensors, i);
      const AssayDeviceInfo *info = assay_live_get_info (live);
      if (info->kind != ASSAY_DEVICE_MICROPHONE)
        continue;
      gtk_string_list_append (names, assay_live_get_name (live));
      g_ptr_array_add (page->words, g_strconcat (info->id, assay_live_get_settings (live), NULL));
    }
  adw_combo_row_set_model (page->microphone, G_LIST_MODEL (names));
  if (page->words->len == 0)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (page->microphone), "None was found: plug one in and come back");
}

static void
list_tasks (AssayReadingPage *page)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  const GPtrArray *tasks = assay_desk_get_tasks (page->desk);
  for (guint i = 0; tasks != NULL && i < tasks->len; i++)
    {
      const AssayTask *task = tasks->pdata[i];
      if (!g_str_equal (task->kind->id, "transcript"))
        continue;
      gtk_string_list_append (names, task->name);
      g_ptr_array_add (page->tasks, g_strdup (task->name));
    }
  gtk_string_list_append (names, "None, the sound alone");
  adw_combo_row_set_model (page->task, G_LIST_MODEL (names));
}

/* "" -> NULL. Free it. */
static char *
dup_entry (GtkEditable *entry)
{
  char *text = g_strstrip (g_strdup (gtk_editable_get_text (entry)));
  if (*text != '\0')
    return text;
  g_free (text);
  return NULL;
}

/* Reading */

static void
close_page (AssayReadingPage *page)
{
  if (page->closed)
    return;
  page->closed = TRUE;
  g_signal_emit (page, signal_closed, 0);
}

static void
on_begun (GObject *source, GAsyncResult *result, gpointer data)
{
  AssayReadingPage *page = ASSAY_READING_PAGE (source);
  g_autoptr (GError) error = NULL;
  AssaySitting *sitting = assay_sitting_begin_finish (result, &error);
  if (is_gone (page))
    {
      assay_sitting_free (sitting);
      return;
    }
  gtk_widget_set_sensitive (GTK_WIDGET (page->start), TRUE);
  gtk_widget_set_sensitive (GTK_WIDGET (page->back), TRUE);
  assay_page_show_error (page, error);
  if (sitting == NULL)
    return;
  page->sitting = sitting;
  page->begun_us = g_get_monotonic_time ();
  show (page, "stage");
  assay_reading_stage_set_reading (page->stage, assay_sitting_get_reading (sitting),
                                   assay_sitting_get_stream (sitting), page->prompts);
}

static void
begin (AssayReadingPage *page)
{
  guint at = adw_combo_row_get_selected (page->task), microphone = adw_combo_row_get_selected (page->microphone);
  const AssayAnnotator *annotator = assay_desk_get_annotator (page->desk);
  g_autofree char *subject = dup_entry (page->subject), *consent = dup_entry (page->consent);
  g_autofree char *text = dup_entry (page->condition);
  g_autoptr (json_t) conditions = json_object ();
  g_auto (GStrv) words = g_strsplit (text != NULL ? text : "", ",", -1);
  for (guint i = 0; words[i] != NULL; i++)
    {
      char *equals = strchr (words[i], '=');
      if (equals == NULL)
        continue;
      *equals = '\0';
      json_object_set_new (conditions, g_strstrip (words[i]), json_string (g_strstrip (equals + 1)));
    }
  const AssaySittingWish wish = { .project_directory = assay_desk_get_directory (page->desk),
                                  .words = page->words->pdata[MIN (microphone, page->words->len - 1)],
                                  .prompts = page->prompts,
                                  .plan = { .task = at < page->tasks->len ? page->tasks->pdata[at] : NULL,
                                            .script = page->script_name,
                                            .conditions = conditions,
                                            .operator_name = annotator != NULL ? annotator->name : NULL,
                                            .subject = subject,
                                            .consent = consent } };
  gtk_widget_set_sensitive (GTK_WIDGET (page->start), FALSE);
  gtk_widget_set_sensitive (GTK_WIDGET (page->back), FALSE); /* until the microphone can be let go of again */
  assay_sitting_begin (&wish, on_begun, page);
}

/* What came of it */

static const char *
find_sentence (AssayReadingPage *page, const char *id)
{
  for (guint i = 0; i < page->prompts->len; i++)
    if (g_strcmp0 (((AssayPrompt *) page->prompts->pdata[i])->id, id) == 0)
      return ((AssayPrompt *) page->prompts->pdata[i])->text;
  return id;
}

static guint
list_faults (AssayReadingPage *page, const json_t *report)
{
  guint n = 0;
  size_t i, k;
  json_t *item, *fault;
  json_array_foreach (json_object_get (report, "items"), i, item)
  {
    const json_t *faults = json_object_get (json_object_get (item, "check"), "faults");
    g_autoptr (GString) why = g_string_new (NULL);
    json_array_foreach (faults, k, fault)
        g_string_append_printf (why, "%s%s", k > 0 ? "; " : "", assay_json_get_string (fault, "why"));
    if (why->len == 0)
      continue;
    GtkWidget *row = adw_action_row_new ();
    g_object_set (row, "use-markup", FALSE, "title", find_sentence (page, assay_json_get_string (item, "prompt")),
                  "subtitle", why->str, NULL);
    gtk_list_box_append (page->fault_rows, row);
    n++;
  }
  return n;
}

static void
show_report (AssayReadingPage *page, const json_t *report, const char *trouble)
{
  gint64 accepted = 0, prompts = 0, skipped = 0;
  assay_json_get_int (report, "accepted", &accepted);
  assay_json_get_int (report, "prompts", &prompts);
  assay_json_get_int (report, "skipped", &skipped);
  gint64 s = (g_get_monotonic_time () - page->begun_us) / G_USEC_PER_SEC;
  guint n_faults = list_faults (page, report);
  g_autofree char *title
      = g_strdup_printf ("%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " sentences taken", accepted, prompts);
  g_autofree char *words
      = g_strdup_printf ("%s%s%" G_GINT64_FORMAT " skipped, %" G_GINT64_FORMAT " not reached · %" G_GINT64_FORMAT
                         ":%02" G_GINT64_FORMAT,
                         trouble != NULL ? trouble : "", trouble != NULL ? "; what was taken before is kept\n" : "",
                         skipped, prompts - accepted - skipped, s / 60, s % 60);
  g_autofree char *escaped = g_markup_escape_text (words, -1);
  adw_status_page_set_title (page->report, title);
  adw_status_page_set_description (page->report, escaped);
  adw_status_page_set_icon_name (page->report, trouble != NULL       ? "dialog-error-symbolic"
                                               : accepted == prompts ? "emblem-ok-symbolic"
                                                                     : "audio-input-microphone-symbolic");
  gtk_widget_set_visible (page->faults, n_faults > 0);
  show (page, "report");
  gtk_widget_grab_focus (GTK_WIDGET (page->start));
}

static void
on_ended (GObject *source, GAsyncResult *result, gpointer data)
{
  AssayReadingPage *page = ASSAY_READING_PAGE (source);
  g_autofree char *trouble = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) report = assay_sitting_end_finish (result, &trouble, &error);
  if (is_gone (page))
    return;
  assay_page_show_error (page, error);
  gtk_widget_set_sensitive (GTK_WIDGET (page->back), TRUE);
  if (report != NULL)
    show_report (page, report, trouble);
  else
    close_page (page);
}

static void
finish (AssayReadingPage *page)
{
  if (page->sitting == NULL)
    return;
  assay_reading_stage_set_reading (page->stage, NULL, NULL, NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (page->back), FALSE);
  assay_sitting_end (g_steal_pointer (&page->sitting), on_ended, page);
}

static void
on_start (AssayReadingPage *page)
{
  if (is_at (page, "report"))
    close_page (page);
  else if (page->prompts != NULL && page->words->len > 0 && page->sitting == NULL)
    begin (page);
}

static void
on_back (AssayReadingPage *page)
{
  if (!gtk_widget_get_sensitive (GTK_WIDGET (page->back)))
    return;
  if (is_at (page, "stage"))
    finish (page);
  else
    close_page (page);
}

static void
back (GtkWidget *widget, const char *action, GVariant *parameter)
{
  on_back (ASSAY_READING_PAGE (widget));
}

/* GtkWidget and GObject */

static gboolean
assay_reading_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (ASSAY_READING_PAGE (widget)->script));
}

GtkWidget *
assay_reading_page_new (AssayDesk *desk, GListModel *sensors)
{
  AssayReadingPage *page = g_object_new (ASSAY_TYPE_READING_PAGE, NULL);
  page->desk = g_object_ref (desk);
  list_microphones (page, sensors);
  list_tasks (page);
  on_script_changed (page);
  return GTK_WIDGET (page);
}

static void
assay_reading_page_dispose (GObject *object)
{
  AssayReadingPage *page = ASSAY_READING_PAGE (object);
  page->closed = TRUE;
  if (page->sitting != NULL)
    assay_reading_stage_set_reading (page->stage, NULL, NULL, NULL);
  if (page->sitting != NULL)
    assay_desk_let_go (page->desk, "Finishing the reading…", g_steal_pointer (&page->sitting),
                       (GDestroyNotify) assay_sitting_free);
  g_clear_pointer (&page->words, g_ptr_array_unref);
  g_clear_pointer (&page->tasks, g_ptr_array_unref);
  g_clear_pointer (&page->prompts, g_ptr_array_unref);
  g_clear_pointer (&page->script_name, g_free);
  g_clear_object (&page->desk);
  assay_widget_clear (page, ASSAY_TYPE_READING_PAGE);
  G_OBJECT_CLASS (assay_reading_page_parent_class)->dispose (object);
}

static void
assay_reading_page_class_init (AssayReadingPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = assay_reading_page_dispose;
  widget_class->grab_focus = assay_reading_page_grab_focus;
  g_type_ensure (ASSAY_TYPE_READING_STAGE);
  signal_closed
      = g_signal_new ("closed", ASSAY_TYPE_READING_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/assay/Assay/reading-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayReadingPage, title);
  gtk_widget_class_bind_template_child (widget_class, AssayReadingPage, back);
  gtk_widget_class_bind_template_child (widget_class, AssayReadingPage, start);
  gtk_widget_class_bind_template_child (widget_class, AssayReadingPage, stack);
  gtk_widget_class_bind_template_child (widget_class, AssayReadingPage, script);
  gtk_widget_class_bind_template_child (widget_class, AssayReadingPage, script_words);
  gtk_widget_class_bind_template_child (widget_class, AssayReadingPage, microphone);
  gtk_widget_class_bind_template_child (widget_class, AssayReadingPage, task);
  gtk_widget_class_bind_template_child (widget_class, AssayReadingPage, subject);
  gtk_widget_class_bind_template_child (widget_class, AssayReadingPage, consent);
  gtk_widget_class_bind_template_child (widget_class, AssayReadingPage, condition);
  gtk_widget_class_bind_template_child (widget_class, AssayReadingPage, stage);
  gtk_widget_class_bind_template_child (widget_class, AssayReadingPage, report);
  gtk_widget_class_bind_template_child (widget_class, AssayReadingPage, faults);
  gtk_widget_class_bind_template_child (widget_class, AssayReadingPage, fault_rows);
  gtk_widget_class_bind_template_callback (widget_class, on_back);
  gtk_widget_class_bind_template_callback (widget_class, on_start);
  gtk_widget_class_bind_template_callback (widget_class, on_choose);
  gtk_widget_class_bind_template_callback (widget_class, finish);
  gtk_widget_class_install_action (widget_class, "reading.back", NULL, back);
}

static void
assay_reading_page_init (AssayReadingPage *page)
{
  gtk_widget_init_template (GTK_WIDGET (page));
  assay_shortcuts_install_on (GTK_WIDGET (page), ASSAY_KEYS_READING);
  page->words = g_ptr_array_new_with_free_func (g_free);
  page->tasks = g_ptr_array_new_with_free_func (g_free);
  g_signal_connect_object (gtk_text_view_get_buffer (page->script), "changed", G_CALLBACK (on_script_changed), page,
                           G_CONNECT_SWAPPED);
  show (page, "setup");
}
