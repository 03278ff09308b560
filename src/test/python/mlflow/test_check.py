"""Shows that check.py accepts what is right and refuses each kind of what is wrong.

Run: python test_check.py
"""

import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace

import check

LOG = [
    {"step": 0, "loss": 1.5, "learning_rate": 1e-5, "gradient_norm": 3.0},
    {"step": 1, "loss": 1.25, "learning_rate": 2e-5, "gradient_norm": 2.5},
]
MEASURED = [
    {"model": "tuned", "dataset": "a", "metric": "ndcg", "k": 10, "dim": 384, "precision": "fp32", "value": 0.5},
    {"model": "tuned", "dataset": "*", "metric": "ndcg", "k": 10, "dim": 384, "precision": "fp32", "value": 0.5},
    {"model": "tuned", "dataset": "a", "metric": "ndcg", "k": 10, "dim": 64, "precision": "int8", "value": 0.25},
    {"model": "bm25", "dataset": "a", "metric": "mrr", "k": 10, "dim": None, "precision": None, "value": 0.125},
    {"model": "tuned", "dataset": "s", "metric": "spearman", "k": None, "dim": 384, "precision": "fp32", "value": 0.75},
]
TRAINED = {"digest": "d" * 64}


def run():
    """A run as a server would give it back."""
    params = {
        "seed": "42",
        "model": "builtin:m",
        "train.learning-rate": "2.0E-5",
        "train.batch-size": "32",
        "mine.strategies.0.kind": "bm25",
        "evaluate.k": "[1, 10]",
    }
    metrics = {
        "tuned/a/ndcg_at_10": 0.5,
        "tuned/ndcg_at_10": 0.5,
        "tuned/a/ndcg_at_10_dim_64_int8": 0.25,
        "bm25/a/mrr_at_10": 0.125,
        "tuned/s/spearman": 0.75,
        "train/loss": 1.25,
    }
    tags = {"hone.run_id": "run-1", "hone.digest": "e" * 64, "hone.train_digest": TRAINED["digest"]}
    return SimpleNamespace(
        info=SimpleNamespace(run_id="r", status="FINISHED"),
        data=SimpleNamespace(params=params, metrics=metrics, tags=tags),
    )


class Client:
    """As much of MLflow's client as reading back needs, over a folder and a list."""

    def __init__(self, folder=None, log=LOG):
        self.folder = folder
        self.log = log

    def get_metric_history(self, _, name):
        return [SimpleNamespace(step=row["step"], value=row[name.split("/")[1]]) for row in self.log]

    def list_artifacts(self, _, path):
        found = sorted((self.folder / (path or ".")).iterdir())
        return [
            SimpleNamespace(path=one.relative_to(self.folder).as_posix(), is_dir=one.is_dir()) for one in found
        ]

    def download_artifacts(self, *_):
        return str(self.folder)


class CheckTest(unittest.TestCase):
    def assert_refused(self, message, change):
        changed = run()
        change(changed)
        (reason,) = check.check_run(changed, "run-1", MEASURED, TRAINED)
        self.assertRegex(reason, message)

    def test_accepts_what_is_right(self):
        self.assertEqual([], check.check_run(run(), "run-1", MEASURED, TRAINED))
        self.assertEqual([], check.check_steps(Client(), run(), LOG))

    def test_refuses_a_run_that_is_not_whole(self):
        self.assert_refused("is FAILED", lambda one: setattr(one.info, "status", "FAILED"))
        self.assert_refused("tags are", lambda one: one.data.tags.pop("hone.digest"))
        self.assert_refused("train_digest", lambda one: one.data.tags.update({"hone.train_digest": "x"}))
        self.assert_refused("train.batch-size is auto", lambda one: one.data.params.update({"train.batch-size": "auto"}))
        self.assert_refused("parameters tell", lambda one: one.data.params.update({"workspace": "/tmp"}))

    def test_refuses_metrics_that_differ(self):
        self.assert_refused("not 0.5", lambda one: one.data.metrics.update({"tuned/ndcg_at_10": 0.5 + 2e-12}))
        self.assert_refused("is missing", lambda one: one.data.metrics.pop("tuned/s/spearman"))
        self.assert_refused("not one of", lambda one: one.data.metrics.update({"tuned/b/ndcg_at_10": 0.5}))

    def test_refuses_steps_that_differ_or_stand_twice(self):
        self.assertTrue(check.check_steps(Client(log=LOG + LOG[:1]), run(), LOG))
        self.assertTrue(check.check_steps(Client(log=LOG[:1]), run(), LOG))
        self.assertTrue(check.check_steps(Client(log=[LOG[0], {**LOG[1], "loss": 1.0}]), run(), LOG))

    def test_refuses_files_that_differ(self):
        with tempfile.TemporaryDirectory() as temporary:
            exported, there = Path(temporary) / "exported", Path(temporary) / "there"
            for folder in (exported, there / "model"):
                folder.mkdir(parents=True)
                (folder / "config.json").write_text("{}")
            for folder in (exported, there):
                (folder / "report.html").write_text("<p>")
            client = Client(there)
            self.assertEqual([], check.check_files(client, run(), exported, None))
            (there / "model" / "config.json").write_text("[]")
            self.assertIn("other bytes", check.check_files(client, run(), exported, None)[0])
            (there / "model" / "config.json").unlink()
            self.assertIn("the files are", check.check_files(client, run(), exported, None)[0])


if __name__ == "__main__":
    unittest.main()
