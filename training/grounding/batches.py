"""Samples as arrays: the network's inputs, as the contract in models/grounding/README.md describes them, and its labels."""

from __future__ import annotations

import math

import numpy as np

from .meanings import Meanings
from .phrases import INTENTS
from .samples import ABSENT, NOT_ASKED, SEVERAL, Sample
from .scenes import Scene, Thing
from .tokens import words_of

REGION, SOUND = 29, 5
MOST_WORDS, MOST_SOUNDS = 40, 16
SLOTS = {ABSENT: 0, SEVERAL: 1, NOT_ASKED: 2}


def region_features(thing: Thing, scene: Scene, missing: str | None) -> list[float]:
    """One detection's numbers."""
    azimuth = scene.azimuth(thing.cx)
    clip = lambda value: min(2.0, max(-2.0, value))
    place = [thing.cx - 0.5, thing.cy - 0.5, thing.w, thing.h, thing.cx - thing.w / 2, thing.cx + thing.w / 2, thing.top, thing.bottom,
             math.log(max(thing.area, 1e-5)) / 4 + 1]
    colors, motion = missing != "colors", missing != "motion"
    speed = [min(3.0, max(-3.0, thing.velocity[0] * 5)), min(3.0, max(-3.0, thing.velocity[1] * 5))] if motion else [0.0, 0.0]
    return [*map(clip, place if missing != "places" else [0.0] * 9), thing.score, *([math.sin(azimuth), math.cos(azimuth)] if missing not in ("places", "field") else [0.0, 0.0]),
            *(thing.shares if colors else [0.0] * 12), *speed, float(colors), float(motion), scene.aspect]


def sound_features(azimuth: float | None, spread: float | None, score: float) -> list[float]:
    """One sound's numbers."""
    known = azimuth is not None
    return [math.sin(azimuth) if known else 0.0, math.cos(azimuth) if known else 0.0, float(known), min(1.5, max(0.0, 0.15 if spread is None else spread)), score]


class NameTable:
    """The different names of a batch, so that each is embedded once."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {"": 0}

    def place(self, name: str) -> int:
        return self._places.setdefault(name, len(self._places))

    def meanings(self, meanings: Meanings) -> np.ndarray:
        return meanings.of([" ".join(words_of(name)) for name in self._places])


def collate(samples: list[Sample], meanings: Meanings) -> dict[str, np.ndarray]:
    """A batch of samples with labels."""
    words = [words_of(sample.text)[:MOST_WORDS] for sample in samples]
    batch, regions = len(samples), max(1, max(len(sample.detections) for sample in samples))
    sounds = max(1, max(min(MOST_SOUNDS, len(sample.sounds)) for sample in samples))
    longest = max(1, max(map(len, words)))
    names = NameTable()
    b = {
        "words": np.zeros((batch, longest), np.int64), "word_mask": np.zeros((batch, longest), np.float32),
        "region_names": np.zeros((batch, regions), np.int64), "regions": np.zeros((batch, regions, REGION), np.float32),
        "region_mask": np.zeros((batch, regions), np.float32), "sound_names": np.zeros((batch, sounds), np.int64),
        "sounds": np.zeros((batch, sounds, SOUND), np.float32), "sound_mask": np.zeros((batch, sounds), np.float32),
        "quality": np.array([sample.quality for sample in samples], np.float32),
        "referents": np.zeros((batch, 3), np.int64), "intent": np.array([INTENTS.index(sample.intent) for sample in samples], np.int64),
        "gates": np.array([sample.gates for sample in samples], np.float32), "tags": np.zeros((batch, regions, 2), np.float32),
        "asked": np.array([float(sample.intent != "none" or sample.missing == "words") for sample in samples], np.float32),
    }
    for i, sample in enumerate(samples):
        head, anchors = {id(thing) for thing in sample.head}, {id(thing) for thing in sample.anchors}
        for j, thing in enumerate(sample.detections):
            b["region_names"][i, j] = names.place("" if sample.missing == "names" else thing.label)
            b["regions"][i, j] = region_features(thing, sample.scene, sample.missing)
            b["region_mask"][i, j] = 1
            b["tags"][i, j] = id(thing.source) in head, id(thing.source) in anchors
        for j, word in enumerate(words[i]):
            b["words"][i, j], b["word_mask"][i, j] = names.place(word), 1
        for j, sound in enumerate(sample.sounds[:MOST_SOUNDS]):
            b["sound_names"][i, j], b["sound_mask"][i, j] = names.place(sound.label), 1
            b["sounds"][i, j] = sound_features(sound.azimuth, sound.spread, sound.score)
        places = {id(thing): j for j, thing in enumerate(sample.detections)}
        for j, answer in enumerate((sample.target, sample.destination, sample.avoid)):
            b["referents"][i, j] = regions + SLOTS[answer] if isinstance(answer, str) else places[id(answer)]
    b["names"] = names.meanings(meanings)
    return b
