"""Which cases of the "unseen" suites say what training says, too: they prove nothing of words that were never learned."""

from __future__ import annotations

import re
from functools import lru_cache

from ..grounding import phrases
from ..grounding.names import Names
from ..grounding.phrases import Verbs, options
from ..grounding.tokens import words_of

SEEN = "_that_training_has"  # what the name of such a case's suite ends in
RELATIONS = {"left_of": "left", "right_of": "right", "above": "above", "below": "below", "behind": "behind", "in_front_of": "front",
             "next_to": "beside", "nearest_to": "nearest", "on": "on", "under": "under"}
ARTICLE = "(the|a|an|my|that|this|it|any|some|all|every|both)"  # what a verb or relation governs starts with
SCALES = {"leftmost": "left", "rightmost": "right", "largest": "large", "smallest": "small", "nearest": "near", "farthest": "far",
          "highest": "top", "lowest": "bottom"}


def apart(cases: list[dict]) -> list[dict]:
    """The cases, with those that training has the words of under a suite of their own."""
    return [case | {"phenomenon": case["phenomenon"] + SEEN} if case["phenomenon"] in TOLD and TOLD[case["phenomenon"]](case) else case
            for case in cases]


def has_seen_noun(case: dict) -> bool:
    """Whether training calls anything by the word that stands for a label here."""
    nouns = [part["noun"] for part in parts_of(case["program"]) if part.get("noun") and part["noun"] not in part.get("labels", [])]
    return any(noun in trained_nouns() for noun in nouns)


def has_seen_verb(case: dict) -> bool:
    """Whether a verb that training has for this action stands before an object of the command."""
    return stands(trained_verbs().get(case["expect"].get("action", ""), []), case["command"])


def has_seen_relation(case: dict) -> bool:
    """Whether the command says a relation or place that it is about in words that training has for it."""
    told = names_of(case["program"])
    nouns = "|".join(re.escape(part["noun"]) for part in parts_of(case["program"]) if part.get("noun")) or "thing"
    before, after, relations = ([phrase for name in told if keys.get(name) in table for phrase in options(table[keys[name]])]
                                for table, keys in ((phrases.SCALES_BEFORE, SCALES), (phrases.SCALES_AFTER, SCALES), (phrases.RELATIONS, RELATIONS)))
    return stands([rf"{phrase} (\w+ )?({nouns})" for phrase in before] + [rf"{phrase} {ARTICLE}" for phrase in relations] + after, case["command"])


TOLD = {"unseen_synonyms": has_seen_noun, "unseen_verbs": has_seen_verb, "unseen_relations": has_seen_relation}


def parts_of(value: object) -> list[dict]:
    """Every noun phrase of a program, nested ones included."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return ([value] if isinstance(value, dict) and "labels" in value else []) + [part for one in inner for part in parts_of(one)]


def names_of(program: dict) -> list[str]:
    """The relations and places that a program's filters and selections name."""
    told = [told for part in parts_of(program) for told in [*part.get("filters", []), part.get("select")] if told]
    return [told[1] if told[0] in ("rel", "not_rel", "most") else told[0] for told in told]


@lru_cache(maxsize=1)
def trained_nouns() -> frozenset[str]:
    """Every word that training has for a thing."""
    names = Names()
    kinds = [*names.detector, *names.others]
    return frozenset(word for kind in kinds for word in (kind.label, *kind.synonyms, *kind.narrower, *(broad for broad, _ in kind.broader)))


@lru_cache(maxsize=1)
def trained_verbs() -> dict[str, list[str]]:
    """For each action the patterns of training's verbs before an object."""
    verbs = Verbs()
    said = {intent: [rf"{verb} {ARTICLE}" for verb in (*verbs.by_intent.get(intent, []), *verbs.more.get(intent, []))] for intent in phrases.INTENTS}
    fill = {"target": "((?!and ).)+", "destination": ARTICLE, "on": f"({phrases.ON})", "to": f"({phrases.TO})"}
    return said | {"place": [template.format(**fill) for template in options(phrases.PLACE)]}


def stands(patterns: list[str], command: str) -> bool:
    """Whether one of the patterns stands in the command, word by word."""
    text = " ".join(words_of(command))
    return any(re.search(rf"\b{pattern}\b", text) for pattern in patterns)
