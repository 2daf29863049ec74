/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/alarm.h - a short sound for what nobody may miss while looking elsewhere: something was lost, a recording
 * ended by itself. Through the sound helper, else the desktop's own bell. Main thread. */
#include <glib-object.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_ALARM (assay_alarm_get_type ())
G_DECLARE_FINAL_TYPE (AssayAlarm, assay_alarm, ASSAY, ALARM, GObject)

AssayAlarm *assay_alarm_new (void);
/* Nothing when it is muted, or sounded less than three seconds ago. */
void assay_alarm_sound (AssayAlarm *alarm);
gboolean assay_alarm_is_muted (AssayAlarm *alarm);
void assay_alarm_set_muted (AssayAlarm *alarm, gboolean muted); /* remembered */

G_END_DECLS
