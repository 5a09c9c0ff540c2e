"""Faults of spelling and of speech recognition."""

from __future__ import annotations

import functools
import re
from random import Random

from .pools import COLOURS, classes, rows

_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_HOMOPHONES = {"there": "their", "red": "read", "right": "write", "blue": "blew", "to": "two", "for": "four", "by": "buy",
               "grey": "gray", "bear": "bare", "ball": "bawl", "which": "witch", "would": "wood", "please": "pleas",
               "you": "u", "one": "won", "here": "hear", "too": "to", "your": "you're", "see": "sea", 
               "plate": "plait", "horse": "hoarse", "orange": "or range",
               "behind": "be hind", "beside": "be side", "nearest": "near est", "leftmost": "left most",
               "rightmost": "right most", "it": "it it", "me": "me me", "the": "da"}
_PARTED = {"backpack": "back pack", "skateboard": "skate board", "keyboard": "key board", "suitcase": "suit case",
           "toolbox": "tool box", "screwdriver": "screw driver", "wheelbarrow": "wheel barrow", "teapot": "tea pot",
           "flowerpot": "flower pot", "handbag": "hand bag", "wine glass": "wineglass", "teddy bear": "teddybear",
           "cell phone": "cellphone", "traffic cone": "trafficcone", "watering can": "wateringcan", "toy car": "toycar",
           "fire hydrant": "firehydrant", "dining table": "diningtable", "cardboard box": "card board box",
           "parking meter": "parkingmeter", "sports ball": "sportsball", "tennis racket": "tennisracket"}


@functools.lru_cache(maxsize=1)
def _meaningful() -> frozenset[str]:
    """Words that a typo must not turn another word into."""
    texts = [r[-1] for t in ("relations", "places", "verbs") for r in rows(t)] + list(classes()) + list(COLOURS)
    texts.append("second third first fourth light night tight sight fight might eight trail blank plant slack three those")
    return frozenset(re.findall("[a-z]+", " ".join(texts).lower()))


def _typo(rng: Random, word: str) -> str:
    """Drops, swaps, doubles or mistypes one letter that is not the first."""
    i = rng.randrange(1, len(word) - 1)
    kind = rng.choice(("drop", "swap", "double", "key"))
    if kind == "drop":
        return word[:i] + word[i + 1:]
    if kind == "swap":
        return word[:i] + word[i + 1] + word[i] + word[i + 2:]
    if kind == "double":
        return word[:i] + word[i] + word[i:]
    row = next((r for r in _KEYS if word[i] in r), "aa")
    at = row.find(word[i])
    return word[:i] + rng.choice(row[max(at - 1, 0):at] + row[at + 1:at + 2]) + word[i + 1:]


def with_typos(rng: Random, text: str, count: int) -> str:
    """Misspells `count` words of 5 letters or more, each into no other word that means something here."""
    words = text.split(" ")
    able = [i for i, w in enumerate(words) if re.fullmatch("[a-z]{5,}", w)]
    for i in rng.sample(able, min(count, len(able))):
        wrong = words[i]
        while wrong == words[i] or wrong in _meaningful():
            wrong = _typo(rng, words[i])
        words[i] = wrong
    return " ".join(words)


def as_heard(rng: Random, text: str) -> str:
    """As a speech recognizer writes it: no punctuation, homophones, hesitations, compounds joined or parted."""
    text = re.sub(r"[^\w' ]", "", text.replace("-", " ").lower())
    for whole, parts in _PARTED.items():
        if rng.random() < 0.7:
            text = re.sub(rf"\b{whole}\b", parts, text)
    words = text.split()
    able = [i for i, w in enumerate(words) if w in _HOMOPHONES]
    for i in rng.sample(able, min(rng.choice((0, 1, 1, 2)), len(able))):
        words[i] = _HOMOPHONES[words[i]]
    for _ in range(rng.choice((0, 0, 1, 1, 2))):
        words.insert(rng.randrange(len(words) + 1), rng.choice(("uh", "um", "er", "well", "hmm")))
    return " ".join(words)
