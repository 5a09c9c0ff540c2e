"""Parts text into BERT's word pieces as src/Fusion/Embeddings does; shared vectors prove it for English text."""

from __future__ import annotations

import re
from pathlib import Path

PAD, UNKNOWN, FIRST, LAST = 0, 100, 101, 102
MOST_TOKENS = 128
LONGEST_WORD = 100


class Pieces:
    """The word pieces of a vocabulary file, one a line."""

    def __init__(self, path: Path) -> None:
        lines = path.read_text(encoding="utf-8").split("\n")
        self._ids = {piece: number for number, piece in enumerate(lines) if piece}

    def tokens(self, text: str) -> list[int]:
        """The tokens of a text, at most MOST_TOKENS, between the marks of its beginning and end."""
        tokens = [token for word in words(text) for token in self._pieces(word)]
        return [FIRST, *tokens[:MOST_TOKENS - 2], LAST]

    def _pieces(self, word: str) -> list[int]:
        if len(word) > LONGEST_WORD:
            return [UNKNOWN]
        found, start = [], 0
        while start < len(word):
            mark = "##" if start else ""
            end = next((end for end in range(len(word), start, -1) if mark + word[start:end] in self._ids), None)
            if end is None:
                return [UNKNOWN]
            found.append(self._ids[mark + word[start:end]])
            start = end
        return found


def words(text: str) -> list[str]:
    """Words and marks in lower case. Accents stay: the product runs without the tables that tell them from letters."""
    return re.findall(r"[^\W_]+|[^\w\s]|_", text.lower())
