"""The models of the architecture check: what each one is made of, as data.

Every architecture that Hone runs stands here at least once, every way of pooling, storing and prompting once. The sizes
are small, so that a model takes milliseconds; the lengths are not, so that MPNet's relative distances saturate and
ModernBERT's window moves past the first tokens.
"""

from dataclasses import dataclass, field
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[4]


@dataclass(frozen=True)
class Recipe:
    """One model: its architecture and everything around it.

    length is the most tokens of a text, special ones included; max_seq_length is a lower limit that the folder sets,
    0 for none. shard is the size from which the weights are split, dense the size of a Dense module, 0 for none. With
    faults, faulty copies can be made of it; its weights stand in one file then. The seed decides the weights: it is one
    with which rounding shows little, and the smallest of the faults, another gelu, much.
    """

    name: str
    architecture: str
    length: int
    layers: int = 3
    hidden: int = 32
    heads: int = 4
    intermediate: int = 48
    config: dict = field(default_factory=dict)
    seed: int = 0
    pooling: str = "mean"
    include_prompt: bool = True
    dense: int = 0
    normalize: bool = True
    max_seq_length: int = 0
    prompts: dict = field(default_factory=dict)
    dtype: str = "float32"
    shard: str = ""
    plain: bool = False
    faults: bool = True

    def prompt(self, role):
        """Returns what a reader must put before the texts of a role; documents' prompts go by several names."""
        names = ["query"] if role == "query" else ["document", "passage", "corpus"]
        return next((self.prompts[name] for name in names if self.prompts.get(name)), "")

    def cut(self):
        """Returns the most tokens that a text keeps."""
        return self.max_seq_length or self.length


BOTH_PROMPTS = {"query": "search for: ", "document": "this is said: "}
# A residual stream without norms carries large numbers, and with most random weights 32 bits are too few to compare by.
# These sizes and seeds are among those that stay clear of it; make.py refuses others.
NARROW = {"hidden": 16, "heads": 2, "intermediate": 24, "layers": 4}
# Nothing of this is the architecture's default.
UNUSUAL = {
    "local_attention": 16, "global_attn_every_n_layers": 2, "global_rope_theta": 20000.0, "local_rope_theta": 500.0,
}

RECIPES = [
    Recipe("bert", "bert", 64, prompts={"query": "find what answers this: "}, shard="20KB", faults=False),
    Recipe("bert-dense", "bert", 64, seed=1, pooling="cls", dense=24, max_seq_length=48),
    Recipe("roberta", "roberta", 64, seed=18, pooling="max", normalize=False, dtype="float16"),
    Recipe("xlm-roberta", "xlm-roberta", 64, seed=1, prompts={"query": "query: ", "passage": "passage: "}),
    Recipe("mpnet", "mpnet", 320, seed=16, prompts=BOTH_PROMPTS, include_prompt=False),
    Recipe("distilbert", "distilbert", 64, seed=9, pooling="cls", normalize=False, dtype="bfloat16", faults=False),
    Recipe("distilbert-plain", "distilbert", 64, seed=4, normalize=False, plain=True),
    Recipe("modernbert", "modernbert", 400, **NARROW, seed=94, prompts=BOTH_PROMPTS, config={"local_attention": 128}),
    Recipe("modernbert-small-window", "modernbert", 96, **NARROW, seed=40, pooling="lasttoken", normalize=False,
           config=UNUSUAL),
]


def texts():
    """Returns {role: texts}: from one word to more than any model takes, in an order that mixes the lengths."""
    words = (REPOSITORY / "LICENSE").read_text(encoding="utf-8").split()
    lengths = [3, 700, 12, 1, 45, 20, 100, 230, 33, 8, 60, 2, 26]
    documents = [" ".join(words[17 * place:17 * place + length]) for place, length in enumerate(lengths)]
    documents += ["Übergrößenträger naïve café", "日本語 text, emoji 🙂 and don't-stop…", "x" * 300]
    queries = ["license", "Does aspirin help against a fever?", "what is a derivative work", documents[4], documents[9]]
    return {"query": queries, "document": documents}
