"""Shows that check.py accepts a right folder and refuses each kind of wrong one.

The folder is a two-layer BERT with random weights, in the layout that Hone writes; the vectors come from transformers
and a pooling written out here, not from sentence-transformers. Run in each environment: python test_check.py
"""

import json
import shutil
import tempfile
import unittest
from pathlib import Path

import check
import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

TEXTS = ["a query", "the second text is longer than the first", "one two three", "fever and cough"]
PROMPTS = {"query": "query: ", "document": "document: "}
CARD = """---
library_name: sentence-transformers
pipeline_tag: sentence-similarity
tags: [sentence-transformers]
base_model: sentence-transformers/all-MiniLM-L6-v2
license: apache-2.0
datasets: [wordnet]
model-index:
- name: tuned
  results:
  - task: {type: information-retrieval, name: Information Retrieval}
    dataset: {type: wordnet, name: wordnet}
    metrics:
    - {type: "cosine_ndcg@10", value: 0.5, name: "NDCG@10"}
---
# A card
"""


def write_json(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), encoding="utf-8")


def build_tokenizer():
    letters = "abcdefghijklmnopqrstuvwxyz:"
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *letters, *("##" + letter for letter in letters)]
    tokenizer = Tokenizer(models.WordPiece({word: place for place, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, unk_token="[UNK]", pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]"
    )
    return fast, len(words)


def build_folder(folder):
    """Writes the folder; returns {role: vectors} for TEXTS, mean over tokens, scaled to length 1."""
    torch.manual_seed(7)
    tokenizer, words = build_tokenizer()
    config = BertConfig(vocab_size=words, hidden_size=32, num_hidden_layers=2, num_attention_heads=4,
                        intermediate_size=64, max_position_embeddings=64)
    model = BertModel(config).eval()
    model.save_pretrained(folder, safe_serialization=True)
    tokenizer.save_pretrained(folder)
    parts = [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")]
    write_json(folder / "modules.json", [
        {"idx": place, "name": str(place), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for place, (path, kind) in enumerate(parts)
    ])
    write_json(folder / "1_Pooling/config.json", {
        "word_embedding_dimension": 32, "pooling_mode_cls_token": False, "pooling_mode_mean_tokens": True,
        "pooling_mode_max_tokens": False, "pooling_mode_mean_sqrt_len_tokens": False,
    })
    (folder / "2_Normalize").mkdir()
    write_json(folder / "sentence_bert_config.json", {"max_seq_length": 48, "do_lower_case": False})
    write_json(folder / "config_sentence_transformers.json", {
        "__version__": {"sentence_transformers": "2.2.2"}, "prompts": PROMPTS, "similarity_fn_name": "cosine",
    })
    (folder / "README.md").write_text(CARD, encoding="utf-8")
    vectors = {}
    for role, prompt in PROMPTS.items():
        rows = []
        for text in TEXTS:
            inputs = tokenizer(prompt + text, return_tensors="pt", truncation=True, max_length=48)
            with torch.no_grad():
                mean = model(**inputs).last_hidden_state[0].mean(dim=0)
            rows.append((mean / mean.norm()).tolist())
        vectors[role] = rows
    return vectors


class CheckTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.base = Path(tempfile.mkdtemp(prefix="hone-check-"))
        cls.addClassCleanup(shutil.rmtree, cls.base)
        cls.right = cls.base / "right"
        cls.vectors = build_folder(cls.right)

    def setUp(self):
        self.folder = self.base / self.id().rsplit(".", 1)[-1]
        shutil.copytree(self.right, self.folder)

    def run_check(self, vectors=None):
        path = self.base / "vectors.jsonl"
        with open(path, "w", encoding="utf-8") as file:
            for role, rows in (vectors or self.vectors).items():
                for text, vector in zip(TEXTS, rows):
                    file.write(json.dumps({"text": text, "role": role, "vector": vector}) + "\n")
        return check.check(self.folder, path)

    def assert_refused(self, message, vectors=None):
        with self.assertRaisesRegex(check.CheckFailed, message):
            self.run_check(vectors)

    def change_json(self, name, **changes):
        path = self.folder / name
        write_json(path, json.loads(path.read_text(encoding="utf-8")) | changes)

    def test_accepts_a_right_folder(self):
        line = self.run_check()
        self.assertIn("queries=4 documents=4 dimension=32", line)
        self.assertIn("similarity=cosine max_seq_length=48 modules=Transformer,Pooling,Normalize", line)

    def test_refuses_one_vector_that_is_slightly_off(self):
        rows = [list(row) for row in self.vectors["document"]]
        rows[2][5] += 2e-5
        self.assert_refused("vectors differ by 2", {**self.vectors, "document": rows})

    def test_refuses_vectors_of_the_other_role(self):
        swapped = {"query": self.vectors["document"], "document": self.vectors["query"]}
        self.assert_refused("vectors differ", swapped)

    def test_refuses_vectors_of_another_dimension(self):
        self.assert_refused("vectors are", {**self.vectors, "query": [row[:16] for row in self.vectors["query"]]})

    def test_refuses_vectors_without_one_of_the_roles(self):
        self.assert_refused("holds no query", {"document": self.vectors["document"]})

    def test_refuses_a_pickle_by_name(self):
        (self.folder / "pytorch_model.bin").write_bytes(b"weights")
        self.assert_refused("unpickling")

    def test_refuses_a_pickle_by_content(self):
        (self.folder / "notes.txt").write_bytes(b"\x80\x04\x95rest")
        self.assert_refused("begins as a pickle")

    def test_refuses_a_torch_archive_by_content(self):
        torch.save({"a": torch.ones(1)}, self.folder / "weights.dat")
        self.assert_refused("zip archive")

    def test_refuses_a_missing_safetensors_file(self):
        (self.folder / "model.safetensors").unlink()
        self.assert_refused("model.safetensors is missing")

    def test_refuses_a_folder_without_a_similarity_function(self):
        self.change_json("config_sentence_transformers.json", similarity_fn_name=None)
        self.assert_refused("lacks similarity_fn_name")

    def test_refuses_module_names_that_older_versions_cannot_load(self):
        path = self.folder / "modules.json"
        modules = json.loads(path.read_text(encoding="utf-8"))
        modules[1]["type"] = "sentence_transformers.sentence_transformer.modules.pooling.Pooling"
        write_json(path, modules)
        self.assert_refused("every version loads only")

    def test_refuses_a_card_without_front_matter(self):
        (self.folder / "README.md").write_text("# A card\n", encoding="utf-8")
        self.assert_refused("no front matter")

    def test_refuses_a_card_whose_front_matter_is_not_yaml(self):
        (self.folder / "README.md").write_text(CARD.replace("license: apache-2.0", "license: [apache"), encoding="utf-8")
        self.assert_refused("does not parse")

    def test_refuses_a_card_whose_model_index_is_broken(self):
        card = CARD.replace("  - task: {type: information-retrieval, name: Information Retrieval}\n    dataset",
                            "  - dataset")
        self.assertNotEqual(card, CARD)
        (self.folder / "README.md").write_text(card, encoding="utf-8")
        self.assert_refused("does not parse")

    def test_refuses_a_card_without_the_primary_metric(self):
        (self.folder / "README.md").write_text(CARD.replace("cosine_ndcg@10", "ndcg"), encoding="utf-8")
        self.assert_refused("lacks cosine_ndcg@10")


if __name__ == "__main__":
    unittest.main()
