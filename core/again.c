/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/again.h"

AssayId
assay_again_id (const AssayId *person)
{
  return assay_id_derive ("again", person->bytes, sizeof person->bytes);
}

AssayAnnotator *
assay_again_ensure (AssayStore *store, const AssayAnnotator *person, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (AssayAnnotator) again = g_new0 (AssayAnnotator, 1);
  again->id = assay_again_id (&person->id);
  again->kind = ASSAY_ANNOTATOR_AGAIN;
  again->name = g_strdup_printf ("%s (again)", person->name);
  if (!assay_store_run (store, NULL, error, "INSERT OR IGNORE INTO annotator (id, name, kind) VALUES (?, ?, ?)",
                        "Itt", &again->id, again->name, assay_annotator_kind_to_text (again->kind))
      || !assay_store_query (store, &rows, error, "SELECT row FROM annotator WHERE id = ?", "I", &again->id)
      || !assay_rows_next (&rows, error))
    return NULL;
  again->row = assay_rows_get_int (&rows, 0);
  return g_steal_pointer (&again);
}
