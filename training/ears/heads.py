"""Small networks over the encoder's layers, as the product reads them: numbers in half precision, in base64."""

from __future__ import annotations

import base64
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

BATCH = 128
RATE = 1.5e-3
DECAY = 0.03
DROPPED = 0.3


@dataclass
class Dense:
    """outputs = weights · inputs + bias, with the numbers that half precision leaves."""

    weights: np.ndarray
    bias: np.ndarray

    @staticmethod
    def of(weights: torch.Tensor, bias: torch.Tensor) -> Dense:
        return Dense(*(values.detach().numpy().astype(np.float16).astype(np.float32) for values in (weights, bias)))

    def run(self, inputs: np.ndarray) -> np.ndarray:
        return inputs @ self.weights.T + self.bias

    def packed(self) -> dict:
        return {"weights": pack(self.weights), "bias": pack(self.bias)}


@dataclass
class Head:
    """One hidden layer of rectifiers, and a score for each label."""

    labels: list[str]
    layers: list[int]
    hidden: Dense
    output: Dense

    def run(self, inputs: np.ndarray) -> np.ndarray:
        """The scores of each row."""
        return self.output.run(np.maximum(self.hidden.run(inputs), 0))

    def probabilities(self, inputs: np.ndarray) -> np.ndarray:
        scores = self.run(inputs)
        shares = np.exp(scores - scores.max(1, keepdims=True))
        return shares / shares.sum(1, keepdims=True)

    def packed(self) -> dict:
        layers = {"hidden": self.hidden.packed(), "output": self.output.packed()}
        return {"labels": self.labels, "layers": self.layers, **layers}


def fit(labels: list[str], layers: list[int], inputs: np.ndarray, answers: np.ndarray, width: int, epochs: int) -> Head:
    """Trains a head; each label counts alike, however many examples it has."""
    torch.manual_seed(1)
    rows, targets = torch.from_numpy(inputs), torch.from_numpy(answers)
    middle, spread = rows.mean(0), rows.std(0) + 1e-6
    rows = (rows - middle) / spread
    hidden, output = nn.Linear(rows.shape[1], width), nn.Linear(width, len(labels))
    network = nn.Sequential(nn.Dropout(DROPPED), hidden, nn.ReLU(), nn.Dropout(DROPPED), output)
    optimizer = torch.optim.AdamW(network.parameters(), RATE, weight_decay=DECAY)
    loss = nn.CrossEntropyLoss(weight=len(targets) / (len(labels) * torch.bincount(targets).float()))
    for epoch in range(epochs):
        optimizer.param_groups[0]["lr"] = RATE * (1 - epoch / epochs)
        for chosen in torch.randperm(len(rows)).split(BATCH):
            optimizer.zero_grad()
            loss(network(rows[chosen]), targets[chosen]).backward()
            optimizer.step()
    # The product's inputs are not spread evenly: that goes into the weights.
    weights = hidden.weight / spread
    return Head(labels, layers, Dense.of(weights, hidden.bias - weights @ middle), Dense.of(output.weight, output.bias))


def pack(values: np.ndarray) -> str:
    return base64.b64encode(values.astype("<f2").tobytes()).decode("ascii")


def calibration_error(sure: np.ndarray, right: np.ndarray) -> float:
    """The expected calibration error over ten bins."""
    bins = np.minimum((sure * 10).astype(int), 9)
    return sum(abs(np.mean(right[bins == number]) - np.mean(sure[bins == number])) * np.mean(bins == number)
               for number in set(bins))


def cooled(head: Head, inputs: np.ndarray, answers: np.ndarray) -> Head:
    """The head with its scores divided by the temperature at which these answers are likeliest."""
    scores = head.run(inputs)

    def surprise(temperature: float) -> float:
        apart = scores / temperature
        apart -= apart.max(1, keepdims=True)
        apart -= np.log(np.exp(apart).sum(1, keepdims=True))
        return -apart[np.arange(len(answers)), answers].mean()

    temperature = min(np.arange(0.5, 4, 0.05), key=surprise)
    weights, bias = (values / np.float32(temperature) for values in (head.output.weights, head.output.bias))
    output = Dense.of(torch.from_numpy(weights), torch.from_numpy(bias))
    return Head(head.labels, head.layers, head.hidden, output)
