/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/take-box.h"

#include "app/gui/take-form.h"
#include "app/gui/take-preflight.h"
#include "app/gui/shortcuts.h"
#include "app/gui/widget.h"

#include <adwaita.h>

#define COUNT_PERIOD_MS 200
#define LOOK_PERIOD_S 3

typedef enum
{
  STILL,
  BURST,
  EVERY,
  VIDEO,
  VOICE,
  N_MODES
} Mode;

/* What a mode is, and the number that it asks for (unit NULL: none). */
static const struct
{
  const char *name, *target, *tip, *button, *icon, *number, *unit;
  double least, most, step;
  guint digits;
  gboolean one_by_one; /* each press takes; else it records until the next press */
  gboolean lasts;      /* its plan is a length; else stills of each camera */
} modes[N_MODES] = {
  [STILL]
  = { "Still", "'still'", "One still of each camera", "Take a Still", "camera-photo-symbolic", .one_by_one = TRUE },
  [BURST] = { "Burst", "'burst'", "Several stills, one after the other", "Take a Burst", "camera-photo-symbolic",
              "Stills in a burst", "stills", 2, 200, 1, 0, TRUE },
  [EVERY] = { "Every", "'every'", "A still of each camera every so often", "Record Stills", "media-record-symbolic",
              "Seconds between stills", "s", 0.1, 3600, 1, 1, FALSE },
  [VIDEO] = { "Video", "'video'", "Films of the cameras, with the microphones that are on", "Record Video",
              "media-record-symbolic", "Items drawn each second", "items/s", 0, 60, 1, 1, FALSE, TRUE },
  [VOICE]
  = { "Voice", "'voice'", "The microphones that are on", "Record Sound", "media-record-symbolic",
      "Seconds kept from before Record was pressed", "s before", 0, ASSAY_PRE_ROLL_MOST_S, 1, 0, FALSE, TRUE },
};

struct _AssayTakeBox
{
  GtkWidget parent_instance;
  AssayDesk *desk;     /* NULL without a project */
  AssayStudio *studio; /* NULL until the page was shown with a project */
  Mode mode;
  gboolean chosen; /* by a person: else what is on decides */
  gboolean can_go;
  double numbers[N_MODES];
  guint count_timer, look_timer;
  guint64 kept_before;    /* stills of the recordings that have ended */
  guint64 asked;          /* stills of the one under way */
  gboolean speaks_of_end; /* the recording under way is told of when it ends */
  gint64 began_us;
  double planned_s; /* of the recording under way; 0 = not said */

  AssayTakeForm *form;
  GtkBox *modes;
  GtkToggleButton *toggles[N_MODES];
  GtkSpinButton *spin;
  GtkLabel *unit, *counts;
  AssayTakePreflight *preflight;
  GtkButton *end, *draw, *record;
  AdwButtonContent *record_content;
};

static guint signal_changed, signal_finished;

G_DEFINE_FINAL_TYPE (AssayTakeBox, assay_take_box, GTK_TYPE_WIDGET)

/* What is on, and what goes on */

static guint
count_in (AssayTakeBox *box, AssayDeviceKind kind, AssayLiveStatus state)
{
  GListModel *all = box->studio != NULL ? assay_studio_get_sensors (box->studio) : NULL;
  guint n = 0;
  for (guint i = 0; all != NULL && i < g_list_model_get_n_items (all); i++)
    {
      g_autoptr (AssayLive) live = g_list_model_get_item (all, i);
      AssayLiveStatus is = assay_live_get_away_s (live) > 0 ? ASSAY_LIVE_AWAY : assay_live_get_state (live);
      n += assay_live_get_info (live)->kind == kind && is == state;
    }
  return n;
}

static guint
count_on (AssayTakeBox *box, AssayDeviceKind kind)
{
  return count_in (box, kind, ASSAY_LIVE_ON);
}

static gboolean
is_recording (AssayTakeBox *box)
{
  return box->studio != NULL
         && (assay_studio_is_recording (box->studio, ASSAY_DEVICE_CAMERA)
             || assay_studio_is_recording (box->studio, ASSAY_DEVICE_MICROPHONE));
}

/* It goes on until somebody presses the button again. */
static gboolean
is_rolling (AssayTakeBox *box)
{
  return is_recording (box) && !modes[box->mode].one_by_one;
}

/* NULL: what this mode takes from is on. */
static const char *
get_missing (AssayTakeBox *box)
{
  gboolean voice = box->mode == VOICE;
  AssayDeviceKind kind = voice ? ASSAY_DEVICE_MICROPHONE : ASSAY_DEVICE_CAMERA;
  if (count_on (box, kind) > 0)
    return NULL;
  if (count_in (box, kind, ASSAY_LIVE_AWAY) > 0)
    return voice ? "the microphone is away: plug it in again" : "the camera is away: plug it in again";
  if (count_in (box, kind, ASSAY_LIVE_OPENING) > 0)
    return voice ? "the microphone is being opened: one moment" : "the camera is being opened: one moment";
  return voice ? "no microphone is on: switch one on" : "no camera is on: switch one on";
}

/* What is meant by "40", "10 min", "90 s", "1 h" or "10:30": a length, or stills of each camera, whichever this
 * mode has; a bare number is minutes of what lasts. 0 = nothing that is understood. */
static void
read_planned (AssayTakeBox *box, const char *text, double *ret_seconds, guint64 *ret_stills)
{
  char *end = NULL;
  double number = g_ascii_strtod (text, &end), seconds = 0;
  gboolean bare = *end == '\0', lasts = modes[box->mode].lasts;
  *ret_seconds = 0;
  *ret_stills = 0;
  if (end == text || !(number >= 0 && number < 1e9))
    return;
  while (*end == ' ')
    end++;
  if (*end == ':')
    seconds = 60 * number + CLAMP (g_ascii_strtod (end + 1, NULL), 0, 60);
  else if (*end != '\0')
    seconds = number * (*end == 'h' ? 3600 : *end == 'm' ? 60 : *end == 's' ? 1 : 0);
  if (lasts)
    *ret_seconds = bare ? 60 * number : seconds;
  else if (bare)
    *ret_stills = (guint64) number;
  else if (box->mode == EVERY)
    *ret_stills = (guint64) (seconds / box->numbers[EVERY]);
}

guint
assay_take_box_get_burst (AssayTakeBox *box)
{
  return box->mode == BURST ? (guint) box->numbers[BURST] : 1;
}

gboolean
assay_take_box_is_busy (AssayTakeBox *box)
{
  guint64 kept, missing;
  if (is_rolling (box) || (box->studio != NULL && assay_studio_is_finishing (box->studio)))
    return TRUE;
  if (!is_recording (box))
    return FALSE;
  assay_studio_get_counts (box->studio, &kept, &missing);
  return kept < box->asked;
}

/* Showing */

static void
update_button (AssayTakeBox *box)
{
  gboolean rolling = is_rolling (box);
  const char *missing = get_missing (box);
  const char *obstacle = missing != NULL ? missing : assay_take_preflight_get_stop (box->preflight);
  const char *label = rolling ? "Stop" : modes[box->mode].button;
  gboolean can = rolling || obstacle == NULL;
  adw_button_content_set_label (box->record_content, label);
  adw_button_content_set_icon_name (box->record_content,
                                    rolling ? "media-playback-stop-symbolic" : modes[box->mode].icon);
  gtk_accessible_update_property (GTK_ACCESSIBLE (box->record), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_set_tooltip_text (GTK_WIDGET (box->record), rolling            ? "Ends it"
                                                         : obstacle != NULL ? obstacle
                                                                            : "Begins");
  gtk_widget_remove_css_class (GTK_WIDGET (box->record), rolling ? "suggested-action" : "destructive-action");
  gtk_widget_add_css_class (GTK_WIDGET (box->record), rolling ? "destructive-action" : "suggested-action");
  if (can != box->can_go)
    {
      box->can_go = can;
      g_signal_emit (box, signal_changed, 0);
    }
  gtk_widget_set_sensitive (GTK_WIDGET (box->form), !rolling);
  gtk_widget_set_sensitive (GTK_WIDGET (box->modes), !rolling);
  gtk_widget_set_sensitive (GTK_WIDGET (box->spin), !rolling);
  gtk_widget_set_visible (GTK_WIDGET (box->preflight), !rolling); /* it is over: the figures have the line */
  gtk_widget_set_visible (GTK_WIDGET (box->end), is_recording (box) && !rolling);
  gtk_widget_set_visible (GTK_WIDGET (box->draw), rolling && box->mode == VIDEO);
}

static void
update_counts (AssayTakeBox *box)
{
  guint64 kept = 0, missing = 0;
  g_autofree char *text = NULL;
  if (box->studio != NULL)
    assay_studio_get_counts (box->studio, &kept, &missing);
  if (is_rolling (box))
    {
      gint64 seconds = (g_get_monotonic_time () - box->began_us) / G_USEC_PER_SEC;
      const char *noun = box->mode == VOICE ? "samples" : box->mode == EVERY ? "stills" : "frames and samples";
      gint64 planned = (gint64) box->planned_s;
      g_autofree char *of = planned > 0
                                ? g_strdup_printf (" of %02d:%02d", (int) (planned / 60), (int) (planned % 60))
                                : g_strdup ("");
      text = g_strdup_printf ("%02d:%02d%s · %" G_GUINT64_FORMAT " %s · %" G_GUINT64_FORMAT " lost",
                              (int) (seconds / 60), (int) (seconds % 60), of, kept, noun, missing);
    }
  else if (box->kept_before + kept > 0)
    text = g_strdup_printf ("%" G_GUINT64_FORMAT " %s in the project", box->kept_before + kept,
                            box->kept_before + kept == 1 ? "still" : "stills");
  gtk_label_set_text (box->counts, text != NULL ? text : "");
}

static void
look_before (AssayTakeBox *box)
{
  if (box->studio == NULL)
    return;
  g_auto (AssayTakeWords) words = { 0 };
  assay_take_form_get_words (box->form, &words);
  double planned_s;
  guint64 planned_stills;
  read_planned (box, words.planned, &planned_s, &planned_stills);
  const AssayTakeOutlook outlook = { .cameras = box->mode != VOICE,
                                     .microphones = box->mode >= VIDEO,
                                     .missing = get_missing (box),
                                     .planned_s = planned_s,
                                     .planned_stills = planned_stills,
                                     .consent = words.consent,
                                     .done = (const char *const *) words.checklist };
  assay_take_preflight_look (box->preflight, box->studio, &outlook);
}

static gboolean
on_look_timer (gpointer data)
{
  if (!is_recording (data))
    look_before (data);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_count_timer (gpointer data)
{
  update_counts (data);
  return G_SOURCE_CONTINUE;
}

/* Modes */

static void
show_mode (AssayTakeBox *box)
{
  gboolean asks = modes[box->mode].unit != NULL;
  Mode mode = box->mode;
  double number = box->numbers[mode]; /* the range below may change it */
  gtk_toggle_button_set_active (box->toggles[mode], TRUE);
  gtk_widget_set_visible (GTK_WIDGET (box->spin), asks);
  gtk_widget_set_visible (GTK_WIDGET (box->unit), asks);
  if (asks)
    {
      gtk_spin_button_set_digits (box->spin, modes[mode].digits);
      gtk_spin_button_set_increments (box->spin, modes[mode].step, 10 * modes[mode].step);
      gtk_spin_button_set_range (box->spin, modes[mode].least, modes[mode].most);
      gtk_spin_button_set_value (box->spin, number);
      gtk_label_set_text (box->unit, modes[mode].unit);
      gtk_widget_set_tooltip_text (GTK_WIDGET (box->spin), modes[mode].number);
      gtk_accessible_update_property (GTK_ACCESSIBLE (box->spin), GTK_ACCESSIBLE_PROPERTY_LABEL, modes[mode].number,
                                      -1);
    }
  update_button (box);
  look_before (box);
}

static void
stop (AssayTakeBox *box, gboolean speaks)
{
  box->speaks_of_end = speaks;
  assay_studio_stop (box->studio);
  update_button (box);
}

/* What is said of the items belongs to a recording: other words begin another. */
static void
end_quietly (AssayTakeBox *box)
{
  if (is_recording (box))
    stop (box, FALSE);
}

static void
on_mode_toggled (AssayTakeBox *box, GtkToggleButton *toggle)
{
  Mode mode = (Mode) GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (toggle), "mode"));
  if (!gtk_toggle_button_get_active (toggle) || mode == box->mode)
    return;
  end_quietly (box);
  box->chosen = TRUE;
  box->mode = mode;
  show_mode (box);
}

void
assay_take_box_choose_mode (AssayTakeBox *box, const char *name)
{
  for (guint i = 0; i < N_MODES && !is_rolling (box); i++)
    if (g_ascii_strcasecmp (modes[i].name, name) == 0)
      gtk_toggle_button_set_active (box->toggles[i], TRUE);
}

static void
on_number_changed (AssayTakeBox *box)
{
  double number = gtk_spin_button_get_value (box->spin);
  if (box->numbers[box->mode] == number)
    return;
  box->numbers[box->mode] = number;
  end_quietly (box);
}

static void
on_form_changed (AssayTakeBox *box)
{
  end_quietly (box);
  look_before (box);
}

/* Until somebody chooses: sound when there is no camera to take from. */
void
assay_take_box_update (AssayTakeBox *box)
{
  Mode fits
      = count_on (box, ASSAY_DEVICE_CAMERA) == 0 && count_on (box, ASSAY_DEVICE_MICROPHONE) > 0 ? VOICE : STILL;
  if (!box->chosen && !is_recording (box) && fits != box->mode)
    {
      box->mode = fits;
      show_mode (box);
      return;
    }
  update_button (box);
  look_before (box);
}

/* Taking */

static void
begin (AssayTakeBox *box)
{
  const AssayAnnotator *annotator = assay_desk_get_annotator (box->desk);
  g_auto (AssayTakeWords) words = { 0 };
  assay_take_form_get_words (box->form, &words);
  double number = box->numbers[box->mode], planned_s;
  guint64 planned_stills;
  read_planned (box, words.planned, &planned_s, &planned_stills);
  AssayRecordPlan plan = { .conditions = words.conditions,
                           .operator_name = annotator != NULL ? annotator->name : NULL,
                           .subject = words.subject,
                           .consent = words.consent,
                           .note = words.note,
                           .checklist = (const char *const *) words.checklist,
                           .planned_s = planned_s,
                           .planned_stills = planned_stills,
                           .on_demand = modes[box->mode].one_by_one,
                           .burst = box->mode == BURST ? (guint) number : 0,
                           .every_s = box->mode == EVERY ? number : 0,
                           .pre_roll_s = box->mode == VOICE ? number : 0,
                           .video = box->mode == VIDEO,
                           .draw_fps = box->mode == VIDEO ? number : 0 };
  box->planned_s = planned_s;
  box->asked = 0;
  box->began_us = g_get_monotonic_time ();
  box->speaks_of_end = !modes[box->mode].one_by_one;
  assay_studio_record_plan (box->studio, &plan, box->mode != VOICE, box->mode >= VIDEO);
  update_button (box);
}

gboolean
assay_take_box_can_go (AssayTakeBox *box)
{
  return box->can_go;
}

gboolean
assay_take_box_go (AssayTakeBox *box)
{
  if (box->studio == NULL)
    return FALSE;
  if (is_rolling (box))
    {
      stop (box, TRUE);
      return TRUE;
    }
  if (get_missing (box) != NULL || assay_take_preflight_get_stop (box->preflight) != NULL)
    return FALSE;
  if (!is_recording (box))
    begin (box);
  if (modes[box->mode].one_by_one)
    {
      assay_studio_take (box->studio);
      box->asked += count_on (box, ASSAY_DEVICE_CAMERA) * (box->mode == BURST ? (guint64) box->numbers[BURST] : 1);
    }
  return TRUE;
}

/* In a session of its own, where it is no duplicate of the one that it replaces. */
void
assay_take_box_repeat (AssayTakeBox *box)
{
  if (!assay_take_box_can_go (box) || is_rolling (box))
    return;
  end_quietly (box);
  assay_take_box_go (box);
}

static void
on_end_clicked (AssayTakeBox *box)
{
  stop (box, TRUE);
}

static void
on_draw_clicked (AssayTakeBox *box)
{
  assay_studio_take (box->studio);
}

static guint64
count_stills (const json_t *report)
{
  guint64 n = 0;
  size_t i;
  json_t *sensor;
  json_array_foreach (json_object_get (report, "sensors"), i,
                      sensor) if (json_object_get (sensor, "frames") != NULL
                                  && json_object_get (sensor, "drawn") == NULL) n
      += (guint64) json_integer_value (json_object_get (sensor, "frames"));
  return n;
}

static void
on_recorded (AssayTakeBox *box, const char *trouble, const json_t *report)
{
  box->kept_before += count_stills (report);
  update_counts (box);
  update_button (box);
  assay_take_form_refresh (box->form);
  if (box->speaks_of_end || trouble != NULL)
    g_signal_emit (box, signal_finished, 0, report, trouble);
}

/* Beginning and end */

static void
set_timers (AssayTakeBox *box, gboolean on)
{
  g_clear_handle_id (&box->count_timer, g_source_remove);
  g_clear_handle_id (&box->look_timer, g_source_remove);
  if (!on)
    return;
  box->count_timer = g_timeout_add (COUNT_PERIOD_MS, on_count_timer, box);
  box->look_timer = g_timeout_add_seconds (LOOK_PERIOD_S, on_look_timer, box);
}

void
assay_take_box_set_shown (AssayTakeBox *box, gboolean shown)
{
  set_timers (box, shown && box->desk != NULL);
  look_before (box);
}

void
assay_take_box_set_studio (AssayTakeBox *box, AssayStudio *studio)
{
  if (box->studio != NULL)
    g_signal_handlers_disconnect_by_data (box->studio, box);
  g_set_object (&box->studio, studio);
  box->kept_before = 0;
  if (studio != NULL)
    g_signal_connect_object (studio, "recorded", G_CALLBACK (on_recorded), box, G_CONNECT_SWAPPED);
  assay_take_box_update (box);
  update_counts (box);
}

void
assay_take_box_set_desk (AssayTakeBox *box, AssayDesk *desk)
{
  g_set_object (&box->desk, desk);
  set_timers (box, FALSE);
  assay_take_form_set_desk (box->form, desk);
  assay_take_preflight_set_desk (box->preflight, desk);
}

static void
assay_take_box_dispose (GObject *object)
{
  AssayTakeBox *box = ASSAY_TAKE_BOX (object);
  set_timers (box, FALSE);
  if (box->studio != NULL)
    g_signal_handlers_disconnect_by_data (box->studio, box);
  g_clear_object (&box->studio);
  g_clear_object (&box->desk);
  assay_widget_clear (box, ASSAY_TYPE_TAKE_BOX);
  G_OBJECT_CLASS (assay_take_box_parent_class)->dispose (object);
}

static void
assay_take_box_class_init (AssayTakeBoxClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = assay_take_box_dispose;
  g_type_ensure (ASSAY_TYPE_TAKE_FORM);
  g_type_ensure (ASSAY_TYPE_TAKE_PREFLIGHT);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/assay/Assay/take-box.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayTakeBox, form);
  gtk_widget_class_bind_template_child (widget_class, AssayTakeBox, modes);
  gtk_widget_class_bind_template_child (widget_class, AssayTakeBox, spin);
  gtk_widget_class_bind_template_child (widget_class, AssayTakeBox, unit);
  gtk_widget_class_bind_template_child (widget_class, AssayTakeBox, counts);
  gtk_widget_class_bind_template_child (widget_class, AssayTakeBox, preflight);
  gtk_widget_class_bind_template_child (widget_class, AssayTakeBox, end);
  gtk_widget_class_bind_template_child (widget_class, AssayTakeBox, draw);
  gtk_widget_class_bind_template_child (widget_class, AssayTakeBox, record);
  gtk_widget_class_bind_template_child (widget_class, AssayTakeBox, record_content);
  gtk_widget_class_bind_template_callback (widget_class, on_number_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_end_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_draw_clicked);
  gtk_widget_class_bind_template_callback (widget_class, update_button);
  signal_changed
      = g_signal_new ("changed", ASSAY_TYPE_TAKE_BOX, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signal_finished = g_signal_new ("finished", ASSAY_TYPE_TAKE_BOX, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 2, G_TYPE_POINTER, G_TYPE_STRING);
}

static void
assay_take_box_init (AssayTakeBox *box)
{
  gtk_widget_init_template (GTK_WIDGET (box));
  assay_shortcuts_tip (GTK_WIDGET (box->record), "page.go", NULL);
  box->numbers[BURST] = 5;
  box->numbers[EVERY] = 2;
  for (guint i = 0; i < N_MODES; i++)
    {
      GtkWidget *toggle = gtk_toggle_button_new_with_label (modes[i].name);
      g_object_set_data (G_OBJECT (toggle), "mode", GUINT_TO_POINTER (i));
      gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (toggle), i > 0 ? box->toggles[0] : NULL);
      gtk_widget_set_focus_on_click (toggle, FALSE);
      gtk_widget_set_tooltip_text (toggle, modes[i].tip);
      assay_shortcuts_tip (toggle, "page.mode", modes[i].target);
      gtk_box_append (box->modes, toggle);
      box->toggles[i] = GTK_TOGGLE_BUTTON (toggle);
      g_signal_connect_object (toggle, "toggled", G_CALLBACK (on_mode_toggled), box, G_CONNECT_SWAPPED);
    }
  g_signal_connect_object (box->form, "changed", G_CALLBACK (on_form_changed), box, G_CONNECT_SWAPPED);
  show_mode (box);
}
