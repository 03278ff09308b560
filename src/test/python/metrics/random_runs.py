"""Makes random judgements and runs for Hone and other software to score: python random_runs.py FOLDER

FOLDER/cases.jsonl gets one line per case: {"case", "kind", "qrels": {query: {document: grade}}, "run": {query: {document:
score}}}. Of the kind "float" all scores are doubles that 32 bits hold, many of them tied; in the kind "double" some differ
as doubles alone. Grades go from 0 to 5, scores below 0, some judged queries have no results, some runs have queries that
nobody judged, and ids are of every kind that UTF-8 can write but NUL, which trec_eval's C strings end at. The same seed
makes the same cases.
"""

import json
import random
import sys
from pathlib import Path

SEED = 7
FLOAT_CASES = 200
DOUBLE_CASES = 20
MAX_QUERIES = 8
MAX_DOCUMENTS = 130
# Alphabets whose order differs by UTF-8 bytes, UTF-16 units, locale and number: where one is taken for another, it shows.
ALPHABETS = (
    "0123456789",
    "abcXYZ019",
    "-_.:;/#|@!?&%+=*~^$()[]{}<>'\"\\, ",
    "éèüßñøåÉ",
    "中文字漢かカ한",
    "\uff5e\uff01\ue000\ufffd\U0001f600\U00010000\U0010ffff",
    "a\u0301e\u0308\u200b",
    "\u0001\u0002\t\n\u007f\u00a0",
    "αβγабв0a\uff5e\U0001f600",
)


def make_id(source):
    """Returns an id of letters of one alphabet, or of all."""
    alphabet = "".join(ALPHABETS) if source.random() < 0.2 else source.choice(ALPHABETS)
    return "".join(source.choice(alphabet) for _ in range(source.randint(1, 6)))


def make_ids(source, count):
    ids = {}
    while len(ids) < count:
        ids[make_id(source)] = None
    return list(ids)


def make_score(source, levels):
    """Returns a score from one of few levels, which tie, or from many: multiples of 1/1024, which 32 bits hold."""
    if levels:
        return source.choice(levels)
    return source.randint(-(2**20), 2**20) / 1024


def make_query(source):
    """Returns the grades and the scores of a query."""
    documents = make_ids(source, source.choice((1, 2, 5, 20, MAX_DOCUMENTS)))
    highest = source.choice((0, 1, 2, 5))
    judged = source.sample(documents, source.randint(1, min(len(documents), 40)))
    levels = [source.randint(-8, 8) / 4 for _ in range(source.choice((0, 1, 2, 5)))]
    found = source.sample(documents, source.randint(1, len(documents)))
    return ({document: source.randint(0, highest) for document in judged},
            {document: make_score(source, levels) for document in found})


def split_ties(source, scores):
    """Parts about half of the tied scores by less than 32 bits can hold."""
    return {document: score + source.choice((0.0, 1e-12, -1e-12)) for document, score in scores.items()}


def make_case(source, name, kind):
    qrels, run = {}, {}
    for query in make_ids(source, source.randint(1, MAX_QUERIES)):
        grades, scores = make_query(source)
        part = source.random()
        if part < 0.9:
            qrels[query] = grades
        if part >= 0.1:
            run[query] = split_ties(source, scores) if kind == "double" else scores
    return {"case": name, "kind": kind, "qrels": qrels, "run": run}


def make_cases():
    source = random.Random(SEED)
    kinds = ["float"] * FLOAT_CASES + ["double"] * DOUBLE_CASES
    return [make_case(source, f"{kind}-{number}", kind) for number, kind in enumerate(kinds)]


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    cases = make_cases()
    with open(folder / "cases.jsonl", "w", encoding="utf-8") as lines:
        lines.writelines(json.dumps(case) + "\n" for case in cases)
    print(f"cases={len(cases)} queries={sum(len(case['qrels']) for case in cases)}"
          f" results={sum(len(scores) for case in cases for scores in case['run'].values())}")


if __name__ == "__main__":
    main()
