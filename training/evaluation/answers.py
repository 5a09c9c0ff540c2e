"""Asks the product itself: `./edge-perception ground --batch`, two processes at a time, answers kept by content."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "artifacts" / "evaluation"
PROGRAM = ROOT / "edge-perception"
APP = ROOT / "artifacts" / "app"
ENCODER = "minilm"
AT_ONCE = 2
REPORT_EVERY = 15.0


@dataclass(frozen=True)
class Method:
    """One way to answer: --method with --network, a manifest in configs/models; several runs may share a name."""

    name: str
    method: str
    network: str | None = None
    options: tuple[str, ...] = ()
    more: tuple[Path, ...] = ()

    @property
    def files(self) -> list[Path]:
        """The files that its answers depend on: the network's and the encoder's with their manifests, calibration, ear; and more."""
        if self.network is None:
            return list(self.more)
        grounding = ROOT / "models" / "grounding"
        return [*named(self.network), grounding / "calibration.yaml", *named(ENCODER), grounding / "ear.json", *self.more]

    @property
    def label(self) -> str:
        return f"{self.name} ({self.network})" if self.network else self.name

    @property
    def command(self) -> list[str]:
        network = [] if self.network is None else ["--network", str(self.files[0])]
        return ["--method", self.method, *network, *self.options]


def named(model: str) -> list[Path]:
    """The manifest of a model, and the files that it names where it is there."""
    manifest = ROOT / "configs" / "models" / f"{model}.yaml"
    lines = manifest.read_text(encoding="utf-8").splitlines() if manifest.exists() else []
    parts = [line.split() for line in lines]
    return [manifest, *(ROOT / "models" / words[1] for words in parts if len(words) > 1 and words[0] == "file:")]


def say(text: str) -> None:
    print(f"evaluate: {text}", file=sys.stderr, flush=True)


def read_lines(file: Path) -> list[dict]:
    """One JSON value a line; a line ends at a line feed alone, whatever characters a command holds."""
    with file.open(encoding="utf-8", newline="\n") as lines:
        return [json.loads(line) for line in lines]


def write_lines(file: Path, values: list[dict]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="\n") as lines:
        lines.writelines(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n" for value in values)


def build() -> None:
    """Builds the program once, before two of it are started side by side."""
    subprocess.run([PROGRAM, "--version"], stdout=subprocess.DEVNULL, check=True)


def available(methods: list[Method]) -> list[Method]:
    """The methods whose files are all there; of the others it is said that they are left out."""
    here = []
    for method in methods:
        missing = next((file for file in method.files if not file.exists()), None)
        if missing is None:
            here.append(method)
        else:
            say(f"{method.label} is left out: {missing.relative_to(ROOT)} is not there")
    return here


def ask_all(cases: Path, methods: list[Method]) -> Iterator[tuple[Method, list[dict]]]:
    """Each method with its answers, in the order of the methods."""
    began = time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        asked = {pool.submit(ask, cases, method): method for method in methods}
        waiting = set(asked)
        while waiting:
            done, waiting = wait(waiting, REPORT_EVERY)
            if any(answer.exception() for answer in done):
                pool.shutdown(cancel_futures=True)
            if waiting:
                lines = sum(count_lines(partial_of(kept_file(cases, asked[answer]))) for answer in waiting)
                say(f"{time.monotonic() - began:.0f} s: {len(asked) - len(waiting)} of {len(asked)} methods have answered"
                    f"{f', {lines} answers of the next' if lines else ''}")
    return ((method, answer.result()) for answer, method in asked.items())


def ask(cases: Path, method: Method) -> list[dict]:
    """The answers to all cases, in their order; those that were given before are taken from artifacts/evaluation/answers."""
    kept = kept_file(cases, method)
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with partial_of(kept).open("w", encoding="utf-8") as file:
            command = [str(PROGRAM), "ground", "--batch", str(cases), *method.command]
            done = subprocess.run(command, stdout=file, stderr=subprocess.PIPE, text=True, check=False)
        # Exit 2 with an answer for each case: some hold the reason why they could not be read.
        if done.returncode not in (0, 2) or count_lines(partial_of(kept)) != count_lines(cases):
            raise SystemExit(f"evaluate: {method.label} gave no answers (exit {done.returncode}): {done.stderr.strip()}")
        partial_of(kept).rename(kept)
    return read_lines(kept)


def kept_file(cases: Path, method: Method) -> Path:
    """Where answers are kept; its name tells of everything that they depend on."""
    digest = hashlib.sha256(" ".join([method.method, *method.options]).encode())
    for file in [cases, *sorted(APP.glob("EdgePerception.*.dll")), *method.files]:
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return FOLDER / "answers" / f"{method.name.replace(' ', '-')}-{digest.hexdigest()[:16]}.jsonl"


def partial_of(kept: Path) -> Path:
    return kept.with_suffix(".partial")


def count_lines(file: Path) -> int:
    return file.read_bytes().count(b"\n") if file.exists() else 0
