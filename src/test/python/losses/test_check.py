"""Shows that check.py accepts what is right and refuses each kind of what is wrong.

What Hone would have written is what the library computes itself, changed. Run: python test_check.py
"""

import copy
import unittest

import check
import torch


def made(loss, columns, **settings):
    """A case whose results are the library's own."""
    generator = torch.Generator().manual_seed(3)
    embeddings = torch.randn(columns * 5 * 6, generator=generator).tolist()
    case = {"loss": loss, "rows": 5, "dimension": 6, "dims": [], "weights": [], "embeddings": embeddings, **settings}
    value, gradient = check.expected(case, False)
    case["whole"] = {"value": value, "gradient": gradient}
    case["parts"] = copy.deepcopy(case["whole"])
    return case


def cases():
    ranking = {
        "scale": 20,
        "directions": ["query_to_doc"],
        "partition_mode": "joint",
        "hardness_mode": "none",
        "hardness_strength": 0,
    }
    return [
        made("mnrl", 3, **ranking),
        made("triplet", 3, distance="EUCLIDEAN", margin=5),
        made("cosent", 2, scale=20, labels=[1.0, 2.0, 3.0, 1.0, 0.5]),
        made("margin-mse", 3, labels=[1.0, 2.0, 3.0, 1.0, 0.5]),
        made("distilled", 3, temperature=2, labels=[[1.0, 2.0], [3.0, 1.0], [0.5, 0.0], [2.0, 2.0], [1.0, 4.0]]),
    ]


class CheckTest(unittest.TestCase):
    def assert_refused(self, message, change):
        changed = cases()
        change(changed)
        _, reasons = check.check(changed)
        self.assertTrue(reasons)
        for reason in reasons:
            self.assertRegex(reason, message)

    def test_accepts_what_is_expected(self):
        line, reasons = check.check(cases())
        self.assertEqual(reasons, [])
        self.assertEqual(line, "losses cosent=1 distilled=1 margin-mse=1 mnrl=1 triplet=1")

    def test_refuses_another_value(self):
        def change(changed):
            changed[1]["parts"]["value"] += 0.01

        self.assert_refused("triplet EUCLIDEAN 5 .*parts: the loss is", change)

    def test_refuses_another_gradient(self):
        def change(changed):
            changed[2]["whole"]["gradient"][0] += 0.01

        self.assert_refused("cosent .*whole: the gradient is", change)

    def test_refuses_what_is_not_a_number(self):
        def change(changed):
            changed[2]["whole"]["gradient"][0] = float("nan")

        self.assert_refused("cosent .*whole: the gradient is", change)

    def test_refuses_another_scale(self):
        def change(changed):
            changed[0]["scale"] = 21

        self.assert_refused("mnrl .*(the loss is|the gradient is)", change)

    def test_refuses_missing_numbers_and_cases(self):
        def change(changed):
            changed[0]["whole"]["gradient"].pop()
            del changed[1]

        self.assert_refused("has 89 numbers, expected are 90|no case of triplet", change)


if __name__ == "__main__":
    unittest.main()
