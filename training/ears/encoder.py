"""The sentence encoder in PyTorch, from the very file that the product loads: set-up lays it into models/fetched."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch.nn import functional

from .pieces import PAD, Pieces

ROOT = Path(__file__).resolve().parents[2]
HEADS, LAYERS, WIDTH = 12, 6, 384
MOST_AT_ONCE = 1024


class Encoder:
    """Turns texts into what the product's encoder makes of them."""

    def __init__(self, folder: Path = ROOT / "models" / "fetched") -> None:
        graph = onnx.load(str(folder / "minilm.onnx")).graph
        self._weights = {tensor.name: torch.from_numpy(numpy_helper.to_array(tensor).copy())
                         for tensor in graph.initializer}
        self._pieces = Pieces(folder / "minilm.vocabulary.txt")

    def encode(self, texts: list[str]) -> np.ndarray:
        """The embedding of each text, WIDTH numbers, together of length one."""
        last = self.layers(texts, [LAYERS - 1])
        return last / np.linalg.norm(last, axis=1, keepdims=True)

    def layers(self, texts: list[str], wanted: list[int]) -> np.ndarray:
        """The mean of each text's hidden states after each layer that is wanted, from 0, one behind the other."""
        rows = [self._pieces.tokens(text) for text in texts]
        vectors = np.empty((len(rows), len(wanted) * WIDTH), np.float32)
        for chosen in batches(rows):
            tokens = np.zeros((len(chosen), max(len(rows[index]) for index in chosen)), np.int64)
            for row, index in enumerate(chosen):
                tokens[row, :len(rows[index])] = rows[index]
            vectors[chosen] = self._run(torch.from_numpy(tokens), wanted).numpy()
        return vectors

    @torch.no_grad()
    def _run(self, tokens: torch.Tensor, wanted: list[int]) -> torch.Tensor:
        weights, kept = self._weights, (tokens != PAD).float()
        shares, means = kept[:, None, :] / kept.sum(1)[:, None, None], []
        states = weights["embeddings.words"][tokens].float() + weights["embeddings.places"][:tokens.shape[1]]
        states = self._normalize(states, "embeddings.LayerNorm")
        bias = (kept[:, None, None, :] - 1) * 10000
        for layer in range(max(wanted) + 1):
            states = self._layer(states, bias, f"encoder.layer.{layer}")
            if layer in wanted:
                means.append((shares @ states)[:, 0])
        return torch.cat(means, 1)

    def _layer(self, states: torch.Tensor, bias: torch.Tensor, name: str) -> torch.Tensor:
        attended = self._dense(self._attend(states, bias, name + ".attention"), name + ".attention.output.dense")
        states = self._normalize(attended + states, name + ".attention.output.LayerNorm")
        inner = functional.gelu(self._dense(states, name + ".intermediate.dense"))
        return self._normalize(self._dense(inner, name + ".output.dense") + states, name + ".output.LayerNorm")

    def _attend(self, states: torch.Tensor, bias: torch.Tensor, name: str) -> torch.Tensor:
        texts, length, _ = states.shape
        heads = self._dense(states, name).reshape(texts, length, 3, HEADS, WIDTH // HEADS)
        query, key, value = heads.permute(2, 0, 3, 1, 4)
        shares = torch.softmax(query @ key.transpose(2, 3) + bias, dim=-1)
        return (shares @ value).transpose(1, 2).reshape(texts, length, WIDTH)

    def _dense(self, states: torch.Tensor, name: str) -> torch.Tensor:
        return states @ self._weights[name + ".weight"] + self._weights[name + ".bias"]

    def _normalize(self, states: torch.Tensor, name: str) -> torch.Tensor:
        scale, bias = self._weights[name + ".weight"], self._weights[name + ".bias"]
        return functional.layer_norm(states, [WIDTH], scale, bias, 1e-12)


def batches(rows: list[list[int]]) -> list[list[int]]:
    """Indices of rows of like length, together at most MOST_AT_ONCE tokens."""
    found: list[list[int]] = []
    for index in sorted(range(len(rows)), key=lambda index: len(rows[index])):
        if not found or (len(found[-1]) + 1) * len(rows[index]) > MOST_AT_ONCE:
            found.append([])
        found[-1].append(index)
    return found
