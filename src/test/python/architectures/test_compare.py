"""Shows that compare.py accepts what is right and refuses each kind of what is wrong, and that make.py is not lenient.

The model is one of the recipes, and what Hone would have written is the expectation itself, changed. Run in each
environment: python test_compare.py
"""

import json
import shutil
import tempfile
import unittest
from pathlib import Path

import compare
import make
import torch
from mutations import mutate, mutations, shifted
from recipes import RECIPES, texts
from safetensors.torch import load_file, save_file

RECIPE = next(recipe for recipe in RECIPES if recipe.name == "bert-dense")


class CompareTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.base = Path(tempfile.mkdtemp(prefix="hone-compare-"))
        cls.addClassCleanup(shutil.rmtree, cls.base)
        cls.by_role = texts()
        make.make(RECIPE, cls.base / "made", cls.by_role)
        cls.expected = load_file(cls.base / "made" / RECIPE.name / "expected.safetensors")

    def setUp(self):
        self.root = self.base / self.id().rsplit(".", 1)[-1]
        shutil.copytree(self.base / "made", self.root)
        (self.root / "texts.json").write_text(json.dumps(self.by_role), encoding="utf-8")
        self.target = self.root / RECIPE.name
        shutil.copytree(self.target / "folder", self.target / "rewritten")
        self.found = dict(self.expected)
        for role in compare.ROLES:
            self.found[f"{role}.together"] = self.expected[f"{role}.vectors"].clone()
        self.order = make.order(self.root, RECIPE.name, self.target / "folder", RECIPE.name)
        self.order["rewritten"] = str(self.target / "rewritten")

    def check(self, *orders):
        orders = orders or [self.order]
        (self.root / "plan.jsonl").write_text("".join(json.dumps(order) + "\n" for order in orders), encoding="utf-8")
        if self.found is not None:
            save_file(self.found, self.target / "hone.safetensors")
        return compare.check(self.root)

    def assert_refused(self, message, *orders):
        _, reasons = self.check(*orders)
        self.assertEqual(len(reasons), 1, reasons)
        self.assertRegex(reasons[0], message)

    def move(self, key, amount):
        """Changes one number of what Hone wrote."""
        self.found[key] = self.found[key].clone()
        self.found[key][-1, -1] += amount

    def test_accepts_what_is_expected(self):
        line, reasons = self.check()
        self.assertEqual(reasons, [])
        self.assertIn("models=1 states=0 vectors=0 together=0", line)

    def test_refuses_a_token_state_that_is_slightly_off(self):
        self.move("document.states.1", 2e-4)
        self.assert_refused("document.states.1 differs by 0.0002, allowed are 0.0001")

    def test_refuses_a_vector_of_a_padded_batch_that_is_slightly_off(self):
        self.move("query.together", 2e-4)
        self.assert_refused("query.together differs by 0.0002")

    def test_refuses_a_number_that_is_none(self):
        self.move("query.states.0", float("nan"))
        self.assert_refused("query.states.0 holds values that are not finite")

    def test_refuses_a_text_that_was_cut_elsewhere(self):
        self.found["document.states.1"] = self.found["document.states.1"][:-1].clone()
        self.assert_refused(r"document.states.1 has the shape \[47, 32\], expected is \[48, 32\]")

    def test_refuses_a_text_without_states(self):
        del self.found["document.states.1"]
        self.assert_refused("Hone wrote")

    def test_refuses_a_model_without_a_result(self):
        self.found = None
        self.assert_refused("hone.safetensors is missing")

    def test_refuses_a_folder_with_other_weights(self):
        shutil.rmtree(self.target / "rewritten")
        mutate(shifted("embeddings.position_embeddings.weight"), self.target / "folder", self.target / "rewritten")
        self.assert_refused("encode_query of the folder that Hone wrote differs by")

    def test_refuses_a_folder_that_lost_a_prompt(self):
        settings = self.target / "rewritten" / "config_sentence_transformers.json"
        changed = json.loads(settings.read_text(encoding="utf-8")) | {"prompts": {"query": "", "document": "say: "}}
        settings.write_text(json.dumps(changed), encoding="utf-8")
        self.assert_refused("encode_document of the folder that Hone wrote differs by")

    def test_refuses_a_folder_that_does_not_load(self):
        settings = self.target / "rewritten" / "config.json"
        changed = json.loads(settings.read_text(encoding="utf-8")) | {"model_type": "no-such-model"}
        settings.write_text(json.dumps(changed), encoding="utf-8")
        self.assert_refused("rewritten does not load")

    def test_refuses_a_fault_that_does_not_show(self):
        self.move("document.states.1", 9e-4)
        self.assert_refused("the check would not see it", self.order | {"fault": True})

    def test_accepts_a_fault_that_shows_in_one_number(self):
        self.move("document.states.1", 2e-3)
        line, reasons = self.check(self.order | {"fault": True})
        self.assertEqual(reasons, [])
        self.assertIn("faults=1 smallest=0.002 (bert-dense)", line)

    def test_refuses_a_root_without_a_plan(self):
        with self.assertRaisesRegex(compare.CheckFailed, "plan.jsonl is missing"):
            compare.check(self.root)

    def test_a_model_that_needs_more_than_32_bits_is_not_made(self):
        allowed, make.MAX_ROUNDING = make.MAX_ROUNDING, 1e-9
        self.addCleanup(setattr, make, "MAX_ROUNDING", allowed)
        with self.assertRaisesRegex(ValueError, "bert-dense: rounding moves a state by"):
            make.states(RECIPE, self.target / "folder", self.by_role["query"], "query")

    def test_a_model_that_no_text_fills_is_not_made(self):
        with self.assertRaisesRegex(ValueError, "bert-dense: no text has the 48 tokens that fill it"):
            make.states(RECIPE, self.target / "folder", ["short"], "document")

    def test_a_mutation_that_changes_nothing_is_not_made(self):
        with self.assertRaisesRegex(ValueError, "the mutation changed nothing"):
            mutate(lambda weights, config: None, self.target / "folder", self.root / "copy")

    def test_every_architecture_has_faults_of_every_kind(self):
        for architecture in {recipe.architecture for recipe in RECIPES}:
            kinds = {name.split("-")[0] for name in mutations(architecture)}
            others = {"window", "thetas"} if architecture == "modernbert" else {"without", "positions"}
            self.assertLessEqual({"query"} | others, kinds, architecture)
            self.assertTrue(any(recipe.faults for recipe in RECIPES if recipe.architecture == architecture))


if __name__ == "__main__":
    unittest.main()
