"""What training minimizes."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

ROLE_WEIGHTS = (1.0, 0.3, 0.3)
WRONG_OBJECT = 0.5  # extra cost of probability on an object that is not meant: worse than asking


def embed(net: nn.Module, batch: dict[str, Tensor]):
    """The batch's names, each embedded once."""
    views = net.encode.names(batch["names"])
    return ([F.embedding(batch[key], view) for view in views] for key in ("words", "region_names", "sound_names"))


def answer(net: nn.Module, batch: dict[str, Tensor]):
    """All that the network says of a batch."""
    return net.relate(*embed(net, batch), *(batch[key] for key in ("regions", "sounds", "word_mask", "region_mask", "sound_mask", "quality")))


def loss(net: nn.Module, batch: dict[str, Tensor]) -> tuple[Tensor, dict[str, float]]:
    """The loss, and what it is made of."""
    referents, intent, _, _, gates, tags = answer(net, batch)
    total = torch.zeros(())
    for role, weight in enumerate(ROLE_WEIGHTS):
        asked = batch["asked"] if role == 0 else torch.ones_like(batch["asked"])
        right, scores = batch["referents"][:, role], referents[:, role]
        total = total + weight * (F.cross_entropy(scores, right, reduction="none") * asked).sum() / asked.sum().clamp(min=1)
        total = total + weight * WRONG_OBJECT * (wrong_object(scores, right) * asked).sum() / asked.sum().clamp(min=1)
    intents = F.cross_entropy(intent, batch["intent"])
    gate = F.binary_cross_entropy_with_logits(gates, batch["gates"])
    tag = F.binary_cross_entropy_with_logits(tags, batch["tags"], reduction="none").sum(-1)
    tag = (tag * batch["region_mask"]).sum() / batch["region_mask"].sum()
    asked = batch["asked"] > 0
    parts = {"exact": (referents[:, 0].argmax(1) == batch["referents"][:, 0])[asked].float().mean().item(),
             "intent": (intent.argmax(1) == batch["intent"]).float().mean().item(), "gate": gate.item()}
    return total + 0.4 * intents + 0.2 * gate + 0.4 * tag, parts | {"loss": total.item()}


def wrong_object(scores: Tensor, right: Tensor) -> Tensor:
    """Probability on objects that are not meant."""
    probabilities = torch.softmax(scores, -1)[:, :-3]
    meant = right.clamp(max=probabilities.shape[1] - 1)[:, None]
    is_object = (right < probabilities.shape[1]).float()
    return probabilities.sum(1) - probabilities.gather(1, meant)[:, 0] * is_object
