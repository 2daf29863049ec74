/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* capture/identity.h - which piece of hardware stands behind a device node, as sysfs tells it: the same after a
 * replug, a reboot or in another container, without udev. Any thread. */
#include <jansson.h>
#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  char *vendor, *product; /* USB: four hex digits each; else NULL */
  char *serial;           /* (nullable) */
  char *interface;        /* USB: interface number in hex, "00" */
  char *path;             /* where it is plugged in: "pci-0000:00:14.0-usb-1.2", "platform-vivid.0" */
  char *controller;       /* what carries the bus: "pci-0000:00:14.0" */
  double usb_mbit_per_s;  /* 480, 5000; 0 = no USB */
} AssayIdentity;

/* `sysfs` is the node's folder, /sys/class/video4linux/video0; never fails: what is not said stays NULL. */
void assay_identity_read (const char *sysfs, AssayIdentity *ret_identity);
void assay_identity_clear (AssayIdentity *identity);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AssayIdentity, assay_identity_clear)
void assay_identity_copy (const AssayIdentity *from, AssayIdentity *ret_copy);
gboolean assay_identity_equal (const AssayIdentity *a, const AssayIdentity *b);
/* FALSE for USB devices without a serial number of their own: none, one that factories give to all ("SN0001", "0000"),
 * so that only the place tells them apart and a person must say which is which. */
gboolean assay_identity_is_strong (const AssayIdentity *identity);
/* "usb-046d:0825-SERIAL.00" when there is a serial number that is to be `trusted`, else by place:
 * "usb-046d:0825@PATH.00"; without USB the path alone. Has neither ',' nor '=' nor blanks. */
char *assay_identity_dup_text (const AssayIdentity *identity, gboolean trust_serial);
json_t *assay_identity_to_json (const AssayIdentity *identity); /* {vendor, product, serial, interface, path, controller, mbit_per_s} */

G_END_DECLS
