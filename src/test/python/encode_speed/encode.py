"""Encodes the same texts again and again, when asked to, and says how long each time took.

`./submit.sh bench encode` starts one process per engine and lets them work in turn. Each loads its model, encodes some
texts to warm up, prints `ready DESCRIPTION`, and then answers every line `round` on stdin with `seconds NUMBER`. It
ends where stdin does. Threads: those of OMP_NUM_THREADS.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path

WARM_UP_SHARE = 10


def sentence_transformers(arguments, threads):
    import sentence_transformers
    import torch

    torch.set_num_threads(threads)
    options = {} if arguments.precision == "fp32" else {"dtype": torch.bfloat16}
    model = sentence_transformers.SentenceTransformer(arguments.model, device="cpu", model_kwargs=options)
    model.max_seq_length = arguments.max_length
    description = f"sentence-transformers {sentence_transformers.__version__}"
    return description, lambda texts: model.encode(texts, batch_size=arguments.batch_size, show_progress_bar=False)


def quantized(graph, folder):
    from onnxruntime.quantization import QuantType, quantize_dynamic

    path = Path(folder) / "model-int8.onnx"
    quantize_dynamic(graph, path, weight_type=QuantType.QInt8)
    return str(path)


def onnxruntime(arguments, threads):
    import numpy as np
    import onnxruntime
    from tokenizers import Tokenizer

    graph = arguments.graph if arguments.precision == "fp32" else quantized(arguments.graph, arguments.folder)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    inputs = {given.name for given in session.get_inputs()}
    tokenizer = Tokenizer.from_file(str(Path(arguments.model) / "tokenizer.json"))
    tokenizer.enable_truncation(arguments.max_length)
    tokenizer.enable_padding()

    def encode_batch(texts):
        tokens = tokenizer.encode_batch(texts)
        mask = np.array([text.attention_mask for text in tokens], dtype=np.int64)
        fed = {
            "input_ids": np.array([text.ids for text in tokens], dtype=np.int64),
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(mask),
        }
        states = session.run(None, {name: value for name, value in fed.items() if name in inputs})[0]
        weights = mask[:, :, None].astype(np.float32)
        means = (states * weights).sum(axis=1) / weights.sum(axis=1)
        return means / np.linalg.norm(means, axis=1, keepdims=True)

    def encode(texts):
        # As sentence-transformers does: texts of similar length share a batch, results go back to their places.
        order = sorted(range(len(texts)), key=lambda at: -len(texts[at]))
        vectors = [None] * len(texts)
        for start in range(0, len(order), arguments.batch_size):
            places = order[start : start + arguments.batch_size]
            for place, vector in zip(places, encode_batch([texts[at] for at in places])):
                vectors[place] = vector
        return np.stack(vectors)

    return f"ONNX Runtime {onnxruntime.__version__}", encode


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=["sentence-transformers", "onnxruntime"], required=True)
    parser.add_argument("--precision", choices=["fp32", "bf16", "int8"], required=True)
    parser.add_argument("--batch-size", type=int, required=True)
    parser.add_argument("--max-length", type=int, required=True)
    parser.add_argument("--model", required=True, help="the model folder")
    parser.add_argument("--graph", help="the model as .onnx, for onnxruntime")
    parser.add_argument("--folder", help="where a quantized graph may be written")
    parser.add_argument("--texts", required=True, help='lines of {"text": ...}')
    arguments = parser.parse_args()
    threads = int(os.environ["OMP_NUM_THREADS"])
    with open(arguments.texts, encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]

    # Libraries may print; the answers go where stdout was.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    engines = {"sentence-transformers": sentence_transformers, "onnxruntime": onnxruntime}
    description, encode = engines[arguments.engine](arguments, threads)
    encode(texts[:: WARM_UP_SHARE])
    print("ready", description, file=answers, flush=True)
    for line in sys.stdin:
        if line.strip() != "round":
            sys.exit(f"encode.py: cannot answer {line!r}; only round is known")
        start = time.perf_counter()
        vectors = encode(texts)
        seconds = time.perf_counter() - start
        if len(vectors) != len(texts):
            sys.exit(f"encode.py: {len(vectors)} vectors of {len(texts)} texts")
        print("seconds", seconds, file=answers, flush=True)


if __name__ == "__main__":
    main()
