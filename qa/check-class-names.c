/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two classes of a task whose names say the same. */
#include "qa/check.h"
#include "core/label.h"

extern const AssayCheck assay_check_class_names;

/* About the task alone; any answer brings it. */
typedef struct
{
  const AssayTask *task;
} Seen;

static void
look_at (gpointer state, const AssayLook *look, GPtrArray *findings)
{
  ((Seen *) state)->task = look->task;
}

static void
merge (gpointer state, gconstpointer other)
{
  Seen *seen = state;
  if (seen->task == NULL)
    seen->task = ((const Seen *) other)->task;
}

/* Letters and digits alone, lower case, without the s of a plural. */
static char *
simplify (const char *name)
{
  g_autofree char *normal = g_utf8_normalize (name, -1, G_NORMALIZE_ALL), *folded = g_utf8_casefold (normal, -1);
  GString *text = g_string_new (NULL);
  for (const char *at = folded; *at != '\0'; at = g_utf8_next_char (at))
    if (g_unichar_isalnum (g_utf8_get_char (at)))
      g_string_append_unichar (text, g_utf8_get_char (at));
  if (text->len > 3 && text->str[text->len - 1] == 's')
    g_string_truncate (text, text->len - 1);
  return g_string_free (text, FALSE);
}

static void
end (gpointer state, GPtrArray *findings)
{
  const AssayTask *task = ((const Seen *) state)->task;
  for (guint i = 0; task != NULL && i < task->classes->len; i++)
    for (guint j = i + 1; j < task->classes->len; j++)
      {
        const AssayClass *one = task->classes->pdata[i], *other = task->classes->pdata[j];
        g_autofree char *a = simplify (one->name), *b = simplify (other->name),
                        *id_a = assay_id_dup_text (&one->id), *id_b = assay_id_dup_text (&other->id),
                        *place = g_strdup_printf ("%s %s", id_a, id_b);
        if (a[0] == '\0' || !g_str_equal (a, b))
          continue;
        g_autofree char *why = g_strdup_printf (
            "the classes %s and %s seem to be one: objects of it are in two places", one->name, other->name);
        AssayFinding *finding = assay_finding_new (assay_check_class_names.id, ASSAY_SEVERITY_WARNING, 0.7, why);
        finding->task_row = task->row;
        finding->inputs = assay_sha256 (&task->revision, sizeof task->revision);
        assay_finding_identify (finding, &ASSAY_ID_NIL, &task->id, place);
        g_ptr_array_add (findings, finding);
      }
}

const AssayCheck assay_check_class_names = {
  .id = "class-names",
  .title = "Classes that say the same",
  .help = "two classes whose names differ in case, plural or punctuation alone: half of the objects are in either",
  .version = 1,
  .scope = ASSAY_SCOPE_PROJECT,
  .state_size = sizeof (Seen),
  .look = look_at,
  .merge = merge,
  .end = end,
};
