"""Shows that check_random_runs.py refuses wrong numbers: python test_check_random_runs.py"""

import unittest

import check_random_runs as check
from random_runs import DOUBLE_CASES, FLOAT_CASES, make_cases

KEY = ("float-0", "q", "ndcg", 10)


class CheckRandomRunsTest(unittest.TestCase):
    def problems(self, value):
        return check.compare({KEY: 0.5}, {"spark": {KEY: value}})[1]

    def test_accepts_what_rounding_moves(self):
        self.assertEqual(self.problems(0.5 + 1e-12), [])

    def test_refuses_what_is_off_by_a_hundred_millionth(self):
        self.assertEqual(len(self.problems(0.5 + 1e-8)), 1)

    def test_refuses_a_value_that_is_not_a_number(self):
        self.assertEqual(len(self.problems(float("nan"))), 1)

    def test_refuses_missing_and_foreign_values_and_none_at_all(self):
        self.assertEqual(len(check.compare({KEY: 0.5}, {"spark": {}})[1]), 1)
        self.assertEqual(len(check.compare({}, {"spark": {KEY: 0.5}})[1]), 1)
        self.assertEqual(check.compare({KEY: 0.5}, {})[1], ["no value to check"])

    def test_breaks_ties_by_bytes_and_leaves_none(self):
        scores = check.broken_ties({"a": 0.5, "\uff5e": 0.5, "\U0001f600": 0.5, "b": 0.75, "c": -1})
        self.assertEqual(sorted(scores, key=scores.get, reverse=True), ["b", "\U0001f600", "\uff5e", "a", "c"])
        self.assertEqual(len(set(scores.values())), 5)

    def test_cases_hold_all_that_they_are_for(self):
        cases = make_cases()
        self.assertEqual(cases, make_cases())
        self.assertEqual([case["kind"] for case in cases].count("float"), FLOAT_CASES)
        self.assertEqual([case["kind"] for case in cases].count("double"), DOUBLE_CASES)
        self.assertTrue(any(set(case["qrels"]) - set(case["run"]) for case in cases), "no results")
        self.assertTrue(any(set(case["run"]) - set(case["qrels"]) for case in cases), "no judgements")
        runs = [scores for case in cases for scores in case["run"].values()]
        self.assertTrue(any(len(set(scores.values())) < len(scores) for scores in runs), "ties")
        self.assertTrue(any(min(scores.values()) < 0 for scores in runs), "negative scores")
        self.assertTrue(any(max(identifier) > "\uffff" for scores in runs for identifier in scores), "astral ids")

    def test_cases_of_doubles_come_out_otherwise_in_32_bits(self):
        cases = make_cases()
        self.assertFalse(check.blind_to_doubles(cases))
        self.assertTrue(check.blind_to_doubles([case for case in cases if case["kind"] == "float"]))


if __name__ == "__main__":
    unittest.main()
