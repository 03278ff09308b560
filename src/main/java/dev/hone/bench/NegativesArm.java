package dev.hone.bench;

import java.util.List;
import java.util.Locale;

/** What a row is trained with beside its positive. */
enum NegativesArm {
  /** Nothing but the positives of the batch's other rows. */
  PAIRS,
  /** One document by hash. */
  RANDOM,
  /** One as a run mines by default: BM25's first that the margin keeps. */
  MINED,
  /** BM25's first that the base finds no more similar than the positive: a margin of 0. */
  LOOSE,
  /** BM25's first that no judgement calls an answer: the margin is off. */
  UNFILTERED;

  /** The configuration keys that make the arm, as {@code --set} takes them. */
  List<String> sets() {
    return switch (this) {
      case PAIRS -> List.of("mine.strategies=[]");
      case RANDOM -> List.of("mine.strategies=[{ kind = random }]");
      case MINED -> List.of("mine.strategies=[{ kind = bm25 }]");
      case LOOSE -> List.of("mine.strategies=[{ kind = bm25 }]", "mine.relative-margin=0");
      case UNFILTERED -> List.of("mine.strategies=[{ kind = bm25 }]", "mine.relative-margin=none");
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
