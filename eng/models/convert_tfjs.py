#!/usr/bin/python3
"""Converts models from TensorFlow.js' graph format to ONNX.

    convert_tfjs.py centernet centernet.json centernet-mobilenetv3-coco.onnx
    convert_tfjs.py movenet movenet-lightning.json movenet-lightning.onnx

Mapping rules
- Layout. TensorFlow.js keeps activations as NHWC, ONNX convolutions want NCHW. The picture is transposed once, and every
  activation after it is NCHW: channel axis 3 becomes 1, and weights are transposed here (HWIO to OIHW; depthwise HWCM to
  (C*M)1HW with group C). Element-wise operations need no change, since their operands have four axes or none. The
  model's input keeps its NHWC shape.
- Names. An ONNX node has the name of the source's node, so that a profile can be read against the source.
- Padding. "SAME" puts the odd pixel at the end; sizes are known, so pads are written out.
- Fused activations become a node of their own; runtimes fuse them again in their own way.
- A mean over height and width is a GlobalAveragePool and a bilinear resize a Resize with constant scales, the forms for
  which ONNX Runtime keeps its blocked layout (NCHWc) from the first convolution to the last.
- The sources' decoding of peaks holds a fixed batch of one: centernet_head.py and movenet_head.py write it anew for any
  batch.
- MoveNet's own normalization is left to preprocessing: the model starts where pixels lie in -1 to 1.
- Hard swish and hard sigmoid, spelt out in the source, become single nodes (rewrites.py).
"""

import sys

import numpy as np

import centernet_head
import movenet_head
import rewrites
from onnx_graph import OnnxGraph
from tfjs_graph import ConversionError, TfjsGraph

IMAGES = "tower_0/images"
CLASS_LOGITS = "tower_0/CenternetHead/centernet_cls_output/BiasAdd"
BOX_DISTANCES = "tower_0/wh"
DETECTIONS = "detections"

NORMALIZED = "StatefulPartitionedCall/sub_1"
POSE_MAPS = [f"StatefulPartitionedCall/{name}/BiasAdd" for name in
             ("kpt_heatmap_0/conv2d_5", "center_0/conv2d_4", "kpt_regress_0/conv2d_6", "kpt_offset_0/conv2d_7")]
CENTRE_NEARNESS = "ConstantFolding/StatefulPartitionedCall/truediv_2_recip"


class Converter:
    """Emits one ONNX node, or a few, for each node of the source. Emitters return the height and width they give."""

    def __init__(self, source, target):
        self.source = source
        self.target = target
        self.sizes = {}

    def convert(self, outputs):
        for node in self.source.ordered(outputs):
            emit = EMITTERS.get(node.op)
            if emit is None:
                node.fail("this operation is not supported")
            self.sizes[node.name] = emit(self, node)

    def weight(self, name):
        return self.target.constant(name, self.source.weights[name])

    def operand(self, name):
        """An element-wise operation's input: an activation, or a scalar weight."""
        return name if self.source.scalar(name) is None else self.weight(name)

    def size_of(self, node):
        """Height and width that the node's inputs have; a gate of 1x1 spreads over the other operand."""
        return max(self.sizes[name] for name in node.inputs if name in self.sizes)


def emit_placeholder(converter, node):
    shape = [int(entry["size"]) for entry in node.attributes["shape"]["shape"]["dim"]]
    if len(shape) != 4 or shape[3] != 3:
        node.fail(f"expected an NHWC picture of three channels, got {shape}")
    converter.target.add("Transpose", [node.name], nchw(node), perm=[0, 3, 1, 2])
    return shape[1], shape[2]


def nchw(node):
    return node.name + "/nchw" if node.op == "Placeholder" else node.name


def emit_convolution(converter, node):
    weights = converter.source.weights[node.inputs[1]].transpose(3, 2, 0, 1)
    return emit_grouped_convolution(converter, node, weights, 1)


def emit_depthwise_convolution(converter, node):
    weights = converter.source.weights[node.inputs[1]]
    height, width, channels, multiplier = weights.shape
    weights = weights.transpose(2, 3, 0, 1).reshape(channels * multiplier, 1, height, width)
    return emit_grouped_convolution(converter, node, weights, channels)


def emit_grouped_convolution(converter, node, weights, group):
    target = converter.target
    kernel, strides, dilations = weights.shape[2:], node.integers("strides")[1:3], node.integers("dilations")[1:3]
    if dilations != [1, 1]:
        node.fail(f"dilations {dilations} are not supported")
    size, pads = placement(node, converter.size_of(node), kernel, strides)
    inputs = [nchw(converter.source.nodes[node.inputs[0]]), target.constant(node.inputs[1], weights)]
    inputs += [converter.weight(bias) for bias in node.inputs[2:]]
    attributes = dict(kernel_shape=kernel, strides=strides, pads=pads, group=group)
    fused = node.texts("fused_ops")
    if fused in ([], ["BiasAdd"]):
        target.add("Conv", inputs, node.name, **attributes)
    elif fused == ["BiasAdd", "Relu"]:
        target.add("Relu", [target.add("Conv", inputs, node.name + "/conv", **attributes)], node.name)
    elif fused == ["BiasAdd", "Relu6"]:
        bounds = [target.constant("relu6/least", np.float32(0)), target.constant("relu6/most", np.float32(6))]
        target.add("Clip", [target.add("Conv", inputs, node.name + "/conv", **attributes)] + bounds, node.name)
    else:
        node.fail(f"fused operations {fused} are not supported")
    return size


def placement(node, size, kernel, strides):
    """The size that a convolution gives, and its pads in ONNX's order: top, left, bottom, right."""
    if node.text("padding") == "VALID":
        return tuple((s - k) // t + 1 for s, k, t in zip(size, kernel, strides)), [0, 0, 0, 0]
    given = tuple(-(-s // t) for s, t in zip(size, strides))
    totals = [max((g - 1) * t + k - s, 0) for g, t, k, s in zip(given, strides, kernel, size)]
    return given, [total // 2 for total in totals] + [total - total // 2 for total in totals]


def elementwise(op, **attributes):
    def emit(converter, node):
        converter.target.add(op, [converter.operand(name) for name in node.inputs], node.name, **attributes)
        return converter.size_of(node)
    return emit


def emit_mean(converter, node):
    axes = converter.source.weights[node.inputs[1]].tolist()
    if axes != [1, 2] or not node.flag("keep_dims"):
        node.fail(f"only a mean over height and width that keeps its axes is supported, got axes {axes}")
    converter.target.add("GlobalAveragePool", node.inputs[:1], node.name)
    return 1, 1


def emit_resize(converter, node):
    if node.flag("align_corners"):
        node.fail("the mapping of corners onto corners is not supported")
    size = tuple(converter.source.weights[node.inputs[1]].tolist())
    scales = [1, 1] + [given / had for given, had in zip(size, converter.size_of(node))]
    scales = converter.target.constant(node.name + "/scales", np.float32(scales))
    converter.target.add("Resize", [node.inputs[0], "", scales], node.name, mode="linear",
                         coordinate_transformation_mode="half_pixel" if node.flag("half_pixel_centers") else "asymmetric")
    return size


def emit_concat(converter, node):
    axis = converter.source.scalar(node.inputs[-1])
    if axis != 3:
        node.fail(f"only channels can be joined, got axis {axis}")
    converter.target.add("Concat", node.inputs[:-1], node.name, axis=1)
    return converter.size_of(node)


EMITTERS = {
    "Placeholder": emit_placeholder,
    "Conv2D": emit_convolution,
    "_FusedConv2D": emit_convolution,
    "DepthwiseConv2dNative": emit_depthwise_convolution,
    "FusedDepthwiseConv2dNative": emit_depthwise_convolution,
    "Add": elementwise("Add"),
    "AddV2": elementwise("Add"),
    "Mul": elementwise("Mul"),
    "Relu": elementwise("Relu"),
    "Sigmoid": elementwise("Sigmoid"),
    "Identity": elementwise("Identity"),
    "HardSwish": elementwise("HardSwish"),
    "HardSigmoid": elementwise("HardSigmoid", alpha=1 / 6, beta=0.5),
    "Mean": emit_mean,
    "ResizeBilinear": emit_resize,
    "ConcatV2": emit_concat,
}


def convert_centernet(model, path):
    source, target = TfjsGraph(model), OnnxGraph()
    rewrites.restore_hard_activations(source)
    Converter(source, target).convert([CLASS_LOGITS, BOX_DISTANCES])
    centernet_head.add(target, CLASS_LOGITS, BOX_DISTANCES, DETECTIONS)
    target.write(path, "centernet-mobilenetv3-coco", {IMAGES: ["N", 512, 512, 3]}, {DETECTIONS: ["N", 100, 6]})


def convert_movenet(model, path):
    source, target = TfjsGraph(model), OnnxGraph()
    rewrites.start_at(source, NORMALIZED, "images", [-1, 192, 192, 3])
    Converter(source, target).convert(POSE_MAPS)
    movenet_head.add(target, POSE_MAPS, source.weights[CENTRE_NEARNESS][:, :, 0], "poses")
    target.write(path, "movenet-lightning", {"images": ["N", 192, 192, 3]}, {"poses": ["N", 1, 17, 3]})


MODELS = {"centernet": convert_centernet, "movenet": convert_movenet}

if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[1] not in MODELS:
        sys.exit(f"usage: convert_tfjs.py {'|'.join(MODELS)} MODEL.json MODEL.onnx")
    try:
        MODELS[sys.argv[1]](*sys.argv[2:])
    except (ConversionError, OSError) as error:
        sys.exit(f"convert_tfjs.py: {error}")
