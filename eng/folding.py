#!/usr/bin/env python3
"""Writes the first part of src/Policy/Language/folding.txt anew: what Unicode's compatibility decompositions come to
once the marks are gone. The second part, the look-alikes, is kept by hand and is left as it is.

.NET decomposes nothing while globalization is invariant, and that stays so: no ICU on the robot.
"""
import collections
import pathlib
import sys
import unicodedata

FILE = pathlib.Path(__file__).resolve().parent.parent / "src/Policy/Language/folding.txt"
MARK = "# Look-alikes"
LONGEST = 6


def reading(char):
    """The plain letters, digits or mark that a character reads as; none where it has no such reading."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", char) if not unicodedata.category(c).startswith("M")).lower()
    if len(plain) > 1:
        plain = plain.strip("().,")
    known = plain.isascii() and (plain.isalnum() or (len(plain) == 1 and plain.isprintable() and plain not in " `"))
    return plain if known and len(plain) <= LONGEST else None


def main():
    rows = collections.defaultdict(list)
    for code in range(0x80, sys.maxunicode + 1):
        char = chr(code)
        if 0xD800 <= code < 0xE000 or len(char.lower()) == 1 and char.lower() != char and reading(char.lower()):
            continue
        if plain := reading(char):
            rows[plain].append(char)
    text = FILE.read_text(encoding="utf-8")
    head = text[: text.index("\n\n") + 2]
    tail = text[text.index(MARK):]
    body = "".join(f"{plain} : {''.join(chars)}\n" for plain, chars in sorted(rows.items()))
    FILE.write_text(f"{head}{body}\n{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
