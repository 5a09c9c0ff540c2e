"""What the detector allows: the share of act cases for which it draws a box where the hand's is.

Run from the root: python3 -m training.evaluation.real.ceiling [--missed]
"""

from __future__ import annotations

import sys
from collections import defaultdict

from ..answers import ROOT, build, read_lines
from ..pictures import CASES, detections, is_missed


def main(show_missed: bool) -> None:
    build()
    found: dict[str, list[bool]] = defaultdict(list)
    for case in read_lines(CASES):
        if case["expect"]["outcome"] != "act":
            continue
        missed = is_missed(case, detections(ROOT / case["picture"]))
        found[case["split"]].append(not missed)
        if show_missed and missed:
            print(f"missed {case['id']}: {case['command']}")
    for split, hits in sorted(found.items()):
        print(f"{split}: {sum(hits)} of {len(hits)} act cases, {sum(hits) / len(hits):.1%}")


if __name__ == "__main__":
    main("--missed" in sys.argv[1:])
