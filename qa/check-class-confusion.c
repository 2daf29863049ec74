/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The same thing under two names: a wrong key, or two classes that the guideline does not tell apart. */
#include "qa/check.h"
#include "qa/cluster.h"
#include "qa/difference.h"

extern const AssayCheck assay_check_class_confusion;

static void
judge (const AssayLook *look, const AssayCluster *cluster, GPtrArray *findings)
{
  guint n_labels = look->labels->len, n_majority = 0;
  assay_cluster_class (cluster, n_labels, &n_majority);
  if (n_majority == cluster->n_members)
    return;
  g_autoptr (GString) why = g_string_new (NULL);
  g_autofree const AssayLabel **labels = g_new (const AssayLabel *, n_labels);
  guint n = 0;
  for (guint i = 0; i < n_labels; i++)
    {
      if (cluster->members[i] == NULL)
        continue;
      const AssayAnnotator *annotator = g_ptr_array_index (look->annotators, i);
      g_string_append_printf (why, "%s%s says %s", n > 0 ? ", " : "", annotator->name,
                              assay_object_class_name (cluster->members[i], look->task));
      labels[n++] = g_ptr_array_index (look->labels, i);
    }
  g_string_append (why, " about the same object");
  const AssayObject *object = assay_cluster_first (cluster, n_labels);
  g_autofree char *id = assay_id_dup_text (&object->id);
  g_autofree char *place = g_strdup_printf ("class %s", id);
  double share = (double) n_majority / cluster->n_members;
  g_ptr_array_add (findings, assay_look_flag (look, &assay_check_class_confusion, ASSAY_SEVERITY_ERROR, 1.2 - share,
                                              labels, n, place, assay_object_where (object, look->task),
                                              g_string_free (g_steal_pointer (&why), FALSE)));
}

static void
look_at (gpointer state, const AssayLook *look, GPtrArray *findings)
{
  g_autoptr (GPtrArray) clusters = assay_cluster_objects (look->labels, look->task);
  for (guint i = 0; i < clusters->len; i++)
    judge (look, g_ptr_array_index (clusters, i), findings);
}

static const char *const kinds[] = { "segmentation", "keypoints", "pose", "box", NULL };

const AssayCheck assay_check_class_confusion = {
  .id = "class-confusion",
  .title = "Classes confused",
  .help = "annotators name the same object differently: a wrong key, or two classes that the guideline does not "
          "tell apart",
  .version = 1,
  .scope = ASSAY_SCOPE_OBJECT,
  .kinds = kinds,
  .look = look_at,
};
