"""Makes small cross-encoders with transformers and sentence-transformers, and what these score with them.

    python make_pairs.py ROOT

Each recipe becomes ROOT/NAME/folder, a folder as this version of the library writes it, or as one of its predecessors
did, and ROOT/NAME/expected.json: what CrossEncoder.predict makes of the pairs of texts in ROOT/pairs.json. Weights are
large on purpose, as in make.py. ROOT/plan.jsonl is the plan for WriteScores.
"""

import argparse
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_OFFLINE"] = "1"

import sentence_transformers
import tokenizer_files
import torch
import transformers
from make import configuration, fill
from recipes import NARROW, UNUSUAL, REPOSITORY, Recipe
from sentence_transformers import CrossEncoder
from transformers import AutoModelForSequenceClassification, AutoTokenizer

# The most by which 32 bits may move a score: less than what Hone's scores may differ by.
MAX_ROUNDING = 5e-5
# Scores that lie nearer together than this could be mistaken for each other.
LEAST_SPREAD = 0.05


@dataclass(frozen=True)
class Scorer:
    """One cross-encoder: its encoder, and how the folder says what its score is.

    activation is a name in torch.nn; with plain the folder is transformers' own, whose config.json names the activation
    as sentence-transformers did before version 4, or not at all. With typed, the tokenizer says which text a token is of.
    """

    encoder: Recipe
    activation: str = "Identity"
    plain: bool = False
    typed: bool = True


SCORERS = [
    Scorer(Recipe("bert", "bert", 64, seed=1)),
    Scorer(Recipe("bert-sigmoid", "bert", 64, seed=2), activation="Sigmoid"),
    Scorer(Recipe("bert-plain", "bert", 64, seed=3), plain=True),
    Scorer(Recipe("bert-default", "bert", 64, seed=4), activation="", plain=True),
    Scorer(Recipe("bert-untyped", "bert", 48, seed=5), typed=False),
    Scorer(Recipe("roberta", "roberta", 64, seed=6)),
    Scorer(Recipe("xlm-roberta", "xlm-roberta", 64, seed=1), activation="Sigmoid"),
    Scorer(Recipe("mpnet", "mpnet", 64, seed=8)),
    Scorer(Recipe("distilbert", "distilbert", 64, seed=9)),
    Scorer(Recipe("modernbert", "modernbert", 96, **NARROW, seed=94, config=UNUSUAL)),
    Scorer(Recipe("modernbert-mean", "modernbert", 96, **NARROW, seed=40,
                  config=UNUSUAL | {"classifier_pooling": "mean", "classifier_bias": True})),
]


def pairs():
    """Returns pairs from one word to more than any model takes on either side, in an order that mixes the lengths."""
    words = (REPOSITORY / "LICENSE").read_text(encoding="utf-8").split()
    lengths = [(3, 12), (1, 200), (9, 1), (90, 80), (150, 4), (2, 30), (25, 26), (40, 160), (6, 45), (1, 1), (5, 18)]
    found = [
        [" ".join(words[13 * place:13 * place + first]), " ".join(words[500 + 29 * place:500 + 29 * place + second])]
        for place, (first, second) in enumerate(lengths)
    ]
    return found + [
        ["Übergrößenträger naïve café", "日本語 text, emoji 🙂 and don't-stop…"], ["license", ""], ["what is a work", "x" * 300]
    ]


def write_plain(scorer, folder):
    """Writes the folder that transformers writes."""
    encoder = scorer.encoder
    tokenizer = tokenizer_files.write(encoder.architecture, encoder.length, folder, typed=scorer.typed)
    config = configuration(encoder, tokenizer)
    config.num_labels = 1
    model = AutoModelForSequenceClassification.from_config(config)
    fill(model, f"{encoder.name}{encoder.seed}")
    if scorer.plain and scorer.activation:
        model.config.sbert_ce_default_activation_function = f"torch.nn.{scorer.activation}"
    model.save_pretrained(folder, safe_serialization=True)
    AutoTokenizer.from_pretrained(folder).save_pretrained(folder)


def predicted(folder, some, dtype):
    model = CrossEncoder(str(folder), device="cpu", local_files_only=True, model_kwargs={"dtype": dtype})
    scores = model.predict([tuple(pair) for pair in some], convert_to_tensor=True, show_progress_bar=False)
    lengths = [len(model.tokenizer(*pair)["input_ids"]) for pair in some]
    return scores.double(), lengths, model.tokenizer.model_max_length


def expected(name, folder, some):
    scores, lengths, most = predicted(folder, some, torch.float32)
    exact, _, _ = predicted(folder, some, torch.float64)
    rounding = (scores - exact).abs().max().item()
    if not rounding <= MAX_ROUNDING:
        raise ValueError(f"{name}: rounding moves a score by {rounding:.3g}, choose another seed")
    if not scores.std().item() >= LEAST_SPREAD:
        raise ValueError(f"{name}: the scores are {scores.tolist()}, too near together, choose another seed")
    if not min(lengths) <= most < max(lengths):
        raise ValueError(f"{name}: pairs have {min(lengths)} to {max(lengths)} tokens, and some should exceed {most}")
    return scores.tolist()


def make(scorer, root, some):
    """Makes a cross-encoder's folder and expectation; returns what Hone is to do with it."""
    name = scorer.encoder.name
    target = root / name
    folder = target / "folder"
    if scorer.plain:
        write_plain(scorer, folder)
    else:
        write_plain(scorer, target / "plain")
        activation = getattr(torch.nn, scorer.activation)()
        model = CrossEncoder(
            str(target / "plain"), device="cpu", local_files_only=True, activation_fn=activation,
            model_kwargs={"dtype": torch.float32},
        )
        model.save_pretrained(str(folder))
    (target / "expected.json").write_text(json.dumps(expected(name, folder, some)), encoding="utf-8")
    return {
        "name": name, "model": str(folder), "pairs": str(root / "pairs.json"),
        "result": str(target / "hone.json"), "expected": str(target / "expected.json"),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("root", type=Path, help="the folder to write to, anew")
    root = parser.parse_args().root.absolute()
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    some = pairs()
    (root / "pairs.json").write_text(json.dumps(some), encoding="utf-8")
    orders = [make(scorer, root, some) for scorer in SCORERS]
    (root / "plan.jsonl").write_text("".join(json.dumps(line) + "\n" for line in orders), encoding="utf-8")
    print(f"sentence-transformers={sentence_transformers.__version__} transformers={transformers.__version__}"
          f" cross-encoders={len(orders)} pairs={len(some)}")


if __name__ == "__main__":
    main()
