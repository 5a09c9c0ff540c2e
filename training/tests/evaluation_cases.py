"""Cases and answers in the shape of the contract, small enough to reckon by hand."""

from __future__ import annotations


def case(number: int, phenomenon: str = "iid_noisy", target: str | None = "o1", **more) -> dict:
    """A case in a scene with two cups and a bottle; without a target nothing fits."""
    outcome = {"outcome": "absent"} if target is None else {"outcome": "act", "target": target}
    expect = more.pop("expect", outcome | {"action": "pick", "class": ["o1", "o2"] if target else []})
    box = {"x": 0, "y": 0, "width": 10, "height": 10}
    objects = [{"id": name, "label": label, "score": 0.9, "box": box} for name, label in (("o1", "cup"), ("o2", "cup"), ("o3", "bottle"))]
    return {"id": f"{phenomenon}-{number}", "image": {"width": 640, "height": 480}, "objects": objects, "sounds": [], "command": "pick up the cup",
            "scene": f"{phenomenon}-{number}", "phenomenon": phenomenon, "variant": "", "missed": False, "expect": expect} | more


def answer(outcome: str = "act", target: str | None = "o1", confidence: float = 0.9, **more) -> dict:
    """An answer as the product writes it."""
    given = {"id": "", "outcome": outcome, "action": "pick", "avoid": [], "confidence": confidence, "method": "combined", "plausible": [], "modalities": [],
             "candidates": [{"id": name, "label": "cup", "probability": 0.5, "box": {"x": 0, "y": 0, "width": 10, "height": 10}} for name in ("o1", "o2")]}
    return given | ({"target": target} if target and outcome == "act" else {}) | more


def with_gate(value: float, **more) -> dict:
    return answer(modalities=[{"name": "words", "quality": 1, "gate": 1}, {"name": "sound", "quality": 1, "gate": value}], **more)
