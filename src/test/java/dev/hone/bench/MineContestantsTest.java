package dev.hone.bench;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import dev.hone.search.Bm25Index;
import dev.hone.search.Bm25Shards;
import dev.hone.search.DenseSearch;
import dev.hone.search.Hit;
import dev.hone.search.QueryTerm;
import dev.hone.search.SearchUnit;
import dev.hone.search.TermCounter;
import dev.hone.search.TextDocument;
import dev.hone.torch.TorchRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Hone is measured beside finds what Hone finds. */
class MineContestantsTest {
  private static final int DOCUMENTS = 3_000;
  private static final int QUERIES = 50;

  @TempDir private Path folder;

  private MineTask task(MinePart part) {
    return new MineTask(folder, DOCUMENTS, QUERIES, 7, 1024, EnumSet.of(part));
  }

  /** What a contestant leaves of the queries that are checked. */
  private SearchResults check(Class<?> worker, MineTask task, MinePart part, String who)
      throws IOException {
    try (Contestant contestant =
        new Contestant(
            who,
            Commands.java(worker, task.arguments().toArray(String[]::new)),
            Map.of(),
            folder.resolve("log"))) {
      contestant.ask(part.check());
      contestant.seconds();
      contestant.ask(part.toString());
      assertThat(contestant.seconds()).isPositive();
    }
    return SearchResults.read(task.results(part, who));
  }

  @Test
  void aTaskTravelsAsArguments() {
    MineTask task = new MineTask(folder, 3, 2, 1, 1024, EnumSet.of(MinePart.DENSE, MinePart.INDEX));
    assertThat(MineTask.of(task.arguments().toArray(String[]::new))).isEqualTo(task);
  }

  @Test
  void libtorchsBlocksFindWhatDenseSearchFinds() throws IOException {
    MineTask task = task(MinePart.DENSE);
    task.documentFile().write(task.documentVectors(), DOCUMENTS);
    task.queryFile().write(task.queryVectors(), QUERIES);
    SearchResults expected = new SearchResults();
    TorchRuntime.start(1);
    try (NDManager scope = TorchRuntime.scope()) {
      DenseSearch search =
          new DenseSearch(
              scope, task.queryFile().read(0, task.checked()), SearchUnit.CHUNK, MineTask.K);
      for (int i = 0; i < DOCUMENTS; i++) {
        search.add(MineTask.documentId(i), task.documentVectors().vector(i));
      }
      search.finish();
      for (int query = 0; query < task.checked(); query++) {
        String id = MineTask.queryId(query);
        search.best(query).forEach(hit -> expected.add(id, hit));
      }
    }
    SearchResults found = check(TorchWorker.class, task, MinePart.DENSE, "libtorch");
    assertThat(found.ofQuery()).hasSize(QUERIES / 10);
    assertThat(expected.difference(found, 1e-5f)).isEmpty();
  }

  @Test
  void plainLuceneFindsTheSameDocumentsAndScores() throws IOException {
    MineTask task = task(MinePart.BM25);
    new MadeCorpus(Glosses.ofNouns(), 7).writeTexts(folder, DOCUMENTS, QUERIES);
    List<TextDocument> documents = MadeTexts.documents(task.documentTexts());
    assertThat(documents).hasSize(DOCUMENTS);
    Path index = Files.createDirectories(folder.resolve("index"));
    Bm25Index.build(index, MineTask.BM25, documents.iterator());
    SearchResults expected = new SearchResults();
    Bm25Index opened = Bm25Index.open(index, MineTask.BM25);
    try (Bm25Shards shards = new Bm25Shards(List.of(opened), opened.statistics());
        TermCounter counter = new TermCounter(MineTask.BM25.analysis())) {
      List<String> queries = MadeTexts.queries(task.queryTexts()).subList(0, task.checked());
      IntStream.range(0, queries.size())
          .forEach(
              query -> {
                List<QueryTerm> terms = new ArrayList<>();
                counter
                    .terms(queries.get(query))
                    .forEach((term, count) -> terms.add(new QueryTerm(term, count, List.of())));
                shards
                    .search(terms, SearchUnit.CHUNK, MineTask.K)
                    .forEach(hit -> expected.add(MineTask.queryId(query), hit));
              });
    }
    SearchResults found = check(LuceneWorker.class, task, MinePart.BM25, "lucene");
    assertThat(found.ofQuery()).hasSize(QUERIES / 10);
    assertThat(expected.difference(found, 0)).isEmpty();
  }

  @Test
  void madeVectorsHaveLengthOneAndDependOnTheirNumberAndTheSeed() throws IOException {
    MadeVectors vectors = new MadeVectors(5, 24);
    VectorFile file = new VectorFile(folder.resolve("v"), 24);
    file.write(vectors, 9);
    assertThat(file.read(3, 6).get(1)).containsExactly(vectors.vector(4));
    assertThat(vectors.vector(4)).isNotEqualTo(vectors.vector(5));
    assertThat(vectors.vector(4)).isNotEqualTo(new MadeVectors(6, 24).vector(4));
    double squares = 0;
    for (float value : vectors.vector(4)) {
      squares += value * value;
    }
    assertThat(squares).isBetween(.9999, 1.0001);
  }

  @Test
  void resultsDifferByAnyBitUnlessScoresMayLieApart() {
    SearchResults results = results(new Hit("a", .5f), new Hit("b", .4f), new Hit("c", .3f));
    SearchResults near = results(new Hit("a", .50001f), new Hit("b", .4f), new Hit("d", .3f));
    SearchResults far = results(new Hit("a", .5f), new Hit("x", .4f), new Hit("c", .3f));
    assertThat(results.difference(results, 0)).isEmpty();
    assertThat(results.difference(near, 0)).isPresent();
    assertThat(results.difference(near, 1e-4f)).isEmpty(); // at the last rank, c and d tie
    assertThat(results.difference(far, 1e-4f).orElseThrow()).contains("documentId=x");
    assertThat(results.difference(new SearchResults(), 1)).isPresent();
  }

  private static SearchResults results(Hit... hits) {
    SearchResults results = new SearchResults();
    for (Hit hit : hits) {
      results.add("q", hit);
    }
    return results;
  }
}
