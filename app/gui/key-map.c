/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/key-map.h"

#include <string.h>

typedef struct
{
  char *keys;
  GArray *accels; /* of AssayAccel, what `keys` says */
} Row;

struct _AssayKeyMap
{
  const AssayKey *table;
  Row *rows; /* one a row of the table */
  guint n;
};

static GArray *
parse (const char *keys)
{
  GArray *accels = g_array_new (FALSE, FALSE, sizeof (AssayAccel));
  g_auto (GStrv) alternatives = g_strsplit (keys, "|", -1);
  for (guint i = 0; alternatives[i] != NULL; i++)
    {
      AssayAccel accel;
      if (assay_accel_parse (alternatives[i], &accel))
        g_array_append_val (accels, accel);
    }
  return accels;
}

static void
set (Row *row, const char *keys)
{
  char *copy = g_strdup (keys);
  g_free (row->keys);
  g_clear_pointer (&row->accels, g_array_unref);
  row->keys = copy;
  row->accels = parse (copy);
}

static Row *
row_of (const AssayKeyMap *map, const AssayKey *key)
{
  return &map->rows[key - map->table];
}

static int
find_in (const GArray *accels, const AssayAccel *accel)
{
  for (guint i = 0; i < accels->len; i++)
    if (assay_accel_equal (&g_array_index (accels, AssayAccel, i), accel))
      return (int) i;
  return -1;
}

AssayKeyMap *
assay_key_map_new (void)
{
  AssayKeyMap *map = g_new0 (AssayKeyMap, 1);
  map->table = assay_keys_list (&map->n);
  map->rows = g_new0 (Row, map->n);
  for (guint i = 0; i < map->n; i++)
    set (&map->rows[i], map->table[i].keys);
  return map;
}

void
assay_key_map_free (AssayKeyMap *map)
{
  if (map == NULL)
    return;
  for (guint i = 0; i < map->n; i++)
    {
      g_free (map->rows[i].keys);
      g_array_unref (map->rows[i].accels);
    }
  g_free (map->rows);
  g_free (map);
}

const char *
assay_key_map_get (const AssayKeyMap *map, const AssayKey *key)
{
  return row_of (map, key)->keys;
}

gboolean
assay_key_map_is_changed (const AssayKeyMap *map, const AssayKey *key)
{
  return !g_str_equal (assay_key_map_get (map, key), key->keys);
}

const AssayKey *
assay_key_map_find_conflict (const AssayKeyMap *map, const AssayKey *key, const AssayAccel *accel)
{
  for (guint i = 0; i < map->n; i++)
    if (&map->table[i] != key && (map->table[i].pages & key->pages) != 0
        && find_in (map->rows[i].accels, accel) >= 0)
      return &map->table[i];
  return NULL;
}

static void
take_away (AssayKeyMap *map, const AssayKey *key, const AssayAccel *accel)
{
  g_auto (GStrv) had = g_strsplit (assay_key_map_get (map, key), "|", -1);
  g_autoptr (GString) left = g_string_new (NULL);
  for (guint i = 0; had[i] != NULL; i++)
    {
      AssayAccel one;
      if (assay_accel_parse (had[i], &one) && !assay_accel_equal (&one, accel))
        g_string_append_printf (left, "%s%s", left->len > 0 ? "|" : "", had[i]);
    }
  set (row_of (map, key), left->str);
}

static void
free_for (AssayKeyMap *map, const AssayKey *key, const AssayAccel *accel)
{
  const AssayKey *other;
  while ((other = assay_key_map_find_conflict (map, key, accel)) != NULL)
    take_away (map, other, accel);
}

void
assay_key_map_give (AssayKeyMap *map, const AssayKey *key, const AssayAccel *accel, gboolean alone)
{
  Row *row = row_of (map, key);
  g_autofree char *text = assay_accel_dup_text (accel);
  free_for (map, key, accel);
  if (alone || *row->keys == '\0')
    set (row, text);
  else if (find_in (row->accels, accel) < 0)
    {
      g_autofree char *both = g_strconcat (row->keys, "|", text, NULL);
      set (row, both);
    }
}

void
assay_key_map_clear (AssayKeyMap *map, const AssayKey *key)
{
  set (row_of (map, key), "");
}

void
assay_key_map_reset (AssayKeyMap *map, const AssayKey *key)
{
  for (guint i = 0; key == NULL && i < map->n; i++)
    set (&map->rows[i], map->table[i].keys);
  if (key == NULL)
    return;
  Row *row = row_of (map, key);
  set (row, key->keys);
  for (guint i = 0; i < row->accels->len; i++)
    free_for (map, key, &g_array_index (row->accels, AssayAccel, i));
}

void
assay_key_map_load (AssayKeyMap *map, GKeyFile *file)
{
  g_autoptr (GPtrArray) changed = g_ptr_array_new ();
  for (guint i = 0; i < map->n; i++)
    {
      g_autofree char *id = assay_key_dup_id (&map->table[i]);
      g_autofree char *keys = g_key_file_get_string (file, ASSAY_KEY_MAP_GROUP, id, NULL);
      if (keys == NULL)
        continue;
      set (&map->rows[i], keys);
      g_ptr_array_add (changed, (gpointer) &map->table[i]);
    }
  /* By hand, or by another version, one key may have got two meanings: then the table's own row keeps it. */
  for (guint c = 0; c < changed->len; c++)
    {
      Row *row = row_of (map, changed->pdata[c]);
      for (guint i = row->accels->len; i-- > 0;)
        {
          AssayAccel accel = g_array_index (row->accels, AssayAccel, i);
          if (assay_key_map_find_conflict (map, changed->pdata[c], &accel) != NULL)
            take_away (map, changed->pdata[c], &accel);
        }
      if (row->accels->len == 0 && *row->keys != '\0')
        set (row, "");
    }
}

void
assay_key_map_save (const AssayKeyMap *map, GKeyFile *file)
{
  g_key_file_remove_group (file, ASSAY_KEY_MAP_GROUP, NULL);
  for (guint i = 0; i < map->n; i++)
    {
      g_autofree char *id = assay_key_dup_id (&map->table[i]);
      if (assay_key_map_is_changed (map, &map->table[i]))
        g_key_file_set_string (file, ASSAY_KEY_MAP_GROUP, id, map->rows[i].keys);
    }
}

static const AssayKey *
find (const AssayKeyMap *map, AssayKeysPages pages, const AssayAccel *accel)
{
  for (guint i = 0; i < map->n; i++)
    if ((map->table[i].pages == ASSAY_KEYS_EVERYWHERE ? pages != ASSAY_KEYS_READING
                                                      : (map->table[i].pages & pages) != 0)
        && find_in (map->rows[i].accels, accel) >= 0)
      return &map->table[i];
  return NULL;
}

const AssayKey *
assay_key_map_find (const AssayKeyMap *map, AssayKeysPages pages, const AssayKeyPress *press)
{
  for (guint i = 0; i < press->n; i++)
    {
      const AssayKey *key = find (map, pages, &press->accels[i]);
      if (key != NULL)
        return key;
    }
  return NULL;
}

gboolean
assay_key_map_translate (const AssayKeyMap *map, AssayKeysPages pages, const AssayKeyPress *press,
                         AssayAccel *ret_accel)
{
  const AssayKey *key = assay_key_map_find (map, pages, press);
  if (press->n == 0)
    return FALSE;
  *ret_accel = press->accels[0];
  if (key == NULL)
    {
      for (guint i = 0; i < map->n; i++)
        {
          g_autoptr (GArray) was = parse (map->table[i].keys);
          if ((map->table[i].pages & pages) != 0 && find_in (was, &press->accels[0]) >= 0)
            return FALSE;
        }
      return TRUE;
    }
  g_autoptr (GArray) named = parse (key->keys);
  for (guint i = 0; i < press->n; i++)
    if (find_in (named, &press->accels[i]) >= 0)
      {
        *ret_accel = press->accels[i];
        return TRUE;
      }
  *ret_accel = g_array_index (named, AssayAccel, 0);
  return TRUE;
}

char *
assay_key_map_dup_label (const AssayKeyMap *map, const char *action, const char *target)
{
  for (guint i = 0; i < map->n; i++)
    if (g_strcmp0 (map->table[i].action, action) == 0 && g_strcmp0 (map->table[i].target, target) == 0)
      {
        const GArray *accels = map->rows[i].accels;
        const AssayAccel *first = &g_array_index (accels, AssayAccel, 0);
        return accels->len > 0 ? gtk_accelerator_get_label (first->keyval, first->mods) : NULL;
      }
  return NULL;
}
