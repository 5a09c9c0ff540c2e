"""Writes into the manifests the checksums of the files that they name in models/.

`python3 -m training.grounding.manifests` after weights or vocabulary have changed.
"""

from __future__ import annotations

import argparse
import hashlib
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMED_FILE = re.compile(r"^(?P<file> *file: *(?P<path>[^\s#]+).*\n *sha256: *)[0-9a-f]{64}", re.MULTILINE)


def with_checksums(manifest: str, models: Path) -> str:
    """The manifest's text with the checksum of each file that is there; of one that is not, the old one stays."""

    def replace(match: re.Match[str]) -> str:
        path = models / match["path"]
        return match["file"] + hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else match[0]

    return NAMED_FILE.sub(replace, manifest)


def update(manifests: Path, models: Path) -> list[Path]:
    """Rewrites the manifests of the grounding models; answers those that changed."""
    changed = []
    for path in sorted(manifests.glob("grounding*.yaml")):
        before = path.read_text(encoding="utf-8")
        after = with_checksums(before, models)
        if after != before:
            path.write_text(after, encoding="utf-8")
            changed.append(path)
    return changed


def main() -> None:
    parser = argparse.ArgumentParser(description="Writes the checksums of models/grounding into the manifests.")
    parser.add_argument("--manifests", type=Path, default=ROOT / "configs" / "models")
    parser.add_argument("--models", type=Path, default=ROOT / "models")
    options = parser.parse_args()
    changed = update(options.manifests, options.models)
    for path in changed:
        print(f"{path}: checksums written")
    if not changed:
        print("every checksum is as it was")


if __name__ == "__main__":
    main()
