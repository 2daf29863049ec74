/* SPDX-License-Identifier: GPL-3.0-or-later */
/* usbcam --pictures FOLDER --commands FIFO [--serial S] [--title T] [--port N] [--first N] [--microphone]
 *        [--tone HZ] [--fps N] [--unplugged]
 *
 * An emulated USB webcam on the kernel's vhci-hcd (module loaded, as root). Lines into the FIFO:
 *   plug | unplug | quit              serial [S], title [T] (before the next plug)
 *   fault NAME [FRAMES]               the next frames, or all until "fault none": see pictures.h
 *   pause S                           no new frames for S seconds, the bus is alive
 *   hang S, sound-hang S              requests of the host are not answered
 *   sound-gap S                       digital silence
 * What happens is told on standard error. */
#include "tests/device-lab/usbcam/camera.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_S G_GINT64_CONSTANT (1000000000)
#define IDLE_NS (NS_PER_S / 5) /* an endpoint that was idle for longer begins a new clock */

gint64
camera_now_ns (void)
{
  struct timespec now;
  clock_gettime (CLOCK_MONOTONIC, &now);
  return now.tv_sec * NS_PER_S + now.tv_nsec;
}

void
camera_tell (const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *words = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_printerr ("%.6f %s\n", (double) camera_now_ns () / NS_PER_S, words);
}

static void
plug (Camera *camera)
{
  control_reset (camera);
  if (link_attach (&camera->link, camera->port))
    camera_tell ("plugged into port %d, serial \"%s\"", camera->link.port, camera->serial);
}

static void
unplug (Camera *camera)
{
  if (camera->link.fd < 0)
    return;
  link_detach (&camera->link);
  camera_tell ("unplugged");
  video_end (camera);
  camera->sound.setting = 0;
}

/* --- pacing ----------------------------------------------------------------------------------------------------
 */

/* A transfer is due when its packets have passed over the bus. */
static void
set_due (Camera *camera, guint endpoint, Transfer *transfer, gint64 now_ns)
{
  gint64 packet_ns = endpoint == VIDEO_ENDPOINT ? VIDEO_PACKET_NS : SOUND_PACKET_NS;
  gint64 *clock_ns = &camera->clock_ns[endpoint];
  if (*clock_ns < now_ns - IDLE_NS)
    *clock_ns = now_ns;
  *clock_ns += transfer->n_packets * packet_ns;
  transfer->due_ns = *clock_ns;
}

/* Answers what is due on that endpoint; returns when it wants to be asked again. */
static gint64
pump (Camera *camera, guint endpoint)
{
  gint64 hang_ns = endpoint == VIDEO_ENDPOINT ? camera->video.hang_until_ns : camera->sound.hang_until_ns;
  GQueue *waiting = &camera->link.waiting[endpoint];
  for (Transfer *transfer; (transfer = g_queue_peek_head (waiting)) != NULL;)
    {
      gint64 now_ns = camera_now_ns ();
      if (now_ns < hang_ns)
        return hang_ns;
      if (transfer->due_ns == 0)
        set_due (camera, endpoint, transfer, now_ns);
      if (transfer->due_ns > now_ns)
        return transfer->due_ns;
      g_queue_pop_head (waiting);
      if (endpoint == VIDEO_ENDPOINT)
        video_answer (camera, transfer);
      else
        sound_answer (camera, transfer);
    }
  return G_MAXINT64;
}

/* --- commands --------------------------------------------------------------------------------------------------
 */

static void
set_fault (Camera *camera, const char *name, const char *count)
{
  if (!picture_fault_parse (name, &camera->video.fault))
    camera_tell ("there is no fault \"%s\"", name);
  camera->video.fault_left = count != NULL ? atoi (count) : -1;
}

static gboolean
obey (Camera *camera, const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", 3);
  const char *verb = words[0], *value = verb != NULL && words[1] != NULL ? words[1] : "";
  const char *more = *value != '\0' ? words[2] : NULL;
  gint64 until_ns = camera_now_ns () + (gint64) (g_ascii_strtod (value, NULL) * NS_PER_S);
  if (verb == NULL || *verb == '\0')
    return TRUE;
  camera_tell ("command %s", line);
  if (g_str_equal (verb, "plug"))
    plug (camera);
  else if (g_str_equal (verb, "unplug"))
    unplug (camera);
  else if (g_str_equal (verb, "serial") || g_str_equal (verb, "title"))
    {
      char **to = g_str_equal (verb, "serial") ? &camera->serial : &camera->title;
      g_free (*to);
      *to = g_strdup (value);
    }
  else if (g_str_equal (verb, "fault"))
    set_fault (camera, value, more);
  else if (g_str_equal (verb, "pause"))
    camera->video.pause_until_ns = until_ns;
  else if (g_str_equal (verb, "hang"))
    camera->video.hang_until_ns = until_ns;
  else if (g_str_equal (verb, "sound-hang"))
    camera->sound.hang_until_ns = until_ns;
  else if (g_str_equal (verb, "sound-gap"))
    camera->sound.gap_until_ns = until_ns;
  else
    return !g_str_equal (verb, "quit");
  return TRUE;
}

/* FALSE: it was told to end. Lines are short, so each arrives in one piece. */
static gboolean
read_commands (Camera *camera, int fifo)
{
  char text[4096];
  gssize n = read (fifo, text, sizeof text - 1);
  if (n <= 0)
    return TRUE;
  text[n] = '\0';
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (!obey (camera, lines[i]))
      return FALSE;
  return TRUE;
}

static void
read_link (Camera *camera, GByteArray *reply)
{
  Transfer *transfer;
  if (!link_read (&camera->link, &transfer))
    {
      camera_tell ("the kernel has ended the connection");
      unplug (camera);
      return;
    }
  if (transfer == NULL)
    return;
  g_byte_array_set_size (reply, 0);
  int status = control_answer (camera, transfer, reply);
  gsize n = transfer->in ? MIN (reply->len, (gsize) transfer->n_bytes) : (gsize) transfer->n_bytes;
  link_answer (&camera->link, transfer, status, reply->data, status == 0 ? n : 0);
}

static void
serve (Camera *camera, int fifo)
{
  g_autoptr (GByteArray) reply = g_byte_array_new ();
  for (gboolean going = TRUE; going;)
    {
      gint64 wake_ns = camera_now_ns () + NS_PER_S;
      for (guint endpoint = VIDEO_ENDPOINT; endpoint <= SOUND_ENDPOINT && camera->link.fd >= 0; endpoint++)
        wake_ns = MIN (wake_ns, pump (camera, endpoint));
      gint64 wait_ns = MAX (wake_ns - camera_now_ns (), 0);
      struct timespec wait = { wait_ns / NS_PER_S, wait_ns % NS_PER_S };
      struct pollfd ready[2] = { { .fd = fifo, .events = POLLIN }, { .fd = camera->link.fd, .events = POLLIN } };
      if (ppoll (ready, 2, &wait, NULL) < 0)
        continue;
      if (ready[1].revents != 0)
        read_link (camera, reply);
      if (ready[0].revents & POLLIN)
        going = read_commands (camera, fifo);
    }
}

/* Hardware does not wait for a processor that is busy with other things, nor for a page of a program. */
static void
become_hardware (void)
{
  struct sched_param priority = { .sched_priority = 50 };
  if (mlockall (MCL_CURRENT | MCL_FUTURE) < 0 || sched_setscheduler (0, SCHED_FIFO, &priority) < 0)
    camera_tell ("no priority over other programs: %s", g_strerror (errno));
}

typedef struct
{
  char *pictures, *commands, *title, *serial;
  gboolean unplugged;
  int tone_hz, first;
} Setup;

static gboolean
read_options (Camera *camera, Setup *setup, int argc, char **argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "pictures", 0, 0, G_OPTION_ARG_FILENAME, &setup->pictures, "JPEG files, as lab-pictures draws them",
      "FOLDER" },
    { "commands", 0, 0, G_OPTION_ARG_FILENAME, &setup->commands, "a named pipe; made when it is not there",
      "FIFO" },
    { "serial", 0, 0, G_OPTION_ARG_STRING, &setup->serial, "serial number; else it has none", "S" },
    { "title", 0, 0, G_OPTION_ARG_STRING, &setup->title, "name of the product", "T" },
    { "vendor", 0, 0, G_OPTION_ARG_INT, &camera->vendor, "USB vendor, 0x1d6b", "N" },
    { "product", 0, 0, G_OPTION_ARG_INT, &camera->product, "USB product, 0x0102", "N" },
    { "port", 0, 0, G_OPTION_ARG_INT, &camera->port, "port of the hub, from 0; else any", "N" },
    { "first", 0, 0, G_OPTION_ARG_INT, &setup->first, "number of the first frame", "N" },
    { "microphone", 0, 0, G_OPTION_ARG_NONE, &camera->microphone, "has a microphone", NULL },
    { "tone", 0, 0, G_OPTION_ARG_INT, &setup->tone_hz, "what the microphone hears, 443", "HZ" },
    { "fps", 0, 0, G_OPTION_ARG_INT, &camera->fps, "the rate that it stands at; else the fastest", "N" },
    { "unplugged", 0, 0, G_OPTION_ARG_NONE, &setup->unplugged, "waits for the command \"plug\"", NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, error))
    return FALSE;
  if (setup->pictures != NULL && setup->commands != NULL)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--pictures and --commands are needed");
  return FALSE;
}

static int
open_fifo (const char *path)
{
  mkfifo (path, 0600);
  int fifo = open (path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (fifo < 0)
    g_printerr ("usbcam: opening %s: %s\n", path, g_strerror (errno));
  return fifo;
}

int
main (int argc, char **argv)
{
  Camera camera = { .vendor = 0x1d6b, .product = 0x0102, .maker = "Lab", .port = -1 };
  Setup setup = { .tone_hz = 443 }; /* a prime: samples that are lost always show as a break */
  g_autoptr (GError) error = NULL;
  if (!read_options (&camera, &setup, argc, argv, &error)
      || !pictures_load (&camera.pictures, setup.pictures, &error))
    {
      g_printerr ("usbcam: %s\n", error->message);
      return 2;
    }
  int fifo = open_fifo (setup.commands);
  if (fifo < 0)
    return 2;
  camera.title = setup.title != NULL ? setup.title : g_strdup ("Lab Camera");
  camera.serial = setup.serial != NULL ? setup.serial : g_strdup ("");
  camera.video.counter = (guint32) setup.first;
  sound_init (&camera, (guint) setup.tone_hz);
  link_init (&camera.link);
  become_hardware ();
  signal (SIGPIPE, SIG_IGN);
  if (!setup.unplugged)
    plug (&camera);
  serve (&camera, fifo);
  unplug (&camera);
  close (fifo);
  pictures_clear (&camera.pictures);
  g_clear_pointer (&camera.video.frame, g_byte_array_unref);
  sound_clear (&camera);
  g_free (camera.title);
  g_free (camera.serial);
  g_free (setup.pictures);
  g_free (setup.commands);
  return 0;
}
