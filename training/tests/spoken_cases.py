"""Spoken commands and answers in one scene, made up, in the shape of the contract."""

from __future__ import annotations

from training.evaluation.spoken_figures import UNDERSTAND

OBJECTS = [{"id": name} for name in ("c1", "c2", "d1", "t1")]


def case(expect: str = "c1", action: str | list[str] = "bring", **more) -> dict:
    return {"id": "x-1", "objects": OBJECTS, "command": "made up", "expect": expect, "action": action,
            "phenomenon": "plain", "group": "other", "set": UNDERSTAND} | more


def done(action: str, *targets: str, destination: str | None = None, **more) -> dict:
    """An act with a step for each target."""
    place = {} if destination is None else {"destination": destination}
    steps = [{"action": action, "target": target} | place for target in targets] or [{"action": action}]
    return {"id": "x-1", "outcome": "act", "action": action, "steps": steps, "avoid": [], "candidates": []} | more


def asked(action: str, *offers: str, chances: tuple[float, ...] = (0.6, 0.5, 0.4)) -> dict:
    candidates = [{"id": name, "probability": chance} for name, chance in zip(offers, chances)]
    return {"id": "x-1", "outcome": "clarify", "action": action, "steps": [], "avoid": [], "candidates": candidates}


def nothing(outcome: str, action: str = "none") -> dict:
    return {"id": "x-1", "outcome": outcome, "action": action, "steps": [], "avoid": [], "candidates": []}


def keeping(name: str, metres: float) -> dict:
    return {"constraints": [{"kind": "keep_distance", "object": name, "metres": metres}]}
