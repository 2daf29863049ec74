/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "core/json-reader.h"
#include "core/json.h"

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static AssayJsonReader *
reader_of (const char *text)
{
  g_autoptr (GError) error = NULL;
  AssayJsonReader *reader = assay_json_reader_new (text, strlen (text), "x.json", &error);
  assert_null (error);
  return reader;
}

/* What a whole text says: NULL when it is right, else the message. */
static char *
complaint (const char *text, gsize n_bytes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayJsonReader) reader = assay_json_reader_new (text, n_bytes, "x.json", &error);
  if (reader != NULL && assay_json_reader_skip (reader, &error) && assay_json_reader_finish (reader, &error))
    return NULL;
  assert_non_null (error);
  return g_strdup (error->message);
}

static void
elements_are_taken_whole_or_skipped (void **state)
{
  g_autoptr (AssayJsonReader) reader = reader_of ("{\"info\": {\"deep\": [1, [2, {\"a\": null}]]}, \"list\": "
                                                  "[{\"n\": 1}, [2.5], \"three\", -4e1], \"end\": true}");
  const char *key = NULL;
  assert_true (assay_json_reader_enter (reader, '{', NULL));
  assert_true (assay_json_reader_next_key (reader, &key, NULL));
  assert_string_equal (key, "info");
  assert_true (assay_json_reader_skip (reader, NULL));
  assert_true (assay_json_reader_next_key (reader, &key, NULL));
  assert_string_equal (key, "list");
  assert_int_equal (assay_json_reader_peek (reader), '[');
  assert_true (assay_json_reader_enter (reader, '[', NULL));
  const char *wanted[] = { "{\"n\":1}", "[2.5]", "\"three\"", "-40" };
  gboolean more = FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      g_autoptr (json_t) json = NULL;
      assert_true (assay_json_reader_next_element (reader, &more, NULL) && more);
      assert_true (assay_json_reader_read (reader, 100, &json, NULL));
      g_autofree char *text = assay_json_canonical (json);
      assert_string_equal (text, wanted[i]);
    }
  assert_true (assay_json_reader_next_element (reader, &more, NULL));
  assert_false (more);
  assert_true (assay_json_reader_next_key (reader, &key, NULL));
  assert_string_equal (key, "end");
  assert_true (assay_json_reader_skip (reader, NULL));
  assert_true (assay_json_reader_next_key (reader, &key, NULL));
  assert_null (key);
  assert_true (assay_json_reader_finish (reader, NULL));
}

static void
wrong_grammar_is_refused_with_line_and_column (void **state)
{
  const struct
  {
    const char *text, *says;
  } cases[] = {
    { "{\n  \"a\": 1,\n  \"b\" 2\n}", "line 3, column 7" },
    { "[1, 2", "line 1, column 6: the file ends" },
    { "[\"\xc3\xa9\xc3\xa9\" 1]", "line 1, column 7" }, /* columns count characters */
    { "[1,]", "where a value should be" },
    { "{\"a\":1,}", "where a string should be" },
    { "[01]", "found '1'" },
    { "[1.]", "a digit" },
    { "[\"a\nb\"]", "the end of a string" },
    { "[\"\\x\"]", "after a backslash" },
    { "[\"\\u12g4\"]", "hexadecimal" },
    { "[tru]", "true" },
    { "[] []", "the end of the file" },
    { "", "the file ends where a value should be" },
    { "[\"\xc0\xaf\"]", "not UTF-8" },
    { "[\"\xed\xa0\x80\"]", "cut short" },
    { "[\"\xf5\x80\x80\x80\"]", "not UTF-8" },
    { "[\"\xe2\x82\"]", "cut short" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *said = complaint (cases[i].text, strlen (cases[i].text));
      assert_non_null (said);
      if (strstr (said, cases[i].says) == NULL)
        fail_msg ("case %u: \"%s\" lacks \"%s\"", i, said, cases[i].says);
    }
  g_autofree char *wide = complaint ("\xff\xfe{\0}\0", 6);
  assert_non_null (strstr (wide, "UTF-16"));
  assert_null (complaint ("\xef\xbb\xbf[1, -0.5E+3, \"\xf0\x9f\x98\x80\", {}, []]",
                          strlen ("\xef\xbb\xbf[1, -0.5E+3, \"\xf0\x9f\x98\x80\", {}, []]")));
}

static void
nesting_has_a_limit_however_it_is_read (void **state)
{
  g_autofree char *text = g_malloc0 (1000001);
  memset (text, '[', 1000000);
  g_autofree char *said = complaint (text, 1000000);
  assert_non_null (strstr (said, "nesting"));
  g_autoptr (AssayJsonReader) reader = reader_of (text);
  g_autoptr (GError) error = NULL;
  guint entered = 0;
  for (gboolean more; assay_json_reader_enter (reader, '[', &error); entered++)
    assert_true (assay_json_reader_next_element (reader, &more, NULL));
  assert_int_equal (entered, ASSAY_JSON_MAX_DEPTH);
  assert_true (assay_json_reader_is_broken (reader));
}

/* A wrong value is left behind whole; the next ones are read. */
static void
values_that_cannot_be_held_do_not_stop_the_next (void **state)
{
  g_autoptr (AssayJsonReader) reader = reader_of ("[[1,2,3,4,5,6,7,8,9,10,11,12], {\"a\":1e999}, \"\\ud800\", "
                                                  "99999999999999999999, [NaN, -Infinity, Infinity], -7]");
  assert_true (assay_json_reader_enter (reader, '[', NULL));
  gboolean more = FALSE;
  g_autoptr (json_t) json = NULL;
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (GError) error = NULL;
      assert_true (assay_json_reader_next_element (reader, &more, NULL) && more);
      assert_false (assay_json_reader_read (reader, 24, &json, &error));
      assert_int_equal (error->code, ASSAY_ERROR_BAD_DATA);
      assert_false (assay_json_reader_is_broken (reader));
    }
  assert_true (assay_json_reader_next_element (reader, &more, NULL));
  assert_true (assay_json_reader_read (reader, 24, &json, NULL));
  g_autofree char *text = assay_json_canonical (json);
  assert_string_equal (text, "[null,null,null]");
  json_decref (g_steal_pointer (&json));
  assert_true (assay_json_reader_next_element (reader, &more, NULL));
  assert_true (assay_json_reader_read (reader, 24, &json, NULL));
  assert_int_equal (json_integer_value (json), -7);
}

/* 300,000 elements, so every kind of token crosses the edge of a buffer somewhere; then each is fetched again. */
static void
a_large_file_is_read_and_revisited_in_place (void **state)
{
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("assay-json-XXXXXX", &path, NULL);
  assert_true (fd >= 0);
  close (fd);
  enum
  {
    N = 300000
  };
  FILE *file = fopen (path, "w");
  fputs ("{\"other\": \"\xc3\xa4\", \"annotations\": [\n", file);
  for (guint i = 0; i < N; i++)
    fprintf (file, "%s {\"id\": %u, \"name\": \"\xe2\x82\xac \\u00e9 %u\", \"v\": [%u.5, true, null]}\n",
             i > 0 ? "," : "", i, i, i);
  fputs ("]}", file);
  fclose (file);

  g_autoptr (GError) error = NULL;
  g_autoptr (AssayJsonReader) reader = assay_json_reader_open (path, &error);
  assert_null (error);
  const char *key = NULL;
  gboolean more = FALSE;
  guint64 starts[3] = { 0 }, ends[3] = { 0 };
  guint at = 0;
  assert_true (assay_json_reader_enter (reader, '{', &error));
  assert_true (assay_json_reader_next_key (reader, &key, &error));
  assert_true (assay_json_reader_skip (reader, &error));
  assert_true (assay_json_reader_next_key (reader, &key, &error));
  assert_true (assay_json_reader_enter (reader, '[', &error));
  for (; assay_json_reader_next_element (reader, &more, &error) && more; at++)
    {
      g_autoptr (json_t) json = NULL;
      guint64 start = assay_json_reader_get_start (reader);
      assert_true (assay_json_reader_read (reader, 1000, &json, &error));
      assert_int_equal (json_integer_value (json_object_get (json, "id")), at);
      if (at % (N / 3) == 7)
        {
          starts[at / (N / 3)] = start;
          ends[at / (N / 3)] = assay_json_reader_get_offset (reader);
        }
    }
  assert_null (error);
  assert_int_equal (at, N);
  for (int i = 2; i >= 0; i--)
    {
      g_autoptr (json_t) json = assay_json_reader_read_at (reader, starts[i], ends[i] - starts[i], 0, &error);
      assert_null (error);
      assert_int_equal (json_integer_value (json_object_get (json, "id")), i * (N / 3) + 7);
    }
  assert_true (assay_json_reader_next_key (reader, &key, &error) && key == NULL);
  assert_true (assay_json_reader_finish (reader, &error));
  g_unlink (path);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (elements_are_taken_whole_or_skipped),
    cmocka_unit_test (wrong_grammar_is_refused_with_line_and_column),
    cmocka_unit_test (nesting_has_a_limit_however_it_is_read),
    cmocka_unit_test (values_that_cannot_be_held_do_not_stop_the_next),
    cmocka_unit_test (a_large_file_is_read_and_revisited_in_place),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
