/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/little.h - numbers in files, least byte first, wherever they lie. */
#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

static inline guint32
assay_little_get32 (const guint8 *from)
{
  guint32 value;
  memcpy (&value, from, sizeof value);
  return GUINT32_FROM_LE (value);
}

static inline guint64
assay_little_get64 (const guint8 *from)
{
  guint64 value;
  memcpy (&value, from, sizeof value);
  return GUINT64_FROM_LE (value);
}

G_END_DECLS
