"""Compares Hone's evaluation of its builtin models with sentence-transformers' own evaluators, over public data.

    HONE_DATA=DATA sentence-transformers-6/bin/python check.py OUTPUT [MODEL...]

Per model: nDCG@10 of SciFact's training queries by InformationRetrievalEvaluator and Spearman of the STS benchmark's
development pairs by EmbeddingSimilarityEvaluator, from the folder that Hone unpacks, with that folder's prompts and
maximum length, in fp32, beside what `./submit.sh evaluate` publishes and `./submit.sh sql` reads. The texts come from
DATA's files, not from Hone. SciFact's grades are all 1, so that gains are the same on both sides. Pairs of sentences are
encoded as documents. A quarter of an hour per model of 12 layers on two cores: what OUTPUT/results.json has already is
not computed again. Exit code 1 where two numbers differ by more than .0005, or one was taken over other rows.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
from pathlib import Path

TOLERANCE = 5e-4
MODELS = ("all-MiniLM-L6-v2", "bge-small-en-v1.5", "e5-small-v2")
ROOT = Path(__file__).resolve().parents[4]
# Data set -> split, metric, k as SQL has it.
TASKS = {"scifact": ("train", "ndcg", "= 10"), "stsb": ("validation", "spearman", "IS NULL")}


def lines_of(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def scifact(data):
    """Returns queries, corpus and relevant documents as the evaluator takes them."""
    with open(data / "scifact/qrels/train.tsv", encoding="utf-8", newline="") as lines:
        judged = list(csv.DictReader(lines, delimiter="\t"))
    if {row["score"] for row in judged} != {"1"}:
        sys.exit("check.py: SciFact has grades other than 1, which the evaluator does not know")
    relevant = {}
    for row in judged:
        relevant.setdefault(row["query-id"], set()).add(row["corpus-id"])
    queries = {row["_id"]: row["text"] for row in lines_of(data / "scifact/queries.jsonl")}
    corpus = {row["_id"]: f"{row['title']} {row['text']}".strip() for row in lines_of(data / "scifact/corpus.jsonl")}
    return queries, corpus, relevant


def stsb(data):
    """Returns first and second sentences and their scores, in [0, 5]; a pair that stands there twice counts once."""
    with open(data / "stsb_en/stsb-en-dev.csv", encoding="utf-8", newline="") as lines:
        rows = list(dict.fromkeys(map(tuple, csv.reader(lines))))
    return [row[0] for row in rows], [row[1] for row in rows], [float(row[2]) for row in rows]


def by_library(folder, dataset, data):
    """Returns the value and the number of queries or pairs behind it."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.evaluation import (
        EmbeddingSimilarityEvaluator, InformationRetrievalEvaluator,
    )

    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True, model_kwargs={"dtype": torch.float32})
    if dataset == "scifact":
        queries, corpus, relevant = scifact(data)
        evaluator = InformationRetrievalEvaluator(queries, corpus, relevant, write_csv=False)
        return evaluator(model)["cosine_ndcg@10"], len(relevant)
    first, second, scores = stsb(data)
    if "document" in model.prompts:
        model.default_prompt_name = "document"
    evaluator = EmbeddingSimilarityEvaluator(first, second, scores, main_similarity="cosine", write_csv=False)
    return float(evaluator(model)["spearman_cosine"]), len(scores)


def submit(*arguments):
    return subprocess.run([ROOT / "submit.sh", *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout


def by_hone(name, dataset, workspace):
    split, metric, cutoff = TASKS[dataset]
    run = f"untrained-{dataset}-{name}"
    text = (ROOT / "conf/data" / f"{dataset}.conf").read_text()
    config = workspace.parent / f"{dataset}.conf"
    config.write_text(text.replace(f"name = {dataset},", f"name = {dataset}, train-on = false,"))
    submit("evaluate", "--config", config, "--workspace", workspace,
           *(word for key, value in {
               "run-id": run, "model": f"builtin:{name}", "evaluate.split": split, "evaluate.baselines": "[base]",
               "encode.precision": "fp32"}.items() for word in ("--set", f"{key}={value}")))
    rows = submit("sql", "--workspace", workspace, "-e",
                  "SELECT value, query_count FROM run_metrics"
                  f" WHERE run_id = '{run}' AND model = 'base' AND dataset = '{dataset}' AND precision = 'fp32'"
                  f" AND metric = '{metric}' AND k {cutoff} ORDER BY dim DESC LIMIT 1").splitlines()
    value, count = rows[1].split("\t")
    return float(value), int(count)


def folder_of(name):
    cache = Path(os.environ.get("HONE_CACHE", Path.home() / ".cache/hone"))
    folders = sorted(cache.glob(f"{name}-layout-*"))
    if not folders:
        sys.exit(f"check.py: {cache} has no {name}-layout-*; Hone unpacks it when it evaluates")
    return folders[-1]


def problems(results):
    """Returns the lines to print and what is wrong with them: {model dataset: {"hone": [value, count], ...}}."""
    lines, wrong = [], []
    for key, sides in sorted(results.items()):
        (hone, rows), (library, library_rows) = sides["hone"], sides["library"]
        line = f"{key} hone={hone:.6f} sentence_transformers={library:.6f} difference={hone - library:+.6f} rows={rows}"
        lines.append(line)
        if not abs(hone - library) <= TOLERANCE or rows != library_rows:
            wrong.append(f"{line}, and {library_rows} rows by sentence-transformers")
    return lines, wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("output", type=Path)
    parser.add_argument("models", nargs="*", metavar="MODEL", help=f"of {', '.join(MODELS)}; all where none is named")
    arguments = parser.parse_args()
    data = Path(os.environ.get("HONE_DATA") or sys.exit("check.py: HONE_DATA names no folder"))
    arguments.output.mkdir(parents=True, exist_ok=True)
    file = arguments.output / "results.json"
    found = json.loads(file.read_text()) if file.exists() else {}
    wanted = [f"{name} {dataset}" for name in arguments.models or MODELS for dataset in TASKS]
    for key in wanted:
        name, dataset = key.split()
        sides = found.setdefault(key, {})
        # Hone goes first: it unpacks the folder.
        for side, compute in (("hone", lambda: by_hone(name, dataset, arguments.output / "workspace")),
                              ("library", lambda: by_library(folder_of(name), dataset, data))):
            if side not in sides:
                sides[side] = compute()
                file.write_text(json.dumps(found, indent=1) + "\n")
    lines, wrong = problems({key: found[key] for key in wanted})
    print("\n".join(lines))
    for problem in wrong:
        print(f"check.py: {problem}", file=sys.stderr)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
