"""Suites of pairs: the same words in another order, or the same scene from the other side."""

from __future__ import annotations

import itertools
from random import Random
from typing import Iterator

from .cases import BUILDERS, Case, Stage, action_for, draw, generate_non_empty, make, scene_for, speak
from .detector import detect
from .pools import COLOURS, classes
from .program import Program
from .recipes import phrase


def _same_words(rng: Random, stage: Stage, first: Program, second: Program, pair: str) -> Iterator[Case]:
    """Two cases whose sentences are drawn alike, when both are to be acted on, on different objects."""
    seed = rng.random()
    made = [make(stage, p, speak(Random(seed), p, short_names=False)) for p in (first, second)]
    expects = [m["expect"] for m in made if m]
    if len(expects) == 2 and all(e["outcome"] == "act" for e in expects) and expects[0]["target"] != expects[1]["target"]:
        yield from (m | {"pair": pair} for m in made if m)


def _with_colours(rng: Random, labels: list[str]) -> tuple[list[tuple[str, str]], Program, Program]:
    """Two classes in two colours each: 'the red A left of the blue B' and 'the red B left of the blue A'."""
    (a, b), (c, d) = labels, rng.sample(COLOURS, 2)
    relation = rng.choice(("left_of", "right_of", "behind", "in_front_of", "larger_than", "next_to"))
    programs = [{"action": "pick", "target": phrase(x, ["color", c], ["rel", relation, phrase(y, ["color", d])])}
                for x, y in ((a, b), (b, a))]
    return [(a, c), (b, d), (b, c), (a, d)], programs[0], programs[1]


def _without(rng: Random, labels: list[str]) -> tuple[list[tuple[str, str]], Program, Program]:
    """One of each: next to each other, or one to be avoided, or one to be put beside the other."""
    a, b = labels
    kind = rng.choice(("next_to", "avoid", "place"))
    if kind == "next_to":
        programs = [{"action": "pick", "target": phrase(x, ["rel", "next_to", phrase(y)])} for x, y in ((a, b), (b, a))]
    elif kind == "avoid":
        programs = [{"action": "go_to", "target": phrase(x), "avoid": phrase(y)} for x, y in ((a, b), (b, a))]
    else:
        programs = [{"action": "place", "target": phrase(x), "destination": phrase(y), "manner": "next_to"}
                    for x, y in ((a, b), (b, a))]
    return [(a, rng.choice(COLOURS)), (b, rng.choice(COLOURS))], programs[0], programs[1]


def swapped_words(rng: Random) -> Iterator[Case]:
    """Pairs in which the two nouns of a relation change places."""
    small = [c for c in classes().values() if "portable" in c.traits and 0.1 <= max(c.width, c.height) <= 0.5]
    number = 0
    for attempt in itertools.count():
        chosen = rng.sample(small, 4)
        if len({c.group for c in chosen}) < 4:
            continue
        labels = [c.label for c in chosen]
        contents, first, second = rng.choice((_with_colours, _with_colours, _without))(rng, labels[:2])
        contents += [(label, rng.choice(COLOURS)) for label in labels[2:] for _ in range(rng.choice((0, 1, 2)))]
        scene = generate_non_empty(rng, exactly=contents, place=rng.choice(("tabletop", "room")), moving=0.0)
        stage = Stage.of(rng, f"swapped_words-s{attempt:05d}", scene, 0.0)
        cases = list(_same_words(rng, stage, first, second, f"swapped-{number:04d}"))
        number += bool(cases)
        yield from cases


def mirrored_scene(rng: Random) -> Iterator[Case]:
    """Pairs of a scene and its mirror image, with the same command, which means another object there."""
    number = 0
    for attempt in itertools.count():
        scene, seed = scene_for(rng, "mixed"), rng.random()
        one = Stage(f"mirrored_scene-s{attempt:05d}", scene, detect(Random(seed), scene, 0.0), 0.0)
        twin = scene.mirrored()
        other = Stage(one.name, twin, detect(Random(seed), twin, 0.0), 0.0)
        for _ in range(4):
            program = draw(rng, one, BUILDERS[rng.choice(("superlative", "ordinal", "relation"))], "act")
            if program is None or not any(word in str(program) for word in ("left", "right")):
                continue
            program["action"] = action_for(rng, program["target"]["labels"][0])
            text = speak(rng, program)
            cases = [make(stage, program, text, variant) for stage, variant in ((one, "original"), (other, "mirrored"))]
            expects = [c["expect"] for c in cases if c]
            if len(expects) == 2 and all(e["outcome"] == "act" for e in expects) and (
                    expects[0]["target"] != expects[1]["target"]):
                yield from (c | {"pair": f"mirrored-{number:04d}"} for c in cases if c)
                number += 1
