"""Training samples: a scene, a command and the right answer, also where a sense is missing or broken."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field

from .commands import CommandWriter, Roles
from .names import Names, invented
from .phrases import Verbs
from .programs import Description, ProgramGenerator, execute, is_held_out
from .scenes import SOUNDS, Scene, SceneGenerator, Sound, Thing

ABSENT, SEVERAL, NOT_ASKED = "absent", "several", "not asked"
# Parts of a description that cannot be told without a sense.
TOLD_BY = {"sound": ["sound"], "field": ["sound"], "colors": ["color", "not_color"], "motion": ["motion"], "names": ["noun"], "places": ["scale", "rank", "relation"]}


@dataclass
class Sample:
    """One command in one scene with what is right to answer."""

    text: str
    scene: Scene
    intent: str
    roles: Roles
    phenomenon: str
    target: Thing | str = NOT_ASKED
    destination: Thing | str = NOT_ASKED
    avoid: Thing | str = NOT_ASKED
    head: list[Thing] = field(default_factory=list)
    anchors: list[Thing] = field(default_factory=list)
    missing: str | None = None  # words, vision, sound, or of what is seen: colors, motion, names, places, field of view
    quality: tuple[float, float, float] = (1.0, 1.0, 1.0)
    gates: tuple[float, float, float] = (1.0, 1.0, 1.0)
    sounds: list[Sound] = field(default_factory=list)

    @property
    def detections(self) -> list[Thing]:
        return self.scene.detections


class SampleGenerator:
    """Draws samples from one seed."""

    def __init__(self, names: Names, verbs: Verbs, seed: int) -> None:
        self._random = random.Random(seed)
        self._names = names
        self._scenes = SceneGenerator(names, self._random)
        self._programs = ProgramGenerator(self._random)
        self._writer = CommandWriter(verbs, self._random)

    def draw(self, count: int, most: int = 14, noise: float = 1.0, per_scene: int = 4, broken: bool = True,
             phenomenon: str | None = None) -> list[Sample]:
        """So many samples, some commands to a scene."""
        samples: list[Sample] = []
        while len(samples) < count:
            quality = self._random.uniform(0.25, 1.0) if broken and self._random.random() < 0.1 else 1.0
            scene = self._scenes.draw(most, noise * (1 + 1.5 * (1 - quality)))
            for _ in range(per_scene):
                sample = self._sample(scene, phenomenon)
                if sample is not None:
                    sample.quality = (1.0, quality, 1.0)
                    self._finish(sample, broken)
                    samples.append(sample)
        return samples[:count]

    def _sample(self, scene: Scene, phenomenon: str | None) -> Sample | None:
        r = self._random
        draw = r.random() if phenomenon is None else 1.0
        if draw < 0.02:
            return self._order(scene, r.choice(["stop", "resume"]))
        if draw < 0.045:
            return self._order(scene, "none")
        wanted = r.choices(["one", "absent", "several"], [0.74, 0.14, 0.12])[0]
        for _ in range(10):
            name, target = self._programs.draw(scene, phenomenon)
            if wanted == "absent":
                target = self._programs.corrupt(target, self._names.detector if r.random() < 0.7 else self._names.others)
            meaning = execute(target, scene)
            if meaning.near_tie or meaning.outcome != wanted or is_held_out(target):
                continue
            sample = self._sample_about(scene, name, target)
            sample.head, sample.anchors = meaning.head, meaning.anchors
            return sample
        return None

    def _order(self, scene: Scene, intent: str) -> Sample:
        roles = Roles(intent)
        return Sample(self._writer.write(roles), scene, intent, roles, intent)

    def _sample_about(self, scene: Scene, name: str, target: Description) -> Sample:
        r = self._random
        intent = r.choices(["pick", "bring", "go_to", "follow", "look_at", "report", "place", "avoid", "none"], [4, 3, 4, 3, 3, 3, 2, 1, 0.8])[0]
        roles = Roles(intent, target)
        if intent == "avoid":
            roles = Roles(intent, None, None, target)
        elif intent == "place":
            roles.destination = self._other(scene)
        elif r.random() < 0.12:
            roles.avoid = self._other(scene)
        return Sample(self._writer.write(roles), scene, intent, roles, name)

    def _other(self, scene: Scene) -> Description:
        """A further description in the same command, not always of something that is there."""
        for _ in range(8):
            _, description = self._programs.draw(scene, self._random.choice(["class", "class", "attribute", "relation", "superlative"]))
            if self._random.random() < 0.1:
                description = self._programs.corrupt(description, self._names.detector)
            meaning = execute(description, scene)
            if not meaning.near_tie and not is_held_out(description) and (meaning.outcome == "one" or self._random.random() < 0.3):
                break
        return description

    def _finish(self, sample: Sample, broken: bool) -> None:
        """Breaks a sense in some samples, and settles the answer."""
        r = self._random
        sample.sounds = list(sample.scene.sounds)
        sample.gates = self._needs(sample)
        if broken:
            self._break(sample, r.random())
        dropped = TOLD_BY.get(sample.missing or "", [])
        for role in ("target", "destination", "avoid"):
            description = getattr(sample.roles, role)
            if description is None:
                continue
            if sample.missing in ("words", "vision"):
                setattr(sample, role, SEVERAL)
            else:
                setattr(sample, role, self._answer(description.without(*dropped), sample.scene))
        if sample.missing == "words":
            sample.intent, sample.target = "none", SEVERAL

    @staticmethod
    def _needs(sample: Sample) -> tuple[float, float, float]:
        described = [sample.roles.target, sample.roles.destination, sample.roles.avoid]
        hears = any(mentions_sound(description) for description in described)
        return 1.0, float(any(described)), float(hears and bool(sample.sounds))

    def _break(self, sample: Sample, draw: float) -> None:
        r = self._random
        words, vision, sound = sample.gates
        needs_sound = sound > 0
        if needs_sound and draw < 0.30:
            sample.missing, sample.gates = "sound", (words, vision, 0.0)
            if draw < 0.08:
                sample.sounds = []
            elif draw < 0.13:
                sample.quality = (1.0, sample.quality[1], 0.0)
            else:
                sample.sounds = self._broken_sounds()
        elif needs_sound and draw < 0.34:
            sample.missing, sample.gates = "field", (words, vision, 0.0)
        elif draw < 0.02:
            sample.sounds, sample.gates = self._broken_sounds(), (words, vision, 0.0)
            sample.missing = "sound"
        elif draw < 0.05:
            sample.missing = "colors"
        elif draw < 0.07:
            sample.missing = "motion"
        elif draw < 0.085:
            sample.missing = "names"
        elif draw < 0.10:
            sample.missing = "places"
        elif draw < 0.115:
            sample.missing, sample.gates = "words", (0.0, vision, 0.0)
            if r.random() < 0.6:
                sample.text = " ".join(invented(r) for _ in range(r.randint(1, 14)))
            else:
                sample.quality = (0.0, 1.0, 1.0)
        elif draw < 0.13 and vision:
            sample.missing, sample.gates, sample.quality = "vision", (words, 0.0, sound), (1.0, 0.0, 1.0)

    def _broken_sounds(self) -> list[Sound]:
        """What a broken microphone array reports: many weak sounds from everywhere, none of them sure of its direction."""
        r = self._random
        return [Sound(r.choice(SOUNDS), r.uniform(-math.pi, math.pi), math.radians(r.uniform(25, 85)), r.uniform(0.05, 0.5)) for _ in range(r.randint(3, 8))]

    @staticmethod
    def _answer(description: Description, scene: Scene) -> Thing | str:
        meaning = execute(description, scene)
        if meaning.outcome == "several":
            return SEVERAL
        return (meaning.fits[0].detection if meaning.fits else None) or ABSENT


def mentions_sound(description: Description | None) -> bool:
    """Whether it, or what it relates to, is described by what it sounds like."""
    if description is None:
        return False
    return description.sound is not None or (description.relation is not None and mentions_sound(description.relation.anchor))
