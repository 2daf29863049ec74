# SPDX-License-Identifier: GPL-3.0-or-later
"""An emulated webcam inside the lab's guest: plugged, pulled out and broken at will, and what each frame of it must be."""
import glob
import os
import re
import subprocess
import sys

from lab import OUT, is_busy, wait_for

USBCAM = os.environ["LAB_PARTS"] + "/usbcam/usbcam"


# --- the device -----------------------------------------------------------------------------------------------------

class Webcam:
    """One emulated webcam; its diary stays in the results."""

    def __init__(self, name, port, *words):
        self.fifo, self.diary, self.port = f"/run/{name}.fifo", f"{OUT}/{name}.log", port
        os.mkfifo(self.fifo)
        with open(self.diary, "w", encoding="utf-8") as log:
            self.process = subprocess.Popen([USBCAM, "--pictures", f"{OUT}/pictures", "--commands", self.fifo, "--port", str(port),
                                             "--unplugged", *words], stderr=log)

    def say(self, *lines):
        with open(self.fifo, "w", encoding="utf-8") as fifo:
            fifo.write("".join(line + "\n" for line in lines))

    def told(self, words):
        """Times, in seconds, and groups of the diary's lines that match."""
        return [(float(found[1]), *found.groups()[1:]) for found in
                re.finditer(r"^([\d.]+) " + words + "$", open(self.diary, encoding="utf-8").read(), re.M)]

    def node(self):
        """Of its pictures, not the one of its metadata; None: it is not there."""
        for path in glob.glob(f"/sys/bus/usb/devices/1-{self.port + 1}:1.0/video4linux/video*"):
            node = "/dev/" + os.path.basename(path)
            try:
                if open(path + "/index", encoding="utf-8").read().strip() == "0" and os.path.exists(node):
                    return node
            except OSError:  # it is going away
                pass
        return None

    def plug(self, *first):
        self.say(*first, "plug")
        wait_for("the camera appears", self.node)
        settle()
        return self

    def unplug(self):
        """When it was pulled out."""
        n = len(self.told("unplugged"))
        self.say("unplug")
        at = wait_for("the cable is pulled", lambda: self.told("unplugged")[n:])[0][0]
        wait_for("the camera disappears", lambda: not self.node())
        return at

    def quit(self):
        self.say("quit")
        self.process.wait()
        os.unlink(self.fifo)
        wait_for("the camera disappears", lambda: not self.node())


def settle():
    subprocess.run(["udevadm", "settle", "-t", "10"], check=False)


# --- what it sends --------------------------------------------------------------------------------------------------

def load_pictures(size):
    return [open(path, "rb").read() for path in sorted(glob.glob(f"{OUT}/pictures/{size}/*.jpg"))]


PICTURES = {size: load_pictures(size) for size in ("640x360", "1280x720")}


def jpeg(size, counter):
    picture = PICTURES[size][counter % len(PICTURES[size])]
    return picture[:2] + b"\xff\xfe\x00\x12frame %010d" % counter + picture[2:]


def counter_of(body):
    """The number that an MJPEG frame carries; None: it carries none."""
    found = re.match(rb"\xff\xd8\xff\xfe\x00\x12frame (\d{10})", body[:32])
    return int(found[1]) if found else None


def check_frames(frames, size, fps, holes=0):
    """Each frame is the one that the camera sent, none twice, none missing but as many as the holes; its numbers and
    stamps tell the same."""
    counters = [counter_of(body) for _, body in frames]
    for (_, body), counter in zip(frames, counters):
        assert counter is not None and body == jpeg(size, counter), f"frame {counter} is not what the camera sent"
    check_numbers([told for told, _ in frames], counters, fps, holes)
    return counters


def check_numbers(told, counters, fps, holes=0):
    steps = [b - a for a, b in zip(counters, counters[1:])]
    assert all(step >= 1 for step in steps) and sum(step - 1 for step in steps) == holes, steps
    counted = [b["sequence"] - a["sequence"] for a, b in zip(told, told[1:])]
    # A camera that is not listened to in time makes frames that nobody counts.
    assert all(1 <= n <= step for n, step in zip(counted, steps)) and (holes or counted == steps), (counted, steps)
    gaps_ns = [b["stamp_ns"] - a["stamp_ns"] for a, b in zip(told, told[1:])]
    assert all(ns > 0 for ns in gaps_ns), gaps_ns
    span_s, told_s = sum(gaps_ns) / 1e9, sum(steps) / fps  # a frame may come late on a busy machine
    assert abs(span_s - told_s) < max(told_s / 50, 1.5 / fps) or is_busy(), f"{sum(steps)} frames in {span_s} s are not {fps} a second"
    assert all(frame["raw_flags"] & 0xe000 == 0x2000 for frame in told), "stamps are not of the monotonic clock"


def split(frames):
    """A device that comes back counts anew."""
    runs = [[]]
    for frame in frames:
        if runs[-1] and frame[0]["sequence"] <= runs[-1][-1][0]["sequence"]:
            runs.append([])
        runs[-1].append(frame)
    return runs


def check_account(sensor, frames, size, fps):
    """What is told to be lost is what the pictures say is missing. An emulated processor may be too slow to lose nothing; what
    may not be is a loss that nobody counted."""
    runs = [[counter_of(body) for _, body in run] for run in split(frames)]
    missing = sum(run[-1] - run[0] + 1 - len(run) for run in runs)
    for run, counters in zip(split(frames), runs):
        check_frames(run, size, fps, counters[-1] - counters[0] + 1 - len(counters))
    away = sum(gap["missing"] for gap in sensor["gaps"] if gap["how"] == "unplugged")
    assert sensor["frames"] == sensor["written"] == len(frames) and sensor["corrupt"] == 0, sensor
    assert sensor["expected"] == sensor["received"] + sensor["lost"], sensor
    if missing or sensor["lost"] > away:
        print(f"# {missing} frames are missing, {sensor['lost'] - away} are told: {sensor['gaps']}", file=sys.stderr)
        # What a camera made while nobody listened is known by time alone, and so not to the frame.
        assert sensor["lost"] - away >= 0.95 * missing - 2, f"{missing} frames are missing, {sensor['lost'] - away} are told"


def words(identity, size="640x360", fps=30, fourcc="MJPG"):
    return f"{identity},size={size},fps={fps},format={fourcc}"
