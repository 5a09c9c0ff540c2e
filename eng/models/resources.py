#!/usr/bin/python3
"""Takes files out of a .NET library that embeds them, without running or loading it.

    resources.py LIBRARY.dll SUMS FOLDER

SUMS lists the files as sha256sum does; a resource is known by its checksum, so that nothing else can take its place.
"""

import hashlib
import pathlib
import struct
import sys

PE32 = 0x10B
CLI_DIRECTORY = 14


class Library:
    """The part of a library's format that leads to its resources: ECMA-335, II.25."""

    def __init__(self, data):
        self.data = data
        header = self.number(0x3C) + 4
        sections, optional_length = self.number(header + 2, "<H"), self.number(header + 16, "<H")
        optional = header + 20
        directories = optional + (96 if self.number(optional, "<H") == PE32 else 112)
        table = optional + optional_length
        self.sections = [struct.unpack_from("<4I", data, table + 40 * index + 8) for index in range(sections)]
        self.cli = self.place_of(self.number(directories + 8 * CLI_DIRECTORY))

    def resources(self):
        """Each resource's bytes: a length, that many bytes, and the next one at a multiple of eight."""
        at, size = self.place_of(self.number(self.cli + 24)), self.number(self.cli + 28)
        end = at + size
        while at + 4 <= end:
            length = self.number(at)
            if at + 4 + length > end:
                raise ValueError("its resources are cut off")
            yield self.data[at + 4:at + 4 + length]
            at += (4 + length + 7) // 8 * 8

    def place_of(self, address):
        for size, start, raw_size, raw in self.sections:
            if start <= address < start + max(size, raw_size):
                return address - start + raw
        raise ValueError("it is no .NET library")

    def number(self, at, form="<I"):
        return struct.unpack_from(form, self.data, at)[0]


def take(library, sums, folder):
    wanted = dict(line.split() for line in pathlib.Path(sums).read_text(encoding="ascii").splitlines())
    for resource in Library(memoryview(pathlib.Path(library).read_bytes())).resources():
        name = wanted.pop(hashlib.sha256(resource).hexdigest(), None)
        if name:
            (pathlib.Path(folder) / name).write_bytes(resource)
    if wanted:
        raise ValueError(f"it does not hold {', '.join(wanted.values())} as {sums} lists it")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit("usage: resources.py LIBRARY.dll SUMS FOLDER")
    try:
        take(*sys.argv[1:])
    except (ValueError, OSError, struct.error) as error:
        sys.exit(f"resources.py: {sys.argv[1]}: {error}")
