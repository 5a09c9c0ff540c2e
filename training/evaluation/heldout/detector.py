"""A detector and microphones with their faults: the tokens that a robot gets of a true scene."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from .pools import COLOURS, class_of, classes
from .scene import Scene, Thing

_NEIGHBOURS = {"red": ("orange", "brown", "pink"), "orange": ("red", "yellow", "brown"), "yellow": ("orange", "green"),
               "green": ("cyan", "yellow"), "cyan": ("blue", "green"), "blue": ("cyan", "purple"),
               "purple": ("blue", "pink"), "pink": ("purple", "red", "white"), "brown": ("black", "orange", "red"),
               "black": ("grey", "brown"), "grey": ("black", "white"), "white": ("grey", "yellow")}


@dataclass
class Detections:
    """Tokens of a scene: JSON objects and sounds, and which detection shows which true thing."""

    objects: list[dict[str, Any]]
    sounds: list[dict[str, Any]]
    ids: dict[int, str]
    """From id(thing) to the id of its detection; a missed thing is not in it."""
    doubles: dict[str, list[str]]
    """Further detections of the same thing, by the id of its main one."""


def _shares(rng: Random, colour: str, noise: float) -> dict[str, float]:
    """Colour shares: the true colour leads by far without noise, and leaks into its neighbours with it."""
    main = rng.uniform(0.6, 0.9) if noise == 0 else min(max(rng.gauss(0.68, 0.13 * noise), 0.3), 0.95)
    others = rng.sample([c for c in COLOURS if c != colour], 2)
    parts = {c: rng.random() * (2.5 if c in _NEIGHBOURS[colour] else 0.6)
             for c in COLOURS if c in _NEIGHBOURS[colour] or c in others}
    total = sum(parts.values())
    shares = {colour: main} | {c: (1 - main) * p / total for c, p in parts.items()}
    return {c: round(shares[c], 3) for c in COLOURS if shares.get(c, 0) >= 0.02}


def _box(rng: Random, scene: Scene, t: Thing, jitter: float) -> dict[str, float]:
    """The box, each edge moved by some share of its size, cut at the picture's border."""
    x0 = min(max(t.x + rng.gauss(0, jitter) * t.width, 0.0), scene.width - 2.0)
    y0 = min(max(t.y + rng.gauss(0, jitter) * t.height, 0.0), scene.height - 2.0)
    x1 = min(max(t.x + t.width * (1 + rng.gauss(0, jitter)), x0 + 2), float(scene.width))
    y1 = min(max(t.bottom + rng.gauss(0, jitter) * t.height, y0 + 2), float(scene.height))
    return {"x": round(x0, 1), "y": round(y0, 1), "width": round(x1 - x0, 1), "height": round(y1 - y0, 1)}


def _sibling(rng: Random, label: str) -> str:
    """Another label of the same kind."""
    own = class_of(label)
    others = [c.label for c in classes().values() if c.kind == own.kind and c.group != own.group]
    return rng.choice(others) if others else label


def _detection(rng: Random, scene: Scene, t: Thing, noise: float) -> dict[str, Any]:
    confused = rng.random() < 0.03 * noise
    score = rng.uniform(0.3, 0.5) if confused else rng.uniform(0.8, 0.97) - noise * abs(rng.gauss(0, 0.14))
    return {"id": "", "label": _sibling(rng, t.label) if confused else t.label, "score": round(max(score, 0.3), 3),
            "box": _box(rng, scene, t, 0.025 * noise), "colors": _shares(rng, t.colour, noise),
            "velocity": {"x": round(t.vx + rng.gauss(0, 0.0035 * noise) * scene.width, 1),
                         "y": round(t.vy + rng.gauss(0, 0.0035 * noise) * scene.width, 1)}}


def _double(rng: Random, found: dict[str, Any]) -> dict[str, Any]:
    """A second detection of a part of the same thing, as survives suppression."""
    box, share = found["box"], rng.uniform(0.3, 0.4)
    part = {"x": round(box["x"] + box["width"] * rng.uniform(0, 0.4), 1), "y": box["y"],
            "width": round(box["width"] * 0.6, 1), "height": round(box["height"] * share / 0.6, 1)}
    return found | {"box": part, "score": round(rng.uniform(0.3, 0.45), 3)}


def _false_alarm(rng: Random, scene: Scene) -> dict[str, Any]:
    """Something that is not there: mostly of a class of this scene, with a low score."""
    label = rng.choice([t.label for t in scene.things] + list(rng.sample(sorted(classes()), 2)))
    w, h = rng.uniform(0.02, 0.15) * scene.width, rng.uniform(0.03, 0.2) * scene.height
    ghost = Thing(label, rng.choice(COLOURS), rng.uniform(0, scene.width - w), rng.uniform(0, scene.height - h), w, h, 1, (1, 1))
    return _detection(rng, scene, ghost, 1) | {"label": label, "score": round(rng.uniform(0.3, 0.42), 3)}


def _sounds(rng: Random, scene: Scene, noise: float) -> list[dict[str, Any]]:
    heard = []
    for s in scene.sounds:
        # beyond 0.9 std the nearest neighbour at 2 std could fit better than the true source
        error = max(-0.9, min(0.9, rng.gauss(0, 0.6))) * s.spread if noise else 0.0
        heard.append({"label": s.label, "score": round(rng.uniform(0.6, 0.97), 3),
                      "azimuthDeg": round(s.azimuth + error, 1), "azimuthStdDeg": round(s.spread, 1)})
    return heard


def detect(rng: Random, scene: Scene, noise: float) -> Detections:
    """What a detector makes of the scene. Noise 0 has no fault at all, 1 is usual, above is a blurred picture."""
    found: list[tuple[Thing | None, dict[str, Any]]] = []
    twice: list[tuple[dict[str, Any], dict[str, Any]]] = []
    for thing in scene.things:
        if rng.random() < 0.05 * noise:
            continue
        detection = _detection(rng, scene, thing, noise)
        found.append((thing, detection))
        if rng.random() < 0.02 * noise:
            twice.append((detection, _double(rng, detection)))
            found.append((None, twice[-1][1]))
    if rng.random() < 0.3 * noise:
        found.append((None, _false_alarm(rng, scene)))
    rng.shuffle(found)
    for number, (_, detection) in enumerate(found, 1):
        detection["id"] = f"o{number}"
    doubles: dict[str, list[str]] = {}
    for main, second in twice:
        doubles.setdefault(main["id"], []).append(second["id"])
    return Detections([d for _, d in found], _sounds(rng, scene, noise),
                      {id(t): d["id"] for t, d in found if t is not None}, doubles)
