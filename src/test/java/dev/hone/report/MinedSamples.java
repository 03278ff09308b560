package dev.hone.report;

import dev.hone.report.MiningData.Distribution;
import dev.hone.report.MiningData.FilterCount;
import dev.hone.report.MiningData.Kind;
import dev.hone.report.MiningData.MinedQuery;
import dev.hone.report.MiningData.Negative;
import dev.hone.report.MiningData.Panel;
import dev.hone.report.MiningData.Scores;
import dev.hone.report.MiningData.StrategyCount;
import java.util.List;

/** Hard negatives as two strategies give them on two WordNet domains. */
final class MinedSamples {
  private MinedSamples() {}

  static MiningData mined() {
    return new MiningData(
        List.of(
            new StrategyCount("healthcare", 0, "bm25", 40_115, 2_700, 2_700),
            new StrategyCount("healthcare", 0, "dense", 37_188, 1_350, 1_350),
            new StrategyCount("legal", 0, "bm25", 20_000, 900, 900)),
        List.of(
            new FilterCount("healthcare", 0, "bm25", "known-positive", 38_211, 1_904),
            new FilterCount("healthcare", 0, "bm25", "relative-margin", 31_002, 7_209),
            new FilterCount("healthcare", 0, "bm25", "quota", 2_700, 28_302),
            new FilterCount("healthcare", 0, "dense", "known-positive", 37_188, 0),
            new FilterCount("healthcare", 0, "dense", "relative-margin", 22_318, 14_870),
            new FilterCount("healthcare", 0, "dense", "quota", 1_350, 20_968),
            new FilterCount("legal", 0, "bm25", "known-positive", 19_000, 1_000),
            new FilterCount("legal", 0, "bm25", "relative-margin", 9_000, 10_000),
            new FilterCount("legal", 0, "bm25", "quota", 900, 8_100)),
        new Scores(
            0,
            .8,
            List.of(
                new Panel(
                    "healthcare",
                    List.of(
                        distribution(Kind.POSITIVE, "", 0, 100, 600, 300),
                        distribution(Kind.KEPT, "bm25", 500, 400, 0, 0),
                        distribution(Kind.NOT_KEPT, "", 90, 60, 30, 0)))),
            1),
        List.of(
            new MinedQuery(
                "healthcare",
                "lemma:cataract",
                "cataract",
                "an eye disease that involves the clouding or opacification of the natural lens of"
                    + " the eye",
                .612,
                List.of(
                    new Negative(
                        "bm25",
                        "a degenerative disorder of the lens of the eye after injury",
                        3,
                        12.3456,
                        .5231,
                        .71,
                        1),
                    new Negative(
                        "given",
                        "inflammation of the iris",
                        1,
                        Double.NaN,
                        Double.NaN,
                        Double.NaN,
                        0)))));
  }

  /** Counts in four bins from 0 to 0.8, with quantiles from 0.1 to 0.5. */
  static Distribution distribution(Kind kind, String strategy, long... counts) {
    List<Long> boxed = java.util.Arrays.stream(counts).boxed().toList();
    return new Distribution(
        kind,
        strategy,
        boxed.stream().mapToLong(Long::longValue).sum(),
        boxed,
        List.of(.1, .2, .3, .4, .5));
  }

  /** Every text that comes from data or configuration is the one given. */
  static MiningData everywhere(String text) {
    return new MiningData(
        List.of(
            new StrategyCount(text, 0, text, 4, 2, 2),
            new StrategyCount("other", 1, text, 4, 2, 2)),
        List.of(
            new FilterCount(text, 0, text, text, 1, 1),
            new FilterCount("other", 1, text, text, 1, 1)),
        new Scores(
            0, .8, List.of(new Panel(text, List.of(distribution(Kind.KEPT, text, 0, 1, 1, 0)))), 0),
        List.of(
            new MinedQuery(
                text, text, text, text, .6, List.of(new Negative(text, text, 1, 2, .5, .7, 0)))));
  }
}
