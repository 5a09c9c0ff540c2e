"""Words and concepts: the same as C#'s, which the shared vectors hold to."""

import json
import unittest

from training.grounding.tokens import CONCEPTS, FIRST_CONCEPT, concepts_of, fnv1a32, vocabulary, words_of
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
        self.assertTrue(all(FIRST_CONCEPT <= i < FIRST_CONCEPT + CONCEPTS for ids in vocabulary().values() for i in ids))

    def test_the_shared_words_are_what_training_sees(self):
        for entry in json.loads(PATH.read_text(encoding="utf-8")):
            self.assertEqual(words_of(entry["text"]), entry["words"])


if __name__ == "__main__":
    unittest.main()
