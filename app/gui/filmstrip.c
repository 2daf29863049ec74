/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/filmstrip.h"

#include "app/gui/page.h"
#include "app/gui/shortcuts.h"
#include "app/gui/thumbnailer.h"
#include "app/job-take.h"
#include "core/error.h"
#include "core/flag.h"

#define SHOWN_MOST 24
#define TILE_WIDTH 88
#define TILE_HEIGHT 56

struct _AssayFilmstrip
{
  GtkWidget parent_instance;
  AssayDesk *desk; /* NULL without a project */
  AssayThumbnailer *thumbnailer;
  GCancellable *given_up; /* of the thumbnails that are shown */
  GPtrArray *takes;       /* of AssayTake, newest first; NULL before they were read */
  gboolean shown, reading, again;
  guint burst;

  GtkWidget *all;
  GtkBox *tiles;
  GtkMenuButton *note_button;
  GtkEntry *note;
};

static guint signal_repeat, signal_opened;

G_DEFINE_FINAL_TYPE (AssayFilmstrip, assay_filmstrip, GTK_TYPE_WIDGET)

static void refresh (AssayFilmstrip *strip);

/* Tiles */

static gboolean
is_said (const AssayTake *take, const char *flag)
{
  return g_ptr_array_find_with_equal_func (take->flags, flag, g_str_equal, NULL);
}

/* What stands for it: a picture that is an item, else the first frame of the film, else the sound. */
static const AssayItem *
find_face (const AssayTake *take, const char **ret_path)
{
  guint found = 0;
  while (found < take->items->len
         && ((const AssayItem *) take->items->pdata[found])->media_kind == ASSAY_MEDIA_SOUND)
    found++;
  if (found == take->items->len && take->films->len > 0)
    {
      const AssayTakeFilm *film = take->films->pdata[0];
      *ret_path = film->path;
      return film->first;
    }
  found = found < take->items->len ? found : 0;
  *ret_path = take->paths->pdata[found];
  return take->items->pdata[found];
}

/* What a person calls it, and what is said of it. */
static char *
describe (const AssayTake *take, gboolean last)
{
  const char *path;
  const AssayItem *first = find_face (take, &path);
  const char *kind = first->media_kind == ASSAY_MEDIA_SOUND ? "voice"
                     : first->range == ASSAY_RANGE_FRAME    ? "video"
                     : take->items->len > 1                 ? "stills"
                                                            : "still";
  GString *words = g_string_new (NULL);
  g_autofree char *name = g_path_get_basename (first->name);
  g_string_append_printf (words, "%s%s %s", last ? "Last take: " : "", kind, name);
  for (guint i = 0; i < take->flags->len; i++)
    g_string_append_printf (words, ", %s", (const char *) take->flags->pdata[i]);
  if (take->note != NULL)
    g_string_append_printf (words, " (%s)", take->note);
  return g_string_free (words, FALSE);
}

static GtkWidget *
badge_new (const AssayTake *take)
{
  static const char *const worst_first[]
      = { ASSAY_FLAG_WITHDRAWN, ASSAY_FLAG_BAD, ASSAY_FLAG_BLURRED, ASSAY_FLAG_DUPLICATE, ASSAY_FLAG_NOTE };
  for (guint i = 0; i < G_N_ELEMENTS (worst_first); i++)
    {
      if (!is_said (take, worst_first[i]))
        continue;
      GtkWidget *badge = gtk_label_new (worst_first[i]);
      gtk_widget_add_css_class (badge, "badge");
      gtk_widget_add_css_class (badge, i < 2 ? "bad" : i < 4 ? "doubtful" : "remark");
      gtk_widget_set_halign (badge, GTK_ALIGN_START);
      gtk_widget_set_valign (badge, GTK_ALIGN_END);
      return badge;
    }
  return NULL;
}

static void
on_thumbnail (gpointer owner, GdkTexture *texture)
{
  if (texture != NULL)
    gtk_picture_set_paintable (owner, GDK_PAINTABLE (texture));
}

/* A take for whoever opens it. */
typedef struct
{
  AssayId session;
  gint64 item_row; /* 0 = it has no item */
} Chosen;

static void
on_tile_clicked (AssayFilmstrip *strip, GtkButton *tile)
{
  const Chosen *chosen = g_object_get_data (G_OBJECT (tile), "chosen");
  g_signal_emit (strip, signal_opened, 0, &chosen->session, chosen->item_row);
}

static GtkWidget *
tile_new (AssayFilmstrip *strip, const AssayTake *take, gboolean last)
{
  const char *path;
  const AssayItem *item = find_face (take, &path);
  const Chosen chosen
      = { take->session, take->items->len > 0 ? ((const AssayItem *) take->items->pdata[0])->row : 0 };
  g_autofree char *words = describe (take, last);
  GtkWidget *tile = gtk_button_new (), *overlay = gtk_overlay_new (), *picture = gtk_picture_new (),
            *badge = badge_new (take);
  gtk_widget_set_size_request (picture, TILE_WIDTH, TILE_HEIGHT);
  gtk_picture_set_content_fit (GTK_PICTURE (picture), GTK_CONTENT_FIT_COVER);
  gtk_widget_set_overflow (picture, GTK_OVERFLOW_HIDDEN);
  gtk_widget_add_css_class (picture, "thumbnail");
  if (is_said (take, ASSAY_FLAG_BAD) || is_said (take, ASSAY_FLAG_WITHDRAWN))
    gtk_widget_set_opacity (picture, 0.4);
  gtk_overlay_set_child (GTK_OVERLAY (overlay), picture);
  if (badge != NULL)
    gtk_overlay_add_overlay (GTK_OVERLAY (overlay), badge);
  gtk_button_set_child (GTK_BUTTON (tile), overlay);
  gtk_widget_add_css_class (tile, "flat");
  gtk_widget_add_css_class (tile, "take-tile");
  gtk_widget_set_tooltip_text (tile, words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (tile), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  g_object_set_data_full (G_OBJECT (tile), "chosen", g_memdup2 (&chosen, sizeof chosen), g_free);
  g_signal_connect_object (tile, "clicked", G_CALLBACK (on_tile_clicked), strip, G_CONNECT_SWAPPED);
  assay_thumbnailer_ask (strip->thumbnailer, item, path, on_thumbnail, picture, strip->given_up);
  return tile;
}

static void
show (AssayFilmstrip *strip)
{
  GtkWidget *old;
  g_cancellable_cancel (strip->given_up);
  g_object_unref (strip->given_up);
  strip->given_up = g_cancellable_new ();
  while ((old = gtk_widget_get_first_child (GTK_WIDGET (strip->tiles))) != NULL)
    gtk_box_remove (strip->tiles, old);
  guint n = strip->takes != NULL ? strip->takes->len : 0;
  for (guint i = 0; i < n; i++)
    gtk_box_append (strip->tiles, tile_new (strip, strip->takes->pdata[i], i == 0));
  gtk_widget_set_visible (GTK_WIDGET (strip), n > 0);
}

/* Reading */

typedef struct
{
  GPtrArray *takes;
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;
  g_clear_pointer (&reading->takes, g_ptr_array_unref);
  g_free (reading);
}

static gboolean
read_takes (AssayProject *project, gpointer data, GError **error)
{
  Reading *reading = data;
  reading->takes = assay_take_list (project, SHOWN_MOST, error);
  return reading->takes != NULL;
}

static gboolean
is_same_take (const AssayTake *a, const AssayTake *b)
{
  const AssayItem *x = a->items->len > 0 ? a->items->pdata[0] : NULL,
                  *y = b->items->len > 0 ? b->items->pdata[0] : NULL;
  if (!assay_id_equal (&a->session, &b->session) || a->films->len != b->films->len
      || (x != NULL ? x->row : 0) != (y != NULL ? y->row : 0) || a->flags->len != b->flags->len
      || g_strcmp0 (a->note, b->note) != 0)
    return FALSE;
  for (guint i = 0; i < a->flags->len; i++)
    if (!g_str_equal (a->flags->pdata[i], b->flags->pdata[i]))
      return FALSE;
  return TRUE;
}

static gboolean
is_same (const GPtrArray *a, const GPtrArray *b)
{
  if (a == NULL || a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    if (!is_same_take (a->pdata[i], b->pdata[i]))
      return FALSE;
  return TRUE;
}

static void
on_read (gpointer owner, gpointer data, const GError *error)
{
  AssayFilmstrip *strip = owner;
  Reading *reading = data;
  strip->reading = FALSE;
  if (error == NULL && !is_same (strip->takes, reading->takes))
    {
      g_clear_pointer (&strip->takes, g_ptr_array_unref);
      strip->takes = g_steal_pointer (&reading->takes);
      show (strip);
    }
  if (strip->again)
    refresh (strip);
}

/* One reading at a time; what changes meanwhile is read once more after it. */
static void
refresh (AssayFilmstrip *strip)
{
  strip->again = strip->reading;
  if (strip->desk == NULL || !strip->shown || strip->reading)
    return;
  strip->reading = TRUE;
  assay_desk_read (strip->desk, read_takes, g_new0 (Reading, 1), reading_free, on_read, strip);
}

/* Marking */

typedef struct
{
  guint n;
  const char *flag;
  char *why;
  gboolean toggles, repeats, stands;
  GArray *rows; /* of gint64: the items that it was said of; given for what is taken back */
  AssayId by;
} Mark;

static void
mark_free (gpointer data)
{
  Mark *mark = data;
  g_clear_pointer (&mark->rows, g_array_unref);
  g_free (mark->why);
  g_free (mark);
}

static gboolean
set_mark (AssayProject *project, gpointer data, GError **error)
{
  Mark *mark = data;
  if (mark->rows != NULL)
    return assay_take_flag (project, mark->rows, mark->flag, mark->stands, mark->why, &mark->by, error);
  return assay_take_flag_last (project, mark->n, mark->flag, mark->why, mark->toggles, &mark->by, &mark->stands,
                               &mark->rows, error);
}

static void
on_marked (gpointer owner, gpointer data, const GError *error)
{
  AssayFilmstrip *strip = owner;
  const Mark *mark = data;
  /* A film without items has nothing to mark, and nothing that counts: it can be taken again all the same. */
  if (error != NULL && !(mark->repeats && g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND)))
    {
      assay_page_show_error (strip, error);
      return;
    }
  refresh (strip);
  if (mark->repeats)
    g_signal_emit (strip, signal_repeat, 0);
  else if (g_str_equal (mark->flag, ASSAY_FLAG_BAD) && mark->stands)
    assay_page_toast_undo (strip, "The last take is marked bad: it does not count", "page.count-again",
                           g_variant_new_fixed_array (G_VARIANT_TYPE_INT64, mark->rows->data, mark->rows->len,
                                                      sizeof (gint64)));
  else if (g_str_equal (mark->flag, ASSAY_FLAG_BAD))
    assay_page_toast (strip, "The take counts again");
}

static void
mark (AssayFilmstrip *strip, Mark take_values)
{
  const AssayAnnotator *annotator = strip->desk != NULL ? assay_desk_get_annotator (strip->desk) : NULL;
  Mark *mark = g_memdup2 (&take_values, sizeof take_values);
  if (annotator == NULL)
    {
      mark_free (mark);
      return;
    }
  mark->n = strip->burst;
  mark->by = annotator->id;
  assay_desk_run (strip->desk, set_mark, mark, mark_free, on_marked, strip);
}

void
assay_filmstrip_mark_bad (AssayFilmstrip *strip)
{
  mark (strip, (Mark){ .flag = ASSAY_FLAG_BAD, .toggles = TRUE });
}

void
assay_filmstrip_count_again (AssayFilmstrip *strip, GVariant *rows)
{
  gsize n;
  gconstpointer values = g_variant_get_fixed_array (rows, &n, sizeof (gint64));
  GArray *copy = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_array_append_vals (copy, values, (guint) n);
  mark (strip, (Mark){ .flag = ASSAY_FLAG_BAD, .rows = copy });
}

void
assay_filmstrip_repeat (AssayFilmstrip *strip)
{
  mark (strip, (Mark){ .flag = ASSAY_FLAG_BAD, .repeats = TRUE });
}

static void
on_note_entered (AssayFilmstrip *strip)
{
  char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (strip->note))));
  gtk_menu_button_popdown (strip->note_button);
  gtk_editable_set_text (GTK_EDITABLE (strip->note), "");
  if (*text != '\0')
    mark (strip, (Mark){ .flag = ASSAY_FLAG_NOTE, .why = text });
  else
    g_free (text);
}

void
assay_filmstrip_ask_note (AssayFilmstrip *strip)
{
  if (strip->takes != NULL && strip->takes->len > 0)
    gtk_menu_button_popup (strip->note_button);
}

void
assay_filmstrip_set_burst (AssayFilmstrip *strip, guint n)
{
  strip->burst = n;
}

/* Beginning and end */

void
assay_filmstrip_set_desk (AssayFilmstrip *strip, AssayDesk *desk)
{
  if (strip->desk != NULL)
    g_signal_handlers_disconnect_by_func (strip->desk, refresh, strip);
  g_set_object (&strip->desk, desk);
  strip->reading = strip->again = FALSE;
  g_clear_pointer (&strip->takes, g_ptr_array_unref);
  if (desk != NULL)
    g_signal_connect_object (desk, "changed", G_CALLBACK (refresh), strip, G_CONNECT_SWAPPED);
  show (strip);
  refresh (strip);
}

void
assay_filmstrip_set_shown (AssayFilmstrip *strip, gboolean shown)
{
  strip->shown = shown;
  refresh (strip);
}

static void
assay_filmstrip_dispose (GObject *object)
{
  AssayFilmstrip *strip = ASSAY_FILMSTRIP (object);
  if (strip->given_up != NULL)
    g_cancellable_cancel (strip->given_up);
  g_clear_object (&strip->given_up);
  g_clear_pointer (&strip->thumbnailer, assay_thumbnailer_free);
  g_clear_pointer (&strip->takes, g_ptr_array_unref);
  g_clear_object (&strip->desk);
  g_clear_pointer (&strip->all, gtk_widget_unparent);
  G_OBJECT_CLASS (assay_filmstrip_parent_class)->dispose (object);
}

static void
assay_filmstrip_class_init (AssayFilmstripClass *class)
{
  G_OBJECT_CLASS (class)->dispose = assay_filmstrip_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
  signal_repeat
      = g_signal_new ("repeat", ASSAY_TYPE_FILMSTRIP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signal_opened = g_signal_new ("opened", ASSAY_TYPE_FILMSTRIP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                2, G_TYPE_POINTER, G_TYPE_INT64);
}

static GtkWidget *
popover_new (AssayFilmstrip *strip)
{
  GtkWidget *popover = gtk_popover_new ();
  strip->note = GTK_ENTRY (gtk_entry_new ());
  gtk_entry_set_placeholder_text (strip->note, "about the last take");
  gtk_editable_set_width_chars (GTK_EDITABLE (strip->note), 32);
  gtk_accessible_update_property (GTK_ACCESSIBLE (strip->note), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  "Note of the last take", -1);
  g_signal_connect_object (strip->note, "activate", G_CALLBACK (on_note_entered), strip, G_CONNECT_SWAPPED);
  gtk_popover_set_child (GTK_POPOVER (popover), GTK_WIDGET (strip->note));
  return popover;
}

static GtkWidget *
button_new (const char *label, const char *tip, const char *action)
{
  GtkWidget *button = gtk_button_new_with_label (label);
  gtk_widget_set_tooltip_text (button, tip);
  gtk_widget_set_focus_on_click (button, FALSE);
  gtk_widget_add_css_class (button, "small-button");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  return button;
}

static void
assay_filmstrip_init (AssayFilmstrip *strip)
{
  GtkWidget *scrolled = gtk_scrolled_window_new (), *marks = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  strip->burst = 1;
  strip->given_up = g_cancellable_new ();
  strip->thumbnailer = assay_thumbnailer_new ();
  strip->all = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  strip->tiles = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 2));
  strip->note_button = GTK_MENU_BUTTON (gtk_menu_button_new ());
  gtk_menu_button_set_label (strip->note_button, "Note");
  gtk_menu_button_set_popover (strip->note_button, popover_new (strip));
  gtk_menu_button_set_direction (strip->note_button, GTK_ARROW_UP);
  gtk_widget_set_tooltip_text (GTK_WIDGET (strip->note_button), "Adds a note to the last take");
  assay_shortcuts_tip (GTK_WIDGET (strip->note_button), "page.note", NULL);
  gtk_widget_set_focus_on_click (GTK_WIDGET (strip->note_button), FALSE);
  gtk_widget_add_css_class (GTK_WIDGET (strip->note_button), "note-button");
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_EXTERNAL, GTK_POLICY_NEVER);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (strip->tiles));
  gtk_widget_set_hexpand (scrolled, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (strip->tiles), GTK_ACCESSIBLE_PROPERTY_LABEL, "Last takes", -1);
  gtk_box_append (GTK_BOX (marks),
                  button_new ("Bad", "Marks the last take bad, or takes it back", "page.mark-bad"));
  gtk_box_append (
      GTK_BOX (marks),
      button_new ("Repeat", "Marks the last take bad and takes it again, with the same form", "page.repeat"));
  gtk_box_append (GTK_BOX (marks), GTK_WIDGET (strip->note_button));
  gtk_widget_set_valign (marks, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (strip->all), scrolled);
  gtk_box_append (GTK_BOX (strip->all), marks);
  gtk_widget_add_css_class (strip->all, "filmstrip");
  gtk_widget_set_parent (strip->all, GTK_WIDGET (strip));
  gtk_widget_set_visible (GTK_WIDGET (strip), FALSE);
}
