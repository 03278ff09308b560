package dev.hone.search;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.hone.torch.TorchRuntime;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Exact dense top-k by inner product: every query against a stream of documents, block by block.
 *
 * <p>Memory depends on the queries, k and the block sizes alone, but for the documents' ids. Blocks
 * are filled up to sizes whose scores have the same bits wherever a pair of vectors stands in them.
 */
public final class DenseSearch implements StreamedSearch {
  /** The scores of a pair of blocks, 2 MiB, are looked through while they are in the caches. */
  private static final int QUERY_BLOCK = 256;

  private static final int DOCUMENT_BLOCK = 2048;

  /** Rows of a block are a multiple of this, so that every row takes the same kernels. */
  private static final int ROW_STEP = 64;

  private final NDManager manager;
  private final int dimension;
  private final int queries;
  private final SearchUnit unit;
  private final List<NDArray> queryBlocks = new ArrayList<>();
  private final List<String> ids = new ArrayList<>();
  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<TopScores> best = new ArrayList<>();
  private final ByteBuffer block;
  private final FloatBuffer blockValues;
  private final int[] blockNumbers = new int[DOCUMENT_BLOCK];
  private int filled;

  /**
   * A search for all queries at once.
   *
   * @param manager owns the queries' tensors
   * @param queries one of [dimension] each, at least one; of unit length where the score should be
   *     the cosine
   * @param unit {@code PARENT} where several vectors may have one id: the best counts
   * @param k at least 1
   */
  public DenseSearch(NDManager manager, List<float[]> queries, SearchUnit unit, int k) {
    this.manager = manager;
    this.queries = queries.size();
    this.dimension = queries.get(0).length;
    this.unit = unit;
    for (int start = 0; start < queries.size(); start += QUERY_BLOCK) {
      queryBlocks.add(tensor(queries, start, Math.min(queries.size(), start + QUERY_BLOCK)));
    }
    for (int i = 0; i < queries.size(); i++) {
      best.add(new TopScores(ids, k));
    }
    this.block = direct(DOCUMENT_BLOCK);
    this.blockValues = block.asFloatBuffer();
  }

  private ByteBuffer direct(int rows) {
    int bytes = Math.multiplyExact(Math.multiplyExact(rows, dimension), Float.BYTES);
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }

  private NDArray tensor(List<float[]> vectors, int start, int end) {
    int rows = roundedUp(end - start);
    ByteBuffer values = direct(rows);
    FloatBuffer floats = values.asFloatBuffer();
    for (int row = start; row < end; row++) {
      floats.put(vectors.get(row));
    }
    return manager.create(values, new Shape(rows, dimension), DataType.FLOAT32);
  }

  private static int roundedUp(int rows) {
    return (rows + ROW_STEP - 1) / ROW_STEP * ROW_STEP;
  }

  @Override
  public void add(String id, float[] vector) {
    if (vector.length != dimension) {
      throw new IllegalArgumentException(
          "the vector of %s has %d dimensions, those of the queries have %d"
              .formatted(id, vector.length, dimension));
    }
    blockNumbers[filled] = number(id);
    blockValues.put(filled * dimension, vector);
    if (++filled == DOCUMENT_BLOCK) {
      compare();
    }
  }

  private int number(String id) {
    if (unit == SearchUnit.CHUNK) {
      ids.add(id);
      return ids.size() - 1;
    }
    Integer known = numbers.putIfAbsent(id, ids.size());
    if (known != null) {
      return known;
    }
    ids.add(id);
    return ids.size() - 1;
  }

  private void compare() {
    int rows = roundedUp(filled);
    for (int i = filled * dimension; i < rows * dimension; i++) {
      blockValues.put(i, 0);
    }
    float[] row = new float[filled];
    try (NDManager scope = manager.newSubManager()) {
      ByteBuffer values = block.duplicate().order(ByteOrder.nativeOrder());
      values.limit(rows * dimension * Float.BYTES);
      NDArray documents =
          scope.create(values, new Shape(rows, dimension), DataType.FLOAT32).transpose();
      for (int index = 0; index < queryBlocks.size(); index++) {
        NDArray queryBlock = queryBlocks.get(index);
        try (NDArray scores = TorchRuntime.inTurn(() -> queryBlock.matMul(documents))) {
          FloatBuffer floats =
              scores.toByteBuffer(true).order(ByteOrder.nativeOrder()).asFloatBuffer();
          int first = index * QUERY_BLOCK;
          for (int i = first; i < Math.min(queries, first + QUERY_BLOCK); i++) {
            floats.get((i - first) * rows, row);
            collect(best.get(i), row);
          }
        }
      }
    }
    filled = 0;
  }

  private void collect(TopScores top, float[] scores) {
    float floor = top.floor();
    for (int i = 0; i < scores.length; i++) {
      if (scores[i] >= floor) {
        float score = scores[i] + 0.0f; // no negative zero, which sorts below zero
        if (unit == SearchUnit.CHUNK) {
          top.offer(score, blockNumbers[i]);
        } else {
          top.offerAgain(score, blockNumbers[i]);
        }
        floor = top.floor();
      }
    }
  }

  @Override
  public void finish() {
    if (filled > 0) {
      compare();
    }
  }

  /** The best documents of one query, ties by id ascending. */
  public List<Hit> best(int query) {
    return best.get(query).sorted();
  }
}
