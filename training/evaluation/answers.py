"""Asks the product itself: `./edge-perception ground --batch`, one process a method, answers kept by content."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "artifacts" / "evaluation" / "answers"
AT_ONCE = 2


@dataclass(frozen=True)
class Method:
    """One way to answer: rules, the network or both, with which network."""

    name: str
    method: str
    network: str | None = None

    @property
    def manifest(self) -> Path | None:
        return None if self.network is None else ROOT / "configs" / "models" / f"{self.network}.yaml"

    def missing(self) -> str | None:
        """Why it cannot be asked here; none when it can."""
        if self.manifest is None:
            return None
        if not self.manifest.exists():
            return f"{self.manifest.relative_to(ROOT)} is not there"
        name = next(line.split()[1] for line in self.manifest.read_text(encoding="utf-8").splitlines() if line.startswith("file:"))
        return None if (ROOT / "models" / name).exists() else f"models/{name} is not there"


def ask(cases: Path, method: Method, *options: str) -> list[dict]:
    """The answers to all cases, in their order."""
    kept = KEPT / f"{method.name}-{key_of(cases, method, options)}.jsonl"
    if not kept.exists():
        command = [str(ROOT / "edge-perception"), "ground", "--batch", str(cases), "--method", method.method, *options]
        if method.manifest is not None:
            command += ["--network", str(method.manifest)]
        kept.parent.mkdir(parents=True, exist_ok=True)
        partial = kept.with_suffix(".partial")
        with partial.open("w", encoding="utf-8") as file:
            done = subprocess.run(command, stdout=file, stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode not in (0, 2):
            raise SystemExit(f"evaluate: {' '.join(command[1:])} ended with {done.returncode}: {done.stderr.strip()}")
        partial.rename(kept)
        print(f"evaluate: {method.name} has answered", file=sys.stderr, flush=True)
    return [json.loads(line) for line in kept.read_text(encoding="utf-8").splitlines()]


def ask_all(cases: Path, methods: list[Method], *options: str) -> dict[str, list[dict]]:
    """The answers of every method that is there; two at a time."""
    subprocess.run([str(ROOT / "edge-perception"), "--version"], stdout=subprocess.DEVNULL, check=True)  # builds it once
    here = [method for method in methods if not say_missing(method)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(zip((method.name for method in here), pool.map(lambda method: ask(cases, method, *options), here)))


def say_missing(method: Method) -> bool:
    reason = method.missing()
    if reason is not None:
        print(f"evaluate: {method.name} is left out: {reason}", file=sys.stderr)
    return reason is not None


def key_of(cases: Path, method: Method, options: tuple[str, ...]) -> str:
    """What an answer depends on: the cases, the program, the network, the calibration."""
    digest = hashlib.sha256(" ".join([method.method, *options]).encode())
    files = [cases, ROOT / "artifacts" / "app" / "EdgePerception.Policy.dll", ROOT / "artifacts" / "app" / "EdgePerception.Fusion.dll",
             ROOT / "artifacts" / "app" / "EdgePerception.Runtime.dll"]
    if method.manifest is not None:
        files += [method.manifest, ROOT / "models" / "grounding" / "calibration.yaml"]
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
