/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/page.h - one of the four pages of the window, as the window sees it, and the window as a page sees it.
 *
 * A page is a GtkWidget that implements AssayPage. Its keys are rows of app/gui/keys.c: the window activates the
 * row's action on the visible page, so a page offers them as class actions (gtk_widget_class_install_action). Main
 * thread. */
#include "app/gui/desk.h"
#include "app/gui/settings.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_PAGE (assay_page_get_type ())
G_DECLARE_INTERFACE (AssayPage, assay_page, ASSAY, PAGE, GtkWidget)

#define ASSAY_PAGE_MAX_PANES 8

/* What a page holds that cannot be saved. */
typedef struct
{
  const char *item; /* its name */
  const char *why;
  guint n_strokes; /* 0: it is the answer, whose strokes are saved */
} AssayUnsaved;
/* NULL: nothing is lost. */
typedef void (*AssayPageMayClose) (gpointer data, const AssayUnsaved *unsaved);

struct _AssayPageInterface
{
  GTypeInterface parent;
  /* Mandatory. NULL when the project is about to close: hand in what is not saved (runs that were asked for are
   * finished). */
  void (*set_desk) (AssayPage *page, AssayDesk *desk);
  /* Optional. Saves what there is, and calls `may_close` once: at once, or a moment later. Asked again, the one before
   * is forgotten. */
  void (*ask_close) (AssayPage *page, AssayPageMayClose may_close, gpointer data);
  /* Optional. The page was brought to the front, or left: start and stop what costs something. */
  void (*set_shown) (AssayPage *page, gboolean shown);
  /* Optional. Shows an item, under a task (0 = the chosen one). */
  void (*open_item) (AssayPage *page, gint64 item_row, gint64 task_row);
  /* Optional. The widgets that F6 and Shift+F6 move between, the one to focus first in front; returns how many. */
  guint (*list_panes) (AssayPage *page, GtkWidget **ret_panes);
};

void assay_page_set_desk (AssayPage *page, AssayDesk *desk);
void assay_page_ask_close (AssayPage *page, AssayPageMayClose may_close, gpointer data);
void assay_page_set_shown (AssayPage *page, gboolean shown);
void assay_page_open_item (AssayPage *page, gint64 item_row, gint64 task_row);
guint assay_page_list_panes (AssayPage *page, GtkWidget **ret_panes);

/* For pages and the widgets in them; `from` is any widget inside a window. */

/* One line, gone by itself. */
void assay_page_toast (gpointer from, const char *text);
/* One line with Undo, of the page that `from` is in. Time goes by until somebody presses it, so `undo_action`, a class
 * action of that page, gets in `undo_target` what it was that was done: it takes back this, or nothing. One offer stands
 * at a time, and none outlives the project. A floating target is taken. */
void assay_page_toast_undo (gpointer from, const char *text, const char *undo_action, GVariant *undo_target);
/* The one clear line of an error; nothing for NULL and for CANCELLED. */
void assay_page_show_error (gpointer from, const GError *error);
/* A page over the whole window, with a header bar of its own, until the end of it or of the project. */
void assay_page_show_over (gpointer from, GtkWidget *over);
void assay_page_end_over (gpointer from);
/* What this desktop remembers; borrowed, NULL outside a window. */
AssaySettings *assay_page_get_settings (gpointer from);
/* Brings a page ("capture", "annotate", "review", "dataset") to the front and opens an item there (0 = none). */
void assay_page_go_to (gpointer from, const char *page, gint64 item_row, gint64 task_row);

G_END_DECLS
