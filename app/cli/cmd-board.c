/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/command.h"
#include "app/job-board.h"

static int
run (AssayInvocation *invocation, GError **error)
{
  g_autofree char *paper = NULL;
  int dpi = 300;
  AssayBoard board;
  const GOptionEntry entries[] = {
    { "paper", 0, 0, G_OPTION_ARG_STRING, &paper, NULL, NULL },
    { "dpi", 0, 0, G_OPTION_ARG_INT, &dpi, NULL, NULL },
    { NULL },
  };
  if (!assay_invocation_parse (invocation, entries, error) || !assay_invocation_expect (invocation, 2, 2, error)
      || !assay_board_parse (invocation->argv[1], &board, error))
    return 0;
  if (dpi < 72 || dpi > 2400)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "board: --dpi is a number from 72 to 2400");
      return 0;
    }
  g_autofree char *lower = g_ascii_strdown (paper != NULL ? paper : "a4", -1);
  json_t *answer = assay_job_board (&board, invocation->argv[2], lower, (guint) dpi, error);
  if (answer == NULL)
    return 0;
  g_autofree char *name = g_strdup (assay_json_get_string (answer, "board"));
  g_autofree char *text = g_strdup_printf ("%s: print it at 100 %%, glue it flat, measure the bar, then\n"
                                           "assay calibrate --board %s --scale-bar MM --camera ID --save",
                                           invocation->argv[2], name);
  assay_invocation_answer (invocation, answer, text);
  return 0;
}

const AssayCommand assay_command_board = {
  .id = "board",
  .form = "board BOARD OUT.pdf|OUT.png [--paper a4|letter|a3] [--dpi N]",
  .help = "draws a calibration board for printing, at its true size, with a bar to measure",
  .more = "BOARD is chessboard:COLSxROWS:SQUARE_MM, counting inner corners (10 x 7 squares are 9x6), or\n"
          "charuco:COLSxROWS:SQUARE_MM[:MARKER_MM[:5x5_100]], counting squares, with an odd number of rows.\n"
          "chessboard:9x6:25 and charuco:7x9:25 fit on A4. --dpi is for PNG (300).",
  .run = run,
};
