"""Writes the checksums of models/grounding into their manifests: `python3 -m training.grounding.manifests`."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILE_AND_SUM = re.compile(r"(?P<before>^ *file: (?P<file>grounding/\S+)\n *sha256: )[0-9a-f]{64}", re.MULTILINE)


def main() -> None:
    for manifest in sorted((ROOT / "configs" / "models").glob("grounding*.yaml")):
        text = manifest.read_text(encoding="utf-8")
        manifest.write_text(FILE_AND_SUM.sub(with_sum, text), encoding="utf-8")


def with_sum(match: re.Match) -> str:
    file = ROOT / "models" / match["file"]
    return match["before"] + hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else match[0]


if __name__ == "__main__":
    main()
