"""The held-out suites: cases of `ground --batch` with what is right to answer."""

from __future__ import annotations

import copy
import random
import zlib
from dataclasses import replace

from . import pools
from .meaning import MANY, NONE, ONE, UNFAIR, Phrase, find
from .sentences import Style, describe, frame, misspell, order
from .world import COLORS, THINGS, UNLISTED, Body, World, draw_world

ACTIONS = ["pick", "bring", "go_to", "follow", "look_at", "report"]
PER_SCENE = 4
SCENE_TRIES = 12
KINDS = ["class", "attribute", "superlative", "ordinal", "relation", "two_step_relation", "negation", "motion", "sound"]


class Suites:
    """Draws all suites from one seed."""

    def __init__(self, seed: int, scale: float) -> None:
        self._seed, self._scale = seed, scale
        self._scenes = 0

    def all(self):
        """Every case of every suite."""
        for kind in KINDS:
            yield from self.suite(kind, 300, [kind])
        for variant in ("noisy", "clean"):
            yield from self.suite("iid_" + variant, 1000, KINDS + ["avoid", "destination"], noisy=variant == "noisy", variant=variant)
        yield from self.suite("avoid", 250, ["avoid"])
        yield from self.suite("destination", 250, ["destination"])
        yield from self.suite("absent", 300, KINDS, wanted=NONE)
        yield from self.suite("ambiguous", 300, KINDS, wanted=MANY)
        yield from self.suite("unseen_synonyms", 400, ["class", "attribute", "superlative", "ordinal"], synonyms=True)
        yield from self.suite("unseen_verbs", 300, KINDS[:7], style=Style(verbs=pools.UNSEEN_VERBS), noisy=False, variant="clean")
        yield from self.suite("unseen_relations", 300, ["relation"], style=Style(relations=pools.UNSEEN_RELATIONS))
        yield from self.suite("typos", 300, KINDS, typos=True)
        yield from self.suite("phrasing", 300, KINDS)
        yield from self.suite("compositional", 400, ["attribute"], wanted=ONE)
        yield from self.suite("open_vocabulary", 300, KINDS[:7], things=UNLISTED)
        yield from self.pairs("swapped_words", 150, swap=True)
        yield from self.pairs("mirrored_scene", 150, swap=False)
        yield from self.sounds(150)
        for name, drop in (("no_colours", "colors"), ("no_velocity", "velocity")):
            yield from self.suite(name, 150, KINDS[:5], drop=drop)
        for name, quality in (("blurred", 0.4), ("vision_gone", 0.0)):
            for case in self.suite(name, 100, KINDS[:5]):
                case["quality"] = {"vision": quality}
                if quality == 0:
                    case["expect"] = {"outcome_in": ["clarify", "refuse"]}
                yield case
        yield from self.fixed("out_of_vocabulary", pools.NOT_FOR_ROBOTS, ["refuse"])
        yield from self.fixed("bad_input", [*pools.BAD, "go " + "very " * 500 + "far"], ["refuse", "clarify", "absent"])
        yield from self.fixed("stop", pools.STOPS, ["act"])

    def suite(self, name: str, count: int, kinds: list[str], noisy: bool = True, wanted: str | None = None, style: Style | None = None,
              synonyms: bool = False, typos: bool = False, things: dict | None = None, drop: str | None = None, variant: str = ""):
        """So many cases of one suite."""
        r = random.Random(f"{self._seed} {name}")
        made, words = 0, [pair for pair in pools.synonyms() if pair[0] in THINGS]
        while made < count * self._scale:
            world = draw_world(r, noisy, things)
            if not world.objects:
                continue
            self._scenes += 1
            for _ in range(PER_SCENE):
                chosen = style or Style()
                if synonyms:
                    present = {body.noun for body in world.bodies}
                    usable = [pair for pair in words if pair[0] in present and not any(pair[1] in other for other in present)]
                    if not usable:
                        continue
                    label, word = r.choice(usable)
                    chosen = Style(words={label: word})
                case = self._case(r, world, r.choice(kinds), chosen, wanted, synonyms and label, things or THINGS, drop != "colors")
                if case is None:
                    continue
                made += 1
                case |= {"id": f"{name}-{made}", "phenomenon": name, "scene": f"{name}-{self._scenes}", "variant": variant or case["variant"]}
                if typos:
                    case["command"] = misspell(r, case["command"])
                if drop:
                    for item in case["objects"]:
                        item.pop(drop)
                yield case

    def _case(self, r: random.Random, world: World, kind: str, style: Style, wanted: str | None, label: str | bool, things: dict,
              colors: bool) -> dict | None:
        wanted = wanted or r.choices([ONE, NONE, MANY], [0.76, 0.12, 0.12])[0]
        for _ in range(SCENE_TRIES):
            phrase = self._phrase(r, world, kind if kind in KINDS else r.choice(["class", "attribute", "relation", "superlative"]), label)
            if not colors:
                phrase = replace(phrase, color=None, but_not=None, other=phrase.other and replace(phrase.other, color=None))
            if wanted == NONE:
                phrase = self._missing(r, phrase, world, things)
            verdict, fits = find(phrase, world)
            if verdict != wanted or (label and phrase.noun != label):
                continue
            second = None
            if kind in ("avoid", "destination"):
                second = self._second(r, world, fits)
                if second is None:
                    continue
            return self._write(r, world, kind, phrase, fits, verdict, second, style)
        return None

    def _write(self, r, world: World, kind: str, phrase: Phrase, fits: list[Body], verdict: str, second, style: Style) -> dict:
        action = r.choice(ACTIONS)
        said = describe(r, phrase, style)
        expect = expectation(verdict, fits)
        missed = verdict == ONE and is_missed(fits[0], phrase)
        if kind == "destination":
            action = "place"
            sentence = r.choice(pools.PUTTING).format(x=said, y=describe(r, second[0], style))
        elif kind == "avoid" and r.random() < 0.3:
            action, sentence = "avoid", order(r, "avoid", said, style)
        else:
            sentence = order(r, action, said, style)
            if kind == "avoid":
                sentence = r.choice(pools.AVOIDING).format(order=sentence, y=describe(r, second[0], style))
        if second is not None and action != "avoid":
            missed |= is_missed(second[1], second[0])
            if expect["outcome"] == "act":
                if second[1].seen is None:
                    expect = {"outcome": "clarify" if kind == "avoid" else "absent"}
                elif kind == "destination":
                    expect["destination"] = second[1].seen["id"]
                else:
                    expect["avoid"] = [second[1].seen["id"]]
        if action == "avoid" and expect["outcome"] == "act":
            expect["avoid"] = [expect.pop("target")]
        expect["action"] = action
        noun = fits[0].noun if fits else phrase.noun
        expect["class"] = [item["id"] for item in world.objects if item["label"] == noun]
        held = phrase.noun and phrase.color and zlib.crc32(f"{phrase.color} {phrase.noun}".encode()) % 100 < 15
        silent = find(replace(phrase, sound=None), world)
        return tokens(world) | {"without_sound": expectation(*silent) | {"action": action, "class": []}, "command": frame(r, sentence, style), "variant": "held_out" if held else "seen", "missed": bool(missed), "expect": expect}

    def _phrase(self, r: random.Random, world: World, kind: str, label: str | bool = False) -> Phrase:
        named = [body for body in world.bodies if body.noun == label] if label else world.bodies
        body = r.choice(named)
        noun = body.noun if label or r.random() < 0.85 else None
        plain = Phrase(noun, body.color if kind == "attribute" or r.random() < 0.2 else None)
        if kind == "superlative":
            return replace(plain, order=r.choice(sorted(pools.ORDERS)))
        if kind == "ordinal":
            return replace(plain, order=r.choice(["leftmost", "rightmost"]), rank=r.choice([1, 1, 2, 3]))
        if kind in ("relation", "two_step_relation"):
            anchor = r.choice(world.bodies)
            other = Phrase(anchor.noun, anchor.color if r.random() < 0.3 else None)
            if kind == "two_step_relation":
                third = r.choice(world.bodies)
                other = replace(other, relation=r.choice(sorted(pools.RELATIONS)), other=Phrase(third.noun, third.color if r.random() < 0.3 else None))
            return replace(plain, relation=r.choice(sorted(pools.RELATIONS)), other=other)
        if kind == "negation" and r.random() < 0.5:
            return Phrase(noun, None, but_not=r.choice(world.bodies).color)
        if kind == "negation":
            anchor = r.choice(world.bodies)
            return replace(plain, relation=r.choice(["left of", "right of", "above", "behind", "beside", "on"]), other=Phrase(anchor.noun), denied=True)
        if kind == "motion":
            return replace(plain, moves=r.choice(sorted(pools.MOVES)))
        if kind == "sound":
            sounding = [other for other in world.bodies if other.sound]
            body = r.choice(sounding) if sounding else body
            return Phrase(body.noun if r.random() < 0.6 else None, None, sound=body.sound if body.sound and r.random() < 0.65 else "anything")
        return plain if plain.noun or kind == "attribute" else Phrase(body.noun)

    @staticmethod
    def _missing(r: random.Random, phrase: Phrase, world: World, things: dict) -> Phrase:
        if phrase.color and r.random() < 0.5:
            return replace(phrase, color=r.choice(COLORS))
        return replace(phrase, noun=r.choice(sorted(set(things) - {body.noun for body in world.bodies})))

    def _second(self, r: random.Random, world: World, fits: list[Body]):
        """A further object that is named without doubt, and is not the target."""
        for _ in range(SCENE_TRIES):
            phrase = self._phrase(r, world, r.choice(["class", "attribute"]))
            verdict, others = find(phrase, world)
            if verdict == ONE and others[0] not in fits:
                return phrase, others[0]
        return None

    def pairs(self, name: str, count: int, swap: bool):
        """Minimal pairs: two nouns of a relation swapped, or the scene mirrored; both act, on different objects."""
        r = random.Random(f"{self._seed} {name}")
        made = 0
        while made < count * self._scale:
            world = draw_world(r, noisy=False)
            self._scenes += 1
            for _ in range(PER_SCENE):
                phrase = self._phrase(r, world, "relation" if swap else r.choice(["relation", "superlative", "ordinal"]))
                other = mirrored(world) if not swap else world
                turned = replace(phrase.other, relation=phrase.relation, other=replace(phrase, relation=None, other=None)) if swap else phrase
                if not swap and phrase.relation not in ("left of", "right of", None):
                    continue
                first, second = find(phrase, world), find(turned, other)
                if first[0] != ONE or second[0] != ONE or first[1][0].seen["id"] == second[1][0].seen["id"] or phrase.noun is None:
                    continue
                made += 1
                seed = r.random()
                for half, (meaning, place, found) in enumerate(((phrase, world, first), (turned, other, second))):
                    said = random.Random(seed)
                    expect = expectation(*found) | {"action": "go_to", "class": []}
                    yield tokens(place) | {"id": f"{name}-{made}-{half}", "phenomenon": name, "scene": f"{name}-{self._scenes}", "pair": f"{name}-{made}", "variant": "clean",
                                           "missed": False, "command": "go to " + describe(said, meaning, Style()), "expect": expect}
                if made >= count * self._scale:
                    break

    def sounds(self, count: int):
        """The same commands with sound, with broken sound and without: the last two have the same right answer."""
        base = list(self.suite("audio_gate", count, ["sound"], wanted=ONE))
        r = random.Random(f"{self._seed} broken")
        for case in base:
            case["pair"] = case["id"]
        yield from base
        for name in ("sound_corrupted", "sound_absent"):
            for case in base:
                broken = copy.deepcopy(case) | {"id": f"{name}-{case['id']}", "phenomenon": name}
                broken["expect"] = case["without_sound"]
                if name == "sound_absent":
                    del broken["sounds"]
                else:
                    broken["sounds"] = [{"label": r.choice(["beep", "ring", "music", "speech", "engine", "knock", "bark"]), "score": round(r.uniform(0.05, 0.5), 3),
                                         "azimuthDeg": round(r.uniform(-180, 180), 1), "azimuthStdDeg": round(r.uniform(30, 80), 1)} for _ in range(r.randint(4, 8))]
                yield broken

    def fixed(self, name: str, commands: list[str], outcomes: list[str]):
        """Fixed sentences in scenes that do not matter."""
        r = random.Random(f"{self._seed} {name}")
        for number, command in enumerate(commands, 1):
            self._scenes += 1
            world = draw_world(r, noisy=True)
            yield tokens(world) | {"id": f"{name}-{number}", "phenomenon": name, "scene": f"{name}-{self._scenes}", "variant": "", "missed": False, "command": command,
                                   "expect": {"outcome_in": outcomes}}


def is_missed(body: Body, phrase: Phrase) -> bool:
    """Whether the detector does not see it, or sees it under another name than the command's."""
    return body.seen is None or (phrase.noun is not None and body.seen["label"] != body.noun)


def expectation(verdict: str, fits: list[Body]) -> dict:
    """The right answer: a missed target is absent."""
    if verdict == ONE:
        return {"outcome": "act", "target": fits[0].seen["id"]} if fits[0].seen else {"outcome": "absent"}
    return {"outcome": "absent" if verdict == NONE else "clarify"}


def tokens(world: World) -> dict:
    """The scene as a case tells it."""
    return {"id": "", "image": {"width": world.width, "height": world.height}, "camera": {"hfovDeg": round(world.hfov, 2)},
            "objects": copy.deepcopy(world.objects), "sounds": copy.deepcopy(world.sounds)}


def mirrored(world: World) -> World:
    """The same seen in a mirror."""
    turned = World(world.width, world.height, world.hfov, [])
    turned.objects = copy.deepcopy(world.objects)
    by_id = {item["id"]: item for item in turned.objects}
    for item in turned.objects:
        item["box"]["x"] = round(world.width - item["box"]["x"] - item["box"]["width"], 1)
        item["velocity"]["x"] = -item["velocity"]["x"]
    for body in world.bodies:
        other = copy.copy(body)
        other.x, other.vx, other.seen = world.width - body.x - body.width, -body.vx, by_id[body.seen["id"]] if body.seen else None
        turned.bodies.append(other)
    turned.sounds = [sound | {"azimuthDeg": -sound["azimuthDeg"]} for sound in world.sounds]
    return turned
