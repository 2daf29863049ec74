#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""pycocotools loads what Assay exports, and finds the same pixels.

Random outlines and run lengths go in through `assay import` and out through `assay export`; pycocotools rasterises both
ends. Every mask must be the same to the pixel, its area ours, every keypoint in its place, and COCOeval of an export
against itself perfect. Makes a venv of its own; where the Python registry cannot be reached it says so and is skipped.
"""
import json
import os
import random
import struct
import subprocess
import sys
import tempfile
import zlib

sys.dont_write_bytecode = True  # nothing is written among the sources
import peer_venv  # noqa: E402

WANTED = ["numpy", "pycocotools"]
WIDTH, HEIGHT = 160, 120


def write_png(path, value):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + bytes((value * 7 + x * y) % 256 for x in range(WIDTH)) for y in range(HEIGHT))
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 0, 0, 0, 0))
                   + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def assay(*words):
    done = subprocess.run([os.environ["ASSAY_BIN"], *words], capture_output=True, text=True)
    assert done.returncode == 0, f"assay {' '.join(words)}: {done.stderr}"
    return json.loads(done.stdout) if "--json" in words else done.stdout


def random_polygon(rng):
    """Edges cross, leave the picture, and have coordinates with many digits."""
    middle = rng.uniform(0, WIDTH), rng.uniform(0, HEIGHT)
    return [round(c + rng.uniform(-40, 40), rng.choice([0, 1, 2, 9])) for _ in range(rng.randint(3, 12)) for c in middle]


def make_dataset(folder, rng, coco_mask, numpy):
    images, annotations = [], []
    os.makedirs(os.path.join(folder, "pictures"))
    for i in range(1, 31):
        name = f"pictures/p {i}.png"
        write_png(os.path.join(folder, name), i)
        images.append({"id": i * 3, "file_name": name, "width": WIDTH, "height": HEIGHT})
        for _ in range(rng.randint(0, 8)):
            crowd = 0
            kind = rng.randrange(4)
            if kind < 2:
                segmentation = [random_polygon(rng) for _ in range(rng.choice([1, 1, 2, 3]))]
            else:
                mask = numpy.zeros((HEIGHT, WIDTH), dtype=numpy.uint8, order="F")
                for _ in range(rng.randint(1, 5)):
                    x, y = rng.randrange(WIDTH), rng.randrange(HEIGHT)
                    mask[y:y + rng.randint(1, 30), x:x + rng.randint(1, 30)] ^= 1
                if not mask.any():
                    continue
                segmentation = coco_mask.encode(mask)
                segmentation["counts"] = segmentation["counts"].decode()
                if kind == 3:
                    runs, last = [], 0
                    flat = mask.flatten(order="F")
                    runs.append(0)
                    for value in flat:
                        if value != last:
                            runs.append(0)
                            last = value
                        runs[-1] += 1
                    segmentation = {"size": [HEIGHT, WIDTH], "counts": runs}
                    crowd = 1
            annotations.append({"id": len(annotations) + 1, "image_id": i * 3, "category_id": rng.choice([2, 44, 90]),
                                "segmentation": segmentation, "iscrowd": crowd, "bbox": [0, 0, 1, 1], "area": 1})
    categories = [{"id": n, "name": name} for n, name in ((2, "two"), (44, "forty-four"), (90, "ninety"))]
    with open(os.path.join(folder, "things.json"), "w", encoding="utf-8") as file:
        json.dump({"images": images, "annotations": annotations, "categories": categories}, file)


def make_people(folder, rng):
    nodes = ["nose", "left_eye", "right_eye", "tail"]
    annotations = []
    for i in range(1, 31):
        points = []
        for _ in nodes:
            v = rng.randrange(3)
            points += [rng.uniform(1, WIDTH - 1), rng.uniform(1, HEIGHT - 1), v] if v else [0, 0, 0]
        annotations.append({"id": i, "image_id": i * 3, "category_id": 1, "keypoints": points, "iscrowd": 0,
                            "num_keypoints": sum(v > 0 for v in points[2::3]), "bbox": [5, 6, 70, 80.5], "area": 2000.25})
    images = [{"id": i * 3, "file_name": f"pictures/p {i}.png", "width": WIDTH, "height": HEIGHT} for i in range(1, 31)]
    with open(os.path.join(folder, "people.json"), "w", encoding="utf-8") as file:
        json.dump({"images": images, "annotations": annotations,
                   "categories": [{"id": 1, "name": "cat", "keypoints": nodes, "skeleton": [[1, 2], [1, 3]]}]}, file)


def load(COCO, out, base):
    """All splits of an export: (COCO, {annotation id: annotation})."""
    loaded = []
    for split in ("train", "val", "test"):
        path = os.path.join(out, "annotations", f"{base}_{split}.json")
        if os.path.exists(path):
            loaded.append(COCO(path))
    return loaded


def perfect(COCOeval, numpy, truth, kind):
    """The score of an export against itself, with crowds left out of the results as they are in COCO's own."""
    results = [dict(a, score=1.0) for a in truth.dataset["annotations"] if not a["iscrowd"] and a.get("num_keypoints", 1) > 0]
    if not results:
        return
    evaluation = COCOeval(truth, truth.loadRes(json.loads(json.dumps(results))), kind)
    if kind == "keypoints":
        evaluation.params.kpt_oks_sigmas = numpy.array([0.05] * 4)
    evaluation.params.maxDets = [20] if kind == "keypoints" else [1, 10, 100]
    evaluation.evaluate()
    evaluation.accumulate()
    precision = evaluation.eval["precision"][..., -1]  # of the largest number of detections
    assert (precision[precision > -1] > 0.999).all(), (kind, precision[precision > -1].min())


def main():
    peer_venv.enter("coco", "pycocotools.mask", WANTED)
    import numpy
    from pycocotools import mask as coco_mask
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval
    rng = random.Random(20261121)
    with tempfile.TemporaryDirectory(prefix="assay-peer-") as place:
        folder, project, out = (os.path.join(place, name) for name in ("in", "project", "out"))
        make_dataset(folder, rng, coco_mask, numpy)
        make_people(folder, rng)
        assay("init", project)
        imported = assay("-C", project, "--json", "import", folder)
        exported = assay("-C", project, "--json", "export", out, "--format", "coco", "--working")
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # pycocotools talks
        before = COCO(os.path.join(folder, "things.json"))
        people = COCO(os.path.join(folder, "people.json"))
        after, after_people = load(COCO, out, "instances"), load(COCO, out, "keypoints")
        masks = points = empty = 0
        for annotation in before.dataset["annotations"]:
            theirs = before.annToMask(annotation)
            ours = [coco for coco in after if annotation["id"] in coco.anns]
            if not theirs.any():
                assert not ours, f"annotation {annotation['id']} covers nothing"
                empty += 1
                continue
            assert len(ours) == 1, f"annotation {annotation['id']} is in {len(ours)} files"
            mine = ours[0].anns[annotation["id"]]
            again = ours[0].annToMask(mine)
            assert (again == theirs).all(), f"annotation {annotation['id']}: {(again != theirs).sum()} pixels differ"
            assert mine["area"] == int(theirs.sum()), (mine["area"], int(theirs.sum()))
            assert mine["category_id"] == annotation["category_id"] and mine["iscrowd"] == annotation["iscrowd"]
            assert mine["bbox"] == list(coco_mask.toBbox(coco_mask.encode(numpy.asfortranarray(theirs)))), mine
            masks += 1
        unlabelled = 0
        for annotation in people.dataset["annotations"]:
            if annotation["num_keypoints"] == 0:
                unlabelled += 1
                continue
            mine = next(coco.anns[annotation["id"]] for coco in after_people if annotation["id"] in coco.anns)
            assert mine["keypoints"] == annotation["keypoints"], (mine, annotation)
            assert mine["num_keypoints"] == annotation["num_keypoints"] and mine["area"] == annotation["area"]
            assert mine["bbox"] == annotation["bbox"]
            points += mine["num_keypoints"]
        # Pictures without annotations stay.
        assert sum(len(coco.imgs) for coco in after) == 30, [len(coco.imgs) for coco in after]
        assert imported["lossy"] == [{"what": "objects of which no keypoint is labelled", "count": unlabelled}], imported
        assert imported["skipped_total"] == empty and not exported["lossy"], (imported, exported)
        for coco in after:
            perfect(COCOeval, numpy, coco, "segm")
        for coco in after_people:
            perfect(COCOeval, numpy, coco, "keypoints")
        sys.stdout = sys.__stdout__
        print(f"{masks} masks equal to the pixel, {points} keypoints in their place, {empty} outlines that cover no pixel refused")


if __name__ == "__main__":
    main()
