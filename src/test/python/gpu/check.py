"""Runs the archives that WriteArchives wrote on a GPU, beside sentence-transformers with the same weights.

    python check.py {equal,speed,train} ROOT [--device cuda] [--brief]

ROOT is what make.py made. `equal` compares token states and vectors with those of sentence-transformers, and both with
the same model in 64 bits; `speed` times inference; `train` compares gradients and times training steps. Needs a CUDA
build of PyTorch with sentence-transformers 6; Hone's own libtorch is older, and reads the same archives. Prints tables;
exit code 1, and the reasons on stderr, where something is wrong. `--device cpu --brief` tries the script itself.

Inputs and results stay on the device: what is timed is neither tokenizing nor copying.
"""

import argparse
import gc
import json
import logging
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
import zipfile
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_OFFLINE"] = "1"
warnings.simplefilter("ignore", DeprecationWarning)
warnings.simplefilter("ignore", FutureWarning)

import sentence_transformers
import torch
import torch.nn.functional as F
import transformers
from sentence_transformers import SentenceTransformer
from transformers import AutoConfig, AutoModel

transformers.utils.logging.disable_progress_bar()
transformers.utils.logging.set_verbosity_error()
logging.getLogger("sentence_transformers").setLevel(logging.ERROR)

SMALL = ["bert", "roberta", "mpnet", "distilbert", "modernbert"]
LARGE = ["minilm", "bert-base"]
# What a state or a vector may differ by from 64 bits, unless sentence-transformers itself is further away.
TOLERANCE = 1e-4
GRADIENT_TOLERANCE = 1e-5
# How much further away than sentence-transformers Hone may be.
FACTOR = 3
MASKED_ATTENTION = "torch.scaled_dot_product_attention(q, k, v, bias0, p)"


class Device:
    """The GPU, or the processor to try the script on."""

    def __init__(self, name):
        self.name = name
        self.cuda = name.startswith("cuda")

    def wait(self):
        if self.cuda:
            torch.cuda.synchronize()

    def free(self):
        gc.collect()
        if self.cuda:
            torch.cuda.empty_cache()
            torch.cuda.reset_peak_memory_stats()

    def peak(self):
        """Returns the most memory that tensors took since `free`, in GiB."""
        return torch.cuda.max_memory_allocated() / 2**30 if self.cuda else 0.0


class Models:
    """The models of a root: archives, and what sentence-transformers makes of their folders."""

    def __init__(self, root, device, scratch, brief):
        self.root, self.device, self.scratch, self.brief = root, device, scratch, brief

    def folder(self, name):
        """Returns a model's folder; where it has no weights, one with weights drawn anew."""
        folder = self.root / name / "folder"
        if any(folder.glob("*.safetensors")):
            return folder
        drawn = self.scratch / name
        if not drawn.exists():
            shutil.copytree(folder, drawn)
            torch.manual_seed(0)
            AutoModel.from_config(AutoConfig.from_pretrained(folder), add_pooling_layer=False).save_pretrained(drawn)
        return drawn

    def reference(self, name, dtype=torch.float32):
        model = SentenceTransformer(str(self.folder(name)), device=self.device.name, local_files_only=True,
                                    model_kwargs={"dtype": dtype})
        return model.to(dtype).eval()

    def archive(self, name, label, change=None):
        """Loads an archive; change is (text, other) to put into its source in place of the text."""
        file = self.root / name / f"{label}.pt"
        thin = file.with_suffix(".thin")
        whole = file.exists()
        if not whole or change:
            file = rewritten(file if whole else thin, self.scratch / f"{label}.pt", change)
        module = torch.jit.load(file, map_location=self.device.name)
        if not whole:
            put_weights(module, self.reference(name))
        return module.eval()


def rewritten(source, target, change):
    """Writes an archive anew, its entries stored as they are in one that Hone writes."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            if change and entry.filename.endswith("code/__torch__.py"):
                text, other = (part.encode() for part in change)
                if text not in content:
                    raise ValueError(f"{source} does not contain {change[0]}")
                content = content.replace(text, other)
            new.writestr(entry.filename, content)
    return target


def put_weights(archive, reference):
    """Fills an archive without weights."""
    weights = own_names(reference)
    with torch.no_grad():
        for name, parameter in archive.named_parameters():
            parameter.copy_(weights[name])


def own_names(reference):
    """Returns the parameters of sentence-transformers' model by the names in Hone's archive."""
    parameters = {f"transformer.{name}": value for name, value in reference[0].auto_model.named_parameters()}
    for place, module in enumerate(list(reference)[2:]):
        parameters |= {f"sentence.{place}.{name}": value for name, value in module.named_parameters()}
    return parameters


def without_dropout(model):
    """Sets every dropout of a module, in Python or in TorchScript, to 0."""
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
        for name in ("dropout", "dropout_prob"):
            if isinstance(getattr(module, name, None), float):
                setattr(module, name, 0.0)
    return model


def by_sentence_transformers(model, ids, mask):
    """Returns token states and vectors."""
    features = model.forward({"input_ids": ids, "attention_mask": mask})
    return features["token_embeddings"], features["sentence_embedding"]


def set_tf32(on):
    torch.backends.cuda.matmul.allow_tf32 = on
    torch.backends.cudnn.allow_tf32 = on


def autocast(device, on):
    return torch.autocast("cuda" if device.cuda else "cpu", torch.bfloat16, enabled=on)


def drawn_inputs(vocabulary, lengths, padding, seed):
    """Returns random ids, padded to the longest of the lengths, and their mask."""
    generator = torch.Generator().manual_seed(seed)
    ids = torch.randint(5, vocabulary, (len(lengths), max(lengths)), generator=generator)
    mask = (torch.arange(max(lengths)) < torch.tensor(lengths).unsqueeze(1)).long()
    return torch.where(mask == 1, ids, padding), mask


def inputs(models, name, reference):
    """Returns batches (ids, mask) for a comparison: lengths mixed, the longest as long as the model allows."""
    device = models.device.name
    if name == "minilm":
        texts = json.loads((models.root / name / "texts.json").read_text(encoding="utf-8"))
        batches = []
        for start in range(0, 16 if models.brief else len(texts), 64):
            tokens = reference.tokenizer(
                texts[start:start + 64], padding=True, pad_to_multiple_of=8, truncation=True, max_length=256,
                return_tensors="pt",
            )
            batches.append((tokens["input_ids"], tokens["attention_mask"]))
    else:
        config = reference[0].auto_model.config
        lengths = [[320, 3, 128, 65, 200, 257, 16, 8], [37, 5, 20, 36], [64, 64]]
        batches = [drawn_inputs(config.vocab_size, some, config.pad_token_id, 7) for some in lengths]
    return [(ids.to(device), mask.to(device)) for ids, mask in batches]


class Outcome:
    """What was computed for all texts of a model: states [tokens, hidden], vectors [texts, dimension]."""

    def __init__(self, pieces):
        self.states = torch.cat([states[mask == 1] for states, _, mask in pieces]).double()
        self.vectors = torch.cat([vectors for _, vectors, _ in pieces]).double()

    @staticmethod
    def of(compute, batches):
        with torch.inference_mode():
            return Outcome([(*compute(ids, mask), mask) for ids, mask in batches])

    def difference(self, other):
        """Returns the largest difference of the states, and of the vectors."""
        for mine in (self.states, self.vectors):
            if not bool(mine.isfinite().all()):
                return float("inf"), float("inf")
        return tuple((mine - its).abs().max().item() for mine, its in zip(self.pair(), other.pair()))

    def pair(self):
        return self.states, self.vectors

    def cosine(self, other):
        """Returns the lowest cosine of a text's two vectors, as they are and with their mean taken off."""
        plain = F.cosine_similarity(self.vectors, other.vectors).min().item()
        mean = other.vectors.mean(0)
        return plain, F.cosine_similarity(self.vectors - mean, other.vectors - mean).min().item()


def archive_outcome(archive, batches):
    return Outcome.of(lambda ids, mask: (archive.states(ids, mask), archive(ids, mask)), batches)


def reference_outcome(device, reference, batches, bf16=False):
    def compute(ids, mask):
        with autocast(device, bf16):
            return by_sentence_transformers(reference, ids, mask)
    return Outcome.of(compute, batches)


def line(*cells):
    print(" | ".join(str(cell) for cell in cells), flush=True)


def check_equal(models, failures):
    """Compares states and vectors of all archives."""
    device = models.device
    print("\n== equal: largest differences, states / vectors; 64 = the model in 64 bits, ST = sentence-transformers")
    line("model", "computed in", "Hone-ST", "Hone-64", "ST-64", "lowest cosine Hone,64 (centred)", "ST,64 (centred)")
    for name in SMALL + ["minilm"]:
        guarded(failures, f"equal {name}", lambda: check_equal_model(models, name, failures))
    guarded(failures, "oneDNN", lambda: report_onednn(models))
    if device.cuda:
        guarded(failures, "TF32 by environment", report_environment)


def check_equal_model(models, name, failures):
    device = models.device
    reference = models.reference(name)
    batches = inputs(models, name, reference)
    set_tf32(False)
    exact = reference_outcome(device, models.reference(name, torch.float64), batches)
    for kind, label in (("fp32", "frozen-fp32-plain"), ("tf32", "frozen-fp32-plain"), ("bf16", "frozen-bf16-plain")):
        set_tf32(kind == "tf32")
        hone = archive_outcome(models.archive(name, label), batches)
        known = reference_outcome(device, reference, batches, bf16=kind == "bf16")
        differences = [hone.difference(known), hone.difference(exact), known.difference(exact)]
        cosines = [hone.cosine(exact), known.cosine(exact)]
        line(name, kind, *(f"{states:.2g} / {vectors:.2g}" for states, vectors in differences),
             *(f"{plain:.6f} ({centred:.6f})" for plain, centred in cosines))
        judge(f"{name} in {kind}", kind, differences, cosines, failures)
        if kind == "bf16":
            trained = archive_outcome(models.archive(name, "trained-bf16-plain"), batches)
            line(name, kind, "weights rounded as they are used, not before:",
                 "{:.2g} / {:.2g}".format(*hone.difference(trained)))
    set_tf32(False)
    archive = models.archive(name, "frozen-fp32-plain")
    ids, mask = batches[0]
    alone = Outcome.of(lambda ids, mask: (archive.states(ids, mask), archive(ids, mask)),
                       [(ids[row:row + 1], mask[row:row + 1]) for row in range(len(ids))])
    states, vectors = alone.difference(archive_outcome(archive, batches[:1]))
    line(name, "fp32", f"a text alone against in a batch: {states:.2g} / {vectors:.2g}")


def judge(what, kind, differences, cosines, failures):
    """Notes what is further from 64 bits than it may be."""
    _, hone, known = differences
    if kind == "bf16":
        allowed = FACTOR * (1 - cosines[1][0]) + TOLERANCE
        if not 1 - cosines[0][0] <= allowed:
            failures.append(f"{what}: a vector's cosine is {cosines[0][0]:.6f}, allowed is 1 - {allowed:.2g}")
        return
    for part, mine, its in zip(("states", "vectors"), hone, known):
        allowed = max(TOLERANCE, FACTOR * its)
        if not mine <= allowed:
            failures.append(f"{what}: the {part} differ from 64 bits by {mine:.3g}, allowed are {allowed:.3g}")


def report_onednn(models):
    """Says what becomes of an archive whose products are oneDNN's."""
    device = models.device.name
    ids, mask = (tensor.to(device) for tensor in drawn_inputs(200, [16, 9], 1, 3))
    print("\n== archives with oneDNN's products")
    try:
        archive = models.archive("bert", "frozen-fp32-onednn")
        print("loads")
    except RuntimeError as error:
        print("does not load:", last_line(error))
        return
    for mode in ("eval", "train"):
        getattr(archive, mode)()
        try:
            with torch.inference_mode():
                archive(ids, mask)
            print(f"computes in {mode} mode")
        except (RuntimeError, NotImplementedError) as error:
            print(f"does not compute in {mode} mode:", last_line(error))


def last_line(error):
    lines = [part for part in str(error).splitlines() if part.strip()]
    named = [part for part in lines if "Error" in part or "Could not" in part]
    return (named or lines)[-1][:300]


def report_environment():
    """Says whether a variable of the environment turns TF32 on, since DJL has no call for it."""
    script = """
import torch
a, b = torch.randn(2, 1024, 1024, device="cuda", generator=torch.Generator("cuda").manual_seed(1))
exact = a.double() @ b.double()
print(torch.backends.cuda.matmul.allow_tf32, "%.2g" % (((a @ b) - exact).norm() / exact.norm()).item())
"""
    print("\n== TF32 by the environment: allowed, relative error of a product in fp32")
    for value in ("0", "1"):
        environment = os.environ | {"TORCH_ALLOW_TF32_CUBLAS_OVERRIDE": value}
        done = subprocess.run([sys.executable, "-W", "ignore", "-c", script], env=environment, capture_output=True,
                              text=True, timeout=60)
        print(f"TORCH_ALLOW_TF32_CUBLAS_OVERRIDE={value}:", done.stdout.strip(), done.stderr.strip()[-200:])


def seconds(device, work, least=3, most=10, enough=0.4, warm=3):
    """Returns the median time of some calls after the first few; on a processor, where it means nothing, of one."""
    if not device.cuda:
        least, most, warm = 1, 1, 1
    for _ in range(warm):
        work()
    times = []
    while len(times) < least or (len(times) < most and sum(times) < enough):
        device.wait()
        start = time.perf_counter()
        work()
        device.wait()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def out_of_memory(error):
    """TorchScript wraps the error, so only its text tells."""
    return isinstance(error, torch.OutOfMemoryError) or "out of memory" in str(error)


def measured(device, work, shown):
    """Returns what to print: `shown` of the seconds, or that the memory did not suffice."""
    device.free()
    try:
        return shown(seconds(device, work))
    except RuntimeError as error:
        if not out_of_memory(error):
            raise
    device.free()
    return "memory"


def check_speed(models, failures):
    """Times inference of the two large models."""
    sizes, length = ([2, 4], 16) if models.brief else ([64, 256, 1024, 4096], 256)
    print(f"\n== speed: texts of {length} tokens per second, by the batch's size")
    for name in LARGE:
        guarded(failures, f"speed {name}", lambda: time_model(models, name, sizes, length))
    guarded(failures, "speed of padded batches", lambda: time_padded(models, "minilm", sizes[-2], length))
    guarded(failures, "same vectors in a large batch", lambda: check_large(models, sizes, length, failures))
    guarded(failures, "new lengths", lambda: time_new_lengths(models))


def archive_variants(models, name):
    """Yields (title, TF32, encode) for each way to run Hone's archives."""
    plain = models.archive(name, "frozen-fp32-plain")
    yield "Hone fp32", False, plain
    yield "Hone tf32", True, plain
    rounded = models.archive(name, "frozen-bf16-plain")
    yield "Hone bf16", True, rounded
    yield "Hone bf16, not optimized", True, unoptimized(rounded)
    unmasked = models.archive(name, "frozen-bf16-plain", (MASKED_ATTENTION, MASKED_ATTENTION.replace("bias0", "None")))
    yield "Hone bf16, attention without mask", True, unmasked


def unoptimized(archive):
    """As DJL's property ai.djl.pytorch.graph_optimizer=false does."""
    def encode(ids, mask):
        with torch.jit.optimized_execution(False):
            return archive(ids, mask)
    return encode


def reference_variants(models, name):
    """Yields (title, TF32, encode) for each way to run sentence-transformers."""
    def encode(model, bf16=False):
        def compute(ids, mask):
            with autocast(models.device, bf16):
                return by_sentence_transformers(model, ids, mask)[1]
        return compute
    model = models.reference(name)
    yield "ST fp32", False, encode(model)
    yield "ST tf32", True, encode(model)
    yield "ST bf16 by autocast", True, encode(model, bf16=True)
    yield "ST bf16 weights", True, encode(models.reference(name, torch.bfloat16))


def full_inputs(models, name, rows, length):
    vocabulary = models.reference(name)[0].auto_model.config.vocab_size
    ids, mask = drawn_inputs(vocabulary, [length] * rows, 0, 11)
    return ids.to(models.device.name), mask.to(models.device.name)


def time_model(models, name, sizes, length):
    line(name, *sizes)
    ids, mask = full_inputs(models, name, max(sizes), length)
    for variants in (archive_variants, reference_variants):
        for title, tf32, encode in variants(models, name):
            set_tf32(tf32)
            cells = []
            for size in sizes:
                if name == "bert-base" and not tf32 and size > 1024:
                    cells.append("-")
                    continue
                def work():
                    with torch.inference_mode():
                        encode(ids[:size], mask[:size])
                cells.append(measured(models.device, work, lambda median: f"{size / median:.0f}"))
            line(title, *cells)


def time_padded(models, name, rows, length):
    """Most batches have some padding, and then sentence-transformers passes a mask too."""
    lengths = [length - 1 - row % (length // 8) for row in range(rows - 1)] + [length]
    ids, mask = (tensor.to(models.device.name) for tensor in drawn_inputs(1000, lengths, 0, 13))
    print(f"\n{name}, {rows} texts, padded by up to an eighth, texts per second")
    for variants in (archive_variants, reference_variants):
        for title, tf32, encode in variants(models, name):
            if "without mask" in title:
                continue
            set_tf32(tf32)
            def work():
                with torch.inference_mode():
                    encode(ids, mask)
            line(title, measured(models.device, work, lambda median: f"{rows / median:.0f}"))


def check_large(models, sizes, length, failures):
    """The last texts of a large batch have their own vectors, not those of a counter that overflowed."""
    few, many = sizes[0], sizes[-1]
    for name in LARGE:
        ids, mask = full_inputs(models, name, many, length)
        for label in ("frozen-fp32-plain", "frozen-bf16-plain"):
            set_tf32(True)
            archive = models.archive(name, label)
            models.device.free()
            with torch.inference_mode():
                for _ in range(3):
                    together, apart = archive(ids, mask)[-few:], archive(ids[-few:], mask[-few:])
            cosine = F.cosine_similarity(together.double(), apart.double()).min().item()
            line(name, label, f"lowest cosine of the last {few} of {many} with themselves apart: {cosine:.6f}")
            if not cosine > 0.999:
                failures.append(f"{name} {label}: a text's vector in a batch of {many} is another one, cosine {cosine}")


def time_new_lengths(models):
    """The executor may compile anew for lengths it has not seen."""
    lengths = list(range(8, 33 if models.brief else 257, 8))
    print(f"\n== {len(lengths)} lengths in turn, batches of 64 of minilm in bf16: seconds for all, first pass, second, third")
    set_tf32(True)
    for title, fused, wrap in (("as it is", True, None), ("PYTORCH_TENSOREXPR=0", False, None),
                               ("not optimized", True, unoptimized)):
        torch._C._jit_set_texpr_fuser_enabled(fused)
        archive = models.archive("minilm", "frozen-bf16-plain")
        encode = wrap(archive) if wrap else archive
        line(title, *(f"{time_lengths(models, encode, lengths):.2f}" for _ in range(3)))
    torch._C._jit_set_texpr_fuser_enabled(True)


def time_lengths(models, encode, lengths):
    start = time.perf_counter()
    for length in lengths:
        ids, mask = (tensor.to(models.device.name) for tensor in drawn_inputs(1000, [length] * 64, 0, length))
        with torch.inference_mode():
            encode(ids, mask)
    models.device.wait()
    return time.perf_counter() - start


def contrastive_loss(queries, documents):
    """Each query's own document against all others, scaled cosine."""
    scores = 20 * F.normalize(queries.float(), dim=1) @ F.normalize(documents.float(), dim=1).T
    return F.cross_entropy(scores, torch.arange(len(scores), device=scores.device))


def check_train(models, failures):
    """Compares gradients, then times training steps of the two large models."""
    print("\n== gradients, dropout 0: relative difference of the whole gradient")
    line("model", "computed in", "Hone-ST", "Hone-64", "ST-64", "loss Hone, ST, 64")
    for name in SMALL + ["minilm"]:
        guarded(failures, f"gradient {name}", lambda: check_gradient(models, name, failures))
    sizes, lengths = ([2, 4], (8, 16)) if models.brief else ([64, 256, 1024], (32, 128))
    print(f"\n== training steps, queries of {lengths[0]} and documents of {lengths[1]} tokens: ms per step, peak GiB")
    print("forward, contrastive loss, backward, fused AdamW on fp32 weights; dropout 0.1, attention's 0")
    for name in LARGE:
        guarded(failures, f"training {name}", lambda: time_training(models, name, sizes, lengths))
    cached, chunk = ([4, 8], 2) if models.brief else ([256, 1024, 4096], 256)
    print(f"\n== the same with cached gradients, {chunk} texts at a time: ms per step, peak GiB")
    for name in LARGE:
        guarded(failures, f"cached training {name}", lambda: time_training(models, name, cached, lengths, chunk))
    guarded(failures, "cached gradient", lambda: check_cached(models, failures))
    guarded(failures, "new lengths in training", lambda: time_new_training_lengths(models))


def pairs(models, name, reference):
    """Returns (queries, documents), each (ids, mask), with padding."""
    batches = inputs(models, name, reference)
    if name == "minilm":
        ids, mask = batches[0]
        return (ids[:32, :64], mask[:32, :64]), (ids[32:], mask[32:])
    config = reference[0].auto_model.config
    made = [drawn_inputs(config.vocab_size, lengths, config.pad_token_id, seed)
            for seed, lengths in ((5, [24, 9, 3, 17]), (6, [160, 40, 129, 75]))]
    return tuple(tuple(tensor.to(models.device.name) for tensor in batch) for batch in made)


def gradient(model, encode, queries, documents, parameters):
    """Returns the loss and the gradient by name, after some calls in which an executor may still change its ways."""
    without_dropout(model).train()
    for _ in range(3):
        model.zero_grad(set_to_none=True)
        loss = contrastive_loss(encode(*queries), encode(*documents))
        loss.backward()
    return loss.item(), {name: value.grad.double() for name, value in parameters.items() if value.grad is not None}


def relative(mine, its):
    total = sum(gradient.square().sum() for gradient in its.values())
    return (sum((mine[name] - its[name]).square().sum() for name in its) / total).sqrt().item()


def check_gradient(models, name, failures):
    device = models.device
    for kind, label in (("fp32", "trained-fp32-plain"), ("bf16", "trained-bf16-plain")):
        set_tf32(False)
        reference, exact = models.reference(name), models.reference(name, torch.float64)
        queries, documents = pairs(models, name, reference)
        archive = models.archive(name, label)
        hone = gradient(archive, archive, queries, documents, dict(archive.named_parameters()))

        def encode(ids, mask):
            with autocast(device, kind == "bf16"):
                return by_sentence_transformers(reference, ids, mask)[1]
        known = gradient(reference, encode, queries, documents, own_names(reference))
        truth = gradient_of_64(exact, queries, documents)
        if known[1].keys() != hone[1].keys():
            failures.append(f"{name}: gradients are {sorted(hone[1])}, expected are {sorted(known[1])}")
            return
        found = relative(hone[1], known[1]), relative(hone[1], truth[1]), relative(known[1], truth[1])
        line(name, kind, *(f"{value:.2g}" for value in found),
             ", ".join(f"{loss:.6f}" for loss in (hone[0], known[0], truth[0])))
        allowed = max(GRADIENT_TOLERANCE, FACTOR * found[2])
        if not found[1] <= allowed:
            failures.append(f"{name} in {kind}: the gradient is off by {found[1]:.3g}, allowed are {allowed:.3g}")


def gradient_of_64(exact, queries, documents):
    """The loss is in 64 bits too."""
    without_dropout(exact).train()
    vectors = [F.normalize(by_sentence_transformers(exact, *batch)[1].double(), dim=1) for batch in (queries, documents)]
    scores = 20 * vectors[0] @ vectors[1].T
    loss = F.cross_entropy(scores, torch.arange(len(scores), device=scores.device))
    loss.backward()
    return loss.item(), {name: value.grad for name, value in own_names(exact).items() if value.grad is not None}


def training_variants(models, name):
    """Yields (title, TF32, model, encode) for each way to train."""
    for title, tf32, label in (("Hone fp32", False, "trained-fp32-plain"), ("Hone tf32", True, "trained-fp32-plain"),
                               ("Hone bf16", True, "trained-bf16-plain")):
        archive = models.archive(name, label)
        yield title, tf32, archive, archive
    for title, tf32, bf16 in (("ST fp32", False, False), ("ST tf32", True, False), ("ST bf16 by autocast", True, True)):
        reference = models.reference(name)
        for layer in reference[0].auto_model.modules():
            if hasattr(layer, "attention_head_size") and isinstance(getattr(layer, "dropout", None), torch.nn.Dropout):
                layer.dropout.p = 0.0

        def encode(ids, mask, reference=reference, bf16=bf16):
            with autocast(models.device, bf16):
                return by_sentence_transformers(reference, ids, mask)[1]
        yield title, tf32, reference, encode


def step_of(model, encode, queries, documents, chunk):
    """Returns a function that does one training step, of one graph or in chunks of so many texts."""
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=2e-5, weight_decay=0.01, fused=True)

    def step():
        if chunk:
            cached_backward(encode, queries, documents, chunk)
        else:
            contrastive_loss(encode(*queries), encode(*documents)).backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
    return step


def cached_backward(encode, queries, documents, chunk):
    """Vectors without a graph, their gradients, then each chunk again with its graph (GradCache, arXiv 2101.06983).

    Returns the loss. A chunk draws the same numbers for dropout both times.
    """
    chunks = [(ids[start:start + chunk], mask[start:start + chunk])
              for ids, mask in (queries, documents) for start in range(0, len(ids), chunk)]
    with torch.no_grad():
        vectors = [seeded(encode, place, *texts) for place, texts in enumerate(chunks)]
    leaves = [vector.detach().requires_grad_() for vector in vectors]
    half = len(leaves) // 2
    loss = contrastive_loss(torch.cat(leaves[:half]), torch.cat(leaves[half:]))
    loss.backward()
    for place, texts in enumerate(chunks):
        (seeded(encode, place, *texts) * leaves[place].grad).sum().backward()
    return loss.item()


def seeded(encode, place, ids, mask):
    torch.manual_seed(place)
    return encode(ids, mask)


def check_cached(models, failures):
    """Without dropout the gradient in chunks is that of one graph."""
    set_tf32(False)
    archive = without_dropout(models.archive("minilm", "trained-fp32-plain")).train()
    queries, documents = pairs(models, "minilm", models.reference("minilm"))
    parameters = dict(archive.named_parameters())
    whole = gradient(archive, archive, queries, documents, parameters)
    archive.zero_grad(set_to_none=True)
    loss = cached_backward(archive, queries, documents, 8)
    found = relative({name: parameters[name].grad.double() for name in whole[1]}, whole[1])
    line("minilm", f"in chunks of 8 against one graph: {found:.2g}, loss {loss:.6f}, {whole[0]:.6f}")
    if not found <= GRADIENT_TOLERANCE:
        failures.append(f"the gradient in chunks is off by {found:.3g}, allowed are {GRADIENT_TOLERANCE:.3g}")


def time_training(models, name, sizes, lengths, chunk=0):
    line(name, *sizes)
    for title, tf32, model, encode in training_variants(models, name):
        set_tf32(tf32)
        model.train()
        cells = []
        for size in sizes:
            if not tf32 and size > 256 and not (chunk and name == "minilm"):
                cells.append("-")
                continue
            made = [drawn_inputs(1000, [length] * size, 0, length) for length in lengths]
            queries, documents = (tuple(tensor.to(models.device.name) for tensor in batch) for batch in made)
            step = step_of(model, encode, queries, documents, chunk)
            cells.append(measured(models.device, step, lambda median: f"{1000 * median:.1f}, {models.device.peak():.1f}"))
            model.zero_grad(set_to_none=True)
        line(title, *cells)


def time_new_training_lengths(models):
    lengths = list(range(8, 33 if models.brief else 129, 8))
    print(f"\n{len(lengths)} lengths in turn, 64 pairs of minilm in bf16: seconds for all, first pass, second, third")
    set_tf32(True)
    for title, fused in (("as it is", True), ("PYTORCH_TENSOREXPR=0", False)):
        torch._C._jit_set_texpr_fuser_enabled(fused)
        archive = models.archive("minilm", "trained-bf16-plain").train()
        passes = []
        for _ in range(3):
            start = time.perf_counter()
            for length in lengths:
                batch = tuple(tensor.to(models.device.name) for tensor in drawn_inputs(1000, [length] * 64, 0, length))
                contrastive_loss(archive(*batch), archive(*batch)).backward()
            models.device.wait()
            passes.append(f"{time.perf_counter() - start:.2f}")
        line(title, *passes)
    torch._C._jit_set_texpr_fuser_enabled(True)


def guarded(failures, what, work):
    """Goes on after a failure, so that one run shows all there is; the failure is counted."""
    try:
        work()
    except Exception as error:
        traceback.print_exc()
        failures.append(f"{what}: {type(error).__name__}: {last_line(error)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("section", choices=["equal", "speed", "train"])
    parser.add_argument("root", type=Path)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--brief", action="store_true", help="few and short texts, to try the script on a processor")
    arguments = parser.parse_args()
    device = Device(arguments.device)
    where = torch.cuda.get_device_name() if device.cuda else "processor"
    print(f"{where}, torch {torch.__version__}, transformers {transformers.__version__}, "
          f"sentence-transformers {sentence_transformers.__version__}, fuser {torch._C._jit_texpr_fuser_enabled()}")
    failures = []
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as scratch:
        models = Models(arguments.root, device, Path(scratch), arguments.brief)
        if arguments.section == "equal":
            check_equal(models, failures)
        elif arguments.section == "speed":
            check_speed(models, failures)
        else:
            check_train(models, failures)
    print(f"\n{arguments.section}: {len(failures)} failures, {time.perf_counter() - started:.0f} s", flush=True)
    for failure in failures:
        print(f"check.py: {failure}", file=sys.stderr)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
