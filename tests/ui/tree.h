/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* tests/ui/tree.h - the names of all that a program shows, on the accessibility bus, asked for at once. One
 * question after the other (libatspi) costs a second for a window where this costs some tens of milliseconds. */
#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _UiTree UiTree;
UiTree *tree_new (void);
void tree_free (UiTree *tree);

typedef struct
{
  char *path, *name;
} UiTreeNode;
/* What there is now below (and with) a node, parents before children: of UiTreeNode. What goes away meanwhile is
 * left out. */
GPtrArray *tree_list (UiTree *tree, const char *bus_name, const char *path);

G_END_DECLS
