#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""truth-peer.py VOTES LABELS STEPS: seconds that crowd-kit's Dawid-Skene takes for so many steps on the votes that bench-truth
wrote (task, rater, category as 32-bit numbers), the best of several rounds; the likeliest categories go to LABELS."""
import os
import sys
import time

sys.dont_write_bytecode = True  # nothing is written among the sources
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "peers"))
import peer_venv  # noqa: E402

peer_venv.enter("crowd", "crowdkit.aggregation", ["numpy<2", "crowd-kit"])
import numpy  # noqa: E402
import pandas  # noqa: E402
from crowdkit.aggregation import DawidSkene  # noqa: E402

path, answer, steps = sys.argv[1], sys.argv[2], int(sys.argv[3])
votes = numpy.fromfile(path, dtype=numpy.uint32).reshape(-1, 3).astype(numpy.int64)
frame = pandas.DataFrame(votes, columns=["task", "worker", "label"])
best = float("inf")
for _ in range(3 if len(frame) < 500000 else 1):
    start = time.process_time()
    skene = DawidSkene(n_iter=steps, tol=-1e300).fit(frame)
    best = min(best, time.process_time() - start)
skene.labels_.sort_index().to_numpy().astype(numpy.uint32).tofile(answer)
print(best)
