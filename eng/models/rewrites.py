"""Rewrites of the TensorFlow.js graph before its conversion: the same function in a form that runtimes know."""

import numpy as np

from tfjs_graph import Node


def restore_hard_activations(graph):
    """Turns 1/6 * relu6(x + 3) into HardSigmoid(x), and (1/6 * x) * relu6(x + 3) into HardSwish(x).

    Storing the weights as float16 rounded the source's 1/6 to 0.16663; the operations hold the exact factor.
    """
    for node in graph.nodes.values():
        if node.op != "Mul":
            continue
        for factor, gate in (node.inputs, reversed(node.inputs)):
            x = input_of_gate(graph, gate)
            if x is not None and is_sixth(graph, factor):
                node.op, node.inputs = "HardSigmoid", [x]
            elif x is not None and is_sixth_of(graph, factor, x):
                node.op, node.inputs = "HardSwish", [x]


def start_at(graph, place, name):
    """Makes the activation at a place the model's input, under another name; what led there is left out."""
    del graph.nodes[place]
    for node in graph.nodes.values():
        node.inputs = [name if source == place else source for source in node.inputs]
    graph.nodes[name] = Node(name, "Placeholder", [], {})


def input_of_gate(graph, name):
    """The x of relu6(x + 3), or None."""
    relu = graph.nodes.get(name)
    if relu is None or relu.op != "Relu6":
        return None
    add = graph.nodes[relu.inputs[0]]
    return add.inputs[0] if add.op == "Add" and graph.scalar(add.inputs[1]) == 3 else None


def is_sixth(graph, name):
    return graph.scalar(name) == np.float16(1 / 6)


def is_sixth_of(graph, name, x):
    node = graph.nodes.get(name)
    return node is not None and node.op == "Mul" and x in node.inputs and any(is_sixth(graph, n) for n in node.inputs)
