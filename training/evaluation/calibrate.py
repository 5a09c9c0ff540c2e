"""Fits how rules and network are combined, on tune data alone: `python3 -m training.evaluation.calibrate`.

Maximum likelihood of a log-linear pool, the thresholds of a split conformal predictor on the other half of the scenes, and
the probability to act from. Writes models/grounding/calibration.yaml. No seed of the test is used.
"""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np

from .answers import ROOT, Method, ask
from .metrics import truth

TUNE_SEED, SCALE = 77, 0.5
DOUBT = 1e-3  # as in Combination.cs
RISKS = [0.01, 0.02, 0.05, 0.1, 0.15, 0.2]
WRONG_ACTS = 0.012
LEFT_OUT = {"vision_gone", "blurred", "out_of_vocabulary", "bad_input", "stop", "iid_clean", "no_colours", "no_velocity"}
FILE = ROOT / "models" / "grounding" / "calibration.yaml"


def tune_data(network: str = "grounding") -> list[dict]:
    """Opinions with the place of the truth among objects, absent, several."""
    cases = ROOT / "artifacts" / "evaluation" / "tune.jsonl"
    if not cases.exists():
        subprocess.run(["/usr/bin/python3", "-m", "training.evaluation.heldout", "--seed", str(TUNE_SEED), "--scale", str(SCALE), "--out", str(cases)], check=True, cwd=ROOT)
    data = []
    opinions = ask(cases, Method("tune-" + network, "combined", network), "--evidence")
    for case, opinion in zip(map(json.loads, cases.read_text(encoding="utf-8").splitlines()), opinions):
        right = truth(case)
        if "network" not in opinion or right is None or case["phenomenon"] in LEFT_OUT or case["expect"].get("action") == "avoid":
            continue
        names = [*opinion["objects"], "absent", "several"]
        data.append({"scene": case["scene"], "read": opinion["isRead"], "right": names.index(right),
                     "rules": vector(opinion["rules"]), "network": vector(opinion["network"])})
    return data


def vector(opinion: dict) -> np.ndarray:
    values = np.array([*opinion["objects"], opinion["absent"], opinion["several"]])
    return np.log(np.clip(values / max(values.sum(), 1e-9), 0, 1) + DOUBT)


def pool(sample: dict, weights: np.ndarray) -> np.ndarray:
    """The combined probabilities."""
    scores = weights[0] * sample["rules"] + weights[1] * sample["network"]
    scores[-2:] += weights[2:]
    scores -= scores.max()
    return np.exp(scores) / np.exp(scores).sum()


def log_loss(data: list[dict], weights: np.ndarray) -> float:
    return float(-np.mean([np.log(pool(sample, weights)[sample["right"]] + 1e-12) for sample in data]))


def fit(data: list[dict], free: list[bool]) -> np.ndarray:
    """Coordinate descent with shrinking steps: few parameters, a convex loss, no surprises."""
    weights, step = np.array([1.0 if free[0] else 0.0, 1.0, 0.0, 0.0]), 0.4
    best = log_loss(data, weights)
    while step > 0.01:
        moved = False
        for i in np.flatnonzero(free):
            for sign in (1, -1):
                tried = weights.copy()
                tried[i] += sign * step
                if i < 2 and tried[i] < 0:
                    continue
                if (value := log_loss(data, tried)) < best - 1e-6:
                    weights, best, moved = tried, value, True
        step *= 1 if moved else 0.5
    return weights


def conformal(data: list[dict], weigh) -> list[float]:
    """For each risk how far below one the truth's probability may lie, by the split conformal quantile."""
    lack = np.sort([1 - weigh(sample)[sample["right"]] for sample in data])
    return [float(lack[min(len(lack) - 1, int(np.ceil((len(lack) + 1) * (1 - risk))) - 1)]) for risk in RISKS]


def act_from(data: list[dict], weigh) -> float:
    """The least probability to act from, so that few acts are wrong."""
    acts = sorted(((p := weigh(sample))[:-2].max() if len(p) > 2 else 0, len(p) > 2 and int(np.argmax(p[:-2])) == sample["right"]) for sample in data)
    for least in np.arange(0.4, 0.96, 0.01):
        kept = [right for probability, right in acts if probability >= least]
        if kept and 1 - np.mean(kept) <= WRONG_ACTS:
            return round(float(least), 2)
    return 0.95


def line(weights: np.ndarray) -> str:
    return "{{ rules: {:.3f}, network: {:.3f}, absent: {:.3f}, several: {:.3f} }}".format(*weights)


def main() -> None:
    data = tune_data()
    scenes = sorted({sample["scene"] for sample in data})
    first = set(scenes[::2])
    fitting, holding = [sample for sample in data if sample["scene"] in first], [sample for sample in data if sample["scene"] not in first]
    read, unread = [sample for sample in fitting if sample["read"]], [sample for sample in fitting if not sample["read"]]
    combined, alone = fit(read, [True] * 4), fit(fitting, [False, True, True, True])
    strange = fit(unread, [False, True, True, True]) if len(unread) >= 50 else alone
    weigh = lambda sample: pool(sample, combined if sample["read"] else strange)
    thresholds = conformal(holding, weigh)
    FILE.write_text(f"""\
# How network and rules are combined: p ~ rules^rules * network^network * e^bias. Written by training/evaluation/calibrate.py
# from {len(data)} tune cases (seed {TUNE_SEED}), half of the scenes for the weights, half for the thresholds.
combined: {line(combined)}
unread: {line(strange)}
network: {line(alone)}
act: {act_from(holding, weigh)}
risks: [{', '.join(map(str, RISKS))}]
thresholds: [{', '.join(f'{value:.4f}' for value in np.minimum.accumulate(thresholds))}]
""", encoding="utf-8")
    print(f"{len(read)} read, {len(unread)} unread, {len(holding)} held; log loss of the pool {log_loss([s for s in holding if s['read']], combined):.3f}, of the network alone "
          f"{log_loss(holding, alone):.3f}, of the rules alone {log_loss([s for s in holding if s['read']], np.array([1.0, 0, 0, 0])):.3f}", file=sys.stderr)
    print(FILE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
