/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* capture/v4l2.h - what the three files of the Video4Linux source share: source-v4l2.c streams, v4l2-node.c finds cameras
 * and lists their formats, v4l2-control.c their controls. Any thread. */
#include "capture/identity.h"

G_BEGIN_DECLS

#define ASSAY_V4L2_MOST_ENTRIES 256 /* drivers were seen that enumerate for ever */

typedef struct {
  char *id;   /* "v4l2:usb-046d:0825-SERIAL.00" */
  char *node; /* "/dev/video0", today */
  char *name, *bus;
  AssayIdentity identity;
  gboolean planar; /* VIDEO_CAPTURE_MPLANE */
} AssayV4l2Node;

/* ioctl, again when a signal interrupts it. */
int assay_v4l2_call (int fd, unsigned long request, void *argument);
/* Says what errno means here and what to do, with the program that has the node open when it is busy; FALSE. */
gboolean assay_v4l2_fail (const char *id, const char *node, const char *doing, int errnum, GError **error);

/* Of AssayV4l2Node, cameras only, by id. What went wrong with a node is appended to `wrongs`. Opening changes nothing. */
GPtrArray *assay_v4l2_list_nodes (GString *wrongs);
json_t *assay_v4l2_list_formats (int fd, gboolean planar); /* [{fourcc, width, height, fps:[…]}] */

json_t *assay_v4l2_list_controls (int fd); /* as `assay devices` tells them */
json_t *assay_v4l2_read_controls (int fd); /* {id: value} of those that are plain numbers */
/* By id or name; menus by number or words. */
gboolean assay_v4l2_set_control (int fd, const char *id, const char *node, const char *name, const char *text, GError **error);

G_END_DECLS
