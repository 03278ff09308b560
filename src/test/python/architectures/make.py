"""Makes small models with transformers and sentence-transformers, and what these compute with them.

    python make.py ROOT [--mutations] [--builtin NAME...]

Each recipe becomes ROOT/NAME/folder, a model folder as this version of the library writes it, and ROOT/NAME/expected
.safetensors: `ROLE.states.PLACE` [tokens, hidden] by transformers, `ROLE.vectors` [texts, dimension] by
sentence-transformers. Weights are large on purpose: freshly initialised ones are so near to zero that a model with
swapped or missing parts gives almost the same numbers. With --mutations there is a faulty copy per fault too, in
ROOT/NAME/FAULT. ROOT/texts.json holds the texts by role, ROOT/plan.jsonl says what Hone is to do (WriteStates).
"""

import argparse
import json
import logging
import os
import shutil
import warnings
import zlib
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_OFFLINE"] = "1"

import sentence_transformers
import tokenizer_files
import torch
import transformers
from mutations import mutate, mutations
from recipes import RECIPES, texts
from safetensors.torch import save_file
from sentence_transformers import SentenceTransformer
from transformers import AutoModel, AutoTokenizer

with warnings.catch_warnings():
    # Version 6 has another name for it, and still takes this one.
    warnings.simplefilter("ignore", DeprecationWarning)
    from sentence_transformers.models import Dense, Normalize, Pooling

# Tensors this small only wait for other threads.
torch.set_num_threads(1)
transformers.utils.logging.disable_progress_bar()
transformers.utils.logging.set_verbosity_error()
logging.getLogger("sentence_transformers").setLevel(logging.ERROR)

# The most by which 32 bits may move a token state of transformers: less than what Hone's states may differ by.
MAX_ROUNDING = 8e-5
# The approximation of gelu, in both of the ways that Hone computes gelu: by itself, and at the end of a product.
OTHER_GELU = {
    "replace": [
        ["torch.gelu(", "__torch__.other_gelu("],
        ['activation, annotate(List[Optional[number]], []), "none")',
         'activation, annotate(List[Optional[number]], []), "tanh")'],
    ],
    "add": 'def other_gelu(x: Tensor) -> Tensor:\n  return torch.gelu(x, approximate="tanh")\n',
}


def configuration(recipe, tokenizer):
    """Returns the architecture's configuration, its sizes small, everything else its own default."""
    common = {
        "vocab_size": tokenizer.get_vocab_size(),
        "pad_token_id": tokenizer.token_to_id(tokenizer_files.special(recipe.architecture)["pad_token"]),
        "hidden_size": recipe.hidden,
        "num_hidden_layers": recipe.layers,
        "num_attention_heads": recipe.heads,
        "intermediate_size": recipe.intermediate,
        "max_position_embeddings": recipe.length,
    } | recipe.config
    # The first position is the padding's id plus one.
    padded = common | {"max_position_embeddings": recipe.length + common["pad_token_id"] + 1}
    match recipe.architecture:
        case "bert":
            return transformers.BertConfig(**common)
        case "roberta":
            return transformers.RobertaConfig(**padded, type_vocab_size=1, layer_norm_eps=1e-5)
        case "xlm-roberta":
            return transformers.XLMRobertaConfig(**padded, type_vocab_size=1, layer_norm_eps=1e-5)
        case "mpnet":
            return transformers.MPNetConfig(**padded, layer_norm_eps=1e-5)
        case "distilbert":
            return transformers.DistilBertConfig(
                vocab_size=common["vocab_size"], pad_token_id=common["pad_token_id"], dim=recipe.hidden,
                n_layers=recipe.layers, n_heads=recipe.heads, hidden_dim=recipe.intermediate,
                max_position_embeddings=recipe.length,
            )
        case "modernbert":
            places = {"cls_token": "bos", "sep_token": "eos"}
            named = tokenizer_files.special(recipe.architecture)
            ids = {f"{other}_token_id": tokenizer.token_to_id(named[name]) for name, other in places.items()}
            ids |= {f"{name}_id": tokenizer.token_to_id(named[name]) for name in places}
            return transformers.ModernBertConfig(**common, **ids)


def fill(module, name):
    """Gives a module random weights: N(0, 0.5), and U(0.5, 1.5) to the weights of norms."""
    generator = torch.Generator().manual_seed(zlib.crc32(name.encode()))
    with torch.no_grad():
        for parameter_name, parameter in sorted(module.named_parameters()):
            if parameter.dim() == 1 and parameter_name.endswith("weight"):
                parameter.uniform_(0.5, 1.5, generator=generator)
            else:
                parameter.normal_(0, 0.5, generator=generator)


def write_transformer(recipe, folder):
    """Writes a plain transformers folder."""
    tokenizer = tokenizer_files.write(recipe.architecture, recipe.length, folder)
    model = AutoModel.from_config(configuration(recipe, tokenizer))
    fill(model, f"{recipe.name}{recipe.seed}")
    model.to(getattr(torch, recipe.dtype)).save_pretrained(folder, safe_serialization=True)
    AutoTokenizer.from_pretrained(folder).save_pretrained(folder)


def write_sentence_transformer(recipe, plain, folder):
    """Writes the folder of sentence-transformers around a plain one."""
    transformer = SentenceTransformer(str(plain), device="cpu", model_kwargs={"dtype": getattr(torch, recipe.dtype)})[0]
    modules = [transformer, Pooling(recipe.hidden, pooling_mode=recipe.pooling, include_prompt=recipe.include_prompt)]
    if recipe.dense:
        dense = Dense(recipe.hidden, recipe.dense, activation_function=torch.nn.Tanh())
        fill(dense, recipe.name + "-dense")
        modules.append(dense)
    if recipe.normalize:
        modules.append(Normalize())
    model = SentenceTransformer(modules=modules, device="cpu", prompts=recipe.prompts, similarity_fn_name="cosine")
    if recipe.max_seq_length:
        model.max_seq_length = recipe.max_seq_length
    model.save_pretrained(str(folder), safe_serialization=True)
    if recipe.shard:
        (folder / "model.safetensors").unlink()
        transformer.auto_model.save_pretrained(folder, safe_serialization=True, max_shard_size=recipe.shard)


def states(recipe, folder, prompted, role):
    """Returns the last hidden states [tokens, hidden] of each text, computed alone and in 64 bits.

    Refuses a model for which 32 bits are too few: where one padded batch of all the texts gives something else.
    Documents must fill the longest sequence, else positions and windows would go unseen.
    """
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModel.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    exact = AutoModel.from_pretrained(folder, dtype=torch.float64, attn_implementation="eager").eval()
    inputs = tokenizer(prompted, padding=True, truncation=True, max_length=recipe.cut(), return_tensors="pt")
    if role == "document" and inputs["input_ids"].shape[1] != recipe.cut():
        raise ValueError(f"{recipe.name}: no text has the {recipe.cut()} tokens that fill it")
    found = []
    with torch.no_grad():
        together = model(**inputs).last_hidden_state
        for row, length in enumerate(inputs["attention_mask"].sum(dim=1).tolist()):
            alone = exact(**{name: value[row:row + 1, :length] for name, value in inputs.items()}).last_hidden_state[0]
            difference = (together[row, :length] - alone).abs().max().item()
            if not difference <= MAX_ROUNDING:
                raise ValueError(f"{recipe.name}: rounding moves a state by {difference:.3g}, choose another seed")
            found.append(alone.float())
    return found


def expected(recipe, folder, by_role):
    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True, model_kwargs={"dtype": torch.float32})
    found = {}
    for role, role_texts in by_role.items():
        prompt = recipe.prompt(role)
        vectors = model.encode(role_texts, prompt=prompt or None, convert_to_tensor=True, show_progress_bar=False)
        found[f"{role}.vectors"] = vectors
        for place, rows in enumerate(states(recipe, folder, [prompt + text for text in role_texts], role)):
            found[f"{role}.states.{place}"] = rows
    return found


def make(recipe, root, by_role):
    """Makes a recipe's folder and expectation; returns what Hone is to do with it."""
    target = root / recipe.name
    folder = target / "folder"
    if recipe.plain:
        write_transformer(recipe, folder)
    else:
        write_transformer(recipe, target / "plain")
        write_sentence_transformer(recipe, target / "plain", folder)
    save_file(expected(recipe, folder, by_role), target / "expected.safetensors")
    return [order(root, recipe.name, folder, recipe.name) | {"rewritten": str(target / "rewritten")}]


def make_mutations(recipe, root):
    """Makes the faulty copies of a recipe's folder; returns what Hone is to do with them."""
    orders = []
    right = root / recipe.name / "folder"
    for name, change in mutations(recipe.architecture).items():
        folder = root / recipe.name / name / "folder"
        mutate(change, right, folder)
        orders.append(order(root, f"{recipe.name}/{name}", folder, recipe.name) | {"fault": True})
    (root / recipe.name / "another-gelu").mkdir()
    return [*orders, order(root, f"{recipe.name}/another-gelu", right, recipe.name) | {"fault": True} | OTHER_GELU]


def builtin_order(root, name):
    """Returns what Hone is to do with a model that it brings itself: there is no expectation but its own folder's."""
    target = root / name
    target.mkdir()
    line = order(root, name, f"builtin:{name}") | {"rewritten": str(target / "rewritten")}
    return {key: value for key, value in line.items() if value is not None}


def order(root, name, model, recipe=None):
    """Returns what Hone is to do with a model, by WriteStates' names, and where the expectation lies."""
    return {
        "name": name, "model": str(model), "texts": str(root / "texts.json"),
        "result": str(root / name / "hone.safetensors"),
        "expected": str(root / recipe / "expected.safetensors") if recipe else None,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("root", type=Path, help="the folder to write to, anew")
    parser.add_argument("--mutations", action="store_true", help="make faulty copies too")
    parser.add_argument("--builtin", nargs="*", default=[], help="models that Hone brings, by name")
    arguments = parser.parse_args()
    root = arguments.root.absolute()
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    by_role = texts()
    (root / "texts.json").write_text(json.dumps(by_role), encoding="utf-8")
    orders = [builtin_order(root, name) for name in arguments.builtin]
    for recipe in RECIPES:
        orders += make(recipe, root, by_role)
        if arguments.mutations and recipe.faults:
            orders += make_mutations(recipe, root)
    (root / "plan.jsonl").write_text("".join(json.dumps(line) + "\n" for line in orders), encoding="utf-8")
    print(f"sentence-transformers={sentence_transformers.__version__} transformers={transformers.__version__}"
          f" models={len(RECIPES)} orders={len(orders)}")


if __name__ == "__main__":
    main()
