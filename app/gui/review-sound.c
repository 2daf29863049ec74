/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/review-sound.h"

#include "app/gui/player.h"
#include "app/gui/swatch.h"
#include "app/gui/waveform.h"
#include "app/gui/word-rows.h"
#include "core/transcript.h"

#define LEAST_PX 150 /* of a waveform: more answers scroll */

struct _AssayReviewSound
{
  GtkWidget parent_instance;
  GtkWidget *scrolled;
  GtkBox *waves;
  AssayWordRows *words;
  GtkLabel *summary;
  GPtrArray *waveforms; /* of AssayWaveform, borrowed from `waves` */
  AssayPlayer *player;
  AssayPeaks *peaks; /* of the item that is shown; NULL = not yet */
  GCancellable *loading;
  char *path;
  char *shown; /* which answers, under which names: the same again changes nothing */
  gint64 item_row, from, to, cursor;
  gboolean linking;
};

G_DEFINE_FINAL_TYPE (AssayReviewSound, assay_review_sound, GTK_TYPE_WIDGET)

static guint signal_failed;

/* Together */

static void
on_view_changed (AssayWaveform *waveform, AssayReviewSound *self)
{
  double from, to;
  if (self->linking)
    return;
  self->linking = TRUE;
  assay_waveform_get_range (waveform, &from, &to);
  for (guint i = 0; i < self->waveforms->len; i++)
    if (self->waveforms->pdata[i] != waveform && gtk_widget_get_width (self->waveforms->pdata[i]) > 0)
      assay_waveform_set_range (self->waveforms->pdata[i], from, to);
  self->linking = FALSE;
}

static void
set_cursor (AssayReviewSound *self, gint64 sample, gboolean follow)
{
  self->cursor = sample;
  for (guint i = 0; i < self->waveforms->len; i++)
    assay_waveform_set_cursor (self->waveforms->pdata[i], sample, follow && i == 0);
}

static void
on_moved (AssayReviewSound *self, gint64 sample)
{
  set_cursor (self, sample, TRUE);
}

static void
on_player_failed (AssayReviewSound *self, const GError *error)
{
  g_signal_emit (self, signal_failed, 0, error);
}

void
assay_review_sound_toggle_playing (AssayReviewSound *self)
{
  if (assay_player_is_playing (self->player) || self->path == NULL)
    assay_player_stop (self->player);
  else
    assay_player_play (self->player, self->path, self->cursor < self->to ? self->cursor : self->from, self->to);
}

static gboolean
on_input (AssayWaveform *waveform, const AssayInput *input, AssayReviewSound *self)
{
  if (input->kind != ASSAY_INPUT_PRESS || input->button != GDK_BUTTON_PRIMARY)
    return FALSE;
  assay_player_stop (self->player);
  set_cursor (self, CLAMP ((gint64) input->at.x, self->from, self->to), FALSE);
  assay_review_sound_toggle_playing (self);
  return TRUE;
}

void
assay_review_sound_fit (AssayReviewSound *self)
{
  for (guint i = 0; i < self->waveforms->len; i++)
    assay_waveform_fit (self->waveforms->pdata[i]);
}

void
assay_review_sound_zoom_by (AssayReviewSound *self, double factor)
{
  if (self->waveforms->len > 0)
    assay_waveform_zoom_by (self->waveforms->pdata[0], factor);
}

void
assay_review_sound_show_range (AssayReviewSound *self, gint64 from, gint64 to)
{
  set_cursor (self, from, FALSE);
  if (self->waveforms->len > 0)
    assay_waveform_show_range (self->waveforms->pdata[0], from, to);
}

/* One answer */

static gboolean
is_transcript (const AssayReviewCase *review)
{
  return g_str_equal (review->task->kind->id, "transcript");
}

static void
add_answer (AssayReviewSound *self, const AssayReviewCase *review, const AssayAnswerShown *answer)
{
  const AssayScene scene = { .task = review->task, .item = review->item, .objects = answer->label->objects };
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6),
            *swatch = assay_swatch_new (), *name = gtk_label_new (answer->name), *wave = assay_waveform_new ();
  guint n = answer->label->objects->list->len;
  const char *what = is_transcript (review) ? "segment" : "tag";
  g_autofree char *words = g_strdup_printf ("%u %s%s", n, what, n == 1 ? "" : "s");
  GtkWidget *count = gtk_label_new (words);
  assay_swatch_set_colour (ASSAY_SWATCH (swatch), answer->colour);
  gtk_widget_add_css_class (count, "dim-label");
  gtk_widget_add_css_class (head, "beside-head");
  gtk_box_append (GTK_BOX (head), swatch);
  gtk_box_append (GTK_BOX (head), name);
  gtk_box_append (GTK_BOX (head), count);
  gtk_widget_set_size_request (wave, -1, LEAST_PX);
  assay_waveform_set_sound (ASSAY_WAVEFORM (wave), self->from, self->to, review->item->rate_hz);
  assay_waveform_set_peaks (ASSAY_WAVEFORM (wave), self->peaks);
  if (is_transcript (review))
    assay_waveform_set_segments (ASSAY_WAVEFORM (wave), &scene);
  assay_waveform_set_segment_colour (ASSAY_WAVEFORM (wave), answer->colour);
  assay_waveform_set_description (ASSAY_WAVEFORM (wave), words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (wave), GTK_ACCESSIBLE_PROPERTY_LABEL, answer->name, -1);
  g_signal_connect_object (wave, "view-changed", G_CALLBACK (on_view_changed), self, 0);
  g_signal_connect_object (wave, "input", G_CALLBACK (on_input), self, 0);
  gtk_box_append (GTK_BOX (box), head);
  gtk_box_append (GTK_BOX (box), wave);
  gtk_box_append (self->waves, box);
  g_ptr_array_add (self->waveforms, wave);
}

/* The texts of its segments, in order of time, or its tags; borrowed from the case. */
static const char **
list_texts (const AssayReviewCase *review, const AssayAnswerShown *answer)
{
  const GPtrArray *objects = answer->label->objects->list;
  const char **texts = g_new0 (const char *, objects->len + 1);
  for (guint i = 0; i < objects->len; i++)
    {
      const AssayObject *object = objects->pdata[i];
      const AssayClass *class = assay_task_find_class (review->task, &object->class_id);
      texts[i] = is_transcript (review) ? ((const AssaySegment *) object->value)->text
                 : class != NULL        ? class->name
                                        : "?";
    }
  return texts;
}

static void
show_words (AssayReviewSound *self, const AssayReviewCase *review, const GPtrArray *answers)
{
  g_autofree const char ***texts = g_new0 (const char **, answers->len + 1);
  g_autofree const char **names = g_new0 (const char *, answers->len + 1);
  g_autofree guint32 *colours = g_new0 (guint32, answers->len + 1);
  for (guint i = 0; i < answers->len; i++)
    {
      const AssayAnswerShown *answer = answers->pdata[i];
      texts[i] = list_texts (review, answer);
      names[i] = answer->name;
      colours[i] = answer->colour;
    }
  AssayWordTable *table
      = answers->len > 0 ? assay_word_table_new ((const char *const *const *) texts, answers->len, NULL) : NULL;
  g_autofree char *summary = table != NULL      ? assay_word_rows_dup_summary (table)
                             : answers->len > 0 ? g_strdup ("too long to be told word by word")
                                                : g_strdup ("");
  gtk_label_set_text (self->summary, summary);
  assay_word_rows_show (self->words, table, names, colours);
  for (guint i = 0; i < answers->len; i++)
    g_free (texts[i]);
}

/* The sound */

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (AssayReviewSound) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayPeaks) peaks = assay_peaks_load_finish (result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->loading);
  if (peaks == NULL)
    {
      g_signal_emit (self, signal_failed, 0, error);
      return;
    }
  self->peaks = g_steal_pointer (&peaks);
  for (guint i = 0; i < self->waveforms->len; i++)
    assay_waveform_set_peaks (self->waveforms->pdata[i], self->peaks);
}

static void
load (AssayReviewSound *self, const AssayReviewCase *review)
{
  gint64 item_row = review != NULL ? review->item->row : 0;
  if (item_row == self->item_row)
    return;
  self->item_row = item_row;
  assay_player_stop (self->player);
  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  g_clear_pointer (&self->peaks, assay_peaks_unref);
  g_clear_pointer (&self->path, g_free);
  if (review == NULL)
    return;
  assay_item_get_samples (review->item, &self->from, &self->to);
  self->cursor = self->from;
  self->path = g_strdup (review->path);
  self->loading = g_cancellable_new ();
  assay_peaks_load (review->path, self->from, self->to, self->loading, on_loaded, g_object_ref (self));
}

static char *
sign (const AssayReviewCase *review, GHashTable *hidden)
{
  GString *out = g_string_new (NULL);
  for (guint i = 0; review != NULL && i < review->answers->len; i++)
    {
      const AssayAnswerShown *answer = review->answers->pdata[i];
      g_autofree char *id = assay_id_dup_text (&answer->label->id);
      if (!g_hash_table_contains (hidden, &answer->label->annotator_row))
        g_string_append_printf (out, "%s %s\n", id, answer->name);
    }
  return g_string_free (out, FALSE);
}

void
assay_review_sound_show (AssayReviewSound *self, const AssayReviewCase *review, GHashTable *hidden)
{
  GtkWidget *child;
  g_autoptr (GPtrArray) answers = g_ptr_array_new ();
  g_autofree char *shown = sign (review, hidden);
  if (review != NULL && review->item->row == self->item_row && g_strcmp0 (shown, self->shown) == 0)
    return;
  g_free (self->shown);
  self->shown = g_steal_pointer (&shown);
  load (self, review);
  self->linking = TRUE;
  g_ptr_array_set_size (self->waveforms, 0);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->waves))) != NULL)
    gtk_box_remove (self->waves, child);
  for (guint i = 0; review != NULL && i < review->answers->len; i++)
    {
      AssayAnswerShown *answer = review->answers->pdata[i];
      if (g_hash_table_contains (hidden, &answer->label->annotator_row))
        continue;
      g_ptr_array_add (answers, answer);
      add_answer (self, review, answer);
    }
  self->linking = FALSE;
  show_words (self, review, answers);
}

static gboolean
assay_review_sound_grab_focus (GtkWidget *widget)
{
  AssayReviewSound *self = ASSAY_REVIEW_SOUND (widget);
  return self->waveforms->len > 0 && gtk_widget_grab_focus (self->waveforms->pdata[0]);
}

static void
assay_review_sound_dispose (GObject *object)
{
  AssayReviewSound *self = ASSAY_REVIEW_SOUND (object);
  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  if (self->player != NULL)
    {
      assay_player_stop (self->player);
      g_signal_handlers_disconnect_by_data (self->player, self);
    }
  g_clear_object (&self->player);
  g_ptr_array_set_size (self->waveforms, 0);
  g_clear_pointer (&self->scrolled, gtk_widget_unparent);
  G_OBJECT_CLASS (assay_review_sound_parent_class)->dispose (object);
}

static void
assay_review_sound_finalize (GObject *object)
{
  AssayReviewSound *self = ASSAY_REVIEW_SOUND (object);
  g_ptr_array_unref (self->waveforms);
  g_clear_pointer (&self->peaks, assay_peaks_unref);
  g_free (self->path);
  g_free (self->shown);
  G_OBJECT_CLASS (assay_review_sound_parent_class)->finalize (object);
}

static void
assay_review_sound_class_init (AssayReviewSoundClass *class)
{
  G_OBJECT_CLASS (class)->dispose = assay_review_sound_dispose;
  G_OBJECT_CLASS (class)->finalize = assay_review_sound_finalize;
  GTK_WIDGET_CLASS (class)->grab_focus = assay_review_sound_grab_focus;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
  signal_failed = g_signal_new ("failed", ASSAY_TYPE_REVIEW_SOUND, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
assay_review_sound_init (AssayReviewSound *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  self->waveforms = g_ptr_array_new ();
  self->player = assay_player_new ();
  g_signal_connect_object (self->player, "moved", G_CALLBACK (on_moved), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->player, "failed", G_CALLBACK (on_player_failed), self, G_CONNECT_SWAPPED);
  self->words = g_object_new (ASSAY_TYPE_WORD_ROWS, NULL);
  self->summary = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->summary, 0);
  gtk_widget_add_css_class (GTK_WIDGET (self->summary), "dim-label");
  self->waves = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
  gtk_widget_set_vexpand (GTK_WIDGET (self->waves), TRUE);
  gtk_widget_add_css_class (words, "review-words");
  gtk_box_append (GTK_BOX (words), GTK_WIDGET (self->summary));
  gtk_box_append (GTK_BOX (words), GTK_WIDGET (self->words));
  gtk_box_append (GTK_BOX (box), words);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->waves));
  self->scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scrolled), box);
  gtk_widget_set_parent (self->scrolled, GTK_WIDGET (self));
}
