"""Compares Hone's scores of pairs of texts with those of make_pairs.py.

    python compare_pairs.py ROOT...

ROOT is a folder that make_pairs.py wrote and WriteScores has gone through: each pair scored among all others, and alone.
Prints a line of numbers per root; exit code 1, and the reasons on stderr, otherwise.
"""

import argparse
import json
import math
import sys
from pathlib import Path

TOLERANCE = 1e-4


class CheckFailed(Exception):
    """A rule that is broken; the message says where, and what was expected."""


def read(path):
    if not Path(path).is_file():
        raise CheckFailed(f"{path} is missing: WriteScores writes it")
    return json.loads(Path(path).read_text(encoding="utf-8"))


def check_order(order):
    """Returns the largest difference of Hone's scores from the expected ones."""
    name = order["name"]
    expected = json.loads(Path(order["expected"]).read_text(encoding="utf-8"))
    found = read(order["result"])
    if found["alone"] != found["together"]:
        raise CheckFailed(f"{name}: a pair alone has another score than among others")
    scores = found["together"]
    if len(scores) != len(expected) or not expected:
        raise CheckFailed(f"{name}: Hone wrote {len(scores)} scores, expected are {len(expected)}")
    differences = [abs(score - other) for score, other in zip(scores, expected)]
    if not all(math.isfinite(difference) for difference in differences):
        raise CheckFailed(f"{name}: a score is not finite: {scores}")
    worst = max(differences)
    if worst > TOLERANCE:
        place = differences.index(worst)
        raise CheckFailed(
            f"{name}: pair {place} has the score {scores[place]:.6f}, expected is {expected[place]:.6f}, allowed are {TOLERANCE}"
        )
    return worst


def check(root):
    """Checks everything of a root; returns the line of numbers and the reasons."""
    lines = (root / "plan.jsonl").read_text(encoding="utf-8").splitlines()
    worst, reasons = 0.0, []
    for line in lines:
        try:
            worst = max(worst, check_order(json.loads(line)))
        except CheckFailed as failure:
            reasons.append(str(failure))
    if not lines:
        reasons.append(f"{root}/plan.jsonl is empty")
    return f"{root.name}: cross-encoders={len(lines)} scores={worst:.2g}", reasons


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("roots", type=Path, nargs="+", help="folders that make_pairs.py wrote")
    failed = False
    for root in parser.parse_args().roots:
        line, reasons = check(root)
        print(line)
        for reason in reasons:
            failed = True
            print(f"compare_pairs.py: {reason}", file=sys.stderr)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
