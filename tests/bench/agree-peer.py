#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""agree-peer.py alpha PATH RATERS LEVEL | masks PATH WIDTH HEIGHT OBJECTS: seconds that the package krippendorff, or pycocotools
with scipy's assignment, takes for what bench-agree wrote (the best of several rounds), and its answer."""
import os
import sys
import time

sys.dont_write_bytecode = True  # nothing is written among the sources
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "peers"))
import peer_venv  # noqa: E402

peer_venv.enter("agree", "krippendorff, pycocotools.mask, scipy.optimize", ["numpy", "scipy", "pycocotools", "krippendorff"])
import krippendorff  # noqa: E402
import numpy  # noqa: E402
from pycocotools import mask  # noqa: E402
from scipy.optimize import linear_sum_assignment  # noqa: E402


def best_of(rounds, work):
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        answer = work()
        best = min(best, time.process_time() - start)
    print(best, repr(float(answer)))


def alpha(path, raters, level):
    data = numpy.fromfile(path).reshape(int(raters), -1)
    best_of(7, lambda: krippendorff.alpha(reliability_data=data, level_of_measurement=level))


def masks(path, width, height, n):
    size, n = [int(height), int(width)], int(n)
    lines = [line.encode() for line in open(path, encoding="ascii").read().split()]
    answers = [[{"size": size, "counts": counts} for counts in lines[i : i + n]] for i in range(0, len(lines), n)]
    crowd = [0] * n

    def work():
        total, matched = 0.0, 0
        for a, b in zip(answers[::2], answers[1::2]):
            iou = mask.iou(a, b, crowd)
            rows, columns = linear_sum_assignment(iou, maximize=True)
            pairs = iou[rows, columns]
            pairs = pairs[pairs >= 0.1]
            total += pairs.sum()
            matched += len(pairs)
        return total / matched

    best_of(3, work)


{"alpha": alpha, "masks": masks}[sys.argv[1]](*sys.argv[2:])
