package dev.hone.evaluate;

import dev.hone.search.spark.Bm25Search;
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
}
