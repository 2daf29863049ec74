/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/store-schema.h - the tables, as steps from one user_version to the next. Read by core/store-sqlite.c alone. */
#include <glib.h>

#define ASSAY_STORE_VERSION 3
#define ASSAY_STORE_APPLICATION_ID 0x41535359 /* "ASSY", seen by file(1) */

/* steps[v] leads from user_version v to v + 1. */
extern const char *const assay_store_steps[ASSAY_STORE_VERSION];
