"""The checksums in the manifests."""

import hashlib
import tempfile
import unittest
from pathlib import Path

from training.grounding.manifests import update

MANIFEST = """name: grounding
file: grounding/{file}
sha256: {sha}
vocabulary:  # beside it
  file: grounding/words.tsv
  sha256: {sha}
"""


class ManifestsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.manifests, self.models = Path(folder.name), Path(folder.name) / "models"
        (self.models / "grounding").mkdir(parents=True)
        (self.models / "grounding" / "net.onnx").write_bytes(b"net")
        (self.models / "grounding" / "words.tsv").write_bytes(b"words")

    def write(self, name: str, file: str) -> Path:
        path = self.manifests / name
        path.write_text(MANIFEST.format(file=file, sha="0" * 64), encoding="utf-8")
        return path

    def test_each_file_gets_its_own_checksum_and_nothing_else_changes(self):
        path = self.write("grounding.yaml", "net.onnx")
        self.assertEqual(update(self.manifests, self.models), [path])
        net, words = (hashlib.sha256(content).hexdigest() for content in (b"net", b"words"))
        expected = MANIFEST.format(file="net.onnx", sha="0" * 64).replace("0" * 64, net, 1).replace("0" * 64, words, 1)
        self.assertEqual(path.read_text(encoding="utf-8"), expected)
        self.assertEqual(update(self.manifests, self.models), [])

    def test_a_file_that_is_missing_keeps_its_checksum(self):
        path = self.write("grounding-seed2.yaml", "missing.onnx")
        update(self.manifests, self.models)
        self.assertIn("missing.onnx\nsha256: " + "0" * 64, path.read_text(encoding="utf-8"))

    def test_manifests_of_other_models_are_left_alone(self):
        path = self.write("detector.yaml", "net.onnx")
        self.assertEqual(update(self.manifests, self.models), [])
        self.assertIn("0" * 64, path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    unittest.main()
