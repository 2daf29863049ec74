#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A recording that is killed, and one whose disk fills up: what was told as kept is there. Prints TAP."""
import contextlib
import fnmatch
import glob
import hashlib
import json
import os
import signal
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time
import traceback

ASSAY = os.environ["ASSAY_BIN"]


def items_of(project):
    with contextlib.closing(sqlite3.connect(f"file:{project}/project.db?mode=ro", uri=True)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        return {row[0].hex(): row[1].hex() for row in
                database.execute("SELECT item.id, media.hash FROM item JOIN media ON media.row = item.media")}


def check_project(project):
    """Every file is what its name says, every item has its file, every line of an index that names a file has it."""
    files = {}
    for path in glob.glob(f"{project}/media/*/*"):
        digest = hashlib.sha256(open(path, "rb").read()).hexdigest()
        assert os.path.basename(path).startswith(digest), f"{path} is not what its name says"
        files[digest] = path
    items = items_of(project)
    assert set(items.values()) <= set(files), "an item without its file"
    told = []
    for path in glob.glob(f"{project}/sessions/*/index.jsonl"):
        lines = open(path, encoding="utf-8").read().split("\n")
        told += [json.loads(line) for line in lines[:-1]]  # the last line may be cut
    rows = [row for row in told if "media" in row]
    assert {row["media"] for row in rows} <= set(files), "the index names a file that is not there"
    assert set(items) <= {row["item"].replace("-", "") for row in rows}, "an item that the index does not tell of"
    return items, rows


def init(directory):
    project = os.path.join(directory, "project")
    subprocess.run([ASSAY, "init", project], check=True, stdout=subprocess.DEVNULL)
    return project


def samples_of(path):
    """Of a mono WAV by its header, checked against the bytes that are there."""
    data = open(path, "rb").read()
    at = 12
    while at + 8 <= len(data):
        kind, n = data[at:at + 4], struct.unpack("<I", data[at + 4:at + 8])[0]
        if kind == b"fmt ":
            frame = struct.unpack("<H", data[at + 20:at + 22])[0]
        if kind == b"data":
            assert at + 8 + n <= len(data), "the header promises more than is there"
            return n // frame
        at += 8 + n + n % 2
    raise AssertionError(f"{path} has no samples")


def a_recording_killed_at_any_moment_keeps_what_was_told():
    with tempfile.TemporaryDirectory() as directory:
        project = init(directory)
        for times in range(6):
            before = set(glob.glob(f"{project}/sessions/*"))
            recording = subprocess.Popen([ASSAY, "-C", project, "capture", "--camera", "pattern:bars,size=320x64,fps=50", "--microphone",
                                          "pattern:tone,rate=16000"])
            while not set(glob.glob(f"{project}/sessions/*/microphone-1-0001.wav")) - {f"{old}/microphone-1-0001.wav" for old in before}:
                assert recording.poll() is None
                time.sleep(0.01)
            lasted = 0.3 + times * 0.47
            time.sleep(lasted)
            recording.kill()
            recording.wait()
            items, rows = check_project(project)
            assert len(items) > 0 or lasted < 1, "nothing is kept"  # a busy machine may not have begun by then
            session = (set(glob.glob(f"{project}/sessions/*")) - before).pop()
            kept = samples_of(f"{session}/microphone-1-0001.wav") / 16000
            print(f"# killed after {lasted:.2f} s: {len(rows)} stills told, {len(items)} items, {kept:.2f} s of sound", flush=True)
            assert kept > lasted - 1.6, f"{kept} s of {lasted} s: more than the last second is gone"
        again = subprocess.run([ASSAY, "-C", project, "--json", "capture", "--camera", "pattern:bars,size=320x64", "--frames", "3"],
                               capture_output=True, text=True, check=True)
        assert json.loads(again.stdout)["sensors"][0]["frames"] == 3


def a_full_disk_is_one_line_and_loses_nothing():
    if os.geteuid() != 0:
        return "not run: a small disk of its own needs root"
    with tempfile.TemporaryDirectory() as directory:
        made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", directory], capture_output=True, check=False)
        if made.returncode != 0:
            return "not run: no tmpfs can be mounted here"
        try:
            project = init(directory)
            command = [ASSAY, "-C", project, "capture", "--camera", "pattern:bars,size=320x240,fps=30", "--microphone", "pattern:tone",
                       "--duration", "60"]
            filler = os.path.join(directory, "filler")
            with open(filler, "wb") as out:
                out.write(bytes(max(0, os.statvfs(directory).f_bavail * os.statvfs(directory).f_frsize - 1000000)))
            full = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
            told = full.stderr.strip()
            print("#", told, flush=True)
            assert full.returncode == 3 and told.count("\n") == 0 and told.startswith("assay: "), full
            assert "No space left" in told or "before the disk is full" in told, full
            items, _ = check_project(project)
            assert len(items) > 0
            os.unlink(filler)
            command[-1] = "0.3"
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            assert len(check_project(project)[0]) > len(items)
        finally:
            subprocess.run(["umount", directory], check=True)
    return None


def a_film_on_a_small_disk_ends_before_it_is_full_and_is_whole():
    if os.geteuid() != 0:
        return "not run: a small disk of its own needs root"
    with tempfile.TemporaryDirectory() as directory:
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=80m", "tmpfs", directory], capture_output=True, check=False).returncode != 0:
            return "not run: no tmpfs can be mounted here"
        try:
            project = init(directory)
            command = [ASSAY, "-C", project, "--json", "capture", "--camera", "pattern:bars,size=320x120,fps=50", "--microphone",
                       "pattern:tone", "--video", "--duration", "60"]
            full = subprocess.run(command, capture_output=True, text=True, timeout=90, check=False)
            left = os.statvfs(directory).f_bavail * os.statvfs(directory).f_frsize
            told = full.stderr.strip()
            print(f"# {told} ({left} bytes are left)", flush=True)
            assert full.returncode == 3 and told.count("\n") == 0 and "before the disk is full" in told, full
            assert 4000000 < left < 40000000, left
            camera, microphone = json.loads(full.stdout)["sensors"]
            assert camera["lost"] == microphone["lost"] == 0 and camera["written"] == camera["frames"] > 100, camera
            items, rows = check_project(project)
            assert camera["drawn"] + 1 == len(items), (camera, items)
            assert samples_of(glob.glob(f"{project}/media/*/*.wav")[0]) == microphone["samples"]
            assert not glob.glob(f"{project}/sessions/*/*.film"), "a film that was not closed"
            with open(os.path.join(directory, "filler"), "wb") as out:
                out.write(bytes(left - 3000000))
            refused = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
            assert refused.returncode == 3 and "must stay free" in refused.stderr and refused.stderr.count("\n") == 1, refused
            assert len(glob.glob(f"{project}/sessions/*")) == 1, "a session of nothing"
        finally:
            subprocess.run(["umount", directory], check=True)
    return None


def main():
    checks = [a_recording_killed_at_any_moment_keeps_what_was_told, a_full_disk_is_one_line_and_loses_nothing,
              a_film_on_a_small_disk_ends_before_it_is_full_and_is_whole]
    checks = [check for check in checks if fnmatch.fnmatch(check.__name__, os.environ.get("ASSAY_TEST_FILTER", "*"))]
    print(f"1..{len(checks)}", flush=True)
    failed = 0
    for number, check in enumerate(checks, 1):
        try:
            skipped = check()
            print(f"ok {number} - {check.__name__}{' # SKIP ' + skipped if skipped else ''}", flush=True)
        except Exception:  # every check is run and told
            traceback.print_exc()
            print(f"not ok {number} - {check.__name__}", flush=True)
            failed += 1
    return 1 if failed else 0


signal.signal(signal.SIGPIPE, signal.SIG_DFL)
sys.exit(main())
