package dev.hone.metric;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * A run for one query in trec_eval's order: score descending, ties by document id descending by
 * UTF-8 bytes. The order in which the documents came does not count. Search breaks ties the other
 * way, by ascending id, as Anserini does.
 */
public final class Ranking {
  private final String queryId;
  private final List<ScoredDocument> documents;

  private Ranking(String queryId, List<ScoredDocument> documents) {
    this.queryId = queryId;
    this.documents = documents;
  }

  /**
   * Orders the documents that a system returned for a query.
   *
   * @throws HoneException ({@code INPUT}) if a document stands in the run twice
   */
  public static Ranking of(String queryId, Collection<ScoredDocument> documents) {
    Objects.requireNonNull(queryId, "queryId");
    ScoredDocument[] ordered = documents.toArray(ScoredDocument[]::new);
    checkOnce(queryId, ordered);
    Arrays.sort(ordered, Ranking::compareByTrecEval);
    return new Ranking(queryId, List.of(ordered));
  }

  private static int compareByTrecEval(ScoredDocument left, ScoredDocument right) {
    int byScore = Double.compare(right.score(), left.score());
    return byScore != 0
        ? byScore
        : CodePointOrder.ASCENDING.compare(right.documentId(), left.documentId());
  }

  private static void checkOnce(String queryId, ScoredDocument[] documents) {
    Set<String> seen = new HashSet<>(2 * documents.length);
    for (ScoredDocument document : documents) {
      if (!seen.add(document.documentId())) {
        throw new HoneException(
            ErrorCode.INPUT,
            "Cannot evaluate the run for query '"
                + queryId
                + "': document '"
                + document.documentId()
                + "' stands in it twice, so its rank is undefined. Keep one line per query and"
                + " document.");
      }
    }
  }

  /** The run of a query for which nothing was found. */
  public static Ranking empty(String queryId) {
    return of(queryId, List.of());
  }

  /**
   * The best documents of this ranking.
   *
   * @param depth how many at most, 0 or more
   */
  public Ranking first(int depth) {
    return depth >= documents.size() ? this : new Ranking(queryId, documents.subList(0, depth));
  }

  /** Id of the query. */
  public String queryId() {
    return queryId;
  }

  /** The documents, best first, unmodifiable. */
  public List<ScoredDocument> documents() {
    return documents;
  }

  /** How many documents were retrieved. */
  public int size() {
    return documents.size();
  }
}
