"""Compares Hone's metrics of random runs with those of trec_eval, ir_measures and ranx, to 1e-9.

    python check_random_runs.py FOLDER

FOLDER holds cases.jsonl, which random_runs.py made, and values.jsonl, which the Java class WriteMetrics wrote: one
{"case", "path", "query", "metric", "k", "value"} per line, for each path through Hone (path) and each judged query.
trec_eval (pytrec_eval) breaks the ties itself; ir_measures and ranx break them otherwise, so that they get runs with
strictly falling scores in trec_eval's order. A judged query without results counts 0. trec_eval holds scores as 32-bit
floats: cases of the kind "double" are given to it by the places of their scores, and must come out otherwise without
that. Prints a line per metric; exit code 1 where anything differs.
"""

import json
import math
import sys
from pathlib import Path

import ir_measures
import pytrec_eval
import ranx
from check_metrics import keep_double_order

TOLERANCE = 1e-9
SHOWN = 20
CUTOFFS = (1, 3, 5, 10, 100)
# Hone's name -> trec_eval's, at a cutoff and over the whole ranking.
CUT = {"ndcg": "ndcg_cut", "map": "map_cut", "recall": "recall", "precision": "P", "success": "success"}
WHOLE = {"r_precision": "Rprec", "bpref": "bpref", "num_rel_ret": "num_rel_ret"}
# By ir_measures, which knows the share of the results within k that is judged, and by ranx.
RECIPROCAL_RANK, UNJUDGED, F1 = "mrr", "unjudged", "f1"


def broken_ties(documents):
    """Returns strictly falling scores in trec_eval's order: score, then the id's UTF-8 bytes, both descending."""
    order = sorted(documents, key=lambda document: (documents[document], document.encode()), reverse=True)
    return {document: float(len(order) - place) for place, document in enumerate(order)}


def by_trec_eval(qrels, run):
    """Returns {(query, metric, k): value} of the judged queries with results."""
    ks = ",".join(map(str, CUTOFFS))
    evaluator = pytrec_eval.RelevanceEvaluator(qrels, {f"{name}.{ks}" for name in CUT.values()} | set(WHOLE.values()))
    found = {}
    for query, values in evaluator.evaluate(run).items():
        found.update({(query, metric, k): values[f"{name}_{k}"] for metric, name in CUT.items() for k in CUTOFFS})
        found.update({(query, metric, None): values[name] for metric, name in WHOLE.items()})
    return found


def by_ir_measures(qrels, run):
    """Returns RR@k, and the share of k that is retrieved and not judged, of the judged queries with results."""
    measures = {ir_measures.RR @ k: (RECIPROCAL_RANK, k) for k in CUTOFFS}
    measures |= {ir_measures.Judged @ k: (UNJUDGED, k) for k in CUTOFFS}
    found = {}
    for value in ir_measures.iter_calc(list(measures), qrels, run):
        metric, k = measures[value.measure]
        results = len(run.get(value.query_id, ()))
        missing = (1 - value.value) * min(k, results) / k
        found[value.query_id, metric, k] = missing if metric == UNJUDGED else value.value
    return found


def by_ranx(qrels, run):
    """Returns F1@k of the judged queries with results."""
    both = sorted(set(qrels) & set(run))
    judged = ranx.Qrels.from_dict({query: qrels[query] for query in both})
    found = ranx.Run.from_dict({query: run[query] for query in both})
    ranx.evaluate(judged, found, [f"f1@{k}" for k in CUTOFFS], return_mean=False)
    return {(query, F1, k): float(found.scores[f"f1@{k}"][query]) for query in both for k in CUTOFFS}


def names():
    """Returns each metric with its cutoffs."""
    cut = dict.fromkeys((*CUT, RECIPROCAL_RANK, UNJUDGED, F1), CUTOFFS)
    return cut | dict.fromkeys(WHOLE, (None,))


def joined(cases, part):
    """Returns one dictionary over all cases: ranx compiles and both start once."""
    return {f"{place} {query}": value for place, case in enumerate(cases) for query, value in case[part].items()}


def expected_values(cases):
    """Returns {(case, query, metric, k): value}; the queries of `other software` are told apart by the case's place."""
    expected = {}
    qrels = joined(cases, "qrels")
    run = {query: broken_ties(documents) for query, documents in joined(cases, "run").items()}
    others = by_ir_measures(qrels, run) | by_ranx(qrels, run)
    for place, case in enumerate(cases):
        given = {query: keep_double_order(documents) for query, documents in case["run"].items()}
        values = by_trec_eval(case["qrels"], given)
        for query in case["qrels"]:
            for metric, cutoffs in names().items():
                for k in cutoffs:
                    other = others.get((f"{place} {query}", metric, k), 0.0)
                    value = values.get((query, metric, k), 0.0) if metric in CUT or metric in WHOLE else other
                    expected[case["case"], query, metric, k] = value
    return expected


def blind_to_doubles(cases):
    """Returns whether trec_eval gives the same for the cases of doubles as they are: then they show nothing."""
    doubles = [case for case in cases if case["kind"] == "double"]
    return all(
        by_trec_eval(case["qrels"], case["run"])
        == by_trec_eval(case["qrels"], {query: broken_ties(documents) for query, documents in case["run"].items()})
        for case in doubles)


def compare(expected, values):
    """Returns the lines to print and the problems. `values`: {path: {(case, query, metric, k): value}}."""
    lines = []
    problems = [] if values else ["no value to check"]
    for path, found in sorted(values.items()):
        largest = dict.fromkeys(names(), 0.0)
        for key in expected.keys() | found.keys():
            right, value = expected.get(key), found.get(key)
            if right is None or value is None or not abs(value - right) <= TOLERANCE:
                problems.append(f"{path}: {key} is {value}, other software says {right}")
            else:
                largest[key[2]] = max(largest[key[2]], abs(value - right))
        lines += [f"{path} {metric} max_difference={difference:.3g}" for metric, difference in largest.items()]
    return lines, problems


def read(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def main():
    folder = Path(sys.argv[1])
    cases = read(folder / "cases.jsonl")
    values = {}
    problems = []
    for row in read(folder / "values.jsonl"):
        key = row["case"], row["query"], row["metric"], row["k"]
        by_path = values.setdefault(row["path"], {})
        if key in by_path:
            problems.append(f"{row['path']}: {key} is there twice")
        by_path[key] = math.nan if row["value"] is None else row["value"]
    expected = expected_values(cases)
    lines, differences = compare(expected, values)
    problems += differences
    if blind_to_doubles(cases):
        problems.append("no case of the kind double comes out otherwise in 32 bits")
    print(f"cases={len(cases)} values={len(expected)}")
    print("\n".join(lines))
    for problem in problems[:SHOWN]:
        print(f"check_random_runs.py: {problem}", file=sys.stderr)
    if problems:
        sys.exit(f"check_random_runs.py: {len(problems)} problems")


if __name__ == "__main__":
    main()
