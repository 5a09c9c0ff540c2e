"""Commands on real pictures by each detector: `make evaluate ARGS=real`.

A table by kind of command, the confusion of outcomes, and a sheet of the worst answers as pictures. ARGS="real --tune" is
for settings, which may be chosen on tune; the test half only reports.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from . import answers, pictures
from .answers import FOLDER, ROOT, Method
from .figures import Evaluation
from .pictures import DEFAULT, Detector, corners, is_right, wrong_acts
from .report import shown, table

CENTERNET = "centernet-mobilenetv3-coco"
DETECTORS = [DEFAULT, Detector("CenterNet", CENTERNET), Detector("both", DEFAULT.model, CENTERNET)]
WORST, COLUMNS, TILE = 12, 3, (420, 330)
FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"


@dataclass(frozen=True)
class Answered:
    """The cases as one detector shows them, with the answers."""

    detector: Detector
    part: Evaluation

    @property
    def method(self) -> str:
        return self.part.methods[0]


def run(split: str, network: str) -> str:
    """Asks, writes real.md and real-worst.png, and gives the text."""
    cases = [case for case in pictures.present(answers.read_lines(pictures.CASES)) if case["split"] == split]
    answered = [ask(detector, cases, network) for detector in DETECTORS]
    sheet = FOLDER / "real-worst.png"
    worst(answered[0], sheet)
    answers.say(f"drew {sheet.name}")
    text = "\n\n".join([
        f"# Real pictures, {split}: {len(cases)} commands over {len({case['picture'] for case in cases})} pictures",
        "In percent, with 95% intervals over pictures. Ceiling: the detector draws a box where the hand's is (IoU 0.5).",
        whole_table(answered), "## By kind, right", kinds_table(answered),
        f"## Outcomes, {answered[0].detector.name}: expected in rows, given in columns", confusion_table(answered[0])]) + "\n"
    (FOLDER / "real.md").write_text(text, encoding="utf-8")
    return text


def ask(detector: Detector, cases: list[dict], network: str) -> Answered:
    method = Method("combined", "combined", network, detector.options, tuple(detector.files))
    given = answers.ask(pictures.to_ask(cases, "real.jsonl"), method)
    marked = [case | {"phenomenon": case.get("kind", case["expect"]["outcome"])} for case in pictures.shown_to(detector, cases)]
    answers.say(f"{detector.name} has answered")
    return Answered(detector, Evaluation(marked, [(method.name, given)]))


def whole_table(answered: list[Answered]) -> str:
    head = ["detector", "right", "right of shown", "wrong, of acts", "absent right", "ceiling"]
    rows = []
    for one in answered:
        acting = Evaluation([case for case in one.part.cases if "box" in case["expect"]], [])
        absent = one.part.share(one.method, is_right, lambda case, answer: case["expect"]["outcome"] == "absent")
        rows.append([one.detector.name, shown(one.part.share(one.method, is_right)),
                     shown(one.part.share(one.method, is_right, lambda case, answer: not case["missed"])),
                     shown(wrong_acts(one.part, one.method)), shown(absent), f"{100 * acting.ceiling():.1f}"])
    return table(head, rows)


def kinds_table(answered: list[Answered]) -> str:
    kinds = sorted(answered[0].part.phenomena)
    rows = [[kind, str(len(answered[0].part.of(kind).cases)),
             *(shown(one.part.of(kind).share(one.method, is_right)) for one in answered)] for kind in kinds]
    return table(["kind", "cases", *(one.detector.name for one in answered)], rows)


def confusion_table(one: Answered) -> str:
    outcomes = ["act", "clarify", "absent", "refuse"]
    pairs = list(zip(one.part.cases, one.part.runs[one.method][0]))
    rows = []
    for expected in outcomes:
        of = [(case, answer) for case, answer in pairs if case["expect"]["outcome"] == expected]
        right = sum(is_right(case, answer) for case, answer in of if expected == "act")
        counts = [sum(answer.get("outcome") == given for _, answer in of) for given in outcomes]
        rows.append([expected, *map(str, counts), f"{right} on the right object" if expected == "act" else ""])
    return table(["expected", *outcomes, ""], rows)


def worst(one: Answered, sheet: Path) -> None:
    """Draws the answers that are most surely wrong: acts first, by what was thought likely."""
    wrong = [(case, answer) for case, answer in zip(one.part.cases, one.part.runs[one.method][0]) if not is_right(case, answer)]
    wrong.sort(key=lambda pair: (pair[1].get("outcome") != "act", -pair[1].get("confidence", 0), pair[0]["id"]))
    tiles = [tile(case, answer) for case, answer in wrong[:WORST]]
    rows = -(-len(tiles) // COLUMNS)
    whole = Image.new("RGB", (COLUMNS * TILE[0], max(rows, 1) * TILE[1]), "white")
    for number, drawn in enumerate(tiles):
        whole.paste(drawn, (number % COLUMNS * TILE[0], number // COLUMNS * TILE[1]))
    whole.save(sheet)


def tile(case: dict, answer: dict) -> Image.Image:
    """One picture: the hand's box green, the answer's red, command and outcome below."""
    picture = Image.open(ROOT / case["picture"]).convert("RGB")
    draw = ImageDraw.Draw(picture)
    width = max(2, picture.width // 200)
    if "box" in case["expect"]:
        x, y, w, h = case["expect"]["box"]
        draw.rectangle((x, y, x + w, y + h), outline=(40, 200, 60), width=width)
    for candidate in answer.get("candidates", []):
        if candidate["id"] == answer.get("target"):
            x, y, w, h = corners(candidate["box"])
            draw.rectangle((x, y, x + w, y + h), outline=(230, 40, 40), width=width)
    picture.thumbnail((TILE[0] - 8, TILE[1] - 64))
    drawn = Image.new("RGB", TILE, "white")
    drawn.paste(picture, (4, 4))
    text, font = ImageDraw.Draw(drawn), ImageFont.truetype(FONT, 12)
    lines = [case["command"], f"{case['id']}: expected {case['expect']['outcome']}, given {answer.get('outcome')}"]
    for number, line in enumerate(lines):
        text.text((6, TILE[1] - 56 + 18 * number), shortened(line, font, TILE[0] - 12), "black", font)
    return drawn


def shortened(line: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    while font.getlength(line) > width:
        line = line[:-2].rstrip("…") + "…"
    return line
