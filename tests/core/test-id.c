/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/id.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void
an_id_is_a_uuid_and_reads_back (void **state)
{
  char text[ASSAY_ID_TEXT_SIZE];
  AssayId id = assay_id_new (), read;
  assay_id_to_text (&id, text);
  assert_int_equal (strlen (text), 36);
  assert_true (text[14] == '7' && strchr ("89ab", text[19]) != NULL);
  assert_true (assay_id_parse (text, &read));
  assert_true (assay_id_equal (&id, &read));
}

static void
later_ids_sort_later_and_none_comes_twice (void **state)
{
  AssayId last = assay_id_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new_full (assay_id_hash, assay_id_hash_equal, g_free, NULL);
  for (guint i = 0; i < 5000; i++)
    {
      AssayId id = assay_id_new ();
      assert_true (memcmp (id.bytes, last.bytes, 6) >= 0); /* by the millisecond */
      assert_true (g_hash_table_add (seen, g_memdup2 (&id, sizeof id)));
      last = id;
    }
}

static void
what_is_derived_is_the_same_on_every_machine (void **state)
{
  char text[ASSAY_ID_TEXT_SIZE];
  AssayId a = assay_id_derive ("item", "abc", 3), b = assay_id_derive ("item", "abc", 3);
  AssayId other = assay_id_derive ("find", "abc", 3), longer = assay_id_derive ("item", "abcd", 4);
  assert_true (assay_id_equal (&a, &b));
  assert_false (assay_id_equal (&a, &other));
  assert_false (assay_id_equal (&a, &longer));
  /* Python: hashlib.sha256 (b"item\0abc").hexdigest () [:32], version nibble 8, variant bits 10. */
  assert_string_equal (assay_id_to_text (&a, text), "54a9b0a1-a716-883c-a722-17cfddaa7b00");
}

static void
other_texts_are_no_ids (void **state)
{
  static const char *const texts[] = { "",
                                       "0190a000",
                                       "0190a000-0000-7000-8000-00000000000",
                                       "0190a000-0000-7000-8000-0000000000011",
                                       "0190a00000000-7000-8000-000000000001",
                                       "0190a000-0000-7000-8000-00000000000g",
                                       "{0190a000-0000-7000-8000-00000000001}" };
  AssayId id = assay_id_derive ("kept", "", 0), kept = id;
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    assert_false (assay_id_parse (texts[i], &id));
  assert_true (assay_id_equal (&id, &kept));
  assert_true (assay_id_parse ("0190A000-0000-7000-8000-00000000ABCD", &id));
  g_autofree char *lower = assay_id_dup_text (&id);
  assert_string_equal (lower, "0190a000-0000-7000-8000-00000000abcd");
  assert_true (assay_id_is_nil (&ASSAY_ID_NIL));
  assert_false (assay_id_is_nil (&id));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (an_id_is_a_uuid_and_reads_back),
    cmocka_unit_test (later_ids_sort_later_and_none_comes_twice),
    cmocka_unit_test (what_is_derived_is_the_same_on_every_machine),
    cmocka_unit_test (other_texts_are_no_ids),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
