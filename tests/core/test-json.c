/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "core/json.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static json_t *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  json_t *json = assay_json_parse (text, strlen (text), "text", &error);
  assert_null (error);
  return json;
}

static void
check_canonical (const char *text, const char *wanted)
{
  g_autoptr (json_t) json = parse (text);
  g_autofree char *got = assay_json_canonical (json);
  assert_string_equal (got, wanted);
}

static void
one_value_has_one_text (void **state)
{
  check_canonical (" { \"b\" : [ 1 , 2.50, 1e2 ], \"a\" : { } } ", "{\"a\":{},\"b\":[1,2.5,100]}");
  check_canonical ("[\"\\u00e9\\u0001\\n\\/\\\"\"]", "[\"\xc3\xa9\\u0001\\n/\\\"\"]");
  check_canonical ("[true,false,null,-0.0,[]]", "[true,false,null,0,[]]");
  check_canonical ("{\"é\":1,\"z\":2,\"Z\":3}", "{\"Z\":3,\"z\":2,\"é\":1}");
}

static void
doubles_read_back_to_the_last_bit (void **state)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (2);
  for (guint round = 0; round < 20000; round++)
    {
      union
      {
        guint64 bits;
        double value;
      } x = { .bits = (guint64) g_rand_int (random) << 32 | g_rand_int (random) };
      char text[32];
      if (!isfinite (x.value))
        continue;
      assay_json_double (x.value, text);
      assert_true (strlen (text) < sizeof text);
      assert_true (g_ascii_strtod (text, NULL) == x.value);
    }
  char text[32];
  assert_string_equal (assay_json_double (0.1, text), "0.1");
  assert_string_equal (assay_json_double (1.0 / 3, text), "0.3333333333333333");
  assert_string_equal (assay_json_double (1e21, text), "1e+21");
  assert_string_equal (assay_json_double (NAN, text), "null");
  assert_string_equal (assay_json_double (-INFINITY, text), "null");
}

static void
the_locale_changes_no_byte (void **state)
{
  /* Only a locale that writes 0,25 could show it. */
  if (setlocale (LC_ALL, "de_DE.UTF-8") == NULL && setlocale (LC_ALL, "fr_FR.UTF-8") == NULL)
    {
      print_message ("# no locale with a decimal comma is installed: not run\n");
      return;
    }
  check_canonical ("[1234567.5,0.25]", "[1234567.5,0.25]");
  setlocale (LC_ALL, "C");
}

static void
people_see_the_order_in_which_it_was_written (void **state)
{
  g_autoptr (json_t) json = parse ("{\"b\":[1,2],\"a\":[{\"x\":1}],\"e\":{}}");
  g_autofree char *text = assay_json_pretty (json);
  assert_string_equal (text, "{\n  \"b\": [1, 2],\n  \"a\": [\n    {\n      \"x\": 1\n    }\n  ],\n  \"e\": {}\n}");
  g_autoptr (json_t) again = parse (text);
  assert_true (json_equal (json, again));
}

static void
mistakes_are_placed (void **state)
{
  g_autoptr (GError) error = NULL;
  const char *text = "{\"a\": 1,\n \"a\": 2}";
  assert_null (assay_json_parse (text, strlen (text), "notes.json", &error));
  assert_true (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA));
  assert_true (g_str_has_prefix (error->message, "reading notes.json: line 2, column "));
  g_clear_error (&error);
  assert_null (assay_json_load ("/nowhere/notes.json", &error));
  assert_true (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND));
}

static void
a_byte_order_mark_is_read_over (void **state)
{
  g_autofree char *path = NULL;
  g_close (g_file_open_tmp ("assay-json-XXXXXX", &path, NULL), NULL);
  assert_true (g_file_set_contents (path, "\xef\xbb\xbf{\"a\":1}", -1, NULL));
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) json = assay_json_load (path, &error);
  g_unlink (path);
  assert_null (error);
  assert_int_equal (json_integer_value (json_object_get (json, "a")), 1);
}

static void
fields_of_another_type_are_absent (void **state)
{
  g_autoptr (json_t) json
      = parse ("{\"n\":2.0,\"h\":2.5,\"s\":\"x\",\"t\":true,\"id\":\"0190a000-0000-7000-8000-000000000001\"}");
  gint64 whole = -1;
  double number = -1;
  AssayId id;
  assert_true (assay_json_get_int (json, "n", &whole) && whole == 2);
  assert_false (assay_json_get_int (json, "h", &whole));
  assert_false (assay_json_get_int (json, "s", &whole));
  assert_true (whole == 2);
  assert_true (assay_json_get_double (json, "h", &number) && number == 2.5);
  assert_false (assay_json_get_double (json, "absent", &number));
  assert_null (assay_json_get_string (json, "n"));
  assert_true (assay_json_get_bool (json, "t"));
  assert_false (assay_json_get_bool (json, "s"));
  assert_true (assay_json_get_id (json, "id", &id));
  assert_false (assay_json_get_id (json, "s", &id));
}

static void
arrays_of_numbers_are_taken_whole_or_not_at_all (void **state)
{
  g_autoptr (json_t) good = parse ("[1, 2.5]");
  g_autoptr (json_t) bad = parse ("[1, \"2\"]");
  double values[3] = { 7, 7, 7 };
  assert_false (assay_json_to_doubles (bad, values, 2));
  assert_false (assay_json_to_doubles (good, values, 3));
  assert_false (assay_json_to_doubles (NULL, values, 0));
  assert_true (values[0] == 7);
  assert_true (assay_json_to_doubles (good, values, 2));
  assert_true (values[0] == 1 && values[1] == 2.5 && values[2] == 7);
  g_autoptr (json_t) back = assay_json_from_doubles (values, 2);
  g_autofree char *text = assay_json_canonical (back);
  assert_string_equal (text, "[1,2.5]");
}

static void
a_key_too_many_is_found (void **state)
{
  g_autoptr (json_t) json = parse ("{\"a\":1,\"b\":2}");
  assert_null (assay_json_find_other_key (json, (const char *const[]){ "b", "a", "c", NULL }));
  assert_string_equal (assay_json_find_other_key (json, (const char *const[]){ "a", NULL }), "b");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (one_value_has_one_text),
    cmocka_unit_test (doubles_read_back_to_the_last_bit),
    cmocka_unit_test (the_locale_changes_no_byte),
    cmocka_unit_test (people_see_the_order_in_which_it_was_written),
    cmocka_unit_test (mistakes_are_placed),
    cmocka_unit_test (a_byte_order_mark_is_read_over),
    cmocka_unit_test (fields_of_another_type_are_absent),
    cmocka_unit_test (arrays_of_numbers_are_taken_whole_or_not_at_all),
    cmocka_unit_test (a_key_too_many_is_found),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
