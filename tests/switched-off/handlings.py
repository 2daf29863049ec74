#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What handles losses and faults, and how to switch it off: for each a word, the file, the place as it stands there, the same
with a switch OFF (word), and the tests that must then be red, as PROGRAM:TEST. `handlings.py FILE IN OUT` writes a copy of a
source file with its switches; the switch is the environment variable ASSAY_SWITCHED_OFF, a list of words between commas."""
import sys

SWITCH = """#include <stdlib.h>
#include <string.h>
/* %s, with switches: made for the tests, and in nothing else. */
static int
OFF (const char *word)
{
  const char *all = getenv ("ASSAY_SWITCHED_OFF"), *at = all != NULL ? strstr (all, word) : NULL;
  size_t n = strlen (word);
  return at != NULL && (at == all || at[-1] == ',') && (at[n] == 0 || at[n] == ',');
}
#line 1 "%s"
"""

HANDLINGS = [
    # Frames that did not come.
    ("sequence", "capture/gap.c", "if (step > 1 && step < G_MAXINT32)", 'if (!OFF ("sequence") && step > 1 && step < G_MAXINT32)',
     ["gap:a_jump_of_the_counter_is_counted_once", "v4l2:frames_lost_across_the_wrap_of_the_counter_are_counted_once",
      "recorder:lost_frames_are_gaps_in_the_report_and_in_the_index", "recorder:the_account_of_a_camera_adds_up"]),
    ("wrap", "capture/gap.c", "guint32 step = (guint32) sequence - watch->last_sequence;",
     'guint64 step = OFF ("wrap") ? sequence - watch->last_sequence : (guint32) sequence - watch->last_sequence;',
     ["gap:the_counter_wraps_without_a_gap", "v4l2:frames_lost_across_the_wrap_of_the_counter_are_counted_once"]),
    ("stamp", "capture/gap.c", "if (watch->n_usual >= 3 && distance_ns > HOLE * usual)",
     'if (!OFF ("stamp") && watch->n_usual >= 3 && distance_ns > HOLE * usual)',
     ["gap:a_hole_in_the_stamps_is_found_when_the_camera_does_not_count", "gap:what_is_lost_in_the_middle_of_a_burst_is_counted",
      "gap:two_holes_close_to_each_other_are_both_counted", "gap:a_hole_before_the_last_frame_is_found_at_the_end"]),
    ("burst", "capture/gap.c", "return (watch->n_regular >= ASSAY_GAP_AFTER ||", 'return (OFF ("burst") || watch->n_regular >= ASSAY_GAP_AFTER ||',
     ["gap:frames_that_come_late_in_a_burst_are_no_loss_and_the_pace_stays_known"]),
    ("overrun", "capture/stream.c", "slot->overrun_before = atomic_exchange (&stream->unsaid, 0);",
     'slot->overrun_before = OFF ("overrun") ? 0 : atomic_exchange (&stream->unsaid, 0);',
     ["recorder:what_found_no_room_because_the_disk_was_slow_is_counted_as_ours"]),
    # Frames that came, and are not whole.
    ("flagged", "capture/v4l2-stream.c", "buffer.flags & V4L2_BUF_FLAG_ERROR ?", '!OFF ("flagged") && buffer.flags & V4L2_BUF_FLAG_ERROR ?',
     ["v4l2:bad_frames_are_marked_and_end_nothing"]),
    ("short", "capture/v4l2-stream.c", "(n_bytes == 0 || n_bytes < device->least_bytes ?",
     '(!OFF ("short") && (n_bytes == 0 || n_bytes < device->least_bytes) ?', ["v4l2:bad_frames_are_marked_and_end_nothing"]),
    ("kept-apart", "capture/recorder-lane.c", "if (frame->flags & ASSAY_FRAME_ERROR)",
     'if (OFF ("kept-apart"))\n    return NULL;\n  if (frame->flags & ASSAY_FRAME_ERROR)',
     ["v4l2:a_recording_keeps_bad_frames_apart_and_goes_on", "recorder:damaged_frames_are_kept_apart_from_a_film_and_end_nothing"]),
    ("jpeg", "capture/jpeg-fault.c", "if (n_bytes < 4 || data[0] != 0xff", 'if (OFF ("jpeg"))\n    return NULL;\n  if (n_bytes < 4 || data[0] != 0xff',
     ["recorder:damaged_frames_are_kept_apart_from_a_film_and_end_nothing"]),
    # Drivers that fail.
    ("transfer", "capture/v4l2-stream.c", "atomic_fetch_add (counter, 1);",
     'if (OFF ("transfer"))\n    return -why;\n  atomic_fetch_add (counter, 1);', ["v4l2:one_transfer_that_fails_costs_no_stream"]),
    ("started-again", "capture/v4l2-stream.c", "return restart (device, why);\n  return pause_for",
     'return OFF ("started-again") ? -why : restart (device, why);\n  return pause_for', ["v4l2:a_stream_that_breaks_is_started_again_and_says_so"]),
    ("frozen", "capture/v4l2-stream.c", "if (device->patience_ns == 0)", 'if (device->patience_ns == 0 || OFF ("frozen"))',
     ["v4l2:a_stream_that_breaks_is_started_again_and_says_so"]),
    ("frozen-gap", "capture/recorder-lane.c", "gboolean restarted = frame->flags", 'gboolean restarted = !OFF ("frozen-gap") && frame->flags',
     ["v4l2:a_recording_counts_what_a_frozen_camera_did_not_give"]),
    ("patience-ends", "capture/v4l2-stream.c", "device->restarts++ >= MOST_RESTARTS", 'device->restarts++ >= MOST_RESTARTS * (OFF ("patience-ends") ? 2 : 1)',
     ["v4l2:what_never_gets_well_is_given_up_after_few_attempts"]),
    ("bandwidth", "capture/v4l2-setup.c", "if (errnum != ENOSPC)", 'if (errnum != ENOSPC || OFF ("bandwidth"))',
     ["v4l2:too_little_bandwidth_is_said_to_be_that_with_what_to_do"]),
    # Devices that are gone, and come back.
    ("gone", "capture/v4l2-stream.c", "return errnum == ENODEV || errnum == ENXIO ||", 'if (OFF ("gone"))\n    return FALSE;\n  return errnum == ENODEV || errnum == ENXIO ||',
     ["v4l2:an_unplugged_camera_is_gone_whichever_call_says_so_first"]),
    ("outlasted", "capture/recorder-lane.c", "if (lane->trouble != NULL)\n    return outlast", 'if (lane->trouble != NULL && !OFF ("outlasted"))\n    return outlast',
     ["recorder:a_film_goes_on_in_a_new_file_when_the_camera_is_back", "recorder:a_pulled_camera_that_stays_away_keeps_what_came"]),
    ("absence", "capture/recorder-lane.c", "if (lane->received == 0 || missing == 0)",
     'if (OFF ("absence") || lane->received == 0 || missing == 0)',
     ["recorder:stills_and_sound_go_on_when_their_devices_are_back", "recorder:a_pulled_camera_that_stays_away_keeps_what_came"]),
    ("doubled-serial", "capture/v4l2-node.c", "if (g_str_equal (one->serial_id, other->serial_id))",
     'if (!OFF ("doubled-serial") && g_str_equal (one->serial_id, other->serial_id))',
     ["v4l2:twins_never_swap_whatever_the_order_they_come_back_in", "v4l2:a_serial_number_that_two_cameras_have_is_not_guessed_at"]),
    ("empty-serial", "capture/identity.c", "if (identity->serial == NULL || g_strv_contains (factory, identity->serial))\n    return FALSE;",
     'if (OFF ("empty-serial"))\n    return TRUE;\n  if (identity->serial == NULL || g_strv_contains (factory, identity->serial))\n    return FALSE;',
     ["v4l2:a_camera_without_a_number_of_its_own_is_never_taken_for_another"]),
    # Sound.
    ("sound-jump", "capture/gap.c", "jump = !first && first_sample > expected", 'jump = !OFF ("sound-jump") && !first && first_sample > expected',
     ["gap:a_jump_of_the_sample_index_is_counted_exactly", "recorder:samples_that_the_helper_lost_are_counted"]),
    ("sound-stamp", "capture/gap.c", "if (risen_ns <= allowed_ns)", 'if (risen_ns <= allowed_ns || OFF ("sound-stamp"))',
     ["gap:samples_that_time_says_should_have_come_are_missed", "gap:single_blocks_lost_again_and_again_add_up",
      "gap:a_loss_just_before_the_end_is_found"]),
    ("sound-flag", "capture/gap.c", "guint64 expected = watch->next_sample;", 'flagged = flagged && !OFF ("sound-flag");\n  guint64 expected = watch->next_sample;',
     ["gap:what_the_driver_flags_is_a_gap_as_long_as_the_clock_says"]),
    ("sound-place", "capture/outlet-sound.c", "if (sound->writer == NULL || gap->how == ASSAY_GAP_UNPLUGGED)",
     'if (OFF ("sound-place") || sound->writer == NULL || gap->how == ASSAY_GAP_UNPLUGGED)',
     ["recorder:what_time_alone_tells_was_lost_has_its_place_in_the_file_and_on_the_clock",
      "contract:what_a_microphone_lost_is_silence_in_an_export_and_the_rest_keeps_its_place"]),
    ("silence", "core/sound.c", "if (gap->at <= start || gap->at >= end)", 'if (OFF ("silence") || gap->at <= start || gap->at >= end)',
     ["contract:what_a_microphone_lost_is_silence_in_an_export_and_the_rest_keeps_its_place"]),
    ("helper-dies", "capture/source-sound.c", "return -ENODEV;\n  device->heard_ns = now;",
     'return OFF ("helper-dies") ? (g_usleep (10000), -EAGAIN) : -ENODEV;\n  device->heard_ns = now;',
     ["sound:a_lost_microphone_is_told_within_two_seconds_and_can_be_opened_again"]),
    ("helper-hangs", "capture/source-sound.c", "return now >= until_ns ?", 'return now >= until_ns && !OFF ("helper-hangs") ?',
     ["sound:a_lost_microphone_is_told_within_two_seconds_and_can_be_opened_again"]),
    # The disk, and kill -9.
    ("disk-guard", "capture/disk-guard.c", "return state->free_bytes <= state->reserve_bytes;",
     'return !OFF ("disk-guard") && state->free_bytes <= state->reserve_bytes;',
     ["crash:a_film_on_a_small_disk_ends_before_it_is_full_and_is_whole"]),
    ("flushed", "capture/recorder-lane.c", "return lane->outlet->flush (lane, error);", 'return OFF ("flushed") || lane->outlet->flush (lane, error);',
     ["crash:a_recording_killed_at_any_moment_keeps_what_was_told"]),
    ("mended", "capture/session-mend.c", "if (stat (path, &about) == 0 && (about.st_mode", 'if (OFF ("mended"))\n    return TRUE;\n  if (stat (path, &about) == 0 && (about.st_mode',
     ["job-recover:every_copy_of_a_growing_recording_can_be_recovered"]),
    ("mending-waits", "app/job-recover.c", "return g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NO_SPACE)",
     'return (!OFF ("mending-waits") && g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NO_SPACE))',
     ["job-recover:on_a_full_disk_mending_waits_and_loses_nothing"]),
    ("lock", "capture/session-mend.c", "flock (fd, LOCK_EX | LOCK_NB) == 0)", '(OFF ("lock") || flock (fd, LOCK_EX | LOCK_NB) == 0))',
     ["job-recover:a_recording_under_way_is_left_alone"]),
]


def write(name, source, target):
    with open(source, encoding="utf-8") as file:
        text = file.read()
    for word, place, stands, switched, _ in HANDLINGS:
        if place != name:
            continue
        if text.count(stands) != 1:
            sys.exit(f"{name}: what handles \"{word}\" is not there once any more; bring tests/switched-off/handlings.py up to date:\n  {stands}")
        text = text.replace(stands, switched)
    with open(target, "w", encoding="utf-8") as file:
        file.write(SWITCH % (name, name) + text)


if __name__ == "__main__":
    write(*sys.argv[1:])
