#!/usr/bin/python3
"""Writes the small ONNX graphs that the inference tests load (Debian package python3-onnx).

Run it from anywhere: /usr/bin/python3 tests/Fusion/Inference/make_models.py
The files it writes are committed; run it again only to change one.
"""
import pathlib

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FOLDER = pathlib.Path(__file__).parent / "Models"
PICTURE = [1, 8, 8, 3]
ROWS = [1, 2, 6]


def constant(name, values, dtype=np.int64):
    return numpy_helper.from_array(np.array(values, dtype), name)


def tensor(name, shape, element=TensorProto.FLOAT):
    return helper.make_tensor_value_info(name, element, shape)


def save(name, nodes, inputs, outputs, constants=()):
    graph = helper.make_graph(nodes, name, inputs, outputs, list(constants))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=7, producer_name="")
    onnx.checker.check_model(model)
    onnx.save(model, str(FOLDER / f"{name}.onnx"))


def first_values(source, shape):
    """The picture's first values in a row, given out in another shape: what goes in can be told from what comes out."""
    count = int(np.prod(shape))
    nodes = [
        helper.make_node("Reshape", [source, "flat"], ["all"]),
        helper.make_node("Slice", ["all", "from", "to"], ["first"]),
        helper.make_node("Reshape", ["first", "shape"], ["detections"]),
    ]
    return nodes, [constant("flat", [-1]), constant("from", [0]), constant("to", [count]), constant("shape", shape)]


def rows_of_the_picture():
    nodes, constants = first_values("images", ROWS)
    save("detector", nodes, [tensor("images", PICTURE)], [tensor("detections", ROWS)], constants)


def output_of_rank_two():
    nodes, constants = first_values("images", ROWS[1:])
    save("rank", nodes, [tensor("images", PICTURE)], [tensor("detections", ROWS[1:])], constants)


def input_of_bytes():
    nodes, constants = first_values("floats", ROWS)
    cast = helper.make_node("Cast", ["images"], ["floats"], to=TensorProto.FLOAT)
    save("bytes", [cast] + nodes, [tensor("images", PICTURE, TensorProto.UINT8)], [tensor("detections", ROWS)], constants)


def two_inputs():
    nodes, constants = first_values("sum", ROWS)
    add = helper.make_node("Add", ["images", "bias"], ["sum"])
    save("two_inputs", [add] + nodes, [tensor("images", PICTURE), tensor("bias", [1])], [tensor("detections", ROWS)],
         constants)


def free_batch():
    nodes = [
        helper.make_node("Reshape", ["images", "flat"], ["all"]),
        helper.make_node("Slice", ["all", "from", "to", "axis"], ["first"]),
        helper.make_node("Reshape", ["first", "shape"], ["detections"]),
    ]
    constants = [constant("flat", [0, 192]), constant("from", [0]), constant("to", [12]), constant("axis", [1]),
                 constant("shape", [-1, 2, 6])]
    save("free_batch", nodes, [tensor("images", ["N", 8, 8, 3])], [tensor("detections", ["N", 2, 6])], constants)


def products():
    """Each integer times each number: two inputs of free lengths, an output whose lengths follow from both."""
    nodes = [
        helper.make_node("Cast", ["counts"], ["floats"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["floats", "last"], ["column"]),
        helper.make_node("Unsqueeze", ["weights", "middle"], ["row"]),
        helper.make_node("Mul", ["column", "row"], ["products"]),
    ]
    inputs = [tensor("counts", [1, "A"], TensorProto.INT32), tensor("weights", [1, "B"])]
    save("products", nodes, inputs, [tensor("products", [1, "A", "B"])], [constant("last", [2]), constant("middle", [1])])


def sequence_output():
    nodes, constants = first_values("images", ROWS)
    nodes[-1].output[0] = "rows"
    nodes.append(helper.make_node("SequenceConstruct", ["rows"], ["detections"]))
    output = helper.make_tensor_sequence_value_info("detections", TensorProto.FLOAT, ROWS)
    save("sequence", nodes, [tensor("images", PICTURE)], [output], constants)


def score_that_is_no_number():
    nodes, constants = first_values("images", ROWS)
    nodes[-1].output[0] = "rows"
    nodes.append(helper.make_node("Add", ["rows", "spoil"], ["detections"]))
    spoil = constant("spoil", [[[0, 0, 0, 0, np.nan, 0], [0] * 6]], np.float32)
    save("nan", nodes, [tensor("images", PICTURE)], [tensor("detections", ROWS)], constants + [spoil])


def hang():
    """CenterNet's tensors. A bright picture (mean above 128) spins for 2^63 - 1 rounds, any other answers at once."""
    body = helper.make_graph(
        [
            helper.make_node("Identity", ["go_on"], ["still"]),
            # sin(0) stays 0, which the optimizer cannot know.
            helper.make_node("Sin", ["zero_in"], ["zero_out"]),
        ],
        "round",
        [tensor("i", [], TensorProto.INT64), tensor("go_on", [], TensorProto.BOOL), tensor("zero_in", [])],
        [tensor("still", [], TensorProto.BOOL), tensor("zero_out", [])],
    )
    nodes = [
        helper.make_node("ReduceMean", ["tower_0/images"], ["mean"], keepdims=0),
        helper.make_node("Greater", ["mean", "bright"], ["is_bright"]),
        helper.make_node("Where", ["is_bright", "for_ever", "never"], ["rounds"]),
        helper.make_node("Loop", ["rounds", "true", "zero"], ["nothing"], body=body),
        helper.make_node("Expand", ["nothing", "shape"], ["detections"]),
    ]
    constants = [
        constant("bright", 128, np.float32), constant("for_ever", np.iinfo(np.int64).max), constant("never", 0),
        constant("true", True, np.bool_), constant("zero", 0, np.float32), constant("shape", [1, 100, 6]),
    ]
    save("hang", nodes, [tensor("tower_0/images", [1, 512, 512, 3])], [tensor("detections", [1, 100, 6])], constants)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for write in (rows_of_the_picture, output_of_rank_two, input_of_bytes, two_inputs, free_batch, products, sequence_output,
                  score_that_is_no_number, hang):
        write()
