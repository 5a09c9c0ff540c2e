"""Writes sentences from frames: orders to the robot, and what is none, with the same content words in both."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
CHOICE = re.compile(r"\(([^()]*)\)")
SLOT = re.compile(r"\{(\w+)\}")
BESIDE = ["statement", "statement", "narration", "exclamation and small talk", "progressive and perfect"]
FORMS = {"doing": 0, "past": 1, "gerund": 2, "third": 3, "done": 4}
BEFORE_ORDER = ["please", "please", "now", "just", "ok", "okay", "so", "um", "uh", "well", "and", "alright"]
AFTER_ORDER = ["please", "please", "now", "for me", "will you", "thanks", "thank you", "quickly", "right now",
               "if you can"]
FILLERS = ["um", "uh", "er", "well", "so", "you know", "hmm"]
VOICED_ONLY = 0.5  # share of the sentences that lost their marks, as a speech recognizer writes


@dataclass(frozen=True)
class Sentence:
    """A text, the kind of frame that it is from, and whether it is an order."""

    text: str
    kind: str
    is_order: bool


class Writer:
    """Sentences from the frames of a folder, drawn from one seed."""

    def __init__(self, folder: Path = FOLDER, seed: int = 1) -> None:
        self._random = random.Random(seed)
        self._slots = {name: [word.strip() for line in lines for word in line.split(",")]
                       for name, lines in sections(folder / "slots.txt").items()}
        self._verbs = [[part.strip() for part in line.split("|")] for line in lines_of(folder / "verbs.txt")]
        self._orders = sections(folder / "orders.txt")["order"]
        self._others = sections(folder / "others.txt")

    def orders(self, count: int) -> list[Sentence]:
        """Orders: a third of them bare, the others with politeness, an address or hesitation."""
        return [Sentence(self._spoken(self._addressed(self._fill(self._order()))), "order", True) for _ in range(count)]

    def others(self, count: int) -> list[Sentence]:
        """What is no order, as many of each kind."""
        kinds = list(self._others)
        return [Sentence(self._spoken(self._hesitant(self._fill(self._random.choice(self._others[kind])))), kind, False)
                for kind in (kinds[number % len(kinds)] for number in range(count))]

    def _order(self) -> str:
        r = self._random
        order = "{doing}" if r.random() < 0.35 else r.choice(self._orders)
        # Whatever is stated beside an order, the order stands.
        if r.random() < 0.12:
            return f"{self._beside()}. {order}"
        return f"{order}. {self._beside()}" if r.random() < 0.04 else order

    def _beside(self) -> str:
        return self._random.choice(self._others[self._random.choice(BESIDE)])

    def _addressed(self, text: str) -> str:
        r = self._random
        if r.random() < 0.25:
            text = f"{r.choice(BEFORE_ORDER)}{r.choice([', ', ' '])}{text}"
        if r.random() < 0.25:
            text = f"{text}{r.choice([', ', ' '])}{r.choice(AFTER_ORDER)}"
        name = r.choice(self._slots["name_of_robot"])
        place = r.random()
        if place < 0.12:
            return f"{name}, {text}"
        return f"{text}, {name}" if place < 0.15 else self._hesitant(text)

    def _hesitant(self, text: str) -> str:
        return f"{self._random.choice(FILLERS)}, {text}" if self._random.random() < 0.05 else text

    def _spoken(self, text: str) -> str:
        r = self._random
        text = re.sub(r"\s+", " ", text).replace(" ,", ",").replace(" .", ".").strip()
        if r.random() < VOICED_ONLY:
            return re.sub(r"\s+", " ", re.sub(r"[.,:;?!\"]", " ", text)).strip()
        return text + r.choice([".", ".", "!", "", ""]) if text[-1] not in "?!." else text

    def _fill(self, frame: str) -> str:
        r = self._random
        while CHOICE.search(frame):
            frame = CHOICE.sub(lambda found: r.choice(found[1].split("|")), frame, count=1)
        while SLOT.search(frame):
            frame = SLOT.sub(lambda found: self._slot(found[1].rstrip("2")), frame, count=1)
        return frame

    def _slot(self, name: str) -> str:
        if name in FORMS:
            return self._verb(FORMS[name])
        if name.startswith("the_"):
            return self._described(name[4:])
        if name == "a_thing":
            noun = self._noun("thing")
            return ("an " if noun[0] in "aeiou" else "a ") + noun
        return self._noun("thing") + "s" if name == "things" else self._noun(name)

    def _verb(self, form: int) -> str:
        forms = self._random.choice(self._verbs)
        bare, slots = forms[0], SLOT.findall(forms[0])
        if form == 0 or not slots:
            return forms[form]
        # "bring me {the_thing}": the forms stand for what is before the first slot.
        return forms[form] + " " + bare[bare.index("{"):]

    def _described(self, name: str) -> str:
        r = self._random
        article = r.choice(["the", "the", "the", "the", "that", "my", "this", "a", "one of the"])
        color = r.choice(self._slots["color"]) + " " if r.random() < 0.3 else ""
        noun = self._noun(name)
        if article == "a":
            article = "an" if (color + noun)[0] in "aeiou" else "a"
        elif article == "one of the":
            noun += "s"
        relation = r.choice(["on", "by", "next to", "left of", "right of", "behind", "in front of", "near", "under"])
        after = f" {relation} the {self._noun(r.choice(['place', 'thing']))}" if r.random() < 0.15 else ""
        return f"{article} {color}{noun}{after}"

    def _noun(self, name: str) -> str:
        r = self._random
        if name == "mover":
            name = r.choice(["person", "animal", "vehicle"])
        elif name == "thing" and r.random() < 0.25:
            name = r.choice(["person", "animal", "vehicle"])
        return r.choice(self._slots[name])


def lines_of(path: Path) -> list[str]:
    return [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip() and line[0] != "#"]


def sections(path: Path) -> dict[str, list[str]]:
    """The lines of a file below their headings."""
    found: dict[str, list[str]] = {}
    for line in lines_of(path):
        if line[0] == "[" and line[-1] == "]":
            lines = found.setdefault(line[1:-1], [])
        else:
            lines.append(line)
    return found
