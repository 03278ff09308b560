"""Faults that a port of an architecture is likely to have, as changes of a model folder.

Hone gets the changed folder and is compared with what the right one gives: the difference is what the fault in Hone's
own code would have made. A fault that a folder cannot express, another activation, is a change of Hone's source.
"""

import json
import shutil

import torch
from safetensors.torch import load_file, save_file


class Names:
    """Where an architecture keeps its parts: of one layer, and the table of positions."""

    def __init__(self, prefix, query, key, biases, positions="embeddings.position_embeddings.weight"):
        self.query, self.key = f"{prefix}{query}", f"{prefix}{key}"
        self.biases = [f"{prefix}{bias}.bias" for bias in biases] + ["embeddings.LayerNorm.bias"]
        self.positions = positions


# No bias of a key is here: it moves all scores of a query alike, so softmax does not see it.
BERT = Names("encoder.layer.1.", "attention.self.query", "attention.self.key", [
    "attention.self.query", "attention.self.value", "attention.output.dense", "attention.output.LayerNorm",
    "intermediate.dense", "output.dense", "output.LayerNorm",
])
NAMES = {
    "bert": BERT,
    "roberta": BERT,
    "xlm-roberta": BERT,
    "mpnet": Names("encoder.layer.1.", "attention.attn.q", "attention.attn.k", [
        "attention.attn.q", "attention.attn.v", "attention.attn.o", "attention.LayerNorm", "intermediate.dense",
        "output.dense", "output.LayerNorm",
    ]),
    "distilbert": Names("transformer.layer.1.", "attention.q_lin", "attention.k_lin", [
        "attention.q_lin", "attention.v_lin", "attention.out_lin", "sa_layer_norm", "ffn.lin1", "ffn.lin2",
        "output_layer_norm",
    ]),
}


def swap(weights, left, right):
    weights[left], weights[right] = weights[right], weights[left]


def swapped_query_and_key(names):
    def change(weights, config):
        for part in ("weight", "bias"):
            swap(weights, f"{names.query}.{part}", f"{names.key}.{part}")
    return change


def swapped_joint_query_and_key(weights, config):
    name = "layers.1.attn.Wqkv.weight"
    query, key, value = weights[name].chunk(3)
    weights[name] = torch.cat([key, query, value])


def dropped(name):
    def change(weights, config):
        weights[name] = torch.zeros_like(weights[name])
    return change


def shifted(name):
    def change(weights, config):
        weights[name] = weights[name].roll(-1, 0)
    return change


def window_off(weights, config):
    config["local_attention"] = 4 * config["max_position_embeddings"]


def window_one_wider(weights, config):
    config["local_attention"] += 2


def swapped_thetas(weights, config):
    if "rope_parameters" in config:
        ropes = config["rope_parameters"]
        swap(ropes, "full_attention", "sliding_attention")
    else:
        swap(config, "global_rope_theta", "local_rope_theta")


def global_layers_moved(weights, config):
    if "layer_types" in config:
        first, *middle, last = config["layer_types"]
        config["layer_types"] = [first, last, *middle]
    else:
        config["global_attn_every_n_layers"] += 1


def mutations(architecture):
    """Returns {name: change(weights, config)}, each the smallest form of its fault: in one layer where that can be."""
    if architecture == "modernbert":
        return {
            "query-and-key-swapped": swapped_joint_query_and_key,
            "window-off": window_off,
            "window-one-wider": window_one_wider,
            "thetas-swapped": swapped_thetas,
            "global-layers-moved": global_layers_moved,
        }
    names = NAMES[architecture]
    changes = {"query-and-key-swapped": swapped_query_and_key(names), "positions-shifted": shifted(names.positions)}
    changes |= {f"without-{bias}": dropped(bias) for bias in names.biases}
    if architecture == "mpnet":
        changes["relative-bias-off"] = dropped("encoder.relative_attention_bias.weight")
    return changes


def mutate(change, folder, target):
    """Writes a copy of a folder whose weights stand in one file, changed."""
    shutil.copytree(folder, target)
    weights = load_file(target / "model.safetensors")
    config = json.loads((target / "config.json").read_text(encoding="utf-8"))
    before = ({name: tensor.clone() for name, tensor in weights.items()}, json.dumps(config))
    change(weights, config)
    same = all(torch.equal(tensor, weights[name]) for name, tensor in before[0].items())
    if same and json.dumps(config) == before[1]:
        raise ValueError(f"{target}: the mutation changed nothing")
    save_file({name: tensor.contiguous() for name, tensor in weights.items()}, target / "model.safetensors",
              metadata={"format": "pt"})
    (target / "config.json").write_text(json.dumps(config), encoding="utf-8")
