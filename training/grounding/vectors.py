"""Writes tests/Fusion/Attention/word-vectors.json: which words training sees in texts, for C# to see the same.

`python3 -m training.grounding.vectors`
"""

from __future__ import annotations

import json
from pathlib import Path

from .tokens import words_of

PATH = Path(__file__).parents[2] / "tests" / "Fusion" / "Attention" / "word-vectors.json"
TEXTS = [
    "bring me the red mug, left of the bottle - but AVOID the spill!", "don't touch grandma's cup", "don\u2019t stop", "", "   ", "...!?", "a", "x1 y22",
    "bring-me the tv\tnow\n\u0000\u0007ok", "Stra\u00dfe \u00c4pfel", "\u4e32\u88c5\u7ea2\u8272\u7684\u676f\u5b50", "cup \U0001f600\U0001f64f please", "caf\u00e9/bar",
    "pneumonoultramicroscopicsilicovolcanoconiosis", "\u0436" * 40, "the  the the", "under_score", "e\u0301", "50% off", "\u00a0cup\u00a0",
]


def main() -> None:
    vectors = [{"text": text, "words": words_of(text)} for text in TEXTS]
    PATH.parent.mkdir(parents=True, exist_ok=True)
    PATH.write_text(json.dumps(vectors, ensure_ascii=True, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
