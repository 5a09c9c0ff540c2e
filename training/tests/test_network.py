"""The network: what its gates, masks and variants promise, whatever its weights."""

import unittest

import torch

from training.grounding.losses import answer, loss, wrong_object
from training.grounding.meanings import Meanings
from training.grounding.names import Names
from training.grounding.network import VARIANTS
from training.grounding.phrases import Verbs
from training.grounding.samples import SampleGenerator
from training.grounding.train import tensors

MEANINGS = Meanings()
SAMPLES = SampleGenerator(Names(), Verbs(), 11).draw(24, broken=False)


def batch_of(samples=None) -> dict[str, torch.Tensor]:
    return tensors(samples or SAMPLES, MEANINGS)


def answers(net, batch):
    with torch.no_grad():
        return answer(net, batch)


class NetworkTest(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(3)
        self.nets = {name: make().eval() for name, make in VARIANTS.items()}
        self.joint = self.nets["attention"]

    def test_a_gate_forced_shut_is_the_same_as_absence(self):
        for modality, mask in enumerate(("word_mask", "region_mask", "sound_mask")):
            shut, absent = batch_of(), batch_of()
            shut["quality"][:, modality] = 0
            absent[mask] = absent[mask] * 0
            for name in ("attention", "late-fusion"):
                with self.subTest(mask=mask, net=name):
                    a, b = (torch.softmax(answers(self.nets[name], batch)[0], -1) for batch in (shut, absent))
                    if mask == "region_mask":
                        a, b = a[..., -3:] / a[..., -3:].sum(-1, keepdim=True), b[..., -3:]
                    self.assertLess((a - b).abs().max().item(), 1e-4)

    def test_a_blind_network_does_not_see(self):
        changed = batch_of()
        changed["regions"] = torch.rand_like(changed["regions"])
        same = [answers(self.nets["vision-blind"], batch)[0] for batch in (batch_of(), changed)]
        self.assertTrue(torch.equal(*same))
        changed = batch_of()
        changed["words"] = changed["words"].flip(1)
        same = [answers(self.nets["text-blind"], batch)[0] for batch in (batch_of(), changed)]
        self.assertTrue(torch.equal(*same))

    def test_the_order_of_objects_does_not_matter(self):
        batch, turned = batch_of(), batch_of()
        order = torch.arange(batch["regions"].shape[1]).flip(0)
        for key in ("regions", "region_names", "region_mask"):
            turned[key] = turned[key][:, order]
        a, b = answers(self.joint, batch)[0], answers(self.joint, turned)[0]
        self.assertLess((a[:, :, :-3][:, :, order] - b[:, :, :-3]).abs().max().item(), 1e-3)

    def test_padding_changes_nothing(self):
        alone = answers(self.joint, batch_of(SAMPLES[:1]))[0][0]
        among = answers(self.joint, batch_of())[0][0]
        regions = alone.shape[1] - 3
        self.assertLess((alone[:, :regions] - among[:, :regions]).abs().max().item(), 1e-3)
        self.assertLess((alone[:, -3:] - among[:, -3:]).abs().max().item(), 1e-3)

    def test_every_weight_learns(self):
        for name, make in VARIANTS.items():
            net = make()
            loss(net, batch_of())[0].backward()
            still = [key for key, p in net.named_parameters() if p.grad is None]
            self.assertEqual(still, [], name)

    def test_a_wrong_object_costs_and_the_right_one_does_not(self):
        scores = torch.tensor([[20.0, 0, 0, 0, 0]])
        self.assertAlmostEqual(wrong_object(scores, torch.tensor([0])).item(), 0, places=5)
        self.assertAlmostEqual(wrong_object(scores, torch.tensor([1])).item(), 1, places=5)
        self.assertAlmostEqual(wrong_object(scores, torch.tensor([2])).item(), 1, places=5)


if __name__ == "__main__":
    unittest.main()
