"""The tokenizer: the same as C#'s, which the shared vectors hold to."""

import json
import unittest

from training.grounding.tokens import CONCEPT_IDS, FEATURES, SURFACE_IDS, concepts_of, features_of, fnv1a32, vocabulary, words_of
from training.grounding.vectors import PATH


class TokensTest(unittest.TestCase):
    def test_the_hash_is_fnv1a(self):
        self.assertEqual(fnv1a32(""), 0x811C9DC5)
        self.assertEqual(fnv1a32("foobar"), 0xBF9CF968)  # test vectors of the FNV page (draft-eastlake-fnv)

    def test_words_part_at_everything_but_letters_digits_and_apostrophes(self):
        self.assertEqual(words_of("Don't touch the red-mug, 2 times!"), ["dont", "touch", "the", "red", "mug", "2", "times"])
        self.assertEqual(words_of(" \t\n"), [])

    def test_a_word_is_cut(self):
        self.assertEqual(words_of("x" * 100), ["x" * 24])

    def test_features_are_bounded_distinct_and_in_range(self):
        for name in ("a", "cup", "a label of very many words that does not end before it is cut off by the limit", "\U0001f600"):
            ids = features_of(name)
            self.assertTrue(0 < len(ids) <= FEATURES)
            self.assertEqual(len(ids), len(set(ids)))
            self.assertTrue(all(0 < i < SURFACE_IDS + CONCEPT_IDS for i in ids))

    def test_synonyms_share_concepts_and_strangers_do_not(self):
        shared = lambda a, b: len(set(concepts_of(a)) & set(concepts_of(b)))
        self.assertGreater(shared("sofa", "couch"), 2)
        self.assertGreater(shared("cup", "mug"), 0)
        self.assertEqual(shared("sofa", "banana"), 0)

    def test_a_plural_has_the_concepts_of_its_singular(self):
        self.assertEqual(concepts_of("sofas"), concepts_of("sofa"))

    def test_the_vocabulary_is_sorted_and_in_range(self):
        known = list(vocabulary())
        self.assertEqual(known, sorted(known))
        self.assertTrue(all(SURFACE_IDS <= i < SURFACE_IDS + CONCEPT_IDS for ids in vocabulary().values() for i in ids))

    def test_the_shared_vectors_are_what_the_tokenizer_gives(self):
        vectors = json.loads(PATH.read_text(encoding="utf-8"))
        for entry in vectors["texts"]:
            self.assertEqual(words_of(entry["text"]), entry["words"])
        for kind, key in (("words", "word"), ("labels", "label")):
            for entry in vectors[kind]:
                ids = list(features_of(entry[key]))
                self.assertEqual(ids + [0] * (FEATURES - len(ids)), entry["features"])


if __name__ == "__main__":
    unittest.main()
