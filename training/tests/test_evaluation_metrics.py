"""Metrics: values reckoned by hand."""

import math
import unittest

import numpy as np

from training.evaluation.metrics import (acts_wrongly, calibration_error, calibration_figure, conformal_set, gate, is_answerable, is_exact, overlap,
                                         ratio, reliability, risk_coverage, same_answer, truth)
from training.tests.evaluation_cases import answer, case, with_gate


class JudgingTest(unittest.TestCase):
    def test_an_act_is_exact_only_with_every_object_right(self):
        both = case(1, expect={"outcome": "act", "target": "o1", "avoid": ["o3", "o2"], "destination": "o4"})
        self.assertTrue(is_exact(both, answer(avoid=["o2", "o3"], destination="o4")))
        self.assertFalse(is_exact(both, answer(avoid=["o2"], destination="o4")))
        self.assertFalse(is_exact(both, answer(avoid=["o2", "o3"])))
        self.assertFalse(is_exact(both, answer(target="o2", avoid=["o2", "o3"], destination="o4")))

    def test_an_object_that_was_not_asked_for_makes_an_act_wrong(self):
        self.assertFalse(is_exact(case(1), answer(avoid=["o3"])))
        self.assertFalse(is_exact(case(1), answer(destination="o3")))

    def test_any_of_the_outcomes_that_would_do_is_exact(self):
        bad = case(1, expect={"outcome_in": ["refuse", "clarify"]})
        self.assertTrue(is_exact(bad, answer("clarify")))
        self.assertFalse(is_exact(bad, answer()))

    def test_a_line_that_could_not_be_read_is_wrong_and_no_act(self):
        fault = {"id": "", "line": 3, "error": "not valid JSON"}
        self.assertFalse(is_exact(case(1), fault))
        self.assertFalse(acts_wrongly(case(1), fault))
        self.assertIsNone(conformal_set(fault))

    def test_acting_where_nothing_fits_is_a_wrong_act_and_asking_never_is(self):
        self.assertTrue(acts_wrongly(case(1, target=None), answer()))
        self.assertFalse(acts_wrongly(case(1), answer()))
        self.assertFalse(acts_wrongly(case(1), answer("clarify")))

    def test_a_missed_target_is_not_answerable(self):
        self.assertTrue(is_answerable(case(1)))
        self.assertFalse(is_answerable(case(1, missed=True)))
        self.assertFalse(is_answerable(case(1, target=None)))

    def test_the_truth_is_the_target_or_what_alone_is_to_be_avoided_or_a_word(self):
        self.assertEqual("o1", truth(case(1)))
        self.assertEqual("o3", truth(case(1, expect={"outcome": "act", "avoid": ["o3"]})))
        self.assertEqual("absent", truth(case(1, target=None)))
        self.assertEqual("several", truth(case(1, expect={"outcome": "clarify"})))
        self.assertIsNone(truth(case(1, expect={"outcome": "refuse"})))
        self.assertIsNone(truth(case(1, expect={"outcome_in": ["refuse"]})))

    def test_rules_and_refusals_have_no_conformal_set_but_an_empty_one_is_one(self):
        self.assertIsNone(conformal_set(answer(method="rules", plausible=["o1"])))
        self.assertIsNone(conformal_set(answer("refuse")))
        self.assertEqual([], conformal_set(answer(plausible=[])))
        self.assertEqual(["o1", "several"], conformal_set(answer(method="network", plausible=["o1", "several"])))

    def test_a_gate_is_found_by_its_name(self):
        self.assertEqual(0.25, gate(with_gate(0.25), "sound"))
        self.assertIsNone(gate(with_gate(0.25), "vision"))
        self.assertIsNone(gate(answer(), "sound"))

    def test_answers_are_the_same_when_outcome_objects_and_probabilities_agree(self):
        def chances(first):
            return [{"id": "o1", "probability": first}]
        self.assertTrue(same_answer(answer(candidates=chances(0.5)), answer(candidates=chances(0.50005))))
        self.assertFalse(same_answer(answer(candidates=chances(0.5)), answer(candidates=chances(0.51))))
        self.assertFalse(same_answer(answer(candidates=chances(0.5)), answer(candidates=[])))
        self.assertFalse(same_answer(answer(), answer("clarify")))
        self.assertFalse(same_answer(answer(target="o1"), answer(target="o2")))

    def test_overlap_is_intersection_over_union(self):
        self.assertAlmostEqual(1 / 3, overlap((0, 0, 10, 10), (5, 0, 10, 10)))
        self.assertEqual(1, overlap((3, 4, 5, 6), (3, 4, 5, 6)))
        self.assertEqual(0, overlap((0, 0, 10, 10), (10, 0, 10, 10)))
        self.assertEqual(0, overlap((0, 0, 0, 0), (0, 0, 0, 0)))


class MeansTest(unittest.TestCase):
    def test_a_ratio_is_of_sums_over_all_runs(self):
        figure = ratio(["a", "b", "c"], np.array([[1, 0, 1], [1, 0, 0]]), np.array([[1, 1, 1], [1, 0, 1]]))
        self.assertAlmostEqual(3 / 5, figure.value)
        self.assertEqual(3, figure.count)

    def test_without_wholes_there_is_no_figure(self):
        figure = ratio(["a", "b"], np.zeros((1, 2)), np.zeros((1, 2)))
        self.assertEqual(0, figure.count)
        self.assertTrue(math.isnan(figure.value))

    def test_an_interval_of_independent_cases_is_that_of_the_binomial(self):
        right = np.arange(400) % 5 != 0
        figure = ratio([str(i) for i in range(400)], right[None])
        half = 1.96 * math.sqrt(0.8 * 0.2 / 400)
        self.assertAlmostEqual(0.8, figure.value)
        self.assertAlmostEqual(0.8 - half, figure.low, delta=0.008)
        self.assertAlmostEqual(0.8 + half, figure.high, delta=0.008)

    def test_cases_of_one_scene_stand_or_fall_together(self):
        right = np.repeat(np.arange(100) % 2, 4)
        alone = ratio([str(i) for i in range(400)], right[None])
        together = ratio([str(i // 4) for i in range(400)], right[None])
        self.assertAlmostEqual(2, (together.high - together.low) / (alone.high - alone.low), delta=0.25)

    def test_runs_that_disagree_widen_the_interval(self):
        scenes = [str(i) for i in range(300)]
        same = np.tile(np.arange(300) % 2, (3, 1))
        apart = np.array([np.arange(300) % 10 < 8, np.arange(300) % 10 < 5, np.arange(300) % 10 < 2])
        steady, spread = ratio(scenes, same), ratio(scenes, apart)
        self.assertAlmostEqual(steady.value, spread.value)
        self.assertGreater(spread.high - spread.low, 2 * (steady.high - steady.low))

    def test_the_same_answers_give_the_same_interval(self):
        right = (np.arange(50) % 3 == 0)[None]
        self.assertEqual(ratio([str(i) for i in range(50)], right), ratio([str(i) for i in range(50)], right))


class CalibrationTest(unittest.TestCase):
    def test_the_error_is_the_mean_gap_of_bins_of_equal_mass(self):
        # 15 bins of two: in the lowest one right of two at 0.5, in all others both right at 0.9.
        confidence = np.array([0.5, 0.5] + [0.9] * 28)
        right = np.array([1.0, 0.0] + [1.0] * 28)
        self.assertAlmostEqual(14 / 15 * 0.1, calibration_error(confidence, right))
        self.assertAlmostEqual(14 / 15 * 0.1, calibration_error(confidence[::-1], right[::-1]))

    def test_opposite_gaps_in_one_bin_cancel_and_in_two_bins_add_up(self):
        self.assertAlmostEqual(0, calibration_error(np.full(30, 0.5), np.tile([0.0, 1.0], 15)))
        apart = np.array([0.25] * 14 + [0.75] * 16)
        self.assertAlmostEqual((14 * 0.75 + 16 * 0.75) / 30, calibration_error(apart, np.array([1.0] * 14 + [0.0] * 16)))

    def test_fewer_answers_than_bins_are_a_bin_each(self):
        self.assertEqual([(0.25, 0.0), (0.75, 1.0)], reliability(np.array([0.75, 0.25]), np.array([1.0, 0.0])))

    def test_the_figure_is_the_mean_over_runs_with_an_interval_around_it(self):
        confidence = np.array([[0.9] * 150, [0.7] * 150])
        right = np.ones((2, 150))
        figure = calibration_figure([str(i) for i in range(150)], confidence, right)
        self.assertAlmostEqual((0.1 + 0.3) / 2, figure.value)
        self.assertTrue(0.05 <= figure.low <= figure.value <= figure.high <= 0.35)


class RiskCoverageTest(unittest.TestCase):
    def test_the_surest_acts_come_first(self):
        curve = risk_coverage(np.array([0.2, 0.9, 0.5]), np.array([True, False, False]), np.array([True, True, True]), could=4)
        self.assertEqual([(0.25, 0.0), (0.5, 0.0), (0.75, 1 / 3)], curve)

    def test_acts_of_one_confidence_are_one_step_whatever_their_order(self):
        for wrong in ([True, False], [False, True]):
            self.assertEqual([(1.0, 0.5)], risk_coverage(np.array([0.5, 0.5]), np.array(wrong), np.array([True, True]), could=2))

    def test_acts_on_what_cannot_be_answered_raise_the_risk_and_not_the_coverage(self):
        curve = risk_coverage(np.array([0.9, 0.8]), np.array([True, False]), np.array([False, True]), could=1)
        self.assertEqual([(0.0, 1.0), (1.0, 0.5)], curve)


if __name__ == "__main__":
    unittest.main()
