/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/class-model.h - the 3D model of a class of a pose task. */
#include "core/pose.h"
#include "core/project.h"
#include "core/task.h"

G_BEGIN_DECLS

/* NULL = it has none, or none that can be read: as good as none. */
AssayModel *assay_class_load_model (const AssayProject *project, const AssayClass *class);

G_END_DECLS
