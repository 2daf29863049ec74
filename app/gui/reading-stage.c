/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/reading-stage.h"

#include "app/gui/page.h"
#include "app/gui/player.h"
#include "app/gui/shortcuts.h"
#include "app/gui/widget.h"
#include "core/json.h"

#include <math.h>
#include <string.h>

#define FLOOR_DB 60.0
#define QUIET_DB 30.0 /* as core/take-check.h judges a take */
#define LOUD_DB 1.0
#define LONG_SENTENCE 100

struct _AssayReadingStage
{
  GtkWidget parent_instance;
  AssayReading *reading; /* borrowed, as what follows; NULL: nothing is read */
  AssayStream *stream;
  GPtrArray *prompts;
  AssayPlayer *player;
  AssayReadingStatus shown;
  guint tick;
  gint64 begun_us;

  GtkProgressBar *progress;
  GtkLabel *count, *time, *text, *next, *verdict, *level_words, *record_label;
  GtkImage *verdict_icon;
  GtkLevelBar *level;
  GtkWidget *board, *record, *again, *accept;
};

enum
{
  SIGNAL_OVER,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AssayReadingStage, assay_reading_stage, GTK_TYPE_WIDGET)

/* What the verdict's line looks like: never by colour alone. */
typedef struct
{
  const char *icon, *class;
} Look;
static const Look plain = { "audio-input-microphone-symbolic", "dim-label" };
static const Look running = { "media-record-symbolic", "error" };
static const Look fit = { "emblem-ok-symbolic", "success" };
static const Look unfit = { "dialog-warning-symbolic", "warning" };
static const Look broken = { "dialog-error-symbolic", "error" };

static void
say (AssayReadingStage *stage, const Look *look, const char *words)
{
  const char *const classes[] = { look->class, NULL };
  const char *const big[] = { "verdict", look->class, NULL };
  gtk_image_set_from_icon_name (stage->verdict_icon, look->icon);
  gtk_widget_set_css_classes (GTK_WIDGET (stage->verdict_icon), (const char **) classes);
  gtk_widget_set_css_classes (GTK_WIDGET (stage->verdict), (const char **) big);
  gtk_label_set_text (stage->verdict, words);
}

static void
say_check (AssayReadingStage *stage, const AssayReadingStatus *status)
{
  g_autoptr (json_t) told = assay_reading_status_to_json (status);
  g_autoptr (GString) text = g_string_new (NULL);
  size_t i;
  json_t *fault;
  json_array_foreach (json_object_get (told, "faults"), i, fault)
  {
    g_autofree char *why = g_strdup (assay_json_get_string (fault, "why"));
    *why = g_ascii_toupper (*why);
    g_string_append_printf (text, "%s%s.", i > 0 ? " " : "", why);
  }
  if (text->len > 0)
    {
      say (stage, &unfit, text->str);
      return;
    }
  g_string_append_printf (text, "Good: %.1f s of speech, loudest %.0f dBFS", status->check.speech_s,
                          status->check.peak_dbfs);
  if (isfinite (status->check.integrated_lufs))
    g_string_append_printf (text, ", %.0f LUFS", status->check.integrated_lufs);
  say (stage, &fit, text->str);
}

static gboolean
is_fit (const AssayReadingStatus *status)
{
  return status->check.faults == 0 && status->missing == 0;
}

static void
say_state (AssayReadingStage *stage, const AssayReadingStatus *status)
{
  switch (status->state)
    {
    case ASSAY_READING_READY:
      {
        g_autofree char *key = assay_shortcuts_dup_key (stage, "reading.go", NULL, "Record");
        g_autofree char *words = g_strdup_printf ("Press %s, then read the sentence aloud", key);
        say (stage, &plain, words);
        break;
      }
    case ASSAY_READING_RECORDING:
      say (stage, &running, "Recording");
      break;
    case ASSAY_READING_ENDING:
      say (stage, &running, "One moment, the last word is still being recorded");
      break;
    case ASSAY_READING_CHECKED:
      say_check (stage, status);
      break;
    case ASSAY_READING_SAVING:
      say (stage, &plain, "Saving");
      break;
    case ASSAY_READING_OVER:
      say (stage, &fit, "That was the last sentence");
      break;
    case ASSAY_READING_FAILED:
      say (stage, &broken, status->trouble);
      break;
    }
}

static void
set_class (GtkWidget *widget, const char *class, gboolean on)
{
  if (on)
    gtk_widget_add_css_class (widget, class);
  else
    gtk_widget_remove_css_class (widget, class);
}

/* What may be done now; the likeliest is the one that catches the eye. */
static void
update_buttons (AssayReadingStage *stage, const AssayReadingStatus *status)
{
  GtkWidget *widget = GTK_WIDGET (stage);
  gboolean ready = !status->busy && status->state == ASSAY_READING_READY;
  gboolean recording = !status->busy && status->state == ASSAY_READING_RECORDING;
  gboolean checked = !status->busy && status->state == ASSAY_READING_CHECKED;
  gtk_widget_action_set_enabled (widget, "reading.go", ready || recording);
  gtk_widget_action_set_enabled (widget, "reading.listen", checked);
  gtk_widget_action_set_enabled (widget, "reading.again", checked);
  gtk_widget_action_set_enabled (widget, "reading.accept", checked);
  gtk_widget_action_set_enabled (widget, "reading.skip", ready || checked);
  const char *words = status->state == ASSAY_READING_RECORDING ? "Stop" : "Record";
  gtk_label_set_text (stage->record_label, words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (stage->record), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  gtk_widget_set_visible (stage->record, status->state != ASSAY_READING_CHECKED);
  gtk_widget_set_visible (stage->accept, status->state == ASSAY_READING_CHECKED);
  set_class (stage->record, "suggested-action", status->state != ASSAY_READING_RECORDING);
  set_class (stage->record, "destructive-action", status->state == ASSAY_READING_RECORDING);
  set_class (stage->accept, "suggested-action", is_fit (status));
  set_class (stage->again, "suggested-action", checked && !is_fit (status));
  set_class (stage->board, "recording",
             status->state == ASSAY_READING_RECORDING || status->state == ASSAY_READING_ENDING);
  /* A button that had the focus and can no longer be pressed would keep the keys. */
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  if (focus == NULL || (focus != widget && !gtk_widget_is_sensitive (focus)))
    gtk_widget_grab_focus (widget);
}

static void
update_sentence (AssayReadingStage *stage, const AssayReadingStatus *status)
{
  const AssayPrompt *after
      = status->position + 1 < stage->prompts->len ? stage->prompts->pdata[status->position + 1] : NULL;
  const char *text = status->prompt != NULL ? status->prompt->text : "";
  g_autofree char *next = after != NULL ? g_strdup_printf ("next: %s", after->text) : g_strdup ("");
  g_autofree char *count
      = g_strdup_printf ("%u of %u", MIN (status->position + 1, status->n_prompts), status->n_prompts);
  gtk_label_set_text (stage->text, text);
  set_class (GTK_WIDGET (stage->text), "long", g_utf8_strlen (text, -1) > LONG_SENTENCE);
  gtk_label_set_text (stage->next, next);
  gtk_label_set_text (stage->count, count);
  gtk_progress_bar_set_fraction (stage->progress, (double) status->position / MAX (status->n_prompts, 1));
}

static void
update_time (AssayReadingStage *stage, const AssayReadingStatus *status)
{
  gint64 s = (g_get_monotonic_time () - stage->begun_us) / G_USEC_PER_SEC;
  g_autofree char *time = g_strdup_printf ("%u taken, %u skipped · %" G_GINT64_FORMAT ":%02" G_GINT64_FORMAT,
                                           status->n_accepted, status->n_skipped, s / 60, s % 60);
  if (!g_str_equal (time, gtk_label_get_text (stage->time)))
    gtk_label_set_text (stage->time, time);
  if (status->state != ASSAY_READING_RECORDING)
    return;
  g_autofree char *key = assay_shortcuts_dup_key (stage, "reading.go", NULL, "Stop");
  g_autofree char *words = g_strdup_printf ("Recording  %.1f s · %s ends it", status->seconds, key);
  if (!g_str_equal (words, gtk_label_get_text (stage->verdict)))
    gtk_label_set_text (stage->verdict, words);
}

static void
update_level (AssayReadingStage *stage)
{
  AssayLevel level;
  if (!assay_stream_peek_meter (stage->stream, &level))
    return;
  float held = 0;
  for (guint i = 0; i < MIN (level.channels, ASSAY_LEVEL_CHANNELS); i++)
    held = MAX (held, level.held[i]);
  double db = CLAMP (assay_level_to_db (held), -FLOOR_DB, 0);
  gtk_level_bar_set_value (stage->level, db + FLOOR_DB);
  const char *words = assay_level_is_dead (&level) ? "no sound at all: is it muted?"
                      : db < -QUIET_DB             ? "quiet"
                      : db > -LOUD_DB              ? "too loud"
                                                   : "good";
  g_autofree char *text = g_strdup_printf ("%.0f dBFS · %s", db, words);
  if (!g_str_equal (text, gtk_label_get_text (stage->level_words)))
    gtk_label_set_text (stage->level_words, text);
}

static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  AssayReadingStage *stage = ASSAY_READING_STAGE (widget);
  AssayReadingStatus status;
  assay_reading_get_status (stage->reading, &status);
  gboolean other = status.state != stage->shown.state, moved = status.position != stage->shown.position;
  if (moved)
    update_sentence (stage, &status);
  if (other || moved)
    say_state (stage, &status);
  if (other || moved || status.busy != stage->shown.busy)
    update_buttons (stage, &status);
  update_time (stage, &status);
  update_level (stage);
  assay_reading_status_clear (&stage->shown);
  stage->shown = status;
  if (other && status.state == ASSAY_READING_OVER)
    g_signal_emit (stage, signals[SIGNAL_OVER], 0);
  return G_SOURCE_CONTINUE;
}

void
assay_reading_stage_set_reading (AssayReadingStage *stage, AssayReading *reading, AssayStream *stream,
                                 GPtrArray *prompts)
{
  assay_player_stop (stage->player);
  if (stage->tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (stage), stage->tick);
  stage->tick = 0;
  stage->reading = reading;
  stage->stream = stream;
  stage->prompts = prompts;
  assay_reading_status_clear (&stage->shown);
  if (reading == NULL)
    return;
  stage->begun_us = g_get_monotonic_time ();
  assay_reading_get_status (reading, &stage->shown);
  update_sentence (stage, &stage->shown);
  say_state (stage, &stage->shown);
  update_buttons (stage, &stage->shown);
  stage->tick = gtk_widget_add_tick_callback (GTK_WIDGET (stage), on_tick, NULL, NULL);
  gtk_widget_grab_focus (GTK_WIDGET (stage));
}

/* Actions */

static void
give (AssayReadingStage *stage, AssayReadingCommand command)
{
  if (stage->reading == NULL)
    return;
  assay_player_stop (stage->player); /* what is heard would be recorded */
  assay_reading_do (stage->reading, command);
}

static void
go (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayReadingStage *stage = ASSAY_READING_STAGE (widget);
  give (stage, stage->shown.state == ASSAY_READING_RECORDING ? ASSAY_READING_STOP : ASSAY_READING_RECORD);
}

static void
again (GtkWidget *widget, const char *action, GVariant *parameter)
{
  give (ASSAY_READING_STAGE (widget), ASSAY_READING_RECORD);
}

static void
accept (GtkWidget *widget, const char *action, GVariant *parameter)
{
  give (ASSAY_READING_STAGE (widget), ASSAY_READING_ACCEPT);
}

static void
skip (GtkWidget *widget, const char *action, GVariant *parameter)
{
  give (ASSAY_READING_STAGE (widget), ASSAY_READING_SKIP);
}

static void
listen_to (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayReadingStage *stage = ASSAY_READING_STAGE (widget);
  gboolean playing = assay_player_is_playing (stage->player);
  assay_player_stop (stage->player);
  if (!playing && stage->shown.take_path != NULL)
    assay_player_play (stage->player, stage->shown.take_path, 0,
                       (gint64) (stage->shown.seconds * stage->shown.check.rate_hz));
}

static void
on_play_failed (AssayReadingStage *stage, const GError *error)
{
  assay_page_show_error (stage, error);
}

static void
assay_reading_stage_dispose (GObject *object)
{
  AssayReadingStage *stage = ASSAY_READING_STAGE (object);
  if (stage->player != NULL)
    assay_reading_stage_set_reading (stage, NULL, NULL, NULL);
  g_clear_object (&stage->player);
  assay_widget_clear (stage, ASSAY_TYPE_READING_STAGE);
  G_OBJECT_CLASS (assay_reading_stage_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *class)
{
  gtk_widget_class_set_template_from_resource (class, "/org/assay/Assay/reading-stage.ui");
  gtk_widget_class_bind_template_child (class, AssayReadingStage, progress);
  gtk_widget_class_bind_template_child (class, AssayReadingStage, count);
  gtk_widget_class_bind_template_child (class, AssayReadingStage, time);
  gtk_widget_class_bind_template_child (class, AssayReadingStage, text);
  gtk_widget_class_bind_template_child (class, AssayReadingStage, next);
  gtk_widget_class_bind_template_child (class, AssayReadingStage, verdict);
  gtk_widget_class_bind_template_child (class, AssayReadingStage, verdict_icon);
  gtk_widget_class_bind_template_child (class, AssayReadingStage, level);
  gtk_widget_class_bind_template_child (class, AssayReadingStage, level_words);
  gtk_widget_class_bind_template_child (class, AssayReadingStage, board);
  gtk_widget_class_bind_template_child (class, AssayReadingStage, record);
  gtk_widget_class_bind_template_child (class, AssayReadingStage, record_label);
  gtk_widget_class_bind_template_child (class, AssayReadingStage, again);
  gtk_widget_class_bind_template_child (class, AssayReadingStage, accept);
}

static void
assay_reading_stage_class_init (AssayReadingStageClass *class)
{
  static const struct
  {
    const char *action;
    GtkWidgetActionActivateFunc func;
  } actions[] = { { "reading.go", go },
                  { "reading.listen", listen_to },
                  { "reading.again", again },
                  { "reading.accept", accept },
                  { "reading.skip", skip } };
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = assay_reading_stage_dispose;
  signals[SIGNAL_OVER]
      = g_signal_new ("over", ASSAY_TYPE_READING_STAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  bind_template (widget_class);
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].action, NULL, actions[i].func);
}

static void
assay_reading_stage_init (AssayReadingStage *stage)
{
  gtk_widget_init_template (GTK_WIDGET (stage));
  gtk_widget_set_focusable (GTK_WIDGET (stage), TRUE);
  assay_shortcuts_install_on (GTK_WIDGET (stage), ASSAY_KEYS_READING);
  gtk_level_bar_remove_offset_value (stage->level, GTK_LEVEL_BAR_OFFSET_LOW);
  gtk_level_bar_remove_offset_value (stage->level, GTK_LEVEL_BAR_OFFSET_HIGH);
  gtk_level_bar_remove_offset_value (stage->level, GTK_LEVEL_BAR_OFFSET_FULL);
  gtk_level_bar_add_offset_value (stage->level, "quiet", FLOOR_DB - QUIET_DB);
  gtk_level_bar_add_offset_value (stage->level, "good", FLOOR_DB - LOUD_DB);
  gtk_level_bar_add_offset_value (stage->level, "loud", FLOOR_DB);
  stage->player = assay_player_new ();
  g_signal_connect_object (stage->player, "failed", G_CALLBACK (on_play_failed), stage, G_CONNECT_SWAPPED);
}
