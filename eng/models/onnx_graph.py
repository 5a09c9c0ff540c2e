"""Collects the nodes and constants of an ONNX graph and writes them as a model."""

import numpy as np
from onnx import TensorProto, helper, numpy_helper

OPSET = 14
IR_VERSION = 7


class OnnxGraph:
    """An ONNX graph under construction. Methods that add something return the name under which to use it.

    A branch of a condition is a graph within another: the names of its nodes get a prefix, since they must be none of the
    graph around it, and its constants lie in that.
    """

    def __init__(self, around=None, prefix=""):
        self.prefix = prefix
        self.nodes = []
        self.constants = around.constants if around else {}

    def add(self, op, inputs, name, outputs=1, **attributes):
        """Adds a node named after its first output; further outputs get the suffixes :1, :2, ..."""
        name = self.prefix + name
        names = [name] + [f"{name}:{index}" for index in range(1, outputs)]
        self.nodes.append(helper.make_node(op, inputs, names, name=name, **attributes))
        return name if outputs == 1 else names

    def constant(self, name, value):
        """Adds a constant of the NumPy value's own type, once per name."""
        if name not in self.constants:
            self.constants[name] = numpy_helper.from_array(np.array(value, order="C"), name)
        return name

    def body(self, name, outputs):
        """What was collected as the branch of a condition; it may use all that the graph around it has."""
        return helper.make_graph(self.nodes, name, [], values(outputs, TensorProto.FLOAT))

    def write(self, path, graph_name, inputs, outputs, input_type=TensorProto.FLOAT, opset=OPSET):
        """Writes the model; inputs and outputs map a name to its shape, where a string is a free dimension."""
        self.write_graph(path, graph_name, values(inputs, input_type), values(outputs, TensorProto.FLOAT), opset)

    def write_graph(self, path, graph_name, inputs, outputs, opset=OPSET):
        """Writes the model with inputs and outputs of any types.

        The bytes depend on the graph alone, so that a checksum can stand for the model: what a version of the onnx
        package would fill in on its own is given here.
        """
        graph = helper.make_graph(self.nodes, graph_name, inputs, outputs, list(self.constants.values()))
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", opset)], producer_name="edge-perception")
        model.ir_version = IR_VERSION
        with open(path, "wb") as file:
            file.write(model.SerializeToString(deterministic=True))


def values(shapes, element_type):
    return [helper.make_tensor_value_info(name, element_type, shape) for name, shape in shapes.items()]
