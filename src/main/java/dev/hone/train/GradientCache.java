package dev.hone.train;

import dev.hone.loss.BatchLoss;
import dev.hone.text.TokenizedText;
import dev.hone.torch.Encoder;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Chunk by chunk: memory does not grow with the batch but for its vectors (GradCache, Gao et al.,
 * arXiv 2101.06983). All chunks are embedded without graph, the loss gives a gradient for every
 * vector, and each chunk is embedded again, with graph, to pass its vectors' gradients on. A chunk
 * whose graph fits into memory is embedded once.
 *
 * @param chunkTokens the most padded tokens of a forward pass
 * @param chunkRows the most texts of a forward pass
 * @param activationBytes for graphs that are kept from the first pass; 0: none. The gradients are
 *     the same, bit by bit, whatever it is
 */
public record GradientCache(int chunkTokens, int chunkRows, long activationBytes)
    implements GradientMethod {
  /** The usual bound on the texts of a chunk. */
  public static final int CHUNK_ROWS = 512;

  /** Refuses what allows no chunk. */
  public GradientCache {
    if (chunkTokens < 1 || chunkRows < 1 || activationBytes < 0) {
      throw new IllegalArgumentException(
          "chunkTokens >= 1, chunkRows >= 1 and activationBytes >= 0 are needed: %d, %d, %d"
              .formatted(chunkTokens, chunkRows, activationBytes));
    }
  }

  @Override
  public double add(
      Encoder encoder, List<TokenizedText> texts, BatchLoss loss, DropoutSeeds seeds) {
    try (CachedPasses passes = new CachedPasses(encoder, chunks(texts), seeds)) {
      passes.embed(activationBytes);
      double value = passes.differentiate(loss);
      passes.backward();
      return value;
    }
  }

  @Override
  public TextChunks chunks(List<TokenizedText> texts) {
    return TextChunks.of(texts, chunkTokens, chunkRows);
  }

  @Override
  public String whatNeedsMemory() {
    return "train.chunk-tokens (%d), train.activation-memory (%d MiB),"
        .formatted(chunkTokens, activationBytes >> 20);
  }

  @Override
  public SortedMap<String, Object> settings() {
    return new TreeMap<>(
        Map.of("cached", true, "chunk-tokens", chunkTokens, "chunk-rows", chunkRows));
  }
}
