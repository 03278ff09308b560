package dev.hone.train;

import dev.hone.text.LengthBuckets;
import dev.hone.text.TokenBatch;
import dev.hone.text.TokenizedText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The texts of a batch in chunks of one padded length each, shortest first. Vectors come chunk by
 * chunk; {@link #rowOf} puts them back into the texts' order.
 */
final class TextChunks {
  private final List<Chunk> chunks = new ArrayList<>();
  private final long[] rowOf;

  /**
   * Texts that are embedded together.
   *
   * @param number from 0
   * @param firstRow of its vectors among those of all chunks
   * @param batch the texts
   */
  record Chunk(int number, int firstRow, TokenBatch batch) {}

  private TextChunks(int texts) {
    this.rowOf = new long[texts];
  }

  /**
   * Cuts texts into chunks.
   *
   * @param maxTokens the most padded tokens of a chunk; a single text may exceed it
   * @param maxRows the most texts of a chunk
   */
  static TextChunks of(List<TokenizedText> texts, int maxTokens, int maxRows) {
    TextChunks chunks = new TextChunks(texts.size());
    int row = 0;
    for (int[] positions : LengthBuckets.plan(texts, maxTokens, maxRows)) {
      List<TokenizedText> members = Arrays.stream(positions).mapToObj(texts::get).toList();
      chunks.chunks.add(new Chunk(chunks.chunks.size(), row, TokenBatch.of(members)));
      for (int position : positions) {
        chunks.rowOf[position] = row++;
      }
    }
    return chunks;
  }

  /** In the order in which they are embedded. */
  List<Chunk> all() {
    return chunks;
  }

  /** How many texts there are. */
  int texts() {
    return rowOf.length;
  }

  /** For each text, the row of its vector among those of all chunks. */
  long[] rowOf() {
    return rowOf.clone();
  }
}
