"""TensorFlow.js' operations on shapes and places, and those that reduce axes, as ONNX nodes."""

import numpy as np
from onnx import TensorProto

from tfjs_converter import TYPES, required
from tfjs_graph import sizes_of

END = np.iinfo(np.int64).max


def emit_placeholder(converter, node):
    target = converter.target
    if node.name not in target.types:
        # The signature knows sizes that the graph itself leaves free.
        shape = converter.source.sizes.get(node.name) or sizes_of(node.attributes["shape"]["shape"])
        target.input(node.name, TYPES[node.type("dtype")], [1] + shape[1:] if shape[:1] == [-1] else shape)
    converter.give(node, node.name)


def emit_reshape(converter, node):
    shape = converter.known(node.inputs[1])
    if shape is None:
        places = converter.as_int64(node, node.inputs[1])
    else:
        lengths = converter.shape(node.inputs[0])
        # The source says one picture; a free batch stays what it is.
        keeps_batch = lengths and lengths[0] is None and shape.size and shape[0] == 1
        places = converter.integers(node, "shape", [0 if keeps_batch else shape[0], *shape[1:]] if shape.size else [])
    converter.give(node, converter.target.add("Reshape", [converter.plain(node.inputs[0]), places], node.name))


def emit_transpose(converter, node):
    view, moves = converter.view(node.inputs[0]), required(node, converter, node.inputs[1]).tolist()
    converter.give(node, view.name, [view.order[axis] for axis in moves])


def emit_expand_dims(converter, node):
    axis = int(required(node, converter, node.inputs[1]).item())
    if converter.known(node.inputs[0]) is not None:
        return converter.fold(node, np.expand_dims(converter.known(node.inputs[0]), axis))
    axes = converter.integers(node, "axes", [axis])
    return converter.give(node, converter.target.add("Unsqueeze", [converter.plain(node.inputs[0]), axes], node.name))


def emit_squeeze(converter, node):
    view, axes = converter.view(node.inputs[0]), [axis % converter.view(node.inputs[0]).rank for axis in node.integers("squeeze_dims")]
    axes = axes or [axis for axis, length in enumerate(converter.shape(node.inputs[0])) if length == 1]
    gone = sorted(view.order[axis] for axis in axes)
    name = converter.target.add("Squeeze", [view.name, converter.integers(node, "axes", gone)], node.name)
    left = [place for axis, place in enumerate(view.order) if axis not in axes]
    converter.give(node, name, [place - sum(axis < place for axis in gone) for place in left])


def emit_pad(converter, node):
    view, pads = converter.view(node.inputs[0]), required(node, converter, node.inputs[1])
    mode = node.text("mode").lower() if node.op == "MirrorPad" else "constant"
    if mode == "symmetric":
        node.fail("padding that repeats the border is not supported")
    written = np.zeros((2, view.rank), np.int64)
    written[:, list(view.order)] = pads.T
    inputs = [view.name, converter.integers(node, "pads", written.ravel())]
    if node.op == "PadV2":
        inputs.append(converter.target.constant(node.inputs[2], required(node, converter, node.inputs[2])))
    converter.give(node, converter.target.add("Pad", inputs, node.name, mode=mode), view.order)


def emit_concat(converter, node):
    *parts, last = node.inputs
    axis = int(required(node, converter, last).item())
    values = [converter.known(name) for name in parts]
    if all(value is not None for value in values):
        return converter.fold(node, np.concatenate(values, axis))
    names, order = same_order(converter, parts)
    return converter.give(node, converter.target.add("Concat", names, node.name, axis=order[axis]), order)


def same_order(converter, names):
    """The ONNX tensors of several of the source in the order of the first activation among them."""
    order = next(converter.view(name).order for name in names if converter.known(name) is None)
    return [converter.weight_in_order(name, order) if converter.known(name) is not None
            else converter.in_order(name, order) for name in names], order


def emit_pack(converter, node):
    axis, values = node.integer("axis"), [converter.known(name) for name in node.inputs]
    if all(value is not None for value in values):
        return converter.fold(node, np.stack(values, axis))
    axes = converter.integers(node, "axes", [axis])
    rows = [converter.target.add("Unsqueeze", [converter.plain(name), axes], f"{node.name}/row/{index}")
            for index, name in enumerate(node.inputs)]
    return converter.give(node, converter.target.add("Concat", rows, node.name, axis=axis))


def emit_unpack(converter, node):
    axis = node.integer("axis") % converter.view(node.inputs[0]).rank
    parts = divide(converter, node, node.inputs[0], axis, [1] * node.integer("num"), "/part")
    axes = converter.integers(node, "axes", [axis])
    for index, part in enumerate(parts):
        name = node.name if index == 0 else f"{node.name}:{index}"
        converter.give(node, converter.target.add("Squeeze", [part, axes], name), index=index)


def emit_split(converter, node):
    axis, source = int(required(node, converter, node.inputs[0]).item()), node.inputs[1]
    length = converter.shape(source)[axis]
    if length is None:
        node.fail("the length of the axis that it divides is unknown")
    give_parts(converter, node, source, axis, [length // node.integer("num_split")] * node.integer("num_split"))


def emit_split_by_sizes(converter, node):
    axis = int(required(node, converter, node.inputs[2]).item())
    sizes = required(node, converter, node.inputs[1]).tolist()
    if -1 in sizes:
        length = converter.shape(node.inputs[0])[axis]
        sizes[sizes.index(-1)] = length - sum(size for size in sizes if size >= 0)
    give_parts(converter, node, node.inputs[0], axis, sizes)


def give_parts(converter, node, source, axis, sizes):
    view = converter.view(source)
    for index, part in enumerate(divide(converter, node, source, axis, sizes, "", view.order)):
        converter.give(node, part, view.order, index)


def divide(converter, node, source, axis, sizes, suffix, order=None):
    """Parts of a tensor along an axis of the source, in the source's order or in the one given."""
    name = converter.plain(source) if order is None else converter.in_order(source, order)
    place = axis if order is None else order[axis]
    inputs = [name, converter.integers(node, "sizes", sizes)]
    parts = converter.target.add("Split", inputs, node.name + suffix, outputs=len(sizes), axis=place)
    return [parts] if len(sizes) == 1 else parts


def emit_strided_slice(converter, node):
    begin, end, strides = (converter.known(name) for name in node.inputs[1:4])
    if node.integer("ellipsis_mask"):
        node.fail("an ellipsis among its axes is not supported")
    if begin is None or end is None or strides is None:
        if strides is None or any(node.integer(key) for key in ("begin_mask", "end_mask", "new_axis_mask")):
            node.fail("bounds that are computed have to be without masks")
        bounds = [converter.as_int64(node, name) for name in node.inputs[1:3]]
    else:
        begin, end = begin.astype(np.int64).copy(), end.astype(np.int64).copy()
        mask_bounds(node, begin, end, strides)
        if converter.known(node.inputs[0]) is not None and not node.integer("new_axis_mask"):
            return converter.fold(node, sliced(node, converter.known(node.inputs[0]), begin, end, strides))
        bounds = [converter.integers(node, "begin", begin), converter.integers(node, "end", end)]
    count = len(strides)
    axes = converter.integers(node, "axes", range(count))
    name = converter.plain(node.inputs[0])
    added = masked(node, "new_axis_mask", count)
    if added:
        name = converter.target.add("Unsqueeze", [name, converter.integers(node, "added/axes", added)], node.name + "/added")
    gone = [axis for axis in masked(node, "shrink_axis_mask", count) if axis not in added]
    strides = converter.integers(node, "strides", strides)
    name = converter.target.add("Slice", [name, *bounds, axes, strides], node.name + ("/slice" if gone else ""))
    if gone:
        name = converter.target.add("Squeeze", [name, converter.integers(node, "gone", gone)], node.name)
    return converter.give(node, name)


def masked(node, key, count):
    return [axis for axis in range(count) if node.integer(key) >> axis & 1]


def mask_bounds(node, begin, end, strides):
    """Writes bounds out where the source's masks say that they do not count."""
    for axis in masked(node, "begin_mask", len(begin)):
        begin[axis] = 0 if strides[axis] > 0 else END
    for axis in masked(node, "end_mask", len(end)):
        end[axis] = END if strides[axis] > 0 else -END
    for axis in masked(node, "new_axis_mask", len(begin)):
        begin[axis], end[axis], strides[axis] = 0, END, 1
    for axis in masked(node, "shrink_axis_mask", len(begin)):
        end[axis] = begin[axis] + 1 if begin[axis] != -1 else END


def sliced(node, value, begin, end, strides):
    parts = tuple(slice(int(first), int(last), int(step)) for first, last, step in zip(begin, end, strides))
    gone = tuple(masked(node, "shrink_axis_mask", len(begin)))
    return np.squeeze(value[parts], gone) if gone else value[parts]


def emit_slice(converter, node):
    begin, size = (required(node, converter, name).astype(np.int64) for name in node.inputs[1:3])
    end = np.where(size < 0, END, begin + size)
    bounds = [converter.integers(node, "begin", begin), converter.integers(node, "end", end)]
    axes = converter.integers(node, "axes", range(len(begin)))
    converter.give(node, converter.target.add("Slice", [converter.plain(node.inputs[0]), *bounds, axes], node.name))


def emit_gather(converter, node):
    axis = int(required(node, converter, node.inputs[2]).item()) if len(node.inputs) > 2 else 0
    names = [converter.plain(node.inputs[0]), converter.as_int64(node, node.inputs[1])]
    converter.give(node, converter.target.add("Gather", names, node.name, axis=axis))


def emit_gather_nd(converter, node):
    names = [converter.plain(node.inputs[0]), converter.as_int64(node, node.inputs[1])]
    converter.give(node, converter.target.add("GatherND", names, node.name))


def by_shape(op, shape_input, value_input):
    def emit(converter, node):
        names = [converter.plain(node.inputs[value_input]), converter.as_int64(node, node.inputs[shape_input])]
        converter.give(node, converter.target.add(op, names, node.name))
    return emit


def emit_shape(converter, node):
    lengths = converter.shape(node.inputs[0])
    if None not in lengths:
        return converter.fold(node, np.int32(lengths if node.op == "Shape" else np.prod(lengths)))
    op = "Shape" if node.op == "Shape" else "Size"
    found = converter.target.add(op, [converter.plain(node.inputs[0])], node.name + "/int64")
    return converter.give(node, converter.target.add("Cast", [found], node.name, to=TensorProto.INT32))


def emit_range(converter, node):
    converter.give(node, converter.target.add("Range", [converter.plain(name) for name in node.inputs], node.name))


def emit_sparse_to_dense(converter, node):
    places, shape, values, rest = (required(node, converter, name) for name in node.inputs)
    dense = np.full(shape, rest, rest.dtype)
    if places.size:
        dense[tuple(places.reshape(-1, len(shape)).T)] = values
    converter.fold(node, dense)


def emit_top_k(converter, node):
    count = converter.integers(node, "count", np.atleast_1d(required(node, converter, node.inputs[1])))
    values, places = converter.target.add("TopK", [converter.plain(node.inputs[0]), count], node.name, outputs=2, axis=-1)
    converter.give(node, values)
    places = converter.target.add("Cast", [places], node.name + "/places", to=TensorProto.INT32)
    converter.give(node, places, index=1)


def emit_arg_max(converter, node):
    axis = int(required(node, converter, node.inputs[1]).item())
    op = "ArgMax" if node.op == "ArgMax" else "ArgMin"
    place = converter.target.add(op, [converter.plain(node.inputs[0])], node.name + "/int64", axis=axis, keepdims=0)
    converter.give(node, converter.target.add("Cast", [place], node.name, to=TensorProto.INT32))


def reduction(op):
    def emit(converter, node):
        view, axes = converter.view(node.inputs[0]), np.atleast_1d(required(node, converter, node.inputs[1])).tolist()
        axes = [axis % view.rank for axis in axes]
        if not node.flag("keep_dims"):
            return converter.give(node, reduced(converter, node, converter.plain(node.inputs[0]), axes, 0))
        places = sorted(view.order[axis] for axis in axes)
        if op == "ReduceMean" and places == [2, 3] and view.rank == 4:
            # The form for which ONNX Runtime keeps its blocked layout.
            return converter.give(node, converter.target.add("GlobalAveragePool", [view.name], node.name), view.order)
        return converter.give(node, reduced(converter, node, view.name, places, 1), view.order)

    def reduced(converter, node, name, axes, keeps):
        if op == "ReduceSum":
            inputs = [name, converter.integers(node, "axes", axes)]
            return converter.target.add(op, inputs, node.name, keepdims=keeps)
        return converter.target.add(op, [name], node.name, axes=axes, keepdims=keeps)
    return emit


def emit_product(converter, node):
    names = [converter.plain(name) for name in node.inputs[:2]]
    for index, key in enumerate(("transpose_a", "transpose_b")):
        if node.flag(key) or node.flag(("adj_x", "adj_y")[index]):
            rank = len(converter.target.shape(names[index]))
            moves = [*range(rank - 2), rank - 1, rank - 2]
            names[index] = converter.target.add("Transpose", [names[index]], f"{node.name}/{key}", perm=moves)
    fused = node.texts("fused_ops")
    steps = ["MatMul"] + ["Add" if name == "BiasAdd" else name for name in fused]
    if set(steps) - {"MatMul", "Add", "Relu", "Sigmoid", "Elu", "Tanh"}:
        node.fail(f"fused operations {fused} are not supported")
    for index, step in enumerate(steps):
        inputs = names if step == "MatMul" else [name, converter.plain(node.inputs[2])] if step == "Add" else [name]
        name = converter.target.add(step, inputs, node.name + ("" if index == len(steps) - 1 else f"/{step.lower()}"))
    converter.give(node, name)


EMITTERS = {
    "Placeholder": emit_placeholder,
    "Reshape": emit_reshape,
    "Transpose": emit_transpose,
    "ExpandDims": emit_expand_dims,
    "Squeeze": emit_squeeze,
    "Pad": emit_pad,
    "PadV2": emit_pad,
    "MirrorPad": emit_pad,
    "ConcatV2": emit_concat,
    "Pack": emit_pack,
    "Unpack": emit_unpack,
    "Split": emit_split,
    "SplitV": emit_split_by_sizes,
    "StridedSlice": emit_strided_slice,
    "Slice": emit_slice,
    "GatherV2": emit_gather,
    "GatherNd": emit_gather_nd,
    "Tile": by_shape("Tile", 1, 0),
    "Fill": by_shape("Expand", 0, 1),
    "BroadcastTo": by_shape("Expand", 1, 0),
    "Shape": emit_shape,
    "Size": emit_shape,
    "Range": emit_range,
    "SparseToDense": emit_sparse_to_dense,
    "TopKV2": emit_top_k,
    "ArgMax": emit_arg_max,
    "ArgMin": emit_arg_max,
    "Mean": reduction("ReduceMean"),
    "Sum": reduction("ReduceSum"),
    "Max": reduction("ReduceMax"),
    "Min": reduction("ReduceMin"),
    "Prod": reduction("ReduceProd"),
    "MatMul": emit_product,
    "_FusedMatMul": emit_product,
    "BatchMatMul": emit_product,
    "BatchMatMulV2": emit_product,
}
