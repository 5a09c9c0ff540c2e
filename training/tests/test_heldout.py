"""The held-out cases follow from their programs, by a checker of its own that knows the written tokens only."""

from __future__ import annotations

import hashlib
import json
import math
import os
import re
import subprocess
import sys
import tempfile
import unittest
from collections import Counter, defaultdict
from pathlib import Path
from random import Random
from typing import Any

from training.evaluation.heldout import distort, pools
from training.evaluation.heldout.__main__ import SOUND_SUITES, SUITES, generate

_ROOT = Path(__file__).resolve().parents[2]
_CASES = list(generate(7, 0.06))


class Checker:
    """Executes a program on the tokens of a case: two values, no margins, boxes alone."""

    def __init__(self, case: dict[str, Any]) -> None:
        self.case, self.objects = case, case["objects"]
        self.width = case["image"]["width"]
        self.hfov = case.get("camera", {}).get("hfovDeg", 0)

    def find(self, phrase: dict[str, Any]) -> list[dict[str, Any]]:
        named = [o for o in self.objects if phrase["labels"] == ["*"] or o["label"] in phrase["labels"]]
        fitting = [o for o in named if all(self.passes(o, f) for f in phrase["filters"])]
        return self.select(fitting, phrase["select"]) if phrase["select"] and fitting else fitting

    def passes(self, o: dict[str, Any], item: list[Any]) -> bool:
        if item[0].endswith("color"):
            shares = o["colors"]
            fits = max(shares, key=shares.get) == item[1] and shares[item[1]] > 0.4
            return fits != item[0].startswith("not")
        if item[0] in ("moving", "still"):
            return (math.hypot(*o["velocity"].values()) > 0.02 * self.width) == (item[0] == "moving")
        anchors = self.find(item[2])
        if len(anchors) != 1 or anchors[0] is o:
            return False
        return self.related(item[1], o["box"], anchors[0]["box"]) != item[0].startswith("not")

    def related(self, name: str, a: dict[str, float], b: dict[str, float]) -> bool:
        ax, bx = (r["x"] + r["width"] / 2 for r in (a, b))
        ay, by = (r["y"] + r["height"] / 2 for r in (a, b))
        low_a, low_b = a["y"] + a["height"], b["y"] + b["height"]
        area_a, area_b = a["width"] * a["height"], b["width"] * b["height"]
        aside = max(a["x"] - b["x"] - b["width"], b["x"] - a["x"] - a["width"], 0)
        apart = max(a["y"] - low_b, b["y"] - low_a, 0)
        return {"left_of": ax < bx, "right_of": ax > bx, "above": ay < by, "below": ay > by, "behind": low_a < low_b,
                "in_front_of": low_a > low_b, "larger_than": area_a > area_b, "smaller_than": area_a < area_b,
                "next_to": math.hypot(aside, apart) < 1.5 * (math.sqrt(area_a) + math.sqrt(area_b)) / 2,
                "on": aside == 0 and b["y"] - 1 <= low_a <= low_b and a["y"] < by}[name]

    def select(self, objects: list[dict[str, Any]], select: list[Any]) -> list[dict[str, Any]]:
        def cx(o): return o["box"]["x"] + o["box"]["width"] / 2
        def cy(o): return o["box"]["y"] + o["box"]["height"] / 2
        def low(o): return o["box"]["y"] + o["box"]["height"]
        def area(o): return o["box"]["width"] * o["box"]["height"]
        if select[0] == "nth":
            ordered = sorted(objects, key=cx, reverse=select[2] == "right")
            return ordered[select[1] - 1:select[1]]
        if select[0] == "most":
            key, sign = {"leftmost": (cx, 1), "rightmost": (cx, -1), "highest": (cy, 1), "lowest": (cy, -1), "nearest": (low, -1),
                         "farthest": (low, 1), "largest": (area, -1), "smallest": (area, 1)}[select[1]]
            return [min(objects, key=lambda o: sign * key(o))]
        if select[0] == "sounding":
            heard = [s["azimuthDeg"] for s in self.case["sounds"] if s["label"] == select[1]]
            focal = self.width / 2 / math.tan(math.radians(self.hfov / 2))
            return [min(objects, key=lambda o: abs(math.degrees(math.atan2(cx(o) - self.width / 2, focal)) - heard[0]))]
        anchors = self.find(select[1])
        others = [o for o in objects if o not in anchors]
        if not anchors or not others:
            return []
        return [min(others, key=lambda o: math.hypot(cx(o) - cx(anchors[0]), cy(o) - cy(anchors[0])))]

    def answer(self, program: dict[str, Any]) -> dict[str, Any]:
        found = {role: self.find(program[role]) for role in ("target", "destination", "avoid") if role in program}
        avoid = found.pop("avoid", None)
        if avoid is not None and len(avoid) != 1 and not (avoid and program.get("avoid_all")):
            return {"outcome": "clarify"}
        if any(not f for f in found.values()):
            return {"outcome": "absent"}
        if any(len(f) > 1 for f in found.values()):
            return {"outcome": "clarify"}
        roles = {role: f[0]["id"] for role, f in found.items()}
        return {"outcome": "act"} | roles | ({"avoid": sorted(o["id"] for o in avoid)} if avoid is not None else {})


class HeldoutTests(unittest.TestCase):
    def test_expectations_follow_from_programs_where_the_tokens_have_no_noise(self) -> None:
        checked = 0
        for case in _CASES:
            if case["noise"] or "program" not in case or "outcome" not in case["expect"]:
                continue
            got = Checker(case).answer(case["program"])
            want = {k: case["expect"][k] for k in ("outcome", "target", "destination", "avoid") if k in case["expect"]}
            want |= {"avoid": sorted(want["avoid"])} if "avoid" in want else {}
            self.assertEqual(want, got, f"{case['id']}: {case['command']}")
            checked += 1
        self.assertGreater(checked, 300)

    def test_the_checker_finds_an_expectation_that_is_wrong(self) -> None:
        case = next(c for c in _CASES if c["phenomenon"] == "swapped_words")
        twin = next(c for c in _CASES if c.get("pair") == case["pair"] and c is not case)
        self.assertNotEqual(twin["expect"]["target"], Checker(case).answer(case["program"])["target"])

    def test_ids_are_unique_and_exist(self) -> None:
        self.assertEqual(len(_CASES), len({c["id"] for c in _CASES}))
        for case in _CASES:
            ids = [o["id"] for o in case["objects"]]
            self.assertEqual(len(ids), len(set(ids)))
            expect = case["expect"]
            named = [expect[k] for k in ("target", "destination") if k in expect] + expect.get("avoid", []) + expect["class"]
            if case["phenomenon"] != "vision_gone":
                self.assertLessEqual(set(named), set(ids), case["id"])

    def test_tokens_are_within_the_picture_and_a_command_is_1_to_2000_characters(self) -> None:
        for case in _CASES:
            self.assertTrue(1 <= len(case["command"]) <= 2000)
            for o in case["objects"]:
                box = o["box"]
                self.assertTrue(box["x"] >= 0 and box["y"] >= 0 and box["width"] > 0 and box["height"] > 0)
                self.assertLessEqual(box["x"] + box["width"], case["image"]["width"] + 0.11)
                self.assertLessEqual(box["y"] + box["height"], case["image"]["height"] + 0.11)

    def test_pairs_are_pairs(self) -> None:
        pairs = defaultdict(list)
        for case in _CASES:
            if "pair" in case:
                pairs[case["pair"]].append(case)
        self.assertGreater(len(pairs), 20)
        for pair, cases in pairs.items():
            if pair.startswith("sound"):
                self.assertEqual(set(SOUND_SUITES), {c["phenomenon"] for c in cases})
                self.assertEqual(1, len({json.dumps([c["command"], c["objects"], c["expect"]]) for c in cases}))
                continue
            self.assertEqual(2, len(cases), pair)
            first, second = cases
            self.assertNotEqual(first["expect"]["target"], second["expect"]["target"])
            words = [sorted(re.findall(r"\w+", c["command"].lower())) for c in cases]
            self.assertEqual(words[0], words[1])
            self.assertEqual(pair.startswith("mirrored"), first["command"] == second["command"])
            self.assertEqual(pair.startswith("swapped"), first["objects"] == second["objects"])

    def test_every_suite_has_cases_and_four_commands_a_scene_at_most(self) -> None:
        self.assertEqual({*SUITES, *SOUND_SUITES}, {c["phenomenon"] for c in _CASES})
        commands = Counter((c["phenomenon"], c["scene"]) for c in _CASES if "pair" not in c)
        self.assertLessEqual(max(commands.values()), 4)

    def test_a_missed_target_leaves_another_answer(self) -> None:
        cases = [c for c in generate(11, 0.2) if c.get("missed")]
        self.assertTrue(cases)
        self.assertEqual({"act", "absent", "clarify"} | {c["expect"]["outcome"] for c in cases}, {"act", "absent", "clarify"})
        for case in cases:
            labels = case["program"]["target"]["labels"]
            if not any(o["label"] in labels or o["score"] < 0.5 for o in case["objects"]):
                self.assertEqual("absent", case["expect"]["outcome"], case["id"])

    def test_a_missing_sense_is_missing_and_what_needs_it_is_not_acted_on(self) -> None:
        for case in (c for c in _CASES if c["phenomenon"].startswith("no_")):
            keys = {"camera"} & case.keys() | {k for o in case["objects"] for k in o} | ({"sounds"} if case["sounds"] else set())
            gone = {"no_colours": "colors", "no_velocity": "velocity", "no_sound": "sounds", "no_field_of_view": "camera"}
            self.assertNotIn(gone[case["phenomenon"]], keys)
            self.assertEqual(case["variant"] == "needed", "act" not in case["expect"].get("outcome_in", ["act"]))

    def test_the_file_is_the_same_to_the_byte_whatever_the_hash_seed(self) -> None:
        digests = []
        with tempfile.TemporaryDirectory() as folder:
            for seed in ("1", "2"):
                out = Path(folder) / f"{seed}.jsonl"
                command = [sys.executable, "-m", "training.evaluation.heldout", "--seed", "3", "--scale", "0.02", "--out", out]
                environment = {**os.environ, "PYTHONHASHSEED": seed}
                subprocess.run(command, cwd=_ROOT, check=True, capture_output=True, env=environment)
                digests.append(hashlib.sha256(out.read_bytes()).hexdigest())
        self.assertEqual(digests[0], digests[1])

    def test_a_typo_changes_a_word_into_none_that_has_a_meaning_here(self) -> None:
        rng = Random(5)
        for _ in range(300):
            wrong = distort.with_typos(rng, "take the bottle behind the yellow chair", 1).split()
            changed = [w for w, right in zip(wrong, "take the bottle behind the yellow chair".split()) if w != right]
            self.assertEqual(1, len(changed))
            self.assertNotIn(changed[0], [*pools.classes(), *pools.COLOURS, "below"])

    def test_pools_hold_what_was_promised(self) -> None:
        self.assertGreaterEqual(len(pools.rows("synonyms")), 250)
        self.assertEqual(len(pools.rows("synonyms")), len({r[1] for r in pools.rows("synonyms")}))
        for action in ("pick", "bring", "place", "go_to", "follow", "look_at", "avoid", "report"):
            self.assertGreaterEqual(len(pools.phrases("verbs", "unseen", action)), 8)
            self.assertFalse(set(pools.phrases("verbs", "unseen", action)) & set(pools.phrases("verbs", "common", action)))


if __name__ == "__main__":
    unittest.main()
