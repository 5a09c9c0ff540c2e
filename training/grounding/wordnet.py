"""Reads the WordNet 3.0 database files of Debian's wordnet-base (format: wndb(5WN), wninput(5WN))."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

FOLDER = Path("/usr/share/wordnet")

# Lexicographer files (lexnames(5WN)) of what a camera can see.
VISIBLE = {5: "animal", 6: "artifact", 13: "food", 17: "object", 18: "person", 20: "plant"}


@dataclass
class Synset:
    """One meaning: its words and the offsets of the meanings it points to."""

    offset: int
    lexicographer: int
    lemmas: list[str]
    hypernyms: list[int] = field(default_factory=list)
    hyponyms: list[int] = field(default_factory=list)
    similar: list[int] = field(default_factory=list)


class PartOfSpeech:
    """All meanings of one part of speech: noun, verb or adj."""

    def __init__(self, name: str, folder: Path = FOLDER) -> None:
        self._folder = folder
        self.name = name
        self.synsets = {synset.offset: synset for synset in self._read_data()}

    def _read_data(self):
        for line in self._lines("data"):
            fields = line.split(" | ")[0].split()
            words = int(fields[3], 16)
            lemmas = [fields[4 + 2 * i].split("(")[0] for i in range(words)]
            synset = Synset(int(fields[0]), int(fields[1]), lemmas)
            at = 4 + 2 * words
            for i in range(int(fields[at])):
                symbol, offset = fields[at + 1 + 4 * i], int(fields[at + 2 + 4 * i])
                if symbol in ("@", "@i"):
                    synset.hypernyms.append(offset)
                elif symbol == "~":
                    synset.hyponyms.append(offset)
                elif symbol == "&":
                    synset.similar.append(offset)
            yield synset

    def _lines(self, kind: str):
        path = self._folder / f"{kind}.{self.name}"
        with path.open(encoding="latin-1") as file:
            yield from (line for line in file if not line.startswith(" "))

    @cached_property
    def senses(self) -> dict[str, list[int]]:
        """The meanings of each lemma (words joined by '_'), the most frequent first."""
        senses = {}
        for line in self._lines("index"):
            fields = line.split()
            pointers = int(fields[3])
            senses[fields[0]] = [int(offset) for offset in fields[6 + pointers:]]
        return senses

    @cached_property
    def tagged(self) -> dict[str, int]:
        """How many meanings of each lemma occur in the tagged corpora: 0 for rare words."""
        counts = {}
        for line in self._lines("index"):
            fields = line.split()
            counts[fields[0]] = int(fields[5 + int(fields[3])])
        return counts

    def ancestors(self, offset: int, levels: int) -> list[int]:
        """The meanings above one, nearest first, without the meaning itself."""
        found, front = [], [offset]
        for _ in range(levels):
            front = [up for low in front for up in self.synsets[low].hypernyms if up not in found]
            found += dict.fromkeys(front)
        return found

    def sense(self, *lemmas: str) -> Synset:
        """The first meaning that all these lemmas share."""
        for offset in self.senses[lemmas[0]]:
            if set(lemmas) <= {lemma.lower() for lemma in self.synsets[offset].lemmas}:
                return self.synsets[offset]
        raise KeyError(f"WordNet has no {self.name} meaning that {', '.join(lemmas)} share")
