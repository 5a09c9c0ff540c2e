"""MoveNet's decoding of one person's pose as ONNX operations, for any batch (TensorFlow's MoveNet.SinglePose, 2021).

The person is the cell where the centre's map, weighted by nearness to the middle of the picture, is largest. What is
regressed there says where each key point is expected. A key point is the cell where its own map, divided by the
distance to that place, is largest; the offset there gives its position within the cell. Rows are y, x as shares of the
input, and the key point's score.

The maps stay channel by channel (NCHW) here, where the source goes through NHWC.
"""

import numpy as np
from onnx import TensorProto

POINTS = 17
SOFTENING = 1.8 # cells added to a distance, so that a key point where it is expected has a finite weight


def add(graph, maps, nearness, output):
    """Adds the head.

    maps: names of the logits of the key points [N,17,g,g] and of the centre [N,1,g,g], of the regression and of the
    offsets [N,34,g,g], the last two as y, x for each key point in cells. nearness: NumPy [g,g], weighs the centre.
    """
    points, centre, regression, offsets = maps
    size = nearness.shape[0]
    scores = flat(graph, graph.add("Sigmoid", [points], "head/scores"), [0, POINTS, -1])
    expected = expected_places(graph, centre, regression, nearness)
    distances = distances_to(graph, expected, size)
    best = graph.add("ArgMax", [graph.add("Div", [scores, distances], "head/weighted")], "head/best", axis=2, keepdims=1)
    score = graph.add("GatherElements", [scores, best], "head/score", axis=2)
    places = graph.add("Add", [places_of(graph, best, size), offsets_at(graph, offsets, best)], "head/places/cells")
    places = graph.add("Div", [places, graph.constant("head/size", np.float32(size))], "head/places/shares")
    rows = graph.add("Concat", [places, score], "head/rows", axis=2)
    graph.add("Reshape", [rows, integers(graph, "rows/shape", [0, 1, POINTS, 3])], output)


def expected_places(graph, centre, regression, nearness):
    """Where each key point is expected, [N,17,2] of y, x in cells."""
    weight = graph.constant("head/nearness", np.float32(nearness).reshape(1, 1, -1))
    centres = flat(graph, graph.add("Sigmoid", [centre], "head/centres"), [0, 1, -1])
    cell = graph.add("ArgMax", [graph.add("Mul", [centres, weight], "head/near")], "head/centre", axis=2, keepdims=1)
    each = graph.add("Expand", [cell, integers(graph, "regressed/shape", [1, 2 * POINTS, 1])], "head/centre/each")
    regressed = graph.add("GatherElements", [flat(graph, regression, [0, 2 * POINTS, -1]), each], "head/regressed", axis=2)
    regressed = graph.add("Reshape", [regressed, integers(graph, "pairs", [0, POINTS, 2])], "head/regressed/pairs")
    return graph.add("Add", [places_of(graph, cell, nearness.shape[0]), regressed], "head/expected")


def distances_to(graph, places, size):
    """Softened distance [N,17,g*g] of every cell to the places."""
    rows, columns = np.divmod(np.arange(size * size, dtype=np.float32), size)
    squares = []
    for axis, (name, line) in enumerate((("y", rows), ("x", columns))):
        place = graph.add("Gather", [places, integers(graph, name, [axis])], f"head/expected/{name}", axis=2)
        apart = graph.add("Sub", [place, graph.constant(f"head/cells/{name}", line.reshape(1, 1, -1))], f"head/apart/{name}")
        squares.append(graph.add("Mul", [apart, apart], f"head/square/{name}"))
    distance = graph.add("Sqrt", [graph.add("Add", squares, "head/squares")], "head/distance")
    return graph.add("Add", [distance, graph.constant("head/softening", np.float32(SOFTENING))], "head/distance/soft")


def offsets_at(graph, offsets, best):
    """The offsets [N,17,2] in the cells [N,17,1], each key point's own."""
    offsets = flat(graph, offsets, [0, POINTS, 2, -1])
    cells = graph.add("Reshape", [best, integers(graph, "cells/shape", [0, POINTS, 1, 1])], "head/best/cells")
    cells = graph.add("Expand", [cells, integers(graph, "cells/each", [1, 1, 2, 1])], "head/best/each")
    chosen = graph.add("GatherElements", [offsets, cells], "head/offsets", axis=3)
    return graph.add("Reshape", [chosen, integers(graph, "pairs", [0, POINTS, 2])], "head/offsets/pairs")


def places_of(graph, cell, size):
    """Row and column [N,k,2] of the cells [N,k,1]."""
    length = integers(graph, "side", size)
    pair = [graph.add(op, [cell, length], f"{cell}/{name}") for op, name in (("Div", "row"), ("Mod", "column"))]
    pair = graph.add("Concat", pair, cell + "/place", axis=2)
    return graph.add("Cast", [pair], cell + "/place/float", to=TensorProto.FLOAT)


def flat(graph, name, shape):
    return graph.add("Reshape", [name, integers(graph, name + "/shape", shape)], name + "/flat")


def integers(graph, name, value):
    return graph.constant("head/" + name, np.int64(value))
