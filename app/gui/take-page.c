/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/take-page.h"

#include "app/gui/page.h"
#include "app/gui/picture-load.h"
#include "app/gui/player.h"
#include "app/gui/take-frames.h"
#include "app/gui/thumbnail.h"
#include "app/gui/waveform.h"

#include <adwaita.h>

#define LOOKED_AT 24 /* takes, the last ones */
#define MOST_PX 1600 /* a side of what is shown: the window shows it whole */
#define SILENT_MS 10 /* between two looks at the time while a film without sound plays */

struct _AssayTakePage
{
  GtkWidget parent_instance;
  AssayTake *take;             /* NULL until it was read */
  AssayTakeFrames *frames;     /* likewise */
  int sound;                   /* index of its sound among the items; -1 = none */
  guint track, at;             /* what is shown of the frames */
  guint silent_timer;          /* a film without sound plays */
  gint64 silent_us, silent_ns; /* since then, from this time of its own */
  gboolean loading, again;
  gboolean failed; /* the last picture could not be read, and it was told */
  GCancellable *gone;
  AssayPlayer *player;

  GtkWidget *all;
  AdwWindowTitle *title;
  GtkStack *stack;
  GtkPicture *picture;
  AssayWaveform *waveform;
  GtkButton *previous, *next, *play, *camera;
};

static guint signal_closed;

G_DEFINE_FINAL_TYPE (AssayTakePage, assay_take_page, GTK_TYPE_WIDGET)

static const AssayItem *
get_item (AssayTakePage *page, guint index)
{
  return page->take->items->pdata[index];
}

static const GArray *
get_track (AssayTakePage *page) /* NULL: there is nothing to see */
{
  return page->frames != NULL && page->frames->tracks->len > 0 ? page->frames->tracks->pdata[page->track] : NULL;
}

static const AssayTakeFrame *
get_shown (AssayTakePage *page)
{
  return &g_array_index (get_track (page), AssayTakeFrame, page->at);
}

static gboolean
is_film (AssayTakePage *page)
{
  return get_track (page) != NULL && page->take->films->len > 0;
}

/* Pictures */

static void load_shown (AssayTakePage *page);
static void stop_playing (AssayTakePage *page);
static void update_play (AssayTakePage *page);

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (AssayTakePage) page = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayPicture) picture = assay_picture_load_small_finish (result, &error);
  page->loading = FALSE;
  if (g_cancellable_is_cancelled (page->gone))
    return;
  if (picture != NULL)
    {
      g_autoptr (GdkTexture) texture = assay_texture_new (picture);
      gtk_picture_set_paintable (page->picture, GDK_PAINTABLE (texture));
    }
  else if (!page->failed)
    assay_page_show_error (page, error);
  page->failed = picture == NULL;
  if (page->failed)
    {
      stop_playing (page);
      update_play (page);
    }
  if (page->again)
    load_shown (page);
}

/* One at a time: while a film plays, what was passed meanwhile is left out. */
static void
load_shown (AssayTakePage *page)
{
  page->again = page->loading;
  if (page->loading)
    return;
  page->loading = TRUE;
  const AssayTakeFrame *shown = get_shown (page);
  g_autoptr (AssayItem) item = assay_take_frames_dup_item (page->frames, shown);
  assay_picture_load_small_async (item, page->frames->paths->pdata[shown->source], MOST_PX, page->gone, on_loaded,
                                  g_object_ref (page));
}

static void
show_at (AssayTakePage *page, guint at)
{
  page->at = at;
  const GArray *track = get_track (page);
  const AssayItem *item = page->frames->sources->pdata[get_shown (page)->source];
  double since_s
      = (double) (get_shown (page)->captured_ns - g_array_index (track, AssayTakeFrame, 0).captured_ns) / 1e9;
  g_autofree char *time = is_film (page) ? g_strdup_printf (" · %.3f s", since_s) : g_strdup ("");
  g_autofree char *words
      = g_strdup_printf ("%u of %u%s · %u × %u%s%s", at + 1, track->len, time, item->width_px, item->height_px,
                         page->take->note != NULL ? " · " : "", page->take->note != NULL ? page->take->note : "");
  adw_window_title_set_title (page->title, item->name);
  adw_window_title_set_subtitle (page->title, words);
  gtk_widget_set_sensitive (GTK_WIDGET (page->previous), at > 0);
  gtk_widget_set_sensitive (GTK_WIDGET (page->next), at + 1 < track->len);
  load_shown (page);
}

static void
step (AssayTakePage *page, int by)
{
  int at = (int) page->at + by;
  if (get_track (page) != NULL && at >= 0 && at < (int) get_track (page)->len)
    show_at (page, (guint) at);
}

/* The same instant, as another camera saw it. */
static void
change_track (AssayTakePage *page, guint by)
{
  if (get_track (page) == NULL || page->frames->tracks->len < 2)
    return;
  gint64 now_ns = get_shown (page)->captured_ns;
  page->track = (page->track + by) % page->frames->tracks->len;
  show_at (page, assay_take_frames_find (get_track (page), now_ns));
}

static void
change_camera (AssayTakePage *page)
{
  change_track (page, 1);
}

static void
step_back (AssayTakePage *page)
{
  step (page, -1);
}

static void
step_on (AssayTakePage *page)
{
  step (page, 1);
}

/* Playing */

static gboolean
is_playing (AssayTakePage *page)
{
  return assay_player_is_playing (page->player) || page->silent_timer != 0;
}

static void
update_play (AssayTakePage *page)
{
  gboolean playing = is_playing (page);
  gtk_button_set_label (page->play, playing ? "Stop" : "Play");
}

/* The last frame of this camera that had been captured when this sample was. */
static void
on_moved (AssayTakePage *page, gint64 sample)
{
  assay_waveform_set_cursor (page->waveform, sample, TRUE);
  if (get_track (page) == NULL)
    return;
  const AssayItem *sound = get_item (page, (guint) page->sound);
  guint best = assay_take_frames_find (get_track (page), assay_item_time_of_sample (&sound->time, sound, sample));
  if (best != page->at)
    show_at (page, best);
}

static void
stop_playing (AssayTakePage *page)
{
  g_clear_handle_id (&page->silent_timer, g_source_remove);
  assay_player_stop (page->player);
}

static gboolean
on_silent (gpointer data)
{
  AssayTakePage *page = data;
  guint best = assay_take_frames_find (
      get_track (page), page->silent_ns + (g_get_monotonic_time () - page->silent_us) * G_GINT64_CONSTANT (1000));
  if (best != page->at)
    show_at (page, best);
  if (best + 1 < get_track (page)->len)
    return G_SOURCE_CONTINUE;
  page->silent_timer = 0;
  update_play (page);
  return G_SOURCE_REMOVE;
}

/* From where it stands; from its beginning when it stands at the end. */
static void
play_silent (AssayTakePage *page)
{
  if (page->at + 1 >= get_track (page)->len)
    show_at (page, 0);
  page->silent_ns = get_shown (page)->captured_ns;
  page->silent_us = g_get_monotonic_time ();
  page->silent_timer = g_timeout_add (SILENT_MS, on_silent, page);
}

static void
on_failed (AssayTakePage *page, const GError *error)
{
  assay_page_show_error (page, error);
  update_play (page);
}

/* With the picture that is shown; from the beginning when it is the last one, or was taken after the sound. */
static gint64
find_start (AssayTakePage *page)
{
  const AssayItem *sound = get_item (page, (guint) page->sound);
  if (get_track (page) == NULL || page->at + 1 == get_track (page)->len)
    return sound->start;
  gint64 sample = assay_item_time_to_sample (&sound->time, sound, get_shown (page)->captured_ns);
  return sample < sound->start + sound->n_samples ? sample : sound->start;
}

static void
play (AssayTakePage *page)
{
  if (page->take == NULL || (page->sound < 0 && !is_film (page)))
    return;
  const AssayItem *sound = page->sound >= 0 ? get_item (page, (guint) page->sound) : NULL;
  if (is_playing (page))
    stop_playing (page);
  else if (sound == NULL)
    play_silent (page);
  else
    assay_player_play (page->player, page->take->paths->pdata[page->sound], find_start (page),
                       sound->start + sound->n_samples);
  update_play (page);
}

static void
on_peaks (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (AssayTakePage) page = data;
  g_autoptr (AssayPeaks) peaks = assay_peaks_load_finish (result, NULL);
  if (peaks != NULL && !g_cancellable_is_cancelled (page->gone))
    assay_waveform_set_peaks (page->waveform, peaks);
}

static void
show_sound (AssayTakePage *page)
{
  const AssayItem *sound = get_item (page, (guint) page->sound);
  gint64 from = sound->start, to = sound->start + sound->n_samples;
  g_autofree char *words
      = g_strdup_printf ("%.1f s · %u Hz", (double) sound->n_samples / MAX (1, sound->rate_hz), sound->rate_hz);
  adw_window_title_set_title (page->title, sound->name);
  adw_window_title_set_subtitle (page->title, words);
  assay_waveform_set_sound (page->waveform, from, to, sound->rate_hz);
  assay_peaks_load (page->take->paths->pdata[page->sound], from, to, page->gone, on_peaks, g_object_ref (page));
}

/* Reading */

static void
close_page (AssayTakePage *page)
{
  stop_playing (page);
  g_signal_emit (page, signal_closed, 0);
}

typedef struct
{
  AssayId session;
  gint64 item_row;
  AssayTake *take;
  AssayTakeFrames *frames;
  char *wrong; /* (nullable) a film that cannot be read */
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;
  assay_take_frames_free (reading->frames);
  assay_take_free (reading->take);
  g_free (reading->wrong);
  g_free (reading);
}

static gboolean
is_wanted (const AssayTake *take, const Reading *reading)
{
  for (guint i = 0; i < take->items->len; i++)
    if (((const AssayItem *) take->items->pdata[i])->row == reading->item_row)
      return TRUE;
  return reading->item_row == 0 && take->films->len > 0 && assay_id_equal (&take->session, &reading->session);
}

static gboolean
read_take (AssayProject *project, gpointer data, GError **error)
{
  Reading *reading = data;
  g_autoptr (GPtrArray) takes = assay_take_list (project, LOOKED_AT, error);
  if (takes == NULL)
    return FALSE;
  g_ptr_array_set_free_func (takes, NULL);
  for (guint i = 0; i < takes->len; i++)
    {
      AssayTake *take = takes->pdata[i];
      if (reading->take == NULL && is_wanted (take, reading))
        reading->take = take;
      else
        assay_take_free (take);
    }
  if (reading->take != NULL)
    reading->frames = assay_take_frames_new (reading->take, &reading->wrong);
  return TRUE;
}

static void
on_read (gpointer owner, gpointer data, const GError *error)
{
  AssayTakePage *page = owner;
  Reading *reading = data;
  if (error != NULL || reading->take == NULL)
    {
      assay_page_show_error (page, error);
      if (error == NULL)
        assay_page_toast (page, "This take is no longer among the last ones: its receipt says where it is");
      close_page (page);
      return;
    }
  page->take = g_steal_pointer (&reading->take);
  page->frames = g_steal_pointer (&reading->frames);
  for (guint i = page->take->items->len; i > 0; i--)
    if (get_item (page, i - 1)->media_kind == ASSAY_MEDIA_SOUND)
      page->sound = (int) i - 1;
  gboolean several = get_track (page) != NULL && get_track (page)->len > 1;
  gtk_widget_set_visible (GTK_WIDGET (page->play), page->sound >= 0 || (is_film (page) && several));
  gtk_widget_set_visible (GTK_WIDGET (page->previous), several);
  gtk_widget_set_visible (GTK_WIDGET (page->next), several);
  gtk_widget_set_visible (GTK_WIDGET (page->camera), page->frames->tracks->len > 1);
  gtk_stack_set_visible_child_name (page->stack, get_track (page) != NULL ? "picture" : "sound");
  if (reading->wrong != NULL)
    assay_page_toast (page, reading->wrong);
  if (page->sound >= 0)
    show_sound (page);
  if (get_track (page) != NULL)
    show_at (page, 0);
}

/* Acting */

static gboolean
on_key (AssayTakePage *page, guint key)
{
  if (key == GDK_KEY_Escape)
    close_page (page);
  else if (key == GDK_KEY_Left || key == GDK_KEY_Right)
    step (page, key == GDK_KEY_Left ? -1 : 1);
  else if (key == GDK_KEY_Up || key == GDK_KEY_Down)
    change_track (page,
                  key == GDK_KEY_Down ? 1 : MAX (1, page->frames != NULL ? page->frames->tracks->len - 1 : 1));
  else if (key == GDK_KEY_space)
    play (page);
  else
    return FALSE;
  return TRUE;
}

static void
assay_take_page_dispose (GObject *object)
{
  AssayTakePage *page = ASSAY_TAKE_PAGE (object);
  if (page->gone != NULL)
    g_cancellable_cancel (page->gone);
  g_clear_handle_id (&page->silent_timer, g_source_remove);
  if (page->player != NULL)
    {
      g_signal_handlers_disconnect_by_data (page->player, page);
      assay_player_stop (page->player);
    }
  g_clear_object (&page->player);
  g_clear_pointer (&page->all, gtk_widget_unparent);
  G_OBJECT_CLASS (assay_take_page_parent_class)->dispose (object);
}

static void
assay_take_page_finalize (GObject *object)
{
  AssayTakePage *page = ASSAY_TAKE_PAGE (object);
  g_object_unref (page->gone);
  assay_take_frames_free (page->frames);
  assay_take_free (page->take);
  G_OBJECT_CLASS (assay_take_page_parent_class)->finalize (object);
}

static void
assay_take_page_class_init (AssayTakePageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = assay_take_page_dispose;
  G_OBJECT_CLASS (class)->finalize = assay_take_page_finalize;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  signal_closed
      = g_signal_new ("closed", ASSAY_TYPE_TAKE_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static GtkButton *
button_new (AssayTakePage *page, const char *label, const char *tip, GCallback clicked)
{
  GtkWidget *button = gtk_button_new_with_label (label);
  gtk_widget_set_tooltip_text (button, tip);
  gtk_widget_set_focus_on_click (button, FALSE);
  g_signal_connect_object (button, "clicked", clicked, page, G_CONNECT_SWAPPED);
  return GTK_BUTTON (button);
}

static GtkWidget *
header_new (AssayTakePage *page)
{
  GtkWidget *header = adw_header_bar_new ();
  GtkButton *close = button_new (page, "Close", "Escape", G_CALLBACK (close_page));
  page->title = ADW_WINDOW_TITLE (adw_window_title_new ("", "Reading the take…"));
  page->previous = button_new (page, "Previous", "Left", G_CALLBACK (step_back));
  page->next = button_new (page, "Next", "Right", G_CALLBACK (step_on));
  page->play = button_new (page, "Play", "Space", G_CALLBACK (play));
  page->camera = button_new (page, "Other Camera", "Up and Down", G_CALLBACK (change_camera));
  adw_header_bar_set_title_widget (ADW_HEADER_BAR (header), GTK_WIDGET (page->title));
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), GTK_WIDGET (close));
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), GTK_WIDGET (page->next));
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), GTK_WIDGET (page->previous));
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), GTK_WIDGET (page->play));
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), GTK_WIDGET (page->camera));
  gtk_widget_set_visible (GTK_WIDGET (page->camera), FALSE);
  return header;
}

static void
assay_take_page_init (AssayTakePage *page)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  page->sound = -1;
  page->gone = g_cancellable_new ();
  page->player = assay_player_new ();
  page->all = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  page->stack = GTK_STACK (gtk_stack_new ());
  page->picture = GTK_PICTURE (gtk_picture_new ());
  page->waveform = ASSAY_WAVEFORM (assay_waveform_new ());
  gtk_accessible_update_property (GTK_ACCESSIBLE (page->picture), GTK_ACCESSIBLE_PROPERTY_LABEL, "The take", -1);
  gtk_widget_add_css_class (GTK_WIDGET (page->stack), "live");
  gtk_widget_set_vexpand (GTK_WIDGET (page->stack), TRUE);
  gtk_widget_set_hexpand (GTK_WIDGET (page->stack), TRUE);
  gtk_stack_add_named (page->stack, GTK_WIDGET (page->picture), "picture");
  gtk_stack_add_named (page->stack, GTK_WIDGET (page->waveform), "sound");
  gtk_box_append (GTK_BOX (page->all), header_new (page));
  gtk_box_append (GTK_BOX (page->all), GTK_WIDGET (page->stack));
  gtk_widget_set_parent (page->all, GTK_WIDGET (page));
  gtk_widget_set_focusable (GTK_WIDGET (page), TRUE);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (on_key), page, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (page), keys);
  g_signal_connect_object (page->player, "moved", G_CALLBACK (on_moved), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (page->player, "stopped", G_CALLBACK (update_play), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (page->player, "failed", G_CALLBACK (on_failed), page, G_CONNECT_SWAPPED);
}

GtkWidget *
assay_take_page_new (AssayDesk *desk, const AssayId *session, gint64 item_row)
{
  AssayTakePage *page = g_object_new (ASSAY_TYPE_TAKE_PAGE, NULL);
  Reading *reading = g_new0 (Reading, 1);
  reading->session = *session;
  reading->item_row = item_row;
  assay_desk_read (desk, read_take, reading, reading_free, on_read, page);
  return GTK_WIDGET (page);
}
