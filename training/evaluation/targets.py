"""What is aimed at, what is reached, and by how much it is missed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .figures import Evaluation
from .metrics import Figure

COMBINED, NETWORK = "combined", "network"
RISK = 0.05  # the nominal risk of conformal sets, the default of configs


@dataclass(frozen=True)
class Target:
    """A goal with the figure of each method; unit is "%" for shares, "" for plain numbers, "points" for differences."""

    name: str
    goal: float
    at_least: bool
    unit: str
    figures: dict[str, Figure]
    judged: str = COMBINED

    @property
    def reached(self) -> Figure | None:
        """The figure that the goal is for; none where that method gave no answers."""
        figure = self.figures.get(self.judged)
        return None if figure is None or figure.count == 0 else figure

    @property
    def lack(self) -> float:
        """How much is missing to the goal; 0 or less when it is met."""
        value = self.reached.value
        return self.goal - value if self.at_least else value - self.goal

    @property
    def verdict(self) -> str:
        if self.reached is None:
            return "not measured"
        if self.lack <= 1e-9:
            return "met"
        missed = f"missed by {self.lack:.3f}" if not self.unit else f"missed by {100 * self.lack:.1f}"
        return missed + (" (goal within the interval)" if self.reached.low <= self.goal <= self.reached.high else "")


def targets_of(evaluation: Evaluation) -> list[Target]:
    """Every target of the held-out cases."""
    shares = [("exact, noisy tokens, of the ceiling", "iid_noisy", 0.95), ("exact, clean tokens", "iid_clean", 0.985),
              ("unseen synonyms", "unseen_synonyms", 0.80), ("unseen relation phrasings", "unseen_relations", 0.85),
              ("typos", "typos", 0.88), ("sound", "sound", 0.90), ("absent", "absent", 0.98)]
    targets = [at_least(name, goal, evaluation.of(suite), Evaluation.of_ceiling) for name, suite, goal in shares]
    targets.insert(3, at_least("unseen verbs, action and objects", 0.90, evaluation.of("unseen_verbs"), Evaluation.of_ceiling_with_action))
    targets += [at_least(f"pairs both right, {name}", 0.90, evaluation.of(suite), Evaluation.both_right)
                for name, suite in (("swapped words", "swapped_words"), ("mirrored scene", "mirrored_scene"))]
    targets.append(at_least("compositions held out, less those seen", 0.0, evaluation.of("compositional"), Evaluation.split_difference, "points"))
    noisy = evaluation.of("iid_noisy")
    targets += [
        Target("acts on a wrong object, of acts", 0.02, False, "%", each(noisy, Evaluation.wrong_acts)),
        at_least("coverage at that", 0.85, noisy, Evaluation.coverage),
        Target("expected calibration error", 0.02, False, "", each(noisy, Evaluation.calibration_error)),
        Target(f"conformal coverage, off from {100 * (1 - RISK):.0f}%", 0.01, False, "points",
               {method: off(figure, 1 - RISK) for method, figure in each(noisy, Evaluation.conformal_coverage).items() if figure.count}),
    ]
    return targets + gate_targets(evaluation)


def gate_targets(evaluation: Evaluation) -> list[Target]:
    """What the gates of the network must do; the combination stands beside it."""
    def of(figure: Callable[[Evaluation, str], Figure]) -> dict[str, Figure]:
        measured = {method: figure(evaluation, method) for method in (NETWORK, COMBINED) if method in evaluation.methods}
        return {method: value for method, value in measured.items() if value.count}

    cost = {method: off(figure, 0) for method, figure in of(Evaluation.corrupted_minus_absent).items()}
    return [
        Target("sound's gate falls when it is corrupted", 0.90, True, "%", of(Evaluation.gate_falls), NETWORK),
        Target("sound corrupted, off from sound absent", 0.02, False, "points", cost, NETWORK),
        Target("gate forced shut answers as absence does", 1.0, True, "%", of(Evaluation.shut_is_absent), NETWORK),
    ]


def at_least(name: str, goal: float, part: Evaluation, figure: Callable[[Evaluation, str], Figure], unit: str = "%") -> Target:
    return Target(name, goal, True, unit, each(part, figure))


def each(part: Evaluation, figure: Callable[[Evaluation, str], Figure]) -> dict[str, Figure]:
    """The figure of every method; none where there are no cases."""
    return {method: figure(part, method) for method in part.methods} if part.cases else {}


def off(figure: Figure, nominal: float) -> Figure:
    """How far a figure lies from where it should be, on either side."""
    ends = sorted(abs(end - nominal) for end in (figure.low, figure.high))
    low = 0.0 if figure.low <= nominal <= figure.high else ends[0]
    return Figure(abs(figure.value - nominal), low, ends[1], figure.count)
