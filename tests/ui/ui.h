/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* tests/ui/ui.h - the real window, driven as a person drives it: found and read through AT-SPI, moved by real
 * pointer and keys (XTEST), seen by pixels. Runs inside tests/ui/ui-session. Everything waits for its condition (10
 * s), nothing sleeps; what does not come true ends the test with the tree of the window and a picture of the screen
 * in $ASSAY_UI_SHOTS. */
#include <atspi/atspi.h>
#include <glib.h>

G_BEGIN_DECLS

typedef struct _Ui Ui;

/* Starts $ASSAY_DESKTOP and waits for its window. NULL: on the start page; NULL: whoever the program knows, else it
 * asks. */
Ui *ui_start (const char *project, const char *annotator);
/* What is started from now on has this library in it (NULL: no more); it is called before the system's own. */
void ui_preload (const char *library);
/* Ends it by closing the window, and checks that it left with status 0 and without a word on standard error. */
void ui_stop (Ui *ui);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Ui, ui_stop)
/* Waits until it has ended by itself, and checks the same. */
void ui_wait_end (Ui *ui);
/* Ends it as a power cut does: SIGKILL, at once. */
void ui_kill (Ui *ui);
GPid ui_get_pid (Ui *ui);
/* Microseconds from the start of the program to its first window. */
gint64 ui_get_start_us (Ui *ui);

/* The first node of that role ("push button", "list item", "label" …) whose name is, or ends with, `name`; the role
 * NULL is any. Only what is on the screen. Borrowed until the next call that finds. */
AtspiAccessible *ui_find (Ui *ui, const char *role, const char *name);
gboolean ui_has (Ui *ui, const char *role, const char *name); /* now, without waiting */
void ui_wait_gone (Ui *ui, const char *role, const char *name);
guint ui_count (Ui *ui, const char *role, const char *name);
/* Waits until the name of some node contains `text`. */
void ui_wait_text (Ui *ui, const char *text);
char *ui_dup_description (AtspiAccessible *node);
char *ui_dup_description_now (Ui *ui, const char *role, const char *name); /* NULL when there is no such node */
gboolean ui_is_focused (AtspiAccessible *node);
/* Clicks into the entry of that name and types over what it holds; waits until it is there. */
void ui_enter (Ui *ui, const char *name, const char *ascii);
/* Waits until a node of that role and name has the focus. */
void ui_wait_focus (Ui *ui, const char *role, const char *name);

/* Extents in screen pixels. */
void ui_get_extents (Ui *ui, AtspiAccessible *node, int *ret_x, int *ret_y, int *ret_width, int *ret_height);
void ui_click (Ui *ui, AtspiAccessible *node);
void ui_double_click (Ui *ui, AtspiAccessible *node);
/* Screen pixels. */
void ui_move (Ui *ui, int x, int y);
void ui_button (Ui *ui, guint button, gboolean down);
void ui_click_at (Ui *ui, int x, int y);
void ui_drag (Ui *ui, int x0, int y0, int x1, int y1);
void ui_scroll (Ui *ui, int steps); /* down is positive */

/* "Return", "ctrl+n", "ctrl+shift+z", "alt+2", "shift+F6" … names of keysyms. */
void ui_key (Ui *ui, const char *key);
void ui_key_down (Ui *ui, const char *key, gboolean down);
void ui_type (Ui *ui, const char *ascii);

guint32 ui_pixel (Ui *ui, int x, int y); /* 0xRRGGBB */
/* Waits until `test` is TRUE; `what` names it when it never is. */
typedef gboolean (*UiTest) (Ui *ui, gpointer data);
void ui_wait (Ui *ui, UiTest test, gpointer data, const char *what);
/* Waits until the screen has been the same for 0.3 s. */
void ui_settle (Ui *ui);
int ui_get_width (Ui *ui); /* of the screen */
/* Keeps a picture of the screen as $ASSAY_UI_SHOTS/NAME.png. */
void ui_shot (Ui *ui, const char *name);

/* Fills the screen with the window. */
void ui_maximise (Ui *ui);

/* Runs the command line tool beside the program, as another process that works on the same project. */
char *ui_assay (const char *first_argument, ...) G_GNUC_NULL_TERMINATED;
/* An empty folder of this test, removed by the session: free it. */
char *ui_dup_folder (const char *name);

G_END_DECLS
