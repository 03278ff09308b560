"""Shows that check_metrics.py accepts golden numbers and refuses wrong ones: python test_check_metrics.py"""

import tempfile
import unittest
from pathlib import Path

import check_metrics
import pyarrow
import pyarrow.parquet
from write_golden import QRELS, RUN, UNICODE_QRELS, UNICODE_RUN

# By hand, to four digits, for q1: k -> metric -> value.
GOLDEN = {
    3: {"ndcg": 0.3801, "mrr": 1, "map": 0.25, "precision": 0.3333, "recall": 0.25, "f1": 0.2857},
    5: {"ndcg": 0.6463, "mrr": 1, "map": 0.525, "precision": 0.6, "recall": 0.75, "f1": 0.6667},
}


class CheckMetricsTest(unittest.TestCase):
    def setUp(self):
        self.expected = check_metrics.expected_values(QRELS, RUN, {3, 5})

    def problems(self, **changes):
        values = [(*key, value) for key, value in {**self.expected, **changes.get("values", {})}.items()]
        return check_metrics.compare(values, QRELS, RUN)[1]

    def test_agrees_with_the_golden_numbers(self):
        for k, metrics in GOLDEN.items():
            for metric, value in metrics.items():
                self.assertAlmostEqual(self.expected["q1", metric, k], value, delta=5e-5)
        self.assertEqual(self.problems(), [])

    def test_cuts_the_reciprocal_rank(self):
        self.assertEqual(self.expected["q2", "mrr", 3], 0)
        self.assertEqual(self.expected["q2", "mrr", 5], 0.25)

    def test_a_judged_query_without_results_counts_zero(self):
        self.assertEqual({value for (query, _, _), value in self.expected.items() if query == "q4"}, {0.0})

    def test_refuses_each_metric_that_is_off_by_a_hundred_thousandth(self):
        for metric in check_metrics.METRICS:
            k = 5 if metric in check_metrics.CUT else None
            off = {("q1", metric, k): self.expected["q1", metric, k] + 1e-5}
            self.assertEqual(len(self.problems(values=off)), 1, metric)

    def test_refuses_a_value_that_is_not_a_number(self):
        self.assertEqual(len(self.problems(values={("q1", "ndcg", 5): float("nan")})), 1)

    def test_refuses_missing_doubled_unknown_and_foreign_values(self):
        rows = [(*key, value) for key, value in self.expected.items()]
        self.assertRegex(check_metrics.compare(rows[1:], QRELS, RUN)[1][0], "missing")
        self.assertRegex(check_metrics.compare(rows + rows[:1], QRELS, RUN)[1][0], "twice")
        self.assertRegex(check_metrics.compare([*rows, ("q1", "err", 5, 0.0)], QRELS, RUN)[1][0], "unknown metric")
        self.assertRegex(check_metrics.compare([*rows, ("q9", "ndcg", 5, 1.0)], QRELS, RUN)[1][0], "no such judged query")
        self.assertIn("ndcg: no such metric", check_metrics.compare([*rows, ("q1", "ndcg", None, 0.0)], QRELS, RUN)[1])
        self.assertIn("bpref@5: no such metric", check_metrics.compare([*rows, ("q1", "bpref", 5, 0.0)], QRELS, RUN)[1])
        self.assertEqual(check_metrics.compare([], QRELS, RUN)[1], ["no value to check"])

    def test_ties_go_by_bytes_of_the_identifier(self):
        expected = check_metrics.expected_values(UNICODE_QRELS, UNICODE_RUN, {1})
        # U+1F600, grade 2 of a best 3, comes first.
        self.assertAlmostEqual(expected["u", "ndcg", 1], 2 / 3, places=12)

    def test_scores_that_differ_only_as_doubles_keep_their_order(self):
        qrels = {"q": {"a": 1}}
        run = {"q": {"a": 0.5 + 1e-12, "b": 0.5}}
        self.assertEqual(check_metrics.expected_values(qrels, run, {1})["q", "mrr", 1], 1)

    def test_reads_the_same_from_text_and_parquet(self):
        names = ["query_id", "metric", "k", "value", "model"]
        rows = [(*key, value, model) for key, value in self.expected.items() for model in ("base", "tuned")]
        with tempfile.TemporaryDirectory() as folder:
            text, parquet = Path(folder, "values.tsv"), Path(folder, "values.parquet")
            text.write_text("".join("\t".join("" if one is None else str(one) for one in row) + "\n" for row in [names, *rows]), encoding="utf-8")
            pyarrow.parquet.write_table(pyarrow.table(dict(zip(names, map(list, zip(*rows))))), parquet)
            read = [check_metrics.read_values(path, {"model": "tuned"}) for path in (text, parquet)]
        self.assertEqual(read[0], read[1])
        self.assertEqual(len(read[0]), len(self.expected))


if __name__ == "__main__":
    unittest.main()
