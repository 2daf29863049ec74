#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""noise-peer.py CASE: cleanlab's label quality of each item of a case that noise_model.py wrote, as a list of JSON."""
import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "peers"))
import peer_venv  # noqa: E402

peer_venv.enter("cleanlab", "cleanlab", ["cleanlab"])
import numpy  # noqa: E402

SIDE = 4  # pixels of a mask that become one


def tags(case):
    from cleanlab.rank import get_label_quality_scores
    labels = numpy.array([answer[0][0] for answer in case["answers"]])
    return get_label_quality_scores(labels, numpy.array([p["probabilities"] for p in case["predictions"]]))


def boxes(case):
    from cleanlab.object_detection.rank import get_label_quality_scores
    def corners(box):
        return [box[0], box[1], box[0] + box[2], box[1] + box[3]]
    labels = [{"bboxes": numpy.array([corners(box) for _, box in answer]).reshape(-1, 4), "labels": numpy.array([name for name, _ in answer], dtype=int)}
              for answer in case["answers"]]
    predictions = []
    for p in case["predictions"]:
        rows = [[corners(box) + [sure] for (name, box), sure in zip(p["answer"], p["confidences"]) if name == c] for c in range(case["k"])]
        predictions.append(numpy.array([numpy.array(row).reshape(-1, 5) for row in rows] + [None], dtype=object)[:-1])
    return get_label_quality_scores(labels, predictions, verbose=False)


def inside(corners, case):
    ys, xs = numpy.mgrid[0:case["height"]:SIDE, 0:case["width"]:SIDE] + SIDE / 2
    odd = numpy.zeros(xs.shape, dtype=bool)
    for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1]):
        if ay != by:
            odd ^= ((ay <= ys) != (by <= ys)) & (xs < ax + (ys - ay) * (bx - ax) / (by - ay))
    return odd


def masks(case):
    from cleanlab.segmentation.rank import get_label_quality_scores
    labels, tables = [], []
    for answer, p in zip(case["answers"], case["predictions"]):
        label = numpy.zeros((case["height"] // SIDE, case["width"] // SIDE), dtype=int)
        table = numpy.full((case["k"] + 1, *label.shape), 0.05 / case["k"])
        table[0] = 0.95
        for name, value in answer:
            label[inside(value, case)] = name + 1
        for (name, value), sure in zip(p["answer"], p["confidences"]):
            where = inside(value, case)
            table[:, where] = (1 - sure) / case["k"]
            table[name + 1, where] = sure
        labels.append(label)
        tables.append(table)
    return get_label_quality_scores(numpy.array(labels), numpy.array(tables), method="softmin", verbose=False)[0]


def main():
    with open(sys.argv[1], encoding="utf-8") as source:
        case = json.load(source)
    scores = {"tag": tags, "box": boxes, "segmentation": masks}[case["kind"]](case)
    print(json.dumps([float(score) for score in scores]))


main()
