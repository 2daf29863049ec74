/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* capture/sound-helper.h - starts and ends the process assay-sound, which alone uses the sound drivers: they hang
 * and abort, and what they take down with them is then the helper. core/sound-link.h says what is spoken. Any
 * thread, one at a time. */
#include "core/sound-link.h"

G_BEGIN_DECLS

typedef struct
{
  GPid pid; /* 0 = none */
  int fd;
} AssaySoundHelper;

/* `words` as core/sound-link.h has them, ending with NULL; the socket's FD is 3 on the other side. */
gboolean assay_sound_helper_start (AssaySoundHelper *helper, const char *const *words, GError **error);
/* The one answer of a kind, as text; whatever else comes is an error: "DOING: why". */
char *assay_sound_helper_ask (AssaySoundHelper *helper, AssaySoundKind wanted, const char *doing, GError **error);
/* At once, whatever its driver does. Nothing when there is none. */
void assay_sound_helper_end (AssaySoundHelper *helper);

G_END_DECLS
