"""Judges one answer to a spoken command against what the author of the case expects: pure functions."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .metrics import acts

MOTIONS = frozenset({"pick", "bring", "place", "go_to", "follow", "look_at", "resume"})
DISTANCE_TOLERANCE = 0.02
COUNTED = re.compile(r"\d+ in sight: (.+)")

Objects = tuple[frozenset[str], frozenset[str], frozenset[str]]


@dataclass(frozen=True)
class Wanted:
    """What is right: the outcome, the actions that would do, and the objects; steps where their actions differ."""

    outcome: str
    actions: frozenset[str]
    targets: tuple[str, ...] = ()
    destination: str | None = None
    avoid: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    metres: float | None = None

    @property
    def objects(self) -> Objects:
        """Targets, destinations and what to keep away from, as objects_of gives them."""
        return frozenset(self.targets), frozenset([self.destination] if self.destination else []), frozenset(self.avoid)


def wanted(case: dict) -> Wanted:
    """What a case of the sets that must be understood expects; a ValueError names a case that cannot be judged."""
    expect, given = case["expect"], case.get("action", [])
    actions = frozenset([given] if isinstance(given, str) else given)
    more = {"metres": case.get("distanceM")}
    if expect in ("stop", "resume"):
        return Wanted("act", frozenset([expect]))
    if expect.startswith("absent: "):
        return Wanted("absent", actions)
    if expect.startswith("ask: "):
        return Wanted("clarify", actions, seen(case, expect[len("ask: "):]))
    if said := re.fullmatch(r"keep away from (\S+)", expect):
        return Wanted("act", frozenset(["avoid"]), seen(case, said[1]), **more)
    if said := re.fullmatch(r"go to (\S+), keep away from (\S+)", expect):
        return Wanted("act", frozenset(["go_to"]), seen(case, said[1]), avoid=seen(case, said[2]), **more)
    if said := re.fullmatch(r"(\w+) (\S+)", expect):
        return Wanted("act", frozenset([said[1]]), seen(case, said[2]))
    place = seen(case, case["destination"])[0] if "destination" in case else None
    return Wanted("act", actions, seen(case, expect), place, steps=tuple(case.get("steps", ())), **more)


def seen(case: dict, ids: str) -> tuple[str, ...]:
    """The ids, all of which must be objects of the case: anything else is an expectation that nobody can read."""
    named = tuple(name.strip() for name in ids.split(","))
    if not {str(one["id"]) for one in case["objects"]}.issuperset(named):
        raise ValueError(f"{case['id']}: what is expected cannot be judged: it names what is not among the objects")
    return named


# What an answer does


def steps_of(answer: dict) -> list[dict]:
    return answer.get("steps") or [answer]


def actions_of(answer: dict) -> list[str]:
    """The actions in order; keeping away while something else is done is not one of them."""
    named = [step.get("action", "none") for step in steps_of(answer)]
    return [name for name in named if name != "avoid"] or named


def moves(answer: dict) -> bool:
    """Whether the robot is set in motion; keeping away from something is counted apart."""
    return acts(answer) and not MOTIONS.isdisjoint([answer.get("action"), *actions_of(answer)])


def keeps_away(answer: dict) -> bool:
    """Whether all it does is to keep away from something."""
    return acts(answer) and actions_of(answer) == ["avoid"]


def halts(answer: dict) -> bool:
    return acts(answer) and answer.get("action") == "stop"


def acts_on_objects(answer: dict) -> bool:
    return acts(answer) and answer.get("action") not in ("stop", "resume")


def objects_of(answer: dict) -> Objects:
    """Targets, destinations and what to keep away from; where keeping away is all that is done, that is the target."""
    targets, destinations = (frozenset(step[role] for step in steps_of(answer) if step.get(role))
                             for role in ("target", "destination"))
    if not targets and actions_of(answer) == ["report"]:
        targets = counted(answer)
    avoid = frozenset(answer.get("avoid", []))
    return (targets | avoid, destinations, frozenset()) if keeps_away(answer) else (targets, destinations, avoid)


def counted(answer: dict) -> frozenset[str]:
    """The ids that an answer about several objects lists in its evidence ("2 in sight: cup 4, cup 7")."""
    lists = [COUNTED.fullmatch(clause.get("evidence", "")) for clause in answer.get("clauses", [])]
    return frozenset(name.rsplit(" ", 1)[-1] for found in lists if found for name in found[1].split(", "))


# Whether that is right


def is_right(case: dict, answer: dict) -> bool:
    """Whether the outcome is right at once: the act, or where nothing can be done "absent" or the one question."""
    want = wanted(case)
    if answer.get("outcome") != want.outcome:
        return False
    if want.outcome == "act":
        return has_actions(want, answer) and objects_of(answer) == want.objects and keeps_distance(want, answer)
    return answer.get("action") in want.actions and (want.outcome == "absent" or offers(want, answer))


def is_understood(case: dict, answer: dict) -> bool:
    """Right at once, or asked before an act with an offer that is right: the action, and the objects before others."""
    want = wanted(case)
    has_action = answer.get("action") in (want.steps[:1] or want.actions)
    return is_right(case, answer) or (has_action and asks_to_act(want, answer))


def has_right_offer(case: dict, answer: dict) -> bool:
    """Understood, were the action of a question left aside."""
    return is_right(case, answer) or asks_to_act(wanted(case), answer)


def acts_on_wrong_object(case: dict, answer: dict) -> bool:
    """Whether it acts on other objects than are meant, or on some where none is; the action is left aside."""
    want = wanted(case)
    return acts_on_objects(answer) and (want.outcome != "act" or objects_of(answer) != want.objects)


def has_right_distance(case: dict, answer: dict) -> bool:
    """Whether it keeps the distance that was said from the object that was meant."""
    return acts(answer) and keeps_distance(wanted(case), answer)


def asks_to_act(want: Wanted, answer: dict) -> bool:
    return want.outcome == "act" and answer.get("outcome") == "clarify" and offers(want, answer)


def offers(want: Wanted, answer: dict) -> bool:
    """Whether the likeliest candidates are the objects that are meant, in any order; of one chance, as listed."""
    meant = frozenset().union(*want.objects)
    likeliest = sorted(answer.get("candidates", []), key=lambda one: -one["probability"])[:len(meant)]
    return bool(meant) and {one["id"] for one in likeliest} == meant


def has_actions(want: Wanted, answer: dict) -> bool:
    """Whether each step's action is right, and where they differ, each with its target, in order."""
    if not want.steps:
        return want.actions.issuperset(actions_of(answer))
    taken = [(step.get("action"), step.get("target")) for step in steps_of(answer)]
    return taken == list(zip(want.steps, want.targets))


def keeps_distance(want: Wanted, answer: dict) -> bool:
    """Whether the distance that was said is kept from all that is to be kept away from; true where none was."""
    if want.metres is None:
        return True
    limits = [limit for limit in answer.get("constraints", []) if limit.get("kind") == "keep_distance"]
    kept = {limit["object"]: limit.get("metres", 0) for limit in limits}
    most_off = DISTANCE_TOLERANCE * want.metres + 1e-9
    return all(abs(kept.get(name, 0) - want.metres) <= most_off for name in want.avoid or want.targets)
