"""Prints the numbers that Java tests have written down, computed by libraries that nobody here wrote.

    metrics/bin/python write_golden.py ranking significance
    sentence-transformers-6/bin/python write_golden.py optimizer

Every line is: name, tab, value (the shortest decimal that reads back to the same double). Java's tests carry copies.
"""

import sys

QRELS = {
    "q1": {"d1": 3, "d2": 2, "d3": 1, "d4": 0, "d5": 2},
    "q2": {"d1": 1, "d2": 1},
    "q3": {"d9": 0},
    "q4": {"d7": 1},
}
RUN = {
    "q1": {"d2": 0.9, "d4": 0.8, "dX": 0.7, "d1": 0.6, "d3": 0.5},
    "q2": {"dA": 0.9, "dB": 0.5, "d1": 0.5, "dC": 0.5},
    "q3": {"d9": 0.4},
    "q9": {"d1": 0.4},
}
# All tied: the order is by UTF-8 bytes, in which U+1F600 is above U+FF5E; in Java's UTF-16 it is below.
UNICODE_QRELS = {"u": {"\uff5e": 1, "\U0001f600": 2, "\u00e9": 1, "z": 3}}
UNICODE_RUN = {"u": {"\uff5e": 0.5, "\U0001f600": 0.5, "\u00e9": 0.5, "z": 0.5, "a": 0.5}}


def show(name, value):
    print(f"{name}\t{float(value)!r}")


# More judged than relevant, more relevant than judged otherwise, nothing but relevant; below 0 is not judged.
POOLED_QRELS = {
    "many": {"r1": 1, "r2": 2, "n1": 0, "n2": 0, "n3": 0, "u1": -1},
    "few": {"r1": 1, "r2": 1, "r3": 1, "n1": 0, "u1": -2},
    "none": {"r1": 1, "r2": 1},
}
POOLED_RUN = {
    "many": {"n1": 9.0, "u1": 8.0, "r1": 7.0, "x": 6.0, "n2": 5.0, "n3": 4.0, "r2": 3.0},
    "few": {"r2": 9.0, "u1": 8.0, "n1": 7.0, "r1": 6.0},
    "none": {"x": 9.0, "y": 8.0, "r1": 7.0},
}


def seven_queries():
    """By arithmetic: 12 judged documents and 40 retrieved ones a query, with many ties."""
    qrels = {f"q{q}": {f"d{(q * 31 + j * 17) % 101}": (q + j * j) % 4 for j in range(12)} for q in range(7)}
    run = {f"q{q}": {f"d{(q * 13 + j * 7) % 101}": (j * 37 + q) % 23 / 23 for j in range(40)} for q in range(7)}
    return qrels, run


def ranking():
    import check_metrics
    import pytrec_eval

    show_metrics = [
        (QRELS, RUN, (3, 5, 10)),
        (UNICODE_QRELS, UNICODE_RUN, (1, 2, 3)),
        (POOLED_QRELS, POOLED_RUN, (1, 4, 20)),
        (*seven_queries(), (3, 10)),
    ]
    for qrels, run, cutoffs in show_metrics:
        expected = check_metrics.expected_values(qrels, run, set(cutoffs))
        for query in sorted(qrels):
            for metric in check_metrics.METRICS:
                for k in cutoffs if metric in check_metrics.CUT else (None,):
                    show(f"{query} {check_metrics.name(metric, k)}", expected[query, metric, k])
        if len(qrels) > 1:
            for metric in check_metrics.METRICS:
                for k in cutoffs if metric in check_metrics.CUT else (None,):
                    mean = sum(expected[query, metric, k] for query in qrels) / len(qrels)
                    show(f"mean {check_metrics.name(metric, k)}", mean)
    # trec_eval's linear gain over grades 2^g - 1 is the exponential gain.
    exponential = {query: {document: 2**grade - 1 for document, grade in grades.items()} for query, grades in QRELS.items()}
    results = pytrec_eval.RelevanceEvaluator(exponential, {"ndcg_cut.3,5"}).evaluate(RUN)
    for k in (3, 5):
        show(f"q1 ndcg@{k} exponential gain", results["q1"][f"ndcg_cut_{k}"])


def significance():
    import numpy as np
    from scipy import stats

    baseline = [0.3801, 0.6463, 0.25, 0.5250, 1, 0.3333, 0.6, 0.25, 0.75, 0.2857]
    candidate = [0.41, 0.60, 0.35, 0.5250, 0.9, 0.45, 0.62, 0.33, 0.80, 0.2857]
    test = stats.ttest_rel(candidate, baseline)
    show("t statistic of 10 pairs", test.statistic)
    show("t-test p of 10 pairs", test.pvalue)
    show("t-test p of 2 pairs [1, 3] against [0, 1]", stats.ttest_rel([1, 3], [0, 1]).pvalue)
    index = np.arange(200)
    left = ((index * 7919) % 1009) / 1009
    noise = ((index * 104729) % 997 - 498) / 49850
    show("t-test p of 200 pairs, shift 0.002", stats.ttest_rel(left + noise + 0.002, left).pvalue)
    show("t-test p of 200 pairs, shift 0.02", stats.ttest_rel(left + noise + 0.02, left).pvalue)
    # Multiples of 1/16, so that no sum is rounded and equal sums are equal.
    differences = np.array([2, -1, 4, 0, 3, 6, -2, 1, 5, 2]) / 16
    flips = stats.permutation_test((differences,), lambda x, axis: np.mean(x, axis=axis), permutation_type="samples",
                                   n_resamples=np.inf, alternative="two-sided", vectorized=True)
    show("randomization p of 10 differences, full enumeration", flips.pvalue)
    scores = [0.1, 0.4, 0.4, 0.9, -0.2, 0.4, 0.75, 0.1]
    grades = [1, 2, 3, 5, 0, 3, 3, 2.5]
    show("pearson", stats.pearsonr(scores, grades).statistic)
    show("spearman with ties", stats.spearmanr(scores, grades).statistic)


def optimizer():
    import torch
    from transformers import get_cosine_schedule_with_warmup, get_linear_schedule_with_warmup

    # Three updates at a constant rate, weight decay on `weight` alone; then ten with schedule and clipping.
    for total, warmup, clip in ((3, None, None), (10, 3, 1.0)):
        weight = torch.nn.Parameter(torch.tensor([1.0, -2.0, 0.5, 3.0]))
        bias = torch.nn.Parameter(torch.tensor([0.25, -0.75]))
        groups = [{"params": [weight], "weight_decay": 0.01}, {"params": [bias], "weight_decay": 0.0}]
        adamw = torch.optim.AdamW(groups, lr=0.1, betas=(0.9, 0.999), eps=1e-8)
        schedule = None if warmup is None else get_linear_schedule_with_warmup(adamw, warmup, total)
        name = "adamw" if clip is None else "adamw clipped"
        for step in range(total):
            # Gradients by arithmetic, so that Java can make the same: exact in fp32.
            weight.grad = torch.tensor([(step + 1) * 0.5, -0.25, (step - 1) * 1.0, 2.0])
            bias.grad = torch.tensor([0.125 * (step + 1), -1.0])
            if clip is not None:
                show(f"{name} norm of step {step}", torch.nn.utils.clip_grad_norm_([weight, bias], clip))
                show(f"{name} rate of step {step}", adamw.param_groups[0]["lr"])
            adamw.step()
            if schedule is not None:
                schedule.step()
            for label, parameter in (("weight", weight), ("bias", bias)):
                for place, value in enumerate(parameter.tolist()):
                    show(f"{name} {label}[{place}] after step {step}", value)
    for kind, build in (("linear", get_linear_schedule_with_warmup), ("cosine", get_cosine_schedule_with_warmup)):
        for warmup in (0, 1, 3):
            adamw = torch.optim.AdamW([torch.nn.Parameter(torch.zeros(1))], lr=2e-5)
            schedule = build(adamw, warmup, 10)
            for step in range(10):
                show(f"{kind} rate, 10 updates, {warmup} of warm-up, update {step}", adamw.param_groups[0]["lr"])
                adamw.step()
                schedule.step()


SECTIONS = {"ranking": ranking, "significance": significance, "optimizer": optimizer}


def main():
    names = sys.argv[1:]
    if not names or any(name not in SECTIONS for name in names):
        sys.exit(f"usage: write_golden.py SECTION..., of {', '.join(SECTIONS)}")
    for name in names:
        SECTIONS[name]()


if __name__ == "__main__":
    main()
