"""Reads the tables in pools/: classes, phrases and sentences. Lines that start with '#' are comments."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

COLOURS = ("red", "orange", "yellow", "green", "cyan", "blue", "purple", "pink", "brown", "black", "grey", "white")
_FOLDER = Path(__file__).parent / "pools"


@dataclass(frozen=True)
class ObjectClass:
    """A kind of object: its label, usual size in metres, what can be done with it and how it sounds."""

    label: str
    kind: str
    group: str
    common: str
    width: float
    height: float
    traits: tuple[str, ...]
    sounds: tuple[str, ...]
    colours: tuple[str, ...]


@functools.lru_cache(maxsize=None)
def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of pools/<name>.tsv."""
    text = (_FOLDER / f"{name}.tsv").read_text(encoding="utf-8")
    return tuple(tuple(line.split("\t")) for line in text.split("\n") if line and not line.startswith("#"))


@functools.lru_cache(maxsize=None)
def phrases(name: str, pool: str, key: str | None = None) -> tuple[str, ...]:
    """The phrases of one pool of a table, of one relation, place or action where the table has such a column."""
    return tuple(r[-1] for r in rows(name) if r[0] == pool and (key is None or r[1] == key))


@functools.lru_cache(maxsize=None)
def classes() -> dict[str, ObjectClass]:
    """All everyday classes by label."""
    table = {}
    for label, kind, group, common, width, height, traits, sounds, colours in rows("classes"):
        table[label] = ObjectClass(label, kind, group, common, float(width), float(height), tuple(traits.split()),
                                   tuple(sounds.split()), tuple(colours.split()) or COLOURS)
    return table


@functools.lru_cache(maxsize=None)
def open_classes() -> dict[str, ObjectClass]:
    """Classes that no detector's list has, invented ones among them."""
    return {label: ObjectClass(label, kind, label, "", float(w), float(h), ("portable",), (), COLOURS)
            for label, kind, w, h in rows("open")}


def class_of(label: str) -> ObjectClass:
    """The class of a label; one that is in no table is 30 cm large, and nothing that is carried."""
    known = classes().get(label) or open_classes().get(label)
    return known or ObjectClass(label, "other", label, "", 0.3, 0.3, (), (), COLOURS)
