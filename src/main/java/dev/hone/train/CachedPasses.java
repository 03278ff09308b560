package dev.hone.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.loss.BatchLoss;
import dev.hone.torch.Encoder;
import dev.hone.torch.GradientScope;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The three passes of a gradient cache over one batch, each done once, in this order: {@link
 * #embed}, {@link #differentiate}, {@link #backward}.
 */
final class CachedPasses implements AutoCloseable {
  /** The most scores of a part of the loss: 16 MiB of them in fp32. */
  private static final long SCORES = 1 << 22;

  private final Encoder encoder;
  private final TextChunks chunks;
  private final DropoutSeeds seeds;
  private final NDManager scope;
  private final SortedMap<Integer, NDArray> graphs = new TreeMap<>();
  private float[] vectors;
  private float[] gradients;
  private int dimension;

  CachedPasses(Encoder encoder, TextChunks chunks, DropoutSeeds seeds) {
    this.encoder = encoder;
    this.chunks = chunks;
    this.seeds = seeds;
    this.scope = encoder.scope();
  }

  /**
   * Embeds all chunks; of the first ones, as many as memory allows, the graph is kept.
   *
   * @param activationBytes for graphs
   */
  void embed(long activationBytes) {
    long left = activationBytes;
    for (TextChunks.Chunk chunk : chunks.all()) {
      left -= encoder.graphBytes(chunk.batch());
      encoder.seed(seeds.ofChunk(chunk.number()));
      float[] embedded = left >= 0 ? keep(chunk) : encoder.embedDetached(chunk.batch());
      if (vectors == null) {
        dimension = embedded.length / chunk.batch().rows();
        vectors = new float[chunks.texts() * dimension];
      }
      System.arraycopy(embedded, 0, vectors, chunk.firstRow() * dimension, embedded.length);
    }
  }

  private float[] keep(TextChunks.Chunk chunk) {
    NDArray embedded = GradientScope.recorded(() -> encoder.embed(chunk.batch(), scope));
    graphs.put(chunk.number(), embedded);
    return embedded.toFloatArray();
  }

  /** How many chunks' graphs are kept. */
  int kept() {
    return graphs.size();
  }

  /**
   * The loss, and the gradient for each vector. The loss is computed in parts, so that no matrix of
   * all rows' scores exists.
   *
   * @return the loss
   */
  double differentiate(BatchLoss loss) {
    int rows = (int) Math.max(1, Math.min(loss.rows(), SCORES / loss.scores()));
    return differentiate(loss, rows);
  }

  /** The same in parts of so many rows. */
  double differentiate(BatchLoss loss, int rows) {
    try (NDManager leaves = encoder.scope()) {
      NDArray leaf = leaves.create(vectors, new Shape(chunks.texts(), dimension));
      leaf.setRequiresGradient(true);
      double total = 0;
      for (int from = 0; from < loss.rows(); from += rows) {
        int to = Math.min(from + rows, loss.rows());
        try (NDManager part = encoder.scope();
            GradientScope recording = GradientScope.open()) {
          NDArray order = part.create(chunks.rowOf());
          NDArray value = loss.part(leaf.get(part, new NDIndex("{}", order)), from, to);
          recording.backward(value);
          total += value.getFloat();
        }
      }
      gradients = leaf.getGradient().toFloatArray();
      return total;
    }
  }

  /**
   * Passes the vectors' gradients on to the parameters.
   *
   * @throws HoneException with {@link ErrorCode#BUG} where a chunk is not embedded as it was before
   */
  void backward() {
    for (TextChunks.Chunk chunk : chunks.all()) {
      try (NDManager passing = encoder.scope();
          GradientScope recording = GradientScope.open()) {
        NDArray embedded = graphs.remove(chunk.number());
        if (embedded == null) {
          encoder.seed(seeds.ofChunk(chunk.number()));
          embedded = encoder.embed(chunk.batch(), passing);
          requireSame(chunk, embedded.toFloatArray());
        }
        embedded.attach(passing);
        NDArray weights = passing.create(slice(gradients, chunk), embedded.getShape());
        // The derivative of this sum by a vector is the vector's gradient.
        recording.backward(embedded.mul(weights).sum());
      }
    }
  }

  private float[] slice(float[] all, TextChunks.Chunk chunk) {
    int from = chunk.firstRow() * dimension;
    return Arrays.copyOfRange(all, from, from + chunk.batch().rows() * dimension);
  }

  /** On a processor the same numbers of dropout give the same vectors, bit by bit. */
  private void requireSame(TextChunks.Chunk chunk, float[] again) {
    float[] before = slice(vectors, chunk);
    int place = Arrays.mismatch(before, again);
    if (place >= 0) {
      throw new HoneException(
          ErrorCode.BUG,
          "Cannot use the cached gradients of step %d: embedded again, row %d of chunk %d (%d texts of %d tokens) has %s where it had %s, so its gradient would be that of another vector. Set train.loss = mnrl, which embeds each text once."
              .formatted(
                  seeds.step(),
                  place / dimension,
                  chunk.number(),
                  chunk.batch().rows(),
                  chunk.batch().tokens(),
                  again[place],
                  before[place]));
    }
  }

  @Override
  public void close() {
    scope.close();
  }
}
