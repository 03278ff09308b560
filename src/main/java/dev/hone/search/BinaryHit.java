package dev.hone.search;

import java.util.Comparator;

/**
 * One result of a search among binary vectors.
 *
 * @param documentId the document found
 * @param distance dimensions in which its bits and the query's differ
 * @param score of the query in fp32; higher is nearer
 */
public record BinaryHit(String documentId, int distance, double score) {
  /** The order in which documents are picked: distance ascending, then id ascending. */
  public static final Comparator<BinaryHit> NEAREST =
      Comparator.comparingInt(BinaryHit::distance)
          .thenComparing(BinaryHit::documentId, Hit.BY_UTF8);

  /** The order of results: score descending, then id ascending. */
  public static final Comparator<BinaryHit> BEST =
      Comparator.comparingDouble(BinaryHit::score)
          .reversed()
          .thenComparing(BinaryHit::documentId, Hit.BY_UTF8);

  /** Of two vectors of one document, the one it counts by: the nearer, else the better. */
  public BinaryHit orNearer(BinaryHit other) {
    if (distance != other.distance) {
      return distance < other.distance ? this : other;
    }
    return score >= other.score ? this : other;
  }
}
