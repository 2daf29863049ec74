/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/window-private.h - what the files of the window share: window.c has the widget and what pages may ask of
 * it, window-stack.c what is in front, window-menus.c the header bar, window-project.c a project that comes,
 * window-closing.c one that goes, window-actions.c what people ask for. */
#include "app/gui/jobs-button.h"
#include "app/gui/new-project-page.h"
#include "app/gui/start-page.h"
#include "app/gui/who-page.h"
#include "app/gui/window.h"

G_BEGIN_DECLS

struct _AssayWindow
{
  AdwApplicationWindow parent_instance;
  AssaySettings *settings;              /* of the application */
  char *annotator;                      /* who annotates in this sitting; NULL until said */
  AssayDesk *desk;                      /* NULL without a project */
  AssayPage *shown;                     /* the page in front */
  void (*then) (AssayWindow *window);   /* what waits until the project may be closed; NULL = nothing */
  guint n_asked;                        /* pages that have let it */
  GtkWindow *question;                  /* borrowed: whether it may be lost; NULL = is not asked */
  gboolean closing;                     /* a project is; */
  void (*closed) (AssayWindow *window); /* then this is done */
  char *wanted;                         /* the project to be opened then */
  guint opening;      /* rises with each project that is asked for, and at the end: an answer to another is none */
  const char *behind; /* interned: what the form of a new project was opened over */

  AdwToastOverlay *toasts;
  AdwToast *undo; /* borrowed: the offer that stands; NULL = none */
  GtkStack *stack;
  AssayStartPage *start_page;
  AssayNewProjectPage *new_page;
  AssayWhoPage *who_page;
  GtkWidget *wait_page;
  AdwStatusPage *wait;
  AdwViewStack *pages;
  AssayJobsButton *jobs_button;
  GtkMenuButton *project_button, *annotator_button, *primary_button;
  GMenuModel *primary_menu; /* without keys */
  GtkRevealer *notice;
  GtkLabel *notice_label;
};

void assay_window_drop_undo (AssayWindow *window);

/* window-stack.c: the four pages by their names, and what is in front. */
#define ASSAY_WINDOW_PAGES 4
AssayPage *assay_window_get_page (AssayWindow *window, const char *name);
AssayPage *assay_window_get_nth_page (AssayWindow *window, guint n, const char **ret_name);
void assay_window_set_pages_desk (AssayWindow *window, AssayDesk *desk);
const char *assay_window_get_shown_name (AssayWindow *window); /* (nullable) */
void assay_window_focus_page (AssayWindow *window);
void assay_window_move_pane (AssayWindow *window, int step);
void assay_window_show (AssayWindow *window, const char *name);
/* What somebody is filling in stays in front: this comes when it is left. */
void assay_window_show_next (AssayWindow *window, const char *name);
/* That something is under way: the window goes on by itself. `more` (nullable): one more sentence. */
void assay_window_show_wait (AssayWindow *window, const char *title, const char *more);
void assay_window_drop_over (AssayWindow *window);
void assay_window_bind_stack (GtkWidgetClass *class);

/* window-menus.c */
void assay_window_update_annotator (AssayWindow *window);
void assay_window_update_project_menu (AssayWindow *window);
void assay_window_show_keys_in_menus (AssayWindow *window);

/* window-project.c */
void assay_window_ask_who (AssayWindow *window);
void assay_window_show_start (AssayWindow *window);
void assay_window_try_sample (AssayWindow *window);
void assay_window_bind_project (GtkWidgetClass *class);

/* window-closing.c */
/* Does it once nothing would be lost by closing the project: at once, or a moment later; where something cannot be
 * saved it is asked, and perhaps never done. What waited before is forgotten. */
void assay_window_when_closable (AssayWindow *window, void (*then) (AssayWindow *window));
/* Lets the project go and closes it without blocking; `closed` comes after it, at once without a project. One that
 * was to come after a closing that is under way is forgotten: what was asked for last is done. */
void assay_window_close_project (AssayWindow *window, void (*closed) (AssayWindow *window));
void assay_window_close (AssayWindow *window);
void assay_window_end_project (AssayWindow *window); /* at the very end: blocks */

/* window-actions.c */
void assay_window_install_actions (GtkWidgetClass *class);
/* The state of the background is the application's: an action of the window's own. */
void assay_window_add_light (AssayWindow *window);

G_END_DECLS
