"""Reads a model in TensorFlow.js' graph format: one JSON file for the graph, binary files for the weights.

The format stores every tensor of the weights manifest back to back, in the manifest's order. Quantized weights come back
as TensorFlow.js itself loads them: float16 widened, integers of 8 or 16 bits times their scale plus the least value.
"""

import base64
import json
import pathlib
from dataclasses import dataclass

import numpy as np

STORED_TYPES = {name: np.dtype(form) for name, form in {
    "float32": "<f4", "float16": "<f2", "int32": "<i4", "uint16": "<u2", "uint8": "u1", "bool": "?"}.items()}
SCALED = ("uint8", "uint16")
LOOPS = {"Switch", "Merge", "Enter", "Exit", "NextIteration", "LoopCond"}


class ConversionError(Exception):
    """What in the model cannot be converted, naming the node and its operation."""


@dataclass
class Node:
    """One operation of the graph. Inputs are names of nodes or weights; further outputs of a node are "name:1", …"""

    name: str
    op: str
    inputs: list
    attributes: dict

    def integer(self, key, default=0):
        return int(self.attributes.get(key, {}).get("i", default))

    def number(self, key, default):
        return float(self.attributes.get(key, {}).get("f", default))

    def integers(self, key):
        return [int(value) for value in self.attributes.get(key, {}).get("list", {}).get("i", [])]

    def flag(self, key):
        return bool(self.attributes.get(key, {}).get("b", False))

    def type(self, key):
        return self.attributes[key]["type"]

    def text(self, key, default=""):
        return base64.b64decode(self.attributes[key]["s"]).decode() if key in self.attributes else default

    def texts(self, key):
        values = self.attributes.get(key, {}).get("list", {}).get("s", [])
        return [base64.b64decode(value).decode() for value in values]

    def fail(self, why):
        raise ConversionError(f"node '{self.name}' ({self.op}): {why}")


class TfjsGraph:
    """The nodes and weights of one model."""

    def __init__(self, path):
        path = pathlib.Path(path)
        document = json.loads(path.read_text())
        self.weights = read_weights(path.parent, document["weightsManifest"])
        self.nodes = {entry["name"]: read_node(entry) for entry in document["modelTopology"]["node"]}
        signature = document.get("signature") or {}
        self.sizes = {local(given["name"]): sizes_of(given["tensorShape"])
                      for given in (signature.get("inputs") or {}).values() if "tensorShape" in given}
        named = [local(given["name"]) for _, given in sorted((signature.get("outputs") or {}).items())]
        self.outputs = named or self.unused()

    def unused(self):
        """The nodes that no other one takes, which are what a model without a signature gives."""
        taken = {node_of(name) for node in self.nodes.values() for name in node.inputs}
        return [name for name, node in self.nodes.items()
                if name not in taken and name not in self.weights and node.op != "NoOp"]

    def ordered(self, outputs):
        """The nodes that the outputs depend on, each after all of its inputs; weights are left out."""
        order, seen = [], set()
        pending = [(node_of(name), False) for name in reversed(outputs)]
        while pending:
            name, inputs_done = pending.pop()
            if inputs_done:
                order.append(self.nodes[name])
            elif name not in seen and name not in self.weights:
                if self.nodes[name].op in LOOPS:
                    self.nodes[name].fail("loops and branches are not supported")
                seen.add(name)
                pending.append((name, True))
                pending.extend((node_of(source), False) for source in reversed(self.nodes[name].inputs))
        return order

    def scalar(self, name):
        """The value of a weight with a single element, or None for anything else."""
        weight = self.weights.get(name)
        return weight.item() if weight is not None and weight.size == 1 else None


def read_node(entry):
    # What begins with "^" only says what has to run before.
    inputs = [local(name) for name in entry.get("input") or [] if not name.startswith("^")]
    return Node(entry["name"], entry["op"], inputs, entry.get("attr", {}))


def sizes_of(shape):
    """The lengths of a tensor's axes, -1 for a free one."""
    return [int(entry["size"]) for entry in shape.get("dim", [])]


def local(name):
    """A tensor's name without the index of a first output."""
    return name[:-2] if name.endswith(":0") else name


def node_of(name):
    """The node that gives a tensor."""
    return name.partition(":")[0]


def read_weights(folder, manifest):
    weights = {}
    for group in manifest:
        data = b"".join((folder / path).read_bytes() for path in group["paths"])
        offset = 0
        for entry in group["weights"]:
            quantization = entry.get("quantization") or {}
            stored = quantization.get("dtype", entry["dtype"])
            if stored not in STORED_TYPES or entry["dtype"] not in STORED_TYPES:
                raise ConversionError(f"weight '{entry['name']}': its stored type, {stored}, is not supported")
            count = int(np.prod(entry["shape"], dtype=np.int64))
            size = count * STORED_TYPES[stored].itemsize
            if offset + size > len(data):
                raise ConversionError(f"weight '{entry['name']}': the files of {group['paths']} end before it does")
            values = np.frombuffer(data, STORED_TYPES[stored], count, offset)
            offset += size
            if quantization and stored in SCALED:
                values = values.astype(np.float32) * np.float32(quantization["scale"]) + np.float32(quantization["min"])
                values = np.round(values) if entry["dtype"] == "int32" else values
            weights[entry["name"]] = values.astype(STORED_TYPES[entry["dtype"]]).reshape(entry["shape"])
        if offset != len(data):
            raise ConversionError(f"weights {group['paths']}: {len(data)} bytes, the manifest describes {offset}")
    return weights
