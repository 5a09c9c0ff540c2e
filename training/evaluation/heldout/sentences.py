"""Says held-out meanings in words."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from . import pools
from .meaning import Phrase


@dataclass
class Style:
    """Which pools a suite draws from."""

    verbs: dict = field(default_factory=lambda: pools.VERBS)
    relations: dict = field(default_factory=lambda: pools.RELATIONS)
    words: dict = field(default_factory=dict)  # label -> word
    frames: bool = True


def describe(r: random.Random, phrase: Phrase, style: Style) -> str:
    """"the red cup left of the bottle"."""
    noun = style.words.get(phrase.noun, phrase.noun) if phrase.noun else r.choice(pools.NOTHING)
    core = f"{phrase.color} {noun}" if phrase.color else noun
    if phrase.order and phrase.order in ("leftmost", "rightmost") and phrase.rank:
        text = r.choice(pools.COUNTED).format(rank=pools.RANKS[phrase.rank], x=core, side="left" if phrase.order == "leftmost" else "right")
    elif phrase.order:
        text = r.choice(pools.ORDERS[phrase.order]).format(x=core)
    elif phrase.moves:
        text = r.choice(pools.MOVES[phrase.moves]).format(x=core)
    elif phrase.but_not:
        text = r.choice(pools.NOT_COLORS).format(x=core, c=phrase.but_not)
    else:
        text = f"the {core}"
    if phrase.sound:
        text += " " + r.choice(pools.SOUNDS[phrase.sound])
    if phrase.relation:
        words = r.choice(style.relations[phrase.relation])
        joint = r.choice(["that is not", "which is not"]) if phrase.denied else "" if words.startswith("that") else r.choice(["", "", "", "that is", "which stands"])
        if joint == "which stands" and words.split()[0] in ("standing", "lying", "resting", "perched", "set", "located", "hidden", "with", "up", "at"):
            joint = ""
        text += " " + f"{joint} {words.removeprefix('that is ') if phrase.denied else words} {describe(r, phrase.other, style)}".strip()
    return text


def order(r: random.Random, action: str, target: str, style: Style) -> str:
    return f"{r.choice(style.verbs[action])} {target}"


def frame(r: random.Random, sentence: str, style: Style) -> str:
    """Politeness around it; questions are left as they are."""
    if not style.frames or sentence.startswith(("where is", "where")):
        return sentence
    return r.choice(pools.FRAMES).format(s=sentence)


def misspell(r: random.Random, sentence: str) -> str:
    """One or two slips in words of five letters and more, or what a speech recognizer makes of it."""
    words = sentence.replace(",", "").replace("!", "").replace("?", "").split()
    if r.random() < 0.3:
        heard = {"the": "the", "right": "write", "red": "read", "to": "two", "for": "four", "there": "their", "blue": "blew", "by": "bye", "one": "won"}
        return " ".join(r.choice(["um", "uh"]) + " " + word if r.random() < 0.1 else heard.get(word, word) if r.random() < 0.5 else word for word in words).lower()
    long = [i for i, word in enumerate(words) if len(word) >= 5 and word.isalpha()]
    for i in r.sample(long, min(len(long), r.choice([1, 1, 2]))):
        word = words[i]
        at = r.randrange(1, len(word) - 1)
        words[i] = r.choice([word[:at] + word[at + 1:], word[:at] + word[at + 1] + word[at] + word[at + 2:], word[:at] + word[at] + word[at:],
                             word[:at] + r.choice("qwertyuiopasdfghjklzxcvbnm") + word[at + 1:]])
    return " ".join(words)
