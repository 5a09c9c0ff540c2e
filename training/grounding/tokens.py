"""Words and names as feature ids: the tokenizer that src/Fusion/Attention has in C#, identical to the last id.

A word's features are its own hashed id, the ids of its WordNet concepts, and its hashed character trigrams (after
Bojanowski et al., "Enriching Word Vectors with Subword Information", 2017); names that were never trained still have
concepts and trigrams in common with those that were.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

VOCABULARY = Path(__file__).parents[2] / "models" / "grounding" / "vocabulary.tsv"
FEATURES = 40
SURFACE_IDS = 4096
CONCEPT_IDS = 8192
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


@lru_cache(maxsize=200_000)
def features_of(name: str) -> tuple[int, ...]:
    """The feature ids of a word or of a label of several words, without the zeros that fill them up."""
    words = words_of(name)
    concepts = concepts_of("_".join(words)) or [concept for word in words for concept in concepts_of(word)]
    ids = [surface_id("w:", word) for word in words] + concepts + [trigram for word in words for trigram in trigrams(word)]
    return tuple(dict.fromkeys(ids))[:FEATURES]


def trigrams(word: str) -> list[int]:
    """The ids of a word's character trigrams, its ends marked."""
    marked = f"<{word}>"
    return [surface_id("t:", marked[i:i + 3]) for i in range(len(marked) - 2)]


def surface_id(kind: str, text: str) -> int:
    """The id of a word or trigram: 1 to 4095."""
    return 1 + fnv1a32(kind + text) % (SURFACE_IDS - 1)
