/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* tests/device-lab/usbcam/pictures.h - what the camera sees: frame number N is the same bytes in every run, so that
 * whoever checks can tell each frame by its content.
 *
 * MJPEG: picture N mod their count of the folder, with a comment "frame %010u" as its first segment.
 * YUYV: luma 16 + (x + 3 (y + N mod 220)) mod 220, no colour; over it, in the top 16 rows, 32 blocks of 16x16
 * pixels: the bits of N from the lowest, 235 = 1 and 16 = 0. */
#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  PICTURE_MJPEG = 1, /* as bFormatIndex */
  PICTURE_YUYV = 2
} PictureFormat;

typedef struct
{
  PictureFormat format;
  guint16 width_px, height_px;
  guint32 max_bytes;
  guint32 n_intervals, intervals[4]; /* of 100 ns */
} PictureMode;

typedef enum
{
  FAULT_NONE,
  FAULT_TRUNCATED, /* the second half is missing */
  FAULT_EMPTY,     /* not one byte */
  FAULT_GARBAGE,   /* bytes that are no picture */
  FAULT_NODHT,     /* MJPEG without its Huffman tables, as many webcams send it */
  FAULT_ERROR,     /* marked by the camera as broken */
  FAULT_LOST,      /* some packets do not come through */
  N_FAULTS
} PictureFault;

typedef struct
{
  GPtrArray *jpegs[2]; /* of GBytes, for 640x360 and 1280x720 */
  guint8 *ramp[2];     /* height + 220 lines of YUYV */
} Pictures;

extern const PictureMode picture_modes[];
extern const guint n_picture_modes;

/* By bFormatIndex and bFrameIndex, from 1. NULL = there is no such mode. */
const PictureMode *picture_mode_find (guint format, guint index);
/* "truncated", … FALSE: there is no such fault. */
gboolean picture_fault_parse (const char *word, PictureFault *ret_fault);
const char *picture_fault_get_name (PictureFault fault);

/* From the *.jpg of FOLDER/640x360 and FOLDER/1280x720 in the order of their names. */
gboolean pictures_load (Pictures *pictures, const char *folder, GError **error);
void pictures_clear (Pictures *pictures);
/* Puts frame `counter` of that mode into `frame`, damaged as asked. */
void pictures_draw (const Pictures *pictures, const PictureMode *mode, guint32 counter, PictureFault fault,
                    GByteArray *frame);

G_END_DECLS
