package dev.hone.config;

import java.io.Serializable;
import java.util.List;

/**
 * How BM25 scores documents, in mining and as a baseline.
 *
 * @param analysis how texts become terms, of documents and queries alike
 * @param k1 how soon a term that stands again counts less, 0 or more
 * @param b how much long documents count less, in [0, 1]
 * @param fields what is searched, each for itself; a score is the sum over them
 */
public record Bm25Config(TextAnalysis analysis, double k1, double b, List<DocumentField> fields)
    implements Serializable {
  /** Refuses values out of range. */
  public Bm25Config {
    Keys.BM25_ANALYSIS.check(analysis);
    Keys.BM25_K1.check(k1);
    Keys.BM25_B.check(b);
    fields = List.copyOf(fields);
    Keys.BM25_FIELDS.check(fields);
  }
}
