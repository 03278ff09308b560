package dev.hone.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
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
   * @param json the content of a model's tokenizer.json
   * @param maxLength the most tokens of a text, special tokens and prompt included; at least 2
   * @throws HoneException if it is not a tokenizer
   */
  public static TextTokenizer open(String json, int maxLength) {
    if (maxLength < 2) {
      throw new IllegalArgumentException("maxLength must be at least 2: " + maxLength);
    }
    Map<String, String> options =
        Map.of(
            "addSpecialTokens", "true",
            "truncation", "false",
            "padding", "false",
            "modelMaxLength", String.valueOf(Integer.MAX_VALUE));
    return new TextTokenizer(load(json, options), maxLength);
  }

  /**
   * Loads the tokenizer of a tokenizer.json.
   *
   * @param options as DJL names them
   * @throws HoneException if it is not a tokenizer
   */
  static HuggingFaceTokenizer load(String json, Map<String, String> options) {
    try (InputStream stream = new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8))) {
      return HuggingFaceTokenizer.newInstance(stream, options);
    } catch (IOException | RuntimeException e) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Cannot read the model's tokenizer.json: "
              + e.getMessage()
              + ". Save the model's fast tokenizer again with tokenizer.save_pretrained.",
          e);
    }
  }

  /** Tokenizes texts in order, all of them to be pooled whole. */
  public List<TokenizedText> tokenize(List<String> texts) {
    return tokenize(texts, 0);
  }

  /**
   * Tokenizes texts in order.
   *
   * @param unpooled how many tokens at the beginning of each are left out of the pooling
   */
  public List<TokenizedText> tokenize(List<String> texts, int unpooled) {
    return tokenize(texts, unpooled, maxLength);
  }

  /**
   * Tokenizes texts in order, cut at another length than the tokenizer's own.
   *
   * @param unpooled how many tokens at the beginning of each are left out of the pooling
   * @param longest the most tokens of a text, special tokens and prompt included; at least 2
   */
  public List<TokenizedText> tokenize(List<String> texts, int unpooled, int longest) {
    if (texts.isEmpty()) {
      return List.of();
    }
    List<TokenizedText> result = new ArrayList<>(texts.size());
    for (Encoding encoding : tokenizer.batchEncode(texts, true, false)) {
      result.add(cut(encoding.getIds(), unpooled, longest));
    }
    return result;
  }

  /**
   * How many tokens a prompt puts before a text, the special token at the beginning included and
   * the one at the end not, as sentence-transformers counts them.
   */
  public int promptLength(String prompt) {
    if (prompt.isEmpty()) {
      return 0;
    }
    long[] special = tokenizer.encode(prompt, true, false).getSpecialTokenMask();
    boolean ends = special.length > 0 && special[special.length - 1] == 1;
    return special.length - (ends ? 1 : 0);
  }

  /** How many tokens each text has before it is cut, special tokens included. */
  public List<Integer> lengths(List<String> texts) {
    if (texts.isEmpty()) {
      return List.of();
    }
    // An Encoding has several objects per token, which nobody needs for counting.
    long[] encodings =
        TokenizersLibrary.LIB.batchEncode(
            tokenizer.getHandle(), texts.toArray(String[]::new), true);
    try {
      return Arrays.stream(encodings)
          .mapToObj(encoding -> TokenizersLibrary.LIB.getTokenIds(encoding).length)
          .toList();
    } finally {
      Arrays.stream(encodings).forEach(TokenizersLibrary.LIB::deleteEncoding);
    }
  }

  /**
   * The words of a text in its order, without special tokens; a word of more than {@code longest}
   * tokens stands as its tokens.
   */
  List<WordSpan> words(String text, int longest) {
    Encoding encoding = tokenizer.encode(text, false, false);
    long[] wordIds = encoding.getWordIds();
    CharSpan[] spans = encoding.getCharTokenSpans();
    List<WordSpan> words = new ArrayList<>();
    Position position = new Position(text);
    for (int first = 0; first < wordIds.length; ) {
      int next = first + 1;
      while (next < wordIds.length && wordIds[next] == wordIds[first]) {
        next++;
      }
      int step = next - first > longest ? 1 : next - first;
      for (int from = first; from < next; from += step) {
        int start = position.of(spans[from].getStart());
        int end = position.of(spans[from + step - 1].getEnd());
        words.add(new WordSpan(start, end, step));
      }
      first = next;
    }
    return words;
  }

  /** Where a tokenizer's positions, which count code points, lie in a text's UTF-16 units. */
  private static final class Position {
    private final String text;
    private int codePoint;
    private int index;

    Position(String text) {
      this.text = text;
    }

    int of(int wanted) {
      index = text.offsetByCodePoints(index, wanted - codePoint);
      codePoint = wanted;
      return index;
    }
  }

  /** Keeps the last token, the end marker, as a truncating tokenizer does. */
  private static TokenizedText cut(long[] ids, int unpooled, int longest) {
    if (ids.length <= longest) {
      return new TokenizedText(ids, false, unpooled);
    }
    long[] kept = new long[longest];
    System.arraycopy(ids, 0, kept, 0, longest - 1);
    kept[longest - 1] = ids[ids.length - 1];
    return new TokenizedText(kept, true, unpooled);
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
