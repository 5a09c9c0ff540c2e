"""Evaluates the grounding on held-out cases: `make evaluate`, or `python3 -m training.evaluation`.

Generates the cases, lets the product answer them by each method, and writes tables and plots to artifacts/evaluation.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

from . import plots
from .answers import ROOT, Method, ask_all
from .metrics import (by, calibration_error, gate, interval, is_exact, is_wrong_act, pairs_right, random_of_class, share, truth)

FOLDER = ROOT / "artifacts" / "evaluation"
TEST_SEED, RISK = 20261126, 0.05
SEEDS = ["grounding", "grounding-seed2", "grounding-seed3"]
BASELINES = {"late fusion": "grounding-late-fusion", "vision-blind": "grounding-vision-blind", "text-blind": "grounding-text-blind"}
MAIN = ["random of class", "rules", "network", "combined"]
PLOTTED = ["class", "attribute", "superlative", "ordinal", "relation", "two_step_relation", "negation", "motion", "sound", "avoid", "destination", "absent", "ambiguous",
           "unseen_synonyms", "unseen_verbs", "unseen_relations", "typos", "phrasing", "compositional", "open_vocabulary", "iid_noisy", "iid_clean"]


class Evaluation:
    """Cases with the answers of every method; a method has one run for each training seed."""

    def __init__(self, cases: list[dict], answers: dict[str, list[dict]]) -> None:
        self.cases = cases
        self.runs: dict[str, list[list[dict]]] = {}
        for name, given in answers.items():
            self.runs.setdefault(name.split("#")[0], []).append(given)

    def places(self, phenomenon: str, **equal) -> list[int]:
        return by(self.cases, lambda case: case["phenomenon"] == phenomenon and all(case.get(key) == value for key, value in equal.items()))

    def exact(self, method: str, places: list[int]) -> list[list[bool]]:
        """Right or wrong, a list for each run."""
        if method == "random of class":
            return [[random_of_class(self.cases[place], seed) for place in places] for seed in (1, 2, 3)]
        return [[is_exact(self.cases[place], run[place]) for place in places] for run in self.runs[method]]

    def figure(self, method: str, places: list[int]) -> dict:
        """Mean over runs with its interval, and the same over the ceiling."""
        runs = self.exact(method, places)
        cases = [self.cases[place] for place in places]
        value = share([right for run in runs for right in run])
        ceiling = 1 - share([case["missed"] for case in cases])
        low, high = interval(cases, runs)
        return {"value": value, "low": low, "high": high, "ceiling": ceiling, "of_ceiling": min(1.0, value / ceiling), "cases": len(cases)}

    @property
    def methods(self) -> list[str]:
        return ["random of class", *self.runs]

    def table(self) -> dict[str, dict[str, dict]]:
        """Every phenomenon by every method."""
        return {name: {method: self.figure(method, self.places(name)) for method in self.methods} for name in Counter(case["phenomenon"] for case in self.cases)}

    def decisions(self, method: str, places: list[int]) -> dict:
        """What acting costs: wrong acts among acts, and how many of those that could be acted on were."""
        acts = [(self.cases[place], run[place]) for run in self.runs[method] for place in places if run[place].get("outcome") == "act"]
        could = [run[place].get("outcome") == "act" for run in self.runs[method] for place in places if self.cases[place]["expect"].get("outcome") == "act"]
        confidence = [run[place].get("confidence", 0) for run in self.runs[method] for place in places]
        right = [right for run in self.exact(method, places) for right in run]
        held = [truth(self.cases[place]) in run[place]["plausible"] for run in self.runs[method] for place in places if run[place].get("plausible") and truth(self.cases[place])]
        sizes = [len(run[place]["plausible"]) for run in self.runs[method] for place in places if run[place].get("plausible")]
        return {"wrong_acts": share([is_wrong_act(case, answer) for case, answer in acts]), "coverage": share(could), "ece": calibration_error(confidence, right),
                "conformal": share(held), "set_size": share(sizes), "confidence": confidence, "right": right}

    def gates(self) -> dict | None:
        """What corrupting the sound does to its gate, and to the answers."""
        if "combined" not in self.runs:
            return None
        run = self.runs["network"][0]
        clean = {self.cases[place]["pair"]: gate(run[place]) for place in self.places("audio_gate")}
        broken = {self.cases[place]["pair"]: gate(run[place]) for place in self.places("sound_corrupted")}
        both = [pair for pair in clean if clean[pair] is not None and broken.get(pair) is not None]
        return {"falls": share([broken[pair] < clean[pair] for pair in both]), "clean": [clean[pair] for pair in both], "corrupted": [broken[pair] for pair in both],
                **{name: self.figure(method, self.places(name))["value"] for method in ("network",) for name in ("sound_corrupted", "sound_absent")}}


def targets(evaluation: Evaluation, table: dict, decisions: dict) -> list[tuple[str, float, float, bool]]:
    """The targets with what was reached: name, goal, figure, whether more is better."""
    best = "combined"
    value = lambda name, of="value": table[name][best][of]
    pairs = lambda name: share([ok for run in evaluation.exact(best, evaluation.places(name)) for ok in pairs_right([evaluation.cases[i] for i in evaluation.places(name)], run)])
    split = lambda variant: evaluation.figure(best, evaluation.places("compositional", variant=variant))["value"]
    gates = evaluation.gates()
    return [
        ("exact on noisy tokens, of the ceiling", 0.95, value("iid_noisy", "of_ceiling"), True), ("exact on clean tokens", 0.985, value("iid_clean"), True),
        ("unseen synonyms, of the ceiling", 0.80, value("unseen_synonyms", "of_ceiling"), True), ("unseen verbs", 0.90, value("unseen_verbs"), True),
        ("unseen relation phrasings, of the ceiling", 0.85, value("unseen_relations", "of_ceiling"), True), ("typos, of the ceiling", 0.88, value("typos", "of_ceiling"), True),
        ("sound, of the ceiling", 0.90, value("sound", "of_ceiling"), True), ("absent", 0.98, value("absent"), True),
        ("swapped words, as pairs", 0.90, pairs("swapped_words"), True), ("mirrored scene, as pairs", 0.90, pairs("mirrored_scene"), True),
        ("compositional: held-out less seen pairs", 0.0, split("held_out") - split("seen"), True), ("acts on a wrong object", 0.02, decisions["wrong_acts"], False),
        ("coverage: acted where it could", 0.85, decisions["coverage"], True), ("expected calibration error", 0.02, decisions["ece"], False),
        ("conformal coverage off nominal", 0.01, abs(decisions["conformal"] - (1 - RISK)), False), ("sound gate falls when corrupted", 0.90, gates["falls"], True),
        ("sound corrupted against absent", 0.02, abs(gates["sound_corrupted"] - gates["sound_absent"]), False),
    ]


def report(evaluation: Evaluation, table: dict, decisions: dict, goals: list) -> str:
    """The tables as text."""
    lines = ["# Evaluation of grounding", "", f"{len(evaluation.cases)} held-out cases (seed {TEST_SEED}); {len(evaluation.runs['combined'])} training seeds; 95% intervals by bootstrap over scenes and seeds.", "",
             "## Targets (rules and network combined)", "", f"{'target':<44} {'goal':>8} {'reached':>8}"]
    for name, goal, reached, more in goals:
        met = reached >= goal if more else reached <= goal
        lines.append(f"{name:<44} {100 * goal:>7.1f}% {100 * reached:>7.1f}%  {'met' if met else f'missed by {100 * abs(reached - goal):.1f}'}")
    lines += ["", "## Exact answers (%), and the ceiling that the detector sets", "", f"{'phenomenon':<20} {'cases':>6} {'ceiling':>8} " + " ".join(f"{method:>22}" for method in evaluation.methods)]
    for name, row in table.items():
        cells = [f"{100 * figure['value']:>6.1f} ({100 * figure['low']:.1f} to {100 * figure['high']:.1f})" for figure in row.values()]
        first = row[evaluation.methods[0]]
        lines.append(f"{name:<20} {first['cases']:>6} {100 * first['ceiling']:>8.1f} " + " ".join(f"{cell:>22}" for cell in cells))
    lines += ["", "## Decisions on noisy tokens", "", f"{'method':<16} {'wrong of acts':>14} {'coverage':>9} {'ECE':>7} {'conformal':>10} {'set size':>9}"]
    for method, row in decisions.items():
        lines.append(f"{method:<16} {100 * row['wrong_acts']:>13.1f}% {100 * row['coverage']:>8.1f}% {row['ece']:>7.3f} {100 * row['conformal']:>9.1f}% {row['set_size']:>9.2f}")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description="Evaluates the grounding on held-out cases.")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full number of cases")
    parser.add_argument("--json", action="store_true", help="print every figure as JSON")
    options = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / "cases.jsonl"
    subprocess.run([sys.executable, "-B", "-m", "training.evaluation.heldout", "--seed", str(TEST_SEED), "--scale", str(options.scale), "--out", str(path)], check=True, cwd=ROOT, stderr=subprocess.DEVNULL)
    methods = [Method("rules", "rules")] + [Method(f"{method}#{place}", method, network) for place, network in enumerate(SEEDS) for method in ("network", "combined")]
    methods += [Method(name, "network", network) for name, network in BASELINES.items()]
    answers = ask_all(path, methods)
    evaluation = Evaluation([json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()], answers)
    table = evaluation.table()
    noisy = evaluation.places("iid_noisy")
    decisions = {method: evaluation.decisions(method, noisy) for method in evaluation.runs}
    goals = targets(evaluation, table, decisions["combined"])
    text = report(evaluation, table, decisions, goals)
    (FOLDER / "report.md").write_text(text, encoding="utf-8")
    gates = evaluation.gates()
    results = {"cases": len(evaluation.cases), "targets": [{"name": name, "goal": goal, "reached": reached} for name, goal, reached, _ in goals], "phenomena": table,
               "decisions": {method: {key: value for key, value in row.items() if key not in ("confidence", "right")} for method, row in decisions.items()},
               "gates": {key: value for key, value in gates.items() if key not in ("clean", "corrupted")}}
    (FOLDER / "results.json").write_text(json.dumps(results, indent=1), encoding="utf-8")
    curves = {method: (decisions[method]["confidence"], decisions[method]["right"]) for method in ("rules", "network", "combined")}
    plots.plot_reliability(FOLDER, curves)
    plots.plot_risk_coverage(FOLDER, curves)
    bars = {name: {method: (figure["value"], (figure["low"], figure["high"])) for method, figure in table[name].items()} for name in PLOTTED}
    plots.plot_phenomena(FOLDER, bars, "phenomena", [method for method in MAIN if method in evaluation.methods])
    plots.plot_phenomena(FOLDER, bars, "baselines", [method for method in ("combined", *BASELINES) if method in evaluation.methods])
    plots.plot_gates(FOLDER, gates["clean"], gates["corrupted"])
    print(json.dumps(results, indent=1) if options.json else text)
    print(f"evaluate: tables and plots are in {FOLDER.relative_to(Path.cwd()) if FOLDER.is_relative_to(Path.cwd()) else FOLDER}", file=sys.stderr)


if __name__ == "__main__":
    main()
