/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/identity.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

static char *
read_attribute (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  char *text = NULL;
  if (!g_file_get_contents (path, &text, NULL, NULL))
    return NULL;
  g_strstrip (text);
  if (*text == '\0' || !g_utf8_validate (text, -1, NULL))
    g_clear_pointer (&text, g_free);
  return text;
}

static char *
read_subsystem (const char *folder)
{
  g_autofree char *link = g_build_filename (folder, "subsystem", NULL);
  g_autofree char *target = realpath (link, NULL);
  return target != NULL ? g_path_get_basename (target) : NULL;
}

/* From the device up to the root of the tree: first the USB interface, then the USB device, then what carries the
 * bus. */
static void
climb (const char *start, AssayIdentity *identity)
{
  g_autofree char *folder = g_strdup (start), *port = NULL;
  while (strstr (folder, "/devices/") != NULL)
    {
      g_autofree char *subsystem = read_subsystem (folder), *name = g_path_get_basename (folder);
      if (identity->interface == NULL)
        identity->interface = read_attribute (folder, "bInterfaceNumber");
      if (identity->vendor == NULL && (identity->vendor = read_attribute (folder, "idVendor")) != NULL)
        {
          identity->product = read_attribute (folder, "idProduct");
          identity->serial = read_attribute (folder, "serial");
          port = read_attribute (folder, "devpath");
          g_autofree char *speed = read_attribute (folder, "speed");
          identity->usb_mbit_per_s = speed != NULL ? g_ascii_strtod (speed, NULL) : 0;
        }
      if (g_strcmp0 (subsystem, "pci") == 0 || g_strcmp0 (subsystem, "platform") == 0)
        {
          identity->controller = g_strdup_printf ("%s-%s", subsystem, name);
          identity->path = g_strdup_printf ("%s%s%s", identity->controller, port != NULL ? "-usb-" : "",
                                            port != NULL ? port : "");
          return;
        }
      char *up = g_path_get_dirname (folder);
      g_free (folder);
      folder = up;
    }
}

void
assay_identity_read (const char *sysfs, AssayIdentity *ret_identity)
{
  *ret_identity = (AssayIdentity){ 0 };
  g_autofree char *link = g_build_filename (sysfs, "device", NULL);
  g_autofree char *device = realpath (link, NULL);
  if (device != NULL)
    climb (device, ret_identity);
}

void
assay_identity_clear (AssayIdentity *identity)
{
  g_free (identity->vendor);
  g_free (identity->product);
  g_free (identity->serial);
  g_free (identity->interface);
  g_free (identity->path);
  g_free (identity->controller);
  *identity = (AssayIdentity){ 0 };
}

void
assay_identity_copy (const AssayIdentity *from, AssayIdentity *ret_copy)
{
  *ret_copy = (AssayIdentity){ .vendor = g_strdup (from->vendor),
                               .product = g_strdup (from->product),
                               .serial = g_strdup (from->serial),
                               .interface = g_strdup (from->interface),
                               .path = g_strdup (from->path),
                               .controller = g_strdup (from->controller),
                               .usb_mbit_per_s = from->usb_mbit_per_s };
}

gboolean
assay_identity_equal (const AssayIdentity *a, const AssayIdentity *b)
{
  return g_strcmp0 (a->vendor, b->vendor) == 0 && g_strcmp0 (a->product, b->product) == 0
         && g_strcmp0 (a->serial, b->serial) == 0 && g_strcmp0 (a->interface, b->interface) == 0
         && g_strcmp0 (a->path, b->path) == 0;
}

gboolean
assay_identity_is_strong (const AssayIdentity *identity)
{
  static const char *const factory[] = { "SN0001", "200901010001", "01.00.00", "1234567890", NULL };
  if (identity->vendor == NULL)
    return TRUE; /* built in: there is one at its place */
  if (identity->serial == NULL || g_strv_contains (factory, identity->serial))
    return FALSE;
  return strspn (identity->serial, (char[2]){ identity->serial[0] }) < strlen (identity->serial);
}

char *
assay_identity_dup_text (const AssayIdentity *identity, gboolean trust_serial)
{
  GString *text = g_string_new (NULL);
  const char *path = identity->path != NULL ? identity->path : "unknown";
  if (identity->vendor == NULL)
    g_string_append (text, path);
  else
    {
      gboolean serial = trust_serial && assay_identity_is_strong (identity);
      g_string_append_printf (text, "usb-%s:%s%s%s.%s", identity->vendor,
                              identity->product != NULL ? identity->product : "0000", serial ? "-" : "@",
                              serial ? identity->serial : path,
                              identity->interface != NULL ? identity->interface : "00");
    }
  for (char *at = text->str; *at != '\0'; at++)
    if (!g_ascii_isalnum (*at) && strchr ("-_.:@#", *at) == NULL)
      *at = '_';
  return g_string_free (text, FALSE);
}

json_t *
assay_identity_to_json (const AssayIdentity *identity)
{
  return json_pack ("{s:s?, s:s?, s:s?, s:s?, s:s?, s:s?, s:o}", "vendor", identity->vendor, "product",
                    identity->product, "serial", identity->serial, "interface", identity->interface, "path",
                    identity->path, "controller", identity->controller, "mbit_per_s",
                    identity->usb_mbit_per_s > 0 ? json_real (identity->usb_mbit_per_s) : json_null ());
}
