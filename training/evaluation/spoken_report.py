"""The section on spoken commands: tables and JSON; figures and counts alone, never a sentence."""

from __future__ import annotations

from .metrics import Figure
from .report import shown, table
from .results import of_target
from .spoken_figures import (FRESH, FRESH_NOT, GROUPS, MUST_NOT, NOT_STOPS, STOPS, UNDERSTAND, Among, Judge, Spoken,
                             all_of_it, halted, kept_away, missed_stop, moved, of_group, of_phenomenon, others_of,
                             refused, targets_of)
from .spoken_judge import acts_on_wrong_object, is_right, is_understood
from .targets import COMBINED, Target

UNDERSTANDING = {"understood": is_understood, "acts alone": is_right, "wrong object": acts_on_wrong_object}
STANDING_STILL = {"moved": moved, "kept away": kept_away}
BY_PHENOMENON = {
    MUST_NOT: ("What must not move", STANDING_STILL),
    STOPS: ("Stops", {"missed": missed_stop, "moved": moved}),
    NOT_STOPS: ("What sounds like a stop and is none", {"halted": halted, "refused": refused}),
    UNDERSTAND: ("What must be understood", UNDERSTANDING),
    FRESH_NOT: ("Fresh set: what must not move", STANDING_STILL),
    FRESH: ("Fresh set: what must be understood", UNDERSTANDING),
}


def section(spoken: Spoken) -> str:
    """The whole section, as Markdown."""
    parts = [
        "## Spoken commands",
        f"{len(spoken.cases)} held-out sentences, each answered in its scene; {COMBINED} is the product's default. "
        "Shares are percent with Wilson's 95% interval. Understood: the right act, or a question whose first offer is "
        "right; acts alone: without such questions.",
        spoken_targets_table(targets_of(spoken)),
        "### Without a target", others_table(others_of(spoken), spoken.methods),
        "### By group", "Understood, and acts alone.", groups_table(spoken),
    ]
    for name, (title, judges) in BY_PHENOMENON.items():
        parts += [f"### {title}", "Numbers of sentences.", counts_table(spoken, name, judges)]
    return "\n\n".join(parts) + "\n"


def spoken_targets_table(targets: list[Target]) -> str:
    methods = list(dict.fromkeys(method for target in targets for method in target.figures if method != target.judged))
    rows = [[target.name, f"{'≥' if target.at_least else '≤'} {100 * target.goal:g}%", hits(target.reached),
             shown(target.reached), target.verdict, *(shown(target.figures.get(method)) for method in methods)]
            for target in targets]
    return table(["target", "goal", "cases", "reached (95%)", "verdict", *methods], rows)


def others_table(others: dict[str, dict[str, Figure]], methods: list[str]) -> str:
    rows = [[name, *(f"{hits(figures[method])}: {shown(figures[method])}" for method in methods)]
            for name, figures in others.items()]
    return table(["", *methods], rows)


def groups_table(spoken: Spoken) -> str:
    rows = []
    for title, name in (("", UNDERSTAND), ("fresh: ", FRESH)):
        for group in GROUPS:
            each = [spoken.each(judge, name, of_group(group)) for judge in (is_understood, is_right)]
            figures = [one[method] for method in spoken.methods for one in each]
            rows.append([title + group, str(figures[0].count), *map(shown, figures)])
    heads = [f"{what}, {method}" for method in spoken.methods for what in ("understood", "acts")]
    return table(["group", "cases", *heads], rows)


def counts_table(spoken: Spoken, name: str, judges: dict[str, Judge]) -> str:
    """How many sentences of each phenomenon each judge says yes to, and of all."""
    counted = {slug.replace("-", " "): counts(spoken, name, judges, of_phenomenon(slug))
               for slug in spoken.phenomena(name)}
    counted["all"] = counts(spoken, name, judges, all_of_it)
    rows = [[row, str(count["cases"]), *(str(count[method][what]) for method in spoken.methods for what in judges)]
            for row, count in counted.items()]
    return table(["phenomenon", "cases", *(f"{what}, {method}" for method in spoken.methods for what in judges)], rows)


def counts(spoken: Spoken, name: str, judges: dict[str, Judge], among: Among) -> dict:
    """The number of cases and, for each method, how many of its answers each judge says yes to."""
    cases = sum(case["set"] == name and among(case) for case in spoken.cases)
    return {"cases": cases} | {
        method: {what: sum(spoken.judged(method, judge, name, among)) for what, judge in judges.items()}
        for method in spoken.methods}


def hits(figure: Figure | None) -> str:
    return "–" if figure is None or figure.count == 0 else f"{round(figure.value * figure.count)} of {figure.count}"


def spoken_results(spoken: Spoken) -> dict:
    """The section for results.json: figures as objects, and numbers of sentences by set and phenomenon."""
    return {
        "cases": len(spoken.cases),
        "methods": spoken.methods,
        "targets": [of_target(target) for target in targets_of(spoken)],
        "others": others_of(spoken),
        "phenomena": {name: {slug: counts(spoken, name, judges, of_phenomenon(slug)) for slug in spoken.phenomena(name)}
                      for name, (_, judges) in BY_PHENOMENON.items()},
    }
