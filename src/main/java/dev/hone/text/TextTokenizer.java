package dev.hone.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Turns texts into token ids by a model's tokenizer.json.
 *
 * <p>The file's own truncation and padding are overridden: texts are cut at the maximum length
 * given, and padding is left to {@link TokenBatch}. Safe for use by several threads.
 */
public final class TextTokenizer implements AutoCloseable {
  private final HuggingFaceTokenizer tokenizer;
  private final int maxLength;

  private TextTokenizer(HuggingFaceTokenizer tokenizer, int maxLength) {
    this.tokenizer = tokenizer;
    this.maxLength = maxLength;
  }

  /**
   * Loads a tokenizer.
   *
   * @param tokenizerJson the tokenizer.json of a model folder
   * @param maxLength the most tokens of a text, special tokens and prompt included; at least 2
   * @throws HoneException if the file cannot be read as a tokenizer
   */
  public static TextTokenizer open(Path tokenizerJson, int maxLength) {
    if (maxLength < 2) {
      throw new IllegalArgumentException("maxLength must be at least 2: " + maxLength);
    }
    try {
      Map<String, String> options =
          Map.of(
              "addSpecialTokens", "true",
              "truncation", "false",
              "padding", "false",
              "modelMaxLength", String.valueOf(Integer.MAX_VALUE));
      return new TextTokenizer(HuggingFaceTokenizer.newInstance(tokenizerJson, options), maxLength);
    } catch (IOException | RuntimeException e) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Cannot read the tokenizer "
              + tokenizerJson
              + ": "
              + e.getMessage()
              + ". Save the model's fast tokenizer again with tokenizer.save_pretrained.",
          e);
    }
  }

  /** Tokenizes texts in order. */
  public List<TokenizedText> tokenize(List<String> texts) {
    if (texts.isEmpty()) {
      return List.of();
    }
    List<TokenizedText> result = new ArrayList<>(texts.size());
    for (Encoding encoding : tokenizer.batchEncode(texts, true, false)) {
      result.add(cut(encoding.getIds()));
    }
    return result;
  }

  /** Keeps the last token, the end marker, as a truncating tokenizer does. */
  private TokenizedText cut(long[] ids) {
    if (ids.length <= maxLength) {
      return new TokenizedText(ids, false);
    }
    long[] kept = new long[maxLength];
    System.arraycopy(ids, 0, kept, 0, maxLength - 1);
    kept[maxLength - 1] = ids[ids.length - 1];
    return new TokenizedText(kept, true);
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
