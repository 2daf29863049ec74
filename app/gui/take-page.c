/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/take-page.h"

#include "app/gui/page.h"
#include "app/gui/picture-load.h"
#include "app/gui/player.h"
#include "app/gui/thumbnail.h"
#include "app/gui/waveform.h"
#include "app/job-take.h"

#include <adwaita.h>

#define LOOKED_AT 24 /* takes, the last ones */

struct _AssayTakePage
{
  GtkWidget parent_instance;
  AssayTake *take;     /* NULL until it was read */
  GPtrArray *pictures; /* indexes of its items, by when they were captured: guint */
  int sound;           /* index of its sound; -1 = none */
  guint at;            /* of `pictures` */
  gboolean loading, again;
  GCancellable *gone;
  AssayPlayer *player;

  GtkWidget *all;
  AdwWindowTitle *title;
  GtkStack *stack;
  GtkPicture *picture;
  AssayWaveform *waveform;
  GtkButton *previous, *next, *play;
};

static guint signal_closed;

G_DEFINE_FINAL_TYPE (AssayTakePage, assay_take_page, GTK_TYPE_WIDGET)

static const AssayItem *
get_item (AssayTakePage *page, guint index)
{
  return page->take->items->pdata[index];
}

static const AssayItem *
get_shown (AssayTakePage *page)
{
  return get_item (page, GPOINTER_TO_UINT (page->pictures->pdata[page->at]));
}

/* Pictures */

static void load_shown (AssayTakePage *page);

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (AssayTakePage) page = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayPyramid) pyramid = assay_picture_load_finish (result, &error);
  page->loading = FALSE;
  if (g_cancellable_is_cancelled (page->gone))
    return;
  if (pyramid != NULL)
    {
      g_autoptr (AssayPicture) rgb = assay_picture_to_rgb8 (pyramid->picture);
      g_autoptr (GdkTexture) texture = assay_texture_new (rgb);
      gtk_picture_set_paintable (page->picture, GDK_PAINTABLE (texture));
    }
  else
    assay_page_show_error (page, error);
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
  guint index = GPOINTER_TO_UINT (page->pictures->pdata[page->at]);
  assay_picture_load_async (get_item (page, index), page->take->paths->pdata[index], page->gone, on_loaded,
                            g_object_ref (page));
}

static void
show_at (AssayTakePage *page, guint at)
{
  page->at = at;
  const AssayItem *item = get_shown (page);
  g_autofree char *words
      = g_strdup_printf ("%u of %u · %u × %u%s%s", at + 1, page->pictures->len, item->width_px, item->height_px,
                         page->take->note != NULL ? " · " : "", page->take->note != NULL ? page->take->note : "");
  adw_window_title_set_title (page->title, item->name);
  adw_window_title_set_subtitle (page->title, words);
  gtk_widget_set_sensitive (GTK_WIDGET (page->previous), at > 0);
  gtk_widget_set_sensitive (GTK_WIDGET (page->next), at + 1 < page->pictures->len);
  load_shown (page);
}

static void
step (AssayTakePage *page, int by)
{
  int at = (int) page->at + by;
  if (page->pictures != NULL && at >= 0 && at < (int) page->pictures->len)
    show_at (page, (guint) at);
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

/* Sound */

static void
update_play (AssayTakePage *page)
{
  gboolean playing = assay_player_is_playing (page->player);
  gtk_button_set_label (page->play, playing ? "Stop" : "Play");
}

static void
on_moved (AssayTakePage *page, gint64 sample)
{
  assay_waveform_set_cursor (page->waveform, sample, TRUE);
  if (page->pictures->len == 0)
    return;
  const AssayId camera = get_shown (page)->sensor;
  int best = assay_take_find_picture (page->take, (guint) page->sound, sample, &camera, page->pictures);
  if (best >= 0 && (guint) best != page->at)
    show_at (page, (guint) best);
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
  if (page->pictures->len == 0 || page->at + 1 == page->pictures->len)
    return sound->start;
  gint64 sample = assay_take_find_sample (page->take, (guint) page->sound,
                                          GPOINTER_TO_UINT (page->pictures->pdata[page->at]));
  return sample < sound->start + sound->n_samples ? sample : sound->start;
}

static void
play (AssayTakePage *page)
{
  if (page->take == NULL || page->sound < 0)
    return;
  const AssayItem *sound = get_item (page, (guint) page->sound);
  gint64 from = find_start (page), end = sound->start + sound->n_samples;
  if (assay_player_is_playing (page->player))
    assay_player_stop (page->player);
  else
    assay_player_play (page->player, page->take->paths->pdata[page->sound], from, end);
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

typedef struct
{
  gint64 item_row;
  AssayTake *take;
} Reading;

static void
reading_free (gpointer data)
{
  assay_take_free (((Reading *) data)->take);
  g_free (data);
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
      gboolean has = FALSE;
      for (guint j = 0; j < take->items->len; j++)
        has |= ((const AssayItem *) take->items->pdata[j])->row == reading->item_row;
      if (has && reading->take == NULL)
        reading->take = take;
      else
        assay_take_free (take);
    }
  return TRUE;
}

static int
earlier (gconstpointer a, gconstpointer b, gpointer data)
{
  const AssayTakePage *page = data;
  const AssayItem *x = page->take->items->pdata[GPOINTER_TO_UINT (*(const gpointer *) a)];
  const AssayItem *y = page->take->items->pdata[GPOINTER_TO_UINT (*(const gpointer *) b)];
  return (x->time.captured_ns > y->time.captured_ns) - (x->time.captured_ns < y->time.captured_ns);
}

static void
on_read (gpointer owner, gpointer data, const GError *error)
{
  AssayTakePage *page = owner;
  Reading *reading = data;
  if (error != NULL || reading->take == NULL)
    {
      assay_page_show_error (page, error);
      return;
    }
  page->take = g_steal_pointer (&reading->take);
  for (guint i = 0; i < page->take->items->len; i++)
    if (get_item (page, i)->media_kind == ASSAY_MEDIA_SOUND)
      page->sound = page->sound < 0 ? (int) i : page->sound;
    else
      g_ptr_array_add (page->pictures, GUINT_TO_POINTER (i));
  g_ptr_array_sort_with_data (page->pictures, earlier, page);
  gtk_widget_set_visible (GTK_WIDGET (page->play), page->sound >= 0);
  gtk_widget_set_visible (GTK_WIDGET (page->previous), page->pictures->len > 1);
  gtk_widget_set_visible (GTK_WIDGET (page->next), page->pictures->len > 1);
  gtk_stack_set_visible_child_name (page->stack, page->pictures->len > 0 ? "picture" : "sound");
  if (page->sound >= 0)
    show_sound (page);
  if (page->pictures->len > 0)
    show_at (page, 0);
}

/* Acting */

static void
close_page (AssayTakePage *page)
{
  assay_player_stop (page->player);
  g_signal_emit (page, signal_closed, 0);
}

static gboolean
on_key (AssayTakePage *page, guint key)
{
  if (key == GDK_KEY_Escape)
    close_page (page);
  else if (key == GDK_KEY_Left || key == GDK_KEY_Right)
    step (page, key == GDK_KEY_Left ? -1 : 1);
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
  assay_take_free (page->take);
  g_ptr_array_unref (page->pictures);
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
  page->title = ADW_WINDOW_TITLE (adw_window_title_new ("", ""));
  page->previous = button_new (page, "Previous", "Left", G_CALLBACK (step_back));
  page->next = button_new (page, "Next", "Right", G_CALLBACK (step_on));
  page->play = button_new (page, "Play", "Space", G_CALLBACK (play));
  adw_header_bar_set_title_widget (ADW_HEADER_BAR (header), GTK_WIDGET (page->title));
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), GTK_WIDGET (close));
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), GTK_WIDGET (page->next));
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), GTK_WIDGET (page->previous));
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), GTK_WIDGET (page->play));
  return header;
}

static void
assay_take_page_init (AssayTakePage *page)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  page->sound = -1;
  page->pictures = g_ptr_array_new ();
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
assay_take_page_new (AssayDesk *desk, gint64 item_row)
{
  AssayTakePage *page = g_object_new (ASSAY_TYPE_TAKE_PAGE, NULL);
  Reading *reading = g_new0 (Reading, 1);
  reading->item_row = item_row;
  assay_desk_read (desk, read_take, reading, reading_free, on_read, page);
  return GTK_WIDGET (page);
}
