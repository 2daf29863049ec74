/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/carry-job.h"

#include "annotate/carry.h"
#include "app/gui/shortcuts.h"
#include "core/film.h"
#include "core/media.h"

typedef struct
{
  AssayDesk *desk;
  AssayCarryWay way;
  AssayItem *item; /* where they come from … */
  AssayItem *to;   /* … and go to */
  AssayTask *task;
  AssayAnnotator annotator;
  AssayObjects *objects;
  guint n;
  AssayCarryNews news;
  AssayCarryDone done;
} Carrying;

static void
carrying_free (gpointer data)
{
  Carrying *carrying = data;
  if (carrying == NULL)
    return;
  g_object_unref (carrying->desk);
  assay_item_free (carrying->item);
  assay_item_free (carrying->to);
  assay_task_free (carrying->task);
  g_free (carrying->annotator.name);
  assay_objects_free (carrying->objects);
  g_free (carrying);
}

static AssayPicture *
load (AssayProject *project, const AssayItem *item, GError **error)
{
  g_autofree char *path = assay_item_dup_path (project, item);
  if (item->range != ASSAY_RANGE_FRAME)
    return assay_picture_load (path, error);
  g_autoptr (AssayFilm) film = assay_film_open (path, error);
  return film != NULL ? assay_film_get_frame (film, item->end, error) : NULL;
}

static gboolean
follow (AssayProject *project, Carrying *carrying, AssayProgress *progress, GError **error)
{
  g_autoptr (AssayPicture) from = load (project, carrying->item, error);
  g_autoptr (AssayPicture) to = from != NULL ? load (project, carrying->to, error) : NULL;
  return to != NULL && assay_carry_follow (carrying->objects, from, to, progress, &carrying->news, error);
}

static gboolean
cut_boxes (AssayProject *project, Carrying *carrying, AssayProgress *progress, GError **error)
{
  g_autoptr (GArray) boxes
      = assay_carry_list_boxes (project->store, carrying->item, carrying->task, &carrying->annotator, error);
  g_autoptr (AssayPicture) picture = boxes != NULL ? load (project, carrying->item, error) : NULL;
  if (picture != NULL)
    carrying->objects
        = assay_carry_cut_boxes (boxes, picture, carrying->task->kind, progress, &carrying->news, error);
  return carrying->objects != NULL;
}

static gboolean
find_to (AssayProject *project, Carrying *carrying, GError **error)
{
  carrying->to = carrying->way == ASSAY_CARRY_COPY || carrying->way == ASSAY_CARRY_FLOW
                     ? assay_carry_find_next (project->store, carrying->item, carrying->task, error)
                     : assay_item_copy (carrying->item);
  return carrying->to != NULL;
}

/* A reader's thread. */
static gboolean
read_work (AssayProject *project, gpointer data, GError **error)
{
  Carrying *carrying = data;
  if (!find_to (project, carrying, error) || carrying->way == ASSAY_CARRY_COPY)
    return carrying->to != NULL;
  carrying->objects = assay_carry_list_predictions (project->store, carrying->item, carrying->task, error);
  return carrying->objects != NULL;
}

/* A thread of its own: optical flow and GrabCut take their time. */
static gboolean
reckon_work (AssayProject *project, gpointer data, AssayProgress *progress, GError **error)
{
  Carrying *carrying = data;
  if (!find_to (project, carrying, error))
    return FALSE;
  return carrying->way == ASSAY_CARRY_FLOW ? follow (project, carrying, progress, error)
                                           : cut_boxes (project, carrying, progress, error);
}

/* The writer's. */
static gboolean
put_work (AssayProject *project, gpointer data, GError **error)
{
  static const char *const names[]
      = { "copy from the picture before", "follow from the picture before", "predictions", "masks from boxes" };
  Carrying *carrying = data;
  return assay_carry_put (project->store, carrying->to, carrying->task, &carrying->annotator, carrying->objects,
                          names[carrying->way], &carrying->n, error);
}

static char *
say (const Carrying *carrying, gpointer owner)
{
  static const char *const nothing[] = { "nothing new: what is here is there already",
                                         "nothing new: what is here is there already, or has left the picture",
                                         "no model has answered for this picture, or it is here already",
                                         "there are no boxes of yours to cut out, or they are here already" };
  static const char *const failed[] = { "", "cannot be followed", "", "cannot be cut out: draw them by hand" };
  guint n_failed = carrying->news.n_failed;
  if (carrying->n == 0 && n_failed == 0)
    return g_strdup (nothing[carrying->way]);
  GString *words = g_string_new (NULL);
  g_string_append_printf (words, "%u proposed", carrying->n);
  if (carrying->news.n_doubtful > 0)
    g_string_append_printf (words, ", %u doubtful", carrying->news.n_doubtful);
  if (n_failed > 0)
    g_string_append_printf (words, ", %u %s", n_failed, failed[carrying->way]);
  if (carrying->n > 0)
    {
      g_autofree char *accept = assay_shortcuts_dup_key (owner, "page.act", "'accept'", "Accept"),
                      *reject = assay_shortcuts_dup_key (owner, "page.act", "'reject'", "Reject");
      g_string_append_printf (words, " · %s accepts, %s rejects, a stroke corrects", accept, reject);
    }
  return g_string_free (words, FALSE);
}

static void
put_done (gpointer owner, gpointer data, const GError *error)
{
  const Carrying *carrying = data;
  g_autofree char *words = error == NULL ? say (carrying, owner) : NULL;
  carrying->done (owner, carrying->item->row, carrying->to->row, words, error);
}

static void
read_done (gpointer owner, gpointer data, const GError *error)
{
  Carrying *carrying = data;
  if (error != NULL)
    {
      carrying->done (owner, carrying->item->row, carrying->item->row, NULL, error);
      return;
    }
  Carrying *next = g_memdup2 (carrying, sizeof *carrying); /* takes over what it holds */
  *carrying = (Carrying){ .desk = g_object_ref (next->desk) };
  assay_desk_run (next->desk, put_work, next, carrying_free, put_done, owner);
}

void
assay_carry_job_start (AssayDesk *desk, AssayCarryWay way, const AssayItem *item, const AssayTask *task,
                       const AssayAnnotator *annotator, const GPtrArray *objects, AssayCarryDone done,
                       gpointer owner)
{
  Carrying *carrying = g_new0 (Carrying, 1);
  *carrying = (Carrying){ .desk = g_object_ref (desk),
                          .way = way,
                          .item = assay_item_copy (item),
                          .task = assay_task_copy (task),
                          .annotator = *annotator,
                          .done = done };
  carrying->annotator.name = g_strdup (annotator->name);
  if (way == ASSAY_CARRY_COPY || way == ASSAY_CARRY_FLOW)
    carrying->objects = assay_carry_copy (objects, task->kind);
  if (way == ASSAY_CARRY_FLOW || way == ASSAY_CARRY_BOXES)
    assay_desk_start_job (desk, way == ASSAY_CARRY_FLOW ? "Following the objects" : "Cutting out the boxes",
                          ASSAY_STORE_READ, reckon_work, carrying, carrying_free, read_done, owner);
  else
    assay_desk_read (desk, read_work, carrying, carrying_free, read_done, owner);
}
