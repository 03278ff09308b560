"""Writes small tokenizers of the real kinds; their vocabularies come from the English of the repository's licence."""

import json
import math
import re
from collections import Counter

from recipes import REPOSITORY
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

VOCABULARY = 600
# What distinguishes the families: the class that transformers loads, and the special tokens in the order of their ids.
KINDS = {
    "bert": ("BertTokenizer", ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]),
    "distilbert": ("DistilBertTokenizer", ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]),
    "mpnet": ("MPNetTokenizer", ["<s>", "<pad>", "</s>", "[UNK]", "<mask>"]),
    "roberta": ("RobertaTokenizer", ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]),
    "xlm-roberta": ("XLMRobertaTokenizer", ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]),
    "modernbert": ("PreTrainedTokenizerFast", ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]),
}


def special(architecture):
    """Returns the special tokens by role."""
    tokens = KINDS[architecture][1]
    if tokens[0] == "[PAD]":
        return dict(zip(["pad_token", "unk_token", "cls_token", "sep_token", "mask_token"], tokens))
    named = dict(zip(["bos_token", "pad_token", "eos_token", "unk_token", "mask_token"], tokens))
    return named | {"cls_token": named["bos_token"], "sep_token": named["eos_token"]}


def corpus():
    return (REPOSITORY / "LICENSE").read_text(encoding="utf-8")


def counted_pieces():
    """Returns {piece: count} for letters, frequent words (with a space in front) and frequent endings.

    The library's trainers of these two kinds break ties anew in every run; this does not.
    """
    words = re.findall(r"[A-Za-z]+|[0-9]|[^\w\s]", corpus())
    kinds = [
        Counter("".join(words)),
        Counter(" " + word for word in words),
        Counter(word[start:] for word in words for start in range(2, len(word))),
    ]
    pieces = {}
    for counts in kinds:
        for piece in sorted(counts, key=lambda piece: (-counts[piece], piece))[:VOCABULARY // 2]:
            pieces.setdefault(piece, counts[piece])
    return pieces


def word_pieces(first):
    rest = [piece.lower() for piece in counted_pieces()]
    letters = {form for piece in rest for form in (piece.strip()[0], "##" + piece.strip()[0])}
    rest = [piece[1:] if piece[0] == " " else "##" + piece for piece in rest]
    return {piece: place for place, piece in enumerate(dict.fromkeys(first + sorted(letters) + rest))}


def unigram_pieces(first):
    counts = counted_pieces()
    total = sum(counts.values())
    rest = [(piece.replace(" ", "▁"), math.log(count / total)) for piece, count in counts.items()]
    return [(piece, 0.0) for piece in first] + [("▁", -9.0)] + rest


def train(architecture):
    """Returns a trained tokenizer that puts the architecture's special tokens around a text."""
    tokens = KINDS[architecture][1]
    trainer = None
    if architecture in ("bert", "distilbert", "mpnet"):
        tokenizer = Tokenizer(models.WordPiece(word_pieces(tokens), unk_token="[UNK]"))
        tokenizer.normalizer = normalizers.BertNormalizer()
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    elif architecture in ("roberta", "modernbert"):
        tokenizer = Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        trainer = trainers.BpeTrainer(
            vocab_size=VOCABULARY, special_tokens=tokens, show_progress=False,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        )
    else:
        tokenizer = Tokenizer(models.Unigram(unigram_pieces(tokens), unk_id=tokens.index("<unk>")))
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]
        )
    if trainer is not None:
        tokenizer.train_from_iterator([corpus()], trainer)
    first, last = special(architecture)["cls_token"], special(architecture)["sep_token"]
    places = [(token, tokenizer.token_to_id(token)) for token in (first, last)]
    if architecture == "roberta":
        tokenizer.post_processor = processors.RobertaProcessing(places[1], places[0], add_prefix_space=False)
    else:
        # Sentencepiece's family has two markers between two texts, and does not tell the texts apart.
        pair = f"{first} $A {last} $B:1 {last}:1"
        if architecture in ("mpnet", "xlm-roberta"):
            pair = f"{first} $A {last} {last} $B {last}"
        tokenizer.post_processor = processors.TemplateProcessing(
            single=f"{first} $A {last}", pair=pair, special_tokens=places
        )
    return tokenizer


def write(architecture, length, folder, typed=False):
    """Writes tokenizer.json and tokenizer_config.json; returns the tokenizer. With typed, it tells two texts apart."""
    tokenizer = train(architecture)
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    settings = {"tokenizer_class": KINDS[architecture][0], "model_max_length": length,
                "model_input_names": ["input_ids", "attention_mask"]} | special(architecture)
    if typed and architecture == "bert":
        settings["model_input_names"].insert(1, "token_type_ids")
    (folder / "tokenizer_config.json").write_text(json.dumps(settings), encoding="utf-8")
    return tokenizer
