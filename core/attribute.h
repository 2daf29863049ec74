/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/attribute.h - what a task asks about each object besides its class and its shape: the key "attributes" of
 * its rules.
 *
 *   "attributes": [{"name": "state", "type": "choice", "choices": ["full", "empty"], "classes": ["cup"]},
 *                  {"name": "words", "type": "text"}, {"name": "layers", "type": "number"}, {"name": "broken",
 * "type": "bool"}]
 *
 * Without "classes" it is asked of every class. Attributes that no task declares are kept as they came. "comment"
 * is a person's remark about the object, in any task. Any thread. */
#include "core/kind.h"

G_BEGIN_DECLS

#define ASSAY_ATTRIBUTE_COMMENT "comment"

typedef enum
{
  ASSAY_ATTRIBUTE_CHOICE,
  ASSAY_ATTRIBUTE_TEXT,
  ASSAY_ATTRIBUTE_NUMBER,
  ASSAY_ATTRIBUTE_BOOL
} AssayAttributeType;

typedef struct
{
  const char *name; /* borrowed from the task */
  AssayAttributeType type;
  const json_t *choices; /* CHOICE: strings; borrowed */
} AssayAttribute;

/* BAD_DATA with what is wrong in the rules (nullable) of a task: classes that it does not have with it. */
gboolean assay_attributes_check (const AssayTask *task, GError **error);
/* Of AssayAttribute: those that are asked of a class, in the task's order. */
GArray *assay_task_list_attributes (const AssayTask *task, const AssayId *class_id);
gboolean assay_attribute_allows (const AssayAttribute *attribute, const json_t *value);
/* BAD_DATA for the first value that its attribute does not allow. A value that nobody gave is none. */
gboolean assay_attributes_validate (const AssayObject *object, const AssayTask *task, GError **error);

G_END_DECLS
