"""The ear's training: tokens and vectors are the product's, what is written apart is apart, sentences are whole."""

import json
import re
import unittest

import numpy as np

from training.ears.encoder import ROOT, Encoder
from training.ears.heads import Dense, Head, calibration_error, pack
from training.ears.pieces import Pieces
from training.ears.sentences import FOLDER, Writer, sections
from training.ears.vectors import numbers

REFERENCE = json.loads((ROOT / "tests/Fusion/Embeddings/minilm-vectors.json").read_text(encoding="utf-8"))["texts"]


class Ears(unittest.TestCase):
    def test_tokens_are_those_of_the_product(self):
        pieces = Pieces(ROOT / "models/fetched/minilm.vocabulary.txt")
        for entry in REFERENCE:
            self.assertEqual(entry["tokens"], pieces.tokens(entry["text"]))

    def test_vectors_are_those_of_the_published_weights(self):
        vectors = Encoder().encode([entry["text"] for entry in REFERENCE])
        for vector, entry in zip(vectors, REFERENCE):
            self.assertGreater(float(vector @ np.array(entry["vector"])), 0.9999)

    def test_no_sentence_holds_a_gap(self):
        for folder in (FOLDER, FOLDER / "validation"):
            writer = Writer(folder, seed=3)
            for sentence in writer.orders(1500) + writer.others(1500):
                self.assertFalse(set("{}()|[]") & set(sentence.text), sentence.text)
                self.assertTrue(sentence.text.strip())

    def test_the_same_seed_writes_the_same(self):
        self.assertEqual(Writer(seed=4).others(50), Writer(seed=4).others(50))
        self.assertNotEqual(Writer(seed=4).orders(50), Writer(seed=5).orders(50))

    def test_what_is_written_apart_shares_no_wording(self):
        for name in ("orders.txt", "others.txt"):
            apart = {normal(line) for lines in sections(FOLDER / "validation" / name).values() for line in lines}
            trained = {normal(line) for lines in sections(FOLDER / name).values() for line in lines}
            shared = {frame for line in trained for frame in expansions(line)}
            self.assertEqual(set(), apart & shared - {"{doing}"})
        for name in ("actions.txt", "relations.txt"):
            phrases = [{phrase for lines in sections(folder / name).values() for phrase in ", ".join(lines).split(", ")}
                       for folder in (FOLDER, FOLDER / "validation")]
            self.assertEqual(set(), phrases[0] & phrases[1])

    def test_numbers_are_packed_and_unpacked(self):
        values = np.array([[1.5, -0.25], [3, 0]], np.float32)
        np.testing.assert_array_equal(values.ravel(), numbers(pack(values)))

    def test_a_head_rectifies_between_its_layers(self):
        hidden, output = (Dense(np.array(weights), np.zeros(2)) for weights in ([[1.0], [-1.0]], [[2.0, 0], [0, 3.0]]))
        head = Head(["a", "b"], [0], hidden, output)
        np.testing.assert_array_equal([[2, 0], [0, 3]], head.run(np.array([[1.0], [-1.0]])))
        np.testing.assert_allclose(head.probabilities(np.array([[1.0]])), [[1 / (1 + np.exp(-2)), 1 / (1 + np.exp(2))]])

    def test_calibration_error_is_the_gap_between_trust_and_truth(self):
        self.assertAlmostEqual(0.2, calibration_error(np.array([0.7, 0.7]), np.array([True, False])))


def normal(frame: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"[^a-z{}_|() ]", "", frame.lower())).strip()


def expansions(frame: str) -> list[str]:
    found = re.search(r"\(([^()]*)\)", frame)
    if not found:
        return [re.sub(r"\s+", " ", frame).strip()]
    before, after = frame[:found.start()], frame[found.end():]
    return [whole for choice in found[1].split("|") for whole in expansions(before + choice + after)]


if __name__ == "__main__":
    unittest.main()
