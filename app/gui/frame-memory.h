/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/frame-memory.h - what frames are made in, kept from one to the next. Without a graphics card a frame goes
 * to the X server through shared memory, which cairo gives back after each and asks for again: its pages, new every
 * time, cost half of what a whole window costs. Main thread. */
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Of a realized window; nothing where there is a graphics card, or no X. Once is enough, more do nothing. */
void assay_frame_memory_keep (GtkNative *native);

G_END_DECLS
