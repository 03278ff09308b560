package dev.hone.search;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/** Keeps the best hits seen, in the order of {@link Hit#ORDER}, in memory that k bounds. */
final class TopHits {
  private final int limit;
  private final PriorityQueue<Hit> worstFirst = new PriorityQueue<>(Hit.ORDER.reversed());

  /** Keeps at most {@code limit} hits, at least 1. */
  TopHits(int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit must be at least 1: " + limit);
    }
    this.limit = limit;
  }

  /** Whether a hit with this score could still enter. */
  boolean admits(float score) {
    return worstFirst.size() < limit || score >= worstFirst.element().score();
  }

  void add(Hit hit) {
    if (worstFirst.size() < limit) {
      worstFirst.add(hit);
    } else if (Hit.ORDER.compare(hit, worstFirst.element()) < 0) {
      worstFirst.remove();
      worstFirst.add(hit);
    }
  }

  /** The hits kept, best first. */
  List<Hit> sorted() {
    List<Hit> hits = new ArrayList<>(worstFirst);
    hits.sort(Hit.ORDER);
    return hits;
  }
}
