"""Real pictures: commands as people say them, boxes drawn by hand, the detector included."""

from __future__ import annotations

import hashlib
import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from . import answers
from .answers import ROOT, Method
from .figures import Evaluation
from .metrics import Figure, overlap, ratio

CASES = ROOT / "training" / "evaluation" / "real" / "cases.jsonl"
ENOUGH = 0.5  # intersection over union with the hand's box


@dataclass(frozen=True)
class Detector:
    """Who looks at the pictures: manifests in configs/models, the second one joined with the first."""

    name: str
    model: str
    second: str | None = None

    @property
    def options(self) -> tuple[str, ...]:
        """The program's options for it."""
        second = () if self.second is None else ("--second-model", str(answers.named(self.second)[0]))
        return ("--model", str(answers.named(self.model)[0]), *second)

    @property
    def files(self) -> list[Path]:
        """The files that it depends on."""
        return [*answers.named(self.model), *([] if self.second is None else answers.named(self.second))]


DEFAULT = Detector("NanoDet", "nanodet-coco")  # what comes with the program


def is_right(case: dict, answer: dict) -> bool:
    """Whether the outcome is right and, for an act, the target lies where the hand's box is."""
    expect, outcome = case["expect"], answer.get("outcome")
    if outcome != expect["outcome"] or outcome != "act" or "box" not in expect:
        return outcome == expect["outcome"]
    return any(candidate["id"] == answer.get("target") and overlap(corners(candidate["box"]), expect["box"]) >= ENOUGH
               for candidate in answer["candidates"])


def corners(box: dict) -> tuple[float, float, float, float]:
    return box["x"], box["y"], box["width"], box["height"]


def is_missed(case: dict, found: list[dict]) -> bool:
    """Whether the detector draws no box where the hand's is."""
    box = case["expect"].get("box")
    return box is not None and all(overlap(corners(thing["box"]), box) < ENOUGH for thing in found)


def detections(picture: Path, detector: Detector = DEFAULT) -> list[dict]:
    """What a detector finds, with label, score and box; kept by content."""
    digest = hashlib.sha256(picture.read_bytes())
    for file in [*sorted(answers.APP.glob("EdgePerception.*.dll")), *detector.files]:
        digest.update(file.read_bytes())
    kept = answers.FOLDER / "answers" / f"detections-{digest.hexdigest()[:16]}.json"
    if not kept.exists():
        done = subprocess.run([answers.PROGRAM, "detect", "--image", picture, *detector.options, "--json"], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise SystemExit(f"evaluate: {picture}: {done.stderr.strip()}")
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(done.stdout, encoding="utf-8")
    return json.loads(kept.read_text(encoding="utf-8"))["detections"]


def present(cases: list[dict]) -> list[dict]:
    """The cases whose picture is there; of the others it is said that they are left out."""
    missing = sorted({case["picture"] for case in cases if not (ROOT / case["picture"]).exists()})
    if missing:
        answers.say(f"{len(missing)} real pictures are not there and left out, the first is {missing[0]}")
    return [case for case in cases if case["picture"] not in missing]


def evaluate(methods: list[Method]) -> dict[str, dict] | None:
    """For tune and test the number of cases, the detector's ceiling and each method's figures; none without cases."""
    if not CASES.exists():
        answers.say(f"real pictures are left out: {CASES.relative_to(ROOT)} is not there")
        return None
    cases = present(answers.read_lines(CASES))
    runs = [(method.name, given) for method, given in answers.ask_all(to_ask(cases, "pictures.jsonl"), methods)]
    whole = Evaluation([case | {"phenomenon": case["split"]} for case in shown_to(DEFAULT, cases)], runs)
    return {split: of_split(whole.of(split)) for split in whole.phenomena}


def to_ask(cases: list[dict], name: str) -> Path:
    """The file of the cases for the program, which wants whole paths."""
    file = answers.FOLDER / name
    answers.write_lines(file, [case | {"picture": str(ROOT / case["picture"])} for case in cases])
    return file


def shown_to(detector: Detector, cases: list[dict]) -> list[dict]:
    """The cases with their picture as the scene, and whether the detector misses what is meant."""
    names = sorted({case["picture"] for case in cases})
    with ThreadPoolExecutor(answers.AT_ONCE) as pool:
        found = dict(zip(names, pool.map(lambda name: detections(ROOT / name, detector), names)))
    return [case | {"scene": case["picture"], "missed": is_missed(case, found[case["picture"]])} for case in cases]


def of_split(part: Evaluation) -> dict:
    return {"cases": len(part.cases), "pictures": len(set(part.scenes)), "ceiling": part.ceiling(),
            "methods": {method: {"right": part.share(method, is_right),
                                 "of_ceiling": part.share(method, is_right, lambda case, answer: not case["missed"]),
                                 "wrong_acts": wrong_acts(part, method)} for method in part.methods}}


def wrong_acts(part: Evaluation, method: str) -> Figure:
    acts = part.judged(method, lambda case, answer: answer.get("outcome") == "act")
    wrong = part.judged(method, lambda case, answer: answer.get("outcome") == "act" and not is_right(case, answer))
    return ratio(part.scenes, np.asarray(wrong), acts)
