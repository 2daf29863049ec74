/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/class-models.h - the meshes of a task's classes, read from the project's media. Any thread but the main
 * loop: a mesh may be large. */
#include "core/pose.h"
#include "core/project.h"
#include "core/task.h"

G_BEGIN_DECLS

/* Of AssayModel, one a class in the task's order; NULL where there is none, or none that can be read. */
GPtrArray *assay_class_models_load (const AssayProject *project, const AssayTask *task);

G_END_DECLS
