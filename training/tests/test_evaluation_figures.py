"""Figures, targets, report and pictures of a few cases whose answers are reckoned by hand."""

import json
import tempfile
import unittest
from pathlib import Path

from training.evaluation.cases import FORCED_SHUT, NAMED, NAMED_ABSENT, NAMED_CORRUPTED, forced_shut, random_of_class, unheard
from training.evaluation.figures import Evaluation
from training.evaluation.plots import draw_all
from training.evaluation.report import report, table
from training.evaluation.results import results, to_json
from training.evaluation.targets import off, targets_of
from training.evaluation.metrics import Figure
from training.tests.evaluation_cases import answer, case, with_gate


class NoisyTokensTest(unittest.TestCase):
    def setUp(self):
        cases = [case(1), case(2), case(3, target=None), case(4, missed=True, expect={"outcome": "absent", "action": "pick", "class": ["o1"]})]
        rules = [answer(), answer(target="o2"), answer("absent"), answer("absent")]
        others = [answer("clarify"), answer(action="bring"), answer(), answer()]
        self.evaluation = Evaluation(cases, [("rules", rules), ("combined", rules), ("combined", others)])

    def test_exact_answers_are_the_mean_over_runs(self):
        self.assertAlmostEqual(3 / 4, self.evaluation.exact("rules").value)
        self.assertAlmostEqual((3 + 1) / 8, self.evaluation.exact("combined").value)

    def test_the_ceiling_leaves_out_what_the_detector_missed(self):
        self.assertAlmostEqual(3 / 4, self.evaluation.ceiling())
        self.assertAlmostEqual(2 / 3, self.evaluation.of_ceiling("rules").value)

    def test_wrong_acts_are_a_share_of_acts_and_coverage_one_of_what_can_be_acted_on(self):
        self.assertAlmostEqual(1 / 2, self.evaluation.wrong_acts("rules").value)
        self.assertAlmostEqual(3 / 5, self.evaluation.wrong_acts("combined").value)
        self.assertAlmostEqual(2 / 2, self.evaluation.coverage("rules").value)
        self.assertAlmostEqual(3 / 4, self.evaluation.coverage("combined").value)

    def test_the_curve_ends_at_coverage_and_share_of_wrong_acts(self):
        self.assertEqual((3 / 4, 3 / 5), self.evaluation.risk_coverage("combined")[-1])

    def test_an_action_is_judged_apart_from_the_objects(self):
        self.assertAlmostEqual(1, self.evaluation.action("rules").value)
        self.assertAlmostEqual(7 / 8, self.evaluation.action("combined").value)
        self.assertAlmostEqual(2 / 6, self.evaluation.of_ceiling_with_action("combined").value)

    def test_only_sets_that_were_asked_for_count_and_empty_ones_hold_no_truth(self):
        cases = [case(number) for number in range(4)]
        sets = [answer(plausible=["o1", "o2"]), answer(plausible=[]), answer(method="rules"), answer(plausible=["absent"])]
        evaluation = Evaluation(cases, [("combined", sets)])
        self.assertAlmostEqual(1 / 3, evaluation.conformal_coverage("combined").value)
        self.assertAlmostEqual(3 / 3, evaluation.set_size("combined").value)


class PairsTest(unittest.TestCase):
    def test_a_pair_is_right_only_when_both_are(self):
        cases = [case(1, "swapped_words", pair="a"), case(2, "swapped_words", pair="b"), case(3, "swapped_words", pair="a"), case(4, "swapped_words", pair="b")]
        given = [answer(), answer(), answer(target="o2"), answer()]
        self.assertAlmostEqual(1 / 2, Evaluation(cases, [("rules", given)]).both_right("rules").value)

    def test_gates_are_compared_within_a_pair_whatever_comes_first_in_the_file(self):
        cases = [case(1, NAMED_CORRUPTED, pair="a"), case(2, NAMED, pair="a"), case(3, NAMED, pair="b"), case(4, NAMED_CORRUPTED, pair="b"),
                 case(5, NAMED, pair="c"), case(6, NAMED_CORRUPTED, pair="c")]
        given = [with_gate(0.1), with_gate(0.9), with_gate(0.5), with_gate(0.5), answer(), with_gate(0.1)]
        figure = Evaluation(cases, [("network", given)]).gate_falls("network")
        self.assertAlmostEqual(1 / 2, figure.value)
        self.assertEqual(2, figure.count)

    def test_what_corrupted_sound_costs_is_counted_pair_by_pair(self):
        cases = [case(1, NAMED_CORRUPTED, pair="a"), case(2, NAMED_CORRUPTED, pair="b"), case(3, NAMED_ABSENT, pair="a"), case(4, NAMED_ABSENT, pair="b")]
        given = [answer(target="o2"), answer(), answer(), answer()]
        self.assertAlmostEqual(-1 / 2, Evaluation(cases, [("network", given)]).corrupted_minus_absent("network").value)

    def test_commands_that_need_a_sound_are_put_without_it_and_with_another(self):
        sounds = [{"label": "bark", "score": 0.9, "azimuthDeg": 3.0}]
        alone, among = (case(number, NAMED, objects=[{"id": f"o{i}", "label": "dog"} for i in range(1, count + 1)], sounds=sounds) for number, count in ((1, 1), (2, 2)))
        corrupted, absent = unheard([alone, among])
        self.assertEqual([NAMED_CORRUPTED, NAMED_ABSENT], [corrupted["phenomenon"], absent["phenomenon"]])
        self.assertEqual({among["id"]}, {one["pair"] for one in (among, corrupted, absent)})
        self.assertEqual((1, []), (len(corrupted["sounds"]), absent["sounds"]))
        self.assertNotEqual("bark", corrupted["sounds"][0]["label"])

    def test_a_forced_gate_is_compared_with_absence(self):
        cases = [case(1, "audio_gate", pair="a", scene="s"), case(2, "sound_absent", pair="a", scene="s", expect={"outcome": "clarify"})]
        cases += forced_shut(cases)
        self.assertEqual((FORCED_SHUT, 0, {"outcome": "clarify"}), (cases[2]["phenomenon"], cases[2]["quality"]["sound"], cases[2]["expect"]))
        for forced, expected in ((answer("clarify"), 1), (answer(), 0)):
            given = [answer(), answer("clarify"), forced]
            self.assertAlmostEqual(expected, Evaluation(cases, [("network", given)]).shut_is_absent("network").value)

    def test_compositions_held_out_are_compared_with_those_seen(self):
        cases = [case(1, "compositional", variant="seen"), case(2, "compositional", variant="held_out"), case(3, "compositional", variant="held_out")]
        figure = Evaluation(cases, [("rules", [answer(), answer(), answer("clarify")])]).split_difference("rules")
        self.assertAlmostEqual(-1 / 2, figure.value)
        self.assertEqual(0, Evaluation(cases[:1], [("rules", [answer()])]).split_difference("rules").count)


class RandomOfClassTest(unittest.TestCase):
    def test_it_picks_each_of_the_class_alike_and_nothing_else(self):
        chosen = [given["target"] for given in random_of_class([case(number) for number in range(400)], 1)]
        self.assertEqual({"o1", "o2"}, set(chosen))
        self.assertAlmostEqual(200, chosen.count("o1"), delta=40)

    def test_without_one_of_the_class_it_says_absent(self):
        self.assertEqual("absent", random_of_class([case(1, target=None)], 1)[0]["outcome"])

    def test_it_keeps_away_from_what_alone_is_to_be_avoided(self):
        given = random_of_class([case(1, expect={"outcome": "act", "action": "avoid", "avoid": ["o3"], "class": ["o3"]})], 1)[0]
        self.assertEqual((["o3"], None), (given["avoid"], given.get("target")))

    def test_without_a_class_it_takes_the_label_of_the_target(self):
        given = random_of_class([case(number, expect={"outcome": "act", "target": "o2", "action": "go_to", "class": []}) for number in range(40)], 1)
        self.assertEqual({"o1", "o2"}, {one["target"] for one in given})


class ReportTest(unittest.TestCase):
    def setUp(self):
        cases = [case(number, phenomenon) for phenomenon in ("iid_noisy", "iid_clean", "absent") for number in range(30)]
        cases += [case(number, "bad_input", expect={"outcome_in": ["refuse"]}) for number in range(3)]
        cases += [case(number, NAMED, pair=str(number)) for number in range(4)] + [case(number, NAMED_CORRUPTED, pair=str(number)) for number in range(4)]
        good = [with_gate(0.9 if one["phenomenon"] == NAMED else 0.1, plausible=["o1"]) for one in cases]
        poor = [given if number % 10 else answer(target="o2", confidence=0.6) for number, given in enumerate(good)]
        self.evaluation = Evaluation(cases, [("random of class", random_of_class(cases, 1)), ("rules", poor), ("network", good), ("combined", poor), ("text-blind", poor)])
        self.targets = {target.name: target for target in targets_of(self.evaluation)}

    def test_verdicts_say_by_how_much_a_target_is_missed(self):
        clean = self.targets["exact, clean tokens"]
        self.assertAlmostEqual(0.9, clean.reached.value)
        self.assertIn("missed by 8.5", clean.verdict)
        self.assertEqual("met", self.targets["sound's gate falls when it is corrupted"].verdict)
        self.assertEqual("met", self.targets["coverage at that"].verdict)
        self.assertIn("missed by 8.0", self.targets["acts on a wrong object, of acts"].verdict)

    def test_what_has_no_cases_is_not_measured(self):
        for name in ("typos", "pairs both right, swapped words", "compositions held out, less those seen", "gate forced shut answers as absence does"):
            self.assertEqual("not measured", self.targets[name].verdict)

    def test_a_goal_inside_the_interval_is_told_apart(self):
        self.assertIn("goal within the interval", self.targets["exact, noisy tokens, of the ceiling"].verdict)

    def test_distance_from_nominal_counts_on_both_sides(self):
        self.assertEqual((0.03, 0.02, 0.04), tuple(round(x, 6) for x in (lambda f: (f.value, f.low, f.high))(off(Figure(0.98, 0.97, 0.99, 9), 0.95))))
        self.assertEqual((0.03, 0.0, 0.07), tuple(round(x, 6) for x in (lambda f: (f.value, f.low, f.high))(off(Figure(0.92, 0.88, 0.96, 9), 0.95))))

    def test_columns_line_up(self):
        lines = table(["a", "long head"], [["a long name", "1"], ["b", "22"]]).split("\n")
        self.assertEqual(1, len(set(map(len, lines))))
        self.assertEqual("| b           |        22 |", lines[3])

    def test_report_and_results_hold_what_was_measured_and_nothing_else(self):
        targets = list(self.targets.values())
        text = report(self.evaluation, targets, {0.05: self.evaluation.of("iid_noisy")}, None)
        found = json.loads(to_json(results(self.evaluation, targets, {}, None)))
        self.assertIn("90.0", text)
        self.assertNotIn("nan", text)
        self.assertNotIn("Real pictures", text)
        self.assertIsNone(found["pictures"])
        self.assertAlmostEqual(0.9, found["phenomena"]["iid_clean"]["methods"]["rules"]["exact"]["value"])
        self.assertNotIn("random of class", found["phenomena"]["bad_input"]["methods"])
        self.assertIsNone(found["gates"]["shutIsAbsent"])

    def test_every_picture_is_drawn_as_png_and_svg(self):
        with tempfile.TemporaryDirectory() as folder:
            drawn = draw_all(Path(folder), self.evaluation)
            self.assertEqual({"reliability", "risk-coverage", "phenomena", "baselines", "gates"}, {file.stem for file in drawn})
            for file in drawn:
                self.assertEqual(b"\x89PNG", file.read_bytes()[:4])
                self.assertIn("<svg", file.with_suffix(".svg").read_text(encoding="utf-8"))

    def test_without_a_network_its_pictures_are_left_out(self):
        rules = Evaluation(self.evaluation.cases, [("rules", self.evaluation.runs["rules"][0])])
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual({"reliability", "risk-coverage", "phenomena"}, {file.stem for file in draw_all(Path(folder), rules)})
        targets = targets_of(rules)
        self.assertEqual({"not measured"}, {target.verdict for target in targets})
        self.assertIn("## Targets", report(rules, targets, {}, None))


if __name__ == "__main__":
    unittest.main()
