# SPDX-License-Identifier: GPL-3.0-or-later
"""What the planted errors are made of, kind by kind: a scene, a hand that answers about it, the errors that hands make, and the plain metric that the
field would rank by. An answer is a list of (class, value). No code is shared with the checks."""
import math

PEOPLE = ["ann", "bob", "cem"]
WORDS = ("the boat went up river and back again while old men sat by water talking of rain harvest prices that spring had brought to every village "
         "between hills where no road was ever built until late in summer").split()
OTHER_WORDS = ("please turn left at next signal then keep right for two miles before taking exit toward airport parking garage level three near gate "
               "seven and call desk when your luggage has not arrived within half an hour").split()

# Thresholds were looked at with the first; figures are told of the second: other sizes, shapes, classes, words and seed.
LOOKED_AT = {"name": "looked at", "seed": 1, "width": 320, "height": 240, "classes": ["cup", "bowl", "plate", "spoon"], "corners": 4, "words": WORDS,
             "hand": 1.0, "objects": (2, 5)}
REPORTED = {"name": "reported", "seed": 5, "width": 480, "height": 360, "classes": ["car", "bus", "bike", "dog", "cat"], "corners": 9, "words": OTHER_WORDS,
            "hand": 1.3, "objects": (1, 6)}


def clamp(value, low, high):
    return min(max(value, low), high)


def pick_other(rand, data, name):
    return rand.choice([other for other in range(len(data["classes"])) if other != name])


def greedy(one, other, alike):
    """The mean distance of two answers: greedily matched, what is left counts 1. Classes are not looked at."""
    pairs = sorted(((alike(a, b), p, q) for p, (_, a) in enumerate(one) for q, (_, b) in enumerate(other)), reverse=True)
    used_a, used_b, total = set(), set(), 0.0
    for value, p, q in pairs:
        if value > 0 and p not in used_a and q not in used_b:
            used_a.add(p)
            used_b.add(q)
            total += 1 - value
    left = len(one) + len(other) - 2 * len(used_a)
    return (total + left) / max(len(used_a) + left, 1)


class Things:
    """Boxes and masks: things in a grid of cells, so that they lie apart."""

    def __init__(self, data):
        self.data = data

    def scene(self, rand):
        cell_w, cell_h = self.data["width"] / 4, self.data["height"] / 3
        cells = rand.sample([(x, y) for x in range(4) for y in range(3)], rand.randint(*self.data["objects"]))
        return [(rand.randrange(len(self.data["classes"])), self.draw(rand, x * cell_w, y * cell_h, cell_w, cell_h)) for x, y in cells]

    def hand(self, rand, truth, share=0.015):
        return [(name, self.jitter(rand, value, share * self.data["hand"])) for name, value in truth]

    def missing(self, rand, answer, others, before):
        del answer[rand.randrange(len(answer))]

    def extra(self, rand, answer, others, before):
        w, h = self.data["width"] / 9, self.data["height"] / 7
        answer.append((rand.randrange(len(self.data["classes"])), self.draw(rand, rand.uniform(0, self.data["width"] - w),
                                                                           rand.uniform(0, self.data["height"] - h), w, h)))

    def flipped(self, rand, answer, others, before):
        at = rand.randrange(len(answer))
        answer[at] = (pick_other(rand, self.data, answer[at][0]), answer[at][1])

    def sloppy(self, rand, answer, others, before):
        at = rand.randrange(len(answer))
        answer[at] = (answer[at][0], self.jitter(rand, answer[at][1], 0.12))

    def copied(self, rand, answer, others, before):
        answer[:] = list(others[1])

    def lazy(self, rand, answer, others, before):
        """What the picture before had, left as it was."""
        answer[:] = list(before)


class Boxes(Things):
    kind = "box"

    def draw(self, rand, x, y, w, h):
        width, height = rand.uniform(0.45, 0.8) * w, rand.uniform(0.45, 0.8) * h
        return (x + rand.uniform(0.02, 0.18) * w, y + rand.uniform(0.02, 0.18) * h, width, height)

    def jitter(self, rand, box, share):
        x, y, w, h = box
        left, top = x + rand.gauss(0, share * w), y + rand.gauss(0, share * h)
        right, bottom = x + w + rand.gauss(0, share * w), y + h + rand.gauss(0, share * h)
        left, top = clamp(left, 0, self.data["width"] - 4), clamp(top, 0, self.data["height"] - 4)
        return (left, top, clamp(right, left + 2, self.data["width"]) - left, clamp(bottom, top + 2, self.data["height"]) - top)

    def shifted(self, rand, answer, others, before):
        at = rand.randrange(len(answer))
        name, (x, y, w, h) = answer[at]
        answer[at] = (name, (clamp(x + 0.3 * w, 0, self.data["width"] - w), y, w, h))

    errors = ["shifted", "sloppy", "missing", "extra", "flipped", "lazy"]
    errors_of_one = ["shifted", "missing", "extra", "flipped"]

    @staticmethod
    def alike(a, b):
        w = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
        h = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
        both = max(w, 0) * max(h, 0)
        return both / (a[2] * a[3] + b[2] * b[3] - both)

    def distance(self, one, other):
        return greedy(one, other, self.alike)

    def document(self, name, value):
        return {"class": self.data["classes"][name], "box": [round(v, 2) for v in value]}


def fill(corners):
    """The pixels inside, by their middles: a number of bits a row."""
    rows = {}
    for y in range(int(min(b for _, b in corners)), int(max(b for _, b in corners)) + 1):
        crossings = sorted(ax + (y + 0.5 - ay) * (bx - ax) / (by - ay) for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1])
                           if (ay <= y + 0.5) != (by <= y + 0.5))
        bits = 0
        for left, right in zip(crossings[::2], crossings[1::2]):
            bits |= (1 << max(int(right + 0.5), 0)) - (1 << max(int(left + 0.5), 0))
        if bits:
            rows[y] = bits
    return rows


def count(rows):
    return sum(bits.bit_count() for bits in rows.values())


class Masks(Things):
    kind = "segmentation"

    def __init__(self, data):
        super().__init__(data)
        self.filled = {}

    def draw(self, rand, x, y, w, h):
        n, turn = self.data["corners"], rand.uniform(0, 1)
        rx, ry = rand.uniform(0.3, 0.44) * w, rand.uniform(0.3, 0.44) * h
        return [(x + w / 2 + rx * math.cos(2 * math.pi * (i + turn) / n), y + h / 2 + ry * math.sin(2 * math.pi * (i + turn) / n)) for i in range(n)]

    def jitter(self, rand, corners, share):
        size = max(x for x, _ in corners) - min(x for x, _ in corners)
        return [(clamp(x + rand.gauss(0, share * size), 0, self.data["width"]), clamp(y + rand.gauss(0, share * size), 0, self.data["height"]))
                for x, y in corners]

    def shifted(self, rand, answer, others, before):
        at = rand.randrange(len(answer))
        name, corners = answer[at]
        by = 0.3 * (max(x for x, _ in corners) - min(x for x, _ in corners))
        answer[at] = (name, [(min(x + by, self.data["width"]), y) for x, y in corners])

    errors = ["shifted", "sloppy", "missing", "extra", "flipped", "copied", "lazy"]
    errors_of_one = ["shifted", "missing", "extra", "flipped"]

    def pixels(self, corners):
        key = tuple(corners)
        if key not in self.filled:
            self.filled[key] = fill(corners)
        return self.filled[key]

    def alike(self, one, other):
        a, b = self.pixels(one), self.pixels(other)
        both = sum((bits & b[y]).bit_count() for y, bits in a.items() if y in b)
        return both / max(count(a) + count(b) - both, 1)

    def distance(self, one, other):
        return greedy(one, other, self.alike)

    def document(self, name, value):
        return {"class": self.data["classes"][name], "rings": [{"points": [[round(x, 2), round(y, 2)] for x, y in value]}]}


class Skeletons(Things):
    kind = "keypoints"
    NODES = ["head", "neck", "left_hand", "right_hand", "left_foot", "right_foot"]
    MIRROR = {"left_hand": "right_hand", "right_hand": "left_hand", "left_foot": "right_foot", "right_foot": "left_foot"}
    PLACES = [(0.5, 0.06), (0.5, 0.25), (0.1, 0.45), (0.9, 0.5), (0.3, 0.95), (0.72, 0.92)]
    SKELETON = {"nodes": [{"name": name, **({"mirror": {"left_hand": "right_hand", "right_hand": "left_hand", "left_foot": "right_foot",
                                                          "right_foot": "left_foot"}[name]} if "_" in name else {})} for name in NODES],
                "edges": [["head", "neck"], ["neck", "left_hand"], ["neck", "right_hand"], ["neck", "left_foot"], ["neck", "right_foot"]]}

    def scene(self, rand):
        return [(0, value) for _, value in super().scene(rand)]

    def draw(self, rand, x, y, w, h):
        return {name: (x + w * (px * 0.7 + 0.15 + rand.uniform(-0.06, 0.06)), y + h * (py * 0.8 + 0.1 + rand.uniform(-0.04, 0.04)))
                for name, (px, py) in zip(self.NODES, self.PLACES)}

    def jitter(self, rand, points, share):
        size = self.size(points)
        return {name: (clamp(x + rand.gauss(0, share * size), 0, self.data["width"]), clamp(y + rand.gauss(0, share * size), 0, self.data["height"]))
                for name, (x, y) in points.items()}

    @staticmethod
    def size(points):
        xs, ys = [x for x, _ in points.values()], [y for _, y in points.values()]
        return math.sqrt(max((max(xs) - min(xs)) * (max(ys) - min(ys)), 1))

    def change(self, rand, answer, how):
        at = rand.randrange(len(answer))
        points = dict(answer[at][1])
        how(points)
        answer[at] = (answer[at][0], points)

    def shifted(self, rand, answer, others, before):
        def move(points):
            name, by = rand.choice(self.NODES), 0.3 * self.size(points)
            points[name] = (clamp(points[name][0] + by, 0, self.data["width"]), points[name][1])
        self.change(rand, answer, move)

    def mirrored(self, rand, answer, others, before):
        self.change(rand, answer, lambda points: points.update({name: dict(points)[self.MIRROR[name]] for name in self.MIRROR}))

    def swapped(self, rand, answer, others, before):
        def swap(points):
            a, b = rand.choice([("head", "left_hand"), ("right_hand", "right_foot"), ("neck", "left_foot")])
            points[a], points[b] = points[b], points[a]
        self.change(rand, answer, swap)

    def unplaced(self, rand, answer, others, before):
        self.change(rand, answer, lambda points: points.pop(rand.choice(self.NODES)))

    errors = ["shifted", "mirrored", "swapped", "unplaced", "missing", "copied", "lazy"]
    errors_of_one = []

    def alike(self, a, b):
        """OKS, both ways, COCO's k of 0.1."""
        def one_way(truth, other):
            area = self.size(truth) ** 2
            return sum(math.exp(-((truth[n][0] - other[n][0]) ** 2 + (truth[n][1] - other[n][1]) ** 2) / (2 * area * 0.01)) if n in other else 0
                       for n in truth) / max(len(truth), 1)
        return (one_way(a, b) + one_way(b, a)) / 2

    def distance(self, one, other):
        return greedy(one, other, self.alike)

    def document(self, name, value):
        return {"class": "person", "points": [{"node": node, "state": "visible", "at": [round(v, 2) for v in value[node]]} if node in value
                                              else {"node": node, "state": "unlabelled"} for node in self.NODES]}


class Transcripts:
    kind = "transcript"

    def __init__(self, data):
        self.data = data

    def scene(self, rand):
        return [(0, [rand.choice(self.data["words"]) for _ in range(rand.randint(6, 12))])]

    def hand(self, rand, truth, share=0.0):
        """People write what they hear, one word in three hundred otherwise."""
        return [(name, [rand.choice(self.data["words"]) if rand.random() < (share or 1 / 300) else word for word in words]) for name, words in truth]

    def wrong(self, rand, answer, others, before):
        words = list(answer[0][1])
        for at in rand.sample(range(len(words)), 2):
            words[at] = rand.choice(["window", "seldom", "yellow", "carpet"])
        answer[0] = (0, words)

    def fillers(self, rand, answer, others, before):
        words = list(answer[0][1])
        for _ in range(2):
            words.insert(rand.randrange(len(words)), rand.choice(["um", "uh"]))
        answer[0] = (0, words)

    def dropped(self, rand, answer, others, before):
        words = list(answer[0][1])
        at = rand.randrange(len(words) - 3)
        answer[0] = (0, words[:at] + words[at + 3:])

    def lazy(self, rand, answer, others, before):
        answer[0] = (0, answer[0][1][:2])

    def another(self, rand, answer, others, before):
        answer[:] = list(before)

    errors = ["wrong", "fillers", "dropped", "lazy"]
    errors_of_one = ["dropped", "lazy", "another"]

    def distance(self, one, other):
        """WER, both ways."""
        a, b = one[0][1], other[0][1]
        row = list(range(len(b) + 1))
        for i, word in enumerate(a, 1):
            last, row[0] = row[0], i
            for j, heard in enumerate(b, 1):
                last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (word != heard))
        return (row[-1] / max(len(a), 1) + row[-1] / max(len(b), 1)) / 2

    def document(self, name, value):
        return {"start": 1600, "end": 1600 + 4800 * 2, "text": " ".join(value)}


class Tags:
    kind = "tag"

    def __init__(self, data):
        self.data = data

    def scene(self, rand):
        return [(rand.randrange(len(self.data["classes"])), None)]

    def hand(self, rand, truth, share=0.0):
        return list(truth)

    def flipped(self, rand, answer, others, before):
        answer[0] = (pick_other(rand, self.data, answer[0][0]), None)

    def lazy(self, rand, answer, others, before):
        """Always the first class; where that is right it is no error."""
        answer[0] = (0 if answer[0][0] != 0 else 1, None)

    errors = ["flipped", "lazy"]
    errors_of_one = ["flipped"]

    def distance(self, one, other):
        return float(one != other)

    def document(self, name, value):
        return {"class": self.data["classes"][name]}


def turn(axis, degrees):
    length = math.sqrt(sum(a * a for a in axis))
    x, y, z = (a / length for a in axis)
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return [[c + x * x * (1 - c), x * y * (1 - c) - z * s, x * z * (1 - c) + y * s],
            [y * x * (1 - c) + z * s, c + y * y * (1 - c), y * z * (1 - c) - x * s],
            [z * x * (1 - c) - y * s, z * y * (1 - c) + x * s, c + z * z * (1 - c)]]


def times(a, b):
    return [[sum(a[i][k] * b[k][j] for k in range(3)) for j in range(3)] for i in range(3)]


class Poses:
    kind = "pose"

    def __init__(self, data):
        self.data = data

    def scene(self, rand):
        return [(0, (turn([rand.gauss(0, 1) for _ in range(3)], rand.uniform(0, 180)),
                     [rand.uniform(-0.2, 0.2), rand.uniform(-0.15, 0.15), rand.uniform(0.8, 1.4)]))]

    def hand(self, rand, truth, share=0.015):
        return [(name, (times(turn([rand.gauss(0, 1) for _ in range(3)], rand.gauss(0, 0.9 * self.data["hand"])), r),
                        [v + rand.gauss(0, 0.003 * self.data["hand"]) for v in t])) for name, (r, t) in truth]

    def rotated(self, rand, answer, others, before):
        name, (r, t) = answer[0]
        answer[0] = (name, (times(turn([rand.gauss(0, 1) for _ in range(3)], 20), r), t))

    def shifted(self, rand, answer, others, before):
        name, (r, t) = answer[0]
        answer[0] = (name, (r, [t[0] + 0.05, t[1], t[2]]))

    def copied(self, rand, answer, others, before):
        answer[:] = list(others[1])

    def lazy(self, rand, answer, others, before):
        answer[:] = list(before)

    errors = ["rotated", "shifted", "copied", "lazy"]
    errors_of_one = []

    def distance(self, one, other):
        (r, t), (s, u) = one[0][1], other[0][1]
        trace = sum(r[i][j] * s[i][j] for i in range(3) for j in range(3))
        degrees = math.degrees(math.acos(clamp((trace - 1) / 2, -1, 1)))
        return min(degrees / 30, 1) / 2 + min(math.dist(t, u) / 0.1, 1) / 2

    def document(self, name, value):
        r, t = value
        return {"class": "thing", "pose": {"r": [v for row in r for v in row], "t_m": t},
                "camera": {"fx": 400, "fy": 400, "cx": self.data["width"] / 2, "cy": self.data["height"] / 2}}


KINDS = {kind.kind: kind for kind in (Masks, Boxes, Skeletons, Transcripts, Tags, Poses)}
