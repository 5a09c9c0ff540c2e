#!/usr/bin/python3
"""Writes what the decoders must give, computed with numpy from the papers and from upstream's definitions.

Run it from anywhere after eng/setup.sh test: /usr/bin/python3 -B tests/Fusion/Vision/References/make_references.py
(Debian packages python3-numpy, python3-scipy, python3-onnx). What it writes is committed; arrays are base64 of
little-endian numbers, so that both sides read the same bits. Classifier, towers, pose and stripes are small graphs of
the real models' interfaces; movenet_head.onnx is the head that the real model gets, over a smaller grid.
"""

import base64
import json
import pathlib
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from scipy import ndimage

from clip_tokenizer import Tokenizer

FOLDER = pathlib.Path(__file__).parent
REPOSITORY = FOLDER.parents[3]
sys.path.insert(0, str(REPOSITORY / "eng" / "models"))
import movenet_head  # noqa: E402
from onnx_graph import OnnxGraph  # noqa: E402


def packed(array):
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def write(name, document):
    (FOLDER / f"{name}.json").write_text(json.dumps(document, indent=1, ensure_ascii=True, default=float) + "\n")


def save(name, nodes, inputs, outputs, constants=()):
    constants = [numpy_helper.from_array(value, key) for key, value in dict(constants).items()]
    graph = helper.make_graph(nodes, name, inputs, outputs, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=7, producer_name="")
    onnx.checker.check_model(model)
    onnx.save(model, str(FOLDER / f"{name}.onnx"))


def value(name, shape, element=TensorProto.FLOAT):
    return helper.make_tensor_value_info(name, element, shape)


def softmax(x):
    e = np.exp(np.float64(x) - np.max(x))
    return e / e.sum()


def picture(seed, width, height):
    return np.random.RandomState(seed).randint(0, 256, (height, width, 3)).astype(np.uint8)


def first_values(source, count, shape):
    """Each picture's first values, in the tensor's order, given out in another shape."""
    nodes = [helper.make_node("Flatten", [source], ["all"]), helper.make_node("Slice", ["all", "from", "to", "axis"], ["some"]),
             helper.make_node("Reshape", ["some", "shape"], ["scores"])]
    return nodes, {"from": np.int64([0]), "to": np.int64([count]), "axis": np.int64([1]), "shape": np.int64([-1] + shape)}


def classifier():
    nodes, constants = first_values("images", 10, [10])
    save("classifier", nodes, [value("images", ["N", 3, 8, 8])], [value("scores", ["N", 10])], constants)
    pixels = picture(1, 24, 8)
    # Planar: the first ten values are the red ones of the first row and two of the second, of each 8x8 region.
    cases = []
    for region in range(3):
        red = pixels[:, region * 8:region * 8 + 8, 0].reshape(-1)[:10]
        probability = softmax((np.float64(red) - 100) / 20)
        order = np.argsort(-probability, kind="stable")[:4]
        cases.append({"best": [int(i) for i in order], "probabilities": list(probability[order])})
    write("classifier", {"width": 24, "height": 8, "mean": 100, "std": 20, "pixels": packed(pixels), "regions": cases})


def movenet():
    grid, batch = 6, 2
    random = np.random.RandomState(2)
    points, centre = (random.randn(batch, c, grid, grid).astype(np.float32) * 2 for c in (17, 1))
    regression, offsets = (random.randn(batch, 34, grid, grid).astype(np.float32) * s for s in (3, 0.5))
    nearness = (1 / (1.8 + np.hypot(*(np.indices((grid, grid)) - (grid - 1) / 2)))).astype(np.float32)
    names = ["points", "centre", "regression", "offsets"]
    graph = OnnxGraph()
    movenet_head.add(graph, names, nearness, "poses")
    maps = dict(zip(names, (points, centre, regression, offsets)))
    graph.write(FOLDER / "movenet_head.onnx", "head", {n: ["N"] + list(m.shape[1:]) for n, m in maps.items()}, {"poses": ["N", 1, 17, 3]})
    poses = [pose(*(np.float64(m[i]) for m in maps.values()), nearness) for i in range(batch)]
    document = {name: packed(m) for name, m in maps.items()}
    write("movenet_head", document | {"grid": grid, "batch": batch, "poses": packed(np.float32(poses))})
    pixels = picture(3, 16, 8)
    nodes, constants = first_values("images", 51, [1, 17, 3])
    save("movenet", nodes, [value("images", ["N", 8, 8, 3])], [value("scores", ["N", 1, 17, 3])], constants)
    # The published model takes pixels as int32.
    nodes[0].input[0] = "shares"
    widen = [helper.make_node("Cast", ["images"], ["floats"], to=TensorProto.FLOAT), helper.make_node("Div", ["floats", "most"], ["shares"])]
    save("movenet_int32", widen + nodes, [value("images", [1, 8, 8, 3], TensorProto.INT32)], [value("scores", [1, 1, 17, 3])],
         constants | {"most": np.float32(255)})
    rows = [np.float64(pixels[:, r * 8:r * 8 + 8].reshape(-1)[:51].reshape(17, 3)) / 255 for r in range(2)]
    places = [[[r * 8 + x * 8, y * 8, s] for y, x, s in rows[r]] for r in range(2)]
    write("movenet", {"width": 16, "height": 8, "pixels": packed(pixels), "points": packed(np.float32(places))})


def pose(points, centre, regression, offsets, nearness):
    """One pose, cell by cell, as MoveNet's description has it."""
    grid = nearness.shape[0]
    sigmoid = lambda x: 1 / (1 + np.exp(-x))
    row, column = np.unravel_index(np.argmax(sigmoid(centre[0]) * nearness), (grid, grid))
    rows = []
    for k in range(17):
        expected = np.array([row + regression[2 * k, row, column], column + regression[2 * k + 1, row, column]])
        weighted = {(y, x): sigmoid(points[k, y, x]) / (np.hypot(y - expected[0], x - expected[1]) + 1.8)
                    for y in range(grid) for x in range(grid)}
        y, x = max(weighted, key=weighted.get)
        rows.append([(y + offsets[2 * k, y, x]) / grid, (x + offsets[2 * k + 1, y, x]) / grid, sigmoid(points[k, y, x])])
    return [rows]


def ssd_anchors(size, strides, min_scale=0.1484375, max_scale=0.75):
    """MediaPipe's SsdAnchorsCalculator for fixed anchors, aspect ratio 1 and an interpolated one; centres as shares."""
    anchors, layer = [], 0
    while layer < len(strides):
        last, ratios = layer, 0
        while last < len(strides) and strides[last] == strides[layer]:
            ratios += 2
            last += 1
        side = -(-size // strides[layer])
        anchors += [((x + 0.5) / side, (y + 0.5) / side) for y in range(side) for x in range(side) for _ in range(ratios)]
        layer = last
    return anchors


def blazeface():
    documents = []
    for seed, size, strides in ((4, 128, [8, 16, 16, 16]), (5, 256, [16, 32, 32, 32])):
        anchors = np.float64(ssd_anchors(size, strides)) * size
        random = np.random.RandomState(seed)
        rows = {}
        for _ in range(4):  # people, each seen from several anchors nearby
            centre, side = random.uniform(0.2, 0.8, 2) * size, random.uniform(0.1, 0.35) * size
            near = np.argsort(np.hypot(*(anchors - centre).T))[:24]
            for anchor in random.choice(near, 9, replace=False):
                jitter = random.randn(16) * side * 0.08
                row = np.concatenate([centre - anchors[anchor], [side, side * 1.1], (random.rand(12) - 0.5) * side]) + jitter
                rows[int(anchor)] = (float(np.float32(random.uniform(-3, 4))), np.float32(row))
        found = weighted_suppression(rows, anchors, 0.3, 0.3)
        documents.append({
            "size": size, "anchors": packed(np.float32(anchors)), "rows": [
                {"anchor": a, "logit": logit, "row": packed(row)} for a, (logit, row) in sorted(rows.items())],
            "overlap": 0.3, "score": 0.3, "faces": [packed(np.float32(face)) for face in found]})
    write("blazeface", {"models": documents})


def weighted_suppression(rows, anchors, score, overlap):
    """MediaPipe's NonMaxSuppressionCalculator, WEIGHTED; a face is score, left, top, right, bottom, six points."""
    faces = []
    for anchor, (logit, row) in sorted(rows.items()):
        points = np.float64(row)[[0, 1] + list(range(4, 16))].reshape(7, 2) + anchors[anchor]
        half = np.float64(row[2:4]) / 2
        faces.append(np.concatenate([[1 / (1 + np.exp(-logit))], points[0] - half, points[0] + half, points[1:].reshape(-1)]))
    remained = sorted((f for f in faces if f[0] >= score), key=lambda f: -f[0])
    answers = []
    while remained:
        best = remained[0]
        candidates = [f for f in remained if intersection_over_union(f, best) > overlap]
        remained = [f for f in remained if not intersection_over_union(f, best) > overlap]
        weights = np.array([f[0] for f in candidates])
        answers.append(np.concatenate([[best[0]], (weights[:, None] * np.array(candidates)[:, 1:]).sum(0) / weights.sum()]))
    return answers


def intersection_over_union(a, b):
    width, height = min(a[3], b[3]) - max(a[1], b[1]), min(a[4], b[4]) - max(a[2], b[2])
    both = max(width, 0) * max(height, 0)
    return both / ((a[3] - a[1]) * (a[4] - a[2]) + (b[3] - b[1]) * (b[4] - b[2]) - both)


def text_detection():
    maps = []
    for seed, (height, width) in ((6, (48, 80)), (7, (64, 64)), (8, (33, 97))):
        random = np.random.RandomState(seed)
        y, x = np.indices((height, width))
        field = np.zeros((height, width))
        for _ in range(7):  # slanted bars of text with soft edges, some faint, some tiny, some touching the rim
            cy, cx, angle = random.uniform(0, height), random.uniform(0, width), random.uniform(-0.5, 0.5)
            along, across = (x - cx) * np.cos(angle) + (y - cy) * np.sin(angle), (y - cy) * np.cos(angle) - (x - cx) * np.sin(angle)
            length, thickness, strength = random.uniform(3, 18), random.uniform(1, 4), random.uniform(0.4, 1)
            field = np.maximum(field, strength / (1 + np.exp(2 * (np.abs(along) - length))) / (1 + np.exp(2 * (np.abs(across) - thickness))) * 1.2)
        field = np.maximum(field, (random.rand(height, width) > 0.995) * 0.9)  # specks
        levels = np.uint8(np.clip(field, 0, 1) * 255)
        probability = np.float32(levels) / np.float32(255)
        labels, count = ndimage.label(probability > 0.3, structure=np.ones((3, 3)))
        regions = []
        for number, (rows, columns) in enumerate(ndimage.find_objects(labels), 1):
            h, w = rows.stop - rows.start, columns.stop - columns.start
            score = float(np.float64(probability[labels == number]).mean())
            if min(h, w) < 3 or score < 0.6:
                continue
            d = 1.5 * w * h / (2 * (w + h))
            regions.append([columns.start - d, rows.start - d, w + 2 * d, h + 2 * d, score])
        maps.append({"width": width, "height": height, "levels": packed(levels), "regions": regions})
    write("text_detection", {"pixel": 0.3, "box": 0.6, "maps": maps})


CHARACTERS = "abcdefghé水"


def text_recognition():
    random = np.random.RandomState(9)
    classes = len(CHARACTERS) + 2
    cases = []
    for peak in (0, 1, 3, 6):
        steps = random.randn(30, classes) + peak * np.eye(classes)[np.repeat(random.randint(0, classes, 10), 3)]
        steps[:, 0] += 1
        probability = np.float32([softmax(row) for row in steps])
        best = probability.argmax(1)
        first = np.concatenate([[True], best[1:] != best[:-1]]) & (best != 0)
        text = "".join(("?" + CHARACTERS + " ")[i] for i in best[first])
        cases.append({"steps": packed(probability), "logits": packed(np.float32(np.log(probability) + 3)), "text": text,
                      "score": float(np.float64(probability.max(1))[first].mean()) if first.any() else 0.0})
    (FOLDER / "characters.txt").write_text("\n".join(CHARACTERS), encoding="utf-8")
    write("text_recognition", {"classes": classes, "cases": cases})
    # A graph that reads stripes: a step for every four columns of the picture, a class for each grey level.
    nodes = [helper.make_node("AveragePool", ["images"], ["pooled"], kernel_shape=[8, 4], strides=[8, 4]),
             helper.make_node("ReduceMean", ["pooled"], ["grey"], axes=[1, 2], keepdims=0),
             helper.make_node("Unsqueeze", ["grey", "last"], ["column"]),
             helper.make_node("Sub", ["column", "levels"], ["apart"]), helper.make_node("Abs", ["apart"], ["distance"]),
             helper.make_node("Neg", ["distance"], ["scores"])]
    save("stripes", nodes, [value("images", ["N", 3, 8, "W"])], [value("scores", ["N", "S", classes])],
         {"last": np.int64([2]), "levels": np.arange(classes, dtype=np.float32).reshape(1, 1, -1)})


TEXTS = [
    "a photo of a red mug.", "", "   \t\n ", "A Photo OF a CAT", "the dog's toys aren't what they've seen, I'll say he'd", "don't", "'s", "'LL",
    "!'s", "12 + 345 = 357", "3.14159", "x1y2z3", "hello,world!!! (yes)", "tabs\tand\nnewlines\r\nand   spaces", "café naïve Ångström",
    "Größe straße", "ИСТИНА и ложь", "日本語のテキスト", "한국어", "مرحبا بالعالم", "नमस्ते दुनिया", "👍🏽 thumbs up 🤖🦾", "emoji👩‍👩‍👧family", "™®©½²Ⅷ",
    "𝒜𝓁𝓅𝒽𝒶 𝟛", "<|startoftext|> hi <|endoftext|>", "a<|endoftext|>b", "!<|endoftext|>", "<|ENDOFTEXT|>", "supercalifragilisticexpialidocious",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "antidisestablishmentarianism pneumonoultramicroscopicsilicovolcanoconiosis",
    "ΟΔΥΣΣΕΥΣ και ΣΑΣ Σ", "ΣΑΣ't ΣΑΣ\u0301 ΣΑΣك ΣΑΣ.Α ΣΑΣⅯ ΣΑΣ2", "İstanbul ığdır", "\u00a0no-break\u2003em\u3000ideographic", "e\u0301 decomposed", "\u200bzero\u200dwidth", "\x00control\x07bell",
    "http://example.org/a?b=c&d=e#f", "&amp; &lt;", "under_score-hyphen'quote\"double", "I'm you're we've they'll she'd it's can't", "ﬁ ligature Ⓐ ㎏",
    "word " * 500, "robot " + "very " * 74 + "end", "z" * 300, "a centered satellite photo of {label}.", "itap of a 2x4 @ 50% off #1 ~`^|\\/<>[]{}",
    "\U0001F600" * 90, "ʼn ǰ ΰ ẞ", "ᏸ Ა ꙋ Ȿ", "\ud7ff\ue000", "\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35",
]


def tokenizer():
    reference = Tokenizer(REPOSITORY / "models" / "fetched" / "clip-merges.txt")
    write("token_ids", {"cases": [{"text": text, "ids": without_padding(reference.encode(text))} for text in TEXTS]})
    return reference


def without_padding(ids):
    """The end's id is the last that is no padding."""
    return ids[:max(i for i, id in enumerate(ids) if id != 0) + 1]


LABELS = ["cup", "sports ball", "teddy bear"]
TEMPLATES = ["a photo of a {label}.", "a blurry photo of the {label}!", "{label}"]


def towers(reference):
    size, mean, std = 12, 120, 60
    weights = np.random.RandomState(10).randn(192, size).astype(np.float32) / 8
    save("image_tower", [helper.make_node("Flatten", ["pixel_values"], ["flat"]), helper.make_node("MatMul", ["flat", "weights"], ["image_embeds"])],
         [value("pixel_values", ["N", 3, 8, 8])], [value("image_embeds", ["N", size])], {"weights": weights})
    waves = (np.arange(1, size + 1) * 2 * np.pi / 49408).astype(np.float32).reshape(1, 1, -1)
    nodes = [helper.make_node("Cast", ["input_ids"], ["ids"], to=TensorProto.FLOAT), helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
             helper.make_node("Unsqueeze", ["ids", "last"], ["column"]), helper.make_node("Mul", ["column", "waves"], ["phase"]),
             helper.make_node("Sin", ["phase"], ["tokens"]), helper.make_node("Unsqueeze", ["mask", "last"], ["weight"]),
             helper.make_node("Mul", ["tokens", "weight"], ["seen"]), helper.make_node("ReduceSum", ["seen", "middle"], ["text_embeds"], keepdims=0)]
    save("text_tower", nodes, [value(name, ["N", 77], TensorProto.INT64) for name in ("input_ids", "attention_mask")],
         [value("text_embeds", ["N", size])], {"last": np.int64([2]), "middle": np.int64([1]), "waves": waves})

    def embed_text(text):
        ids = np.float64(without_padding(reference.encode(text)))
        return unit(np.sin(ids[:, None] * np.float64(waves[0])).sum(0))

    pixels = picture(11, 24, 8)
    images = [unit(((np.float64(pixels[:, r * 8:r * 8 + 8]).transpose(2, 0, 1) - mean) / std).reshape(-1) @ np.float64(weights)) for r in range(3)]
    labels = [unit(np.mean([embed_text(template.replace("{label}", label)) for template in TEMPLATES], 0)) for label in LABELS]
    write("dual_encoder", {
        "width": 24, "height": 8, "mean": mean, "std": std, "scale": 10, "pixels": packed(pixels), "labels": LABELS, "templates": TEMPLATES,
        "texts": TEXTS[:5], "textEmbeddings": packed(np.float32([embed_text(text) for text in TEXTS[:5]])),
        "imageEmbeddings": packed(np.float32(images)), "probabilities": packed(np.float32([softmax(10 * np.array(labels) @ image) for image in images]))})


def unit(vector):
    return vector / np.linalg.norm(vector)


if __name__ == "__main__":
    for make in (classifier, movenet, blazeface, text_detection, text_recognition):
        make()
    towers(tokenizer())
