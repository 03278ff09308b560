package dev.hone.bench;

import ai.djl.ndarray.NDManager;
import dev.hone.search.Bm25Index;
import dev.hone.search.Bm25Shards;
import dev.hone.search.DenseSearch;
import dev.hone.search.FieldStatistics;
import dev.hone.search.QueryTerm;
import dev.hone.search.SearchUnit;
import dev.hone.search.TermCounter;
import dev.hone.torch.TorchRuntime;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A contestant: Hone's search in a process of its own, with one thread and without Spark. It does
 * one of two shares: half of the documents for dense search, half of the queries for BM25.
 */
public final class SearchWorker {
  private static final int ROWS = 16_384;

  private final MineTask task;
  private final int share;

  private SearchWorker(MineTask task, int share) {
    this.task = task;
    this.share = share;
  }

  /** Arguments: the share, 0 or 1, and the task. */
  public static void main(String[] arguments) throws IOException {
    List<String> all = List.of(arguments);
    MineTask task = MineTask.of(all.subList(1, all.size()).toArray(String[]::new));
    new SearchWorker(task, Integer.parseInt(all.get(0))).answer();
  }

  private void answer() throws IOException {
    Map<String, Answers.Work> works = new HashMap<>();
    if (task.has(MinePart.DENSE)) {
      TorchRuntime.start(1);
      works.put(MinePart.DENSE.toString(), () -> dense(task.queries()));
      works.put(MinePart.DENSE.check(), () -> dense(task.checked()));
    }
    if (task.has(MinePart.BM25)) {
      addBm25(works);
    }
    Answers.give("Hone", works);
  }

  private void addBm25(Map<String, Answers.Work> works) throws IOException {
    List<String> queries = BenchTexts.share(MadeTexts.queries(task.queryTexts()), share, 2);
    List<Bm25Index> indexes = new ArrayList<>();
    for (String folder : Files.readAllLines(task.shards())) {
      indexes.add(Bm25Index.open(Path.of(folder), MineTask.BM25));
    }
    FieldStatistics collection =
        indexes.stream()
            .map(index -> index.statistics().get(0))
            .reduce(FieldStatistics.NONE, FieldStatistics::plus);
    Bm25Shards shards = new Bm25Shards(indexes, List.of(collection)); // as long as the process
    Answers.Work work = Answers.whole(() -> bm25(shards, queries));
    works.put(MinePart.BM25.toString(), work);
    works.put(MinePart.BM25.check(), work);
  }

  private long dense(int count) throws IOException {
    List<float[]> queries = task.queryFile().read(0, count);
    int half = task.documents() / 2;
    int end = share == 0 ? half : task.documents();
    long start = System.nanoTime();
    try (NDManager scope = TorchRuntime.scope()) {
      DenseSearch search = new DenseSearch(scope, queries, SearchUnit.CHUNK, MineTask.K);
      float[] vector = new float[MineTask.DIMENSION];
      for (int first = share * half; first < end; first += ROWS) {
        int rows = Math.min(ROWS, end - first);
        FloatBuffer values = task.documentFile().map(first, rows).asFloatBuffer();
        for (int row = 0; row < rows; row++) {
          values.get(vector);
          search.add(MineTask.documentId(first + row), vector);
        }
      }
      search.finish();
      for (int query = 0; query < count; query++) {
        search.best(query);
      }
    }
    return System.nanoTime() - start;
  }

  private static void bm25(Bm25Shards shards, List<String> queries) {
    try (TermCounter counter = new TermCounter(MineTask.BM25.analysis())) {
      for (String query : queries) {
        List<QueryTerm> terms = new ArrayList<>();
        counter
            .terms(query)
            .forEach((term, count) -> terms.add(new QueryTerm(term, count, List.of())));
        shards.search(terms, SearchUnit.CHUNK, MineTask.K);
      }
    }
  }
}
