"""The real pictures' commands: well formed, within their pictures, and no picture on both sides of the split."""

import json
import re
import unittest
from collections import Counter, defaultdict
from pathlib import Path

from training.evaluation.metrics import overlap
from training.evaluation.pictures import CASES
from training.evaluation.real.extract import read_list

FOLDER = Path(".cache/evaluation/pictures")
OBJECTS = [json.loads(line) for line in CASES.with_name("objects.jsonl").read_text(encoding="utf-8").splitlines()]
KINDS = {"class", "synonym", "colour", "clothing", "held_worn", "side_ordinal", "relation", "size", "absent", "several", "not_a_command"}
ACTIONS = {"pick", "bring", "place", "go_to", "follow", "look_at", "avoid", "report"}


class RealCasesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cases = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
        cls.pictures = {str(FOLDER / picture.name): picture for picture in read_list()}

    def test_there_are_enough_commands_and_pictures(self):
        self.assertGreaterEqual(len(self.cases), 150)
        self.assertGreaterEqual(len({case["picture"] for case in self.cases}), 30)

    def test_ids_and_commands_are_unique(self):
        self.assertEqual(len({case["id"] for case in self.cases}), len(self.cases))
        self.assertEqual(len({(case["picture"], case["command"]) for case in self.cases}), len(self.cases))

    def test_every_picture_is_listed_and_every_listed_picture_is_asked_about(self):
        self.assertEqual({case["picture"] for case in self.cases}, set(self.pictures))

    def test_listed_pictures_have_a_size_and_a_checksum(self):
        self.assertEqual(len({picture.id for picture in read_list()}), len(self.pictures))
        for picture in self.pictures.values():
            self.assertRegex(picture.sha256, re.compile(r"^[0-9a-f]{64}$"), picture.id)
            self.assertTrue(picture.width > 0 and picture.height > 0, picture.id)

    def test_no_picture_is_in_both_splits(self):
        splits = defaultdict(set)
        for case in self.cases:
            splits[case["picture"]].add(case["split"])
        self.assertEqual({split for found in splits.values() for split in found}, {"tune", "test"})
        self.assertEqual([picture for picture, found in splits.items() if len(found) > 1], [])

    def test_frames_of_the_test_half_are_a_second_or_more_from_those_of_tune(self):
        frames = defaultdict(set)
        for case in self.cases:
            picture = self.pictures[case["picture"]]
            if picture.clip:
                frames[case["split"]].add(picture.frame)
        self.assertGreaterEqual(min(abs(one - other) for one in frames["tune"] for other in frames["test"]), 10)

    def test_the_test_half_has_twenty_commands_of_each_kind_and_fifty_pictures(self):
        test = [case for case in self.cases if case["split"] == "test"]
        kinds = Counter(case["kind"] for case in test)
        self.assertEqual(set(kinds), KINDS)
        self.assertGreaterEqual(min(kinds.values()), 20)
        self.assertGreaterEqual(len(test), 250)
        self.assertGreaterEqual(len({case["picture"] for case in test}), 50)

    def test_what_the_test_half_acts_on_is_an_object_of_its_picture_with_the_same_box(self):
        boxes = {(one["picture"], one["object"]): one["box"] for one in OBJECTS}
        self.assertEqual(len(boxes), len(OBJECTS))
        for case in self.cases:
            if case["split"] == "test" and case["expect"]["outcome"] == "act":
                picture = self.pictures[case["picture"]].id
                self.assertEqual(case["expect"]["box"], boxes[picture, case["object"]], case["id"])

    def test_an_act_has_an_action_and_a_box_and_nothing_else_has_a_box(self):
        for case in self.cases:
            expect = case["expect"]
            allowed = {"act": {"outcome", "action", "box", "avoid_box"}, "refuse": {"outcome"}}
            self.assertLessEqual(set(expect), allowed.get(expect["outcome"], {"outcome", "action"}), case["id"])
            self.assertIn(expect["outcome"], {"act", "clarify", "absent", "refuse"}, case["id"])
            self.assertEqual("box" in expect, expect["outcome"] == "act", case["id"])
            if expect["outcome"] != "refuse":
                self.assertIn(expect["action"], ACTIONS, case["id"])

    def test_boxes_lie_inside_their_picture(self):
        for case in self.cases:
            picture = self.pictures[case["picture"]]
            for x, y, width, height in (case["expect"][key] for key in ("box", "avoid_box") if key in case["expect"]):
                self.assertTrue(x >= 0 and y >= 0 and width >= 8 and height >= 8, case["id"])
                self.assertLessEqual(x + width, picture.width, case["id"])
                self.assertLessEqual(y + height, picture.height, case["id"])

    def test_what_to_avoid_is_not_the_target(self):
        for case in self.cases:
            if "avoid_box" in case["expect"]:
                self.assertLess(overlap(case["expect"]["box"], case["expect"]["avoid_box"]), 0.5, case["id"])


if __name__ == "__main__":
    unittest.main()
