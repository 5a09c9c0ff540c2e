"""Asking the program: a script stands in for it, which counts how often it runs."""

import tempfile
import unittest
from pathlib import Path
from unittest import mock

from training.evaluation import answers, pictures
from training.evaluation.answers import Method, ask, ask_all, available, read_lines, write_lines
from training.tests.evaluation_cases import answer

PROGRAM = """#!/bin/sh
echo run >>"$0.runs"
while read -r line; do echo '{"id":"x","outcome":"absent"}'; done <"$3"
exit $(cat "$0.exit" 2>/dev/null || echo 0)
"""


def found(x: float, y: float, width: float = 10, height: float = 10) -> dict:
    return {"label": "cup", "score": 0.5, "box": {"x": x, "y": y, "width": width, "height": height}}


class AskingTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.program = self.root / "edge-perception"
        self.program.write_text(PROGRAM)
        self.program.chmod(0o755)
        (self.root / "app").mkdir()
        self.cases = self.root / "cases.jsonl"
        write_lines(self.cases, [{"id": "1"}, {"id": "2"}])
        for name, value in {"ROOT": self.root, "FOLDER": self.root / "out", "PROGRAM": self.program, "APP": self.root / "app"}.items():
            patch = mock.patch.object(answers, name, value)
            patch.start()
            self.addCleanup(patch.stop)
        silence = mock.patch.object(answers, "say")
        self.said = silence.start()
        self.addCleanup(silence.stop)

    def runs(self) -> int:
        file = Path(f"{self.program}.runs")
        return len(file.read_text().split()) if file.exists() else 0

    def exits(self, code: int) -> None:
        Path(f"{self.program}.exit").write_text(str(code))

    def network(self) -> Method:
        for file, text in {"configs/models/grounding.yaml": "name: grounding\nfile: grounding/attention.onnx\n", "models/grounding/attention.onnx": "weights",
                           "models/grounding/calibration.yaml": "act: 0.5\n", "models/grounding/ear.json": "{}",
                           "configs/models/minilm.yaml": "file: fetched/minilm.onnx\nwordPieces:\n  file: fetched/pieces.txt\n",
                           "models/fetched/minilm.onnx": "weights", "models/fetched/pieces.txt": "a"}.items():
            (self.root / file).parent.mkdir(parents=True, exist_ok=True)
            (self.root / file).write_text(text)
        return Method("combined", "combined", "grounding")

    def test_answers_are_asked_for_once(self):
        rules = Method("rules", "rules")
        self.assertEqual([{"id": "x", "outcome": "absent"}] * 2, ask(self.cases, rules))
        self.assertEqual(ask(self.cases, rules), ask(self.cases, rules))
        self.assertEqual(1, self.runs())

    def test_what_an_answer_depends_on_makes_it_be_asked_for_anew(self):
        method = self.network()
        ask(self.cases, method)
        changes = [lambda: write_lines(self.cases, [{"id": "3"}]), lambda: (self.root / "app" / "EdgePerception.Policy.dll").write_text("code"),
                   lambda: (self.root / "models/grounding/attention.onnx").write_text("others"),
                   lambda: (self.root / "models/grounding/calibration.yaml").write_text("act: 0.6\n"),
                   lambda: (self.root / "models/grounding/ear.json").write_text("[]"),
                   lambda: (self.root / "models/fetched/minilm.onnx").write_text("others"),
                   lambda: (self.root / "models/fetched/pieces.txt").write_text("b")]
        for number, change in enumerate(changes, 2):
            change()
            ask(self.cases, method)
            self.assertEqual(number, self.runs())
        ask(self.cases, Method("combined", "combined", "grounding", ("--risk", "0.1")))
        self.assertEqual(len(changes) + 2, self.runs())

    def test_lines_that_could_not_be_read_are_answers_and_a_failure_is_none(self):
        self.exits(2)
        self.assertEqual(2, len(ask(self.cases, Method("rules", "rules"))))
        self.exits(1)
        write_lines(self.cases, [{"id": "other"}])
        for _ in range(2):  # what was written before it failed is not kept
            with self.assertRaisesRegex(SystemExit, "rules gave no answers"):
                ask(self.cases, Method("rules", "rules"))

    def test_a_line_of_a_case_ends_at_a_line_feed_alone(self):
        cases = [{"command": "go\u2028there\x85now\x0b!"}, {"command": "b"}]
        write_lines(self.cases, cases)
        self.assertEqual(cases, read_lines(self.cases))
        self.assertEqual(2, len(ask(self.cases, Method("rules", "rules"))))

    def test_all_methods_answer_in_their_order(self):
        methods = [Method(f"m{number}", "rules") for number in range(4)]
        given = list(ask_all(self.cases, methods))
        self.assertEqual(methods, [method for method, _ in given])
        self.assertEqual({2}, {len(lines) for _, lines in given})

    def test_a_method_without_its_manifest_or_model_is_left_out_and_named(self):
        network = self.network()
        methods = [Method("rules", "rules"), network, Method("network", "network", "grounding-seed2")]
        self.assertEqual(methods[:2], available(methods))
        self.assertIn("configs/models/grounding-seed2.yaml is not there", self.said.call_args.args[0])
        for missing in ("models/grounding/attention.onnx", "models/grounding/ear.json", "models/fetched/minilm.onnx"):
            self.network()
            (self.root / missing).unlink()
            self.assertEqual(methods[:1], available(methods))


class PicturesTest(unittest.TestCase):
    def test_a_target_is_right_when_its_box_overlaps_the_hands_by_half(self):
        given = answer(candidates=[{"id": "o1", "probability": 1, "box": {"x": 0, "y": 0, "width": 10, "height": 10}}])
        for width, right in ((10, True), (20, True), (21, False)):
            with self.subTest(width=width):
                self.assertEqual(right, pictures.is_right({"expect": {"outcome": "act", "box": [0, 0, width, 10]}}, given))

    def test_another_candidate_there_does_not_help(self):
        boxes = [{"id": "o1", "probability": 0.9, "box": {"x": 50, "y": 0, "width": 10, "height": 10}}, {"id": "o2", "probability": 0.1, "box": {"x": 0, "y": 0, "width": 10, "height": 10}}]
        self.assertFalse(pictures.is_right({"expect": {"outcome": "act", "box": [0, 0, 10, 10]}}, answer(candidates=boxes)))

    def test_an_outcome_without_a_box_is_right_on_its_own(self):
        self.assertTrue(pictures.is_right({"expect": {"outcome": "absent"}}, answer("absent")))
        self.assertFalse(pictures.is_right({"expect": {"outcome": "absent"}}, answer()))

    def test_the_detector_missed_what_no_box_of_it_overlaps(self):
        case = {"expect": {"outcome": "act", "box": [0, 0, 10, 10]}}
        self.assertTrue(pictures.is_missed(case, []))
        self.assertTrue(pictures.is_missed(case, [found(8, 8)]))
        self.assertFalse(pictures.is_missed(case, [found(8, 8), found(1, 1, 9, 9)]))
        self.assertFalse(pictures.is_missed({"expect": {"outcome": "absent"}}, []))

    def test_pictures_that_are_not_there_are_left_out(self):
        with mock.patch.object(answers, "say") as said:
            self.assertEqual([], pictures.present([{"picture": "no/such/picture.png"}]))
        self.assertIn("no/such/picture.png", said.call_args.args[0])


if __name__ == "__main__":
    unittest.main()
