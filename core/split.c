/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/version.h"

#include <string.h>

const char *
assay_split_to_text (AssaySplit split)
{
  static const char *const texts[] = { "train", "val", "test" };
  return texts[split];
}

AssaySplit
assay_split_of (const guint8 salt[16], const char *group, double val, double test)
{
  AssaySha256 hash = assay_sha256_hmac (salt, 16, group, strlen (group));
  guint64 high = 0;
  for (guint i = 0; i < 8; i++)
    high = high << 8 | hash.bytes[i];
  double u = (double) high / 18446744073709551616.0; /* 2^64 */
  return u < val ? ASSAY_SPLIT_VAL : u >= 1 - test ? ASSAY_SPLIT_TEST : ASSAY_SPLIT_TRAIN;
}
