/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Classes of which there is far too little beside the others. */
#include "qa/check.h"
#include "core/label.h"

extern const AssayCheck assay_check_balance;

#define MOST 100 /* objects of the largest class, before the others are called few */
#define SHARE 0.02

typedef struct
{
  const AssayTask *task;
  GHashTable *counts; /* AssayId of the class -> guint64, of one answer an item */
} Seen;

static guint64
get_count (const Seen *seen, const AssayId *class_id)
{
  const guint64 *count = seen->counts != NULL ? g_hash_table_lookup (seen->counts, class_id) : NULL;
  return count != NULL ? *count : 0;
}

static void
add (Seen *seen, const AssayId *class_id, guint64 n)
{
  guint64 sum = get_count (seen, class_id) + n;
  if (seen->counts == NULL)
    seen->counts = g_hash_table_new_full (assay_id_hash, assay_id_hash_equal, g_free, g_free);
  g_hash_table_replace (seen->counts, g_memdup2 (class_id, sizeof *class_id), g_memdup2 (&sum, sizeof sum));
}

static void
look_at (gpointer state, const AssayLook *look, GPtrArray *findings)
{
  Seen *seen = state;
  const AssayLabel *label = look->labels->pdata[0]; /* the same thing is not counted once an annotator */
  seen->task = look->task;
  for (guint o = 0; o < label->objects->list->len; o++)
    add (seen, &((const AssayObject *) label->objects->list->pdata[o])->class_id, 1);
}

static void
merge (gpointer state, gconstpointer other)
{
  Seen *seen = state;
  const Seen *more = other;
  GHashTableIter iter;
  gpointer id, count;
  if (seen->task == NULL)
    seen->task = more->task;
  if (more->counts == NULL)
    return;
  g_hash_table_iter_init (&iter, more->counts);
  while (g_hash_table_iter_next (&iter, &id, &count))
    add (seen, id, *(const guint64 *) count);
}

static void
flag (const Seen *seen, const AssayClass *class, guint64 n, const AssayClass *largest, guint64 most,
      GPtrArray *findings)
{
  g_autofree char *why = g_strdup_printf ("there are %" G_GUINT64_FORMAT " of %s and %" G_GUINT64_FORMAT
                                          " of %s: a model will hardly learn it, and its figures will mean little",
                                          n, class->name, most, largest->name),
                  *place = assay_id_dup_text (&class->id);
  AssayFinding *finding = assay_finding_new (assay_check_balance.id, ASSAY_SEVERITY_NOTE, 0.4, why);
  finding->task_row = seen->task->row;
  finding->inputs = assay_sha256 (why, strlen (why));
  assay_finding_identify (finding, &ASSAY_ID_NIL, &seen->task->id, place);
  g_ptr_array_add (findings, finding);
}

static void
end (gpointer state, GPtrArray *findings)
{
  const Seen *seen = state;
  const AssayClass *largest = NULL;
  guint64 most = 0;
  for (guint i = 0; seen->task != NULL && i < seen->task->classes->len; i++)
    {
      const AssayClass *class = seen->task->classes->pdata[i];
      if (get_count (seen, &class->id) > most)
        {
          most = get_count (seen, &class->id);
          largest = class;
        }
    }
  for (guint i = 0; most >= MOST && i < seen->task->classes->len; i++)
    {
      const AssayClass *class = seen->task->classes->pdata[i];
      guint64 n = get_count (seen, &class->id);
      if ((double) n < SHARE * (double) most)
        flag (seen, class, n, largest, most, findings);
    }
}

static void
clear (gpointer state)
{
  g_clear_pointer (&((Seen *) state)->counts, g_hash_table_unref);
}

const AssayCheck assay_check_balance = {
  .id = "balance",
  .title = "Balance of classes",
  .help = "a class with fewer than a fiftieth of the objects of the largest: a model will hardly learn it",
  .version = 1,
  .scope = ASSAY_SCOPE_PROJECT,
  .state_size = sizeof (Seen),
  .look = look_at,
  .merge = merge,
  .end = end,
  .clear = clear,
};
