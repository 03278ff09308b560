package dev.hone.search;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The best documents seen for one query, in memory that k bounds: a heap, the worst on top.
 *
 * <p>Documents are numbers, places in a list of ids that all queries share.
 */
final class TopScores {
  private static final int FIRST_ROOM = 128;

  private final List<String> ids;
  private final int most;
  private float[] scores;
  private int[] documents;
  private int size;

  /** Keeps at most k documents, at least 1. */
  TopScores(List<String> ids, int k) {
    if (k < 1) {
      throw new IllegalArgumentException("k must be at least 1: " + k);
    }
    this.ids = ids;
    this.most = k;
    this.scores = new float[Math.min(k, FIRST_ROOM)];
    this.documents = new int[scores.length];
  }

  /** The lowest score that could still enter. */
  float floor() {
    return size < most ? Float.NEGATIVE_INFINITY : scores[0];
  }

  /** Takes a document that is new, if it is among the best. */
  void offer(float score, int document) {
    if (size < most) {
      if (size == scores.length) {
        makeRoom();
      }
      rise(size++, score, document);
    } else if (isWorse(scores[0], documents[0], score, document)) {
      sink(0, score, document);
    }
  }

  /** A corpus may be much smaller than k. */
  private void makeRoom() {
    int room = (int) Math.min(most, 2L * size);
    scores = Arrays.copyOf(scores, room);
    documents = Arrays.copyOf(documents, room);
  }

  /** Takes a document that may be there already: of its scores the best stays. */
  void offerAgain(float score, int document) {
    for (int place = 0; place < size; place++) {
      if (documents[place] == document) {
        if (scores[place] < score) {
          sink(place, score, document);
        }
        return;
      }
    }
    offer(score, document);
  }

  private boolean isWorse(float score, int document, float than, int thanDocument) {
    return score != than
        ? score < than
        : Hit.BY_UTF8.compare(ids.get(document), ids.get(thanDocument)) > 0;
  }

  private void rise(int from, float score, int document) {
    int place = from;
    while (place > 0) {
      int parent = (place - 1) / 2;
      if (!isWorse(score, document, scores[parent], documents[parent])) {
        break;
      }
      move(parent, place);
      place = parent;
    }
    put(place, score, document);
  }

  private void sink(int from, float score, int document) {
    int place = from;
    while (2 * place + 1 < size) {
      int child = 2 * place + 1;
      if (child + 1 < size
          && isWorse(scores[child + 1], documents[child + 1], scores[child], documents[child])) {
        child++;
      }
      if (!isWorse(scores[child], documents[child], score, document)) {
        break;
      }
      move(child, place);
      place = child;
    }
    put(place, score, document);
  }

  private void move(int from, int to) {
    put(to, scores[from], documents[from]);
  }

  private void put(int place, float score, int document) {
    scores[place] = score;
    documents[place] = document;
  }

  /** What was kept, best first. */
  List<Hit> sorted() {
    return IntStream.range(0, size)
        .mapToObj(place -> new Hit(ids.get(documents[place]), scores[place]))
        .sorted(Hit.ORDER)
        .toList();
  }
}
