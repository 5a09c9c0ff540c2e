"""Draws scenes: what stands before the camera, what the detector makes of it, and what the microphones hear."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field, replace

from .names import Kind, Names, invented

COLORS = ["red", "orange", "yellow", "green", "cyan", "blue", "purple", "pink", "brown", "black", "grey", "white"]
NEIGHBOURS = {
    "red": "orange pink brown", "orange": "red yellow brown", "yellow": "orange green", "green": "yellow cyan", "cyan": "green blue",
    "blue": "cyan purple black", "purple": "blue pink", "pink": "red purple white", "brown": "orange black red",
    "black": "grey brown", "grey": "black white", "white": "grey pink",
}
SOUNDS = ["beep", "alarm", "siren", "ring", "knock", "clap", "engine", "water", "glass", "music", "speech", "bark", "meow"]


@dataclass(eq=False)
class Thing:
    """An object, true or as detected. Places by the picture's width and height, velocity in picture widths a second."""

    kind: Kind
    label: str
    color: str
    cx: float
    cy: float
    w: float
    h: float
    velocity: tuple[float, float] = (0.0, 0.0)
    sound: str | None = None
    score: float = 1.0
    shares: list[float] = field(default_factory=list)
    source: "Thing | None" = None
    detection: "Thing | None" = None

    @property
    def bottom(self) -> float:
        return self.cy + self.h / 2

    @property
    def top(self) -> float:
        return self.cy - self.h / 2

    @property
    def area(self) -> float:
        return self.w * self.h

    @property
    def speed(self) -> float:
        return math.hypot(*self.velocity)


@dataclass
class Sound:
    """A sound: radians from straight ahead, left negative; none of either when not known."""

    label: str
    azimuth: float | None
    spread: float | None
    score: float


@dataclass
class Scene:
    """What is there, and what is told of it."""

    things: list[Thing]
    detections: list[Thing]
    sounds: list[Sound]
    aspect: float  # height over width
    field_of_view: float

    def azimuth(self, cx: float) -> float:
        """The direction of a picture column by the pinhole."""
        return math.atan((cx - 0.5) * 2 * math.tan(self.field_of_view / 2))


class SceneGenerator:
    """Draws scenes from one random source."""

    def __init__(self, names: Names, random_: random.Random) -> None:
        self._names = names
        self._random = random_

    def draw(self, most: int = 14, noise: float = 1.0) -> Scene:
        """A scene of up to so many objects; noise 0 is a perfect detector, 1 one like ours."""
        r = self._random
        aspect, fov = r.choice([0.5625, 0.5625, 0.75, 0.75, 1.0]), math.radians(r.uniform(50, 105))
        count = r.randint(1, most) if r.random() < 0.25 else r.randint(min(3, most), most)
        kinds = self._kinds(r.randint(1, min(6, count)))
        colors = r.sample(COLORS, r.randint(1, 4)) if r.random() < 0.6 else COLORS
        horizon, slope = r.uniform(0.1, 0.5), r.uniform(0.35, 0.75)
        things: list[Thing] = []
        for _ in range(count):
            things.append(self._thing(r.choice(kinds), r.choice(colors), things, horizon, slope, aspect))
        scene = Scene(things, [], [], aspect, fov)
        self._sound(scene, noise)
        scene.detections = Detector(self._names, r, noise).detect(scene)
        return scene

    def _kinds(self, count: int) -> list[tuple[Kind, str]]:
        """Kinds with the label that the detector gives them."""
        r = self._random
        kinds = []
        detector = r.random() < 0.6
        for _ in range(count):
            kind = r.choice(self._names.detector if detector or r.random() < 0.25 else self._names.others)
            label = kind.label
            if r.random() < 0.12:
                label = invented(r) + (" " + invented(r) if r.random() < 0.2 else "")
                kind = Kind(label, None, size=kind.size)
            elif r.random() < 0.06 and kind.synonyms:
                label = r.choice(kind.synonyms)  # an open-vocabulary detector has labels of its own
            if all(kind.label != other.label and not kind.is_called(other) and not other.is_called(kind) for other, _ in kinds) or r.random() < 0.3:
                kinds.append((kind, label))
        return kinds

    def _thing(self, named: tuple[Kind, str], color: str, others: list[Thing], horizon: float, slope: float, aspect: float) -> Thing:
        r = self._random
        kind, label = named
        depth = math.exp(r.uniform(0, 1.5))
        height = min(0.8, max(0.02, 1.1 * kind.size * r.uniform(0.75, 1.3) / depth))
        width = min(0.7, max(0.015, height * aspect * math.exp(r.gauss(0, 0.35))))
        bottom = min(1.0, horizon + slope / depth + r.gauss(0, 0.01))
        cx = r.uniform(0.04, 0.96)
        supporters = [other for other in others if other.w > 1.1 * width and other.h > 0.06]
        if supporters and r.random() < 0.22:  # stands on another one
            under = r.choice(supporters)
            cx = under.cx + r.uniform(-0.4, 0.4) * (under.w - 0.6 * width)
            bottom = under.top + r.uniform(0.05, 0.3) * min(under.h, 0.3)
        elif r.random() < 0.15:
            bottom -= r.uniform(0.08, 0.3)  # hangs or stands on what is not seen
        bottom = max(bottom, height * 0.7)
        velocity = (0.0, 0.0)
        if r.random() < 0.25:
            velocity = (r.choice([-1, 1]) * math.exp(r.uniform(-3.7, -1.3)), r.gauss(0, 0.01))
        return Thing(kind, label, color, cx, bottom - height / 2, width, height, velocity)

    def _sound(self, scene: Scene, noise: float) -> None:
        r = self._random
        for _ in range(r.choice([0, 1, 1, 2])):
            thing = r.choice(scene.things)
            if thing.sound is None:
                thing.sound = r.choice(SOUNDS)
                spread = math.radians(r.choice([3, 5, 8, 8, 12])) * (0.3 + 0.7 * noise)
                scene.sounds.append(Sound(thing.sound, scene.azimuth(thing.cx) + r.gauss(0, spread), spread if r.random() < 0.8 else None, r.uniform(0.35, 1)))
        if r.random() < 0.35:  # from out of sight
            side = r.choice([-1, 1])
            scene.sounds.append(Sound(r.choice(SOUNDS), side * r.uniform(scene.field_of_view / 2 + 0.25, math.pi), math.radians(8), r.uniform(0.2, 1)))
        r.shuffle(scene.sounds)


class Detector:
    """A detector with its faults: it misses, confuses, doubles, cuts and invents. Misses, doubles, edges and half of the
    scores are as CenterNet-MobileNetV3's on the real pictures of tune (training/evaluation/real/rates.py, model card)."""

    def __init__(self, names: Names, random_: random.Random, noise: float) -> None:
        self._names = names
        self._random = random_
        self._noise = noise

    def detect(self, scene: Scene) -> list[Thing]:
        r, noise = self._random, self._noise
        camera = (r.gauss(0, 0.01 * noise), r.gauss(0, 0.01 * noise))
        found = []
        for thing in scene.things:
            if r.random() < 0.08 * noise:
                continue
            seen = self._see(thing, camera)
            if r.random() < 0.04 * noise:
                self._confuse(seen)
            thing.detection = seen
            found.append(seen)
            if r.random() < 0.07 * noise:
                found.append(self._double(seen))
        if r.random() < 0.35 * noise:
            found.append(self._invent(scene))
        r.shuffle(found)
        return found

    def _see(self, thing: Thing, camera: tuple[float, float]) -> Thing:
        r, noise = self._random, self._noise
        aside, upright = 0.06 * noise, 0.035 * noise
        left = thing.cx - thing.w / 2 + r.gauss(0, aside) * thing.w
        right = thing.cx + thing.w / 2 + r.gauss(0, aside) * thing.w
        top, bottom = thing.top + r.gauss(0, upright) * thing.h, thing.bottom + r.gauss(0, upright) * thing.h
        if r.random() < 0.04 * noise:
            bottom -= r.uniform(0.1, 0.4) * thing.h  # its lower part is hidden
        left, right, top, bottom = max(0.0, left), min(1.0, right), max(0.0, top), min(1.0, bottom)
        right, bottom = max(right, left + 0.005), max(bottom, top + 0.005)
        velocity = tuple(v + r.gauss(0, 0.002 + 0.05 * abs(v)) * noise for v in thing.velocity)
        score = self._score() if noise else 0.95
        return replace(thing, cx=(left + right) / 2, cy=(top + bottom) / 2, w=right - left, h=bottom - top, velocity=velocity, score=score,
                       shares=self._shares(thing.color), source=thing, sound=None)

    def _score(self) -> float:
        """Of our detector, which is seldom sure, or of another one."""
        r = self._random
        return 0.3 + 0.7 * r.betavariate(2.1, 3.7) if r.random() < 0.5 else 0.15 + 0.84 * r.betavariate(3.0, 2.0)

    def _confuse(self, seen: Thing) -> None:
        r = self._random
        others = [kind for kind in self._names.detector if abs(math.log(kind.size / seen.kind.size)) < 0.7 and kind.label != seen.kind.label]
        seen.kind = r.choice(others or self._names.detector)
        seen.label = seen.kind.label
        seen.score = min(seen.score, r.uniform(0.2, 0.6))

    def _double(self, seen: Thing) -> Thing:
        r = self._random
        return replace(seen, cx=seen.cx + r.gauss(0, 0.05) * seen.w, w=seen.w * r.uniform(0.75, 1.1), h=seen.h * r.uniform(0.75, 1.1),
                       score=seen.score * r.uniform(0.4, 0.8), source=None)

    def _invent(self, scene: Scene) -> Thing:
        r = self._random
        like = r.choice(scene.things)
        kind, label = (like.kind, like.label) if r.random() < 0.5 else ((k := r.choice(self._names.detector)), k.label)
        w, h = r.uniform(0.02, 0.3), r.uniform(0.02, 0.3)
        return Thing(kind, label, "", r.uniform(0.05, 0.95), r.uniform(0.2, 0.85), w, h, score=r.uniform(0.15, 0.5), shares=self._shares(r.choice(COLORS)))

    def _shares(self, color: str) -> list[float]:
        """A colour's measured shares: some of it leaks to its neighbours, some is what stands behind."""
        r, noise = self._random, self._noise
        own = r.uniform(0.85 - 0.4 * noise, 0.95)
        leak = r.uniform(0, 0.42 * noise)
        shares = [0.0] * len(COLORS)
        shares[COLORS.index(color)] = own * (1 - leak)
        shares[COLORS.index(r.choice(NEIGHBOURS[color].split()))] += own * leak
        rest = [r.expovariate(1) ** 2 for _ in COLORS]
        total = sum(rest)
        return [share + (1 - own) * more / total for share, more in zip(shares, rest)]
