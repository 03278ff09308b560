package dev.hone.metric;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.util.Objects;

/**
 * One line of a run: a document and the score that a system gave it for a query; higher is better.
 *
 * @param documentId id of the document
 * @param score any double but NaN; negative zero becomes zero, so that the two tie
 */
public record ScoredDocument(String documentId, double score) {
  /**
   * Checks the score.
   *
   * @throws HoneException ({@code INPUT}) if the score is NaN
   */
  public ScoredDocument {
    Objects.requireNonNull(documentId, "documentId");
    if (Double.isNaN(score)) {
      throw new HoneException(
          ErrorCode.INPUT,
          "Cannot rank document '"
              + documentId
              + "': its score is NaN, which has no place in an order. Correct the run, or look for"
              + " vectors that are not finite.");
    }
    score += 0.0;
  }
}
