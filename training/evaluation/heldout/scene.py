"""True scenes: objects on the ground or on furniture, seen by a pinhole camera."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from random import Random

from .pools import COLOURS, ObjectClass, class_of, classes

_PICTURES = ((1280, 720), (1920, 1080), (640, 360), (640, 480), (1024, 768), (1600, 1200))
# camera height, nearest and farthest depth, smallest and largest side of an object, in metres
_PLACES = {"tabletop": (0.5, 0.5, 2.0, 0.03, 0.5), "room": (1.2, 1.2, 6.0, 0.16, 2.1), "yard": (1.6, 3.0, 16.0, 0.3, 7.0)}
_NOISES = ("music", "engine", "knock", "siren", "water", "clap", "alarm")


@dataclass(eq=False)
class Thing:
    """One true object: its box in pixels within the picture, its depth in metres and the thing it stands on."""

    label: str
    colour: str
    x: float
    y: float
    width: float
    height: float
    depth: float
    size: tuple[float, float]
    support: "Thing | None" = None
    vx: float = 0.0
    vy: float = 0.0
    sound: str | None = None

    @property
    def cx(self) -> float:
        return self.x + self.width / 2

    @property
    def cy(self) -> float:
        return self.y + self.height / 2

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def area(self) -> float:
        return self.width * self.height


@dataclass
class Sound:
    """A true sound: where it comes from and how sharply its direction can be told, in degrees."""

    label: str
    azimuth: float
    spread: float
    source: Thing | None


@dataclass
class Scene:
    """What is really there. `width` and `height` in pixels, `hfov` in degrees."""

    width: int
    height: int
    hfov: float
    things: list[Thing] = field(default_factory=list)
    sounds: list[Sound] = field(default_factory=list)

    def azimuth(self, thing: Thing) -> float:
        """Degrees from straight ahead to the thing's centre column, negative to the left."""
        focal = self.width / 2 / math.tan(math.radians(self.hfov) / 2)
        return math.degrees(math.atan((thing.cx - self.width / 2) / focal))

    def speed(self, thing: Thing) -> float:
        """Picture widths a second."""
        return math.hypot(thing.vx, thing.vy) / self.width

    def mirrored(self) -> "Scene":
        """The same scene with left and right exchanged."""
        twins = [replace(t, x=self.width - t.x - t.width, vx=-t.vx) for t in self.things]
        twin_of = {id(t): twin for t, twin in zip(self.things, twins)}
        for twin in twins:
            twin.support = twin_of.get(id(twin.support))
        sounds = [replace(s, azimuth=-s.azimuth, source=twin_of.get(id(s.source))) for s in self.sounds]
        return Scene(self.width, self.height, self.hfov, twins, sounds)


class _Camera:
    """Projects points of the world (x right, y up, z ahead) into the picture."""

    def __init__(self, scene: Scene, height: float, pitch: float) -> None:
        self._scene, self.height = scene, height
        self._cos, self._sin = math.cos(pitch), math.sin(pitch)
        self.focal = scene.width / 2 / math.tan(math.radians(scene.hfov) / 2)

    def project(self, x: float, y: float, z: float) -> tuple[float, float]:
        down = y - self.height
        ahead = max(z * self._cos - down * self._sin, 0.05)
        up = down * self._cos + z * self._sin
        return self._scene.width / 2 + self.focal * x / ahead, self._scene.height / 2 - self.focal * up / ahead

    def box(self, x: float, base: float, z: float, size: tuple[float, float], back: float
            ) -> tuple[float, float, float, float] | None:
        """The visible part of an object's box, or None when less than 60% of it is visible or it is tiny or huge."""
        left, bottom = self.project(x - size[0] / 2, base, z)
        right, top = self.project(x + size[0] / 2, base + size[1], z)
        top = min(top, self.project(x, base + size[1], z + back)[1])
        whole = (right - left) * (bottom - top)
        w, h = self._scene.width, self._scene.height
        x0, y0, x1, y1 = max(left, 0.0), max(top, 0.0), min(right, float(w)), min(bottom, float(h))
        if x1 - x0 < 0.012 * w or y1 - y0 < 0.012 * h or (x1 - x0) * (y1 - y0) < 0.6 * whole:
            return None
        return None if (x1 - x0) * (y1 - y0) > 0.4 * w * h else (x0, y0, x1 - x0, y1 - y0)


def _covered(a: Thing, b: Thing) -> float:
    """Shared area over the smaller box's area."""
    wide = min(a.x + a.width, b.x + b.width) - max(a.x, b.x)
    high = min(a.bottom, b.bottom) - max(a.y, b.y)
    return max(wide, 0) * max(high, 0) / min(a.area, b.area)


def _contents(rng: Random, place: str, count: int, labels: list[str] | None) -> list[tuple[str, str]]:
    """Which objects: a few classes, mostly a few colours, so that there are distractors."""
    low, high = _PLACES[place][3:]
    fitting = [c for c in classes().values() if low <= max(c.width, c.height) <= high and c.label not in (labels or [])]
    chosen: list[ObjectClass] = [class_of(label) for label in labels or []]
    wanted = max(len(chosen), rng.choice((2, 3, 3, 4, 4, 5, 6)))
    while len(chosen) < wanted:
        new = rng.choice(fitting)
        if all(new.group != c.group for c in chosen):
            chosen.append(new)
    if place != "tabletop" and rng.random() < 0.6 and not any("support" in c.traits for c in chosen):
        supports = [c for c in fitting if "support" in c.traits and all(c.group != d.group for d in chosen)]
        if supports:
            chosen.append(rng.choice(supports))
    palette = rng.sample(COLOURS, rng.choice((2, 3, 3, 4)))
    weights = [1 / (1 + 0.5 * i) for i in range(len(chosen))]
    picked = chosen[:count] + rng.choices(chosen, weights, k=max(0, count - len(chosen)))
    return [(c.label, _colour(rng, c, palette)) for c in picked]


def _colour(rng: Random, of: ObjectClass, palette: list[str]) -> str:
    usual = [c for c in palette if c in of.colours]
    return rng.choice(usual) if usual and rng.random() < 0.9 else rng.choice(of.colours)


def _place_one(rng: Random, scene: Scene, camera: _Camera, place: str, label: str, colour: str) -> Thing | None:
    """Puts one object where it fits, on furniture if there is some; None when there is no room."""
    of = class_of(label)
    near, far = _PLACES[place][1:3]
    for attempt in range(40):
        factor = math.exp(rng.uniform(-0.35, 0.35))
        size = (of.width * factor, of.height * factor)
        supports = [t for t in scene.things if "support" in class_of(t.label).traits and t.support is None
                    and t.size[0] * 0.7 > size[0] and max(size) < 0.9 and t.label != label]
        back, base, support = (0.3 * size[0] if "support" in of.traits else 0.0), 0.0, None
        if supports and rng.random() < 0.55 and "mobile" not in of.traits:
            support = rng.choice(supports)
            seat = 0.5 if class_of(support.label).group in ("chair", "couch", "bench", "bed") else 1.0
            base = support.size[1] * seat
            z = support.depth + rng.uniform(0.02, 0.25) * support.size[0]
            middle = (support.cx - scene.width / 2) / camera.focal * z
            x = middle + rng.uniform(-0.35, 0.35) * support.size[0]
        else:
            low = max(near, 1.1 * max(size))
            z = low + (far - low) * rng.random() ** 1.5 if far > low else low + rng.random()
            x = rng.uniform(-0.95, 0.95) * z * scene.width / 2 / camera.focal
        box = camera.box(x, base, z, size, back)
        if box is None:
            continue
        thing = Thing(label, colour, *box, depth=z, size=size, support=support)
        if all(_covered(thing, t) < 0.35 or t is support for t in scene.things):
            return thing
    return None


def _move(rng: Random, scene: Scene, share: float) -> None:
    """Some things move at 3% to 25% of the picture's width a second; the others stand still."""
    for thing in scene.things:
        mobile = "mobile" in class_of(thing.label).traits
        if thing.support is None and rng.random() < share * (1.6 if mobile else 0.7):
            speed, course = scene.width * rng.uniform(0.03, 0.25), rng.choice((0.0, math.pi)) + rng.gauss(0, 0.3)
            thing.vx, thing.vy = speed * math.cos(course), speed * math.sin(course) * 0.4


def _sound(rng: Random, scene: Scene, count: int, elsewhere: bool) -> None:
    """Lets up to `count` things sound, each in its own way, and perhaps something out of sight."""
    able = [t for t in scene.things if class_of(t.label).sounds]
    rng.shuffle(able)
    for thing in able:
        free = [s for s in class_of(thing.label).sounds if all(s != other.label for other in scene.sounds)]
        if free and len(scene.sounds) < count:
            thing.sound = rng.choice(free)
            scene.sounds.append(Sound(thing.sound, scene.azimuth(thing), rng.uniform(3, 9), thing))
    free = [s for s in _NOISES if all(s != other.label for other in scene.sounds)]
    if elsewhere:
        side = rng.choice((-1, 1)) * rng.uniform(scene.hfov / 2 + 15, 170)
        scene.sounds.append(Sound(rng.choice(free), side, rng.uniform(4, 20), None))


def generate(rng: Random, count: int | None = None, labels: list[str] | None = None, moving: float = 0.2,
             sounding: int | None = None, exactly: list[tuple[str, str]] | None = None, place: str | None = None) -> Scene:
    """A scene of `count` objects at most. `labels` are among its classes; `exactly` names its objects in full."""
    width, height = rng.choice(_PICTURES)
    scene = Scene(width, height, round(rng.uniform(55, 100), 1))
    if place is None:
        side = max((max(class_of(n).width, class_of(n).height) for n in labels or [c[0] for c in exactly or []]), default=0)
        place = rng.choice([p for p in _PLACES if side == 0 or side <= _PLACES[p][4] * 0.95
                            and side >= _PLACES[p][3] * 0.5] or ["room"])
    camera = _Camera(scene, _PLACES[place][0] * rng.uniform(0.8, 1.2), math.radians(rng.uniform(8, 26)))
    count = count or rng.choice((1, 2, 3, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 10, 11, 12, 13, 15, 17, 20))
    contents = exactly if exactly is not None else _contents(rng, place, count, labels)
    for label, colour in sorted(contents, key=lambda c: "support" not in class_of(c[0]).traits):
        thing = _place_one(rng, scene, camera, place, label, colour)
        if thing:
            scene.things.append(thing)
    _move(rng, scene, moving)
    _sound(rng, scene, rng.choice((0, 0, 1, 2)) if sounding is None else sounding, rng.random() < 0.3)
    return scene
