/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* capture/preset.h - a camera's settings as a document, and back into the camera.
 *
 * {"kind":"preset", "version":1, "controls":[{id, number, name, type, min, max, step, value, item}]}: everything
 * that can be set and read, never buttons. Numbers of controls and of menu items drift between kernels: a control
 * is found again by id or number and its type, a menu item by its words (`item`). Restored in two passes, automatic
 * modes first, for they decide what else may be set; read back. The thread of the controls' functions
 * (capture/source.h). */
#include "capture/source.h"

G_BEGIN_DECLS

json_t *assay_preset_take (const json_t *controls); /* as list_controls gives them */
/* FALSE with BAD_DATA for what is no preset. */
gboolean assay_preset_check (const json_t *preset, GError **error);
/* [{id, wanted, got, done, why}], one for each control of the preset; `done` also where an automatic mode that the
 * preset itself switches on has the control. FALSE: the device has no controls, or `preset` is none. */
gboolean assay_preset_restore (const AssaySource *source, AssayDevice *device, const json_t *preset,
                               json_t **ret_answer, GError **error);
/* Exposure, gain, white balance and focus stay as they are at this moment: their values are read, the automatic
 * modes switched off, the values written and read back. The same answer; empty when the camera has none of them. */
gboolean assay_preset_lock (const AssaySource *source, AssayDevice *device, json_t **ret_answer, GError **error);

G_END_DECLS
