/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/follow-up.h"

#include "qa/follow.h"

#define SETTLE_MS 1000 /* answers come in handfuls */
#define AT_ONCE 4

typedef struct
{
  AssayDesk *desk; /* which owns this */
  guint timer;
  gboolean looking, stale;
} FollowUp;

typedef struct
{
  guint items;
  gboolean more;
} Looked;

static void start (FollowUp *up, guint after_ms);

static void
follow_up_free (gpointer data)
{
  FollowUp *up = data;
  g_clear_handle_id (&up->timer, g_source_remove);
  g_free (up);
}

static gboolean
look (AssayProject *project, gpointer data, GError **error)
{
  Looked *looked = data;
  return assay_follow (project, AT_ONCE, &looked->items, &looked->more, error);
}

/* A failure is of the disk, of which whoever saves tells; the next change tries again. */
static void
on_looked (gpointer owner, gpointer data, const GError *error)
{
  FollowUp *up = g_object_get_data (owner, "assay-follow-up");
  const Looked *looked = data;
  up->looking = FALSE;
  if (error == NULL && looked->more)
    start (up, 0);
  else if (up->stale)
    start (up, SETTLE_MS);
}

static gboolean
on_timer (gpointer data)
{
  FollowUp *up = data;
  up->timer = 0;
  up->stale = FALSE;
  if (assay_desk_is_read_only (up->desk)) /* or closed meanwhile */
    return G_SOURCE_REMOVE;
  up->looking = TRUE;
  assay_desk_run (up->desk, look, g_new0 (Looked, 1), g_free, on_looked, up->desk);
  return G_SOURCE_REMOVE;
}

static void
start (FollowUp *up, guint after_ms)
{
  up->stale = TRUE;
  if (!up->looking && up->timer == 0)
    up->timer = g_timeout_add (after_ms, on_timer, up);
}

static void
on_changed (AssayDesk *desk, FollowUp *up)
{
  start (up, SETTLE_MS);
}

void
assay_follow_up_begin (AssayDesk *desk)
{
  if (assay_desk_is_read_only (desk))
    return;
  FollowUp *up = g_new0 (FollowUp, 1);
  up->desk = desk;
  g_object_set_data_full (G_OBJECT (desk), "assay-follow-up", up, follow_up_free);
  g_signal_connect (desk, "changed", G_CALLBACK (on_changed), up);
  start (up, SETTLE_MS);
}
