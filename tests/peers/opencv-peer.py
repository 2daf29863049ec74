#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""OpenCV's own Python judges the calibrations: cv2.calibrateCamera and cv2.stereoCalibrate on the very corners that Assay
found must give the same lens and the same place within 0.1 %.

Makes a venv of its own; where the Python registry or the sample pictures cannot be had it says so and is skipped.
"""
import json
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True  # nothing is written among the sources
import peer_venv  # noqa: E402

WANTED = ["numpy<2", "opencv-python-headless<4.12"]
SAMPLES = os.path.join(os.environ.get("ASSAY_SAMPLES", os.path.join(os.environ["ASSAY_SOURCE"], "..", "shared", "samples")), "calibration")


def assay(*words):
    done = subprocess.run([os.environ["ASSAY_BIN"], *words, "--json"], capture_output=True, text=True)
    assert done.returncode == 0, f"assay {' '.join(words)}: {done.stderr}"
    return json.loads(done.stdout)


def near(ours, theirs, what, share=0.001):
    print(f"{what}: {ours:.6f}, cv2 {theirs:.6f}")
    assert abs(ours - theirs) <= share * abs(theirs), what


peer_venv.enter("cv2", "cv2", WANTED)
import cv2  # noqa: E402
import numpy as np  # noqa: E402

MODEL = np.zeros((54, 3), np.float32)
MODEL[:, :2] = np.mgrid[0:9, 0:6].T.reshape(-1, 2) * 0.025


def corners(answer):
    """OpenCV's pixel centres lie at integers."""
    return {os.path.basename(view["path"]): np.array(view["image_px"], np.float32).reshape(-1, 1, 2) - np.float32(0.5)
            for view in answer["views"]}


def solve(views, size):
    return cv2.calibrateCamera([MODEL] * len(views), views, size, None, None)


def one_camera():
    if not os.path.isdir(SAMPLES):
        return print("# not run: OpenCV's left views are not at $ASSAY_SAMPLES")
    for window in ("11", "auto"):
        ours = assay("calibrate", "--board", "chessboard:9x6:25", "--window", window, SAMPLES)
        rms, k, _, _, _ = solve(list(corners(ours).values()), (640, 480))
        assert ours["used"] == 13
        for name, theirs in (("fx", k[0, 0]), ("fy", k[1, 1]), ("cx", k[0, 2]), ("cy", k[1, 2]), ("rms_px", rms)):
            near(ours[name], theirs, f"window {window}, {name}")


def two_cameras(place):
    """A board drawn by OpenCV for two pinholes, 60 mm apart."""
    mm = 8
    board = np.full((9 * 25 * mm, 12 * 25 * mm), 255, np.uint8)
    for y in range(7):
        for x in range(y % 2, 10, 2):
            board[(y + 1) * 25 * mm:(y + 2) * 25 * mm, (x + 1) * 25 * mm:(x + 2) * 25 * mm] = 0
    # Sheet pixels to metres from the first inner corner.
    sheet = np.array([[0.001 / mm, 0, -0.05 + 0.0005 / mm], [0, 0.001 / mm, -0.05 + 0.0005 / mm], [0, 0, 1]])
    random = np.random.default_rng(3)
    turn, _ = cv2.Rodrigues(np.array([0.01, 0.08, -0.02]))
    sides = [("left", np.array([[700, 0, 322], [0, 702, 239], [0, 0, 1.0]]), np.eye(3), np.zeros(3)),
             ("right", np.array([[690, 0, 317], [0, 688, 243], [0, 0, 1.0]]), turn, np.array([-0.06, 0.002, 0.003]))]
    for i in range(12):
        r, _ = cv2.Rodrigues(random.uniform(-0.5, 0.5, 3) * [1, 1, 0.4])
        t = np.array([random.uniform(-0.02, 0.06), random.uniform(-0.04, 0.04), random.uniform(0.42, 0.55)]) - r @ [0.1, 0.0625, 0]
        for name, k, side_r, side_t in sides:
            rr, tt = side_r @ r, side_r @ t + side_t
            plane = k @ np.column_stack([rr[:, 0], rr[:, 1], tt]) @ sheet
            large = cv2.warpPerspective(board, np.diag([4, 4, 1]) @ np.array([[1, 0, 0.375], [0, 1, 0.375], [0, 0, 1]]) @ plane,
                                        (2560, 1920), flags=cv2.INTER_LINEAR, borderValue=180)
            os.makedirs(os.path.join(place, name), exist_ok=True)
            cv2.imwrite(os.path.join(place, name, f"{i:02}.png"), cv2.GaussianBlur(cv2.resize(large, (640, 480), interpolation=cv2.INTER_AREA), (0, 0), 0.7))
    ours = assay("calibrate", "--board", "chessboard:9x6:25", "--stereo", os.path.join(place, "left"), os.path.join(place, "right"))
    left, right = corners(ours["left"]), corners(ours["right"])
    names = sorted(set(left) & set(right))
    lens = []
    for views in (left, right):
        _, k, d, _, _ = solve(list(views.values()), (640, 480))
        lens += [k, d]
    rms, *_, r, t, _, _ = cv2.stereoCalibrate([MODEL] * len(names), [left[n] for n in names], [right[n] for n in names], *lens, (640, 480),
                                              criteria=(cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_COUNT, 100, 1e-9),
                                              flags=cv2.CALIB_FIX_INTRINSIC)
    near(ours["baseline_m"], float(np.linalg.norm(t)), "baseline")
    near(ours["rms_px"], rms, "rms of the pair")
    assert np.abs(np.array(ours["r"]).reshape(3, 3) - r).max() < 1e-4, (ours["r"], r)
    near(ours["baseline_m"], float(np.linalg.norm(sides[1][3])), "baseline against the truth", 0.02)


one_camera()
with tempfile.TemporaryDirectory() as directory:
    two_cameras(directory)
print("ok")
