package dev.hone.search;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/** Keeps the best hits seen, in the order of {@link Hit#ORDER}, in memory that k bounds. */
final class TopHits {
  private final int limit;
  private final PriorityQueue<Hit> worstFirst = new PriorityQueue<>(Hit.ORDER.reversed());
  private final Map<String, Hit> byId = new HashMap<>();

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

  /** Takes a hit; of several with one id, the best stays. */
  void add(Hit hit) {
    Hit known = byId.get(hit.documentId());
    if (known != null) {
      if (Hit.ORDER.compare(hit, known) < 0) {
        worstFirst.remove(known);
        put(hit);
      }
    } else if (worstFirst.size() < limit) {
      put(hit);
    } else if (Hit.ORDER.compare(hit, worstFirst.element()) < 0) {
      byId.remove(worstFirst.remove().documentId());
      put(hit);
    }
  }

  private void put(Hit hit) {
    worstFirst.add(hit);
    byId.put(hit.documentId(), hit);
  }

  /** The hits kept, best first. */
  List<Hit> sorted() {
    List<Hit> hits = new ArrayList<>(worstFirst);
    hits.sort(Hit.ORDER);
    return hits;
  }
}
