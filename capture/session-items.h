/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* capture/session-items.h - items from the lines of a session's index: the recorder and whoever mends or rebuilds
 * what a recorder left make the same ones, with the same identities. Any thread.
 *
 * A line that makes an item has `stream`, `position`, `facts`, perhaps `moment`, and says what it is of:
 *   {"frame":{…}}                          a still of its own
 *   {"frame":{…}, "film":{file, pts_ns}}   one frame of a film, by its time stamp; `file` is the segment in which
 * it lay
 *   {"segment":{first_ns, …}}              a whole recording of sound
 * The document doc/DATASET.md says it all. */
#include "core/item.h"
#include "core/media.h"

G_BEGIN_DECLS

/* The sequence that holds all of a session: its name, and the end of its id, since two sessions may have one name.
 */
char *assay_session_dup_sequence (const json_t *session, const AssayId *id);
/* `session`: what session.json says; `id`: of the session. `media`: the file in media/ that the line tells of.
 * Makes the item, and completes the line with it (media, type, item, name, captured_ns; of a film: range, start,
 * end). BAD_DATA when the line or the session lack what an item needs. */
AssayItem *assay_session_make_item (const json_t *session, const AssayId *id, json_t *line,
                                    const AssayMediaFacts *media, GError **error);
/* What every item of it says: how it was `capture`d (taken), the conditions, and who is in it with which consent.
 * New reference, all of it copied: JSON is not shared between threads. */
json_t *assay_session_make_facts (const json_t *session, json_t *take_capture);
/* Adds it, and says of a still what its facts say of it: {"look":{…, "usual_sharpness"}} was blurred beside the
 * ones before,
 * {"look":{…, "repeats"}} shows again what that one showed. The store's thread. */
gboolean assay_session_add_item (AssayStore *store, AssayItem *item, gboolean *ret_added, GError **error);
/* The id of a moment: the `number`th of the session. */
AssayId assay_session_moment (const AssayId *id, gint64 number);

G_END_DECLS
