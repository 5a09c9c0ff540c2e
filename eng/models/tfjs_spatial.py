"""TensorFlow.js' operations over height and width, as ONNX nodes: convolutions, pools, resizes.

Padding. "SAME" puts the odd pixel at the end; sizes are known, so pads are written out. Fused activations become a node of
their own; runtimes fuse them again in their own way.
"""

import numpy as np

from tfjs_converter import NHWC_AS_NCHW, required
from tfjs_elementwise import clip6

NCHW = (0, 1, 2, 3)


class Picture:
    """An activation of height and width, as ONNX wants it: NCHW, whichever order the source has."""

    def __init__(self, converter, node, name):
        self.is_nchw = node.text("data_format", "NHWC") == "NCHW"
        self.order = NCHW if self.is_nchw else NHWC_AS_NCHW
        self.name = converter.in_order(name, self.order)
        self.size = converter.target.shape(self.name)[2:]
        if None in self.size:
            node.fail("the height and width of its picture are unknown")

    def of_height_and_width(self, values):
        """The two of four numbers, in the source's order of axes, that are for height and width."""
        return values[2:4] if self.is_nchw else values[1:3]


def emit_convolution(converter, node):
    weights = required(node, converter, node.inputs[1]).transpose(3, 2, 0, 1)
    emit_grouped_convolution(converter, node, weights, None)


def emit_depthwise_convolution(converter, node):
    weights = required(node, converter, node.inputs[1])
    height, width, channels, multiplier = weights.shape
    weights = weights.transpose(2, 3, 0, 1).reshape(channels * multiplier, 1, height, width)
    emit_grouped_convolution(converter, node, weights, channels)


def emit_grouped_convolution(converter, node, weights, group):
    target, picture = converter.target, Picture(converter, node, node.inputs[0])
    # Fewer channels in the kernel than in the picture: the source's way to say groups.
    group = group or target.shape(picture.name)[1] // weights.shape[1]
    strides = picture.of_height_and_width(node.integers("strides"))
    dilations = picture.of_height_and_width(node.integers("dilations")) or [1, 1]
    pads = pads_of(node, picture, weights.shape[2:], strides, dilations)
    attributes = {"kernel_shape": weights.shape[2:], "strides": strides, "pads": pads, "group": group}
    if dilations != [1, 1]:
        attributes["dilations"] = dilations
    fused = node.texts("fused_ops")
    has_bias = "BiasAdd" in fused
    inputs = [picture.name, target.constant(node.inputs[1], weights)]
    inputs += [converter.plain(node.inputs[2])] if has_bias else []
    activation = [name for name in fused if name != "BiasAdd"]
    name = target.add("Conv", inputs, node.name + ("/conv" if activation else ""), **attributes)
    if activation:
        name = activate(converter, node, name, activation, node.inputs[2 + has_bias:])
    converter.give(node, name, picture.order)


def activate(converter, node, name, activation, slopes):
    if activation == ["Relu6"]:
        return clip6(converter, name, node.name)
    if activation == ["Prelu"]:
        slope = required(node, converter, slopes[0])
        slope = converter.target.constant(slopes[0] + "/channels", slope.reshape(-1, 1, 1))
        return converter.target.add("PRelu", [name, slope], node.name)
    if activation == ["LeakyRelu"]:
        return converter.target.add("LeakyRelu", [name], node.name, alpha=node.number("leakyrelu_alpha", 0.2))
    if activation in (["Relu"], ["Elu"], ["Sigmoid"]):
        return converter.target.add(activation[0], [name], node.name)
    return node.fail(f"fused operations {activation} are not supported")


def pads_of(node, picture, kernel, strides, dilations=(1, 1)):
    """Pads in ONNX's order: top, left, bottom, right."""
    padding = node.text("padding")
    if padding == "VALID":
        return [0, 0, 0, 0]
    if padding == "EXPLICIT":
        explicit = node.integers("explicit_paddings")
        rows = picture.of_height_and_width([explicit[index:index + 2] for index in range(0, 8, 2)])
        return [pair[0] for pair in rows] + [pair[1] for pair in rows]
    totals = [max((-(-size // stride) - 1) * stride + (length - 1) * dilation + 1 - size, 0)
              for size, stride, length, dilation in zip(picture.size, strides, kernel, dilations)]
    return [total // 2 for total in totals] + [total - total // 2 for total in totals]


def emit_transposed_convolution(converter, node):
    weights = required(node, converter, node.inputs[1])
    wanted = required(node, converter, node.inputs[0])
    picture = Picture(converter, node, node.inputs[2])
    strides = picture.of_height_and_width(node.integers("strides"))
    size = picture.of_height_and_width(wanted.tolist())
    full = [(had - 1) * stride + length for had, stride, length in zip(picture.size, strides, weights.shape[:2])]
    # What the convolution whose gradient this is has cut off, or left over at the end.
    cut = [max(whole - gives, 0) for whole, gives in zip(full, size)]
    more = [max(gives - whole, 0) for whole, gives in zip(full, size)]
    pads = [total // 2 for total in cut] + [total - total // 2 for total in cut]
    kernel = converter.target.constant(node.inputs[1], weights.transpose(3, 2, 0, 1))
    name = converter.target.add("ConvTranspose", [picture.name, kernel], node.name, strides=strides, pads=pads,
                                kernel_shape=weights.shape[:2], output_padding=more)
    converter.give(node, name, picture.order)


def pool(op, **attributes):
    def emit(converter, node):
        picture = Picture(converter, node, node.inputs[0])
        kernel, strides = (picture.of_height_and_width(node.integers(key)) for key in ("ksize", "strides"))
        name = converter.target.add(op, [picture.name], node.name, kernel_shape=kernel, strides=strides,
                                    pads=pads_of(node, picture, kernel, strides), **attributes)
        converter.give(node, name, picture.order)
    return emit


def resize(mode, **attributes):
    """Constant scales are the form for which ONNX Runtime keeps its blocked layout (NCHWc)."""
    def emit(converter, node):
        picture = Picture(converter, node, node.inputs[0])
        size = required(node, converter, node.inputs[1]).tolist()
        corners = "align_corners" if node.flag("align_corners") else (
            "half_pixel" if node.flag("half_pixel_centers") else "asymmetric")
        given = dict(attributes)
        if mode == "nearest":
            given["nearest_mode"] = "floor" if corners == "asymmetric" else "round_prefer_ceil"
        scales = np.float32([1, 1] + [gives / had for gives, had in zip(size, picture.size)])
        name = converter.target.add("Resize", [picture.name, "", converter.target.constant(node.name + "/scales", scales)],
                                    node.name, mode=mode, coordinate_transformation_mode=corners, **given)
        if converter.target.shape(name)[2:] != size:
            node.fail(f"a resize from {picture.size} to {size} would come out as {converter.target.shape(name)[2:]}")
        converter.give(node, name, picture.order)
    return emit


def emit_depth_to_space(converter, node):
    picture = Picture(converter, node, node.inputs[0])
    name = converter.target.add("DepthToSpace", [picture.name], node.name, blocksize=node.integer("block_size"), mode="DCR")
    converter.give(node, name, picture.order)


EMITTERS = {
    "Conv2D": emit_convolution,
    "_FusedConv2D": emit_convolution,
    "DepthwiseConv2dNative": emit_depthwise_convolution,
    "FusedDepthwiseConv2dNative": emit_depthwise_convolution,
    "Conv2DBackpropInput": emit_transposed_convolution,
    "MaxPool": pool("MaxPool"),
    "AvgPool": pool("AveragePool", count_include_pad=0),
    "ResizeBilinear": resize("linear"),
    "ResizeNearestNeighbor": resize("nearest"),
    "DepthToSpace": emit_depth_to_space,
}
