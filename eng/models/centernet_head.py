"""CenterNet's decoding of peaks as ONNX operations, for any batch (Zhou et al., Objects as Points, 2019, section 4.1).

A cell of a class map is a peak where it is the largest of its 3x3 neighbourhood. The 100 best peaks over all classes
become rows x1, y1, x2, y2, score, class: corners in pixels of the model's input, best score first. Rows beyond the
last peak have the score 0.

The maps stay class by class (NCHW) here, where the source goes through NHWC; only the order of equal scores can differ.
"""

import numpy as np
from onnx import TensorProto

GRID, STRIDE, TOP = 128, 4, 100


def add(graph, logits, distances, output):
    """Adds the head; logits are [N,80,128,128], distances from the centre to left, top, right, bottom [N,4,128,128]."""
    score, index = best_peaks(graph, logits)
    cells = integers(graph, "cells", GRID * GRID)
    category = graph.add("Div", [index, cells], "head/class")
    boxes = boxes_at(graph, graph.add("Mod", [index, cells], "head/cell"), distances)
    rows = graph.add("Concat", [boxes, score, as_float(graph, category)], "head/rows", axis=1)
    graph.add("Transpose", [rows], output, perm=[0, 2, 1])


def best_peaks(graph, logits):
    """Scores of the best peaks and their index over class, row and column, both [N,1,100]."""
    scores = graph.add("Sigmoid", [logits], "head/scores")
    largest = graph.add("MaxPool", [scores], "head/largest", kernel_shape=[3, 3], strides=[1, 1], pads=[1, 1, 1, 1])
    is_peak = as_float(graph, graph.add("Equal", [scores, largest], "head/is_peak"))
    peaks = graph.add("Mul", [scores, is_peak], "head/peaks")
    peaks = graph.add("Reshape", [peaks, integers(graph, "peaks/shape", [0, 1, -1])], "head/peaks/flat")
    return graph.add("TopK", [peaks, integers(graph, "top", [TOP])], "head/best", outputs=2, axis=2)


def boxes_at(graph, cell, distances):
    """Corners [N,4,100] of the boxes whose centres lie in the cells [N,1,100]."""
    grid = integers(graph, "grid", GRID)
    column = graph.add("Mod", [cell, grid], "head/column")
    row = graph.add("Div", [cell, grid], "head/row")
    centres = as_float(graph, graph.add("Concat", [column, row, column, row], "head/centres", axis=1))
    centres = graph.add("Mul", [centres, graph.constant("head/stride", np.float32(STRIDE))], "head/centres/pixels")
    distances = graph.add("Reshape", [distances, integers(graph, "distances/shape", [0, 4, -1])], "head/distances")
    cell = graph.add("Expand", [cell, integers(graph, "cell/shape", [1, 4, 1])], "head/cell/each")
    distances = graph.add("GatherElements", [distances, cell], "head/distances/chosen", axis=2)
    sides = graph.constant("head/sides", np.float32([[[-1], [-1], [1], [1]]]))
    return graph.add("Add", [centres, graph.add("Mul", [distances, sides], "head/distances/signed")], "head/boxes")


def as_float(graph, name):
    return graph.add("Cast", [name], name + "/float", to=TensorProto.FLOAT)


def integers(graph, name, value):
    return graph.constant("head/" + name, np.int64(value))
