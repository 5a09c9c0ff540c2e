#!/usr/bin/python3
"""Writes the sentence encoder anew from the weights of all-MiniLM-L6-v2's published ONNX export.

    minilm.py model.onnx minilm.onnx

What changes, and why
- The tokens of each text, filled up with [PAD]; the mask follows from them, and each is a first segment.
- Two outputs. `layers`: the mean of the hidden states after each of the lower four layers, which still know how a thing
  was said. `embedding`: the mean of a text's last hidden states, at length one, which is what the model was trained to
  give and knows what it is about; the export ended with hidden states and a pooler that sentence embeddings do not use.
- The upper two layers run only where `deep` is 1, for `embedding`; a third of the time is spared otherwise.
- The table of word pieces, half of the file, is kept in half precision and widened after the look-up: 24 MB less of
  memory, and vectors whose cosine with the original's is above 0.999999.
- Query, key and value are one product, and forms are chosen that ONNX Runtime fuses.
"""

import sys

import numpy as np
import onnx
from onnx import numpy_helper

from onnx_graph import OnnxGraph

LAYERS, LOWER, HEADS, WIDTH = 6, 4, 12, 384
EPSILON = 1e-12
OPSET = 17
MOST_TOKENS = 128


class Weights:
    """The export's weights; those of products lost their names in it and are found by the node that uses them."""

    def __init__(self, path):
        graph = onnx.load(path).graph
        self.named = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
        products = {node.output[0]: node.input[1] for node in graph.node if node.op_type == "MatMul"}
        self.of_bias = {name: products[product] for node in graph.node if node.op_type == "Add"
                        for name, product in (node.input, reversed(node.input))
                        if name.endswith(".bias") and product in products}

    def product(self, name):
        """The matrix and the bias of a dense layer."""
        return self.named[self.of_bias[name + ".bias"]], self.named[name + ".bias"]


class Encoder:
    def __init__(self, weights, around=None, prefix=""):
        self.weights = weights
        self.graph = OnnxGraph(around, prefix)

    def build(self):
        graph = self.graph
        kept = graph.add("Cast", [graph.add("Cast", ["tokens"], "mask/bool", to=onnx.TensorProto.BOOL)], "mask",
                         to=onnx.TensorProto.FLOAT)
        bias, shares = self.bias(kept), self.shares(kept)
        states, means = self.embed(), []
        for layer in range(LOWER):
            states = self.layer(states, bias, f"encoder.layer.{layer}")
            means.append(graph.add("MatMul", [shares, states], f"encoder.layer.{layer}.mean"))
        graph.add("Concat", means, "layers", axis=1)
        deep = graph.add("Cast", [graph.add("Squeeze", ["deep"], "deep/one")], "deep/bool", to=onnx.TensorProto.BOOL)
        graph.add("If", [deep], "embedding", then_branch=self.upper(states, bias, shares), else_branch=self.nothing(means[-1]))

    def upper(self, states, bias, shares):
        """The branch that runs the upper layers."""
        branch = Encoder(self.weights, self.graph, "upper/")
        for layer in range(LOWER, LAYERS):
            states = branch.layer(states, bias, f"encoder.layer.{layer}")
        mean = branch.graph.add("MatMul", [shares, states], "mean")
        mean = branch.graph.add("Squeeze", [mean, branch.integers("axis1", [1])], "squeezed")
        embedding = branch.graph.add("LpNormalization", [mean], "embedding", axis=-1, p=2)
        return branch.graph.body("upper", {embedding: ["N", WIDTH]})

    def nothing(self, mean):
        """The branch that answers zeros."""
        branch = Encoder(self.weights, self.graph, "nothing/")
        mean = branch.graph.add("Squeeze", [mean, branch.integers("axis1", [1])], "squeezed")
        zeros = branch.graph.add("Mul", [mean, branch.graph.constant("nought", np.float32(0))], "embedding")
        return branch.graph.body("nothing", {zeros: ["N", WIDTH]})

    def embed(self):
        graph, named = self.graph, self.weights.named
        pieces = graph.constant("embeddings.words", named["embeddings.word_embeddings.weight"].astype(np.float16))
        halves = graph.add("Gather", [pieces, "tokens"], "words/half")
        words = graph.add("Cast", [halves], "words", to=onnx.TensorProto.FLOAT)
        # Texts are first segments, so that the segment's row can be added here.
        places = named["embeddings.position_embeddings.weight"][:MOST_TOKENS]
        places = graph.constant("embeddings.places", places + named["embeddings.token_type_embeddings.weight"][0])
        length = graph.add("Shape", ["tokens"], "length", start=1)
        starts, axes = self.integers("zero", [0]), self.integers("axis0", [0])
        places = graph.add("Slice", [places, starts, length, axes], "places")
        return self.normalize(graph.add("Add", [words, places], "embedded"), "embeddings.LayerNorm")

    def bias(self, kept):
        """What is added to a head's scores: 0 for a token, and so little for [PAD] that nothing of it is left."""
        graph = self.graph
        apart = graph.add("Sub", [kept, graph.constant("one", np.float32(1))], "mask/apart")
        scaled = graph.add("Mul", [apart, graph.constant("far", np.float32(10000))], "mask/scaled")
        return graph.add("Unsqueeze", [scaled, self.integers("axes12", [1, 2])], "mask/bias")

    def shares(self, kept):
        """What each token counts in the mean: [N,1,T]."""
        graph = self.graph
        count = graph.add("ReduceSum", [kept, self.integers("axis1", [1])], "count/tokens", keepdims=1)
        count = graph.add("Max", [count, graph.constant("one", np.float32(1))], "count")
        return graph.add("Unsqueeze", [graph.add("Div", [kept, count], "share"), self.integers("axis1", [1])], "shares")

    def layer(self, states, bias, name):
        graph = self.graph
        attended = self.dense(self.attend(states, bias, name + ".attention"), name + ".attention.output.dense")
        states = graph.add("Add", [attended, states], name + ".attended")
        states = self.normalize(states, name + ".attention.output.LayerNorm")
        inner = self.gelu(self.dense(states, name + ".intermediate.dense"), name)
        inner = self.dense(inner, name + ".output.dense")
        return self.normalize(graph.add("Add", [inner, states], name + ".added"), name + ".output.LayerNorm")

    def attend(self, states, bias, name):
        graph = self.graph
        parts = [self.weights.product(f"{name}.self.{part}") for part in ("query", "key", "value")]
        scale = np.float32(1 / np.sqrt(WIDTH // HEADS))
        parts[0] = tuple(scale * array for array in parts[0])
        joined = self.product(states, name, *(np.hstack(part) for part in zip(*parts)))
        shape = self.integers("heads", [0, 0, 3 * HEADS, WIDTH // HEADS])
        shaped = graph.add("Reshape", [joined, shape], name + ".shaped")
        heads = graph.add("Transpose", [shaped], name + ".heads", perm=[0, 2, 1, 3])
        thirds = self.integers("thirds", [HEADS] * 3)
        query, key, value = graph.add("Split", [heads, thirds], name + ".parts", 3, axis=1)
        key = graph.add("Transpose", [key], name + ".turned", perm=[0, 1, 3, 2])
        scores = graph.add("Add", [graph.add("MatMul", [query, key], name + ".scores"), bias], name + ".masked")
        shares = graph.add("Softmax", [scores], name + ".shares", axis=-1)
        values = graph.add("MatMul", [shares, value], name + ".values")
        values = graph.add("Transpose", [values], name + ".back", perm=[0, 2, 1, 3])
        return graph.add("Reshape", [values, self.integers("whole", [0, 0, WIDTH])], name + ".whole")

    def dense(self, states, name):
        return self.product(states, name, *self.weights.product(name))

    def product(self, states, name, matrix, bias):
        product = self.graph.add("MatMul", [states, self.graph.constant(name + ".weight", matrix)], name + ".product")
        return self.graph.add("Add", [product, self.graph.constant(name + ".bias", bias)], name)

    def gelu(self, states, name):
        graph = self.graph
        scaled = graph.add("Div", [states, graph.constant("root2", np.float32(np.sqrt(2)))], name + ".gelu/scaled")
        error = graph.add("Erf", [scaled], name + ".gelu/erf")
        share = graph.add("Add", [error, graph.constant("one", np.float32(1))], name + ".gelu/share")
        doubled = graph.add("Mul", [states, share], name + ".gelu/doubled")
        return graph.add("Mul", [doubled, graph.constant("half", np.float32(0.5))], name + ".gelu")

    def normalize(self, states, name):
        named = self.weights.named
        scale, bias = (self.graph.constant(name + part, named[name + part]) for part in (".weight", ".bias"))
        return self.graph.add("LayerNormalization", [states, scale, bias], name, axis=-1, epsilon=EPSILON)

    def integers(self, name, values):
        return self.graph.constant(name, np.int64(values))


def convert(model, path):
    encoder = Encoder(Weights(model))
    encoder.build()
    outputs = {"embedding": ["N", WIDTH], "layers": ["N", LOWER, WIDTH]}
    encoder.graph.write(path, "minilm", {"tokens": ["N", "T"], "deep": [1]}, outputs, onnx.TensorProto.INT32, OPSET)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: minilm.py MODEL.onnx TARGET.onnx")
    try:
        convert(*sys.argv[1:])
    except (KeyError, OSError) as error:
        sys.exit(f"minilm.py: {sys.argv[1]} is not the export that was expected: {error}")
