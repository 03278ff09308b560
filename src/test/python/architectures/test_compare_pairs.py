"""Shows that compare_pairs.py accepts what is right and refuses each kind of what is wrong.

The model is one of the cross-encoders, and what Hone would have written is the expectation itself, changed. Run in each
environment: python test_compare_pairs.py
"""

import json
import shutil
import tempfile
import unittest
from pathlib import Path

import compare_pairs
import make_pairs


class ComparePairsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.base = Path(tempfile.mkdtemp(prefix="hone-pairs-"))
        cls.addClassCleanup(shutil.rmtree, cls.base)
        cls.order = make_pairs.make(make_pairs.SCORERS[0], cls.base, make_pairs.pairs())
        (cls.base / "plan.jsonl").write_text(json.dumps(cls.order) + "\n", encoding="utf-8")
        cls.expected = json.loads(Path(cls.order["expected"]).read_text(encoding="utf-8"))

    def check(self, together, alone=None):
        found = {"together": together, "alone": together if alone is None else alone}
        Path(self.order["result"]).write_text(json.dumps(found), encoding="utf-8")
        return compare_pairs.check(self.base)

    def assert_refused(self, message, together, alone=None):
        _, reasons = self.check(together, alone)
        self.assertEqual(len(reasons), 1, reasons)
        self.assertRegex(reasons[0], message)

    def test_accepts_what_is_expected(self):
        line, reasons = self.check(self.expected)
        self.assertEqual(reasons, [])
        self.assertIn("cross-encoders=1 scores=0", line)

    def test_refuses_a_score_that_is_slightly_off(self):
        changed = [*self.expected[:-1], self.expected[-1] + 2e-4]
        self.assert_refused("bert: pair 13 has the score", changed)

    def test_refuses_scores_in_another_order(self):
        self.assert_refused("has the score", self.expected[::-1])

    def test_refuses_a_score_that_depends_on_its_batch(self):
        alone = [*self.expected[:-1], self.expected[-1] + 1e-7]
        self.assert_refused("alone has another score", self.expected, alone)

    def test_refuses_missing_scores(self):
        self.assert_refused("13 scores, expected are 14", self.expected[:-1])

    def test_refuses_a_number_that_is_none(self):
        changed = [*self.expected[:-1], float("inf")]
        self.assert_refused("is not finite", changed)

    def test_refuses_a_model_without_a_result(self):
        Path(self.order["result"]).unlink(missing_ok=True)
        _, reasons = compare_pairs.check(self.base)
        self.assertRegex(reasons[0], "hone.json is missing")

    def test_a_model_whose_scores_lie_too_near_together_is_not_made(self):
        pairs = [["a work", "a license"]] * 3
        with self.assertRaisesRegex(ValueError, "too near together"):
            make_pairs.expected("bert", self.order["model"], pairs)

    def test_pairs_that_no_model_cuts_are_not_enough(self):
        with self.assertRaisesRegex(ValueError, "some should exceed 64"):
            make_pairs.expected("bert", self.order["model"], [make_pairs.pairs()[place] for place in (0, 2, 9, 10)])


if __name__ == "__main__":
    unittest.main()
