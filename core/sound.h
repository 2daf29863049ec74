/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/sound.h - samples of WAV, RF64 and FLAC files (libsndfile in core/sound.c and sound-writer.c alone).
 *
 * A WAV of a recorder that was killed, whose header tells of no sound, is read to its end all the same.
 *
 * Positions are sample indices (frames: one sample of every channel); seconds only at the edges. Nothing is resampled.
 * A reader belongs to one thread at a time. */
#include "core/sound-gap.h"

G_BEGIN_DECLS

typedef struct {
  const char *type;      /* "wav" or "flac": the extension in media/ */
  guint rate_hz, channels;
  gint64 n_samples;      /* a channel; as decoded, not as the header claims */
  gint64 n_claimed;      /* what the header claims where that is wrong, -1 where it is right */
} AssaySoundFacts;

/* Opens, decodes to the end when `thorough` (arrival), and says what is there. */
gboolean assay_sound_probe (const char *path, gboolean thorough, AssaySoundFacts *ret_facts, GError **error);

typedef struct _AssaySoundReader AssaySoundReader;
AssaySoundReader *assay_sound_reader_new (const char *path, GError **error);
void assay_sound_reader_free (AssaySoundReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssaySoundReader, assay_sound_reader_free)
const AssaySoundFacts *assay_sound_reader_get_facts (const AssaySoundReader *reader);
/* Interleaved floats, nominally in [-1, 1], never NaN, from sample `start`; returns the samples a channel read (fewer at the end), -1 on error. */
gint64 assay_sound_reader_read (AssaySoundReader *reader, gint64 start, gint64 n_samples, float *ret_samples, GError **error);

/* Lowest, highest and root mean square of channel-averaged sound in each of `n_columns` equal parts of [start, end). */
typedef struct {
  float low, high, rms;
} AssaySoundPeak;
gboolean assay_sound_reader_peaks (AssaySoundReader *reader, gint64 start, gint64 end, guint n_columns, AssaySoundPeak *ret_peaks,
                                   GError **error);

/* Writes [start, end) of `path` as 16-bit (or the source's depth, if deeper) WAV or FLAC by the extension of `out`; atomic. */
gboolean assay_sound_copy_range (const char *path, gint64 start, gint64 end, const char *out, GError **error);
/* The same with digital silence in place of what was lost strictly inside of it (AssaySoundGap, ascending), so that places
 * are times. */
gboolean assay_sound_copy_filled (const char *path, gint64 start, gint64 end, const GArray *gaps, const char *out,
                                  GError **error);

/* A growing 24-bit WAV (RF64 past 4 GB) whose header is right up to the last flush: what a recorder writes. What converters
 * of up to 24 bits deliver comes back bit for bit; louder than full scale is clipped. An existing file is CONFLICT. */
typedef struct _AssaySoundWriter AssaySoundWriter;
AssaySoundWriter *assay_sound_writer_new (const char *path, guint rate_hz, guint channels, GError **error);
/* Before the first sample: a "bext" chunk (EBU Tech 3285) with date, time and the samples since midnight, all in local
 * time, of the first sample, which was at `realtime_ns` since 1970. `description` names the microphone, `reference` the
 * session; what is longer than 256 and 32 bytes is cut, what is not ASCII becomes "?". */
gboolean assay_sound_writer_set_origin (AssaySoundWriter *writer, gint64 realtime_ns, const char *description,
                                        const char *reference, GError **error);
gboolean assay_sound_writer_add (AssaySoundWriter *writer, const float *samples, gint64 n_samples, GError **error);
/* Digital silence in place of what was lost, so that places stay times. It takes no room on a disk that knows holes. */
gboolean assay_sound_writer_add_silence (AssaySoundWriter *writer, gint64 n_samples, GError **error);
gboolean assay_sound_writer_flush (AssaySoundWriter *writer, GError **error); /* header and data to disk; call each second */
/* The header brought up to date, and a descriptor for whoever brings both to the disk, with fdatasync() on a thread that may wait.
 * It outlives the writer; close it. -1 on error. */
int assay_sound_writer_dup_fd (AssaySoundWriter *writer, GError **error);
gboolean assay_sound_writer_close (AssaySoundWriter *writer, GError **error); /* frees it in any case */
void assay_sound_writer_free (AssaySoundWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssaySoundWriter, assay_sound_writer_free)

G_END_DECLS
