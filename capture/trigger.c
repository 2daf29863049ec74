/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/trigger.h"

#include "core/error.h"

#include "trigger-list.h"

#include <string.h>

#define REST_NS G_GINT64_CONSTANT (1000000000)

#define X(name) extern const AssayTriggerKind assay_trigger_##name;
ASSAY_TRIGGER_LIST
#undef X
#define X(name) &assay_trigger_##name,
static const AssayTriggerKind *const kinds[] = { ASSAY_TRIGGER_LIST };
#undef X

struct _AssayTrigger
{
  const AssayTriggerKind *kind;
  char *words;
  gpointer state;
  gboolean running;
  gboolean has_fired;
  gint64 fired_ns;
};

const AssayTriggerKind *const *
assay_trigger_list (guint *ret_n)
{
  *ret_n = G_N_ELEMENTS (kinds);
  return kinds;
}

static const AssayTriggerKind *
find_kind (const char *words, GError **error)
{
  g_autoptr (GString) names = g_string_new (NULL);
  gsize n = strcspn (words, ":");
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      if (strlen (kinds[i]->id) == n && strncmp (kinds[i]->id, words, n) == 0)
        return kinds[i];
      g_string_append_printf (names, "%s%s%s", i > 0 ? ", " : "", kinds[i]->id, kinds[i]->argument);
    }
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "trigger \"%s\": there is none of that name; it is one of %s",
               words, names->str);
  return NULL;
}

AssayTrigger *
assay_trigger_open (const char *words, GError **error)
{
  const AssayTriggerKind *kind = find_kind (words, error);
  if (kind == NULL)
    return NULL;
  const char *colon = strchr (words, ':');
  gpointer state = kind->open (colon != NULL ? colon + 1 : NULL, error);
  if (state == NULL)
    return NULL;
  AssayTrigger *trigger = g_new0 (AssayTrigger, 1);
  trigger->kind = kind;
  trigger->words = g_strdup (words);
  trigger->state = state;
  return trigger;
}

void
assay_trigger_close (AssayTrigger *trigger)
{
  if (trigger == NULL)
    return;
  g_free (assay_trigger_stop (trigger));
  trigger->kind->close (trigger->state);
  g_free (trigger->words);
  g_free (trigger);
}

const AssayTriggerKind *
assay_trigger_get_kind (const AssayTrigger *trigger)
{
  return trigger->kind;
}

const char *
assay_trigger_get_words (const AssayTrigger *trigger)
{
  return trigger->words;
}

gboolean
assay_trigger_look (AssayTrigger *trigger, const AssayStreamFormat *format, const AssayFrame *frame)
{
  if (!trigger->kind->look (trigger->state, format, frame))
    return FALSE;
  if (trigger->has_fired && frame->stamp_ns - trigger->fired_ns < REST_NS)
    return FALSE;
  trigger->has_fired = TRUE;
  trigger->fired_ns = frame->stamp_ns;
  return TRUE;
}

gboolean
assay_trigger_start (AssayTrigger *trigger, AssayTriggerFire fire, gpointer data, GError **error)
{
  if (trigger->kind->start == NULL)
    return TRUE;
  trigger->running = trigger->kind->start (trigger->state, fire, data, error);
  return trigger->running;
}

char *
assay_trigger_stop (AssayTrigger *trigger)
{
  if (!trigger->running)
    return NULL;
  trigger->running = FALSE;
  return trigger->kind->stop (trigger->state);
}
