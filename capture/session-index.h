/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* capture/session-index.h - what the index of a recording tells, added up: sessions/ID/index.jsonl, as
 * doc/DATASET.md states it, read line by line, so that an hour of frames costs no memory. Any thread. */
#include <glib.h>
#include <jansson.h>

G_BEGIN_DECLS

/* A file that grew beside the index: a film, or a microphone's. */
typedef struct
{
  char *name; /* "camera-1-0001.mkv" */
  guint stream;
  guint64 n;                /* frames that were told of */
  gboolean begun;           /* the two stamps are known */
  gint64 first_ns, last_ns; /* of the first and the last frame that was told of; of a sound's first sample, twice */
  gint64 first_sample;      /* of a sound, by the device's counter */
  GPtrArray *drawn; /* of json_t *: lines of frames that become items as soon as the film has its name in media/ */
  gboolean closed;  /* its end was told: it is in media/ */
} AssaySessionFile;

typedef struct
{
  guint64 stills, samples, corrupt, missing;
  guint64 files;    /* in media/: stills, closed films and sounds */
  json_t *segments; /* array of the closed films and sounds, as they were told */
  gboolean begun;
  gint64 first_ns, last_ns;
  json_t *gaps; /* array of {at_ns, missing, how, …}, as they were told */
} AssaySessionStream;

typedef struct
{
  GPtrArray *files;                 /* of AssaySessionFile, in the order of their first lines */
  GArray *streams;                  /* of AssaySessionStream, by number */
  GHashTable *takes;                /* of char *: files in takes/ of a reading that were told of, "0007.wav" */
  gint64 monotonic_ns, realtime_ns; /* the last pair of clocks, 0 = none */
  guint n_unreadable;               /* lines that are none */
} AssaySessionIndex;

void assay_session_index_free (AssaySessionIndex *index);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssaySessionIndex, assay_session_index_free)

/* A line that tells what lies in media/: of an item ({"item", "media", …}), or of a film that was closed ({"segment":{"media",
 * …}}), of which no frame needs to be one. Borrowed; an error ends the reading. */
typedef gboolean (*AssaySessionMediaLine) (json_t *line, gpointer data, GError **error);
/* Reads all lines; what stands after the last line break is no line yet. A line that cannot be read is counted. No
 * index at all is an empty one. `media` is nullable. */
AssaySessionIndex *assay_session_index_read (const char *path, AssaySessionMediaLine media, gpointer data,
                                             GError **error);
AssaySessionFile *assay_session_index_find (const AssaySessionIndex *index, const char *name); /* (nullable) */

/* Cuts off what a killed writer left of its last line. */
gboolean assay_session_index_trim (const char *path, gint64 *ret_n_bytes, GError **error);
/* Adds whole lines and brings them to the disk. */
gboolean assay_session_index_append (const char *path, const GString *lines, GError **error);

G_END_DECLS
