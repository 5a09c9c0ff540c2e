"""Writes commands: a meaning, said in many ways."""

from __future__ import annotations

import random
from dataclasses import dataclass

from . import phrases
from .phrases import options
from .programs import Description

OTHER_SIDE = {"left": "right", "right": "left"}


@dataclass
class Roles:
    """What a command says about which object; none of a role that it does not have."""

    intent: str
    target: Description | None = None
    destination: Description | None = None
    avoid: Description | None = None


class CommandWriter:
    """Words for meanings, drawn from one random source."""

    def __init__(self, verbs: phrases.Verbs, random_: random.Random) -> None:
        self._verbs = verbs
        self._random = random_

    def write(self, roles: Roles) -> str:
        """The command as somebody would say it."""
        r = self._random
        if roles.intent == "stop":
            sentence = self._one(phrases.STOP)
        elif roles.intent == "resume":
            sentence = self._one(phrases.RESUME)
        elif roles.target is None and roles.avoid is None:
            sentence = self._one(phrases.QUESTIONS).format(place=self._one(phrases.PLACES), order=self._one(phrases.STOP))
        elif roles.target is None:
            sentence = f"{self._verb('avoid')} {self.describe(roles.avoid)}"
        else:
            sentence = self._order(roles)
        return self._spoken(self._polite(sentence))

    def describe(self, description: Description, article: str | None = None) -> str:
        """"the red cup left of the laptop"."""
        r = self._random
        before, after = [], []
        if description.scale and description.rank is not None:
            before.append(r.choice(options(phrases.ORDINALS[description.rank])))
            side = description.scale
            after.append(self._one(phrases.COUNTING).format(side=side, other=OTHER_SIDE[side]))
        elif description.scale:
            if description.scale in phrases.SCALES_AFTER and r.random() < 0.45:
                after.append(self._one(phrases.SCALES_AFTER[description.scale]))
            else:
                before.append(self._one(phrases.SCALES_BEFORE[description.scale]))
        if description.motion:
            phrase = self._one(phrases.MOTIONS[description.motion])
            (before if phrase in ("moving", "still", "motionless", "stationary") and r.random() < 0.7 else after).append(phrase)
        if description.color:
            color = self._one(phrases.COLORS[description.color])
            (before if r.random() < 0.96 else after).append(color if r.random() < 0.9 or not after else "in " + color)
        if description.not_color:
            after.append(self._one(phrases.NOT_COLOR).format(color=self._one(phrases.COLORS[description.not_color])))
        if description.sound:
            phrase = self._one(phrases.SOUND_PHRASES[description.sound])
            joined = phrase.startswith(("that", "with", "i ", "you ")) or r.random() < 0.6
            if joined or " " in phrase:
                after.append(phrase)
            elif r.random() < 0.5:
                before.append(phrase)
            else:
                after.append(r.choice(["that is", "which is"]) + " " + phrase)
        if description.relation:
            relation = description.relation
            link = self._one(phrases.NOT) if relation.negated else r.choice(["", "", "", "that is", "which is", "standing", "that you see"])
            words = self._one(phrases.RELATIONS[relation.name])
            if relation.negated and words.startswith("that"):
                words = words.split(" ", 2)[2]
            after.append(f"{link} {words} {self.describe(relation.anchor)}")
        noun = description.noun.word if description.noun else self._one(phrases.ANYTHING)
        if noun == "stuff" and before:
            noun = "thing"
        if description.relation is None:
            r.shuffle(after)
        if article is None:
            article = r.choices(["the", "that", ""], [0.88, 0.06, 0.06])[0]
        return " ".join(" ".join([article, *before, noun, *after]).split())

    def _order(self, roles: Roles) -> str:
        target = self.describe(roles.target)
        if roles.intent == "place":
            pattern = self._one(phrases.PLACE)
            sentence = pattern.format(target=target, on=self._one(phrases.ON), to=self._one(phrases.TO), destination=self.describe(roles.destination))
        else:
            verb = self._verb(roles.intent)
            after = " to me" if roles.intent == "bring" and self._random.random() < 0.3 else ""
            sentence = verb.replace(" to me", "") + " " + target + (" to me" if verb.endswith(" to me") else after)
        if roles.avoid is None:
            return sentence
        avoiding = self._one(phrases.AVOIDING).format(avoid=self.describe(roles.avoid))
        if self._random.random() < 0.12:
            return f"{self._verb('avoid')} {self.describe(roles.avoid)} and {sentence}"
        return f"{sentence} {avoiding}"

    def _verb(self, intent: str) -> str:
        r = self._random
        if intent == "none":
            return r.choice(self._verbs.others)
        more = self._verbs.more.get(intent)
        return r.choice(more) if more and r.random() < 0.25 else r.choice(self._verbs.by_intent[intent])

    def _polite(self, sentence: str) -> str:
        r = self._random
        draw = r.random()
        if draw < 0.2:
            return f"{self._one(phrases.BEFORE)} {sentence}"
        if draw < 0.3:
            return f"{sentence} {self._one(phrases.AFTER)}"
        return sentence

    def _spoken(self, sentence: str) -> str:
        """Slips of the pen and of the speech recognizer, in some sentences."""
        r = self._random
        words = sentence.split()
        draw = r.random()
        if draw < 0.10:
            words = [self._slip(word) if len(word) >= 4 and r.random() < 0.35 else word for word in words]
        elif draw < 0.16:
            words = [phrases.HEARD_AS.get(word, word) if r.random() < 0.4 else word for word in words]
        elif draw < 0.20:
            words.insert(r.randrange(len(words) + 1), self._one(phrases.HESITATIONS))
        elif draw < 0.23 and len(words) > 3:
            at = r.randrange(len(words) - 1)
            words[at:at + 2] = [words[at] + words[at + 1]]
        return " ".join(words)

    def _slip(self, word: str) -> str:
        r = self._random
        at = r.randrange(1, len(word) - 1)
        kind = r.randrange(4)
        if kind == 0:
            return word[:at] + word[at + 1:]
        if kind == 1:
            return word[:at] + word[at + 1] + word[at] + word[at + 2:]
        if kind == 2:
            return word[:at] + word[at] + word[at:]
        return word[:at] + r.choice("abcdefghijklmnopqrstuvwxyz") + word[at + 1:]

    def _one(self, text: str) -> str:
        return self._random.choice(options(text))
