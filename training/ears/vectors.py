"""Writes what the ear makes of some texts, which C# is held to: python3 -m training.ears.vectors."""

from __future__ import annotations

import base64
import json

import numpy as np

from .encoder import ROOT, WIDTH, Encoder
from .heads import Dense, Head

TARGET = ROOT / "tests" / "Policy" / "Grounding" / "ear-vectors.json"
TEXTS = {
    "orders": ["bring me the red cup", "did you bring me the red cup?", "could you please drive over to the car",
               "she told me to drive over to the car", "don't follow the dog", "I'm thirsty. Bring me the bottle."],
    "actions": ["hightail it to the red car", "plonk the box on the table", "marinate the chicken",
                "keep tabs on the dog"],
    "relations": ["at arm's length from the car", "wedged between the chairs", "invented by the man"],
}


def main() -> None:
    ear = json.loads((ROOT / "models" / "grounding" / "ear.json").read_text(encoding="ascii"))
    encoder = Encoder()
    told = {name: rows(encoder, unpacked(ear[name]), texts) for name, texts in TEXTS.items()}
    TARGET.write_text(json.dumps(told, indent=1) + "\n", encoding="ascii")


def rows(encoder: Encoder, head: Head, texts: list[str]) -> list[dict]:
    probabilities = head.probabilities(encoder.layers(texts, head.layers))
    return [{"text": text, "probabilities": [round(float(value), 4) for value in row]}
            for text, row in zip(texts, probabilities)]


def unpacked(content: dict) -> Head:
    labels, layers = content["labels"], content["layers"]
    hidden, output = ({name: numbers(text) for name, text in content[layer].items()} for layer in ("hidden", "output"))
    return Head(labels, layers, Dense(hidden["weights"].reshape(-1, len(layers) * WIDTH), hidden["bias"]),
                Dense(output["weights"].reshape(len(labels), -1), output["bias"]))


def numbers(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), "<f2").astype(np.float32)


if __name__ == "__main__":
    main()
