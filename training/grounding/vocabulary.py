"""Writes models/grounding/vocabulary.tsv: the WordNet concepts of the words that commands and labels use.

A noun's concepts are its first meanings that a camera can see and what is above them; a verb's its first meanings and
what is above them; a colour's its meaning and the kind of colour. `python3 -m training.grounding.vocabulary`
"""

from __future__ import annotations

from .tokens import CONCEPTS, FIRST_CONCEPT, VOCABULARY, fnv1a32, words_of
from .wordnet import VISIBLE, PartOfSpeech

NOUN_SENSES, NOUN_LEVELS = 3, 3
VERB_SENSES, VERB_LEVELS = 3, 1
# What is so general that it says nothing: its name is shared by most things.
GENERAL = ["entity", "physical_entity", "object", "whole", "artifact", "living_thing", "organism", "causal_agent",
           "instrumentality", "matter", "substance", "abstraction", "attribute", "property", "thing"]

HEADER = """\
# Concepts of words: word TAB ids. Derived from WordNet 3.0 by training/grounding/vocabulary.py.
# WordNet 3.0 Copyright 2006 by Princeton University. All rights reserved. Its licence: THIRD-PARTY-NOTICES.md.
"""


def concept_id(part: str, offset: int) -> int:
    """The id of a meaning: 4096 to 12287."""
    return FIRST_CONCEPT + fnv1a32(f"c:{part}{offset}") % CONCEPTS


def noun_concepts(nouns: PartOfSpeech) -> dict[str, list[int]]:
    """Concepts of every noun for what can be seen, and of the colours' names."""
    general = {nouns.senses[name][0] for name in GENERAL}
    colours = descendants(nouns, nouns.sense("color", "colour").offset)
    concepts = {}
    for lemma, senses in nouns.senses.items():
        seen = [offset for offset in senses if is_seen(nouns, offset) or offset in colours][:NOUN_SENSES]
        ids = [up for offset in seen for up in [offset, *nouns.ancestors(offset, NOUN_LEVELS)] if up not in general]
        if ids:
            concepts[lemma] = [concept_id("n", offset) for offset in dict.fromkeys(ids)]
    return concepts


def is_seen(nouns: PartOfSpeech, offset: int) -> bool:
    """Whether a meaning is something that a camera can see, and no proper name."""
    synset = nouns.synsets[offset]
    return synset.lexicographer in VISIBLE and not synset.lemmas[0][0].isupper()


def descendants(part: PartOfSpeech, offset: int) -> set[int]:
    """A meaning and all below it."""
    found, front = {offset}, [offset]
    while front:
        front = [low for up in front for low in part.synsets[up].hyponyms if low not in found]
        found.update(front)
    return found


def verb_concepts(verbs: PartOfSpeech) -> dict[str, list[int]]:
    """Concepts of every verb."""
    return {
        lemma: [concept_id("v", offset) for offset in dict.fromkeys(
            up for sense in senses[:VERB_SENSES] for up in [sense, *verbs.ancestors(sense, VERB_LEVELS)])]
        for lemma, senses in verbs.senses.items()
    }


def colour_concepts(adjectives: PartOfSpeech) -> dict[str, list[int]]:
    """Concepts of the colour adjectives: those like "chromatic" or "achromatic"."""
    heads = {adjectives.sense("chromatic").offset, adjectives.sense("achromatic").offset}
    concepts = {}
    for lemma, senses in adjectives.senses.items():
        ids = [offset for offset in senses if heads & set(adjectives.synsets[offset].similar)]
        if ids:
            concepts[lemma] = [concept_id("a", offset) for offset in ids]
    return concepts


def write() -> int:
    """Writes the file; gives the number of words."""
    merged: dict[str, list[int]] = {}
    parts = (noun_concepts(PartOfSpeech("noun")), colour_concepts(PartOfSpeech("adj")), verb_concepts(PartOfSpeech("verb")))
    for concepts in parts:
        for lemma, ids in concepts.items():
            word = "_".join(words_of(lemma.replace("_", " ").replace("-", " ")))
            if word.count("_") <= 1:
                merged.setdefault(word, []).extend(ids)
    VOCABULARY.parent.mkdir(parents=True, exist_ok=True)
    with VOCABULARY.open("w", encoding="utf-8") as file:
        file.write(HEADER)
        for word in sorted(merged):
            file.write(f"{word}\t{' '.join(map(str, dict.fromkeys(merged[word])))}\n")
    return len(merged)


if __name__ == "__main__":
    print(f"{write()} words in {VOCABULARY}")
