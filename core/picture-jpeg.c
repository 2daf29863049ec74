/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JPEG by libjpeg-turbo. Cameras and mail programs damage JPEGs in many ways and viewers show them anyway, so we do
 * too, and say how many rows can be trusted. */
#include "core/picture.h"

#include "core/error.h"
#include "core/exif.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>

/* Each scan of a progressive file costs a pass over the whole picture: real ones have about ten. */
enum
{
  MAX_SCANS = 200
};
#define MAX_WORKING_BYTES ((long) 1 << 31)

/* One reading or writing. libjpeg leaves by longjmp: everything that must be undone is a field here, never a local.
 */
typedef struct
{
  union
  {
    struct jpeg_common_struct common;
    struct jpeg_decompress_struct read;
    struct jpeg_compress_struct write;
  } jpeg;
  struct jpeg_error_mgr errors;
  struct jpeg_progress_mgr progress;
  jmp_buf leave;
  AssayPicture *picture;
  guint8 *cmyk; /* one row */
  unsigned char *out;
  unsigned long out_bytes;
  gboolean no_end; /* the data stop before the end marker */
  gboolean damaged;
  guint good_rows; /* before the damage */
  char why[JMSG_LENGTH_MAX];
} Work;

static void
work_clear (Work *work)
{
  jpeg_destroy (&work->jpeg.common);
  assay_picture_unref (work->picture);
  g_free (work->cmyk);
  free (work->out);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Work, work_clear)

static G_NORETURN void
fail (j_common_ptr jpeg)
{
  Work *work = jpeg->client_data;
  jpeg->err->format_message (jpeg, work->why);
  longjmp (work->leave, 1);
}

/* Level -1 is a warning: the data are damaged, and libjpeg goes on with a guess. */
static void
hear (j_common_ptr jpeg, int level)
{
  Work *work = jpeg->client_data;
  if (level >= 0 || !jpeg->is_decompressor)
    return;
  if (jpeg->err->msg_code == JWRN_JPEG_EOF)
    {
      work->no_end = TRUE;
      return;
    }
  if (!work->damaged)
    {
      work->damaged = TRUE;
      work->good_rows = work->jpeg.read.output_scanline;
      jpeg->err->format_message (jpeg, work->why);
    }
}

static void
limit_scans (j_common_ptr jpeg)
{
  Work *work = jpeg->client_data;
  if (jpeg->is_decompressor && work->jpeg.read.input_scan_number > MAX_SCANS)
    {
      g_snprintf (work->why, sizeof work->why, "it has more than %d scans, which no camera writes", MAX_SCANS);
      longjmp (work->leave, 1);
    }
}

static void
prepare (Work *work)
{
  work->jpeg.common.err = jpeg_std_error (&work->errors);
  work->jpeg.common.client_data = work;
  work->errors.error_exit = fail;
  work->errors.emit_message = hear;
}

/* Only after setjmp: it may fail already. */
static void
begin_reading (Work *work, const guint8 *data, gsize n_bytes)
{
  j_decompress_ptr jpeg = &work->jpeg.read;
  jpeg_create_decompress (jpeg);
  jpeg->progress = &work->progress;
  work->progress.progress_monitor = limit_scans;
  jpeg->mem->max_memory_to_use = MAX_WORKING_BYTES;
  jpeg_mem_src (jpeg, data, n_bytes);
  jpeg_save_markers (jpeg, JPEG_APP0 + 1, 0xffff);
  jpeg_read_header (jpeg, TRUE);
}

static guint
orientation (const Work *work)
{
  for (jpeg_saved_marker_ptr marker = work->jpeg.read.marker_list; marker != NULL; marker = marker->next)
    if (marker->marker == JPEG_APP0 + 1 && marker->data_length > 6 && memcmp (marker->data, "Exif\0\0", 6) == 0)
      return assay_exif_orientation (marker->data + 6, marker->data_length - 6);
  return 1;
}

static gboolean
refuse (const Work *work, GError **error)
{
  switch (work->errors.msg_code)
    {
    case JERR_BAD_PRECISION:
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
                   "the JPEG has more than 8 bits a sample; convert it to a 16-bit PNG");
      return FALSE;
    case JERR_SOF_UNSUPPORTED:
    case JERR_ARITH_NOTIMPL:
    case JERR_CONVERSION_NOTIMPL:
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
                   "the JPEG is of a rare kind (%s); convert it to PNG", work->why);
      return FALSE;
    default:
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
                   "the JPEG is damaged: %s; get it again from where it came", work->why);
      return FALSE;
    }
}

static gboolean
looks_like (const guint8 *data, gsize n_bytes)
{
  return n_bytes >= 3 && data[0] == 0xff && data[1] == 0xd8 && data[2] == 0xff;
}

static gboolean
probe (const guint8 *data, gsize n_bytes, AssayPictureFacts *ret_facts, GError **error)
{
  g_auto (Work) work = { 0 };
  prepare (&work);
  if (setjmp (work.leave) != 0)
    return refuse (&work, error);
  begin_reading (&work, data, n_bytes);
  *ret_facts = (AssayPictureFacts){
    .width_px = work.jpeg.read.image_width,
    .height_px = work.jpeg.read.image_height,
    .exif_orientation = orientation (&work),
  };
  return TRUE;
}

/* The smallest of a half, a quarter and an eighth that leaves the longer side at least so long; 0 = full size. The other
 * eighths that libjpeg offers take longer than the whole. */
static void
choose_scale (j_decompress_ptr jpeg, guint at_least_px)
{
  guint longer_px = MAX (jpeg->image_width, jpeg->image_height);
  jpeg->scale_denom = 8;
  jpeg->scale_num = 8;
  while (at_least_px > 0 && jpeg->scale_num > 1 && (guint64) longer_px * (jpeg->scale_num / 2) / 8 >= at_least_px)
    jpeg->scale_num /= 2;
}

static void
choose_colours (Work *work)
{
  j_decompress_ptr jpeg = &work->jpeg.read;
  switch (jpeg->jpeg_color_space)
    {
    case JCS_GRAYSCALE:
      jpeg->out_color_space = JCS_GRAYSCALE;
      break;
    case JCS_CMYK:
    case JCS_YCCK:
      jpeg->out_color_space = JCS_CMYK;
      break;
    case JCS_YCbCr:
    case JCS_RGB:
      jpeg->out_color_space = JCS_RGB;
      break;
    default:
      ERREXIT (jpeg, JERR_CONVERSION_NOTIMPL);
    }
}

/* Adobe's programs store ink inverted (255 = none); without their marker 255 is full ink. */
static void
ink_to_rgb (const guint8 *cmyk, gboolean inverted, guint width_px, guint8 *rgb)
{
  for (guint x = 0; x < width_px; x++)
    {
      const guint8 *ink = cmyk + 4 * (gsize) x;
      guint key = inverted ? ink[3] : 255 - ink[3];
      for (guint c = 0; c < 3; c++)
        rgb[3 * (gsize) x + c] = (guint8) (((inverted ? ink[c] : 255u - ink[c]) * key + 127) / 255);
    }
}

/* A block of 64 pixels takes at least a bit (Huffman; blank pages of arithmetic coding pack closer): a small file
 * that claims more is made to hurt, and costs neither time nor memory here. */
static gboolean
is_plausible (const struct jpeg_decompress_struct *jpeg, gsize n_bytes)
{
  return (guint64) jpeg->image_width * jpeg->image_height <= (guint64) n_bytes * (jpeg->arith_code ? 65536 : 512);
}

static void
make_room (Work *work)
{
  j_decompress_ptr jpeg = &work->jpeg.read;
  gboolean grey = jpeg->out_color_space == JCS_GRAYSCALE;
  work->picture
      = assay_picture_new (jpeg->output_width, jpeg->output_height, grey ? ASSAY_PIXELS_GREY8 : ASSAY_PIXELS_RGB8);
  if (work->picture == NULL)
    ERREXIT1 (jpeg, JERR_OUT_OF_MEMORY, 0);
  if (jpeg->out_color_space == JCS_CMYK)
    work->cmyk = g_malloc ((gsize) jpeg->output_width * 4);
}

static void
read_pixels (Work *work, const guint8 *data, gsize n_bytes, guint at_least_px)
{
  j_decompress_ptr jpeg = &work->jpeg.read;
  begin_reading (work, data, n_bytes);
  if (!is_plausible (jpeg, n_bytes))
    {
      g_strlcpy (work->why, "it claims more pixels than it can hold", sizeof work->why);
      longjmp (work->leave, 1);
    }
  choose_scale (jpeg, at_least_px);
  choose_colours (work);
  jpeg_calc_output_dimensions (jpeg);
  make_room (work);
  work->picture->exif_orientation = orientation (work);
  jpeg_start_decompress (jpeg);
  /* A cut file is not decoded past its end: the rest would be grey that nobody took, and could be gigabytes of it.
   */
  while (jpeg->output_scanline < jpeg->output_height && !(work->no_end && work->damaged && !jpeg->progressive_mode))
    {
      guint8 *row = work->picture->data + jpeg->output_scanline * work->picture->stride;
      JSAMPROW to = work->cmyk != NULL ? work->cmyk : row;
      jpeg_read_scanlines (jpeg, &to, 1);
      if (work->cmyk != NULL)
        ink_to_rgb (work->cmyk, jpeg->saw_Adobe_marker, jpeg->output_width, row);
    }
  if (jpeg->output_scanline == jpeg->output_height)
    jpeg_finish_decompress (jpeg);
}

static char *
tell_damage (const Work *work)
{
  const struct jpeg_decompress_struct *jpeg = &work->jpeg.read;
  if (work->damaged && jpeg->progressive_mode)
    return g_strdup_printf ("damaged: %s; it is progressive, so it may be coarse or wrong anywhere", work->why);
  if (work->damaged)
    return g_strdup_printf ("damaged: %s; right down to row %u of %u", work->why,
                            (guint) ((guint64) work->good_rows * jpeg->image_height / jpeg->output_height),
                            jpeg->image_height);
  if (work->no_end)
    return g_strdup ("the end marker is missing; all rows are there");
  if (work->cmyk != NULL)
    return g_strdup ("printing colours (CMYK) were turned into RGB without a profile");
  return NULL;
}

static AssayPicture *
decode (const guint8 *data, gsize n_bytes, guint at_least_px, GError **error)
{
  g_auto (Work) work = { 0 };
  prepare (&work);
  if (setjmp (work.leave) != 0)
    {
      refuse (&work, error);
      return NULL;
    }
  read_pixels (&work, data, n_bytes, at_least_px);
  if (work.damaged && work.good_rows == 0 && !work.jpeg.read.progressive_mode)
    {
      refuse (&work, error);
      return NULL;
    }
  work.picture->warning = tell_damage (&work);
  return g_steal_pointer (&work.picture);
}

static void
write_picture (Work *work, const AssayPicture *picture, int quality)
{
  j_compress_ptr jpeg = &work->jpeg.write;
  jpeg_create_compress (jpeg);
  jpeg_mem_dest (jpeg, &work->out, &work->out_bytes);
  jpeg->image_width = picture->width_px;
  jpeg->image_height = picture->height_px;
  jpeg->input_components = (int) assay_pixels_channels (picture->pixels);
  jpeg->in_color_space = jpeg->input_components == 3 ? JCS_RGB : JCS_GRAYSCALE;
  jpeg_set_defaults (jpeg);
  jpeg_set_quality (jpeg, quality, TRUE);
  jpeg_start_compress (jpeg, TRUE);
  while (jpeg->next_scanline < jpeg->image_height)
    {
      JSAMPROW row = picture->data + jpeg->next_scanline * picture->stride;
      jpeg_write_scanlines (jpeg, &row, 1);
    }
  jpeg_finish_compress (jpeg);
}

GBytes *
assay_picture_encode_jpeg (const AssayPicture *picture, int quality, GError **error)
{
  g_auto (Work) work = { 0 };
  if (picture->pixels == ASSAY_PIXELS_GREY16 || picture->pixels == ASSAY_PIXELS_RGB16)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
                   "writing a JPEG: 16-bit pixels do not fit; use PNG");
      return NULL;
    }
  prepare (&work);
  if (setjmp (work.leave) != 0)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_IO, "writing a JPEG of %u x %u pixels: %s", picture->width_px,
                   picture->height_px, work.why);
      return NULL;
    }
  write_picture (&work, picture, quality);
  unsigned char *out = g_steal_pointer (&work.out);
  return g_bytes_new_with_free_func (out, work.out_bytes, free, out);
}

const AssayPictureCodec assay_picture_codec_jpeg = {
  .type = "jpg",
  .looks_like = looks_like,
  .probe = probe,
  .decode = decode,
};
