/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/studio-private.h - what the files of the studio share: studio.c has the thread, the list and the switches,
 * studio-record.c the recording, studio-controls.c the settings. */
#include "app/gui/studio.h"
#include "capture/hotplug.h"

G_BEGIN_DECLS

struct _AssayStudio
{
  GObject parent_instance;
  char *project_directory;
  GListStore *sensors; /* of AssayLive */
  GThread *thread;
  GAsyncQueue *orders; /* of Order */
  gboolean closed;

  gboolean looking;       /* one look at a time */
  gboolean looks_itself;
  AssayHotplug *hotplug;  /* NULL where none can be heard */
  guint hotplug_watch, quiet_timer, look_timer, n_ticks;

  AssayRecorder *owned;    /* touched by the thread alone; NULL unless recording */
  GAsyncQueue *untold;     /* of char *: what went wrong with recordings that were ended, in order, until it is told */
  AssayRecorder *recorder; /* the same, as the main loop knows it: from "started" to the order to stop */
  gboolean records[2];     /* by AssayDeviceKind */
  gboolean on_demand;
  GPtrArray *recorded_lives; /* of AssayLive, cameras first */
  gint64 began_us;
  guint watch_timer;
  gboolean starting;
  guint finishing;       /* recorders that were ended and are still being kept */
  guint takes_waiting;   /* asked for while the recorder was being started, */
  gboolean stop_waiting; /* and so was its end */
};

/* What the thread is to do; comes back to the main loop as its own answer. */
typedef struct _Order Order;
struct _Order
{
  AssayStudio *studio;           /* a reference while it is on its way back */
  void (*work) (Order *order);   /* the thread; NULL ends it */
  void (*answer) (Order *order); /* the main loop */
  AssayLive *live;
  char *words; /* what is opened, */
  guint turn;  /* and as which switching of this sensor: an answer to an older one is none */
  GPtrArray *infos;
  GPtrArray *streams;
  AssayRecordPlan plan; /* its texts belong to the order */
  char **checklist, **triggers;
  json_t *conditions;
  GPtrArray *names; /* of char *, as people call the streams' sensors */
  char *trouble;
  AssayRecorder *recorder;
  json_t *report;
  const char *what; /* of the settings: "set", "locked", "restored" */
  json_t *values, *controls, *wrongs;
  GError *error;
};

Order *assay_studio_order_new (AssayStudio *studio, void (*work) (Order *), void (*answer) (Order *));
/* Hands it over. */
void assay_studio_push (AssayStudio *studio, Order *take_order);

/* studio-record.c */
void assay_studio_push_finish (AssayStudio *studio);
gboolean assay_studio_records_live (AssayStudio *studio, AssayLive *live);
void assay_studio_tell_recorded (AssayStudio *studio, const char *trouble, const json_t *report);

/* studio-controls.c: the thread, after opening. */
void assay_studio_set_touched (AssayLive *live, const json_t *touched);
void assay_studio_tell_answered (AssayStudio *studio, AssayLive *live, const char *what, const json_t *wrongs,
                                 const char *error);

G_END_DECLS
