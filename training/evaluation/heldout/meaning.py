"""What held-out commands mean: filters and relations over true bodies, with the margins inside which no test is made."""

from __future__ import annotations

import math
from dataclasses import dataclass

from .world import Body, World

SIDE, SIZE, FLOOR = 0.03, 1.18, 0.025
ONE, NONE, MANY, UNFAIR = "one", "none", "many", "unfair"


@dataclass(frozen=True)
class Phrase:
    """A description; parts that are not there are not said."""

    noun: str | None = None
    color: str | None = None
    but_not: str | None = None
    moves: str | None = None
    sound: str | None = None
    relation: str | None = None
    other: "Phrase | None" = None
    denied: bool = False
    order: str | None = None
    rank: int = 0


def find(phrase: Phrase, world: World) -> tuple[str, list[Body]]:
    """ONE with the body, NONE, MANY with those that fit, or UNFAIR where the answer hangs on a near tie."""
    fits = [body for body in world.bodies if holds(phrase, body)]
    if phrase.moves and any(0.006 * world.width < abs(body.vx) < 0.02 * world.width for body in world.bodies):
        return UNFAIR, []
    if phrase.relation:
        verdict, others = find(phrase.other, world)
        if verdict == MANY:
            return whichever(phrase, world, fits, others)
        if verdict != ONE:
            return verdict, []
        related = beside_anchor(phrase, world, fits, others[0])
        if related is None:
            return UNFAIR, []
        fits = related
    if phrase.order:
        return ranked_by(phrase, world, fits)
    return (ONE if len(fits) == 1 else MANY if fits else NONE), fits


def whichever(phrase: Phrase, world: World, fits: list[Body], anchors: list[Body]) -> tuple[str, list[Body]]:
    """With several anchors: what is the same whichever is meant, else more than one answer is possible."""
    verdicts = []
    for anchor in anchors:
        related = beside_anchor(phrase, world, fits, anchor)
        if related is None:
            return UNFAIR, []
        verdicts.append(ranked_by(phrase, world, related) if phrase.order else (ONE if len(related) == 1 else MANY if related else NONE, related))
    if any(verdict == UNFAIR for verdict, _ in verdicts):
        return UNFAIR, []
    if all(verdict == NONE for verdict, _ in verdicts):
        return NONE, []
    same = all(verdict == ONE and found == verdicts[0][1] for verdict, found in verdicts)
    return verdicts[0] if same else (MANY, fits)


def beside_anchor(phrase: Phrase, world: World, fits: list[Body], anchor: Body) -> list[Body] | None:
    """Those that lie so to the anchor; none where it is too near to tell."""
    fits = [body for body in fits if body is not anchor]
    if phrase.relation == "nearest":
        ranked = sorted((math.hypot(body.cx - anchor.cx, body.cy - anchor.cy) / world.width, i) for i, body in enumerate(fits))
        if len(ranked) > 1 and ranked[1][0] - ranked[0][0] < SIDE:
            return None
        return [fits[ranked[0][1]]] if ranked else []
    clear = [relates(phrase.relation, body, anchor, world) for body in fits]
    return None if any(value is None for value in clear) else [body for body, value in zip(fits, clear) if value != phrase.denied]


def ranked_by(phrase: Phrase, world: World, fits: list[Body]) -> tuple[str, list[Body]]:
    """The one of the rank that is asked for."""
    ranked = sorted(fits, key=lambda body: measure(phrase.order, body, world))
    values = [measure(phrase.order, body, world) for body in ranked]
    gap = math.log(SIZE) if phrase.order in ("largest", "smallest") else FLOOR if phrase.order in ("nearest", "farthest") else SIDE
    for i in (phrase.rank - 1, phrase.rank):
        if 0 <= i < len(values) - 1 and values[i + 1] - values[i] < gap:
            return UNFAIR, []
    chosen = ranked[phrase.rank:phrase.rank + 1]
    return (ONE if chosen else NONE), chosen


def holds(phrase: Phrase, body: Body) -> bool:
    return ((phrase.noun is None or body.noun == phrase.noun) and (phrase.color is None or body.color == phrase.color)
            and (phrase.but_not is None or body.color != phrase.but_not)
            and (phrase.sound is None or body.sound == phrase.sound or (phrase.sound == "anything" and body.sound is not None))
            and {None: True, "moves": body.vx != 0, "rests": body.vx == 0, "goes left": body.vx < 0, "goes right": body.vx > 0}[phrase.moves])


def relates(relation: str, a: Body, b: Body, world: World) -> bool | None:
    """Whether a relation holds; none where it is too near to tell."""
    def clearly(value: float, margin: float) -> bool | None:
        return None if abs(value) < margin else value > 0

    if relation == "left of":
        return clearly((b.cx - a.cx) / world.width, SIDE)
    if relation == "right of":
        return clearly((a.cx - b.cx) / world.width, SIDE)
    if relation == "above":
        return clearly((b.cy - a.cy) / world.height, SIDE)
    if relation == "below":
        return clearly((a.cy - b.cy) / world.height, SIDE)
    if relation == "behind":
        return clearly((b.foot - a.foot) / world.height, FLOOR)
    if relation == "in front of":
        return clearly((a.foot - b.foot) / world.height, FLOOR)
    if relation == "beside":
        gap = math.hypot(max(0.0, abs(a.cx - b.cx) - (a.width + b.width) / 2), max(0.0, abs(a.cy - b.cy) - (a.height + b.height) / 2))
        reach = max(1.5 * (max(a.width, a.height) + max(b.width, b.height)) / 2, 0.06 * world.width)
        return clearly(1 - gap / reach, 0.25)
    over = (min(a.x + a.width, b.x + b.width) - max(a.x, b.x)) / min(a.width, b.width)
    low = (a.foot - b.y) / max(b.height, a.height / 2)  # on
    verdicts = [clearly(over - 0.45, 0.2), clearly(low + 0.12, 0.1), clearly((b.foot - a.foot) / b.height + 0.04, 0.06), clearly((b.cy - a.y) / b.height + 0.05, 0.08)]
    return False if False in verdicts else None if None in verdicts else True


def measure(order: str, body: Body, world: World) -> float:
    return {"leftmost": body.cx / world.width, "rightmost": -body.cx / world.width, "highest": body.cy / world.height, "lowest": -body.cy / world.height,
            "largest": -math.log(body.width * body.height), "smallest": math.log(body.width * body.height),
            "nearest": -body.foot / world.height, "farthest": body.foot / world.height}[order]
