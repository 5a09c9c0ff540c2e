"""TensorFlow.js' operations that treat each element by itself, as ONNX nodes."""

import numpy as np
from onnx import TensorProto
from onnx.mapping import TENSOR_TYPE_TO_NP_TYPE

from tfjs_converter import TYPES, required

INTEGERS = (TensorProto.INT32, TensorProto.INT64)
RELU6 = ("relu6/least", 0), ("relu6/most", 6)


def unary(op, **attributes):
    def emit(converter, node):
        view = converter.view(node.inputs[0])
        converter.give(node, converter.target.add(op, [view.name], node.name, **attributes), view.order)
    return emit


def emit_identity(converter, node):
    if converter.known(node.inputs[0]) is not None:
        return converter.fold(node, converter.known(node.inputs[0]))
    return unary("Identity")(converter, node)


def emit_relu6(converter, node):
    view = converter.view(node.inputs[0])
    converter.give(node, clip6(converter, view.name, node.name), view.order)


def clip6(converter, name, written):
    bounds = [converter.target.constant(bound, np.float32(value)) for bound, value in RELU6]
    return converter.target.add("Clip", [name] + bounds, written)


def emit_leaky_relu(converter, node):
    unary("LeakyRelu", alpha=node.number("alpha", 0.2))(converter, node)


def emit_prelu(converter, node):
    view = converter.view(node.inputs[0])
    slope = converter.weight_in_order(node.inputs[1], view.order)
    converter.give(node, converter.target.add("PRelu", [view.name, slope], node.name), view.order)


def emit_rsqrt(converter, node):
    view = converter.view(node.inputs[0])
    root = converter.target.add("Sqrt", [view.name], node.name + "/root")
    converter.give(node, converter.target.add("Reciprocal", [root], node.name), view.order)


def emit_square(converter, node):
    view = converter.view(node.inputs[0])
    converter.give(node, converter.target.add("Mul", [view.name, view.name], node.name), view.order)


def emit_cast(converter, node):
    to = TYPES.get(node.type("DstT"))
    if to is None:
        node.fail(f"numbers of type {node.type('DstT')} are not supported")
    if converter.known(node.inputs[0]) is not None:
        return converter.fold(node, converter.known(node.inputs[0]).astype(TENSOR_TYPE_TO_NP_TYPE[to]))
    return unary("Cast", to=to)(converter, node)


def emit_softmax(converter, node):
    view = converter.view(node.inputs[0])
    converter.give(node, converter.target.add("Softmax", [view.name], node.name, axis=view.order[-1]), view.order)


def operands(converter, node, names):
    """ONNX tensors that spread over each other as the source's do, and the order of axes of what they give."""
    activations = [name for name in names if converter.known(name) is None]
    if not activations:
        return [converter.plain(name) for name in names], None
    ranks = {converter.view(name).rank for name in activations}
    widest = max(activations, key=lambda name: converter.view(name).rank)
    order = converter.view(widest).order
    # Axes are added in front, which only the source's order allows.
    if len(ranks) > 1 or any(converter.known(name) is not None and converter.known(name).ndim > len(order) for name in names):
        order = None
        return [converter.plain(name) for name in names], order
    return [converter.weight_in_order(name, order) if converter.known(name) is not None
            else converter.in_order(name, order) for name in names], order


def binary(op, known=None, **attributes):
    """An operation on two tensors; known computes it where both are constants."""
    def emit(converter, node):
        values = [converter.known(name) for name in node.inputs]
        if known is not None and all(value is not None for value in values):
            return converter.fold(node, known(*values).astype(values[0].dtype))
        names, order = operands(converter, node, node.inputs)
        return converter.give(node, converter.target.add(op, names, node.name, **attributes), order)
    return emit


def emit_floor_mod(converter, node):
    names, order = operands(converter, node, node.inputs)
    if converter.target.element_type(names[0]) in INTEGERS:
        # ONNX takes the sign of the divisor, as the source does.
        return converter.give(node, converter.target.add("Mod", names, node.name), order)
    times = converter.target.add("Mul", [floor_div(converter, names, node.name + "/quotient"), names[1]], node.name + "/times")
    return converter.give(node, converter.target.add("Sub", [names[0], times], node.name), order)


def emit_floor_div(converter, node):
    values = [converter.known(name) for name in node.inputs]
    if all(value is not None for value in values):
        return converter.fold(node, values[0] // values[1])
    names, order = operands(converter, node, node.inputs)
    return converter.give(node, floor_div(converter, names, node.name), order)


def floor_div(converter, names, written):
    target = converter.target
    if target.element_type(names[0]) not in INTEGERS:
        return target.add("Floor", [target.add("Div", names, written + "/exact")], written)
    # ONNX divides integers towards zero, so that the rest goes first.
    rest = target.add("Mod", names, written + "/rest")
    return target.add("Div", [target.add("Sub", [names[0], rest], written + "/whole"), names[1]], written)


def emit_squared_difference(converter, node):
    names, order = operands(converter, node, node.inputs)
    difference = converter.target.add("Sub", names, node.name + "/difference")
    converter.give(node, converter.target.add("Mul", [difference, difference], node.name), order)


def emit_not_equal(converter, node):
    names, order = operands(converter, node, node.inputs)
    equal = converter.target.add("Equal", names, node.name + "/equal")
    converter.give(node, converter.target.add("Not", [equal], node.name), order)


def emit_sum_of_all(converter, node):
    names, order = operands(converter, node, node.inputs)
    converter.give(node, converter.target.add("Sum", names, node.name), order)


def emit_select(converter, node):
    if node.op == "Select" and converter.view(node.inputs[0]).rank not in (0, converter.view(node.inputs[1]).rank):
        node.fail("a condition that chooses whole rows is not supported")
    names, order = operands(converter, node, node.inputs)
    converter.give(node, converter.target.add("Where", names, node.name), order)


def emit_zeros_like(converter, node):
    view = converter.view(node.inputs[0])
    zero = converter.target.add("Sub", [view.name, view.name], node.name)
    converter.give(node, zero, view.order)


def emit_clip_by_value(converter, node):
    view = converter.view(node.inputs[0])
    bounds = [converter.target.constant(name, np.float32(required(node, converter, name))) for name in node.inputs[1:]]
    converter.give(node, converter.target.add("Clip", [view.name] + bounds, node.name), view.order)


EMITTERS = {
    **{op: unary(op) for op in ("Abs", "Ceil", "Cos", "Elu", "Exp", "Floor", "Log", "Neg", "Reciprocal", "Relu", "Selu",
                                "HardSwish", "Sigmoid", "Sin", "Softplus", "Sqrt", "Tanh")},
    "HardSigmoid": unary("HardSigmoid", alpha=1 / 6, beta=0.5),
    "LogicalNot": unary("Not"),
    "Identity": emit_identity,
    "Relu6": emit_relu6,
    "LeakyRelu": emit_leaky_relu,
    "Prelu": emit_prelu,
    "Rsqrt": emit_rsqrt,
    "Square": emit_square,
    "Cast": emit_cast,
    "Softmax": emit_softmax,
    "Add": binary("Add", np.add),
    "AddV2": binary("Add", np.add),
    "BiasAdd": binary("Add"),
    "Sub": binary("Sub", np.subtract),
    "Mul": binary("Mul", np.multiply),
    "RealDiv": binary("Div"),
    "Pow": binary("Pow"),
    "Maximum": binary("Max", np.maximum),
    "Minimum": binary("Min", np.minimum),
    "Equal": binary("Equal"),
    "NotEqual": emit_not_equal,
    "Greater": binary("Greater"),
    "GreaterEqual": binary("GreaterOrEqual"),
    "Less": binary("Less"),
    "LessEqual": binary("LessOrEqual"),
    "LogicalAnd": binary("And"),
    "LogicalOr": binary("Or"),
    "FloorDiv": emit_floor_div,
    "FloorMod": emit_floor_mod,
    "SquaredDifference": emit_squared_difference,
    "AddN": emit_sum_of_all,
    "Select": emit_select,
    "SelectV2": emit_select,
    "ZerosLike": emit_zeros_like,
    "ClipByValue": emit_clip_by_value,
}
