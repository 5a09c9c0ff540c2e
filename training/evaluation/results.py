"""Every figure of the evaluation, as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict

from .figures import Evaluation
from .metrics import Figure
from .report import RANDOM, has_random, known_actions
from .targets import Target


def results(evaluation: Evaluation, targets: list[Target], risks: dict[float, Evaluation], real: dict | None) -> dict:
    """Figures are {"value", "low", "high", "count"}, shares from 0 to 1; null where there is none."""
    noisy = evaluation.of("iid_noisy")
    answered = [method for method in evaluation.methods if method != RANDOM]
    actions = set(known_actions(evaluation).phenomena)
    return {
        "cases": len(evaluation.cases),
        "runs": {method: len(runs) for method, runs in evaluation.runs.items()},
        "targets": [of_target(target) for target in targets],
        "phenomena": {name: of_phenomenon(evaluation.of(name), name in actions) for name in evaluation.phenomena},
        "decisions": {method: {**decisions(noisy, method), "calibrationError": noisy.calibration_error(method)} for method in answered},
        "risks": {str(risk): decisions(part, "combined") for risk, part in risks.items()},
        "gates": gates(evaluation) if "network" in answered else None,
        "pictures": real,
    }


def of_target(target: Target) -> dict:
    return {"name": target.name, "goal": target.goal, "atLeast": target.at_least, "verdict": target.verdict,
            "reached": target.reached, "methods": target.figures}


def of_phenomenon(part: Evaluation, has_actions: bool) -> dict:
    methods = [method for method in part.methods if method != RANDOM or has_random(part)]
    return {"cases": len(part.cases), "ceiling": part.ceiling(), "methods": {
        method: {"exact": part.exact(method), "ofCeiling": part.of_ceiling(method),
                 "action": part.action(method) if has_actions and method != RANDOM else None} for method in methods}}


def decisions(part: Evaluation, method: str) -> dict:
    return {"wrongActs": part.wrong_acts(method), "coverage": part.coverage(method),
            "conformalCoverage": part.conformal_coverage(method), "setSize": part.set_size(method)}


def gates(evaluation: Evaluation) -> dict:
    return {"falls": evaluation.gate_falls("network"), "corruptedMinusAbsent": evaluation.corrupted_minus_absent("network"),
            "shutIsAbsent": evaluation.shut_is_absent("network")}


def to_json(value: object) -> str:
    return json.dumps(plain(value), indent=1, ensure_ascii=False, allow_nan=False)


def plain(value: object) -> object:
    """The value with figures as objects; one that stands for no case is null."""
    if isinstance(value, Figure):
        return asdict(value) if value.count else None
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list) else value
