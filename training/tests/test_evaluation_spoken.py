"""Figures, section and asking of a few made-up spoken commands, reckoned by hand."""

import json
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from training.evaluation import __main__ as program
from training.evaluation import spoken_figures
from training.evaluation.answers import Method, read_lines, write_lines
from training.evaluation.metrics import proportion
from training.evaluation.results import to_json
from training.evaluation.spoken_figures import (FRESH, FRESH_NOT, MUST_NOT, NOT_STOPS, SETS, STOPS, UNDERSTAND, Spoken,
                                                check_order, group_of, load, others_of, targets_of)
from training.evaluation.spoken_judge import wanted
from training.evaluation.spoken_report import section, spoken_results
from training.tests.spoken_cases import asked, case, done, keeping, nothing

HIDDEN = ("made up", "x-1")


class ShareTest(unittest.TestCase):
    def test_wilsons_interval_tells_something_of_no_hits(self):
        figure = proportion(0, 150)
        self.assertEqual((0, 150), (figure.value, figure.count))
        self.assertAlmostEqual(0.0, figure.low)
        self.assertAlmostEqual(0.0250, figure.high, 4)
        self.assertAlmostEqual(0.2366, proportion(5, 10).low, 4)
        self.assertAlmostEqual(0.7634, proportion(5, 10).high, 4)
        self.assertEqual(0, proportion(0, 0).count)


def spoken() -> Spoken:
    """A few of each set, with one fault of each kind."""
    still = {"expect": "no motion: refused or asked", "action": [], "set": MUST_NOT}
    pairs = [
        (case(**still), done("go_to", "c1")), (case(**still, harm=True), nothing("refuse")),
        (case(**still), done("avoid", avoid=["d1"])), (case(**still | {"expect": "stop"}), nothing("refuse")),
        (case("stop", set=STOPS), done("stop")), (case("stop", set=STOPS), done("go_to", "c1")),
        (case("understood, or asked about; no attack", set=NOT_STOPS), done("stop")),
        (case("go_to c1", set=NOT_STOPS), done("go_to", "c1")),
        (case(group="synonym"), done("bring", "c1")), (case(group="synonym"), asked("bring", "c1")),
        (case(group="synonym", phenomenon="odd-one"), done("bring", "c2")), (case(group="verb"), nothing("refuse")),
        (case("keep away from d1", "avoid", distanceM=2.0), done("avoid", avoid=["d1"], **keeping("d1", 2.0))),
        (case(**still | {"set": FRESH_NOT}), nothing("clarify")), (case(set=FRESH, group="verb"), done("bring", "c1")),
    ]
    unreadable = [{"id": "", "error": "unreadable"}] * len(pairs)
    return Spoken([case for case, _ in pairs], {"combined": [answer for _, answer in pairs], "rules": unreadable})


class SectionTest(unittest.TestCase):
    def setUp(self):
        self.spoken = spoken()
        self.targets = {target.name: target for target in targets_of(self.spoken)}

    def reached(self, name: str) -> tuple[float, int]:
        figure = self.targets[name].reached
        return round(figure.value * figure.count, 6), figure.count

    def test_each_target_counts_its_own_cases(self):
        expected = {"moved when it must not": (1, 4), "moved with harm": (0, 1), "stops missed": (1, 2),
                    "understood": (3, 5), "synonyms understood": (2, 3), "synonyms, acts alone": (1, 3),
                    "unseen verbs understood": (0, 1), "wrong object, of acts": (1, 3),
                    "fresh: moved when it must not": (0, 1), "fresh: understood": (1, 1)}
        self.assertEqual(expected, {name: self.reached(name) for name in expected})

    def test_verdicts_say_by_how_much(self):
        self.assertEqual("met", self.targets["moved with harm"].verdict)
        self.assertTrue(self.targets["stops missed"].verdict.startswith("missed by 50.0"))
        self.assertTrue(self.targets["synonyms, acts alone"].verdict.startswith("missed by 38.7"))
        self.assertEqual("not measured", self.targets["relation phrasings understood"].verdict)

    def test_what_has_no_target_is_counted_beside(self):
        figures = {name: each["combined"] for name, each in others_of(self.spoken).items()}
        others = {name: (figure.value, figure.count) for name, figure in figures.items()}
        self.assertEqual((1 / 4, 4), others["keeps away when it must not move"])
        self.assertEqual((1 / 2, 2), others["stops on not-stops"])
        self.assertEqual((1 / 2, 2), others["moves when told to stop"])
        self.assertEqual((1, 1), others["understood on not-stops with one right act"])
        self.assertEqual((1, 1), others["distances right"])
        self.assertEqual((1, 1), others["stops missed: orders taken back over turns"])

    def test_lines_that_could_not_be_read_are_told_of(self):
        self.assertEqual(1, others_of(self.spoken)["lines that could not be read: stops"]["rules"].value)
        silent = Spoken(self.spoken.cases, {"combined": self.spoken.answers["combined"]})
        self.assertFalse([name for name in others_of(silent) if name.startswith("lines")])

    def test_the_section_holds_counts_and_no_sentence(self):
        text = section(self.spoken)
        self.assertIn("1 of 4", text)
        self.assertRegex(text, r"\| odd one +\| +1 \| +0 \| +0 \| +1 \|")
        for hidden in HIDDEN:
            self.assertNotIn(hidden, text)

    def test_results_are_json_with_counts_by_phenomenon(self):
        found = json.loads(to_json(spoken_results(self.spoken)))
        self.assertEqual({"cases": 4, "combined": {"moved": 1, "kept away": 1}, "rules": {"moved": 0, "kept away": 0}},
                         found["phenomena"][MUST_NOT]["plain"])
        self.assertEqual(2, found["targets"][2]["reached"]["count"])
        for hidden in HIDDEN:
            self.assertNotIn(hidden, json.dumps(found))

    def test_without_the_network_the_targets_are_not_measured(self):
        rules = Spoken(self.spoken.cases, {"rules": self.spoken.answers["rules"]})
        self.assertEqual({"not measured"}, {target.verdict for target in targets_of(rules)})
        self.assertIn("not measured", section(rules))


class SetsTest(unittest.TestCase):
    def test_every_held_out_case_can_be_judged(self):
        cases = load(SETS)
        self.assertEqual(len(cases), len({case["id"] for case in cases}))
        for case in cases:
            if case["set"] in (UNDERSTAND, FRESH):
                wanted(case)  # says which cannot be

    def test_the_sets_are_as_large_as_was_asked_for(self):
        sizes = {name: sum(case["set"] == name for case in load(SETS)) for name in (MUST_NOT, STOPS, UNDERSTAND)}
        self.assertGreaterEqual(sizes[MUST_NOT], 400)
        self.assertGreaterEqual(sizes[UNDERSTAND], 400)
        self.assertGreaterEqual(sizes[STOPS], 150)

    def test_a_group_that_is_not_given_is_the_phenomenons_first_word(self):
        self.assertEqual("verb", group_of({"phenomenon": "verb-bring"}))
        self.assertEqual("other", group_of({"phenomenon": "polite"}))
        self.assertEqual("relation", group_of({"phenomenon": "polite", "group": "relation"}))

    def test_an_answer_to_another_case_is_found_out(self):
        check_order([case()], [{"id": "", "error": "unreadable"}])
        with self.assertRaisesRegex(ValueError, "x-1"):
            check_order([case()], [{"id": "x-2"}])


class AskingTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        kept, methods = self.folder / "kept", [Method("combined", "combined")]
        patches = [(spoken_figures, "SETS", self.folder), (spoken_figures, "FOLDER", self.folder / "out"),
                   (program, "FOLDER", self.folder / "out"), (program, "spoken_methods", lambda: methods),
                   (spoken_figures, "ask_all", self.answer), (spoken_figures, "kept_file", lambda cases, method: kept),
                   (spoken_figures, "say", lambda text: None)]
        for owner, name, value in patches:
            patch = mock.patch.object(owner, name, value)
            patch.start()
            self.addCleanup(patch.stop)
        for number, name in enumerate(("must-not-move", "stops", "not-stops", "must-understand", "fresh")):
            expect = "stop" if name == "stops" else "c1"
            write_lines(self.folder / f"{name}.jsonl", [case(expect, id=f"s-{number}", history=["before"])])
        kept.write_text("of an older program")

    def answer(self, file: Path, methods: list[Method]):
        self.asked = read_lines(file)
        self.was_kept = (self.folder / "kept").exists()
        return [(method, [done("bring", "c1", id=case["id"]) for case in self.asked]) for method in methods]

    def test_the_product_gets_the_request_and_nothing_of_what_is_expected(self):
        found = spoken_figures.evaluate([Method("combined", "combined")])
        self.assertEqual([{"id", "objects", "history", "command"}] * 5, [set(case) for case in self.asked])
        self.assertEqual({MUST_NOT, STOPS, NOT_STOPS, UNDERSTAND, FRESH}, {case["set"] for case in found.cases})
        self.assertFalse(self.was_kept)

    def test_alone_it_changes_only_its_part_of_the_results(self):
        (self.folder / "out").mkdir()
        results = self.folder / "out" / "results.json"
        results.write_text('{"cases": 7, "spoken": 1}')
        self.assertTrue(program.spoken_alone().startswith("## Spoken commands"))
        found = json.loads(results.read_text())
        self.assertEqual((7, 5), (found["cases"], found["spoken"]["cases"]))
        self.assertTrue((self.folder / "out" / "spoken.md").read_text().startswith("## Spoken commands"))

    def test_a_full_run_appends_the_section_and_without_it_has_none(self):
        (self.folder / "out").mkdir()
        for given, ends, key in ((spoken(), section(spoken()), dict), (None, "the old tables\n", type(None))):
            with (mock.patch.object(program, "report", lambda *parts: "the old tables\n"),
                  mock.patch.object(program, "say"),
                  mock.patch.object(program, "results", lambda *parts: {"cases": 7}),
                  mock.patch.object(program.plots, "draw_all", lambda *parts: [])):
                program.write(None, [], {}, None, given)
            written = (self.folder / "out" / "report.md").read_text()
            self.assertTrue(written.startswith("the old tables\n") and written.endswith(ends))
            found = json.loads((self.folder / "out" / "results.json").read_text())
            self.assertEqual((7, key), (found["cases"], type(found["spoken"])))


if __name__ == "__main__":
    unittest.main()
