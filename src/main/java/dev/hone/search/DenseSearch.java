package dev.hone.search;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Exact dense top-k by inner product: every query against every document, block by block.
 *
 * <p>Memory depends on the block sizes alone. Query blocks have a multiple of 8 rows, so that a
 * score's bits do not depend on how many queries there are.
 */
public final class DenseSearch {
  private static final int QUERY_BLOCK = 256;
  private static final int DOCUMENT_BLOCK = 8192;
  private static final int ROW_STEP = 8;

  private final NDManager manager;
  private final int dimension;

  /**
   * A search over vectors.
   *
   * @param manager owns the blocks while they are compared
   * @param dimension length of every vector
   */
  public DenseSearch(NDManager manager, int dimension) {
    this.manager = manager;
    this.dimension = dimension;
  }

  /**
   * The best documents of each query, in the queries' order.
   *
   * @param queries [queries, dimension], normalised where the score should be the cosine
   * @param ids of the documents, in the vectors' order; of several vectors with one id (the chunks
   *     of a document), the best counts
   * @param documents [documents, dimension]
   * @param k at least 1
   */
  public List<List<Hit>> search(float[][] queries, List<String> ids, float[][] documents, int k) {
    List<List<Hit>> results = new ArrayList<>(queries.length);
    for (int start = 0; start < queries.length; start += QUERY_BLOCK) {
      int end = Math.min(queries.length, start + QUERY_BLOCK);
      List<TopHits> best = new ArrayList<>();
      for (int query = start; query < end; query++) {
        best.add(new TopHits(k));
      }
      for (int from = 0; from < documents.length; from += DOCUMENT_BLOCK) {
        int to = Math.min(documents.length, from + DOCUMENT_BLOCK);
        float[] scores = scores(queries, start, end, documents, from, to);
        collect(best, scores, ids, from, to);
      }
      best.forEach(hits -> results.add(hits.sorted()));
    }
    return results;
  }

  private static void collect(
      List<TopHits> best, float[] scores, List<String> ids, int from, int to) {
    int width = to - from;
    for (int query = 0; query < best.size(); query++) {
      TopHits hits = best.get(query);
      for (int document = 0; document < width; document++) {
        float score = scores[query * width + document];
        if (hits.admits(score)) {
          hits.add(new Hit(ids.get(from + document), score));
        }
      }
    }
  }

  /** [end - start rounded up, to - from] scores, row-major. */
  private float[] scores(
      float[][] queries, int start, int end, float[][] documents, int from, int to) {
    int rows = (end - start + ROW_STEP - 1) / ROW_STEP * ROW_STEP;
    try (NDManager scope = manager.newSubManager()) {
      NDArray left = scope.create(flat(queries, start, end, rows), new Shape(rows, dimension));
      NDArray right =
          scope.create(flat(documents, from, to, to - from), new Shape(to - from, dimension));
      return left.matMul(right.transpose()).toFloatArray();
    }
  }

  private float[] flat(float[][] vectors, int start, int end, int rows) {
    float[] flat = new float[Math.multiplyExact(rows, dimension)];
    for (int row = start; row < end; row++) {
      System.arraycopy(vectors[row], 0, flat, (row - start) * dimension, dimension);
    }
    return flat;
  }
}
