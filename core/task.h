/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/task.h - one kind of label asked for, with its classes, skeleton, models, rules and guideline.
 *
 * A task's definition is a document with immutable revisions; each label names the revision it was made under.
 * Classes, nodes and models have ids that are never used again, so renaming and adding rewrite no label. */
#include "core/geometry.h"
#include "core/id.h"
#include "core/sha256.h"
#include "core/store.h"

#include <jansson.h>

G_BEGIN_DECLS

typedef struct _AssayKind AssayKind;

#define ASSAY_NODE_SIGMA 0.05          /* of a node that has none: about the middle of COCO's seventeen */
#define ASSAY_TASK_TOLERANCE_DEG 5.0   /* of a pose task that has none */
#define ASSAY_TASK_TOLERANCE_M 0.02

typedef struct {
  AssayId id;
  char *name;
  guint32 colour;       /* 0xRRGGBB from the colour-blind-safe palette */
  gint64 source_id;     /* the number the class had in the file it came from (COCO category id), -1 = none */
  AssaySha256 model;    /* pose: the mesh in media/; all zero = none */
  double model_unit_m;  /* metres in one unit of the mesh file */
  json_t *extra;        /* (nullable) unknown keys of the source, kept */
} AssayClass;

typedef struct {
  AssayId id;
  char *name;
  AssayId mirror;  /* the node on the other side; nil = none */
  double sigma;    /* for OKS, COCO's k_i = 2 sigma_i; default 0.05 */
} AssayNode;

typedef struct {
  guint from, to; /* indices into nodes */
} AssayEdge;

typedef struct {
  gint64 row;
  AssayId id;
  AssayId revision;      /* of this definition */
  gint64 revision_row;
  char *name;
  const AssayKind *kind;
  GPtrArray *classes;    /* of AssayClass */
  GArray *nodes, *edges; /* of AssayNode, AssayEdge; empty unless keypoints */
  char *guideline;       /* Markdown */
  double tolerance;      /* pairs with less similarity than this are flagged (IoU, OKS, 1-MER …); the kind's default when not set */
  double tolerance_deg, tolerance_m; /* pose: rotation and translation over this are flagged */
  json_t *rules;         /* (nullable) text rules and the like */
} AssayTask;

AssayTask *assay_task_new (const char *name, const AssayKind *kind);
AssayTask *assay_task_copy (const AssayTask *task);
void assay_task_free (AssayTask *task);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayTask, assay_task_free)

/* Adds in memory; gives it the next colour of the palette. Returns the class that has this name already, if one has. */
AssayClass *assay_task_add_class (AssayTask *task, const char *name);
AssayClass *assay_task_find_class (const AssayTask *task, const AssayId *id);             /* (nullable) */
AssayClass *assay_task_find_class_named (const AssayTask *task, const char *name);        /* (nullable) */
guint assay_task_class_index (const AssayTask *task, const AssayId *id);                  /* G_MAXUINT = not there */
guint32 assay_task_class_colour (const AssayTask *task, const AssayId *id);               /* grey when it is not there */
AssayNode *assay_task_add_node (AssayTask *task, const char *name);                       /* into the array: valid until the next one */
json_t *assay_task_to_json (const AssayTask *task);                                       /* canonical definition */
AssayTask *assay_task_from_json (const json_t *json, GError **error);
guint32 assay_palette_colour (guint index); /* 0xRRGGBB; told apart by colour-blind people (Okabe-Ito, Tol) */

/* Database (core/task-store.c). Saving makes a new revision when the definition differs from the stored one, and sets row and
 * revision. What others added to it since it was read comes into `task` too, and of a task that desks changed apart (a
 * merge) the classes and nodes of all are read: nobody's are lost. */
gboolean assay_task_save (AssayStore *store, AssayTask *task, const AssayId *by_annotator, GError **error);
AssayTask *assay_task_find (AssayStore *store, const char *name, GError **error);
AssayTask *assay_task_get_row (AssayStore *store, gint64 row, GError **error);
GPtrArray *assay_task_list (AssayStore *store, GError **error); /* of AssayTask, as they were made */

G_END_DECLS
