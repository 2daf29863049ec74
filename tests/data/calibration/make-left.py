#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes left.json: corners of OpenCV's calibration sample (Apache-2.0) by cv2's usual recipe, and the lens that cv2 finds.

python3 make-left.py FOLDER-OF-left*.jpg > left.json      (opencv-python-headless 4.6.0)
"""
import glob
import json
import sys

import cv2
import numpy as np

model = np.zeros((54, 3), np.float32)
model[:, :2] = np.mgrid[0:9, 0:6].T.reshape(-1, 2) * 0.025
corners = []
for path in sorted(glob.glob(sys.argv[1] + "/left*.jpg")):
    grey = cv2.imread(path, cv2.IMREAD_GRAYSCALE)
    found, at = cv2.findChessboardCorners(grey, (9, 6))
    assert found, path
    corners.append(cv2.cornerSubPix(grey, at, (11, 11), (-1, -1), (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_COUNT, 30, 0.001)))
rms, k, d, _, _ = cv2.calibrateCamera([model] * len(corners), corners, (640, 480), None, None)
print(json.dumps({"cv2": cv2.__version__, "rms": rms, "fx": k[0, 0], "fy": k[1, 1], "cx": k[0, 2], "cy": k[1, 2],
                  "distortion": d.ravel().tolist(),
                  "corners": [[[round(float(x), 4), round(float(y), 4)] for x, y in view.reshape(-1, 2)] for view in corners]}))
