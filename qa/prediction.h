/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/prediction.h - how sure a model said it was of an object: attributes of the object, where importers keep what came with it.
 *
 * "confidence" (or "score", as COCO's results call it) from 0 to 1, and "probabilities", {"cup": 0.9, "bowl": 0.1} by the names of classes or
 * [0.9, 0.1] in their order; either beside our own attributes or among those that a COCO file had. Any thread. */
#include "core/kind.h"

G_BEGIN_DECLS

/* 1 when it said nothing: then it was sure enough to say the object. */
double assay_prediction_confidence (const AssayObject *object);
/* `ret_probabilities`: one a class of the task, their sum 1. Without any given the object's class has the confidence, and the others share
 * the rest. FALSE when its class is none of the task's, or there are fewer than two. */
gboolean assay_prediction_probabilities (const AssayObject *object, const AssayTask *task, double *ret_probabilities);

G_END_DECLS
