#!/usr/bin/env python3
"""The command line, held against its contract from outside: JSON keys, exit statuses, one line an error, nothing half done.

Runs the built `assay` ($ASSAY_BIN) on projects of its own. Prints TAP."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import traceback

ASSAY = os.environ["ASSAY_BIN"]
CASES = []


def case(function):
    CASES.append(function)
    return function


class Answer:
    def __init__(self, done):
        self.status, self.out, self.err = done.returncode, done.stdout, done.stderr

    @property
    def json(self):
        return json.loads(self.out)


def assay(directory, *words, status=0, annotator="tester", **environment):
    """Runs one command in `directory` and holds its exit status."""
    done = subprocess.run([ASSAY, "-C", directory, *words], capture_output=True, text=True, timeout=120,
                          env={**os.environ, "ASSAY_ANNOTATOR": annotator, **environment})
    assert done.returncode == status, f"assay {' '.join(words)}: status {done.returncode}, not {status}: {done.stderr or done.stdout}"
    if done.returncode in (2, 3):
        lines = done.stderr.strip().splitlines()
        assert len(lines) == 1 and lines[0].startswith("assay: "), f"not one clear line: {done.stderr}"
        assert done.stdout == "", f"standard output of a failure: {done.stdout}"
    return Answer(done)


def has(document, *keys):
    missing = [key for key in keys if key not in document]
    assert not missing, f"{missing} missing in {document}"


def box(x, name="cup"):
    return {"schema": "assay.box/1", "objects": [{"class": name, "box": [x, 2, 10, 12]}]}


def write_json(directory, name, value):
    path = os.path.join(directory, name)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(value, file)
    return path


def write_png(path, width=32, height=24, value=0):
    """A small grey PNG, made without any library."""
    import struct
    import zlib

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + bytes((value + x + y) % 256 for x in range(width)) for y in range(height))
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
                   + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def project(directory, n_pictures=3):
    """A project with pictures and a box task; returns its directory."""
    place = os.path.join(directory, "project")
    answer = assay(directory, "--json", "init", place, "--name", "Mugs")
    has(answer.json, "project", "id")
    pictures = os.path.join(directory, "pictures")
    os.mkdir(pictures)
    for i in range(n_pictures):
        write_png(os.path.join(pictures, f"p{i}.png"), value=i)
    assay(place, "task", "add", "mugs", "--kind", "box", "--classes", "cup,hand")
    imported = assay(place, "--json", "import", pictures).json
    has(imported, "format", "media_added", "media_known", "labels_added", "objects_added", "classes_added", "lossy", "skipped")
    assert imported["media_added"] == n_pictures, imported
    return place


@case
def a_verb_that_does_not_exist_is_wrong_usage(directory):
    assay(directory, "frobnicate", status=2)
    assay(directory, "commit", status=2)
    assay(directory, "log", "--no-such-flag", status=2)


@case
def outside_a_project_every_verb_says_what_to_do(directory):
    for words in (["status"], ["log"], ["task", "list"], ["check"], ["commit", "-m", "x"]):
        answer = assay(directory, *words, status=3)
        assert "assay init" in answer.err, answer.err


@case
def init_refuses_a_directory_that_has_a_project(directory):
    place = project(directory)
    assay(directory, "init", place, status=3)
    assay(place, "status")


@case
def a_task_is_listed_with_its_classes(directory):
    place = project(directory)
    tasks = assay(place, "--json", "task", "list").json
    tasks = tasks["tasks"] if isinstance(tasks, dict) else tasks
    has(tasks[0], "name", "kind", "classes", "skeleton", "items", "labelled")
    assert tasks[0]["name"] == "mugs" and tasks[0]["kind"] == "box", tasks
    assay(place, "task", "add", "mugs", "--kind", "box", status=3)
    assay(place, "task", "add", "other", "--kind", "no-such-kind", status=2)


@case
def importing_twice_adds_nothing(directory):
    place = project(directory)
    again = assay(place, "--json", "import", os.path.join(directory, "pictures")).json
    assert again["media_added"] == 0 and again["media_known"] == 3, again


@case
def a_bad_file_is_named_and_the_good_ones_come_in(directory):
    place = project(directory)
    mixed = os.path.join(directory, "mixed")
    os.mkdir(mixed)
    write_png(os.path.join(mixed, "good.png"), value=90)
    with open(os.path.join(mixed, "cut.png"), "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n\0\0\0")
    with open(os.path.join(mixed, "not-a-picture.jpg"), "wb") as file:
        file.write(b"hello")
    answer = assay(place, "--json", "import", mixed).json
    assert answer["media_added"] == 1, answer
    skipped = {os.path.basename(entry["path"]): entry["why"] for entry in answer["skipped"]}
    assert set(skipped) == {"cut.png", "not-a-picture.jpg"} and all(skipped.values()), answer


@case
def a_label_that_is_set_comes_back_with_its_revisions(directory):
    place = project(directory)
    assay(place, "label", "p0.png", "--task", "mugs", "--set", write_json(directory, "a.json", box(1)))
    assay(place, "label", "p0.png", "--task", "mugs", "--set", write_json(directory, "a.json", box(2)))
    shown = assay(place, "--json", "label", "p0.png", "--task", "mugs").json
    text = json.dumps(shown)
    assert '"revisions"' in text, shown
    revisions = shown["revisions"] if "revisions" in shown else shown["labels"][0]["revisions"]
    assert len(revisions) == 2, shown
    bad = write_json(directory, "bad.json", {"schema": "assay.box/1", "objects": [{"class": "no such class", "box": [1, 2, 3, 4]}]})
    assay(place, "label", "p0.png", "--task", "mugs", "--set", bad, status=3)
    shown = assay(place, "--json", "label", "p0.png", "--task", "mugs").json
    assert json.dumps(shown) == text, "a refused label changed something"
    assay(place, "label", "no-such-item", "--task", "mugs", status=3)


@case
def two_annotators_disagree_and_all_faces_say_the_same(directory):
    place = project(directory)
    for annotator, x in (("anna", 0), ("bob", 6)):
        assay(place, "label", "p0.png", "--task", "mugs", "--set", write_json(directory, "a.json", box(x)), annotator=annotator)
    # Boxes 10 wide, 6 apart: 4 in common of 16.
    agree = assay(place, "--json", "agree", "--task", "mugs", "--by", "pair").json
    task = agree["tasks"][0]
    has(task, "task", "kind", "items", "overlapped", "annotators", "measures", "groups")
    iou = next(m for m in task["measures"] if m["name"] == "iou")
    has(iou, "name", "value", "ci95", "n")
    assert abs(iou["value"] - 0.25) < 1e-9 and task["overlapped"] == 1, task
    found = assay(place, "--json", "check").json
    has(found, "findings", "counts")
    finding = found["findings"][0]
    has(finding, "id", "check", "severity", "score", "item", "media", "label", "annotators", "where", "why")
    assert "0.25" in finding["why"] or "25" in finding["why"], finding
    assay(place, "check", "--fail-on", "note", status=1)
    assay(place, "review", finding["id"], "--dismiss", "it is only a test")
    again = assay(place, "--json", "check").json
    assert finding["id"] not in [f["id"] for f in again["findings"] if f.get("state", "open") == "open"], again


@case
def the_truth_is_what_a_reviewer_took(directory):
    place = project(directory)
    for annotator, x in (("anna", 0), ("bob", 6)):
        assay(place, "label", "p0.png", "--task", "mugs", "--set", write_json(directory, "a.json", box(x)), annotator=annotator)
    first = assay(place, "--json", "commit", "-m", "two answers").json
    has(first, "version", "tag", "root", "items", "labels", "objects", "undecided", "splits", "gate")
    assert first["undecided"] == 1 and first["labels"] == 0, first
    assay(place, "review", "p0.png", "--task", "mugs", "--truth", "bob")
    second = assay(place, "--json", "commit", "-m", "bob's", "--tag", "v2").json
    assert second["undecided"] == 0 and second["labels"] == 1, second
    difference = assay(place, "--json", "diff", first["version"], "v2").json
    has(difference, "items", "labels", "classes", "splits")
    assert difference["labels"]["added"] == 1, difference
    assay(place, "diff", first["version"], "v2", "--exit-code", status=1)
    assay(place, "diff", "v2", "v2", "--exit-code")


@case
def a_version_exports_the_same_bytes_every_time(directory):
    place = project(directory)
    for i in range(3):
        assay(place, "label", f"p{i}.png", "--task", "mugs", "--set", write_json(directory, "a.json", box(i)))
    assay(place, "commit", "-m", "first", "--tag", "v1")
    for out, zone in (("a", "UTC"), ("b", "Asia/Tokyo")):
        answer = assay(place, "--json", "export", os.path.join(directory, out), "--format", "coco", "--version", "v1", TZ=zone).json
        has(answer, "format", "version", "items", "labels", "objects", "undecided", "files", "bytes", "lossy")
        assert answer["items"] == 3 and answer["labels"] == 3, answer
    done = subprocess.run(["diff", "-r", os.path.join(directory, "a"), os.path.join(directory, "b")], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    # Later work does not reach a version that was made.
    assay(place, "label", "p0.png", "--task", "mugs", "--set", write_json(directory, "a.json", box(9)))
    assay(place, "export", os.path.join(directory, "c"), "--format", "coco", "--version", "v1")
    done = subprocess.run(["diff", "-r", os.path.join(directory, "a"), os.path.join(directory, "c")], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@case
def who_takes_their_consent_back_is_in_no_export_from_then_on(directory):
    place = project(directory)
    for i in range(3):
        assay(place, "label", f"p{i}.png", "--task", "mugs", "--set", write_json(directory, "a.json", box(i)))
    assay(place, "commit", "-m", "first", "--tag", "v1")
    flagged = assay(place, "--json", "flag", "p1.png", "--set", "withdrawn", "--why", "letter of 3 May").json["items"][0]
    assert flagged["flags"][0]["flag"] == "withdrawn", flagged
    refused = assay(place, "export", os.path.join(directory, "no"), "--format", "coco", "--version", "v1", status=3)
    assert "p1.png" in refused.err and "--without-withdrawn" in refused.err, refused.err
    assert not os.path.exists(os.path.join(directory, "no"))
    for out in ("a", "b"):
        answer = assay(place, "--json", "export", os.path.join(directory, out), "--format", "coco", "--version", "v1",
                       "--without-withdrawn").json
        assert answer["items"] == 2 and answer["withdrawn"] == [flagged["item"]], answer
    done = subprocess.run(["diff", "-r", os.path.join(directory, "a"), os.path.join(directory, "b")], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    with open(os.path.join(directory, "a", "EXPORT.json"), encoding="utf-8") as listing:
        assert json.load(listing)["withdrawn"] == [flagged["item"]]
    assert assay(place, "--json", "commit", "-m", "second").json["items"] == 2
    assay(place, "flag", "p1.png", "--clear", "withdrawn")
    assert assay(place, "--json", "commit", "-m", "third").json["items"] == 3
    assay(place, "withdraw", status=2)


@case
def what_was_exported_comes_back(directory):
    place = project(directory)
    assay(place, "label", "p0.png", "--task", "mugs", "--set", write_json(directory, "a.json", box(3)))
    assay(place, "commit", "-m", "first", "--tag", "v1")
    out = os.path.join(directory, "out")
    assay(place, "export", out, "--format", "coco", "--version", "v1")
    other = os.path.join(directory, "other")
    assay(directory, "init", other)
    answer = assay(other, "--json", "import", out).json
    assert answer["labels_added"] >= 1 and answer["objects_added"] == 1 and not answer["skipped"], answer
    again = assay(other, "--json", "import", out).json
    assert again["labels_added"] == 0 and again["objects_added"] == 0, again


@case
def verify_says_no_when_a_byte_of_a_picture_changed(directory):
    place = project(directory)
    assay(place, "commit", "-m", "first", "--tag", "v1")
    assay(place, "verify", "v1")
    media = []
    for folder, _, files in os.walk(os.path.join(place, "media")):
        media += [os.path.join(folder, name) for name in files]
    os.chmod(media[0], 0o644)
    with open(media[0], "r+b") as file:
        file.seek(30)
        byte = file.read(1)
        file.seek(30)
        file.write(bytes([byte[0] ^ 1]))
    answer = assay(place, "verify", "v1", status=1)
    assert os.path.basename(media[0])[:12] in answer.out, answer.out
    assay(place, "verify", status=1)


@case
def a_copy_merged_twice_doubles_nothing(directory):
    place = project(directory)
    copy = os.path.join(directory, "copy")
    shutil.copytree(place, copy)
    assay(copy, "label", "p1.png", "--task", "mugs", "--set", write_json(directory, "a.json", box(4)), annotator="carla")
    write_png(os.path.join(directory, "new.png"), value=200)
    assay(copy, "import", os.path.join(directory, "new.png"))
    before = assay(place, "--json", "status").json
    merged = assay(place, "--json", "import", copy).json
    assert merged["media_added"] == 1 and merged["labels_added"] == 1, merged
    again = assay(place, "--json", "import", copy).json
    assert again["media_added"] == 0 and again["labels_added"] == 0, again
    assert assay(place, "--json", "status").json != before
    assay(place, "verify")


@case
def the_gate_of_the_plan_stops_a_commit_and_says_why(directory):
    place = project(directory)
    plan = {"gate": [{"figure": "class_count", "task": "mugs", "at_least": 1}]}
    assay(place, "plan", "set", write_json(directory, "plan.json", plan))
    answer = assay(place, "--json", "commit", "-m", "too early", "--gate", status=1).json
    assert answer["version"] is None and not answer["gate"]["open"] and len(answer["gate"]["failed"]) == 2, answer
    assert assay(place, "--json", "log").json["versions"] == []
    answer = assay(place, "--json", "commit", "-m", "all the same").json
    assert answer["version"] and not answer["gate"]["open"], answer


@case
def a_project_of_a_newer_version_can_be_read_but_not_changed(directory):
    import sqlite3
    place = project(directory)
    database = sqlite3.connect(os.path.join(place, "project.db"))
    database.execute("PRAGMA user_version = 999")
    database.close()
    assay(place, "task", "add", "more", "--kind", "tag", status=3)
    assay(place, "log")


@case
def damage_to_the_database_is_one_clear_line(directory):
    place = project(directory)
    path = os.path.join(place, "project.db")
    for name in os.listdir(place):
        if name.startswith("project.db-"):
            os.remove(os.path.join(place, name))
    with open(path, "wb") as file:
        file.write(b"this is no database at all" * 100)
    assay(place, "status", status=3)


@case
def devices_and_formats_are_listed(directory):
    place = project(directory)
    devices = assay(place, "--json", "devices").json
    has(devices, "cameras", "microphones")
    formats = assay(place, "--json", "formats").json
    formats = formats["formats"] if isinstance(formats, dict) else formats
    has(formats[0], "name", "title", "kinds", "can_import", "can_export")
    assert {"coco", "bop", "nemo", "webvtt"} <= {entry["name"] for entry in formats}, formats


@case
def a_pattern_camera_fills_the_project(directory):
    place = project(directory)
    answer = assay(place, "--json", "capture", "--camera", "pattern:red,size=64x48", "--frames", "3").json
    has(answer, "session", "sensors")
    sensor = answer["sensors"][0]
    has(sensor, "id", "kind", "frames", "dropped", "gaps", "first_ns", "last_ns", "bytes")
    assert sensor["frames"] == 3 and sensor["dropped"] == 0, answer
    assay(place, "capture", "--camera", "no-such:camera", "--frames", "1", status=3)


@case
def capture_says_how_far_the_plan_is(directory):
    place = project(directory)
    plan = {"targets": [{"class": "cup", "condition": {"light": "low"}, "count": 200},
                        {"class": "cup", "condition": {"light": "high"}, "count": 100}]}
    assay(place, "plan", "set", write_json(directory, "plan.json", plan))
    words = ["capture", "--camera", "pattern:red,size=64x48", "--frames", "3", "--condition", "light=low"]
    targets = assay(place, "--json", *words).json["plan"]
    # Three times the same is one for the plan; the others are kept, and known as what they are.
    assert len(targets) == 1 and targets[0]["captured"] == 1 and targets[0]["count"] == 200, targets
    assert "2 of 200 captured" in assay(place, *words).out
    # What is said to show something else does not count; a target without conditions is told too.
    assay(place, *words, "--condition", "class=bowl")
    assay(place, "plan", "set", write_json(directory, "plan.json", {"targets": [{"class": "cup", "count": 9}]}))
    assert "plan: cup: 6 of 9 captured" in assay(place, *words).out


@case
def preflight_says_no_until_what_the_plan_asks_for_is_there(directory):
    place = project(directory)
    plan = {"capture": {"consent": True, "checklist": ["lens cleaned"]}}
    assay(place, "plan", "set", write_json(directory, "plan.json", plan))
    words = ["--json", "preflight", "--camera", "pattern:bars", "--microphone", "pattern:tone", "--duration", "1"]
    answer = assay(place, *words, status=1).json
    assert answer["verdict"] == "stop" and {line["what"] for line in answer["lines"] if line["verdict"] == "stop"} == {"consent", "checklist"}, answer
    assert all(line["remedy"] for line in answer["lines"] if line["verdict"] != "good"), answer
    assert "the plan takes" in next(line["why"] for line in answer["lines"] if line["what"] == "space"), answer
    # All of it is there; of a plan that no disk has room for, only that is said.
    answer = assay(place, *words[:-2], "--frames", "1000000000", "--consent", "S-1", "--ticked", "lens cleaned", status=1).json
    assert {line["what"] for line in answer["lines"] if line["verdict"] == "stop"} == {"space"}, answer
    assert {"disk", "level", "clock", "consent"} <= {line["what"] for line in answer["lines"]}, answer
    assay(place, "capture", "--camera", "pattern:bars", "--frames", "1", status=3)


@case
def what_a_recording_gave_is_told_again_by_its_receipt(directory):
    place = os.path.join(directory, "project")
    assay(directory, "init", place)
    assert assay(place, "--json", "receipt").json == {"sessions": []}
    assay(place, "receipt", "latest", status=3)
    stills = assay(place, "--json", "capture", "--camera", "pattern:bars,size=64x48,fps=50,lose=10", "--frames", "12",
                   "--session", "stills", "--note", "cable replaced", "--note", "door open", "--subject", "mug 3",
                   "--consent", "C-17", "--condition", "light=low").json
    film = assay(place, "--json", "capture", "--camera", "pattern:bars,size=64x48,fps=20", "--microphone", "pattern:tone",
                 "--video", "--draw", "0", "--duration", "0.5").json
    listed = assay(place, "--json", "receipt").json["sessions"]
    assert [line["session"] for line in listed] == [film["session"], stills["session"]], listed
    assert [line["clean"] for line in listed] == [True, False] and all(line["over"] for line in listed), listed
    receipt = assay(place, "--json", "receipt", "stills").json
    told, given = receipt["sensors"][0], stills["sensors"][0]
    assert given["lost"] > 0 and receipt["clean"] is False and "lost" in receipt["verdict"], receipt
    for key in ("expected", "received", "written", "lost", "late", "corrupt", "bytes", "gaps", "first_ns", "last_ns"):
        assert told[key] == given[key], (key, told, given)
    assert told["files"] == 12 == told["items"] == receipt["files"] and "offset_ns" in told and "calibration" in told, told
    assert receipt["notes"] == ["cable replaced", "door open"] and receipt["subject"] == "mug 3", receipt
    assert receipt["consent"] == "C-17" and receipt["conditions"] == {"light": "low"}, receipt
    assert receipt["planned"] == {"seconds": None, "stills": 12}, receipt
    text = assay(place, "receipt", film["session"]).out
    assert text.startswith("Nothing was lost\n") and "2 files" in text, text
    # A film of which nothing was drawn is a file all the same; the sound is a file and an item.
    sensors = assay(place, "--json", "receipt", "latest").json["sensors"]
    assert [(sensor["files"], sensor["items"]) for sensor in sensors] == [(1, 0), (1, 1)], sensors
    # An older report does not count files: the index does. Without either nobody knows, and nothing is made up.
    import sqlite3
    with sqlite3.connect(os.path.join(place, "project.db")) as database:
        database.execute("UPDATE session_report SET report = json_remove (report, '$.sensors[0].files',"
                         " '$.sensors[0].segments', '$.sensors[1].files', '$.sensors[1].segments')")
    database.close()
    assert [sensor["files"] for sensor in assay(place, "--json", "receipt", "latest").json["sensors"]] == [1, 1]
    assert assay(place, "--json", "receipt", "stills").json["files"] == 12
    os.remove(os.path.join(place, "sessions", film["session"], "index.jsonl"))
    assert assay(place, "--json", "receipt", "latest").json["files"] is None


def write_flash(folder, frames, at, bright=200):
    os.mkdir(folder)
    for i in range(frames):
        write_png(os.path.join(folder, f"{i:04d}.png"), width=16, height=12, value=bright if at <= i < at + 2 else 20)


def write_clap(path, at_s, seconds=3, rate=16000):
    import struct
    samples = [((i * 7919) % 41 - 20) for i in range(int(seconds * rate))]  # a quiet room
    start = int(at_s * rate)
    for i in range(400):
        samples[start + i] += int(16000 * 0.99 ** i * (1 if i // 4 % 2 else -1))
    body = b"".join(struct.pack("<h", value) for value in samples)
    with open(path, "wb") as file:
        file.write(b"RIFF" + struct.pack("<I", 36 + len(body)) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, rate, 2 * rate, 2, 16)
                   + b"data" + struct.pack("<I", len(body)) + body)


def exported_times(directory, place, version, again=""):
    """What the exports of a version (None = the working state) say of each file: {stream: [(number, captured_ns, moment)]}."""
    told = {}
    for form in ("coco", "webvtt"):
        out = os.path.join(directory, f"{form}-{version}{again}")
        assay(place, "export", out, "--format", form, "--undecided", *(["--version", version] if version else ["--working"]))
        with open(os.path.join(out, "EXPORT.json"), encoding="utf-8") as file:
            files = json.load(file)["files"]
        for entry in files:
            if "item" not in entry:
                continue
            stem = os.path.splitext(entry["path"])[0]
            number = round(int(stem.rsplit("_", 1)[1]) * 30 / 1e6) if form == "coco" else 0
            stream = next(part for part in ("camera-1", "camera-2", "camera-3", "microphone-1", "microphone-2") if part in stem)
            told.setdefault(stream, {})[number] = (entry["captured_ns"], entry.get("moment"))
    return told


def exported_times_are_on_one_line(directory, place, stamped):
    """After the alignment: clap and flash are one instant in whatever sensor, to 2 samples and to less than a frame."""
    frame_ns, sample_ns = 1e9 / 30, 1e9 / 16000

    def distances(told):
        near, far = told["microphone-1"][0][0] + 1.2e9, told["microphone-2"][0][0] + 1.35e9
        return abs(near - far), [abs(told[camera][k][0] - near - (k - flash) * frame_ns)
                                 for camera, flash in (("camera-1", 30), ("camera-2", 33)) for k in told[camera]]
    claps, flashes = distances(stamped)
    assert claps > 0.05e9 and max(flashes) > 0.05e9, (claps, max(flashes))
    assay(place, "commit", "-m", "as it was", "--tag", "aligned")
    told = exported_times(directory, place, "aligned")
    claps, flashes = distances(told)
    assert claps <= 2 * sample_ns and max(flashes) < frame_ns and len(flashes) > 120, (claps, max(flashes), len(flashes))
    # Those that show one instant are three frames apart by their numbers.
    pairs = [(told["camera-1"][k][1], told["camera-2"][k + 3][1]) for k in told["camera-1"] if k + 3 in told["camera-2"]]
    assert len(pairs) > 50 and all(a == b and a for a, b in pairs), pairs[:5]
    assert told["camera-3"] == stamped["camera-3"]
    # The version that was made before says what it said; the difference is named.
    assert exported_times(directory, place, "raw", "-again") == stamped
    difference = assay(place, "--json", "diff", "raw", "aligned").json
    assert difference["items"] == {"added": 0, "removed": 0} and difference["labels"]["changed"] == 0, difference
    assert difference["times"]["changed"] >= len(flashes) + 2, difference
    # It lies beside the recording: a database that is made again has it.
    os.rename(os.path.join(place, "project.db"), os.path.join(directory, "lost.db"))
    for name in ("project.db-wal", "project.db-shm"):
        if os.path.exists(os.path.join(place, name)):
            os.remove(os.path.join(place, name))
    assay(place, "recover", "--database")
    assay(place, "task", "add", "seen", "--kind", "box", "--classes", "cup")
    assay(place, "task", "add", "heard", "--kind", "transcript")
    assert exported_times(directory, place, None) == told


@case
def a_clap_and_a_flash_measure_how_late_each_sensor_is(directory):
    place = os.path.join(directory, "project")
    assay(directory, "init", place)
    left, right, near, far, blind = (os.path.join(directory, name) for name in ("left", "right", "near.wav", "far.wav", "blind"))
    write_flash(left, 75, 30)
    write_flash(right, 75, 33)
    write_flash(blind, 75, 1000)
    write_clap(near, 1.2)
    write_clap(far, 1.35)
    assay(place, "task", "add", "seen", "--kind", "box", "--classes", "cup")
    assay(place, "task", "add", "heard", "--kind", "transcript")
    words = ["capture", "--video", "--draw", "60", "--duration", "2.4"]
    for camera in (left, right, blind):
        words += ["--camera", f"replay:{camera},fps=30"]
    for microphone in (near, far):
        words += ["--microphone", f"replay:{microphone}"]
    report = assay(place, "--json", *words).json
    assay(place, "commit", "-m", "as it was stamped", "--tag", "raw")
    stamped = exported_times(directory, place, "raw")
    align = assay(place, "--json", "align", report["session"], "--together").json
    exported_times_are_on_one_line(directory, place, stamped)
    began = {i: sensor["first_ns"] for i, sensor in enumerate(report["sensors"])}
    told = {sensor["stream"]: sensor for sensor in align["sensors"]}
    # When the replays really showed and sounded it, by the stamps of their first frames and samples.
    truth = {0: began[0] + 30e9 / 30, 1: began[1] + 33e9 / 30, 3: began[3] + 1.2e9, 4: began[4] + 1.35e9}
    for stream, at_ns in truth.items():
        assert abs(told[stream]["at_ns"] - at_ns) <= told[stream]["doubt_ns"] + 3e6, (stream, told[stream], at_ns)
        wanted = at_ns - truth[3]
        assert abs(told[stream]["offset_ns"] - wanted) <= told[stream]["doubt_ns"] + 6e6, (stream, told[stream], wanted)
    assert told[2]["offset_ns"] is None and told[2]["why"], told[2]
    assert told[0]["doubt_ns"] <= 1e9 / 30, told[0]
    # The receipt has what was measured, beside what the recording counted.
    receipt = assay(place, "--json", "receipt", report["session"]).json
    assert [sensor["offset_ns"] for sensor in receipt["sensors"]] == [told[i]["offset_ns"] for i in range(5)], receipt
    assert [sensor["written"] for sensor in receipt["sensors"]] == [sensor["written"] for sensor in report["sensors"]], receipt
    assert "late" not in assay(place, "align", report["session"][:8]).err
    assay(place, "align", "nothing", status=3)


def read_wav(path):
    """Samples of the first channel, as whole numbers of 24 bits."""
    with open(path, "rb") as file:
        data = file.read()
    at = 12
    while data[at:at + 4] != b"data":
        at += 8 + int.from_bytes(data[at + 4:at + 8], "little") + data[at + 4] % 2
    body = data[at + 8:at + 8 + int.from_bytes(data[at + 4:at + 8], "little")]
    return [int.from_bytes(body[i:i + 3], "little", signed=True) for i in range(0, len(body) - 2, 3)]


@case
def what_a_microphone_lost_is_silence_in_an_export_and_the_rest_keeps_its_place(directory):
    import math
    place = os.path.join(directory, "project")
    assay(directory, "init", place)
    assay(place, "task", "add", "heard", "--kind", "transcript")
    # Every 20th block of 10 ms is lost, and the tone goes on by the device's own count.
    words = ["capture", "--microphone", "pattern:tone,rate=16000,lose=20,frames=59", "--session", "gaps"]
    sensor = assay(place, "--json", *words).json["sensors"][0]
    assert sensor["samples"] == 57 * 160 and sensor["dropped"] == 2 * 160, sensor
    name = os.listdir(os.path.join(place, "sessions"))[0]
    with open(os.path.join(place, "sessions", name, "index.jsonl"), encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    told = [line["gap"] for line in lines if "gap" in line]
    assert [(gap["written"], gap["missing"]) for gap in told] == [(19 * 160, 160), (38 * 160, 160)], told
    item = next(line["item"] for line in lines if "item" in line)
    # One segment that ends where the first gap begins, one over the second gap, one from the second gap on.
    segments = [{"start": 0, "end": 3040, "text": "before"}, {"start": 4000, "end": 8000, "text": "over"},
                {"start": 6080, "end": 9120, "text": "after"}]
    label = {"schema": "assay.transcript/1", "objects": segments}
    assay(place, "label", item, "--task", "heard", "--set", write_json(directory, "label.json", label))
    out = os.path.join(directory, "vtt")
    answer = assay(place, "--json", "export", out, "--format", "webvtt", "--working").json
    assert answer["filled"] == {"files": 1, "samples": 320} and answer["lossy"] == [], answer
    paths = [os.path.join(folder, file) for folder, _, files in os.walk(out) for file in files]
    samples = read_wav(next(path for path in paths if path.endswith(".wav")))
    assert len(samples) == 59 * 160, len(samples)
    for i, sample in enumerate(samples):
        wanted = 0 if i // 160 in (19, 39) else 0.5 * math.sin(2 * math.pi * 440 * i / 16000)
        assert abs(sample / 2 ** 23 - wanted) < 1e-4, (i, sample, wanted)
    with open(next(path for path in paths if path.endswith(".vtt")), encoding="utf-8") as file:
        cues = [line for line in file.read().splitlines() if "-->" in line]
    assert cues == ["00:00:00.000 --> 00:00:00.190", "00:00:00.260 --> 00:00:00.520", "00:00:00.400 --> 00:00:00.590"], cues
    out = os.path.join(directory, "nemo")
    answer = assay(place, "--json", "export", out, "--format", "nemo", "--working").json
    assert answer["filled"] == {"files": 1, "samples": 160}, answer
    assert "silence stands for 160 samples" in assay(place, "export", out + "2", "--format", "nemo", "--working").out
    with open(os.path.join(out, "EXPORT.json"), encoding="utf-8") as file:
        files = {entry["path"]: entry for entry in json.load(file)["files"] if "item" in entry}
    assert sorted(entry.get("silence_samples", 0) for entry in files.values()) == [0, 0, 160], files
    manifest = next(path for path in os.listdir(out) if path.startswith("manifest"))
    with open(os.path.join(out, manifest), encoding="utf-8") as file:
        rows = {row["text"]: row for row in map(json.loads, file)}
    assert {text: row["duration"] for text, row in rows.items()} == {"before": 0.19, "over": 0.26, "after": 0.19}, rows
    for text, first in (("before", 0), ("over", 4160), ("after", 6400)):
        assert len(read_wav(os.path.join(out, rows[text]["audio_filepath"]))) == rows[text]["duration"] * 16000, rows[text]
        begun_ns = files[rows[text]["audio_filepath"]]["captured_ns"] - files[rows["before"]["audio_filepath"]]["captured_ns"]
        assert abs(begun_ns - first * 1e9 / 16000) < 1e9 / 16000, (text, begun_ns)
    # The recording itself stays as it came.
    media = next(line["segment"]["media"] for line in lines if "segment" in line)
    assert len(read_wav(os.path.join(place, "media", media[:2], media + ".wav"))) == 57 * 160


@case
def the_sample_project_has_something_true_to_show(directory):
    place = os.path.join(directory, "sample")
    assay(directory, "demo", place)
    agree = assay(place, "--json", "agree").json
    kinds = {task["kind"]: task for task in agree["tasks"]}
    assert {"segmentation", "keypoints", "pose", "transcript"} <= set(kinds), sorted(kinds)
    for kind, task in kinds.items():
        assert task["overlapped"] > 0 and task["measures"][0]["value"] is not None, (kind, task)
    assert assay(place, "--json", "check").json["findings"], "no finding in the sample"
    version = assay(place, "--json", "commit", "-m", "the sample", "--tag", "v1").json
    assert version["labels"] > 0, version
    for name in ("coco", "bop", "nemo", "webvtt"):
        assay(place, "--json", "export", os.path.join(directory, "out-" + name), "--format", name, "--version", "v1")
    assay(place, "verify", "v1")
    assay(directory, "demo", place, status=3)


@case
def a_skeleton_is_read_and_a_bad_one_says_why(directory):
    place = project(directory)
    good = write_json(directory, "good.json", {"nodes": ["nose", {"name": "left", "mirror": "right", "sigma": 0.03}, "right"],
                                               "edges": [["nose", "left"], ["nose", "right"]]})
    task = assay(place, "--json", "task", "add", "faces", "--kind", "keypoints", "--classes", "face", "--skeleton", good).json
    nodes = {node["name"]: node for node in task["skeleton"]["nodes"]}
    assert list(nodes) == ["nose", "left", "right"] and task["skeleton"]["edges"] == [["nose", "left"], ["nose", "right"]], task
    assert nodes["left"]["mirror"] == "right" and nodes["right"]["mirror"] == "left" and nodes["left"]["sigma"] == 0.03, task
    for bad in ({"nodes": []}, {"nodes": ["a", "a"]}, {"nodes": ["a"], "edges": [["a", "b"]]}, {"nodes": [{"name": "a", "mirror": "b"}]},
                {"nodes": [{"name": "a", "sigma": -1}]}, []):
        assay(place, "task", "add", "x", "--kind", "keypoints", "--skeleton", write_json(directory, "bad.json", bad), status=3)
    assay(place, "task", "add", "x", "--kind", "keypoints", status=2)
    assay(place, "task", "add", "x", "--kind", "box", "--skeleton", good, status=2)
    assay(place, "task", "add", "x", "--kind", "box", "--classes", "a,,b", status=2)
    assay(place, "task", "add", "x", "--kind", "box", "--rules", os.path.join(directory, "missing.json"), status=3)
    names = [task["name"] for task in assay(place, "--json", "task", "list").json]
    assert names == ["mugs", "faces"], names


@case
def a_task_of_poses_takes_its_meshes_along(directory):
    place = project(directory)
    mesh = os.path.join(directory, "mug.ply")
    with open(mesh, "w", encoding="ascii") as file:
        file.write("ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nproperty float y\nproperty float z\n"
                   "element face 1\nproperty list uchar int vertex_indices\nend_header\n0 0 0\n80 0 0\n0 90 0\n3 0 1 2\n")
    assay(place, "task", "add", "poses", "--kind", "pose", "--classes", "mug", "--model", f"mug={mesh}", status=2)  # no unit
    assay(place, "task", "add", "poses", "--kind", "pose", "--classes", "mug", "--model", f"cup={mesh}", "--unit", "mm", status=2)
    task = assay(place, "--json", "task", "add", "poses", "--kind", "pose", "--classes", "mug", "--model", f"mug={mesh}", "--unit", "mm").json
    text = json.dumps(task["definition"]["classes"][0])
    stored = [name for _, _, names in os.walk(os.path.join(place, "media")) for name in names if name.endswith(".ply")]
    assert len(stored) == 1 and stored[0][:64] in text, (stored, text)


@case
def status_counts_every_state_and_shows_only_ones_own_label(directory):
    place = project(directory)
    answer = write_json(directory, "a.json", box(1))
    assay(place, "label", "p0.png", "--task", "mugs", "--set", answer, annotator="anna")
    assay(place, "label", "p0.png", "--task", "mugs", "--set", answer, "--state", "draft", annotator="bob")
    assay(place, "label", "p1.png", "--task", "mugs", "--set", answer, "--state", "skipped", "--seconds", "2.5", annotator="bob")
    task = assay(place, "--json", "status").json["tasks"][0]
    assert task["items"] == 3 and task["labelled"] == 1 and task["undecided"] == 0 and task["conflicts"] == 0, task
    assert task["states"] == {"todo": 1, "draft": 1, "submitted": 1, "sent_back": 0, "settled": 0, "skipped": 1}, task
    people = {entry["annotator"]: entry["states"] for entry in task["annotators"]}
    assert people["bob"]["todo"] == 1 and people["bob"]["draft"] == 1 and people["anna"]["todo"] == 2, people
    shown = assay(place, "--json", "label", "p1.png", "--task", "mugs", annotator="bob").json
    assert shown["state"] == "skipped" and shown["seconds"] == 2.5 and shown["annotator"] == "bob" and not shown["simulated"], shown
    nothing = assay(place, "--json", "label", "p2.png", "--task", "mugs", annotator="anna").json
    assert nothing["state"] == "todo" and nothing["label"] is None and nothing["revisions"] == [], nothing
    names = {entry["name"]: entry for entry in assay(place, "--json", "annotators").json}
    assert names["anna"]["labels"] == 1 and names["bob"]["labels"] == 2 and names["bob"]["kind"] == "person", names


@case
def a_queue_follows_the_plan_on_every_desk_and_gold_stays_secret(directory):
    place = project(directory, 12)
    answer = write_json(directory, "a.json", box(1))
    names = {f"p{i}.png" for i in range(12)}
    plan = write_json(directory, "plan.json", {"overlap": 0, "annotators": ["anna", "bob"],
                                               "assign": [{"annotator": "anna", "names": ["p3"]}], "gold": 1})
    assay(place, "plan", "set", plan)

    def queue(annotator, *words):
        return assay(place, "--json", "queue", "--task", "mugs", *words, annotator=annotator).json["tasks"][0]["items"]
    annas, bobs = {item["name"] for item in queue("anna", "-n", "100")}, {item["name"] for item in queue("bob", "-n", "100")}
    assert annas | bobs == names and not annas & bobs and "p3.png" in annas, (annas, bobs)
    # What the lead has settled and flagged gold comes first here (all are to be gold), as any other item would.
    gold = sorted(annas)[0]
    assay(place, "label", gold, "--task", "mugs", "--set", answer, annotator="lead")
    assay(place, "review", gold, "--task", "mugs", "--truth", "lead", annotator="lead")
    assay(place, "flag", gold, "--set", "gold", annotator="lead")
    first = queue("bob", "-n", "1")[0]
    has(first, "item", "name", "state", "why", "words", "sequence", "position")
    assert first["name"] == gold and first["state"] == "todo" and first["why"] == "assigned", first
    assert assay(place, "--json", "label", gold, "--task", "mugs", annotator="bob").json["label"] is None
    assay(place, "label", gold, "--task", "mugs", "--set", answer, annotator="bob")
    assert queue("bob", "-n", "1")[0]["name"] in bobs - {gold}
    assay(place, "queue", "--task", "none", status=3)
    assay(place, "queue", "-n", "0", status=2)
    rules = write_json(directory, "rules.json", {"items": {"prefix": ["p1", "p2"]}})
    task = assay(place, "--json", "task", "add", "few", "--kind", "box", "--classes", "cup", "--rules", rules).json
    assert task["items"] == 4, task  # p1, p2, p10, p11
    assert {item["name"] for item in assay(place, "--json", "queue", "--task", "few", annotator="cleo").json["tasks"][0]["items"]} == set()
    assay(place, "plan", "set", write_json(directory, "open.json", {"overlap": 0}))
    few = assay(place, "--json", "queue", "--task", "few", annotator="cleo").json["tasks"][0]["items"]
    assert {item["name"] for item in few} == {"p1.png", "p2.png", "p10.png", "p11.png"}, few
    assert {entry["task"]: entry["items"] for entry in assay(place, "--json", "status").json["tasks"]} == {"mugs": 12, "few": 4}
    assert {entry["task"]: entry["items"] for entry in assay(place, "--json", "plan").json["tasks"]} == {"mugs": 12, "few": 4}
    bad = write_json(directory, "bad.json", {"items": {"prefix": 3}})
    assay(place, "task", "add", "bad", "--kind", "box", "--rules", bad, status=3)
    asked = write_json(directory, "asked.json", [{"name": "full", "type": "bool"}])
    assay(place, "task", "add", "bad", "--kind", "box", "--rules", write_json(directory, "list.json", [1]), "--attributes", asked, status=3)
    other = write_json(directory, "other.json", [{"name": "full", "type": "bool", "classes": ["mugs"]}])
    assert "mugs" in assay(place, "task", "add", "bad", "--kind", "box", "--classes", "mug", "--attributes", other, status=3).err


@case
def an_answer_is_taken_back_or_sent_back_with_where_to_look(directory):
    place = project(directory)
    answer = write_json(directory, "a.json", box(1))
    assay(place, "label", "p0.png", "--task", "mugs", "--recall", status=3, annotator="anna")
    assay(place, "label", "p0.png", "--task", "mugs", "--set", answer, annotator="anna")
    assert assay(place, "--json", "label", "p0.png", "--task", "mugs", "--recall", annotator="anna").json["state"] == "draft"
    assay(place, "label", "p0.png", "--task", "mugs", "--set", answer, annotator="anna")
    where = {"box": [1, 2, 3, 4]}
    assay(place, "review", "p0.png", "--task", "mugs", "--send-back", "anna", "--why", "too wide", "--where", json.dumps(where), annotator="rita")
    shown = assay(place, "--json", "label", "p0.png", "--task", "mugs", annotator="anna").json
    assert shown["state"] == "sent_back" and shown["returned"] == {"comment": "too wide", "by": "rita", "where": where}, shown
    first = assay(place, "--json", "queue", annotator="anna").json["tasks"][0]["items"][0]
    assert first["name"] == "p0.png" and first["why"] == "returned", first
    assay(place, "review", "p0.png", "--task", "mugs", "--send-back", "anna", "--where", "[1]", status=2)
    for nowhere in ("{}", '{"box": [1, 2, 3]}', '{"points": [[1]]}', '{"samples": [1, "2"]}', '{"box": [1, 2, 3, 4], "x": 1}'):
        assay(place, "review", "p0.png", "--task", "mugs", "--send-back", "anna", "--where", nowhere, status=2, annotator="nobody yet")
    assay(place, "review", "p0.png", "--task", "mugs", "--truth", "anna", "--where", json.dumps(where), status=2, annotator="nobody yet")
    assert "nobody yet" not in assay(place, "annotators").out
    assay(place, "label", "p0.png", "--task", "mugs", "--set", answer, annotator="anna")
    assay(place, "review", "p0.png", "--task", "mugs", "--truth", "anna", annotator="rita")
    assay(place, "label", "p0.png", "--task", "mugs", "--recall", status=3, annotator="anna")


@case
def what_a_label_prints_can_be_set_again_and_adds_nothing(directory):
    place = project(directory)
    first = assay(place, "--json", "label", "p0.png", "--task", "mugs", "--set", write_json(directory, "a.json", box(1))).json
    again = assay(place, "--json", "label", first["item"][:12], "--task", "mugs", "--set", write_json(directory, "b.json", first)).json
    assert again["id"] == first["id"] and len(again["revisions"]) == 1, again
    assert again["label"]["objects"][0]["id"] == first["label"]["objects"][0]["id"]


@case
def two_programs_label_at_once_and_nothing_is_lost(directory):
    place = project(directory)
    answer = [write_json(directory, f"{i}.json", box(i)) for i in range(8)]
    running = [subprocess.Popen([ASSAY, "-C", place, "label", f"p{i % 3}.png", "--task", "mugs", "--set", answer[i], "--annotator", f"person {i}"],
                                stderr=subprocess.PIPE, text=True) for i in range(8)]
    for one in running:
        _, wrong = one.communicate(timeout=60)
        assert one.returncode == 0, wrong
    task = assay(place, "--json", "status").json["tasks"][0]
    assert task["states"]["submitted"] == 8 and task["labelled"] == 3 and task["undecided"] == 3, task


def main():
    wanted = sys.argv[1:] or [name for name in [os.environ.get("ASSAY_TEST_FILTER")] if name]
    cases = [function for function in CASES if not wanted or function.__name__ in wanted]
    print(f"1..{len(cases)}")
    failed = 0
    for number, function in enumerate(cases, 1):
        with tempfile.TemporaryDirectory(prefix="assay-contract-", ignore_cleanup_errors=True) as directory:
            try:
                function(directory)
                print(f"ok {number} {function.__name__}", flush=True)
            except Exception:  # pylint: disable=broad-except
                failed += 1
                print(f"not ok {number} {function.__name__}", flush=True)
                print("# " + traceback.format_exc().replace("\n", "\n# "), flush=True)
            subprocess.run(["chmod", "-R", "u+w", directory], check=False)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
