package dev.hone.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.hone.search.Hit;
import dev.hone.torch.TorchRuntime;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A contestant: exact dense search as a plain loop of libtorch's own operations over blocks, with
 * the vectors in memory. It takes the fastest of several sizes of blocks.
 */
public final class TorchWorker {
  private static final int[] QUERY_BLOCKS = {256, 1024};
  private static final int[] DOCUMENT_BLOCKS = {4096, 16_384, 65_536};
  private static final int TRIED_QUERIES = 1024;
  private static final int TRIED_DOCUMENTS = 65_536;

  private final MineTask task;

  /** The best documents of a block of queries, [queries, k] each. */
  private record Best(NDArray scores, NDArray documents) {}

  private record Blocks(int queries, int documents) {
    @Override
    public String toString() {
      return "blocks of %,d x %,d".formatted(queries, documents);
    }
  }

  private TorchWorker(MineTask task) {
    this.task = task;
  }

  /** Arguments: the task. */
  public static void main(String[] arguments) throws IOException {
    MineTask task = MineTask.of(arguments);
    TorchRuntime.start(MineTask.THREADS);
    new TorchWorker(task).answer();
  }

  private void answer() throws IOException {
    Blocks blocks = fastest();
    Answers.give(
        blocks.toString(),
        Map.of(
            MinePart.DENSE.toString(),
            () -> timed(blocks, task.queries(), task.documents()),
            MinePart.DENSE.check(),
            () -> {
              results(blocks).write(task.results(MinePart.DENSE, "libtorch"));
              return 0;
            }));
  }

  private Blocks fastest() throws IOException {
    Blocks best = null;
    long shortest = Long.MAX_VALUE;
    int queries = Math.min(task.queries(), TRIED_QUERIES);
    int documents = Math.min(task.documents(), TRIED_DOCUMENTS);
    for (int queryBlock : QUERY_BLOCKS) {
      for (int documentBlock : DOCUMENT_BLOCKS) {
        Blocks blocks = new Blocks(queryBlock, documentBlock);
        timed(blocks, queries, documents); // warm up
        long time = timed(blocks, queries, documents);
        if (time < shortest) {
          best = blocks;
          shortest = time;
        }
      }
    }
    return best;
  }

  private long timed(Blocks blocks, int queries, int documents) throws IOException {
    try (NDManager scope = TorchRuntime.scope()) {
      List<NDArray> queryBlocks = blocks(scope, task.queryFile(), queries, blocks.queries());
      List<NDArray> documentBlocks =
          blocks(scope, task.documentFile(), documents, blocks.documents());
      long start = System.nanoTime();
      search(queryBlocks, documentBlocks);
      return System.nanoTime() - start;
    }
  }

  private static List<NDArray> blocks(NDManager scope, VectorFile vectors, int count, int size)
      throws IOException {
    List<NDArray> blocks = new ArrayList<>();
    for (int first = 0; first < count; first += size) {
      int rows = Math.min(size, count - first);
      blocks.add(
          scope.create(
              vectors.map(first, rows), new Shape(rows, MineTask.DIMENSION), DataType.FLOAT32));
    }
    return blocks;
  }

  private static List<Best> search(List<NDArray> queries, List<NDArray> documents) {
    List<Best> found = new ArrayList<>();
    for (NDArray block : queries) {
      found.add(search(block, documents));
    }
    return found;
  }

  private static Best search(NDArray queries, List<NDArray> documents) {
    Best best = null;
    long first = 0;
    for (NDArray block : documents) {
      try (NDManager scope = queries.getManager().newSubManager()) {
        NDArray columns = block.transpose();
        columns.attach(scope);
        NDArray scores = queries.matMul(columns);
        scores.attach(scope);
        best = merged(scope, queries.getManager(), best, scores, first);
      }
      first += block.getShape().get(0);
    }
    return best;
  }

  private static Best merged(
      NDManager scope, NDManager owner, Best best, NDArray scores, long first) {
    int k = (int) Math.min(MineTask.K, scores.getShape().get(1));
    NDList top = scores.topK(k, 1, true, true);
    NDArray values = top.get(0);
    NDArray documents = top.get(1).add(first);
    if (best != null) {
      best.scores().attach(scope);
      best.documents().attach(scope);
      NDArray allValues = best.scores().concat(values, 1);
      NDArray allDocuments = best.documents().concat(documents, 1);
      NDList both =
          allValues.topK((int) Math.min(MineTask.K, allValues.getShape().get(1)), 1, true, true);
      values = both.get(0);
      documents = allDocuments.gather(both.get(1), 1);
    }
    values.attach(owner);
    documents.attach(owner);
    return new Best(values, documents);
  }

  private SearchResults results(Blocks blocks) throws IOException {
    SearchResults results = new SearchResults();
    int queries = task.checked();
    try (NDManager scope = TorchRuntime.scope()) {
      List<Best> found =
          search(
              blocks(scope, task.queryFile(), queries, blocks.queries()),
              blocks(scope, task.documentFile(), task.documents(), blocks.documents()));
      for (int query = 0; query < queries; query++) {
        add(results, query, found.get(query / blocks.queries()), query % blocks.queries());
      }
    }
    return results;
  }

  private static void add(SearchResults results, int query, Best best, int row) {
    float[] scores = best.scores().get(row).toFloatArray();
    long[] documents = best.documents().get(row).toLongArray();
    for (int rank = 0; rank < scores.length; rank++) {
      results.add(
          MineTask.queryId(query), new Hit(MineTask.documentId(documents[rank]), scores[rank]));
    }
  }
}
