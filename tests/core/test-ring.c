/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Means most under the thread sanitizer, where ./test runs it too. */
#include "core/ring.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <pthread.h>
#include <cmocka.h>

#define N_MESSAGES 20000
#define N_WORDS 64 /* a message is its number, many times: a torn one would show two */

typedef struct
{
  guint64 words[N_WORDS];
} Message;

static void
fill (Message *message, guint64 number)
{
  for (guint i = 0; i < N_WORDS; i++)
    message->words[i] = number;
}

static void
assert_whole (const Message *message)
{
  for (guint i = 1; i < N_WORDS; i++)
    assert_true (message->words[i] == message->words[0]);
}

static void *
push_all (void *data)
{
  AssayRingBuffer *ring = data;
  for (guint64 i = 0; i < N_MESSAGES;)
    {
      Message *slot = assay_ring_buffer_get_free (ring);
      if (slot == NULL)
        {
          sched_yield ();
          continue;
        }
      fill (slot, i++);
      assay_ring_buffer_push (ring);
    }
  return NULL;
}

static void
every_message_arrives_whole_and_in_order (void **state)
{
  g_autoptr (AssayRingBuffer) ring = assay_ring_buffer_new (7, sizeof (Message));
  assert_non_null (ring);
  pthread_t pusher;
  assert_int_equal (pthread_create (&pusher, NULL, push_all, ring), 0);
  for (guint64 expected = 0; expected < N_MESSAGES;)
    {
      if (!assay_ring_buffer_wait (ring, 1000))
        continue;
      Message *oldest = assay_ring_buffer_get_oldest (ring);
      assert_non_null (oldest);
      assert_whole (oldest);
      assert_true (oldest->words[0] == expected);
      assay_ring_buffer_pop (ring);
      expected++;
    }
  pthread_join (pusher, NULL);
  assert_int_equal (assay_ring_buffer_count (ring), 0);
}

static void
a_full_ring_says_so_and_keeps_what_it_has (void **state)
{
  g_autoptr (AssayRingBuffer) ring = assay_ring_buffer_new (2, sizeof (guint64));
  for (guint64 i = 0; i < 2; i++)
    {
      guint64 *slot = assay_ring_buffer_get_free (ring);
      assert_non_null (slot);
      *slot = i + 10;
      assay_ring_buffer_push (ring);
    }
  assert_null (assay_ring_buffer_get_free (ring));
  assert_int_equal (*(guint64 *) assay_ring_buffer_get_oldest (ring), 10);
  assay_ring_buffer_pop (ring);
  assert_non_null (assay_ring_buffer_get_free (ring));
  assert_int_equal (*(guint64 *) assay_ring_buffer_get_oldest (ring), 11);
}

static void
waiting_ends_when_woken (void **state)
{
  g_autoptr (AssayRingBuffer) ring = assay_ring_buffer_new (2, 8);
  assay_ring_buffer_wake (ring);
  gint64 began_us = g_get_monotonic_time ();
  assert_false (assay_ring_buffer_wait (ring, 5000));
  assert_true (g_get_monotonic_time () - began_us < 2 * G_TIME_SPAN_SECOND);
}

static void *
post_all (void *data)
{
  AssayMailbox *mailbox = data;
  for (guint64 i = 1; i <= N_MESSAGES; i++)
    {
      fill (assay_mailbox_get_free (mailbox), i);
      assay_mailbox_push (mailbox);
    }
  return NULL;
}

static void
a_mailbox_gives_the_newest_whole_and_never_an_older_one (void **state)
{
  g_autoptr (AssayMailbox) mailbox = assay_mailbox_new (sizeof (Message));
  assert_null (assay_mailbox_take (mailbox));
  pthread_t poster;
  assert_int_equal (pthread_create (&poster, NULL, post_all, mailbox), 0);
  guint64 last = 0;
  while (last < N_MESSAGES)
    {
      const Message *newest = assay_mailbox_take (mailbox);
      if (newest == NULL)
        continue;
      assert_whole (newest);
      assert_true (newest->words[0] > last);
      last = newest->words[0];
    }
  pthread_join (poster, NULL);
  assert_null (assay_mailbox_take (mailbox));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (every_message_arrives_whole_and_in_order),
    cmocka_unit_test (a_full_ring_says_so_and_keeps_what_it_has),
    cmocka_unit_test (waiting_ends_when_woken),
    cmocka_unit_test (a_mailbox_gives_the_newest_whole_and_never_an_older_one),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
