/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/apart.h"

#include "core/flag.h"
#include "core/proposal.h"

static const struct
{
  const char *text, *words;
} whys[ASSAY_APART_N] = {
  [ASSAY_APART_DRAFTED] = { "drafted", "answers that began as a program's draft" },
  [ASSAY_APART_HARD] = { "hard", "items flagged hard, or to be discussed" },
  [ASSAY_APART_MINED] = { "mined", "items chosen for a model's mistakes" },
  [ASSAY_APART_MODEL] = { "model", "answers of models" },
};

static const struct
{
  const char *flag;
  AssayApartWhy why;
} flags[] = {
  { ASSAY_FLAG_HARD, ASSAY_APART_HARD },
  { ASSAY_FLAG_DISCUSS, ASSAY_APART_HARD },
  { ASSAY_FLAG_MINED, ASSAY_APART_MINED },
};

struct _AssayApart
{
  GHashTable *items; /* row (gint64, owned) to bits */
};

const char *
assay_apart_to_text (AssayApartWhy why)
{
  return whys[why].text;
}

const char *
assay_apart_to_words (AssayApartWhy why)
{
  return whys[why].words;
}

AssayApart *
assay_apart_new (AssayStore *store, GError **error)
{
  g_autoptr (AssayApart) apart = g_new0 (AssayApart, 1);
  apart->items = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
    {
      g_autoptr (GArray) rows = assay_flag_list_items (store, flags[i].flag, error);
      if (rows == NULL)
        return NULL;
      for (guint k = 0; k < rows->len; k++)
        {
          gint64 row = g_array_index (rows, gint64, k);
          guint bits = assay_apart_of_item (apart, row) | 1u << flags[i].why;
          g_hash_table_insert (apart->items, g_memdup2 (&row, sizeof row), GUINT_TO_POINTER (bits));
        }
    }
  return g_steal_pointer (&apart);
}

void
assay_apart_free (AssayApart *apart)
{
  if (apart == NULL)
    return;
  g_hash_table_unref (apart->items);
  g_free (apart);
}

guint
assay_apart_of_item (const AssayApart *apart, gint64 item_row)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (apart->items, &item_row));
}

guint
assay_apart_of_answer (const AssayLabel *label, const AssayAnnotator *annotator)
{
  guint bits = annotator->kind == ASSAY_ANNOTATOR_MODEL ? 1u << ASSAY_APART_MODEL : 0;
  for (guint i = 0; i < label->objects->list->len; i++)
    if (assay_object_get_assisted (label->objects->list->pdata[i]) != NULL)
      return bits | 1u << ASSAY_APART_DRAFTED;
  /* A tool that helped the hand, such as grabcut, is no draft. */
  gboolean drafted = label->assisted != NULL && g_strcmp0 (label->assisted, label->tool) != 0;
  return drafted ? bits | 1u << ASSAY_APART_DRAFTED : bits;
}
