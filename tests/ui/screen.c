/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui/screen.h"

#include "core/picture.h"

#include <X11/XKBlib.h>
#include <X11/Xatom.h>
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/XTest.h>
#include <X11/keysym.h>
#include <stdlib.h>
#include <string.h>

struct _Screen
{
  Display *display;
  Window root;
};

/* Windows come and go while they are looked at; that is not an error of the test. */
static int
ignore_error (Display *display, XErrorEvent *event)
{
  return 0;
}

UiScreen *
screen_new (void)
{
  UiScreen *screen = g_new0 (UiScreen, 1);
  screen->display = XOpenDisplay (NULL);
  if (screen->display == NULL)
    g_error ("no display: run this test in tests/ui/ui-session");
  XSetErrorHandler (ignore_error);
  screen->root = DefaultRootWindow (screen->display);
  return screen;
}

void
screen_free (UiScreen *screen)
{
  XCloseDisplay (screen->display);
  g_free (screen);
}

static gboolean
is_of (UiScreen *screen, Window window, GPid pid)
{
  Atom type;
  int format;
  unsigned long n, after;
  unsigned char *data = NULL;
  Atom wanted = XInternAtom (screen->display, "_NET_WM_PID", False);
  if (XGetWindowProperty (screen->display, window, wanted, 0, 1, False, XA_CARDINAL, &type, &format, &n, &after,
                          &data)
      != Success)
    return FALSE;
  gboolean same = n == 1 && *(unsigned long *) data == (unsigned long) pid;
  if (data != NULL)
    XFree (data);
  return same;
}

static gboolean
is_mapped (UiScreen *screen, Window window)
{
  XWindowAttributes attributes;
  return XGetWindowAttributes (screen->display, window, &attributes) && attributes.map_state == IsViewable
         && attributes.class == InputOutput;
}

static gboolean
has_title (UiScreen *screen, Window window, const char *title)
{
  XTextProperty property;
  Atom name = XInternAtom (screen->display, "_NET_WM_NAME", False);
  if (!XGetTextProperty (screen->display, window, &property, name) || property.value == NULL)
    return FALSE;
  gboolean same = g_strcmp0 ((const char *) property.value, title) == 0;
  XFree (property.value);
  return same;
}

/* Window managers put their frames around: the process's own windows are somewhere below the root. */
static void
collect (UiScreen *screen, Window window, GPid pid, GArray *windows)
{
  Window root, parent, *children = NULL;
  guint n = 0;
  if (is_mapped (screen, window) && is_of (screen, window, pid))
    g_array_append_val (windows, window);
  if (!XQueryTree (screen->display, window, &root, &parent, &children, &n))
    return;
  for (guint i = 0; i < n; i++)
    collect (screen, children[i], pid, windows);
  if (children != NULL)
    XFree (children);
}

static Window
find_window (UiScreen *screen, GPid pid, const char *title)
{
  g_autoptr (GArray) windows = g_array_new (FALSE, FALSE, sizeof (Window));
  collect (screen, screen->root, pid, windows);
  for (guint i = 0; i < windows->len && title != NULL; i++)
    if (has_title (screen, g_array_index (windows, Window, i), title))
      return g_array_index (windows, Window, i);
  return windows->len > 0 ? g_array_index (windows, Window, 0) : None;
}

gboolean
screen_has_window (UiScreen *screen, GPid pid)
{
  return find_window (screen, pid, NULL) != None;
}

gboolean
screen_get_window (UiScreen *screen, GPid pid, const char *title, int *ret_x, int *ret_y, int *ret_width)
{
  Window window = find_window (screen, pid, title), child;
  XWindowAttributes attributes;
  if (window == None || !XGetWindowAttributes (screen->display, window, &attributes))
    return FALSE;
  XTranslateCoordinates (screen->display, window, screen->root, 0, 0, ret_x, ret_y, &child);
  *ret_width = attributes.width;
  return TRUE;
}

void
screen_maximise (UiScreen *screen, GPid pid)
{
  XEvent event = { .xclient = { .type = ClientMessage,
                                .window = find_window (screen, pid, NULL),
                                .message_type = XInternAtom (screen->display, "_NET_WM_STATE", False),
                                .format = 32 } };
  event.xclient.data.l[0] = 1;
  event.xclient.data.l[1] = (long) XInternAtom (screen->display, "_NET_WM_STATE_MAXIMIZED_VERT", False);
  event.xclient.data.l[2] = (long) XInternAtom (screen->display, "_NET_WM_STATE_MAXIMIZED_HORZ", False);
  event.xclient.data.l[3] = 2;
  XSendEvent (screen->display, screen->root, False, SubstructureRedirectMask | SubstructureNotifyMask, &event);
  XSync (screen->display, False);
}

/* Input */

void
screen_move (UiScreen *screen, int x, int y)
{
  XTestFakeMotionEvent (screen->display, -1, x, y, CurrentTime);
  XSync (screen->display, False);
}

void
screen_button (UiScreen *screen, guint button, gboolean down)
{
  XTestFakeButtonEvent (screen->display, button, down, CurrentTime);
  XSync (screen->display, False);
}

/* The key that makes this symbol, and whether it takes Shift. */
static KeyCode
find_code (UiScreen *screen, KeySym symbol, gboolean *ret_shift)
{
  KeyCode code = XKeysymToKeycode (screen->display, symbol);
  *ret_shift = code != 0 && XkbKeycodeToKeysym (screen->display, code, 0, 0) != symbol
               && XkbKeycodeToKeysym (screen->display, code, 0, 1) == symbol;
  return code;
}

static void
press (UiScreen *screen, KeySym symbol, gboolean down)
{
  XTestFakeKeyEvent (screen->display, XKeysymToKeycode (screen->display, symbol), down, CurrentTime);
}

gboolean
screen_key (UiScreen *screen, const char *key, gboolean down)
{
  static const struct
  {
    const char *name;
    KeySym symbol;
  } modifiers[] = { { "ctrl", XK_Control_L }, { "alt", XK_Alt_L }, { "shift", XK_Shift_L } };
  g_auto (GStrv) words = g_strsplit (key, "+", -1);
  guint n = g_strv_length (words);
  KeySym symbol = XStringToKeysym (words[n - 1]);
  gboolean shift;
  KeyCode code = symbol != NoSymbol ? find_code (screen, symbol, &shift) : 0;
  if (code == 0)
    return FALSE;
  if (!down)
    XTestFakeKeyEvent (screen->display, code, False, CurrentTime);
  for (guint i = 0; i + 1 < n; i++)
    for (guint m = 0; m < G_N_ELEMENTS (modifiers); m++)
      if (g_str_equal (modifiers[m].name, words[i]))
        press (screen, modifiers[m].symbol, down);
  if (shift)
    press (screen, XK_Shift_L, down);
  if (down)
    XTestFakeKeyEvent (screen->display, code, True, CurrentTime);
  XSync (screen->display, False);
  return TRUE;
}

void
screen_type (UiScreen *screen, char c)
{
  char text[2] = { c, '\0' };
  KeySym symbol = c == ' ' ? XK_space : XStringToKeysym (text);
  /* Punctuation has a name of its own in the table, but Latin 1 symbols are their own codes. */
  if (symbol == NoSymbol)
    symbol = (KeySym) (guchar) c;
  gboolean shift;
  KeyCode code = find_code (screen, symbol, &shift);
  if (code == 0)
    g_error ("the character '%c' is not on this keyboard", c);
  if (shift)
    press (screen, XK_Shift_L, True);
  XTestFakeKeyEvent (screen->display, code, True, CurrentTime);
  XTestFakeKeyEvent (screen->display, code, False, CurrentTime);
  if (shift)
    press (screen, XK_Shift_L, False);
  XSync (screen->display, False);
}

/* Pixels */

guint32
screen_pixel (UiScreen *screen, int x, int y)
{
  XImage *image = XGetImage (screen->display, screen->root, x, y, 1, 1, AllPlanes, ZPixmap);
  if (image == NULL)
    g_error ("the pixel %d, %d is not on the screen", x, y);
  guint32 colour = (guint32) XGetPixel (image, 0, 0) & 0xffffff;
  XDestroyImage (image);
  return colour;
}

int
screen_get_width (UiScreen *screen)
{
  return DisplayWidth (screen->display, DefaultScreen (screen->display));
}

static XImage *
take_all (UiScreen *screen)
{
  int number = DefaultScreen (screen->display);
  return XGetImage (screen->display, screen->root, 0, 0, (guint) DisplayWidth (screen->display, number),
                    (guint) DisplayHeight (screen->display, number), AllPlanes, ZPixmap);
}

guint
screen_count (UiScreen *screen, guint32 colour, guint within)
{
  XImage *image = take_all (screen);
  guint n = 0;
  for (int i = 0; i < image->bytes_per_line * image->height; i += 4)
    {
      guint32 pixel = *(const guint32 *) (const void *) (image->data + i);
      gboolean same = TRUE;
      for (guint shift = 0; shift < 24 && same; shift += 8)
        same = (guint) abs ((int) (pixel >> shift & 255) - (int) (colour >> shift & 255)) <= within;
      n += same;
    }
  XDestroyImage (image);
  return n;
}

guint32
screen_sum (UiScreen *screen)
{
  XImage *image = take_all (screen);
  guint32 sum = 0;
  for (int i = 0; i < image->bytes_per_line * image->height; i += 4)
    sum = sum * 31 + *(const guint32 *) (const void *) (image->data + i);
  XDestroyImage (image);
  return sum;
}

gboolean
screen_save (UiScreen *screen, const char *path, GError **error)
{
  XWindowAttributes attributes;
  XGetWindowAttributes (screen->display, screen->root, &attributes);
  guint width = (guint) attributes.width, height = (guint) attributes.height;
  XImage *image = XGetImage (screen->display, screen->root, 0, 0, width, height, AllPlanes, ZPixmap);
  g_autoptr (AssayPicture) picture = assay_picture_new (width, height, ASSAY_PIXELS_RGB8);
  for (guint y = 0; y < height; y++)
    for (guint x = 0; x < width; x++)
      {
        gulong colour = XGetPixel (image, (int) x, (int) y);
        guint8 *p = picture->data + y * picture->stride + (gsize) x * 3;
        p[0] = (guint8) (colour >> 16);
        p[1] = (guint8) (colour >> 8);
        p[2] = (guint8) colour;
      }
  XDestroyImage (image);
  g_autoptr (GBytes) png = assay_picture_encode_png (picture, error);
  gsize n_bytes = 0;
  const char *data = png != NULL ? g_bytes_get_data (png, &n_bytes) : NULL;
  return data != NULL && g_file_set_contents (path, data, (gssize) n_bytes, error);
}
