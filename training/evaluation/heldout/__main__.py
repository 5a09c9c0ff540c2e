"""Writes the held-out cases: `python3 -m training.evaluation.heldout --seed 1 --out cases.jsonl`."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

from .suites import Suites


def main() -> None:
    parser = argparse.ArgumentParser(description="Writes the held-out cases, the same to the byte for the same seed.")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full number of cases")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    options.out.parent.mkdir(parents=True, exist_ok=True)
    counts, missed = Counter(), Counter()
    with options.out.open("w", encoding="utf-8") as file:
        for case in Suites(options.seed, options.scale).all():
            counts[case["phenomenon"]] += 1
            missed[case["phenomenon"]] += case["missed"]
            file.write(json.dumps(case, ensure_ascii=False, separators=(",", ":")) + "\n")
    for name, count in counts.items():
        print(f"{name:<20} {count:>5} cases, {100 * missed[name] / count:5.1f}% missed by the detector", file=sys.stderr)


if __name__ == "__main__":
    main()
