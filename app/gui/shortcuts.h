/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/shortcuts.h - the keys put to work: on the window, in the tools' hands, in tooltips. The keys are those
 * of the window's settings (app/gui/key-map.h). Main thread. */
#include "app/gui/key-map.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Keys reach `func` when the widget in focus and those around it did not use them, so that a letter typed into an
 * entry stays a letter. FALSE = not used. */
typedef gboolean (*AssayKeyFunc) (const AssayKey *key, gpointer data);
/* `pages`: asked at each key; which rows may be meant. */
typedef AssayKeysPages (*AssayKeyPagesFunc) (gpointer data);
void assay_shortcuts_install (GtkWidget *window, AssayKeyPagesFunc pages, AssayKeyFunc func, gpointer data);
/* The rows of `pages` on a widget that has actions of its own for them. */
void assay_shortcuts_install_on (GtkWidget *widget, AssayKeysPages pages);
AssayKeysPages assay_shortcuts_find_page (const char *name); /* "annotate"; NULL or unknown = 0 */
/* Activates the key's action on `page` (nullable; named `page_name`) or, for "win." and "window." ones, on the
 * window. */
gboolean assay_shortcuts_activate (const AssayKey *key, GtkWidget *window, GtkWidget *page, const char *page_name);

/* The key of a tool (annotate/tool.h) that a press on a widget of the Annotate page means; NULL = none. */
const char *assay_shortcuts_tool_key (GtkEventControllerKey *controller, guint keyval, guint keycode,
                                      GdkModifierType state, GdkModifierType *ret_mods);

/* The widget's tooltip ends (its first line, when there are more) with the key of the action, as it is by then. */
void assay_shortcuts_tip (GtkWidget *widget, const char *action, const char *target /* (nullable) */);
/* The same for all buttons under `root` that activate a row of the table. */
void assay_shortcuts_tip_all (GtkWidget *root);
/* The key itself, for a sentence that names it; `otherwise` where it has none, or `widget` is in no window. */
char *assay_shortcuts_dup_key (gpointer widget, const char *action, const char *target, const char *otherwise);
/* A label of the key itself, up to date since it was mapped, or since the last refresh of what is under `root`. */
GtkWidget *assay_shortcuts_label_new (const char *action, const char *target /* (nullable) */);
void assay_shortcuts_refresh (GtkWidget *root);
/* A copy of a menu whose items show their keys. */
GMenuModel *assay_shortcuts_menu_new (const AssayKeyMap *map, GMenuModel *menu);

G_END_DECLS
