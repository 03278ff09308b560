package dev.hone.bench;

import java.util.List;
import java.util.Locale;

/** What a row is trained with beside its positive. */
enum NegativesArm {
  /** Nothing but the positives of the batch's other rows. */
  PAIRS,
  /** One document by hash. */
  RANDOM,
  /** One as a run mines by default: any of BM25's hundred first that the margin keeps. */
  MINED,
  /** BM25's very first that the margin keeps. */
  FIRST,
  /** BM25's very first that no judgement calls an answer: the margin is off. */
  UNFILTERED;

  /** The configuration keys that make the arm, as {@code --set} takes them. */
  List<String> sets() {
    return switch (this) {
      case PAIRS -> List.of("mine.strategies=[]");
      case RANDOM -> List.of("mine.strategies=[{ kind = random }]");
      case MINED -> List.of("mine.strategies=[{ kind = bm25 }]");
      case FIRST -> List.of("mine.strategies=[{ kind = bm25 }]", "mine.selection=top");
      case UNFILTERED ->
          List.of(
              "mine.strategies=[{ kind = bm25 }]",
              "mine.selection=top",
              "mine.relative-margin=none");
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
