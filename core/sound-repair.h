/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/sound-repair.h - WAV and RF64 files whose header does not say what is in them: a recorder that was killed, a
 * disk that was full, a stream that never knew its length. Any thread.
 *
 * RIFF: Microsoft/IBM 1991; RF64 and ds64: EBU Tech 3306. Only formats with a constant number of bytes a sample. */
#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gint64 data_at;   /* byte of the file where its samples begin */
  guint align;      /* bytes of one sample of every channel */
  gint64 n_claimed; /* samples a channel, as the header says */
  gint64 n_there;   /* whole samples a channel that the file holds */
  guint n_cut;      /* bytes of a last one that is not whole */
  gboolean wrong;   /* the two differ, and what follows the samples is no chunk */
} AssayWave;

/* What the header of an open file claims and what there is; neither moves nor changes the file. BAD_DATA when it is
 * no WAV, or too little of one to find its samples. */
gboolean assay_wave_look (int fd, const char *path, AssayWave *ret_wave, GError **error);
/* The first `data_at` bytes as they should be for `n_there` samples: RF64 where 32 bits end. Free it. */
guint8 *assay_wave_mend_head (int fd, const char *path, const AssayWave *wave, GError **error);

/* Mends a recording of ours in place: the header tells all whole samples that are there, what is left of a last one
 * goes. Interrupted, it can be done again. A file that is right is not touched. */
gboolean assay_sound_repair (const char *path, guint64 *ret_samples, guint64 *ret_lost_bytes, GError **error);

G_END_DECLS
