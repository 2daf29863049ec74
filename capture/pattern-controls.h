/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* capture/pattern-controls.h - settings of a camera made of arithmetic, one of each kind that a real one has, and what
 * they do to a colour. They are set on one thread and read on the device's own. */
#include <jansson.h>

#include <glib.h>
#include <stdatomic.h>

G_BEGIN_DECLS

#define ASSAY_PATTERN_CONTROLS 10

typedef struct
{
  _Atomic gint64 values[ASSAY_PATTERN_CONTROLS];
  atomic_uint changes; /* grows with each change: the picture is to be made anew */
} AssayPatternControls;

void assay_pattern_controls_reset (AssayPatternControls *controls);
/* As capture/source.h: list_controls, get_controls, apply_controls. New references. */
json_t *assay_pattern_controls_list (AssayPatternControls *controls);
json_t *assay_pattern_controls_get (AssayPatternControls *controls);
json_t *assay_pattern_controls_apply (AssayPatternControls *controls, const json_t *values);
/* The text of one value; NULL = there is none of that name. New reference. */
json_t *assay_pattern_controls_parse (const char *id, const char *text);

/* The device's thread: neither allocates nor locks. */
void assay_pattern_controls_colour (AssayPatternControls *controls, const guint8 rgb[3], guint8 ret_rgb[3]);
gboolean assay_pattern_controls_is_flipped (AssayPatternControls *controls);

G_END_DECLS
