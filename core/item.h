/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/item.h - one thing to label: a whole media file, or an exact range of one, without copying.
 *
 * The id derives from (media SHA-256, range, sequence name and index or source name), so that two desks that import
 * one folder get one set. Items never change once added but for `flags` rows of their own; what people say about them
 * lives elsewhere. */
#include "core/geometry.h"
#include "core/id.h"
#include "core/sha256.h"
#include "core/store.h"

#include <jansson.h>

G_BEGIN_DECLS

typedef enum { ASSAY_MEDIA_PICTURE, ASSAY_MEDIA_SOUND, ASSAY_MEDIA_FILM, ASSAY_MEDIA_MODEL } AssayMediaKind;
const char *assay_media_kind_to_text (AssayMediaKind kind); /* "picture" … as in the database and JSON */

typedef enum { ASSAY_RANGE_WHOLE, ASSAY_RANGE_SAMPLES, ASSAY_RANGE_FRAME } AssayRangeKind;

/* When its first frame or sample was, on the one time line of its session: core/session-time.h. */
typedef struct {
  gboolean known;       /* a session says so; else the rest is what the item says alone */
  gint64 captured_ns;   /* realtime, 0 = unknown */
  gint64 offset_ns;     /* measured by clap or flash, and taken off: > 0 = the sensor is late */
  gint64 doubt_ns;      /* of that; -1 = nothing was measured */
  double ns_per_sample; /* of sound, by the session's clock; 0 = not sound */
  AssayId moment;       /* nil = none: one instant seen by several sensors, with what was measured taken off */
} AssayItemTime;

typedef struct {
  gint64 row; /* of this database; never written anywhere else */
  AssayId id;
  AssaySha256 media;
  AssayMediaKind media_kind; /* of what is labelled: the frame of a film is a PICTURE */
  char *media_type;          /* extension in media/ */
  char *name;                /* source name with folders, '/' between them, as it was imported: "left/0001.jpg" */
  AssayRangeKind range;
  gint64 start, end;         /* SAMPLES: [start, end); FRAME: stream index and time stamp in ns */
  guint width_px, height_px; /* upright; 0 for sound */
  guint exif_orientation;
  guint rate_hz, channels;   /* 0 for pictures */
  gint64 n_samples;          /* of the item, a channel */
  char *sequence;            /* (nullable) name of the ordered set it belongs to */
  gint64 position;           /* in the sequence */
  AssayId moment;            /* nil = none: one instant seen by several sensors */
  AssayId session;           /* nil = none: capture session */
  AssayId sensor;            /* nil = none */
  gint64 captured_ns;        /* realtime by the raw stamp, 0 = unknown; `time` is what to go by */
  AssayItemTime time;        /* of rows of a snapshot and of takes; elsewhere zeroed: core/session-time.h tells it */
  char *group;               /* what must stay in one split; never NULL (sequence, else session, else media hash) */
  json_t *facts;             /* object: "camera": {fx,…,assumed}, "conditions": {…}, arrival facts; never NULL */
} AssayItem;

AssayItem *assay_item_new (void);
AssayItem *assay_item_copy (const AssayItem *item);
void assay_item_free (AssayItem *item);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayItem, assay_item_free)

/* Fills `id` and `group` (when NULL) from the rest, and adds it unless it is known; `row` is set either way. */
gboolean assay_item_add (AssayStore *store, AssayItem *item, gboolean *ret_added, GError **error);
AssayItem *assay_item_get (AssayStore *store, const AssayId *id, GError **error);
AssayItem *assay_item_get_row (AssayStore *store, gint64 row, GError **error);
/* By id, by the start of one (>= 4 digits), or by its whole name or the last part of it, when only one fits. */
AssayItem *assay_item_find (AssayStore *store, const char *words, GError **error);
/* Rows in the order of adding (`where`: an SQL condition of our own making over table item, or NULL): gint64 in a GArray. */
GArray *assay_item_list_rows (AssayStore *store, const char *where, GError **error);
/* Items of rows [first, last], in that order: AssayItem in a GPtrArray. */
GPtrArray *assay_item_list_range (AssayStore *store, gint64 first_row, gint64 last_row, GError **error);
gboolean assay_item_count (AssayStore *store, guint64 *ret_n, GError **error);
/* Canonical JSON, as in shards and `assay label`: new reference. */
json_t *assay_item_to_json (const AssayItem *item);
AssayItem *assay_item_from_json (const json_t *json, GError **error);
/* facts.camera; FALSE when there is none. */
gboolean assay_item_get_camera (const AssayItem *item, AssayCamera *ret_camera);

G_END_DECLS
