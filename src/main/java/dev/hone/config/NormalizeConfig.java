package dev.hone.config;

/**
 * How sources become the normal form.
 *
 * @param maxRejectShare largest share of rejected records, 0 to 1
 * @param minLength fewest characters of a text, 1 or more
 * @param maxLength most characters of a text, {@code minLength} or more
 * @param html what becomes of HTML in texts
 * @param chunkTokens most tokens of a chunk, special tokens included; 0: documents stay whole
 * @param chunkOverlap tokens that a chunk shares with the one before it, less than half a chunk
 * @param nearDuplicates Jaccard similarity of word triples from which texts share a group, above 0
 *     to 1; infinite: none do
 * @param mergeDuplicates whether documents and queries of equal text become one
 * @param maxLeakage largest share of held-out texts that training may know; infinite: any
 * @param maxTruncation largest share of documents that max-length may cut; infinite: any
 */
public record NormalizeConfig(
    double maxRejectShare,
    int minLength,
    int maxLength,
    Html html,
    int chunkTokens,
    int chunkOverlap,
    double nearDuplicates,
    boolean mergeDuplicates,
    double maxLeakage,
    double maxTruncation) {
  /** Fewest tokens of a chunk: less leaves no room for text beside a title and special tokens. */
  private static final int SHORTEST_CHUNK = 16;

  /** Refuses values out of range. */
  public NormalizeConfig {
    Keys.MAX_REJECT_SHARE.check(maxRejectShare);
    Keys.MIN_LENGTH.check(minLength);
    Keys.MAX_LENGTH_CHARACTERS.check(maxLength);
    Keys.HTML.check(html);
    Keys.CHUNK_TOKENS.check(chunkTokens);
    Keys.CHUNK_OVERLAP.check(chunkOverlap);
    Keys.NEAR_DUPLICATES.check(nearDuplicates);
    Keys.MAX_LEAKAGE.check(maxLeakage);
    Keys.MAX_TRUNCATION.check(maxTruncation);
    if (maxLength < minLength) {
      throw new IllegalArgumentException(
          "normalize.max-length is "
              + maxLength
              + ", but must not be less than normalize.min-length, "
              + minLength);
    }
    if (chunkTokens > 0 && chunkTokens < SHORTEST_CHUNK) {
      throw new IllegalArgumentException(
          "normalize.chunk-tokens is "
              + chunkTokens
              + ", but must be 0 for none, or "
              + SHORTEST_CHUNK
              + " or more");
    }
    if (chunkOverlap > 0 && 2 * chunkOverlap >= chunkTokens) {
      throw new IllegalArgumentException(
          "normalize.chunk-overlap is "
              + chunkOverlap
              + ", but must be less than half of normalize.chunk-tokens, "
              + chunkTokens);
    }
  }

  /** Whether long documents are cut. */
  public boolean cutsChunks() {
    return chunkTokens > 0;
  }

  /** Whether near-duplicates are grouped. */
  public boolean groupsNearDuplicates() {
    return Double.isFinite(nearDuplicates);
  }
}
