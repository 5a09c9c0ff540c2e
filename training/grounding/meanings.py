"""What names mean: the vectors of the frozen sentence encoder, each name's read once."""

from __future__ import annotations

import numpy as np

from ..ears.encoder import WIDTH, Encoder


class Meanings:
    """The vectors of names, WIDTH numbers each, together of length one; zero for no name."""

    def __init__(self) -> None:
        self._encoder = Encoder()
        self._vectors: dict[str, np.ndarray] = {"": np.zeros(WIDTH, np.float16)}

    def of(self, names: list[str]) -> np.ndarray:
        """One row for each name."""
        new = [name for name in dict.fromkeys(names) if name not in self._vectors]
        if new:
            self._vectors |= zip(new, self._encoder.encode(new).astype(np.float16))
        return np.stack([self._vectors[name] for name in names]).astype(np.float32)
