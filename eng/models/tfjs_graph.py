"""Reads a model in TensorFlow.js' graph format: one JSON file for the graph, binary files for the weights.

The format stores every tensor of the weights manifest back to back, in the manifest's order. Weights quantized to
float16 come back as float32, as TensorFlow.js itself loads them.
"""

import base64
import json
import pathlib
from dataclasses import dataclass

import numpy as np

STORED_TYPES = {"float32": np.dtype("<f4"), "float16": np.dtype("<f2"), "int32": np.dtype("<i4")}


class ConversionError(Exception):
    """What in the model cannot be converted, naming the node and its operation."""


@dataclass
class Node:
    """One operation of the graph. Inputs are names of nodes or weights, without the output index ":0"."""

    name: str
    op: str
    inputs: list
    attributes: dict

    def integers(self, key):
        return [int(value) for value in self.attributes[key]["list"].get("i", [])]

    def flag(self, key):
        return bool(self.attributes.get(key, {}).get("b", False))

    def text(self, key):
        return base64.b64decode(self.attributes[key]["s"]).decode()

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

    def ordered(self, outputs):
        """The nodes that the outputs depend on, each after all of its inputs; weights are left out."""
        order, seen = [], set()
        pending = [(name, False) for name in reversed(outputs)]
        while pending:
            name, inputs_done = pending.pop()
            if inputs_done:
                order.append(self.nodes[name])
            elif name not in seen and name not in self.weights:
                seen.add(name)
                pending.append((name, True))
                pending.extend((source, False) for source in reversed(self.nodes[name].inputs))
        return order

    def scalar(self, name):
        """The value of a weight with a single element, or None for anything else."""
        weight = self.weights.get(name)
        return weight.item() if weight is not None and weight.size == 1 else None


def read_node(entry):
    inputs = [name[:-2] if name.endswith(":0") else name for name in entry.get("input") or []]
    return Node(entry["name"], entry["op"], inputs, entry.get("attr", {}))


def read_weights(folder, manifest):
    weights = {}
    for group in manifest:
        data = b"".join((folder / path).read_bytes() for path in group["paths"])
        offset = 0
        for entry in group["weights"]:
            stored = STORED_TYPES.get(entry.get("quantization", entry)["dtype"])
            if stored is None:
                raise ConversionError(f"weight '{entry['name']}': its stored type is not supported")
            count = int(np.prod(entry["shape"], dtype=np.int64))
            values = np.frombuffer(data, stored, count, offset)
            offset += values.nbytes
            weights[entry["name"]] = values.astype(STORED_TYPES[entry["dtype"]]).reshape(entry["shape"])
        if offset != len(data):
            raise ConversionError(f"weights {group['paths']}: {len(data)} bytes, the manifest describes {offset}")
    return weights
