#!/usr/bin/python3
"""Converts models from TensorFlow.js' graph format to ONNX.

    convert_tfjs.py centernet centernet.json centernet-mobilenetv3-coco.onnx
    convert_tfjs.py movenet movenet-lightning.json movenet-lightning.onnx
    convert_tfjs.py nanodet nanodet.json nanodet-coco.onnx
    convert_tfjs.py graph any.json any.onnx      as it is, its outputs those of its signature

- Layout: tfjs_converter.py keeps track of it, so that transposes are written only where they are needed.
- Names: an ONNX node has the name of the source's node, so that a profile can be read against the source.
- The sources' decoding of peaks holds a fixed batch of one: centernet_head.py and movenet_head.py write it anew for any
  batch. NanoDet's boxes are read by the program, for the detector's own thresholds.
- MoveNet's own normalization is left to preprocessing: the model starts where pixels lie in -1 to 1.
- Hard swish and hard sigmoid, spelt out in the source, become single nodes (rewrites.py).
- Loops and branches are not converted; each operation that is, is tested against TensorFlow.js' own answers.
"""

import sys

from onnx import TensorProto

import centernet_head
import movenet_head
import rewrites
import tfjs_elementwise
import tfjs_shapes
import tfjs_spatial
from tfjs_converter import BATCH, Converter, TypedGraph
from tfjs_graph import ConversionError, TfjsGraph

EMITTERS = tfjs_shapes.EMITTERS | tfjs_elementwise.EMITTERS | tfjs_spatial.EMITTERS
IMAGES = "tower_0/images"
CLASS_LOGITS = "tower_0/CenternetHead/centernet_cls_output/BiasAdd"
BOX_DISTANCES = "tower_0/wh"
DETECTIONS = "detections"

NORMALIZED = "StatefulPartitionedCall/sub_1"
POSE_MAPS = [f"StatefulPartitionedCall/{name}/BiasAdd" for name in
             ("kpt_heatmap_0/conv2d_5", "center_0/conv2d_4", "kpt_regress_0/conv2d_6", "kpt_offset_0/conv2d_7")]
CENTRE_NEARNESS = "ConstantFolding/StatefulPartitionedCall/truediv_2_recip"

NANODET_CELLS = {8: 2704, 16: 676, 32: 169}


def convert_centernet(model, path):
    source, target = TfjsGraph(model), TypedGraph()
    rewrites.restore_hard_activations(source)
    target.input(IMAGES, TensorProto.FLOAT, [BATCH, 512, 512, 3])
    logits, distances = maps(source, target, [CLASS_LOGITS, BOX_DISTANCES])
    centernet_head.add(target, logits, distances, DETECTIONS)
    target.write(path, "centernet-mobilenetv3-coco", {IMAGES: [BATCH, 512, 512, 3]}, {DETECTIONS: [BATCH, 100, 6]})


def convert_movenet(model, path):
    source, target = TfjsGraph(model), TypedGraph()
    rewrites.start_at(source, NORMALIZED, "images")
    target.input("images", TensorProto.FLOAT, [BATCH, 192, 192, 3])
    movenet_head.add(target, maps(source, target, POSE_MAPS), source.weights[CENTRE_NEARNESS][:, :, 0], "poses")
    target.write(path, "movenet-lightning", {"images": [BATCH, 192, 192, 3]}, {"poses": [BATCH, 1, 17, 3]})


def convert_nanodet(model, path):
    outputs = {}
    for map_number, (stride, cells) in enumerate(NANODET_CELLS.items()):
        outputs[f"Identity_{map_number}".removesuffix("_0")] = f"classes/{stride}", [BATCH, cells, 80]
        outputs[f"Identity_{map_number + len(NANODET_CELLS)}"] = f"distances/{stride}", [BATCH, cells, 44]
    convert_picture_model(model, path, "nanodet-coco", "input_1", [BATCH, 3, 416, 416], outputs)


def convert_picture_model(model, path, name, picture, shape, outputs):
    """Converts a model of one picture for any batch; outputs map a tensor of the source to its new name and its shape."""
    target = TypedGraph()
    target.input(picture, TensorProto.FLOAT, shape)
    converter = Converter(TfjsGraph(model), target, EMITTERS)
    converter.convert(list(outputs))
    shapes = {converter.output(source, given): lengths for source, (given, lengths) in outputs.items()}
    target.write(path, name, {picture: shape}, shapes)


def maps(source, target, names):
    """Converts up to these maps, and gives them as they lie: class by class."""
    converter = Converter(source, target, EMITTERS)
    converter.convert(names)
    return [converter.view(name).name for name in names]


def convert_graph(model, path):
    target, source = TypedGraph(), TfjsGraph(model)
    converter = Converter(source, target, EMITTERS)
    converter.convert(source.outputs)
    given = [converter.plain(name) for name in source.outputs]
    inputs = [name for name, node in source.nodes.items() if node.op == "Placeholder" and name in target.types]
    target.write_typed(path, "graph", inputs, given)


MODELS = {"centernet": convert_centernet, "movenet": convert_movenet, "nanodet": convert_nanodet, "graph": convert_graph}

if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[1] not in MODELS:
        sys.exit(f"usage: convert_tfjs.py {'|'.join(MODELS)} MODEL.json MODEL.onnx")
    try:
        MODELS[sys.argv[1]](*sys.argv[2:])
    except (ConversionError, OSError) as error:
        sys.exit(f"convert_tfjs.py: {error}")
