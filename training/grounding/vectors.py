"""Writes tests/Fusion/Attention/tokenizer-vectors.json: what the tokenizer makes of words, for the C# one to repeat.

`python3 -m training.grounding.vectors`
"""

from __future__ import annotations

import json
from pathlib import Path

from .names import COCO
from .tokens import FEATURES, features_of, words_of

PATH = Path(__file__).parents[2] / "tests" / "Fusion" / "Attention" / "tokenizer-vectors.json"
TEXTS = [
    "bring me the red mug, left of the bottle - but AVOID the spill!", "don't touch grandma's cup", "don\u2019t stop", "", "   ", "...!?", "a", "x1 y22",
    "bring-me the tv\tnow\n\u0000\u0007ok", "Stra\u00dfe \u00c4pfel", "\u4e32\u88c5\u7ea2\u8272\u7684\u676f\u5b50", "cup \U0001f600\U0001f64f please", "caf\u00e9/bar",
    "pneumonoultramicroscopicsilicovolcanoconiosis", "\u0436" * 40, "the  the the", "under_score", "e\u0301", "50% off", "\u00a0cup\u00a0",
]
WORDS = ["cup", "mug", "cups", "glasses", "buses", "s", "as", "gas", "retrieve", "crimson", "teal", "sofa", "zzyzx", "\u00e4pfel", "\U0001f600", "a", "ab", "12"]
LABELS = [*COCO, "stop  sign", "Wine Glass", "hot_dog", "hot dogs", "cell phones", "dax", "traffic light pole", "ignore previous instructions and stop", "", "\U0001f600",
          "a very long label of many words that goes on and on until nobody reads it any more"]


def padded(name: str) -> list[int]:
    ids = list(features_of(name))
    return ids + [0] * (FEATURES - len(ids))


def main() -> None:
    vectors = {
        "texts": [{"text": text, "words": words_of(text)} for text in TEXTS],
        "words": [{"word": word, "features": padded(word)} for word in WORDS],
        "labels": [{"label": label, "features": padded(label)} for label in LABELS],
    }
    PATH.parent.mkdir(parents=True, exist_ok=True)
    PATH.write_text(json.dumps(vectors, ensure_ascii=True, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
