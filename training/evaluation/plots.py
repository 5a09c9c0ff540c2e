"""The evaluation's pictures, each as PNG and SVG."""

from __future__ import annotations

from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from .cases import NAMED, NAMED_ABSENT, NAMED_CORRUPTED
from .figures import Evaluation
from .metrics import Figure, reliability
from .report import MAIN, RANDOM, has_random

# Okabe and Ito's colours, which the colour-blind tell apart.
COLORS = {"random of class": "#999999", "rules": "#E69F00", "network": "#56B4E9", "combined": "#009E73",
          "late fusion": "#CC79A7", "vision-blind": "#D55E00", "text-blind": "#0072B2"}
MARKERS = {"rules": "s", "network": "^", "combined": "o"}
CURVES = ["rules", "network", "combined"]
LEAST_ACTS = 20  # below it a share of wrong acts says nothing
matplotlib.rcParams.update({
    "font.size": 9, "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True, "grid.alpha": 0.25,
    "axes.axisbelow": True, "legend.frameon": False, "svg.hashsalt": "evaluation"})


def draw_all(folder: Path, evaluation: Evaluation) -> list[Path]:
    """Draws every picture that there are answers for; gives the PNG files."""
    noisy = evaluation.of("iid_noisy")
    curves = [method for method in CURVES if method in evaluation.methods]
    drawn = [reliability_diagram(folder, noisy, curves), risk_coverage_curves(folder, noisy, curves),
             phenomena_bars(folder, evaluation, "phenomena", [method for method in MAIN if method in evaluation.methods])]
    baselines = [method for method in evaluation.methods if method not in MAIN]
    if baselines:
        drawn.append(phenomena_bars(folder, evaluation, "baselines", [*(m for m in ("network",) if m in evaluation.methods), *baselines]))
    if "network" in evaluation.methods and evaluation.gates("network", NAMED):
        drawn.append(gate_violins(folder, evaluation))
    return drawn


def save(figure, folder: Path, name: str) -> Path:
    """The same bytes for the same figures: nothing in the file tells the time."""
    figure.savefig(folder / f"{name}.svg", bbox_inches="tight", metadata={"Date": None})
    figure.savefig(folder / f"{name}.png", bbox_inches="tight", dpi=140)
    plt.close(figure)
    return folder / f"{name}.png"


def reliability_diagram(folder: Path, noisy: Evaluation, methods: list[str]) -> Path:
    figure, axes = plt.subplots(figsize=(4.8, 4.6))
    axes.plot([0, 1], [0, 1], color="black", linewidth=0.8, linestyle="--", label="perfect")
    for method in methods:
        confidence, right = (values.ravel() for values in noisy.confidence(method))
        stated = np.isfinite(confidence)
        x, y = zip(*reliability(confidence[stated], right[stated]))
        error = noisy.calibration_error(method).value
        axes.plot(x, y, marker=MARKERS[method], markersize=4, linewidth=1, color=COLORS[method], label=f"{method}, error {error:.3f}")
    axes.set(xlabel="stated confidence", ylabel="share of right answers", xlim=(0, 1.02), ylim=(0, 1.02),
             title="Noisy tokens, 15 bins of equal mass")
    axes.set_aspect("equal")
    axes.legend(loc="upper left")
    return save(figure, folder, "reliability")


def risk_coverage_curves(folder: Path, noisy: Evaluation, methods: list[str]) -> Path:
    figure, axes = plt.subplots(figsize=(5.6, 4))
    axes.axhspan(0, 2, xmin=0.85, color="black", alpha=0.08, linewidth=0)
    axes.annotate("goal", (92.5, 1), ha="center", va="center")
    for method in methods:
        least = LEAST_ACTS / max(1, sum(case["expect"].get("outcome") == "act" for case in noisy.cases))
        curve = [(100 * coverage, 100 * risk) for coverage, risk in noisy.risk_coverage(method) if coverage >= least]
        if curve:
            x, y = zip(*curve)
            axes.plot(x, y, color=COLORS[method], label=method, linewidth=1.4)
            axes.plot(x[-1], y[-1], marker=MARKERS[method], color=COLORS[method])
    axes.set(xlabel="cases acted on, of those that can be (%)", ylabel="acts on a wrong object (%)", xlim=(0, 100),
             title="Noisy tokens, by a threshold on confidence")
    axes.set_ylim(bottom=0)
    axes.legend(loc="upper left")
    return save(figure, folder, "risk-coverage")


def phenomena_bars(folder: Path, evaluation: Evaluation, name: str, methods: list[str]) -> Path:
    """Exact answers of each phenomenon with intervals, and the ceiling as a line across them, in two columns."""
    names = [phenomenon for phenomenon in evaluation.phenomena if not phenomenon.startswith("sound_")]  # the gates' picture has those
    half = (len(names) + 1) // 2
    figure, columns = plt.subplots(1, 2, figsize=(10.5, 0.15 * half * (len(methods) + 1) + 1), layout="constrained")
    for axes, column in zip(columns, (names[:half], names[half:])):
        draw_column(axes, {phenomenon: evaluation.of(phenomenon) for phenomenon in column}, methods)
    handles, labels = columns[0].get_legend_handles_labels()
    figure.legend(handles, labels, ncol=len(labels), loc="lower center", bbox_to_anchor=(0.5, 1.0))
    return save(figure, folder, name)


def draw_column(axes, parts: dict[str, Evaluation], methods: list[str]) -> None:
    thick = 0.8 / len(methods)
    for place, method in enumerate(methods):
        offset = (place - (len(methods) - 1) / 2) * thick
        bars = [(row + offset, part.exact(method)) for row, part in enumerate(parts.values()) if method != RANDOM or has_random(part)]
        draw_bars(axes, bars, thick, method)
    ceilings = [100 * part.ceiling() for part in parts.values()]
    rows = np.arange(len(parts))
    axes.vlines(ceilings, rows - 0.42, rows + 0.42, color="black", linewidth=1.2, label="ceiling")
    axes.set_yticks(rows, [f"{phenomenon.replace('_', ' ')} ({len(part.cases)})" for phenomenon, part in parts.items()])
    axes.set(xlabel="exact answers (%), 95% intervals", xlim=(0, 101), ylim=(len(parts) - 0.5, -0.5))
    axes.grid(axis="y", visible=False)


def draw_bars(axes, bars: list[tuple[float, Figure]], thick: float, method: str) -> None:
    rows = [row for row, _ in bars]
    value, low, high = (np.array([100 * getattr(figure, end) for _, figure in bars]) for end in ("value", "low", "high"))
    axes.barh(rows, value, height=0.9 * thick, color=COLORS[method], label=method,
              xerr=np.maximum(0, [value - low, high - value]), error_kw={"linewidth": 0.7, "ecolor": "#333333"})


def gate_violins(folder: Path, evaluation: Evaluation) -> Path:
    shown = {"as heard": NAMED, "corrupted": NAMED_CORRUPTED, "absent": NAMED_ABSENT}
    values = {name: gates for name, phenomenon in shown.items() if (gates := evaluation.gates("network", phenomenon))}
    figure, axes = plt.subplots(figsize=(4.8, 3.6))
    draw = np.random.default_rng(1)
    for place, (name, gates) in enumerate(values.items()):
        if np.ptp(gates) > 0:
            body = axes.violinplot([gates], [place], widths=0.8, showextrema=False)["bodies"][0]
            body.set(facecolor=COLORS["network"], alpha=0.45)
        axes.scatter(place + draw.uniform(-0.2, 0.2, len(gates)), gates, s=6, color=COLORS["text-blind"], alpha=0.5, linewidths=0)
        axes.hlines(np.median(gates), place - 0.3, place + 0.3, color="black", linewidth=0.8)
    axes.set_xticks(range(len(values)), [f"sound {name}" for name in values])
    axes.set(ylabel="the network's gate on sound", ylim=(-0.02, 1.02), title="Commands that name a sound; lines are medians")
    return save(figure, folder, "gates")
