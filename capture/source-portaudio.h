/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* capture/source-portaudio.h - microphones by PortAudio. In the helper process app/sound alone. */
#include "capture/source.h"

G_BEGIN_DECLS

extern const AssaySource assay_source_portaudio;
/* Appends AssayDeviceInfo. Without `ask_rates` no device is opened for it, and so none can hold it up: rates are null. */
gboolean assay_portaudio_list (GPtrArray *infos, gboolean ask_rates, GError **error);

G_END_DECLS
