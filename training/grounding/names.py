"""What things are called: detector classes, WordNet's nouns for them, and names that nobody knows."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field

from .tokens import fnv1a32
from .wordnet import VISIBLE, PartOfSpeech

COCO = """person, bicycle, car, motorcycle, airplane, bus, train, truck, boat, traffic light, fire hydrant, stop sign,
parking meter, bench, bird, cat, dog, horse, sheep, cow, elephant, bear, zebra, giraffe, backpack, umbrella, handbag, tie,
suitcase, frisbee, skis, snowboard, sports ball, kite, baseball bat, baseball glove, skateboard, surfboard, tennis racket,
bottle, wine glass, cup, fork, knife, spoon, bowl, banana, apple, sandwich, orange, broccoli, carrot, hot dog, pizza, donut,
cake, chair, couch, potted plant, bed, dining table, toilet, tv, laptop, mouse, remote, keyboard, cell phone, microwave, oven,
toaster, sink, refrigerator, book, clock, vase, scissors, teddy bear, hair drier, toothbrush""".replace("\n", " ").split(", ")

# Where WordNet writes a class otherwise, or its first visible meaning is another one.
WORDNET_NAMES = {
    "frisbee": "disk", "skis": "ski", "sports ball": "ball", "hot dog": "hotdog", "donut": "doughnut", "potted plant": "houseplant",
    "dining table": "table", "wine glass": "goblet", "tv": "television_set", "remote": "remote_control", "cell phone": "cellphone",
    "stop sign": "street_sign", "hair drier": "hand_blower", "tie": "necktie", "mouse": "computer_mouse", "microwave": "microwave_oven",
    "couch": "sofa", "refrigerator": "electric_refrigerator", "laptop": "laptop_computer",
}

# Everyday words for detector classes that WordNet does not relate to them.
EVERYDAY = {
    "person": "man|woman|guy|child|kid|human|lady|boy|girl", "cup": "mug", "tv": "screen|television", "cell phone": "phone|mobile|smartphone",
    "refrigerator": "fridge", "bicycle": "bike", "motorcycle": "motorbike", "airplane": "plane", "handbag": "purse|bag", "backpack": "rucksack",
    "suitcase": "bag|luggage", "dining table": "table|desk", "potted plant": "plant|flower", "donut": "doughnut", "sports ball": "ball",
    "teddy bear": "teddy|stuffed bear", "laptop": "notebook computer|computer", "remote": "controller|remote control", "car": "automobile|van",
    "truck": "lorry|van", "bowl": "dish", "couch": "sofa", "wine glass": "glass", "hair drier": "dryer", "bus": "coach", "boat": "ship",
    "stop sign": "sign", "traffic light": "stoplight", "scissors": "shears", "book": "novel|notebook", "bottle": "flask", "skis": "ski",
}

# Words above a kind that nobody says of it.
TOO_GENERAL = {"instrumentality", "instrumentation", "artifact", "artefact", "unit", "structure", "construction", "whole", "organism", "cause",
               "living thing", "matter", "entity", "area", "creation", "product", "production", "nutrient", "nourishment", "chordate"}

HELD_OUT_SHARE = 5  # one in so many words for things is never used in training


def is_held_out(word: str) -> bool:
    """Whether training never uses this word for a thing that has another name."""
    return fnv1a32("held:" + word) % HELD_OUT_SHARE == 0


@dataclass
class Kind:
    """A class of things."""

    label: str
    synset: int | None
    synonyms: list[str] = field(default_factory=list)
    broader: list[tuple[str, int]] = field(default_factory=list)
    narrower: list[str] = field(default_factory=list)
    above: frozenset[int] = frozenset()
    size: float = 0.3

    def is_called(self, other: "Kind") -> bool:
        """Whether the other kind's name names this one: the same, or something above it."""
        return self.label == other.label or (other.synset is not None and other.synset in self.above)


class Names:
    """The kinds that scenes are made of. Reads WordNet once."""

    def __init__(self) -> None:
        self._nouns = PartOfSpeech("noun")
        self.detector = [self._kind(label, self._detector_synset(label)) for label in COCO]
        self.others = list(self._other_kinds({kind.synset for kind in self.detector}))

    def _detector_synset(self, label: str) -> int | None:
        lemma = WORDNET_NAMES.get(label, label.replace(" ", "_"))
        visible = [offset for offset in self._nouns.senses.get(lemma, []) if self._nouns.synsets[offset].lexicographer in VISIBLE]
        things = [offset for offset in visible if self._nouns.synsets[offset].lexicographer in (5, 6, 13)]
        return (things or visible or [None])[0] if label != "person" else self._nouns.senses["person"][0]

    def _other_kinds(self, taken: set[int | None]):
        for synset in self._nouns.synsets.values():
            if synset.lexicographer not in (5, 6, 13) or synset.offset in taken or synset.lemmas[0][0].isupper():
                continue
            lemma = synset.lemmas[0].lower()
            frequent = self._nouns.senses.get(lemma, [None])[0] == synset.offset and self._nouns.tagged.get(lemma, 0) > 0
            if frequent and lemma.count("_") <= 1 and len(lemma) <= 16 and not self._is_general(synset.offset):
                yield self._kind(spoken(lemma), synset.offset)

    def _is_general(self, offset: int) -> bool:
        return len(self._nouns.synsets[offset].hyponyms) > 12

    def _kind(self, label: str, offset: int | None) -> Kind:
        kind = Kind(label, offset, size=size_of(label))
        words = EVERYDAY.get(label, "").split("|")
        if offset is not None:
            synset = self._nouns.synsets[offset]
            words += [spoken(lemma) for lemma in synset.lemmas]
            above = self._nouns.ancestors(offset, 6)
            kind.above = frozenset([offset, *above])
            kind.broader = [(word, up) for up in above[:3] for word in usable(map(spoken, self._nouns.synsets[up].lemmas[:2]))
                            if word not in TOO_GENERAL and self._nouns.tagged.get(word.replace(" ", "_"), 0)]
            below = [low for low in synset.hyponyms if not self._nouns.synsets[low].lemmas[0][0].isupper()]
            kind.narrower = usable(spoken(lemma) for low in below for lemma in self._nouns.synsets[low].lemmas[:2]
                                   if self._nouns.tagged.get(lemma.lower(), 0))
        kind.synonyms = [word for word in usable(words) if word != label]
        return kind


def spoken(lemma: str) -> str:
    """A lemma as people say it."""
    return lemma.lower().replace("_", " ").replace("-", " ")


def usable(words) -> list[str]:
    """Words for a thing that training may use."""
    return [word for word in dict.fromkeys(words) if len(word) > 1 and word.count(" ") <= 1 and not is_held_out(word)]


def size_of(label: str) -> float:
    """A plausible height in metres; the same for the same label."""
    return 0.12 * math.exp(fnv1a32("size:" + label) % 1000 / 1000 * 2.4)


def invented(random_: random.Random) -> str:
    """A word that nobody knows."""
    syllables = [random_.choice("bcdfghjklmnprstvwz") + random_.choice("aeiou") + (random_.choice("nrslmt") if random_.random() < 0.35 else "")
                 for _ in range(random_.randint(2, 4))]
    return "".join(syllables)
