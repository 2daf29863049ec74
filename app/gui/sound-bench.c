/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/sound-bench.h"

#include "annotate/edits.h"
#include "app/gui/object-list.h"
#include "app/gui/player.h"
#include "app/gui/shortcuts.h"
#include "core/transcript.h"
#include "app/gui/widget.h"

/* Words are saved when typing pauses, and whenever they are left. */
#define TYPING_PAUSE_MS 600

struct _AssaySoundBench
{
  GtkWidget parent_instance;
  AssayWaveform *waveform;
  GtkEntry *words;
  GtkButton *play;
  GtkWidget *heard; /* in place of the words, where there are no segments */
  AssayObjectList *segments;
  AssayPlayer *player;
  AssayAnnotation *annotation;
  GCancellable *loading;
  AssayId shown;    /* the segment whose words the entry holds */
  gboolean filling; /* the entry is being filled: not typing */
  gboolean typed;   /* since it was filled: only then its words are news */
  guint pause;
};

G_DEFINE_FINAL_TYPE (AssaySoundBench, assay_sound_bench, GTK_TYPE_WIDGET)

enum
{
  SIGNAL_VIEW_CHANGED,
  SIGNAL_FAILED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static AssaySession *
session_of (AssaySoundBench *self)
{
  return self->annotation != NULL ? assay_annotation_get_session (self->annotation) : NULL;
}

static const AssayScene *
scene_of (AssaySoundBench *self)
{
  return self->annotation != NULL ? assay_session_get_scene (session_of (self)) : NULL;
}

static gboolean
has_segments (AssaySoundBench *self)
{
  return scene_of (self) != NULL && scene_of (self)->task->kind->media == ASSAY_MEDIA_SOUND;
}

static const AssaySegment *
selected_segment (AssaySoundBench *self)
{
  const AssayObject *object = has_segments (self) ? assay_scene_get_selected (scene_of (self)) : NULL;
  return object != NULL ? object->value : NULL;
}

/* Words */

static gboolean typing_paused (gpointer data);

void
assay_sound_bench_save_words (AssaySoundBench *self)
{
  g_clear_handle_id (&self->pause, g_source_remove);
  if (session_of (self) == NULL || assay_id_is_nil (&self->shown) || !self->typed)
    return;
  if (assay_annotation_is_busy (self->annotation)) /* they wait a little longer */
    {
      self->pause = g_timeout_add (TYPING_PAUSE_MS, typing_paused, self);
      return;
    }
  self->typed = FALSE;
  assay_annotation_edit (
      self->annotation,
      assay_edit_new_text (scene_of (self), &self->shown, gtk_editable_get_text (GTK_EDITABLE (self->words))));
}

static gboolean
typing_paused (gpointer data)
{
  AssaySoundBench *self = data;
  self->pause = 0;
  assay_sound_bench_save_words (self);
  return G_SOURCE_REMOVE;
}

static void
on_typed (AssaySoundBench *self)
{
  if (self->filling)
    return;
  self->typed = TRUE;
  g_clear_handle_id (&self->pause, g_source_remove);
  self->pause = g_timeout_add (TYPING_PAUSE_MS, typing_paused, self);
}

static void
fill_words (AssaySoundBench *self)
{
  const AssaySegment *segment = selected_segment (self);
  const char *text = segment != NULL ? segment->text : "";
  self->shown = segment != NULL ? scene_of (self)->selected : ASSAY_ID_NIL;
  gtk_widget_set_sensitive (GTK_WIDGET (self->words), segment != NULL);
  gtk_entry_set_placeholder_text (self->words, segment != NULL
                                                   ? "type what is said"
                                                   : "drag over the sound, or play and press Enter: a segment");
  self->typed = FALSE;
  if (g_str_equal (gtk_editable_get_text (GTK_EDITABLE (self->words)), text))
    return;
  self->filling = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->words), text);
  gtk_editable_set_position (GTK_EDITABLE (self->words), -1);
  self->filling = FALSE;
}

/* Playing */

static void
show_playing (AssaySoundBench *self)
{
  gboolean playing = assay_player_is_playing (self->player);
  gtk_button_set_icon_name (self->play, playing ? "media-playback-stop-symbolic" : "media-playback-start-symbolic");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->play), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  playing ? "Stop" : "Play", -1);
}

static void
on_moved (AssaySoundBench *self, gint64 sample)
{
  if (session_of (self) == NULL)
    return;
  assay_session_touch (session_of (self), g_get_monotonic_time ());
  assay_session_set_cursor (session_of (self), sample);
  assay_waveform_set_cursor (self->waveform, sample, TRUE);
}

static void
on_player_failed (AssaySoundBench *self, const GError *error)
{
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
}

void
assay_sound_bench_stop (AssaySoundBench *self)
{
  assay_player_stop (self->player);
}

void
assay_sound_bench_toggle_playing (AssaySoundBench *self)
{
  const AssayScene *scene = scene_of (self);
  if (assay_player_is_playing (self->player) || scene == NULL)
    {
      assay_player_stop (self->player);
      return;
    }
  const AssaySegment *segment = selected_segment (self);
  gint64 from = 0, to = 0;
  assay_item_get_samples (scene->item, &from, &to);
  if (segment != NULL)
    to = segment->end;
  from = scene->cursor < to ? scene->cursor : segment != NULL ? segment->start : from;
  if (segment != NULL && from < segment->start)
    from = segment->start;
  assay_player_play (self->player, assay_annotation_get_media_path (self->annotation), from, to);
  show_playing (self);
}

/* Drawing */

static void
describe (AssaySoundBench *self)
{
  guint n = scene_of (self)->objects->list->len;
  g_autofree char *words
      = g_strdup_printf ("%u %s%s", n, has_segments (self) ? "segment" : "tag", n == 1 ? "" : "s");
  assay_waveform_set_description (self->waveform, words);
}

void
assay_sound_bench_update (AssaySoundBench *self)
{
  const AssayScene *scene = scene_of (self);
  if (scene == NULL)
    return;
  if (!has_segments (self))
    {
      assay_waveform_set_segments (self->waveform, NULL);
      describe (self);
      return;
    }
  if (!assay_id_equal (&self->shown, &scene->selected))
    {
      const AssaySegment *segment = selected_segment (self);
      if (segment != NULL)
        assay_waveform_show_range (self->waveform, segment->start, segment->end);
      assay_sound_bench_save_words (self);
      scene = scene_of (self);
    }
  if (!self->typed) /* what is being typed is newer than the draft */
    fill_words (self);
  assay_waveform_set_segments (self->waveform, scene);
  assay_waveform_set_overlay (self->waveform, assay_session_list_tool_marks (session_of (self)));
  assay_object_list_update (self->segments, scene);
  describe (self);
}

static void
on_changed (AssaySoundBench *self, const AssayRect *dirty)
{
  assay_sound_bench_update (self);
}

static void
on_answered (AssaySoundBench *self, const AssayAnswer *answer)
{
  if (answer->move_cursor)
    {
      assay_player_stop (self->player);
      assay_waveform_set_cursor (self->waveform, answer->cursor, TRUE);
    }
  if (answer->select)
    assay_sound_bench_update (self);
  else if (answer->redraw)
    assay_waveform_set_overlay (self->waveform, assay_session_list_tool_marks (session_of (self)));
}

/* Input */

static gboolean
on_input (AssaySoundBench *self, const AssayInput *input)
{
  if (self->annotation == NULL)
    return FALSE;
  guint before = scene_of (self)->objects->list->len;
  gboolean used = assay_annotation_input (self->annotation, input);
  /* A new segment wants its words. */
  if (scene_of (self)->objects->list->len > before && assay_input_is_key (input, "Enter"))
    gtk_widget_grab_focus (GTK_WIDGET (self->words));
  return used;
}

static void
on_chosen (AssaySoundBench *self, const AssayId *id)
{
  if (session_of (self) == NULL)
    return;
  const AssayObject *object = assay_objects_find (scene_of (self)->objects, id);
  if (object == NULL)
    return;
  assay_session_select (session_of (self), id);
  assay_session_set_cursor (session_of (self), ((const AssaySegment *) object->value)->start);
  assay_waveform_set_cursor (self->waveform, ((const AssaySegment *) object->value)->start, TRUE);
  assay_sound_bench_update (self);
}

static void
on_next_segment (AssaySoundBench *self)
{
  assay_sound_bench_save_words (self);
  if (!assay_waveform_send_key (self->waveform, "Tab", 0))
    return;
  gtk_widget_grab_focus (GTK_WIDGET (self->words));
}

static gboolean
on_words_key (GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType modifiers,
              AssaySoundBench *self)
{
  gboolean alt = (modifiers & GDK_ALT_MASK) != 0;
  if (keyval == GDK_KEY_Escape)
    {
      assay_sound_bench_save_words (self);
      gtk_widget_grab_focus (GTK_WIDGET (self->waveform));
      return GDK_EVENT_STOP;
    }
  GdkModifierType mods;
  const char *name = alt ? assay_shortcuts_tool_key (controller, keyval, keycode, modifiers, &mods) : NULL;
  if (g_strcmp0 (name, "i") == 0 || g_strcmp0 (name, "j") == 0)
    {
      assay_sound_bench_save_words (self);
      return assay_waveform_send_key (self->waveform, name, 0);
    }
  return GDK_EVENT_PROPAGATE;
}

static void
on_words_left (AssaySoundBench *self)
{
  assay_sound_bench_save_words (self);
}

static void
on_view_changed (AssaySoundBench *self)
{
  g_signal_emit (self, signals[SIGNAL_VIEW_CHANGED], 0);
}

/* The sound */

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (AssaySoundBench) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayPeaks) peaks = assay_peaks_load_finish (result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->loading);
  if (peaks != NULL)
    assay_waveform_set_peaks (self->waveform, peaks);
  else
    g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
}

static void
show_parts (AssaySoundBench *self)
{
  gboolean segments = self->annotation == NULL || has_segments (self);
  gtk_widget_set_visible (GTK_WIDGET (self->words), segments);
  gtk_widget_set_visible (GTK_WIDGET (self->segments), segments);
  gtk_widget_set_visible (self->heard, !segments);
  if (!segments)
    {
      g_autofree char *key = assay_shortcuts_dup_key (self, "page.go", NULL, "The button");
      g_autofree char *words = g_strdup_printf ("%s plays it · a press in the sound puts the cursor there", key);
      gtk_label_set_text (GTK_LABEL (self->heard), words);
    }
  gtk_widget_set_vexpand (GTK_WIDGET (self->waveform), !segments);
}

void
assay_sound_bench_set_annotation (AssaySoundBench *self, AssayAnnotation *annotation)
{
  gint64 from = 0, to = 0;
  assay_sound_bench_save_words (self);
  assay_player_stop (self->player);
  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  if (self->annotation != NULL)
    g_signal_handlers_disconnect_by_data (self->annotation, self);
  g_set_object (&self->annotation, annotation);
  self->shown = ASSAY_ID_NIL;
  show_parts (self);
  if (annotation == NULL)
    {
      fill_words (self);
      assay_waveform_set_segments (self->waveform, NULL);
      assay_waveform_set_overlay (self->waveform, assay_marks_new ());
      assay_object_list_update (self->segments, NULL);
      return;
    }
  g_signal_connect_object (annotation, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (annotation, "answered", G_CALLBACK (on_answered), self, G_CONNECT_SWAPPED);
  const AssayItem *item = scene_of (self)->item;
  assay_item_get_samples (item, &from, &to);
  assay_session_set_cursor (session_of (self), from);
  assay_waveform_set_sound (self->waveform, from, to, item->rate_hz);
  self->loading = g_cancellable_new ();
  assay_peaks_load (assay_annotation_get_media_path (annotation), from, to, self->loading, on_loaded,
                    g_object_ref (self));
  assay_sound_bench_update (self);
}

AssayWaveform *
assay_sound_bench_get_waveform (AssaySoundBench *self)
{
  return self->waveform;
}

GtkWidget *
assay_sound_bench_get_words (AssaySoundBench *self)
{
  return GTK_WIDGET (self->words);
}

static void
assay_sound_bench_dispose (GObject *object)
{
  AssaySoundBench *self = ASSAY_SOUND_BENCH (object);
  g_clear_handle_id (&self->pause, g_source_remove);
  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  g_clear_object (&self->annotation);
  if (self->player != NULL)
    g_signal_handlers_disconnect_by_data (self->player, self);
  g_clear_object (&self->player);
  assay_widget_clear (self, ASSAY_TYPE_SOUND_BENCH);
  G_OBJECT_CLASS (assay_sound_bench_parent_class)->dispose (object);
}

static void
assay_sound_bench_class_init (AssaySoundBenchClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = assay_sound_bench_dispose;
  g_type_ensure (ASSAY_TYPE_WAVEFORM);
  g_type_ensure (ASSAY_TYPE_OBJECT_LIST);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/assay/Assay/sound-bench.ui");
  gtk_widget_class_bind_template_child (widget_class, AssaySoundBench, waveform);
  gtk_widget_class_bind_template_child (widget_class, AssaySoundBench, words);
  gtk_widget_class_bind_template_child (widget_class, AssaySoundBench, play);
  gtk_widget_class_bind_template_child (widget_class, AssaySoundBench, heard);
  gtk_widget_class_bind_template_child (widget_class, AssaySoundBench, segments);
  gtk_widget_class_bind_template_callback (widget_class, on_input);
  gtk_widget_class_bind_template_callback (widget_class, on_view_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_typed);
  gtk_widget_class_bind_template_callback (widget_class, on_next_segment);
  gtk_widget_class_bind_template_callback (widget_class, on_words_key);
  gtk_widget_class_bind_template_callback (widget_class, on_words_left);
  gtk_widget_class_bind_template_callback (widget_class, on_chosen);
  signals[SIGNAL_VIEW_CHANGED] = g_signal_new ("view-changed", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0,
                                               NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_FAILED] = g_signal_new ("failed", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                         NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
assay_sound_bench_init (AssaySoundBench *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->player = assay_player_new ();
  g_signal_connect_swapped (self->player, "moved", G_CALLBACK (on_moved), self);
  g_signal_connect_swapped (self->player, "stopped", G_CALLBACK (show_playing), self);
  g_signal_connect_swapped (self->player, "failed", G_CALLBACK (on_player_failed), self);
  show_playing (self);
  fill_words (self);
}
