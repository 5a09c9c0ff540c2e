"""The held-out world: scenes on a floor before a pinhole camera, and a detector with faults.

Written apart from training/grounding: nothing is imported from there, so that a mistake in the one is not repeated in the
other. Lengths are metres, pixels are those of the picture.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field

COLORS = ["red", "orange", "yellow", "green", "cyan", "blue", "purple", "pink", "brown", "black", "grey", "white"]
NEXT_TO = {"red": ["orange", "pink"], "orange": ["red", "yellow", "brown"], "yellow": ["orange"], "green": ["cyan", "yellow"], "cyan": ["blue", "green"],
           "blue": ["cyan", "purple"], "purple": ["blue", "pink"], "pink": ["purple", "red"], "brown": ["orange", "black"], "black": ["grey", "brown"],
           "grey": ["white", "black"], "white": ["grey"]}
# Height and width in metres.
THINGS = {
    "person": (1.7, 0.5), "bicycle": (1.0, 1.6), "car": (1.5, 3.5), "motorcycle": (1.1, 1.9), "bus": (3.0, 6.0), "truck": (2.8, 5.0), "bench": (0.9, 1.6),
    "cat": (0.3, 0.45), "dog": (0.6, 0.8), "horse": (1.7, 2.2), "sheep": (0.9, 1.1), "cow": (1.5, 2.2), "backpack": (0.5, 0.35), "umbrella": (0.8, 0.9),
    "handbag": (0.3, 0.35), "suitcase": (0.65, 0.45), "sports ball": (0.22, 0.22), "skateboard": (0.15, 0.8), "bottle": (0.28, 0.08), "wine glass": (0.2, 0.08),
    "cup": (0.1, 0.11), "fork": (0.03, 0.2), "knife": (0.03, 0.22), "bowl": (0.09, 0.18), "banana": (0.06, 0.19), "apple": (0.08, 0.08), "orange": (0.08, 0.08),
    "pizza": (0.05, 0.35), "cake": (0.14, 0.26), "chair": (0.95, 0.5), "couch": (0.85, 2.0), "potted plant": (0.7, 0.45), "bed": (0.6, 2.0), "dining table": (0.75, 1.5),
    "tv": (0.6, 1.0), "laptop": (0.25, 0.35), "remote": (0.04, 0.17), "keyboard": (0.04, 0.45), "cell phone": (0.15, 0.08), "microwave": (0.3, 0.5),
    "refrigerator": (1.7, 0.7), "book": (0.24, 0.17), "clock": (0.3, 0.3), "vase": (0.35, 0.15), "teddy bear": (0.4, 0.3), "truck tyre": (0.8, 0.8),
}
UNLISTED = {"lantern": (0.3, 0.18), "stapler": (0.06, 0.16), "watering can": (0.3, 0.4), "toolbox": (0.25, 0.45), "guitar": (1.0, 0.38), "bucket": (0.3, 0.28),
            "ladder": (2.0, 0.5), "drone": (0.12, 0.4), "helmet": (0.25, 0.28), "globe": (0.4, 0.3), "wheelbarrow": (0.6, 1.3), "candle": (0.2, 0.07),
            "dax": (0.3, 0.3), "blicket": (0.2, 0.25), "zorp": (0.5, 0.4), "fep": (0.15, 0.2)}
SOUNDS = ["beep", "alarm", "ring", "knock", "engine", "water", "music", "speech", "bark", "meow"]


@dataclass(eq=False)
class Body:
    """One true object with its box in the picture."""

    noun: str
    color: str
    x: float
    y: float
    width: float
    height: float
    vx: float = 0.0
    vy: float = 0.0
    sound: str | None = None
    seen: dict | None = None

    @property
    def cx(self) -> float:
        return self.x + self.width / 2

    @property
    def cy(self) -> float:
        return self.y + self.height / 2

    @property
    def foot(self) -> float:
        return self.y + self.height


@dataclass
class World:
    """A true scene and what is told of it."""

    width: int
    height: int
    hfov: float
    bodies: list[Body]
    objects: list[dict] = field(default_factory=list)
    sounds: list[dict] = field(default_factory=list)

    def azimuth(self, x: float) -> float:
        return math.degrees(math.atan((x / self.width - 0.5) * 2 * math.tan(math.radians(self.hfov / 2))))


def draw_world(r: random.Random, noisy: bool, things: dict | None = None) -> World:
    """A scene of 1 to 18 objects of a few nouns and colours, with its detections and sounds."""
    things = things or THINGS
    width, height = r.choice([(1280, 720), (640, 480), (1920, 1080), (800, 600)])
    world = World(width, height, r.uniform(55, 100), [])
    palette = r.sample(COLORS, r.choice([2, 3, 3, 4, 6, 12]))
    nouns = r.sample(sorted(things), r.choice([1, 2, 2, 3, 3, 4, 5]))
    scale = r.choice([0.35, 0.6, 1.0, 1.6]) / max(0.15, max(things[noun][0] for noun in nouns)) ** 0.8
    for _ in range(r.choice([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 18])):
        place(r, world, r.choice(nouns), r.choice(palette), things, scale)
    make_sounds(r, world, noisy)
    detect(r, world, noisy, things)
    return world


def place(r: random.Random, world: World, noun: str, color: str, things: dict, scale: float) -> None:
    """Stands a body on the floor, or on one that is wide enough to carry it."""
    tall, wide = things[noun]
    focal = world.width / 2 / math.tan(math.radians(world.hfov / 2))
    distance = r.uniform(1.0, 5.0)
    h = min(world.height * 0.8, max(12.0, focal * tall * scale * r.uniform(0.85, 1.15) / distance * 0.6))
    w = min(world.width * 0.6, max(12.0, h * wide / tall * r.uniform(0.8, 1.2)))
    h = max(h, w * 0.15)
    foot = min(world.height - 1.0, world.height * (0.3 + 0.75 / distance))
    x = r.uniform(0, max(1.0, world.width - w))
    carriers = [body for body in world.bodies if body.width > 1.3 * w and body.height > 30]
    if carriers and r.random() < 0.25:
        carrier = r.choice(carriers)
        x = carrier.x + r.uniform(0.05, 0.95) * (carrier.width - w)
        foot = carrier.y + r.uniform(0.03, 0.2) * min(carrier.height, h)
    body = Body(noun, color, x, max(0.0, foot - h), w, h)
    body.height = max(10.0, foot - body.y)
    if r.random() < 0.22:
        body.vx = r.choice([-1, 1]) * r.uniform(0.03, 0.25) * world.width
    world.bodies.append(body)


def make_sounds(r: random.Random, world: World, noisy: bool) -> None:
    for body in r.sample(world.bodies, min(len(world.bodies), r.choice([0, 1, 1, 1, 2]))):
        body.sound = r.choice([sound for sound in SOUNDS if all(other.sound != sound for other in world.bodies)])
        spread = r.uniform(3, 9) if noisy else 2.0
        world.sounds.append({"label": body.sound, "score": round(r.uniform(0.4, 1), 3), "azimuthDeg": round(world.azimuth(body.cx) + r.gauss(0, spread) * 0.8, 2),
                             "azimuthStdDeg": round(spread, 2)})
    if r.random() < 0.3:
        label = r.choice([sound for sound in SOUNDS if all(other.sound != sound for other in world.bodies)])
        world.sounds.append({"label": label, "score": round(r.uniform(0.3, 0.9), 3), "azimuthDeg": round(r.choice([-1, 1]) * r.uniform(world.hfov / 2 + 20, 178), 2),
                             "azimuthStdDeg": 8.0})


def detect(r: random.Random, world: World, noisy: bool, things: dict) -> None:
    """What a detector tells: with noise it misses 5%, confuses 3%, doubles 2%, cuts 3%, and invents in a fifth of the scenes."""
    for body in world.bodies:
        if noisy and r.random() < 0.05:
            continue
        jitter = 0.045 if noisy else 0.0
        left, right = body.x + r.gauss(0, jitter) * body.width, body.x + body.width * (1 + r.gauss(0, jitter))
        top, bottom = body.y + r.gauss(0, jitter) * body.height, body.foot + r.gauss(0, jitter * 0.8) * body.height
        if noisy and r.random() < 0.03:
            bottom -= r.uniform(0.1, 0.35) * body.height
        label, score = body.noun, r.triangular(0.3, 0.98, 0.8) if noisy else 0.9
        if noisy and r.random() < 0.03:
            label, score = nearest_in_size(r, body.noun, things), r.uniform(0.3, 0.5)
        body.seen = described(r, world, label, score, (left, top, right, bottom), body.color, (body.vx, body.vy), noisy)
        if noisy and r.random() < 0.02:
            shrunk = (left + 0.1 * body.width, top + 0.05 * body.height, right - 0.05 * body.width, bottom)
            described(r, world, label, score * 0.5, shrunk, body.color, (body.vx, body.vy), noisy)
    if noisy and r.random() < 0.2:
        x, y, size = r.uniform(0, world.width * 0.8), r.uniform(world.height * 0.2, world.height * 0.7), r.uniform(0.05, 0.2) * world.height
        described(r, world, r.choice(sorted(things)), r.uniform(0.2, 0.42), (x, y, x + size, y + size), r.choice(COLORS), (0, 0), noisy)
    r.shuffle(world.objects)
    for number, item in enumerate(world.objects, 1):
        item["id"] = f"o{number}"


def nearest_in_size(r: random.Random, noun: str, things: dict) -> str:
    others = sorted((abs(math.log(things[other][0] / things[noun][0])), other) for other in things if other != noun)
    return r.choice([other for _, other in others[:6]])


def described(r: random.Random, world: World, label: str, score: float, corners, color: str, velocity, noisy: bool) -> dict:
    left, top, right, bottom = max(0.0, corners[0]), max(0.0, corners[1]), min(float(world.width), corners[2]), min(float(world.height), corners[3])
    item = {
        "id": "", "label": label, "score": round(score, 3),
        "box": {"x": round(left, 1), "y": round(top, 1), "width": round(max(2.0, right - left), 1), "height": round(max(2.0, bottom - top), 1)},
        "colors": shares(r, color, noisy),
        "velocity": {"x": round(velocity[0] + (r.gauss(0, 0.002) * world.width if noisy else 0), 2), "y": round(velocity[1] + (r.gauss(0, 0.002) * world.width if noisy else 0), 2)},
    }
    world.objects.append(item)
    return item


def shares(r: random.Random, color: str, noisy: bool) -> dict:
    own = r.uniform(0.48, 0.9) if noisy else 0.92
    leak = r.uniform(0, 0.35) * own if noisy else 0.0
    result = {color: own - leak}
    neighbour = r.choice(NEXT_TO[color])
    result[neighbour] = result.get(neighbour, 0) + leak
    left = 1 - own
    for _ in range(3):
        other, part = r.choice(COLORS), r.random() * left
        result[other] = result.get(other, 0) + part
        left -= part
    return {name: round(share, 3) for name, share in sorted(result.items()) if share >= 0.001}
