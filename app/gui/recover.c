/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/recover.h"

#include "app/job-recover.h"

typedef struct
{
  AssayDesk *desk;
  gboolean due;
  char *words;
} Recovery;

static void
recovery_free (gpointer data)
{
  Recovery *recovery = data;
  g_object_unref (recovery->desk);
  g_free (recovery->words);
  g_free (recovery);
}

static Recovery *
recovery_new (AssayDesk *desk)
{
  Recovery *recovery = g_new0 (Recovery, 1);
  recovery->desk = g_object_ref (desk);
  return recovery;
}

static gboolean
mend (AssayProject *project, gpointer data, AssayProgress *progress, GError **error)
{
  Recovery *recovery = data;
  g_auto (AssayMended) mended = ASSAY_MENDED_INIT;
  if (!assay_job_recover (project, FALSE, progress, &mended, NULL, error))
    return FALSE;
  recovery->words = assay_mended_dup_words (&mended);
  return TRUE;
}

static void
on_mended (gpointer owner, gpointer data, const GError *error)
{
  const Recovery *recovery = data;
  if (error != NULL)
    assay_window_show_error (owner, error);
  else if (recovery->words != NULL)
    assay_window_toast (owner, recovery->words);
}

static gboolean
look (AssayProject *project, gpointer data, GError **error)
{
  ((Recovery *) data)->due = assay_job_recover_is_due (project->directory);
  return TRUE;
}

static void
on_looked (gpointer owner, gpointer data, const GError *error)
{
  const Recovery *recovery = data;
  if (error == NULL && recovery->due)
    assay_desk_start_job (recovery->desk, "Mending recordings", ASSAY_STORE_WRITE, mend,
                          recovery_new (recovery->desk), recovery_free, on_mended, owner);
}

void
assay_recover_begin (AssayDesk *desk, AssayWindow *window)
{
  if (!assay_desk_is_read_only (desk))
    assay_desk_read (desk, look, recovery_new (desk), recovery_free, on_looked, window);
}
