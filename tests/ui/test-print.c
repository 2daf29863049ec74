/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A receipt as PDF, which needs neither window nor printer. */
#include "app/gui/receipt-print.h"
#include "core/error.h"

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Of a camera that lost a frame at so many places, each of them a line. */
static AssayReceipt *
make_receipt (guint n_gaps)
{
  AssayReceipt *receipt = g_new0 (AssayReceipt, 1);
  json_t *gaps = json_array ();
  for (guint i = 0; i < n_gaps; i++)
    json_array_append_new (
        gaps, json_pack ("{s:I, s:i, s:s}", "at_ns", (json_int_t) i * 1000000000, "missing", 1, "how", "sequence"));
  receipt->document = json_pack ("{s:s, s:[{s:s, s:s, s:i, s:i, s:o}]}", "name", "mug", "sensors", "name", "left",
                                 "kind", "camera", "lost", (int) n_gaps, "files", 1, "gaps", gaps);
  assay_receipt_add_words (receipt);
  return receipt;
}

static guint
count_pages (const char *path)
{
  g_autofree char *bytes = NULL;
  gsize n = 0;
  guint pages = 0;
  assert_true (g_file_get_contents (path, &bytes, &n, NULL));
  assert_true (n > 8 && memcmp (bytes, "%PDF-", 5) == 0);
  const char *end = bytes + n, *at = bytes;
  while ((at = memmem (at, (gsize) (end - at), "/Type /Page", 11)) != NULL)
    pages += *(at += 11) != 's'; /* "/Pages" is their list */
  return pages;
}

static void
receipt_is_as_many_pages_as_it_takes_and_replaces_the_old_one_whole (void **state)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("assay-print-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "receipt.pdf", NULL);
  g_autoptr (AssayReceipt) brief = make_receipt (0);
  g_autoptr (AssayReceipt) much = make_receipt (150);
  assert_true (assay_receipt_print_pdf (brief, path, NULL, &error));
  assert_int_equal (count_pages (path), 1);
  assert_true (assay_receipt_print_pdf (much, path, NULL, &error));
  assert_in_range (count_pages (path), 2, 6);
  assert_int_equal (g_unlink (path), 0);
  assert_int_equal (g_rmdir (folder), 0); /* nothing else lies there */
}

static void
place_that_cannot_be_written_is_told (void **state)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayReceipt) receipt = make_receipt (1);
  assert_false (assay_receipt_print_pdf (receipt, "/nowhere/at/all/receipt.pdf", NULL, &error));
  assert_true (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_IO));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (receipt_is_as_many_pages_as_it_takes_and_replaces_the_old_one_whole),
    cmocka_unit_test (place_that_cannot_be_written_is_told),
  };
  return cmocka_run_group_tests_name ("print", tests, NULL, NULL);
}
