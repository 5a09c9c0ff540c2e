"""Writes a trained network as ONNX, checks it, and writes what the C# runtime is compared with.

`python3 -m training.grounding.export --checkpoint artifacts/training/attention-1.pt --out models/grounding/attention.onnx`
"""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path

import numpy as np
import onnx
import torch

from .batches import REGION, SOUND, collate
from .meanings import Meanings
from .names import Names
from .network import INPUTS, MEANING, OUTPUTS, VARIANTS
from .phrases import Verbs
from .samples import Sample, SampleGenerator
from .scenes import COLORS

OPSET = 17  # has LayerNormalization as one node, which ONNX Runtime and TensorRT (8.6 and later) run as one
WIDTH_PIXELS = 1600
AXES = {"words": "words", "word_mask": "words", "region_names": "regions", "regions": "regions", "region_mask": "regions",
        "sound_names": "sounds", "sounds": "sounds", "sound_mask": "sounds"}


def example(words: int, regions: int, sounds: int) -> tuple[torch.Tensor, ...]:
    """Inputs of these sizes to trace with."""
    names = lambda count: torch.randn(1, count, MEANING) * MEANING ** -0.5
    return (names(words), names(regions), torch.rand(1, regions, REGION), names(sounds), torch.rand(1, sounds, SOUND),
            torch.ones(1, words), torch.ones(1, regions), torch.ones(1, sounds), torch.ones(1, 3))


def export(variant: str, checkpoint: Path | None, path: Path) -> torch.nn.Module:
    """Writes the ONNX file; without a checkpoint with weights that were never trained."""
    torch.manual_seed(0)
    net = VARIANTS[variant]()
    if checkpoint is not None:
        net.load_state_dict(torch.load(checkpoint, map_location="cpu")["net"])
    net.eval()
    axes = {name: {1: axis} for name, axis in AXES.items()}
    axes |= {"referents": {2: "answers"}, "attention": {1: "regions", 2: "words"}}
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(net, example(7, 9, 3), str(path), opset_version=OPSET, input_names=INPUTS, output_names=OUTPUTS, dynamic_axes=axes)
    onnx.checker.check_model(onnx.load(str(path)), full_check=True)
    return net


def case_of(sample: Sample, number: int) -> dict:
    """A sample as a case of `ground --batch`."""
    scene, width, height = sample.scene, WIDTH_PIXELS, round(WIDTH_PIXELS * sample.scene.aspect)
    objects = [{
        "id": str(i), "label": thing.label, "score": thing.score,
        "box": {"x": (thing.cx - thing.w / 2) * width, "y": thing.top * height, "width": thing.w * width, "height": thing.h * height},
        "colors": dict(zip(COLORS, thing.shares)), "velocity": {"x": thing.velocity[0] * width, "y": thing.velocity[1] * width},
    } for i, thing in enumerate(sample.detections)]
    sounds = [{"label": sound.label, "score": sound.score, "azimuthDeg": math.degrees(sound.azimuth)}
              | ({} if sound.spread is None else {"azimuthStdDeg": math.degrees(sound.spread)}) for sound in sample.sounds]
    return {"id": str(number), "image": {"width": width, "height": height}, "camera": {"hfovDeg": math.degrees(scene.field_of_view)},
            "objects": objects, "sounds": sounds, "quality": {"vision": sample.quality[1], "sound": sample.quality[2]}, "command": sample.text}


def reference(net: torch.nn.Module, count: int = 6) -> list[dict]:
    """Cases with the network's inputs and outputs, value by value."""
    meanings, samples = Meanings(), SampleGenerator(Names(), Verbs(), 99).draw(count, broken=False, per_scene=1)
    cases = []
    for number, sample in enumerate(samples):
        batch = collate([sample], meanings)
        table = batch["names"]
        inputs = {key: (table[batch[key]] if key in ("words", "region_names", "sound_names") else batch[key]) for key in INPUTS}
        with torch.no_grad():
            outputs = net(*(torch.from_numpy(value) for value in inputs.values()))
        cases.append({"case": case_of(sample, number), "inputs": {key: tensor_json(value) for key, value in inputs.items()},
                      "outputs": {key: tensor_json(value.numpy()) for key, value in zip(OUTPUTS, outputs)}})
    return cases


def tensor_json(value: np.ndarray) -> dict:
    values = value.ravel().tolist()
    return {"shape": list(value.shape), "values": values if value.dtype == np.int64 else [float(f"{number:.7g}") for number in values]}


def main() -> None:
    parser = argparse.ArgumentParser(description="Writes a trained network as ONNX and checks it.")
    parser.add_argument("--variant", choices=VARIANTS, default="attention")
    parser.add_argument("--checkpoint", type=Path, help="without one the weights are untrained")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--reference", type=Path, help="write cases with inputs and outputs here")
    options = parser.parse_args()
    net = export(options.variant, options.checkpoint, options.out)
    if options.reference is not None:
        options.reference.write_text(json.dumps(reference(net)), encoding="utf-8")
    print(f"{options.out}: {options.out.stat().st_size / 1e6:.1f} MB, checked")


if __name__ == "__main__":
    main()
