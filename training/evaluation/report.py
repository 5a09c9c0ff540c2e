"""The report: tables that line up, each with a line that says what it shows."""

from __future__ import annotations

from .cases import FORCED_SHUT, NAMED, NAMED_ABSENT, NAMED_CORRUPTED
from .figures import Evaluation
from .metrics import Figure
from .targets import RISK, Target

RANDOM = "random of class"
MAIN = [RANDOM, "rules", "network", "combined"]


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table with columns of one width, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(head, *rows)]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    lines = [[cell.ljust(width) if i == 0 else cell.rjust(width) for i, (cell, width) in enumerate(zip(row, widths))] for row in (head, *rows)]
    return "\n".join(f"| {' | '.join(row)} |" for row in (lines[0], rule, *lines[1:]))


def shown(figure: Figure | None, unit: str = "%") -> str:
    """A value with its interval, or a dash where there is none."""
    if figure is None or figure.count == 0:
        return "–"
    if unit:
        return f"{100 * figure.value:.1f} ({100 * figure.low:.1f} to {100 * figure.high:.1f})"
    return f"{figure.value:.3f} ({figure.low:.3f} to {figure.high:.3f})"


def has_random(part: Evaluation) -> bool:
    """Whether a random detection is an answer there: not where more than one outcome would do."""
    return all("outcome" in case["expect"] for case in part.cases)


def targets_table(targets: list[Target], methods: list[str]) -> str:
    head = ["target", "goal", "reached (95%)", "verdict", *methods]
    rows = []
    for target in targets:
        sign, goal = ("≥" if target.at_least else "≤"), f"{100 * target.goal:g}" if target.unit else f"{target.goal:g}"
        each = [shown(target.figures.get(method), target.unit).split(" ")[0] for method in methods]
        rows.append([target.name, f"{sign} {goal}{'%' if target.unit == '%' else ''}", shown(target.reached, target.unit), target.verdict, *each])
    return table(head, rows)


def phenomena_table(evaluation: Evaluation, methods: list[str], figure) -> str:
    rows = []
    for name in evaluation.phenomena:
        part = evaluation.of(name)
        cells = [shown(figure(part, method)) if method != RANDOM or has_random(part) else "–" for method in methods]
        rows.append([name.replace("_", " "), str(len(part.cases)), f"{100 * part.ceiling():.1f}", *cells])
    return table(["phenomenon", "cases", "ceiling", *methods], rows)


def decisions_table(part: Evaluation, methods: list[str]) -> str:
    rows = [[method, shown(part.wrong_acts(method)), shown(part.coverage(method)), shown(part.calibration_error(method), ""),
             shown(part.conformal_coverage(method)), shown(part.set_size(method), "").split(" ")[0]] for method in methods]
    return table(["method", "wrong, of acts", "coverage", "calibration error", "truth in the set", "set's size"], rows)


def conformal_table(parts: dict[float, Evaluation]) -> str:
    rows = [[f"{100 * risk:g}%", f"{100 * (1 - risk):g}%", shown(part.conformal_coverage("combined")), shown(part.set_size("combined"), ""),
             shown(part.wrong_acts("combined")), shown(part.coverage("combined"))] for risk, part in sorted(parts.items())]
    return table(["risk", "nominal", "truth in the set", "set's size", "wrong, of acts", "coverage"], rows)


def gates_table(evaluation: Evaluation) -> str:
    names = [NAMED, NAMED_CORRUPTED, NAMED_ABSENT, "audio_gate", "sound_corrupted", "sound_absent", FORCED_SHUT]
    rows = []
    for name in names:
        part, gates = evaluation.of(name), evaluation.gates("network", name)
        mean = f"{sum(gates) / len(gates):.3f}" if gates else "–"
        rows.append([name.replace("_", " "), str(len(part.cases)), mean, shown(part.exact("network")) if part.cases else "–"])
    return table(["sound", "cases", "mean gate", "exact, network"], rows)


def pictures_table(real: dict[str, dict]) -> str:
    rows = [[split, str(row["cases"]), str(row["pictures"]), f"{100 * row['ceiling']:.1f}", method, shown(figures["right"]),
             shown(figures["of_ceiling"]), shown(figures["wrong_acts"])] for split, row in real.items() for method, figures in row["methods"].items()]
    return table(["split", "cases", "pictures", "ceiling", "method", "right", "of the ceiling", "wrong, of acts"], rows)


def report(evaluation: Evaluation, targets: list[Target], risks: dict[float, Evaluation], real: dict | None) -> str:
    """The whole report, as Markdown."""
    methods = [method for method in MAIN if method in evaluation.methods]
    baselines = [method for method in evaluation.methods if method not in MAIN]
    noisy = evaluation.of("iid_noisy")
    runs = ", ".join(f"{method} {len(runs)}" for method, runs in evaluation.runs.items())
    parts = [
        "# Evaluation of grounding",
        f"{len(evaluation.cases)} held-out cases of a generator written apart from training's. Figures are percent with 95% intervals: a bootstrap "
        f"over scenes and runs. Runs (training seeds): {runs}.",
        "## Targets", "What was aimed at; accuracies count the cases whose target the detector shows. Reached is by the combination, for gates by the network. "
        "Random of class knows action and class, and takes any detection of that class.",
        targets_table(targets, methods),
        "## Exact answers", "Outcome and every object right. Ceiling: the share of cases whose target the detector shows under its name; "
        "an answer of \"absent\" to an unseen target counts as right, so that a figure can lie above it.",
        phenomena_table(evaluation, methods, Evaluation.exact),
        "## Actions", "The action understood, whatever became of the objects.",
        phenomena_table(known_actions(evaluation), [method for method in methods if method != RANDOM], Evaluation.action),
        "## Decisions on noisy tokens", "Wrong acts among acts; acts among the cases that can be acted on; how far stated confidence is off "
        f"(15 bins of equal mass); how often the conformal set at a risk of {RISK:g} holds the truth, where there is a set.",
        decisions_table(noisy, [method for method in evaluation.methods if method != RANDOM]),
    ]
    if risks:
        parts += ["## Conformal sets at other risks", "The combination on noisy tokens; what is given up in acts for a lower risk.", conformal_table(risks)]
    if "network" in evaluation.methods:
        parts += ["## Gates", "The network's gate on sound, and its answers: for commands that tell their target by its sound (sound, named …) when "
                  "it is right, another or absent; for others (audio gate and below), and there but of quality 0.",
                  gates_table(evaluation)]
    if baselines:
        parts += ["## Baselines", "Exact answers of networks that fuse late or lack a sense, beside the one that attends to all jointly.",
                  phenomena_table(evaluation, [method for method in ("network", *baselines) if method in evaluation.methods], Evaluation.exact)]
    if real is not None:
        parts += ["## Real pictures", "The detector included; a target is right when its box overlaps the hand's by half (IoU 0.5). Ceiling: the "
                  "detector draws such a box.", pictures_table(real)]
    return "\n\n".join(parts) + "\n"


def known_actions(evaluation: Evaluation) -> Evaluation:
    """The phenomena whose cases say which action is right."""
    return evaluation.of(*(name for name in evaluation.phenomena if all("action" in case["expect"] for case in evaluation.of(name).cases)))
