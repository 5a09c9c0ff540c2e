"""How our detector errs on the real pictures of tune: what the training generator's detector is fitted to.

Run from the root: python3 -m training.evaluation.real.rates
"""

from __future__ import annotations

import numpy as np

from ..answers import ROOT, build, read_lines
from ..metrics import overlap
from ..pictures import CASES, ENOUGH, corners, detections


def main() -> None:
    build()
    meant = sorted({(case["picture"], tuple(case["expect"]["box"])) for case in read_lines(CASES) if case["split"] == "tune" and "box" in case["expect"]})
    edges, scores, doubles = [], [], 0
    for picture, box in meant:
        found = detections(ROOT / picture)
        here = sorted((thing for thing in found if overlap(corners(thing["box"]), box) >= ENOUGH), key=lambda thing: -overlap(corners(thing["box"]), box))
        doubles += len(here) > 1
        if here:
            x, y, width, height = corners(here[0]["box"])
            scores.append(here[0]["score"])
            edges.append([(x - box[0]) / box[2], (x + width - box[0] - box[2]) / box[2], (y - box[1]) / box[3], (y + height - box[1] - box[3]) / box[3]])
    print(f"{len(meant)} objects: {1 - len(scores) / len(meant):.1%} missed, {doubles / len(scores):.1%} of the others found twice")
    deviations = " ".join(f"{name} {value:.3f}" for name, value in zip(("left", "right", "top", "bottom"), np.std(edges, 0)))
    print(f"edges, standard deviation as a share of width or height: {deviations}")
    print("scores, 5% 25% 50% 75% 95%: " + " ".join(f"{value:.2f}" for value in np.percentile(scores, [5, 25, 50, 75, 95])))


if __name__ == "__main__":
    main()
