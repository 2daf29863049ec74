/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/film-writer.h"

#include "core/error.h"
#include "core/film-raw.h"
#include "core/film.h"
#include "core/media.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <libavcodec/avcodec.h>

#include <cmocka.h>

#define WIDTH 64
#define HEIGHT 48
#define FIRST_NS G_GINT64_CONSTANT (81234567890123)

static const AssayFilmFormat yuyv
    = { .pixels = { .fourcc = ASSAY_FOURCC ('Y', 'U', 'Y', 'V'), .width_px = WIDTH, .height_px = HEIGHT },
        .fps = 30 };
static const AssayFilmFormat mjpeg
    = { .pixels = { .fourcc = ASSAY_FOURCC ('M', 'J', 'P', 'G'), .width_px = WIDTH, .height_px = HEIGHT },
        .fps = 30 };
static const AssayFilmFormat h264
    = { .pixels = { .fourcc = ASSAY_FOURCC ('H', '2', '6', '4'), .width_px = WIDTH, .height_px = HEIGHT },
        .fps = 30 };

/* A macro, so that `error` is read after what sets it. */
#define right(done, error)                                                                                         \
  do                                                                                                               \
    {                                                                                                              \
      if (!(done))                                                                                                 \
        fail_msg ("%s", (error) != NULL ? (error)->message : "it failed and did not say why");                     \
    }                                                                                                              \
  while (0)

/* --- frames of a camera --- */

static GBytes *
make_yuyv (guint number)
{
  gsize n = WIDTH * HEIGHT * 2;
  guint8 *data = g_malloc (n);
  for (gsize i = 0; i < n; i++)
    data[i] = (guint8) (i * (2 * number + 1) + number);
  return g_bytes_new_take (data, n);
}

static GBytes *
make_jpeg (guint number)
{
  g_autoptr (AssayPicture) picture = assay_picture_new (WIDTH, HEIGHT, ASSAY_PIXELS_RGB8);
  for (gsize i = 0; i < picture->stride * HEIGHT; i++)
    picture->data[i] = (guint8) (i / picture->stride * 3 + number * 11);
  return assay_picture_encode_jpeg (picture, 90, NULL);
}

/* Grey that rises by 8 a frame, a key frame with its parameter sets every tenth. NULL where libx264 is not. */
static GPtrArray *
make_h264 (guint n_frames)
{
  const AVCodec *codec = avcodec_find_encoder_by_name ("libx264");
  if (codec == NULL)
    return NULL;
  GPtrArray *frames = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  AVDictionary *options = NULL;
  AVCodecContext *encoder = avcodec_alloc_context3 (codec);
  AVFrame *frame = av_frame_alloc ();
  AVPacket *packet = av_packet_alloc ();
  encoder->width = frame->width = WIDTH;
  encoder->height = frame->height = HEIGHT;
  encoder->pix_fmt = AV_PIX_FMT_YUV420P;
  frame->format = AV_PIX_FMT_YUV420P;
  encoder->time_base = (AVRational){ 1, 30 };
  encoder->gop_size = 10;
  encoder->thread_count = 1;
  av_dict_set (&options, "tune", "zerolatency", 0);
  av_dict_set (&options, "x264-params", "log-level=-1:repeat-headers=1:keyint=10:scenecut=0", 0);
  assert_int_equal (avcodec_open2 (encoder, codec, &options), 0);
  assert_int_equal (av_frame_get_buffer (frame, 0), 0);
  for (guint i = 0; i < n_frames; i++)
    {
      assert_int_equal (av_frame_make_writable (frame), 0);
      memset (frame->data[0], 20 + 8 * (int) i, (gsize) frame->linesize[0] * HEIGHT);
      memset (frame->data[1], 128, (gsize) frame->linesize[1] * HEIGHT / 2);
      memset (frame->data[2], 128, (gsize) frame->linesize[2] * HEIGHT / 2);
      frame->pts = i;
      assert_int_equal (avcodec_send_frame (encoder, frame), 0);
      assert_int_equal (avcodec_receive_packet (encoder, packet), 0);
      g_ptr_array_add (frames, g_bytes_new (packet->data, (gsize) packet->size));
      av_packet_unref (packet);
    }
  av_dict_free (&options);
  av_packet_free (&packet);
  av_frame_free (&frame);
  avcodec_free_context (&encoder);
  return frames;
}

static GPtrArray *
make_frames (const AssayFilmFormat *format, guint n)
{
  if (format == &h264)
    return make_h264 (n);
  GPtrArray *frames = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (frames, format == &mjpeg ? make_jpeg (i) : make_yuyv (i));
  return frames;
}

/* --- writing them --- */

typedef struct
{
  char *folder, *path;
  GPtrArray *frames;
  GArray *pts_ns; /* as told when they were added */
  GArray *ends;   /* guint64: bytes of the file after each */
} Film;

static void
film_clear (Film *film)
{
  g_remove (film->path);
  g_rmdir (film->folder);
  g_free (film->folder);
  g_free (film->path);
  g_clear_pointer (&film->frames, g_ptr_array_unref);
  g_array_unref (film->pts_ns);
  g_array_unref (film->ends);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Film, film_clear)

static gint64
stamp_of (guint number)
{
  return FIRST_NS + number * G_GINT64_CONSTANT (33366700) + number % 3 * 211;
}

static AssayFilmWriter *
write_frames (Film *film, const AssayFilmFormat *format, guint n)
{
  g_autoptr (GError) error = NULL;
  film->folder = g_dir_make_tmp ("assay-film-writer-XXXXXX", NULL);
  film->path = g_strconcat (film->folder, "/camera-1.", assay_film_writer_type (format->pixels.fourcc), NULL);
  film->frames = make_frames (format, n);
  film->pts_ns = g_array_new (FALSE, FALSE, sizeof (gint64));
  film->ends = g_array_new (FALSE, FALSE, sizeof (guint64));
  if (film->frames == NULL)
    return NULL;
  AssayFilmWriter *writer = assay_film_writer_new (film->path, format, 0, &error);
  right (writer != NULL, error);
  for (guint i = 0; i < n; i++)
    {
      gsize n_bytes;
      gint64 pts_ns = -1;
      const guint8 *data = g_bytes_get_data (film->frames->pdata[i], &n_bytes);
      AssayFilmFrame frame = { data, n_bytes, stamp_of (i), 1000 + 2 * i, i };
      right (assay_film_writer_add (writer, &frame, &pts_ns, &error), error);
      g_array_append_val (film->pts_ns, pts_ns);
      guint64 end = assay_film_writer_get_bytes (writer);
      g_array_append_val (film->ends, end);
    }
  return writer;
}

static GBytes *
read_file (const char *path)
{
  char *data;
  gsize n;
  assert_true (g_file_get_contents (path, &data, &n, NULL));
  return g_bytes_new_take (data, n);
}

static void
assert_bytes_lie_in_order (const Film *film)
{
  g_autoptr (GBytes) file = read_file (film->path);
  gsize n;
  const guint8 *at = g_bytes_get_data (file, &n), *end = at + n;
  for (guint i = 0; i < film->frames->len; i++)
    {
      gsize n_bytes;
      const guint8 *frame = g_bytes_get_data (film->frames->pdata[i], &n_bytes);
      const guint8 *found = memmem (at, (gsize) (end - at), frame, n_bytes);
      assert_non_null (found);
      at = found + n_bytes;
    }
}

/* A reader finds the first `n` frames at the very times that the writer told, and can show them. */
static void
assert_times (const Film *film, guint n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayFilm) reader = assay_film_open (film->path, &error);
  right (reader != NULL, error);
  g_autoptr (GArray) list = assay_film_list_frames (reader, &error);
  assert_int_equal (list->len, n);
  for (guint i = 0; i < n; i++)
    assert_int_equal (g_array_index (list, gint64, i), g_array_index (film->pts_ns, gint64, i));
  /* Backwards, without an index too. */
  for (guint i = n; i > 0; i -= MIN (i, 3))
    {
      g_autoptr (AssayPicture) picture = assay_film_get_frame (reader, g_array_index (list, gint64, i - 1), &error);
      right (picture != NULL, error);
    }
}

static void
jpegs_of_a_camera_lie_in_the_film_byte_for_byte_at_the_times_told (void **state)
{
  g_auto (Film) film = { 0 };
  g_autoptr (GError) error = NULL;
  right (assay_film_writer_close (write_frames (&film, &mjpeg, 20), &error), error);
  assert_bytes_lie_in_order (&film);
  assert_times (&film, 20);
  /* Milliseconds, rounded: never further off than half of one. */
  for (guint i = 0; i < 20; i++)
    assert_true (ABS (g_array_index (film.pts_ns, gint64, i) - (stamp_of (i) - FIRST_NS)) <= 500000);
}

static void
h264_begins_at_a_key_frame_and_shows_every_picture (void **state)
{
  g_auto (Film) film = { 0 };
  g_autoptr (GError) error = NULL;
  AssayFilmWriter *writer = write_frames (&film, &h264, 25);
  if (writer == NULL)
    {
      printf ("# not run: libx264 is not installed\n");
      return;
    }
  right (assay_film_writer_close (writer, &error), error);
  assert_times (&film, 25);
  g_autoptr (AssayFilm) reader = assay_film_open (film.path, &error);
  right (reader != NULL, error);
  for (guint i = 0; i < 25; i++)
    {
      guint number = i * 7 % 25, grey = (20 + 8 * number - 16) * 255 / 219;
      g_autoptr (AssayPicture) picture
          = assay_film_get_frame (reader, g_array_index (film.pts_ns, gint64, number), &error);
      right (picture != NULL, error);
      assert_in_range (picture->data[picture->stride * 20 + 30], grey - 4, grey + 4);
    }
  /* Elsewhere a film cannot begin, and trying changes nothing. */
  gsize n_bytes;
  const guint8 *later = g_bytes_get_data (film.frames->pdata[3], &n_bytes);
  assert_false (assay_film_writer_can_begin (h264.pixels.fourcc, later, n_bytes));
  g_remove (film.path);
  writer = assay_film_writer_new (film.path, &h264, 0, NULL);
  AssayFilmFrame frame = { later, n_bytes, FIRST_NS, 0, 0 };
  assert_false (assay_film_writer_add (writer, &frame, NULL, &error));
  assert_true (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA));
  frame.data = g_bytes_get_data (film.frames->pdata[10], &frame.n_bytes);
  assert_true (assay_film_writer_add (writer, &frame, NULL, NULL));
  assert_true (assay_film_writer_close (writer, NULL));
}

static void
raw_frames_come_back_with_all_that_the_device_said_of_them (void **state)
{
  g_auto (Film) film = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  AssayFilmFormat unknown = { .pixels = { .fourcc = ASSAY_FOURCC ('?', 'x', '9', ' ') | 1u << 31,
                                          .width_px = WIDTH,
                                          .height_px = HEIGHT,
                                          .bytes_per_line = 131,
                                          .colorspace = 3,
                                          .ycbcr_encoding = 2,
                                          .quantization = 1,
                                          .transfer = 7 },
                              .fps = 29.97 },
                  read;
  right (assay_film_writer_close (write_frames (&film, &unknown, 12), &error), error);
  assert_bytes_lie_in_order (&film);
  int fd = open (film.path, O_RDONLY | O_CLOEXEC);
  right (assay_film_raw_read_format (fd, film.path, &read, &error), error);
  assert_memory_equal (&read.pixels, &unknown.pixels, sizeof read.pixels);
  assert_true (read.fps == unknown.fps);
  g_autoptr (GArray) frames = assay_film_raw_scan (fd, film.path, NULL, &error);
  assert_int_equal (frames->len, 12);
  for (guint i = 0; i < 12; i++)
    {
      const AssayFilmRawFrame *frame = &g_array_index (frames, AssayFilmRawFrame, i);
      assert_int_equal (frame->sequence, 1000 + 2 * i);
      assert_int_equal (frame->stamp_ns, stamp_of (i));
      assert_int_equal (frame->pts_ns, stamp_of (i) - FIRST_NS);
      assert_int_equal (frame->flags, i);
      right (assay_film_raw_read (fd, film.path, frame, bytes, &error), error);
      g_autoptr (GBytes) got = g_bytes_new (bytes->data, bytes->len);
      assert_true (g_bytes_equal (got, film.frames->pdata[i]));
    }
  close (fd);
}

static void
stamps_that_stand_still_or_go_back_still_give_each_frame_a_time_of_its_own (void **state)
{
  static const gint64 stamps[] = { 500, 500, 400, 3000000, 3000001, 2000000, 9000000 };
  const AssayFilmFormat *const formats[] = { &yuyv, &mjpeg };
  for (guint k = 0; k < 2; k++)
    {
      g_auto (Film) film = { 0 };
      g_autoptr (GError) error = NULL;
      assay_film_writer_free (write_frames (&film, formats[k], 7));
      g_remove (film.path);
      g_array_set_size (film.pts_ns, 0);
      AssayFilmWriter *writer = assay_film_writer_new (film.path, formats[k], 0, &error);
      for (guint i = 0; i < G_N_ELEMENTS (stamps); i++)
        {
          gint64 pts_ns;
          AssayFilmFrame frame = { .stamp_ns = stamps[i] };
          frame.data = g_bytes_get_data (film.frames->pdata[i], &frame.n_bytes);
          right (assay_film_writer_add (writer, &frame, &pts_ns, &error), error);
          assert_true (i == 0 || pts_ns > g_array_index (film.pts_ns, gint64, i - 1));
          g_array_append_val (film.pts_ns, pts_ns);
        }
      right (assay_film_writer_close (writer, &error), error);
      assert_times (&film, G_N_ELEMENTS (stamps));
    }
}

/* --- reading them again --- */

/* Start codes may be of three or four bytes: without them, what is between must be the same. */
static GBytes *
without_start_codes (const guint8 *data, gsize n)
{
  GByteArray *rest = g_byte_array_new ();
  for (gsize i = 0; i < n; i++)
    if (i + 2 < n && data[i] == 0 && data[i + 1] == 0 && data[i + 2] == 1)
      {
        while (rest->len > 0 && rest->data[rest->len - 1] == 0)
          g_byte_array_set_size (rest, rest->len - 1);
        i += 2;
      }
    else
      g_byte_array_append (rest, data + i, 1);
  return g_byte_array_free_to_bytes (rest);
}

static void
a_film_gives_back_the_bytes_of_the_camera_and_their_format (void **state)
{
  const AssayFilmFormat *const formats[] = { &yuyv, &mjpeg, &h264 };
  for (guint k = 0; k < G_N_ELEMENTS (formats); k++)
    {
      g_auto (Film) film = { 0 };
      g_autoptr (GError) error = NULL;
      AssayFilmFormat format;
      AssayFilmFrame frame;
      gint64 pts_ns;
      guint n = 0;
      AssayFilmWriter *writer = write_frames (&film, formats[k], 15);
      if (writer == NULL)
        continue;
      right (assay_film_writer_close (writer, &error), error);
      g_autoptr (AssayFilm) reader = assay_film_open (film.path, &error);
      right (reader != NULL, error);
      right (assay_film_get_format (reader, &format, &error), error);
      assert_memory_equal (&format.pixels, &formats[k]->pixels, sizeof format.pixels);
      assert_true (format.fps > 29.9 && format.fps < 30.1);
      for (; assay_film_next_bytes (reader, &frame, &pts_ns, &error); n++)
        {
          gsize n_bytes;
          const guint8 *data = g_bytes_get_data (film.frames->pdata[n], &n_bytes);
          g_autoptr (GBytes) before = k == 2 ? without_start_codes (data, n_bytes) : g_bytes_new (data, n_bytes);
          g_autoptr (GBytes) after
              = k == 2 ? without_start_codes (frame.data, frame.n_bytes) : g_bytes_new (frame.data, frame.n_bytes);
          assert_true (g_bytes_equal (before, after));
          assert_int_equal (pts_ns, g_array_index (film.pts_ns, gint64, n));
          assert_true (k != 2
                       || assay_film_writer_can_begin (h264.pixels.fourcc, frame.data, frame.n_bytes)
                              == (n % 10 == 0));
        }
      assert_null (error);
      assert_int_equal (n, 15);
    }
}

static GBytes *
drop_huffman_tables (GBytes *jpeg)
{
  gsize n;
  const guint8 *data = g_bytes_get_data (jpeg, &n);
  GByteArray *out = g_byte_array_new ();
  gsize at = 2, dropped = 0;
  g_byte_array_append (out, data, 2);
  while (data[at + 1] != 0xda)
    {
      gsize length = 2 + ((gsize) data[at + 2] << 8 | data[at + 3]);
      if (data[at + 1] != 0xc4)
        g_byte_array_append (out, data + at, (guint) length);
      else
        dropped++;
      at += length;
    }
  g_byte_array_append (out, data + at, (guint) (n - at));
  assert_true (dropped > 0);
  return g_byte_array_free_to_bytes (out);
}

/* What webcams do: no Huffman tables, a frame cut short, and garbage. Each costs itself at most. */
static void
damaged_jpegs_cost_themselves_and_no_other_frame (void **state)
{
  g_auto (Film) film = { 0 };
  g_autoptr (GError) error = NULL;
  assay_film_writer_free (write_frames (&film, &mjpeg, 6));
  g_remove (film.path);
  g_autoptr (GBytes) plain = g_bytes_ref (film.frames->pdata[1]);
  g_autoptr (GBytes) bare = drop_huffman_tables (plain);
  g_autoptr (GBytes) cut
      = g_bytes_new_from_bytes (film.frames->pdata[2], 0, g_bytes_get_size (film.frames->pdata[2]) - 60);
  g_autoptr (GBytes) garbage = g_bytes_new_static ("this is no JPEG at all", 22);
  GBytes *const given[] = { garbage, bare, cut, garbage, film.frames->pdata[4] };
  AssayFilmWriter *writer = assay_film_writer_new (film.path, &mjpeg, 0, &error);
  for (guint i = 0; i < G_N_ELEMENTS (given); i++)
    {
      AssayFilmFrame frame = { .stamp_ns = i * G_GINT64_CONSTANT (40000000) };
      frame.data = g_bytes_get_data (given[i], &frame.n_bytes);
      right (assay_film_writer_add (writer, &frame, NULL, &error), error);
    }
  right (assay_film_writer_close (writer, &error), error);
  g_autoptr (AssayFilm) reader = assay_film_open (film.path, &error);
  right (reader != NULL, error);
  assert_int_equal (assay_film_get_facts (reader)->n_frames, G_N_ELEMENTS (given));
  assert_int_equal (assay_film_get_facts (reader)->width_px, WIDTH);
  g_autoptr (AssayPicture) still
      = assay_picture_decode (g_bytes_get_data (plain, NULL), g_bytes_get_size (plain), &error);
  for (guint i = 0; i < G_N_ELEMENTS (given); i++)
    {
      g_autoptr (GError) why = NULL, why_here = NULL;
      gint64 pts_ns = -1;
      g_autoptr (AssayPicture) next = assay_film_next (reader, &pts_ns, &why);
      assert_true ((next == NULL) == (given[i] == garbage));
      assert_true (next != NULL ? pts_ns == i * 40000000
                                : g_error_matches (why, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA));
      assert_true ((next != NULL && next->warning != NULL) == (given[i] == cut));
      if (given[i] == bare) /* the very pixels of the file that has them */
        assert_memory_equal (next->data, still->data, still->stride * HEIGHT);
    }
  for (guint i = G_N_ELEMENTS (given); i-- > 0;)
    {
      g_autoptr (GError) why = NULL;
      g_autoptr (AssayPicture) here = assay_film_get_frame (reader, i * G_GINT64_CONSTANT (40000000), &why);
      assert_true ((here == NULL) == (given[i] == garbage));
      assert_true (here != NULL || g_error_matches (why, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA));
    }
}

static void
a_raw_film_is_media_and_shows_its_frames_at_their_full_depth (void **state)
{
  g_auto (Film) film = { 0 };
  g_autoptr (GError) error = NULL;
  AssayMediaFacts facts;
  /* Ten bits in two bytes: the bytes that make_yuyv () gives, read as such. */
  AssayFilmFormat ten = yuyv;
  ten.pixels.fourcc = ASSAY_FOURCC ('Y', '1', '0', ' ');
  right (assay_film_writer_close (write_frames (&film, &ten, 7), &error), error);
  right (assay_media_probe (film.path, &facts, &error), error);
  assert_string_equal (facts.type, "film");
  assert_int_equal (facts.kind, ASSAY_MEDIA_FILM);
  assert_int_equal (facts.width_px, WIDTH);
  assert_int_equal (facts.n_frames, 7);
  assert_int_equal (facts.duration_ns, g_array_index (film.pts_ns, gint64, 6) + 33333333);
  assert_times (&film, 7);
  g_autoptr (AssayFilm) reader = assay_film_open (film.path, &error);
  for (guint k = 0; k < 14; k++)
    {
      guint i = k < 7 ? k : k * 5 % 7;
      gint64 pts_ns = g_array_index (film.pts_ns, gint64, i), shown_ns = pts_ns;
      g_autoptr (AssayPicture) picture
          = k < 7 ? assay_film_next (reader, &shown_ns, &error) : assay_film_get_frame (reader, pts_ns, &error);
      right (picture != NULL, error);
      const guint8 *data = g_bytes_get_data (film.frames->pdata[i], NULL);
      assert_int_equal (picture->pixels, ASSAY_PIXELS_GREY16);
      assert_int_equal (shown_ns, pts_ns);
      for (guint x = 0; x < WIDTH; x++)
        assert_int_equal (((const guint16 *) (gconstpointer) picture->data)[x],
                          ((data[2 * x] | data[2 * x + 1] << 8) << 6 & 0xffff));
    }
  assert_null (assay_film_get_frame (reader, 1, &error));
  assert_true (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND));
}

/* --- what a killed writer left --- */

static guint
whole_frames (const Film *film, guint64 bytes)
{
  guint n = 0;
  while (n < film->ends->len && g_array_index (film->ends, guint64, n) <= bytes)
    n++;
  return n;
}

/* The film is cut at every `step`th byte, as a killed writer or a torn disk leaves it, and mended. */
static void
assert_mended_wherever_it_is_cut (const AssayFilmFormat *format, guint step)
{
  g_auto (Film) film = { 0 };
  g_autoptr (GError) error = NULL;
  AssayFilmWriter *writer = write_frames (&film, format, 8);
  assay_film_writer_free (writer); /* as if killed: neither index nor length are written */
  g_autoptr (GBytes) whole = read_file (film.path);
  gsize n;
  const char *data = g_bytes_get_data (whole, &n);
  assert_int_equal (n, g_array_index (film.ends, guint64, 7));
  for (gsize cut = 0; cut <= n; cut = cut == n ? n + 1 : MIN (cut + step, n))
    {
      guint frames = whole_frames (&film, cut);
      guint64 found = 99, lost = 0;
      g_clear_error (&error);
      assert_true (g_file_set_contents (film.path, data, (gssize) cut, NULL));
      gboolean mended = assay_film_repair (film.path, &found, &lost, &error);
      if (!mended)
        {
          assert_true (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA));
          assert_int_equal (frames, 0);
          continue;
        }
      /* Padding that is missing behind the last frame takes nothing from it. */
      if (found != frames)
        assert_true (format == &yuyv && found == frames + 1 && lost == 0);
      assert_times (&film, (guint) found);
      assert_true (lost < g_array_index (film.ends, guint64, 1));
      /* And then it is in order: a second time changes no byte. */
      g_autoptr (GBytes) once = read_file (film.path);
      assert_true (assay_film_repair (film.path, &found, &lost, NULL));
      g_autoptr (GBytes) twice = read_file (film.path);
      assert_true (g_bytes_equal (once, twice) && lost == 0);
    }
}

static void
a_raw_film_cut_anywhere_is_mended_to_its_whole_frames (void **state)
{
  assert_mended_wherever_it_is_cut (&yuyv, 211);
}

static void
a_jpeg_film_cut_anywhere_is_mended_to_its_whole_frames (void **state)
{
  assert_mended_wherever_it_is_cut (&mjpeg, 37);
}

static void
an_h264_film_cut_anywhere_is_mended_to_its_whole_frames (void **state)
{
  if (avcodec_find_encoder_by_name ("libx264") == NULL)
    printf ("# not run: libx264 is not installed\n");
  else
    assert_mended_wherever_it_is_cut (&h264, 19);
}

static void
a_finished_film_is_in_order_and_stays_as_it_is (void **state)
{
  const AssayFilmFormat *const formats[] = { &yuyv, &mjpeg };
  for (guint k = 0; k < 2; k++)
    {
      g_auto (Film) film = { 0 };
      g_autoptr (GError) error = NULL;
      guint64 frames = 0, lost = 99;
      right (assay_film_writer_close (write_frames (&film, formats[k], 9), &error), error);
      g_autoptr (GBytes) before = read_file (film.path);
      right (assay_film_repair (film.path, &frames, &lost, &error), error);
      g_autoptr (GBytes) after = read_file (film.path);
      assert_int_equal (frames, 9);
      assert_int_equal (lost, 0);
      assert_true (g_bytes_equal (before, after));
    }
}

/* A power cut can leave pages that were never written as zeros: the frame is lost, those around it are not. */
static void
a_hole_in_a_raw_film_costs_the_frames_that_it_hit_and_no_other (void **state)
{
  g_auto (Film) film = { 0 };
  g_autoptr (GError) error = NULL;
  guint64 found = 0, lost = 0;
  static const guint8 zeros[4096];
  right (assay_film_writer_close (write_frames (&film, &yuyv, 9), &error), error);
  int fd = open (film.path, O_RDWR | O_CLOEXEC);
  /* The end of frame 2 and the header of frame 3; then pixels in the middle of frame 6. */
  guint64 end = g_array_index (film.ends, guint64, 2);
  assert_int_equal (pwrite (fd, zeros, 1024, (off_t) end - 512), 1024);
  assert_int_equal (pwrite (fd, zeros, 2048, (off_t) g_array_index (film.ends, guint64, 5) + 1000), 2048);
  right (assay_film_repair (film.path, &found, &lost, &error), error);
  assert_int_equal (found, 6);
  assert_int_equal (lost, 0);
  g_autoptr (GArray) frames = assay_film_raw_scan (fd, film.path, NULL, &error);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint damaged = 0;
  assert_int_equal (frames->len, 8); /* all but 3, which has no header any more */
  for (guint i = 0; i < frames->len; i++)
    {
      const AssayFilmRawFrame *frame = &g_array_index (frames, AssayFilmRawFrame, i);
      g_autoptr (GError) why = NULL;
      if (assay_film_raw_read (fd, film.path, frame, bytes, &why))
        continue;
      assert_true (g_error_matches (why, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA));
      assert_true (frame->sequence == 1004 || frame->sequence == 1012);
      damaged++;
    }
  assert_int_equal (damaged, 2);
  close (fd);
}

static void
a_film_never_replaces_a_file_and_gives_back_what_it_set_aside (void **state)
{
  g_auto (Film) film = { 0 };
  g_autoptr (GError) error = NULL;
  struct stat about;
  right (assay_film_writer_close (write_frames (&film, &yuyv, 2), &error), error);
  assert_null (assay_film_writer_new (film.path, &yuyv, 0, &error));
  assert_true (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_CONFLICT));
  g_clear_error (&error);
  g_remove (film.path);
  AssayFilmWriter *writer = assay_film_writer_new (film.path, &yuyv, 8 << 20, &error);
  right (writer != NULL, error);
  assert_int_equal (g_stat (film.path, &about), 0);
  gboolean set_aside = about.st_blocks * 512 >= 8 << 20;
  right (assay_film_writer_close (writer, &error), error);
  assert_int_equal (g_stat (film.path, &about), 0);
  assert_true (about.st_blocks * 512 < 1 << 20);
  if (!set_aside)
    printf ("# this file system sets nothing aside\n");
}

/* --- a full disk --- */

static char *
mount_small_disk (void)
{
  char *place = g_dir_make_tmp ("assay-full-XXXXXX", NULL);
  gboolean alone = unshare (CLONE_NEWNS) == 0 || unshare (CLONE_NEWUSER | CLONE_NEWNS) == 0;
  if (alone && mount ("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0
      && mount ("tmpfs", place, "tmpfs", 0, "size=256k") == 0)
    return place;
  printf ("# not run: a small disk cannot be mounted here (%s); run it as root\n", g_strerror (errno));
  g_rmdir (place);
  g_free (place);
  return NULL;
}

static void
a_full_disk_is_said_and_every_frame_before_it_can_be_read (void **state)
{
  g_autofree char *disk = mount_small_disk ();
  if (disk == NULL)
    return;
  const AssayFilmFormat *const formats[] = { &yuyv, &mjpeg };
  for (guint k = 0; k < 2; k++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *path = g_strdup_printf ("%s/film-%u", disk, k);
      g_autoptr (GPtrArray) frames = make_frames (formats[k], 1);
      AssayFilmWriter *writer = assay_film_writer_new (path, formats[k], 0, &error);
      right (writer != NULL, error);
      AssayFilmFrame frame = { 0 };
      guint64 added = 0, found = 0, lost = 99;
      frame.data = g_bytes_get_data (frames->pdata[0], &frame.n_bytes);
      for (; assay_film_writer_add (writer, &frame, NULL, &error); added++)
        frame.stamp_ns += 40000000;
      assert_true (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NO_SPACE));
      assert_non_null (strstr (error->message, path));
      assert_true (added > 10);
      assert_true (assay_film_writer_close (writer, NULL));
      /* Readable as it is; mending Matroska wants space, and there is none. */
      AssayFilmFacts facts;
      assert_true (assay_film_probe (path, &facts, NULL));
      assert_int_equal (facts.n_frames, added);
      if (formats[k] == &yuyv)
        {
          assert_true (assay_film_repair (path, &found, &lost, NULL));
          assert_int_equal (found, added);
          assert_int_equal (lost, 0);
        }
      g_autoptr (GError) aside = NULL;
      g_autofree char *other = g_strdup_printf ("%s/other", disk);
      assert_null (assay_film_writer_new (other, formats[k], 1 << 20, &aside));
      assert_true (g_error_matches (aside, ASSAY_ERROR, ASSAY_ERROR_NO_SPACE));
      assert_false (g_file_test (other, G_FILE_TEST_EXISTS));
      g_remove (path);
    }
  umount (disk);
  g_rmdir (disk);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (jpegs_of_a_camera_lie_in_the_film_byte_for_byte_at_the_times_told),
    cmocka_unit_test (h264_begins_at_a_key_frame_and_shows_every_picture),
    cmocka_unit_test (raw_frames_come_back_with_all_that_the_device_said_of_them),
    cmocka_unit_test (stamps_that_stand_still_or_go_back_still_give_each_frame_a_time_of_its_own),
    cmocka_unit_test (a_film_gives_back_the_bytes_of_the_camera_and_their_format),
    cmocka_unit_test (damaged_jpegs_cost_themselves_and_no_other_frame),
    cmocka_unit_test (a_raw_film_is_media_and_shows_its_frames_at_their_full_depth),
    cmocka_unit_test (a_raw_film_cut_anywhere_is_mended_to_its_whole_frames),
    cmocka_unit_test (a_jpeg_film_cut_anywhere_is_mended_to_its_whole_frames),
    cmocka_unit_test (an_h264_film_cut_anywhere_is_mended_to_its_whole_frames),
    cmocka_unit_test (a_finished_film_is_in_order_and_stays_as_it_is),
    cmocka_unit_test (a_hole_in_a_raw_film_costs_the_frames_that_it_hit_and_no_other),
    cmocka_unit_test (a_film_never_replaces_a_file_and_gives_back_what_it_set_aside),
    cmocka_unit_test (a_full_disk_is_said_and_every_frame_before_it_can_be_read),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
