/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/chooser.h"

#include "app/gui/page.h"
#include "core/error.h"

typedef struct
{
  GWeakRef owner;
  AssayChosen chosen;
} Question;

static void
question_free (gpointer data, GClosure *closure)
{
  Question *question = data;
  g_weak_ref_clear (&question->owner);
  g_free (question);
}

static void
answer (GtkWidget *owner, const Question *question, GFile *file)
{
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;
  g_autofree char *uri = file != NULL && path == NULL ? g_file_get_uri (file) : NULL;
  g_autoptr (GError) error
      = uri != NULL ? g_error_new (ASSAY_ERROR, ASSAY_ERROR_USAGE,
                                   "choosing %s: it is on no disk of this computer; copy it here first", uri)
                    : NULL;
  if (path != NULL)
    question->chosen (owner, path);
  else if (error != NULL)
    assay_page_show_error (owner, error);
}

static void
on_response (GtkNativeDialog *dialog, int response, gpointer data)
{
  Question *question = data;
  g_autoptr (GtkWidget) owner = g_weak_ref_get (&question->owner);
  g_autoptr (GFile) file
      = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)) : NULL;
  if (owner != NULL && gtk_widget_get_root (owner) != NULL)
    answer (owner, question, file);
  gtk_native_dialog_destroy (dialog);
  g_object_unref (dialog);
}

void
assay_choose (GtkWidget *owner, GtkFileChooserAction action, const char *title, const char *accept,
              const char *name, AssayChosen chosen)
{
  GtkFileChooserNative *dialog
      = gtk_file_chooser_native_new (title, GTK_WINDOW (gtk_widget_get_root (owner)), action, accept, "_Cancel");
  Question *question = g_new0 (Question, 1);
  g_weak_ref_init (&question->owner, owner);
  question->chosen = chosen;
  if (name != NULL)
    gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_response), question, question_free, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}
