"""Suites in which a sense is missing, degraded or wrong."""

from __future__ import annotations

import copy
from random import Random
from typing import Any, Callable, Iterator

from . import recipes
from .cases import BUILDERS, Builder, Case, Stage, any_outcome, draw, generate_non_empty, make, scene_for, speak, targeted
from .program import Program, Unsure, execute
from .scene import Scene
from .suites import Suite, plain, stages

_NOT_ACT = ["clarify", "absent", "refuse"]
_SOUND_LABELS = ("beep", "alarm", "siren", "ring", "knock", "clap", "engine", "water", "glass", "music", "speech", "bark",
                 "meow")


def _drop_key(key: str) -> Callable[[Case], None]:
    def drop(case: Case) -> None:
        for item in case["objects"]:
            del item[key]
    return drop


def _drop_sounds(case: Case) -> None:
    case["sounds"] = []


def _drop_camera(case: Case) -> None:
    del case["camera"]


def _stripped(program: Program, kinds: tuple[str, ...]) -> Program:
    """The program without the clauses that need the missing sense."""
    target = program["target"]
    select = target["select"] if not target["select"] or target["select"][0] not in kinds else None
    return program | {"target": target | {"filters": [f for f in target["filters"] if f[0] not in kinds], "select": select}}


def _needs(program: Program, kinds: tuple[str, ...]) -> bool:
    return any(f"['{kind}'" in str(program) for kind in kinds)


def missing(name: str, needing: Builder, topic: str, kinds: tuple[str, ...], drop: Callable[[Case], None]) -> Suite:
    """A sense is missing: commands that need it must not be acted on, the others as ever."""

    def suite(rng: Random) -> Iterator[Case]:
        def once(rng: Random, stage: Stage) -> Case | None:
            needed = rng.random() < 0.5
            if needed:
                program = draw(rng, stage, needing, "act")
            else:
                names = ("class", "superlative", "ordinal", "relation", "motion", "attribute", "destination")
                program = draw(rng, stage, BUILDERS[rng.choice(names)], any_outcome(rng))
            if program is None or needed != _needs(program, kinds):
                return None
            try:
                if needed and execute(stage.scene, _stripped(program, kinds)).outcome != "clarify":
                    return None
            except Unsure:
                return None
            case = make(stage, program, speak(rng, program), "needed" if needed else "not_needed")
            if case:
                drop(case)
                if needed:
                    case["expect"] = {"outcome_in": _NOT_ACT, "class": case["expect"]["class"]}
            return case
        return plain(name, once, 0.0, topic)(rng)

    return suite


_COLOURED = targeted(recipes.coloured, 0.0)
MISSING: dict[str, Suite] = {
    "no_colours": missing("no_colours", _COLOURED, "mixed", ("color", "not_color"), _drop_key("colors")),
    "no_velocity": missing("no_velocity", targeted(recipes.motion, 0.0), "motion", ("moving", "still"), _drop_key("velocity")),
    "no_sound": missing("no_sound", targeted(recipes.sounding, 0.0), "sound", ("sounding",), _drop_sounds),
    "no_field_of_view": missing("no_field_of_view", targeted(recipes.sounding, 0.0), "sound", ("sounding",), _drop_camera),
}


def vision_gone(rng: Random, stage: Stage) -> Case | None:
    """Nothing can be seen any more; the tokens that remain are worth nothing."""
    program = draw(rng, stage, BUILDERS[rng.choice(("class", "attribute", "relation", "destination"))], "act")
    case = program and make(stage, program, speak(rng, program))
    if not case:
        return None
    stale = rng.random() < 0.5
    if not stale:
        case["objects"] = []
    return case | {"quality": {"vision": 0.0, "sound": 1.0}, "variant": "stale_objects" if stale else "no_objects",
                   "expect": {"outcome_in": ["clarify", "refuse"], "class": []}}


def blurred(rng: Random, stage: Stage) -> Case | None:
    """A blurred picture: more of every fault of the detector."""
    program = draw(rng, stage, BUILDERS[rng.choice(("class", "attribute", "superlative", "relation", "destination"))],
                   any_outcome(rng))
    case = program and make(stage, program, speak(rng, program))
    return case and case | {"quality": {"vision": 0.3, "sound": 1.0}, "variant": "noisy"}


def scrambled(rng: Random, sounds: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same number of sounds with other labels, from anywhere."""
    labels = rng.sample([s for s in _SOUND_LABELS if all(s != t["label"] for t in sounds)], len(sounds))
    return [s | {"label": label, "azimuthDeg": round(rng.uniform(-180, 180), 1)} for s, label in zip(sounds, labels)]


def sound_variant(name: str) -> Callable[[str], Iterator[Case]]:
    """Commands that do not speak of sound. All three suites draw the same cases, so that they can be compared:
    audio_gate with the true sounds, sound_absent without, sound_corrupted with wrong ones."""

    def suite(seed: str) -> Iterator[Case]:
        rng, scrambling, number = Random(f"{seed}:sound"), Random(f"{seed}:{name}"), 0

        def scene() -> Scene:
            while True:
                made = generate_non_empty(rng, sounding=2) if rng.random() < 0.3 else scene_for(rng, "sound")
                if made.sounds:
                    return made
        for stage in stages(rng, "sound", scene, lambda _: 0.0):
            for _ in range(4):
                builder = rng.choice(("class", "attribute", "superlative", "relation", "avoid", "motion"))
                program = draw(rng, stage, BUILDERS[builder], any_outcome(rng))
                case = program and make(stage, program, speak(rng, program))
                if not case:
                    continue
                case = copy.deepcopy(case) | {"pair": f"sound-{number:04d}"}
                number += 1
                if name == "sound_absent":
                    _drop_sounds(case)
                elif name == "sound_corrupted":
                    case["sounds"] = scrambled(scrambling, case["sounds"])
                    case["quality"] = {"vision": 1.0, "sound": 1.0}
                yield case

    return suite
