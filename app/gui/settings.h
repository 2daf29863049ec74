/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/settings.h - what the desktop app remembers between sittings: who annotates here, light or dark, the
 * tools' options, keys that were changed, recent projects.
 *
 * A key file, $XDG_CONFIG_HOME/assay/desktop.conf (app/gui/kept-file.h), written at once when something changes, and
 * nothing but that: other windows have written it since. Nothing of a project's data is kept here. Main thread. */
#include "app/gui/key-map.h"
#include "core/geometry.h"
#include "core/id.h"
#include "core/option.h"

G_BEGIN_DECLS

typedef struct _AssaySettings AssaySettings;
AssaySettings *assay_settings_new (void);
void assay_settings_free (AssaySettings *settings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssaySettings, assay_settings_free)

/* The annotator said last; NULL when nobody was, or when the login is shared (then it is asked once per sitting).
 */
char *assay_settings_dup_annotator (AssaySettings *settings);
void assay_settings_set_annotator (AssaySettings *settings, const char *name, gboolean shared_login);
gboolean assay_settings_is_shared_login (AssaySettings *settings);

gboolean assay_settings_is_light (AssaySettings *settings);
void assay_settings_set_light (AssaySettings *settings, gboolean light);

/* The calibration board that lies here, as `assay calibrate --board` writes it, and what its bar of 100 mm measures;
 * NULL when none was ever used. */
char *assay_settings_dup_board (AssaySettings *settings, double *ret_bar_mm);
void assay_settings_set_board (AssaySettings *settings, const char *board, double bar_mm);

/* What helps the eye over a picture, as words; NULL when it was never changed. Free with g_strfreev. */
char **assay_settings_dup_aids (AssaySettings *settings);
void assay_settings_set_aids (AssaySettings *settings, const char *const *words);

/* The options of the tools as they were left; what means nothing any more is passed over. `declared` are theirs
 * (annotate/tool.h). */
void assay_settings_recall_tools (AssaySettings *settings, const AssayOption *declared, AssayOptions *options);
void assay_settings_keep_tools (AssaySettings *settings, const AssayOption *declared, const AssayOptions *options);

/* The keys as they were left; borrowed. What is changed in them is kept by the second. */
AssayKeyMap *assay_settings_get_keys (AssaySettings *settings);
void assay_settings_keep_keys (AssaySettings *settings);

#define ASSAY_SETTINGS_MAX_RECENT 8
typedef struct
{
  char *directory, *name;
  char *thumbnail; /* (nullable) path of a small PNG in the cache */
  guint64 items;
  double labelled; /* share of items with an answer, 0 to 1; NaN = unknown */
} AssayRecent;
void assay_recent_free (AssayRecent *recent);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayRecent, assay_recent_free)

/* Newest first, of AssayRecent; those whose directory is gone are left out. */
GPtrArray *assay_settings_list_recent (AssaySettings *settings);
/* Puts it in front, in place of what was known of the same directory. */
void assay_settings_add_recent (AssaySettings *settings, const AssayRecent *recent);
void assay_settings_remove_recent (AssaySettings *settings, const char *directory);

/* How the picture stood that was open last in one of those projects: the point of it in the middle of the window, and
 * the zoom (annotate/view.h; 0 = fitted). Of a project that is not in the list nothing is kept. */
typedef struct
{
  AssayId item;
  AssayPoint middle;
  double zoom;
} AssayLeftView;
void assay_settings_keep_view (AssaySettings *settings, const char *directory, const AssayLeftView *view);
/* FALSE, and nothing written, when there is none. */
gboolean assay_settings_recall_view (AssaySettings *settings, const char *directory, AssayLeftView *ret_view);

G_END_DECLS
