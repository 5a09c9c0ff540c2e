"""Sentences: says a program in one of many ways, each of which means just that."""

from __future__ import annotations

import re
from random import Random

from .pools import class_of, phrases
from .program import Phrase, Program

_ORDINALS = {1: ("first",), 2: ("second", "2nd"), 3: ("third", "3rd"), 4: ("fourth", "4th")}
_COUNTED = ("the {k} {N} from the {side}", "the {k} {N} from the {side}", "the {k} {N} counting from the {side}",
            "the {k} {N} when counted from the {side}", "the {k} {N} starting from the {side}",
            "the {k} {N} as you count from the {side}")
_BEFORE = {"moving": ("moving",), "still": ("motionless", "stationary")}
_AFTER = {"moving": ("that is moving", "that's moving", "which is moving", "that moves", "that is in motion"),
          "still": ("that is standing still", "that isn't moving", "that is not moving", "that does not move",
                    "which stands still")}
_SOUNDS = {"ring": ("that is ringing", "that's ringing", "which is ringing"),
           "beep": ("that is beeping", "that beeps", "which keeps beeping"),
           "music": ("that is playing music", "the music is coming from", "that plays music"),
           "speech": ("that is talking", "the speech is coming from", "the voice is coming from"),
           "bark": ("that is barking", "that barks", "which keeps barking"),
           "meow": ("that is meowing", "that meows", "which keeps meowing"),
           "engine": ("whose engine is running", "the engine noise is coming from", "with the running engine"),
           "siren": ("with the siren on", "the siren is coming from", "whose siren is on"),
           "alarm": ("whose alarm is going off", "the alarm is coming from", "with the alarm going off"),
           "water": ("the sound of water is coming from", "that sounds of running water"),
           "clap": ("that is clapping", "the clapping is coming from"),
           "glass": ("the clinking of glass is coming from", "that the sound of glass is coming from")}
_SOUNDING_FIRST = {"ring": "ringing", "beep": "beeping", "bark": "barking", "meow": "meowing"}
_DOUBLING = {"get": "getting", "put": "putting", "grab": "grabbing", "set": "setting", "let": "letting"}
_STRICT_FRAMES = ("{V}", "{V}", "please {V}", "robot, {V}", "hey robot, {V}", "now {V}", "{V}, please")


def plural(noun: str) -> str:
    """The regular plural, with the few exceptions that the classes have."""
    special = {"person": "people", "sheep": "sheep", "mouse": "mice", "knife": "knives", "shelf": "shelves",
               "scissors": "scissors", "goose": "geese"}
    head, _, last = noun.rpartition(" ")
    if last in special:
        many = special[last]
    elif re.search(r"(s|x|ch|sh)$", last):
        many = last + "es"
    elif re.search(r"[^aeiou]y$", last):
        many = last[:-1] + "ies"
    else:
        many = last + "s"
    return f"{head} {many}".strip()


class Grammar:
    """Draws sentences. `pool` is 'common' or 'unseen' for relations and places, `verbs` and `frames` likewise."""

    def __init__(self, rng: Random, pool: str = "common", verbs: str = "common", frames: str = "plain",
                 short_names: bool = True) -> None:
        self._rng, self._pool, self._verbs, self._frames = rng, pool, verbs, frames
        self._short_names = short_names

    def sentence(self, program: Program) -> str:
        """The whole command."""
        text = self._order(program)
        if "avoid" in program and program["action"] != "avoid":
            avoided = self.describe(program["avoid"], program.get("avoid_all", False))
            pool = "unseen" if self._verbs == "unseen" else "common"
            text = text.rstrip("?") + self._rng.choice(phrases("avoid", pool)).replace("{A}", avoided)
        return finish(self._rng, text)

    def order(self, program: Program) -> str:
        """The bare order, without a frame around it."""
        return self._fill(program, self._template(program))

    def _order(self, program: Program) -> str:
        template = self._template(program)
        strict = re.match(r"(don't|never|make sure|whereabouts|in which|what|where|can you|have you)\b", template)
        frames = _STRICT_FRAMES if strict else phrases("frames", self._frames)
        if template.endswith("?"):
            frames = ("{V}", "{V}", "robot, {V}", "tell me, {V}") if self._frames == "plain" else (
                "please tell me, {V}", "sorry, {V}", "excuse me, {V}", "{V}")
        if "avoid" in program and program["action"] != "avoid":
            frames = tuple(f for f in frames if not re.search(r"\{V\}.|\{G\}", f))
        frame = self._rng.choice(frames)
        while "{G}" in frame and " and " in template:
            frame = self._rng.choice(frames)
        first, _, rest = template.partition(" ")
        gerund = _DOUBLING.get(first, (first[:-1] if re.search(r"[^e]e$", first) else first) + "ing") + " " + rest
        return self._fill(program, frame.replace("{V}", template).replace("{G}", gerund))

    def _template(self, program: Program) -> str:
        """An order for the action; {T} in its middle only where what is said of it is short."""
        options = phrases("verbs", self._verbs, program["action"])
        target = program.get("target") or program["avoid"]
        long = bool(target["filters"] or target["select"])
        if "destination" in program and long:
            options = tuple(o for o in options if " and " in o) or ("take {T} and " + self._rng.choice(options)
                                                                    .replace("{T}", "it"),)
        elif long and "destination" not in program:
            options = tuple(o for o in options if re.search(r"\{T\}\??$|\{T\} and ", o))
        options = tuple(o for o in options if not o.endswith("?") or "avoid" not in program or "target" not in program)
        return self._rng.choice(options)

    def _fill(self, program: Program, text: str) -> str:
        target = program.get("target")
        described = self.describe(target) if target else self.describe(program["avoid"], program.get("avoid_all", False))
        text = text.replace("{T}", described)
        if "destination" in program:
            manner = {"on": ("on", "on", "onto", "on top of"), "next_to": ("next to", "beside")}[program["manner"]]
            text = text.replace("{D}", f"{self._rng.choice(manner)} {self.describe(program['destination'])}")
        return text.replace("?,", ",")

    def describe(self, phrase: Phrase, several: bool = False, inner: bool = False) -> str:
        """The noun phrase with its article; `several` in the plural, `inner` when another phrase refers to it."""
        noun = self._noun(phrase)
        adjectives, after = self._modifiers(phrase, inner)
        core = " ".join(adjectives + [plural(noun) if several else noun])
        select = phrase["select"]
        if select and select[0] == "most":
            options = phrases("places", self._pool, select[1])
            if after:
                options = tuple(o for o in options if o.endswith("{N}")) or options
            core = self._rng.choice(options).replace("{N}", core)
        elif select and select[0] == "nth":
            word = self._rng.choice(_ORDINALS[select[1]])
            core = self._rng.choice(_COUNTED).replace("{k}", word).replace("{side}", select[2]).replace("{N}", core)
        else:
            core = f"the {core}"
        return " ".join([core] + after)

    def _noun(self, phrase: Phrase) -> str:
        common = class_of(phrase["labels"][0]).common
        short = self._short_names and common and self._rng.random() < 0.5
        return common if short and phrase["noun"] == phrase["labels"][0] else phrase["noun"]

    def _modifiers(self, phrase: Phrase, inner: bool) -> tuple[list[str], list[str]]:
        """Words before the noun and after it."""
        before, after = [], []
        clauses = sum(f[0] != "color" for f in phrase["filters"]) + bool(phrase["select"])
        for item in phrase["filters"]:
            if item[0] == "color":
                if clauses == 0 and not inner and self._rng.random() < 0.15:
                    after.append(self._rng.choice((f"that is {item[1]}", f"that's {item[1]}", f"which is {item[1]}")))
                else:
                    before.append(item[1])
            elif item[0] == "not_color":
                after.append(self._rng.choice(("that is not {}", "that isn't {}", "which is not {}", "that's not {}",
                                               "which isn't {}", "that is any colour but {}")).format(item[1]))
            elif item[0] in _AFTER:
                if self._rng.random() < 0.4:
                    before.insert(0, self._rng.choice(_BEFORE[item[0]]))
                else:
                    after.append(self._rng.choice(_AFTER[item[0]]))
            else:
                after.append(self.relation(item[1], item[2], item[0] == "not_rel"))
        select = phrase["select"]
        if select and select[0] == "nearest_to":
            after.append(self.relation("nearest_to", select[1]))
        if select and select[0] == "sounding":
            if select[1] in _SOUNDING_FIRST and self._rng.random() < 0.4:
                before.insert(0, _SOUNDING_FIRST[select[1]])
            else:
                after.append(self._rng.choice(_SOUNDS[select[1]]))
        return before, after

    def relation(self, name: str, anchor: Phrase, negated: bool = False, bare: bool = False) -> str:
        """'left of the bottle', 'that is not on the table'. `bare` leaves out 'that is' and the like."""
        options = phrases("relations", self._pool, name)
        if anchor["filters"] or anchor["select"]:
            options = tuple(o for o in options if o.endswith("{X}")) or options
        if negated or bare:
            options = tuple(o for o in options if not re.match(r"(that|with|not|less|you|of a) ", o))
        text = self._rng.choice(options)
        if negated:
            start = self._rng.choice(("that is not", "that isn't", "which is not"))
            return f"{start} {text}".replace("{X}", self.describe(anchor, inner=True))
        if not bare and not re.match(r"(that|with|you) ", text):
            text = self._rng.choice(("", "", "", "that is ", "that's ", "which is ")) + text
        return text.replace("{X}", self.describe(anchor, inner=True))


def finish(rng: Random, text: str) -> str:
    """Spelling as people type: with or without capital and full stop."""
    text = re.sub(r"\b([Aa]) (?=[aeiou])", r"\1n ", text)
    style = rng.random()
    question = text.endswith("?")
    if style < 0.45:
        text = text.rstrip("?") if rng.random() < 0.5 else text
        return text
    text = text[0].upper() + text[1:]
    return text if question or style < 0.65 else text + (". " if rng.random() < 0.03 else "." if style < 0.97 else "!")
