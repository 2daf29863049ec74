/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* capture/v4l2.h - what the files of the Video4Linux source share: v4l2-node.c finds cameras, v4l2-format.c lists what
 * they can give, v4l2-control.c has their controls, v4l2-watch.c what others change about these. Any thread. */
#include "capture/identity.h"

G_BEGIN_DECLS

#define ASSAY_V4L2_MOST_ENTRIES 256 /* drivers were seen that enumerate for ever */

typedef struct {
  char *id;       /* "v4l2:usb-046d:0825-SERIAL.00", or place_id when that names no one camera */
  char *place_id; /* "v4l2:usb-046d:0825@pci-0000:00:14.0-usb-1.00" */
  char *serial_id;
  gboolean weak;  /* no serial number of its own, or one that another camera here has too: the place decides */
  char *node;     /* "/dev/video0", today */
  char *name, *driver, *bus;
  AssayIdentity identity;
  gboolean planar; /* VIDEO_CAPTURE_MPLANE */
} AssayV4l2Node;

/* Says what errno means here and what to do, with the program that has the node open when it is busy; FALSE.
 * NOT_FOUND when it is gone, else DEVICE. */
gboolean assay_v4l2_fail (const char *id, const char *node, const char *doing, int errnum, GError **error);

/* Of AssayV4l2Node, cameras only, by id. What went wrong with a node is appended to `wrongs`. Opening changes nothing. */
GPtrArray *assay_v4l2_list_nodes (GString *wrongs);
/* By id, or by its place, which stays right while a twin comes and goes; (nullable), borrowed. A serial number that two
 * cameras have is never guessed at. */
const AssayV4l2Node *assay_v4l2_find_node (const GPtrArray *nodes, const char *device_id);
gboolean assay_v4l2_is_ambiguous (const GPtrArray *nodes, const char *device_id);
/* Whether the node still leads to the camera that was looked at. */
gboolean assay_v4l2_is_still (const char *node, const AssayIdentity *identity);
/* "controller pci-0000:00:14.0 has 480 Mbit/s for all of Webcam A, Webcam B"; free it. */
char *assay_v4l2_dup_bus_text (const char *node, const AssayIdentity *identity);

/* [{fourcc, width, height, fps:[…], compressed, emulated}]; a range is listed by the common sizes in it and its limits,
 * which then have `range`: {min_width, max_width, step_width, …}. */
json_t *assay_v4l2_list_formats (int fd, gboolean planar);
json_t *assay_v4l2_list_inputs (int fd); /* [{index, name, current, signal: "ok"|why, dv_timings}] */
/* The nearest size that a camera with a range of sizes takes; others stay as they are. */
void assay_v4l2_snap_size (int fd, guint32 fourcc, guint *width, guint *height);

json_t *assay_v4l2_list_controls (int fd); /* as `assay devices` tells them */
json_t *assay_v4l2_describe_control (int fd, guint32 number); /* one of them; NULL when it is gone */
json_t *assay_v4l2_read_controls (int fd); /* {id: value} */
/* By id or name; menus by number or words, arrays as "1:2:3" (one number = all), areas as 640x480. */
gboolean assay_v4l2_set_control (int fd, const char *id, const char *node, const char *name, const char *text, GError **error);
/* {id: value} as assay_v4l2_list_controls gives values, at once where the driver can, else one by one. Returns {id: why}
 * of what was refused. */
json_t *assay_v4l2_apply_controls (int fd, const json_t *values);

/* What others, or the camera itself, change about its controls. Owns nothing of `fd`. One thread. */
typedef struct _AssayV4l2Watch AssayV4l2Watch;
/* `events`: `fd` is a handle of its own, on which control events are subscribed; else everything is polled. */
AssayV4l2Watch *assay_v4l2_watch_new (int fd, gboolean events);
void assay_v4l2_watch_free (AssayV4l2Watch *watch);
/* {id: control} as listed, of those that changed since the last call; volatile ones are read once a second. */
json_t *assay_v4l2_watch_take (AssayV4l2Watch *watch);
/* These (keys of an object) were changed by ourselves: not news. */
void assay_v4l2_watch_know (AssayV4l2Watch *watch, const json_t *ids);

G_END_DECLS
