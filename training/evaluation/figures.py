"""Cases with the answers of every method, and the figures that are drawn from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from .cases import FORCED_SHUT, NAMED, NAMED_ABSENT, NAMED_CORRUPTED
from .metrics import (Figure, acts, acts_wrongly, calibration_figure, conformal_set, gate, has_action, is_answerable, is_exact,
                      ratio, risk_coverage, same_answer, truth)

Runs = list[list[dict]]
Judge = Callable[[dict, dict], float]


class Evaluation:
    """Cases with each method's answers: a run for each training seed, in the order of the cases."""

    def __init__(self, cases: list[dict], answers: Iterable[tuple[str, list[dict]]]) -> None:
        self.cases = cases
        self.runs: dict[str, Runs] = {}
        for name, run in answers:
            self.runs.setdefault(name, []).append(run)

    @property
    def methods(self) -> list[str]:
        return list(self.runs)

    @property
    def phenomena(self) -> list[str]:
        return list(dict.fromkeys(case["phenomenon"] for case in self.cases))

    def of(self, *phenomena: str, **equal: str) -> Evaluation:
        """The part with these phenomena, one after the other, and these values; it may be empty."""
        places = [place for phenomenon in phenomena for place, case in enumerate(self.cases)
                  if case["phenomenon"] == phenomenon and all(case.get(key) == value for key, value in equal.items())]
        part = Evaluation([self.cases[place] for place in places], [])
        part.runs = {name: [[run[place] for place in places] for run in runs] for name, runs in self.runs.items()}
        return part

    @property
    def scenes(self) -> list[str]:
        return [case["scene"] for case in self.cases]

    def judged(self, method: str, judge: Judge) -> np.ndarray:
        """[runs, cases] of what a judge says of case and answer."""
        return np.array([[judge(case, answer) for case, answer in zip(self.cases, run)] for run in self.runs[method]], float)

    def share(self, method: str, judge: Judge, among: Judge = lambda case, answer: True) -> Figure:
        """How often the judge says yes among the cases and answers that count."""
        counts = self.judged(method, among)
        return ratio(self.scenes, self.judged(method, judge) * counts, counts)

    # Of any cases

    def exact(self, method: str) -> Figure:
        return self.share(method, is_exact)

    def of_ceiling(self, method: str) -> Figure:
        """Exact answers where the detector shows what is meant: what is reached of the most that can be."""
        return self.share(method, is_exact, lambda case, answer: not case["missed"])

    def of_ceiling_with_action(self, method: str) -> Figure:
        return self.share(method, lambda case, answer: is_exact(case, answer) and has_action(case, answer),
                          lambda case, answer: not case["missed"])

    def action(self, method: str) -> Figure:
        return self.share(method, has_action, lambda case, answer: "action" in case["expect"])

    def ceiling(self) -> float:
        """The share of cases whose target the detector shows."""
        return 1 - float(np.mean([case["missed"] for case in self.cases]))

    # Of decisions

    def wrong_acts(self, method: str) -> Figure:
        return self.share(method, acts_wrongly, lambda case, answer: acts(answer))

    def coverage(self, method: str) -> Figure:
        """How many of the cases that can be acted on were."""
        return self.share(method, lambda case, answer: acts(answer), lambda case, answer: is_answerable(case))

    def confidence(self, method: str) -> tuple[np.ndarray, np.ndarray]:
        """Stated confidence, not a number where none is stated, and whether the answer was right, both [runs, cases]."""
        return self.judged(method, lambda case, answer: answer.get("confidence", np.nan)), self.judged(method, is_exact)

    def calibration_error(self, method: str) -> Figure:
        return calibration_figure(self.scenes, *self.confidence(method))

    def risk_coverage(self, method: str) -> list[tuple[float, float]]:
        """Coverage and share of wrong acts for each threshold on confidence, over all runs; acts without one pass any."""
        chosen = [(answer.get("confidence", 1.0), acts_wrongly(case, answer), is_answerable(case))
                  for run in self.runs[method] for case, answer in zip(self.cases, run) if acts(answer)]
        could = len(self.runs[method]) * sum(map(is_answerable, self.cases))
        return risk_coverage(*map(np.array, zip(*chosen)), could) if chosen and could else []

    def conformal_coverage(self, method: str) -> Figure:
        """How often the truth is in the conformal set, where there is one."""
        return self.share(method, lambda case, answer: truth(case) in (conformal_set(answer) or []), has_set)

    def set_size(self, method: str) -> Figure:
        return self.share(method, lambda case, answer: len(conformal_set(answer) or []), has_set)

    # Of pairs

    def pairs(self, method: str, both: Callable[[list[int], list[dict]], float]) -> Figure:
        """A figure over the pairs of cases: what is said of the places of a pair, and of a run's answers to all cases."""
        groups: dict[str, list[int]] = {}
        for place, case in enumerate(self.cases):
            groups.setdefault(case["pair"], []).append(place)
        whole = [places for places in groups.values() if len(places) > 1]
        said = np.array([[both(places, run) for places in whole] for run in self.runs[method]], float)
        counts = ~np.isnan(said)
        return ratio([self.cases[places[0]]["scene"] for places in whole], np.nan_to_num(said), counts)

    def both_right(self, method: str) -> Figure:
        return self.pairs(method, lambda places, run: all(is_exact(self.cases[place], run[place]) for place in places))

    def gate_falls(self, method: str) -> Figure:
        """How often the sound's gate is lower when the sounds that a command speaks of are others."""
        def falls(places: list[int], run: list[dict]) -> float:
            sound = gate(run[places[0]], "sound"), gate(run[places[1]], "sound")
            return float("nan") if None in sound else sound[1] < sound[0]
        return self.of(NAMED, NAMED_CORRUPTED).pairs(method, falls)

    def corrupted_minus_absent(self, method: str) -> Figure:
        """What it costs commands that speak of a sound to hear others, compared with hearing nothing."""
        part = self.of(NAMED_CORRUPTED, NAMED_ABSENT)
        return part.pairs(method, lambda places, run: difference(*(is_exact(part.cases[place], run[place]) for place in places)))

    def shut_is_absent(self, method: str) -> Figure:
        """How often a sound of quality 0 and no sound give the same answer."""
        part = self.of("sound_absent", FORCED_SHUT)
        return part.pairs(method, lambda places, run: same_answer(run[places[0]], run[places[1]]))

    def gates(self, method: str, phenomenon: str) -> list[float]:
        """The sound's gate in every answer of all runs."""
        values = (gate(answer, "sound") for run in self.of(phenomenon).runs[method] for answer in run)
        return [value for value in values if value is not None]

    def split_difference(self, method: str) -> Figure:
        """Exact answers on compositions held out of training, less those on compositions that it saw."""
        held, seen = (self.of("compositional", variant=variant) for variant in ("held_out", "seen"))
        if not held.cases or not seen.cases:
            return ratio([], np.zeros((1, 0)))
        return between(held.of_ceiling(method), seen.of_ceiling(method))


def has_set(case: dict, answer: dict) -> bool:
    return conformal_set(answer) is not None and truth(case) is not None


def difference(first: bool, second: bool) -> int:
    return int(first) - int(second)


def between(first: Figure, second: Figure) -> Figure:
    """The difference of two independent figures; the halves of their intervals add up as squares do."""
    value = first.value - second.value
    low = value - np.hypot(first.value - first.low, second.high - second.value)
    high = value + np.hypot(first.high - first.value, second.value - second.low)
    return Figure(value, float(low), float(high), min(first.count, second.count))
