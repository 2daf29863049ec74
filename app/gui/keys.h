/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/keys.h - every key of the window, in one table, as it is unless somebody changes it (app/gui/key-map.h): the
 * shortcuts, the list of keys and the tools' own come from it, and a test holds that no key has two meanings on one
 * page. Any thread. */
#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  ASSAY_KEYS_CAPTURE = 1 << 0,
  ASSAY_KEYS_ANNOTATE = 1 << 1,
  ASSAY_KEYS_REVIEW = 1 << 2,
  ASSAY_KEYS_DATASET = 1 << 3,
  ASSAY_KEYS_EVERYWHERE = 0xf,
  ASSAY_KEYS_READING = 1 << 4, /* over the window; "everywhere" is not there */
} AssayKeysPages;

typedef struct
{
  const char *keys;    /* as GtkShortcutTrigger parses them, all that mean this: "d|Right" */
  const char *meaning; /* "Next item" */
  AssayKeysPages pages;
  const char *action; /* activated on the page, else on the window; NULL = the widget in focus (the canvas) takes it
                         itself */
  const char *target; /* (nullable) GVariant text of the action's parameter: "3"; without an action, a name */
  gboolean once;      /* a key that is held down means it once: what it does cannot be seen that fast */
} AssayKey;

const AssayKey *assay_keys_list (guint *ret_n);
/* "page.tool:brush", "tool:finish": how a configuration names the row; each once. */
char *assay_key_dup_id (const AssayKey *key);

G_END_DECLS
