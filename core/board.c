/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/board.h"

#include "core/error.h"
#include "core/json.h"

#include <math.h>
#include <string.h>

#define MOST_ACROSS 100
#define BAR_MM 100.0

static const guint dictionary_sizes[] = { 50, 100, 250, 1000 };

G_GNUC_PRINTF (3, 4) static gboolean refuse (const char *words, GError **error, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *why = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
               "reading the board \"%s\": %s; write chessboard:COLSxROWS:SQUARE_MM (inner corners) or "
               "charuco:COLSxROWS:SQUARE_MM[:MARKER_MM[:5x5_100]] (squares)",
               words, why);
  return FALSE;
}

static gboolean
read_counts (const char *text, guint *ret_cols, guint *ret_rows)
{
  g_auto (GStrv) sides = g_strsplit (text, "x", 0);
  guint64 cols, rows;
  if (g_strv_length (sides) != 2 || !g_ascii_string_to_unsigned (sides[0], 10, 2, MOST_ACROSS, &cols, NULL)
      || !g_ascii_string_to_unsigned (sides[1], 10, 2, MOST_ACROSS, &rows, NULL))
    return FALSE;
  *ret_cols = (guint) cols;
  *ret_rows = (guint) rows;
  return TRUE;
}

static gboolean
read_mm (const char *text, double *ret_m)
{
  char *end = NULL;
  double mm = g_ascii_strtod (text, &end);
  if (end == text || *end != '\0' || !(mm > 0) || !(mm < 10000))
    return FALSE;
  *ret_m = mm / 1000;
  return TRUE;
}

/* "5x5_100", also as OpenCV spells it: "DICT_5X5_100". */
static gboolean
read_dictionary (const char *text, AssayBoard *board)
{
  g_autofree char *lower = g_ascii_strdown (text, -1);
  const char *name = g_str_has_prefix (lower, "dict_") ? lower + strlen ("dict_") : lower;
  for (guint bits = 4; bits <= 7; bits++)
    for (guint i = 0; i < G_N_ELEMENTS (dictionary_sizes); i++)
      {
        g_autofree char *known = g_strdup_printf ("%ux%u_%u", bits, bits, dictionary_sizes[i]);
        if (!g_str_equal (name, known))
          continue;
        board->bits = bits;
        board->n_markers = dictionary_sizes[i];
        return TRUE;
      }
  return FALSE;
}

static gboolean
read_charuco (const char *words, char **parts, guint n, AssayBoard *board, GError **error)
{
  guint needed = board->cols * board->rows / 2;
  board->marker_m = 0.75 * board->square_m;
  board->bits = 5;
  for (guint i = G_N_ELEMENTS (dictionary_sizes); i > 0; i--)
    if (dictionary_sizes[i - 1] >= needed)
      board->n_markers = dictionary_sizes[i - 1];
  if (n > 3 && !read_mm (parts[3], &board->marker_m))
    return refuse (words, error, "\"%s\" is no size of a marker in millimetres", parts[3]);
  if (n > 4 && !read_dictionary (parts[4], board))
    return refuse (words, error,
                   "\"%s\" is no dictionary; there are 4x4, 5x5, 6x6 and 7x7 with _50, _100, _250, _1000",
                   parts[4]);
  if (board->marker_m > 0.95 * board->square_m)
    return refuse (words, error, "a marker of %g mm leaves no border in a square of %g mm", board->marker_m * 1000,
                   board->square_m * 1000);
  if (board->n_markers < needed)
    return refuse (words, error, "it needs %u markers, more than its dictionary has", needed);
  if (board->rows % 2 == 0)
    return refuse (
        words, error,
        "ChArUco boards with an even number of rows have one layout up to OpenCV 4.5 and another after it, "
        "so %u rows would be read wrong by one of them: take %u or %u rows",
        board->rows, board->rows - 1, board->rows + 1);
  return board->cols >= 3 || refuse (words, error, "it is too small");
}

gboolean
assay_board_parse (const char *words, AssayBoard *ret_board, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (words, ":", 0);
  guint n = g_strv_length (parts);
  AssayBoard board = { 0 };
  if (n < 3)
    return refuse (words, error, "something is missing");
  gboolean charuco = g_str_equal (parts[0], "charuco");
  if (!charuco && !g_str_equal (parts[0], "chessboard"))
    return refuse (words, error, "there is no board called \"%s\"", parts[0]);
  board.kind = charuco ? ASSAY_BOARD_CHARUCO : ASSAY_BOARD_CHESSBOARD;
  if (!read_counts (parts[1], &board.cols, &board.rows))
    return refuse (words, error, "\"%s\" is no count of 2 to %d each way", parts[1], MOST_ACROSS);
  if (!read_mm (parts[2], &board.square_m))
    return refuse (words, error, "\"%s\" is no size of a square in millimetres", parts[2]);
  if (n > (charuco ? 5 : 3))
    return refuse (words, error, "there is a part too many");
  if (charuco && !read_charuco (words, parts, n, &board, error))
    return FALSE;
  /* cv::findChessboardCorners wants three corners each way. */
  if (!charuco && (board.cols < 3 || board.rows < 3))
    return refuse (words, error, "it is too small: three inner corners each way are the least");
  *ret_board = board;
  return TRUE;
}

char *
assay_board_to_text (const AssayBoard *board)
{
  char square[32], marker[32];
  /* Micrometres are finer than any printer; what the tenfold divisions leave behind is dropped. */
  assay_json_double (round (board->square_m * 1e6) / 1e3, square);
  assay_json_double (round (board->marker_m * 1e6) / 1e3, marker);
  if (board->kind == ASSAY_BOARD_CHESSBOARD)
    return g_strdup_printf ("chessboard:%ux%u:%s", board->cols, board->rows, square);
  return g_strdup_printf ("charuco:%ux%u:%s:%s:%ux%u_%u", board->cols, board->rows, square, marker, board->bits,
                          board->bits, board->n_markers);
}

guint
assay_board_get_across (const AssayBoard *board)
{
  return board->kind == ASSAY_BOARD_CHARUCO ? board->cols - 1 : board->cols;
}

guint
assay_board_get_down (const AssayBoard *board)
{
  return board->kind == ASSAY_BOARD_CHARUCO ? board->rows - 1 : board->rows;
}

guint
assay_board_count_corners (const AssayBoard *board)
{
  return assay_board_get_across (board) * assay_board_get_down (board);
}

AssayPoint3
assay_board_get_corner (const AssayBoard *board, guint id)
{
  guint across = assay_board_get_across (board);
  return (AssayPoint3){ id % across * board->square_m, id / across * board->square_m, 0 };
}

void
assay_board_get_size (const AssayBoard *board, guint *ret_squares_across, guint *ret_squares_down,
                      double *ret_width_m, double *ret_height_m)
{
  *ret_squares_across = assay_board_get_across (board) + 1;
  *ret_squares_down = assay_board_get_down (board) + 1;
  *ret_width_m = *ret_squares_across * board->square_m;
  *ret_height_m = *ret_squares_down * board->square_m;
}

gboolean
assay_board_is_ambiguous (const AssayBoard *board)
{
  return board->kind == ASSAY_BOARD_CHESSBOARD && (board->cols + board->rows) % 2 == 0;
}

gboolean
assay_board_scale (AssayBoard *board, double bar_mm, GError **error)
{
  if (!(bar_mm >= BAR_MM / 2 && bar_mm <= BAR_MM * 2))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   "scaling the board: a bar of 100 mm that measures %g mm was not printed by us; measure it in "
                   "millimetres",
                   bar_mm);
      return FALSE;
    }
  board->square_m *= bar_mm / BAR_MM;
  board->marker_m *= bar_mm / BAR_MM;
  return TRUE;
}
