/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/kind.h - the kinds of label: segmentation, keypoints, pose, transcript, box, tag. A registry (core/kind-*.c, one
 * word each in core/meson.build); no room switches over kinds.
 *
 * A kind knows the value of ONE object (AssayRegion, AssayKeypoints, AssayPosed, AssaySegment, AssayBox; a tag has none)
 * and how two whole answers differ. Values do not change once they are in an object. Any thread. */
#include "core/item.h"
#include "core/mask.h"
#include "core/paint.h"
#include "core/task.h"

G_BEGIN_DECLS

typedef struct {
  AssayId id;        /* lasts through revisions: an object keeps its identity */
  AssayId class_id;  /* nil = none (transcripts may) */
  AssayId track;     /* identity through a sequence; nil = none */
  gpointer value;    /* owned; by the kind */
  json_t *attributes;/* (nullable) object, kept as it came */
} AssayObject;

typedef struct {
  AssayRect box;
} AssayBox;

/* What a face may draw; the canvas draws, a kind only lists. Image coordinates, or samples along x for sound. */
typedef enum { ASSAY_MARK_MASK, ASSAY_MARK_RING, ASSAY_MARK_LINE, ASSAY_MARK_POINT, ASSAY_MARK_BOX, ASSAY_MARK_TEXT } AssayMarkKind;
typedef enum { ASSAY_MARK_SELECTED = 1 << 0, ASSAY_MARK_HANDLE = 1 << 1, ASSAY_MARK_DASHED = 1 << 2, ASSAY_MARK_FAINT = 1 << 3 } AssayMarkFlags;
typedef struct {
  AssayMarkKind kind;
  AssayMarkFlags flags;
  guint32 colour;            /* 0xRRGGBB */
  const AssayMask *mask;     /* MASK: borrowed from the value */
  const AssayPaint *paint;   /* MASK under way, in place of `mask`: borrowed, and still changing */
  const AssayPoint *points;  /* RING, LINE, POINT, BOX (two corners), TEXT (one): borrowed or in `own` */
  guint n_points;
  const char *text;          /* TEXT, and the letter or name beside a POINT; borrowed */
} AssayMark;
/* A list of marks that owns what it had to make. */
typedef struct {
  GArray *marks;    /* of AssayMark */
  GPtrArray *owned; /* freed with g_free */
} AssayMarks;
AssayMarks *assay_marks_new (void);
void assay_marks_free (AssayMarks *marks);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayMarks, assay_marks_free)
void assay_marks_add (AssayMarks *marks, const AssayMark *mark);
/* Copies the points into the list. */
void assay_marks_add_points (AssayMarks *marks, AssayMarkKind kind, AssayMarkFlags flags, guint32 colour, const AssayPoint *points,
                             guint n_points, const char *text);

/* One number about two answers, e.g. {"iou", "IoU", …}. Named once here and in doc/METRICS.md. */
typedef struct {
  const char *name;      /* key in JSON: "iou" */
  const char *title;     /* on screens: "IoU" */
  const char *unit;      /* "" for plain ratios, "deg", "mm", "px", "s" */
  gboolean higher_is_better;
  const char *remedy;    /* (nullable) of a count of differences: the rule that would end them */
} AssayMeasureDef;
#define ASSAY_KIND_MAX_MEASURES 8

struct _AssayKind {
  const char *id, *title, *help;     /* mandatory */
  AssayMediaKind media;              /* what it labels */
  gboolean any_media;                /* … unless the task's rules ask it of sounds: assay_scope_get_media (core/scope.h) */
  double default_tolerance;          /* of `similarity` */
  double least_similarity;           /* objects less alike than this are no pair of one thing; 0 = any that have something in common */
  const char *const *keys;           /* the value's keys in JSON, ends with NULL; any other is refused, so a typing error shows */
  /* Mandatory. JSON of the value: keys of the object beside id, class, track, attributes. `item` may be NULL when unknown.
   * Sets `error` when it is wrong: a kind without a value (tag) returns NULL for right ones too. */
  gpointer (*parse) (const json_t *object, const AssayTask *task, const AssayItem *item, GError **error);
  void (*write) (gconstpointer value, const AssayTask *task, json_t *object);
  gpointer (*copy) (gconstpointer value);
  void (*free) (gpointer value); /* NULL is legal */
  gboolean (*equal) (gconstpointer a, gconstpointer b);
  /* Breaks of the drawing rules that make an answer unusable; hints are rules' work, not this. */
  gboolean (*validate) (gconstpointer value, const AssayTask *task, const AssayItem *item, GError **error);
  /* 0 to 1, how alike two objects are, for one-to-one matching and tolerance; NaN = undefined. */
  double (*similarity) (gconstpointer a, gconstpointer b, const AssayTask *task);
  /* Figures of one matched pair, in the order of `measures` (ends with name NULL); NaN = undefined. The first is the headline. */
  const AssayMeasureDef *measures;
  void (*measure) (gconstpointer a, gconstpointer b, const AssayTask *task, double *ret_values);
  /* Optional: the same where the class matters (a model that can be turned into itself). Ask through assay_object_similarity and
   * assay_object_measure. */
  double (*similarity_of) (const AssayObject *a, const AssayObject *b, const AssayTask *task);
  void (*measure_of) (const AssayObject *a, const AssayObject *b, const AssayTask *task, double *ret_values);
  char *(*summarise) (const AssayObject *object, const AssayTask *task); /* "cup, 1,204 px" */
  /* Optional. */
  gboolean (*bounds) (gconstpointer value, AssayRect *ret_box); /* pictures */
  void (*list_marks) (const AssayObject *object, const AssayTask *task, AssayMarks *marks);
  /* Where the model of the object's class stands; its outline is drawn by who has the mesh. */
  void (*get_pose) (gconstpointer value, AssayPose *ret_cam_from_model, AssayCamera *ret_camera);
  /* Answers compared as wholes instead of object by object (transcripts: all words in order of time). Same `measures`. */
  gboolean (*measure_whole) (const GPtrArray *a, const GPtrArray *b, const AssayTask *task, double *ret_values);
  /* The journal's short form of a change (masks: XOR); both NULL, or a NULL answer = before and after in full. `patch` takes
   * `before` forward to `after`, and `after` backward. */
  json_t *(*diff) (gconstpointer before, gconstpointer after);
  gpointer (*patch) (gconstpointer value, const json_t *difference, gboolean backward, GError **error);
};

const AssayKind *assay_kind_find (const char *id); /* (nullable) */
const AssayKind *const *assay_kind_list (guint *ret_n);

AssayObject *assay_object_new (const AssayId *class_id, gpointer take_value);
AssayObject *assay_object_copy (const AssayObject *object, const AssayKind *kind);
void assay_object_free (AssayObject *object, const AssayKind *kind);
/* As the kind has it. */
double assay_object_similarity (const AssayObject *a, const AssayObject *b, const AssayTask *task);
void assay_object_measure (const AssayObject *a, const AssayObject *b, const AssayTask *task, double *ret_values);
gboolean assay_object_equal (const AssayObject *a, const AssayObject *b, const AssayKind *kind);
/* {"id","class","track"?,"attributes"?, …value}. Reading accepts a class name that names one class, and makes an id when there is none. */
json_t *assay_object_to_json (const AssayObject *object, const AssayTask *task);
AssayObject *assay_object_from_json (const json_t *json, const AssayTask *task, const AssayItem *item, GError **error);

/* A set of objects of one kind: g_autoptr (AssayObjects). */
typedef struct {
  const AssayKind *kind;
  GPtrArray *list; /* of AssayObject, in z-order (last on top); transcripts by start */
} AssayObjects;
AssayObjects *assay_objects_new (const AssayKind *kind);
AssayObjects *assay_objects_copy (const AssayObjects *objects);
void assay_objects_free (AssayObjects *objects);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayObjects, assay_objects_free)
void assay_objects_take (AssayObjects *objects, AssayObject *object);
AssayObject *assay_objects_find (const AssayObjects *objects, const AssayId *id); /* (nullable) */
gboolean assay_objects_equal (const AssayObjects *a, const AssayObjects *b);
/* {"schema":"assay.segmentation/1","objects":[…]} and back. The same document everywhere (decisions.md 5). */
/* Reading takes what is well formed, even of a class that this task does not know (yet: another desk may have added it);
 * `assay_objects_validate` is the door for new answers: classes known, ids once, every value usable. */
json_t *assay_objects_to_json (const AssayObjects *objects, const AssayTask *task);
AssayObjects *assay_objects_from_json (const json_t *json, const AssayTask *task, const AssayItem *item, GError **error);
gboolean assay_objects_validate (const AssayObjects *objects, const AssayTask *task, const AssayItem *item, GError **error);

/* One-to-one matching of two answers: highest total similarity (Hungarian, scipy's answer), pairs under `least` left apart, and
 * so is what has nothing in common (similarity 0 or undefined). By index of a, then what is left of b.
 * Same class first, then the rest, so that a class confusion is a pair and not one missing and one extra. */
typedef struct {
  guint a, b; /* indices; G_MAXUINT = unmatched on that side */
  double similarity;
} AssayMatch;
GArray *assay_objects_match (const AssayObjects *a, const AssayObjects *b, const AssayTask *task, double least);
/* The optimal assignment itself (rows x columns, row-major, maximise); ret_column[row] = column or G_MAXUINT. */
void assay_assign (const double *scores, guint n_rows, guint n_columns, double least, guint *ret_column);

G_END_DECLS
