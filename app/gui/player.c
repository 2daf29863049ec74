/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/player.h"

#include "capture/sound-helper.h"
#include "core/error.h"
#include "core/sound-link.h"

#include <errno.h>
#include <glib-unix.h>

struct _AssayPlayer
{
  GObject parent_instance;
  AssaySoundHelper helper;
  guint watch; /* fd source; 0 = nothing plays */
  gboolean heard;
  guint8 *buffer;
};

G_DEFINE_FINAL_TYPE (AssayPlayer, assay_player, G_TYPE_OBJECT)

enum
{
  SIGNAL_MOVED,
  SIGNAL_STOPPED,
  SIGNAL_FAILED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
end (AssayPlayer *self)
{
  g_clear_handle_id (&self->watch, g_source_remove);
  assay_sound_helper_end (&self->helper);
}

static void
fail (AssayPlayer *self, const char *why)
{
  g_autoptr (GError) error = g_error_new (ASSAY_ERROR, ASSAY_ERROR_DEVICE, "playing: %s", why);
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
}

/* One message at a time; FALSE = it was the last. */
static gboolean
hear (AssayPlayer *self)
{
  AssaySoundHeader header;
  const guint8 *data = NULL;
  int got = assay_sound_link_receive (self->helper.fd, -1, 0, self->buffer, &header, &data);
  if (got == -EAGAIN)
    return TRUE;
  if (got != 0)
    {
      if (!self->heard || got != -EPIPE)
        fail (self, "the sound helper ended before anything was heard; try again");
      return FALSE;
    }
  self->heard = TRUE;
  if (header.kind == ASSAY_SOUND_PLAYED)
    g_signal_emit (self, signals[SIGNAL_MOVED], 0, (gint64) header.first_sample);
  else if (header.kind == ASSAY_SOUND_ERROR || header.kind == ASSAY_SOUND_LOST)
    fail (self, (const char *) data);
  return header.kind == ASSAY_SOUND_PLAYED;
}

static gboolean
on_readable (int fd, GIOCondition condition, gpointer data)
{
  g_autoptr (AssayPlayer) self = g_object_ref (data);
  guint watch = self->watch;
  if (hear (self) || self->watch != watch)
    return self->watch == watch;
  self->watch = 0;
  end (self);
  g_signal_emit (self, signals[SIGNAL_STOPPED], 0);
  return G_SOURCE_REMOVE;
}

void
assay_player_play (AssayPlayer *self, const char *path, gint64 from, gint64 to)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *from_text = g_strdup_printf ("%" G_GINT64_FORMAT, from);
  g_autofree char *to_text = g_strdup_printf ("%" G_GINT64_FORMAT, to);
  const char *const words[] = { "play", "3", path, from_text, to_text, NULL };
  end (self);
  self->heard = FALSE;
  if (!assay_sound_helper_start (&self->helper, words, &error))
    {
      g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
      return;
    }
  self->watch = g_unix_fd_add (self->helper.fd, G_IO_IN | G_IO_HUP, on_readable, self);
}

void
assay_player_stop (AssayPlayer *self)
{
  if (self->watch == 0)
    return;
  end (self);
  g_signal_emit (self, signals[SIGNAL_STOPPED], 0);
}

gboolean
assay_player_is_playing (AssayPlayer *self)
{
  return self->watch != 0;
}

static void
assay_player_dispose (GObject *object)
{
  end (ASSAY_PLAYER (object));
  G_OBJECT_CLASS (assay_player_parent_class)->dispose (object);
}

static void
assay_player_finalize (GObject *object)
{
  g_free (ASSAY_PLAYER (object)->buffer);
  G_OBJECT_CLASS (assay_player_parent_class)->finalize (object);
}

static void
assay_player_class_init (AssayPlayerClass *class)
{
  GType type = G_TYPE_FROM_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = assay_player_dispose;
  G_OBJECT_CLASS (class)->finalize = assay_player_finalize;
  signals[SIGNAL_MOVED]
      = g_signal_new ("moved", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[SIGNAL_STOPPED] = g_signal_new ("stopped", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_FAILED]
      = g_signal_new ("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
assay_player_init (AssayPlayer *self)
{
  self->buffer = g_malloc (ASSAY_SOUND_MOST_BYTES);
}

AssayPlayer *
assay_player_new (void)
{
  return g_object_new (ASSAY_TYPE_PLAYER, NULL);
}
