"""python3 -m training.evaluation.heldout --seed 1 --out FILE [--scale 1.0]: writes all suites as JSON lines."""

from __future__ import annotations

import argparse
import collections
import itertools
import json
import sys
from random import Random
from typing import Iterator

from . import modalities, pairs, suites
from .bad_input import bad_input
from .cases import BUILDERS, Case

_MOSTLY_ACT = ("act",) * 7 + ("absent",)
# of these, several cannot fit
_WANTS = {"superlative": _MOSTLY_ACT, "ordinal": _MOSTLY_ACT, "sound": ("act",)}
SUITES: dict[str, suites.Suite] = {name: suites.phenomenon(name, name, _WANTS.get(name, ())) for name in BUILDERS}
SUITES |= {
    "absent": suites.phenomenon("absent", wants=("absent",)),
    "ambiguous": suites.phenomenon("ambiguous", wants=("clarify",)),
    "iid_noisy": suites.iid(1.0),
    "iid_clean": suites.iid(0.0),
    "unseen_synonyms": suites.synonyms,
    "unseen_verbs": suites.plain("unseen_verbs", suites.unseen_verbs),
    "unseen_relations": suites.plain("unseen_relations", suites.unseen_relations, topic="mixed"),
    "typos": suites.plain("typos", suites.typos),
    "compositional": suites.compositional,
    "swapped_words": pairs.swapped_words,
    "mirrored_scene": pairs.mirrored_scene,
    "phrasing": suites.plain("phrasing", suites.phrasing, topic="mixed"),
    "open_vocabulary": suites.open_vocabulary,
    **modalities.MISSING,
    "vision_gone": suites.plain("vision_gone", modalities.vision_gone),
    "blurred": suites.plain("blurred", modalities.blurred, noise=1.5, topic="mixed"),
    "out_of_vocabulary": suites.plain("out_of_vocabulary", suites.outside),
    "bad_input": bad_input,
    "stop": suites.plain("stop", suites.halting),
}
SOUND_SUITES = ("audio_gate", "sound_absent", "sound_corrupted")
_COUNTS = {"iid_noisy": 1000, "iid_clean": 1000, "unseen_synonyms": 340}


def _suite(name: str, seed: int) -> Iterator[Case]:
    if name in SOUND_SUITES:
        return modalities.sound_variant(name)(str(seed))
    return SUITES[name](Random(f"{seed}:{name}"))


def generate(seed: int, scale: float) -> Iterator[Case]:
    """All cases of all suites, about 300 a suite at scale 1; pairs are never parted."""
    for name in (*SUITES, *SOUND_SUITES):
        count = max(2, 2 * round(_COUNTS.get(name, 300) * scale / 2))
        for number, case in enumerate(itertools.islice(_suite(name, seed), count)):
            yield {"id": f"{name}-{number:04d}", "phenomenon": name} | case


def _summary(cases: list[Case]) -> str:
    lines = [f"{'suite':20} {'cases':>6} {'scenes':>6} {'act':>5} {'clarify':>7} {'absent':>6} {'refuse':>6} {'one of':>6} "
             f"{'missed':>6}"]
    groups: dict[str, list[Case]] = collections.defaultdict(list)
    for case in cases:
        groups[case["phenomenon"]].append(case)
    for name, group in [*groups.items(), ("all", cases)]:
        tally = collections.Counter(c["expect"].get("outcome", "one of") for c in group)
        missed = sum(c.get("missed", False) for c in group) / len(group)
        lines.append(f"{name:20} {len(group):6} {len({c['scene'] for c in group}):6} {tally['act']:5} {tally['clarify']:7} "
                     f"{tally['absent']:6} {tally['refuse']:6} {tally['one of']:6} {missed:6.1%}")
    return "\n".join(lines)


def main() -> None:
    """Writes the file and prints a table of it on stderr."""
    parser = argparse.ArgumentParser(prog="python3 -m training.evaluation.heldout", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", required=True, help="the file to write, JSON lines")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the usual number of cases")
    options = parser.parse_args()
    cases = list(generate(options.seed, options.scale))
    with open(options.out, "w", encoding="utf-8") as out:
        for case in cases:
            out.write(json.dumps(case, ensure_ascii=False, separators=(",", ":")) + "\n")
    print(_summary(cases), file=sys.stderr)


if __name__ == "__main__":
    main()
