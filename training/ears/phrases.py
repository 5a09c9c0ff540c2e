"""Fits the heads that tell what a phrase asks for that grammar does not know: which action, which relation, or none."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np

from . import heads
from .encoder import Encoder
from .sentences import FOLDER, sections

LAYERS = [1, 2, 3]
NONE = "none"
EACH = 8  # sentences of a phrase
HIDDEN = {"actions": 32, "relations": 64}
EPOCHS = 15
MOVERS = ["person", "animal", "vehicle"]
THINGS = ["thing", "thing", "thing", "place", *MOVERS]


def fit(encoder: Encoder, what: str) -> dict:
    """The head for the phrases of a file, as the product reads it; its temperature is fitted on what is written apart."""
    labels = list(sections(FOLDER / f"{what}.txt"))
    texts, answers = written(FOLDER, what, labels, seed=1)
    head = heads.fit(labels, LAYERS, encoder.layers(texts, LAYERS), answers, HIDDEN[what], EPOCHS)
    texts, truth = written(FOLDER / "validation", what, labels, seed=2)
    inputs = encoder.layers(texts, LAYERS)
    # Sentences of a phrase stand together: every other phrase for the temperature, the rest for the figures.
    fitting = np.arange(len(texts)) // EACH % 2 == 0
    head = heads.cooled(head, inputs[fitting], truth[fitting])
    report(what, labels, head.probabilities(inputs[~fitting]), truth[~fitting])
    return head.packed()


def written(folder: Path, what: str, labels: list[str], seed: int) -> tuple[list[str], np.ndarray]:
    """Each phrase with some objects, and the numbers of their labels."""
    r = random.Random(seed)
    words = {name: ", ".join(lines).split(", ") for name, lines in sections(folder / "slots.txt").items()}
    texts, answers = [], []
    for label, lines in sections(folder / f"{what}.txt").items():
        kinds = MOVERS if label == "follow" else THINGS
        for phrase in ", ".join(lines).split(", "):
            texts += [with_objects(phrase, words, kinds, r) for _ in range(EACH)]
            answers += [labels.index(label)] * EACH
    return texts, np.array(answers)


def with_objects(phrase: str, words: dict[str, list[str]], kinds: list[str], r: random.Random) -> str:
    phrase = phrase if "{}" in phrase else phrase + " {}"
    color = r.choice(["", "", r.choice(words["color"]) + " "])
    thing = f"{r.choice(['the', 'the', 'the', 'that', 'my'])} {color}{r.choice(words[r.choice(kinds)])}"
    return phrase.replace("{2}", "the " + r.choice(words["place"])).replace("{}", thing)


def report(what: str, labels: list[str], probabilities: np.ndarray, truth: np.ndarray) -> None:
    best, sure, none = probabilities.argmax(1), probabilities.max(1), labels.index(NONE)
    right, asked = best == truth, truth != none
    print(f"{what}: of {len(truth) // EACH} phrases apart right {np.mean(right[asked]):.1%}, foreign told "
          f"{np.mean(right[~asked]):.1%}, calibration error {heads.calibration_error(sure, right):.3f}")
    for least in (0.5, 0.7, 0.8, 0.9):
        said = (best != none) & (sure >= least)
        hit, miss = np.mean((said & right)[asked]), np.mean((said & ~right)[asked])
        print(f"  from {least}: right {hit:.1%}, wrong {miss:.1%}, foreign taken {np.mean(said[~asked]):.1%}")
