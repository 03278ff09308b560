"""Scores a run with trec_eval when asked to, and says how long it took: python score_speed.py FOLDER QUERIES DEPTH SEED

`./submit.sh bench evaluate` starts it beside Hone and lets the two work in turn. FOLDER/all and FOLDER/checked hold a
run and its judgements as Parquet, made with the other arguments, and as many files of each, in the same order of
queries. Prints `ready DESCRIPTION`, then answers `round` (all) and `check` (checked, with the means into FOLDER/means-
trec_eval.tsv) on stdin with `seconds NUMBER`. A round reads both tables, builds the dictionaries that pytrec_eval takes
from blocks of 10,000 queries, and scores these.
"""

import importlib.metadata
import itertools
import sys
import time
from collections import defaultdict
from pathlib import Path

import pyarrow
import pyarrow.compute
import pyarrow.parquet
import pytrec_eval

CUTOFFS = (1, 3, 5, 10, 100)
MEASURES = {"ndcg": "ndcg_cut", "map": "map_cut", "recall": "recall", "precision": "P", "success": "success"}
BLOCK = 10_000


def queries(file, number):
    """Yields (query, {document: number}) of a file in which the rows of a query stand together."""
    query, documents = None, {}
    for batch in pyarrow.parquet.ParquetFile(file).iter_batches(batch_size=1 << 20, columns=["query_id", "doc_id", number]):
        runs = pyarrow.compute.run_end_encode(batch.column(0))
        found, numbers = batch.column(1).to_pylist(), batch.column(2).to_pylist()
        start = 0
        for end, value in zip(runs.run_ends.to_pylist(), runs.values.to_pylist()):
            if value != query:
                if query is not None:
                    yield query, documents
                query, documents = value, {}
            documents.update(zip(found[start:end], numbers[start:end]))
            start = end
    if query is not None:
        yield query, documents


def scored(folder):
    """Yields what trec_eval says of each block of queries."""
    ks = ",".join(map(str, CUTOFFS))
    measures = {f"{name}.{ks}" for name in MEASURES.values()} | {"recip_rank", "Rprec", "bpref", "num_rel_ret"}
    for run, judged in zip(sorted(folder.glob("run/*.parquet")), sorted(folder.glob("judgements/*.parquet"))):
        results, judgements = queries(run, "score"), queries(judged, "grade")
        while qrels := dict(itertools.islice(judgements, BLOCK)):
            block = dict(itertools.islice(results, BLOCK))
            yield pytrec_eval.RelevanceEvaluator(qrels, measures).evaluate(block)


def check(folder):
    sums, count = defaultdict(float), 0
    for block in scored(folder / "checked"):
        count += len(block)
        for values in block.values():
            for metric, name in MEASURES.items():
                for k in CUTOFFS:
                    sums[metric, k] += values[f"{name}_{k}"]
    with open(folder / "means-trec_eval.tsv", "w", encoding="utf-8") as lines:
        lines.writelines(f"{metric}\t{k}\t{total / count!r}\n" for (metric, k), total in sums.items())


def work(folder, name):
    if name == "check":
        check(folder)
    elif name == "round":
        for _ in scored(folder / "all"):
            pass
    else:
        sys.exit(f"score_speed.py: cannot answer {name!r}; only round and check are known")


def main():
    folder = Path(sys.argv[1])
    print("ready", "pytrec-eval-terrier", importlib.metadata.version("pytrec-eval-terrier"), flush=True)
    for line in sys.stdin:
        start = time.perf_counter()
        work(folder, line.strip())
        print("seconds", time.perf_counter() - start, flush=True)


if __name__ == "__main__":
    main()
