"""Makes what check.py needs on a machine with a GPU, which may have neither Java nor a network.

    python make.py models ROOT --minilm FOLDER --texts FILE
    python make.py thin ROOT

`models` writes model folders to ROOT/NAME/folder: a small one per architecture with large random weights (freshly
initialised ones hide faults), all-MiniLM-L6-v2 with the rows of its vocabulary that FILE's texts need (its numbers for
them are the whole model's), and one of BERT-base's size. WriteArchives then writes their archives. `thin` takes out the
weights of the two large models' archives, which check.py puts back; BERT-base's folder loses its weights too, because
check.py draws them anew.
"""

import argparse
import json
import logging
import os
import shutil
import tempfile
import zipfile
import zlib
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_OFFLINE"] = "1"

import torch
import transformers
from safetensors.torch import load_file, save_file
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Dense, Normalize, Pooling, Transformer
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import AutoModel

transformers.utils.logging.disable_progress_bar()
logging.getLogger("sentence_transformers").setLevel(logging.ERROR)

TEXTS = 256
VOCABULARY = 200
SIZES = {
    "vocab_size": VOCABULARY, "hidden_size": 32, "num_hidden_layers": 3, "num_attention_heads": 4,
    "intermediate_size": 48, "max_position_embeddings": 320, "hidden_dropout_prob": 0.0,
    "attention_probs_dropout_prob": 0.0, "pad_token_id": 1,
}
ROBERTA = SIZES | {"max_position_embeddings": 322, "type_vocab_size": 1}
DISTILBERT = {
    "vocab_size": VOCABULARY, "dim": 32, "n_layers": 3, "n_heads": 4, "hidden_dim": 48, "max_position_embeddings": 320,
    "dropout": 0.0, "attention_dropout": 0.0, "pad_token_id": 1,
}
# Without norms between its layers the sums grow: fewer and narrower layers keep 32 bits enough to compare by.
MODERNBERT = {
    "vocab_size": VOCABULARY, "hidden_size": 16, "num_hidden_layers": 4, "num_attention_heads": 2,
    "intermediate_size": 24, "max_position_embeddings": 320, "local_attention": 128, "pad_token_id": 1,
    "bos_token_id": 2, "cls_token_id": 2, "eos_token_id": 3, "sep_token_id": 3,
}
# Configuration, pooling, and the size of a dense module, 0 for none. Between them they have every way of pooling.
SMALL = {
    "bert": (transformers.BertConfig(**SIZES), "cls", 24),
    "roberta": (transformers.RobertaConfig(**ROBERTA), "max", 0),
    "mpnet": (transformers.MPNetConfig(**(SIZES | {"max_position_embeddings": 322})), "mean", 0),
    "distilbert": (transformers.DistilBertConfig(**DISTILBERT), "cls", 0),
    "modernbert": (transformers.ModernBertConfig(**MODERNBERT), "lasttoken", 0),
}
LARGE = ["minilm", "bert-base"]


def fill(module, name):
    """Gives a module random weights: N(0, 0.5), and U(0.5, 1.5) to the weights of norms."""
    generator = torch.Generator().manual_seed(zlib.crc32(name.encode()))
    with torch.no_grad():
        for parameter_name, parameter in sorted(module.named_parameters()):
            if parameter.dim() == 1 and parameter_name.endswith("weight"):
                parameter.uniform_(0.5, 1.5, generator=generator)
            else:
                parameter.normal_(0, 0.5, generator=generator)


def write_tokenizer(folder):
    """Writes a tokenizer of numbers; check.py draws ids, but a model folder has a tokenizer."""
    words = ["<s>", "<pad>", "<cls>", "<sep>", "<unk>"] + [str(number) for number in range(VOCABULARY - 5)]
    tokenizer = Tokenizer(models.WordLevel({word: place for place, word in enumerate(words)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    settings = {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": 320, "pad_token": "<pad>",
                "unk_token": "<unk>", "cls_token": "<cls>", "sep_token": "<sep>"}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings), encoding="utf-8")


def write_small(name, folder):
    """Writes the folder of a small model."""
    config, pooling, dense_size = SMALL[name]
    with tempfile.TemporaryDirectory() as plain:
        model = AutoModel.from_config(config)
        fill(model, name)
        model.save_pretrained(plain)
        write_tokenizer(Path(plain))
        hidden = model.config.hidden_size
        modules = [Transformer(plain, max_seq_length=320), Pooling(hidden, pooling_mode=pooling)]
        if dense_size:
            dense = Dense(hidden, dense_size, activation_function=torch.nn.Tanh())
            fill(dense, name + "-dense")
            modules.append(dense)
        SentenceTransformer(modules=modules + [Normalize()], device="cpu").save_pretrained(str(folder))


def read_texts(file):
    """Returns title and text of the first documents of a corpus.jsonl."""
    with open(file, encoding="utf-8") as lines:
        documents = [json.loads(line) for line, _ in zip(lines, range(TEXTS))]
    return [f"{document.get('title', '')} {document['text']}".strip() for document in documents]


def cut_tokenizer(tokenizer, kept):
    """Leaves the kept ids in the content of a tokenizer.json, numbered anew; the longest match stays what it was."""
    numbers = {old: new for new, old in enumerate(kept)}
    vocabulary = tokenizer["model"]["vocab"]
    tokenizer["model"]["vocab"] = {token: numbers[old] for token, old in vocabulary.items() if old in numbers}
    for token in tokenizer["added_tokens"]:
        token["id"] = numbers[token["id"]]
    for token in tokenizer["post_processor"]["special_tokens"].values():
        token["ids"] = [numbers[old] for old in token["ids"]]
    tokenizer["truncation"] = tokenizer["padding"] = None


def write_minilm(source, texts, folder):
    """Writes MiniLM with the rows of its vocabulary that the texts need."""
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns("vocab.txt", "model.safetensors", "tokenizer.json"))
    whole = Tokenizer.from_file(str(source / "tokenizer.json"))
    whole.no_truncation()
    whole.no_padding()
    used = {token for text in texts for token in whole.encode(text).ids}
    content = json.loads((source / "tokenizer.json").read_text(encoding="utf-8"))
    kept = sorted(used | {token["id"] for token in content["added_tokens"]})
    cut_tokenizer(content, kept)
    (folder / "tokenizer.json").write_text(json.dumps(content), encoding="utf-8")
    config = json.loads((source / "config.json").read_text(encoding="utf-8")) | {"vocab_size": len(kept)}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    name = "embeddings.word_embeddings.weight"
    weights = load_file(source / "model.safetensors")
    needed = {key: tensor for key, tensor in weights.items() if not key.startswith("pooler.") and "position_ids" not in key}
    needed[name] = weights[name][kept].contiguous()
    save_file(needed, folder / "model.safetensors", metadata={"format": "pt"})
    cut = Tokenizer.from_file(str(folder / "tokenizer.json"))
    for text in texts:
        if [kept[token] for token in cut.encode(text).ids] != whole.encode(text).ids:
            raise ValueError(f"the cut tokenizer reads this text in another way: {text[:80]}")


def write_bert_base(minilm, folder):
    """Writes a folder of BERT-base's size, with the settings and the tokenizer of the other one."""
    shutil.copytree(minilm, folder, ignore=shutil.ignore_patterns("model.safetensors"))
    pooling = folder / "1_Pooling" / "config.json"
    pooling.write_text(json.dumps({"word_embedding_dimension": 768, "pooling_mode_mean_tokens": True}), encoding="utf-8")
    config = transformers.BertConfig()
    config.save_pretrained(folder)
    AutoModel.from_config(config, add_pooling_layer=False).save_pretrained(folder)


def make_models(root, minilm, texts):
    for name in SMALL:
        (root / name).mkdir(parents=True)
        write_small(name, root / name / "folder")
    texts = read_texts(texts)
    for name in LARGE:
        (root / name).mkdir()
    write_minilm(minilm, texts, root / "minilm" / "folder")
    (root / "minilm" / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
    write_bert_base(root / "minilm" / "folder", root / "bert-base" / "folder")


def thin(archive):
    """Replaces an archive by one with zeros for weights, compressed."""
    target = archive.with_suffix(".thin")
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as thinned:
        for entry in source.infolist():
            weights = "/data/" in entry.filename
            thinned.writestr(entry.filename, bytes(entry.file_size) if weights else source.read(entry))
    archive.unlink()


def make_thin(root):
    for name in LARGE:
        for archive in sorted((root / name).glob("*.pt")):
            thin(archive)
    (root / "bert-base" / "folder" / "model.safetensors").unlink()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("models")
    command.add_argument("root", type=Path)
    command.add_argument("--minilm", type=Path, required=True, help="folder of all-MiniLM-L6-v2")
    command.add_argument("--texts", type=Path, required=True, help="a corpus.jsonl, such as SciFact's")
    commands.add_parser("thin").add_argument("root", type=Path)
    arguments = parser.parse_args()
    if arguments.command == "models":
        make_models(arguments.root, arguments.minilm, arguments.texts)
    else:
        make_thin(arguments.root)


if __name__ == "__main__":
    main()
