"""Recomputes Hone's per-query ranking metrics with trec_eval (pytrec_eval) and compares them to 1e-6.

    python check_metrics.py --run RUN --qrels QRELS --values FILE [--where column=value ...]

RUN and QRELS are TREC files. FILE holds query_id, metric, k and value: tab-separated under a header line, or Parquet (a
file or a folder) as the table query_metrics has it, of which --where picks the rows that belong to RUN (model, dim, ...).
Metrics: ndcg, mrr, map, recall, precision, f1 (from trec_eval's precision and recall, per query), success, unjudged (from
trec_eval's precision where every judged document is relevant), and with an empty k r_precision, bpref, num_rel_ret. A
judged query without results counts 0. Prints one line per metric; exit code 1, and the reasons on stderr, where a value is off, missing,
doubled or about a query that is not judged.
"""

import argparse
import csv
import sys
from pathlib import Path

import numpy as np
import pyarrow.dataset
import pytrec_eval

TOLERANCE = 1e-6
SHOWN = 20
CUT = ("ndcg", "mrr", "map", "recall", "precision", "f1", "success", "unjudged")
UNCUT = {"r_precision": "Rprec", "bpref": "bpref", "num_rel_ret": "num_rel_ret"}
METRICS = (*CUT, *UNCUT)


def read_qrels(path):
    qrels = {}
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            fields = line.split()
            if len(fields) != 4:
                sys.exit(f"{path}:{number}: {len(fields)} fields, a qrels line has 4")
            qrels.setdefault(fields[0], {})[fields[2]] = int(fields[3])
    return qrels


def read_run(path):
    run = {}
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            fields = line.split()
            if len(fields) != 6:
                sys.exit(f"{path}:{number}: {len(fields)} fields, a run line has 6")
            documents = run.setdefault(fields[0], {})
            if fields[2] in documents:
                sys.exit(f"{path}:{number}: document {fields[2]} twice for query {fields[0]}")
            documents[fields[2]] = float(fields[4])
    return run


def keep_double_order(documents):
    """Returns scores that trec_eval, which holds them as 32-bit floats, orders as their doubles.

    Only a query whose distinct scores fall together in 32 bits is rewritten; everywhere else trec_eval itself breaks the
    ties (by document id, descending bytes).
    """
    distinct = set(documents.values())
    if len({float(np.float32(score)) for score in distinct}) == len(distinct):
        return documents
    places = {score: float(place) for place, score in enumerate(sorted(distinct))}
    return {document: places[score] for document, score in documents.items()}


def read_values(path, where):
    """Returns the rows (query_id, metric, k, value) that match every condition of `where`."""
    if path.is_dir() or path.suffix == ".parquet":
        rows = pyarrow.dataset.dataset(path, format="parquet", partitioning=None).to_table().to_pylist()
    else:
        with open(path, encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    for column in ("query_id", "metric", "k", "value", *where):
        if rows and column not in rows[0]:
            sys.exit(f"{path}: no column {column}; there are {', '.join(rows[0])}")
    rows = [row for row in rows if all(str(row[column]) == value for column, value in where.items())]
    return [(row["query_id"], row["metric"], cutoff(row["k"]), float(row["value"])) for row in rows]


def cutoff(k):
    """Returns k as a number; None where there is none: a null, or nothing or a null's name in text."""
    return None if k in (None, "", "NULL", "null", "None") else int(k)


def name(metric, k):
    return metric if k is None else f"{metric}@{k}"


def expected_values(qrels, run, cutoffs):
    """Returns {(query_id, metric, k): value} for every judged query; k is None where the metric has none."""
    ks = ",".join(str(k) for k in sorted(cutoffs))
    run = {query: keep_double_order(documents) for query, documents in run.items()}
    measures = {f"ndcg_cut.{ks}", f"map_cut.{ks}", f"recall.{ks}", f"P.{ks}", f"success.{ks}", "recip_rank", *UNCUT.values()}
    results = pytrec_eval.RelevanceEvaluator(qrels, measures).evaluate(run)
    # pytrec_eval has no trec_eval 10 yet, hence no unj. Every judged document is relevant here, so P is the share judged.
    judged = {query: {document: 1 for document, grade in grades.items() if grade >= 0} for query, grades in qrels.items()}
    coverage = pytrec_eval.RelevanceEvaluator(judged, {f"P.{ks}"}).evaluate(run)
    expected = {}
    for query in qrels:
        found = results.get(query)
        expected.update({(query, metric, None): 0.0 if found is None else found[label] for metric, label in UNCUT.items()})
        for k in cutoffs:
            if found is None:
                expected.update({(query, metric, k): 0.0 for metric in CUT})
                continue
            precision, recall, reciprocal = found[f"P_{k}"], found[f"recall_{k}"], found["recip_rank"]
            both = precision + recall
            expected[query, "ndcg", k] = found[f"ndcg_cut_{k}"]
            expected[query, "map", k] = found[f"map_cut_{k}"]
            expected[query, "recall", k] = recall
            expected[query, "precision", k] = precision
            expected[query, "f1", k] = 2 * precision * recall / both if both > 0 else 0.0
            # trec_eval has no cut-off for this one; 1/reciprocal is the rank of the first relevant document.
            expected[query, "mrr", k] = reciprocal if reciprocal > 0 and round(1 / reciprocal) <= k else 0.0
            expected[query, "success", k] = found[f"success_{k}"]
            expected[query, "unjudged", k] = min(k, len(run[query])) / k - coverage[query][f"P_{k}"]
    return expected


def compare(values, qrels, run):
    """Returns the lines to print and the problems."""
    if not values:
        return [], ["no value to check"]
    problems = []
    seen = {}
    for query, metric, k, value in values:
        if metric not in METRICS:
            problems.append(f"unknown metric {metric}; known are {', '.join(METRICS)}")
        elif (query, metric, k) in seen:
            problems.append(f"{name(metric, k)} of query {query} is there twice")
        seen[query, metric, k] = value
    pairs = {(metric, k) for _, metric, k, _ in values if metric in METRICS}
    problems += [f"{name(metric, k)}: no such metric" for metric, k in pairs if (k is None) != (metric in UNCUT)]
    pairs = {(metric, k) for metric, k in pairs if (k is None) == (metric in UNCUT)}
    expected = expected_values(qrels, run, {k for _, k in pairs} - {None})
    present = {metric for metric, _ in pairs}
    problems += [f"{metric} is not among the values" for metric in METRICS if metric not in present]
    problems += [f"{name(metric, k)} of query {query}: no such judged query" for query, metric, k in seen
                 if query not in qrels and metric in METRICS]
    lines = []
    for metric, k in sorted(pairs, key=lambda pair: (pair[0], pair[1] or 0)):
        largest = 0.0
        for query in qrels:
            right = expected[query, metric, k]
            value = seen.get((query, metric, k))
            if value is None:
                problems.append(f"{name(metric, k)} of query {query} is missing, trec_eval says {right}")
            elif not abs(value - right) <= TOLERANCE:
                problems.append(f"{name(metric, k)} of query {query} is {value}, trec_eval says {right}")
            else:
                largest = max(largest, abs(value - right))
        mean = sum(expected[query, metric, k] for query in qrels) / len(qrels)
        lines.append(f"{name(metric, k)} queries={len(qrels)} mean={mean:.6f} max_difference={largest:.3g}")
    return lines, problems


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--qrels", type=Path, required=True)
    parser.add_argument("--values", type=Path, required=True)
    parser.add_argument("--where", action="append", default=[], metavar="column=value")
    arguments = parser.parse_args()
    where = dict(condition.split("=", 1) for condition in arguments.where)
    values = read_values(arguments.values, where)
    lines, problems = compare(values, read_qrels(arguments.qrels), read_run(arguments.run))
    for line in lines:
        print(line)
    for problem in problems[:SHOWN]:
        print(f"check_metrics.py: {problem}", file=sys.stderr)
    if problems:
        sys.exit(f"check_metrics.py: {len(problems)} problems")


if __name__ == "__main__":
    main()
