"""The attention model: word, region and sound tokens in joint attention behind gates, with answers of its own for
"not in sight" and "several fit alike".

Attention with relative biases follows Shaw et al. (2018) and, between regions, Hu et al., "Relation Networks for Object
Detection" (2018); the modulation of regions by the command follows Perez et al., "FiLM" (2018); answers as pointers
follow Vinyals et al., "Pointer Networks" (2015).
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .batches import MOST_WORDS, REGION, SOUND
from .phrases import INTENTS
from .scenes import COLORS

WIDTH, HEADS, BLOCKS, HIDDEN, NAME, MEANING = 96, 4, 3, 192, 64, 384
BLUR = 0.25  # length of the noise on a name in training, itself of length 1: words of like meaning count alike
ROLES, SLOTS = 3, 3  # target, destination, avoid; absent, several, not asked
RELATED = 16  # width of the keys that count regions
GEOMETRY = 24
CLOSED = -1e4
INPUTS = ["words", "region_names", "regions", "sound_names", "sounds", "word_mask", "region_mask", "sound_mask", "quality"]
OUTPUTS = ["referents", "intent", "gates", "attention"]


def closed_where_zero(mask: Tensor) -> Tensor:
    """0 where a token is there, far below zero where it is not."""
    return (1 - mask) * CLOSED


def batch_of(x: Tensor) -> int:
    """The size of the batch, as a constant in the exported graph: there it is 1, and shapes need not be computed."""
    return int(x.shape[0])


def mean_over(values: Tensor, mask: Tensor) -> Tensor:
    """The mean of the tokens that are there; zero without any."""
    return (values * mask[..., None]).sum(1) / mask.sum(1, keepdim=True).clamp(min=1.0)


def perceptron(inputs: int, hidden: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(inputs, hidden), nn.GELU(), nn.Linear(hidden, outputs))


def unit(x: Tensor) -> Tensor:
    """Each vector at length one; zero stays zero."""
    return x * torch.rsqrt((x * x).sum(-1, keepdim=True) + 1e-8)


class NameEncoder(nn.Module):
    """Names as two vectors: the sentence encoder's, less what all names have in common, and a learned view of it."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("common", torch.zeros(MEANING))
        self.view = nn.Linear(MEANING, NAME)

    def forward(self, meanings: Tensor) -> tuple[Tensor, Tensor]:
        there = meanings.abs().amax(-1, keepdim=True).sign()
        plain = unit(meanings - self.common) * there * MEANING ** 0.5
        if self.training:
            plain = plain + torch.randn_like(plain) * BLUR
        return plain, self.view(plain) * there * 0.2


class Block(nn.Module):
    """Attention of all tokens to all, then of regions to regions without normalization, which can count, then a perceptron."""

    def __init__(self, counts: bool) -> None:
        super().__init__()
        self.counts = counts
        self.norm1, self.query, self.key_value, self.out = nn.LayerNorm(WIDTH), nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, 2 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.norm2, self.mlp = nn.LayerNorm(WIDTH), perceptron(WIDTH, HIDDEN, WIDTH)
        if counts:
            self.norm3, self.related, self.related_out = nn.LayerNorm(WIDTH), nn.Linear(WIDTH, 2 * HEADS * RELATED + WIDTH), nn.Linear(WIDTH, WIDTH)

    def forward(self, x: Tensor, bias: Tensor, rows: int | None = None, regions: int = 0, related_bias: Tensor | None = None,
                pairs: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Gives the tokens renewed, or only so many of them as `rows` says, and what they attended to."""
        normed = self.norm1(x)
        k, v = (heads_of(part) for part in self.key_value(normed).split(WIDTH, -1))
        if rows is not None:
            x, normed = x[:, :rows], normed[:, :rows]
        attention = torch.softmax(heads_of(self.query(normed)) @ k.transpose(-1, -2) * (WIDTH // HEADS) ** -0.5 + bias, -1)
        x = x + self.out(joined(attention @ v))
        if self.counts:
            seen = x[:, :regions]
            x = torch.cat([seen + self._count(seen, related_bias, pairs), x[:, regions:]], 1)
        return x + self.mlp(self.norm2(x)), attention

    def _count(self, x: Tensor, bias: Tensor, pairs: Tensor) -> Tensor:
        q, k, v = (heads_of(part) for part in self.related(self.norm3(x)).split([HEADS * RELATED, HEADS * RELATED, WIDTH], -1))
        weight = torch.sigmoid(q @ k.transpose(-1, -2) * 0.25 + bias - 1.0) * pairs
        return self.related_out(joined(weight @ v * 0.5))


def heads_of(x: Tensor) -> Tensor:
    """batch × tokens × width as batch × heads × tokens × width of a head."""
    return x.view(batch_of(x), -1, HEADS, int(x.shape[2]) // HEADS).transpose(1, 2)


def joined(x: Tensor) -> Tensor:
    """The heads side by side again."""
    return x.transpose(1, 2).reshape(batch_of(x), -1, WIDTH)


class Gates(nn.Module):
    """How far each modality is let through, before anything mixes them: learned trust times the quality that was measured."""

    def __init__(self) -> None:
        super().__init__()
        self.trust = perceptron(3 * WIDTH + 7, 64, 3)

    def forward(self, words: Tensor, regions: Tensor, sounds: Tensor, there: Tensor, fit: Tensor) -> tuple[Tensor, Tensor]:
        """Takes each modality's mean, whether it is there (times its quality), and how well sounds fit words and regions."""
        summary = torch.cat([words * there[:, :1], regions * there[:, 1:2], sounds * there[:, 2:], there, fit * there[:, 2:]], -1)
        logits = self.trust(summary)
        return torch.sigmoid(logits) * there, logits


class Readout(nn.Module):
    """Scores of regions and answers for each role."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(WIDTH)
        self.region, self.absent, self.several, self.not_asked = (perceptron(WIDTH, WIDTH, ROLES) for _ in range(4))
        self.intent = perceptron(WIDTH, WIDTH, len(INTENTS))

    def forward(self, regions: Tensor, absent: Tensor, several: Tensor, summary: Tensor, closed: Tensor) -> tuple[Tensor, Tensor]:
        regions, absent, several, summary = (self.norm(part) for part in (regions, absent, several, summary))
        seen = self.region(regions).transpose(1, 2) + closed[:, None]
        slots = torch.stack([self.absent(absent), self.several(several), self.not_asked(summary)], -1)
        return torch.cat([seen, slots], -1), self.intent(summary)


class Encoders(nn.Module):
    """Tokens of each modality, as every variant of the network has them."""

    def __init__(self) -> None:
        super().__init__()
        self.names = NameEncoder()
        self.word, self.region_name, self.sound_name, self.color = (nn.Linear(MEANING + NAME, WIDTH) for _ in range(4))
        self.region, self.sound = perceptron(REGION, 96, WIDTH), perceptron(SOUND, 32, WIDTH)
        self.position = nn.Parameter(torch.randn(MOST_WORDS, WIDTH) * 0.02)
        self.kind = nn.Parameter(torch.randn(3, WIDTH) * 0.02)
        self.text = nn.ModuleList([Block(counts=False) for _ in range(2)])
        self.register_buffer("colors", torch.zeros(len(COLORS), MEANING))

    def read(self, word_names: tuple[Tensor, Tensor], word_mask: Tensor) -> Tensor:
        words = self.word(torch.cat(word_names, -1)) + self.position[:word_mask.shape[1]] + self.kind[0]
        for block in self.text:
            words, _ = block(words, closed_where_zero(word_mask)[:, None, None])
        return words

    def see(self, region_names: tuple[Tensor, Tensor], regions: Tensor) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        colors = [regions[..., 12:24] @ view for view in self.names(self.colors)]
        return self.region(regions) + self.region_name(torch.cat(region_names, -1)) + self.color(torch.cat(colors, -1)) + self.kind[1], colors

    def hear(self, sound_names: tuple[Tensor, Tensor], sounds: Tensor) -> Tensor:
        return self.sound(sounds) + self.sound_name(torch.cat(sound_names, -1)) + self.kind[2]


class JointAttention(nn.Module):
    """The product's network. `blind` names a modality that it never gets, as a baseline: "words" or "vision"."""

    def __init__(self, blind: str | None = None) -> None:
        super().__init__()
        self.blind = blind
        self.encode, self.gate, self.readout = Encoders(), Gates(), Readout()
        self.slots = nn.Parameter(torch.randn(4, WIDTH) * 0.1)  # absent, several, summary, silence
        self.blocks = nn.ModuleList([Block(counts=True) for _ in range(BLOCKS)])
        self.geometry, self.geometry_mix = perceptron(9, 32, GEOMETRY), nn.Linear(WIDTH, GEOMETRY * 2 * BLOCKS * HEADS)
        self.direction = perceptron(4, 16, BLOCKS * HEADS)
        self.film = nn.Linear(WIDTH, 2 * WIDTH * BLOCKS)
        nn.init.zeros_(self.film.weight)
        nn.init.zeros_(self.film.bias)
        self.lexical = nn.Parameter(torch.ones(3, 2, BLOCKS * HEADS) * 1.5)  # names, colours, sounds × written, meant
        self.summary = nn.Parameter(torch.randn(WIDTH) * 0.02)
        self.tag = nn.Linear(WIDTH, 2)
        self.register_buffer("nothing", torch.zeros(BLOCKS * HEADS), persistent=False)

    def forward(self, words, region_names, regions, sound_names, *rest):
        """The exported form: names straight in."""
        names = self.encode.names
        return self.relate(names(words), names(region_names), names(sound_names), regions, *rest)[:4]

    def relate(self, word_names, region_names, sound_names, regions, sounds, word_mask, region_mask, sound_mask, quality):
        """Everything after the names; with the gates' logits and the tags that training supervises."""
        if self.blind == "words":
            word_mask = word_mask * 0
        if self.blind == "vision":
            regions, region_names = regions * 0, (region_names[0] * 0, region_names[1] * 0)
        seen, colors = self.encode.see(region_names, regions)
        text, heard = self.encode.read(word_names, word_mask), self.encode.hear(sound_names, sounds)
        spoken, labels, colors, sounding = ([unit(half) for half in pair] for pair in (word_names, region_names, colors, sound_names))
        likeness = [[a @ b.transpose(1, 2) for a, b in zip(pair, spoken)] for pair in (labels, colors, sounding)]
        towards, meets = self._directions(regions, sounds, region_mask, sound_mask)

        there = torch.stack([mask.amax(1) for mask in (word_mask, region_mask, sound_mask)], -1) * quality
        words_there, regions_there = ((there[:, i:i + 1] > 0).to(there.dtype) for i in (0, 1))
        named = sound_mask[:, :, None] * word_mask[:, None]
        asked = torch.stack([(like * named).amax((1, 2)) for like in likeness[2]], -1) * words_there
        fit = torch.cat([asked, meets[:, None] * regions_there, sound_mask.sum(1, keepdim=True) * 0.2], -1)
        gates, gate_logits = self.gate(mean_over(text, word_mask), mean_over(seen, region_mask), mean_over(heard, sound_mask), there, fit)
        opened = torch.log(gates + 1e-9)
        text, seen, heard = text * gates[:, :1, None], seen * gates[:, 1:2, None], heard * gates[:, 2:, None]
        command = self._command(text, word_mask)

        batch, r, w = batch_of(regions), regions.shape[1], word_mask.shape[1]
        slots = self.slots.expand(batch, 4, WIDTH)
        x = torch.cat([seen, slots[:, :3], text, heard, slots[:, 3:]], 1)
        closed = [closed_where_zero(mask) + opened[:, i:i + 1] for i, mask in ((1, region_mask), (0, word_mask), (2, sound_mask))]
        open_ = torch.zeros_like(quality)
        keys = torch.cat([closed[0], open_, closed[1], closed[2], open_[:, :1]], 1)[:, None, None]
        near, related = self._geometry(regions, command)
        biases = self._biases(likeness, near, towards, word_mask, sound_mask) + keys
        film = self.film(command).view(batch, 1, BLOCKS, 2, WIDTH)
        pairs = region_mask[:, None, :, None] * region_mask[:, None, None, :]
        for i, block in enumerate(self.blocks):
            x = torch.cat([x[:, :r] * (1 + film[:, :, i, 0]) + film[:, :, i, 1], x[:, r:]], 1)
            last = i == BLOCKS - 1  # of which only regions and answers are read
            bias = biases[:, i * HEADS:(i + 1) * HEADS]
            x, attention = block(x, bias[:, :, :r + 3] if last else bias, r + 3 if last else None, r, related[:, i * HEADS:(i + 1) * HEADS], pairs)
            if i == 1:
                tags = self.tag(x[:, :r])
        referents, intent = self.readout(x[:, :r], x[:, r], x[:, r + 1], x[:, r + 2], closed[0])
        return referents, intent, gates, attention[:, :, :r, r + 3:r + 3 + w].mean(1), gate_logits, tags

    def _command(self, text: Tensor, mask: Tensor) -> Tensor:
        weight = torch.softmax((text @ self.summary) * WIDTH ** -0.5 + closed_where_zero(mask), -1)
        return (text * weight[..., None]).sum(1) + mean_over(text, mask)

    def _directions(self, regions: Tensor, sounds: Tensor, region_mask: Tensor, sound_mask: Tensor) -> tuple[Tensor, Tensor]:
        """How each sound's direction lies to each region, as a bias; and how well the best of them meets one."""
        sin_r, cos_r, sin_s, cos_s = regions[..., 10:11], regions[..., 11:12], sounds[..., 0][:, None], sounds[..., 1][:, None]
        ahead, aside = sin_r * sin_s + cos_r * cos_s, sin_r * cos_s - cos_r * sin_s
        spread = sounds[..., 3][:, None].clamp(min=0.03)
        meets = torch.exp(-0.5 * (aside / spread).clamp(-9, 9) ** 2) * (ahead > 0).to(ahead.dtype)
        hits = meets * torch.sqrt(0.15 / (spread + 0.1))
        best = (hits * region_mask[:, :, None] * sound_mask[:, None]).amax((1, 2))
        return self.direction(torch.stack([ahead, aside, meets, hits], -1)), best

    def _geometry(self, regions: Tensor, command: Tensor) -> Tensor:
        """How each region lies to each other one, weighed by the command, as two biases for every block and head: of
        attention, batch × regions × regions × blocks·heads, and of counting, batch × blocks·heads × regions × regions."""
        one, other = regions[:, :, None], regions[:, None]
        difference = one - other
        dx, dy, bottom, area = (difference[..., i] for i in (0, 1, 7, 8))
        distance = torch.sqrt(dx * dx + (dy * one[..., 28]) ** 2 + 1e-6)
        over = torch.minimum(one[..., 5], other[..., 5]) - torch.maximum(one[..., 4], other[..., 4])
        rests = one[..., 7] - other[..., 6]
        features = torch.stack([dx, dy, distance, over, rests, torch.tanh(dx * 20), torch.tanh(dy * 20), torch.tanh(bottom * 20), torch.tanh(area * 10)], -1)
        mix = self.geometry_mix(command).view(batch_of(regions), 1, GEOMETRY, 2 * BLOCKS * HEADS) * 0.5
        near, related = (torch.tanh(self.geometry(features)) @ mix).split(BLOCKS * HEADS, -1)
        return near, related.permute(0, 3, 1, 2)

    def _biases(self, likeness, near: Tensor, towards: Tensor, word_mask: Tensor, sound_mask: Tensor) -> Tensor:
        """What is written alike, meant alike, or lies in a direction attends to each other: batch × blocks·heads × tokens × tokens."""
        weigh = lambda likeness, weights: torch.stack(likeness, -1) @ weights
        names = weigh(likeness[0] + likeness[1], self.lexical[:2].flatten(0, 1))  # batch × regions × words × blocks·heads
        sounds = weigh(likeness[2], self.lexical[2]).transpose(1, 2)  # words × sounds
        among = lambda mask: (mask[:, :, None] * mask[:, None])[..., None] * self.nothing
        wide = lambda part, after: F.pad(part, (0, 0, 0, after))  # by tokens that attend by content alone
        seen = torch.cat([wide(near, 3), names, wide(towards, 1)], 2)
        read = torch.cat([wide(names.transpose(1, 2), 3), among(word_mask), wide(sounds, 1)], 2)
        heard = torch.cat([wide(towards.transpose(1, 2), 3), sounds.transpose(1, 2), wide(among(sound_mask), 1)], 2)
        high = lambda part, after: F.pad(part, (0, 0, 0, 0, 0, after))
        return torch.cat([high(seen, 3), read, high(heard, 1)], 1).permute(0, 3, 1, 2)


class LateFusion(nn.Module):
    """The baseline that fuses last: each modality on its own, then one perceptron on their summaries and each region."""

    def __init__(self) -> None:
        super().__init__()
        self.encode, self.gate, self.readout = Encoders(), Gates(), Readout()
        self.among = nn.ModuleList([Block(counts=False) for _ in range(2)])
        self.fuse = perceptron(3 * WIDTH, 2 * WIDTH, WIDTH)
        self.slots = nn.Parameter(torch.randn(3, WIDTH) * 0.1)
        self.tag = nn.Linear(WIDTH, 2)

    def forward(self, words, region_names, regions, sound_names, *rest):
        """The exported form, as the joint network's."""
        names = self.encode.names
        return self.relate(names(words), names(region_names), names(sound_names), regions, *rest)[:4]

    def relate(self, word_names, region_names, sound_names, regions, sounds, word_mask, region_mask, sound_mask, quality):
        """As the joint network's."""
        seen, _ = self.encode.see(region_names, regions)
        text, heard = self.encode.read(word_names, word_mask), self.encode.hear(sound_names, sounds)
        for block in self.among:
            seen, _ = block(seen, closed_where_zero(region_mask)[:, None, None])
        there = torch.stack([mask.amax(1) for mask in (word_mask, region_mask, sound_mask)], -1) * quality
        summaries = mean_over(text, word_mask), mean_over(seen, region_mask), mean_over(heard, sound_mask)
        gates, gate_logits = self.gate(*summaries, there, torch.zeros_like(quality[:, :1]).expand(-1, 4))
        command, scene, sound = (summary * gates[:, i:i + 1] for i, summary in enumerate(summaries))
        tokens = torch.cat([seen * gates[:, 1:2, None], self.slots.expand(len(quality), 3, WIDTH) + scene[:, None]], 1)
        alike = lambda part: part[:, None].expand(-1, tokens.shape[1], -1)
        x = tokens + self.fuse(torch.cat([tokens, alike(command), alike(sound)], -1))
        r = regions.shape[1]
        closed = closed_where_zero(region_mask) + torch.log(gates[:, 1:2] + 1e-9)
        referents, intent = self.readout(x[:, :r], x[:, r], x[:, r + 1], x[:, r + 2], closed)
        attention = torch.zeros_like(region_mask[:, :, None] * word_mask[:, None])
        return referents, intent, gates, attention, gate_logits, self.tag(x[:, :r])


VARIANTS = {"attention": JointAttention, "late-fusion": LateFusion,
            "vision-blind": lambda: JointAttention("vision"), "text-blind": lambda: JointAttention("words")}
