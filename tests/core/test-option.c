/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "core/option.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const char *const colours[] = { "red", "green", NULL };
static const AssayOption declared[] = {
  { .name = "strict", .type = ASSAY_OPTION_BOOL, .default_text = "false", .help = "stop at the first loss" },
  { .name = "count",
    .type = ASSAY_OPTION_INT,
    .default_text = "3",
    .minimum = 1,
    .maximum = 10,
    .help = "how many" },
  { .name = "level",
    .type = ASSAY_OPTION_DOUBLE,
    .default_text = "0.5",
    .minimum = 0,
    .maximum = 1,
    .help = "share" },
  { .name = "name", .type = ASSAY_OPTION_STRING, .help = "any text" },
  { .name = "colour", .type = ASSAY_OPTION_CHOICE, .default_text = "red", .choices = colours, .help = "which" },
  { NULL },
};

static void
defaults_stand_until_something_is_set (void **state)
{
  g_autoptr (AssayOptions) options = assay_options_new (declared);
  assert_false (assay_options_get_bool (options, "strict"));
  assert_int_equal (assay_options_get_int (options, "count"), 3);
  assert_null (assay_options_get_string (options, "name"));
  g_autoptr (GError) error = NULL;
  assert_true (assay_options_set (options, "strict", "true", &error));
  assert_true (assay_options_set (options, "level", "0.25", &error));
  assert_true (assay_options_set (options, "name", "a=b,c", &error));
  assert_true (assay_options_set (options, "colour", "green", &error));
  assert_true (assay_options_get_bool (options, "strict"));
  assert_true (assay_options_get_double (options, "level") == 0.25);
  g_autofree char *text = assay_options_dup_text (options);
  assert_string_equal (text, "strict=true,count=3,level=0.25,name=a=b,c,colour=green");
}

static void
check_refused (const char *name, const char *text, const char *wanted)
{
  g_autoptr (AssayOptions) options = assay_options_new (declared);
  g_autofree char *before = assay_options_dup_text (options);
  g_autoptr (GError) error = NULL;
  assert_false (assay_options_set (options, name, text, &error));
  assert_true (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_USAGE));
  if (strstr (error->message, wanted) == NULL)
    fail_msg ("\"%s\" does not say \"%s\"", error->message, wanted);
  g_autofree char *after = assay_options_dup_text (options);
  assert_string_equal (before, after);
}

static void
what_was_not_declared_is_refused_by_name (void **state)
{
  check_refused ("cuont", "3", "option cuont: there is no such option");
  check_refused ("count", "0", "0 is outside 1 to 10; how many");
  check_refused ("count", "2.5", "\"2.5\" is not a whole number");
  check_refused ("count", "3x", "\"3x\" is not a whole number");
  check_refused ("count", "", "is not a whole number");
  check_refused ("level", "nan", "is not a number");
  check_refused ("level", "0,5", "is not a number");
  check_refused ("strict", "yes", "neither true nor false");
  check_refused ("colour", "blue", "\"blue\" is none of red, green");
}

static void
none_declared_is_no_option_at_all (void **state)
{
  g_autoptr (AssayOptions) options = assay_options_new (NULL);
  g_autofree char *text = assay_options_dup_text (options);
  assert_string_equal (text, "");
  assert_false (assay_options_set (options, "x", "1", NULL));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (defaults_stand_until_something_is_set),
    cmocka_unit_test (what_was_not_declared_is_refused_by_name),
    cmocka_unit_test (none_declared_is_no_option_at_all),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
