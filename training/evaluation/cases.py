"""The cases that are put to the product: held-out ones, and what is derived from them."""

from __future__ import annotations

import copy
import random
import subprocess
import sys
from pathlib import Path

from .answers import ROOT, read_lines, write_lines
from .heldout.modalities import scrambled
from .seen import apart

TEST_SEED = 20261126
FORCED_SHUT = "sound_forced_shut"
NAMED = "sound"  # the suite whose commands tell their target by what it sounds like
NAMED_CORRUPTED, NAMED_ABSENT = "named_sound_corrupted", "named_sound_absent"


def generate(file: Path, seed: int, scale: float) -> list[dict]:
    """Writes the held-out cases of a seed and gives them back; the same for the same seed and scale."""
    file.parent.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-B", "-m", "training.evaluation.heldout", "--seed", str(seed), "--scale", str(scale), "--out", str(file)],
        cwd=ROOT, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"evaluate: the held-out cases could not be generated: {done.stderr.strip()}")
    return [{"missed": False} | case for case in read_lines(file)]


def test_cases(file: Path, scale: float) -> list[dict]:
    """The cases of the test: held-out ones, words that training has told apart, and the ones whose sound counts for nothing."""
    cases = apart(generate(file, TEST_SEED, scale))
    cases += [*forced_shut(cases), *unheard(cases)]
    write_lines(file, cases)
    return cases


def forced_shut(cases: list[dict]) -> list[dict]:
    """The commands of audio_gate with a sound of quality 0: their answers must be those of sound_absent."""
    absent = {case["pair"]: case for case in cases if case["phenomenon"] == "sound_absent"}
    made = []
    for case in cases:
        if case["phenomenon"] == "audio_gate" and case["pair"] in absent:
            made.append(copy.deepcopy(case) | {
                "id": f"{FORCED_SHUT}-{case['id']}", "phenomenon": FORCED_SHUT, "expect": absent[case["pair"]]["expect"],
                "quality": case.get("quality", {}) | {"sound": 0}})
    return made


def unheard(cases: list[dict]) -> list[dict]:
    """The commands that need a sound, of several objects with the same label, with other sounds and with none: to be asked about.

    Each is the pair of the command as it was, which is marked so.
    """
    made = []
    for case in cases:
        if case["phenomenon"] != NAMED:
            continue
        case["pair"] = case["id"]
        if len(like(case, case["expect"].get("target"))) > 1:
            wrong = scrambled(random.Random(case["id"]), case["sounds"])
            made += [copy.deepcopy(case) | {"id": f"{name}-{case['id']}", "phenomenon": name, "sounds": sounds, "expect": {"outcome_in": ["clarify", "absent"]}}
                     for name, sounds in ((NAMED_CORRUPTED, wrong), (NAMED_ABSENT, []))]
    return made


def random_of_class(cases: list[dict], seed: int) -> list[dict]:
    """Answers of one who knows action, class and all but the target, and takes any detection of the target's class."""
    return [guess(case, random.Random(f"{seed} {case['id']}")) for case in cases]


def guess(case: dict, r: random.Random) -> dict:
    expect = case["expect"]
    known = expect.get("class") or like(case, expect.get("target"))
    answer = {"id": case["id"], "action": expect.get("action"), "avoid": expect.get("avoid", [])}
    if not known:
        return answer | {"outcome": "absent", "confidence": 1.0}
    chosen = r.choice(known)
    role = {"avoid": [chosen]} if expect.get("action") == "avoid" else {"target": chosen}
    if "destination" in expect:
        role["destination"] = expect["destination"]
    return answer | role | {"outcome": "act", "confidence": 1 / len(known)}


def like(case: dict, target: str | None) -> list[str]:
    """The detections that have the target's label."""
    labels = {item["id"]: item["label"] for item in case["objects"]}
    return [name for name, label in labels.items() if label == labels.get(target)]
