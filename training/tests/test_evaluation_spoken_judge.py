"""Judging one answer to a spoken command: made-up cases, answers as the product writes them."""

import unittest

from training.evaluation.spoken_judge import (acts_on_wrong_object, halts, has_right_distance, has_right_offer,
                                              is_right, is_understood, keeps_away, moves, wanted)
from training.tests.spoken_cases import asked, case, done, keeping, nothing


class MotionTest(unittest.TestCase):
    def test_every_action_that_sets_the_robot_in_motion_is_one(self):
        for action in ("pick", "bring", "place", "go_to", "follow", "look_at", "resume"):
            with self.subTest(action=action):
                self.assertTrue(moves(done(action, "c1")))
                self.assertFalse(moves(asked(action, "c1")))

    def test_stops_reports_and_words_are_none(self):
        unreadable = {"id": "", "error": "unreadable"}
        for answer in (done("stop"), done("report", "c1"), nothing("refuse"), nothing("absent", "go_to"), unreadable):
            self.assertFalse(moves(answer))

    def test_a_later_step_moves_as_the_first_does(self):
        steps = [{"action": "report", "target": "c1"}, {"action": "go_to", "target": "c2"}]
        self.assertTrue(moves(done("report", steps=steps)))

    def test_keeping_away_is_apart_unless_something_else_is_done_beside_it(self):
        self.assertTrue(keeps_away(done("avoid", avoid=["d1"])))
        self.assertFalse(moves(done("avoid", avoid=["d1"])))
        beside = done("avoid", steps=[{"action": "avoid"}, {"action": "go_to", "target": "c1"}], avoid=["d1"])
        self.assertTrue(moves(beside))
        self.assertFalse(keeps_away(beside))

    def test_only_an_act_halts(self):
        self.assertTrue(halts({"outcome": "act", "action": "stop"}))
        self.assertFalse(halts(nothing("clarify", "stop")))


class ActTest(unittest.TestCase):
    def judged(self, case: dict, answer: dict) -> tuple[bool, bool]:
        return is_right(case, answer), acts_on_wrong_object(case, answer)

    def test_action_and_object_must_be_right(self):
        self.assertEqual((True, False), self.judged(case(), done("bring", "c1")))
        self.assertEqual((False, True), self.judged(case(), done("bring", "c2")))
        self.assertEqual((False, False), self.judged(case(), done("pick", "c1")))
        self.assertEqual((False, False), self.judged(case(), nothing("absent", "bring")))

    def test_any_of_several_right_actions_will_do(self):
        for action, right in (("bring", True), ("pick", True), ("go_to", False)):
            self.assertEqual(right, is_right(case(action=["bring", "pick"]), done(action, "c1")))

    def test_of_several_objects_none_may_lack_and_none_be_too_many(self):
        both = case("c1, c2")
        self.assertEqual((True, False), self.judged(both, done("bring", "c2", "c1")))
        self.assertEqual((False, True), self.judged(both, done("bring", "c1")))
        self.assertEqual((False, True), self.judged(both, done("bring", "c1", "c2", "d1")))

    def test_steps_of_different_actions_are_right_in_their_order_alone(self):
        steps = [{"action": "pick", "target": "c1"}, {"action": "go_to", "target": "t1"}]
        of_two = case("c1,t1", ["pick", "go_to"], steps=["pick", "go_to"])
        self.assertTrue(is_right(of_two, done("pick", steps=steps)))
        self.assertFalse(is_right(of_two, done("pick", steps=steps[::-1])))
        self.assertFalse(is_right(of_two, done("pick", "c1", "t1")))

    def test_the_place_counts_and_must_not_be_made_up(self):
        placed = case("c1", "place", destination="t1")
        self.assertEqual((True, False), self.judged(placed, done("place", "c1", destination="t1")))
        self.assertEqual((False, True), self.judged(placed, done("place", "c1", destination="c2")))
        self.assertEqual((False, True), self.judged(case(), done("bring", "c1", destination="t1")))

    def test_keeping_away_as_a_task_and_beside_one(self):
        alone, beside = case("keep away from d1", "avoid"), case("go to c1, keep away from d1", "go_to")
        self.assertTrue(is_right(alone, done("avoid", avoid=["d1"])))
        self.assertEqual((False, True), self.judged(alone, done("avoid", avoid=["c1"])))
        self.assertEqual((False, True), self.judged(alone, done("avoid", avoid=["c1", "d1"])))
        self.assertTrue(is_right(beside, done("go_to", "c1", avoid=["d1"])))
        self.assertEqual((False, True), self.judged(beside, done("go_to", "c1")))
        self.assertFalse(is_right(beside, done("avoid", avoid=["d1"])))

    def test_a_report_of_several_names_them_in_its_evidence(self):
        listed = {"clauses": [{"text": "how many", "evidence": "2 in sight: cup c1, cup c2"},
                              {"text": "cup", "evidence": "called cup"}]}
        self.assertTrue(is_right(case("c1,c2", "report"), done("report", **listed)))
        self.assertEqual((False, True), self.judged(case("c1,d1", "report"), done("report", **listed)))
        self.assertTrue(is_right(case("c1", "report"), done("report", "c1", clauses=[])))

    def test_a_halt_is_right_only_where_one_is_wanted_and_touches_no_object(self):
        self.assertTrue(is_right(case("stop", "stop"), done("stop")))
        self.assertEqual((False, False), self.judged(case(), done("stop")))
        self.assertEqual((False, True), self.judged(case("stop", "stop"), done("go_to", "c1")))

    def test_what_is_not_there_is_said_and_not_replaced(self):
        absent = case("absent: zebra", "look_at")
        self.assertTrue(is_right(absent, nothing("absent", "look_at")))
        self.assertEqual((False, True), self.judged(absent, done("look_at", "c1")))
        self.assertFalse(is_understood(absent, asked("look_at", "c1")))

    def test_an_action_and_an_id_alone_are_an_expectation_too(self):
        self.assertTrue(is_right(case("go_to c1", []), done("go_to", "c1")))
        self.assertFalse(is_right(case("go_to c1", []), done("follow", "c1")))

    def test_what_names_no_object_of_the_scene_cannot_be_judged_and_only_its_id_is_told(self):
        for expect in ("c9", "keep away from c9", "no motion: refused or asked"):
            with self.assertRaises(ValueError) as raised:
                wanted(case(expect))
            self.assertIn("x-1", str(raised.exception))
            self.assertNotIn("made up", str(raised.exception))


class DistanceTest(unittest.TestCase):
    FAR = case("keep away from d1", "avoid", distanceM=2.0)

    def test_two_percent_off_is_right_and_more_is_not(self):
        for metres, right in ((2.0, True), (2.04, True), (1.96, True), (2.05, False), (1.95, False), (20, False)):
            with self.subTest(metres=metres):
                answer = done("avoid", avoid=["d1"], **keeping("d1", metres))
                self.assertEqual(right, has_right_distance(self.FAR, answer))
                self.assertEqual(right, is_right(self.FAR, answer))

    def test_a_dropped_distance_and_one_from_another_object_are_wrong(self):
        from_another = done("avoid", avoid=["d1"], **keeping("c1", 2.0))
        for answer in (done("avoid", avoid=["d1"]), from_another, asked("avoid", "d1")):
            self.assertFalse(has_right_distance(self.FAR, answer))

    def test_beside_a_task_it_is_kept_from_what_is_avoided(self):
        beside = case("go to c1, keep away from d1", "go_to", distanceM=2.0)
        self.assertTrue(is_right(beside, done("go_to", "c1", avoid=["d1"], **keeping("d1", 2.0))))
        self.assertFalse(is_right(beside, done("go_to", "c1", avoid=["d1"], **keeping("c1", 2.0))))


class QuestionTest(unittest.TestCase):
    def test_the_first_offer_by_probability_counts_wherever_it_stands(self):
        self.assertTrue(is_understood(case(), asked("bring", "c1", "c2")))
        self.assertFalse(is_understood(case(), asked("bring", "c2", "c1")))
        self.assertTrue(is_understood(case(), asked("bring", "c2", "c1", chances=(0.3, 0.4))))
        self.assertFalse(is_understood(case(), asked("bring")))
        self.assertFalse(is_right(case(), asked("bring", "c1", "c2")))

    def test_a_question_about_another_action_offers_something_else(self):
        self.assertFalse(is_understood(case(), asked("go_to", "c1")))
        self.assertTrue(has_right_offer(case(), asked("go_to", "c1")))

    def test_of_several_objects_all_come_first(self):
        self.assertTrue(is_understood(case("c1,c2"), asked("bring", "c2", "c1", "d1")))
        self.assertFalse(is_understood(case("c1,c2"), asked("bring", "c1", "d1", "c2")))
        self.assertTrue(is_understood(case("c1", "place", destination="t1"), asked("place", "t1", "c1")))
        self.assertFalse(is_understood(case("c1", "place", destination="t1"), asked("place", "c1")))

    def test_of_steps_of_different_actions_the_first_ones_is_asked_about(self):
        of_two = case("c1,t1", ["pick", "go_to"], steps=["pick", "go_to"])
        self.assertTrue(is_understood(of_two, asked("pick", "c1", "t1")))
        self.assertFalse(is_understood(of_two, asked("go_to", "c1", "t1")))

    def test_where_only_a_question_is_right_an_act_is_wrong(self):
        between = case("ask: c1,c2")
        self.assertTrue(is_right(between, asked("bring", "c2", "c1")))
        self.assertFalse(is_right(between, asked("bring", "c1", "d1", "c2")))
        self.assertFalse(is_understood(between, done("bring", "c1")))
        self.assertTrue(acts_on_wrong_object(between, done("bring", "c1")))

    def test_a_stop_is_not_asked_about(self):
        self.assertFalse(is_understood(case("stop", "stop"), asked("stop")))


if __name__ == "__main__":
    unittest.main()
