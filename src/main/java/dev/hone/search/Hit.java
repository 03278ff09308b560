package dev.hone.search;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;

/**
 * One search result.
 *
 * @param documentId the document found
 * @param score higher is nearer
 */
public record Hit(String documentId, float score) {
  /** Ids as Lucene and trec_eval compare them: by their UTF-8 bytes, unsigned. */
  public static final Comparator<String> BY_UTF8 =
      (a, b) ->
          Arrays.compareUnsigned(
              a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

  /** The order of results: score descending, then id ascending. */
  public static final Comparator<Hit> ORDER =
      Comparator.comparingDouble(Hit::score).reversed().thenComparing(Hit::documentId, BY_UTF8);
}
