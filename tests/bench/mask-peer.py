#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""mask-peer.py PIXELS SIDE N: seconds that pycocotools takes to encode, decode, merge and compare (N x N) the masks that
bench-mask wrote: the best of several rounds. One call for all masks of a kind."""
import os
import sys
import time

sys.dont_write_bytecode = True  # nothing is written among the sources
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "peers"))
import peer_venv  # noqa: E402

peer_venv.enter("coco", "pycocotools.mask", ["numpy", "pycocotools"])
import numpy  # noqa: E402
from pycocotools import mask  # noqa: E402

ROUNDS = 7
path, side, n = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
pixels = numpy.fromfile(path, dtype=numpy.uint8).reshape(n, side, side)
pixels = numpy.asfortranarray(numpy.moveaxis(pixels, 0, 2))
best = [float("inf")] * 4


def timed(k, work):
    start = time.process_time()
    answer = work()
    best[k] = min(best[k], time.process_time() - start)
    return answer


for _ in range(ROUNDS):
    texts = timed(0, lambda: mask.encode(pixels))
    again = timed(1, lambda: mask.decode(texts))
    timed(2, lambda: mask.merge(texts))
    timed(3, lambda: mask.iou(texts, texts, [0] * n))
    assert (again == pixels).all()
print(*best)
