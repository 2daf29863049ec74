/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One person in several groups: what must stay in one split may train and test. */
#include "qa/check.h"
#include "core/json.h"

extern const AssayCheck assay_check_leak;

typedef struct
{
  GHashTable *subjects; /* char * -> GHashTable of groups (set of char *) */
} Seen;

static void
free_groups (gpointer groups)
{
  g_hash_table_unref (groups);
}

static void
begin (gpointer state, const AssayOptions *options)
{
  ((Seen *) state)->subjects = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_groups);
}

static void
arrive (gpointer state, const AssayArrival *arrival, GPtrArray *findings)
{
  Seen *seen = state;
  const char *subject = assay_json_get_string (arrival->item->facts, "subject");
  if (subject == NULL)
    subject = assay_json_get_string (json_object_get (arrival->item->facts, "conditions"), "subject");
  if (subject == NULL || subject[0] == '\0')
    return;
  GHashTable *groups = g_hash_table_lookup (seen->subjects, subject);
  if (groups == NULL)
    g_hash_table_insert (seen->subjects, g_strdup (subject),
                         groups = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL));
  g_hash_table_add (groups, g_strdup (arrival->item->group));
}

static void
end (gpointer state, GPtrArray *findings)
{
  GHashTableIter iter;
  gpointer subject, groups;
  g_hash_table_iter_init (&iter, ((Seen *) state)->subjects);
  while (g_hash_table_iter_next (&iter, &subject, &groups))
    {
      guint n = g_hash_table_size (groups);
      if (n < 2)
        continue;
      g_autofree char *why
          = g_strdup_printf ("%s is in %u groups, so pictures or words of one subject may both train and test: "
                             "group by subject when importing",
                             (const char *) subject, n);
      AssayFinding *finding = assay_finding_new (assay_check_leak.id, ASSAY_SEVERITY_WARNING, 0.8, why);
      finding->inputs = assay_sha256 (why, strlen (why));
      assay_finding_identify (finding, &ASSAY_ID_NIL, &ASSAY_ID_NIL, subject);
      g_ptr_array_add (findings, finding);
    }
}

static void
clear (gpointer state)
{
  g_clear_pointer (&((Seen *) state)->subjects, g_hash_table_unref);
}

const AssayCheck assay_check_leak = {
  .id = "leak",
  .title = "Subject in several splits",
  .help = "one subject in several groups: the figures of a model that has seen them are too good to be true",
  .version = 1,
  .scope = ASSAY_SCOPE_PROJECT,
  .state_size = sizeof (Seen),
  .begin = begin,
  .arrive = arrive,
  .end = end,
  .clear = clear,
};
