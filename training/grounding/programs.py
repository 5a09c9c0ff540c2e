"""What commands mean: descriptions of objects that are executed on the true scene for the right answer."""

from __future__ import annotations

import math
import random
import zlib
from dataclasses import dataclass, field, replace
from typing import Callable

from .names import Kind
from .scenes import COLORS, SOUNDS, Scene, Thing

PLACE_MARGIN, SIZE_MARGIN, DEPTH_MARGIN = 0.025, 0.14, 0.02
MOVING, STILL = 0.02, 0.006
HELD_OUT_PAIRS = 15  # percent of colour-noun pairs that training never names


@dataclass(frozen=True)
class Noun:
    """A word for things, and which kinds it names."""

    word: str
    label: str
    names: Callable[[Kind], bool] = field(compare=False)


@dataclass(frozen=True)
class Relation:
    """How the object lies to another one."""

    name: str
    anchor: "Description"
    negated: bool = False


@dataclass(frozen=True)
class Description:
    """What "the red cup left of the laptop" says. Every part may be missing."""

    noun: Noun | None = None
    color: str | None = None
    not_color: str | None = None
    motion: str | None = None  # moving, still, left, right
    sound: str | None = None  # a sound's label, or "any"
    scale: str | None = None  # left, right, top, bottom, large, small, near, far
    rank: int | None = None  # with scale left or right: 0 for the first
    relation: Relation | None = None

    def without(self, *parts: str) -> "Description":
        """The same without what a missing modality cannot tell, in its anchors too."""
        bare = {"noun": None, "color": None, "not_color": None, "motion": None, "sound": None, "scale": None, "rank": None, "relation": None}
        changed = replace(self, **{part: bare[part] for part in parts})
        if changed.relation is None:
            return changed
        return replace(changed, relation=replace(changed.relation, anchor=changed.relation.anchor.without(*parts)))


@dataclass
class Meaning:
    """What a description means in a scene: the things that fit, or that it hangs on something that is not unique."""

    fits: list[Thing]
    several: bool = False
    near_tie: bool = False
    head: list[Thing] = field(default_factory=list)
    anchors: list[Thing] = field(default_factory=list)

    @property
    def outcome(self) -> str:
        if self.several or len(self.fits) > 1:
            return "several"
        return "one" if self.fits else "absent"


def execute(description: Description, scene: Scene) -> Meaning:
    """What the description means in the true scene."""
    head = [thing for thing in scene.things if matches(thing, description)]
    meaning = Meaning(head, head=head)
    meaning.near_tie = description.motion is not None and any(STILL < thing.speed < MOVING for thing in scene.things)
    if description.relation is not None:
        relate(meaning, description.relation, scene)
    if description.scale is not None and not meaning.several:
        order(meaning, description.scale, description.rank or 0)
    return meaning


def matches(thing: Thing, description: Description) -> bool:
    """Whether everything but places and relations fits."""
    motions = {None: True, "moving": thing.speed > MOVING, "still": thing.speed <= STILL,
               "left": thing.velocity[0] < -MOVING, "right": thing.velocity[0] > MOVING}
    return ((description.noun is None or description.noun.names(thing.kind))
            and description.color in (None, thing.color) and description.not_color != thing.color and motions[description.motion]
            and (description.sound is None or thing.sound == description.sound or (description.sound == "any" and thing.sound is not None)))


def relate(meaning: Meaning, relation: Relation, scene: Scene) -> None:
    """Keeps what lies so to the anchor."""
    anchor = execute(relation.anchor, scene)
    meaning.anchors = anchor.fits
    meaning.near_tie |= anchor.near_tie
    if anchor.outcome != "one":
        meaning.fits, meaning.several = [], anchor.outcome == "several" and bool(meaning.head)
        return
    near = [(thing, lies(thing, anchor.fits[0], relation.name, scene.aspect)) for thing in meaning.fits if thing is not anchor.fits[0]]
    if relation.name == "nearest":
        near.sort(key=lambda pair: -pair[1])
        meaning.near_tie |= len(near) > 1 and near[0][1] - near[1][1] < PLACE_MARGIN
        meaning.fits = [near[0][0]] if near else []
        return
    meaning.near_tie |= any(abs(value) < 1 for _, value in near)
    meaning.fits = [thing for thing, value in near if (value > 0) != relation.negated]


def lies(thing: Thing, anchor: Thing, relation: str, aspect: float) -> float:
    """How clearly a relation holds: above 1 it does, below -1 it does not; of "nearest" the distance, negative."""
    dx, dy = anchor.cx - thing.cx, anchor.cy - thing.cy
    if relation in ("left", "right"):
        return (dx if relation == "left" else -dx) / PLACE_MARGIN
    if relation in ("above", "below"):
        return (dy if relation == "above" else -dy) / PLACE_MARGIN
    if relation in ("behind", "front"):
        nearer = thing.bottom - anchor.bottom
        return (nearer if relation == "front" else -nearer) / DEPTH_MARGIN
    if relation == "nearest":
        return -math.hypot(dx, dy * aspect)
    if relation == "beside":
        gap_x = max(0.0, abs(dx) - (thing.w + anchor.w) / 2)
        gap_y = max(0.0, abs(dy) - (thing.h + anchor.h) / 2) * aspect
        size = (max(thing.w, thing.h * aspect) + max(anchor.w, anchor.h * aspect)) / 2
        return (1 - math.hypot(gap_x, gap_y) / max(1.5 * size, 0.06)) * 4
    sideways = max(0.0, min(thing.cx + thing.w / 2, anchor.cx + anchor.w / 2) - max(thing.cx - thing.w / 2, anchor.cx - anchor.w / 2))
    over = sideways / min(thing.w, anchor.w)
    if relation == "under":
        return min((over - 0.35) * 8, (thing.cy - anchor.cy) / PLACE_MARGIN)
    scale = max(anchor.h, 0.5 * thing.h)  # on
    rests = min((thing.bottom - anchor.top) / scale + 0.12, (anchor.bottom - thing.bottom) / scale + 0.04, (anchor.cy - thing.top) / scale + 0.05)
    return min((over - 0.5) * 8, rests * 12)


def order(meaning: Meaning, scale: str, rank: int) -> None:
    """Keeps the one of this rank."""
    margin = SIZE_MARGIN if scale in ("large", "small") else DEPTH_MARGIN if scale in ("near", "far") else PLACE_MARGIN
    ranked = sorted(meaning.fits, key=lambda thing: place(thing, scale))
    if len(ranked) <= rank:
        meaning.fits = []
        return
    at = [place(thing, scale) for thing in ranked]
    meaning.near_tie |= (rank + 1 < len(at) and at[rank + 1] - at[rank] < margin) or (rank > 0 and at[rank] - at[rank - 1] < margin)
    meaning.fits = [ranked[rank]]


def place(thing: Thing, scale: str) -> float:
    """Where a thing stands on a scale; the first has the least."""
    return {"left": thing.cx, "right": -thing.cx, "top": thing.cy, "bottom": -thing.cy, "large": -math.log(thing.area),
            "small": math.log(thing.area), "near": -thing.bottom, "far": thing.bottom}[scale]


RELATIONS = ["left", "right", "above", "below", "behind", "front", "nearest", "beside", "on", "under"]
NEGATABLE = ["left", "right", "above", "below", "behind", "beside", "on"]
SCALES = ["left", "right", "large", "small", "near", "far", "top", "bottom"]
PHENOMENA = {"class": 1.0, "attribute": 1.3, "superlative": 1.3, "ordinal": 1.2,
             "relation": 8.0, "two_step": 5.0, "negation": 4.0, "sound": 2.4, "motion": 1.0}


class ProgramGenerator:
    """Draws descriptions of the things in a scene."""

    def __init__(self, random_: random.Random) -> None:
        self._random = random_

    def draw(self, scene: Scene, phenomenon: str | None = None) -> tuple[str, Description]:
        """A description that is likely to fit something, with the name of what it is about."""
        r = self._random
        phenomenon = phenomenon or r.choices(list(PHENOMENA), list(PHENOMENA.values()))[0]
        thing = r.choice(scene.things)
        if phenomenon == "sound":
            thing = r.choice([other for other in scene.things if other.sound] if r.random() < 0.85 and any(other.sound for other in scene.things) else scene.things)
        if phenomenon == "motion" and r.random() < 0.7:
            thing = max(scene.things, key=lambda other: other.speed * r.random())
        general = {"class": 0.06, "attribute": 0.25, "sound": 0.45, "motion": 0.35}.get(phenomenon, 0.2)
        description = self._simple(thing, general, color=0.9 if phenomenon == "attribute" else 0.0 if phenomenon == "class" else 0.22)
        return phenomenon, getattr(self, "_" + phenomenon, self._same)(description, thing, scene)

    def corrupt(self, description: Description, others: list[Kind]) -> Description:
        """The same about something that is probably not there."""
        r = self._random
        if description.color and r.random() < 0.55:
            return replace(description, color=r.choice(COLORS))
        if description.relation and r.random() < 0.3:
            return replace(description, relation=replace(description.relation, anchor=self.corrupt(description.relation.anchor, others)))
        kind = r.choice(others)
        return replace(description, noun=self.noun(kind))

    def noun(self, kind: Kind) -> Noun:
        """A word for a kind: its label, a synonym, something broader or narrower."""
        r = self._random
        draw = r.random()
        if draw < 0.3 and kind.synonyms:
            return Noun(r.choice(kind.synonyms), kind.label, lambda other: other.is_called(kind))
        if draw < 0.42 and kind.broader:
            word, above = r.choice(kind.broader)
            return Noun(word, kind.label, lambda other: above in other.above or other.label == kind.label)
        if draw < 0.5 and kind.narrower:
            return Noun(r.choice(kind.narrower), kind.label, lambda other: other.label == kind.label)
        return Noun(kind.label, kind.label, lambda other: other.is_called(kind))

    def _simple(self, thing: Thing, general: float, color: float) -> Description:
        r = self._random
        noun = None if r.random() < general else self.noun(thing.kind)
        return Description(noun, thing.color if r.random() < color else None)

    def _same(self, description: Description, thing: Thing, scene: Scene) -> Description:
        return description

    def _superlative(self, description: Description, thing: Thing, scene: Scene) -> Description:
        return replace(description, scale=self._random.choice(SCALES))

    def _ordinal(self, description: Description, thing: Thing, scene: Scene) -> Description:
        return replace(description, scale=self._random.choice(["left", "right"]), rank=self._random.choice([0, 1, 1, 1, 2, 2, 3]))

    def _relation(self, description: Description, thing: Thing, scene: Scene) -> Description:
        r = self._random
        anchor = r.choice(scene.things)
        names = [name for name in ("on", "under", "beside") if lies(thing, anchor, name, scene.aspect) > 1]
        name = r.choice(names) if names and r.random() < 0.5 else r.choice(RELATIONS)
        return replace(description, relation=Relation(name, self._simple(anchor, 0.0, 0.25)))

    def _two_step(self, description: Description, thing: Thing, scene: Scene) -> Description:
        r = self._random
        anchor = r.choice(scene.things)
        middle = self._simple(anchor, 0.0, 0.2)
        if r.random() < 0.4:
            middle = self._superlative(middle, anchor, scene)
        else:
            middle = self._relation(middle, anchor, scene)
        outer = self._relation(description, thing, scene)
        return replace(outer, relation=replace(outer.relation, anchor=middle))

    def _negation(self, description: Description, thing: Thing, scene: Scene) -> Description:
        r = self._random
        if r.random() < 0.5:
            return replace(description, color=None, not_color=r.choice([other.color for other in scene.things]))
        related = self._relation(description, thing, scene)
        return replace(related, relation=replace(related.relation, name=r.choice(NEGATABLE), negated=True))

    def _sound(self, description: Description, thing: Thing, scene: Scene) -> Description:
        r = self._random
        sound = thing.sound if thing.sound and r.random() < 0.65 else "any" if r.random() < 0.6 else r.choice(SOUNDS)
        return replace(description, sound=sound)

    def _motion(self, description: Description, thing: Thing, scene: Scene) -> Description:
        return replace(description, motion=self._random.choice(["moving", "moving", "still", "left", "right"]))


def is_held_out(description: Description | None) -> bool:
    """Whether it names a colour-noun pair that training never names."""
    if description is None:
        return False
    named = description.noun is not None and description.color is not None
    if named and any(zlib.crc32(f"{description.color} {word}".encode()) % 100 < HELD_OUT_PAIRS for word in {description.noun.word, description.noun.label}):
        return True
    return description.relation is not None and is_held_out(description.relation.anchor)
