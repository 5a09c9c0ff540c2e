"""Telling words that training has from those it has not."""

import unittest

from training.evaluation.seen import SEEN, apart


def case(suite: str, command: str, target: dict, action: str = "pick") -> dict:
    return {"phenomenon": suite, "command": command, "expect": {"outcome": "act", "action": action}, "program": {"action": action, "target": target}}


def phrase(noun: str, label: str = "cup", **more) -> dict:
    return {"noun": noun, "labels": [label], "filters": [], "select": None} | more


class SeenTest(unittest.TestCase):
    def is_seen(self, *arguments) -> bool:
        given = case(*arguments)
        (told,) = apart([given])
        self.assertIn(told["phenomenon"], (given["phenomenon"], given["phenomenon"] + SEEN))
        return told["phenomenon"].endswith(SEEN)

    def test_a_word_that_training_gives_to_anything_is_seen(self):
        self.assertTrue(self.is_seen("unseen_synonyms", "take the mug", phrase("mug")))
        self.assertFalse(self.is_seen("unseen_synonyms", "take the demitasser", phrase("demitasser")))

    def test_the_label_itself_is_no_synonym(self):
        self.assertFalse(self.is_seen("unseen_synonyms", "take the cup", phrase("cup")))

    def test_a_seen_word_within_a_relation_counts(self):
        inner = phrase("rucksack", "backpack")
        self.assertTrue(self.is_seen("unseen_synonyms", "take the cup by the rucksack", phrase("cup", filters=[["rel", "next_to", inner]])))

    def test_a_verb_is_seen_for_its_own_action_alone_and_as_a_whole_word(self):
        self.assertTrue(self.is_seen("unseen_verbs", "Now grab the cup", phrase("cup")))
        self.assertFalse(self.is_seen("unseen_verbs", "grab the cup", phrase("cup"), "look_at"))
        self.assertFalse(self.is_seen("unseen_verbs", "bigrab the cup", phrase("cup")))

    def test_a_relation_and_a_place_are_seen_in_their_own_words(self):
        beside = phrase("cup", filters=[["rel", "next_to", phrase("bowl", "bowl")]])
        self.assertTrue(self.is_seen("unseen_relations", "pick the cup adjacent to the bowl", beside))
        self.assertFalse(self.is_seen("unseen_relations", "pick the cup cheek by jowl with the bowl", phrase("cup", select=["most", "largest"])))
        self.assertTrue(self.is_seen("unseen_relations", "pick the littlest cup", phrase("cup", select=["most", "smallest"])))

    def test_other_suites_stay_as_they_are(self):
        self.assertFalse(self.is_seen("class", "take the mug", phrase("mug")))


if __name__ == "__main__":
    unittest.main()
