#!/usr/bin/python3
"""Converts the graphs of operations.json with the converter of eng/models: convert_cases.py OPERATIONS.json FOLDER

Case number n becomes FOLDER/n.onnx, or FOLDER/n.txt with the reason why it does not.
"""

import base64
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[4] / "eng" / "models"))

import convert_tfjs # noqa: E402
from tfjs_graph import ConversionError # noqa: E402


def main(cases, folder):
    for number, case in enumerate(json.loads(cases.read_text(encoding="utf-8"))["cases"]):
        model = folder / f"{number}.json"
        (folder / f"{number}.bin").write_bytes(base64.b64decode(case["data"]))
        outputs = {output["name"]: {"name": output["name"]} for output in case["outputs"]}
        model.write_text(json.dumps({
            "modelTopology": case["graph"], "signature": {"outputs": outputs},
            "weightsManifest": [{"paths": [f"{number}.bin"], "weights": case["weights"]}]}))
        try:
            convert_tfjs.convert_graph(model, folder / f"{number}.onnx")
        except ConversionError as error:
            (folder / f"{number}.txt").write_text(str(error))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
