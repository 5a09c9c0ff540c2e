"""Evaluates the grounding: `make evaluate`, or `python3 -m training.evaluation`.

Lets the product answer held-out cases, spoken commands and commands on real pictures by every method, and writes
tables, plots and all figures to artifacts/evaluation.
"""

from __future__ import annotations

import argparse
import json
import sys
import time

from . import pictures, plots, real_report, spoken_figures
from .answers import FOLDER, Method, ask_all, available, build, say, write_lines
from .cases import random_of_class, test_cases
from .figures import Evaluation
from .report import MAIN, RANDOM, report, targets_table
from .results import results, to_json
from .spoken_figures import Spoken
from .spoken_report import section, spoken_results
from .targets import RISK, Target, targets_of

SEEDS = ["grounding", "grounding-seed2"]
BASELINES = {"late fusion": "grounding-late-fusion", "vision-blind": "grounding-vision-blind", "text-blind": "grounding-text-blind"}
OTHER_RISKS = [0.02, 0.1, 0.2]
GUESSES = 3
SCALE = 1.0  # with all networks two to eight minutes on two cores


def main() -> None:
    options = parse()
    began = time.monotonic()
    build()
    if options.what == "real":
        print(real_report.run("tune" if options.tune else "test", SEEDS[0]))
        return
    text = spoken_alone() if options.spoken else everything(options.scale, options.spoken is None)
    say(f"done in {time.monotonic() - began:.0f} s; what was found is in {FOLDER}")
    print((FOLDER / "results.json").read_text(encoding="utf-8") if options.json else text)


def everything(scale: float, with_spoken: bool) -> str:
    """All cases by all methods; gives the table of targets and, unless it is left out, the section on spoken commands."""
    attention = [Method(method, method, network) for network in SEEDS for method in ("network", "combined")]
    methods = available([Method("rules", "rules"), *attention])
    baselines = available([Method(name, "network", network) for name, network in BASELINES.items()])
    evaluation = answered(scale, [*methods, *baselines])
    risks = at_risks(evaluation.of("iid_noisy"), [method for method in methods if method.name == "combined"][:1])
    real = pictures.evaluate(methods)
    spoken = spoken_figures.evaluate(spoken_methods()) if with_spoken else None
    targets = targets_of(evaluation)
    write(evaluation, targets, risks, real, spoken)
    return summary(evaluation, targets) + after(spoken)


def spoken_alone() -> str:
    """The section on spoken commands; results.json keeps what else it holds."""
    spoken = spoken_figures.evaluate(spoken_methods())
    file = FOLDER / "results.json"
    known = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    file.write_text(to_json(known | {"spoken": spoken_results(spoken)}) + "\n", encoding="utf-8")
    (FOLDER / "spoken.md").write_text(section(spoken), encoding="utf-8")
    return section(spoken)


def spoken_methods() -> list[Method]:
    """The product's default, and the rules beside it."""
    return available([Method("combined", "combined", SEEDS[0]), Method("rules", "rules")])


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make evaluate", description="Evaluates the grounding on held-out cases and real pictures.")
    parser.add_argument("what", nargs="?", choices=["real"], help="real: commands on real pictures alone, by each detector and kind")
    parser.add_argument("--tune", action="store_true", help="with real: on the pictures on which settings may be chosen")
    parser.add_argument("--scale", type=float, default=SCALE, help=f"share of the full number of held-out cases, more than 0 to 10 (default {SCALE})")
    parser.add_argument("--spoken", action=argparse.BooleanOptionalAction, help="the section on spoken commands alone, left in spoken.md and under "
                        "\"spoken\" in results.json, whose other figures stay as they are; or all but that section, which leaves its held-out sets unseen")
    parser.add_argument("--json", action="store_true", help="print every figure as JSON, and no table")
    options = parser.parse_args()
    if options.tune and options.what != "real":
        parser.error("--tune stands with real alone")
    if not 0 < options.scale <= 10:
        parser.error("--scale: must be more than 0 and at most 10")
    return options


def answered(scale: float, methods: list[Method]) -> Evaluation:
    """The held-out cases with the answers of all methods, and of one who guesses."""
    file = FOLDER / "cases.jsonl"
    say("generating the held-out cases")
    cases = test_cases(file, scale)
    say(f"{len(cases)} cases for {len(methods)} methods: {', '.join(method.label for method in methods)}")
    guesses = [(RANDOM, random_of_class(cases, seed)) for seed in range(1, GUESSES + 1)]
    return Evaluation(cases, [*guesses, *((method.name, given) for method, given in ask_all(file, methods))])


def at_risks(noisy: Evaluation, combined: list[Method]) -> dict[float, Evaluation]:
    """The noisy cases answered by the combination at other risks than the default; one run each."""
    file = FOLDER / "noisy.jsonl"
    write_lines(file, noisy.cases)
    asked = {Method(f"risk {risk:g}", one.method, one.network, ("--risk", f"{risk:g}")): risk for one in combined for risk in OTHER_RISKS}
    parts = {asked[method]: Evaluation(noisy.cases, [("combined", given)]) for method, given in ask_all(file, list(asked))}
    return parts | ({RISK: noisy} if combined else {})


def write(evaluation: Evaluation, targets: list[Target], risks: dict[float, Evaluation], real: dict | None, spoken: Spoken | None) -> None:
    say("computing figures and intervals")
    figures = results(evaluation, targets, risks, real) | {"spoken": None if spoken is None else spoken_results(spoken)}
    (FOLDER / "report.md").write_text(report(evaluation, targets, risks, real).rstrip("\n") + after(spoken), encoding="utf-8")
    (FOLDER / "results.json").write_text(to_json(figures) + "\n", encoding="utf-8")
    for file in plots.draw_all(FOLDER, evaluation):
        say(f"drew {file.name} and {file.stem}.svg")


def after(spoken: Spoken | None) -> str:
    """The section as it follows another; nothing where it was left out."""
    return "\n" if spoken is None else f"\n\n{section(spoken)}"


def summary(evaluation: Evaluation, targets: list[Target]) -> str:
    return targets_table(targets, [method for method in MAIN if method in evaluation.methods])


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
