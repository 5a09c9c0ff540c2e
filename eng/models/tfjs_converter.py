"""Turns a TensorFlow.js graph into ONNX nodes, keeping activations in the order of axes that ONNX's convolutions want.

The source mixes both orders: NHWC where TensorFlow made the graph, transposes around every convolution where it came from
PyTorch. Here each tensor of the source is a view of an ONNX tensor that says where each of its axes lies there. A transpose
only changes the view and costs no node; one is written where an operation needs an order that is not there.
"""

from dataclasses import dataclass

import numpy as np
import onnx
from onnx import TensorProto, helper

from onnx_graph import OPSET, OnnxGraph
from tfjs_graph import ConversionError, node_of

NHWC_AS_NCHW = (0, 2, 3, 1)
SMALL = 64
TYPES = {"DT_FLOAT": TensorProto.FLOAT, "DT_INT32": TensorProto.INT32, "DT_UINT8": TensorProto.UINT8,
         "DT_BOOL": TensorProto.BOOL, "DT_INT64": TensorProto.INT64}
BATCH = "N"


@dataclass(frozen=True)
class View:
    """A tensor of the source: its axis i is axis order[i] of the ONNX tensor of this name."""

    name: str
    order: tuple

    @property
    def rank(self):
        return len(self.order)


class TypedGraph(OnnxGraph):
    """A graph that knows the element type and, as far as it is fixed, the shape of each of its tensors."""

    def __init__(self):
        super().__init__()
        self.types = {}

    def input(self, name, element_type, shape):
        self.types[name] = helper.make_tensor_type_proto(element_type, shape)
        return name

    def constant(self, name, value):
        super().constant(name, value)
        tensor = self.constants[name]
        self.types[name] = helper.make_tensor_type_proto(tensor.data_type, tensor.dims)
        return name

    def add(self, op, inputs, name, outputs=1, **attributes):
        if name in self.types:
            raise ConversionError(f"node '{name}': the source gives this name to something else, too")
        names = super().add(op, inputs, name, outputs, **attributes)
        self.learn(self.nodes[-1])
        return names

    def learn(self, node):
        """Infers the types of what the node gives, from those of its inputs and the values of its small constants."""
        small = [self.constants[name] for name in node.input
                 if name in self.constants and np.prod(self.constants[name].dims) <= SMALL]
        given = [onnx.ValueInfoProto(name=name, type=self.types[name]) for name in dict.fromkeys(node.input) if name]
        wanted = [onnx.ValueInfoProto(name=name) for name in node.output]
        graph = helper.make_graph([node], "node", given, wanted, small)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
        inferred = onnx.shape_inference.infer_shapes(model, strict_mode=True).graph
        self.types |= {value.name: value.type for value in [*inferred.value_info, *inferred.output]
                       if value.name in node.output}

    def write_typed(self, path, graph_name, inputs, outputs):
        """Writes the model with the types that were inferred."""
        self.write_graph(path, graph_name, self.infos(inputs), self.infos(outputs))

    def infos(self, names):
        return [onnx.ValueInfoProto(name=name, type=self.types[name]) for name in names]

    def shape(self, name):
        """The lengths of a tensor's axes, None for a free one; None where even their number is unknown."""
        tensor = self.types[name].tensor_type
        if not tensor.HasField("shape"):
            return None
        return [axis.dim_value if axis.HasField("dim_value") else None for axis in tensor.shape.dim]

    def element_type(self, name):
        return self.types[name].tensor_type.elem_type


class Converter:
    """Emits ONNX nodes for each node of the source; emitters, by operation, are functions of converter and node."""

    def __init__(self, source, target, emitters):
        self.source = source
        self.target = target
        self.emitters = emitters
        self.views = {}
        self.ordered = {}

    def convert(self, outputs):
        """Emits what the outputs depend on."""
        for node in self.source.ordered(outputs):
            emit = self.emitters.get(node.op)
            if emit is None:
                node.fail("this operation is not supported")
            emit(self, node)

    def known(self, name):
        """A weight's value, or that of what follows from weights alone; None for an activation."""
        return self.source.weights.get(name)

    def give(self, node, name, order=None, index=0):
        """Says that an ONNX tensor is what the node gives, in the source's order of axes or in another."""
        rank = len(order) if order is not None else self.rank_of(node, name)
        view = View(name, tuple(order if order is not None else range(rank)))
        self.views[node.name if index == 0 else f"{node.name}:{index}"] = view

    def fold(self, node, value):
        """Says that the node gives a value that is known now."""
        self.source.weights[node.name] = np.asarray(value)

    def rank_of(self, node, name):
        shape = self.target.shape(name)
        if shape is None:
            node.fail("the number of its axes is unknown")
        return len(shape)

    def view(self, name):
        """Where a tensor of the source is; a weight becomes a constant."""
        if name in self.views:
            return self.views[name]
        value = self.source.weights[name]
        return View(self.target.constant(name, value), tuple(range(value.ndim)))

    def shape(self, name):
        """The lengths of a tensor's axes in the source's order, None where one is free."""
        view = self.view(name)
        lengths = self.target.shape(view.name)
        return [lengths[axis] for axis in view.order]

    def plain(self, name):
        """The ONNX tensor whose axes are in the source's order."""
        return self.in_order(name, tuple(range(self.view(name).rank)))

    def in_order(self, name, order):
        """The ONNX tensor in which the axes of a tensor of the source lie in the given order."""
        view = self.view(name)
        if view.order == order:
            return view.name
        if (name, order) not in self.ordered:
            moves = [view.order[order.index(axis)] for axis in range(view.rank)]
            written = view.name + ("/nchw" if order == NHWC_AS_NCHW else "/plain" if order == tuple(range(view.rank))
                                   else "/" + "".join(map(str, order)))
            self.ordered[name, order] = self.target.add("Transpose", [view.name], written, perm=moves)
        return self.ordered[name, order]

    def output(self, name, written):
        """Gives a tensor, its axes as in the source, under a name of its own."""
        view = self.view(name)
        moves = list(view.order)
        op, attributes = ("Identity", {}) if moves == sorted(moves) else ("Transpose", {"perm": moves})
        return self.target.add(op, [view.name], written, **attributes)

    def weight_in_order(self, name, order):
        """A weight as an operand beside an activation of these axes: with all of them, in that order."""
        value = self.source.weights[name]
        if value.size == 1 and value.ndim < 2:
            return self.target.constant(name, value)
        value = value.reshape((1,) * (len(order) - value.ndim) + value.shape)
        moved = value.transpose([order.index(axis) for axis in range(len(order))])
        is_as_stored = moved.shape == self.source.weights[name].shape and order == tuple(range(len(order)))
        return self.target.constant(name if is_as_stored else f"{name}/{''.join(map(str, order))}", moved)

    def integers(self, node, name, values):
        """A constant of 64-bit integers that an ONNX operation takes as an input."""
        return self.target.constant(f"{node.name}~{name}", np.int64(values))

    def as_int64(self, node, name):
        """A tensor of integers of the source as ONNX wants them for shapes and places."""
        if self.known(name) is not None:
            return self.target.constant(name + "/int64", np.int64(self.known(name)))
        return self.target.add("Cast", [self.plain(name)], f"{node.name}/{node_of(name)}/int64", to=TensorProto.INT64)


def required(node, converter, name):
    """The value of an input that has to be known when the model is converted."""
    value = converter.known(name)
    if value is None:
        node.fail(f"its input '{name}' has to be a constant")
    return value
