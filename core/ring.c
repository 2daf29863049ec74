/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/ring.h"

#include <poll.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#define CACHE_LINE 64

struct _AssayRingBuffer
{
  guint8 *slots;
  gsize slot_bytes; /* rounded up to cache lines */
  guint n_slots;
  int wake_fd;
  /* Numbers of slots pushed and popped since the start; each is written by one thread, on a cache line of its own.
   */
  _Alignas(CACHE_LINE) atomic_ullong pushed;
  _Alignas(CACHE_LINE) atomic_ullong popped;
};

static gsize
round_up (gsize bytes)
{
  return (bytes + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
}

/* Straight from the kernel: zeroed, page by page as touched, and given back at once. */
static guint8 *
map_slots (gsize n, gsize slot_bytes)
{
  gsize bytes;
  if (n == 0 || !g_size_checked_mul (&bytes, n, slot_bytes))
    return NULL;
  void *slots = mmap (NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return slots == MAP_FAILED ? NULL : slots;
}

AssayRingBuffer *
assay_ring_buffer_new (guint n_slots, gsize slot_bytes)
{
  gsize rounded = round_up (MAX (slot_bytes, 1));
  guint8 *slots = map_slots (n_slots, rounded);
  if (slots == NULL)
    return NULL;
  AssayRingBuffer *ring = g_aligned_alloc0 (1, sizeof *ring, CACHE_LINE);
  ring->slots = slots;
  ring->slot_bytes = rounded;
  ring->n_slots = n_slots;
  ring->wake_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (ring->wake_fd < 0)
    g_clear_pointer (&ring, assay_ring_buffer_free);
  return ring;
}

void
assay_ring_buffer_free (AssayRingBuffer *ring)
{
  if (ring == NULL)
    return;
  munmap (ring->slots, ring->n_slots * ring->slot_bytes);
  if (ring->wake_fd >= 0)
    close (ring->wake_fd);
  g_aligned_free (ring);
}

static gpointer
slot_at (AssayRingBuffer *ring, unsigned long long number)
{
  return ring->slots + (gsize) (number % ring->n_slots) * ring->slot_bytes;
}

gpointer
assay_ring_buffer_get_free (AssayRingBuffer *ring)
{
  unsigned long long pushed = atomic_load_explicit (&ring->pushed, memory_order_relaxed);
  unsigned long long popped = atomic_load_explicit (&ring->popped, memory_order_acquire);
  return pushed - popped < ring->n_slots ? slot_at (ring, pushed) : NULL;
}

void
assay_ring_buffer_push (AssayRingBuffer *ring)
{
  unsigned long long pushed = atomic_load_explicit (&ring->pushed, memory_order_relaxed);
  atomic_store_explicit (&ring->pushed, pushed + 1, memory_order_release);
  assay_ring_buffer_wake (ring);
}

gpointer
assay_ring_buffer_get_oldest (AssayRingBuffer *ring)
{
  unsigned long long popped = atomic_load_explicit (&ring->popped, memory_order_relaxed);
  unsigned long long pushed = atomic_load_explicit (&ring->pushed, memory_order_acquire);
  return pushed > popped ? slot_at (ring, popped) : NULL;
}

void
assay_ring_buffer_pop (AssayRingBuffer *ring)
{
  unsigned long long popped = atomic_load_explicit (&ring->popped, memory_order_relaxed);
  atomic_store_explicit (&ring->popped, popped + 1, memory_order_release);
}

gboolean
assay_ring_buffer_wait (AssayRingBuffer *ring, int timeout_ms)
{
  if (assay_ring_buffer_count (ring) > 0)
    return TRUE;
  struct pollfd wake = { .fd = ring->wake_fd, .events = POLLIN };
  if (poll (&wake, 1, timeout_ms) > 0)
    {
      /* Cleared before the look, so that a push after the look wakes the next wait. */
      guint64 times;
      (void) !read (ring->wake_fd, &times, sizeof times);
    }
  return assay_ring_buffer_count (ring) > 0;
}

void
assay_ring_buffer_wake (AssayRingBuffer *ring)
{
  guint64 once = 1;
  (void) !write (ring->wake_fd, &once, sizeof once);
}

guint
assay_ring_buffer_count (AssayRingBuffer *ring)
{
  unsigned long long popped = atomic_load_explicit (&ring->popped, memory_order_acquire);
  unsigned long long pushed = atomic_load_explicit (&ring->pushed, memory_order_acquire);
  return (guint) (pushed - popped);
}

guint
assay_ring_buffer_get_n_slots (const AssayRingBuffer *ring)
{
  return ring->n_slots;
}

/* Three slots: one being filled, one being looked at, one between them that both swap with. */
#define FRESH 4u

struct _AssayMailbox
{
  guint8 *slots;
  gsize slot_bytes;
  guint filling;                            /* the pusher's */
  guint looking;                            /* the taker's */
  _Alignas(CACHE_LINE) atomic_uint between; /* slot number, and FRESH when nobody has seen it */
};

AssayMailbox *
assay_mailbox_new (gsize slot_bytes)
{
  gsize rounded = round_up (MAX (slot_bytes, 1));
  guint8 *slots = map_slots (3, rounded);
  if (slots == NULL)
    return NULL;
  AssayMailbox *mailbox = g_aligned_alloc0 (1, sizeof *mailbox, CACHE_LINE);
  mailbox->slots = slots;
  mailbox->slot_bytes = rounded;
  mailbox->filling = 0;
  mailbox->looking = 1;
  atomic_init (&mailbox->between, 2);
  return mailbox;
}

void
assay_mailbox_free (AssayMailbox *mailbox)
{
  if (mailbox == NULL)
    return;
  munmap (mailbox->slots, 3 * mailbox->slot_bytes);
  g_aligned_free (mailbox);
}

gpointer
assay_mailbox_get_free (AssayMailbox *mailbox)
{
  return mailbox->slots + mailbox->filling * mailbox->slot_bytes;
}

void
assay_mailbox_push (AssayMailbox *mailbox)
{
  mailbox->filling
      = atomic_exchange_explicit (&mailbox->between, mailbox->filling | FRESH, memory_order_acq_rel) & ~FRESH;
}

gpointer
assay_mailbox_take (AssayMailbox *mailbox)
{
  if ((atomic_load_explicit (&mailbox->between, memory_order_relaxed) & FRESH) == 0)
    return NULL;
  mailbox->looking = atomic_exchange_explicit (&mailbox->between, mailbox->looking, memory_order_acq_rel) & ~FRESH;
  return mailbox->slots + mailbox->looking * mailbox->slot_bytes;
}
