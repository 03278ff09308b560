"""Checks a model folder that Hone wrote, with the library that people will load it with.

    python check.py FOLDER VECTORS

FOLDER is the exported model folder. VECTORS holds one JSON object per line, {"text", "role", "vector"}, role being query
or document, vector what Hone computed for the text with this folder's weights. Nothing is downloaded: a folder that
needs the network to load is a failure. Prints one line of numbers; exit code 1, and the reasons on stderr, otherwise.
"""

import argparse
import json
import os
import sys
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_OFFLINE"] = "1"

import numpy as np
import sentence_transformers
import torch
import yaml
from huggingface_hub import ModelCard
from safetensors import safe_open
from sentence_transformers import SentenceTransformer
from transformers.utils import logging as transformers_logging

transformers_logging.disable_progress_bar()

MAX_DIFFERENCE = 1e-5
MIN_COSINE = 0.99999
# Beside their content, which no_pickle looks at: names that libraries unpickle without asking.
PICKLE_SUFFIXES = {".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".joblib", ".dill", ".npy", ".npz"}
CARD_KEYS = ["library_name", "pipeline_tag", "tags", "base_model", "license", "datasets", "model-index"]


class CheckFailed(Exception):
    """A rule that the folder breaks; the message says which, where and what was expected."""


def require(condition, message):
    if not condition:
        raise CheckFailed(message)


def read_json(path):
    require(path.is_file(), f"{path} is missing")
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise CheckFailed(f"{path} is not JSON: {error}") from error


def check_safetensors(folder):
    """Reads every tensor of every safetensors file; returns their number and the files."""
    files = sorted(folder.rglob("*.safetensors"))
    require(folder / "model.safetensors" in files, f"{folder}/model.safetensors is missing")
    count = 0
    for file in files:
        with safe_open(file, framework="pt") as tensors:
            require((tensors.metadata() or {}).get("format") == "pt", f"{file}: metadata lacks format = pt")
            for name in tensors.keys():
                values = tensors.get_tensor(name)
                require(
                    not values.is_floating_point() or bool(torch.isfinite(values).all()),
                    f"{file}: tensor {name} has values that are not finite",
                )
                count += 1
    require(count > 0, f"{folder}: its safetensors files hold no tensor")
    return count, set(files)


def check_no_pickle(folder, safe_files):
    """Refuses pickles by name and by content; a file that safetensors has read is none."""
    for path in sorted(folder.rglob("*")):
        require(not path.is_symlink(), f"{path} is a symbolic link; a published folder holds plain files")
        if not path.is_file() or path in safe_files:
            continue
        require(path.suffix.lower() not in PICKLE_SUFFIXES, f"{path}: a file of this kind is loaded by unpickling")
        with open(path, "rb") as file:
            head = file.read(4)
        pickled = head[:1] == b"\x80" and head[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05")
        require(not pickled, f"{path} begins as a pickle does")
        require(head != b"PK\x03\x04", f"{path} is a zip archive, which is how torch.save packs pickles")


def read_modules(folder):
    """Returns the names of the modules in order, all by paths that every version of the library loads."""
    entries = sorted(read_json(folder / "modules.json"), key=lambda entry: entry["idx"])
    for entry in entries:
        require(
            entry["type"].startswith("sentence_transformers.models."),
            f"{folder}/modules.json: type {entry['type']}; every version loads only sentence_transformers.models.*",
        )
    names = [entry["type"].rsplit(".", 1)[-1] for entry in entries]
    require(names[:2] == ["Transformer", "Pooling"], f"{folder}/modules.json: {names} begins with another pair")
    return names


def check_modules(folder, names, model):
    loaded = [type(module).__name__ for module in model]
    require(names == loaded, f"{folder}/modules.json names {names}, loaded were {loaded}")


def check_settings(folder, model):
    settings = read_json(folder / "config_sentence_transformers.json")
    similarity = settings.get("similarity_fn_name")
    require(similarity is not None, f"{folder}/config_sentence_transformers.json lacks similarity_fn_name")
    require(
        str(model.similarity_fn_name) == similarity,
        f"similarity function {model.similarity_fn_name}, but the folder says {similarity}",
    )
    length = read_json(folder / "sentence_bert_config.json").get("max_seq_length")
    require(isinstance(length, int) and length > 0, f"{folder}/sentence_bert_config.json: max_seq_length is {length}")
    require(model.max_seq_length == length, f"max_seq_length {model.max_seq_length}, but the folder says {length}")
    return similarity, length


def check_card(folder):
    """Parses the front matter of README.md with YAML and with the hub's library; returns the number of its results."""
    path = folder / "README.md"
    require(path.is_file(), f"{path} (the model card) is missing")
    text = path.read_text(encoding="utf-8")
    parts = text.split("---\n", 2)
    require(text.startswith("---\n") and len(parts) == 3, f"{path}: no front matter between two lines of ---")
    try:
        front = yaml.safe_load(parts[1])
        # The hub's own check of the card is a network call; this is the part of it that is local.
        card = ModelCard.load(path, ignore_metadata_errors=False)
    except (yaml.YAMLError, ValueError, TypeError, KeyError) as error:
        raise CheckFailed(f"{path}: front matter does not parse: {error}") from error
    require(isinstance(front, dict), f"{path}: front matter is not a mapping")
    missing = [key for key in CARD_KEYS if not front.get(key)]
    require(not missing, f"{path}: front matter lacks {missing}")
    expected = {"library_name": "sentence-transformers", "pipeline_tag": "sentence-similarity"}
    for key, value in expected.items():
        require(front[key] == value, f"{path}: {key} is {front[key]!r}, not {value!r}")
    results = card.data.eval_results or []
    require(results, f"{path}: model-index holds no result")
    metrics = {result.metric_type for result in results}
    require("cosine_ndcg@10" in metrics, f"{path}: model-index lacks cosine_ndcg@10, it has {sorted(metrics)}")
    for result in results:
        value = result.metric_value
        number = isinstance(value, (int, float)) and not isinstance(value, bool) and np.isfinite(value)
        require(number, f"{path}: result {result.metric_type} is {value!r}, not a finite number")
    return len(results)


def read_vectors(path):
    """Returns {role: (texts, vectors [n, dimension] float32)}."""
    rows = {"query": ([], []), "document": ([], [])}
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            row = json.loads(line)
            require(row.get("role") in rows, f"{path}:{number}: role {row.get('role')!r}, not query or document")
            rows[row["role"]][0].append(row["text"])
            rows[row["role"]][1].append(row["vector"])
    for role, (texts, vectors) in rows.items():
        require(texts, f"{path} holds no {role}, so its prompt would not be checked")
        require(len({len(vector) for vector in vectors}) == 1, f"{path}: {role} vectors differ in length")
    return {role: (texts, np.asarray(vectors, dtype=np.float32)) for role, (texts, vectors) in rows.items()}


def encode(model, role, texts):
    # Before version 5 there was one encode, with the prompt by name.
    method = getattr(model, f"encode_{role}", None)
    if method is not None:
        return method(texts, convert_to_numpy=True, show_progress_bar=False)
    prompt = role if role in model.prompts else None
    return model.encode(texts, prompt_name=prompt, convert_to_numpy=True, show_progress_bar=False)


def compare(model, role, texts, expected, path):
    """Returns the largest absolute difference and the smallest cosine over all texts of a role."""
    actual = np.asarray(encode(model, role, texts))
    require(actual.dtype == np.float32, f"vectors are {actual.dtype}, not float32")
    require(
        actual.shape == expected.shape,
        f"{path}: {role} vectors are {list(expected.shape)}, sentence-transformers gives {list(actual.shape)}",
    )
    require(bool(np.isfinite(expected).all()), f"{path}: {role} vectors hold values that are not finite")
    left, right = actual.astype(np.float64), expected.astype(np.float64)
    norms = np.linalg.norm(left, axis=1) * np.linalg.norm(right, axis=1)
    require(bool((norms > 0).all()), f"{path}: a {role} vector is all zeros")
    differences = np.abs(left - right).max(axis=1)
    cosines = (left * right).sum(axis=1) / norms
    worst = int(differences.argmax())
    require(
        differences[worst] <= MAX_DIFFERENCE,
        f"{role} {texts[worst][:80]!r}: vectors differ by {differences[worst]:.3g}, allowed are {MAX_DIFFERENCE}",
    )
    worst = int(cosines.argmin())
    require(
        cosines[worst] >= MIN_COSINE,
        f"{role} {texts[worst][:80]!r}: cosine {cosines[worst]:.8f}, at least {MIN_COSINE} is needed",
    )
    return differences.max(), cosines.min()


def check(folder, vectors):
    """Returns the line of numbers; raises CheckFailed where a rule is broken."""
    require(folder.is_dir(), f"{folder} is not a folder")
    tensors, safe_files = check_safetensors(folder)
    check_no_pickle(folder, safe_files)
    results = check_card(folder)
    modules = read_modules(folder)
    rows = read_vectors(vectors)
    model = SentenceTransformer(
        str(folder), device="cpu", local_files_only=True, trust_remote_code=False, model_kwargs={"dtype": torch.float32}
    )
    model.eval()
    check_modules(folder, modules, model)
    similarity, length = check_settings(folder, model)
    compared = [compare(model, role, *rows[role], vectors) for role in rows]
    return (
        f"sentence-transformers={sentence_transformers.__version__}"
        f" queries={len(rows['query'][0])} documents={len(rows['document'][0])}"
        f" dimension={rows['query'][1].shape[1]}"
        f" max_difference={max(difference for difference, _ in compared):.3g}"
        f" min_cosine={min(cosine for _, cosine in compared):.8f}"
        f" similarity={similarity} max_seq_length={length} modules={','.join(modules)}"
        f" tensors={tensors} card_results={results}"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="the exported model folder")
    parser.add_argument("vectors", type=Path, help="JSON lines with text, role and vector")
    arguments = parser.parse_args()
    try:
        print(check(arguments.folder, arguments.vectors))
    except CheckFailed as failure:
        print(f"check.py: {failure}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
