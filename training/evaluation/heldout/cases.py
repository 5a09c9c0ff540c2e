"""Cases: programs drawn for a scene, their sentences, and what must be answered on what the detector saw."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from random import Random
from typing import Any, Callable

from . import recipes
from .detector import Detections, detect
from .grammar import Grammar
from .pools import class_of
from .program import Phrase, Program, Unsure, execute, find, seen_part
from .recipes import Recipe
from .scene import Scene, generate

Case = dict[str, Any]
Builder = Callable[[Random, Scene, str], "Program | None"]


@dataclass
class Stage:
    """A scene, what was detected in it, and the programs that it was used for."""

    name: str
    scene: Scene
    seen: Detections
    noise: float
    used: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, rng: Random, name: str, scene: Scene, noise: float) -> "Stage":
        """Lets the detector look at the scene."""
        return cls(name, scene, detect(rng, scene, noise), noise)


def expectation(stage: Stage, program: Program) -> tuple[dict[str, Any], bool] | None:
    """What must be answered, and whether the true target was missed by the detector.

    It is the true answer among the things that have a detection: of what nobody saw, nobody can know.
    None when that hangs on a near tie.
    """
    ids = stage.seen.ids
    try:
        whole = execute(stage.scene, program)
        answer = execute(seen_part(stage.scene, ids), program)
    except Unsure:
        return None
    expect: dict[str, Any] = {"outcome": answer.outcome, "action": program["action"]}
    phrase = program.get("target") or program["avoid"]
    family = [o["id"] for o in stage.seen.objects if o["label"] in phrase["labels"]]
    if answer.target:
        target = ids[id(answer.target)]
        expect["target"] = target
        family = [o["id"] for o in stage.seen.objects if o["label"] == answer.target.label or o["id"] == target]
        if target in stage.seen.doubles:
            expect["same_object"] = stage.seen.doubles[target]
    if answer.destination:
        expect["destination"] = ids[id(answer.destination)]
    if "avoid" in program and answer.outcome == "act":
        expect["avoid"] = sorted((ids[id(t)] for t in answer.avoid), key=lambda i: int(i[1:]))
    expect["class"] = family
    return expect, whole.target is not None and id(whole.target) not in ids


def tokens(stage: Stage) -> Case:
    """The part of a case that comes from the scene."""
    return {"scene": stage.name, "noise": stage.noise, "image": {"width": stage.scene.width, "height": stage.scene.height},
            "camera": {"hfovDeg": stage.scene.hfov}, "objects": [dict(o) for o in stage.seen.objects],
            "sounds": [dict(s) for s in stage.seen.sounds]}


def make(stage: Stage, program: Program, text: str, variant: str = "") -> Case | None:
    """A whole case, or None when its answer hangs on a near tie or the scene has been asked this before."""
    key = json.dumps(program, sort_keys=True)
    expected = expectation(stage, program)
    if expected is None or key in stage.used:
        return None
    stage.used.add(key)
    case = tokens(stage) | {"variant": variant or ("noisy" if stage.noise else "clean"), "command": text,
                            "expect": expected[0], "program": program}
    if expected[1]:
        case["missed"] = True
    return case


def action_for(rng: Random, thing_label: str) -> str:
    """An action that makes sense for such an object."""
    traits = class_of(thing_label).traits
    options = ["go_to", "look_at", "report"]
    if "portable" in traits:
        options += ["pick"] * 4 + ["bring"] * 4
    if "mobile" in traits and "portable" not in traits:
        options += ["follow"] * 4
    return rng.choice(options)


def _easy(scene: Scene, program: Program) -> bool:
    """Whether the class alone tells the target."""
    phrase = program["target"]
    return len([t for t in scene.things if t.label in phrase["labels"]]) == 1


def targeted(recipe: Recipe, easy: float = 0.15) -> Builder:
    """Programs with a target by this recipe and an action that suits it; `easy`: share kept if the class alone tells."""

    def build(rng: Random, scene: Scene, want: str) -> Program | None:
        thing = rng.choice(scene.things)
        phrase = recipe(rng, scene, thing, want != "act")
        if phrase is None:
            return None
        label = thing.label if phrase["labels"] == ["*"] else phrase["labels"][0]
        program = {"action": action_for(rng, label), "target": phrase}
        bare = not (phrase["filters"] or phrase["select"])
        return None if want == "act" and not bare and _easy(scene, program) and rng.random() > easy else program

    return build


def _alike(one: Phrase, other: Phrase) -> bool:
    """Whether both name one class and one of them says no more: 'put the cup next to the cup'."""
    return one["labels"] == other["labels"] and not all(p["filters"] or p["select"] for p in (one, other))


def avoiding(rng: Random, scene: Scene, want: str) -> Program | None:
    """Something to stay away from, alone or beside another action."""
    others = list(scene.things)
    rng.shuffle(others)
    avoid = recipes.unique(rng, scene, others[0]) if want == "act" or rng.random() < 0.5 else (
        recipes.coloured(rng, scene, others[0], True))
    every = want == "act" and rng.random() < 0.2
    if every:
        avoid = recipes.phrase(others[0].label)
        if len(find(scene, avoid)) < 2:
            return None
    if avoid is None:
        return None
    extra = {"avoid": avoid} | ({"avoid_all": True} if every else {})
    if rng.random() < 0.2:
        return {"action": "avoid"} | extra
    program = targeted(recipes.without_relations, 1.0)(rng, scene, "act")
    if program is None or _alike(program["target"], avoid):
        return None
    moves = program["action"] not in ("report", "look_at")
    return program | extra | ({} if moves else {"action": "go_to"})


def placing(rng: Random, scene: Scene, want: str) -> Program | None:
    """Puts something portable on furniture or next to something."""
    portable = [t for t in scene.things if "portable" in class_of(t.label).traits]
    if not portable or len(scene.things) < 2:
        return None
    what, where = rng.choice(portable), rng.choice(scene.things)
    on = "support" in class_of(where.label).traits
    recipe = rng.choice((recipes.without_relations, recipes.without_relations, recipes.relation))
    target = recipe(rng, scene, what, want != "act")
    goal = recipes.unique(rng, scene, where) if want == "act" or rng.random() < 0.6 else recipes.phrase(where.label)
    if target is None or goal is None or what.support is where or _alike(target, goal):
        return None
    if "portable" not in class_of(target["labels"][0]).traits:
        return None
    return {"action": "place", "target": target, "destination": goal, "manner": "on" if on else "next_to"}


BUILDERS: dict[str, Builder] = {
    "class": targeted(recipes.named),
    "attribute": targeted(recipes.coloured),
    "superlative": targeted(recipes.superlative, 0.05),
    "ordinal": targeted(recipes.ordinal, 0.0),
    "relation": targeted(recipes.relation),
    "two_step_relation": targeted(recipes.two_step),
    "negation": targeted(recipes.negation, 0.0),
    "motion": targeted(recipes.motion),
    "sound": targeted(recipes.sounding),
    "avoid": avoiding,
    "destination": placing,
}


def draw(rng: Random, stage: Stage, builder: Builder, want: str, tries: int = 50) -> Program | None:
    """A program whose true answer is the wanted outcome."""
    for _ in range(tries):
        program = None
        try:
            program = builder(rng, stage.scene, want)
            if program and execute(stage.scene, program).outcome == want:
                return program
        except Unsure:
            continue
    return None


def scene_for(rng: Random, phenomenon: str) -> Scene:
    """A scene in which the phenomenon can be asked about."""
    many = rng.choice((5, 6, 7, 8, 9, 10, 12, 14, 16, 18, 20))
    if phenomenon == "motion":
        return generate_non_empty(rng, count=many, moving=0.45)
    if phenomenon == "sound":
        label = rng.choice(("person", "cell phone", "dog", "cat", "clock", "radio", "car", "tv", "microwave", "drill"))
        return generate_non_empty(rng, count=many, labels=[label], sounding=2)
    if phenomenon in ("class", "avoid", "any"):
        return generate_non_empty(rng)
    return generate_non_empty(rng, count=many)


def generate_non_empty(rng: Random, **options: Any) -> Scene:
    """A scene with at least one thing."""
    while True:
        scene = generate(rng, **options)
        if scene.things:
            return scene


def any_outcome(rng: Random, act: float = 0.76) -> str:
    """Mostly act, the rest shared by absent and clarify."""
    return rng.choices(("act", "absent", "clarify"), (act, (1 - act) / 2, (1 - act) / 2))[0]


def speak(rng: Random, program: Program, **style: Any) -> str:
    """A sentence for the program."""
    return Grammar(rng, **style).sentence(program)
