package dev.hone.search;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Search among binary vectors in two passes, as sentence-transformers rescores: by the Hamming
 * distance to the query's bits, four times as many as are wanted, and these anew by the inner
 * product of the query in fp32 with the document's +1 and -1, divided by the square root of their
 * number.
 *
 * <p>Of vectors with one id the nearest counts, and among equally near ones the best. It keeps the
 * bits of every document, {@code dimension / 8} bytes each beside its id and some 150 bytes of
 * Java's own.
 */
public final class BinarySearch implements StreamedSearch {
  /** How many times as many documents are rescored as are wanted. */
  public static final int OVERSAMPLING = 4;

  private final DenseSearch nearest;
  private final List<float[]> queries;
  private final int dimension;
  private final Map<String, List<long[]>> bits = new HashMap<>();

  /**
   * A search for all queries at once.
   *
   * @param manager owns the queries' tensors
   * @param queries one of [dimension] each, at least one
   * @param unit {@code PARENT} where several vectors may have one id
   * @param k documents to find per query, before {@link #OVERSAMPLING}
   */
  public BinarySearch(NDManager manager, List<float[]> queries, SearchUnit unit, int k) {
    this.queries = queries;
    this.dimension = queries.get(0).length;
    // Products of +1 and -1 are whole numbers, exact in fp32: the dimension less twice the
    // distance.
    this.nearest =
        new DenseSearch(
            manager,
            queries.stream().map(BinarySearch::signs).toList(),
            unit,
            Math.multiplyExact(OVERSAMPLING, k));
  }

  private static float[] signs(float[] vector) {
    float[] signs = new float[vector.length];
    for (int i = 0; i < signs.length; i++) {
      signs[i] = vector[i] > 0 ? 1 : -1;
    }
    return signs;
  }

  /**
   * {@inheritDoc}
   *
   * @param signs [dimension], each +1 or -1
   */
  @Override
  public void add(String id, float[] signs) {
    nearest.add(id, signs);
    bits.computeIfAbsent(id, one -> new ArrayList<>(1)).add(packed(signs));
  }

  private static long[] packed(float[] vector) {
    long[] words = new long[(vector.length + Long.SIZE - 1) / Long.SIZE];
    for (int i = 0; i < vector.length; i++) {
      if (vector[i] > 0) {
        words[i / Long.SIZE] |= 1L << i;
      }
    }
    return words;
  }

  @Override
  public void finish() {
    nearest.finish();
  }

  /** The nearest documents of one query, {@link #OVERSAMPLING} times k, with their scores. */
  public List<BinaryHit> candidates(int query) {
    float[] vector = queries.get(query);
    long[] own = packed(vector);
    return nearest.best(query).stream()
        .map(
            hit ->
                bits.get(hit.documentId()).stream()
                    .map(words -> hit(hit.documentId(), vector, own, words))
                    .reduce(BinaryHit::orNearer)
                    .orElseThrow())
        .toList();
  }

  private BinaryHit hit(String id, float[] query, long[] own, long[] words) {
    int distance = 0;
    for (int i = 0; i < words.length; i++) {
      distance += Long.bitCount(own[i] ^ words[i]);
    }
    double product = 0;
    for (int i = 0; i < query.length; i++) {
      product += (words[i / Long.SIZE] >>> i & 1) == 0 ? -query[i] : query[i];
    }
    return new BinaryHit(id, distance, product / Math.sqrt(dimension));
  }

  /**
   * The best of what was found in all parts of a corpus.
   *
   * @param candidates of one query, each part's {@link #candidates}
   */
  public static List<BinaryHit> best(List<BinaryHit> candidates, int k) {
    Map<String, BinaryHit> byId = new HashMap<>();
    candidates.forEach(hit -> byId.merge(hit.documentId(), hit, BinaryHit::orNearer));
    return byId.values().stream()
        .sorted(BinaryHit.NEAREST)
        .limit((long) OVERSAMPLING * k)
        .sorted(BinaryHit.BEST)
        .limit(k)
        .toList();
  }
}
