"""The generator: its commands mean what it says they mean, and what is held out stays out."""

import math
import random
import unittest

from training.grounding.batches import REGION, collate
from training.grounding.meanings import Meanings
from training.grounding.names import Kind, Names, is_held_out
from training.grounding.phrases import Verbs
from training.grounding.programs import Description, Noun, Relation, execute
from training.grounding.programs import is_held_out as is_pair_held_out
from training.grounding.samples import ABSENT, NOT_ASKED, SEVERAL, SampleGenerator, mentions_sound
from training.grounding.scenes import Scene, SceneGenerator, Thing

NAMES, VERBS = Names(), Verbs()


def thing(label: str, color: str, cx: float, cy: float = 0.5, size: float = 0.1) -> Thing:
    return Thing(Kind(label, None), label, color, cx, cy, size, size)


def noun(label: str) -> Noun:
    return Noun(label, label, lambda kind: kind.label == label)


class MeaningTest(unittest.TestCase):
    def setUp(self):
        self.left, self.right, self.bottle = thing("cup", "red", 0.2), thing("cup", "blue", 0.7), thing("bottle", "red", 0.45)
        self.scene = Scene([self.left, self.right, self.bottle], [], [], 0.75, math.radians(60))

    def fits(self, description: Description) -> list[Thing]:
        return execute(description, self.scene).fits

    def test_a_relation_keeps_one_side(self):
        left_of = Description(noun("cup"), relation=Relation("left", Description(noun("bottle"))))
        self.assertEqual(self.fits(left_of), [self.left])

    def test_a_negated_relation_keeps_the_other(self):
        not_left = Description(noun("cup"), relation=Relation("left", Description(noun("bottle")), negated=True))
        self.assertEqual(self.fits(not_left), [self.right])

    def test_two_that_fit_are_several(self):
        self.assertEqual(execute(Description(noun("cup")), self.scene).outcome, "several")

    def test_an_unclear_anchor_makes_the_whole_unclear(self):
        by_cup = Description(noun("bottle"), relation=Relation("nearest", Description(noun("cup"))))
        self.assertEqual(execute(by_cup, self.scene).outcome, "several")

    def test_a_missing_anchor_makes_it_absent(self):
        by_dog = Description(noun("bottle"), relation=Relation("nearest", Description(noun("dog"))))
        self.assertEqual(execute(by_dog, self.scene).outcome, "absent")

    def test_ordinals_count(self):
        self.assertEqual(self.fits(Description(scale="left", rank=1)), [self.bottle])
        self.assertEqual(self.fits(Description(scale="right", rank=1)), [self.bottle])
        self.assertEqual(self.fits(Description(scale="left", rank=3)), [])

    def test_a_near_tie_is_seen(self):
        self.scene.things.append(thing("cup", "red", 0.21))
        self.assertTrue(execute(Description(noun("cup"), scale="left"), self.scene).near_tie)


class SamplesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.samples = SampleGenerator(NAMES, VERBS, 5).draw(600)

    def test_the_same_seed_draws_the_same(self):
        again = SampleGenerator(NAMES, VERBS, 5).draw(600)
        self.assertEqual([sample.text for sample in self.samples], [sample.text for sample in again])

    def test_every_outcome_and_every_broken_sense_occurs(self):
        self.assertLessEqual({ABSENT, SEVERAL, NOT_ASKED}, {sample.target for sample in self.samples if isinstance(sample.target, str)})
        self.assertLessEqual({"words", "vision", "sound", "colors", "motion", "names", "places"}, {sample.missing for sample in self.samples})

    def test_an_answer_is_a_detection_of_the_scene(self):
        for sample in self.samples:
            for answer in (sample.target, sample.destination, sample.avoid):
                self.assertTrue(isinstance(answer, str) or any(answer is seen for seen in sample.detections))

    def test_without_sound_a_sound_command_is_answered_as_if_it_did_not_say_so(self):
        for sample in self.samples:
            description = sample.roles.target
            if sample.missing == "sound" and description is not None and mentions_sound(description):
                outcome = execute(description.without("sound"), sample.scene).outcome
                self.assertEqual(outcome == "several", sample.target == SEVERAL)
                self.assertEqual(sample.gates[2], 0)

    def test_held_out_words_and_pairs_are_never_said(self):
        for sample in self.samples:
            description = sample.roles.target
            if description is not None:
                self.assertFalse(is_pair_held_out(description))
                named = description.noun
                self.assertTrue(named is None or named.word == named.label or not is_held_out(named.word), named)

    def test_batches_point_at_the_right_answers(self):
        batch = collate(self.samples[:64], Meanings())
        regions = batch["regions"].shape[1]
        self.assertEqual(batch["regions"].shape, (64, regions, REGION))
        for i, sample in enumerate(self.samples[:64]):
            place = batch["referents"][i, 0]
            if isinstance(sample.target, str):
                self.assertGreaterEqual(place, regions)
            else:
                self.assertIs(sample.detections[place], sample.target)


class DetectorTest(unittest.TestCase):
    def test_without_noise_everything_is_seen_as_it_is(self):
        scene = SceneGenerator(NAMES, random.Random(3)).draw(noise=0)
        self.assertEqual(len(scene.detections), len(scene.things))
        for seen in scene.detections:
            self.assertAlmostEqual(seen.bottom, min(1, seen.source.bottom), places=6)
            self.assertEqual(seen.label, seen.source.label)

    def test_with_noise_it_misses_confuses_and_invents_at_bounded_rates(self):
        generator = SceneGenerator(NAMES, random.Random(4))
        scenes = [generator.draw() for _ in range(300)]
        things = sum(len(scene.things) for scene in scenes)
        missed = sum(thing.detection is None for scene in scenes for thing in scene.things)
        self.assertTrue(0.02 < missed / things < 0.08, missed / things)
        self.assertTrue(any(seen.source is None for scene in scenes for seen in scene.detections))


if __name__ == "__main__":
    unittest.main()
