"""Figures from cases and answers: pure functions."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np

BINS = 15
RESAMPLES = 400


def is_exact(case: dict, answer: dict) -> bool:
    """Whether the outcome is right and, for an act, every object that the command names."""
    expect = case["expect"]
    outcome = answer.get("outcome", "error")
    if "outcome_in" in expect:
        return outcome in expect["outcome_in"]
    if outcome != expect["outcome"]:
        return False
    if outcome != "act":
        return True
    return (answer.get("target") == expect.get("target") and sorted(answer.get("avoid", [])) == sorted(expect.get("avoid", []))
            and answer.get("destination") == expect.get("destination"))


def is_wrong_act(case: dict, answer: dict) -> bool:
    """Whether it acts on an object that is not meant, or where nothing should be acted on."""
    return answer.get("outcome") == "act" and not is_exact(case, answer)


def truth(case: dict) -> str | None:
    """What a conformal set must hold; none where the case does not say."""
    expect = case["expect"]
    if "outcome" not in expect:
        return None
    return expect.get("target", expect.get("avoid", [None])[0]) if expect["outcome"] == "act" else {"absent": "absent", "clarify": "several"}.get(expect["outcome"])


def random_of_class(case: dict, seed: int) -> bool:
    """Whether a random detection of the target's class is right."""
    expect = case["expect"]
    if expect.get("outcome") != "act" or not expect.get("class"):
        return expect.get("outcome") == "absent" and not expect.get("class")
    return random.Random(f"{seed} {case['id']}").choice(expect["class"]) == expect.get("target")


def share(values: Sequence[float]) -> float:
    return float(np.mean(values)) if len(values) else float("nan")


def interval(cases: Sequence[dict], values: Sequence[Sequence[float]], seed: int = 1) -> tuple[float, float]:
    """A 95% bootstrap interval of the mean, scenes and training seeds drawn anew; values are one list for each seed."""
    scenes = defaultdict(list)
    for place, case in enumerate(cases):
        scenes[case["scene"]].append(place)
    groups = list(scenes.values())
    totals = np.array([[sum(run[place] for place in group) for group in groups] for run in values], float)
    sizes = np.array([len(group) for group in groups], float)
    draw = np.random.default_rng(seed)
    means = []
    for _ in range(RESAMPLES):
        runs, chosen = draw.integers(len(values), size=len(values)), draw.integers(len(groups), size=len(groups))
        means.append(totals[runs][:, chosen].sum() / (sizes[chosen].sum() * len(runs)))
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


def calibration_error(confidence: Sequence[float], right: Sequence[bool]) -> float:
    """Expected calibration error over bins of equal mass (Naeini et al. 2015; equal mass after Nixon et al. 2019)."""
    order = np.argsort(confidence, kind="stable")
    stated, true = np.asarray(confidence, float)[order], np.asarray(right, float)[order]
    return float(sum(abs(stated[part].sum() - true[part].sum()) for part in np.array_split(np.arange(len(order)), BINS)) / max(1, len(order)))


def reliability(confidence: Sequence[float], right: Sequence[bool]) -> list[tuple[float, float]]:
    """Stated and true probability of each bin of equal mass."""
    order = np.argsort(confidence, kind="stable")
    stated, true = np.asarray(confidence, float)[order], np.asarray(right, float)[order]
    return [(float(stated[part].mean()), float(true[part].mean())) for part in np.array_split(np.arange(len(order)), BINS) if len(part)]


def risk_coverage(confidence: Sequence[float], right: Sequence[bool]) -> list[tuple[float, float]]:
    """For each share of answers that are kept, the surest first, how many of them are wrong (El-Yaniv and Wiener 2010)."""
    order = np.argsort([-value for value in confidence], kind="stable")
    wrong = 1 - np.asarray(right, float)[order]
    kept = np.arange(1, len(order) + 1)
    return [(float(k / len(order)), float(w / k)) for k, w in zip(kept, np.cumsum(wrong))]


def pairs_right(cases: Sequence[dict], right: Sequence[bool]) -> list[bool]:
    """For each pair whether all of it is right."""
    together = defaultdict(list)
    for case, value in zip(cases, right):
        together[case["pair"]].append(value)
    return [all(values) for values in together.values()]


def gate(answer: dict, name: str = "sound") -> float | None:
    """How far a modality was let through; none when the answer does not say."""
    return next((modality["gate"] for modality in answer.get("modalities", []) if modality["name"] == name), None)


def by(cases: Sequence[dict], test: Callable[[dict], bool]) -> list[int]:
    """The places of the cases that pass a test."""
    return [place for place, case in enumerate(cases) if test(case)]
