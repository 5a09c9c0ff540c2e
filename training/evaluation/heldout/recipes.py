"""Draws noun phrases for a scene. Each recipe starts from one thing that the phrase may come to mean."""

from __future__ import annotations

from random import Random
from typing import Any, Callable

from .pools import COLOURS, class_of, classes
from .program import PLACES, RELATIONS, Phrase, Unsure, find
from .scene import Scene, Thing

Recipe = Callable[[Random, Scene, Thing, bool], "Phrase | None"]
COMMON_RELATIONS = tuple(r for r in RELATIONS) + ("left_of", "right_of", "behind", "in_front_of", "next_to", "on", "on")


def phrase(label: str, *filters: list[Any], select: list[Any] | None = None, noun: str | None = None) -> Phrase:
    """A noun phrase of one class."""
    return {"noun": noun or label, "labels": [label], "filters": list(filters), "select": select}


def _label(rng: Random, scene: Scene, thing: Thing, loose: bool) -> str:
    """The thing's label; when loose, at times one that the scene lacks."""
    if loose and rng.random() < 0.4:
        groups = [class_of(t.label).group for t in scene.things]
        return rng.choice([c.label for c in classes().values() if c.group not in groups])
    return thing.label


def _colour(rng: Random, scene: Scene, thing: Thing, loose: bool) -> str:
    if not loose:
        return thing.colour
    return rng.choice([t.colour for t in scene.things] + list(rng.sample(COLOURS, 2)))


def named(rng: Random, scene: Scene, thing: Thing, loose: bool) -> Phrase | None:
    """The class alone."""
    return phrase(_label(rng, scene, thing, loose))


def coloured(rng: Random, scene: Scene, thing: Thing, loose: bool) -> Phrase | None:
    """Colour and class."""
    return phrase(_label(rng, scene, thing, loose and rng.random() < 0.3), ["color", _colour(rng, scene, thing, loose)])


def _maybe_coloured(rng: Random, scene: Scene, thing: Thing, loose: bool, chance: float = 0.35) -> Phrase:
    result = named(rng, scene, thing, loose)
    if rng.random() < chance:
        result["filters"].append(["color", thing.colour])
    return result


def unique(rng: Random, scene: Scene, thing: Thing, plain: bool = False) -> Phrase | None:
    """The shortest description that only this thing fits, or None when class, colour and place do not do."""
    tries = [phrase(thing.label), phrase(thing.label, ["color", thing.colour])]
    if not plain:
        tries += [phrase(thing.label, select=["most", p]) for p in rng.sample(PLACES, 4)]
    for candidate in tries:
        try:
            if [id(t) for t in find(scene, candidate)] == [id(thing)]:
                return candidate
        except Unsure:
            continue
    return None


def superlative(rng: Random, scene: Scene, thing: Thing, loose: bool) -> Phrase | None:
    """The leftmost, largest, nearest ... of a class."""
    return _maybe_coloured(rng, scene, thing, loose, 0.3) | {"select": ["most", rng.choice(PLACES)]}


def ordinal(rng: Random, scene: Scene, thing: Thing, loose: bool) -> Phrase | None:
    """The k-th of a class from the left or right."""
    return _maybe_coloured(rng, scene, thing, loose, 0.25) | {"select": ["nth", rng.choice((1, 2, 2, 2, 3, 3, 4)),
                                                                        rng.choice(("left", "right"))]}


def _anchor(rng: Random, scene: Scene, thing: Thing, loose: bool, plain: bool = True) -> Phrase | None:
    others = [t for t in scene.things if t is not thing]
    if loose and rng.random() < 0.4 or not others:
        return phrase(_label(rng, scene, thing, True)) if loose else None
    return unique(rng, scene, rng.choice(others), plain)


def relation(rng: Random, scene: Scene, thing: Thing, loose: bool, names: tuple[str, ...] = COMMON_RELATIONS
             ) -> Phrase | None:
    """One relation to one other thing."""
    result, anchor = _maybe_coloured(rng, scene, thing, loose), _anchor(rng, scene, thing, loose, rng.random() < 0.8)
    if anchor is None or anchor["labels"] == result["labels"] and not (anchor["filters"] or anchor["select"]):
        return None
    if rng.random() < 0.1:
        return result | {"select": ["nearest_to", anchor]}
    result["filters"].append(["rel", rng.choice(names), anchor])
    return result


def two_step(rng: Random, scene: Scene, thing: Thing, loose: bool) -> Phrase | None:
    """A relation to a thing that needs a relation itself: without it, it would not be the only one of its kind."""
    others = [t for t in scene.things if t is not thing and t.label != thing.label]
    if not others:
        return None
    middle = rng.choice(others)
    if sum(t.label == middle.label for t in scene.things) < 2:
        return None
    inner = phrase(middle.label)
    lasts = [t for t in others if t.label != middle.label]
    last = unique(rng, scene, rng.choice(lasts), True) if lasts else None
    if last is None:
        return None
    inner["filters"].append(["rel", rng.choice(COMMON_RELATIONS), last])
    result = _maybe_coloured(rng, scene, thing, loose, 0.2)
    result["filters"].append(["rel", rng.choice(COMMON_RELATIONS), inner])
    return result


def not_coloured(rng: Random, scene: Scene, thing: Thing, loose: bool) -> Phrase | None:
    """A class, but not of this colour."""
    same = [t.colour for t in scene.things if t.label == thing.label and t is not thing]
    if not same:
        return None
    return phrase(thing.label, ["not_color", thing.colour if loose and rng.random() < 0.5 else rng.choice(same)])


def not_related(rng: Random, scene: Scene, thing: Thing, loose: bool) -> Phrase | None:
    """A class, but not where this relation holds."""
    anchor = _anchor(rng, scene, thing, False)
    if anchor is None or anchor["labels"] == [thing.label]:
        return None
    result = _maybe_coloured(rng, scene, thing, loose and rng.random() < 0.5, 0.25)
    names = ("left_of", "right_of", "behind", "in_front_of", "next_to", "next_to", "on", "on")
    result["filters"].append(["not_rel", rng.choice(names), anchor])
    return result


def negation(rng: Random, scene: Scene, thing: Thing, loose: bool) -> Phrase | None:
    """Not of a colour, or not in a relation."""
    return rng.choice((not_coloured, not_related))(rng, scene, thing, loose)


def motion(rng: Random, scene: Scene, thing: Thing, loose: bool) -> Phrase | None:
    """Moving or standing still, perhaps with a colour."""
    moves = (scene.speed(thing) > 0) != (loose and rng.random() < 0.5)
    result = _maybe_coloured(rng, scene, thing, False, 0.25)
    result["filters"].append(["moving" if moves else "still"])
    return result


def sounding(rng: Random, scene: Scene, thing: Thing, loose: bool) -> Phrase | None:
    """The thing of a class, or of any, that a sound comes from."""
    if thing.sound is None:
        return None
    result = phrase(thing.label, select=["sounding", thing.sound])
    if rng.random() < 0.25 and class_of(thing.label).kind not in ("people", "animals"):
        result |= {"noun": rng.choice(("thing", "object")), "labels": ["*"]}
    return result


def any_of_all(rng: Random, scene: Scene, thing: Thing, loose: bool) -> Phrase | None:
    """One of all recipes."""
    recipe = rng.choice((named, coloured, coloured, superlative, ordinal, relation, relation, relation, two_step, negation,
                         motion, sounding))
    return recipe(rng, scene, thing, loose)


def without_relations(rng: Random, scene: Scene, thing: Thing, loose: bool) -> Phrase | None:
    """Something short, for sentences that are long for other reasons."""
    return rng.choice((named, coloured, coloured, superlative))(rng, scene, thing, loose)
