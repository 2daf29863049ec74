# SPDX-License-Identifier: GPL-3.0-or-later
"""What the checks inside the lab's guest share: the built `assay`, what it has recorded, and a runner that prints TAP.

Files are read by readers of their own, so that the program is not its own witness."""
import glob
import json
import os
import struct
import subprocess
import sys
import time
import traceback

ASSAY = os.environ["ASSAY_BIN"]
PROJECT = "/run/project"
OUT = os.environ["OUT"]  # what is put there outlives the guest
LONG = bool(os.environ.get("ASSAY_TEST_LONG"))


def assay(*words, status=0, timeout=120):
    """The answer as JSON, and what was said on standard error. `status`: the one that is right, or several."""
    done = subprocess.run([ASSAY, "-C", PROJECT, "--json", *words], capture_output=True, text=True, timeout=timeout)
    if done.stderr:
        print(done.stderr, file=sys.stderr, end="")
    right = status if isinstance(status, tuple) else (status,)
    assert done.returncode in right, f"assay {' '.join(words)}: status {done.returncode}, not {status}: {done.stderr}"
    return json.loads(done.stdout) if done.stdout else None, done.stderr


def wait_for(what, test, seconds=20):
    """Until `test` gives something true; that is returned."""
    until = time.monotonic() + seconds
    while True:
        value = test()
        if value:
            return value
        assert time.monotonic() < until, f"{what}: not within {seconds} s"
        time.sleep(0.05)


# --- whether this machine has time ---

WATCH = """import select, sys, time
worst = 0
while True:
    began = time.monotonic()
    if select.select([sys.stdin], [], [], 0.02)[0]:
        if not sys.stdin.readline():
            break
        print(worst, flush=True)
        worst = 0
    else:
        worst = max(worst, time.monotonic() - began - 0.02)
"""
STALL_S = 0.03  # a frame at 30 a second is there for less


class Stalls:
    """A process that does nothing but wake up, and sees when it can not: an emulated machine on a busy one stands still for
    a while, its devices with it, and no program can help it then."""

    def __init__(self):
        self.process = subprocess.Popen([sys.executable, "-c", WATCH], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.worst = 0

    def ask(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        self.worst = max(self.worst, float(self.process.stdout.readline()))
        return self.worst

    def begin(self):
        self.ask()
        self.worst = 0


STALLS = Stalls()


def is_busy():
    """Whether the machine stood still since the check began."""
    worst = STALLS.ask()
    print(f"# the machine stood still for up to {worst:.3f} s", file=sys.stderr)
    return worst > STALL_S


# --- a recording under way ------------------------------------------------------------------------------------------

def index_lines(session, *words):
    """The lines of its index, so far, that hold one of the words."""
    path = f"{session}/index.jsonl"
    if not os.path.exists(path):
        return []
    whole = open(path, encoding="utf-8").read().split("\n")[:-1]
    return [line for line in whole if any(word in line for word in words)]


class Recording:
    """`assay capture` in the background; it is under way when its index tells of `lines` frames or segments."""

    def __init__(self, *words, lines=2, seconds=40):
        before = set(glob.glob(f"{PROJECT}/sessions/*"))
        self.process = subprocess.Popen([ASSAY, "-C", PROJECT, "--json", "capture", *words], stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)

        def under_way():
            assert self.process.poll() is None, f"the recording has ended: {self.process.communicate()}"
            for self.session in set(glob.glob(f"{PROJECT}/sessions/*")) - before:
                if len(self.lines('"media"', '"film"', '"anchor"')) >= lines:
                    return True
            return False

        wait_for("the recording gets under way", under_way, seconds)

    def lines(self, *words):
        return index_lines(self.session, *words)

    def stop(self):
        self.process.send_signal(2)

    def end(self, status=0, seconds=60):
        """Waits for its end; the report, and what it said."""
        out, told = self.process.communicate(timeout=seconds)
        if told:
            print(told, file=sys.stderr, end="")
        assert self.process.returncode == status, f"status {self.process.returncode}, not {status}: {told}"
        return json.loads(out), told


# --- what was recorded ----------------------------------------------------------------------------------------------

def index_of(report):
    with open(f"{PROJECT}/sessions/{report['session']}/index.jsonl", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def media_path(row):
    return f"{PROJECT}/media/{row['media'][:2]}/{row['media']}.{row['type']}"


def read_matroska(path):
    """The frames of the only track, in order: (milliseconds, bytes)."""
    data, frames, cluster_ms = open(path, "rb").read(), [], 0

    def number(at, keep_mark):
        n = 9 - data[at].bit_length()
        value = int.from_bytes(data[at:at + n], "big")
        return value if keep_mark else value & (1 << 7 * n) - 1, at + n, n

    at = 0
    while at < len(data):
        kind, body, _ = number(at, True)
        size, body, n = number(body, False)
        if kind in (0x18538067, 0x1f43b675, 0xa0):  # Segment, Cluster, BlockGroup: what is in them follows
            at = body
            continue
        if kind == 0xe7:
            cluster_ms = int.from_bytes(data[body:body + size], "big")
        if kind in (0xa3, 0xa1):  # SimpleBlock, Block: track, 16 bits of time, flags, one frame
            assert data[body] == 0x81 and data[body + 3] & 0x06 == 0, "a block of track 1, without lacing"
            frames.append((cluster_ms + struct.unpack(">h", data[body + 1:body + 3])[0], data[body + 4:body + size]))
        at = body + size
    return frames


def read_raw_film(path):
    """The frames of a raw film, in order: (sequence, stamp in ns, bytes). doc/DATASET.md says what is in it."""
    data, frames = open(path, "rb").read(), []
    assert data[:8] == b"\x89ASSAY\r\n"
    at = struct.unpack("<I", data[12:16])[0]
    while at < len(data):
        assert data[at:at + 8] == b"\x89FRAME\r\n", at
        sequence, stamp_ns, _, n = struct.unpack("<QqqQ", data[at + 8:at + 40])
        frames.append((sequence, stamp_ns, data[at + 64:at + 64 + n]))
        at += (64 + n + 63) // 64 * 64
    return frames


def frames_of(report, stream=0):
    """All kept frames of a camera in the order of the index, stills and films alike: (what the device said, bytes)."""
    rows = [row for row in index_of(report) if row.get("stream") == stream]
    stills = [(row["frame"], open(media_path(row), "rb").read()) for row in rows if "frame" in row and "media" in row
              and "film" not in row]
    told = {}
    for row in rows:
        if "film" in row and "frame" in row:
            told.setdefault(row["film"]["file"], {})[row["film"]["pts_ns"]] = row["frame"]
    for row in rows:
        segment = row.get("segment")
        if not segment:
            continue
        lines = told[segment["file"]]
        if segment["type"] == "mkv":
            found = {ms * 1000000: body for ms, body in read_matroska(media_path(segment))}
        else:
            numbers = {(frame["sequence"], frame["stamp_ns"]): pts for pts, frame in lines.items()}
            found = {numbers[key[:2]]: key[2] for key in read_raw_film(media_path(segment))}
        assert sorted(found) == sorted(lines) and len(found) == segment["frames"], \
            f"{segment['file']}: {len(found)} frames, {len(lines)} lines of the index, {segment['frames']} told"
        stills.extend((lines[pts], found[pts]) for pts in sorted(lines))
    return stills


def sound_of(report, stream):
    """The WAV files of a microphone in order: (rate, channels, bytes a sample, bytes)."""
    found = []
    for row in index_of(report):
        sound = row.get("segment", row)
        if row.get("stream") == stream and sound.get("type") in ("wav", "rf64"):
            data = open(media_path(sound), "rb").read()
            at, form, body = 12, None, b""
            while at + 8 <= len(data):
                kind, n = data[at:at + 4], struct.unpack("<I", data[at + 4:at + 8])[0]
                if kind == b"fmt ":
                    form = struct.unpack("<HHIIHH", data[at + 8:at + 24])
                if kind == b"data":
                    body = data[at + 8:at + 8 + n]
                at += 8 + n + n % 2
            found.append((form[2], form[1], form[5] // 8, body))
    return found


def is_red(check, *arguments):
    try:
        check(*arguments)
    except AssertionError:
        return True
    return False


# --- running --------------------------------------------------------------------------------------------------------

def passes(check, before_each):
    """An emulated machine stalls now and then, so what is red once is asked again, and told; what is wrong is red twice."""
    for again in (False, True):
        print(f"--- {check.__name__}{', again' if again else ''}", file=sys.stderr, flush=True)
        try:
            before_each()
            STALLS.begin()
            check()
            return True
        except Exception:  # every check is run and told
            traceback.print_exc()
    return False


def run(checks, before_each=lambda: None):
    """Runs and tells every check. $LAB_ONLY: words, of which one is in the names of those that are run."""
    only = os.environ.get("LAB_ONLY", "").split()
    checks = [check for check in checks if not only or any(word in check.__name__ for word in only)]
    print(f"1..{len(checks)}", flush=True)
    subprocess.run([ASSAY, "init", PROJECT], check=True, stdout=subprocess.DEVNULL)
    failed = 0
    for number, check in enumerate(checks, 1):
        began = time.monotonic()
        good = passes(check, before_each)
        failed += not good
        print(f"{'ok' if good else 'not ok'} {number} - {check.__name__} # {time.monotonic() - began:.1f} s", flush=True)
    return 1 if failed else 0
