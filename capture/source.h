/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* capture/source.h - what yields frames or samples: v4l2, portaudio, replay, pattern. A registry:
 * capture/source-*.c, one word each in capture/meson.build; the word is file name, C symbol (assay_source_WORD) and
 * the start of a device's id.
 *
 * probe, open and close run on any one thread; open says NOT_FOUND, at once, while a device is away, and finds it
 * again by the same id, wherever it comes back. next() runs on the device's own thread only and there neither
 * allocates nor locks nor makes error objects: 0 or -errno. Raw stamps, counters and flags are kept as they came.
 */
#include "core/option.h"
#include "core/pixel-format.h"

#include <jansson.h>

G_BEGIN_DECLS

typedef struct _AssayDevice AssayDevice;

typedef enum
{
  ASSAY_DEVICE_CAMERA,
  ASSAY_DEVICE_MICROPHONE
} AssayDeviceKind;

/* What was found: enough to choose it, and to find it again after a replug. */
typedef struct
{
  AssayDeviceKind kind;
  char *id;        /* "v4l2:…", "pattern:bars": stable, never /dev/videoN */
  char *name;      /* for people */
  json_t *details; /* as `assay devices` prints it: node, bus, formats, controls | host_api, channels, rates */
} AssayDeviceInfo;
void assay_device_info_free (AssayDeviceInfo *info);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayDeviceInfo, assay_device_info_free)

typedef struct
{
  AssayPixelFormat pixels; /* fourcc 0 for sound */
  gsize max_bytes;         /* no frame or block is larger */
  double fps;              /* as the device answered; 0 = not said */
  guint rate_hz, channels; /* sound: float samples, interleaved */
} AssayStreamFormat;

#define ASSAY_FRAME_ERROR (1u << 0)      /* the device flagged it: kept apart */
#define ASSAY_FRAME_SHORT (1u << 1)      /* fewer bytes than the format says */
#define ASSAY_FRAME_AFTER_LOSS (1u << 2) /* sound: the driver says that it lost something before this block */
#define ASSAY_FRAME_RESTARTED (1u << 3)  /* the stream was started again before it: its sequence counts anew */

/* One frame (camera) or one block (microphone), borrowed until the next call. */
typedef struct
{
  const guint8 *data;
  gsize n_bytes;
  guint64 sequence;  /* as the device counts; sound: index of its first sample */
  guint32 n_samples; /* sound: samples a channel in the block */
  gint64 stamp_ns;   /* the device's stamp, CLOCK_MONOTONIC unless raw_flags say otherwise */
  gint64 arrived_ns; /* CLOCK_MONOTONIC when we got it */
  guint32 raw_flags; /* V4L2_BUF_FLAG_* or PaStreamCallbackFlags */
  guint32 flags;     /* ASSAY_FRAME_* */
} AssayFrame;

typedef struct
{
  const char *id, *title;
  gboolean stand_in;          /* no hardware: listed only on request */
  const AssayOption *options; /* size, fps, format, … */
  /* Appends AssayDeviceInfo. A source without hardware appends nothing; an error is for what went wrong, not for
   * "none". */
  gboolean (*probe) (GPtrArray *infos, GError **error);
  AssayDevice *(*open) (const char *device_id, const AssayOptions *options, GError **error);
  const AssayStreamFormat *(*get_format) (const AssayDevice *device);
  gboolean (*start) (AssayDevice *device, GError **error);
  int (*next) (AssayDevice *device, int timeout_ms,
               AssayFrame *ret_frame); /* 0, -EAGAIN (nothing yet), -ENODEV (gone), -ENODATA (end) … */
  void (*wake) (AssayDevice *device);  /* any thread: makes next() return -EINTR */
  /* Optional. The device's thread: what next() gave last stays as it is until its number, the answer, is released, by any
   * thread; -1 when the device needs the memory. close() does not wait for it. */
  int (*keep) (AssayDevice *device);
  void (*release) (AssayDevice *device, int number);
  /* Controls are optional; their functions are for one thread at a time, which may be another than the device's. */
  gboolean (*set_control) (AssayDevice *device, const char *name, const char *text, GError **error);
  json_t *(*get_controls) (AssayDevice *device);  /* {id: value}, as read back now */
  json_t *(*list_controls) (AssayDevice *device); /* [{id, name, type, …, value, flags}], as `assay devices` tells them */
  /* {id: value}, values as list_controls gives them. Returns {id: why} of what was refused; the rest is done. */
  json_t *(*apply_controls) (AssayDevice *device, const json_t *values);
  /* {id: control} of those that others or the camera itself changed since the last call; the first call begins. What
   * was set through this device is not told again; what that greys out or frees is. */
  json_t *(*watch_controls) (AssayDevice *device);
  /* Optional, any thread that may call the controls' functions: what a session should remember of the device and its
   * stream (driver, kernel, raw colour numbers, meaning of stamps, counts of errors and restarts). */
  json_t *(*get_facts) (AssayDevice *device);
  void (*close) (AssayDevice *device);           /* NULL is fine */
} AssaySource;

const AssaySource *assay_source_find (const char *id);
const AssaySource *const *assay_source_list (guint *ret_n);
/* The source whose id starts `device_id` ("pattern:bars"); NOT_FOUND names the sources there are. */
const AssaySource *assay_source_of (const char *device_id, GError **error);
/* Every device of every source: of AssayDeviceInfo. What went wrong (of char *, nullable) stops no other source. */
GPtrArray *assay_source_probe_all (gboolean stand_ins, GPtrArray *wrongs);
/* What stands behind the source's name: "bars". */
const char *assay_source_get_rest (const char *device_id);
/* "640x360"; USAGE when it is not that. */
gboolean assay_size_parse (const char *text, guint *ret_width_px, guint *ret_height_px, GError **error);

G_END_DECLS
