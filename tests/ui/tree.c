/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui/tree.h"

#define ACCESSIBLE "org.a11y.atspi.Accessible"
#define MAX_DEPTH 60

struct _UiTree
{
  GDBusConnection *bus;
};

/* One look */
typedef struct
{
  GDBusConnection *bus;
  const char *bus_name;
  guint n_asked;
} Look;

typedef struct _Node Node;
struct _Node
{
  Look *look;
  guint depth;
  char *path, *name;
  GPtrArray *children; /* of Node */
};

static void
free_node (gpointer data)
{
  Node *node = data;
  g_ptr_array_unref (node->children);
  g_free (node->path);
  g_free (node->name);
  g_free (node);
}

static Node *
new_node (Look *look, guint depth, const char *path)
{
  Node *node = g_new0 (Node, 1);
  *node = (Node){ look, depth, g_strdup (path), NULL, g_ptr_array_new_with_free_func (free_node) };
  return node;
}

static void ask (Node *node);

static GVariant *
take_answer (Node *node, GObject *bus, GAsyncResult *result)
{
  node->look->n_asked--;
  return g_dbus_connection_call_finish (G_DBUS_CONNECTION (bus), result, NULL); /* else it is gone by now */
}

static void
on_name (GObject *bus, GAsyncResult *result, gpointer data)
{
  Node *node = data;
  g_autoptr (GVariant) answer = take_answer (node, bus, result), value = NULL;
  if (answer != NULL)
    g_variant_get (answer, "(v)", &value);
  if (value != NULL)
    node->name = g_variant_dup_string (value, NULL);
}

static void
on_children (GObject *bus, GAsyncResult *result, gpointer data)
{
  Node *node = data;
  g_autoptr (GVariant) answer = take_answer (node, bus, result);
  g_autoptr (GVariantIter) children = NULL;
  const char *bus_name, *path;
  if (answer == NULL || node->depth > MAX_DEPTH)
    return;
  g_variant_get (answer, "(a(so))", &children);
  while (g_variant_iter_next (children, "(&s&o)", &bus_name, &path))
    {
      if (g_strcmp0 (bus_name, node->look->bus_name) != 0)
        continue; /* nothing, or another program's */
      Node *child = new_node (node->look, node->depth + 1, path);
      g_ptr_array_add (node->children, child);
      ask (child);
    }
}

static void
call (Node *node, const char *interface, const char *method, GVariant *arguments, const char *type,
      GAsyncReadyCallback done)
{
  node->look->n_asked++;
  g_dbus_connection_call (node->look->bus, node->look->bus_name, node->path, interface, method, arguments,
                          G_VARIANT_TYPE (type), G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, done, node);
}

static void
ask (Node *node)
{
  call (node, "org.freedesktop.DBus.Properties", "Get", g_variant_new ("(ss)", ACCESSIBLE, "Name"), "(v)", on_name);
  call (node, ACCESSIBLE, "GetChildren", NULL, "(a(so))", on_children);
}

static void
free_tree_node (gpointer data)
{
  UiTreeNode *node = data;
  g_free (node->path);
  g_free (node->name);
  g_free (node);
}

static void
flatten (Node *node, GPtrArray *list)
{
  UiTreeNode *one = g_new0 (UiTreeNode, 1);
  *one = (UiTreeNode){ g_steal_pointer (&node->path), g_steal_pointer (&node->name) };
  if (one->name != NULL)
    g_ptr_array_add (list, one);
  else
    free_tree_node (one);
  for (guint i = 0; i < node->children->len; i++)
    flatten (node->children->pdata[i], list);
}

GPtrArray *
tree_list (UiTree *tree, const char *bus_name, const char *path)
{
  Look look = { tree->bus, bus_name, 0 };
  GPtrArray *list = g_ptr_array_new_with_free_func (free_tree_node);
  Node *root = new_node (&look, 0, path);
  for (ask (root); look.n_asked > 0;)
    g_main_context_iteration (NULL, TRUE);
  flatten (root, list);
  free_node (root);
  return list;
}

UiTree *
tree_new (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) session = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &error);
  if (session == NULL)
    g_error ("no session bus: %s", error->message);
  g_autoptr (GVariant) answer
      = g_dbus_connection_call_sync (session, "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", NULL,
                                     G_VARIANT_TYPE ("(s)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  if (answer == NULL)
    g_error ("no accessibility bus: %s", error->message);
  const char *address;
  g_variant_get (answer, "(&s)", &address);
  UiTree *tree = g_new0 (UiTree, 1);
  tree->bus = g_dbus_connection_new_for_address_sync (
      address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL,
      NULL, &error);
  if (tree->bus == NULL)
    g_error ("the accessibility bus does not answer: %s", error->message);
  return tree;
}

void
tree_free (UiTree *tree)
{
  g_dbus_connection_close_sync (tree->bus, NULL, NULL);
  g_object_unref (tree->bus);
  g_free (tree);
}
