package dev.hone.text;

import java.util.ArrayList;
import java.util.List;

/** Cuts a long text into chunks that a model sees whole, between words where it can. */
public final class Chunks {
  private final TextTokenizer tokenizer;
  private final int most;
  private final int overlap;

  /**
   * Chunks of a tokenizer.
   *
   * @param most tokens of a chunk, special tokens and what stands before the text included
   * @param overlap tokens that a chunk repeats of the one before it; less than half of {@code most}
   */
  public Chunks(TextTokenizer tokenizer, int most, int overlap) {
    this.tokenizer = tokenizer;
    this.most = most;
    this.overlap = overlap;
  }

  /**
   * The chunks of a text in its order: the text itself where it fits.
   *
   * @param before what every chunk is encoded with in front: prompt and title; where it leaves less
   *     than half a chunk to the text, the text takes half
   */
  public List<String> of(String before, String text) {
    int taken = tokenizer.lengths(List.of(before)).get(0);
    if (tokenizer.lengths(List.of(before + text)).get(0) <= most) {
      return List.of(text);
    }
    int room = Math.max(most - taken, most / 2);
    List<String> chunks = new ArrayList<>();
    for (WordSpan span : cut(tokenizer.words(text, room), room, Math.min(overlap, room / 2))) {
      String chunk = text.substring(span.start(), span.end()).strip();
      if (!chunk.isEmpty()) {
        chunks.add(chunk);
      }
    }
    return chunks.isEmpty() ? List.of(text) : chunks;
  }

  /** Runs of words of at most {@code room} tokens, each beginning {@code overlap} tokens back. */
  static List<WordSpan> cut(List<WordSpan> words, int room, int overlap) {
    List<WordSpan> chunks = new ArrayList<>();
    int first = 0;
    while (first < words.size()) {
      int tokens = 0;
      int next = first;
      while (next < words.size() && tokens + words.get(next).tokens() <= room) {
        tokens += words.get(next).tokens();
        next++;
      }
      chunks.add(new WordSpan(words.get(first).start(), words.get(next - 1).end(), tokens));
      first = next == words.size() ? next : back(words, first, next, overlap);
    }
    return chunks;
  }

  private static int back(List<WordSpan> words, int first, int next, int overlap) {
    int start = next;
    int tokens = 0;
    while (start - 1 > first && tokens + words.get(start - 1).tokens() <= overlap) {
      start--;
      tokens += words.get(start).tokens();
    }
    return start;
  }
}
