#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Microphones through the built programs: PortAudio and ALSA as they are (ALSA's file plugin stands in for a device), and a
helper that misbehaves. Prints TAP."""
import array
import glob
import json
import os
import signal
import struct
import subprocess
import sys
import tempfile
import time
import traceback

ASSAY = os.environ["ASSAY_BIN"]
FAKE = os.environ["ASSAY_FAKE_SOUND"]
LONG = os.environ.get("ASSAY_TEST_LONG") == "1"
RATE = 48000


def assay(project, *words, environment=None, status=0):
    env = dict(os.environ, XDG_STATE_HOME=os.path.join(os.path.dirname(project), "state"), **(environment or {}))
    done = subprocess.run([ASSAY, "-C", project, "--json", *words], capture_output=True, text=True, timeout=60, env=env)
    assert done.returncode == status, f"{words}: status {done.returncode}, not {status}: {done.stderr}"
    return json.loads(done.stdout) if done.stdout else None


def init(directory):
    project = os.path.join(directory, "project")
    subprocess.run([ASSAY, "init", project], check=True, stdout=subprocess.DEVNULL)
    return project


def read_wav(path):
    """What a plain reader sees: {chunk: body}; "data" as the header claims, "there" as the file holds."""
    data, at, chunks = open(path, "rb").read(), 12, {}
    while at + 8 <= len(data):
        name, n = data[at:at + 4].decode(), struct.unpack("<I", data[at + 4:at + 8])[0]
        chunks[name] = data[at + 8:at + 8 + n]
        if name == "data":
            chunks["there"] = data[at + 8:]
            break
        at += 8 + n + n % 2
    return chunks


def value_at(sample, channel):
    """A 16-bit number that tells where it belongs."""
    return (sample * 40503 + channel * 10007) % 65536 - 32768


def make_device(directory, with_defaults):
    """Recipe: a PCM of ALSA's own that plays four channels of known floats to whoever records from it."""
    samples = array.array("f", [value_at(i, c) / 32768 for i in range(5 * RATE) for c in range(4)])
    with open(f"{directory}/four.raw", "wb") as raw:
        raw.write(samples.tobytes())
    with open(f"{directory}/asoundrc", "w", encoding="utf-8") as conf:
        if with_defaults:
            conf.write("</usr/share/alsa/alsa.conf>\n")
        conf.write(f'pcm.fakefile {{ type file slave.pcm {{ type null }} file /dev/null infile "{directory}/four.raw" format raw }}\n')
    return {"ALSA_CONFIG_PATH": f"{directory}/asoundrc"}


def four_channels_come_through_portaudio_sample_for_sample(directory):
    project, environment = init(directory), make_device(directory, True)
    found = assay(project, "devices", environment=environment)["microphones"]
    assert [device["id"] for device in found] == ["sound:ALSA-fakefile"], found
    assert found[0]["native"] is False and len(found[0]["rates"]) == 1, "what resamples lists rates that are not its own"
    report = assay(project, "capture", "--microphone", f"sound:ALSA-fakefile,channels=4,rate={RATE}", "--duration", "1",
                   environment=environment)
    sensor = report["sensors"][0]
    assert (sensor["samples"], sensor["dropped"], sensor["channels"]) == (RATE, 0, 4), sensor
    wav = read_wav(glob.glob(f"{project}/media/*/*.wav")[0])
    assert len(wav["data"]) == RATE * 4 * 3 and wav["data"] == wav["there"], len(wav["data"])
    want = b"".join((value_at(i, c) << 8).to_bytes(3, "little", signed=True) for i in range(RATE) for c in range(4))
    assert wav["data"] == want, "other samples than the device gave"
    assert wav["bext"].startswith(b"sound:ALSA-fakefile"), wav["bext"][:40]


def a_microphone_that_goes_dead_is_told_and_stays_told(directory):
    project = init(directory)
    report = assay(project, "capture", "--microphone", "sound:mutes", "--duration", "3.5", environment={"ASSAY_SOUND": FAKE})
    level = report["sensors"][0]["levels"][0]
    assert abs(level["peak_dbfs"] + 6.02) < 0.05 and level["clipped"]["runs"] == 0, level
    assert abs(level["silence"]["longest"] / 16000 - 3) < 0.05, level
    assert len(level["wrong"]) == 1 and "muted" in level["wrong"][0], level
    rows = [json.loads(line) for line in open(f"{project}/sessions/{report['session']}/index.jsonl", encoding="utf-8")]
    assert [row["facts"]["levels"] for row in rows if "item" in row] == [level]


def one_device_that_hangs_when_it_is_asked_hides_no_other(directory):
    found = assay(init(directory), "devices", environment={"ASSAY_SOUND": FAKE, "FAKE_SOUND_LIST": "deaf for rates"})
    assert [device["id"] for device in found["microphones"]] == ["sound:tone"] and found["wrong"] == [], found


def a_sound_library_that_aborts_is_told_in_one_line_and_the_rest_goes_on(directory):
    project, environment = init(directory), make_device(directory, False)
    devices = assay(project, "devices", environment=environment)
    assert devices["microphones"] == [] and len(devices["wrong"]) == 1, devices
    assert "sound helper died" in devices["wrong"][0], devices
    report = assay(project, "capture", "--camera", "pattern:bars,size=64x48", "--frames", "2", environment=environment)
    assert report["sensors"][0]["frames"] == 2


def copies_of_a_growing_recording_are_never_more_than_a_second_short(directory):
    """As it is on disk at any moment, before anything is mended; then the recorder is killed."""
    project, env = init(directory), dict(os.environ, ASSAY_SOUND=FAKE)
    recorder = subprocess.Popen([ASSAY, "-C", project, "capture", "--microphone", "sound:tone"], env=env,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    seen, began = 0, time.monotonic()
    try:
        for _ in range(120 if LONG else 12):
            time.sleep(0.5)
            for path in glob.glob(f"{project}/sessions/*/microphone-*.wav"):
                wav = read_wav(path)
                told, there = len(wav.get("data", b"")) // 3, len(wav.get("there", b"")) // 3
                assert told >= there - 16000 * 1.3, f"the header tells of {told} samples, and there are {there}"
                heard = (time.monotonic() - began - 2.5) * 16000
                assert there >= heard, f"{there} samples are on disk, and {heard:.0f} were heard"
                seen += told > 0
    finally:
        recorder.send_signal(signal.SIGKILL)
        recorder.wait()
    assert seen >= (110 if LONG else 6), seen


CHECKS = [
    four_channels_come_through_portaudio_sample_for_sample,
    a_microphone_that_goes_dead_is_told_and_stays_told,
    one_device_that_hangs_when_it_is_asked_hides_no_other,
    a_sound_library_that_aborts_is_told_in_one_line_and_the_rest_goes_on,
    copies_of_a_growing_recording_are_never_more_than_a_second_short,
]


def main():
    print(f"1..{len(CHECKS)}")
    failed = 0
    for number, check in enumerate(CHECKS, 1):
        with tempfile.TemporaryDirectory(prefix="assay-microphones-") as directory:
            try:
                check(directory)
                print(f"ok {number} - {check.__name__}", flush=True)
            except Exception:  # a failed check must not hide the ones after it
                failed += 1
                traceback.print_exc(file=sys.stderr)
                print(f"not ok {number} - {check.__name__}", flush=True)
    sys.exit(1 if failed else 0)


main()
