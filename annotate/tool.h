/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* annotate/tool.h - a way to make or change objects by hand. A registry: annotate/tool-*.c, one word each in
 * annotate/meson.build; the word is file name, C symbol (assay_tool_WORD) and action name.
 *
 * A tool is a state machine without GTK: fed with press, move, release, key, cancel in image coordinates (sound: x
 * is the sample index, y 0 to 1), it emits edits and lists what to draw. The canvas draws; the tool never does.
 * Main thread. */
#include "core/journal.h"
#include "core/option.h"
#include "core/paint.h"
#include "core/picture.h"
#include "core/pose.h"
#include "core/progress.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  ASSAY_INPUT_PRESS,
  ASSAY_INPUT_MOVE,
  ASSAY_INPUT_RELEASE,
  ASSAY_INPUT_KEY,
  ASSAY_INPUT_SCROLL, /* the wheel with Shift: `steps` */
  ASSAY_INPUT_WORKED, /* `work` that the tool asked for is done */
  ASSAY_INPUT_CANCEL
} AssayInputKind;
typedef enum
{
  ASSAY_INPUT_SHIFT = 1 << 0,
  ASSAY_INPUT_CTRL = 1 << 1,
  ASSAY_INPUT_ALT = 1 << 2,
  ASSAY_INPUT_DOUBLE = 1 << 3,
  ASSAY_INPUT_ERASER = 1 << 4, /* the other end of the pen */
  ASSAY_INPUT_AWAY = 1 << 5    /* MOVE: the pointer is not over the picture; `at` is where it was */
} AssayInputFlags;

/* What a tool wants reckoned off the main thread: GrabCut, superpixels. Whoever runs it (the window on a thread of
 * its own, a test at once) feeds it back as ASSAY_INPUT_WORKED, and frees it. Comes too late when the tool has been
 * changed: then it is only freed. */
typedef struct
{
  gpointer data; /* owned by the work; holds references, nothing borrowed */
  void (*run) (gpointer data, GCancellable *cancellable); /* any thread; its answer is left in `data` */
  GDestroyNotify free;
  char *what; /* "finding the border": for the status line */
} AssayWork;
AssayWork *assay_work_new (const char *what, gpointer take_data,
                           void (*run) (gpointer data, GCancellable *cancellable), GDestroyNotify free_data);
void assay_work_free (AssayWork *work);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayWork, assay_work_free)

typedef struct
{
  AssayInputKind kind;
  AssayInputFlags flags;
  guint button;          /* 1 main, 3 secondary; MOVE: the one held, 0 = hovering */
  AssayPoint at;         /* image pixels */
  double pressure;       /* 0 to 1; 1 for a mouse */
  double steps;          /* SCROLL: notches, up is positive */
  const AssayWork *work; /* WORKED */
  const char *key; /* KEY: "Enter", "BackSpace", "Delete", "Tab", "q", "o", "bracketleft" … gdk_keyval_name, letters
                      lower case */
  double px_per_unit; /* screen pixels a unit of the image: a handle is 8 screen pixels wide at any zoom */
} AssayInput;

/* What a tool may know and touch. All borrowed. */
typedef struct
{
  const AssayTask *task;
  const AssayItem *item;
  const AssayObjects *objects; /* the draft as it stands */
  const AssayPicture *picture; /* (nullable) decoded, while there is one */
  const AssayModel *model;     /* (nullable) pose: of the current class */
  AssayCamera camera;          /* pose: the item's, or an assumed one */
  AssayId current_class;
  AssayId selected;            /* object, the last one chosen; nil = none */
  const GHashTable *also;      /* of AssayId: objects that are selected beside it */
  gint64 cursor;               /* sound: the sample where playing stands or would begin */
  const AssayOptions *options; /* of all tools (assay_tool_options) */
  const GHashTable *hidden,
      *locked; /* of AssayId: not drawn; not to be changed by a tool. The view's, never data */
  AssayProgress *progress; /* (nullable) off the main thread: cancelled when nobody waits for the answer any more */
} AssayScene;

typedef struct
{
  AssayEdit *edit; /* (nullable) one gesture's change, owned by whoever asked */
  gboolean used;   /* the input meant something to the tool: it goes no further */
  gboolean redraw; /* the marks changed */
  gboolean select; /* select `selected` (nil = nothing) */
  AssayId selected;
  gboolean more; /* … beside what is selected; or no more, when it is already */
  gboolean move_cursor; /* sound: to `cursor` */
  gint64 cursor;
  char *hint;         /* (nullable) for the status line: what to do next */
  gboolean warning;   /* the hint is a drawing rule's: Alt+Enter may do something about it */
  AssayWork *work;    /* (nullable) to be run off the main thread; another one before it comes too late */
  const char *option; /* (nullable) a tool's option that the input has set: its name … */
  char *option_text;  /* … and its value */
} AssayAnswer;
void assay_answer_clear (AssayAnswer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AssayAnswer, assay_answer_clear)
void assay_answer_select (AssayAnswer *answer, AssayId object);
/* Selects one more, or takes it out of what is selected. */
void assay_answer_select_more (AssayAnswer *answer, AssayId object);
void assay_answer_hint (AssayAnswer *answer, const char *format, ...) G_GNUC_PRINTF (2, 3);

void assay_answer_set_option (AssayAnswer *answer, const char *name, const char *format, ...) G_GNUC_PRINTF (3, 4);

/* Pixels under way: what an object (nil = one that comes to be, of the current class) has for now, in place of what
 * its label holds. Drawn in the tiles like any other. */
typedef struct
{
  AssayId object;
  AssayPaint *paint; /* borrowed from the tool's state; whoever draws takes its dirty box */
} AssayLive;

typedef struct
{
  const char *id, *title, *key, *icon; /* key: one letter, "p"; NULL = the only tool of its kinds */
  const char *help;                    /* one line of what to press */
  const char *const *kinds;            /* (nullable) kinds of task it serves, ends with NULL; NULL = all */
  const AssayOption *options;          /* (nullable) ends with { NULL }; one name means one thing in all tools */
  gsize state_size;
  void (*begin) (gpointer state); /* optional; the state is zeroed before */
  void (*input) (gpointer state, const AssayScene *scene, const AssayInput *input,
                 AssayAnswer *answer);                                             /* mandatory */
  void (*marks) (gconstpointer state, const AssayScene *scene, AssayMarks *marks); /* optional: what is under way */
  gboolean (*live) (gpointer state, const AssayScene *scene, AssayLive *ret_live); /* optional: pixels under way */
  void (*end) (gpointer state); /* optional: frees what the state holds */
} AssayTool;

const AssayTool *assay_tool_find (const char *id);
const AssayTool *const *assay_tool_list (guint *ret_n);
/* The first tool for a kind: what a page opens with. */
const AssayTool *assay_tool_for_kind (const AssayKind *kind);
gboolean assay_tool_serves (const AssayTool *tool, const AssayKind *kind);

/* The options of all tools, each name once; ends with { NULL }. Values last from tool to tool and item to item. */
const AssayOption *assay_tool_options (void);

/* What tools share. Distances are screen pixels: `reach` of them is near. */
#define ASSAY_TOOL_REACH_PX 8.0
gboolean assay_input_is_key (const AssayInput *input, const char *key);
double assay_input_distance (const AssayInput *input, AssayPoint p);
/* SCROLL: the whole notches; `rest`, 0 to begin with, keeps what is less, so that a touchpad's small steps add up. */
int assay_input_take_notches (const AssayInput *input, double *rest);
guint32 assay_scene_colour (const AssayScene *scene, const AssayId *class_id);
/* "polygon cup": what undo shows. */
char *assay_scene_edit_name (const AssayScene *scene, const char *verb, const AssayId *class_id);
AssayObject *assay_scene_get_selected (const AssayScene *scene); /* (nullable) */
gboolean assay_scene_is_selected (const AssayScene *scene, const AssayId *object);
/* Of AssayObject, borrowed, in z-order. */
GPtrArray *assay_scene_list_selected (const AssayScene *scene);
/* "cup-3": the third of its class in the draft. */
char *assay_scene_dup_object_name (const AssayScene *scene, const AssayObject *object);
gboolean assay_scene_is_locked (const AssayScene *scene, const AssayId *object);
/* (nullable) "cup-3 is locked: L unlocks it": why an edit may not be. Another place in the z-order changes no object. */
char *assay_scene_dup_locked (const AssayScene *scene, const AssayEdit *edit);
gboolean assay_scene_is_hidden (const AssayScene *scene, const AssayId *object);

/* Sound: the samples of the media that the item is. */
void assay_item_get_samples (const AssayItem *item, gint64 *ret_from, gint64 *ret_to);

G_END_DECLS
