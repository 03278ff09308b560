package dev.hone.evaluate;

import dev.hone.search.spark.Bm25Search;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What ranks the documents for each query. */
sealed interface Ranker {
  /** What the tables call it. */
  String name();

  /** Digests of what the rankings depend on, by what the evaluate step calls them. */
  Map<String, String> inputs();

  /** The model whose vectors are compared, pair by pair too. */
  default Optional<MeasuredModel> compared() {
    return Optional.empty();
  }

  /** Those of the data sets with rankings that it has rankings for. */
  default List<String> among(List<String> ranked) {
    return ranked;
  }

  /** BM25 over the indexes of all data sets. */
  record ByTerms(Bm25Search search) implements Ranker {
    @Override
    public String name() {
      return "bm25";
    }

    @Override
    public Map<String, String> inputs() {
      return Map.of("bm25", search.digest());
    }
  }

  /** A model, by the vectors that a step published. */
  record ByVectors(MeasuredModel model) implements Ranker {
    @Override
    public String name() {
      return model.name();
    }

    @Override
    public Map<String, String> inputs() {
      return Map.of("vectors", model.vectors().digest());
    }

    @Override
    public Optional<MeasuredModel> compared() {
      return Optional.of(model);
    }
  }

  /**
   * BM25 and a model, fused by their ranks.
   *
   * @param model whose whole vectors are compared in fp32
   */
  record Fused(Bm25Search search, MeasuredModel model) implements Ranker {
    @Override
    public String name() {
      return "hybrid";
    }

    @Override
    public Map<String, String> inputs() {
      return Map.of("bm25", search.digest(), "vectors", model.vectors().digest());
    }
  }

  /** Rankings that another system made. */
  record ByRun(TrecRun run) implements Ranker {
    @Override
    public String name() {
      return run.name();
    }

    @Override
    public Map<String, String> inputs() {
      return Map.of("run", run.digest());
    }

    @Override
    public List<String> among(List<String> ranked) {
      return run.datasets();
    }
  }
}
