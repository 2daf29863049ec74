/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/tag-work.h"

#include "core/journal.h"
#include "core/media.h"
#include "core/queue.h"

static void
found_free (gpointer data)
{
  AssayTagFound *found = data;
  assay_item_free (found->item);
  g_free (found->path);
  g_array_unref (found->tags);
  g_free (found);
}

AssayTagBook *
assay_tag_book_new (void)
{
  AssayTagBook *book = g_atomic_rc_box_new0 (AssayTagBook);
  book->gestures = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_tag_gesture_free);
  return book;
}

static void
book_clear (gpointer data)
{
  g_ptr_array_unref (((AssayTagBook *) data)->gestures);
}

void
assay_tag_book_unref (AssayTagBook *book)
{
  if (book != NULL)
    g_atomic_rc_box_release_full (book, book_clear);
}

AssayTagWork *
assay_tag_work_new (AssayTagJob job, const AssayTask *task, const AssayAnnotator *annotator, AssayTagBook *book,
                    GArray *take_rows)
{
  AssayTagWork *work = g_new0 (AssayTagWork, 1);
  work->job = job;
  work->task = assay_task_copy (task);
  work->annotator = g_memdup2 (annotator, sizeof *annotator);
  work->annotator->name = g_strdup (annotator->name);
  work->rows = take_rows != NULL ? take_rows : g_array_new (FALSE, FALSE, sizeof (gint64));
  work->book = book != NULL ? g_atomic_rc_box_acquire (book) : NULL;
  work->found = g_ptr_array_new_with_free_func (found_free);
  return work;
}

void
assay_tag_work_free (gpointer data)
{
  AssayTagWork *work = data;
  assay_task_free (work->task);
  assay_annotator_free (work->annotator);
  g_array_unref (work->rows);
  g_clear_pointer (&work->done, g_array_unref);
  assay_tag_book_unref (work->book);
  g_free (work->name);
  g_ptr_array_unref (work->found);
  g_free (work->end);
  g_free (work);
}

/* What is answered one by one stays on the desk: a qualification, whose every answer is held against the known one
 * before the next, and an own answer that comes again, which is another self's. */
static gboolean
read_queue (AssayTagWork *work, AssayStore *store, GError **error)
{
  g_autoptr (GPtrArray) list = assay_queue_list (store, work->task, work->annotator, work->n, error);
  if (list == NULL)
    return FALSE;
  work->is_whole = list->len < work->n;
  for (guint i = 0; i < list->len; i++)
    {
      const AssayQueued *queued = list->pdata[i];
      if (queued->why == ASSAY_QUEUE_QUALIFY)
        work->end = work->end != NULL ? work->end : g_strdup_printf ("%s: one by one, on the desk", queued->words);
      else if (!queued->again)
        g_array_append_val (work->rows, queued->item_row);
    }
  if (work->rows->len == 0 && work->end == NULL)
    work->end = list->len > 0 ? g_strdup ("what is left comes one by one, on the desk")
                              : assay_queue_dup_end (store, work->task, work->annotator, error);
  return work->rows->len > 0 || work->end != NULL;
}

/* Where nothing was done yet there is no journal to read. */
static gboolean
read_tags (const AssayTagWork *work, AssayStore *store, AssayTagFound *found, GError **error)
{
  if (found->state == ASSAY_LABEL_TODO)
    return TRUE;
  g_autoptr (AssayJournal) journal = assay_journal_open (store, found->item, work->task, work->annotator, error);
  const AssayObjects *objects = journal != NULL ? assay_journal_get_objects (journal) : NULL;
  for (guint i = 0; journal != NULL && i < objects->list->len; i++)
    g_array_append_val (found->tags, ((const AssayObject *) objects->list->pdata[i])->class_id);
  return journal != NULL;
}

static gboolean
read_one (AssayTagWork *work, AssayProject *project, gint64 row, GError **error)
{
  AssayTagFound *found = g_new0 (AssayTagFound, 1);
  found->row = row;
  found->tags = g_array_new (FALSE, FALSE, sizeof (AssayId));
  g_ptr_array_add (work->found, found);
  found->item = assay_item_get_row (project->store, row, error);
  if (found->item == NULL
      || !assay_label_get_state (project->store, row, work->task->row, work->annotator->row, &found->state, error)
      || !read_tags (work, project->store, found, error))
    return FALSE;
  found->path = assay_item_dup_path (project, found->item);
  return TRUE;
}

static gboolean
read_all (AssayTagWork *work, AssayProject *project, GError **error)
{
  for (guint i = 0; i < work->rows->len; i++)
    if (!read_one (work, project, g_array_index (work->rows, gint64, i), error))
      return FALSE;
  return TRUE;
}

static gboolean
give (AssayTagWork *work, AssayProject *project, GError **error)
{
  AssayTagBook *book = work->book;
  g_autoptr (AssayTagGesture) gesture
      = assay_tags_give_many (project->store, work->task, work->annotator, work->rows, &work->class_id,
                              ASSAY_TAGS_TOGGLE, work->seconds, error);
  if (gesture == NULL)
    return FALSE;
  work->name = g_strdup (gesture->name);
  work->n_kept = gesture->n_answered;
  if (gesture->made->len > 0)
    {
      g_ptr_array_set_size (book->gestures, (int) book->n_done++);
      g_ptr_array_add (book->gestures, g_steal_pointer (&gesture));
    }
  return read_all (work, project, error);
}

static gboolean
undo (AssayTagWork *work, AssayProject *project, GError **error)
{
  AssayTagBook *book = work->book;
  gboolean redo = work->job == ASSAY_TAG_REDO;
  if (redo ? book->n_done == book->gestures->len : book->n_done == 0)
    return TRUE;
  AssayTagGesture *gesture = book->gestures->pdata[redo ? book->n_done : book->n_done - 1];
  for (guint i = 0; i < gesture->made->len; i++)
    g_array_append_val (work->rows, g_array_index (gesture->made, AssayTagged, i).item_row);
  if (!assay_tag_gesture_undo (gesture, project->store, work->task, work->annotator, redo, &work->n_kept, error))
    return FALSE;
  work->name = g_strdup (gesture->name);
  book->n_done += redo ? 1 : -1;
  return read_all (work, project, error);
}

/* An answer that is handed in is no draft to be undone: it is taken back. */
static gboolean
submit (AssayTagWork *work, AssayStore *store, GError **error)
{
  if (!assay_tags_submit_many (store, work->task, work->annotator, work->rows, work->seconds, &work->done, error))
    return FALSE;
  g_ptr_array_set_size (work->book->gestures, 0);
  work->book->n_done = 0;
  return TRUE;
}

static gboolean
do_job (AssayTagWork *work, AssayProject *project, GError **error)
{
  switch (work->job)
    {
    case ASSAY_TAG_QUEUE:
      return read_queue (work, project->store, error);
    case ASSAY_TAG_READ:
      return read_all (work, project, error);
    case ASSAY_TAG_GIVE:
      return give (work, project, error);
    case ASSAY_TAG_UNDO:
    case ASSAY_TAG_REDO:
      return undo (work, project, error);
    case ASSAY_TAG_SUBMIT:
      return submit (work, project->store, error);
    case ASSAY_TAG_RECALL:
    default:
      return assay_tags_recall_many (project->store, work->task, work->annotator, work->rows, &work->n_kept, error);
    }
}

gboolean
assay_tag_work_run (AssayProject *project, gpointer data, GError **error)
{
  AssayTagWork *work = data;
  gboolean done = do_job (work, project, error);
  if (work->book != NULL)
    {
      work->n_undo = work->book->n_done;
      work->n_redo = work->book->gestures->len - work->book->n_done;
    }
  return done;
}
