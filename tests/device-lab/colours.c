/* SPDX-License-Identifier: GPL-3.0-or-later */
/* colours DEVICE...: inside the lab's guest, what the test driver declares against what comes out of core/colour.
 *
 * First device: every colour space, encoding and range that it offers, each pixel of a pattern within 1 of double
 * arithmetic from the raw bytes by the declared matrix and range. Every device: each format that it lists, against
 * the driver's own RGB of the same pattern. Tells what is wrong, a line each, and a summary; status 1 when
 * something is. */
#include "capture/source.h"
#include "core/colour.h"
#include "core/json.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WIDTH 320
#define HEIGHT 180

static guint wrong;

typedef struct
{
  AssayStreamFormat format;
  guint8 *bytes;
  gsize n_bytes;
} Shot;

static void
die (const char *what, const GError *error)
{
  fprintf (stderr, "%s: %s\n", what, error != NULL ? error->message : "?");
  exit (2);
}

/* The first frame of DEVICE with `controls` (name, value, …, NULL) set. */
static gboolean
shoot (const char *id, const char *fourcc, const char *const *controls, Shot *ret_shot)
{
  const AssaySource *source = assay_source_find ("v4l2");
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayOptions) options = assay_options_new (source->options);
  AssayFrame frame;
  int got = -EAGAIN;
  if (!assay_options_set (options, "size", "320x180", &error)
      || !assay_options_set (options, "format", fourcc, &error)
      || !assay_options_set (options, "fps", "60", &error))
    die (fourcc, error);
  AssayDevice *device = source->open (id, options, &error);
  if (device == NULL)
    die (fourcc, error);
  for (guint i = 0; controls[i] != NULL; i += 2)
    if (!source->set_control (device, controls[i], controls[i + 1], &error))
      die (controls[i], error);
  if (!source->start (device, &error))
    die (fourcc, error);
  for (guint i = 0; i < 100 && got == -EAGAIN; i++)
    got = source->next (device, 100, &frame);
  if (got == 0)
    *ret_shot = (Shot){ *source->get_format (device), g_memdup2 (frame.data, frame.n_bytes), frame.n_bytes };
  source->close (device);
  return got == 0;
}

/* --- the arithmetic of the standards, in doubles ----------------------------------------------------------------
 */

static double
to_linear (double v) /* ITU-R BT.2020-2, table 4, 12 bit */
{
  return v < 4.5 * 0.0181 ? v / 4.5 : pow ((v + 0.0993) / 1.0993, 1 / 0.45);
}

static double
from_linear (double v)
{
  return v < 0.0181 ? 4.5 * v : 1.0993 * pow (v, 0.45) - 0.0993;
}

/* Kr and Kb: BT.601, BT.709, BT.2020, SMPTE 240M. */
static void
weigh (guint encoding, double *kr, double *kb)
{
  static const double weights[][2] = { { 0.299, 0.114 }, { 0.2126, 0.0722 }, { 0.299, 0.114 },   { 0.2126, 0.0722 },
                                       { 0.299, 0.114 }, { 0.2627, 0.0593 }, { 0.2627, 0.0593 }, { 0.212, 0.087 } };
  *kr = weights[encoding - 1][0];
  *kb = weights[encoding - 1][1];
}

static void
compute (const guint8 yuv[3], guint encoding, gboolean full, double rgb[3])
{
  double y = full ? yuv[0] / 255.0 : (yuv[0] - 16) / 219.0, kr, kb;
  double u = (yuv[1] - 128) / (full ? 255.0 : 224.0), v = (yuv[2] - 128) / (full ? 255.0 : 224.0);
  weigh (encoding, &kr, &kb);
  rgb[0] = y + 2 * (1 - kr) * v;
  rgb[2] = y + 2 * (1 - kb) * u;
  rgb[1] = (y - kr * rgb[0] - kb * rgb[2]) / (1 - kr - kb);
  if (encoding == ASSAY_ENCODING_BT2020_CONST_LUM) /* table 5 */
    {
      rgb[0] = y + 2 * v * (v <= 0 ? 0.8591 : 0.4969);
      rgb[2] = y + 2 * u * (u <= 0 ? 0.9702 : 0.7910);
      rgb[1] = from_linear ((to_linear (y) - kr * to_linear (rgb[0]) - kb * to_linear (rgb[2])) / (1 - kr - kb));
    }
  for (guint c = 0; c < 3; c++)
    rgb[c] = CLAMP (rgb[c], 0, 1) * 255;
}

/* The range and encoding that V4L2's numbers mean, read off the kernel's documentation (colorspaces-defs.rst). */
static void
resolve (const AssayPixelFormat *pixels, guint *ret_encoding, gboolean *ret_full)
{
  guint space = pixels->colorspace;
  guint usual = space == ASSAY_COLORSPACE_REC709 || space == ASSAY_COLORSPACE_DCI_P3 ? ASSAY_ENCODING_709
                : space == ASSAY_COLORSPACE_BT2020                                   ? ASSAY_ENCODING_BT2020
                : space == ASSAY_COLORSPACE_SMPTE240M                                ? ASSAY_ENCODING_SMPTE240M
                                                                                     : ASSAY_ENCODING_601;
  *ret_encoding = pixels->ycbcr_encoding != 0 ? pixels->ycbcr_encoding : usual;
  *ret_full = pixels->quantization != 0 ? pixels->quantization == ASSAY_QUANTIZATION_FULL
                                        : space == ASSAY_COLORSPACE_JPEG;
}

/* The furthest that any channel of any pixel of a YUYV picture is from the arithmetic. */
static double
measure (const Shot *shot)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayPicture) picture
      = assay_colour_convert (&shot->format.pixels, shot->bytes, shot->n_bytes, &error);
  if (picture == NULL)
    die ("converting", error);
  guint encoding, step = picture->pixels == ASSAY_PIXELS_RGB16 ? 2 : 1;
  gboolean full;
  resolve (&shot->format.pixels, &encoding, &full);
  double furthest = 0;
  guint8 last[3] = { 0 };
  for (guint y = 0; y < picture->height_px; y++)
    for (guint x = 0; x < picture->width_px; x++)
      {
        const guint8 *pair = shot->bytes + (gsize) y * shot->format.pixels.bytes_per_line + x / 2 * 4;
        const guint8 yuv[3] = { pair[x % 2 * 2], pair[1], pair[3] };
        const guint8 *at = picture->data + y * picture->stride + (gsize) x * 3 * step;
        double rgb[3];
        if (x > 0 && memcmp (last, yuv, 3) == 0 && memcmp (at, at - 3 * step, 3 * step) == 0)
          continue;
        memcpy (last, yuv, 3);
        compute (yuv, encoding, full, rgb);
        for (guint c = 0; c < 3; c++)
          {
            double got = step == 1 ? at[c] : ((const guint16 *) (gconstpointer) at)[c] / 257.0;
            furthest = MAX (furthest, fabs (got - rgb[c]));
          }
      }
  return furthest;
}

/* The words of a menu of the device, for people: free the list. */
static GPtrArray *
list_menu (const char *id, const char *control)
{
  g_autoptr (GPtrArray) infos = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_device_info_free);
  assay_source_find ("v4l2")->probe (infos, NULL);
  GPtrArray *words = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < infos->len; i++)
    {
      const AssayDeviceInfo *info = infos->pdata[i];
      size_t k, n;
      json_t *each, *item;
      if (!g_str_equal (info->id, id))
        continue;
      json_array_foreach (json_object_get (info->details, "controls"), k,
                          each) if (g_str_equal (assay_json_get_string (each, "id"), control))
          json_array_foreach (json_object_get (each, "menu"), n, item)
              g_ptr_array_add (words, g_strdup (assay_json_get_string (item, "name")));
    }
  return words;
}

static void
sweep_colours (const char *id)
{
  static const char *const patterns[] = { "CSC Colorbar", "100% Red", "100% Colorbar", "100% White", "100% Blue" };
  g_autoptr (GPtrArray) spaces = list_menu (id, "colorspace"), encodings = list_menu (id, "y_cbcr_encoding"),
                        ranges = list_menu (id, "quantization");
  guint n = 0;
  double worst = 0;
  for (guint s = 0; s < spaces->len; s++)
    for (guint e = 0; e < encodings->len; e++)
      for (guint r = 0; r < ranges->len; r++)
        {
          const char *const controls[] = { "test_pattern",
                                           patterns[n++ % G_N_ELEMENTS (patterns)],
                                           "osd_text_mode",
                                           "None",
                                           "colorspace",
                                           spaces->pdata[s],
                                           "y_cbcr_encoding",
                                           encodings->pdata[e],
                                           "quantization",
                                           ranges->pdata[r],
                                           NULL };
          Shot shot;
          gboolean came = shoot (id, "YUYV", controls, &shot);
          double furthest = came ? measure (&shot) : 999;
          worst = MAX (worst, furthest);
          if (furthest > 1)
            {
              wrong++;
              printf ("%s, %s, %s, %s: %.2f\n", (char *) spaces->pdata[s], (char *) encodings->pdata[e],
                      (char *) ranges->pdata[r], controls[1], furthest);
            }
          if (came)
            g_free (shot.bytes);
        }
  const char *const usual[] = { "colorspace", "sRGB", "y_cbcr_encoding", "0", "quantization", "0", NULL };
  Shot shot;
  if (shoot (id, "YUYV", usual, &shot))
    g_free (shot.bytes);
  printf ("%u colour declarations, furthest %.3f\n", n, worst);
  wrong += n < 9 * 8 * 3;
}

/* --- formats ----------------------------------------------------------------------------------------------------
 */

/* Of the middle of bar `bar` of eight, 0 to 255; grey is grey. */
static void
read_bar (const AssayPicture *picture, guint bar, double rgb[3])
{
  guint channels = assay_pixels_channels (picture->pixels), bytes = assay_pixels_bytes (picture->pixels) / channels;
  guint x = (2 * bar + 1) * picture->width_px / 16, y = picture->height_px / 2;
  const guint8 *at = picture->data + y * picture->stride + (gsize) x * channels * bytes;
  for (guint c = 0; c < 3; c++)
    {
      guint k = channels == 1 ? 0 : c;
      rgb[c] = bytes == 1 ? at[k] : ((const guint16 *) (gconstpointer) at)[k] / 257.0;
    }
}

/* One step of the coarsest channel, and the rounding of matrix and range on both sides. */
static double
get_tolerance (const char *fourcc)
{
  static const struct
  {
    const char *names;
    double step;
  } coarse[] = { { " RGB1 ", 86 },
                 { " R444 AR12 XR12 RA12 RX12 AB12 XB12 GA12 BX12 ", 18 },
                 { " RGBP RGBR RGBO RGBQ AR15 XR15 RA15 RX15 AB15 XB15 BA15 BX15 AR15-BE XR15-BE ", 9 },
                 { " YUVO YUVP ", 24 }, /* one step of luma and of a colour difference, times the matrix */
                 { " Y444 ", 48 },
                 /* Half a step of hue is one degree; the driver's third of 256 is 85, and a sixth 42. */
                 { " HSV3 HSV4 ", 9 } };
  g_autofree char *word = g_strdup_printf (" %s ", fourcc);
  for (guint i = 0; i < G_N_ELEMENTS (coarse); i++)
    if (strstr (coarse[i].names, word) != NULL)
      return coarse[i].step;
  return 3;
}

/* The furthest of all bars, luma by these weights. */
static double
compare_by (const AssayPicture *picture, const AssayPicture *reference, double kr, double kb)
{
  gboolean grey = assay_pixels_channels (picture->pixels) == 1;
  double furthest = 0;
  for (guint bar = 0; bar < 8; bar++)
    {
      double got[3], wanted[3];
      read_bar (picture, bar, got);
      read_bar (reference, bar, wanted);
      double luma = kr * wanted[0] + (1 - kr - kb) * wanted[1] + kb * wanted[2];
      for (guint c = 0; c < 3; c++)
        furthest = MAX (furthest, fabs (got[c] - (grey ? luma : wanted[c])));
    }
  return furthest;
}

/* Grey is taken as it comes, so whichever weights the driver made it with are right. */
static double
compare (const AssayPicture *picture, const AssayPicture *reference)
{
  return MIN (compare_by (picture, reference, 0.299, 0.114), compare_by (picture, reference, 0.2126, 0.0722));
}

static GPtrArray *
list_fourccs (const char *id)
{
  g_autoptr (GPtrArray) infos = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_device_info_free);
  assay_source_find ("v4l2")->probe (infos, NULL);
  GPtrArray *fourccs = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < infos->len; i++)
    {
      const AssayDeviceInfo *info = infos->pdata[i];
      size_t k;
      json_t *each;
      if (g_str_equal (info->id, id))
        json_array_foreach (json_object_get (info->details, "formats"), k,
                            each) if (!g_ptr_array_find_with_equal_func (fourccs,
                                                                         assay_json_get_string (each, "fourcc"),
                                                                         g_str_equal, NULL))
            g_ptr_array_add (fourccs, g_strdup (assay_json_get_string (each, "fourcc")));
    }
  return fourccs;
}

/* `hue`: the word of the driver for how it scales it; NULL = as it stands. */
static AssayPicture *
picture_of (const char *id, const char *fourcc, const char *hue)
{
  const char *const controls[]
      = { "test_pattern", "75% Colorbar", "osd_text_mode", "None", hue != NULL ? "hsv_encoding" : NULL, hue, NULL };
  g_autoptr (GError) error = NULL;
  Shot shot;
  if (!shoot (id, fourcc, controls, &shot))
    return NULL;
  AssayPicture *picture = assay_colour_convert (&shot.format.pixels, shot.bytes, shot.n_bytes, &error);
  g_free (shot.bytes);
  if (picture == NULL)
    printf ("%s: %s\n", fourcc, error->message);
  return picture;
}

/* The furthest from the driver's own RGB; 999: no picture came. A format of hues in each way to scale them. */
static double
measure_format (const char *id, const char *fourcc, const AssayPicture *reference)
{
  g_autoptr (GPtrArray) hues = g_str_has_prefix (fourcc, "HSV") ? list_menu (id, "hsv_encoding") : NULL;
  guint n = hues != NULL ? hues->len : 1;
  double furthest = n > 0 ? 0 : 999; /* hues, and nothing that says how they are scaled */
  for (guint i = 0; i < n; i++)
    {
      /* The last first: until its control was changed once, the driver scales hue otherwise than the control says.
       */
      const char *hue = hues != NULL ? hues->pdata[n - 1 - i] : NULL;
      g_autoptr (AssayPicture) picture = picture_of (id, fourcc, hue);
      double far = picture != NULL ? compare (picture, reference) : 999;
      if (hue != NULL)
        printf ("%s of %s, %s: %.1f\n", fourcc, id, hue, far);
      furthest = MAX (furthest, far);
    }
  return furthest;
}

/* `seen`: those of other devices, which are not looked at again. */
static void
sweep_formats (const char *id, const AssayPicture *reference, GPtrArray *seen)
{
  g_autoptr (GPtrArray) fourccs = list_fourccs (id);
  guint shown = 0, known = 0;
  for (guint i = 0; i < fourccs->len; i++)
    {
      const char *fourcc = fourccs->pdata[i];
      if (g_ptr_array_find_with_equal_func (seen, fourcc, g_str_equal, NULL))
        {
          known++;
          continue;
        }
      g_ptr_array_add (seen, g_strdup (fourcc));
      double furthest = measure_format (id, fourcc, reference);
      shown += furthest < 999;
      if (furthest <= get_tolerance (fourcc))
        continue;
      wrong++;
      printf ("%s of %s: %.1f from the driver's own RGB\n", fourcc, id, furthest);
    }
  printf ("%s: %u formats, %u new ones as pictures\n", id, fourccs->len, shown);
  wrong += shown + known != fourccs->len || fourccs->len < 80;
}

int
main (int argc, char **argv)
{
  if (argc < 2)
    die ("colours DEVICE...", NULL);
  g_autoptr (AssayPicture) reference = picture_of (argv[1], "RGB3", NULL);
  if (reference == NULL)
    die ("RGB3", NULL);
  g_autoptr (GPtrArray) seen = g_ptr_array_new_with_free_func (g_free);
  for (int i = 1; i < argc; i++)
    sweep_formats (argv[i], reference, seen);
  sweep_colours (argv[1]);
  return wrong > 0 ? 1 : 0;
}
