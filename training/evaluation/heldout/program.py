"""Programs: what a command means, and their execution on the true scene.

A noun phrase is a dict: {"noun": word, "labels": [labels it fits] or ["*"] for any thing, "filters": [...], "select": [...]}.
Filters: ["color", c], ["not_color", c], ["moving"], ["still"], ["rel", name, phrase], ["not_rel", name, phrase].
Select, applied last: ["most", place], ["nth", k, "left" or "right"], ["nearest_to", phrase], ["sounding", label].
A program is {"action", "target"?, "destination"?, "manner"?, "avoid"?, "avoid_all"?}.

Execution knows three values. What hangs on a near tie, or on which the picture and the world disagree, raises Unsure:
no case is made of it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, Callable

from .pools import class_of
from .scene import Scene, Thing

Phrase = dict[str, Any]
Program = dict[str, Any]
PLACE = 0.03  # of the picture: places closer than this are a tie
SIZE = 1.15   # areas within this factor are a tie


class Unsure(Exception):
    """The answer hangs on a near tie."""


@dataclass
class Answer:
    """What must be answered, in true things."""

    outcome: str
    target: Thing | None = None
    destination: Thing | None = None
    avoid: list[Thing] = field(default_factory=list)


def _sign(difference: float, tie: float) -> bool | None:
    return None if abs(difference) < tie else difference > 0


def _both(seen: bool | None, real: bool | None) -> bool | None:
    """True or False where picture and world agree."""
    return seen if seen is real else None


def _next_to(scene: Scene, a: Thing, b: Thing) -> bool | None:
    gap = math.hypot(max(a.x - b.x - b.width, b.x - a.x - a.width, 0), max(a.y - b.bottom, b.y - a.bottom, 0))
    sizes = [(math.sqrt(a.area) + math.sqrt(b.area)) / 2, sum(math.sqrt(t.area) for t in scene.things) / len(scene.things)]
    if gap > 2.2 * max(sizes):
        return False
    reach = 1.2 * (max(a.size) + max(b.size)) + 0.2
    return True if gap < 0.9 * min(sizes) and abs(a.depth - b.depth) < reach else None


def _on(scene: Scene, a: Thing, b: Thing) -> bool | None:
    """Seen: overlaps sideways, lower edge between the other's top and lower part, starts above its middle."""
    overlap = min(a.x + a.width, b.x + b.width) - max(a.x, b.x)
    edge = PLACE / 2 * scene.height
    if overlap <= 0 or a.bottom < b.y - 2 * edge or a.bottom > b.bottom + edge or a.y > b.cy + edge:
        return False if a.support is not b else None
    clear = overlap > 0.5 * a.width and b.y <= a.bottom <= b.y + 0.65 * b.height and a.y < b.cy - edge
    return True if clear and a.support is b else None


def _depth(scene: Scene, a: Thing, b: Thing) -> bool | None:
    """Whether a is farther off: its lower edge is higher in the picture, and so it is in the world."""
    return _both(_sign(b.bottom - a.bottom, PLACE * scene.height), _sign(a.depth - b.depth, 0.02))


def _negated(value: bool | None) -> bool | None:
    return None if value is None else not value


RELATIONS: dict[str, Callable[[Scene, Thing, Thing], bool | None]] = {
    "left_of": lambda s, a, b: _sign(b.cx - a.cx, PLACE * s.width),
    "right_of": lambda s, a, b: _sign(a.cx - b.cx, PLACE * s.width),
    "above": lambda s, a, b: _sign(b.cy - a.cy, PLACE * s.height),
    "below": lambda s, a, b: _sign(a.cy - b.cy, PLACE * s.height),
    "behind": _depth,
    "in_front_of": lambda s, a, b: _depth(s, b, a),
    "next_to": _next_to,
    "on": _on,
    "larger_than": lambda s, a, b: _sign(math.log(a.area / b.area), math.log(SIZE)),
    "smaller_than": lambda s, a, b: _sign(math.log(b.area / a.area), math.log(SIZE)),
}
# what is to be least, and the tie
_PLACES: dict[str, Callable[[Scene, Thing], tuple[float, float]]] = {
    "leftmost": lambda s, t: (t.cx, PLACE * s.width),
    "rightmost": lambda s, t: (-t.cx, PLACE * s.width),
    "highest": lambda s, t: (t.cy, PLACE * s.height),
    "lowest": lambda s, t: (-t.cy, PLACE * s.height),
    "nearest": lambda s, t: (-t.bottom, PLACE * s.height),
    "farthest": lambda s, t: (t.bottom, PLACE * s.height),
    "largest": lambda s, t: (-math.log(t.area), math.log(SIZE)),
    "smallest": lambda s, t: (math.log(t.area), math.log(SIZE)),
}
PLACES = tuple(_PLACES)


def _named(thing: Thing, labels: list[str]) -> bool | None:
    if labels != ["*"]:
        return thing.label in labels
    return None if class_of(thing.label).kind in ("people", "animals") else True


def _passes(scene: Scene, thing: Thing, item: list[Any]) -> bool | None:
    """Whether a filter lets the thing through."""
    kind = item[0]
    if kind == "color":
        return thing.colour == item[1]
    if kind == "not_color":
        return thing.colour != item[1]
    if kind in ("moving", "still"):
        speed = scene.speed(thing)
        moving = True if speed > 0.025 else False if speed < 0.004 else None
        return moving if kind == "moving" else _negated(moving)
    anchors = find(scene, item[2])
    if len(anchors) > 1 or (not anchors and kind == "not_rel"):
        raise Unsure
    if not anchors or anchors[0] is thing:
        return False
    holds = RELATIONS[item[1]](scene, thing, anchors[0])
    return holds if kind == "rel" else _negated(holds)


def _least(keyed: list[tuple[float, float, Thing]]) -> Thing:
    keyed = sorted(keyed, key=lambda k: k[0])
    if len(keyed) > 1 and keyed[1][0] - keyed[0][0] < keyed[0][1]:
        raise Unsure
    return keyed[0][2]


def _nth(scene: Scene, things: list[Thing], k: int, side: str) -> list[Thing]:
    ordered = sorted(things, key=lambda t: t.cx, reverse=side == "right")
    if k > len(ordered):
        return []
    for a, b in zip(ordered[max(k - 2, 0):], ordered[max(k - 1, 1):k + 1]):
        if abs(a.cx - b.cx) < PLACE * scene.width:
            raise Unsure
    return [ordered[k - 1]]


def _sounding(scene: Scene, things: list[Thing], label: str) -> list[Thing]:
    """The thing whose direction fits best; the others are 2 standard deviations farther off."""
    heard = [s for s in scene.sounds if s.label == label]
    if len(heard) != 1 or heard[0].source is None:
        raise Unsure
    sound = heard[0]
    best = _least([(abs(scene.azimuth(t) - sound.azimuth) / sound.spread, 2.0, t) for t in things])
    if best is not sound.source:
        raise Unsure
    return [best]


def _select(scene: Scene, things: list[Thing], select: list[Any]) -> list[Thing]:
    if select[0] == "nth":
        return _nth(scene, things, select[1], select[2])
    if select[0] == "sounding":
        return _sounding(scene, things, select[1])
    if select[0] == "most":
        best = _least([(*_PLACES[select[1]](scene, t), t) for t in things])
        if select[1] in ("nearest", "farthest"):
            depths = [t.depth if select[1] == "nearest" else -t.depth for t in things]
            if min(depths) != (best.depth if select[1] == "nearest" else -best.depth):
                raise Unsure
        return [best]
    anchors = find(scene, select[1])
    things = [t for t in things if all(t is not a for a in anchors)]
    if len(anchors) > 1:
        raise Unsure
    if not anchors or not things:
        return []
    return [_least([(math.hypot(t.cx - anchors[0].cx, t.cy - anchors[0].cy), PLACE * scene.width, t) for t in things])]


def find(scene: Scene, phrase: Phrase) -> list[Thing]:
    """The things that a noun phrase fits. Raises Unsure when that hangs on a near tie."""
    fitting = []
    for thing in scene.things:
        named = _named(thing, phrase["labels"])
        if named is False:
            continue
        values = [named] + [_passes(scene, thing, item) for item in phrase["filters"]]
        if False in values:
            continue
        if None in values:
            raise Unsure
        fitting.append(thing)
    return _select(scene, fitting, phrase["select"]) if phrase["select"] and fitting else fitting


def execute(scene: Scene, program: Program) -> Answer:
    """What must be answered to the program. Raises Unsure when that hangs on a near tie."""
    avoid = find(scene, program["avoid"]) if "avoid" in program else []
    avoid_fails = "avoid" in program and len(avoid) != 1 and not (avoid and program.get("avoid_all"))
    if "target" not in program:
        return Answer("clarify") if avoid_fails else Answer("act", avoid=avoid)
    found = {role: find(scene, program[role]) for role in ("target", "destination") if role in program}
    outcomes = ["absent" if not f else "clarify" if len(f) > 1 else "act" for f in found.values()]
    if avoid_fails:
        outcomes.append("clarify")
    wrong = {o for o in outcomes if o != "act"}
    if len(wrong) > 1:
        raise Unsure
    if wrong:
        return Answer(wrong.pop())
    things = [f[0] for f in found.values()] + avoid
    if len({id(t) for t in things}) < len(things):
        raise Unsure
    return Answer("act", things[0], things[1] if "destination" in found else None, avoid)


def seen_part(scene: Scene, ids: dict[int, str]) -> Scene:
    """The scene without the things that have no detection."""
    return Scene(scene.width, scene.height, scene.hfov, [t for t in scene.things if id(t) in ids], scene.sounds)
