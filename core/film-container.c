/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Films of others, and our own Matroska: read by libavformat and libavcodec. Pictures of MJPEG are decoded as stills are
 * (core/picture-jpeg.c), so that a frame has the same pixels in a film and in a file, and a damaged one is told of. */
#include "core/film-private.h"

#include "core/error.h"

#include <errno.h>
#include <string.h>

#include <libavcodec/avcodec.h>
#include <libavcodec/bsf.h>
#include <libavformat/avformat.h>
#include <libavutil/display.h>
#include <libswscale/swscale.h>

/* One frame as its packet announces it. */
typedef struct
{
  gint64 pts; /* in the stream's time base */
  gboolean key;
} Stamp;

typedef struct
{
  char *path;
  AVFormatContext *container;
  AVCodecContext *decoder;
  AVStream *stream;
  struct SwsContext *converter;
  AVPacket *packet;
  AVFrame *frame;
  GArray *stamps;     /* of Stamp, in showing order, no two the same */
  guint orientation;  /* EXIF's number for the display matrix of phones */
  gint64 shown_pts;   /* of the last frame given; AV_NOPTS_VALUE = at the start */
  gboolean unordered; /* stamps tell the order of decoding, not of showing: see name_frame () */
  gboolean is_jpeg;   /* its frames are whole JPEG files */
  int next_index;     /* unordered: of the next frame in showing order; -1 = unknown before the first key frame */
  gboolean draining;
  AVBSFContext *annex_b; /* of next_bytes: H.264 as cameras give it */
  AssayFilmFacts facts;
} Container;

static void
set_av_error (GError **error, int code, const char *path, const char *what)
{
  char text[AV_ERROR_MAX_STRING_SIZE] = "";
  if (code == AVERROR (ENOENT) || code == AVERROR (EACCES) || code == AVERROR (EIO))
    {
      assay_error_set_errno (error, AVUNERROR (code), "reading %s", path);
      return;
    }
  av_strerror (code, text, sizeof text);
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA, "reading %s: %s: %s", path, what, text);
}

static void
container_free (gpointer data)
{
  Container *film = data;
  if (film == NULL)
    return;
  sws_freeContext (film->converter);
  av_frame_free (&film->frame);
  av_packet_free (&film->packet);
  avcodec_free_context (&film->decoder);
  av_bsf_free (&film->annex_b);
  avformat_close_input (&film->container);
  g_clear_pointer (&film->stamps, g_array_unref);
  g_free (film->path);
  g_free (film);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Container, container_free)

static const char *
type_of (const AVInputFormat *format)
{
  if (strstr (format->name, "matroska") != NULL)
    return "mkv";
  return g_str_equal (format->name, "avi") ? "avi" : "mp4";
}

/* Containers that hold their own frames: playlists and the like could make the reader open other files. */
static gboolean
open_container (Container *film, GError **error)
{
  AVDictionary *options = NULL;
  av_dict_set (&options, "format_whitelist", "mov,mp4,matroska,webm,avi", 0);
  av_dict_set (&options, "protocol_whitelist", "file", 0);
  g_autofree char *url = g_strconcat ("file:", film->path, NULL);
  int code = avformat_open_input (&film->container, url, NULL, &options);
  av_dict_free (&options);
  if (code < 0)
    {
      set_av_error (error, code, film->path, "it is no MP4, MKV or AVI film, or was cut off while it was written");
      return FALSE;
    }
  code = avformat_find_stream_info (film->container, NULL);
  if (code < 0)
    {
      set_av_error (error, code, film->path, "its streams cannot be told");
      return FALSE;
    }
  return TRUE;
}

static gboolean
open_decoder (Container *film, GError **error)
{
  const AVCodec *codec = NULL;
  int stream = av_find_best_stream (film->container, AVMEDIA_TYPE_VIDEO, -1, -1, &codec, 0);
  if (stream < 0 || codec == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED, "reading %s: %s", film->path,
                   stream == AVERROR_DECODER_NOT_FOUND
                       ? "no decoder for its pictures is installed; convert it to H.264"
                       : "there are no moving pictures in it");
      return FALSE;
    }
  film->stream = film->container->streams[stream];
  for (guint i = 0; i < film->container->nb_streams; i++)
    if ((int) i != stream)
      film->container->streams[i]->discard = AVDISCARD_ALL;
  film->decoder = avcodec_alloc_context3 (codec);
  film->decoder->max_pixels = (gint64) ASSAY_PICTURE_MAX_SIDE_PX * ASSAY_PICTURE_MAX_SIDE_PX;
  film->decoder->thread_count = 0;
  int code = avcodec_parameters_to_context (film->decoder, film->stream->codecpar);
  if (code >= 0)
    code = avcodec_open2 (film->decoder, codec, NULL);
  if (code < 0)
    set_av_error (error, code, film->path, "its decoder does not start");
  return code >= 0;
}

/* Phones store films as the sensor stands and add a turn. */
static guint
orientation_of (const AVStream *stream)
{
  const guint8 *matrix = av_stream_get_side_data (stream, AV_PKT_DATA_DISPLAYMATRIX, NULL);
  if (matrix == NULL)
    return 1;
  double counterclockwise_deg = av_display_rotation_get ((const int32_t *) (gconstpointer) matrix);
  if (counterclockwise_deg > 45 && counterclockwise_deg < 135)
    return 8;
  if (counterclockwise_deg < -45 && counterclockwise_deg > -135)
    return 6;
  return counterclockwise_deg >= 135 || counterclockwise_deg <= -135 ? 3 : 1;
}

static int
compare_stamps (gconstpointer a, gconstpointer b)
{
  gint64 left = ((const Stamp *) a)->pts, right = ((const Stamp *) b)->pts;
  return (left > right) - (left < right);
}

static gint64
to_ns (const Container *film, gint64 pts)
{
  return av_rescale_q (pts - g_array_index (film->stamps, Stamp, 0).pts, film->stream->time_base,
                       (AVRational){ 1, 1000000000 });
}

static gboolean
is_shown (const Container *film)
{
  const AVPacket *packet = film->packet;
  return packet->stream_index == film->stream->index && (packet->flags & AV_PKT_FLAG_DISCARD) == 0
         && (packet->pts != AV_NOPTS_VALUE || packet->dts != AV_NOPTS_VALUE);
}

static gint64
packet_stamp (const AVPacket *packet)
{
  return packet->pts != AV_NOPTS_VALUE ? packet->pts : packet->dts;
}

/* The size of frames is what the first JPEG file that can be read says. Interlaced films have two of half the height
 * in a packet, which libavcodec weaves together. */
static void
measure_jpeg (Container *film)
{
  AssayPictureFacts jpeg;
  if (!assay_picture_codec_jpeg.probe (film->packet->data, (gsize) film->packet->size, &jpeg, NULL)
      || (gint64) jpeg.height_px * 2 <= film->decoder->height + 1)
    return;
  film->is_jpeg = TRUE;
  film->decoder->width = (int) jpeg.width_px;
  film->decoder->height = (int) jpeg.height_px;
}

/* Reads every packet once: what containers claim about their length is often wrong. `ret_last_duration`: of the frame that
 * is shown last. */
static int
read_stamps (Container *film, gint64 *ret_last_duration)
{
  gint64 last_pts = G_MININT64;
  gboolean ordered = FALSE;
  int code;
  *ret_last_duration = 0;
  while ((code = av_read_frame (film->container, film->packet)) >= 0)
    {
      if (is_shown (film))
        {
          Stamp stamp = { packet_stamp (film->packet), (film->packet->flags & AV_PKT_FLAG_KEY) != 0 };
          ordered |= stamp.pts != film->packet->dts;
          if (film->decoder->codec_id == AV_CODEC_ID_MJPEG && !film->is_jpeg)
            measure_jpeg (film);
          g_array_append_val (film->stamps, stamp);
          if (stamp.pts >= last_pts)
            *ret_last_duration = film->packet->duration;
          last_pts = MAX (last_pts, stamp.pts);
        }
      av_packet_unref (film->packet);
    }
  film->unordered = !ordered && film->decoder->has_b_frames > 0;
  return code;
}

/* The heads of a recording's clusters tell the same, in a fiftieth of the time. */
static gboolean
list_clusters (Container *film, gint64 *ret_last_duration)
{
  const AVRational *base = &film->stream->time_base, *rate = &film->stream->avg_frame_rate;
  if (film->decoder->codec_id != AV_CODEC_ID_MJPEG || film->container->nb_streams != 1 || base->num != 1
      || base->den != 1000 || !g_str_equal (type_of (film->container->iformat), "mkv"))
    return FALSE;
  g_autoptr (GArray) list = assay_film_matroska_list (film->path);
  for (guint tries = 0; list != NULL && tries < 100 && !film->is_jpeg; tries++)
    {
      if (av_read_frame (film->container, film->packet) < 0)
        break;
      measure_jpeg (film);
      av_packet_unref (film->packet);
    }
  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      Stamp stamp = { g_array_index (list, gint64, i), TRUE };
      g_array_append_val (film->stamps, stamp);
    }
  *ret_last_duration = rate->num > 0 ? (gint64) (1000 * (double) rate->den / rate->num) : 0;
  return list != NULL;
}

static gboolean
list_stamps (Container *film, GError **error)
{
  gint64 last_duration;
  int code = list_clusters (film, &last_duration) ? 0 : read_stamps (film, &last_duration);
  if (film->stamps->len == 0)
    {
      set_av_error (error, code, film->path, "there is no frame in it");
      return FALSE;
    }
  g_array_sort (film->stamps, compare_stamps);
  guint kept = 1;
  for (guint i = 1; i < film->stamps->len; i++)
    if (g_array_index (film->stamps, Stamp, i).pts != g_array_index (film->stamps, Stamp, kept - 1).pts)
      g_array_index (film->stamps, Stamp, kept++) = g_array_index (film->stamps, Stamp, i);
  g_array_set_size (film->stamps, kept);
  film->facts.n_frames = kept;
  film->facts.duration_ns
      = to_ns (film, g_array_index (film->stamps, Stamp, kept - 1).pts + MAX (last_duration, 0));
  return TRUE;
}

/* Puts the reader at or before the key frame with stamp `pts`; the next frame decoded may be an earlier one. */
static gboolean
go_to (Container *film, gint64 pts, GError **error)
{
  int code = av_seek_frame (film->container, film->stream->index, pts, AVSEEK_FLAG_BACKWARD);
  if (code < 0)
    code = avformat_seek_file (film->container, film->stream->index, G_MININT64, G_MININT64, pts, 0);
  if (code < 0)
    {
      set_av_error (error, code, film->path, "cannot go to a frame");
      return FALSE;
    }
  avcodec_flush_buffers (film->decoder);
  film->draining = FALSE;
  film->shown_pts = AV_NOPTS_VALUE;
  film->next_index = -1;
  return TRUE;
}

static gpointer
open_film (const char *path, AssayFilmFacts *ret_facts, GError **error)
{
  av_log_set_level (AV_LOG_QUIET);
  g_autoptr (Container) film = g_new0 (Container, 1);
  film->path = g_strdup (path);
  film->packet = av_packet_alloc ();
  film->frame = av_frame_alloc ();
  film->stamps = g_array_new (FALSE, FALSE, sizeof (Stamp));
  if (!open_container (film, error) || !open_decoder (film, error) || !list_stamps (film, error)
      || !go_to (film, g_array_index (film->stamps, Stamp, 0).pts, error))
    return NULL;
  film->orientation = orientation_of (film->stream);
  gboolean turned = film->orientation >= 5;
  film->facts.type = type_of (film->container->iformat);
  film->facts.width_px = (guint) (turned ? film->decoder->height : film->decoder->width);
  film->facts.height_px = (guint) (turned ? film->decoder->width : film->decoder->height);
  film->facts.stream = (guint) film->stream->index;
  g_strlcpy (film->facts.codec, avcodec_get_name (film->decoder->codec_id), sizeof film->facts.codec);
  *ret_facts = film->facts;
  return g_steal_pointer (&film);
}

static GArray *
list_frames (gpointer reader, GError **error)
{
  const Container *film = reader;
  GArray *list = g_array_sized_new (FALSE, FALSE, sizeof (gint64), film->stamps->len);
  for (guint i = 0; i < film->stamps->len; i++)
    {
      gint64 pts_ns = to_ns (film, g_array_index (film->stamps, Stamp, i).pts);
      g_array_append_val (list, pts_ns);
    }
  return list;
}

/* Hands the decoder one more packet, or tells it that there are no more. A damaged packet costs its own frames
 * only. */
static gboolean
feed (Container *film)
{
  if (film->draining)
    return FALSE;
  if (av_read_frame (film->container, film->packet) < 0)
    {
      film->draining = TRUE;
      avcodec_send_packet (film->decoder, NULL);
      return TRUE;
    }
  if (film->packet->stream_index == film->stream->index)
    avcodec_send_packet (film->decoder, film->packet);
  av_packet_unref (film->packet);
  return TRUE;
}

static int
find_stamp (const Container *film, gint64 pts)
{
  guint at;
  Stamp wanted = { .pts = pts };
  return g_array_binary_search (film->stamps, &wanted, compare_stamps, &at) ? (int) at : -1;
}

/* The stamp of the decoded frame. Some writers give B-frames stamps in the order of decoding; then the n-th frame
 * shown has the n-th stamp, counted from the last key frame, where both orders meet. FALSE while that is not known.
 */
static gboolean
name_frame (Container *film, gint64 *ret_pts)
{
  gint64 pts = film->frame->pts != AV_NOPTS_VALUE ? film->frame->pts : film->frame->pkt_dts;
  if (film->unordered)
    {
      if (film->frame->key_frame)
        film->next_index = find_stamp (film, pts);
      if (film->next_index < 0 || (guint) film->next_index >= film->stamps->len)
        return FALSE;
      pts = g_array_index (film->stamps, Stamp, film->next_index++).pts;
    }
  *ret_pts = pts;
  return TRUE;
}

/* The next packet of the film's stream into film->packet; FALSE at the end. */
static gboolean
read_packet (Container *film, gint64 *ret_pts)
{
  do
    {
      av_packet_unref (film->packet);
      if (av_read_frame (film->container, film->packet) < 0)
        return FALSE;
    }
  while (!is_shown (film));
  *ret_pts = packet_stamp (film->packet);
  return TRUE;
}

/* The next frame of the decoder into film->frame (of a JPEG film into film->packet) and its stamp; FALSE at the end. */
static gboolean
decode_one (Container *film, gint64 *ret_pts)
{
  if (film->is_jpeg)
    {
      gboolean more = read_packet (film, ret_pts);
      film->shown_pts = more ? *ret_pts : film->shown_pts;
      return more;
    }
  for (;;)
    {
      int code = avcodec_receive_frame (film->decoder, film->frame);
      if (code == 0 && name_frame (film, ret_pts))
        {
          film->shown_pts = *ret_pts;
          return TRUE;
        }
      if (code != 0 && (code == AVERROR_EOF || !feed (film)))
        return FALSE;
    }
}

static AssayPicture *
decode_jpeg (Container *film, GError **error)
{
  const AVPacket *packet = film->packet;
  gint64 pts_ns = to_ns (film, packet_stamp (packet));
  AssayPicture *picture
      = assay_picture_codec_jpeg.decode (packet->data, (gsize) packet->size, 0, error);
  if (picture == NULL)
    {
      g_prefix_error (error, "reading %s: the frame at %" G_GINT64_FORMAT " ns: ", film->path, pts_ns);
      return NULL;
    }
  if ((int) picture->width_px == film->decoder->width && (int) picture->height_px == film->decoder->height)
    return picture;
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
               "reading %s: the frame at %" G_GINT64_FORMAT " ns has %u x %u pixels where the film has %d x %d",
               film->path, pts_ns, picture->width_px, picture->height_px, film->decoder->width, film->decoder->height);
  assay_picture_unref (picture);
  return NULL;
}

/* Exact flags, so that a frame has the same bytes on every machine. */
static AssayPicture *
convert (Container *film, GError **error)
{
  const AVFrame *frame = film->frame;
  const int flags = SWS_BILINEAR | SWS_ACCURATE_RND | SWS_BITEXACT | SWS_FULL_CHR_H_INT;
  g_autoptr (AssayPicture) picture
      = assay_picture_new ((guint) frame->width, (guint) frame->height, ASSAY_PIXELS_RGB8);
  film->converter = sws_getCachedContext (film->converter, frame->width, frame->height, frame->format, frame->width,
                                          frame->height, AV_PIX_FMT_RGB24, flags, NULL, NULL, NULL);
  if (picture == NULL || film->converter == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
                   "reading %s: frames of %d x %d pixels cannot be shown; convert it", film->path, frame->width,
                   frame->height);
      return NULL;
    }
  const int *matrix
      = sws_getCoefficients (frame->colorspace != AVCOL_SPC_UNSPECIFIED ? (int) frame->colorspace : SWS_CS_DEFAULT);
  sws_setColorspaceDetails (film->converter, matrix, frame->color_range == AVCOL_RANGE_JPEG, matrix, 1, 0, 1 << 16,
                            1 << 16);
  guint8 *const to[4] = { picture->data };
  const int stride[4] = { (int) picture->stride };
  sws_scale (film->converter, (const guint8 *const *) frame->data, frame->linesize, 0, frame->height, to, stride);
  return g_steal_pointer (&picture);
}

static AssayPicture *
to_picture (Container *film, GError **error)
{
  AssayPicture *picture = film->is_jpeg ? decode_jpeg (film, error) : convert (film, error);
  if (picture == NULL)
    return NULL;
  picture->exif_orientation = film->orientation;
  AssayPicture *upright = assay_picture_take_upright (picture, error);
  if (upright != NULL)
    upright->exif_orientation = 1;
  return upright;
}

static AssayPicture *
next_frame (gpointer reader, gint64 *ret_pts_ns, GError **error)
{
  Container *film = reader;
  gint64 pts;
  while (decode_one (film, &pts))
    {
      /* Frames that an edit list hides are decoded but are none of the film's. */
      if (find_stamp (film, pts) < 0)
        continue;
      AssayPicture *picture = to_picture (film, error);
      if (picture != NULL && ret_pts_ns != NULL)
        *ret_pts_ns = to_ns (film, pts);
      return picture;
    }
  return NULL;
}

/* Index of the frame with that time, -1 when there is none. */
static int
find_ns (const Container *film, gint64 pts_ns)
{
  guint low = 0, high = film->stamps->len;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      if (to_ns (film, g_array_index (film->stamps, Stamp, middle).pts) < pts_ns)
        low = middle + 1;
      else
        high = middle;
    }
  return low < film->stamps->len && to_ns (film, g_array_index (film->stamps, Stamp, low).pts) == pts_ns ? (int) low
                                                                                                         : -1;
}

static guint
key_at_or_before (const Container *film, guint index)
{
  while (index > 0 && !g_array_index (film->stamps, Stamp, index).key)
    index--;
  return index;
}

/* Decodes on until the frame is there; FALSE when it was passed or the film ended. */
static gboolean
decode_until (Container *film, gint64 wanted_pts)
{
  gint64 pts;
  while (decode_one (film, &pts))
    if (pts >= wanted_pts)
      return pts == wanted_pts;
  return FALSE;
}

/* No key frame lies between what was shown last and the wanted frame: decoding on is the cheapest way. */
static gboolean
is_just_ahead (const Container *film, guint key, gint64 wanted_pts)
{
  return film->shown_pts != AV_NOPTS_VALUE && film->shown_pts < wanted_pts
         && g_array_index (film->stamps, Stamp, key).pts <= film->shown_pts;
}

static AssayPicture *
get_frame (gpointer reader, gint64 pts_ns, GError **error)
{
  Container *film = reader;
  int index = find_ns (film, pts_ns);
  if (index < 0)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND, "reading %s: no frame is at %" G_GINT64_FORMAT " ns",
                   film->path, pts_ns);
      return NULL;
    }
  gint64 wanted_pts = g_array_index (film->stamps, Stamp, index).pts;
  guint key = key_at_or_before (film, (guint) index);
  if (is_just_ahead (film, key, wanted_pts) && decode_until (film, wanted_pts))
    return to_picture (film, error);
  /* Some containers land after the key frame that was asked for: then from ever further back, at last from the
   * start. */
  for (guint back = 1;; back *= 4)
    {
      if (!go_to (film, g_array_index (film->stamps, Stamp, key).pts, error))
        return NULL;
      if (decode_until (film, wanted_pts))
        return to_picture (film, error);
      if (key == 0)
        break;
      key = key_at_or_before (film, key > back ? key - back : 0);
    }
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
               "reading %s: the frame at %" G_GINT64_FORMAT " ns cannot be decoded; it is damaged", film->path,
               pts_ns);
  return NULL;
}

static gboolean
get_format (gpointer reader, AssayFilmFormat *ret_format, GError **error)
{
  const Container *film = reader;
  gboolean h264 = film->decoder->codec_id == AV_CODEC_ID_H264;
  if (!h264 && !film->is_jpeg)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
                   "reading %s: its pictures are %s, which no camera gives; only MJPEG, H.264 and raw films are "
                   "played as a camera gave them",
                   film->path, film->facts.codec);
      return FALSE;
    }
  AVRational rate = film->stream->avg_frame_rate;
  *ret_format = (AssayFilmFormat){
    .pixels = { .fourcc = h264 ? ASSAY_FOURCC ('H', '2', '6', '4') : ASSAY_FOURCC ('M', 'J', 'P', 'G'),
                .width_px = (guint) film->decoder->width,
                .height_px = (guint) film->decoder->height },
    .fps = rate.num > 0 && rate.den > 0 ? av_q2d (rate) : 0,
  };
  return TRUE;
}

/* Containers keep H.264 with lengths and the parameter sets apart; cameras give it with start codes and all. */
static gboolean
open_annex_b (Container *film, GError **error)
{
  int code = av_bsf_alloc (av_bsf_get_by_name ("h264_mp4toannexb"), &film->annex_b);
  if (code >= 0)
    code = avcodec_parameters_copy (film->annex_b->par_in, film->stream->codecpar);
  if (code >= 0)
    code = av_bsf_init (film->annex_b);
  if (code < 0)
    set_av_error (error, code, film->path, "its H.264 cannot be taken apart");
  return code >= 0;
}

static gboolean
next_bytes (gpointer reader, AssayFilmFrame *ret_frame, gint64 *ret_pts_ns, GError **error)
{
  Container *film = reader;
  AVPacket *packet = film->packet;
  gint64 pts;
  gboolean h264 = film->decoder->codec_id == AV_CODEC_ID_H264;
  if (h264 && film->annex_b == NULL && !open_annex_b (film, error))
    return FALSE;
  if (!read_packet (film, &pts))
    return FALSE;
  int code = h264 ? av_bsf_send_packet (film->annex_b, packet) : 0;
  if (code >= 0 && h264)
    code = av_bsf_receive_packet (film->annex_b, packet);
  if (code < 0)
    {
      set_av_error (error, code, film->path, "a frame is damaged");
      return FALSE;
    }
  int index = find_stamp (film, pts);
  *ret_pts_ns = to_ns (film, pts);
  *ret_frame = (AssayFilmFrame){ .data = packet->data,
                                 .n_bytes = (gsize) packet->size,
                                 .stamp_ns = *ret_pts_ns,
                                 .sequence = (guint64) MAX (index, 0) };
  return TRUE;
}

const AssayFilmReader assay_film_reader_container = {
  .open = open_film,
  .close = container_free,
  .list = list_frames,
  .next = next_frame,
  .get_frame = get_frame,
  .get_format = get_format,
  .next_bytes = next_bytes,
};
