package dev.hone.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.util.PairList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Turns pairs of texts into token ids by a model's tokenizer.json.
 *
 * <p>The file's own truncation and padding are overridden: of a pair that is too long the longer
 * text is cut first, and both where neither leaves room for the other (longest_first, as
 * sentence-transformers cuts pairs). Safe for use by several threads.
 */
public final class PairTokenizer implements AutoCloseable {
  /** No pair has more special tokens, as "&lt;s&gt; a &lt;/s&gt;&lt;/s&gt; b &lt;/s&gt;" has. */
  private static final int MOST_SPECIAL = 4;

  private final HuggingFaceTokenizer tokenizer;

  private PairTokenizer(HuggingFaceTokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /**
   * Loads a tokenizer.
   *
   * @param json the content of a model's tokenizer.json
   * @param maxLength the most tokens of a pair, special tokens included; at least 6
   * @throws dev.hone.error.HoneException if it is not a tokenizer
   */
  public static PairTokenizer open(String json, int maxLength) {
    if (maxLength < MOST_SPECIAL + 2) {
      throw new IllegalArgumentException("maxLength must be at least 6: " + maxLength);
    }
    return new PairTokenizer(
        TextTokenizer.load(
            json,
            Map.of(
                "addSpecialTokens", "true",
                "truncation", "LONGEST_FIRST",
                "padding", "false",
                "maxLength", String.valueOf(maxLength),
                "modelMaxLength", String.valueOf(maxLength))));
  }

  /** Tokenizes pairs in order. */
  public List<TokenizedPair> tokenize(List<TextPair> pairs) {
    if (pairs.isEmpty()) {
      return List.of();
    }
    PairList<String, String> texts = new PairList<>(pairs.size());
    pairs.forEach(pair -> texts.add(pair.first(), pair.second()));
    List<TokenizedPair> result = new ArrayList<>(pairs.size());
    for (Encoding encoding : tokenizer.batchEncode(texts, true, false)) {
      result.add(
          new TokenizedPair(encoding.getIds(), encoding.getTypeIds(), encoding.exceedMaxLength()));
    }
    return result;
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
