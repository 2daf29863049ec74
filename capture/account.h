/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* capture/account.h - what should have come from a device: by its own counter, by time, and how late it was. One
 * thread. doc/METRICS.md, "The account of a sensor", defines the figures. */
#include <glib.h>

G_BEGIN_DECLS

/* Begins zeroed. Units are frames of a camera, or samples a channel of a microphone. */
typedef struct
{
  gboolean running;         /* within one run of the device's counter */
  guint64 last_end, last_n; /* the counter after the last frame or block, and how much that was */
  gint64 last_ns;           /* its stamp */
  guint64 counted;          /* by the counter, from the first to the last of each run */
  gint64 span_ns;           /* from the first stamp to the last of each run */
  gint64 steady_ns;         /* sum of distances without a hole, and what came in them */
  guint64 n_steady, n_ends; /* n_ends: in the last frame or block of each run but this one */
  guint64 late;
  gint64 usual_delay_ns;
  guint64 n_delays;
} AssayAccount;

/* A frame (n = 1, its 32-bit sequence number) or block (n samples, the index of the first one) came. `missing`:
 * what the watch for gaps says is missing just before it. `late_ns`: arriving so much behind the usual delay
 * between stamp and arrival is late. */
void assay_account_add (AssayAccount *account, gboolean is_frame, guint64 counter, guint64 n, guint64 missing,
                        gint64 stamp_ns, gint64 arrived_ns, gint64 late_ns);
/* So much was missing, by time, among what was taken for steady. */
void assay_account_add_hole (AssayAccount *account, guint64 missing);
/* The device came back: its counter starts again. */
void assay_account_resume (AssayAccount *account);
/* From the span of time and the measured rate; 0 before anything is known. */
guint64 assay_account_expect_by_rate (const AssayAccount *account);

G_END_DECLS
