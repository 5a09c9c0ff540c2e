"""Calibration: weights that were put in are found again, and thresholds keep what they promise."""

import unittest

import numpy as np

from training.evaluation.calibrate import (ACT_FROM, FIRST_OBJECT, RISKS, STARTING, Calibration, Kind, Samples, act_from, acted, calibrate, fit, log_loss, pool,
                                           samples_of, thresholds)
from training.tests.evaluation_cases import case


def opinion(objects: list[float], absent: float = 0.0, several: float = 0.0) -> dict:
    return {"objects": objects, "absent": absent, "several": several}


def evidence(rules: dict, network: dict, read: str = "whole") -> dict:
    names = [f"o{place}" for place in range(1, len(rules["objects"]) + 1)]
    return {"id": "", "objects": names, "read": read, "rules": rules, "network": network}


def drawn(weights: list[float], count: int, seed: int) -> Samples:
    """Opinions at random, with truths drawn from their pool by these weights."""
    draw = np.random.default_rng(seed)
    sizes = draw.integers(0, 6, count)
    given = [evidence(*(opinion(list(p[2:]), p[0], p[1]) for p in draw.dirichlet(np.full(size + 2, 0.7), 2))) for size in sizes]
    blank = samples_of([case(number, phenomenon="class", target=None, scene=f"{number:05}") for number in range(count)], given)
    right = np.array([draw.choice(len(chances), p=chances) for chances in pool(blank, np.array(weights))])
    return Samples(blank.features, blank.real, right, np.where(draw.random(count) < 0.8, "whole", draw.choice(["partly", "unknown"], count)), blank.scenes, blank.phenomena)


def certain(truths: list[float]) -> tuple[np.ndarray, Samples]:
    """Chances of which the truth, the only object, has these."""
    chances = np.array([[1 - p, 0, p] for p in truths])
    count = len(truths)
    return chances, Samples(np.zeros((count, 3, 4)), np.ones((count, 3), bool), np.full(count, FIRST_OBJECT), np.full(count, "whole"),
                            np.arange(count).astype(str), np.full(count, "class"))


class SamplesTest(unittest.TestCase):
    def test_the_truth_stands_among_absent_several_and_the_objects(self):
        two = evidence(opinion([0.5, 0.5]), opinion([0.5, 0.5]))
        cases = [case(1, target="o2"), case(2, target=None), case(3, expect={"outcome": "clarify"})]
        self.assertEqual([FIRST_OBJECT + 1, 0, 1], list(samples_of(cases, [two] * 3).right))

    def test_cases_without_two_opinions_or_a_known_truth_are_left_out(self):
        two = evidence(opinion([0.5, 0.5, 0.0]), opinion([0.5, 0.5, 0.0]))
        cases = [case(1), case(2, phenomenon="bad_input"), case(3, expect={"outcome_in": ["refuse"]}),
                 case(4, expect={"outcome": "act", "avoid": ["o3"], "action": "avoid"}), case(5)]
        self.assertEqual(["iid_noisy-5"], list(samples_of(cases, [{"id": "1"}, two, two, two, two]).scenes))

    def test_scenes_with_fewer_objects_are_filled_up_with_what_cannot_be(self):
        cases = [case(1), case(2, target=None)]
        samples = samples_of(cases, [evidence(opinion([0.2, 0.8]), opinion([0.6, 0.4])), evidence(opinion([], 1), opinion([], 1))])
        chances = pool(samples, STARTING)
        np.testing.assert_allclose(chances.sum(1), 1)
        self.assertEqual([0, 0], list(chances[1, FIRST_OBJECT:]))

    def test_the_pool_multiplies_opinions_and_biases(self):
        samples = samples_of([case(1)], [evidence(opinion([0.2, 0.8]), opinion([0.6, 0.4]))])
        weighed = np.array([0.201 ** 2 * 0.601, 0.801 ** 2 * 0.401, 0.001 ** 3 * np.e, 0.001 ** 3])
        np.testing.assert_allclose(pool(samples, np.array([2.0, 1, 1, 0]))[0], (weighed / weighed.sum())[[2, 3, 0, 1]], rtol=1e-9)


class FitTest(unittest.TestCase):
    def test_it_finds_the_weights_that_made_the_data(self):
        weights = [0.5, 1.4, -0.8, 0.6]
        found = fit(drawn(weights, 6000, 1), [True] * 4)
        np.testing.assert_allclose(found, weights, atol=0.15)

    def test_it_beats_every_neighbour(self):
        samples = drawn([0.7, 0.9, 0.3, -0.4], 1500, 2)
        found = fit(samples, [True] * 4)
        for i in range(4):
            for step in (-0.1, 0.1):
                self.assertLess(log_loss(samples, found), log_loss(samples, found + step * np.eye(4)[i]))

    def test_what_is_not_free_stays_out(self):
        found = fit(drawn([1.0, 1.0, 0.5, 0.0], 800, 3), [False, True, True, True])
        self.assertEqual(0, found[0])
        self.assertGreater(found[1], 0)

    def test_an_opinion_against_the_truth_counts_for_nothing_rather_than_less(self):
        found = fit(drawn([-1.0, 1.0, 0.0, 0.0], 2000, 4), [True] * 4)
        self.assertEqual(0, found[0])

    def test_an_opinion_that_is_always_right_leaves_weights_finite(self):
        samples = samples_of([case(number) for number in range(50)], [evidence(opinion([1.0, 0.0]), opinion([1.0, 0.0]))] * 50)
        found = fit(samples, [True] * 4)
        self.assertTrue(np.isfinite(found).all() and (np.abs(found) <= 10).all())


class ThresholdsTest(unittest.TestCase):
    def test_they_are_the_quantiles_of_split_conformal_prediction(self):
        chances, samples = certain([1 - 0.1 * lack for lack in range(1, 10)])
        found = dict(zip(RISKS, thresholds(chances, samples)))
        self.assertEqual(1, found[0.05])  # nine cases cannot vouch for one in twenty
        self.assertAlmostEqual(0.9, found[0.1])
        self.assertAlmostEqual(0.8, found[0.2])

    def test_they_fall_as_the_risk_rises(self):
        chances, samples = certain(list(np.random.default_rng(5).random(500)))
        found = thresholds(chances, samples)
        self.assertEqual(sorted(found, reverse=True), found)

    def test_on_other_data_of_the_same_kind_the_truth_is_held_as_often_as_promised(self):
        weights = np.array([0.6, 1.1, -0.5, 0.2])
        seen, other = drawn(list(weights), 3000, 6), drawn(list(weights), 3000, 7)
        for risk, threshold in zip(RISKS, thresholds(pool(seen, weights), seen)):
            held = pool(other, weights)[np.arange(len(other)), other.right] >= 1 - threshold
            self.assertAlmostEqual(1 - risk, held.mean(), delta=0.02)


class ActTest(unittest.TestCase):
    def test_it_acts_only_on_the_likeliest_with_nothing_else_possible(self):
        chances = np.array([[0.1, 0.0, 0.9, 0.0], [0.1, 0.0, 0.5, 0.4], [0.8, 0.0, 0.2, 0.0], [0.0, 0.4, 0.6, 0.0]])
        self.assertEqual([True, False, False, False], list(acted(chances, threshold=0.7, least=0.5)))
        self.assertEqual([False] * 4, list(acted(chances, threshold=0.7, least=0.95)))
        self.assertEqual([False], list(acted(np.array([[0.5, 0.5]]), threshold=0.1, least=0.0)))

    def test_it_is_the_least_probability_from_which_few_acts_are_wrong(self):
        # Wrong below 0.7, right from there on.
        best = np.linspace(0.41, 0.99, 200)
        chances = np.stack([1 - best, np.zeros(200), best], 1)
        samples = Samples(np.zeros((200, 3, 4)), np.ones((200, 3), bool), np.where(best < 0.7, 0, FIRST_OBJECT), np.full(200, "whole"), np.arange(200), np.full(200, "class"))
        self.assertAlmostEqual(0.7, act_from(chances, samples, threshold=0.3), delta=0.02)
        hopeless = Samples(samples.features, samples.real, np.zeros(200, int), samples.read, samples.scenes, samples.phenomena)
        self.assertEqual(ACT_FROM[-1], act_from(chances, hopeless, threshold=0.3))


class CalibrationTest(unittest.TestCase):
    def test_weights_and_thresholds_come_from_different_scenes(self):
        samples = drawn([0.5, 1.4, -0.8, 0.6], 1200, 8)
        found, held = calibrate(samples)
        fitted = ~np.isin(samples.scenes, held.scenes)
        self.assertEqual(600, len(held))
        np.testing.assert_array_equal(fit(samples.of(fitted & (samples.read == "whole")), [True] * 4), found.combined.weights)
        whole = held.of(held.read == "whole")
        np.testing.assert_array_equal(thresholds(found.pool(whole), whole), found.combined.thresholds)

    def test_too_few_unread_nouns_get_the_networks_own_weights(self):
        samples = drawn([0.5, 1.4, -0.8, 0.6], 200, 9)
        found, _ = calibrate(Samples(samples.features, samples.real, samples.right, np.where(np.arange(200) < 20, "unknown", "whole"), samples.scenes, samples.phenomena))
        np.testing.assert_array_equal(found.network.weights, found.unread.weights)
        np.testing.assert_array_equal(found.network.weights, found.partly.weights)

    def test_each_kind_of_reading_gets_thresholds_from_its_own_cases(self):
        whole, partly = drawn([1.0, 1.0, 0, 0], 1600, 10), drawn([0.2, 0.2, 0, 0], 1600, 11)
        both = Samples(*(np.concatenate([getattr(whole, name), getattr(partly, name)]) for name in whole.__dataclass_fields__))
        both = Samples(both.features, both.real, both.right, np.repeat(["whole", "partly"], 1600), both.scenes, both.phenomena)
        found, held = calibrate(both)
        for reading, kind in zip(("whole", "partly"), found.kinds):
            part = held.of(held.read == reading)
            np.testing.assert_array_equal(thresholds(pool(part, kind.weights), part), kind.thresholds)
        self.assertNotEqual(found.combined.thresholds, found.partly.thresholds)

    def test_a_kind_that_comes_seldom_gets_those_of_all(self):
        samples = drawn([0.5, 1.4, -0.8, 0.6], 1600, 12)
        found, held = calibrate(Samples(samples.features, samples.real, samples.right, np.where(np.arange(1600) < 100, "partly", "whole"), samples.scenes, samples.phenomena))
        np.testing.assert_array_equal(thresholds(found.pool(held), held), found.partly.thresholds)

    def test_nouns_that_the_rules_cannot_read_are_left_to_the_network(self):
        unread = samples_of([case(1)], [evidence(opinion([0.0, 1.0]), opinion([0.9, 0.1]), read="unknown")])
        rules, network = (Kind(np.array(weights), 0.5, []) for weights in ([5.0, 1, 0, 0], [0, 1.0, 0, 0]))
        self.assertEqual(FIRST_OBJECT, Calibration(rules, rules, network, network).pool(unread).argmax())

    def test_it_is_written_with_every_key_that_the_product_reads(self):
        kind = Kind(np.array([0.5, 1, -0.25, 0]), 0.6, [0.9] * len(RISKS))
        text = Calibration(kind, kind, kind, kind).to_yaml(12)
        self.assertIn("{ rules: 0.500, network: 1.000, absent: -0.250, several: 0.000, act: 0.6,", text)
        keys = [line.split(":")[0] for line in text.splitlines() if line and not line.startswith(("#", " "))]
        self.assertEqual(["risks", "combined", "partly", "unread", "network"], keys)


if __name__ == "__main__":
    unittest.main()
