/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An object that some annotators found and others did not: omissions are the commonest error of all. */
#include "qa/check.h"
#include "qa/cluster.h"
#include "qa/difference.h"

extern const AssayCheck assay_check_missing_object;

static gboolean
is_empty (const AssayLabel *label)
{
  return label->objects->list->len == 0;
}

static const char *
name_of (const AssayLook *look, guint index)
{
  return ((const AssayAnnotator *) g_ptr_array_index (look->annotators, index))->name;
}

/* "A, B and C" of those who have, or have not, the object. */
static char *
list_names (const AssayLook *look, const AssayCluster *cluster, gboolean having, guint *ret_n)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  for (guint i = 0; i < look->labels->len; i++)
    if (!is_empty (g_ptr_array_index (look->labels, i)) && (cluster->members[i] != NULL) == having)
      g_ptr_array_add (names, (gpointer) name_of (look, i));
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < names->len; i++)
    g_string_append_printf (text, "%s%s",
                            i == 0                ? ""
                            : i + 1 == names->len ? " and "
                                                  : ", ",
                            (char *) g_ptr_array_index (names, i));
  *ret_n = names->len;
  return g_string_free (text, FALSE);
}

static void
judge (const AssayLook *look, const AssayCluster *cluster, GPtrArray *findings)
{
  guint n_have = 0, n_lack = 0;
  g_autofree char *have = list_names (look, cluster, TRUE, &n_have),
                  *lack = list_names (look, cluster, FALSE, &n_lack);
  if (n_lack == 0)
    return;
  const AssayObject *object = assay_cluster_first (cluster, look->labels->len);
  const char *class_name = assay_object_class_name (object, look->task);
  char *why = n_have == 1 && n_lack > 1
                  ? g_strdup_printf ("only %s has a %s here; %s have none", have, class_name, lack)
                  : g_strdup_printf ("%s %s no %s where %s %s one", lack, n_lack > 1 ? "have" : "has", class_name,
                                     have, n_have > 1 ? "have" : "has");
  g_autofree char *id = assay_id_dup_text (&object->id);
  g_autofree char *place = g_strdup_printf ("object %s", id);
  /* Even is worst: where most lack or most have it, one can guess who is wrong. */
  double share = (double) MIN (n_have, n_lack) / (n_have + n_lack);
  g_ptr_array_add (findings,
                   assay_look_flag (look, &assay_check_missing_object, ASSAY_SEVERITY_WARNING, 0.4 + 0.4 * share,
                                    NULL, 0, place, assay_object_where (object, look->task), why));
}

static void
look_at (gpointer state, const AssayLook *look, GPtrArray *findings)
{
  g_autoptr (GPtrArray) clusters = assay_cluster_objects (look->labels, look->task);
  for (guint i = 0; i < clusters->len; i++)
    judge (look, g_ptr_array_index (clusters, i), findings);
}

/* Not transcripts: where a segment is cut is taste, and words are compared whole. Not tags: disagreement names
 * them. */
static const char *const kinds[] = { "segmentation", "keypoints", "pose", "box", NULL };

const AssayCheck assay_check_missing_object = {
  .id = "missing-object",
  .title = "Object missing",
  .help = "an object that some annotators found and others did not; what is left out is never learned",
  .version = 1,
  .scope = ASSAY_SCOPE_OBJECT,
  .kinds = kinds,
  .look = look_at,
};
