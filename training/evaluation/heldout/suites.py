"""Suites of scenes and language. Each yields cases without end; the caller takes as many as it wants."""

from __future__ import annotations

import itertools
import zlib
from random import Random
from typing import Callable, Iterator

from . import distort, recipes
from .cases import (BUILDERS, Builder, Case, Stage, action_for, any_outcome, draw, generate_non_empty, make, scene_for,
                    speak, targeted, tokens)
from .grammar import Grammar, finish, plural
from .pools import COLOURS, class_of, classes, open_classes, phrases, rows
from .program import RELATIONS, Phrase, Program, Unsure, execute
from .recipes import phrase
from .scene import Scene, Thing

Suite = Callable[[Random], Iterator[Case]]
COMMANDS_A_SCENE = 4
_SHARES = {"act": 0.78, "absent": 0.11, "clarify": 0.11}


def stages(rng: Random, name: str, scene: Callable[[], Scene], noise: Callable[[int], float]) -> Iterator[Stage]:
    """Ever new stages; `noise` by the scene's number."""
    for number in itertools.count():
        yield Stage.of(rng, f"{name}-s{number:04d}", scene(), noise(number))


def _commands(rng: Random, stage: Stage, once: Callable[[], Case | None]) -> Iterator[Case]:
    """Up to four cases of a stage."""
    made = 0
    for _ in range(3 * COMMANDS_A_SCENE):
        case = once() if made < COMMANDS_A_SCENE else None
        if case:
            made += 1
            yield case


def phenomenon(name: str, builder: str | None = None, wants: tuple[str, ...] = ()) -> Suite:
    """Cases of one phenomenon, scenes in turn noisy and clean; `wants` fixes the outcomes."""

    def suite(rng: Random) -> Iterator[Case]:
        tally: dict[str, float] = dict.fromkeys(_SHARES, 0.0)
        for stage in stages(rng, name, lambda: scene_for(rng, builder or "mixed"), lambda n: float(n % 2 == 0)):
            def once() -> Case | None:
                # what failed to be drawn counts a little, so that what is rare is tried more often, but not for ever
                want = rng.choice(wants) if wants else min(_SHARES, key=lambda o: (tally[o] + rng.random()) / _SHARES[o])
                build = BUILDERS[builder] if builder else BUILDERS[rng.choice([b for b in BUILDERS if b != "sound"])]
                program = draw(rng, stage, build, want)
                case = program and make(stage, program, speak(rng, program))
                tally[want] += 1 if case else 0.2
                return case
            yield from _commands(rng, stage, once)

    return suite


def iid(noise: float) -> Suite:
    """All phenomena mixed, with what is not for the robot, stops and resumes among them."""

    def suite(rng: Random) -> Iterator[Case]:
        name = "iid_noisy" if noise else "iid_clean"
        for number in itertools.count():
            topic = rng.choice(list(BUILDERS) + ["mixed", "mixed", "any", "any"])
            stage = Stage.of(rng, f"{name}-s{number:04d}", scene_for(rng, topic), noise)

            def once() -> Case | None:
                if rng.random() < 0.06:
                    return rng.choice((outside, halting))(rng, stage)
                builder = topic if topic in BUILDERS and rng.random() < 0.5 else rng.choice(list(BUILDERS))
                program = draw(rng, stage, BUILDERS[builder], any_outcome(rng), 15)
                case = program and make(stage, program, speak(rng, program))
                return case and case | {"of": builder}
            yield from _commands(rng, stage, once)

    return suite


def outside(rng: Random, stage: Stage) -> Case:
    """A request that is not for the robot."""
    text = rng.choice(rows("refusals"))[0]
    text = text.replace("{N}", rng.choice([t.label for t in stage.scene.things] + ["lamp"]))
    text = rng.choice(("", "", "", "please ", "robot, ", "hey robot, ")) + text
    return tokens(stage) | {"variant": "noisy" if stage.noise else "clean", "of": "out_of_vocabulary",
                            "command": finish(rng, text), "expect": {"outcome": "refuse", "class": []}}


def halting(rng: Random, stage: Stage) -> Case:
    """A stop, which no other word in the command may weaken, or a resume."""
    pool, text = rng.choice([r for r in rows("stops") if r[0] == "stop" or rng.random() < 0.6])
    if "{O}" in text:
        label = rng.choice(stage.scene.things).label
        action = action_for(rng, label)
        order = {"action": "go_to" if action == "report" else action, "target": phrase(label)}
        text = text.replace("{O}", Grammar(rng).order(order).rstrip("?"))
    return tokens(stage) | {"variant": pool, "of": "stop", "command": finish(rng, text),
                            "expect": {"outcome": "act", "action": pool, "class": []}}


def plain(name: str, maker: Callable[[Random, Stage], Case | None], noise: float = 0.0, topic: str = "any") -> Suite:
    """Four cases a scene, each by `maker`."""

    def suite(rng: Random) -> Iterator[Case]:
        for stage in stages(rng, name, lambda: scene_for(rng, topic), lambda _: noise):
            yield from _commands(rng, stage, lambda: maker(rng, stage))

    return suite


def _draw_any(rng: Random, stage: Stage, *builders: Builder, act: float = 0.8) -> Program | None:
    return draw(rng, stage, rng.choice(builders), any_outcome(rng, act))


def unseen_verbs(rng: Random, stage: Stage) -> Case | None:
    """Verbs and phrases for each action that stand in no usual list."""
    program = _draw_any(rng, stage, BUILDERS["avoid"], BUILDERS["destination"], *[targeted(recipes.without_relations, 1)] * 3,
                        act=0.9)
    return program and make(stage, program, speak(rng, program, verbs="unseen"))


def unseen_relations(rng: Random, stage: Stage) -> Case | None:
    """Unusual phrasings of relations and places."""
    program = _draw_any(rng, stage, BUILDERS["relation"], BUILDERS["relation"], BUILDERS["superlative"], act=0.9)
    return program and make(stage, program, speak(rng, program, pool="unseen"))


def typos(rng: Random, stage: Stage) -> Case | None:
    """Misspelt and misheard commands."""
    variant = rng.choice(("typo1", "typo2", "speech"))
    builders = [BUILDERS[b] for b in ("class", "attribute", "superlative", "ordinal", "relation", "avoid", "destination")]
    program = _draw_any(rng, stage, *builders, act=0.85)
    if program is None:
        return None
    text = speak(rng, program)
    wrong = distort.as_heard(rng, text) if variant == "speech" else distort.with_typos(rng, text, int(variant[-1]))
    return make(stage, program, wrong, variant) if wrong != text else None


def synonyms(rng: Random) -> Iterator[Case]:
    """The label is one word, the command uses another. No other object's kind comes near."""
    pool = list(rows("synonyms"))
    for number in itertools.count():
        if number % len(pool) == 0:
            rng.shuffle(pool)
        label, synonym = pool[number % len(pool)]
        kind, safe = class_of(label).kind, ("sports", "food", "animals", "workshop")
        count = rng.choice((1, 2, 2, 3))
        options = [c for c in classes().values() if c.kind != kind and (kind != "other" or c.kind in safe)]
        others = [c.label for c in rng.sample(options, rng.choice((2, 3)))]
        palette = rng.sample(class_of(label).colours if len(class_of(label).colours) > 2 else COLOURS, 3)
        content = [(label, palette[i % 3]) for i in range(count)]
        content += [(o, rng.choice(palette)) for o in others for _ in range(rng.choice((1, 2)))]
        stage = Stage.of(rng, f"unseen_synonyms-s{number:04d}", generate_non_empty(rng, exactly=content, place="room"), 0.0)
        if all(t.label != label for t in stage.scene.things):
            continue
        yield from itertools.islice(_commands(rng, stage, lambda: _with_synonym(rng, stage, label, synonym)), 1)


def _with_synonym(rng: Random, stage: Stage, label: str, synonym: str) -> Case | None:
    scene = stage.scene
    thing = rng.choice([t for t in scene.things if t.label == label])
    program = {"action": action_for(rng, label), "target": recipes.unique(rng, scene, thing) or phrase(label)}
    if rng.random() < 0.25:
        others = [t for t in scene.things if t.label != label]
        other = recipes.unique(rng, scene, rng.choice(others), True) if others else None
        if other is None or recipes.unique(rng, scene, thing) is None:
            return None
        relation = next((r for r in rng.sample(list(RELATIONS), 6) if _holds(scene, other, r, program["target"])), None)
        if relation is None:
            return None
        program = {"action": action_for(rng, other["labels"][0]), "target": other | {"filters": other["filters"] + [
            ["rel", relation, program["target"] | {"noun": synonym}]]}}
    else:
        program["target"]["noun"] = synonym
    case = make(stage, program, speak(rng, program))
    return case and case | {"variant": f"{label}={synonym}"}


def _holds(scene: Scene, first: Phrase, relation: str, second: Phrase) -> bool:
    """Whether exactly one object fits the first phrase in this relation to the second."""
    try:
        related = first | {"filters": first["filters"] + [["rel", relation, second]]}
        return execute(scene, {"action": "pick", "target": related}).outcome == "act"
    except Unsure:
        return False


def compositional(rng: Random) -> Iterator[Case]:
    """Colour and noun, half of them pairs that are kept out of training by their checksum."""
    for stage in stages(rng, "compositional", lambda: scene_for(rng, "mixed"), lambda n: float(n % 2)):
        def once() -> Case | None:
            program = _draw_any(rng, stage, *[BUILDERS["attribute"]] * 2, targeted(coloured_superlative))
            if program is None:
                return None
            colour = next(f[1] for f in program["target"]["filters"] if f[0] == "color")
            rare = zlib.crc32(f"{colour} {program['target']['noun']}".encode()) % 100 < 15
            if not rare and rng.random() < 0.8:
                return None
            return make(stage, program, speak(rng, program, short_names=False), "held_out" if rare else "seen")
        yield from _commands(rng, stage, once)


def coloured_superlative(rng: Random, scene: Scene, thing: Thing, loose: bool) -> Phrase | None:
    """A superlative of one colour."""
    result = recipes.superlative(rng, scene, thing, loose)
    return result | {"filters": [["color", thing.colour]]}


def open_vocabulary(rng: Random) -> Iterator[Case]:
    """Labels that no detector's list has, and invented ones; a command may name one that is not there."""
    for number in itertools.count():
        labels = rng.sample(sorted(open_classes()), 3)
        content = [(rng.choice(labels[:2] if rng.random() < 0.7 else labels), rng.choice(COLOURS[:6])) for _ in
                   range(rng.choice((2, 3, 4, 6, 8)))]
        stage = Stage.of(rng, f"open_vocabulary-s{number:04d}", generate_non_empty(rng, exactly=content, place="room"),
                         float(number % 2))

        def once() -> Case | None:
            missing = [n for n in labels if all(t.label != n for t in stage.scene.things)]
            if missing and rng.random() < 0.15:
                program: Program | None = {"action": rng.choice(("pick", "bring", "report")), "target": phrase(missing[0])}
            else:
                program = _draw_any(rng, stage, *[targeted(r, 1) for r in (recipes.named, recipes.coloured, recipes.superlative,
                                                                         recipes.relation)], act=1.0)
            if program is None:
                return None
            kind = class_of(program["target"]["labels"][0]).kind
            return make(stage, program, speak(rng, program), kind)
        yield from _commands(rng, stage, once)


def phrasing(rng: Random, stage: Stage) -> Case | None:
    """Polite frames, questions, relative clauses, ellipsis."""
    variant = rng.choice(("polite", "relation", "simple", "thing", "ellipsis"))
    if variant == "polite":
        program = _draw_any(rng, stage, targeted(recipes.without_relations), BUILDERS["relation"], BUILDERS["avoid"])
        return program and make(stage, program, speak(rng, program, frames="polite"), variant)
    template = rng.choice(phrases("phrasing", variant))
    recipe = {"relation": recipes.relation, "thing": _coloured_thing, "simple": rng.choice((recipes.named, recipes.coloured)),
              "ellipsis": recipes.coloured}[variant]
    program = draw(rng, stage, targeted(recipe, 0.3), "act", 80)
    if program is None or program["target"]["select"] or variant == "relation" and program["target"]["filters"][-1][0] != "rel":
        return None
    program = program | {"action": _phrased_action(template)}
    target, grammar = program["target"], Grammar(rng, short_names=False)
    if program["action"] in ("pick", "bring") and variant != "thing" and "portable" not in class_of(target["labels"][0]).traits:
        return None
    colours = [f[1] for f in target["filters"] if f[0] == "color"]
    relations = [f for f in target["filters"] if f[0] == "rel"]
    related = grammar.relation(relations[0][1], relations[0][2], bare=True) if relations else ""
    noun = " ".join(colours + [target["noun"]]) if variant != "ellipsis" else target["noun"]
    text = template.replace("{N}", noun).replace("{R}", related).replace("{C}", "".join(colours[:1]))
    return make(stage, program, finish(rng, text.replace("{P}", plural(target["noun"]))), variant)


def _phrased_action(template: str) -> str:
    for words, action in (("where", "report"), ("look at", "look_at"), ("go to", "go_to")):
        if words in template:
            return action
    brings = ("bring", "get ", "fetch", "could I have", "like to have", ", now")
    return "bring" if any(b in template for b in brings) else "pick"


def _coloured_thing(rng: Random, scene: Scene, thing: Thing, loose: bool) -> Phrase | None:
    """'that red thing by the lamp'."""
    if "portable" not in class_of(thing.label).traits:
        return None
    result = recipes.relation(rng, scene, thing, loose)
    if result is None or not result["filters"] or result["filters"][-1][0] != "rel":
        return None
    return {"noun": "thing", "labels": ["*"], "filters": [["color", thing.colour], result["filters"][-1]], "select": None}
