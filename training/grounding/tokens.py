"""Words of texts, and their concepts: what src/Fusion/Attention has in C#, identical to the last word."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

VOCABULARY = Path(__file__).parents[2] / "models" / "grounding" / "vocabulary.tsv"
FIRST_CONCEPT, CONCEPTS = 4096, 8192
LONGEST_WORD = 24


def fnv1a32(text: str) -> int:
    """The 32-bit FNV-1a hash of a text's UTF-8 bytes."""
    value = 2166136261
    for byte in text.encode("utf-8", "surrogatepass"):
        value = (value ^ byte) * 16777619 & 0xFFFFFFFF
    return value


def words_of(text: str) -> list[str]:
    """A text's words: letters and digits of ASCII in lower case, and everything beyond ASCII."""
    words, word = [], []
    for character in text:
        if character in "'\u2019":
            continue
        if ord(character) >= 0x80 or character.isalnum():
            word.append(character.lower() if ord(character) < 0x80 else character)
        elif word:
            words.append("".join(word))
            word = []
    if word:
        words.append("".join(word))
    return [word[:LONGEST_WORD] for word in words]


@lru_cache(maxsize=1)
def vocabulary() -> dict[str, list[int]]:
    """The concepts of every word that has some."""
    with VOCABULARY.open(encoding="utf-8") as file:
        lines = (line.rstrip("\n").split("\t") for line in file if not line.startswith("#"))
        return {word: [int(concept) for concept in concepts.split(" ")] for word, concepts in lines}


def concepts_of(word: str) -> list[int]:
    """A word's concepts; of a plural that is not known, those of its singular."""
    known = vocabulary()
    for ending, least in (("", 0), ("s", 3), ("es", 4)):
        if word.endswith(ending) and len(word) > least and (found := known.get(word.removesuffix(ending))):
            return found
    return []
