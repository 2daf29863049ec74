/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* annotate/edits.h - changes that lists, entries and keys make to objects, beside the tools. Each returns a new edit,
 * or NULL when there is nothing to change. Main thread. */
#include "annotate/tool.h"

G_BEGIN_DECLS

/* `objects`: of AssayObject, of the draft (assay_scene_list_selected). */
AssayEdit *assay_edit_new_removal (const AssayScene *scene, const GPtrArray *objects);
AssayEdit *assay_edit_new_class (const AssayScene *scene, const GPtrArray *objects, const AssayId *class_id);
/* One attribute of an object, by a copy of `value`; NULL takes it away. "comment" is a remark. */
AssayEdit *assay_edit_new_attribute (const AssayScene *scene, const AssayId *object, const char *name,
                                     const json_t *value);
/* The words of a transcript's segment; kept in NFC. */
AssayEdit *assay_edit_new_text (const AssayScene *scene, const AssayId *object, const char *text);

G_END_DECLS
