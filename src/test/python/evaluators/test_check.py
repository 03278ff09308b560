"""Shows that check.py refuses evaluations that differ: python test_check.py"""

import unittest

import check


class CheckTest(unittest.TestCase):
    def wrong(self, hone, library):
        return check.problems({"model scifact": {"hone": hone, "library": library}})[1]

    def test_accepts_what_rounding_moves(self):
        self.assertEqual(self.wrong([0.6451, 809], [0.6455, 809]), [])

    def test_refuses_more_than_half_a_thousandth(self):
        self.assertEqual(len(self.wrong([0.6451, 809], [0.6457, 809])), 1)

    def test_refuses_what_is_not_a_number(self):
        self.assertEqual(len(self.wrong([float("nan"), 809], [0.6455, 809])), 1)

    def test_refuses_other_rows(self):
        self.assertEqual(len(self.wrong([0.6451, 808], [0.6451, 809])), 1)


if __name__ == "__main__":
    unittest.main()
