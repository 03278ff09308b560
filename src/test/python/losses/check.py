"""Compares Hone's losses with those of sentence-transformers, on the same embeddings.

    python check.py FILE

FILE is what the Java class WriteLosses wrote: losses of random embeddings and their gradients, each computed as a whole
and in parts of a few rows. Prints a line of numbers; exit code 1, and the reasons on stderr, otherwise.
"""

import argparse
import json
import math
import sys
from pathlib import Path

import torch
from sentence_transformers.sentence_transformer import losses

TOLERANCE = 1e-4
LOSSES = ("mnrl", "triplet", "cosent", "margin-mse", "distilled")


class GivenEmbeddings(torch.nn.Sequential):
    """A model whose texts are their embeddings; the library looks at a model's first module."""

    def __init__(self, dimension):
        super().__init__(torch.nn.Identity())
        self.dimension = dimension

    def forward(self, features):
        return {"sentence_embedding": features["embedding"]}

    def get_embedding_dimension(self):
        return self.dimension


def ranking_options(case):
    hardness = case["hardness_mode"]
    return {
        "scale": case["scale"],
        "directions": tuple(case["directions"]),
        "partition_mode": case["partition_mode"],
        "hardness_mode": None if hardness == "none" else hardness,
        "hardness_strength": case["hardness_strength"],
    }


def make_loss(case, model, cached):
    """The library's own loss for a case."""
    if case["loss"] == "cosent":
        return losses.CoSENTLoss(model, scale=case["scale"])
    if case["loss"] == "triplet":
        metric = getattr(losses.TripletDistanceMetric, case["distance"])
        return losses.TripletLoss(model, distance_metric=metric, triplet_margin=case["margin"])
    if case["loss"] == "margin-mse":
        return losses.MarginMSELoss(model)
    if case["loss"] == "distilled":
        return losses.DistillKLDivLoss(model, temperature=case["temperature"])
    if cached:
        return losses.CachedMultipleNegativesRankingLoss(model, mini_batch_size=3, **ranking_options(case))
    return losses.MultipleNegativesRankingLoss(model, **ranking_options(case))


def expected(case, cached):
    """Value and gradient by the library."""
    model = GivenEmbeddings(case["dimension"])
    loss = make_loss(case, model, cached)
    if case["dims"]:
        loss = losses.MatryoshkaLoss(model, loss, case["dims"], case["weights"])
    embeddings = torch.tensor(case["embeddings"]).reshape(-1, case["rows"], case["dimension"]).requires_grad_()
    labels = torch.tensor(case["labels"]) if "labels" in case else None
    value = loss([{"embedding": column} for column in embeddings], labels)
    value.backward()
    return value.item(), embeddings.grad.flatten().tolist()


def compare(name, found, value, gradient):
    """The reasons why a result is not the expected one."""
    reasons = []
    if not abs(found["value"] - value) <= TOLERANCE * max(1, abs(value)):
        reasons.append(f"{name}: the loss is {found['value']:.6f}, expected is {value:.6f}")
    if len(found["gradient"]) != len(gradient):
        return reasons + [f"{name}: the gradient has {len(found['gradient'])} numbers, expected are {len(gradient)}"]
    norm = math.hypot(*gradient)
    difference = math.dist(found["gradient"], gradient)
    if not norm > 0:
        reasons.append(f"{name}: the expected gradient is 0, which compares nothing")
    elif not difference <= TOLERANCE * norm:
        reasons.append(f"{name}: the gradient is {difference / norm:.1e} of its norm away, allowed are {TOLERANCE}")
    return reasons


def name_of(case):
    return " ".join(
        str(case[key])
        for key in ("loss", "directions", "partition_mode", "hardness_mode", "distance", "margin", "dims")
        if key in case
    )


def check(cases):
    """Checks all cases; returns the line of numbers and the reasons."""
    reasons, seen = [], {}
    for case in cases:
        for cached in [False, True] if case["loss"] == "mnrl" else [False]:
            value, gradient = expected(case, cached)
            for way in ("whole", "parts"):
                name = f"{name_of(case)} {'cached ' if cached else ''}{way}"
                reasons += compare(name, case[way], value, gradient)
        seen[case["loss"]] = seen.get(case["loss"], 0) + 1
    for loss in LOSSES:
        if loss not in seen:
            reasons.append(f"there is no case of {loss}")
    return "losses " + " ".join(f"{loss}={count}" for loss, count in sorted(seen.items())), reasons


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    line, reasons = check(json.loads(parser.parse_args().file.read_text(encoding="utf-8")))
    print(line)
    for reason in reasons:
        print(reason, file=sys.stderr)
    sys.exit(1 if reasons else 0)


if __name__ == "__main__":
    main()
