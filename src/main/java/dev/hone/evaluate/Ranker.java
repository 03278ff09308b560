package dev.hone.evaluate;

import dev.hone.search.spark.Bm25Search;
import dev.hone.store.Commit;
import java.util.Optional;

/** What ranks the documents for each query. */
sealed interface Ranker {
  /** The digest that the rankings depend on, and the name of that input. */
  String digest();

  String input();

  /** The vectors that it compares, where it is a model. */
  Optional<Commit> vectors();

  /** BM25 over the indexes of all data sets. */
  record ByTerms(Bm25Search search) implements Ranker {
    @Override
    public String digest() {
      return search.digest();
    }

    @Override
    public String input() {
      return "bm25";
    }

    @Override
    public Optional<Commit> vectors() {
      return Optional.empty();
    }
  }

  /** A model, by the vectors that a step published. */
  record ByVectors(Commit commit) implements Ranker {
    @Override
    public String digest() {
      return commit.digest();
    }

    @Override
    public String input() {
      return "vectors";
    }

    @Override
    public Optional<Commit> vectors() {
      return Optional.of(commit);
    }
  }
}
