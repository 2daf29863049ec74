/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From words to a device that is set as they say, with room for its frames. */
#include "capture/stream-private.h"

#include "core/error.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#define RING_SECONDS 2.0
#define RING_LEAST 16
#define RING_MOST_BYTES ((gsize) 512 << 20)
#define HEARD_MOST_BYTES ((gsize) 64 << 20)

/* --- "ID,size=640x360,exposure=100" ------------------------------------------------------------------------------
 */

/* Where the id ends: at the first ",NAME=", since a path may hold commas. */
static const char *
find_settings (const char *words)
{
  for (const char *comma = strchr (words, ','); comma != NULL; comma = strchr (comma + 1, ','))
    {
      const char *at = comma + 1;
      while (g_ascii_isalnum (*at) || *at == '-' || *at == '_')
        at++;
      if (*at == '=' && at > comma + 1)
        return comma;
    }
  return words + strlen (words);
}

static gboolean
declares (const AssaySource *source, const char *name)
{
  for (const AssayOption *option = source->options; option != NULL && option->name != NULL; option++)
    if (g_str_equal (option->name, name))
      return TRUE;
  return FALSE;
}

/* Splits the settings into the source's own options and the controls of the device (name and value after each
 * other). */
static gboolean
parse_settings (const AssaySource *source, const char *settings, AssayOptions *options, GPtrArray *controls,
                GError **error)
{
  g_auto (GStrv) parts = g_strsplit (*settings == ',' ? settings + 1 : settings, ",", -1);
  for (guint i = 0; parts[i] != NULL; i++)
    {
      char *equals = strchr (parts[i], '=');
      if (equals == NULL)
        {
          g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "reading \"%s\": a setting is written NAME=VALUE",
                       parts[i]);
          return FALSE;
        }
      *equals = '\0';
      if (declares (source, parts[i]))
        {
          if (!assay_options_set (options, parts[i], equals + 1, error))
            return FALSE;
          continue;
        }
      g_ptr_array_add (controls, g_strdup (parts[i]));
      g_ptr_array_add (controls, g_strdup (equals + 1));
    }
  return TRUE;
}

static gboolean
set_controls (AssayStream *stream, AssayDevice *device, const GPtrArray *controls, GError **error)
{
  for (guint i = 0; i + 1 < controls->len; i += 2)
    {
      const char *name = controls->pdata[i], *value = controls->pdata[i + 1];
      if (stream->source->set_control == NULL)
        {
          g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                       "setting %s of %s: it has no such setting; leave it out", name, stream->id);
          return FALSE;
        }
      if (!stream->source->set_control (device, name, value, error))
        return FALSE;
    }
  return TRUE;
}

/* Blocks of sound for as long as may be asked for from before. */
static guint
count_heard (const AssayStreamFormat *format)
{
  double per_s = (double) format->rate_hz * format->channels * sizeof (float) / MAX (format->max_bytes, 1);
  guint room = (guint) (HEARD_MOST_BYTES / MAX (format->max_bytes, 1));
  return MAX (MIN ((guint) ceil (per_s * ASSAY_PRE_ROLL_MOST_S), room), 1);
}

/* At least one second of data, and two where that is no more than half a gigabyte; of sound what was heard before has its
 * place too. */
static guint
count_slots (const AssayStreamFormat *format)
{
  double per_s = format->pixels.fourcc == 0
                     ? (double) format->rate_hz * format->channels * sizeof (float) / MAX (format->max_bytes, 1)
                     : MAX (format->fps, 30);
  guint wanted = (guint) MAX (ceil (per_s * RING_SECONDS), RING_LEAST);
  guint room = (guint) (RING_MOST_BYTES / MAX (format->max_bytes, 1));
  guint slots = MAX (MIN (wanted, room), (guint) ceil (per_s) + 1);
  return format->pixels.fourcc == 0 ? slots + count_heard (format) : slots;
}

static void
link_free (AssayStreamLink *link)
{
  assay_ring_buffer_free (link->ring);
  assay_ring_buffer_free (link->heard);
  assay_mailbox_free (link->mailbox);
  assay_level_meter_free (link->meter);
  g_free (link);
}

static AssayStreamLink *
link_new (const AssayStream *stream, const AssayStreamFormat *format, GError **error)
{
  AssayStreamLink *link = g_new0 (AssayStreamLink, 1);
  gboolean camera = format->pixels.fourcc != 0;
  link->format = *format;
  link->ring = assay_ring_buffer_new (count_slots (format), sizeof (AssayStreamSlot) + format->max_bytes);
  link->heard
      = camera ? NULL : assay_ring_buffer_new (count_heard (format), sizeof (AssayStreamSlot) + format->max_bytes);
  link->mailbox = assay_mailbox_new (camera ? sizeof (AssayStreamSlot) + format->max_bytes : sizeof (AssayLevel));
  link->meter = camera ? NULL : assay_level_meter_new (format->rate_hz, format->channels);
  if (link->ring != NULL && link->mailbox != NULL && (camera || link->heard != NULL))
    return link;
  assay_error_set_errno (error, ENOMEM, "opening %s", stream->id);
  link_free (link);
  return NULL;
}

static gboolean
check_kind (const AssayStream *stream, const AssayStreamFormat *format, GError **error)
{
  gboolean camera = format->pixels.fourcc != 0;
  if (camera == (stream->kind == ASSAY_DEVICE_CAMERA))
    return TRUE;
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "opening %s: it is no %s; give it as --%s", stream->id,
               camera ? "microphone" : "camera", camera ? "camera" : "microphone");
  return FALSE;
}

/* The rings of the last opening do again for a device that came back as it was. */
static AssayStreamLink *
find_link (AssayStream *stream, const AssayStreamFormat *format, GError **error)
{
  AssayStreamLink *last = atomic_load (&stream->link);
  if (last != NULL && memcmp (&last->format, format, sizeof *format) == 0)
    return last;
  AssayStreamLink *fresh = link_new (stream, format, error);
  if (fresh != NULL)
    g_ptr_array_add (stream->links, fresh);
  return fresh;
}

gboolean
assay_stream_open_device (AssayStream *stream, GError **error)
{
  g_autoptr (AssayOptions) options = assay_options_new (stream->source->options);
  g_autoptr (GPtrArray) controls = g_ptr_array_new_with_free_func (g_free);
  if (!parse_settings (stream->source, stream->settings, options, controls, error))
    return FALSE;
  AssayDevice *device = stream->source->open (stream->id, options, error);
  if (device == NULL)
    return FALSE;
  const AssayStreamFormat *format = stream->source->get_format (device);
  gboolean right = check_kind (stream, format, error) && set_controls (stream, device, controls, error);
  AssayStreamLink *link = right ? find_link (stream, format, error) : NULL;
  if (link == NULL)
    {
      stream->source->close (device);
      return FALSE;
    }
  pthread_mutex_lock (&stream->lock);
  stream->device = device;
  atomic_store (&stream->link, link);
  pthread_mutex_unlock (&stream->lock);
  return TRUE;
}

AssayStream *
assay_stream_open (AssayDeviceKind kind, const char *words, GError **error)
{
  const char *settings = find_settings (words);
  g_autofree char *id = g_strndup (words, (gsize) (settings - words));
  const AssaySource *source = assay_source_of (id, error);
  if (source == NULL)
    return NULL;
  g_autoptr (AssayStream) stream = g_new0 (AssayStream, 1);
  stream->source = source;
  stream->kind = kind;
  stream->id = g_steal_pointer (&id);
  stream->settings = g_strdup (settings);
  stream->links = g_ptr_array_new_with_free_func ((GDestroyNotify) link_free);
  pthread_mutex_init (&stream->lock, NULL);
  return assay_stream_open_device (stream, error) ? g_steal_pointer (&stream) : NULL;
}
