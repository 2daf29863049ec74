/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/track-strip.h"

#include "annotate/between.h"
#include "app/gui/shortcuts.h"
#include "app/gui/track-line.h"

#define READ_AGAIN_MS 400
#define ONE_MOMENT "one moment: the sequence is being read; then press the key again"

struct _AssayTrackStrip
{
  GtkWidget parent_instance;
  AssayDesk *desk;
  AssayAnnotation *annotation;
  AssayTracks *tracks;     /* as they were read last; NULL = not yet */
  guint frame;             /* of the item, in `tracks` */
  AssayId track;           /* of the object that was selected last; it goes on from item to item */
  AssayId other;           /* the one before it: to be joined with */
  gboolean reading, again; /* another reading is to follow */
  gboolean changed;        /* a key frame may be another one: what is between is made again when it is saved */
  guint wait;              /* timeout: so many commits make one reading */
  AssayTrackPlan *plan;    /* waits for an answer */

  GtkStack *stack;
  GtkLabel *title, *question;
  AssayTrackLine *line;
  GtkButton *yes;
};

G_DEFINE_FINAL_TYPE (AssayTrackStrip, assay_track_strip, GTK_TYPE_WIDGET)

enum
{
  SIGNAL_GO,
  SIGNAL_SAID,
  SIGNAL_FAILED,
  SIGNAL_DONE,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static const AssayScene *
scene_of (AssayTrackStrip *self)
{
  AssaySession *session = self->annotation != NULL ? assay_annotation_get_session (self->annotation) : NULL;
  return session != NULL ? assay_session_get_scene (session) : NULL;
}

static gboolean
is_saved (AssayTrackStrip *self)
{
  return assay_annotation_get_saving (self->annotation, NULL) == ASSAY_SAVED;
}

static void
say (AssayTrackStrip *self, const char *words)
{
  g_signal_emit (self, signals[SIGNAL_SAID], 0, words);
}

static void
fail (AssayTrackStrip *self, const GError *error)
{
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
}

/* What is shown */

static void
show (AssayTrackStrip *self)
{
  const AssayScene *scene = scene_of (self);
  const AssayObject *object = NULL;
  guint n_keys = 0;
  for (guint i = 0; self->tracks != NULL && i < self->tracks->frames->len; i++)
    n_keys += assay_tracks_look (self->tracks, i, &self->track, &object) == ASSAY_TRACK_KEY;
  const AssayClass *class = object != NULL && scene != NULL ? assay_task_find_class (scene->task, &object->class_id)
                                                            : NULL;
  g_autofree char *title = object == NULL
                               ? g_strdup ("No track")
                               : g_strdup_printf ("%s · %u key%s", class != NULL ? class->name : "object", n_keys,
                                                  n_keys == 1 ? "" : "s");
  gtk_label_set_text (self->title, title);
  assay_track_line_set (self->line, self->tracks, self->frame, &self->track,
                        class != NULL ? class->colour : 0x888888);
}

static void
put_question (AssayTrackStrip *self, AssayTrackPlan *take_plan)
{
  g_clear_pointer (&self->plan, assay_track_plan_free);
  self->plan = take_plan;
  gtk_stack_set_visible_child_name (self->stack, take_plan != NULL ? "question" : "line");
  if (take_plan == NULL)
    return;
  const AssayTrackStep *first = take_plan->steps->pdata[0];
  guint n = take_plan->steps->len;
  g_autofree char *left
      = take_plan->n_left > 0
            ? g_strdup_printf ("; %u stay as they are: submitted, or of another size", take_plan->n_left)
            : g_strdup ("");
  g_autofree char *text = g_strdup_printf ("%s: one undo step in each%s", first->edit->name, left);
  g_autofree char *label = g_strdup_printf ("Change %u item%s", n, n == 1 ? "" : "s");
  gtk_label_set_text (self->question, text);
  gtk_button_set_label (self->yes, label);
  gtk_widget_grab_focus (GTK_WIDGET (self->yes));
}

/* On the desk's threads */

typedef struct
{
  AssayTask *task;
  AssayAnnotator *annotator;
  char *sequence;
  const char *what; /* to be planned, static; NULL = nothing */
  gint64 item_row;
  AssayId track, other;
  AssayTracks *tracks;
  AssayTrackPlan *plan;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;
  assay_task_free (work->task);
  assay_annotator_free (work->annotator);
  g_free (work->sequence);
  assay_tracks_free (work->tracks);
  assay_track_plan_free (work->plan);
  g_free (work);
}

static Work *
work_new (AssayTrackStrip *self, const char *what)
{
  const AssayScene *scene = scene_of (self);
  const AssayAnnotator *annotator = assay_desk_get_annotator (self->desk);
  if (scene == NULL || annotator == NULL)
    return NULL;
  Work *work = g_new0 (Work, 1);
  work->task = assay_task_copy (scene->task);
  work->annotator = g_memdup2 (annotator, sizeof *annotator);
  work->annotator->name = g_strdup (annotator->name);
  work->sequence = g_strdup (scene->item->sequence);
  work->what = what;
  work->item_row = scene->item->row;
  work->track = self->track;
  work->other = self->other;
  return work;
}

static gboolean
read_work (AssayProject *project, gpointer data, GError **error)
{
  Work *work = data;
  work->tracks = assay_tracks_read (project->store, work->sequence, work->task, work->annotator, error);
  guint frame = work->tracks != NULL ? assay_tracks_find (work->tracks, work->item_row) : G_MAXUINT;
  if (frame == G_MAXUINT || work->what == NULL)
    return work->tracks != NULL;
  if (g_str_equal (work->what, "join"))
    work->plan = assay_track_plan_join (work->tracks, &work->other, &work->track, error);
  else if (g_str_equal (work->what, "swap"))
    work->plan = assay_track_plan_swap (work->tracks, &work->track, &work->other, frame, error);
  else if (g_str_equal (work->what, "cut"))
    {
      const AssayId rest = assay_id_new ();
      work->plan = assay_track_plan_cut (work->tracks, &work->track, frame, &rest, error);
    }
  else
    work->plan = assay_track_plan_fill (work->tracks, &work->track, g_str_equal (work->what, "refresh"));
  return work->plan != NULL;
}

static gboolean
write_work (AssayProject *project, gpointer data, GError **error)
{
  Work *work = data;
  return assay_track_plan_apply (project->store, work->plan, work->task, work->annotator, error);
}

static void
written (gpointer owner, gpointer data, const GError *error)
{
  AssayTrackStrip *self = owner;
  Work *work = data;
  if (error != NULL)
    {
      fail (self, error);
      return;
    }
  guint n = work->plan->steps->len;
  g_autofree char *words = g_strdup_printf ("%u item%s of the sequence changed", n, n == 1 ? "" : "s");
  say (self, words);
}

static void
write_plan (AssayTrackStrip *self, AssayTrackPlan *take_plan)
{
  Work *work = work_new (self, NULL);
  if (work == NULL)
    {
      assay_track_plan_free (take_plan);
      return;
    }
  work->plan = take_plan;
  assay_desk_run (self->desk, write_work, work, work_free, written, self);
}

static void start_reading (AssayTrackStrip *self, const char *what);

static void
take_plan (AssayTrackStrip *self, Work *work)
{
  AssayTrackPlan *plan = g_steal_pointer (&work->plan);
  if (plan->steps->len > 0 && g_str_equal (work->what, "refresh"))
    write_plan (self, g_steal_pointer (&plan));
  else if (plan->steps->len > 0)
    put_question (self, g_steal_pointer (&plan));
  else if (!g_str_equal (work->what, "refresh"))
    say (self, plan->n_left > 0 ? "what lies between is submitted, or of another size: it stays as it is"
                                : "nothing to change: a track needs two key frames with items between them");
  assay_track_plan_free (plan);
}

static void
read_done (gpointer owner, gpointer data, const GError *error)
{
  AssayTrackStrip *self = owner;
  Work *work = data;
  const AssayScene *scene = scene_of (self);
  self->reading = FALSE;
  if (scene == NULL || scene->item->row != work->item_row) /* it was left; the next one is read by itself */
    return;
  if (work->tracks != NULL)
    {
      assay_tracks_free (self->tracks);
      self->tracks = g_steal_pointer (&work->tracks);
      self->frame = assay_tracks_find (self->tracks, work->item_row);
      show (self);
    }
  if (error != NULL)
    fail (self, error);
  else if (work->plan != NULL)
    take_plan (self, work);
  if (self->again)
    start_reading (self, NULL);
}

/* `what` = NULL: and what is between is made again when a key frame has changed. */
static void
start_reading (AssayTrackStrip *self, const char *what)
{
  gboolean refresh = what == NULL && self->changed && is_saved (self) && !assay_id_is_nil (&self->track)
                     && !assay_desk_is_read_only (self->desk);
  Work *work = work_new (self, refresh ? "refresh" : what);
  self->again = FALSE;
  if (work == NULL)
    return;
  if (refresh)
    self->changed = FALSE;
  self->reading = TRUE;
  assay_desk_read (self->desk, read_work, work, work_free, read_done, self);
}

static gboolean
on_waited (gpointer data)
{
  AssayTrackStrip *self = data;
  self->wait = 0;
  if (self->annotation == NULL)
    return G_SOURCE_REMOVE;
  if (self->reading)
    self->again = TRUE;
  else
    start_reading (self, NULL);
  return G_SOURCE_REMOVE;
}

static void
on_desk_changed (AssayTrackStrip *self)
{
  if (self->annotation != NULL && self->wait == 0)
    self->wait = g_timeout_add (READ_AGAIN_MS, on_waited, self);
}

static void
on_changed (AssayTrackStrip *self)
{
  self->changed = TRUE;
}

void
assay_track_strip_set_annotation (AssayTrackStrip *self, AssayDesk *desk, AssayAnnotation *annotation)
{
  if (self->annotation != NULL)
    g_signal_handlers_disconnect_by_data (self->annotation, self);
  if (self->desk != NULL)
    g_signal_handlers_disconnect_by_data (self->desk, self);
  g_clear_handle_id (&self->wait, g_source_remove);
  g_clear_pointer (&self->tracks, assay_tracks_free);
  put_question (self, NULL);
  g_set_object (&self->desk, desk);
  g_set_object (&self->annotation, annotation);
  self->changed = FALSE;
  const AssayScene *scene = scene_of (self);
  gboolean use = scene != NULL && scene->item->sequence != NULL && assay_kind_has_between (scene->task->kind);
  gtk_widget_set_visible (GTK_WIDGET (self), use);
  if (!use)
    {
      g_clear_object (&self->annotation);
      return;
    }
  g_signal_connect_object (annotation, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (desk, "changed", G_CALLBACK (on_desk_changed), self, G_CONNECT_SWAPPED);
  start_reading (self, NULL);
}

void
assay_track_strip_update (AssayTrackStrip *self)
{
  const AssayScene *scene = scene_of (self);
  const AssayObject *selected = scene != NULL ? assay_scene_get_selected (scene) : NULL;
  if (selected == NULL || assay_id_is_nil (&selected->track) || assay_id_equal (&selected->track, &self->track))
    return;
  self->other = self->track;
  self->track = selected->track;
  show (self);
}

/* What the person asks for */

static void
make_key (AssayTrackStrip *self)
{
  g_autoptr (GError) error = NULL;
  AssayId track = ASSAY_ID_NIL;
  const AssayScene *scene = scene_of (self);
  const AssayObject *object = NULL;
  gboolean known = FALSE;
  for (guint i = 0; self->tracks != NULL && i < self->tracks->frames->len && !known; i++)
    known = assay_tracks_look (self->tracks, i, &self->track, &object) != ASSAY_TRACK_NOTHING;
  const AssayObject *selected = assay_scene_get_selected (scene);
  /* A thing of another class, or of another sequence, is another thing. */
  gboolean other = selected != NULL && object != NULL && !assay_id_equal (&selected->class_id, &object->class_id);
  if (self->tracks == NULL || self->frame == G_MAXUINT)
    {
      say (self, ONE_MOMENT);
      return;
    }
  AssayEdit *edit = assay_track_new_key_edit (self->tracks, self->frame, scene,
                                              known && !other ? &self->track : &ASSAY_ID_NIL, &track, &error);
  if (edit == NULL)
    {
      say (self, error->message);
      return;
    }
  const AssayChange *change = edit->changes->pdata[0];
  AssayId made = change->after->id;
  if (!assay_annotation_edit (self->annotation, edit))
    return;
  self->track = track;
  assay_session_select (assay_annotation_get_session (self->annotation), &made);
  g_autofree char *key = assay_shortcuts_dup_key (self, "page.track", "'fill'", "Fill");
  g_autofree char *words
      = g_strdup_printf ("a key frame of the track: go on in a later picture, and %s fills what lies between", key);
  say (self, words);
}

static void
go (AssayTrackStrip *self, guint frame)
{
  if (self->tracks != NULL && frame < self->tracks->frames->len)
    g_signal_emit (self, signals[SIGNAL_GO], 0,
                   ((const AssayTrackFrame *) self->tracks->frames->pdata[frame])->item_row);
  else
    say (self, "there is no further key frame of this track");
}

/* Two selected objects say who is swapped. */
static void
name_both (AssayTrackStrip *self)
{
  g_autoptr (GPtrArray) selected = assay_scene_list_selected (scene_of (self));
  if (selected->len != 2)
    return;
  self->track = ((const AssayObject *) selected->pdata[0])->track;
  self->other = ((const AssayObject *) selected->pdata[1])->track;
}

void
assay_track_strip_act (AssayTrackStrip *self, const char *what)
{
  static const char *const planned[] = { "fill", "join", "cut", "swap", NULL };
  if (scene_of (self) == NULL || self->plan != NULL)
    return;
  if (g_str_equal (what, "previous") || g_str_equal (what, "next"))
    go (self, self->tracks != NULL && self->frame != G_MAXUINT
                  ? assay_tracks_step (self->tracks, self->frame, &self->track, g_str_equal (what, "next"))
                  : G_MAXUINT);
  else if (assay_desk_is_read_only (self->desk))
    return;
  else if (g_str_equal (what, "key"))
    make_key (self);
  else if (!is_saved (self) || self->reading)
    say (self, ONE_MOMENT);
  else
    for (guint i = 0; planned[i] != NULL; i++)
      if (g_str_equal (planned[i], what))
        {
          if (i == 3)
            name_both (self);
          start_reading (self, planned[i]);
        }
}

static void
on_line_chosen (AssayTrackStrip *self, guint frame)
{
  go (self, frame);
}

static void
answer (AssayTrackStrip *self, gboolean yes)
{
  AssayTrackPlan *plan = g_steal_pointer (&self->plan);
  if (yes && plan != NULL && self->annotation != NULL)
    write_plan (self, g_steal_pointer (&plan));
  assay_track_plan_free (plan);
  put_question (self, NULL);
  g_signal_emit (self, signals[SIGNAL_DONE], 0);
}

static void
on_yes (AssayTrackStrip *self)
{
  answer (self, TRUE);
}

static void
on_no (AssayTrackStrip *self)
{
  answer (self, FALSE);
}

static gboolean
on_key (GtkEventControllerKey *keys, guint keyval, guint keycode, GdkModifierType modifiers, AssayTrackStrip *self)
{
  if (keyval != GDK_KEY_Escape || self->plan == NULL)
    return GDK_EVENT_PROPAGATE;
  answer (self, FALSE);
  return GDK_EVENT_STOP;
}

/* Building */

static GtkWidget *
button_new (const char *icon, const char *label, const char *name, const char *tip, const char *target)
{
  GtkWidget *button = label != NULL ? gtk_button_new_with_label (label) : gtk_button_new_from_icon_name (icon);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_focus_on_click (button, FALSE);
  gtk_widget_set_tooltip_text (button, tip);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "page.track");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", target);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return button;
}

static GtkWidget *
menu_new (void)
{
  GtkWidget *button = gtk_menu_button_new ();
  g_autoptr (GMenu) menu = g_menu_new ();
  g_menu_append (menu, "Join with the track selected before", "page.track::join");
  g_menu_append (menu, "Cut: another thing from here on", "page.track::cut");
  g_menu_append (menu, "Swap the two selected from here on", "page.track::swap");
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "view-more-symbolic");
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), G_MENU_MODEL (menu));
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, "Join, cut and swap tracks");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, "Tracks", -1);
  return button;
}

static GtkWidget *
line_box_new (AssayTrackStrip *self)
{
  GtkBox *box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4));
  self->title = GTK_LABEL (gtk_label_new ("No track"));
  gtk_label_set_ellipsize (self->title, PANGO_ELLIPSIZE_END);
  gtk_label_set_width_chars (self->title, 14);
  gtk_label_set_max_width_chars (self->title, 14);
  gtk_label_set_xalign (self->title, 0);
  self->line = g_object_new (ASSAY_TYPE_TRACK_LINE, "hexpand", TRUE, NULL);
  g_signal_connect_object (self->line, "chosen", G_CALLBACK (on_line_chosen), self, G_CONNECT_SWAPPED);
  gtk_box_append (box, GTK_WIDGET (self->title));
  gtk_box_append (box, button_new ("go-previous-symbolic", NULL, "Previous key frame",
                                   "Previous key frame", "previous"));
  gtk_box_append (box, GTK_WIDGET (self->line));
  gtk_box_append (box,
                  button_new ("go-next-symbolic", NULL, "Next key frame", "Next key frame", "next"));
  gtk_box_append (box,
                  button_new (NULL, "Key frame", "Key frame",
                              "Here the track is as it is drawn; the selected object begins one, or goes on with"
                              " the track",
                              "key"));
  gtk_box_append (box, button_new (NULL, "Fill", "Fill", "Fill what lies between the key frames", "fill"));
  gtk_box_append (box, menu_new ());
  return GTK_WIDGET (box);
}

static GtkWidget *
question_box_new (AssayTrackStrip *self)
{
  GtkBox *box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8));
  GtkWidget *no = gtk_button_new_with_label ("Cancel");
  self->question = GTK_LABEL (gtk_label_new (""));
  self->yes = GTK_BUTTON (gtk_button_new_with_label (""));
  gtk_label_set_ellipsize (self->question, PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (self->question, 0);
  gtk_widget_set_hexpand (GTK_WIDGET (self->question), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->yes), "suggested-action");
  gtk_widget_set_valign (no, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (GTK_WIDGET (self->yes), GTK_ALIGN_CENTER);
  g_signal_connect_object (self->yes, "clicked", G_CALLBACK (on_yes), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (no, "clicked", G_CALLBACK (on_no), self, G_CONNECT_SWAPPED);
  gtk_box_append (box, GTK_WIDGET (self->question));
  gtk_box_append (box, no);
  gtk_box_append (box, GTK_WIDGET (self->yes));
  return GTK_WIDGET (box);
}

static void
assay_track_strip_dispose (GObject *object)
{
  AssayTrackStrip *self = ASSAY_TRACK_STRIP (object);
  GtkWidget *child;
  g_clear_handle_id (&self->wait, g_source_remove);
  g_clear_pointer (&self->tracks, assay_tracks_free);
  g_clear_pointer (&self->plan, assay_track_plan_free);
  g_clear_object (&self->annotation);
  g_clear_object (&self->desk);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (assay_track_strip_parent_class)->dispose (object);
}

static void
assay_track_strip_class_init (AssayTrackStripClass *class)
{
  GType type = G_TYPE_FROM_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = assay_track_strip_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (class), "track-strip");
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (class), GTK_ACCESSIBLE_ROLE_GROUP);
  signals[SIGNAL_GO]
      = g_signal_new ("go", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[SIGNAL_SAID]
      = g_signal_new ("said", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_FAILED]
      = g_signal_new ("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[SIGNAL_DONE] = g_signal_new ("done", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
assay_track_strip_init (AssayTrackStrip *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_add_named (self->stack, line_box_new (self), "line");
  gtk_stack_add_named (self->stack, question_box_new (self), "question");
  gtk_widget_set_hexpand (GTK_WIDGET (self->stack), TRUE);
  gtk_widget_set_parent (GTK_WIDGET (self->stack), GTK_WIDGET (self));
  g_signal_connect (keys, "key-pressed", G_CALLBACK (on_key), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, "Track of the object", -1);
}
