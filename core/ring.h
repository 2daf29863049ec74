/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/ring.h - hand-over between two threads, without a lock: one pushes, one pops.
 *
 * AssayRingBuffer is a bounded queue of slots of one size: nothing is lost while it has room, and when it has none the
 * pusher is told and can count. AssayMailbox keeps the newest alone: what a screen looks at while a recorder must
 * see everything. Neither push nor pop allocates. */
#include <glib.h>

G_BEGIN_DECLS

typedef struct _AssayRingBuffer AssayRingBuffer;
/* NULL when the memory cannot be had. The memory is touched only as the slots are first used. */
AssayRingBuffer *assay_ring_buffer_new (guint n_slots, gsize slot_bytes);
void assay_ring_buffer_free (AssayRingBuffer *ring);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayRingBuffer, assay_ring_buffer_free)

/* The pushing thread: the slot to fill (NULL when full), then the word that it is filled. */
gpointer assay_ring_buffer_get_free (AssayRingBuffer *ring);
void assay_ring_buffer_push (AssayRingBuffer *ring);
/* The popping thread: the oldest slot (NULL when empty), then the word that it is done with. */
gpointer assay_ring_buffer_get_oldest (AssayRingBuffer *ring);
void assay_ring_buffer_pop (AssayRingBuffer *ring);
/* The popping thread: TRUE when there is something; FALSE after `timeout_ms`, or when woken without. */
gboolean assay_ring_buffer_wait (AssayRingBuffer *ring, int timeout_ms);
/* Any thread. */
void assay_ring_buffer_wake (AssayRingBuffer *ring);
guint assay_ring_buffer_count (AssayRingBuffer *ring);
guint assay_ring_buffer_get_n_slots (const AssayRingBuffer *ring);

typedef struct _AssayMailbox AssayMailbox;
AssayMailbox *assay_mailbox_new (gsize slot_bytes); /* (nullable), like a ring */
void assay_mailbox_free (AssayMailbox *mailbox);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayMailbox, assay_mailbox_free)
/* The pushing thread: always has a slot to fill. */
gpointer assay_mailbox_get_free (AssayMailbox *mailbox);
void assay_mailbox_push (AssayMailbox *mailbox);
/* The popping thread: the newest that it has not seen, its own until the next call; NULL when there is none. */
gpointer assay_mailbox_take (AssayMailbox *mailbox);

G_END_DECLS
