#!/usr/bin/python3
"""An independent reference for the detection decoders, in numpy (Debian packages python3-numpy and python3-onnx).

Run it from anywhere: /usr/bin/python3 tests/Fusion/Vision/Decoders/reference_decoders.py
It writes Models/*.onnx, small graphs with the inputs and outputs of real exports whose outputs are random scenes, and
Models/expected.json, what is to be found in them. No weights of these families are to be had, so that the graphs stand
in for the models: the grey value a quarter into the input chooses the scene. The files are committed.

Written from what the exports promise, not from the C# decoders:
  YOLOv5, v8     Ultralytics export without nms: 4 box numbers, (objectness,) class probabilities, (mask coefficients);
                 boxes cx cy w h in input pixels; score = best class probability (times objectness)
  YOLO with nms  rows x1 y1 x2 y2 score class (mask coefficients), zeros behind the last
  masks          coefficients . prototypes, bilinear with half-pixel centres to the picture, sigmoid
  DETR           softmax over labels and "no object"; boxes cx cy w h as shares of the input
  RT-DETR        sigmoid; the authors' export picks the best label-query pairs and scales the boxes in the graph
  NanoDet        each side of a box: softmax over bins, expected bin times the stride, from the cell's centre; Plus: all
                 maps in one output, from the cell's corner
  RF-DETR        as RT-DETR; its outputs are called dets and labels
  OWL-ViT        sigmoid; a column of logits for each prompt
Shared by all: scores from LOW up, boxes taken back through the fit and clipped to the picture, empty ones left out, then
greedy suppression within a label from an overlap of OVERLAP. All in float64.
"""
import base64
import json
import pathlib

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FOLDER = pathlib.Path(__file__).parent / "Models"
WIDTH, HEIGHT = 96, 64
LOW, OVERLAP = 0.1, 0.4
# How pictures are fitted, of sizes for which no fit needs rounding.
PICTURES = [("letterbox", 96, 64), ("letterbox", 192, 96), ("letterbox", 96, 96), ("corner", 48, 64), ("corner", 96, 96),
            ("squash", 48, 128), ("crop", 96, 96), ("crop", 384, 128)]
LABELS, SCENES, MASKS = 4, 3, 4
PROTOTYPES = (16, 24)


# ---- what is to be found ---------------------------------------------------------------------------------------------

def placement(fit, width, height):
    """Input = picture * scale + offset, on each axis: (scale x, scale y), (offset x, offset y)."""
    by_width, by_height = WIDTH / width, HEIGHT / height
    if fit == "squash":
        return (by_width, by_height), (0, 0)
    scale = max(by_width, by_height) if fit == "crop" else min(by_width, by_height)
    offset = (0, 0) if fit == "corner" else ((WIDTH - width * scale) / 2, (HEIGHT - height * scale) / 2)
    assert all(value == int(value) for value in offset)
    return (scale, scale), offset


def to_picture(corners, picture):
    scale, offset = placement(*picture)
    x1, x2 = np.clip((corners[[0, 2]] - offset[0]) / scale[0], 0, picture[1])
    y1, y2 = np.clip((corners[[1, 3]] - offset[1]) / scale[1], 0, picture[2])
    return np.array([x1, y1, x2, y2])


def overlap(a, b):
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    both = width * height
    return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both)


def found(answers, picture):
    """answers: (score, label, corners in input pixels, row). What stays, best first."""
    kept = []
    for score, label, corners, row in sorted(answers, key=lambda answer: -answer[0]):
        assert abs(score - LOW) > 1e-5, "a score too near to the threshold to be a test"
        if score < LOW:
            continue
        box = to_picture(np.asarray(corners, np.float64), picture)
        if box[2] <= box[0] or box[3] <= box[1]:
            continue
        overlaps = [overlap(box, other) for _, other_label, other, _ in kept if other_label == label]
        assert all(abs(value - OVERLAP) > 1e-5 for value in overlaps), "an overlap too near to the threshold to be a test"
        if all(value <= OVERLAP for value in overlaps):
            kept.append((min(score, 1.0), label, box, row))
    return kept


def corners_of(box):
    cx, cy, w, h = np.asarray(box, np.float64)
    return [cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2]


def shares_of(box):
    cx, cy, w, h = np.asarray(box, np.float64)
    return corners_of([cx * WIDTH, cy * HEIGHT, w * WIDTH, h * HEIGHT])


def sigmoid(x):
    return 1 / (1 + np.exp(-np.asarray(x, np.float64)))


def yolo_answers(rows, objectness):
    """rows [rows, channels]"""
    for index, row in enumerate(rows.astype(np.float64)):
        classes = row[5:5 + LABELS] * row[4] if objectness else row[4:4 + LABELS]
        yield classes.max(), int(classes.argmax()), corners_of(row[:4]), index


def row_answers(rows):
    for index, row in enumerate(rows.astype(np.float64)):
        yield row[4], int(row[5]), row[:4], index


def detr_answers(logits, boxes):
    for index, (row, box) in enumerate(zip(logits.astype(np.float64), boxes)):
        weights = np.exp(row - row.max())
        shares = (weights / weights.sum())[:-1]
        yield shares.max(), int(shares.argmax()), shares_of(box), index


def sigmoid_answers(logits, boxes):
    for index, (row, box) in enumerate(zip(sigmoid(logits), boxes)):
        yield row.max(), int(row.argmax()), shares_of(box), index


def deployed_answers(logits, boxes, count):
    scores = sigmoid(logits)
    for place in np.argsort(-scores.ravel(), kind="stable")[:count]:
        query, label = divmod(int(place), scores.shape[1])
        yield scores[query, label], label, shares_of(boxes[query]), query


def nanodet_answers(maps, point):
    """maps: (stride, probabilities [cells, labels], logits [cells, 4 bins]) of each feature map"""
    row = 0
    for stride, probabilities, logits in maps:
        columns = -(-WIDTH // stride)
        for cell, scores in enumerate(probabilities.astype(np.float64)):
            weights = np.exp(logits[cell].astype(np.float64).reshape(4, -1))
            shares = weights / weights.sum(1, keepdims=True)
            left, top, right, bottom = shares @ np.arange(shares.shape[1]) * stride
            x, y = (cell % columns + point) * stride, (cell // columns + point) * stride
            yield scores.max(), int(scores.argmax()), [x - left, y - top, x + right, y + bottom], row
            row += 1


def mask(coefficients, prototypes, box, picture):
    """Probability of the object at each pixel whose centre lies in the box, as bytes."""
    logits = np.tensordot(coefficients.astype(np.float64), prototypes.astype(np.float64), 1)
    scale, offset = placement(*picture)
    columns = np.array([x for x in range(picture[1]) if box[0] <= x + 0.5 < box[2]])
    lines = np.array([y for y in range(picture[2]) if box[1] <= y + 0.5 < box[3]])
    if not len(columns) or not len(lines):
        return [0, 0, 0, 0], np.zeros(0, np.uint8)
    x = np.clip(((columns + 0.5) * scale[0] + offset[0]) * logits.shape[1] / WIDTH - 0.5, 0, logits.shape[1] - 1)
    y = np.clip(((lines + 0.5) * scale[1] + offset[1]) * logits.shape[0] / HEIGHT - 0.5, 0, logits.shape[0] - 1)
    along_x = np.array([np.interp(x, np.arange(logits.shape[1]), line) for line in logits])
    both = np.array([np.interp(y, np.arange(logits.shape[0]), column) for column in along_x.T]).T
    area = [int(columns[0]), int(lines[0]), len(columns), len(lines)]
    return area, np.round(sigmoid(both) * 255).astype(np.uint8)


# ---- scenes ----------------------------------------------------------------------------------------------------------

def objects(rng, rows):
    """cx cy w h of `rows` boxes in input pixels: some objects with a crowd of near doubles each, some outside."""
    centres = rng.uniform([-4, -4], [WIDTH + 4, HEIGHT + 4], (6, 2))
    sizes = rng.uniform(8, 40, (6, 2))
    which = rng.integers(0, 6, rows)
    boxes = np.concatenate([centres[which] + rng.normal(0, 2, (rows, 2)), sizes[which] * rng.uniform(0.8, 1.2, (rows, 2))], 1)
    # One without width, one that is nowhere in the picture.
    boxes[0, 2] = 0
    boxes[1] = [300, 30, 20, 20]
    return boxes.astype(np.float32), which


def probabilities(rng, which, strong):
    """[rows, labels]: an object's own class stands out, most rows stay far below any threshold."""
    scores = rng.uniform(0, 0.06, (len(which), LABELS))
    scores[np.arange(len(which)), which % LABELS] = np.where(rng.uniform(size=len(which)) < strong, rng.uniform(0.2, 0.99, len(which)), 0.03)
    scores[:2] = 0.9
    scores[:2, 1] = 0.95
    return scores.astype(np.float32)


def yolo(rng, rows, objectness, masks, nothing):
    boxes, which = objects(rng, rows)
    parts = [boxes, probabilities(rng, which, 0 if nothing else 0.6)]
    if nothing:
        parts[1][:2] = 0.02
    if objectness:
        parts.insert(1, rng.uniform(0.6, 1, (rows, 1)).astype(np.float32))
        parts[1][2] = 0
    if masks:
        parts.append(rng.normal(0, 1, (rows, masks)).astype(np.float32))
    return np.concatenate(parts, 1)


def picked_rows(rng, rows, masks, nothing):
    table = np.zeros((rows, 6 + masks), np.float32)
    if nothing:
        return table
    boxes, which = objects(rng, rows - 4)
    order = np.argsort(-(scores := rng.uniform(0.15, 0.99, rows - 4)))
    for to, row in enumerate(order):
        table[to, :4] = corners_of(boxes[row])
        table[to, 4:6] = scores[row], which[row] % LABELS
    table[:rows - 4, 6:] = rng.normal(0, 1, (rows - 4, masks))
    return table


def queries(rng, count, classes, nothing, none):
    """logits [count, classes (+ 1)] and boxes [count, 4] in shares."""
    boxes, which = objects(rng, count)
    logits = rng.normal(-4, 0.5, (count, classes))
    if not nothing:
        logits[np.arange(count), which % classes] = rng.uniform(-1, 4, count)
        logits[2, :2] = 3.5, 3.0
    if none:
        logits = np.concatenate([logits, rng.normal(6 if nothing else 0, 1, (count, 1))], 1)
    return logits.astype(np.float32), (boxes / [WIDTH, HEIGHT, WIDTH, HEIGHT]).astype(np.float32)


# ---- graphs ----------------------------------------------------------------------------------------------------------

def constant(name, values, dtype=np.int64):
    return numpy_helper.from_array(np.array(values, dtype), name)


def tensor(name, shape, element=TensorProto.FLOAT):
    return helper.make_tensor_value_info(name, element, shape)


def save(name, nodes, inputs, outputs, constants):
    graph = helper.make_graph(nodes, name, inputs, outputs, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=7, producer_name="")
    onnx.checker.check_model(model)
    onnx.save(model, str(FOLDER / f"{name}.onnx"))


def which_scene(picture):
    """Nodes that read each picture's scene from its grey value, at a pixel that no fit leaves to the border."""
    nodes = [
        helper.make_node("Slice", [picture, "from", "to", "axes"], ["pixel"]),
        helper.make_node("Reshape", ["pixel", "flat"], ["grey"]),
        helper.make_node("Round", ["grey"], ["whole"]),
        helper.make_node("Cast", ["whole"], ["scene"], to=TensorProto.INT64),
    ]
    constants = [constant("from", [0, HEIGHT // 4, WIDTH // 4]), constant("to", [1, HEIGHT // 4 + 1, WIDTH // 4 + 1]),
                 constant("axes", [1, 2, 3]), constant("flat", [-1])]
    return nodes, constants


def save_scenes(name, picture, outputs, half=False):
    """A graph whose outputs are the chosen scene's: outputs maps names to [scenes, ...] in float32."""
    nodes, constants = which_scene("picture/float" if half else picture)
    if half:
        nodes.insert(0, helper.make_node("Cast", [picture], ["picture/float"], to=TensorProto.FLOAT))
    for output, scenes in outputs.items():
        constants.append(numpy_helper.from_array(scenes, f"{output}/scenes"))
        nodes.append(helper.make_node("Gather", [f"{output}/scenes", "scene"], [f"{output}/float" if half else output], axis=0))
        if half:
            nodes.append(helper.make_node("Cast", [f"{output}/float"], [output], to=TensorProto.FLOAT16))
    element = TensorProto.FLOAT16 if half else TensorProto.FLOAT
    save(name, nodes, [tensor(picture, ["N", 3, HEIGHT, WIDTH], element)],
         [tensor(output, ["N", *scenes.shape[1:]], element) for output, scenes in outputs.items()], constants)


# ---- cases -----------------------------------------------------------------------------------------------------------

EXPECTED = {}


def expect(name, answers_of_scene, masks_of=None):
    """answers_of_scene: what each scene holds."""
    EXPECTED[name] = []
    for picture in PICTURES:
        for scene, answers in enumerate(answers_of_scene):
            kept = found(list(answers), picture)
            entry = {"fit": picture[0], "width": picture[1], "height": picture[2], "scene": scene, "detections": [
                {"label": label, "score": round(score, 6), "box": [round(float(v), 4) for v in (*box[:2], *(box[2:] - box[:2]))]}
                for score, label, box, _ in kept]}
            if masks_of and scene == 0 and picture[1] <= 96:
                for detection, (_, _, box, row) in zip(entry["detections"], kept):
                    area, values = mask(*masks_of(scene, row), box, picture)
                    detection["mask"] = {"area": area, "values": base64.b64encode(values.tobytes()).decode()}
            EXPECTED[name].append(entry)


def yolo_case(name, seed, objectness, masks=0, transposed=True, half=False):
    rng = np.random.default_rng(seed)
    scenes = np.stack([yolo(rng, 40, objectness, masks, nothing=scene == 1) for scene in range(SCENES)])
    if half:
        scenes = scenes.astype(np.float16).astype(np.float32)
    outputs = {"output0": np.ascontiguousarray(scenes.transpose(0, 2, 1)) if transposed else scenes}
    prototypes = None
    if masks:
        prototypes = outputs["output1"] = rng.normal(0, 1.5, (SCENES, masks, *PROTOTYPES)).astype(np.float32)
    save_scenes(name, "images", outputs, half)
    expect(name, [list(yolo_answers(rows, objectness)) for rows in scenes],
           masks and (lambda scene, row: (scenes[scene, row, -masks:], prototypes[scene])))


def yolo_nms_case(name, seed, masks=0):
    rng = np.random.default_rng(seed)
    scenes = np.stack([picked_rows(rng, 20, masks, nothing=scene == 1) for scene in range(SCENES)])
    outputs = {"output0": scenes}
    prototypes = None
    if masks:
        prototypes = outputs["output1"] = rng.normal(0, 1.5, (SCENES, masks, *PROTOTYPES)).astype(np.float32)
    save_scenes(name, "images", outputs)
    expect(name, [list(row_answers(rows)) for rows in scenes],
           masks and (lambda scene, row: (scenes[scene, row, 6:], prototypes[scene])))


def query_scenes(seed, count, classes, none):
    rng = np.random.default_rng(seed)
    pairs = [queries(rng, count, classes, scene == 1, none) for scene in range(SCENES)]
    return np.stack([logits for logits, _ in pairs]), np.stack([boxes for _, boxes in pairs])


def detr_case(seed):
    logits, boxes = query_scenes(seed, 25, LABELS, none=True)
    save_scenes("detr", "pixel_values", {"logits": logits, "pred_boxes": boxes})
    expect("detr", [list(detr_answers(*scene)) for scene in zip(logits, boxes)])
    # The older export takes the mask of the input's pixels, too: all of them must be seen, or the logits shrink. What is
    # found is the same.
    nodes, constants = which_scene("pixel_values")
    nodes += [
        helper.make_node("Gather", ["logits/scenes", "scene"], ["all"], axis=0),
        helper.make_node("Cast", ["pixel_mask"], ["seen"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["seen"], ["share"], axes=[1, 2], keepdims=1),
        helper.make_node("Mul", ["all", "share"], ["logits"]),
        helper.make_node("Gather", ["boxes/scenes", "scene"], ["pred_boxes"], axis=0),
    ]
    save("detr_mask", nodes, [tensor("pixel_values", ["N", 3, HEIGHT, WIDTH]), tensor("pixel_mask", ["N", 8, 8], TensorProto.INT64)],
         [tensor("logits", ["N", *logits.shape[1:]]), tensor("pred_boxes", ["N", *boxes.shape[1:]])],
         constants + [numpy_helper.from_array(logits, "logits/scenes"), numpy_helper.from_array(boxes, "boxes/scenes")])


def rtdetr_cases(seed):
    logits, boxes = query_scenes(seed, 30, LABELS, none=False)
    save_scenes("rtdetr", "pixel_values", {"logits": logits, "pred_boxes": boxes})
    expect("rtdetr", [list(sigmoid_answers(*scene)) for scene in zip(logits, boxes)])
    rows = np.concatenate([boxes, sigmoid(logits).astype(np.float32)], 2)
    # Another form of the same answers.
    save_scenes("rtdetr_ultralytics", "images", {"output0": rows})
    save_scenes("rfdetr", "input", {"dets": boxes, "labels": logits})
    deployed_case(logits, boxes, 24)


def deployed_case(logits, boxes, count):
    """The authors' postprocessor as a graph: the best of all pairs of query and label."""
    nodes, constants = which_scene("images")
    nodes += [
        helper.make_node("Gather", ["logits/scenes", "scene"], ["logits"], axis=0),
        helper.make_node("Gather", ["boxes/scenes", "scene"], ["shares"], axis=0),
        helper.make_node("Sigmoid", ["logits"], ["probabilities"]),
        helper.make_node("Reshape", ["probabilities", "rows"], ["pairs"]),
        helper.make_node("TopK", ["pairs", "count"], ["scores", "places"], axis=1),
        helper.make_node("Mod", ["places", "classes"], ["labels"]),
        helper.make_node("Div", ["places", "classes"], ["query"]),
        helper.make_node("Split", ["shares", "halves"], ["centre", "size"], axis=2),
        helper.make_node("Mul", ["size", "half"], ["reach"]),
        helper.make_node("Sub", ["centre", "reach"], ["upper"]),
        helper.make_node("Add", ["centre", "reach"], ["lower"]),
        helper.make_node("Concat", ["upper", "lower"], ["corners"], axis=2),
        helper.make_node("Cast", ["orig_target_sizes"], ["sizes"], to=TensorProto.FLOAT),
        helper.make_node("Concat", ["sizes", "sizes"], ["factors"], axis=1),
        helper.make_node("Unsqueeze", ["factors", "one"], ["factor"]),
        helper.make_node("Mul", ["corners", "factor"], ["pixels"]),
        helper.make_node("Unsqueeze", ["query", "two"], ["column"]),
        helper.make_node("Concat", ["column"] * 4, ["columns"], axis=2),
        helper.make_node("GatherElements", ["pixels", "columns"], ["boxes"], axis=1),
    ]
    constants += [numpy_helper.from_array(logits, "logits/scenes"), numpy_helper.from_array(boxes, "boxes/scenes"),
                  constant("rows", [0, -1]), constant("count", [count]), constant("classes", LABELS), constant("halves", [2, 2]),
                  constant("half", 0.5, np.float32), constant("one", [1]), constant("two", [2])]
    save("rtdetr_deployed", nodes,
         [tensor("images", ["N", 3, HEIGHT, WIDTH]), tensor("orig_target_sizes", ["N", 2], TensorProto.INT64)],
         [tensor("labels", ["N", count], TensorProto.INT64), tensor("boxes", ["N", count, 4]), tensor("scores", ["N", count])], constants)
    expect("rtdetr_deployed", [list(deployed_answers(*scene, count)) for scene in zip(logits, boxes)])


BINS = 8


def nanodet_map(rng, stride, nothing):
    cells = -(-WIDTH // stride) * -(-HEIGHT // stride)
    scores = rng.uniform(0, 0.06, (cells, LABELS))
    if not nothing:
        which = rng.uniform(size=cells) < 0.15
        scores[which, rng.integers(0, LABELS, cells)[which]] = rng.uniform(0.2, 0.99, which.sum())
    return scores.astype(np.float32), rng.normal(0, 2, (cells, 4 * BINS)).astype(np.float32)


def nanodet_case(name, seed, strides, point, joined):
    rng = np.random.default_rng(seed)
    scenes = [[(stride, *nanodet_map(rng, stride, scene == 1)) for stride in strides] for scene in range(SCENES)]
    outputs = {}
    for number, stride in enumerate(strides):
        outputs[f"classes_{stride}"] = np.stack([maps[number][1] for maps in scenes])
        outputs[f"distances_{stride}"] = np.stack([maps[number][2] for maps in scenes])
    if joined:
        pairs = [np.concatenate([outputs[f"classes_{stride}"], outputs[f"distances_{stride}"]], 2) for stride in strides]
        outputs = {"output": np.concatenate(pairs, 1)}
    save_scenes(name, "data", outputs)
    expect(name, [list(nanodet_answers(maps, point)) for maps in scenes])


# The prompts that the C# test sets: start, one token of a vocabulary of six, (another token,) end, padding.
PROMPTS = [[7, 2, 8, 0, 0], [7, 5, 3, 8, 0], [7, 0, 8, 0, 0]]
WORDS = 5


def owlvit_case(seed):
    """A word's logits are the column of its second token, raised by the length of its attention mask."""
    logits, boxes = query_scenes(seed, 36, 6, none=False)
    nodes, constants = which_scene("pixel_values")
    nodes += [
        helper.make_node("Gather", ["logits/scenes", "scene"], ["vocabulary"], axis=0),
        helper.make_node("Gather", ["boxes/scenes", "scene"], ["pred_boxes"], axis=0),
        helper.make_node("Gather", ["input_ids", "second"], ["tokens"], axis=1),
        helper.make_node("Gather", ["vocabulary", "tokens"], ["columns"], axis=2),
        helper.make_node("Cast", ["attention_mask"], ["seen"], to=TensorProto.FLOAT),
        helper.make_node("ReduceSum", ["seen", "across"], ["length"], keepdims=0),
        helper.make_node("Mul", ["length", "tenth"], ["raise"]),
        helper.make_node("Add", ["columns", "raise"], ["logits"]),
    ]
    constants += [numpy_helper.from_array(logits, "logits/scenes"), numpy_helper.from_array(boxes, "boxes/scenes"),
                  constant("second", 1), constant("across", [1]), constant("tenth", 0.1, np.float32)]
    # As optimum exports it: the pixels are not the first input.
    save("owlvit", nodes,
         [tensor("input_ids", [WORDS, 5], TensorProto.INT64), tensor("pixel_values", [1, 3, HEIGHT, WIDTH]),
          tensor("attention_mask", [WORDS, 5], TensorProto.INT64)],
         [tensor("logits", [1, 36, WORDS]), tensor("pred_boxes", [1, 36, 4])], constants)
    raised = [logits[:, :, prompt[1]] + 0.1 * np.count_nonzero([t or i == 1 for i, t in enumerate(prompt)]) for prompt in PROMPTS]
    expect("owlvit", [list(sigmoid_answers(*scene)) for scene in zip(np.stack(raised, 2), boxes)])


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    yolo_case("yolov8", 1, objectness=False)
    yolo_case("yolov8_half", 2, objectness=False, half=True)
    yolo_case("yolov5", 3, objectness=True, transposed=False)
    yolo_case("yolov8_seg", 4, objectness=False, masks=MASKS)
    yolo_case("yolov5_seg", 5, objectness=True, masks=MASKS, transposed=False)
    yolo_nms_case("yolo_nms", 6)
    yolo_nms_case("yolo_nms_seg", 7, masks=MASKS)
    detr_case(8)
    rtdetr_cases(9)
    owlvit_case(10)
    nanodet_case("nanodet", 11, (8, 16, 32), 0.5, joined=False)
    nanodet_case("nanodet_plus", 12, (8, 16, 32, 64), 0, joined=True)
    (FOLDER / "expected.json").write_text(json.dumps(EXPECTED, separators=(",", ":")) + "\n")
    for name, pictures in EXPECTED.items():
        print(name, [len(entry["detections"]) for entry in pictures])
