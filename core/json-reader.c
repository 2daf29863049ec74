/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/json-reader.h"

#include "core/error.h"
#include "core/json.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER_BYTES (64 * 1024)
#define KEY_BYTES (64 * 1024)

typedef struct
{
  char bracket;
  gboolean first; /* no key or element has been given yet: no comma wanted */
} Level;

struct _AssayJsonReader
{
  char *what;
  int fd; /* -1 = memory */
  const guint8 *memory;
  guint64 size;
  guint8 *buffer;
  gsize at, filled;
  guint64 base; /* offset of buffer[0] in the file */
  guint64 line, column;
  Level levels[ASSAY_JSON_MAX_DEPTH];
  guint depth;
  GError *broken;
  GString *capture; /* bytes of the value being taken */
  gsize capture_max;
  gboolean capturing, overflowed;
  char *key;
};

static gboolean
broken (AssayJsonReader *reader, GError **error)
{
  g_propagate_error (error, g_error_copy (reader->broken));
  return FALSE;
}

static gboolean G_GNUC_PRINTF (2, 3) break_down (AssayJsonReader *reader, const char *format, ...)
{
  if (reader->broken != NULL)
    return FALSE;
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *why = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  reader->broken = g_error_new (ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
                                "reading %s: line %" G_GUINT64_FORMAT ", column %" G_GUINT64_FORMAT ": %s",
                                reader->what, reader->line, reader->column, why);
  return FALSE;
}

static gboolean
fill (AssayJsonReader *reader)
{
  if (reader->fd < 0)
    return FALSE;
  reader->base += reader->filled;
  reader->at = reader->filled = 0;
  ssize_t n;
  do
    n = pread (reader->fd, reader->buffer, BUFFER_BYTES, (off_t) reader->base);
  while (n < 0 && errno == EINTR);
  if (n < 0 && reader->broken == NULL)
    reader->broken = g_error_new (ASSAY_ERROR, ASSAY_ERROR_IO, "reading %s: %s; look at the disk", reader->what,
                                  g_strerror (errno));
  reader->filled = n > 0 ? (gsize) n : 0;
  return n > 0;
}

/* The next byte without taking it, or -1 at the end. */
static inline int
look (AssayJsonReader *reader)
{
  if (reader->at == reader->filled && !fill (reader))
    return -1;
  return reader->fd < 0 ? reader->memory[reader->at] : reader->buffer[reader->at];
}

static inline int
take (AssayJsonReader *reader)
{
  int c = look (reader);
  if (c < 0)
    return -1;
  reader->at++;
  if (c == '\n')
    {
      reader->line++;
      reader->column = 1;
    }
  else if ((c & 0xc0) != 0x80)
    reader->column++;
  if (reader->capturing)
    {
      if (reader->capture->len < reader->capture_max)
        g_string_append_c (reader->capture, (char) c);
      else
        reader->overflowed = TRUE;
    }
  return c;
}

static int
look_past_space (AssayJsonReader *reader)
{
  int c;
  while ((c = look (reader)) == ' ' || c == '\n' || c == '\r' || c == '\t')
    take (reader);
  return c;
}

static gboolean
unexpected (AssayJsonReader *reader, const char *wanted)
{
  int c = look (reader);
  if (c < 0)
    return break_down (reader, "the file ends where %s should be; it was cut off, copy it again", wanted);
  if (c > 0x20 && c < 0x7f)
    return break_down (reader, "found '%c' where %s should be; this is no JSON", c, wanted);
  return break_down (reader, "found byte 0x%02x where %s should be; this is no JSON", (guint) c, wanted);
}

/* The rest of a character whose first byte is `c`: no overlong forms, no surrogates, nothing past U+10FFFF. */
static gboolean
scan_utf8 (AssayJsonReader *reader, int c)
{
  guint n = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
  int least = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;
  int most = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
  if (c < 0xc2 || c > 0xf4)
    return break_down (reader, "byte 0x%02x is not UTF-8; save the file as UTF-8", (guint) c);
  for (guint i = 0; i < n; i++)
    {
      int next = look (reader);
      if (next < least || next > most)
        return break_down (reader, "a character of more than one byte is cut short; save the file as UTF-8");
      take (reader);
      least = 0x80;
      most = 0xbf;
    }
  return TRUE;
}

static gboolean
scan_escape (AssayJsonReader *reader)
{
  int c = look (reader);
  if (c < 0 || c == '\0' || strchr ("\"\\/bfnrtu", c) == NULL)
    return unexpected (reader, "one of \" \\ / b f n r t u after a backslash");
  take (reader);
  for (guint i = 0; c == 'u' && i < 4; i++)
    {
      if (look (reader) < 0 || !g_ascii_isxdigit (look (reader)))
        return unexpected (reader, "a hexadecimal digit");
      take (reader);
    }
  return TRUE;
}

static gboolean
scan_string (AssayJsonReader *reader)
{
  if (look (reader) != '"')
    return unexpected (reader, "a string");
  take (reader);
  for (;;)
    {
      int c = look (reader);
      if (c < 0 || c < 0x20)
        return unexpected (reader, "the end of a string");
      take (reader);
      if (c == '"')
        return TRUE;
      if (c == '\\' ? !scan_escape (reader) : c >= 0x80 && !scan_utf8 (reader, c))
        return FALSE;
    }
}

static gboolean
scan_digits (AssayJsonReader *reader)
{
  if (look (reader) < 0 || !g_ascii_isdigit (look (reader)))
    return unexpected (reader, "a digit");
  while (look (reader) >= 0 && g_ascii_isdigit (look (reader)))
    take (reader);
  return TRUE;
}

static gboolean
scan_word (AssayJsonReader *reader, const char *word)
{
  for (const char *c = word; *c != '\0'; c++)
    {
      if (look (reader) != *c)
        return unexpected (reader, word);
      take (reader);
    }
  return TRUE;
}

/* NaN and Infinity are no JSON but what Python writes; they are taken as null. */
static gboolean
scan_not_a_number (AssayJsonReader *reader)
{
  gboolean capturing = reader->capturing;
  reader->capturing = FALSE;
  if (look (reader) == '-')
    take (reader);
  gboolean ok = scan_word (reader, look (reader) == 'N' ? "NaN" : "Infinity");
  reader->capturing = capturing;
  if (capturing && reader->capture->len + 4 <= reader->capture_max)
    g_string_append (reader->capture, "null");
  else if (capturing)
    reader->overflowed = TRUE;
  return ok;
}

static gboolean
scan_number (AssayJsonReader *reader)
{
  /* A minus is only taken once it is known what follows: "-Infinity" must leave no trace in the captured text. */
  if (look (reader) == '-')
    {
      gboolean capturing = reader->capturing;
      reader->capturing = FALSE;
      take (reader);
      reader->capturing = capturing;
      if (look (reader) == 'I')
        return scan_not_a_number (reader);
      if (capturing && reader->capture->len < reader->capture_max)
        g_string_append_c (reader->capture, '-');
      else if (capturing)
        reader->overflowed = TRUE;
    }
  if (look (reader) == '0')
    take (reader);
  else if (!scan_digits (reader))
    return FALSE;
  if (look (reader) == '.')
    {
      take (reader);
      if (!scan_digits (reader))
        return FALSE;
    }
  if (look (reader) != 'e' && look (reader) != 'E')
    return TRUE;
  take (reader);
  if (look (reader) == '+' || look (reader) == '-')
    take (reader);
  return scan_digits (reader);
}

static gboolean scan_value (AssayJsonReader *reader, guint depth);

static gboolean
scan_member (AssayJsonReader *reader, char open, guint depth)
{
  if (open == '{')
    {
      look_past_space (reader);
      if (!scan_string (reader))
        return FALSE;
      if (look_past_space (reader) != ':')
        return unexpected (reader, "':'");
      take (reader);
    }
  return scan_value (reader, depth);
}

static gboolean
scan_container (AssayJsonReader *reader, guint depth)
{
  char open = (char) take (reader), close = open == '{' ? '}' : ']';
  if (depth >= ASSAY_JSON_MAX_DEPTH)
    return break_down (reader, "more than %d levels of nesting; no label file is that deep", ASSAY_JSON_MAX_DEPTH);
  if (look_past_space (reader) == close)
    return take (reader) >= 0;
  for (;;)
    {
      if (!scan_member (reader, open, depth + 1))
        return FALSE;
      int c = look_past_space (reader);
      if (c != ',' && c != close)
        return unexpected (reader, open == '{' ? "',' or '}'" : "',' or ']'");
      take (reader);
      if (c == close)
        return TRUE;
    }
}

/* One value, checked and taken. */
static gboolean
scan_value (AssayJsonReader *reader, guint depth)
{
  int c = look_past_space (reader);
  if (c == '{' || c == '[')
    return scan_container (reader, depth);
  if (c == '"')
    return scan_string (reader);
  if (c == '-' || (c >= '0' && c <= '9'))
    return scan_number (reader);
  if (c == 'N' || c == 'I')
    return scan_not_a_number (reader);
  if (c == 't' || c == 'f' || c == 'n')
    return scan_word (reader, c == 't' ? "true" : c == 'f' ? "false" : "null");
  return unexpected (reader, "a value");
}

static AssayJsonReader *
begin (AssayJsonReader *take_reader, GError **error)
{
  g_autoptr (AssayJsonReader) reader = take_reader;
  reader->line = reader->column = 1;
  reader->capture = g_string_new (NULL);
  int c = look (reader);
  if (c == 0xfe || c == 0xff)
    break_down (reader, "this is UTF-16; save the file as UTF-8");
  if (c == 0xef && scan_utf8 (reader, take (reader)))
    reader->column = 1; /* a byte order mark: no JSON, but many programs write one */
  if (reader->broken == NULL)
    return g_steal_pointer (&reader);
  broken (reader, error);
  return NULL;
}

AssayJsonReader *
assay_json_reader_open (const char *path, GError **error)
{
  struct stat status;
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (fd < 0 || fstat (fd, &status) != 0)
    {
      assay_error_set_errno (error, errno, "reading %s", path);
      if (fd >= 0)
        close (fd);
      return NULL;
    }
  AssayJsonReader *reader = g_new0 (AssayJsonReader, 1);
  reader->what = g_strdup (path);
  reader->fd = fd;
  reader->size = (guint64) status.st_size;
  reader->buffer = g_malloc (BUFFER_BYTES);
  return begin (reader, error);
}

AssayJsonReader *
assay_json_reader_new (gconstpointer data, gsize n_bytes, const char *what, GError **error)
{
  AssayJsonReader *reader = g_new0 (AssayJsonReader, 1);
  reader->what = g_strdup (what);
  reader->fd = -1;
  reader->memory = data;
  reader->size = reader->filled = n_bytes;
  return begin (reader, error);
}

void
assay_json_reader_free (AssayJsonReader *reader)
{
  if (reader == NULL)
    return;
  if (reader->fd >= 0)
    close (reader->fd);
  g_clear_error (&reader->broken);
  if (reader->capture != NULL)
    g_string_free (reader->capture, TRUE);
  g_free (reader->key);
  g_free (reader->buffer);
  g_free (reader->what);
  g_free (reader);
}

gboolean
assay_json_reader_is_broken (const AssayJsonReader *reader)
{
  return reader->broken != NULL;
}

char
assay_json_reader_peek (AssayJsonReader *reader)
{
  int c = reader->broken != NULL ? -1 : look_past_space (reader);
  if (c < 0)
    return '\0';
  return c == '-' || c == 'N' || c == 'I' || g_ascii_isdigit (c) ? '0' : (char) c;
}

gboolean
assay_json_reader_enter (AssayJsonReader *reader, char bracket, GError **error)
{
  if (reader->broken != NULL)
    return broken (reader, error);
  if (look_past_space (reader) != bracket)
    {
      if (look (reader) < 0)
        {
          unexpected (reader, bracket == '{' ? "an object" : "an array");
          return broken (reader, error);
        }
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
                   "reading %s: line %" G_GUINT64_FORMAT ", column %" G_GUINT64_FORMAT ": %s should be here",
                   reader->what, reader->line, reader->column, bracket == '{' ? "an object" : "an array");
      return FALSE;
    }
  if (reader->depth == ASSAY_JSON_MAX_DEPTH)
    {
      break_down (reader, "more than %d levels of nesting; no label file is that deep", ASSAY_JSON_MAX_DEPTH);
      return broken (reader, error);
    }
  take (reader);
  reader->levels[reader->depth++] = (Level){ .bracket = bracket, .first = TRUE };
  return TRUE;
}

/* To the next member of the innermost level; `ret_more` FALSE when it ends here, and is left. */
static gboolean
advance (AssayJsonReader *reader, char bracket, gboolean *ret_more)
{
  g_assert (reader->depth > 0 && reader->levels[reader->depth - 1].bracket == bracket);
  Level *level = &reader->levels[reader->depth - 1];
  char close = bracket == '{' ? '}' : ']';
  int c = look_past_space (reader);
  if (c == close)
    {
      take (reader);
      reader->depth--;
      *ret_more = FALSE;
      return TRUE;
    }
  if (!level->first && c != ',')
    return unexpected (reader, bracket == '{' ? "',' or '}'" : "',' or ']'");
  if (!level->first)
    {
      take (reader);
      if (look_past_space (reader) == close)
        return unexpected (reader, bracket == '{' ? "a key" : "a value");
    }
  level->first = FALSE;
  *ret_more = TRUE;
  return TRUE;
}

static void
capture_begin (AssayJsonReader *reader, gsize max_bytes)
{
  g_string_truncate (reader->capture, 0);
  reader->capture_max = max_bytes;
  reader->overflowed = FALSE;
  reader->capturing = TRUE;
}

gboolean
assay_json_reader_next_key (AssayJsonReader *reader, const char **ret_key, GError **error)
{
  gboolean more = FALSE;
  if (reader->broken != NULL || !advance (reader, '{', &more))
    return broken (reader, error);
  g_clear_pointer (&reader->key, g_free);
  *ret_key = NULL;
  if (!more)
    return TRUE;
  look_past_space (reader);
  capture_begin (reader, KEY_BYTES);
  gboolean ok = scan_string (reader);
  reader->capturing = FALSE;
  if (ok && reader->overflowed)
    ok = break_down (reader, "a key of more than %d bytes", KEY_BYTES);
  if (ok && look_past_space (reader) != ':')
    ok = unexpected (reader, "':'");
  if (!ok)
    return broken (reader, error);
  take (reader);
  g_autoptr (json_t) key = json_loadb (reader->capture->str, reader->capture->len, JSON_DECODE_ANY, NULL);
  /* A key that cannot be represented (a lone surrogate, U+0000) is no key that anyone asks for. */
  reader->key = g_strdup (key != NULL ? json_string_value (key) : "\xef\xbf\xbd");
  *ret_key = reader->key;
  return TRUE;
}

gboolean
assay_json_reader_next_element (AssayJsonReader *reader, gboolean *ret_more, GError **error)
{
  return (reader->broken == NULL && advance (reader, '[', ret_more)) || broken (reader, error);
}

static json_t *
decode (AssayJsonReader *reader, const char *text, gsize n_bytes, guint64 line, GError **error)
{
  json_error_t wrong;
  json_t *json = json_loadb (text, n_bytes, JSON_DECODE_ANY, &wrong);
  if (json != NULL)
    return json;
  g_autofree char *where
      = line == 0 ? g_strdup ("")
                  : g_strdup_printf ("line %" G_GUINT64_FORMAT ": ", line + (guint64) MAX (wrong.line, 1) - 1);
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA, "reading %s: %s%s", reader->what, where, wrong.text);
  return NULL;
}

gboolean
assay_json_reader_read (AssayJsonReader *reader, gsize max_bytes, json_t **ret_json, GError **error)
{
  if (reader->broken != NULL)
    return broken (reader, error);
  look_past_space (reader);
  guint64 line = reader->line;
  capture_begin (reader, max_bytes);
  gboolean ok = scan_value (reader, reader->depth);
  reader->capturing = FALSE;
  if (!ok)
    return broken (reader, error);
  if (reader->overflowed)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
                   "reading %s: line %" G_GUINT64_FORMAT ": a value of more than %" G_GSIZE_FORMAT " bytes",
                   reader->what, line, max_bytes);
      return FALSE;
    }
  json_t *json = decode (reader, reader->capture->str, reader->capture->len, line, error);
  if (json == NULL)
    return FALSE;
  *ret_json = json;
  return TRUE;
}

gboolean
assay_json_reader_skip (AssayJsonReader *reader, GError **error)
{
  return (reader->broken == NULL && scan_value (reader, reader->depth)) || broken (reader, error);
}

gboolean
assay_json_reader_finish (AssayJsonReader *reader, GError **error)
{
  if (reader->broken == NULL && look_past_space (reader) >= 0)
    unexpected (reader, "the end of the file");
  return reader->broken == NULL || broken (reader, error);
}

guint64
assay_json_reader_get_start (AssayJsonReader *reader)
{
  look_past_space (reader);
  return assay_json_reader_get_offset (reader);
}

guint64
assay_json_reader_get_offset (const AssayJsonReader *reader)
{
  return reader->base + reader->at;
}

guint64
assay_json_reader_get_line (const AssayJsonReader *reader)
{
  return reader->line;
}

guint64
assay_json_reader_get_size (const AssayJsonReader *reader)
{
  return reader->size;
}

/* Through a second reader on the same bytes, so that NaN and all limits are treated as they were the first time. */
json_t *
assay_json_reader_read_at (AssayJsonReader *reader, guint64 offset, gsize n_bytes, guint64 line, GError **error)
{
  g_autofree guint8 *copy = NULL;
  const guint8 *bytes = NULL;
  if (reader->fd < 0)
    bytes = offset + n_bytes <= reader->size ? reader->memory + offset : NULL;
  else
    {
      bytes = copy = g_malloc (n_bytes + 1);
      if (pread (reader->fd, copy, n_bytes, (off_t) offset) != (ssize_t) n_bytes)
        bytes = NULL;
    }
  if (bytes == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_IO, "reading %s: it changed while it was read; try again",
                   reader->what);
      return NULL;
    }
  g_autoptr (AssayJsonReader) part = assay_json_reader_new (bytes, n_bytes, reader->what, error);
  json_t *json = NULL;
  if (part == NULL)
    return NULL;
  part->line = line;
  return assay_json_reader_read (part, 2 * n_bytes + 16, &json, error) ? json : NULL;
}
