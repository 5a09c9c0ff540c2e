"""Fits the witness that tells orders to this robot from everything else.

A motion needs it beside the grammar, so it is set to lose few orders: at most LOST of those of a split that is written
apart (validation/), in other words and with other nouns. What share of all else it then still catches is printed.
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from . import heads
from .encoder import Encoder
from .sentences import FOLDER, Sentence, Writer

LAYERS = [1, 2, 3]
LABELS = ["other", "order"]
HIDDEN = 48
EPOCHS = 12
ORDERS, OTHERS = 40_000, 60_000
ORDERS_APART, OTHERS_APART = 2_000, 3_000
LOST = 0.005


def fit(encoder: Encoder) -> dict:
    """The head as the product reads it, with the probability of an order that a motion needs."""
    written = distinct(Writer(seed=1), ORDERS, OTHERS)
    apart = distinct(Writer(FOLDER / "validation", seed=2), ORDERS_APART, OTHERS_APART)
    answers = np.array([int(sentence.is_order) for sentence in written])
    head = heads.fit(LABELS, LAYERS, features(encoder, written), answers, HIDDEN, EPOCHS)
    probabilities = head.probabilities(features(encoder, apart))[:, 1]
    orders = np.sort(probabilities[[sentence.is_order for sentence in apart]])
    threshold = float(np.floor(orders[int(LOST * len(orders))] * 1e4) / 1e4)
    report(probabilities, apart, threshold)
    return {**head.packed(), "threshold": threshold}


def distinct(writer: Writer, orders: int, others: int) -> list[Sentence]:
    written = writer.orders(orders) + writer.others(others)
    return list({sentence.text.lower(): sentence for sentence in written}.values())


def features(encoder: Encoder, sentences: list[Sentence]) -> np.ndarray:
    return encoder.layers([sentence.text for sentence in sentences], LAYERS)


def report(probabilities: np.ndarray, sentences: list[Sentence], threshold: float) -> None:
    passed, written = Counter(), Counter()
    for probability, sentence in zip(probabilities, sentences):
        written[sentence.kind] += 1
        passed[sentence.kind] += probability >= threshold
    others = written.total() - written["order"]
    caught = 1 - (passed.total() - passed["order"]) / others
    lost = 1 - passed["order"] / written["order"]
    print(f"orders: threshold {threshold:.4f}; of {written['order']} written apart {lost:.2%} lost; "
          f"of {others} others {caught:.1%} caught")
    for kind in sorted(written, key=lambda kind: passed[kind] / written[kind]):
        if kind != "order":
            print(f"  {kind:32} {1 - passed[kind] / written[kind]:4.0%} of {written[kind]} caught")
