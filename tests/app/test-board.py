#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The PDF of a calibration board, read without any PDF library: its squares lie where they belong to a hundredth of a
millimetre. Prints TAP."""
import json
import os
import re
import subprocess
import sys
import tempfile
import zlib

ASSAY = os.environ["ASSAY_BIN"]


def draw(place, board, *words):
    path = os.path.join(place, "board.pdf")
    done = subprocess.run([ASSAY, "board", board, path, "--json", *words], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    with open(path, "rb") as file:
        return json.loads(done.stdout), file.read()


def page_mm(pdf):
    box = re.search(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", pdf)
    return [float(side) * 25.4 / 72 for side in box.groups()]


def rectangles_mm(pdf):
    """Left, top, right, bottom of every closed four-cornered path of the page, from its top left corner."""
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            text = zlib.decompress(stream).decode("latin-1")
        except zlib.error:
            continue
        if not text.startswith("1 0 0 -1 0"):
            continue
        number = r"(-?[\d.]+) (-?[\d.]+) "
        found = re.findall(number + r"m\s+" + (number + r"l\s+") * 3 + "h", text)
        points = [[float(value) * 25.4 / 72 for value in path] for path in found]
        return [(min(p[0::2]), min(p[1::2]), max(p[0::2]), max(p[1::2])) for p in points]
    raise AssertionError("the page has no drawing")


def squares_of_a_chessboard_are_exact(place):
    answer, pdf = draw(place, "chessboard:9x6:25")
    assert [round(side, 2) for side in page_mm(pdf)] == [297, 210] == answer["page_mm"], page_mm(pdf)
    left, top, _, _ = answer["board_mm"]
    want = [(left + 25 * x, top + 25 * y, left + 25 * (x + 1), top + 25 * (y + 1)) for y in range(7) for x in range(y % 2, 10, 2)]
    got = rectangles_mm(pdf)[:len(want)]
    worst = max(abs(a - b) for one, other in zip(want, got) for a, b in zip(one, other))
    assert len(got) == 35 and worst < 0.01, worst


def the_bar_is_100_mm_long(place):
    answer, pdf = draw(place, "charuco:7x9:25", "--paper", "letter")
    x, y, length = answer["bar_mm"]
    bars = [r for r in rectangles_mm(pdf) if abs((r[1] + r[3]) / 2 - y) < 0.01 and r[0] < x + length]
    assert bars and abs(min(r[0] for r in bars) - x) < 0.01 and abs(max(r[2] for r in bars) - x - 100) < 0.01, bars


def what_does_not_fit_is_refused_and_leaves_nothing(place):
    path = os.path.join(place, "large.pdf")
    done = subprocess.run([ASSAY, "board", "chessboard:9x6:40", path], capture_output=True, text=True, timeout=60)
    assert done.returncode == 2 and "do not fit on a4" in done.stderr and not os.path.exists(path), done.stderr
    answer, pdf = draw(place, "chessboard:9x6:38", "--paper", "A3")
    assert answer["paper"] == "a3" and [round(side) for side in page_mm(pdf)] == [420, 297]


CASES = [squares_of_a_chessboard_are_exact, the_bar_is_100_mm_long, what_does_not_fit_is_refused_and_leaves_nothing]
print(f"1..{len(CASES)}")
failed = 0
for number, case in enumerate(CASES, 1):
    with tempfile.TemporaryDirectory() as directory:
        try:
            case(directory)
            print(f"ok {number} - {case.__name__}")
        except Exception as error:  # pylint: disable=broad-except
            failed += 1
            print(f"not ok {number} - {case.__name__}\n# {error!r}")
sys.exit(failed > 0)
