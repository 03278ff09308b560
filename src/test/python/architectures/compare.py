"""Compares what Hone computed with the models of make.py with what transformers and sentence-transformers did.

    python compare.py ROOT...

ROOT is a folder that make.py wrote and WriteStates has gone through. Every token state and every vector must be the
expected one, alone and in a padded batch; every fault must show; and this version of sentence-transformers must compute
Hone's vectors with the folders that Hone wrote. Prints a line of numbers per root; exit code 1, and the reasons on
stderr, otherwise.
"""

import argparse
import json
import logging
import os
import sys
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_OFFLINE"] = "1"

import sentence_transformers
import torch
import transformers
from safetensors.torch import load_file
from sentence_transformers import SentenceTransformer

torch.set_num_threads(1)
transformers.utils.logging.disable_progress_bar()
transformers.utils.logging.set_verbosity_error()
logging.getLogger("sentence_transformers").setLevel(logging.ERROR)

TOLERANCE = 1e-4
# For trained weights, which do not magnify rounding as the random ones do.
BUILTIN_TOLERANCE = 1e-5
# A fault shows where it moves a token state by ten times what is tolerated.
LEAST_FAULT = 10 * TOLERANCE
ROLES = ["query", "document"]


class CheckFailed(Exception):
    """A rule that is broken; the message says where, and what was expected."""


def require(condition, message):
    if not condition:
        raise CheckFailed(message)


def load(path):
    require(Path(path).is_file(), f"{path} is missing: WriteStates writes it")
    return load_file(path)


def largest_difference(found, expected, name):
    """Returns the largest absolute difference of two tensors; one that is not a number is refused."""
    require(
        found.shape == expected.shape, f"{name} has the shape {list(found.shape)}, expected is {list(expected.shape)}"
    )
    require(bool(found.isfinite().all()), f"{name} holds values that are not finite")
    require(bool(expected.isfinite().all()), f"{name}: the expectation holds values that are not finite")
    return (found.double() - expected.double()).abs().max().item()


def check_right(name, found, expected):
    """Returns the largest differences of the states and of the vectors from the expected ones."""
    together = {name.replace(".vectors", ".together"): tensor for name, tensor in expected.items() if "vectors" in name}
    wanted = expected | together
    require(
        found.keys() == wanted.keys(), f"{name}: Hone wrote {sorted(found)}, expected are {sorted(wanted)}"
    )
    worst = {"states": 0.0, "vectors": 0.0, "together": 0.0}
    for key, tensor in wanted.items():
        difference = largest_difference(found[key], tensor, f"{name}: {key}")
        require(
            difference <= TOLERANCE, f"{name}: {key} differs by {difference:.3g}, allowed are {TOLERANCE}"
        )
        kind = key.split(".")[1]
        worst[kind] = max(worst[kind], difference)
    return worst


def check_fault(name, found, expected):
    """Returns the largest difference of the states, which must be plain to see."""
    keys = [key for key in expected if ".states." in key]
    require(keys, f"{name}: nothing is expected")
    missing = [key for key in keys if key not in found]
    require(not missing, f"{name}: Hone did not write {missing}")
    difference = max(largest_difference(found[key], expected[key], f"{name}: {key}") for key in keys)
    require(
        difference >= LEAST_FAULT,
        f"{name}: the fault moves no token state by more than {difference:.3g}, so the check would not see it",
    )
    return difference


def check_rewritten(name, folder, by_role, found, tolerance):
    """Loads a folder that Hone wrote; returns the largest difference of its vectors from Hone's own."""
    require(Path(folder).is_dir(), f"{name}: {folder} is missing: WriteStates writes it")
    try:
        model = SentenceTransformer(
            folder, device="cpu", local_files_only=True, trust_remote_code=False,
            model_kwargs={"dtype": torch.float32},
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError, ImportError) as error:
        raise CheckFailed(f"{name}: {folder} does not load: {error!r}") from error
    worst = 0.0
    for role in ROLES:
        encode = getattr(model, f"encode_{role}")
        vectors = encode(by_role[role], convert_to_tensor=True, show_progress_bar=False)
        difference = largest_difference(found[f"{role}.vectors"], vectors, f"{name}: {role} vectors")
        require(
            difference <= tolerance,
            f"{name}: encode_{role} of the folder that Hone wrote differs by {difference:.3g}, allowed are {tolerance}",
        )
        worst = max(worst, difference)
    return worst


def check_order(order, worst):
    """Checks what became of one line of the plan, and adds its numbers to the worst of each kind."""
    name = order["name"]
    found = load(order["result"])
    if order.get("fault"):
        fault = check_fault(name, found, load(order["expected"]))
        worst["faults"].append((fault, name))
        return
    if "expected" in order:
        for kind, difference in check_right(name, found, load(order["expected"])).items():
            worst[kind] = max(worst[kind], difference)
    by_role = json.loads(Path(order["texts"]).read_text(encoding="utf-8"))
    tolerance = TOLERANCE if "expected" in order else BUILTIN_TOLERANCE
    difference = check_rewritten(name, order["rewritten"], by_role, found, tolerance)
    worst["rewritten"] = max(worst["rewritten"], difference)


def check(root):
    """Checks everything of a root; returns the line of numbers and the reasons."""
    plan = root / "plan.jsonl"
    require(plan.is_file(), f"{plan} is missing: make.py writes it")
    orders = [json.loads(line) for line in plan.read_text(encoding="utf-8").splitlines()]
    require(orders, f"{plan} is empty")
    worst = {"states": 0.0, "vectors": 0.0, "together": 0.0, "rewritten": 0.0, "faults": []}
    reasons = []
    for order in orders:
        try:
            check_order(order, worst)
        except CheckFailed as failure:
            reasons.append(str(failure))
    faults = worst.pop("faults")
    line = f"{root.name}: sentence-transformers={sentence_transformers.__version__} models={len(orders) - len(faults)}"
    line += "".join(f" {kind}={difference:.2g}" for kind, difference in worst.items())
    if faults:
        fault, name = min(faults)
        line += f" faults={len(faults)} smallest={fault:.2g} ({name})"
    return line, reasons


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("roots", type=Path, nargs="+", help="folders that make.py wrote")
    failed = False
    for root in parser.parse_args().roots:
        try:
            line, reasons = check(root)
        except CheckFailed as failure:
            line, reasons = f"{root.name}: nothing to check", [str(failure)]
        print(line)
        for reason in reasons:
            failed = True
            print(f"compare.py: {reason}", file=sys.stderr)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
