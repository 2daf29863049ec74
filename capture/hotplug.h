/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* capture/hotplug.h - hears of cameras and microphones that are plugged in or pulled.
 *
 * From udev, when it has set the permissions of a node, and from the folder /dev itself, for places where udev does
 * not run or cannot be heard (a chroot, a container). So one change may be told twice: whoever hears of one waits
 * until it has been quiet for ASSAY_HOTPLUG_QUIET_MS and looks at what there is (assay_source_probe_all). One
 * thread. */
#include <glib.h>

G_BEGIN_DECLS

#define ASSAY_HOTPLUG_QUIET_MS 300 /* a camera's nodes, and then its microphone, come one after the other */

typedef struct _AssayHotplug AssayHotplug;

/* `node` is "/dev/video0" or "/dev/snd/pcmC1D0c"; not every node is a camera. */
typedef void (*AssayHotplugFunc) (gboolean appeared, const char *node, gpointer data);

AssayHotplug *assay_hotplug_new (AssayHotplugFunc changed, gpointer data, GError **error);
void assay_hotplug_free (AssayHotplug *hotplug);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayHotplug, assay_hotplug_free)
/* To be polled for reading (g_unix_fd_add, poll); then dispatch calls `changed` for all that is pending, without
 * waiting. */
int assay_hotplug_get_fd (const AssayHotplug *hotplug);
void assay_hotplug_dispatch (AssayHotplug *hotplug);

G_END_DECLS
