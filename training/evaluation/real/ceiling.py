"""What the detector allows: the share of act cases for which it draws a box where the hand's is.

Run from the root: python3 -m training.evaluation.real.ceiling [--missed]
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[3]
CASES = Path(__file__).with_name("cases.jsonl")
ENOUGH = 0.5  # intersection over union with the hand's box

Box = tuple[float, float, float, float]  # x, y, width, height in pixels


def overlap(a: Box, b: Box) -> float:
    """Intersection over union."""
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    return width * height / (a[2] * a[3] + b[2] * b[3] - width * height)


@cache
def detections(picture: str) -> list[Box]:
    """What the product's detector finds."""
    done = subprocess.run([ROOT / "edge-perception", "detect", "--image", ROOT / picture, "--json"],
                          stdout=subprocess.PIPE, text=True, check=True)
    return [(box["x"], box["y"], box["width"], box["height"])
            for box in (found["box"] for found in json.loads(done.stdout)["detections"])]


def is_found(case: dict) -> bool:
    """Whether a detection, of whatever class, lies where the hand's box is."""
    return any(overlap(found, case["expect"]["box"]) >= ENOUGH for found in detections(case["picture"]))


def main(show_missed: bool) -> None:
    found: dict[str, list[bool]] = defaultdict(list)
    for case in map(json.loads, CASES.read_text(encoding="utf-8").splitlines()):
        if case["expect"]["outcome"] != "act":
            continue
        hit = is_found(case)
        found[case["split"]].append(hit)
        if show_missed and not hit:
            print(f"missed {case['id']}: {case['command']}")
    for split, hits in sorted(found.items()):
        print(f"{split}: {sum(hits)} of {len(hits)} act cases, {sum(hits) / len(hits):.1%}")


if __name__ == "__main__":
    main("--missed" in sys.argv[1:])
