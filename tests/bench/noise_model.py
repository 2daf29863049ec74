# SPDX-License-Identifier: GPL-3.0-or-later
"""A model that errs by itself, as models do, and what the field ranks by beside one: the metric against its answer, and cleanlab's scores."""
import json
import math
import os
import subprocess
import sys
import tempfile

WITH_PEERS = False
WHY_NOT = []


class Prediction:
    def __init__(self, answer, confidences, probabilities=None):
        self.answer, self.confidences, self.probabilities = answer, confidences, probabilities

    def objects(self, kind):
        made = []
        for value, confidence in zip(self.answer, self.confidences):
            one = kind.document(*value)
            one["attributes"] = {"confidence": round(confidence, 4)}
            if self.probabilities:
                one["attributes"]["probabilities"] = dict(zip(kind.data["classes"], self.probabilities))
            made.append(one)
        return made


def soften(rand, k, likely):
    """Probabilities of k classes; `likely` has most, mostly."""
    weights = [math.exp(rand.gauss(3.2 if c == likely else 0, 1.0)) for c in range(k)]
    return [w / sum(weights) for w in weights]


def predict(kind, rand, scene):
    """One object in thirty is missed, one picture in thirty has one too many, one class in thirty is another."""
    if kind.kind == "tag":
        probabilities = soften(rand, len(kind.data["classes"]), scene[0][0])
        best = max(range(len(probabilities)), key=probabilities.__getitem__)
        return Prediction([(best, None)], [probabilities[best]], probabilities)
    if kind.kind == "transcript":
        return Prediction(kind.hand(rand, scene, 0.08), [1.0])
    answer, confidences = [], []
    for name, value in kind.hand(rand, scene, 0.03):
        if rand.random() < 1 / 30:
            continue
        wrong = rand.random() < 1 / 30
        answer.append((rand.randrange(len(kind.data["classes"])) if wrong else name, value))
        confidences.append(rand.uniform(0.5, 0.9) if wrong else 1 - rand.random() * 0.08)
    if rand.random() < 1 / 30:
        kind.extra(rand, answer, [], [])
        confidences.append(rand.uniform(0.3, 0.8))
    return Prediction(answer, confidences)


def doubt(kind, answer, prediction):
    """The plain rank: how far the answer is from the model's; of a tag what the model does not give it."""
    if kind.kind == "tag":
        return 1 - prediction.probabilities[answer[0][0]]
    return kind.distance(answer, prediction.answer)


def ask_peer(kind, names, answers, predictions):
    """Cleanlab's label quality, turned round: high is doubtful. None where it has no score for the kind, or cannot be had."""
    if kind.kind not in ("tag", "box", "segmentation") or WHY_NOT:
        return None
    case = {"kind": kind.kind, "k": len(kind.data["classes"]), "width": kind.data["width"], "height": kind.data["height"],
            "answers": answers, "predictions": [{"answer": p.answer, "confidences": p.confidences, "probabilities": p.probabilities} for p in predictions]}
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as out:
        json.dump(case, out)
        out.flush()
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "noise-peer.py")
        ran = subprocess.run([sys.executable, script, out.name], capture_output=True, text=True)
    if ran.returncode != 0:
        WHY_NOT.append((ran.stdout + ran.stderr).strip().splitlines()[-1:] or ["it failed"])
        print(f"# cleanlab: {WHY_NOT[0]}", flush=True)
        return None
    return {name: 1 - score for name, score in zip(names, json.loads(ran.stdout))}
