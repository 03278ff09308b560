package dev.hone.search;

import java.io.Serializable;

/**
 * What BM25 knows of one field of a collection, or of one shard of it.
 *
 * @param documents all documents
 * @param documentsWithTerms those with a term in the field: what Lucene averages lengths over
 * @param termOccurrences terms of all documents, each as often as it stands
 * @param postings pairs of a term and a document that holds it
 */
public record FieldStatistics(
    long documents, long documentsWithTerms, long termOccurrences, long postings)
    implements Serializable {
  /** Of no documents. */
  public static final FieldStatistics NONE = new FieldStatistics(0, 0, 0, 0);

  /** Of both together, where they share no document. */
  public FieldStatistics plus(FieldStatistics other) {
    return new FieldStatistics(
        documents + other.documents,
        documentsWithTerms + other.documentsWithTerms,
        termOccurrences + other.termOccurrences,
        postings + other.postings);
  }
}
