/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/scope.h"

#include "core/error.h"
#include "core/flag.h"
#include "core/json.h"
#include "core/kind.h"

#include <string.h>

struct _AssayScope
{
  AssayMediaKind media;
  char **prefixes, **sequences; /* (nullable) */
  int range;                    /* AssayRangeKind, -1 = any */
  gboolean is_empty;            /* sound asked of a task for pictures, or the other way round */
  GHashTable *flagged;          /* (nullable) of AssayId */
};

static const json_t *
limits_of (const AssayTask *task)
{
  return json_object_get (task->rules, "items");
}

/* A word or a list of words; NULL when it is neither. */
static char **
dup_words (const json_t *value)
{
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
  gsize i;
  const json_t *one;
  if (json_is_string (value))
    g_strv_builder_add (words, json_string_value (value));
  else if (!json_is_array (value) || json_array_size (value) == 0)
    return NULL;
  json_array_foreach (value, i, one)
  {
    if (!json_is_string (one))
      return NULL;
    g_strv_builder_add (words, json_string_value (one));
  }
  return g_strv_builder_end (words);
}

static gboolean
is_media (const char *word)
{
  return g_strcmp0 (word, "picture") == 0 || g_strcmp0 (word, "film") == 0 || g_strcmp0 (word, "sound") == 0;
}

static gboolean
check_key (const char *key, const json_t *value)
{
  if (g_str_equal (key, "prefix") || g_str_equal (key, "sequence"))
    {
      g_auto (GStrv) words = dup_words (value);
      return words != NULL;
    }
  if (g_str_equal (key, "flag"))
    return json_is_string (value) && g_strv_contains (assay_flag_names (), json_string_value (value));
  return g_str_equal (key, "media") && is_media (json_string_value (value));
}

gboolean
assay_scope_check (const json_t *rules, GError **error)
{
  json_t *limits = json_object_get (rules, "items"), *value;
  const char *key;
  if (limits != NULL && !json_is_object (limits))
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
                           "reading the rules: \"items\" must be an object; write {\"prefix\": \"left/\"}");
      return FALSE;
    }
  json_object_foreach (limits, key, value)
  {
    if (check_key (key, value))
      continue;
    g_set_error (
        error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
        "reading the rules: \"%s\" of \"items\" is not understood; write \"prefix\" or \"sequence\" with a name"
        " or a list of names, \"flag\" with a flag, \"media\" with picture, film or sound",
        key);
    return FALSE;
  }
  return TRUE;
}

gboolean
assay_scope_is_limited (const AssayTask *task)
{
  return json_object_size (limits_of (task)) > 0;
}

AssayMediaKind
assay_scope_get_media (const AssayTask *task)
{
  gboolean sound = g_strcmp0 (assay_json_get_string (limits_of (task), "media"), "sound") == 0;
  return task->kind->any_media && sound ? ASSAY_MEDIA_SOUND : task->kind->media;
}

/* A range of names, so that the index over them serves. The end of a range: no UTF-8 text has bytes as high as
 * this. */
static void
add_prefixes (GString *sql, char **prefixes)
{
  for (guint i = 0; prefixes[i] != NULL; i++)
    {
      g_string_append (sql, i == 0 ? " AND (" : " OR ");
      g_string_append (sql, "(item.name >= ");
      assay_sql_append_text (sql, prefixes[i]);
      g_string_append (sql, " AND item.name < ");
      assay_sql_append_text (sql, prefixes[i]);
      g_string_append (sql, " || CAST (x'ff' AS TEXT))");
    }
  g_string_append_c (sql, ')');
}

static void
add_sequences (GString *sql, char **sequences)
{
  for (guint i = 0; sequences[i] != NULL; i++)
    {
      g_string_append (sql, i == 0 ? " AND item.sequence IN (" : ", ");
      assay_sql_append_text (sql, sequences[i]);
    }
  g_string_append_c (sql, ')');
}

char *
assay_scope_dup_sql (const AssayTask *task)
{
  const json_t *limits = limits_of (task);
  g_auto (GStrv) prefixes = dup_words (json_object_get (limits, "prefix"));
  g_auto (GStrv) sequences = dup_words (json_object_get (limits, "sequence"));
  const char *flag = assay_json_get_string (limits, "flag"), *media = assay_json_get_string (limits, "media");
  GString *sql = g_string_new (NULL);
  g_string_append_printf (sql, "item.media_kind = '%s'", assay_media_kind_to_text (assay_scope_get_media (task)));
  if (prefixes != NULL)
    add_prefixes (sql, prefixes);
  if (sequences != NULL)
    add_sequences (sql, sequences);
  if (g_strcmp0 (media, "sound") == 0)
    g_string_append (sql, " AND item.media_kind = 'sound'");
  else if (is_media (media))
    g_string_append_printf (sql, " AND item.media_kind = 'picture' AND item.range = '%s'",
                            g_str_equal (media, "film") ? "frame" : "whole");
  if (flag != NULL)
    {
      g_string_append (sql, " AND item.row IN (SELECT f.item FROM item_flag AS f WHERE f.flag = ");
      assay_sql_append_text (sql, flag);
      g_string_append (sql, " AND " ASSAY_FLAG_STANDS ")");
    }
  return g_string_free (sql, FALSE);
}

gboolean
assay_scope_count (AssayStore *store, const AssayTask *task, gint64 *ret_n, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autofree char *within = assay_scope_dup_sql (task);
  g_autofree char *sql = g_strdup_printf (
      "SELECT count(*) FROM item WHERE %s AND item.row NOT IN (SELECT item FROM left_out WHERE everywhere = 1)",
      within);
  g_autoptr (GError) wrong = NULL;
  gboolean asked = assay_scope_is_limited (task)
                       ? assay_store_query (store, &rows, error, sql, "")
                       : assay_store_query (store, &rows, error,
                                            "SELECT n FROM tally WHERE task = 0 AND annotator = 0 AND state = ?"
                                            " AND class = x''",
                                            "t", assay_media_kind_to_text (assay_scope_get_media (task)));
  if (!asked)
    return FALSE;
  gint64 n = assay_rows_next (&rows, &wrong) ? assay_rows_get_int (&rows, 0) : 0;
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return FALSE;
    }
  *ret_n = n;
  return TRUE;
}

static gboolean
read_flagged (AssayScope *scope, AssayStore *store, const char *flag, GError **error)
{
  g_autoptr (GArray) rows = assay_flag_list_items (store, flag, error);
  scope->flagged = g_hash_table_new_full (assay_id_hash, assay_id_hash_equal, g_free, NULL);
  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      g_autoptr (AssayItem) item = assay_item_get_row (store, g_array_index (rows, gint64, i), error);
      if (item == NULL)
        return FALSE;
      g_hash_table_add (scope->flagged, g_memdup2 (&item->id, sizeof item->id));
    }
  return rows != NULL;
}

AssayScope *
assay_scope_new (AssayStore *store, const AssayTask *task, GError **error)
{
  const json_t *limits = limits_of (task);
  const char *flag = assay_json_get_string (limits, "flag"), *media = assay_json_get_string (limits, "media");
  g_autoptr (AssayScope) scope = g_new0 (AssayScope, 1);
  scope->media = assay_scope_get_media (task);
  scope->prefixes = dup_words (json_object_get (limits, "prefix"));
  scope->sequences = dup_words (json_object_get (limits, "sequence"));
  scope->range = -1;
  if (g_strcmp0 (media, "film") == 0)
    scope->range = ASSAY_RANGE_FRAME;
  else if (g_strcmp0 (media, "picture") == 0)
    scope->range = ASSAY_RANGE_WHOLE;
  scope->is_empty = is_media (media) && (g_strcmp0 (media, "sound") == 0) != (scope->media == ASSAY_MEDIA_SOUND);
  if (flag != NULL && !read_flagged (scope, store, flag, error))
    return NULL;
  return g_steal_pointer (&scope);
}

void
assay_scope_free (AssayScope *scope)
{
  if (scope == NULL)
    return;
  g_strfreev (scope->prefixes);
  g_strfreev (scope->sequences);
  g_clear_pointer (&scope->flagged, g_hash_table_unref);
  g_free (scope);
}

static gboolean
has_prefix (char **prefixes, const char *name)
{
  for (guint i = 0; prefixes[i] != NULL; i++)
    if (g_str_has_prefix (name, prefixes[i]))
      return TRUE;
  return FALSE;
}

gboolean
assay_scope_has (const AssayScope *scope, const AssayItem *item)
{
  return !scope->is_empty && item->media_kind == scope->media
         && (scope->prefixes == NULL || has_prefix (scope->prefixes, item->name))
         && (scope->sequences == NULL
             || (item->sequence != NULL
                 && g_strv_contains ((const char *const *) scope->sequences, item->sequence)))
         && (scope->range < 0 || (int) item->range == scope->range)
         && (scope->flagged == NULL || g_hash_table_contains (scope->flagged, &item->id));
}
