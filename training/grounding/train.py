"""Trains one network on generated scenes: `python3 -m training.grounding.train --variant attention --seed 1 --out DIR`.

Writes a checkpoint every minute and goes on from it when it is started again. One process keeps one core busy.
"""

from __future__ import annotations

import argparse
import math
import os
import random
import sys
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import torch

from .batches import collate
from .losses import answer, loss
from .meanings import Meanings
from .names import Names
from .network import VARIANTS
from .phrases import Verbs
from .samples import SampleGenerator
from .scenes import COLORS

STEPS, BATCH = 14000, 64
RATE, WARM_UP, DECAY_FROM, CLIP = 1.1e-3, 300, 0.45, 1.0
EASY_UNTIL = 0.15  # share of the steps over which scenes grow from few clear objects to many noisy ones
VALIDATION_SEED, VALIDATION = 7, 640
CHECKPOINT_SECONDS = 60


class Feed:
    """Batches of samples of similar length, drawn on from a seed."""

    def __init__(self, names: Names, verbs: Verbs, meanings: Meanings, seed: int) -> None:
        self._generator, self._meanings = SampleGenerator(names, verbs, seed), meanings
        self._random = random.Random(seed)
        self._ready: list[list] = []

    def next(self, progress: float) -> dict[str, torch.Tensor]:
        ease = min(1.0, progress / EASY_UNTIL)
        if not self._ready:
            samples = self._generator.draw(BATCH * 10, most=int(4 + 12 * ease), noise=0.15 + 0.85 * ease, per_scene=6)
            samples.sort(key=lambda sample: len(sample.detections) + 0.6 * sample.text.count(" ") + len(sample.sounds) + 2 * self._random.random())
            self._ready = [samples[i:i + BATCH] for i in range(0, len(samples), BATCH)]
            self._random.shuffle(self._ready)
        return tensors(self._ready.pop(), self._meanings)


def tensors(samples, meanings: Meanings) -> dict[str, torch.Tensor]:
    return {key: torch.from_numpy(value) for key, value in collate(samples, meanings).items()}


def rate(progress: float, step: int) -> float:
    """Constant after the warm-up, then along a cosine to nothing."""
    fall = max(0.0, (progress - DECAY_FROM) / (1 - DECAY_FROM))
    return RATE * min(1.0, (step + 1) / WARM_UP) * 0.5 * (1 + math.cos(math.pi * fall)) + 1e-6


def optimizer_of(net: torch.nn.Module) -> torch.optim.Optimizer:
    matrices = [p for p in net.parameters() if p.dim() > 1]
    rest = [p for p in net.parameters() if p.dim() <= 1]
    return torch.optim.AdamW([{"params": matrices, "weight_decay": 0.01}, {"params": rest, "weight_decay": 0.0}], lr=RATE, betas=(0.9, 0.98))


def validate(net: torch.nn.Module, batches: list[dict[str, torch.Tensor]]) -> float:
    """Share of exact targets."""
    net.eval()
    with torch.no_grad():
        right = [(answer(net, batch)[0][:, 0].argmax(1) == batch["referents"][:, 0]).float().mean().item() for batch in batches]
    net.train()
    return sum(right) / len(right)


def train(variant: str, seed: int, steps: int, folder: Path) -> None:
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    names, verbs, meanings = Names(), Verbs(), Meanings()
    net = VARIANTS[variant]()
    net.encode.colors.copy_(torch.from_numpy(meanings.of(COLORS)))
    net.encode.names.common.copy_(torch.from_numpy(meanings.of([kind.label for kind in names.detector + names.others]).mean(0)))
    optimizer = optimizer_of(net)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{variant}-{seed}.pt"
    step = resume(path, net, optimizer)
    # A feed that was broken off goes on with other samples, never with the same again.
    feed = Feed(names, verbs, meanings, 1000 * seed + step)
    held = SampleGenerator(names, verbs, VALIDATION_SEED).draw(VALIDATION, broken=False)
    validation = [tensors(held[i:i + 80], meanings) for i in range(0, VALIDATION, 80)]
    started = saved = time.monotonic()
    first, sums = step, {}
    while step < steps:
        progress = step / steps
        for group in optimizer.param_groups:
            group["lr"] = rate(progress, step)
        total, parts = loss(net, feed.next(progress))
        optimizer.zero_grad()
        total.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), CLIP)
        optimizer.step()
        step += 1
        sums = {key: sums.get(key, 0.0) + value for key, value in parts.items()}
        if step % 100 == 0:
            left = (time.monotonic() - started) / (step - first) * (steps - step)
            figures = "  ".join(f"{key} {value / 100:.3f}" for key, value in sums.items())
            checked = f"  validation {validate(net, validation):.3f}" if step % 500 == 0 else ""
            say(f"{variant} {seed}: step {step} of {steps}, {left / 60:.0f} min left  {figures}{checked}")
            sums = {}
        if time.monotonic() - saved > CHECKPOINT_SECONDS or step == steps:
            save(path, net, optimizer, step)
            saved = time.monotonic()


def resume(path: Path, net: torch.nn.Module, optimizer: torch.optim.Optimizer) -> int:
    """Takes up a checkpoint; gives the steps that were done."""
    if not path.exists():
        return 0
    state = torch.load(path)
    net.load_state_dict(state["net"])
    optimizer.load_state_dict(state["optimizer"])
    say(f"{path.name}: goes on at step {state['step']}")
    return state["step"]


def save(path: Path, net: torch.nn.Module, optimizer: torch.optim.Optimizer, step: int) -> None:
    partial = path.with_suffix(".partial")
    torch.save({"net": net.state_dict(), "optimizer": optimizer.state_dict(), "step": step}, partial)
    partial.rename(path)


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="Trains one network; goes on where it was broken off.")
    parser.add_argument("--variant", choices=VARIANTS, default="attention")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--out", type=Path, default=Path("artifacts/training"))
    options = parser.parse_args()
    train(options.variant, options.seed, options.steps, options.out)


if __name__ == "__main__":
    main()
