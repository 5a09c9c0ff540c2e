"""The evaluation's pictures, each as PNG and SVG."""

from __future__ import annotations

from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

from .metrics import reliability, risk_coverage

# Okabe and Ito's colours, which the colour-blind tell apart.
COLORS = {"random of class": "#999999", "rules": "#E69F00", "network": "#56B4E9", "combined": "#009E73", "late fusion": "#CC79A7", "vision-blind": "#D55E00", "text-blind": "#0072B2"}


def save(figure, folder: Path, name: str) -> None:
    figure.tight_layout()
    for ending in ("png", "svg"):
        figure.savefig(folder / f"{name}.{ending}", dpi=130)
    plt.close(figure)


def plot_reliability(folder: Path, runs: dict[str, tuple[list[float], list[bool]]]) -> None:
    figure, axes = plt.subplots(figsize=(5, 4.6))
    axes.plot([0, 1], [0, 1], color="black", linewidth=0.8, linestyle="--")
    for name, (confidence, right) in runs.items():
        points = reliability(confidence, right)
        axes.plot([x for x, _ in points], [y for _, y in points], marker="o", markersize=4, color=COLORS[name], label=name)
    axes.set(xlabel="stated confidence", ylabel="share of right answers", title="Reliability, noisy tokens", xlim=(0, 1), ylim=(0, 1))
    axes.legend(frameon=False)
    save(figure, folder, "reliability")


def plot_risk_coverage(folder: Path, runs: dict[str, tuple[list[float], list[bool]]]) -> None:
    figure, axes = plt.subplots(figsize=(5.6, 4.2))
    for name, (confidence, right) in runs.items():
        points = risk_coverage(confidence, right)[20:]
        axes.plot([100 * x for x, _ in points], [100 * y for _, y in points], color=COLORS[name], label=name)
    axes.set(xlabel="answers kept, the surest first (%)", ylabel="wrong answers among them (%)", title="Risk and coverage, noisy tokens", xlim=(0, 100))
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False)
    axes.grid(alpha=0.3)
    save(figure, folder, "risk-coverage")


def plot_phenomena(folder: Path, table: dict[str, dict[str, tuple[float, tuple[float, float]]]], name: str, methods: list[str]) -> None:
    """Bars with intervals for each phenomenon."""
    phenomena = list(table)
    height = 0.8 / len(methods)
    figure, axes = plt.subplots(figsize=(8, 0.5 * len(phenomena) + 1.4))
    for place, method in enumerate(methods):
        values = [table[phenomenon].get(method) for phenomenon in phenomena]
        rows = [i + (place - (len(methods) - 1) / 2) * height for i, value in enumerate(values) if value]
        shown = [value for value in values if value]
        axes.barh(rows, [100 * value for value, _ in shown], height=height * 0.92, color=COLORS[method], label=method,
                  xerr=[[max(0, 100 * (value - low)) for value, (low, _) in shown], [max(0, 100 * (high - value)) for value, (_, high) in shown]], error_kw={"linewidth": 0.8})
    axes.set_yticks(range(len(phenomena)), [phenomenon.replace("_", " ") for phenomenon in phenomena])
    axes.invert_yaxis()
    axes.set(xlabel="exact answers (%), with 95% intervals", xlim=(0, 100))
    axes.legend(frameon=False, ncol=len(methods), loc="lower center", bbox_to_anchor=(0.5, 1.0))
    axes.grid(axis="x", alpha=0.3)
    save(figure, folder, name)


def plot_gates(folder: Path, clean: list[float], corrupted: list[float]) -> None:
    figure, axes = plt.subplots(figsize=(4.6, 4))
    parts = axes.violinplot([clean, corrupted], showmedians=True)
    for body in parts["bodies"]:
        body.set_facecolor(COLORS["combined"])
    axes.set_xticks([1, 2], ["sound as heard", "sound corrupted"])
    axes.set(ylabel="the sound's gate", title="Commands that name a sound", ylim=(0, 1))
    save(figure, folder, "gates")
