"""Figures from cases and answers: pure functions, each answer judged on its own, then means with intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

BINS = 15
RESAMPLES = 1000
RESAMPLES_OF_BINS = 200
SEED = 1


@dataclass(frozen=True)
class Figure:
    """A mean with its 95% interval, and how many cases of one run stand behind it; none of them where count is 0."""

    value: float
    low: float
    high: float
    count: int


# Judging one answer


def is_exact(case: dict, answer: dict) -> bool:
    """Whether the outcome is right and, for an act, every object that the command names."""
    expect, outcome = case["expect"], answer.get("outcome")
    if "outcome_in" in expect:
        return outcome in expect["outcome_in"]
    if outcome != expect["outcome"]:
        return False
    return outcome != "act" or objects_of(answer) == objects_of(expect)


def objects_of(referents: dict) -> tuple:
    """Target, destination and what to avoid, of an answer or an expectation."""
    return referents.get("target"), referents.get("destination"), sorted(referents.get("avoid", []))


def has_action(case: dict, answer: dict) -> bool:
    """Whether the action was understood, whatever became of the objects."""
    return answer.get("action") == case["expect"].get("action")


def acts(answer: dict) -> bool:
    return answer.get("outcome") == "act"


def acts_wrongly(case: dict, answer: dict) -> bool:
    """Whether it acts on an object that is not meant, or where nothing should be acted on."""
    return acts(answer) and not is_exact(case, answer)


def is_answerable(case: dict) -> bool:
    """Whether there is something to act on that the detector shows."""
    return case["expect"].get("outcome") == "act" and not case["missed"]


def truth(case: dict) -> str | None:
    """What a conformal set must hold: an id, "absent" or "several"; none where the case does not say."""
    expect = case["expect"]
    if expect.get("outcome") == "act":
        return expect.get("target") or next(iter(expect.get("avoid", [])), None)
    return {"absent": "absent", "clarify": "several"}.get(expect.get("outcome"))


def conformal_set(answer: dict) -> list[str] | None:
    """What the answer could not rule out; none where no set was asked for: answers by rules alone, and refusals."""
    return None if answer.get("method", "rules") == "rules" or answer["outcome"] == "refuse" else answer.get("plausible", [])


def gate(answer: dict, name: str) -> float | None:
    """How far the network let a modality through; none when it was not asked."""
    return next((modality["gate"] for modality in answer.get("modalities", []) if modality["name"] == name), None)


def same_answer(first: dict, second: dict, tolerance: float = 1e-4) -> bool:
    """Whether two answers agree in outcome, objects and, within the tolerance, every candidate's probability."""
    chances = [{one["id"]: one["probability"] for one in answer["candidates"]} for answer in (first, second)]
    return (first["outcome"] == second["outcome"] and objects_of(first) == objects_of(second)
            and chances[0].keys() == chances[1].keys()
            and all(abs(chance - chances[1][name]) <= tolerance for name, chance in chances[0].items()))


def overlap(a: Sequence[float], b: Sequence[float]) -> float:
    """Intersection over union of two boxes x, y, width, height."""
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    both = max(0.0, width) * max(0.0, height)
    return both / (a[2] * a[3] + b[2] * b[3] - both) if both > 0 else 0.0


# Means


def ratio(scenes: Sequence[str], parts: np.ndarray, wholes: np.ndarray | None = None) -> Figure:
    """The sum of parts over the sum of wholes, with a bootstrap interval that draws scenes and runs anew.

    parts and wholes are [runs, cases]; without wholes it is the mean of parts.
    """
    parts = np.atleast_2d(np.asarray(parts, float))
    wholes = np.ones_like(parts) if wholes is None else np.atleast_2d(np.asarray(wholes, float))
    if wholes.sum() == 0:
        return Figure(float("nan"), float("nan"), float("nan"), 0)
    clusters = clustered(scenes)
    part, whole = parts @ clusters, wholes @ clusters
    draw = np.random.default_rng(SEED)
    drawn_runs, drawn_scenes = (draw.multinomial(n, np.full(n, 1 / n), RESAMPLES) for n in part.shape)
    tops, bottoms = (((drawn_runs @ sums) * drawn_scenes).sum(1) for sums in (part, whole))
    low, high = np.quantile(tops[bottoms > 0] / bottoms[bottoms > 0], [0.025, 0.975])
    return Figure(float(parts.sum() / wholes.sum()), float(low), float(high), int(np.count_nonzero(wholes.any(0))))


def proportion(hits: int, count: int) -> Figure:
    """The share of hits among cases that each stand alone, with Wilson's interval, which tells something of no hits, too."""
    if count == 0:
        return Figure(float("nan"), float("nan"), float("nan"), 0)
    share, squared = hits / count, 1.959964**2
    middle = share + squared / (2 * count)
    reach = math.sqrt(squared * (share * (1 - share) / count + squared / (4 * count**2)))
    low, high = ((middle + side) / (1 + squared / count) for side in (-reach, reach))
    return Figure(share, max(0.0, low), min(1.0, high), count)


def clustered(scenes: Sequence[str]) -> np.ndarray:
    """[cases, scenes]: 1 where a case is of a scene."""
    names, place = np.unique(np.asarray(scenes), return_inverse=True)
    return np.eye(len(names))[place]


def calibration_error(confidence: np.ndarray, right: np.ndarray) -> float:
    """Expected calibration error of what is stated, over bins of equal mass (Naeini et al. 2015; Nixon et al. 2019)."""
    stated = np.isfinite(confidence)
    if not stated.any():
        return float("nan")
    confidence, right = confidence[stated], right[stated]
    return sum(len(bin) * abs(confidence[bin].mean() - right[bin].mean()) for bin in bins(confidence)) / len(confidence)


def reliability(confidence: np.ndarray, right: np.ndarray) -> list[tuple[float, float]]:
    """Stated and true probability of each bin of equal mass."""
    return [(float(confidence[bin].mean()), float(right[bin].mean())) for bin in bins(confidence)]


def bins(confidence: np.ndarray) -> list[np.ndarray]:
    """The places of the answers of each bin, the least confident first."""
    return [bin for bin in np.array_split(np.argsort(confidence, kind="stable"), BINS) if len(bin)]


def calibration_figure(scenes: Sequence[str], confidence: np.ndarray, right: np.ndarray) -> Figure:
    """The mean of the runs' calibration errors; confidence and right are [runs, cases].

    Bins of fewer different cases deviate more, so that resampling overstates the error: the interval is moved by that.
    """
    def mean(runs: Sequence[int], places: np.ndarray) -> float:
        return float(np.mean([calibration_error(confidence[run][places], right[run][places]) for run in runs]))

    value = mean(range(len(right)), np.arange(right.shape[1]))
    groups = [np.flatnonzero(column) for column in clustered(scenes).T]
    draw, drawn = np.random.default_rng(SEED), []
    for _ in range(RESAMPLES_OF_BINS):
        chosen = draw.integers(len(groups), size=len(groups))
        drawn.append(mean(draw.integers(len(right), size=len(right)), np.concatenate([groups[i] for i in chosen])))
    low, high = np.quantile(drawn, [0.025, 0.975]) - (np.mean(drawn) - value)
    return Figure(value, max(0.0, float(low)), float(high), right.shape[1])


def risk_coverage(confidence: np.ndarray, wrong: np.ndarray, answerable: np.ndarray, could: int) -> list[tuple[float, float]]:
    """Coverage and risk of the acts above each threshold on confidence, from the highest (El-Yaniv and Wiener 2010).

    Of the acts: confidence, whether wrong, whether the case was answerable; and how many cases were answerable at all.
    """
    order = np.argsort(-confidence, kind="stable")
    kept = np.arange(1, len(order) + 1)
    last = np.append(np.diff(confidence[order]) != 0, True)  # acts of one confidence stand or fall together
    curve = zip(np.cumsum(answerable[order]) / could, np.cumsum(wrong[order]) / kept)
    return [(float(coverage), float(risk)) for (coverage, risk), ends in zip(curve, last) if ends]
