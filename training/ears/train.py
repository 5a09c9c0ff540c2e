"""Fits the ear for words that grammar does not know: python3 -m training.ears.train [models/grounding/ear.json].

The encoder is frozen; what is fitted are small heads, in a quarter of an hour on one core. All sentences and words were
written for this; the held-out pools of training/evaluation are not read.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

from . import orders, phrases, words
from .encoder import ROOT, Encoder


def main(path: Path) -> None:
    encoder = Encoder()
    ear = {
        "encoder": hashlib.sha256((ROOT / "models" / "fetched" / "minilm.onnx").read_bytes()).hexdigest(),
        **words.fit(encoder),
        "actions": phrases.fit(encoder, "actions"),
        "relations": phrases.fit(encoder, "relations"),
        "orders": orders.fit(encoder),
    }
    path.write_text(json.dumps(ear, indent=1) + "\n", encoding="ascii")
    print(f"{path}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "models" / "grounding" / "ear.json")
