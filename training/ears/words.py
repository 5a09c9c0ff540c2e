"""Fits how surely a likeness means a thing: nouns and uses ("something to cut with") that nobody listed, among labels.

For made-up scenes of labels, with the right one among them or not, P(label) ∝ e^(scale · score) and
P(none) ∝ e^(scale · none) · n^crowd, n labels being in sight. Half of the words fit the three, the others give the
figures.
"""

from __future__ import annotations

import random
import re
import zlib
from dataclasses import dataclass

import numpy as np
import torch

from .encoder import ROOT, Encoder
from .heads import calibration_error
from .sentences import FOLDER, lines_of

COCO = 80  # the first labels of nouns.txt are the detector's
CONCEPTS = 0.5  # weight of the concepts of vocabulary.tsv beside the encoder's cosine
MENTIONED = 0.15  # taken from a label that the use names: one eats soup with no soup
MOST_LABELS = 14
WITH, WITHOUT = 8, 6  # scenes of a word that hold a right label, and that hold none


@dataclass
class Scene:
    """The scores of the labels in sight, and which of them are right."""

    scores: np.ndarray
    right: np.ndarray


class Concepts:
    """What src/Fusion/Attention/Vocabulary.cs and NameConcepts.cs know of names."""

    def __init__(self) -> None:
        lines = (ROOT / "models" / "grounding" / "vocabulary.tsv").read_text(encoding="utf-8").splitlines()
        parts = (line.split("\t") for line in lines if line[0] != "#")
        self._ids = {word: frozenset(map(int, ids.split())) for word, ids in parts}

    def of(self, name: str) -> frozenset[int]:
        words = re.findall("[a-z0-9]+", name.lower().replace("'", ""))
        return self._word("_".join(words)) or frozenset().union(*map(self._word, words))

    def likeness(self, names: list[str], labels: list[str]) -> np.ndarray:
        rows, columns = [self.of(name) for name in names], [self.of(label) for label in labels]
        return np.array([[len(a & b) / np.sqrt(len(a) * len(b)) if a and b else 0 for b in columns] for a in rows])

    def _word(self, word: str) -> frozenset[int]:
        forms = [word]
        if len(word) > 3 and word.endswith("s"):
            forms.append(word[:-1])
        if len(word) > 4 and word.endswith("es"):
            forms.append(word[:-2])
        return next((self._ids[form] for form in forms if form in self._ids), frozenset())


def fit(encoder: Encoder) -> dict:
    """The figures as the product reads them."""
    labels, named = read("nouns.txt")
    nouns = sorted({noun for names in named for noun in names} - set(labels))
    foreign = [word for line in lines_of(FOLDER / "foreign.txt") for word in line.split(", ")]
    right = np.array([[noun in names for names in named] for noun in nouns] + [[False] * len(labels)] * len(foreign))
    words = nouns + foreign
    scores = articled(encoder, words) @ articled(encoder, labels).T + CONCEPTS * Concepts().likeness(words, labels)

    uses, served = read("uses.txt")
    serving = np.array([[label in labels_ for label in labels] for labels_ in served])
    things = encoder.encode([f"something like a {label}" for label in labels])
    likeness = encoder.encode([f"used to {use}" for use in uses]) @ things.T
    likeness -= MENTIONED * np.array([[mentions(use, label) for label in labels] for use in uses])
    return {"concepts": CONCEPTS, "mentioned": MENTIONED,
            "nouns": fitted("nouns", words, scores, right), "uses": fitted("uses", uses, likeness, serving)}


def read(name: str) -> tuple[list[str], list[list[str]]]:
    parts = [line.split(":") for line in lines_of(FOLDER / name)]
    return [left.strip() for left, _ in parts], [[word.strip() for word in right.split(",")] for _, right in parts]


def articled(encoder: Encoder, words: list[str]) -> np.ndarray:
    return encoder.encode(["a " + word for word in words])


def mentions(use: str, label: str) -> bool:
    last = label.split()[-1]
    return bool({last, last + "s"} & set(re.findall("[a-z]+", use)))


def fitted(what: str, words: list[str], scores: np.ndarray, right: np.ndarray) -> dict:
    fitting = [scene for word, *row in zip(words, scores, right) if half(word) == 0 for scene in scenes(*row, word)]
    apart = [scene for word, *row in zip(words, scores, right) if half(word) == 1 for scene in scenes(*row, word)]
    figures = torch.tensor([10.0, 0.5, 0.0], requires_grad=True)
    optimizer = torch.optim.LBFGS([figures], max_iter=100)
    rows, sizes, answers = table(fitting)

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        shares = torch.softmax(logits(figures, rows, sizes), 1)
        loss = -torch.log((shares * answers).sum(1) + 1e-9).mean()
        loss.backward()
        return loss

    optimizer.step(closure)
    rows, sizes, answers = table(apart)
    report(what, torch.softmax(logits(figures, rows, sizes), 1).detach().numpy(), answers.numpy() > 0)
    return dict(zip(("scale", "none", "crowd"), (round(value, 4) for value in figures.tolist())))


def half(word: str) -> int:
    return zlib.crc32(word.encode()) % 2


def scenes(scores: np.ndarray, right: np.ndarray, word: str) -> list[Scene]:
    r = random.Random(word)
    found = []
    for number in range((WITH if right.any() else 0) + WITHOUT):
        among = range(COCO if r.random() < 0.6 else len(scores))
        chosen = r.sample([label for label in among if not right[label]], r.randint(1, MOST_LABELS))
        if number >= WITHOUT:
            chosen.append(r.choice(np.flatnonzero(right).tolist()))
        found.append(Scene(scores[chosen], right[chosen]))
    return found


def table(found: list[Scene]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Scores, filled up; numbers of labels; which answers are right, none being the last."""
    rows = np.full((len(found), MOST_LABELS + 1), -1e3, np.float32)
    answers = np.zeros((len(found), MOST_LABELS + 2), np.float32)
    for scene, row, answer in zip(found, rows, answers):
        row[:len(scene.scores)] = scene.scores
        answer[:len(scene.right)] = scene.right
        answer[-1] = not scene.right.any()
    sizes = torch.tensor([float(len(scene.scores)) for scene in found])
    return torch.from_numpy(rows), sizes, torch.from_numpy(answers)


def logits(figures: torch.Tensor, rows: torch.Tensor, sizes: torch.Tensor) -> torch.Tensor:
    scale, none, crowd = figures
    return torch.cat([scale * rows, (scale * none + crowd * torch.log(sizes))[:, None]], 1)


def report(what: str, shares: np.ndarray, answers: np.ndarray) -> None:
    best, sure = shares[:, :-1].argmax(1), shares[:, :-1].max(1)
    hit, there = answers[np.arange(len(best)), best], ~answers[:, -1]
    print(f"{what}: {len(best)} scenes apart; the right one is the first offer in {hit[there].mean():.1%}, "
          f"calibration error {calibration_error(sure, hit):.3f}")
    for least in (0.5, 0.7, 0.8, 0.9):
        said = sure >= least
        print(f"  from {least}: right {(said & hit)[there].mean():.1%}, wrong {(said & ~hit)[there].mean():.1%}, "
              f"where none is right {said[~there].mean():.1%}")
