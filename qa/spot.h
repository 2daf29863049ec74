/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/spot.h - a place in a label that outlasts the look at it, and numbers of many such places, of which those far from what is usual
 * are flagged: what several checks have in common.
 *
 * Usual is the median of a group; far is more than 3.5 robust standard deviations of the logarithm (qa/outliers.h) and a factor besides,
 * so that neither a narrow group nor a wide one tells lies. Distances from others, which may be next to nothing, are far by their plain
 * numbers instead (`plain`): their logarithms spread without end. Groups of fewer than `least` say nothing. One thread a value; they merge. */
#include "qa/check.h"

G_BEGIN_DECLS

/* A place in a label: what a finding needs when the look is over. */
typedef struct
{
  AssayId item, label, object; /* object: nil = the whole answer */
  gint64 item_row;
  const char *annotator; /* interned */
  const AssayTask *task; /* the run's */
  AssayRect box;         /* of a picture's object; w = 0: none */
  gint64 start, end;     /* of sound, samples; end = 0: none; set by whoever knows */
} AssaySpot;
/* `object` NULL = the whole answer. */
AssaySpot assay_spot_new (const AssayLook *look, guint label, const AssayObject *object);
/* Takes `why`. `place` tells several findings of one object apart. */
AssayFinding *assay_spot_flag (const AssaySpot *spot, const AssayCheck *check, AssaySeverity severity, double score, const char *place,
                               char *take_why);

typedef struct
{
  GHashTable *groups; /* char * -> GArray */
} AssayOutliers;

typedef struct
{
  guint least;         /* numbers that say what is usual */
  double low, high;    /* factors below and above the median that are far; 0 = that side is not looked at */
  gboolean plain;      /* 3.5 of the numbers themselves */
  gboolean several;    /* one object has a number in several groups: each is a finding of its own */
  AssaySeverity severity;
  /* Free the answer. `usual`: the median. */
  char *(*say) (const AssaySpot *spot, double value, double usual);
} AssayOutlierRule;

void assay_outliers_add (AssayOutliers *outliers, const char *group, const AssaySpot *spot, double value); /* value > 0; others are left out */
void assay_outliers_merge (AssayOutliers *outliers, const AssayOutliers *other);
void assay_outliers_end (const AssayOutliers *outliers, const AssayCheck *check, const AssayOutlierRule *rule, GPtrArray *findings);
void assay_outliers_clear (AssayOutliers *outliers);
/* The same for a check whose state is an AssayOutliers: its merge and clear. */
void assay_outliers_merge_state (gpointer state, gconstpointer other);
void assay_outliers_clear_state (gpointer state);

/* Every object of every answer, for looks that ask each by itself. `label`: index of the answer. */
typedef void (*AssayObjectFunc) (gpointer state, const AssayLook *look, guint label, const AssayObject *object);
void assay_look_each_object (const AssayLook *look, AssayObjectFunc func, gpointer state);

G_END_DECLS
