"""Fits how the opinions of rules and network are combined: `python3 -m training.evaluation.calibrate`.

On tune data alone, of which half of the scenes give the weights of a log-linear pool by maximum likelihood, and the other
half the thresholds of a split conformal predictor (Vovk et al. 2005) and the probability to act from. Writes
models/grounding/calibration.yaml.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass

import numpy as np

from .answers import FOLDER, ROOT, Method, ask, available, build
from .cases import TEST_SEED, generate
from .metrics import calibration_error, truth

TUNE_SEED, SCALE = 78, 3.0  # no case of this seed was looked at; those of 77 were, to mend the parser
FILE = ROOT / "models" / "grounding" / "calibration.yaml"
RISKS = [0.01, 0.02, 0.05, 0.1, 0.15, 0.2]
USED_RISK = 0.05  # the default of configs, at which "act" is found
WRONG_ACTS = 0.02  # the goal; a margin below it costs more questions than it spares wrong acts, since these are sure ones
ACT_FROM = np.round(np.arange(0.4, 0.96, 0.01), 2)
LEAST = 50  # samples; fewer do not carry weights of their own
PROMISED = 300  # samples; from fewer no promise of coverage is made for a kind alone
DOUBT = 1e-3  # as Doubt in Combination.cs
RIDGE = 1e-3  # keeps weights finite where one opinion is always right
# Not for weights: no target, or nothing that a real robot meets.
LEFT_OUT = {"vision_gone", "blurred", "out_of_vocabulary", "bad_input", "stop", "iid_clean", "no_colours", "no_velocity"}
# For thresholds only cases such as are to come: what is promised holds for those alone.
EXCHANGEABLE = {"iid_noisy", "class", "attribute", "superlative", "ordinal", "relation", "two_step_relation", "negation", "motion", "sound"}
ABSENT, SEVERAL, FIRST_OBJECT = 0, 1, 2
OPINIONS = np.array([True, True, False, False])
STARTING = np.array([1.0, 1.0, 0.0, 0.0])
READINGS = ("whole", "partly", "unknown")  # as RuleReading


@dataclass(frozen=True)
class Samples:
    """Opinions on N commands over K outcomes: absent, several, then the objects, filled up where there are fewer.

    features: [N, K, 4] log of the rules' probability, log of the network's, is absent, is several.
    real: [N, K] whether the outcome is there. right: [N] the true outcome. read: [N] how much the rules understand, of READINGS.
    """

    features: np.ndarray
    real: np.ndarray
    right: np.ndarray
    read: np.ndarray
    scenes: np.ndarray
    phenomena: np.ndarray

    def of(self, chosen: np.ndarray) -> Samples:
        return Samples(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))

    def __len__(self) -> int:
        return len(self.right)


def samples_of(cases: list[dict], opinions: list[dict]) -> Samples:
    """The cases on whose first target both have an opinion, and of which the truth is known."""
    kept = []
    for case, opinion in zip(cases, opinions):
        right = truth(case)
        if "network" in opinion and right and case["phenomenon"] not in LEFT_OUT and case["expect"].get("action") != "avoid":
            names = ["absent", "several", *opinion["objects"]]
            kept.append((case, opinion, names.index(right)))
    width = max((FIRST_OBJECT + len(opinion["objects"]) for _, opinion, _ in kept), default=FIRST_OBJECT)
    features, real = np.zeros((len(kept), width, 4)), np.zeros((len(kept), width), bool)
    features[:, ABSENT, 2] = features[:, SEVERAL, 3] = 1
    for row, (_, opinion, _) in enumerate(kept):
        count = FIRST_OBJECT + len(opinion["objects"])
        real[row, :count] = True
        for column, name in enumerate(("rules", "network")):
            features[row, :count, column] = logs(opinion[name])
    return Samples(features, real, np.array([right for _, _, right in kept], int), np.array([opinion["read"] for _, opinion, _ in kept], str),
                   np.array([case["scene"] for case, _, _ in kept]), np.array([case["phenomenon"] for case, _, _ in kept]))


def logs(opinion: dict) -> np.ndarray:
    """The logarithms of an opinion's probabilities, none of them without doubt."""
    chances = np.array([opinion["absent"], opinion["several"], *opinion["objects"]], float)
    return np.log(np.clip(chances / max(chances.sum(), 1e-9), 0, 1) + DOUBT)


def pool(samples: Samples, weights: np.ndarray) -> np.ndarray:
    """[N, K] the combined probabilities; weights are [4], or [N, 4] with their own for each sample."""
    scores = np.where(samples.real, (samples.features * np.atleast_2d(weights)[:, None, :]).sum(-1), -np.inf)
    chances = np.exp(scores - scores.max(1, keepdims=True))
    return chances / chances.sum(1, keepdims=True)


def of_truth(chances: np.ndarray, samples: Samples) -> np.ndarray:
    return chances[np.arange(len(samples)), samples.right]


def log_loss(samples: Samples, weights: np.ndarray) -> float:
    return float(-np.log(of_truth(pool(samples, weights), samples)).mean())


def fit(samples: Samples, free: list[bool]) -> np.ndarray:
    """The likeliest weights by Newton's method with halved steps; those that are not free are 0, opinions count 0 or more."""
    free = np.array(free)
    weights = np.where(free, STARTING, 0.0)
    cost = lambda tried: log_loss(samples, tried) + RIDGE * ((tried - STARTING)[free] ** 2).sum() / 2
    for _ in range(50):
        chances = pool(samples, weights)
        mean = (chances[..., None] * samples.features).sum(1)
        slope = (mean - samples.features[np.arange(len(samples)), samples.right]).mean(0) + RIDGE * (weights - STARTING)
        spread = samples.features - mean[:, None, :]
        curve = np.einsum("nk,nki,nkj->ij", chances, spread, spread) / len(samples) + RIDGE * np.eye(4)
        moving = free & ~(OPINIONS & (weights <= 0) & (slope > 0))
        step = np.zeros(4)
        step[moving] = np.linalg.solve(curve[np.ix_(moving, moving)], slope[moving])
        tries = [np.append(np.clip(weights[:2] - step[:2] * size, 0, 10), np.clip(weights[2:] - step[2:] * size, -10, 10))
                 for size in 0.5 ** np.arange(12)]
        better = next((tried for tried in tries if cost(tried) < cost(weights) - 1e-12), None)
        if better is None:
            break
        weights = better
    return weights


def thresholds(chances: np.ndarray, samples: Samples) -> list[float]:
    """For each risk how far below one the truth's probability may lie: the split conformal quantile, falling with the risk."""
    lack = np.sort(1 - of_truth(chances, samples))
    ranks = [int(np.ceil((len(lack) + 1) * (1 - risk))) for risk in RISKS]
    return [1.0 if rank > len(lack) else float(lack[rank - 1]) for rank in ranks]


def acted(chances: np.ndarray, threshold: float | np.ndarray, least: float | np.ndarray) -> np.ndarray:
    """[N] whether the likeliest object would be acted on: likely enough, and nothing else possible, as in Posterior.Acts."""
    best = chances[:, FIRST_OBJECT:].max(1, initial=0)
    possible = np.broadcast_to(1 - np.asarray(threshold), best.shape)
    others = (chances >= possible[:, None]).sum(1) - (best >= possible)
    return (best >= np.maximum(least, 1e-9)) & (best >= chances[:, :FIRST_OBJECT].max(1)) & (others == 0)


def act_from(chances: np.ndarray, samples: Samples, threshold: float) -> float:
    """The least probability to act from, so that few acts are wrong; the greatest that is tried where none is enough."""
    wrong = chances.argmax(1) != samples.right
    enough = (least for least in ACT_FROM if share(wrong[acted(chances, threshold, least)]) <= WRONG_ACTS)
    return float(next(enough, ACT_FROM[-1]))


def share(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else 0.0


def tune_samples() -> Samples:
    """What rules and the first network make of the tune cases."""
    assert TUNE_SEED != TEST_SEED, "the test's cases are not for tuning"
    file = FOLDER / "tune.jsonl"
    cases = generate(file, TUNE_SEED, SCALE)
    build()
    methods = available([Method("tune", "combined", "grounding", ("--evidence",))])
    if not methods:
        raise SystemExit("calibrate: there is no network to calibrate")
    return samples_of(cases, ask(file, methods[0]))


@dataclass(frozen=True)
class Kind:
    """What is fitted for one kind of reading: weights [4], the least probability to act from, and a threshold for each risk."""

    weights: np.ndarray
    act: float
    thresholds: list[float]

    def lines(self, name: str, why: str) -> list[str]:
        rules, network, absent, several = self.weights
        return [f"{name}: # {why}",
                f"  {{ rules: {rules:.3f}, network: {network:.3f}, absent: {absent:.3f}, several: {several:.3f}, act: {self.act:g},",
                f"    thresholds: [{', '.join(f'{value:.4f}' for value in self.thresholds)}] }}"]


@dataclass(frozen=True)
class Calibration:
    """What is fitted; as it is written."""

    combined: Kind
    partly: Kind
    unread: Kind
    network: Kind

    def pool(self, samples: Samples) -> np.ndarray:
        return pool(samples, np.stack([kind.weights for kind in self.kinds])[self.places(samples)])

    def acted(self, chances: np.ndarray, samples: Samples, risk: float) -> np.ndarray:
        """[N] whether the likeliest object would be acted on, each by the figures of its kind."""
        places = self.places(samples)
        of = lambda figure: np.array([figure(kind) for kind in self.kinds])[places]
        return acted(chances, of(lambda kind: kind.thresholds[RISKS.index(risk)]), of(lambda kind: kind.act))

    @property
    def kinds(self) -> list[Kind]:
        """In the order of READINGS."""
        return [self.combined, self.partly, self.unread]

    @staticmethod
    def places(samples: Samples) -> np.ndarray:
        return np.array([READINGS.index(read) for read in samples.read], int)

    def to_yaml(self, samples: int) -> str:
        return "\n".join([
            "# How network and rules are combined: p ~ rules^rules * network^network * e^bias, the biases on absent and several.",
            f"# Written by training/evaluation/calibrate.py from {samples} tune cases of seed {TUNE_SEED}: half of the scenes for the weights,",
            "# half for the thresholds, those of each kind of reading from its own cases. An outcome is possible when its",
            "# probability is at least 1 - threshold, and an object is acted on from act on.",
            f"risks: [{', '.join(map(str, RISKS))}]",
            *self.combined.lines("combined", "where the rules understand the whole description"),
            *self.partly.lines("partly", "where they understand its nouns alone"),
            *self.unread.lines("unread", "where they do not know a noun"),
            *self.network.lines("network", "for the network alone"), ""])


def calibrate(samples: Samples) -> tuple[Calibration, Samples]:
    """The calibration, and the samples that its weights have not seen."""
    first = np.isin(samples.scenes, np.unique(samples.scenes)[::2])
    fitting, held = samples.of(first), samples.of(~first)
    coming = held.of(np.isin(held.phenomena, list(EXCHANGEABLE)))
    network = fit(fitting, [False, True, True, True])
    weights = [fit_part(fitting, reading, free, network) for reading, free in
               zip(READINGS, ([True] * 4, [True] * 4, [False, True, True, True]))]
    chances = Calibration(*(Kind(own, 0, []) for own in (*weights, network))).pool(coming)
    kinds = [decided(coming, chances, coming.read == reading, own) for reading, own in zip(READINGS, weights)]
    return Calibration(*kinds, decided(coming, pool(coming, network), np.ones(len(coming), bool), network)), held


def decided(samples: Samples, chances: np.ndarray, own: np.ndarray, weights: np.ndarray) -> Kind:
    """The kind with what its own cases give; with what all cases give, each by its own weights, where it comes seldom."""
    chosen = own if own.sum() >= PROMISED else np.ones(len(samples), bool)
    found = thresholds(chances[chosen], samples.of(chosen))
    return Kind(weights, act_from(chances[chosen], samples.of(chosen), found[RISKS.index(USED_RISK)]), found)


def fit_part(samples: Samples, reading: str, free: list[bool], otherwise: np.ndarray) -> np.ndarray:
    """The weights where the rules understand so much; others where that is seldom."""
    part = samples.of(samples.read == reading)
    return fit(part, free) if len(part) >= LEAST else otherwise


def check(calibration: Calibration, held: Samples) -> str:
    """Log loss and calibration error on the held half of the tune data, before and after."""
    rows = [("rules alone", pool(held, np.array([1.0, 0, 0, 0]))), ("network alone, as trained", pool(held, np.array([0, 1.0, 0, 0]))),
            ("network alone, fitted", pool(held, calibration.network.weights)), ("both, weighed alike", pool(held, STARTING)), ("both, fitted", calibration.pool(held))]
    readings = ", ".join(f"{int((held.read == reading).sum())} {reading}" for reading in READINGS)
    lines = [f"{len(held)} held tune cases; of the rules' readings {readings}",
             f"{'':<26} {'log loss':>9} {'ECE':>7} {'right':>7}"]
    for name, chances in rows:
        right = chances.argmax(1) == held.right
        lines.append(f"{name:<26} {-np.log(of_truth(chances, held)).mean():>9.3f} {calibration_error(chances.max(1), right.astype(float)):>7.3f} {100 * right.mean():>6.1f}%")
    chances = calibration.pool(held)
    acts = calibration.acted(chances, held, USED_RISK)
    could = held.right >= FIRST_OBJECT
    lines.append(f"at a risk of {USED_RISK:g} it acts on {100 * share(acts[could]):.1f}% of the cases that have a target; "
                 f"{100 * share(chances.argmax(1)[acts] != held.right[acts]):.1f}% of the acts are wrong")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description="Fits how rules and network are combined, and writes it to models/grounding/calibration.yaml.")
    parser.add_argument("--check", action="store_true", help="say what it gives, and write nothing")
    options = parser.parse_args()
    samples = tune_samples()
    calibration, held = calibrate(samples)
    print(check(calibration, held), file=sys.stderr)
    if options.check:
        print(calibration.to_yaml(len(samples)), end="")
    else:
        FILE.write_text(calibration.to_yaml(len(samples)), encoding="utf-8")
        print(f"written to {FILE.relative_to(ROOT)}", file=sys.stderr)


if __name__ == "__main__":
    main()
